"""Finding, reading and refusing data sets: tiny files in the real format."""

import argparse
import errno
import gzip
import hashlib
import http.client
import json
import os
import socket
import struct
import sys
import time
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import torch

from alexnet_lib import runtime
from alexnet_lib.commands import data as command
from alexnet_lib.data import CLASS_NAMES, catalogue, download, fetch, load, stand_in
from alexnet_lib.data.catalogue import DataFile, Published
from alexnet_lib.data.idx import read_idx

SHAPES = ((20, 28, 28), (20,), (10, 28, 28), (10,))
IMAGES = catalogue.FILE_NAMES[0]
LABELS = catalogue.FILE_NAMES[1]


def idx_bytes(numbers: np.ndarray) -> bytes:
    header = struct.pack(f">HBB{numbers.ndim}I", 0, 8, numbers.ndim, *numbers.shape)
    return header + numbers.tobytes()


@pytest.fixture
def contents(monkeypatch, tmp_path) -> dict[str, bytes]:
    """Unpacked files by name, published as FashionMNIST for the time of a test."""
    random = np.random.default_rng(0)
    unpacked, files = {}, []
    for name, shape in zip(catalogue.FILE_NAMES, SHAPES, strict=True):
        numbers = random.integers(0, 256 if len(shape) == 3 else 10, shape, np.uint8)
        unpacked[name] = idx_bytes(numbers)
        packed = gzip.compress(unpacked[name], mtime=0)
        files.append(
            DataFile(
                name=name,
                shape=shape,
                packed_bytes=len(packed),
                packed_md5=hashlib.md5(packed).hexdigest(),
                unpacked_md5=hashlib.md5(unpacked[name]).hexdigest(),
            )
        )
    tiny = Published(
        name="FashionMNIST",
        class_names=CLASS_NAMES["FashionMNIST"],
        files=tuple(files),
        mirrors=(),
    )
    monkeypatch.setitem(catalogue.PUBLISHED, "FashionMNIST", tiny)
    monkeypatch.setattr(runtime, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(stand_in, "NUM_TRAIN", 30)
    monkeypatch.setattr(stand_in, "NUM_TEST", 10)
    return unpacked


def lay(root: Path, contents: dict[str, bytes], packed: bool = True) -> Path:
    """Write the files in torchvision's layout; returns the folder of the files."""
    raw = root / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for name, content in contents.items():
        if packed:
            (raw / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
        else:
            (raw / name).write_bytes(content)
    return raw


@pytest.mark.parametrize("packed", [True, False])
def test_reads_packed_and_unpacked_files_and_writes_nothing(tmp_path, contents, packed):
    raw = lay(tmp_path / "root", contents, packed)
    before = sorted(os.listdir(raw))
    data = load("FashionMNIST", tmp_path / "root")
    assert data.source == "given"
    assert data.root == tmp_path / "root"
    assert data.train_images.shape == (20, 1, 28, 28)
    assert data.train_images.dtype == torch.uint8
    assert data.train_images.flatten().tolist() == list(contents[IMAGES][16:])
    assert data.test_images.shape == (10, 1, 28, 28)
    assert data.train_labels.tolist() == list(contents[LABELS][8:])
    assert data.test_labels.dtype == torch.int64
    assert data.class_names == CLASS_NAMES["FashionMNIST"]
    assert data.note == "FashionMNIST: 20 training and 10 test pictures, as published"
    assert sorted(os.listdir(raw)) == before
    assert sorted(os.listdir(tmp_path)) == ["root"]


def test_packed_and_unpacked_files_may_be_mixed(tmp_path, contents):
    raw = lay(tmp_path, contents)
    (raw / f"{IMAGES}.gz").unlink()
    (raw / IMAGES).write_bytes(contents[IMAGES])
    assert load("FashionMNIST", tmp_path).source == "given"


def test_the_order_of_roots(tmp_path, contents, monkeypatch):
    for name in ("argument", "named", "cache/data", "checkout/data"):
        lay(tmp_path / name, contents)
    monkeypatch.setenv("ALEXNET_DATA", str(tmp_path / "named"))
    monkeypatch.setattr(runtime, "checkout", lambda: tmp_path / "checkout")
    assert load(root=str(tmp_path / "argument")).root == tmp_path / "argument"
    assert load().root == tmp_path / "named"
    monkeypatch.delenv("ALEXNET_DATA")
    assert load().root == tmp_path / "checkout" / "data"
    monkeypatch.setattr(runtime, "checkout", lambda: None)
    assert load().root == tmp_path / "cache" / "data"


def test_what_is_missing_in_the_root_may_lie_in_the_cache(tmp_path, contents):
    lay(tmp_path / "cache" / "data", contents)
    assert load(root=tmp_path / "empty").root == tmp_path / "cache" / "data"


def test_a_missing_data_set_without_network_is_drawn_and_says_so(tmp_path, contents):
    data = load(root=tmp_path / "nowhere")
    assert data.source == "stand-in"
    assert data.root is None
    assert len(data.train_images) == len(data.train_labels) == 30
    assert len(data.test_images) == len(data.test_labels) == 10
    assert data.note == (
        "stand-in for FashionMNIST: 30 training and 10 test pictures drawn by code, "
        "because the published ones are not here and could not be downloaded "
        "(ALEXNET_OFFLINE is set); to try again: python -m alexnet_lib data"
    )
    assert repr(data) == (
        f"DataSet(name='FashionMNIST', source='stand-in', note={data.note!r})"
    )
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("fashion-mnist", "did you mean 'FashionMNIST'?"),
        ("ImageNet", "they are FashionMNIST, MNIST, CIFAR10"),
    ],
)
def test_an_unknown_name(name, hint):
    with pytest.raises(ValueError, match="no data set named") as caught:
        load(name)
    assert str(caught.value) == f"no data set named {name!r}: {hint}"


