"""`twins`: pages that show some states of the widgets without a kernel."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from alexnet_lib import data, runtime
from alexnet_lib.commands.twin_pages import make_twins

HELP = "make notebooks/twins/*.html: some states of the widgets, without a kernel"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="another folder than notebooks/twins, where their links lead",
    )


def run(args: Namespace) -> dict[str, Any]:
    """Set each state on the widget itself, and keep what it shows."""
    root = runtime.checkout()
    if args.out is None and root is None:
        raise FileNotFoundError(
            "the twins belong to the course's repository: name a folder, --out DIR"
        )
    pictures = data.load()
    if pictures.source == "stand-in":
        raise FileNotFoundError(
            "the twins show published pictures, and Fashion-MNIST is not here: "
            "`python -m alexnet_lib data` gets it, or ALEXNET_DATA names its folder"
        )
    folder = (args.out or root / "notebooks" / "twins").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for twin in make_twins(pictures):
        content = twin.html().encode("utf-8")
        (folder / f"{twin.name}.html").write_bytes(content)
        made[twin.name] = {"states": len(twin.states), "bytes": len(content)}
    return {"folder": str(folder), "twins": made}


def render(result: dict[str, Any]) -> str:
    lines = [
        f"{name:<18}{each['states']:3} states {each['bytes'] / 1e6:5.2f} MB"
        for name, each in result["twins"].items()
    ]
    return "\n".join([result["folder"], *lines])
