"""Predictions, the ledger and the checks: what the reader does, and what comes back."""

from alexnet_lib.learning.ledger_rows import fill, ledger
from alexnet_lib.learning.predictions import reveal

__all__ = ["fill", "ledger", "reveal"]
