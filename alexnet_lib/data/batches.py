"""Mini-batches from images that stay where they are, as bytes."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from alexnet_lib.data.resize import resize_like_pil

Statistic = float | Sequence[float]  # one number, or one per channel


class Batches:
    """Mini-batches of (images, labels), to be iterated once per epoch.

    The bytes are put on the device once; resizing and scaling happen batch by batch,
    so no larger copy of the whole set ever exists.

    Shape: uint8 (N, C, H, W) and int64 (N,) -> float32 (n, C, H, W) in [0, 1] and (n,).
    resize: new height and width in pixels, by PIL's bilinear rule (see `resize.py`).
    normalise: (mean, std) in units of [0, 1]; the images become (images - mean) / std.
    shuffle: a new order each epoch, drawn from `generator` (torch's own when None).
    share: (rank, processes) gives one image of `processes` of each batch, for a
        training in several processes whose generators have the same seed.
    """

    def __init__(
        self,
        images: Tensor,
        labels: Tensor,
        batch_size: int,
        *,
        shuffle: bool = False,
        resize: int | None = None,
        normalise: tuple[Statistic, Statistic] | None = None,
        generator: torch.Generator | None = None,
        device: str | torch.device = "cpu",
        drop_last: bool = False,
        share: tuple[int, int] = (0, 1),
    ):
        _check_pair(images, labels)
        if batch_size < 1:
            raise ValueError(f"batch_size is {batch_size}: it must be at least 1")
        if drop_last and batch_size > len(images):
            raise ValueError(
                f"batch_size {batch_size} with drop_last leaves nothing of "
                f"{len(images)} images: choose a smaller batch"
            )
        if resize is not None and resize < 1:
            raise ValueError(f"resize is {resize}: it must be at least 1 pixel")
        self.rank, self.processes = share
        if not 0 <= self.rank < self.processes:
            raise ValueError(
                f"share is {share}: it must be a rank from 0, and how many there are"
            )
        last = (0 if drop_last else len(images) % batch_size) or batch_size
        if last < self.processes:
            raise ValueError(
                f"the smallest batch has {last} images for {self.processes} processes: "
                "choose another batch size"
            )
        self.images = images.to(device)
        self.labels = labels.to(device)
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.resize = resize
        self.generator = generator
        self.drop_last = drop_last
        self._mean, self._std = self._statistics(normalise)

    def __len__(self) -> int:
        """Mini-batches in an epoch."""
        whole, rest = divmod(len(self.images), self.batch_size)
        return whole if self.drop_last or not rest else whole + 1

    @property
    def num_images(self) -> int:
        """Images in an epoch: all of them, less what drop_last leaves out."""
        return min(len(self.images), len(self) * self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        order = None
        if self.shuffle:
            order = torch.randperm(len(self.images), generator=self.generator)
            order = order.to(self.images.device)
        for start in range(0, self.num_images, self.batch_size):
            end = min(start + self.batch_size, self.num_images)
            rows = slice(start + self.rank, end, self.processes)
            if order is not None:
                rows = order[rows]
            yield self.prepare(self.images[rows]), self.labels[rows]

    def prepare(self, images: Tensor) -> Tensor:
        """Resize and scale as every batch is: for one picture that is to be classified.

        Shape: uint8 (n, C, H, W) -> float32 (n, C, H', W').
        """
        if self.resize is not None:
            images = resize_like_pil(images, self.resize)
        images = images.to(torch.float32).div_(255)
        if self._mean is not None:
            images = images.sub_(self._mean).div_(self._std)
        return images

    def _statistics(
        self, normalise: tuple[Statistic, Statistic] | None
    ) -> tuple[Tensor | None, Tensor | None]:
        if normalise is None:
            return None, None
        channels = self.images.shape[1]
        mean, std = (
            torch.tensor(numbers, dtype=torch.float32).reshape(1, -1, 1, 1)
            for numbers in normalise
        )
        if {mean.shape[1], std.shape[1]} - {1, channels}:
            raise ValueError(
                f"normalise has {mean.shape[1]} means and {std.shape[1]} deviations "
                f"for {channels} channels: give one of each, or one per channel"
            )
        if not (std > 0).all():
            raise ValueError(
                f"normalise divides by {std.flatten().tolist()}: a standard deviation "
                "must be above 0"
            )
        return mean.to(self.images.device), std.to(self.images.device)


def split(
    images: Tensor,
    labels: Tensor,
    num_valid: int | None = None,
    generator: torch.Generator | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Set some training images aside at random, to choose by: the validation set.

    Returns train_images, train_labels, valid_images, valid_labels. `num_valid`: a
    twelfth by default, 5,000 of 60,000.
    """
    _check_pair(images, labels)
    if num_valid is None:
        num_valid = len(images) // 12
    if not 0 < num_valid < len(images):
        raise ValueError(
            f"cannot set {num_valid} of {len(images)} images aside: choose from 1 to "
            f"{len(images) - 1}"
        )
    order = torch.randperm(len(images), generator=generator).to(images.device)
    train, valid = order[num_valid:], order[:num_valid]
    return images[train], labels[train], images[valid], labels[valid]


def mean_and_std(images: Tensor) -> tuple[list[float], list[float]]:
    """Of each channel, on the scale from 0 to 1. Shape: uint8 (N, C, H, W)."""
    values = torch.arange(256, dtype=torch.float64) / 255
    mean, std = [], []
    for channel in images.unbind(dim=1):
        share = channel.flatten().bincount(minlength=256).double() / channel.numel()
        centre = (share * values).sum()
        mean.append(round(centre.item(), 4))
        std.append(round((share * (values - centre).square()).sum().sqrt().item(), 4))
    return mean, std


def _check_pair(images: Tensor, labels: Tensor) -> None:
    for name, tensor, dtype in (
        ("images", images, torch.uint8),
        ("labels", labels, torch.int64),
    ):
        if not isinstance(tensor, Tensor):
            raise TypeError(
                f"{name} must be a torch tensor, got {type(tensor).__name__}: use "
                "torch.from_numpy or torch.as_tensor"
            )
        if tensor.dtype != dtype:
            raise TypeError(f"{name} must be {dtype}, got {tensor.dtype}")
    if images.ndim != 4:
        raise ValueError(
            f"expected images (N, C, H, W), got shape {tuple(images.shape)}: "
            "images.unsqueeze(1) adds the channel"
        )
    if labels.ndim != 1:
        raise ValueError(f"expected labels (N,), got shape {tuple(labels.shape)}")
    if len(images) != len(labels):
        raise ValueError(
            f"{len(images)} images but {len(labels)} labels: each image needs one"
        )
    if len(images) == 0:
        raise ValueError("there are no images: at least one is needed")