# --- There but wrong: an error, never the stand-in ---
def error_of_loading(root: Path) -> str:
    with pytest.raises(OSError, match=r".") as caught:
        load(root=root)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_truncated_file(tmp_path, contents):
    path = lay(tmp_path, contents) / f"{IMAGES}.gz"
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:1000])
    message = error_of_loading(tmp_path)
    assert message.startswith(f"{path} is cut short or damaged (1,000 bytes, the")
    assert f"published file has {size:,})" in message
    assert message.endswith(
        "delete it and load again, or copy it anew from the source in data/README.md"
    )


def test_an_empty_file(tmp_path, contents):
    path = lay(tmp_path, contents) / f"{IMAGES}.gz"
    path.write_bytes(b"")
    assert f"{path} holds 0 bytes unpacked, the" in error_of_loading(tmp_path)


def test_a_web_page_instead_of_a_file(tmp_path, contents):
    path = lay(tmp_path, contents) / f"{IMAGES}.gz"
    path.write_bytes(b"<html>Please sign in</html>")
    assert "is cut short or damaged (27 bytes" in error_of_loading(tmp_path)


@pytest.mark.parametrize("packed", [True, False])
def test_a_wrong_checksum(tmp_path, contents, packed):
    changed = {**contents, IMAGES: contents[IMAGES][:-1] + b"\x00"}
    assert changed[IMAGES] != contents[IMAGES]
    raw = lay(tmp_path, changed, packed)
    message = error_of_loading(tmp_path)
    assert message.startswith(f"{raw / IMAGES}{'.gz' if packed else ''} has MD5 ")
    assert "the published file has" in message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda content: b"\x00\x00\x08\x01" + content[4:],
            "begins with the bytes '00 00 08 01', not with '00 00 08 03': it is not",
        ),
        (
            lambda content: content[:7] + b"\x15" + content[8:],
            "shape (21, 28, 28), the published file of shape (20, 28, 28)",
        ),
        (
            lambda content: content[:-100],
            "holds 15,596 bytes unpacked, the published file 15,696",
        ),
        (lambda content: content[:6], "holds 6 bytes unpacked"),
    ],
)
def test_a_wrong_header(tmp_path, contents, change, message):
    lay(tmp_path, {**contents, IMAGES: change(contents[IMAGES])}, packed=False)
    assert message in error_of_loading(tmp_path)


def test_a_file_where_a_folder_is_expected(tmp_path, contents):
    (tmp_path / "root").write_text("not a folder")
    assert error_of_loading(tmp_path / "root").startswith(
        f"cannot read the folder {tmp_path / 'root' / 'FashionMNIST' / 'raw'} (Not a"
    )


def test_a_folder_where_a_file_is_expected(tmp_path, contents):
    path = lay(tmp_path, contents) / IMAGES
    path.mkdir()
    assert f"cannot read {path} (Is a directory)" in error_of_loading(tmp_path)


