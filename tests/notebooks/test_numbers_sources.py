"""What the text of notebook 17 says is what the library computes and the files hold."""

import re
from functools import cache

import nbformat
import pytest
from nbformat import NotebookNode

from alexnet_lib.architecture import variants
from alexnet_lib.architecture.spec import Conv2d
from alexnet_lib.learning.calibration import brier_score, outcomes, settled_bets
from alexnet_lib.learning.capstone import Experiment
from alexnet_lib.learning.checks.broken_cells import CELLS, SILENT
from alexnet_lib.learning.checks.captions import CAPTION, COUNTED
from alexnet_lib.learning.checks.ten_proofs import SENTENCES, changed
from alexnet_lib.learning.ledger_rows import PARTS
from alexnet_lib.learning.predictions import CONFIDENCES
from alexnet_lib.learning.results_2012 import RESULTS
from alexnet_lib.widgets.cockpit import first_linear_inputs, look_through
from tests.notebooks.conftest import NOTEBOOKS
from tests.notebooks.test_numbers import text_of

pytestmark = pytest.mark.notebooks
SEVEN = (
    variants.ALEXNET_2012,
    variants.ALEXNET_2012_SOURCE,
    variants.CAFFENET,
    variants.ALEXNET_TORCHVISION,
    variants.ALEXNET_D2L,
    variants.ALEXNET_ONE_TOWER,
    variants.ALEXNET_KERAS,
)
HOLDS = {
    key: [sentence.proof(table) for table in SEVEN]
    for key, sentence in SENTENCES.items()
}
WORDS = {3: "Three", 16: "sixteen", 2: "Two", 10: "ten"}
SURE = [f"{100 * share:.0f} %" for share in CONFIDENCES.values()]


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        (
            "{} sentences of ten hold in all seven",
            [WORDS[sum(all(row) for row in HOLDS.values())]],
        ),
        ("a guess counts as {}, fairly sure as {}, certain as {}", SURE),
        ("number, {} %. Table 2", [min(e.top5_test for e in RESULTS if e.top5_test)]),
        ("With these two, {} cells of the course", [WORDS[len(CELLS)]]),
        ("{} of the causes raise nothing at all", [WORDS[len(SILENT)]]),
        ("The clinic: {0} errors, {0} causes", [WORDS[len(CELLS)]]),
        ("on {:,} pictures each", [Experiment.train_images]),
        ("printed number is 96 x 55 x 48", []),
    ],
)
def test_the_text_has_the_number_that_is_computed(phrase, numbers):
    assert phrase.format(*numbers) in text_of("17")


def test_three_columns_are_alike_and_the_papers_is_true_but_for_one_box():
    columns = list(zip(*HOLDS.values(), strict=True))
    assert [k for k, column in enumerate(columns) if column == columns[0]] == [0, 1, 6]
    assert columns[0].count(False) == 1


def test_half_a_year_of_two_cards():
    days = len(PARTS) * len(Experiment.seeds) * 6
    assert 365 / 2 - 10 < days < 365 / 2 + 10
    assert "ten parts, three seeds and six days each are half a year" in text_of("17")


def test_one_number_of_the_caption_is_wrong_and_it_is_the_product_named():
    assert [name for name in CAPTION if CAPTION[name] != COUNTED[name]] == ["conv1"]
    assert CAPTION["conv1"] == 96 * 55 * 48
    assert outcomes()["17-caption"] == "all but one"


def test_in_the_cockpit_fc6_turns_red():
    table = changed(
        variants.ALEXNET_ONE_TOWER, "conv1", kernel_size=7, stride=2, padding=1
    )
    assert isinstance(table.layers[0], Conv2d)
    built_for = first_linear_inputs(variants.ALEXNET_ONE_TOWER)
    _rows, problem = look_through(table, built_for)
    assert problem is not None
    assert problem.layer == "fc6"


def test_half_on_everything_scores_a_quarter():
    assert "whoever says 50 % to everything gets 0.25" in text_of("17")
    assert brier_score(settled_bets()) is None  # nobody has bet in a test


# --- what came out, and what the notebooks say came out -------------------------------
# of predictions whose option is not, word for word, in what the notebook reveals
REVEALED = {
    "01-softmax": "worse: no error",
    "04-slope": "0.25, at x = 0",
    "04-race": r"tanh (\d+) epochs, ReLU (\d+)",
    "05-loud": r"0\.3\d",
    "06-ones": "twos and zeros",
    "06-alone": r"one alone \d\d%, the mean 9\d%, the whole 9\d%",
    "06-both": "better,? by every seed",
    "07-undo": "solving the equations",
    "08-rank": r"\b25\b",
    "08-noise": r"[01] of 100",
    "08-cut": r"3\d% of 500",
    "09-cure": "another start: at rate 0.01",
    "10-scale": "over 255",
    "12-checkpoint": r"(1\.9|2\.[0-2]) times",
    "13-beside": "(others|they change): its neighbours are part of the mean",
    "13-stem": r"(2\.[5-9]|3\.[0-5]) times fewer",
    "13-average": r"(9|1[0-2])% of the parameters",
    "14-light": r"([0-9]|[12]\d|3[0-3])%",
    "14-untrained": r"0\.[89]\d",
    "14-side": r"([0-6]\d|7[0-4])%",
}


@cache
def notebooks() -> list[NotebookNode]:
    return [nbformat.read(path, as_version=4) for path in NOTEBOOKS]


def shown(key: str) -> str:
    """What the cell that reveals a prediction shows in the committed notebooks."""
    cells = [cell for nb in notebooks() for cell in nb.cells]
    [found] = [c for c in cells if "reveal(" in c.source and f'"{key}"' in c.source]
    return " ".join(out.data["text/plain"] for out in found.outputs if "data" in out)


@pytest.mark.parametrize("key", [key for key, came in outcomes().items() if came])
def test_the_outcome_is_what_its_notebook_reveals(key):
    wanted = REVEALED.get(key, re.escape(str(outcomes()[key])))
    assert re.search(wanted, shown(key)), (wanted, shown(key))


def test_what_nothing_settles_is_measured_or_not_recorded_yet():
    unsettled = {key for key, came in outcomes().items() if came is None}
    assert unsettled == {"03-time", "07-hours"}
