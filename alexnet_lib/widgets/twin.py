"""Widgets that still say something where there is no kernel."""

import ipywidgets

from alexnet_lib.widgets.access import access


class Twinned(ipywidgets.VBox):
    """A box of controls that carries a static twin of what it shows.

    A front end with a kernel shows the controls; the hosting site, a printed page and a
    screen reader without scripts get `static_html()`; plain text gets `words()`.
    """

    def static_html(self) -> str:
        raise NotImplementedError

    def words(self) -> str:
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs) -> dict:
        classes = ("course-widget", *self._dom_classes)
        box = ipywidgets.VBox([self, access()], _dom_classes=classes)
        bundle = box._repr_mimebundle_(**kwargs)
        bundle["text/html"] = self.static_html()
        bundle["text/plain"] = self.words()
        return bundle
