"""Weights files: what goes in comes out, and every wrong file is named."""

import errno
import json
import re
from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import nn

from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import ALEXNET_QUARTER_BN, LENET5, resized
from alexnet_lib.architecture.weights import FORMAT, load_weights, save_weights

DIGITS = tuple("0123456789")
LENET_FILE = {
    "variant": "LENET5",
    "dataset": "MNIST",
    "resize": 28,
    "normalise": None,
    "class_names": DIGITS,
    "record": "lenet.json",
}


@pytest.fixture
def lenet() -> nn.Sequential:
    torch.manual_seed(0)
    return build_model(LENET5)


@pytest.fixture
def file(tmp_path: Path, lenet) -> Path:
    path = tmp_path / "lenet.safetensors"
    save_weights(path, lenet, **LENET_FILE)
    return path


def rewrite(path: Path, tensors: dict | None = None, **metadata: str | None) -> None:
    """The same file with something exchanged; None leaves a field out."""
    with safetensors.safe_open(path, framework="pt") as opened:
        fields = opened.metadata() | metadata
    kept = {name: value for name, value in fields.items() if value is not None}
    tensors = safetensors.torch.load_file(path) if tensors is None else tensors
    safetensors.torch.save_file(tensors, path, kept)


def test_a_file_carries_all_that_evaluate_needs(file, lenet):
    loaded = load_weights(file)
    assert (loaded.variant, loaded.dataset, loaded.resize) == ("LENET5", "MNIST", 28)
    assert (loaded.normalise, loaded.record) == (None, "lenet.json")
    assert loaded.class_names == DIGITS
    assert loaded.spec == LENET5
    assert not loaded.model.training
    images = torch.linspace(0, 1, 784).view(1, 1, 28, 28)
    torch.testing.assert_close(
        loaded.model(images), lenet.eval()(images), rtol=0, atol=2e-3
    )
    for name, parameter in loaded.model.named_parameters():
        assert parameter.dtype == torch.float32
        assert parameter.requires_grad
        assert torch.equal(parameter, lenet.get_parameter(name).half().float())


def test_the_metadata_can_be_read_without_us(file):
    with safetensors.safe_open(file, framework="pt") as opened:
        metadata = opened.metadata()
        assert opened.get_tensor("conv1.weight").dtype == torch.float16
    assert metadata["format"] == "alexnet-course-weights-1"
    assert (metadata["variant"], metadata["dataset"]) == ("LENET5", "MNIST")
    assert json.loads(metadata["class_names"]) == list(DIGITS)
    assert json.loads(metadata["resize"]) == 28
    assert json.loads(metadata["record"]) == "lenet.json"


def test_a_variant_at_another_size_with_its_running_means(tmp_path):
    small = resized(ALEXNET_QUARTER_BN, (1, 112, 112))
    model = build_model(small)
    model.norm1.running_var.fill_(1e6)  # more than float16 can hold
    path = tmp_path / "quarter.safetensors"
    record = {"test_accuracy": 0.92, "curve": [0.8, 0.9]}
    settings = LENET_FILE | {"variant": "ALEXNET_QUARTER_BN", "record": record}
    settings |= {"resize": 112, "normalise": [0.286, 0.353]}
    save_weights(path, model, **settings)
    loaded = load_weights(path)
    assert loaded.spec == small
    assert loaded.record == record
    assert loaded.normalise == [0.286, 0.353]
    assert loaded.model.norm1.running_var.unique().tolist() == [1e6]
    assert loaded.model(torch.zeros(2, 1, 112, 112)).shape == (2, 10)


def test_float32_keeps_every_bit(tmp_path, lenet):
    save_weights(tmp_path / "f", lenet, **LENET_FILE, dtype=torch.float32)
    loaded = load_weights(tmp_path / "f").model.state_dict()
    assert all(torch.equal(t, loaded[n]) for n, t in lenet.state_dict().items())


def test_a_matrix_may_be_stored_as_two_factors(tmp_path, lenet):
    with torch.no_grad():  # of rank three, so three are enough
        lenet.fc3.weight.copy_(torch.randn(120, 3) @ torch.randn(3, 400) / 20)
    whole, thin = tmp_path / "whole", tmp_path / "thin"
    save_weights(whole, lenet, **LENET_FILE)
    save_weights(thin, lenet, **LENET_FILE, ranks={"fc3.weight": 3})
    tensors = safetensors.torch.load_file(thin)
    assert tensors["fc3.weight.left"].shape == (120, 3)
    assert tensors["fc3.weight.right"].shape == (3, 400)
    assert "fc3.weight" not in tensors
    assert thin.stat().st_size < whole.stat().st_size / 3
    loaded = load_weights(thin).model.fc3.weight
    torch.testing.assert_close(loaded, lenet.fc3.weight, rtol=0, atol=2e-3)


def test_weights_in_another_memory_order_are_the_same_weights(file, tmp_path, lenet):
    lenet.to(memory_format=torch.channels_last)
    save_weights(tmp_path / "f", lenet, **LENET_FILE)
    in_order = safetensors.torch.load_file(file)
    for name, tensor in safetensors.torch.load_file(tmp_path / "f").items():
        assert torch.equal(tensor, in_order[name])