def test_an_unreadable_folder(tmp_path, contents, monkeypatch):
    raw = lay(tmp_path, contents)  # root reads everything, so the refusal is made

    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "listdir", refuse)
    assert error_of_loading(tmp_path) == (
        f"cannot read the folder {raw} (Permission denied): make it readable, or name "
        "another with ALEXNET_DATA"
    )


def test_an_incomplete_folder_that_cannot_be_completed(tmp_path, contents):
    raw = lay(tmp_path, contents)
    (raw / f"{LABELS}.gz").unlink()
    assert error_of_loading(tmp_path) == (
        f"{raw} lacks {LABELS}, and the download failed (ALEXNET_OFFLINE is set): "
        "complete it by hand, see data/README.md"
    )


# --- The real files ---
def test_the_checksums_and_names_are_torchvisions():
    from torchvision import datasets

    for name in ("FashionMNIST", "MNIST"):
        published = catalogue.PUBLISHED[name]
        ours = [(file.name + ".gz", file.packed_md5) for file in published.files]
        theirs = getattr(datasets, name)
        assert ours == theirs.resources
        assert list(published.mirrors) == theirs.mirrors
    assert list(CLASS_NAMES["FashionMNIST"]) == datasets.FashionMNIST.classes


@pytest.mark.needs_data
@pytest.mark.parametrize("name", ["FashionMNIST", "MNIST"])
def test_reads_the_real_files_as_torchvision_does(real_data_root, tmp_path, name):
    from torchvision import datasets

    if not (real_data_root / name).is_dir():
        pytest.skip(f"no real {name} in {real_data_root}")
    raw = tmp_path / name / "raw"
    raw.mkdir(parents=True)
    for path in (real_data_root / name / "raw").iterdir():
        (raw / path.name).write_bytes(path.read_bytes())  # a writable copy
    data = load(name, real_data_root)
    assert data.source == "given"
    for train, images, labels in (
        (True, data.train_images, data.train_labels),
        (False, data.test_images, data.test_labels),
    ):
        theirs = getattr(datasets, name)(tmp_path, train=train, download=True)
        assert torch.equal(images[:, 0], theirs.data)
        assert torch.equal(labels, theirs.targets)
    unpacked = catalogue.PUBLISHED[name].files[2]  # now that torchvision has unpacked
    assert np.array_equal(
        read_idx(raw / unpacked.name, unpacked), data.test_images[:, 0].numpy()
    )


# --- Downloading: what the parent makes of its child ---
@pytest.fixture
def online(monkeypatch, contents):
    """The network may be tried; `child(code)` says what the child process does.

    `answered`: a mirror has answered before it starts; `arrived`: so has a first file.
    """
    monkeypatch.delenv("ALEXNET_OFFLINE")
    monkeypatch.setattr(fetch, "POLL_SECONDS", 0.02)

    def child(code: str, answered: bool = False, arrived: bool = False) -> None:
        lines = (
            "import gzip, sys, time",
            "from pathlib import Path",
            "folder = Path(sys.argv[1])",
            "raw = folder / 'FashionMNIST' / 'raw'",
            "raw.mkdir(parents=True, exist_ok=True)",
            f"contents = {contents!r}",
            "def write(name):",
            "    content = gzip.compress(contents[name], mtime=0)",
            "    (raw / (name + '.gz')).write_bytes(content)",
        )
        script = "\n".join((*lines, code))

        def child_command(published: Published, folder: Path) -> list[str]:
            if answered:
                (folder / download.READY).touch()
            if arrived:
                lay(folder, {IMAGES: contents[IMAGES]})
            return [sys.executable, "-S", "-c", script, str(folder)]

        monkeypatch.setattr(fetch, "child_command", child_command)

    return child


WRITE_ALL = "for name in contents: write(name)"


def forbid(published, folder):
    raise AssertionError("a child process was started")


def test_a_download_lands_in_the_root(tmp_path, online):
    online(WRITE_ALL)
    data = load(root=tmp_path / "new" / "root")
    assert data.source == "downloaded"
    assert data.root == tmp_path / "new" / "root"
    assert data.note == "FashionMNIST: 20 training and 10 test pictures, as published"
    assert os.listdir(data.root) == ["FashionMNIST"]
    assert os.listdir(tmp_path / "new") == ["root"]  # no temporary folder is left
    assert load(root=data.root).source == "given"


