"""Numbers and findings in the text of notebook 14 are those that the library gives."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from alexnet_lib import data, runtime
from alexnet_lib.data import pictures
from alexnet_lib.inside import attribution
from alexnet_lib.learning import pointing, pretrained, shipped
from alexnet_lib.learning.checks import preparing, probe
from tests.notebooks.test_numbers import text_of

pytestmark = pytest.mark.notebooks


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("side becomes {} pixels", [pictures.IMAGENET_RESIZE]),
        ("the middle {0} x {0} is cut out", [pictures.IMAGENET_CROP]),
        ("one grey level, which is {}", [preparing.TOLERANCE]),
        ("in 16 bits, {:,} is white", [2**16 - 1]),
        ("The {} classes are nouns", [len(pretrained.imagenet_classes())]),
        ("normalisation, {} pictures of new classes", [probe.TO_LEARN]),
        ("and {} unseen ones", [probe.TO_JUDGE]),
    ],
)
def test_the_text_has_the_number_that_is_computed(phrase, numbers):
    assert phrase.format(*numbers) in text_of("14")


def test_a_grey_level_after_the_division():
    largest = 1 / 255 / min(pictures.IMAGENET_STD)
    assert pytest.approx(largest, rel=0.15) == preparing.TOLERANCE
    assert largest < preparing.TOLERANCE
    assert pretrained.published_alexnet().download_megabytes == 244


@pytest.fixture
def garments(real_data_root):
    return data.load(root=real_data_root)


@pytest.fixture(scope="module")
def network():
    return shipped.first_shipped("quarter").network


def named(network, images: Tensor) -> Tensor:
    with torch.no_grad():
        return network.model(shipped.prepare(network, images)).argmax(dim=1)


@pytest.mark.needs_data
def test_swapped_garments_are_not_known(network, garments):
    few, labels = garments.test_images[:500], garments.test_labels[:500]
    rights = [
        (named(network, x) == labels).float().mean().item() for x in (few, 255 - few)
    ]
    assert rights[0] > 0.9
    assert rights[1] < 1 / 3  # the last option of the prediction


@pytest.mark.needs_data
def test_gradient_times_picture_hardly_depends_on_the_weights(network, garments):
    text = text_of("14")
    assert "draws the garment, trained or not" in text
    shown = shipped.prepare(network, garments.test_images[:20])
    classes = named(network, garments.test_images[:20]).tolist()
    runtime.seed_everything(0)
    fresh = pointing.with_new_weights(network.model, "conv1")
    alike = {}
    for name in ("saliency", "product", "cam"):
        maps = []
        for net in (network.model, fresh):
            found = attribution.saliency(net, shown, classes)
            if name == "product":
                found = found * (shown[:, 0] - shown.min())
            if name == "cam":
                found = attribution.grad_cam(net, "relu5", shown, classes)
            maps.append(found)
        alike[name] = pointing.rank_correlation(*maps).mean().item()
    assert alike["product"] > 0.8  # the last option of the prediction
    assert "Saliency stands between" in text
    assert 0.3 < alike["saliency"] < 0.6
    assert "Grad-CAM's map becomes another one (rank correlation near 0)" in text
    assert abs(alike["cam"]) < 0.15


@pytest.mark.needs_data
def test_two_garments_are_as_the_text_says(network, garments):
    text = text_of("14")
    scenes = pointing.two_garments(garments, 200, torch.Generator().manual_seed(0))
    said = named(network, scenes.pictures)
    kept = (said == scenes.left) | (said == scenes.right)
    said, scenes = said[kept], scenes[kept]
    left = said == scenes.left
    other = torch.where(left, scenes.right, scenes.left)
    shown = shipped.prepare(network, scenes.pictures)
    hits: dict[str, list[float]] = {}
    maps: dict[str, list[Tensor]] = {}
    for asked, side in ((said, left), (other, ~left)):
        classes = asked.tolist()
        found = {
            "saliency": attribution.saliency(network.model, shown, classes),
            "cam": attribution.grad_cam(network.model, "relu5", shown, classes),
            "occlusion": torch.stack(
                [
                    attribution.occlusion_map(
                        network.model, x, label, 56, 56, shown.min().item()
                    )
                    for x, label in zip(shown[:24], classes[:24], strict=True)
                ]
            ),
        }
        for name, values in found.items():
            right = pointing.mostly_left(values) == side[: len(values)]
            hits.setdefault(name, []).append(right.float().mean().item())
            maps.setdefault(name, []).append(values)
    alike = {
        name: pointing.rank_correlation(*two).mean().item()
        for name, two in maps.items()
    }
    assert "saliency's map mostly stays where it was" in text
    assert alike["saliency"] > 0.4
    assert "it is right about as often as a coin" in text
    assert all(abs(share - 0.5) < 0.1 for share in hits["saliency"])
    assert "Grad-CAM moves, and is right more often. Occlusion moves as well" in text
    assert max(alike["cam"], alike["occlusion"]) < 0.1
    assert min(hits["cam"]) > 0.6
    assert "finds the named garment no more often than a coin may" in text
    assert 8 / 24 <= hits["occlusion"][0] <= 16 / 24


@pytest.mark.needs_data
def test_features_that_nobody_trained_know_digits_better(network, real_data_root):
    text = text_of("14")
    digits = data.load("MNIST", real_data_root)
    sets = digits.train_images[:300], digits.test_images[:300]

    def probed(seen: Tensor, unseen: Tensor) -> float:
        runtime.seed_everything(0)
        seen, unseen = ((x - seen.mean(dim=0)) / seen.std() for x in (seen, unseen))
        layer = probe.fit(seen, digits.train_labels[:300], 10)
        right = layer(unseen).argmax(dim=1) == digits.test_labels[:300]
        return right.float().mean().item()

    networks = [network.model]
    for seed in range(3):
        runtime.seed_everything(seed)
        networks.append(pointing.with_new_weights(network.model, "conv1"))
    pixels = probed(*(x.flatten(1).float() for x in sets))
    trained, *fresh = (
        probed(
            *(
                shipped.activations_of(replace(network, model=net), x, ["relu7"])[
                    "relu7"
                ]
                for x in sets
            )
        )
        for net in networks
    )
    assert "The features do better than the pixels." in text
    assert trained > pixels
    assert "features that nobody trained do better still" in text
    assert min(fresh) > trained
