"""The command line: totals, JSON, one line for every error."""

import json
import subprocess
import sys

import pytest

from alexnet_lib import __main__, __version__
from alexnet_lib.__main__ import main
from alexnet_lib.architecture.variants import VARIANTS
from alexnet_lib.commands import doctor, layers

# Counted by hand from the layer tables; the built modules are counted by
# test_architecture_model.
TOTALS = {
    "LENET5": (61_706, 416_520),
    "LENET5_RELU": (61_706, 416_520),
    "LENET5_RELU_AVG": (61_706, 416_520),
    "LENET5_SIGMOID_MAX": (61_706, 416_520),
    "ALEXNET_2012": (60_965_224, 724_406_816),
    "ALEXNET_2012_SOURCE": (60_965_224, 724_406_816),
    "CAFFENET": (60_965_224, 724_406_816),
    "ALEXNET_ONE_TOWER": (62_378_344, 1_135_256_096),
    "ALEXNET_TORCHVISION": (61_100_840, 714_188_480),
    "ALEXNET_D2L": (46_764_746, 938_146_176),
    "ALEXNET_MNIST": (46_764_746, 938_146_176),
    "ALEXNET_KERAS": (60_965_224, 724_406_816),
    "ALEXNET_QUARTER": (2_934_458, 64_992_864),
}


