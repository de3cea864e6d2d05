"""Images in, tensors out; knows nothing of networks."""

from alexnet_lib.data.batches import Batches, mean_and_std, split
from alexnet_lib.data.catalogue import CLASS_NAMES
from alexnet_lib.data.sources import DataSet, load

__all__ = ["CLASS_NAMES", "Batches", "DataSet", "load", "mean_and_std", "split"]