def test_a_slow_download_goes_on_and_shows_progress(tmp_path, online, monkeypatch):
    monkeypatch.setattr(fetch, "GIVE_UP_SECONDS", 0)
    monkeypatch.setattr(fetch, "START_SECONDS", 0)
    online(f"time.sleep(0.3)\n{WRITE_ALL}\ntime.sleep(0.3)", arrived=True)
    seen = []
    data = load(root=tmp_path, progress=lambda *sizes: seen.append(sizes))
    assert data.source == "downloaded"
    arrived, in_all = zip(*seen, strict=True)
    assert list(arrived) == sorted(arrived)
    assert 0 < arrived[0] < arrived[-1] == in_all[0]


def test_once_a_mirror_has_answered_there_is_more_time(tmp_path, online, monkeypatch):
    monkeypatch.setattr(fetch, "GIVE_UP_SECONDS", 0)
    online(f"time.sleep(0.3)\n{WRITE_ALL}", answered=True)
    assert load(root=tmp_path).source == "downloaded"


@pytest.mark.parametrize("answered", [False, True])
def test_no_byte_in_time_is_given_up_and_remembered(
    tmp_path, online, monkeypatch, answered
):
    monkeypatch.setattr(fetch, "GIVE_UP_SECONDS", 0.2)
    monkeypatch.setattr(fetch, "START_SECONDS", 0.2)
    (tmp_path / "root").mkdir()
    online("time.sleep(60)", answered)
    start = time.monotonic()
    data = load(root=tmp_path / "root")
    assert time.monotonic() - start < 30  # it did not wait for the child
    assert data.source == "stand-in"
    assert "could not be downloaded (no byte arrived in " in data.note
    assert os.listdir(tmp_path / "root") == []

    monkeypatch.setattr(fetch, "child_command", forbid)
    again = load(root=tmp_path / "root")
    assert again.source == "stand-in"
    assert " s, 0 min ago)" in again.note

    monkeypatch.setattr(fetch, "GIVE_UP_SECONDS", 60)  # a busy machine starts slowly
    monkeypatch.setattr(fetch, "START_SECONDS", 60)
    online(WRITE_ALL)
    assert load(root=tmp_path / "root", retry=True).source == "downloaded"
    assert list((tmp_path / "cache").iterdir()) == []  # and forgotten


def test_a_failure_is_remembered_for_ten_minutes(tmp_path, online, monkeypatch):
    online("print('warning'); print('connection refused'); sys.exit(1)")
    assert "(connection refused)" in load(root=tmp_path).note
    (stamp,) = (tmp_path / "cache").iterdir()
    os.utime(stamp, (time.time() - 590, time.time() - 590))
    monkeypatch.setattr(fetch, "child_command", forbid)
    assert "(connection refused, 10 min ago)" in load(root=tmp_path).note
    os.utime(stamp, (time.time() - 610, time.time() - 610))
    online(WRITE_ALL)
    assert load(root=tmp_path).source == "downloaded"


def test_a_child_that_dies_without_a_word(tmp_path, online):
    online("sys.exit(7)")
    assert "(exit status 7)" in load(root=tmp_path).note


def test_a_full_disk(tmp_path, online):
    (tmp_path / "root").mkdir()
    online(f"write({IMAGES!r}); sys.exit(28)")
    assert error_of_loading(tmp_path / "root") == (
        f"no space left in {tmp_path / 'root'} for FashionMNIST (it needs about 90 MB "
        "while downloading): free some, or name a folder on another disk with "
        "ALEXNET_DATA"
    )
    assert os.listdir(tmp_path / "root") == []
    assert not (tmp_path / "cache").exists()  # a full disk is no reason to wait


def test_an_interrupted_download_leaves_nothing(tmp_path, online):
    def interrupt(arrived, total):
        raise KeyboardInterrupt

    (tmp_path / "root").mkdir()
    online(f"{WRITE_ALL}; time.sleep(60)")
    with pytest.raises(KeyboardInterrupt):
        load(root=tmp_path / "root", progress=interrupt)
    assert os.listdir(tmp_path / "root") == []


