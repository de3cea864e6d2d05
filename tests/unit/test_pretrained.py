"""Pretrained weights: served, cached, cut short, absent; as torchvision reads them."""

import functools
import hashlib
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
from PIL import Image

from alexnet_lib import runtime
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.data.catalogue import PublishedWeights
from alexnet_lib.data.fetch import DownloadFailed
from alexnet_lib.learning import pretrained

SMALL = "LENET5_RELU"  # in place of AlexNet's 244 MB
NAMES = tuple("abcdefghij")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """torch's cache and the course's, both empty; the network may be asked."""
    monkeypatch.setattr(runtime, "cache_folder", lambda: tmp_path / "ours")
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    monkeypatch.delenv("ALEXNET_OFFLINE", raising=False)
    return tmp_path


@pytest.fixture
def state() -> dict[str, torch.Tensor]:
    """A small network's numbers, under other names than ours, as torchvision's are."""
    torch.manual_seed(0)
    model = build_model(find_variant(SMALL))
    return {f"features.{name}": t for name, t in model.state_dict().items()}


@pytest.fixture
def served(state, caches):
    """The file behind an address on this machine."""
    folder = caches / "served"
    folder.mkdir()
    torch.save(state, folder / "made")
    content = (folder / "made").read_bytes()
    name = f"small-{hashlib.sha256(content).hexdigest()[:8]}.pth"
    (folder / name).write_bytes(content)
    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield published(f"http://127.0.0.1:{server.server_port}/{name}", len(content))
    server.shutdown()
    server.server_close()


def published(url: str, size: int = 1000) -> PublishedWeights:
    return PublishedWeights(name="Small_Weights.V1", url=url, packed_bytes=size)


def test_a_served_file_is_fetched_once_and_kept(served, state, caches, monkeypatch):
    path = pretrained.find_weights(served)
    assert path == caches / "hub" / "checkpoints" / served.file_name
    network = pretrained.read_weights(path, SMALL, NAMES)
    assert not network.model.training
    for ours, theirs in zip(
        network.model.state_dict().values(), state.values(), strict=True
    ):
        assert torch.equal(ours, theirs)
    monkeypatch.setenv("ALEXNET_OFFLINE", "1")
    assert pretrained.find_weights(served) == path


def test_another_file_under_the_name_is_an_error(served, caches):
    path = caches / "hub" / "checkpoints" / served.file_name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"cut short")
    with pytest.raises(
        OSError, match="is not the file that torchvision publishes"
    ) as e:
        pretrained.find_weights(served)
    assert str(e.value).endswith("): delete it, and it is fetched again")


def test_a_server_with_another_file_is_not_believed(served, caches):
    (caches / "served" / served.file_name).write_bytes(b"something else")
    with pytest.raises(DownloadFailed, match="invalid hash value"):
        pretrained.find_weights(served)
    assert not [*caches.glob("hub/checkpoints/*")]


def test_nobody_answers():
    with pytest.raises(DownloadFailed, match=r"Connection refused"):
        pretrained.find_weights(published("http://127.0.0.1:9/small-00000000.pth"))


def test_offline_the_course_s_own_network_answers(monkeypatch):
    monkeypatch.setenv("ALEXNET_OFFLINE", "1")
    answering = pretrained.imagenet_or_shipped("no such", "lenet")
    assert not answering.from_imagenet
    assert str(answering).startswith(
        "no ImageNet weights here (ALEXNET_OFFLINE is set), so a network of the course "
        "answers: "
    )
    assert str(answering).endswith(", trained on FashionMNIST")
    assert "\n" not in str(answering)
    answering = pretrained.imagenet_or_shipped("lenet", download=False)
    assert "(no file in the cache, and none was asked for)" in answering.note


def test_another_network_s_numbers_are_refused(state, tmp_path):
    torch.save(dict(list(state.items())[1:]), tmp_path / "less.pth")
    with pytest.raises(ValueError, match=r"less.pth does not hold the 10 tens"):
        pretrained.read_weights(tmp_path / "less.pth", SMALL, NAMES)


def test_our_variant_is_torchvision_s_network(caches, monkeypatch):
    """With a file as large as the real one: same outputs, same names, same address."""
    from torchvision import models

    theirs = models.alexnet(weights=None).eval()
    folder = caches / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    torch.save(theirs.state_dict(), folder / "made")
    digits = hashlib.sha256((folder / "made").read_bytes()).hexdigest()[:8]
    (folder / "made").rename(folder / f"alexnet-{digits}.pth")
    fake = published(f"http://127.0.0.1:9/alexnet-{digits}.pth")
    monkeypatch.setattr(pretrained, "published_alexnet", lambda: fake)
    monkeypatch.setattr(pretrained, "imagenet_classes", lambda: classes)
    weights = models.AlexNet_Weights.IMAGENET1K_V1
    classes = tuple(weights.meta["categories"])
    answering = pretrained.imagenet_or_shipped("lenet")
    assert answering.from_imagenet
    assert str(answering) == "AlexNet (torchvision), trained on ImageNet"
    picture = Image.effect_noise((300, 260), 90).convert("RGBA")
    inputs, notes = pretrained.input_of(answering.network, picture)
    assert notes == ["transparent parts became white", "converted from RGBA to colour"]
    with torch.no_grad():
        torch.testing.assert_close(answering.network.model(inputs), theirs(inputs))
    names = [name for name, _share in pretrained.likeliest(answering.network, inputs)]
    best = theirs(inputs)[0].topk(5).indices.tolist()
    assert names == [classes[number] for number in best]


def test_name_and_address_are_torchvision_s():
    from torchvision.models import get_weight

    weights, ours = get_weight(pretrained.NAME), pretrained.published_alexnet()
    assert weights.url == ours.url
    assert ours.sha256 == "7be5be79"
    megabytes = weights.meta["_file_size"] * 2**20
    assert ours.packed_bytes == pytest.approx(megabytes, rel=1e-4)
    assert len(pretrained.imagenet_classes()) == 1000


def test_a_garment_network_is_given_garments():
    network = pretrained.imagenet_or_shipped("lenet", download=False).network
    light = Image.new("RGB", (60, 60), "white")
    inputs, notes = pretrained.input_of(network, light)
    assert inputs.shape == (1, 1, 28, 28)
    assert "the background is light" in notes[-1]
    dark, _notes = pretrained.input_of(network, light, invert=True)
    assert dark.max() < inputs.min()
    (first, share), *_rest = pretrained.likeliest(network, inputs, count=20)
    assert len(_rest) == 9
    assert first in network.class_names
    assert 0.1 <= share <= 1
