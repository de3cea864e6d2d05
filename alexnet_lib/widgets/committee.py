"""The dropout committee: many masks of one trained network, and the whole of it."""

from collections.abc import Sequence
from html import escape

import ipywidgets
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import Batches
from alexnet_lib.figures.style import image_tag
from alexnet_lib.widgets.caption import Caption
from alexnet_lib.widgets.committee_drawing import (
    Committee,
    describe_committee,
    draw_committee,
)
from alexnet_lib.widgets.garments import one_thread
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("committee")

AT_OUTPUTS, AT_INPUTS = say("at_outputs"), say("at_inputs")
MOST_MEMBERS, MOST_DROPPED, DEALS = 200, 90, 20  # masks, percent, ways to draw them
NAME = {"description_width": "90px"}
WIDE = {"width": "340px"}


class DropoutCommittee(Twinned):
    """Choose a picture, how much is dropped, where, and how many masks are asked."""

    def __init__(
        self,
        network: LoadedModel,
        images: Tensor,
        labels: Tensor,
        numbers: Sequence[int],
    ):
        if not numbers:
            raise ValueError("there are no pictures: name at least one by its number")
        if images.ndim != 4 or max(numbers) >= len(images) or min(numbers) < 0:
            raise ValueError(
                f"the pictures {min(numbers)} to {max(numbers)} are not all among "
                f"images of shape {tuple(images.shape)}: expected (N, 1, H, W)"
            )
        chosen = torch.as_tensor(numbers)
        self.numbers, self.names = list(numbers), network.class_names
        self.images, self.labels = images[chosen], labels[chosen].tolist()
        self._features = _up_to_fc6(network, self.images)
        model = network.model
        self.fc6, self.fc7, self.fc8 = model.fc6, model.fc7, model.fc8
        self.picture_number = _slider(say("picture"), 1, 1, len(numbers))
        self.dropped = _slider(say("dropped"), 50, 0, MOST_DROPPED, 10)
        self.members = _slider(say("networks"), 20, 1, MOST_MEMBERS)
        self.deal = _slider(say("draw"), 1, 1, DEALS)
        self.where = ipywidgets.ToggleButtons(
            options=[AT_OUTPUTS, AT_INPUTS],
            description=say("dropped_at"),
            style=NAME | {"button_width": "150px"},
        )
        self.picture, self.caption = Picture(), Caption()
        self.caption.add_class("committee-caption")
        controls = (
            self.picture_number,
            self.dropped,
            self.members,
            self.deal,
            self.where,
        )
        for control in controls:
            control.observe(self.redraw, names="value")
        super().__init__(
            children=[ipywidgets.VBox(controls), self.caption, self.picture]
        )
        self.redraw()

    def redraw(self, _change=None) -> None:
        """Ask the committee, draw its answers, and say the same in words."""
        self.committee = self.ask(self.dropped.value)
        words = describe_committee(self.committee)
        self.caption.say(words)
        self.picture.draw_svg(draw_committee(self.committee), words)

    def ask(self, percent: int) -> Committee:
        """What each member says of the chosen picture, and what the whole network."""
        place, share = self.picture_number.value - 1, percent / 100
        generator = torch.Generator().manual_seed(self.deal.value)
        features = self._features[place : place + 1]
        with torch.no_grad(), one_thread():
            whole = self._answers(features, 0.0, 1, generator)
            members = self._answers(features, share, self.members.value, generator)
        return Committee(
            image=self.images[place, 0].numpy(),
            number=self.numbers[place],
            label=self.labels[place],
            names=self.names,
            percent=percent,
            at_inputs=self.where.value == AT_INPUTS,
            members=members.numpy(),
            whole=whole[0].numpy(),
        )

    def words(self) -> str:
        return self.picture.alt

    def static_html(self) -> str:
        """The chosen picture with little, half and most of the units dropped."""
        parts = []
        for percent in (20, 50, 80):
            committee = self.ask(percent)
            words = describe_committee(committee)
            tag = image_tag(draw_committee(committee).encode(), words, kind="svg+xml")
            parts.append(f"<p>{escape(words)}</p>{tag}")
        return "".join(parts)

    def _answers(
        self, features: Tensor, share: float, members: int, generator: torch.Generator
    ) -> Tensor:
        """Probabilities of each member. Shape: (1, F) -> (members, classes)."""

        def drop(units: Tensor) -> Tensor:
            kept = torch.rand(members, units.shape[1], generator=generator) >= share
            return units * kept / (1 - share)  # (members, units)

        if self.where.value == AT_INPUTS:
            first = F.relu(self.fc6(drop(features)))
            second = F.relu(self.fc7(drop(first)))
        else:
            first = drop(F.relu(self.fc6(features)))
            second = drop(F.relu(self.fc7(first)))
        return self.fc8(second).double().softmax(dim=1)


def _slider(
    name: str, value: int, low: int, high: int, step: int = 1
) -> ipywidgets.IntSlider:
    return ipywidgets.IntSlider(
        value,
        low,
        high,
        step,
        description=name,
        style=NAME,
        layout=ipywidgets.Layout(**WIDE),
    )


def _up_to_fc6(network: LoadedModel, images: Tensor) -> Tensor:
    """What fc6 is given; no mask changes it.

    Shape: uint8 (N, C, H, W) -> (N, F).
    """
    names = [name for name, _ in network.model.named_children()]
    if missing := {"fc6", "fc7", "fc8"} - set(names):
        raise ValueError(
            f"the network has no layer {sorted(missing)[0]!r}: the committee needs "
            "fc6, fc7 and fc8"
        )
    before: nn.Sequential = network.model[: names.index("fc6")]
    batches = Batches(
        images,
        torch.zeros(len(images), dtype=torch.int64),
        len(images),
        resize=network.resize,
        normalise=network.normalise,
    )
    was_training = network.model.training
    network.model.eval()
    with torch.no_grad(), one_thread():
        features = before(batches.prepare(images))
    network.model.train(was_training)
    return features


def dropout_committee(
    network: LoadedModel, images: Tensor, labels: Tensor, numbers: Sequence[int]
) -> DropoutCommittee:
    """Ask a trained network with many masks at once; displays nothing by itself.

    numbers: which of the images uint8 (N, 1, 28, 28) can be chosen, the first at once.
    """
    return DropoutCommittee(network, images, labels, numbers)