def test_a_root_that_cannot_be_written(tmp_path, online, monkeypatch):
    make_folder = fetch.TemporaryDirectory
    refused = [tmp_path / "root"]

    def refuse(prefix: str, dir: Path):
        if dir in refused:
            raise OSError(errno.EROFS, "Read-only file system", str(dir))
        return make_folder(prefix=prefix, dir=dir)

    monkeypatch.setattr(fetch, "TemporaryDirectory", refuse)
    (tmp_path / "root").mkdir()
    online(WRITE_ALL)
    data = load(root=tmp_path / "root")
    assert data.source == "downloaded"
    assert data.root == tmp_path / "cache" / "data"
    assert load(root=tmp_path / "root").source == "given"
    monkeypatch.setattr(runtime, "cache_folder", lambda: tmp_path / "root" / "cache")
    assert error_of_loading(tmp_path / "root") == (
        f"cannot write into {tmp_path / 'root'} nor into "
        f"{tmp_path / 'root' / 'cache' / 'data'}: name a folder that can be written "
        "with ALEXNET_DATA"
    )


def test_an_incomplete_folder_is_completed(tmp_path, contents, online):
    raw = lay(tmp_path, contents)
    (raw / f"{LABELS}.gz").unlink()
    kept = (raw / f"{IMAGES}.gz").stat().st_mtime_ns
    online(WRITE_ALL)
    assert load(root=tmp_path).source == "downloaded"
    assert (raw / f"{IMAGES}.gz").stat().st_mtime_ns == kept


# --- Downloading: torchvision against servers on this machine ---
class Server:
    """Serves the packed files on loopback, in one of several moods."""

    def __init__(self, contents: dict[str, bytes]):
        files = {
            f"/{name}.gz": gzip.compress(c, mtime=0) for name, c in contents.items()
        }
        server = self
        self.pause = 0.0  # seconds in the middle of a file
        self.damage = False

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path not in files:
                    self.send_error(404)
                    return
                content = files[self.path]
                if server.damage:
                    content = content[:-1] + b"?"
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with suppress(OSError):  # the client may have gone
                    self.wfile.write(content[:20])
                    self.wfile.flush()
                    time.sleep(server.pause)
                    self.wfile.write(content[20:])

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.http.serve_forever, args=(0.02,))

    def __enter__(self) -> "Server":
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/"
        return self

    def __exit__(self, *exc_info) -> None:
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def mirror(monkeypatch, contents):
    """`mirror(url)` points torchvision to the tiny files there; returns what to ask."""
    from torchvision import datasets

    monkeypatch.setattr(
        http.client.HTTPConnection, "connect", http.client.HTTPConnection.connect
    )
    for proxy in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    tiny = catalogue.PUBLISHED["FashionMNIST"]
    resources = [(file.name + ".gz", file.packed_md5) for file in tiny.files]
    monkeypatch.setattr(datasets.FashionMNIST, "resources", resources)

    def point(url: str) -> list[str]:
        monkeypatch.setattr(datasets.FashionMNIST, "mirrors", [url])
        return [f"{url}{LABELS}.gz"]

    yield point
    socket.setdefaulttimeout(None)


def test_torchvision_downloads_checks_and_unpacks(tmp_path, contents, mirror):
    with Server(contents) as server:
        urls = mirror(server.url)
        assert download.main("FashionMNIST", tmp_path, urls) == 0
    raw = tmp_path / "FashionMNIST" / "raw"
    packed = [f"{name}.gz" for name in contents]
    assert sorted(os.listdir(raw)) == sorted([*contents, *packed])
    assert (raw / IMAGES).read_bytes() == contents[IMAGES]
    assert (tmp_path / download.READY).exists()


def test_nobody_answers(tmp_path, contents, mirror, capsys):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        urls = mirror(f"http://127.0.0.1:{unused.getsockname()[1]}/")
        assert download.main("FashionMNIST", tmp_path, urls) == download.FAILED
    assert "Connection refused" in capsys.readouterr().out.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []  # torchvision was not asked


