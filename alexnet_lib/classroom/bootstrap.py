"""The one cell that every notebook starts with, and that nobody writes by hand."""

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from alexnet_lib import runtime

# Without versions pip leaves alone what is there already, d2l too; `--no-deps` because
# d2l's own pins ask for versions that no current Python can install. torch and the like
# are Colab's own. -qq: errors are shown, and warnings about the reader's pip are not.
INSTALL = """\
    wanted = "d2l safetensors platformdirs pyyaml ipywidgets anywidget psygnal comm"
    command = f"-m pip install -qq --no-deps git+{address} {{wanted}}"
    subprocess.check_call([sys.executable, *command.split()])
"""
NO_ADDRESS = """\
    raise SystemExit(
        "alexnet_lib is missing: clone the course's repository and run `make lab` in it"
    )
"""
TEMPLATE = """\
import subprocess  # setup: does nothing where alexnet_lib is installed
import sys
from importlib.util import find_spec

if find_spec("alexnet_lib") is None:
{install}\
if "google.colab" in sys.modules:
    __import__("google.colab.output").colab.output.enable_custom_widget_manager()
"""


def bootstrap_source(repository: str | None = None) -> str:
    """The cell's text, for a repository's address; '' makes it say what to do instead.

    The address is `runtime.REPOSITORY` unless one is given.
    """
    address = runtime.REPOSITORY if repository is None else repository
    install = INSTALL.format(address=address) if address else NO_ADDRESS
    return TEMPLATE.format(install=install).rstrip()


def bootstrap_cell(repository: str | None = None) -> NotebookNode:
    """The cell itself: tagged, folded, and with an id that survives a new address."""
    cell = new_code_cell(
        bootstrap_source(repository),
        metadata={"tags": ["bootstrap"], "jupyter": {"source_hidden": True}},
    )
    cell["id"] = "bootstrap"
    return cell
