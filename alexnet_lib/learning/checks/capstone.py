"""The capstone's contract: files load, numbers recompute, the prediction is older."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from alexnet_lib.architecture.weights import LoadedModel, load_weights
from alexnet_lib.data import DataSet
from alexnet_lib.learning import capstone
from alexnet_lib.learning.capstone_page import render
from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.claims import claims
from alexnet_lib.learning.ledger_rows import PARTS
from alexnet_lib.learning.result import CheckResult, failed, passed, todo
from alexnet_lib.training import RunRecord, evaluate, load_record

SEEDS = 3
SLACK = 2  # pictures of 2,000 that another processor may round to the other side


class Found(Exception):
    """What is wrong with a capstone: the message, and the name of the mistake."""

    def __init__(self, message: str, mistake: str):
        super().__init__(message)
        self.result = failed(message, mistake)


@dataclass(frozen=True)
class Pair:
    """A run as its two files have it."""

    side: str
    seed: int
    record: RunRecord
    network: LoadedModel


@exercise("capstone")
def check_capstone(page: Any, pictures: DataSet) -> CheckResult:
    """Read a capstone's folder again and compute every number of its page."""
    if page is None or page is Ellipsis:
        return todo("set page to what write_page returns, then run this cell again")
    if not isinstance(page, Path | str):
        return failed(f"page should be a path, not {type(page).__name__}")
    try:
        return _examine(Path(page).parent, pictures)
    except Found as found:
        return found.result


def _examine(folder: Path, pictures: DataSet) -> CheckResult:
    _must_exist(folder, "prediction.json", "page.json", "page.html")
    experiment = _readable(lambda: capstone.read_prediction(folder))
    _three_seeds(experiment)
    first, second = experiment.sides.values()
    if first == second:
        raise Found("the two sides are the same: nothing is compared", "no difference")
    pairs = dict(_load_runs(folder, experiment))
    _belong_together(folder, experiment, pairs, pictures)
    _differ(pairs)
    found: dict[str, list[float]] = {side: [] for side in experiment.sides}
    for name, pair in pairs.items():
        found[pair.side].append(_recompute(name, pair, pictures))
    shown = _readable(lambda: json.loads((folder / "page.json").read_text("utf-8")))
    _page_says_so(folder, experiment, shown, found)
    begun = len(shown["ledger"])
    return passed(
        f"{len(pairs)} runs computed again; predicted: {experiment.expected}, came "
        f"out: {shown['came_out']}; {begun} of {len(PARTS)} rows of the ledger begun"
    )


def _must_exist(folder: Path, *names: str) -> None:
    for name in names:
        if not (folder / name).is_file():
            raise Found(f"{name} is missing in {folder.name}", "missing file")


def _readable(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except ValueError as error:
        raise Found(str(error), "unreadable file") from error


def _three_seeds(experiment: capstone.Experiment) -> None:
    seeds = experiment.seeds
    if len(set(seeds)) < len(seeds):
        raise Found(
            f"the seeds are {', '.join(map(str, seeds))}: the same seed gives the same "
            "run, and no range",
            "same seed",
        )
    if len(seeds) < SEEDS:
        raise Found(
            f"{len(seeds)} seeds a side: {SEEDS} are the least that show a range",
            "too few seeds",
        )


def _load_runs(
    folder: Path, experiment: capstone.Experiment
) -> Iterator[tuple[str, Pair]]:
    for name, (side, seed) in experiment.runs.items():
        _must_exist(folder, f"{name}.json", f"{name}.safetensors")
        record = _readable(lambda name=name: load_record(folder / f"{name}.json"))
        network = _readable(
            lambda name=name: load_weights(folder / f"{name}.safetensors")
        )
        yield name, Pair(side, seed, record, network)


def _belong_together(
    folder: Path,
    experiment: capstone.Experiment,
    pairs: dict[str, Pair],
    pictures: DataSet,
) -> None:
    """Each run is the one that was predicted, and its record is its weights' own."""
    noted = capstone.fingerprint(folder)
    for name, pair in pairs.items():
        record, side = pair.record, experiment.sides[pair.side]
        if record.experiment != noted:
            raise Found(
                f"{name} was not run behind this prediction: prediction.json was "
                "written, or changed, after the run",
                "prediction after the run",
            )
        expected = (side.variant, side.recipe, pair.seed, experiment.train_images)
        seen = (record.variant, record.recipe, record.seed, record.train_images)
        if seen != expected:
            raise Found(
                f"{name}.json is of another run than the one that was predicted",
                "another run",
            )
        if _plain(record) != pair.network.record:
            raise Found(
                f"{name}.json is not the record that was written with its weights",
                "record changed",
            )
        if record.source != pictures.source:
            raise Found(
                f"{name} saw pictures that were {record.source}; these are "
                f"{pictures.source}: run it again in an empty folder",
                "other pictures",
            )


def _plain(record: RunRecord) -> dict[str, Any]:
    """As it comes back from JSON: lists, no tuples."""
    return json.loads(json.dumps(asdict(record)))


def _differ(pairs: dict[str, Pair]) -> None:
    names = list(pairs)
    for place, name in enumerate(names):
        for other in names[:place]:
            ours, theirs = (
                pairs[each].network.model.state_dict() for each in (name, other)
            )
            if ours.keys() == theirs.keys() and all(
                ours[key].shape == theirs[key].shape
                and torch.equal(ours[key], theirs[key])
                for key in ours
            ):
                raise Found(
                    f"{name} and {other} have the same weights: that is one run, twice",
                    "same run twice",
                )


def _recompute(name: str, pair: Pair, pictures: DataSet) -> float:
    """The accuracy that the weights have; Found when the record says another."""
    batches = capstone.judging_batches(pictures, pair.network.normalise)
    judged = evaluate(pair.network.model, batches)
    apart = abs(judged.accuracy - pair.record.test_accuracy) * judged.num_images
    if apart > SLACK + 1e-6:
        raise Found(
            f"{name}.json says {pair.record.test_accuracy:.2%}, and its weights name "
            f"{judged.accuracy:.2%} of the test pictures rightly",
            "hand-made record",
        )
    return pair.record.test_accuracy


def _page_says_so(
    folder: Path,
    experiment: capstone.Experiment,
    shown: Any,
    found: dict[str, list[float]],
) -> None:
    claim = claims().get(shown["claim"])
    if claim is None or claim.prove().verdict == "true":
        raise Found(
            f"the claim {shown['claim']!r} is not overturned: choose one whose proof "
            "does not say true",
            "claim not overturned",
        )
    expected = {
        "verdict": claim.prove().verdict,
        "accuracies": found,
        "came_out": capstone.came_out(found),
    }
    for key, value in expected.items():
        if shown[key] != value:
            raise Found(
                f"page.json says {shown[key]} for {key!r}, and the files give {value}",
                "number changed",
            )
    if (folder / "page.html").read_text("utf-8") != render(experiment, shown):
        raise Found(
            "page.html does not say what page.json says: write the page again",
            "page changed",
        )
