"""Check of notebook 14: a linear layer on the features of a frozen network."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.inside.recorder import ActivationRecorder, evaluating
from alexnet_lib.learning.checks.engine import exercise
from alexnet_lib.learning.result import CheckResult, failed, passed, todo

FEATURES = "relu7"
NUM_CLASSES = 3  # of the new task; the network was made for five others
PIXELS, WIDTH, OLD_CLASSES = 16, 24, 5
TO_LEARN, TO_JUDGE = 90, 150  # pictures
LEAST = 0.9  # of the pictures judged
STEPS, RATE = 200, 0.01

Probe = Callable[[nn.Module, Tensor, Tensor, int], nn.Linear]


@dataclass(frozen=True)
class Task:
    """A network that knows other classes, and pictures of three new ones."""

    network: nn.Sequential
    images: Tensor  # (N, 1, 4, 4)
    labels: Tensor
    unseen_images: Tensor
    unseen_labels: Tensor


def make_task(seed: int = 0) -> Task:
    """The same task for the same seed; the network is in train mode."""
    draw = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        layers = {
            "flatten": nn.Flatten(),
            "fc7": nn.Linear(PIXELS, WIDTH),
            "norm7": nn.BatchNorm1d(WIDTH),
            FEATURES: nn.ReLU(),
            "drop7": nn.Dropout(0.5),
            "fc8": nn.Linear(WIDTH, OLD_CLASSES),
        }
    network = nn.Sequential(OrderedDict(layers))
    for parameter in network.parameters():
        parameter.data = torch.randn(parameter.shape, generator=draw) / 4
    centres = 2 * torch.randn(NUM_CLASSES, 1, 4, 4, generator=draw)
    labels = torch.arange(TO_LEARN + TO_JUDGE) % NUM_CLASSES
    noise = torch.randn(len(labels), 1, 4, 4, generator=draw)
    images = centres[labels] + 0.7 * noise
    return Task(
        network,
        images[:TO_LEARN],
        labels[:TO_LEARN],
        images[TO_LEARN:],
        labels[TO_LEARN:],
    )


def features_of(network: nn.Module, images: Tensor, layer: str = FEATURES) -> Tensor:
    with torch.no_grad(), evaluating(network):
        with ActivationRecorder(network, [layer]) as recorder:
            network(images)
        return recorder[layer].flatten(1)


def fit(
    features: Tensor, labels: Tensor, num_classes: int, steps: int = STEPS
) -> nn.Linear:
    """One linear layer, trained on these rows. Shape: (N, F), (N,)."""
    probe = nn.Linear(features.shape[1], num_classes)
    optimizer = torch.optim.Adam(probe.parameters(), lr=RATE)
    for _step in range(steps):
        loss = F.cross_entropy(probe(features), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return probe


# --- a probe as it should be, and whatever goes wrong with one ------------------------
def any_probe(
    *,
    layer: str = FEATURES,
    trains: bool = True,
    in_train_mode: bool = False,
    everything: bool = False,
    outputs: int | None = None,
) -> Probe:
    def wrong(
        network: nn.Module, images: Tensor, labels: Tensor, num_classes: int
    ) -> nn.Linear:
        if in_train_mode:
            network.train()(images)
        features = features_of(network, images, layer)
        if everything:
            for parameter in network.parameters():
                parameter.data.mul_(0.9)
        return fit(features, labels, outputs or num_classes, STEPS if trains else 0)

    return wrong


linear_probe = any_probe()
PROBE_MISTAKES: dict[str, Probe] = {
    "network trained": any_probe(everything=True),
    "train mode": any_probe(in_train_mode=True),
    "on the logits": any_probe(layer="fc8"),
    "on the pixels": any_probe(layer="flatten"),
    "old classes": any_probe(outputs=OLD_CLASSES),
    "not trained": any_probe(trains=False),
}


# --- the check ------------------------------------------------------------------------
@exercise("linear_probe")
def check_linear_probe(student: Probe) -> CheckResult:
    """`linear_probe(network, images, labels, num_classes)`: a trained nn.Linear."""
    if not callable(student):
        return failed(
            f"linear_probe should be a function, not {type(student).__name__}"
        )
    task = make_task()
    before = {name: t.clone() for name, t in task.network.state_dict().items()}
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            probe = student(task.network, task.images, task.labels, NUM_CLASSES)
    except NotImplementedError:
        return todo("write the body of linear_probe, then run this cell again")
    except Exception as error:  # whatever the learner's code raises is the finding
        return failed(f"linear_probe raised {type(error).__name__}: {error}")
    return (
        _wrong_kind(probe)
        or _network_changed(task.network, before)
        or _accuracy(probe, task)
    )


def _wrong_kind(probe: Any) -> CheckResult | None:
    if type(probe) is not nn.Linear:
        kind = type(probe).__name__
        return failed(f"linear_probe should give an nn.Linear, not {kind}")
    wrong_inputs = {
        OLD_CLASSES: ("on the logits", "the network's logits, its old classes"),
        PIXELS: ("on the pixels", "the pixels: those need no network"),
    }
    if probe.in_features in wrong_inputs:
        mistake, what = wrong_inputs[probe.in_features]
        return failed(
            f"your probe reads {probe.in_features} numbers, as if its inputs were "
            f"{what}; {FEATURES} gives {WIDTH}",
            mistake,
        )
    if (probe.in_features, probe.out_features) != (WIDTH, NUM_CLASSES):
        return failed(
            f"your probe goes from {probe.in_features} to {probe.out_features} "
            f"numbers: {FEATURES} gives {WIDTH}, and there are {NUM_CLASSES} new "
            "classes",
            "old classes" if probe.out_features == OLD_CLASSES else None,
        )
    return None


def _network_changed(
    network: nn.Module, before: dict[str, Tensor]
) -> CheckResult | None:
    after = network.state_dict()
    changed = [name for name, t in before.items() if not torch.equal(t, after[name])]
    weights = {name for name, _parameter in network.named_parameters()}
    if trained := [name for name in changed if name in weights]:
        return failed(
            f"the network has changed ({trained[0]}): only the new layer is trained, "
            "so give the optimiser nothing else",
            "network trained",
        )
    if changed:
        return failed(
            f"the network has changed ({changed[0]}): in train mode batch "
            "normalisation updates its statistics, and dropout drops features",
            "train mode",
        )
    if any(len(layer._forward_hooks) for layer in network.modules()):
        return failed("a hook was left behind: record inside a `with` block", "hook")
    return None


def _accuracy(probe: nn.Linear, task: Task) -> CheckResult:
    with torch.no_grad():
        logits = probe(features_of(task.network, task.unseen_images))
    right = (logits.argmax(dim=1) == task.unseen_labels).float().mean().item()
    words = f"{right:.0%} of {TO_JUDGE} unseen pictures are named rightly"
    if right < LEAST:
        return failed(
            f"{words}, and {LEAST:.0%} can be: does the loss fall while you train",
            "not trained" if right < 0.6 else None,
        )
    return passed(f"{words}, and the network is as it was")
