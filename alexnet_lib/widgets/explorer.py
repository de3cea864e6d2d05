"""The explorer: the filters of a trained network, and all it makes of a picture."""

import ipywidgets

from alexnet_lib.architecture.filters import Filters
from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import DataSet
from alexnet_lib.widgets.feature_maps import FeatureMaps
from alexnet_lib.widgets.filter_wall import FilterWall
from alexnet_lib.widgets.twin import Twinned
from alexnet_lib.widgets.words import words_of

say = words_of("explorer")

FILTERS, MAPS = say("filters"), say("maps")
NAME = {"description_width": "90px", "button_width": "180px"}


class Explorer(Twinned):
    """Two views of one network, one at a time."""

    def __init__(
        self,
        network: LoadedModel,
        pictures: DataSet,
        history: Filters | None = None,
        number: int = 0,
    ):
        self.filters = FilterWall(network, pictures.test_images.shape[-1], history)
        self.maps = FeatureMaps(network, pictures, number)
        self.view = ipywidgets.ToggleButtons(
            options=[FILTERS, MAPS],
            description=say("look_at"),
            style=NAME,
            layout=ipywidgets.Layout(width="max-content"),
        )
        self.view.observe(self._switch, names="value")
        super().__init__(children=[self.view, self.filters])

    def _switch(self, change) -> None:
        shown = self.filters if change["new"] == FILTERS else self.maps
        self.children = [self.view, shown]

    def words(self) -> str:
        return f"{self.filters.words()} {self.maps.words()}"

    def static_html(self) -> str:
        return self.filters.static_html() + self.maps.static_html()

    def close(self) -> None:
        self.maps.close()
        super().close()


def explorer(
    network: LoadedModel,
    pictures: DataSet,
    history: Filters | None = None,
    number: int = 0,
) -> Explorer:
    """Look into a network, filter by filter and map by map; displays nothing by itself.

    network: from `load_weights`, or `open_network` for a module from elsewhere.
    history: its first-layer kernels at moments of its training, from `load_filters`.
    number: the test picture it starts with.
    """
    return Explorer(network, pictures, history, number)
