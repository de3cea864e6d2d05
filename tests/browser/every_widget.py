"""One notebook that shows every widget, each in a cell of its own."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from alexnet_lib.classroom.source import KERNEL

SET_UP = """\
import numpy as np
import torch
from alexnet_lib import data, widgets
from alexnet_lib.data.pictures import portrait
from alexnet_lib.learning import recorded, shipped, undone
torch.set_num_threads(1)
lenet, quarter = (shipped.first_shipped(name) for name in ("lenet", "quarter"))
pictures = data.load()
images, labels = pictures.test_images, pictures.test_labels
runs = {"recorded": recorded.runs("resolution").values()}
image, kernel = np.arange(50).reshape(2, 5, 5), np.ones((2, 3, 3), int)
effects = [undone.Effect(part, (0.8, 0.9), (0.9, 0.9)) for part in ("LRN", "ReLU")]"""
# by the name in `alexnet_lib.widgets`; small networks, where the choice is ours
SHOWN = {
    "recall": 'widgets.recall("03")',
    "predict": 'widgets.predict("02-same")',
    "claim_cards": 'widgets.claim_cards("02")',
    "who_is_right": 'widgets.who_is_right("02")',
    "garment_picker": "widgets.garment_picker(lenet.network, pictures)",
    "window_stepper": "widgets.window_stepper(image, kernel)",
    "window_ruler": "widgets.window_ruler()",
    "layer_cockpit": "widgets.layer_cockpit()",
    "cost_treemap": "widgets.cost_treemap()",
    "gradient_thermometer": (
        "widgets.gradient_thermometer(images[:16].float() / 255, labels[:16])"
    ),
    "lrn_triangle": "widgets.lrn_triangle()",
    "dropout_committee": (
        "widgets.dropout_committee(quarter.network, images, labels, [1, 2, 3])"
    ),
    "live_board": "widgets.live_board(runs, pictures)",
    "confusion_explorer": (
        "widgets.confusion.ConfusionExplorer(lenet.network, pictures, None, 250)"
    ),
    "explorer": "widgets.explorer(lenet.network, pictures, lenet.history)",
    "channel_surgery": "widgets.channel_surgery(lenet.network, pictures)",
    "ablation_deck": "widgets.ablation_deck(effects)",
    "picture_teller": 'widgets.picture_teller(lenet.network, portrait(), "a drawing")',
}


def write_notebook(path: Path) -> None:
    """Write the notebook; its first cell is the set-up."""
    cells = [new_code_cell(code) for code in (SET_UP, *SHOWN.values())]
    nb = new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    nbformat.write(nb, path)
