"""Mini-batches, and the resize that is PIL's, bit for bit."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from alexnet_lib.data import Batches, split
from alexnet_lib.data.resize import resize_by_matrices, resize_like_pil


def make(num_images: int, channels: int = 1, side: int = 8):
    generator = torch.Generator().manual_seed(num_images)
    shape = (num_images, channels, side, side)
    images = torch.randint(0, 256, shape, generator=generator, dtype=torch.uint8)
    return images, torch.arange(num_images)


def resize_with_pil(images: torch.Tensor, size: int) -> torch.Tensor:
    resized = [
        np.asarray(Image.fromarray(plane).resize((size, size), Image.BILINEAR))
        for plane in images.flatten(0, 1).numpy()
    ]
    return torch.from_numpy(np.stack(resized)).view(*images.shape[:2], size, size)


def test_a_batch_is_the_images_between_0_and_1():
    images, labels = make(10, channels=3)
    batches = Batches(images, labels, 4)
    assert len(batches) == 3
    assert batches.num_images == 10
    seen = list(batches)
    assert [len(batch) for batch, _ in seen] == [4, 4, 2]
    assert seen[0][0].dtype == torch.float32
    together = torch.cat([batch for batch, _ in seen])
    assert torch.equal(together, images.float() / 255)
    assert torch.cat([chosen for _, chosen in seen]).tolist() == list(range(10))


def test_the_images_given_stay_as_they_are():
    images, labels = make(6)
    before = images.clone()
    for batch, _ in Batches(images, labels, 3, normalise=(0.5, 0.25)):
        batch.zero_()
    assert torch.equal(images, before)


@given(
    num_images=st.integers(1, 40),
    batch_size=st.integers(1, 45),
    drop_last=st.booleans(),
    shuffle=st.booleans(),
)
@settings(deadline=None)
def test_every_image_comes_once(num_images, batch_size, drop_last, shuffle):
    if drop_last and batch_size > num_images:
        return
    images, labels = make(num_images, side=1)
    generator = torch.Generator().manual_seed(0)
    batches = Batches(
        images,
        labels,
        batch_size,
        shuffle=shuffle,
        drop_last=drop_last,
        generator=generator,
    )
    seen = list(batches)
    assert len(seen) == len(batches)
    chosen = torch.cat([some for _, some in seen])
    assert len(chosen) == batches.num_images
    assert len(chosen.unique()) == len(chosen)
    left_out = num_images - len(chosen)
    assert left_out == (num_images % batch_size if drop_last else 0)
    together = torch.cat([batch for batch, _ in seen])
    assert torch.equal(together, images[chosen].float() / 255)


def test_each_epoch_has_its_own_order_and_the_seed_repeats_them():
    images, labels = make(30)

    def epochs() -> list[list[int]]:
        generator = torch.Generator().manual_seed(5)
        batches = Batches(images, labels, 7, shuffle=True, generator=generator)
        orders = [torch.cat([some for _, some in batches]) for _ in range(2)]
        return [order.tolist() for order in orders]

    first, second = epochs()
    assert first != second
    assert sorted(first) == sorted(second) == list(range(30))
    assert epochs() == [first, second]


def test_normalise_is_in_units_of_0_to_1():
    images, labels = make(5, channels=3)
    mean, std = (0.1, 0.2, 0.3), (0.5, 0.6, 0.7)
    (batch, _), *_ = Batches(images, labels, 5, normalise=(mean, std))
    for channel in range(3):
        expected = (images[:, channel].double() / 255 - mean[channel]) / std[channel]
        assert torch.allclose(batch[:, channel].double(), expected, atol=1e-6)
    (batch, _), *_ = Batches(images, labels, 5, normalise=(0.5, 0.25))
    assert torch.allclose(batch, (images.float() / 255 - 0.5) / 0.25, atol=1e-6)


@pytest.mark.parametrize(
    ("old", "new"), [(28, 224), (28, 112), (32, 224), (32, 64), (28, 14)]
)
def test_resize_is_pils(old, new):
    images, labels = make(8, channels=3, side=old)
    expected = resize_with_pil(images, new)
    assert torch.equal(resize_like_pil(images, new), expected)
    batches = Batches(images, labels, 3, resize=new)
    resized = torch.cat([batch for batch, _ in batches])
    assert torch.equal(resized, expected.float() / 255)
    assert batches.images.shape[-1] == old  # no resized copy is kept


@pytest.mark.parametrize(("old", "new"), [(28, 227), (28, 20), (32, 112)])
def test_resize_is_nearly_pils_at_odd_ratios(old, new):
    images, _ = make(8, side=old)
    expected = resize_with_pil(images, new).int()
    assert (resize_like_pil(images, new).int() - expected).abs().max() <= 2


@pytest.mark.parametrize(
    ("old", "new", "levels"), [(28, 224, 0), (28, 112, 0), (32, 112, 2), (28, 20, 2)]
)
def test_resize_by_matrices_is_pils(old, new, levels):
    images, _ = make(8, side=old)
    ours = resize_by_matrices(images, new).int()
    assert (ours - resize_with_pil(images, new).int()).abs().max() <= levels


@pytest.mark.needs_gpu
def test_batches_on_a_gpu_are_those_of_the_cpu():
    images, labels = make(20, side=28)
    options = {"resize": 224, "normalise": (0.3, 0.4), "shuffle": True}
    pairs = zip(
        Batches(images, labels, 8, generator=torch.Generator(), **options),
        Batches(
            images, labels, 8, generator=torch.Generator(), device="cuda", **options
        ),
        strict=True,
    )
    for (here, labels_here), (there, labels_there) in pairs:
        assert there.is_cuda
        assert torch.allclose(here, there.cpu(), atol=1e-6)
        assert labels_here.tolist() == labels_there.tolist()


def test_split_sets_a_twelfth_aside():
    images, labels = make(60)
    parts = split(images, labels, generator=torch.Generator().manual_seed(0))
    train_images, train_labels, valid_images, valid_labels = parts
    assert (len(train_labels), len(valid_labels)) == (55, 5)
    assert sorted(torch.cat([train_labels, valid_labels]).tolist()) == list(range(60))
    assert torch.equal(train_images, images[train_labels])
    assert torch.equal(valid_images, images[valid_labels])
    again = split(images, labels, generator=torch.Generator().manual_seed(0))
    assert torch.equal(again[3], valid_labels)
    other = split(images, labels, 20, torch.Generator().manual_seed(1))
    assert len(other[3]) == 20


IMAGES, LABELS = make(6)


@pytest.mark.parametrize(
    ("images", "labels", "error", "message"),
    [
        (IMAGES, LABELS[:4], ValueError, "6 images but 4 labels: each image needs one"),
        (
            IMAGES[:, 0],
            LABELS,
            ValueError,
            "expected images (N, C, H, W), got shape (6, 8, 8): images.unsqueeze(1) "
            "adds the channel",
        ),
        (IMAGES, IMAGES.long(), ValueError, "expected labels (N,), got shape (6, 1, "),
        (
            IMAGES.float(),
            LABELS,
            TypeError,
            "images must be torch.uint8, got torch.float32",
        ),
        (IMAGES, LABELS.int(), TypeError, "labels must be torch.int64, got torch.int"),
        (
            IMAGES.numpy(),
            LABELS,
            TypeError,
            "images must be a torch tensor, got ndarray: use torch.from_numpy",
        ),
        (IMAGES[:0], LABELS[:0], ValueError, "there are no images: at least one is"),
    ],
)
def test_images_and_labels_that_do_not_fit(images, labels, error, message):
    with pytest.raises(error) as caught:
        Batches(images, labels, 2)
    assert str(caught.value).startswith(message)
    with pytest.raises(error):
        split(images, labels, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "batch_size is 0: it must be at least 1"),
        (
            {"batch_size": 7, "drop_last": True},
            "batch_size 7 with drop_last leaves nothing of 6 images: choose a smaller "
            "batch",
        ),
        ({"resize": 0}, "resize is 0: it must be at least 1 pixel"),
        (
            {"normalise": ((0.1, 0.2), 0.5)},
            "normalise has 2 means and 1 deviations for 1 channels: give one of each, "
            "or one per channel",
        ),
        (
            {"normalise": (0.5, 0)},
            "normalise divides by [0.0]: a standard deviation must be above 0",
        ),
    ],
)
def test_options_that_cannot_work(options, message):
    with pytest.raises(ValueError, match=r".") as caught:
        Batches(IMAGES, LABELS, **{"batch_size": 2, **options})
    assert str(caught.value) == message


@pytest.mark.parametrize("num_valid", [0, 6, -1])
def test_a_split_that_leaves_nothing(num_valid):
    with pytest.raises(ValueError, match=r"images aside: choose from 1 to 5") as caught:
        split(IMAGES, LABELS, num_valid)
    assert str(caught.value).startswith(f"cannot set {num_valid} of 6 images aside")
