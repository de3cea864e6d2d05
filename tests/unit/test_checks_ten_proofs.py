"""Ten proofs, the shortcuts that a class takes, and what a proof may not be."""

import pytest

from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.learning.checks.ten_proofs import SENTENCES, changed, check_proofs
from tests.unit.checking import EqualsEverything, assert_check_is_fair, raiser, stub

PROOFS = {key: sentence.proof for key, sentence in SENTENCES.items()}
OPEN = dict.fromkeys(SENTENCES)
SHORTCUTS = [
    pytest.param(key, mistake, id=f"{key}: {mistake.name}")
    for key, sentence in SENTENCES.items()
    for mistake in sentence.mistakes
]


def test_proofs():
    assert_check_is_fair(
        check_proofs,
        right=[PROOFS, {k: lambda t, k=k: PROOFS[k](t) for k in reversed(PROOFS)}],
        wrong={
            "any layer": PROOFS | {"96 kernels": shortcut("96 kernels", "any layer")},
            "rounded down": PROOFS
            | {"first map 55": shortcut("first map 55", "rounded down")},
            "one pooling": PROOFS
            | {"pooling overlaps": shortcut("pooling overlaps", "one pooling")},
            "nothing to fail": PROOFS
            | {"norm before pool": shortcut("norm before pool", "nothing to fail")},
            "rebuilt": PROOFS | {"takes 63": shortcut("takes 63", "rebuilt")},
        },
        todo=OPEN,
    )


def shortcut(key, name):
    return next(each.function for each in SENTENCES[key].mistakes if each.name == name)


@pytest.mark.parametrize(("key", "mistake"), SHORTCUTS)
def test_each_shortcut_is_named(key, mistake):
    result = check_proofs(OPEN | {key: mistake.function})
    assert result.status == "failed"
    assert result.mistake == mistake.name
    assert mistake.says in result.message


@pytest.mark.parametrize("key", SENTENCES)
def test_true_of_the_subject_and_false_of_the_decoy(key):
    sentence = SENTENCES[key]
    assert sentence.proof(find_variant(sentence.subject)) is True
    assert sentence.proof(find_variant(sentence.decoy)) is False
    assert len(sentence.mistakes) >= 2


@pytest.mark.parametrize("constant", [True, False])
@pytest.mark.parametrize("key", SENTENCES)
def test_a_constant_proves_nothing(key, constant):
    assert check_proofs(OPEN | {key: lambda table: constant}).status == "failed"


@pytest.mark.parametrize("key", SENTENCES)
def test_the_name_of_the_network_proves_nothing(key):
    """What knows each table by its name is wrong about one under another name."""
    sentence = SENTENCES[key]
    names = {table.name for table in sentence.others if sentence.proof(table)}
    names.add(find_variant(sentence.subject).name)
    by_name = check_proofs(OPEN | {key: lambda table: table.name in names})
    assert by_name.status == "failed"
    assert "under the decoy's name" in by_name.message


@pytest.mark.parametrize(
    ("proof", "message"),
    [
        (lambda table: 1, "it should be True or False, not int"),
        (lambda table: None, "gave None: does proofs['takes 63'] end with a return?"),
        (raiser, "raised ZeroDivisionError: division by zero"),
        (7, "proofs['takes 63'] should be a function, not int"),
        (EqualsEverything(), "it should be True or False, not EqualsEverything"),
    ],
)
def test_what_is_no_proof(proof, message):
    result = check_proofs(OPEN | {"takes 63": proof})
    assert result.status == "failed"
    assert message in result.message


def test_some_may_stay_open():
    some = OPEN | {"96 kernels": PROOFS["96 kernels"], "takes 63": stub}
    result = check_proofs(some)
    assert result.status == "todo"
    assert "1 of 10 hold; 'first map 55' is still open" in result.message


def test_other_keys_are_named():
    assert "there is no sentence 'LRN'" in check_proofs(PROOFS | {"LRN": stub}).message
    assert "should be a dict, not list" in check_proofs([]).message


def test_changed_changes_one_layer_and_the_name():
    paper = find_variant("ALEXNET_2012")
    other = changed(paper, "pool5", kernel_size=2)
    apart = [x.name for x, y in zip(paper.layers, other.layers, strict=True) if x != y]
    assert apart == ["pool5"]
    assert other.name.endswith("pool5 kernel_size 2")
