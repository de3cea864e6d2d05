"""The page of the capstone, as HTML: it depends on its arguments alone."""

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from alexnet_lib.learning.claims import claims
from alexnet_lib.learning.ledger_rows import Ledger

if TYPE_CHECKING:
    from alexnet_lib.learning.capstone import Experiment


def render(experiment: "Experiment", page: Mapping[str, Any]) -> str:
    """One page: the ledger, one claim with its proof, one experiment with its bet."""
    claim = claims()[page["claim"]]
    table = Ledger(page["ledger"])
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            "<title>AlexNet on trial: one page</title></head><body>",
            "<h1>AlexNet on trial: one page</h1>",
            f"<h2>The ledger: {len(table.rows)} rows begun</h2>",
            table._repr_html_(),
            "<h2>One claim overturned</h2>",
            f"<p>{escape(claim.source)}: <q>{escape(claim.statement)}</q></p>",
            f"<p><b>{escape(page['verdict'])}</b>: {escape(page['evidence'])}.</p>",
            f"<p>{escape(claim.truth)}</p>",
            "<h2>One experiment</h2>",
            *_experiment(experiment, page),
            "</body></html>",
            "",
        ]
    )


def _experiment(experiment: "Experiment", page: Mapping[str, Any]) -> list[str]:
    heads = "".join(f'<th scope="col">seed {seed}</th>' for seed in experiment.seeds)
    rows = [
        f'<tr><th scope="row">{name} ({side.variant}, {escape(side.recipe.name)})</th>'
        + "".join(f"<td>{value:.2%}</td>" for value in page["accuracies"][name])
        + "</tr>"
        for name, side in experiment.sides.items()
    ]
    held = page["came_out"] == experiment.expected
    return [
        f"<p>{escape(experiment.question)}</p>",
        f"<p>Predicted before the first run: <b>{escape(experiment.expected)}</b>, "
        f"because {escape(experiment.because)}</p>",
        f"<table><tr><th></th>{heads}</tr>",
        *rows,
        "</table>",
        f"<p>Test accuracy after {experiment.train_images:,} training pictures. What "
        f"came out: <b>{escape(page['came_out'])}</b>. The prediction "
        f"{'held' if held else 'did not hold'}.</p>",
    ]
