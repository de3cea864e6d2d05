"""The published data sets, as data: files, sizes, checksums, class names."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class DataFile:
    """One IDX file, as published (`.gz`) and unpacked."""

    name: str  # unpacked; the packed file adds .gz
    shape: tuple[int, ...]
    packed_bytes: int
    packed_md5: str
    unpacked_md5: str


@dataclass(frozen=True, kw_only=True)
class Published:
    """A data set by its torchvision name; files in the order of FILE_NAMES."""

    name: str
    class_names: tuple[str, ...]
    files: tuple[DataFile, DataFile, DataFile, DataFile]
    mirrors: tuple[str, ...]  # torchvision's, in its order
    arriving = "*/raw/*.gz"  # what a download has brought so far
    moved_by = "ALEXNET_DATA"  # the variable that names another folder
    download_megabytes = 90  # on disk while it lasts

    @property
    def folder(self) -> str:
        """Where the files lie, under a root."""
        return f"{self.name}/raw"

    @property
    def file_names(self) -> tuple[str, ...]:
        return tuple(file.name for file in self.files)

    @property
    def probe_urls(self) -> tuple[str, ...]:
        """The smallest file on each mirror: to ask whether anybody answers."""
        smallest = min(self.files, key=lambda file: file.packed_bytes)
        return tuple(f"{mirror}{smallest.name}.gz" for mirror in self.mirrors)

    @property
    def packed_bytes(self) -> int:
        return sum(file.packed_bytes for file in self.files)


@dataclass(frozen=True, kw_only=True)
class PublishedArchive:
    """A data set that is one archive of batches in torchvision's layout."""

    name: str
    class_names: tuple[str, ...]
    folder: str
    archive: str
    archive_md5: str
    packed_bytes: int
    checksums: Mapping[str, str]  # MD5 of each batch, unpacked
    probe_urls: tuple[str, ...]
    arriving = "*.tar.gz"
    moved_by = "ALEXNET_DATA"
    download_megabytes = 360

    @property
    def file_names(self) -> tuple[str, ...]:
        return tuple(self.checksums)


@dataclass(frozen=True, kw_only=True)
class PublishedWeights:
    """The weights of a network, in one file that torchvision publishes."""

    name: str  # torchvision's
    url: str
    packed_bytes: int
    folder = "checkpoints"  # as in torch's own cache
    arriving = "checkpoints/*"
    moved_by = "TORCH_HOME"

    @property
    def file_name(self) -> str:
        return self.url.rpartition("/")[2]

    @property
    def sha256(self) -> str:
        """The first digits of the checksum: the end of the file's name."""
        return self.file_name.rpartition(".")[0].rpartition("-")[2]

    @property
    def probe_urls(self) -> tuple[str, ...]:
        return (self.url,)

    @property
    def download_megabytes(self) -> int:
        return round(self.packed_bytes / 1e6)


FILE_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
SHAPES = ((60_000, 28, 28), (60_000,), (10_000, 28, 28), (10_000,))

# The mirrors and the packed checksums are torchvision's (a test compares them); the
# unpacked ones were computed from files with these checksums.
FASHION_MIRRORS = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",)
MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "http://yann.lecun.com/exdb/mnist/",
)
FASHION_CHECKSUMS = (
    (
        26_421_880,
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    ),
    (29_515, "25c81989df183df01b3e8a0aad5dffbe", "9018921c3c673c538a1fc5bad174d6f9"),
    (4_422_102, "bef4ecab320f06d8554ea6380940ec79", "8181f5470baa50b63fa0f6fddb340f0a"),
    (5_148, "bb300cfdad3c16e7a12a480ee83cd310", "15d484375f8d13e6eb1aabb0c3f46965"),
)
MNIST_CHECKSUMS = (
    (9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873", "6bbc9ace898e44ae57da46a324031adb"),
    (28_881, "d53e105ee54ea40749a09fcbcd1e9432", "a25bea736e30d166cdddb491f175f624"),
    (1_648_877, "9fb629c4189551a2d022fa330f9573f3", "2646ac647ad5339dbf082846283269ea"),
    (4_542, "ec29112dd5afa0611ce80d1b7f02629c", "27ae3e4e09519cfbb04c329615203637"),
)

CLASS_NAMES: dict[str, tuple[str, ...]] = {
    "FashionMNIST": (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    "MNIST": ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    "CIFAR10": (
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ),
}


def _published(
    name: str, mirrors: tuple[str, ...], checksums: tuple[tuple[int, str, str], ...]
) -> Published:
    files = tuple(
        DataFile(
            name=file_name,
            shape=shape,
            packed_bytes=packed_bytes,
            packed_md5=packed_md5,
            unpacked_md5=unpacked_md5,
        )
        for file_name, shape, (packed_bytes, packed_md5, unpacked_md5) in zip(
            FILE_NAMES, SHAPES, checksums, strict=True
        )
    )
    return Published(
        name=name, class_names=CLASS_NAMES[name], files=files, mirrors=mirrors
    )


# Names, sizes and checksums are torchvision's (a test compares them).
CIFAR10 = PublishedArchive(
    name="CIFAR10",
    class_names=CLASS_NAMES["CIFAR10"],
    folder="cifar-10-batches-py",
    archive="cifar-10-python.tar.gz",
    archive_md5="c58f30108f718f92721af3b95e74349a",
    packed_bytes=170_498_071,
    checksums=MappingProxyType(
        {
            "data_batch_1": "c99cafc152244af753f735de768cd75f",
            "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
            "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
            "data_batch_4": "634d18415352ddfa80567beed471001a",
            "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
            "test_batch": "40351d587109b95175f43aff81a1287e",
            "batches.meta": "5ff9c542aee3614f3951f8cda6e48888",
        }
    ),
    probe_urls=("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
)
PUBLISHED: dict[str, Published | PublishedArchive] = {
    "FashionMNIST": _published("FashionMNIST", FASHION_MIRRORS, FASHION_CHECKSUMS),
    "MNIST": _published("MNIST", MNIST_MIRRORS, MNIST_CHECKSUMS),
    "CIFAR10": CIFAR10,
}


def find_published(name: str) -> Published | PublishedArchive:
    """The data set of this name; ValueError with a suggestion when there is none."""
    if name in PUBLISHED:
        return PUBLISHED[name]
    lower_case = {known.lower(): known for known in PUBLISHED}
    close = get_close_matches(name.lower(), lower_case, n=1, cutoff=0.5)
    names = f"they are {', '.join(PUBLISHED)}"
    hint = f"did you mean {lower_case[close[0]]!r}?" if close else names
    raise ValueError(f"no data set named {name!r}: {hint}")
