"""`copies`: bring the notebooks into my_course/, where the reader works."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from alexnet_lib import runtime
from alexnet_lib.classroom.copies import update_copies

HELP = "make or update the learner's copies in my_course/, never touching edited ones"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--into",
        type=Path,
        metavar="DIR",
        help="the folder of the copies (default: my_course/ in the checkout)",
    )


def run(args: Namespace) -> dict[str, Any]:
    """Make, update or keep each copy, and say which."""
    root = runtime.checkout()
    if root is None:
        raise FileNotFoundError(
            "the notebooks are in the course's repository: clone it, and run this there"
        )
    folder = (args.into or root / "my_course").resolve()
    report = update_copies(root / "notebooks", folder)
    return {
        "folder": str(folder),
        "made": report.made,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "kept": report.kept,
        "notes": report.lines(),
    }


def render(result: dict[str, Any]) -> str:
    counts = ", ".join(
        f"{len(result[key])} {key}" for key in ("made", "updated", "unchanged", "kept")
    )
    return "\n".join([f"{result['folder']}: {counts}", *result["notes"]])
