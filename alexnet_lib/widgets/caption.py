"""The one caption class of the widgets: a sentence that is read out when it changes."""

from html import escape

import ipywidgets


class Caption(ipywidgets.HTML):
    """What a drawing shows, in words; nothing for no words."""

    def say(self, words: str) -> None:
        """Show a sentence; `access.js` makes a screen reader hear of it."""
        self.value = f'<p role="status">{escape(words)}</p>' if words else ""
