"""Checks and proofs of notebook 07: each wrong answer fails and is named."""

from dataclasses import replace
from itertools import combinations
from math import ceil

import pytest
import torch

from alexnet_lib.commands.experiments import EXPERIMENTS
from alexnet_lib.data.resize import resize_like_pil
from alexnet_lib.learning import recorded
from alexnet_lib.learning.checks import curves, loader, steps
from alexnet_lib.learning.content import notebook_content
from alexnet_lib.learning.proofs import long_run as proofs
from alexnet_lib.training.recipes import RECIPES
from alexnet_lib.training.records import RunRecord
from alexnet_lib.training.results import EpochResult
from tests.unit.checking import EqualsEverything, assert_check_is_fair, stub


def record(experiment: str, accuracy: float = 0.9, **changes) -> RunRecord:
    """A finished run of two epochs."""
    run = RunRecord(
        recipe=RECIPES["quick"],
        variant="ALEXNET_QUARTER_BN",
        dataset="FashionMNIST",
        source="given",
        resize=28,
        seed=0,
        train_images=100,
        epochs=2,
        test_accuracy=accuracy,
        seconds=2.0,
        images_per_second=100.0,
        device="a processor",
        versions={},
        curve=(
            EpochResult(1, 2.0, 1.9, 0.4, 1.0, 100.0, 0.3),
            EpochResult(2, 1.0, 0.9, 0.7, 1.0, 100.0, 0.6),
        ),
        confusion=((1,),),
        experiment=experiment,
    )
    return replace(run, **changes)


@pytest.fixture
def shipped(monkeypatch):
    """Set what is recorded: {experiment: {name: record}}."""
    runs: dict[str, dict[str, RunRecord]] = {}
    monkeypatch.setattr(
        recorded, "find_records", lambda folder, experiment: runs.get(experiment, {})
    )
    return runs


# --- the loader -----------------------------------------------------------------------
def with_torch(images, labels, batch_size):
    for rows in torch.randperm(len(images)).split(batch_size):
        large = torch.nn.functional.interpolate(
            images[rows] / 255, size=(224, 224), mode="bilinear"
        )
        yield large, labels[rows]


def as_list(images, labels, batch_size):
    large = resize_like_pil(images, 224).float().div(255)
    return list(
        map(list, zip(large.split(batch_size), labels.split(batch_size), strict=True))
    )


def test_load_at_224():
    assert_check_is_fair(
        loader.check_load_at_224,
        right=[with_torch, as_list, loader.load_at_224],
        wrong={m.name: m.function for m in loader.LOADER_MISTAKES},
        todo=stub,
    )


@pytest.mark.parametrize("mistake", loader.LOADER_MISTAKES, ids=lambda m: m.name)
def test_the_loader_is_told_what_it_did(mistake):
    assert mistake.says in loader.check_load_at_224(mistake.function).message


def test_a_stub_that_yields_is_still_to_do():
    def unwritten(images, labels, batch_size):
        raise NotImplementedError
        yield

    assert loader.check_load_at_224(unwritten).status == "todo"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda x, y: (x, y, 0), "each mini-batch should be a pair: images, labels"),
        (lambda x, y: (x.numpy(), y), "two torch tensors, not ndarray and Tensor"),
        (lambda x, y: (x.double(), y), "should be torch.float32, not torch.float64"),
        (lambda x, y: (x[:, 0], y), "has shape (2, 224, 224), which should be (2, 1"),
        (lambda x, y: (x, y * 0), "some labels are missing or come twice"),
        (lambda x, y: (x * 0.5, y), "some pixels differ; yours go from 0.0"),
    ],
)
def test_the_loader_hears_what_is_odd(change, says):
    def odd(images, labels, batch_size):
        return [change(*p) for p in loader.load_at_224(images, labels, batch_size)]

    result = loader.check_load_at_224(odd)
    assert result.status == "failed"
    assert says in result.message


def test_a_loader_without_end_is_stopped():
    def endless(images, labels, batch_size):
        while True:
            yield images, labels

    assert loader.check_load_at_224(endless).status == "failed"


def test_a_loader_may_not_give_nothing():
    result = loader.check_load_at_224(lambda *args: None)
    assert "does load_at_224 end with a return?" in result.message


