"""The repository's address as it is written, and the links that are made from it."""

import re

GITHUB = "https://github.com/"
BRANCH = "main"
COLAB = "https://colab.research.google.com/github/{owner_name}/blob/{branch}/notebooks/{file}"
# Binder's postBuild has made the learner's copies: their outputs are cleared.
BINDER = (
    "https://mybinder.org/v2/gh/{owner_name}/{branch}?urlpath=lab/tree/my_course/{file}"
)

OWNER_NAME = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*", re.ASCII)
# No user and password, no quotes and no spaces: it is written into Python and a shell.
FULL = re.compile(r"(?:https://[\w.-]+(?::\d+)?|file://)/[\w./~%+-]+", re.ASCII)
LINKS = re.compile(r"\A\n\n\[Open in Colab\]\([^\n]*")
MAP_ROW = re.compile(
    r"^(\| \d\d \| \[[^]]+\]\(notebooks/([^)/]+\.ipynb)\))"
    r"(?: · \[Colab\]\([^|]*\))? \|",
    re.MULTILINE,
)


def full_address(text: str) -> str:
    """The address for `pip install git+...`, from OWNER/NAME on GitHub or a full one.

    Raises ValueError for anything else.
    """
    address = text.strip().rstrip("/")
    if OWNER_NAME.fullmatch(address):
        address = GITHUB + address
    if address.startswith(GITHUB):
        address = address.removesuffix(".git")
        usable = OWNER_NAME.fullmatch(address.removeprefix(GITHUB))
    else:
        usable = FULL.fullmatch(address)
    if not usable:
        raise ValueError(
            f"{text!r} is not the address of a repository: give OWNER/NAME on GitHub, "
            f"or a full one such as https://example.org/owner/name"
        )
    return address


def places(address: str, file: str) -> tuple[str, str] | None:
    """Where Colab and Binder open a notebook; None for what they cannot reach."""
    if not address.startswith(GITHUB):
        return None
    parts = {
        "owner_name": address.removeprefix(GITHUB),
        "branch": BRANCH,
        "file": file,
    }
    return COLAB.format(**parts), BINDER.format(**parts)


def link_title(title: str, address: str, file: str) -> str:
    """The text of a notebook's first cell with the links of this address, or none.

    Those of another address go: linking with '' undoes every other call.
    """
    heading, line_end, rest = title.partition("\n")
    rest = LINKS.sub("", line_end + rest)
    row = ""
    if found := places(address, file):
        row = "\n\n[Open in Colab]({}) · [Open in Binder]({})".format(*found)
    return heading + row + rest


def link_map(readme: str, address: str) -> str:
    """README.md with the links of this address, or none, in the map of notebooks."""

    def row(match: re.Match) -> str:
        found = places(address, match[2])
        links = " · [Colab]({}) · [Binder]({})".format(*found) if found else ""
        return f"{match[1]}{links} |"

    return MAP_ROW.sub(row, readme)
