"""Is this machine ready for the course, and if not, what to do."""

import argparse
import os
import platform
import sys
from typing import Any

from alexnet_lib.runtime import package_versions, pick_device

HELP = "versions, device, memory, data found, and what to do about what is missing"

SUPPORTED_PYTHON = ((3, 11), (3, 13))
LITTLE_MEMORY = 4.0  # GiB; a full-width AlexNet with its gradients and momentum takes 1
OPTIONAL = {"d2l": "the comparison with d2l's own training loop (bench) is left out"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`doctor` looks at what is there and takes no arguments."""


def run(args: argparse.Namespace) -> dict[str, Any]:
    packages = package_versions()
    with_torch = packages["torch"] is not None
    device = describe_device(with_torch)
    data = find_data_sets() if with_torch else {}
    problems = [
        *_python_problems(sys.version_info[:2]),
        *_package_problems(packages),
        *_memory_problems(device["memory_gib"]),
        *_data_problems(data),
    ]
    return {
        "python": platform.python_version(),
        "packages": packages,
        "device": device,
        "data": data,
        "problems": problems,
    }


def describe_device(with_torch: bool = True) -> dict[str, Any]:
    """Processor, memory in GiB, accelerator, and the precision training would pick."""
    device: dict[str, Any] = {
        "name": "cpu",
        "accelerator": None,
        "cpu_cores": os.cpu_count(),
        "memory_gib": memory_gib(),
        "precision": None,
        "precision_reason": "torch is missing",
    }
    if with_torch:
        import torch

        from alexnet_lib.training.precision import pick_precision

        picked = pick_device("auto")
        precision = pick_precision("auto", picked)
        device["name"] = picked.type
        if picked.type == "cuda":
            device["accelerator"] = torch.cuda.get_device_name()
        device["precision"] = precision.name
        device["precision_reason"] = precision.reason
    return device


def memory_gib() -> float | None:
    """Memory of this machine; None where the system does not say (Windows)."""
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None
    return round(size / 2**30, 1)


def find_data_sets() -> dict[str, str | None]:
    """The folder that holds all of a data set, or None; nothing is downloaded."""
    from alexnet_lib.data.catalogue import PUBLISHED
    from alexnet_lib.data.cifar import has_jpeg_copy
    from alexnet_lib.data.fetch import cache_root
    from alexnet_lib.data.sources import data_root, find_missing

    found: dict[str, str | None] = {}
    for name, published in PUBLISHED.items():
        roots = (data_root(), cache_root())
        whole = [root for root in roots if not find_missing(root, published)]
        if name == "CIFAR10":
            whole += [root for root in roots if has_jpeg_copy(root)]
        found[name] = str(whole[0]) if whole else None
    return found


def render(result: dict[str, Any]) -> str:
    device, packages, data = result["device"], result["packages"], result["data"]
    accelerator = f", {device['accelerator']}" if device["accelerator"] else ""
    memory = f"{device['memory_gib']} GiB" if device["memory_gib"] else "unknown"
    lines = [
        f"python       {result['python']}",
        *(f"{name:<12} {found or 'missing'}" for name, found in packages.items()),
        "",
        f"device       {device['name']}{accelerator}, {device['cpu_cores']} CPU cores",
        f"memory       {memory}",
        f"precision    {device['precision']} ({device['precision_reason']})",
        "",
        *(f"{name:<12} {where or 'not found'}" for name, where in data.items()),
        "",
    ]
    if not result["problems"]:
        lines.append("no problems: open notebooks/00")
    for problem in result["problems"]:
        lines += [f"problem: {problem['what']}", f"    fix: {problem['fix']}"]
    return "\n".join(lines)


def _python_problems(version: tuple[int, int]) -> list[dict[str, str]]:
    oldest, newest = SUPPORTED_PYTHON
    if oldest <= version <= newest:
        return []
    return [
        {
            "what": f"Python {version[0]}.{version[1]} is outside 3.11 to 3.13",
            "fix": "install Python 3.13, then `make setup PYTHON=python3.13`",
        }
    ]


def _package_problems(packages: dict[str, str | None]) -> list[dict[str, str]]:
    problems = []
    for name, found in packages.items():
        if found is None:
            without = OPTIONAL.get(name, "the course needs it")
            fix = "`make setup` installs the locked versions"
            if name == "d2l":
                fix += "; by hand: `pip install --no-deps d2l==1.0.3 pandas requests`"
            problems.append({"what": f"{name} is missing: {without}", "fix": fix})
    return problems


def _memory_problems(memory: float | None) -> list[dict[str, str]]:
    if memory is None or memory >= LITTLE_MEMORY:
        return []
    return [
        {
            "what": f"{memory} GiB of memory: the full-width networks may not fit",
            "fix": "close other programs, or stay with the quarter-width variants",
        }
    ]


def _data_problems(data: dict[str, str | None]) -> list[dict[str, str]]:
    return [
        {
            "what": f"{name} was not found: the stand-in would be used",
            "fix": f"`python -m alexnet_lib data --dataset {name}`, or set "
            "ALEXNET_DATA to the folder that holds it",
        }
        for name, where in data.items()
        if where is None
    ]
