"""train and evaluate, from the command line to the files."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from alexnet_lib import __main__
from alexnet_lib.architecture.weights import load_weights
from alexnet_lib.commands import evaluate, train
from alexnet_lib.data import DataSet, mean_and_std
from alexnet_lib.training.records import load_record
from tests.unit.command_line import call, error_of
from tests.unit.small_data import small_data, train_here

BRIEF = ("--recipe", "lenet_relu", "--epochs", "2", "--batch-size", "32")
QUICK = (*BRIEF, "--precision", "float32")


@pytest.fixture
def small() -> DataSet:
    return small_data()


@pytest.fixture(autouse=True)
def _small_data(monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (train, evaluate):
        monkeypatch.setattr(command, "load", small_data)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trained") / "run"
    assert train_here([*QUICK, "--out", str(out)]) == 0
    return out


def test_train_writes_its_three_files_and_says_what_came_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture
):
    out = tmp_path / "run"
    result = call(capsys, "train", *QUICK, "--train-limit", "200", "--out", out)
    assert set(result) == {"out", "weights", "test_accuracy", "epochs", "seconds"}
    run = load_record(out / "run.json")
    assert (run.variant, run.recipe.name, run.seed) == ("LENET5_RELU", "lenet_relu", 0)
    assert (run.train_images, run.epochs, run.recipe.batch_size) == (200, 2, 32)
    assert run.test_accuracy == result["test_accuracy"]
    assert run.device.endswith("float32")
    assert Path(result["weights"]).is_file()
    assert list(out.glob("events.out.tfevents.*"))


def test_the_same_seed_gives_the_same_bits_and_another_seed_others(
    tmp_path: Path, trained: Path, capsys: pytest.CaptureFixture
):
    torch.rand(3)  # what was drawn before does not matter
    for seed in (0, 1):
        out = tmp_path / str(seed)
        call(capsys, "train", *QUICK, "--seed", str(seed), "--out", out)
    first, again, other = (
        load_file(folder / "weights.safetensors")
        for folder in (trained, tmp_path / "0", tmp_path / "1")
    )
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["conv1.weight"], other["conv1.weight"])
    losses = [
        [row.train_loss for row in load_record(folder / "run.json").curve]
        for folder in (trained, tmp_path / "0", tmp_path / "1")
    ]
    assert losses[0] == losses[1] != losses[2]


def test_alexnet_runs_through_the_same_command(
    tmp_path: Path, capsys: pytest.CaptureFixture
):
    arguments = ["--variant", "alexnet_quarter_bn", "--resize", "80", "--epochs", "1"]
    result = call(
        capsys, "train", *arguments, "--train-limit", "64", "--out", tmp_path / "run"
    )
    assert result["epochs"] == 1
    loaded = load_weights(result["weights"])
    assert (loaded.resize, loaded.variant) == (80, "ALEXNET_QUARTER_BN")
    [mean], [std] = loaded.normalise
    assert 0 < mean < std < 1


def test_a_used_folder_is_refused_before_anything_is_done(
    trained: Path, capsys: pytest.CaptureFixture
):
    before = sorted(trained.iterdir())
    message = error_of(capsys, "train", "--out", trained)
    assert (
        message == f"{trained} is in use: name a new folder with --out, or remove it "
        "yourself"
    )
    assert sorted(trained.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--variant", "LENET"), "no variant named 'LENET': did you mean 'LENET5'?"),
        (("--recipe", "quik"), "no recipe named 'quik': did you mean 'quick'?"),
        (("--epochs", "0"), "epochs is 0: it must be 1 or more"),
        (("--learning-rate", "-1"), "learning_rate is -1.0: try 0.01"),
        (
            ("--train-limit", "999"),
            "--train-limit is 999: FashionMNIST has 300 training images, choose from 1 "
            "to that",
        ),
        (("--resize", "-3"), "--resize is -3: give a side of 1 pixel or more"),
        (("--resize", "0"), "--resize is 0: give a side of 1 pixel or more"),
        (("--seed", "-1"), "--seed is -1: it must be from 0 to 4294967295"),
        (("--device", "tpu"), "no device 'tpu' here: choose auto, or one of cpu"),
        (
            ("--precision", "half"),
            "no precision named 'half': choose auto, float32 or ",
        ),
        (
            ("--variant", "alexnet_2012"),
            "the network takes 3 channels, the image has 1",
        ),
        (("--epochs", "two"), "argument --epochs: invalid int value: 'two' (see"),
        (("--learning-rate", "1e38"), "the loss became "),
    ],
)
def test_mistakes_get_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture, arguments: tuple, message: str
):
    out = ("--out", tmp_path / "run")
    lines = error_of(capsys, "train", *arguments, *out).splitlines()
    assert lines[-1].split("\r")[-1].strip().startswith(message)
    assert not (tmp_path / "run").exists(), "an empty folder was left behind"


@pytest.mark.parametrize(
    ("variant", "recipe"),
    [
        ("LENET5", "lenet_sigmoid"),
        ("lenet5_sigmoid_max", "lenet_sigmoid_max"),
        ("LENET5_RELU", "lenet_relu"),
        ("ALEXNET_QUARTER", "quick"),
    ],
)
def test_each_network_has_a_recipe_that_teaches_it(
    tmp_path: Path, capsys: pytest.CaptureFixture, variant: str, recipe: str
):
    few = ("--epochs", "1", "--train-limit", "40", "--out", tmp_path / "run")
    call(capsys, "train", "--variant", variant, *few)
    assert load_record(tmp_path / "run" / "run.json").recipe.name == recipe


def test_the_wrong_number_of_classes_is_refused(small: DataSet):
    from dataclasses import replace

    from alexnet_lib.architecture.variants import find_variant

    two = replace(small, class_names=("a", "b"))
    with pytest.raises(ValueError, match="has 10 outputs, FashionMNIST has 2 classes"):
        evaluate.check_data(find_variant("LENET5"), two)


def test_mean_and_std_are_those_of_the_pixels(small: DataSet):
    images = torch.cat([small.train_images, 255 - small.train_images // 2], dim=1)
    pixels = images.double() / 255
    mean, std = mean_and_std(images)
    for channel in range(2):
        plane = pixels[:, channel]
        assert mean[channel] == pytest.approx(plane.mean().item(), abs=1e-4)
        assert std[channel] == pytest.approx(plane.std(correction=0).item(), abs=1e-4)


def test_evaluate_repeats_the_recorded_accuracy(
    trained: Path, small: DataSet, capsys: pytest.CaptureFixture
):
    run = load_record(trained / "run.json")
    result = call(capsys, "evaluate", trained / "weights.safetensors")
    assert result["accuracy"] == run.test_accuracy
    assert tuple(map(tuple, result["confusion"])) == run.confusion
    assert (result["dataset"], result["source"]) == ("FashionMNIST", "given")
    assert __main__.main(["evaluate", str(trained / "weights.safetensors")]) == 0
    text = capsys.readouterr().out
    assert f"accuracy {run.test_accuracy:.2%}, loss {result['loss']:.4f}" in text


def test_evaluate_without_a_file_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture
):
    message = error_of(capsys, "evaluate", tmp_path / "none.safetensors")
    assert message.startswith("no weights file ")
    assert "\n" not in message
