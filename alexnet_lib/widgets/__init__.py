"""What a notebook shows and the reader moves, by name."""

from alexnet_lib.widgets.board import live_board
from alexnet_lib.widgets.cards import claim_cards, predict, recall, who_is_right
from alexnet_lib.widgets.cockpit import layer_cockpit
from alexnet_lib.widgets.confusion import confusion_explorer
from alexnet_lib.widgets.garments import garment_picker
from alexnet_lib.widgets.ruler import window_ruler
from alexnet_lib.widgets.stepper import window_stepper
from alexnet_lib.widgets.treemap import cost_treemap

__all__ = [
    "claim_cards",
    "confusion_explorer",
    "cost_treemap",
    "garment_picker",
    "layer_cockpit",
    "live_board",
    "predict",
    "recall",
    "who_is_right",
    "window_ruler",
    "window_stepper",
]
