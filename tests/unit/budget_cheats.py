"""Networks that try to hide what they keep, or what they compute."""

import torch
from torch import nn
from torch.nn import functional as F


def tiny(*layers: nn.Module) -> nn.Sequential:
    """3 maps in, `layers`, then an average and ten classes from 3 maps."""
    ends = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 10)
    return nn.Sequential(*layers, *ends)


def same_conv() -> nn.Conv2d:
    return nn.Conv2d(3, 3, 3, padding=1, bias=False)


class Wrapped(nn.Module):
    """Some way of computing maps, before an average and ten classes."""

    def __init__(self):
        super().__init__()
        self.conv, self.ends = same_conv(), tiny()
        self.make()

    def make(self) -> None:
        pass

    def maps(self, images):
        return self.conv(images)

    def forward(self, images):
        return self.ends(self.maps(images))


class SharedModule(Wrapped):
    """One convolution under three names: kept once, computed three times."""

    def make(self):
        self.again, self.once_more = self.conv, self.conv

    def maps(self, images):
        return self.once_more(self.again(self.conv(images)))


class CalledOften(Wrapped):
    def maps(self, images):
        for _ in range(9):
            images = self.conv(images)
        return images


class Functional(Wrapped):
    def maps(self, images):
        return F.conv2d(images, self.conv.weight, padding=1)


class ByHand(Wrapped):
    """A convolution as a product of matrices, and one as products and a sum."""

    def maps(self, images):
        columns = F.unfold(images, 3, padding=1)  # (N, 27, places)
        return (self.conv.weight.view(3, 27) @ columns).view(-1, 3, 32, 32)


class Products(Wrapped):
    def maps(self, images):
        return (images[:, None] * self.conv.weight[:, :, :1, :1]).sum(dim=2)


class InABuffer(Wrapped):
    def make(self):
        self.register_buffer("hidden", torch.rand(3, 3, 3, 3))

    def maps(self, images):
        return F.conv2d(images, self.hidden, padding=1)


class Lazily(Wrapped):
    def make(self):
        self.lazy = nn.LazyConv2d(3, 3, padding=1, bias=False)

    def maps(self, images):
        return self.lazy(images)


class MadeInForward(Wrapped):
    def maps(self, images):
        if not hasattr(self, "late"):
            self.late = same_conv()
        return self.late(images)


class NormWithLuggage(Wrapped):
    """A buffer that calls itself a running mean, and is far too long for one."""

    def make(self):
        self.norm = nn.BatchNorm2d(3)
        self.norm.running_mean = torch.rand(3_000)

    def maps(self, images):
        return F.conv2d(images, self.norm.running_mean[:81].view(3, 3, 3, 3), padding=1)


class NotRegistered(Wrapped):
    def make(self):
        self.hidden = [same_conv()]

    def maps(self, images):
        return self.hidden[0](images)


class SharedStorage(Wrapped):
    """Ten registered numbers, and a thousand behind them in the same storage."""

    def make(self):
        everything = torch.rand(1_000)
        self.few = nn.Parameter(everything[:10])


class Numpy(Wrapped):
    def maps(self, images):
        return torch.from_numpy(images.numpy() * 2)


class NumpyAtTheEnd(Wrapped):
    def forward(self, images):
        return torch.from_numpy(self.ends(images).numpy().copy())


class Squares(Wrapped):
    """a b = ((a + b)^2 - a^2 - b^2) / 2: products without a product."""

    def maps(self, images):
        return (images + 1).square()


class RandomWeights(Wrapped):
    def maps(self, images):
        return F.conv2d(images, torch.rand(3, 3, 3, 3), padding=1)


class GrowsWithTheBatch(Wrapped):
    def maps(self, images):
        return self.conv(images) if len(images) > 1 else images
