"""Binder's steps without conda: the list of environment.yml, postBuild, a notebook."""

import json
import os
import sys

import pytest
import yaml

from tests.packaging.environments import ROOT, copy_checkout, new_environment, run
from tests.packaging.test_environment import CONDA_NAMES

pytestmark = pytest.mark.packaging

FROM_CONDA = {conda: name for name, conda in CONDA_NAMES.items()}


def listed_packages() -> list[str]:
    """What environment.yml lists, by the names that pip knows."""
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    names = [line.partition(">=") for line in listed]
    return [
        FROM_CONDA.get(name, name) + operator + bound
        for name, operator, bound in names
        if name not in ("python", "pip")
    ]


@pytest.mark.needs_extra("uv")
def test_what_binder_builds_opens_copies_that_run(tmp_path):
    python = new_environment(
        tmp_path / "environment", sys.executable, listed_packages()
    )
    course = copy_checkout(tmp_path / "course")
    path = os.pathsep.join([str(python.parent), os.environ["PATH"]])
    caches = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "JUPYTER_PREFER_ENV_PATH": "1"}

    run("bash", "postBuild", cwd=course, PATH=path)

    doctor = (python, "-m", "alexnet_lib", "doctor", "--json")
    out = run(*doctor, cwd=course, ALEXNET_OFFLINE="1", **caches)
    report = json.loads(out.splitlines()[-1])
    assert None not in report["packages"].values()
    copies = sorted(path.name for path in (course / "my_course").glob("*.ipynb"))
    assert copies == sorted(path.name for path in ROOT.glob("notebooks/*.ipynb"))
    run(
        *(python.with_name("jupyter-execute"), "02_layer_size_arithmetic.ipynb"),
        cwd=course / "my_course",
        **caches,
    )
