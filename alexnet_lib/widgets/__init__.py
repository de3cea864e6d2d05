"""What a notebook shows and the reader moves, by name."""

from alexnet_lib.widgets.board import live_board
from alexnet_lib.widgets.cards import claim_cards, predict, recall, who_is_right
from alexnet_lib.widgets.cockpit import layer_cockpit
from alexnet_lib.widgets.committee import dropout_committee
from alexnet_lib.widgets.confusion import confusion_explorer
from alexnet_lib.widgets.deck import ablation_deck
from alexnet_lib.widgets.explorer import explorer
from alexnet_lib.widgets.garments import garment_picker
from alexnet_lib.widgets.glass import open_network
from alexnet_lib.widgets.lrn_triangle import lrn_triangle
from alexnet_lib.widgets.ruler import window_ruler
from alexnet_lib.widgets.scalpel import channel_surgery
from alexnet_lib.widgets.stepper import window_stepper
from alexnet_lib.widgets.teller import picture_teller
from alexnet_lib.widgets.thermometer import gradient_thermometer
from alexnet_lib.widgets.treemap import cost_treemap

__all__ = [
    "ablation_deck",
    "channel_surgery",
    "claim_cards",
    "confusion_explorer",
    "cost_treemap",
    "dropout_committee",
    "explorer",
    "garment_picker",
    "gradient_thermometer",
    "layer_cockpit",
    "live_board",
    "lrn_triangle",
    "open_network",
    "picture_teller",
    "predict",
    "recall",
    "who_is_right",
    "window_ruler",
    "window_stepper",
]
