"""Lower rank by what a layer says of images, against plain SVD and against algebra."""

import pytest
import torch
from torch import nn

from alexnet_lib.architecture.low_rank import project_outputs
from alexnet_lib.architecture.weights import load_weights, save_weights


def make_model() -> nn.Sequential:
    torch.manual_seed(0)
    model = nn.Sequential()
    model.add_module("flatten", nn.Flatten())
    model.add_module("fc6", nn.Linear(64, 48))
    model.add_module("relu6", nn.ReLU())
    model.add_module("fc7", nn.Linear(48, 32))
    return model.double().eval()


def few_directions(num_images: int, seed: int = 1) -> torch.Tensor:
    """Images that span five directions, as real ones span few."""
    generator = torch.Generator().manual_seed(seed)
    basis = torch.randn(5, 64, dtype=torch.float64, generator=torch.Generator())
    weights = torch.randn(
        num_images, 5, dtype=torch.float64, generator=generator
    ) * torch.tensor([8.0, 4.0, 2.0, 0.1, 0.01], dtype=torch.float64)
    return (weights @ basis).view(num_images, 1, 8, 8)


def test_a_rank_that_holds_all_outputs_changes_none_of_them():
    model, images = make_model(), few_directions(60)
    before = model[:2](images)
    project_outputs(model, images.split(20), {"fc6": 6})  # five, and the mean
    assert torch.linalg.matrix_rank(model.fc6.weight) <= 6
    torch.testing.assert_close(model[:2](images), before, rtol=1e-9, atol=1e-9)


def test_no_other_matrix_of_this_rank_comes_nearer():
    """Eckart and Young: the error is that of the best approximation of the outputs."""
    model, images = make_model(), few_directions(60)
    outputs = model[:2](images).detach()
    project_outputs(model, [images], {"fc6": 2})
    found = (model[:2](images) - outputs).square().sum()
    centred = outputs - outputs.mean(dim=0)
    best = torch.linalg.svdvals(centred)[2:].square().sum()
    assert found.item() == pytest.approx(best.item(), rel=1e-6)


def test_the_second_layer_sees_what_the_changed_first_one_says():
    model, images = make_model(), few_directions(60)
    project_outputs(model, [images], {"fc6": 2, "fc7": 3})
    assert torch.linalg.matrix_rank(model.fc7.weight) <= 3
    step_by_step = make_model()
    project_outputs(step_by_step, [images], {"fc6": 2})
    project_outputs(step_by_step, [images], {"fc7": 3})
    torch.testing.assert_close(model.fc7.weight, step_by_step.fc7.weight)


@pytest.mark.parametrize(
    ("ranks", "message"),
    [
        ({"fc9": 2}, "no linear layer named 'fc9': there are fc6, fc7"),
        ({"relu6": 2}, "no linear layer named 'relu6': there are fc6, fc7"),
        ({"fc6": 0}, "rank 0 of fc6: 20 images and 48 outputs allow 1 to 20"),
        ({"fc6": 21}, "rank 21 of fc6: 20 images and 48 outputs allow 1 to 20"),
    ],
)
def test_mistakes_are_named(ranks: dict, message: str):
    with pytest.raises(ValueError, match=f"^{message}$"):
        project_outputs(make_model(), [few_directions(20)], ranks)


def test_the_shipped_network_survives_a_rank_that_plain_svd_does_not(tmp_path):
    """On the quarter-width network: the same ranks, factored in two ways."""
    from alexnet_lib import runtime
    from alexnet_lib.data import Batches, load

    path = runtime.course_file("weights/quarter.safetensors")
    data = load("FashionMNIST")
    loaded = load_weights(path)
    like = {"resize": loaded.resize, "normalise": loaded.normalise}
    seen = Batches(data.train_images[:200], data.train_labels[:200], 100, **like)
    unseen = Batches(data.test_images[:100], data.test_labels[:100], 100, **like)
    ((images, _),) = unseen
    with torch.no_grad():
        before = loaded.model(images).argmax(dim=1)

    def agreement(model: nn.Module) -> float:
        with torch.no_grad():
            return (model(images).argmax(dim=1) == before).float().mean().item()

    ranks = {"fc6": 5, "fc7": 5}
    facts = {
        "variant": loaded.variant,
        "dataset": loaded.dataset,
        "resize": loaded.resize,
        "normalise": loaded.normalise,
        "class_names": loaded.class_names,
        "record": loaded.record,
        "ranks": {f"{name}.weight": rank for name, rank in ranks.items()},
    }
    save_weights(tmp_path / "svd.safetensors", loaded.model, **facts)
    project_outputs(loaded.model, [images for images, _ in seen], ranks)
    save_weights(tmp_path / "pca.safetensors", loaded.model, **facts)
    small = (tmp_path / "pca.safetensors").stat().st_size
    assert small < 0.25 * path.stat().st_size
    by_outputs = agreement(load_weights(tmp_path / "pca.safetensors").model)
    by_svd = agreement(load_weights(tmp_path / "svd.safetensors").model)
    assert by_outputs > 0.65 > 0.5 > by_svd
