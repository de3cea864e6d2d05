"""Ten sentences, each with a proof: a function of a network's table of layers.

It is run on the network named, on a decoy, and where a shortcut shows.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from alexnet_lib.architecture import spec, variants
from alexnet_lib.architecture.arithmetic import LayerSummary, summarize
from alexnet_lib.architecture.model import check_input
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.learning.checks import ten_shortcuts as shortcuts
from alexnet_lib.learning.checks.compare import WrongKind
from alexnet_lib.learning.checks.engine import Case, Mistake, check_function, exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

POOLS = spec.MaxPool2d | spec.AvgPool2d
LAYERS = POOLS | spec.Conv2d | spec.Linear


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence, where it is true and false, and our own proof of it."""

    says: str
    subject: str  # names of variants
    decoy: str
    proof: Callable[[ModelSpec], bool]
    hint: str
    others: tuple[ModelSpec, ...]  # where a shortcut gives another answer
    mistakes: tuple[Mistake, ...]


def changed(table: ModelSpec, name: str, **fields: Any) -> ModelSpec:
    """The table with one layer changed; its name says so."""
    layers = [replace(x, **fields) if x.name == name else x for x in table.layers]
    words = ", ".join(f"{field} {value}" for field, value in fields.items())
    return replace(table, name=f"{table.name}, {name} {words}", layers=tuple(layers))


def _rows(table: ModelSpec, kind: str) -> list[LayerSummary]:
    return [row for row in summarize(table) if row.kind == kind]


def kernels_96(table: ModelSpec) -> bool:
    first = next(x for x in table.layers if isinstance(x, spec.Conv2d))
    return first.out_channels == 96


def first_map_55(table: ModelSpec) -> bool:
    return _rows(table, "Conv2d")[0].out_shape[1] == 55


def pooling_overlaps(table: ModelSpec) -> bool:
    pools = [x for x in table.layers if isinstance(x, POOLS)]
    return bool(pools) and all(x.kernel_size > x.stride for x in pools)


def norm_before_pool(table: ModelSpec) -> bool:
    found = []
    for place, layer in enumerate(table.layers):
        if isinstance(layer, spec.LocalResponseNorm):
            behind = table.layers[place + 1 :]
            found.append(next(x for x in behind if isinstance(x, LAYERS)))
    return bool(found) and all(isinstance(x, POOLS) for x in found)


def drops_outputs(table: ModelSpec) -> bool:
    names = [x.name for x in table.layers]
    six, seven, eight = (names.index(name) for name in ("fc6", "fc7", "fc8"))
    halves = [isinstance(x, spec.Dropout) and x.p == 0.5 for x in table.layers]
    return any(halves[six:seven]) and any(halves[seven:eight])


def fc6_over_60(table: ModelSpec) -> bool:
    rows = summarize(table)
    fc6 = next(row.num_params for row in rows if row.name == "fc6")
    return fc6 / sum(row.num_params for row in rows) > 0.6


def three_grouped(table: ModelSpec) -> bool:
    groups = [x.groups for x in table.layers if isinstance(x, spec.Conv2d)]
    return groups == [1, 2, 1, 2, 2]


def sees_a_part(table: ModelSpec) -> bool:
    fields = [row.receptive_field for row in summarize(table) if row.receptive_field]
    return max(fields) < table.input_shape[1]


def takes_63(table: ModelSpec) -> bool:
    try:
        check_input(table, (table.input_shape[0], 63, 63))
    except ValueError:
        return False
    return True


def work_in_convolutions(table: ModelSpec) -> bool:
    work = sum(row.macs for row in _rows(table, "Conv2d"))
    return work / sum(row.macs for row in summarize(table)) > 0.9


