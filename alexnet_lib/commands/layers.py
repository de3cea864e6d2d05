"""The layer table of a network, and its totals."""

import argparse
from dataclasses import asdict
from typing import Any

from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.spec import Shape
from alexnet_lib.architecture.variants import VARIANTS, find_variant, resized

HELP = "the layer table of a network: shapes, parameters, multiply-adds"

HEADINGS = ("layer", "kind", "output", "parameters", "multiply-adds", "field", "jump")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "variant", metavar="VARIANT", help=f"one of {', '.join(VARIANTS)}"
    )
    parser.add_argument(
        "--input",
        metavar="C,H,W",
        type=image_shape,
        help="shape of one image, when it is not the variant's own",
    )
    parser.add_argument(
        "--rounding",
        choices=("floor", "ceil"),
        help="what happens to a window that no longer fits: left out (torch), or "
        "hanging over the edge (the 2012 code)",
    )


def image_shape(text: str) -> Shape:
    """Read `3,227,227`."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 3 or not all(p.isdecimal() and int(p) for p in parts):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not C,H,W: give three whole numbers, such as 3,227,227"
        )
    return tuple(int(part) for part in parts)


def run(args: argparse.Namespace) -> dict[str, Any]:
    model_spec = resized(find_variant(args.variant), args.input, args.rounding)
    rows = summarize(model_spec)
    return {
        "variant": args.variant.upper(),
        "name": model_spec.name,
        "input_shape": model_spec.input_shape,
        "rounding": model_spec.rounding,
        "layers": [asdict(row) for row in rows],
        "totals": {
            "num_params": sum(row.num_params for row in rows),
            "macs": sum(row.macs for row in rows),
        },
    }


def render(result: dict[str, Any]) -> str:
    table = [HEADINGS]
    for row in result["layers"]:
        size = " x ".join(str(number) for number in row["out_shape"])
        counts = (f"{row['num_params']:,}", f"{row['macs']:,}")
        seen = ("all" if row["receptive_field"] is None else row["receptive_field"],)
        jump = ("-" if row["jump"] is None else row["jump"],)
        table.append((row["name"], row["kind"], size, *counts, *seen, *jump))
    totals = result["totals"]
    table.append(
        ("total", "", "", f"{totals['num_params']:,}", f"{totals['macs']:,}", "", "")
    )
    widths = [
        max(len(str(cell)) for cell in column) for column in zip(*table, strict=True)
    ]
    lines = [_line(row, widths) for row in table]
    lines.insert(1, "-" * len(lines[0]))
    shape = " x ".join(str(number) for number in result["input_shape"])
    title = f"{result['name']}, input {shape}, rounding {result['rounding']}"
    return "\n".join([title, "", *lines])


def _line(row: tuple, widths: list[int]) -> str:
    """Words to the left, numbers to the right."""
    words, numbers = row[:3], row[3:]
    left = (f"{cell:<{width}}" for cell, width in zip(words, widths, strict=False))
    right = (
        f"{cell:>{width}}" for cell, width in zip(numbers, widths[3:], strict=True)
    )
    return "  ".join((*left, *right)).rstrip()