# --- one step -------------------------------------------------------------------------
def with_an_optimiser(network, images, labels, rate):
    network.train()
    optimizer = torch.optim.SGD(network.parameters(), lr=rate)
    loss = torch.nn.functional.cross_entropy(network(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


def with_autograd(network, images, labels, rate):
    network.train()
    p = network(images).log_softmax(1)[range(len(labels)), labels]
    parameters = list(network.parameters())
    for parameter, gradient in zip(
        parameters, torch.autograd.grad(-p.mean(), parameters), strict=True
    ):
        parameter.data = parameter.data - rate * gradient
    return -p.mean().item()


def test_step_by_hand():
    assert_check_is_fair(
        steps.check_step_by_hand,
        right=[steps.any_step(), with_an_optimiser, with_autograd],
        wrong={name: step for name, (_says, step) in steps.STEP_MISTAKES.items()},
        todo=stub,
    )


@pytest.mark.parametrize("name", steps.STEP_MISTAKES)
def test_a_wrong_step_is_told_what_it_did(name):
    says, step = steps.STEP_MISTAKES[name]
    assert says in steps.check_step_by_hand(step).message


def test_the_step_returns_its_loss():
    result = steps.check_step_by_hand(lambda *args: None)
    assert "does step_by_hand end with a return?" in result.message
    assert steps.check_step_by_hand(3).status == "failed"


def test_random_numbers_stay_as_they_were():
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    steps.tiny_network(0)
    assert torch.equal(torch.rand(3), expected)


# --- the hours ------------------------------------------------------------------------
def in_a_loop(seconds, num_images, batch_size, epochs):
    total = 0.0
    for _ in range(epochs):
        for _ in range(0, num_images, batch_size):
            total += seconds / 2
    return total / 3600


def test_predict_hours():
    assert_check_is_fair(
        steps.check_predict_hours,
        right=[steps.right_hours, in_a_loop],
        wrong={name: wrong for name, (_says, wrong) in steps.HOUR_MISTAKES.items()},
        todo=stub,
    )


@pytest.mark.parametrize("name", steps.HOUR_MISTAKES)
def test_wrong_hours_are_told_what_they_are(name):
    says, wrong = steps.HOUR_MISTAKES[name]
    assert says in steps.check_predict_hours(wrong).message


def test_another_number_of_hours_does_not_show_the_answer():
    message = steps.check_predict_hours(lambda s, n, b, e: 0.123456789).message
    assert "gave 0.1235" in message
    for args, _hint in steps.HOUR_CASES:
        seconds, num_images, batch_size, epochs = args
        right = seconds / 2 * ceil(num_images / batch_size) * epochs / 3600
        assert f"{right:.4g}" not in message


# --- six curves -----------------------------------------------------------------------
def six() -> dict[str, RunRecord]:
    names = EXPERIMENTS["sick"].runs
    return {name: record("sick", seed=seed) for seed, name in enumerate(names)}


def test_letters_are_dealt_the_same_way_every_time():
    runs = six()
    backwards = dict(reversed(runs.items()))
    assert curves.without_labels(runs) == curves.without_labels(backwards)
    assert list(curves.without_labels(runs)) == list(curves.LETTERS)
    told = curves.causes_by_letter(runs)
    assert sorted(told.values()) == sorted(map(curves.cause_of, runs))
    assert list(told.values()) != [curves.cause_of(name) for name in runs]


def test_the_confusions_are_between_causes_that_are_recorded():
    known = {curves.cause_of(name) for name in EXPERIMENTS["sick"].runs}
    assert {cause for pair in curves.CONFUSIONS for cause in pair} == known


def test_causes(shipped):
    shipped["sick"] = six()
    right = curves.causes_by_letter(shipped["sick"])
    letter_of = {cause: letter for letter, cause in right.items()}
    assert_check_is_fair(
        curves.check_causes,
        right=[right, {letter: cause.upper() for letter, cause in right.items()}],
        wrong={
            f"{cause} taken for {answer}": right | {letter_of[cause]: answer}
            for cause, answer in curves.CONFUSIONS
        },
        todo=dict.fromkeys("ABCDEF"),
    )


def test_causes_never_show_the_answer(shipped):
    shipped["sick"] = six()
    right = curves.causes_by_letter(shipped["sick"])
    for letter, cause in right.items():
        for answer in set(right.values()) - {cause}:
            result = curves.check_causes(right | {letter: answer})
            assert result.status == "failed"
            assert f"'{cause}'" not in result.message


def test_a_cause_is_one_of_those_named(shipped):
    shipped["sick"] = six()
    result = curves.check_causes({"A": "bad luck"})
    assert "'bad luck' is not one of healthy, overfitting, rate too high" in str(result)
    assert curves.check_causes(EqualsEverything()).status == "failed"


def test_the_shipped_curves_show_what_their_names_say():
    """Were it not so, nobody could match them by eye."""
    runs = {curves.cause_of(n): r.curve for n, r in recorded.runs("sick").items()}
    last = {cause: curve[-1] for cause, curve in runs.items()}
    stuck, slow = last["rate too high"], last["rate too low"]
    assert 0.05 < stuck.train_accuracy < 0.15
    assert runs["rate too low"][0].train_accuracy + 0.05 < slow.train_accuracy < 0.5
    by_heart, learned = last["shuffled labels"], last["overfitting"]
    assert min(by_heart.train_accuracy, learned.train_accuracy) > 0.99
    assert by_heart.valid_accuracy < 0.2 < 0.7 < learned.valid_accuracy
    well, wrongly = runs["healthy"], runs["validated in train mode"]
    for a, b in zip(well, wrongly, strict=True):
        assert a.train_accuracy == pytest.approx(b.train_accuracy, abs=0.03)
    assert well[0].valid_loss < wrongly[0].valid_loss
    assert well[-1].valid_loss < wrongly[-1].valid_loss


# --- what three seeds can tell apart --------------------------------------------------
ACCURACIES = {28: (0.90, 0.91, 0.92), 56: (0.915, 0.92, 0.93), 112: (0.95, 0.96, 0.97)}


def by_side(**more) -> dict[str, RunRecord]:
    return {
        f"{side}_{seed}": record("resolution", accuracy, resize=side, seed=seed)
        for side, values in (ACCURACIES | more).items()
        for seed, accuracy in enumerate(values)
    }


def test_exceeds(shipped):
    shipped["resolution"] = by_side()
    shipped["quick"] = {"one": record("quick", 0.99, resize=224)}
    right = {
        "28 and 56": "no",
        "28 and 112": "yes",
        "28 and 224": "cannot say",
        "56 and 112": "yes",
        "56 and 224": "cannot say",
        "112 and 224": "cannot say",
    }
    assert_check_is_fair(
        curves.check_exceeds,
        right=[right, {pair: answer.upper() for pair, answer in right.items()}],
        wrong={
            "means differ, yes": right | {"28 and 56": "yes"},
            "ranges overlap, no": right | {"28 and 112": "no"},
            "one run, yes": right | {"56 and 224": "yes"},
            "one run, no": right | {"112 and 224": "no"},
            "three runs, cannot say": right | {"56 and 112": "cannot say"},
        },
        todo=dict.fromkeys(right),
    )


def test_exceeds_is_right_for_what_is_recorded_now():
    values = curves.accuracies_by_side(
        list(recorded.runs("resolution", "quick").values())
    )
    answers = {}
    for (a, first), (b, second) in combinations(values.items(), 2):
        if len(first) < 2 or len(second) < 2:
            answers[f"{a} and {b}"] = "cannot say"
        else:
            low, high = sorted((first, second), key=max)
            answers[f"{a} and {b}"] = "yes" if max(low) < min(high) else "no"
    assert curves.check_exceeds(answers).status == "passed"


# --- what is recorded -----------------------------------------------------------------
def test_an_experiment_is_complete_when_the_command_says_so():
    assert {
        name: len(EXPERIMENTS[name].runs) for name in recorded.COMPLETE
    } == recorded.COMPLETE


def test_what_is_missing_is_one_line_with_the_commands(shipped):
    shipped["d2l"] = {"d2l_d2l_seed0": record("d2l")}
    shipped["quick"] = {"quick_quarter_bn_seed0": record("quick")}
    assert recorded.missing("d2l") == ""
    assert recorded.missing("d2l", "course", "quick") == (
        "not recorded yet: course (0 of 1), quick (1 of 3); do so: "
        "python -m alexnet_lib record course, and so on "
        "(it tells how long that will take)"
    )
    assert recorded.missing("sick") == (
        "not recorded yet: sick (0 of 6); do so: python -m alexnet_lib record sick "
        "(it tells how long that will take)"
    )


def test_moments_add_the_seconds_up_and_leave_old_rows_out():
    rows = [
        EpochResult(1, 2.0, None, None, 3.0, 1.0),
        EpochResult(2, 1.5, None, None, 4.0, 1.0, 0.5),
        EpochResult(3, 1.0, 0.9, 0.8, 5.0, 1.0, 0.7),
    ]
    assert recorded.moments(rows, epochs_each=0.5) == [
        recorded.Moment(7.0, 1.0, 0.5, None),
        recorded.Moment(12.0, 1.5, 0.7, 0.8),
    ]


M = recorded.Moment


def test_runs_are_compared_at_equal_seconds():
    mine = [M(10, 0.1, 0.5), M(30, 0.3, 0.8)]
    others = {
        "slow": [[M(100, 1, 0.3), M(200, 2, 0.8)]],
        "quick": [[M(20, 1, 0.6), M(40, 2, 0.9)], [M(25, 1, 0.65), M(50, 2, 0.7)]],
        "never": [[M(5, 1, 0.1)]],
    }
    assert recorded.compare_at_equal_seconds(mine, others) == [
        "slow: at 30 s still in its first epoch; as far as yours at 200 s",
        "quick: at 30 s 60.0 to 65.0 %; as far as yours at 40 s in 1 of 2 runs",
        "never: at 30 s 10.0 %; never as far as yours",
    ]
    assert recorded.compare_at_equal_seconds([], others) == []


def test_ranges_are_said_shortly():
    assert recorded.percent_range([0.91234]) == "91.2 %"
    assert recorded.percent_range([0.92, 0.9]) == "90.0 to 92.0 %"
    assert recorded.percent_range([0.9201, 0.9199]) == "92.0 %"
    assert recorded.percent_range([]) == "not recorded yet"


def test_one_recipe_overtakes_another():
    slow, quick = record("d2l", recipe=RECIPES["d2l"]), record("course")
    rows = (EpochResult(1, 1.0, None, None, 3600.0, 1.0, 0.65),) * 2
    assert recorded.overtaking([slow], [quick]) == (
        "d2l ended at a training accuracy of 60.0 % after 0.0 hours; quick was there "
        "after epoch 2, 0.0 hours"
    )
    assert recorded.overtaking([replace(slow, curve=rows)], [quick]).endswith(
        "65.0 % after 2.0 hours; quick never came as far"
    )
    for pair in (([], [quick]), ([slow], [])):
        assert recorded.overtaking(*pair) == "the two long runs: not both recorded yet"


# --- words and proofs -----------------------------------------------------------------
def test_every_exercise_has_its_hints():
    assert set(notebook_content("07")["hints"]) == {
        "load_at_224",
        "step_by_hand",
        "predict_hours",
        "causes",
        "exceeds",
    }


@pytest.mark.parametrize(
    ("proof", "subject", "verdict", "says"),
    [
        (proofs.enlarged_shows_more, "28, 56", "false", "fill 784 of these"),
        (proofs.enlarged_shows_more, "14, 28", "false", "fill 196 of these"),
        (proofs.enlarged_shows_more, "56, 56", "true", "fill 3,136 of these"),
        (
            proofs.work_shrinks_with_pixels,
            "LENET5, LENET5, 1",
            "true",
            "1.0 times as many",
        ),
        (proofs.linear_layers_are_most, "LENET5, parameters", "true", "95.8% in lin"),
        (proofs.linear_layers_are_most, "LENET5, multiply-adds", "false", "in linear"),
    ],
)
def test_proofs_measure(proof, subject, verdict, says):
    finding = proof(subject)
    assert finding.verdict == verdict
    assert says in finding.evidence


def test_the_lower_loss_is_judged_by_both_numbers(shipped):
    better = record("sick")
    first, last = better.curve
    worse = replace(better, curve=(first, replace(last, train_loss=2.0)))
    by_heart = replace(last, train_loss=0.1, valid_accuracy=0.5)
    shipped["sick"] = {
        "sick_a": better,
        "sick_b": worse,
        "sick_c": replace(better, curve=(first, by_heart)),
    }
    worse_too = replace(last, train_loss=2.0, valid_accuracy=0.6)
    shipped["sick"]["sick_d"] = replace(better, curve=(first, worse_too))
    assert proofs.lower_loss_is_better("a, d").verdict == "true"
    assert proofs.lower_loss_is_better("c, a").verdict == "false"
    assert "c: training loss 0.100, validation accuracy 50.0%" in (
        proofs.lower_loss_is_better("c, a").evidence
    )