PAPER, TOWER = variants.ALEXNET_2012, variants.ALEXNET_ONE_TOWER
THEIRS = variants.ALEXNET_TORCHVISION
SENTENCES = {
    "96 kernels": Sentence(
        says="The first convolution has 96 kernels.",
        subject="ALEXNET_KERAS",
        decoy="ALEXNET_TORCHVISION",
        proof=kernels_96,
        hint="the first layer need not be a convolution",
        others=(PAPER, variants.ALEXNET_QUARTER),
        mistakes=shortcuts.KERNELS,
    ),
    "first map 55": Sentence(
        says="Its maps are 55 wide.",
        subject="ALEXNET_2012_SOURCE",
        decoy="ALEXNET_D2L",
        proof=first_map_55,
        hint="`summarize` knows how each network rounds and pads",
        others=(THEIRS, shortcuts.paper_on(224)),
        mistakes=shortcuts.FIRST_MAP,
    ),
    "pooling overlaps": Sentence(
        says="There is pooling, and all of it overlaps.",
        subject="ALEXNET_2012",
        decoy="ALEXNET_QUARTER_POOL2",
        proof=pooling_overlaps,
        hint="a window wider than its stride, in each pooling, of either kind",
        others=(changed(PAPER, "pool5", kernel_size=2), variants.LENET5),
        mistakes=shortcuts.OVERLAP,
    ),
    "norm before pool": Sentence(
        says="It normalises, and pools behind each normalisation, before new weights.",
        subject="ALEXNET_2012",
        decoy="CAFFENET",
        proof=norm_before_pool,
        hint="go from each normalisation to the next pooling, convolution or linear",
        others=(TOWER, variants.ALEXNET_KERAS),
        mistakes=shortcuts.NORM,
    ),
    "drops outputs": Sentence(
        says="Half of what fc6 puts out is dropped, and half of what fc7 puts out.",
        subject="ALEXNET_2012",
        decoy="ALEXNET_TORCHVISION",
        proof=drops_outputs,
        hint="between fc6 and fc7, and between fc7 and fc8, with p = 0.5",
        others=(variants.ALEXNET_QUARTER_DROP8, changed(PAPER, "drop7", p=0.0)),
        mistakes=shortcuts.DROPS,
    ),
    "fc6 over 60 %": Sentence(
        says="fc6 alone holds more than 60 % of all parameters.",
        subject="ALEXNET_2012",
        decoy="ALEXNET_D2L",
        proof=fc6_over_60,
        hint="its parameters over those of all layers",
        others=(TOWER, changed(variants.ALEXNET_D2L, "fc7", out_features=8192)),
        mistakes=shortcuts.FC6,
    ),
    "three grouped": Sentence(
        says="Of five convolutions, only the second, fourth and fifth have two groups.",
        subject="ALEXNET_2012",
        decoy="ALEXNET_ONE_TOWER",
        proof=three_grouped,
        hint="the groups of all five, in order",
        others=(changed(PAPER, "conv3", groups=2), changed(TOWER, "conv2", groups=2)),
        mistakes=shortcuts.GROUPS,
    ),
    "sees a part": Sentence(
        says="No unit in front of the linear layers sees the whole picture.",
        subject="ALEXNET_2012",
        decoy="ALEXNET_QUARTER_BN_28",
        proof=sees_a_part,
        hint="`receptive_field` of the last row that has one, and the picture's side",
        others=(shortcuts.paper_on(179), THEIRS),
        mistakes=shortcuts.SEES,
    ),
    "takes 63": Sentence(
        says="As it was built, it takes a picture of 63 x 63 pixels.",
        subject="ALEXNET_TORCHVISION",
        decoy="ALEXNET_ONE_TOWER",
        proof=takes_63,
        hint="`check_input` of notebook 02 raises a ValueError where it does not",
        others=(changed(THEIRS, "conv1", stride=8), variants.ALEXNET_D2L),
        mistakes=shortcuts.TAKES,
    ),
    "work in convolutions": Sentence(
        says="The convolutions do more than 90 % of the multiply-adds.",
        subject="ALEXNET_2012",
        decoy="LENET5",
        proof=work_in_convolutions,
        hint="`macs`, summed over the convolutions and over all layers",
        others=(THEIRS, variants.ALEXNET_MODERN_28),
        mistakes=shortcuts.WORK,
    ),
}


def _same_verdict(answer: Any, expected: bool) -> str | None:
    if type(answer) is not bool:
        return WrongKind(f"it should be True or False, not {type(answer).__name__}")
    return None if answer == expected else f"the sentence is {expected} of it"


@exercise("proofs")
def check_proofs(answers: Any) -> CheckResult:
    """Ten functions of a table; each is run where its sentence holds and where not."""
    if not isinstance(answers, dict):
        return failed(f"proofs should be a dict, not {type(answers).__name__}")
    if unknown := sorted(set(map(str, answers)) - set(SENTENCES)):
        return failed(f"there is no sentence {unknown[0]!r}: keep the keys as they are")
    still_open = [key for key in SENTENCES if answers.get(key) is None]
    for key, sentence in SENTENCES.items():
        if key in still_open:
            continue
        result = check_proof(key, sentence, answers[key])
        if result.status == "todo":
            still_open.append(key)
        elif result.status == "failed":
            return result
    if len(still_open) == len(SENTENCES):
        return todo("put a function in place of a None, then run this cell again")
    held = f"{len(SENTENCES) - len(still_open)} of {len(SENTENCES)} hold"
    if still_open:
        return todo(f"{held}; {still_open[0]!r} is still open")
    return passed(f"{held}: true of the subject, false of the decoy")


def check_proof(key: str, sentence: Sentence, proof: Any) -> CheckResult:
    """One proof, on the subject, the decoy and the networks that trap a shortcut."""
    subject, decoy = map(variants.find_variant, (sentence.subject, sentence.decoy))
    tables = {sentence.subject: subject, sentence.decoy: decoy}
    tables |= {other.name: other for other in sentence.others}
    renamed = f"{sentence.subject} under the decoy's name"
    tables[renamed] = replace(subject, name=decoy.name)
    cases = [
        Case(args=(table,), hint=sentence.hint, call=f"proofs[{key!r}] of {title}")
        for title, table in tables.items()
    ]
    return check_function(
        proof,
        name=f"proofs[{key!r}]",
        reference=sentence.proof,
        cases=cases,
        mistakes=sentence.mistakes,
        compare=_same_verdict,
    )
