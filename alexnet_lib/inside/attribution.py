"""Which pixels an answer rests on, asked in three ways that need not agree.

- Saliency (Simonyan, Vedaldi and Zisserman, 2014): how much would the class's logit
  change if a pixel changed a little?
- Occlusion (Zeiler and Fergus, 2014): how much does the logit lose when a square is
  covered?
- Grad-CAM (Selvaraju and others, 2017): where are the maps that speak for the class
  active?

Every function asks in eval mode, and leaves weights, modes and `.grad` as they were.
"""

from collections.abc import Sequence
from math import ceil

import torch
from torch import Tensor, nn

from alexnet_lib.inside.recorder import evaluating, find_layer

AT_ONCE = 32  # covered pictures that go through the model together


def saliency(model: nn.Module, images: Tensor, classes: Sequence[int]) -> Tensor:
    """Size of the gradient of one logit of each image; of the channels the largest.

    Shape: images (N, C, H, W), classes (N,) -> (N, H, W), in logits per unit of input.
    """
    _check(images, classes)
    inputs = images.detach().clone().requires_grad_()
    with evaluating(model), torch.enable_grad():
        chosen = _chosen(model(inputs), classes)
        (gradient,) = torch.autograd.grad(chosen.sum(), inputs)
    return gradient.abs().amax(dim=1)


@torch.no_grad()
def occlusion_map(
    model: nn.Module,
    image: Tensor,
    label: int,
    window: int = 32,
    stride: int = 16,
    cover: float = 0.0,
) -> Tensor:
    """What the logit of `label` loses under a square that covers each pixel.

    The square moves by `stride` pixels; where squares overlap, the map is their mean.
    At the right and lower edge the last square may hang over. `cover`: what is put in
    its place, in the units of the image.

    Shape: image (C, H, W) -> (H, W), in logits; positive speaks for the class.
    """
    _check(image.unsqueeze(0), [label])
    _, height, width = image.shape
    if not (0 < stride <= window <= min(height, width)):
        raise ValueError(
            f"needs 0 < stride <= window <= side, got stride {stride} and window "
            f"{window} on {height} x {width} pixels"
        )
    tops, lefts = (
        [step * stride for step in range(ceil((side - window) / stride) + 1)]
        for side in (height, width)
    )
    squares = image.new_zeros(len(tops) * len(lefts), height, width)
    corners = [(top, left) for top in tops for left in lefts]
    for square, (top, left) in zip(squares, corners, strict=True):
        square[top : top + window, left : left + window] = 1
    losses = []
    with evaluating(model):
        (whole,) = _chosen(model(image.unsqueeze(0)), [label])
        for few in squares.split(AT_ONCE):
            hidden = few.unsqueeze(1)  # (n, 1, H, W)
            covered = image * (1 - hidden) + cover * hidden
            losses.append(whole - _chosen(model(covered), [label] * len(few)))
    total = torch.einsum("n,nhw->hw", torch.cat(losses), squares)
    return total / squares.sum(dim=0)


def grad_cam(
    model: nn.Module, layer_name: str, images: Tensor, classes: Sequence[int]
) -> Tensor:
    """The maps of a layer, weighed by the mean gradient of one logit, and their ReLU.

    Shape: images (N, C, H, W), classes (N,) -> (N, h, w), as large as the layer's maps.
    """
    _check(images, classes)
    kept: list[Tensor] = []

    def hook(module: nn.Module, inputs: tuple, output: Tensor) -> Tensor:
        kept.append(output)
        return output.clone()  # an in-place ReLU behind may then change the copy

    inputs = images.detach().clone().requires_grad_()  # frozen layers pass it on, too
    with evaluating(model), torch.enable_grad():
        handle = find_layer(model, layer_name).register_forward_hook(hook)
        try:
            chosen = _chosen(model(inputs), classes)
        finally:
            handle.remove()
        (maps,) = kept  # (N, K, h, w)
        if maps.ndim != 4:
            raise ValueError(
                f"{layer_name!r} gives shape {tuple(maps.shape)}, not maps: name a "
                "layer before the flattening"
            )
        (gradient,) = torch.autograd.grad(chosen.sum(), maps)
    weights = gradient.mean(dim=(2, 3), keepdim=True)  # (N, K, 1, 1)
    return (weights * maps.detach()).sum(dim=1).relu()


def _chosen(logits: Tensor, classes: Sequence[int]) -> Tensor:
    """One logit of each image. Shape: (N, num_classes), (N,) -> (N,)."""
    columns = torch.as_tensor(classes, device=logits.device)
    low, high = int(columns.min()), int(columns.max())
    if low < 0 or high >= logits.shape[1]:
        raise ValueError(
            f"there are {logits.shape[1]} classes, numbered from 0, and the ones asked "
            f"for go from {low} to {high}"
        )
    return logits.gather(1, columns.unsqueeze(1)).squeeze(1)


def _check(images: Tensor, classes: Sequence[int]) -> None:
    if images.ndim != 4 or not images.is_floating_point():
        raise ValueError(
            "expected prepared images (N, C, H, W) in floats, got "
            f"{images.dtype} {tuple(images.shape)}"
        )
    if len(images) != len(classes):
        raise ValueError(
            f"{len(images)} images and {len(classes)} classes: name one class for each"
        )
