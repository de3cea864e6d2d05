"""The layer table as HTML, and what it says in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import prod

from alexnet_lib.architecture.arithmetic import LayerSummary
from alexnet_lib.architecture.spec import LayerSpec, ModelSpec, Shape
from alexnet_lib.figures.style import LAYER_COLOURS, OTHER_LAYER_COLOUR
from alexnet_lib.widgets.words import words_of

say = words_of("cockpit")

BYTES_PER_NUMBER = 4  # float32
# these change neither shape nor counts: left out, to keep the table short
QUIET = ("ReLU", "Sigmoid", "Tanh", "Dropout")
COLUMNS = (
    say("column_layer"),
    say("column_kind"),
    say("column_window"),
    say("column_output"),
    say("column_parameters"),
    say("column_multiply_adds"),
    say("column_kilobytes"),
    say("column_sees"),
    say("column_jump"),
)


@dataclass(frozen=True)
class Problem:
    """The layer at which the network stops, and why."""

    layer: str
    kind: str
    reason: str


def shape_text(shape: Shape) -> str:
    """(96, 55, 55) as '96 x 55 x 55'."""
    return " × ".join(f"{n:,}" for n in shape)


def window_text(layer: LayerSpec) -> str:
    """'11 × 11, stride 4, pad 2, 2 groups', leaving out what is not there."""
    if not hasattr(layer, "kernel_size"):
        return ""
    words = [f"{layer.kernel_size} × {layer.kernel_size}"]
    if layer.stride != 1:
        words.append(say("window_stride", stride=layer.stride))
    if layer.padding:
        words.append(say("window_pad", padding=layer.padding))
    if getattr(layer, "groups", 1) > 1:
        words.append(say("window_groups", groups=layer.groups))
    return ", ".join(words)


def layer_table_html(
    model_spec: ModelSpec,
    rows: Sequence[LayerSummary],
    problem: Problem | None = None,
) -> str:
    """One line per layer that does something to the shape; a red one where it stops.

    For one image; kB = the output in float32, 1000 bytes each; sees = the receptive
    field and jump = the distance between neighbours, in pixels of the input.
    """
    layers = {layer.name: layer for layer in model_spec.layers}
    head = "".join(
        f'<th scope="col" style="{_align(i)}">{escape(c)}</th>' for i, c in _columns()
    )
    body = [_line(row, layers[row.name]) for row in rows if row.kind not in QUIET]
    if problem:
        body.append(
            '<tr style="background:#fbe3e1;color:#8c1d18">'
            f'<td style="{_edge(problem.kind)}"><b>✗ {escape(problem.layer)}</b></td>'
            f'<td style="text-align:left">{problem.kind}</td>'
            f'<td colspan="7" style="text-align:left">'
            f"{escape(say('stops_here', reason=problem.reason))}</td></tr>"
        )
    shown = [row for row in rows if row.kind not in QUIET]
    params, macs = sum(r.num_params for r in shown), sum(r.macs for r in shown)
    title = say("total_up_to_here" if problem else "total")
    totals = (f"<b>{escape(title)}</b>", "", "", "", f"{params:,}", f"{macs:,}")
    totals += (f"{sum(map(_kilobytes, shown)):,.0f}", "", "")
    body.append(_cells(totals, [_align(i) for i in range(len(totals))]))
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def describe_table(
    model_spec: ModelSpec,
    rows: Sequence[LayerSummary],
    problem: Problem | None = None,
) -> str:
    """The table in one or two sentences: its sizes, or the layer where it stops."""
    sides = [
        f"{row.name} {row.out_shape[1]}"
        for row in rows
        if row.kind in ("Conv2d", "MaxPool2d", "AvgPool2d")
    ]
    said = say(
        "sides",
        shape=shape_text(model_spec.input_shape),
        rounding=model_spec.rounding,
        sides=", ".join(sides) or say("no_layer_fits"),
    )
    if problem:
        return f"{said} {say('stops_at', layer=problem.layer, reason=problem.reason)}"
    params, macs = sum(r.num_params for r in rows), sum(r.macs for r in rows)
    return f"{said} {say('totals', parameters=params, multiply_adds=macs)}"


def _columns() -> list[tuple[int, str]]:
    return list(enumerate(COLUMNS))


def _align(column: int) -> str:
    side = "left" if column < 4 else "right"
    return f"text-align:{side};white-space:nowrap;padding:3px 6px"


def _edge(kind: str) -> str:
    colour = LAYER_COLOURS.get(kind, OTHER_LAYER_COLOUR)
    return f"text-align:left;padding:3px 6px;border-left:6px solid {colour}"


def _kilobytes(row: LayerSummary) -> float:
    """Memory of the output; Flatten only looks at its input another way."""
    if row.kind == "Flatten":
        return 0.0
    return prod(row.out_shape) * BYTES_PER_NUMBER / 1000


def _line(row: LayerSummary, layer: LayerSpec) -> str:
    field = say("sees_all") if row.receptive_field is None else row.receptive_field
    cells = [
        f"<b>{escape(row.name)}</b>",
        row.kind,
        escape(window_text(layer)),
        shape_text(row.out_shape),
        f"{row.num_params:,}" if row.num_params else "",
        f"{row.macs:,}" if row.macs else "",
        f"{_kilobytes(row):,.0f}" if row.kind != "Flatten" else "",
        escape(str(field)),
        "" if row.jump is None else str(row.jump),
    ]
    styles = [_edge(row.kind), *(_align(i) for i in range(1, len(cells)))]
    return _cells(cells, styles)


def _cells(cells: Sequence[str], styles: Sequence[str]) -> str:
    pairs = zip(cells, styles, strict=True)
    return "<tr>" + "".join(f'<td style="{s}">{c}</td>' for c, s in pairs) + "</tr>"
