"""d2l's own loader and training step, imported from the d2l package and driven."""

import gzip
import io
import shutil
import warnings
from collections.abc import Generator, Iterable, Iterator
from contextlib import chdir, redirect_stdout
from importlib import import_module
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import torch
from torch import Tensor, nn

from alexnet_lib.data.catalogue import FILE_NAMES

Pairs = Iterable[tuple[Tensor, Tensor]]


def import_d2l() -> ModuleType:
    """`d2l.torch`; ImportError in one line when it, or what it needs, is missing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own imports are not ours to mend
            return import_module("d2l.torch")
    except ImportError as error:
        raise ImportError(
            f"d2l is missing ({error}): `make setup` installs it; by hand: `pip "
            "install --no-deps d2l==1.0.3` and `pip install pandas requests scipy`"
        ) from error


def d2l_version() -> str:
    """The release that is measured."""
    return version("d2l")


def d2l_batches(d2l: ModuleType, root: Path, batch_size: int, resize: int) -> Pairs:
    """d2l's training loader on copies of the files in `root`: endless mini-batches.

    d2l looks in `../data` and unpacks there, so it is called in a folder of its own;
    it keeps the images in memory, and the folder is gone again afterwards.
    """
    with TemporaryDirectory(prefix="alexnet_bench_") as folder:
        raw = Path(folder, "data", "FashionMNIST", "raw")
        raw.mkdir(parents=True)
        for name in FILE_NAMES:
            _copy_unpacked(root / "FashionMNIST" / "raw" / name, raw / name)
        here = Path(folder, "here")
        here.mkdir()
        # It warns that its four loader processes are more than this machine has cores.
        with chdir(here), redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            loader, _ = d2l.load_data_fashion_mnist(batch_size, resize=resize)
    return _Endless(loader)


def _copy_unpacked(file: Path, copy: Path) -> None:
    if file.is_file():
        shutil.copyfile(file, copy)
        return
    with gzip.open(file.with_name(file.name + ".gz")) as packed, copy.open("wb") as out:
        shutil.copyfileobj(packed, out)


class _Endless:
    """A loader that begins again: its processes start with the first batch asked for.

    `len` is that of one epoch.
    """

    def __init__(self, loader: Pairs):
        self.loader = loader

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                epoch = iter(self.loader)
            yield from epoch

    def __len__(self) -> int:
        return len(self.loader)


class D2lLoop:
    """d2l's `Trainer` on the network and the batches given, a few batches at a time.

    `net` is initialised with d2l's `init_cnn` unless `initialised`. The curve that d2l
    draws twice in an epoch is left out.
    """

    def __init__(
        self,
        d2l: ModuleType,
        net: nn.Module,
        batches: Pairs,
        learning_rate: float,
        device: torch.device,
        *,
        initialised: bool = False,
    ):
        class Network(d2l.Classifier):
            """d2l's classifier around our layers; remembers its losses."""

            def __init__(self) -> None:
                super().__init__()
                self.net, self.lr = net, learning_rate
                self.losses: list[float] = []

            def training_step(self, batch: list[Tensor]) -> Tensor:
                loss = super().training_step(batch)
                self.losses.append(loss.item())
                return loss

        if not initialised:
            net.apply(d2l.init_cnn)
        self._model = Network()
        self._model.board.display = False
        self._trainer = d2l.Trainer(max_epochs=1, num_gpus=int(device.type == "cuda"))
        self._batches = iter(batches)
        self._epoch = len(batches)

    def train(self, num_batches: int) -> list[float]:
        """Take that many mini-batches; the loss of each, before its step."""
        self._model.losses.clear()
        self._trainer.fit(
            self._model, _Few(islice(self._batches, num_batches), self._epoch)
        )
        return list(self._model.losses)

    def close(self) -> None:
        """End the loader and its processes."""
        if isinstance(self._batches, Generator):
            self._batches.close()


class _Few:
    """What `Trainer.fit` takes for its data: a few batches of an epoch, none to test.

    `len` is that of the whole epoch, by which d2l spaces the points of its curve.
    """

    def __init__(self, batches: Iterator[tuple[Tensor, Tensor]], epoch: int):
        self._batches, self._epoch = batches, epoch

    def train_dataloader(self) -> "_Few":
        return self

    def val_dataloader(self) -> None:
        return None

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        return self._batches

    def __len__(self) -> int:
        return self._epoch