def test_a_full_disk_leaves_the_old_file_whole(file, lenet, monkeypatch):
    before = file.read_bytes()

    def half_a_write(path: Path, content: bytes) -> int:
        with path.open("wb") as part:
            part.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half_a_write)
    message = (
        f"no room for 0.1 MB in '{file.parent}': free some space or choose another "
        "folder"
    )
    with pytest.raises(OSError, match=re.escape(message)):
        save_weights(file, lenet, **LENET_FILE)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_other_trouble_with_the_disk_keeps_its_own_words(tmp_path, lenet):
    with pytest.raises(FileNotFoundError, match="No such file or directory"):
        save_weights(tmp_path / "no" / "folder", lenet, **LENET_FILE)


def test_a_truncated_or_foreign_file_is_named(file):
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(
        ValueError,
        match=r"^lenet.safetensors is not a whole safetensors"
        r" file \(.+\): fetch or write it again$",
    ):
        load_weights(file)
    file.write_text("PK: a zip file, perhaps")
    with pytest.raises(ValueError, match="is not a whole safetensors file"):
        load_weights(file)


def test_a_missing_file_is_named(tmp_path):
    message = (
        f"no weights file '{tmp_path / 'none'}': the course's own are in data/weights, "
        "yours in the folder given to `train --out`"
    )
    with pytest.raises(FileNotFoundError, match=re.escape(message)):
        load_weights(tmp_path / "none")


AGAIN = "write it again with save_weights"


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        (
            {"format": "pt"},
            f"lenet.safetensors has format 'pt', not '{FORMAT}': it was not written by "
            "save_weights",
        ),
        (
            {"format": None},
            f"lenet.safetensors has format None, not '{FORMAT}': it was not written by "
            "save_weights",
        ),
        ({"dataset": None}, f"lenet.safetensors does not say its 'dataset': {AGAIN}"),
        (
            {"class_names": "a, b"},
            f"lenet.safetensors: 'class_names' is 'a, b', which is not JSON: {AGAIN}",
        ),
        (
            {"variant": "LENET_5"},
            "lenet.safetensors: no variant named 'LENET_5': did you mean 'LENET5'?",
        ),
        (
            {"resize": '"28"'},
            "lenet.safetensors: resize is '28': it must be a whole number of pixels",
        ),
        (
            {"class_names": '["a", "b"]'},
            "lenet.safetensors: 2 class names for 10 outputs: give one name for each",
        ),
        (
            {"resize": "32"},
            "lenet.safetensors is not 'LeNet-5 (sigmoid, average pooling)' for (1, 32, "
            "32): fc3.weight has shape (120, 400), not (120, 576); check variant and "
            "resize",
        ),
        (
            {"resize": "3"},
            "lenet.safetensors: conv2: a window of 5 does not fit in 1 pixels (1, plus "
            "0 of padding on each side): try a larger input or smaller window",
        ),
    ],
)
def test_wrong_metadata_is_named(file, metadata, message):
    rewrite(file, **metadata)
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        load_weights(file)


def test_missing_and_unknown_tensors_are_named(file):
    tensors = safetensors.torch.load_file(file)
    tensors["conv9.weight"] = tensors.pop("conv1.weight")
    rewrite(file, tensors)
    message = (
        "lenet.safetensors is not 'LeNet-5 (sigmoid, average pooling)': missing "
        "conv1.weight, unknown conv9.weight; name the variant that was trained"
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        load_weights(file)


def test_a_lonely_factor_is_named(file):
    tensors = safetensors.torch.load_file(file)
    tensors["fc3.weight.left"] = tensors.pop("fc3.weight")
    rewrite(file, tensors)
    message = (
        "lenet.safetensors: fc3.weight.left has no factor that fits it: write the file "
        "again"
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        load_weights(file)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"variant": "ALEXNET_QUARTER", "resize": 224},
            "the model for out is not 'AlexNet, a quarter as wide': missing "
            "conv3.weight, conv3.bias, conv4.weight and 9 more, unknown fc3.weight, "
            "fc3.bias, fc4.weight and 3 more; name the variant that was trained",
        ),
        (
            {"class_names": ["a"]},
            "out: 1 class names for 10 outputs: give one name for",
        ),
        ({"resize": 28.0}, "resize is 28.0: it must be a whole number of pixels"),
        (
            {"ranks": {"fc9.weight": 3}},
            "no tensor named 'fc9.weight' to factor: there are conv1.weight, "
            "conv1.bias, conv2.weight and 7 more",
        ),
        (
            {"ranks": {"conv1.weight": 3}},
            "conv1.weight has shape (6, 1, 5, 5): only a matrix has two factors",
        ),
        (
            {"ranks": {"fc5.weight": 11}},
            "rank 11 of fc5.weight: choose one from 1 to 10, its shorter side",
        ),
    ],
)
def test_what_could_not_be_loaded_is_not_written(tmp_path, lenet, changed, message):
    with pytest.raises((ValueError, TypeError), match=re.escape(message)):
        save_weights(tmp_path / "out", lenet, **(LENET_FILE | changed))
    assert list(tmp_path.iterdir()) == []


def test_a_network_that_has_run_away_is_not_written(tmp_path, lenet):
    with torch.no_grad():
        lenet.fc5.bias[0] = 1e5
    message = (
        "fc5.bias is not finite in float16: save with dtype=torch.float32, or train "
        "again with a smaller learning rate"
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        save_weights(tmp_path / "out", lenet, **LENET_FILE)
    save_weights(tmp_path / "out", lenet, **LENET_FILE, dtype=torch.float32)
    assert load_weights(tmp_path / "out").model.fc5.bias[0] == 1e5
