"""What a network makes of test pictures: its answers, and the table of its mistakes."""

from collections.abc import Sequence
from copy import deepcopy
from html import escape

import numpy as np
import torch

from alexnet_lib.architecture.weights import LoadedModel
from alexnet_lib.data import Batches, DataSet
from alexnet_lib.figures.bars import share_text
from alexnet_lib.figures.pictures import GAP, contact_sheet
from alexnet_lib.training import pick_precision
from alexnet_lib.training.precision import autocast, lay_out_images, lay_out_model
from alexnet_lib.widgets.garments import one_thread
from alexnet_lib.widgets.picture import Picture
from alexnet_lib.widgets.words import words_of

say = words_of("confusion")

AT_ONCE = 125  # pictures through the network
COLUMNS, ZOOM = 10, 2  # of a sheet; pixels of the screen for one of a picture
GREYS = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
MISTAKE = "213,94,0"  # red, green, blue


class Look:
    """A network's answers to the first test pictures; more of them on request."""

    def __init__(self, network: LoadedModel, clothes: DataSet):
        self.names = clothes.class_names
        self.images = clothes.test_images[:, 0].numpy()  # (N, H, W) bytes
        self.labels = clothes.test_labels.numpy()
        self.said = np.empty(0, np.int64)  # the class named, for those looked at
        self.sure = np.empty(0)  # the share it gets, from 0 to 1
        self._model = deepcopy(network.model)  # its memory layout is changed below
        self._precision = pick_precision("auto").name
        lay_out_model(self._model, self._precision)
        self._batches = Batches(
            clothes.test_images,
            clothes.test_labels,
            AT_ONCE,
            resize=network.resize,
            normalise=network.normalise,
        )

    @property
    def count(self) -> int:
        """Pictures looked at."""
        return len(self.said)

    @property
    def total(self) -> int:
        """Pictures there are."""
        return len(self.labels)

    def go_on(self) -> None:
        """Look at the next few."""
        rows = slice(self.count, self.count + AT_ONCE)
        images = self._batches.prepare(self._batches.images[rows])
        images = lay_out_images(images, self._precision)
        with torch.no_grad(), one_thread(), autocast(self._precision, images.device):
            logits = self._model(images)
        shares = logits.double().softmax(dim=1)
        sure, said = shares.max(dim=1)
        self.said = np.concatenate([self.said, said.numpy()])
        self.sure = np.concatenate([self.sure, sure.numpy()])

    def counts(self) -> np.ndarray:
        """[label][class named] of those looked at."""
        found = np.zeros((len(self.names),) * 2, np.int64)
        np.add.at(found, (self.labels[: self.count], self.said), 1)
        return found

    def named(self, label: int, said: int) -> np.ndarray:
        """Numbers of the pictures with this label and this answer.

        The surest mistakes first; of those rightly named, the least sure first.
        """
        chosen = (self.labels[: self.count] == label) & (self.said == said)
        rows = np.flatnonzero(chosen)
        sign = 1 if label == said else -1
        return rows[np.argsort(sign * self.sure[rows], kind="stable")]

    def surest_mistakes(self, most: int) -> np.ndarray:
        """Numbers of the pictures with the surest answers that are not their labels."""
        rows = np.flatnonzero(self.labels[: self.count] != self.said)
        return rows[np.argsort(-self.sure[rows], kind="stable")][:most]


def describe_disputed(look: Look, row: int, number: int) -> str:
    """A mistake in a sentence. number: in the row of those to dispute, from 1."""
    return say(
        "disputed",
        number=number,
        row=row,
        label=look.names[look.labels[row]],
        said=look.names[look.said[row]],
        share=share_text(look.sure[row]),
    )


def describe_mistake(look: Look, row: int) -> str:
    """A mistake as it stands in a list."""
    label, said = look.names[look.labels[row]], look.names[look.said[row]]
    return say("item", label=label, said=said, share=share_text(look.sure[row]))


def most_confused(counts: Sequence[Sequence[int]]) -> tuple[int, int]:
    """The label and the wrong answer that met most often."""
    wrong = np.array(counts)
    np.fill_diagonal(wrong, -1)
    label, said = np.unravel_index(wrong.argmax(), wrong.shape)
    return int(label), int(said)


def table_html(
    counts: Sequence[Sequence[int]],
    names: Sequence[str],
    title: str,
    chosen: tuple[int, int],
) -> str:
    """The counts as a table: a row per label, a column per answer, mistakes shaded."""
    wrong = np.array(counts)
    np.fill_diagonal(wrong, 0)
    deepest = max(int(wrong.max()), 1)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    rows = []
    for label, name in enumerate(names):
        cells = "".join(
            _cell(count, deepest, label == said, (label, said) == chosen)
            for said, count in enumerate(counts[label])
        )
        rows.append(f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>')
    return (
        f'<table style="font-size:13px"><caption>{escape(title)}</caption><thead><tr>'
        f'<th scope="col">{escape(say("corner"))}</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _cell(count: int, deepest: int, right: bool, chosen: bool) -> str:
    style = "text-align:right;"
    if not right:
        style += f"background:rgba({MISTAKE},{0.6 * (count / deepest) ** 0.5:.2f});"
    if chosen:
        style += "outline:2px solid #000;"
    words = f"<b>{count:,}</b>" if right or chosen else f"{count:,}"
    return f'<td style="{style}">{words}</td>'


def draw_sheet(
    picture: Picture, images: np.ndarray, words: str, framed: int | None = None
) -> None:
    """Pictures side by side, or nothing where there are none; one of them in a frame.

    images: uint8 (N, H, W).
    """
    if not len(images):
        picture.clear()
        return
    columns, side = min(COLUMNS, len(images)), images.shape[-1] + GAP
    sheet = np.pad(contact_sheet(images, columns), GAP)
    if framed is not None:  # the gaps around it turn white
        top, left = (side * place for place in divmod(framed, columns))
        frame = sheet[top : top + side + GAP, left : left + side + GAP]
        frame[:GAP] = frame[-GAP:] = frame[:, :GAP] = frame[:, -GAP:] = 255
    picture.draw_palette(sheet, GREYS, words, ZOOM)
