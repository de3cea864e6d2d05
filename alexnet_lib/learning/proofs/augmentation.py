"""Proofs of notebook 10: how many views, which colours, and what they buy."""

import torch

from alexnet_lib.data.colour_pictures import colour_patches, photograph
from alexnet_lib.data.transforms import (
    colour_directions,
    colour_shifts,
    random_crop,
    random_flip,
)
from alexnet_lib.learning.claims import Finding
from alexnet_lib.learning.proofs.beginnings import apart, shipped_records

SEED = 0
DRAWS = 4_000
INDEPENDENT = 0.1  # a correlation up to this, of so many draws, counts as none


def views_are_2048(subject: str) -> Finding:
    """Are there 2048 crops and mirrored crops, for 'side, crop' in pixels?"""
    side, crop = map(int, subject.split(","))
    places = len(torch.arange(side).unfold(0, crop, 1))
    views = 2 * places**2
    evidence = (
        f"a crop of {crop} has {places} places along {side} pixels: "
        f"{places} x {places} x 2 = {views} views"
    )
    return Finding("true" if views == 2048 else "false", evidence)


def three_versions_of_each(subject: str) -> Finding:
    """Do 50 epochs show three versions of each picture? 'drawn anew' or 'stored'."""
    generator = torch.Generator().manual_seed(SEED)
    pictures = torch.rand(4, 1, 8, 8, generator=generator)
    stored = [pictures[..., 1:7, 1:7], pictures[..., :6, :6], pictures[..., :6, 2:]]
    seen: list[set[tuple[float, ...]]] = [set() for _picture in pictures]
    for epoch in range(50):
        if subject == "stored":
            views = stored[epoch % 3]
        else:
            views = random_flip(random_crop(pictures, 6, generator), generator)
        for versions, view in zip(seen, views, strict=True):
            versions.add(tuple(view.flatten().tolist()))
    counts = [len(versions) for versions in seen]
    evidence = (
        f"{len(pictures)} pictures, 50 epochs of {len(pictures)} pictures: between "
        f"{min(counts)} and {max(counts)} versions of each came up"
    )
    return Finding("true" if set(counts) == {3} else "false", evidence)


def channels_move_alone(subject: str) -> Finding:
    """Are the shifts of red, green and blue independent? 'photograph', 'patches'."""
    images = {"photograph": photograph, "patches": colour_patches}[subject]()
    generator = torch.Generator().manual_seed(SEED)
    shifts = colour_shifts(
        colour_directions(images / 255), DRAWS, generator, convention="code_2012"
    )
    correlations = torch.corrcoef(shifts.T)
    largest = (correlations - torch.eye(3)).abs().max().item()
    evidence = (
        f"{DRAWS:,} draws for the {subject}: the correlation of red and blue is "
        f"{correlations[0, 2]:+.2f}"
    )
    return Finding("true" if largest <= INDEPENDENT else "false", evidence)


def mirrored_and_shifted_helps(subject: str) -> Finding:
    """Are three seeds with it all better on the test, for 'pictures, pictures, ...'?"""
    answers, words = set(), []
    for number in (int(word) for word in subject.split(",")):
        plain, changed = (accuracies_of(number, how) for how in ("none", "flip_crop"))
        better = apart(plain, changed) and min(changed) > max(plain)
        answers.add("true" if better else "false")
        words.append(
            f"{number:,} pictures: {_range(plain)} without, {_range(changed)} with"
        )
    verdict = answers.pop() if len(answers) == 1 else "depends"
    return Finding(verdict, "; ".join(words))


def accuracies_of(num_images: int, augmentation: str) -> list[float]:
    """Of the recorded runs on so many training pictures, in the order of the seeds."""
    runs = sorted(shipped_records("augmentation"), key=lambda run: run.seed)
    return [
        run.test_accuracy
        for run in runs
        if (run.train_images, run.recipe.augmentation) == (num_images, augmentation)
    ]


def _range(accuracies: list[float]) -> str:
    return f"{100 * min(accuracies):.1f} to {100 * max(accuracies):.1f} %"
