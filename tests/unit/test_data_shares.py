"""Batches divided among the processes of one training."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_lib.data import Batches


def make(num_images: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures of one pixel, and their numbers."""
    labels = torch.arange(num_images)
    return (labels * 37 % 256).to(torch.uint8).view(-1, 1, 1, 1), labels


@given(
    num_images=st.integers(4, 40),
    batch_size=st.integers(1, 20),
    processes=st.integers(1, 4),
    drop_last=st.booleans(),
)
@settings(deadline=None)
def test_the_shares_together_are_the_batches_of_one(
    num_images, batch_size, processes, drop_last
):
    rest = 0 if drop_last else num_images % batch_size
    if batch_size > num_images or (rest or batch_size) < processes:
        return
    images, labels = make(num_images)

    def batches(**share):
        generator = torch.Generator().manual_seed(3)
        return Batches(
            images,
            labels,
            batch_size,
            shuffle=True,
            drop_last=drop_last,
            generator=generator,
            **share,
        )

    shares = [batches(share=(rank, processes)) for rank in range(processes)]
    for _ in range(2):  # epochs
        for whole, *parts in zip(batches(), *shares, strict=True):
            together = torch.cat([chosen for _, chosen in parts])
            assert sorted(together.tolist()) == sorted(whole[1].tolist())
            sizes = [len(chosen) for _, chosen in parts]
            assert max(sizes) - min(sizes) <= 1
            for pictures, chosen in parts:
                assert torch.equal(pictures, images[chosen].float() / 255)
        shares = [batches(share=(rank, processes)) for rank in range(processes)]


def test_every_process_needs_an_image_of_every_batch():
    images, labels = make(33)
    message = (
        "the smallest batch has 1 images for 2 processes: choose another batch size"
    )
    with pytest.raises(ValueError, match=message):
        Batches(images, labels, 8, share=(0, 2))
    assert len(Batches(images, labels, 8, share=(0, 2), drop_last=True)) == 4
    with pytest.raises(ValueError, match="has 8 images for 9 processes"):
        Batches(images, labels, 8, share=(0, 9), drop_last=True)
    for share in ((2, 2), (-1, 2)):
        with pytest.raises(ValueError, match=r"share is \(.*2\): it must be a rank"):
            Batches(images, labels, 8, share=share)
