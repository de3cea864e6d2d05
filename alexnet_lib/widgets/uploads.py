"""What a FileUpload holds, whichever ipywidgets the reader's Jupyter came with."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def uploaded(
    value: Sequence[Mapping] | Mapping[str, Any],
) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file: a sequence in ipywidgets 8, a table by name in 7.

    The course asks for 8, but changes nothing in a Colab that has 7.
    """
    if isinstance(value, Mapping):
        value = [{"name": name, **file} for name, file in value.items()]
    for file in value:
        yield str(file["name"]), bytes(file["content"])
