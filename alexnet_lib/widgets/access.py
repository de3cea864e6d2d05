"""What ipywidgets leaves out for readers with a keyboard or a screen reader."""

from functools import cache
from importlib.resources import files

import anywidget

# The focus is seen, and the pressed one of several buttons is not told by shade alone.
CSS = """\
.course-widget.course-widget :focus-visible {
  outline: 3px solid #0072b2 !important;
  outline-offset: 2px !important;
}
.course-widget .widget-toggle-button.mod-active {
  box-shadow: inset 0 -4px 0 currentColor;
}
"""


class Access(anywidget.AnyWidget):
    """Unseen; in the page it names the controls of a box and keeps their keys."""

    # the text, not the path: anywidget would watch a file for changes
    _esm = (files("alexnet_lib.widgets") / "access.js").read_text("utf-8")
    _css = CSS


@cache
def access() -> Access:
    """The one model of a kernel; boxes of class `course-widget` show views of it."""
    return Access()
