"""The check of the mean over ten crops, with the answers a class really gives."""

import torch
from torch import nn

from alexnet_lib.data import transforms
from alexnet_lib.learning.checks import ten_crop
from tests.unit.checking import assert_check_is_fair, stub


def ten_by_loops(network, images, size):
    answers = []
    for image in images:
        height, width = image.shape[1:]
        total = 0
        for top, left in (
            *((0, 0), (0, width - size), (height - size, 0)),
            (height - size, width - size),
            ((height - size) // 2, (width - size) // 2),
        ):
            view = image[None, :, top : top + size, left : left + size]
            for each in (view, torch.flip(view, [3])):
                total = total + network(each).softmax(dim=1)[0]
        answers.append(total / 10)
    return torch.stack(answers)


def ten_by_torchvision(network, images, size):
    from torchvision.transforms import v2

    shares = [network(view).softmax(dim=1) for view in v2.TenCrop(size)(images)]
    return sum(shares) / len(shares)


def of_views(network, views):
    return torch.stack([network(view) for view in views.unbind(1)])  # (V, N, classes)


def shares_of(network, images, size, chosen=slice(None)):
    crops = transforms.ten_crop(images, size)[:, chosen]
    return of_views(network, crops).softmax(dim=-1)


def upside_down(network, images, size):
    five = shares_of(network, images, size, slice(5)).mean(dim=0)
    turned = transforms.ten_crop(images, size)[:, :5].flip(3)
    return (five + of_views(network, turned).softmax(dim=-1).mean(dim=0)) / 2


def mixed_up(network, images, size):
    rows = shares_of(network, images, size).flatten(0, 1)  # crop by crop
    return rows.view(len(images), 10, -1).mean(dim=1)


WRONG_TENS = {
    "logits averaged": lambda m, x, s: (
        of_views(m, transforms.ten_crop(x, s)).mean(dim=0).softmax(dim=-1)
    ),
    "no softmax": lambda m, x, s: of_views(m, transforms.ten_crop(x, s)).mean(dim=0),
    "no flips": lambda m, x, s: shares_of(m, x, s, slice(5)).mean(dim=0),
    "centre only": lambda m, x, s: shares_of(m, x, s, [4]).mean(dim=0),
    "centre and its mirror": lambda m, x, s: shares_of(m, x, s, [4, 9]).mean(dim=0),
    "one flip": lambda m, x, s: shares_of(m, x, s, [0, 1, 2, 3, 4, 9]).mean(dim=0),
    "corners only": lambda m, x, s: shares_of(m, x, s, [0, 1, 2, 3, 5, 6, 7, 8]).mean(
        dim=0
    ),
    "upside down": upside_down,
    "votes": lambda m, x, s: (
        nn.functional.one_hot(shares_of(m, x, s).argmax(dim=-1), 4).double().mean(dim=0)
    ),
    "summed": lambda m, x, s: shares_of(m, x, s).sum(dim=0),
    "largest": lambda m, x, s: shares_of(m, x, s).max(dim=0).values,
    "pictures mixed up": mixed_up,
    "softmax over the crops": lambda m, x, s: (
        of_views(m, transforms.ten_crop(x, s)).softmax(dim=0).mean(dim=0)
    ),
}


def test_average_of_ten():
    assert_check_is_fair(
        ten_crop.check_average_of_ten,
        right=[ten_by_loops, ten_by_torchvision, ten_crop.average_of_ten],
        wrong=WRONG_TENS,
        todo=stub,
    )


def test_average_of_ten_messages():
    check = ten_crop.check_average_of_ten
    result = check(lambda m, x, s: shares_of(m, x, s))
    assert "its shape is (10, 1, 4), which should be (1, 4)" in result.message
    result = check(lambda m, x, s: torch.full((len(x), 4), 0.25))
    assert "Hint: cut the ten crops of one picture, then average" in result.message


def test_ten_shares_make_one():
    generator = torch.Generator().manual_seed(1)
    images = torch.rand(6, 1, 7, 7, generator=generator, dtype=torch.float64)
    network = nn.Sequential(nn.Flatten(), nn.Linear(25, 3, dtype=torch.float64))
    shares = ten_crop.average_of_ten(network, images, 5)
    torch.testing.assert_close(shares.sum(dim=1), torch.ones(6).double())
    assert not shares.requires_grad