def test_a_server_that_accepts_and_is_silent(tmp_path, mirror, capsys, monkeypatch):
    monkeypatch.setattr(download, "SILENCE_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        urls = mirror(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        assert download.main("FashionMNIST", tmp_path, urls) == download.FAILED
    assert "timed out" in capsys.readouterr().out.splitlines()[-1]


def test_a_pause_longer_than_the_connecting_time(
    tmp_path, contents, mirror, monkeypatch
):
    monkeypatch.setattr(download, "CONNECT_SECONDS", 0.2)
    with Server(contents) as server:
        server.pause = 0.4
        urls = mirror(server.url)
        assert download.main("FashionMNIST", tmp_path, urls) == 0


def test_one_mirror_that_answers_is_enough(contents):
    with Server(contents) as server:
        download.wait_for_an_answer(
            [f"{server.url}{name}" for name in ("?", f"{LABELS}.gz")]
        )
        with pytest.raises(OSError, match="404"):
            download.wait_for_an_answer([f"{server.url}?", f"{server.url}??"])


def test_what_arrives_is_not_the_data_set(tmp_path, contents, mirror, capsys):
    with Server(contents) as server:
        server.damage = True
        urls = mirror(server.url)
        assert download.main("FashionMNIST", tmp_path, urls) == download.FAILED
    assert capsys.readouterr().out.splitlines()[-1] == "File not found or corrupted."


def test_the_disk_is_full_while_a_file_arrives(tmp_path, contents, mirror):
    raw = tmp_path / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    (raw / f"{IMAGES}.gz").symlink_to("/dev/full")  # Linux: every write finds it full
    with Server(contents) as server:
        urls = mirror(server.url)
        assert download.main("FashionMNIST", tmp_path, urls) == download.DISK_FULL


CHILD = """
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
spec = spec_from_file_location("child", sys.argv[1])
child = module_from_spec(spec)
spec.loader.exec_module(child)
download = child.download
def download_tiny(name, folder):
    import torchvision
    tiny = torchvision.datasets.FashionMNIST
    tiny.mirrors, tiny.resources = {mirrors!r}, {resources!r}
    download(name, folder)
child.download = download_tiny
sys.exit(child.main(sys.argv[2], Path(sys.argv[3]), sys.argv[4:]))
"""


def test_the_whole_way_from_a_server_to_tensors(tmp_path, contents, monkeypatch):
    """The real child process and torchvision, told of the server and the tiny files."""
    monkeypatch.delenv("ALEXNET_OFFLINE")
    for proxy in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    tiny = catalogue.PUBLISHED["FashionMNIST"]
    resources = [(file.name + ".gz", file.packed_md5) for file in tiny.files]
    real_command = fetch.child_command
    with Server(contents) as server:
        online_tiny = replace(tiny, mirrors=(server.url,))
        monkeypatch.setitem(catalogue.PUBLISHED, "FashionMNIST", online_tiny)
        script = CHILD.format(mirrors=[server.url], resources=resources)

        def instructed(published: Published, folder: Path) -> list[str]:
            python, flag, *arguments = real_command(published, folder)
            return [python, flag, "-c", script, *arguments]

        monkeypatch.setattr(fetch, "child_command", instructed)
        data = load(root=tmp_path)
    assert data.source == "downloaded"
    assert data.train_images.flatten().tolist() == list(contents[IMAGES][16:])
    assert load(root=tmp_path).source == "given"


# --- The command ---
def run_command(*arguments: str) -> dict:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


def test_the_command_says_what_is_there(tmp_path, contents, capsys):
    lay(tmp_path, contents)
    result = run_command("--root", str(tmp_path))
    assert json.loads(json.dumps(result)) == {
        "dataset": "FashionMNIST",
        "root": str(tmp_path),
        "source": "given",
        "verified": True,
        "note": "FashionMNIST: 20 training and 10 test pictures, as published",
    }
    assert command.render(result) == (
        "FashionMNIST: 20 training and 10 test pictures, as published\n"
        f"found in {tmp_path}; every checksum is right"
    )
    assert capsys.readouterr() == ("", "")


def test_the_command_shows_progress_and_tries_again(tmp_path, online, capsys):
    online("print('connection refused'); sys.exit(1)")
    result = run_command("--root", str(tmp_path))
    assert (result["source"], result["verified"]) == ("stand-in", False)
    assert result["root"] == str(tmp_path)
    assert command.render(result) == f"{result['note']}\nlooked for it in {tmp_path}"
    online(f"write({IMAGES!r}); time.sleep(0.5)\n{WRITE_ALL}; time.sleep(0.2)")
    result = run_command("--root", str(tmp_path))
    assert result["source"] == "downloaded"
    assert f"downloaded to {tmp_path}; every checksum" in command.render(result)
    out, err = capsys.readouterr()
    assert out == ""
    assert "FashionMNIST" in err
