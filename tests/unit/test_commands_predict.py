"""predict, from a picture to the probabilities."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from alexnet_lib import __main__
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.architecture.weights import load_weights, save_weights
from alexnet_lib.data import CLASS_NAMES
from tests.unit.command_line import call, error_of
from tests.unit.small_data import small_data


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that has seen nothing: what it says is still what it says."""
    path = tmp_path_factory.mktemp("weights") / "weights.safetensors"
    torch.manual_seed(0)
    save_weights(
        path,
        build_model(find_variant("LENET5_RELU")),
        variant="LENET5_RELU",
        dataset="FashionMNIST",
        resize=28,
        normalise=None,
        class_names=CLASS_NAMES["FashionMNIST"],
        record="none.json",
    )
    return path


def test_predict_equals_the_network_on_the_stored_bytes(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture
):
    Image.fromarray(small_data().test_images[0, 0].numpy()).save(tmp_path / "one.png")
    result = call(capsys, "predict", weights, tmp_path / "one.png")
    with torch.no_grad():
        logits = load_weights(weights).model(small_data().test_images[:1].float() / 255)
    expected = logits.softmax(dim=1)[0].tolist()
    assert result["probabilities"] == pytest.approx(expected, abs=1e-6)
    assert result["classes"] == list(CLASS_NAMES["FashionMNIST"])
    assert result["notes"] == []


def test_predict_prepares_any_picture_and_says_how(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture
):
    Image.new("RGB", (90, 60), "white").save(tmp_path / "photo.jpg")
    result = call(capsys, "predict", weights, tmp_path / "photo.jpg")
    assert result["notes"] == [
        "converted from RGB to grey",
        "resized from 90 x 60 to 28 x 28, the size of a picture in FashionMNIST",
        "the background is light, in FashionMNIST it is black: try with --invert",
    ]
    assert sum(result["probabilities"]) == pytest.approx(1, abs=1e-4)
    inverted = call(capsys, "predict", weights, tmp_path / "photo.jpg", "--invert")
    assert len(inverted["notes"]) == 2
    Image.new("RGBA", (28, 28), (255, 255, 255, 0)).save(tmp_path / "clear.png")
    clear = call(capsys, "predict", weights, tmp_path / "clear.png")
    assert clear["notes"][0] == "transparent parts became black"
    assert clear["probabilities"] == inverted["probabilities"]
    assert __main__.main(["predict", str(weights), str(tmp_path / "clear.png")]) == 0
    first, *_ = capsys.readouterr().out.splitlines()
    assert first.strip().startswith(f"{max(clear['probabilities']):.2%}")


def test_predict_without_a_picture_is_one_line(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture
):
    (tmp_path / "notes.txt").write_text("not a picture")
    message = error_of(capsys, "predict", weights, tmp_path / "notes.txt")
    assert message == "notes.txt is not a picture that PIL can open"
    message = error_of(capsys, "predict", weights, tmp_path / "none.png")
    assert message.startswith("no picture ")


def test_a_folder_and_a_picture_cut_short_are_one_line(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture
):
    message = error_of(capsys, "predict", weights, tmp_path)
    assert message == f"cannot read {str(tmp_path)!r} (Is a directory): name a picture"
    short = tmp_path / "short.png"
    Image.effect_noise((64, 64), 90).save(short)
    short.write_bytes(short.read_bytes()[:2000])
    message = error_of(capsys, "predict", weights, short)
    assert message.startswith(f"cannot read {str(short)!r} (")
    assert message.endswith("): name a picture")
    assert "truncated" in message


def test_a_huge_picture_is_refused(weights: Path, tmp_path, capsys, monkeypatch):
    Image.new("L", (60, 60)).save(tmp_path / "huge.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    message = error_of(capsys, "predict", weights, tmp_path / "huge.png")
    assert message.startswith("huge.png has more pixels than PIL opens (")
    assert message.endswith("): make it smaller")
