"""What the course needs to know of the machine it runs on. Imports nothing heavy."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from platformdirs import user_cache_dir

if TYPE_CHECKING:
    import torch

# The repository's address: badges and bootstrap cells are made from it. Empty = unset,
# and the bootstrap cell says so.
REPOSITORY = ""

PACKAGE = Path(__file__).resolve().parent
PACKAGES = (
    "torch",
    "torchvision",
    "numpy",
    "matplotlib",
    "ipywidgets",
    "jupyterlab",
    "safetensors",
    "d2l",
)


def checkout() -> Path | None:
    """The folder of the cloned repository, or None for an installed wheel."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() else None


def course_file(name: str) -> Path:
    """Find a file the course ships, such as 'weights/quarter.safetensors'.

    Looks in the checkout's `data/`, else in the installed package. Raises
    FileNotFoundError when it is in neither.
    """
    root = checkout()
    folder = root / "data" if root else PACKAGE / "course_files"
    path = folder / name
    if not path.is_file():
        beside = sorted(other.name for other in path.parent.glob("*" + path.suffix))
        found = f"there are: {', '.join(beside)}" if beside else "the folder is empty"
        raise FileNotFoundError(f"the course ships no file {name!r}: {found}")
    return path


def cache_folder() -> Path:
    """Where downloads and answers go when there is no checkout."""
    return Path(user_cache_dir("alexnet_course", appauthor=False))


def progress_file() -> Path:
    """The reader's predictions, answers and ledger: one JSON file on this machine.

    `ALEXNET_PROGRESS` names another file (tests and the notebook builder set it).
    """
    if named := os.environ.get("ALEXNET_PROGRESS"):
        return Path(named)
    root = checkout()
    return (root / "my_course" if root else cache_folder()) / "progress.json"


def run_mode() -> Literal["default", "full"]:
    """`ALEXNET_RUN=full` replaces replayed records by real training, where offered."""
    mode = os.environ.get("ALEXNET_RUN", "") or "default"
    if mode not in ("default", "full"):
        raise ValueError(
            f"ALEXNET_RUN is {mode!r}: it must be 'full', or unset for the default"
        )
    return mode


def seed_everything(seed: int) -> None:
    """Seed Python, NumPy and torch; the library itself never seeds."""
    import random

    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - libraries still draw from the old generator
    torch.manual_seed(seed)


def pick_device(name: str = "auto") -> "torch.device":
    """'auto' is CUDA, else Apple's MPS, else the CPU; a name that is absent raises."""
    import torch

    available = ["cpu"]
    if torch.backends.mps.is_available():
        available.insert(0, "mps")
    if torch.cuda.is_available():
        available.insert(0, "cuda")
    if name == "auto":
        return torch.device(available[0])
    if name.partition(":")[0] not in available:
        raise ValueError(
            f"no device {name!r} here: choose auto, or one of {', '.join(available)}"
        )
    return torch.device(name)


def device_name(device: "torch.device") -> str:
    """The device for a record: a GPU's own name, or the processor and its threads."""
    import torch

    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "cpu":
        # torch 2.10 and later know the name; Python often only the instruction set.
        capabilities = getattr(torch.cpu, "get_capabilities", dict)()
        name = (
            capabilities.get("cpu_name") or platform.processor() or platform.machine()
        )
        threads = torch.get_num_threads()
        return f"{name}, {threads} thread{'s' * (threads != 1)}"
    return f"{device.type} ({platform.machine()})"


def package_versions() -> dict[str, str | None]:
    """The versions that matter to the course; None for a package that is missing."""
    versions: dict[str, str | None] = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    return versions


def environment_report() -> dict[str, str]:
    """One line each for a record: versions and machine, without names of people."""
    versions = {name: found for name, found in package_versions().items() if found}
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpu_cores": str(os.cpu_count()),
        **{name: versions.get(name, "none") for name in ("torch", "torchvision")},
    }


def in_colab() -> bool:
    """True inside Google Colab."""
    return "google.colab" in sys.modules
