"""Checks of notebook 10: how many views there are, and a picture without colour."""

from typing import Any

from alexnet_lib.data.transforms import BORDER, CHUNK
from alexnet_lib.learning.checks.engine import (
    check_table,
    exercise,
    same_choice,
    same_integer,
)
from alexnet_lib.learning.result import CheckResult

SIDE, CROP = 256, 256 - 2 * BORDER  # pixels, section 4.1
BATCH, EPOCHS = 128, 90  # section 5
PLACES = SIDE - CROP + 1  # the first pixel of the crop may be any of 0 to 32
PAPER_VIEWS = 2048
REMEDIES = (
    "leave PCA colour out",
    "copy the grey channel three times",
    "give conv1 three input channels",
    "draw once for the whole batch",
)


@exercise("views")
def check_views(answers: Any) -> CheckResult:
    """Places, views, the paper's count, and how many of them a training really sees."""
    views = 2 * PLACES**2
    travel = SIDE - CROP
    return check_table(
        answers,
        {
            "places_per_side": PLACES,
            "views": views,
            "paper_places_per_side": travel,
            "draws_per_batch": BATCH // CHUNK,
            "most_seen": EPOCHS,
        },
        name="views",
        hints={
            "places_per_side": "on 4 pixels a crop of 3 has two places: count them",
            "views": "every place down with every place across, and each mirrored",
            "paper_places_per_side": "halve 2048, then take the root",
            "draws_per_batch": "128 pictures, of which 32 in a row share one draw",
            "most_seen": "how often does a training look at a picture in one epoch?",
        },
        mistakes={
            "places_per_side": {
                "travel": (travel, "the place at the start did not count"),
                "stride of the crop": (1, "the next crop began where one ends"),
                "border": (BORDER, "the crop could move to one side only"),
                "window": (CROP, "every pixel of the crop were a place for it"),
            },
            "views": {
                "paper": (PAPER_VIEWS, "you had taken the paper's count over"),
                "not mirrored": (PLACES**2, "no crop were ever mirrored"),
                "one side only": (2 * PLACES, "the crop moved along one side only"),
                "mirrored both ways": (4 * PLACES**2, "crops stood on their heads too"),
                "three": (3, "each kind of change counted once"),
            },
            "paper_places_per_side": {
                "as the code": (PLACES, "the paper's 2048 were the code's count"),
                "not mirrored": (45, "2048 had no mirrored crops in it"),
                "not squared": (PAPER_VIEWS // 2, "the crop moved along one side only"),
            },
            "draws_per_batch": {
                "one each": (BATCH, "every picture had a draw of its own"),
                "chunk": (CHUNK, "so many pictures shared a draw as there are draws"),
                "one": (1, "the whole mini-batch shared one draw"),
                "twice": (2 * BATCH // CHUNK, "the mirroring had chunks of its own"),
            },
            "most_seen": {
                "all of them": (views, "a training went through every view"),
                "the paper's": (PAPER_VIEWS, "a training went through every view"),
                "every view each epoch": (
                    EPOCHS * views,
                    "each epoch showed a picture in all its views",
                ),
                "three": (3 * EPOCHS, "each epoch showed a picture three times"),
                "ten": (10 * EPOCHS, "the ten views for testing were used"),
            },
        },
    )


@exercise("grey")
def check_grey(answers: Any) -> CheckResult:
    """Where a cell that recolours a grey picture goes wrong, and what to do."""
    return check_table(
        answers,
        {
            "raises": 4,
            "goes_wrong": 3,
            "channels_there": 3,
            "remedy": "leave PCA colour out",
        },
        name="grey",
        hints={
            "raises": "the traceback points at a line of the cell with an arrow",
            "goes_wrong": "print the shape behind each line: which is the first that "
            "surprises you?",
            "channels_there": "what does torch make of (8, 1, 28, 28) + (8, 3, 1, 1)?",
            "remedy": "what would a colour of a picture without colour be?",
        },
        mistakes={
            "raises": {
                "where it begins": (
                    3,
                    "the line that goes wrong were the one that stops",
                ),
            },
            "goes_wrong": {
                "where it stops": (4, "the line that stops were the one to blame"),
                "the shifts": (
                    2,
                    "three shifts for each picture were wrong: for a "
                    "colour picture they are right",
                ),
                "the pictures": (
                    1,
                    "a grey picture were wrong: it is what this network was trained on",
                ),
            },
            "channels_there": {
                "still grey": (1, "the sum kept the shape of the pictures"),
                "added": (4, "the three shifts had been put behind the grey channel"),
                "pictures": (8, "the pictures were counted, not their channels"),
            },
            "remedy": {
                "copied": (
                    "copy the grey channel three times",
                    "three equal channels were colour; and this network takes one",
                ),
                "another network": (
                    "give conv1 three input channels",
                    "the network were to blame: colours that the data do not have "
                    "would be learned",
                ),
                "draws": (
                    "draw once for the whole batch",
                    "the number of draws were to blame: one draw, too, has three "
                    "channels",
                ),
            },
        },
        compare={
            "raises": same_integer,
            "goes_wrong": same_integer,
            "channels_there": same_integer,
            "remedy": same_choice(REMEDIES),
        },
    )
