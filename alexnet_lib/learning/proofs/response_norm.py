"""Proofs of notebook 05: what LRN reads and does, and what the comparisons compared."""

import torch
from torch import Tensor, nn

from alexnet_lib.architecture.arithmetic import window_output_size
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.inside.recorder import ActivationRecorder
from alexnet_lib.learning.claims import Finding
from alexnet_lib.learning.hand_schedules import RUNS
from alexnet_lib.learning.published import CONFIGURATIONS, IN_THE_PAPER, NORMALISERS

PLACES = {  # where a number is changed, seen from the number that is watched
    "pixels": (0, 4, 1, 2),
    "pictures": (1, 4, 1, 1),
    "channels": (0, 5, 1, 1),
}
WATCHED = (0, 4, 1, 1)
PART = 0.05  # of the ceiling: LRN does something where it takes away at least this


def normalises_over(subject: str) -> Finding:
    """Does a number change when its neighbours in 'pixels, pictures' grow?"""
    a = _noise(2, 9, 3, 3).double()
    norm, moved = LocalResponseNorm(), []
    for place in subject.split(", "):
        louder = a.clone()
        louder[PLACES[place]] += 1000
        change = (norm(louder)[WATCHED] - norm(a)[WATCHED]).abs().item()
        moved.append((place, change))
    evidence = "; ".join(
        f"1000 more among the {place}: changed by {change:.2g}"
        for place, change in moved
    )
    answered = any(change > 0 for _, change in moved)
    return Finding("true" if answered else "false", evidence)


def amplifies(subject: str) -> Finding:
    """With 'k, beta', does any activation leave LRN larger than it came?"""
    k, beta = map(float, subject.split(", "))
    sizes = torch.logspace(-3, 6, 200, dtype=torch.float64)
    lone = torch.zeros(200, 5, 1, 1, dtype=torch.float64)
    lone[:, 2, 0, 0] = sizes  # no neighbours: nothing takes more away than must be
    gains = LocalResponseNorm(k=k, beta=beta)(lone)[:, 2, 0, 0] / sizes
    evidence = (
        f"activations from {sizes[0]:g} to {sizes[-1]:,.0f}, without neighbours: the "
        f"largest gain is {gains.max():.4f}, the smallest {gains.min():.2g}"
    )
    return Finding("true" if gains.max() > 1 else "false", evidence)


def torch_is_the_formula(subject: str) -> Finding:
    """Is torch's layer with this alpha the printed formula with 1e-4?"""
    a = 30 * _noise(2, 12, 3, 3).double()
    torchs = nn.LocalResponseNorm(size=5, alpha=float(subject), beta=0.75, k=2.0)(a)
    printed = LocalResponseNorm()(a)
    apart = ((torchs - printed).norm() / printed.norm()).item()
    evidence = f"alpha {subject}: {apart:.1%} apart on noise of standard deviation 30"
    return Finding("true" if apart < 1e-9 else "false", evidence)


def won_by_normalising(subject: str) -> Finding:
    """Without it, would 'run, top-5 error of the second place in %' have lost?"""
    name, second = subject.split(", ")
    error = 100 * RUNS[name].top5_error
    evidence = (
        f"run {name} ({RUNS[name].what}), one network: {error:.1f} % top-5 error on "
        f"the validation pictures; second place {float(second):.1f} %"
    )
    return Finding("true" if error >= float(second) else "false", evidence)


def overlap_is_free(subject: str) -> Finding:
    """Does a pooling window of 'size, side' at stride 2 read no more than 2 x 2 do?"""
    size, side = map(int, subject.split(", "))
    reads = {
        window: (window * window_output_size(side, window, 2)) ** 2
        for window in (size, 2)
    }
    evidence = (
        f"on {side} x {side} pixels: {reads[size]:,} numbers compared, by 2 x 2 "
        f"{reads[2]:,}; {reads[size] / reads[2]:.2f} times as many"
    )
    return Finding("true" if reads[size] <= reads[2] else "false", evidence)


def removes_what_the_paper_names(subject: str) -> Finding:
    """Does 'network without' lack only normalisers that the paper names?

    subject: a configuration of 2012, or 'variant with, variant without'.
    """
    if subject in CONFIGURATIONS:
        left = CONFIGURATIONS[subject].normalisers
        gone = [name for name in NORMALISERS if name not in left]
        unnamed = [name for name in gone if name not in IN_THE_PAPER]
    else:
        with_it, without = (
            [layer.name for layer in find_variant(name).layers if "norm" in layer.name]
            for name in subject.split(", ")
        )
        gone = [name for name in with_it if name not in without]
        unnamed = [name for name in gone if name not in ("norm1", "norm2")]
    named = (
        f", of which the paper does not name {', '.join(unnamed)}" if unnamed else ""
    )
    evidence = f"it lacks {', '.join(gone)}{named}"
    return Finding("false" if unnamed else "true", evidence)


def constants_fit(subject: str) -> Finding:
    """On pictures from 0 to this, does LRN take more than its constant factor?"""
    gains = gains_behind_relu1(_noise(4, 1, 112, 112).sigmoid() * float(subject))
    ceiling = 2**-0.75
    lowest = gains.quantile(0.01).item()
    evidence = (
        f"pictures from 0 to {subject}, fresh weights: 1 % of the gains lie under "
        f"{lowest:.4f}; where nothing is loud the gain is {ceiling:.4f}"
    )
    return Finding("true" if lowest < (1 - PART) * ceiling else "false", evidence)


def gains_behind_relu1(images: Tensor, seed: int = 0) -> Tensor:
    """What norm1 of the fresh quarter-width network multiplies each activation by.

    Shape: (N, 1, H, W) -> (as many as are above 0,).
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = build_model(find_variant("ALEXNET_QUARTER_LRN"))
        initialize(network, "xavier")
    upto = [name for name, _ in network.named_children()].index("norm1") + 1
    with ActivationRecorder(network, ["relu1", "norm1"]) as seen, torch.no_grad():
        network[:upto](images)
    alive = seen["relu1"] > 0
    return seen["norm1"][alive] / seen["relu1"][alive]


def _noise(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))
