"""Which pictures a network finds alike: nearest neighbours among its activations."""

import torch
from torch import Tensor


def nearest(features: Tensor, query: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The rows of `features` that lie closest to each query, the closest first.

    Distances are Euclidean, as in Figure 4 of the paper. A query that is itself among
    the features comes first, with distance 0.

    Shape: features (N, ...), query (Q, ...) -> row numbers (Q, count), distances
    (Q, count).
    """
    if features.shape[1:] != query.shape[1:]:
        raise ValueError(
            f"features have shape {tuple(features.shape[1:])} and queries "
            f"{tuple(query.shape[1:])}: take both from the same layer"
        )
    if not 1 <= count <= len(features):
        raise ValueError(
            f"cannot give {count} neighbours of {len(features)} rows: ask for 1 to "
            f"{len(features)}"
        )
    rows, asked = features.flatten(1).double(), query.flatten(1).double()
    # exactly: |a|^2 + |b|^2 - 2ab would lose the small distances to rounding
    mode = "donot_use_mm_for_euclid_dist"
    distances = torch.cdist(asked, rows, compute_mode=mode)
    order = distances.argsort(dim=1, stable=True)[:, :count]
    return order, distances.gather(1, order)


def agreement(labels: Tensor, found: Tensor, of: Tensor) -> float:
    """Share of the neighbours that carry the label of their query, from 0 to 1.

    Shape: labels (N,) of all rows, found (Q, count) row numbers, of (Q,) the labels of
    the queries.
    """
    return (labels[found] == of.unsqueeze(1)).double().mean().item()