def run_json(capsys: pytest.CaptureFixture, *argv: str) -> dict:
    assert main([*argv, "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return json.loads(captured.out.splitlines()[-1])


def run_refused(capsys: pytest.CaptureFixture, *argv: str) -> str:
    """Exit status 2, nothing on stdout, one line on stderr: that line."""
    assert main(argv) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.endswith("\n")
    assert captured.err.count("\n") == 1
    return captured.err.rstrip("\n")


@pytest.mark.parametrize("variant", TOTALS)
def test_totals_of_every_variant(capsys, variant):
    result = run_json(capsys, "layers", variant)
    assert result["variant"] == variant
    params, macs = TOTALS[variant]
    assert result["totals"] == {"num_params": params, "macs": macs}
    assert sum(row["num_params"] for row in result["layers"]) == params


@pytest.mark.parametrize("variant", sorted(VARIANTS.keys() - TOTALS.keys()))
def test_the_other_totals_are_those_of_the_built_network(capsys, variant):
    from alexnet_lib.architecture.model import build_model

    model = build_model(VARIANTS[variant])
    params = sum(p.numel() for p in model.parameters())
    assert run_json(capsys, "layers", variant)["totals"]["num_params"] == params


def test_the_real_command_prints_one_object_on_its_last_line():
    command = [sys.executable, "-m", "alexnet_lib", "layers", "alexnet_2012", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["totals"]["num_params"] == TOTALS["ALEXNET_2012"][0]
    assert result["layers"][0] == {
        "name": "conv1",
        "kind": "Conv2d",
        "in_shape": [3, 227, 227],
        "out_shape": [96, 55, 55],
        "num_params": 34_944,
        "macs": 105_415_200,
        "receptive_field": 11,
        "jump": 4,
    }
    assert done.stderr == ""


def test_another_input_and_another_rounding(capsys):
    result = run_json(
        capsys, "layers", "ALEXNET_2012", "--input", "3,224,224", "--rounding", "ceil"
    )
    assert result["totals"]["num_params"] == TOTALS["ALEXNET_2012"][0]
    smaller = run_json(capsys, "layers", "ALEXNET_2012", "--input", "3, 224, 224")
    shapes = {row["name"]: row["out_shape"] for row in smaller["layers"]}
    assert shapes["conv1"] == [96, 54, 54]
    assert shapes["flatten"] == [6400]


def test_the_table_for_people_has_columns(capsys):
    assert main(["layers", "lenet5"]) == 0
    title, _, heading, rule, conv1, *_, total = capsys.readouterr().out.splitlines()
    assert title == (
        "LeNet-5 (sigmoid, average pooling), input 1 x 28 x 28, rounding floor"
    )
    assert rule == "-" * len(heading)
    assert " ".join(conv1.split()) == "conv1 Conv2d 6 x 28 x 28 156 117,600 5 1"
    assert total.split() == ["total", "61,706", "416,520"]
    for number, column in (("117,600", "multiply-adds"), ("156", "parameters")):
        assert conv1.index(number) + len(number) == heading.index(column) + len(column)


FITS_NOT = "try a larger input or smaller window"


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            ["layers", "ALEXNET_D2L", "--input", "1,28,28"],
            "pool2: a window of 3 does not fit in 2 pixels (2, plus 0 of padding on "
            f"each side): {FITS_NOT}",
        ),
        (
            ["layers", "ALEXNET_2012", "--input", "1,227,227", "--rounding", "up"],
            "argument --rounding: invalid choice: 'up' (choose from 'floor', 'ceil') "
            "(see python -m alexnet_lib layers --help)",
        ),
        (
            ["layers", "LENET5", "--input", "3,227"],
            "argument --input: '3,227' is not C,H,W: give three whole numbers, such as "
            "3,227,227 (see python -m alexnet_lib layers --help)",
        ),
        (
            ["layers", "LENET5", "--input", "0,28,28"],
            "argument --input: '0,28,28' is not C,H,W: give three whole numbers, such "
            "as 3,227,227 (see python -m alexnet_lib layers --help)",
        ),
        (
            ["layers"],
            "the following arguments are required: VARIANT (see python -m alexnet_lib "
            "layers --help)",
        ),
        (["layers", "LENET"], "no variant named 'LENET': did you mean 'LENET5'?"),
        (["layer"], "no command named 'layer': did you mean 'layers'?"),
        (
            ["--nonsense"],
            "unrecognized arguments: --nonsense (see python -m alexnet_lib --help)",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_line(capsys, argv, message):
    assert (
        run_refused(capsys, *argv).replace(
            "choose from floor, ceil", "choose from 'floor', 'ceil'"
        )
        == message
    )


def test_an_unknown_command_lists_those_that_are_there(capsys):
    message = run_refused(capsys, "xyz")
    assert message.startswith("no command named 'xyz': they are doctor, layers")


@pytest.fixture
def fake_command(monkeypatch):
    """A command whose `run` is given by the test."""

    def install(run) -> None:
        monkeypatch.setattr(layers, "add_arguments", lambda parser: None)
        monkeypatch.setattr(layers, "run", run)
        monkeypatch.setattr(layers, "render", lambda result: f"rendered {result}")

    return install


def raises(error: BaseException):
    def run(args):
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("epochs is -1: it must be positive"), None),
        (TypeError("expected a path, got 3"), None),
        (RuntimeError("two\n  lines: become one"), "two lines: become one"),
        (OSError("no room: free some"), None),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_errors_of_a_command_are_one_line(capsys, fake_command, error, line):
    fake_command(raises(error))
    assert run_refused(capsys, "layers") == (line or str(error))


def test_a_mistake_of_ours_keeps_its_traceback(fake_command):
    fake_command(raises(ZeroDivisionError("ours")))
    with pytest.raises(ZeroDivisionError):
        main(["layers"])


def test_an_interrupt_is_one_line(capsys, fake_command):
    fake_command(raises(KeyboardInterrupt()))
    assert main(["layers"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_json_has_no_nan(capsys, fake_command):
    fake_command(lambda args: {"loss": float("nan"), "curve": [1.0, float("inf")]})
    assert main(["layers", "--json"]) == 0
    assert capsys.readouterr().out == '{"loss": null, "curve": [1.0, null]}\n'


def test_one_process_of_several_speaks(capsys, fake_command, monkeypatch):
    fake_command(lambda args: {"rank": "any"})
    monkeypatch.setenv("RANK", "1")
    assert main(["layers"]) == 0
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("RANK", "0")
    assert main(["layers"]) == 0
    assert capsys.readouterr().out == "rendered {'rank': 'any'}\n"


def test_help_imports_no_command(capsys, monkeypatch):
    monkeypatch.setattr(__main__, "import_module", raises(AssertionError("imported")))
    for argv in ([], ["--help"], ["-h"]):
        assert main(argv) == 0
        out = capsys.readouterr().out
        assert "usage: python -m alexnet_lib COMMAND [--help] [--json]" in out
        assert "layers     the layer table of a network" in out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"{__version__}\n"


def test_help_of_a_command_names_its_arguments(capsys):
    assert main(["layers", "--help"]) == 0
    out = capsys.readouterr().out
    for word in ("VARIANT", "--input C,H,W", "--rounding {floor,ceil}", "--json"):
        assert word in out


def test_a_missing_command_does_not_break_the_others(capsys, monkeypatch):
    monkeypatch.setitem(__main__.COMMANDS, "ghost", "alexnet_lib.commands.ghost")
    assert main(["--help"]) == 0
    assert "ghost" not in capsys.readouterr().out
    assert "no command named 'ghost'" in run_refused(capsys, "ghost")


@pytest.mark.parametrize("name", __main__.commands_there())
def test_every_command_there_is_keeps_the_contract(name, capsys):
    assert main([name, "--help"]) == 0
    assert "--json" in capsys.readouterr().out


# --- doctor ---
@pytest.fixture
def data_root(tmp_path, monkeypatch):
    """Only Fashion-MNIST, partly packed; no MNIST anywhere."""
    from alexnet_lib.data import fetch

    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for name in ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte"):
        (raw / name).touch()
    for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz"):
        (raw / name).touch()
    monkeypatch.setenv("ALEXNET_DATA", str(tmp_path))
    monkeypatch.setattr(fetch, "cache_root", lambda: tmp_path / "cache")
    return tmp_path


def test_doctor_reports_and_advises(capsys, data_root):
    result = run_json(capsys, "doctor")
    assert set(result) == {"python", "packages", "device", "data", "problems"}
    assert result["python"] == sys.version.split()[0]
    assert result["packages"]["torch"]
    assert result["device"]["name"] in ("cpu", "cuda", "mps")
    assert result["device"]["cpu_cores"] >= 1
    assert result["device"]["memory_gib"] is None or result["device"]["memory_gib"] > 0
    assert result["device"]["precision"] in ("float32", "bfloat16")
    found = {"FashionMNIST": str(data_root), "MNIST": None, "CIFAR10": None}
    assert result["data"] == found
    assert {
        "what": "MNIST was not found: the stand-in would be used",
        "fix": "`python -m alexnet_lib data --dataset MNIST`, or set ALEXNET_DATA to "
        "the folder that holds it",
    } in result["problems"]


def test_half_a_data_set_is_not_found(data_root):
    (data_root / "FashionMNIST" / "raw" / "t10k-images-idx3-ubyte").unlink()
    assert set(doctor.find_data_sets().values()) == {None}


def test_a_copy_of_cifar_as_jpeg_files_is_found(data_root):
    folder = data_root / "CIFAR10-jpeg"
    folder.mkdir()
    (folder / "train.zip").touch()
    assert doctor.find_data_sets()["CIFAR10"] is None
    (folder / "test.zip").touch()
    assert doctor.find_data_sets()["CIFAR10"] == str(data_root)


def test_doctor_without_d2l_and_on_a_small_old_machine(monkeypatch, data_root):
    versions = doctor.package_versions() | {"d2l": None, "jupyterlab": None}
    monkeypatch.setattr(doctor, "package_versions", lambda: versions)
    monkeypatch.setattr(doctor, "memory_gib", lambda: 1.9)
    monkeypatch.setattr(doctor.sys, "version_info", (3, 10, 2))
    result = doctor.run(None)
    problems = {problem["what"]: problem["fix"] for problem in result["problems"]}
    assert problems["Python 3.10 is outside 3.11 to 3.13"] == (
        "install Python 3.13, then `make setup PYTHON=python3.13`"
    )
    without_d2l = (
        "d2l is missing: the comparison with d2l's own training loop (bench) is left "
        "out"
    )
    assert problems[without_d2l] == (
        "`make setup` installs the locked versions; by hand: `pip install --no-deps "
        "d2l==1.0.3 pandas requests`"
    )
    assert problems["jupyterlab is missing: the course needs it"] == (
        "`make setup` installs the locked versions"
    )
    assert (
        problems["1.9 GiB of memory: the full-width networks may not fit"]
        == "close other programs, or stay with the quarter-width variants"
    )
    text = doctor.render(result)
    assert "d2l          missing" in text
    assert "memory       1.9 GiB" in text
    assert "problem: 1.9 GiB of memory" in text
    assert "    fix: close other programs" in text


def test_doctor_without_torch_names_torch(monkeypatch):
    versions = dict.fromkeys(doctor.package_versions())
    monkeypatch.setattr(doctor, "package_versions", lambda: versions)
    result = doctor.run(None)
    assert result["data"] == {}
    assert result["device"]["precision"] is None
    assert result["problems"][0]["what"] == "torch is missing: the course needs it"


def test_doctor_with_nothing_to_say(monkeypatch, data_root):
    result = doctor.run(None) | {"problems": []}
    assert doctor.render(result).endswith("no problems: open notebooks/00")
