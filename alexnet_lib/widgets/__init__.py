"""What a notebook shows and the reader moves, by name."""

from alexnet_lib.widgets.cards import claim_cards, predict, recall, who_is_right
from alexnet_lib.widgets.cockpit import layer_cockpit
from alexnet_lib.widgets.ruler import window_ruler

__all__ = [
    "claim_cards",
    "layer_cockpit",
    "predict",
    "recall",
    "who_is_right",
    "window_ruler",
]
