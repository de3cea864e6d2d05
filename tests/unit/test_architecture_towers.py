"""Two real processes are one network; when one is lost, none is left."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest
import torch
from torch import nn

from alexnet_lib.architecture.exchange import share_masks
from alexnet_lib.architecture.halves import cut_in_two, narrowed
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.towers import PairStep, TowerPair
from alexnet_lib.architecture.variants import ALEXNET_2012, ALEXNET_2012_SOURCE

SMALL = narrowed(ALEXNET_2012_SOURCE, 8)
LOST_SECONDS = 10.0  # in which the other tower must have ended
SEED = 5
LABELS = torch.tensor([3, 0, 7])
KILLED = (
    "tower {} was killed (signal 9), so tower {} has ended, too: start a new TowerPair"
)


def start() -> TowerPair:
    """A pair that is there at once: torch is imported once for all of them."""
    preload = ["alexnet_lib.architecture.half_process"]
    get_context("forkserver").set_forkserver_preload(preload)
    return TowerPair("forkserver")


def ids_of(pair: TowerPair) -> list[int]:
    return [process.pid for process in pair.processes]


@pytest.fixture(scope="module")
def pair() -> Iterator[TowerPair]:
    with start() as pair:
        yield pair


def whole_network(model_spec, dtype: torch.dtype) -> nn.Sequential:
    model = build_model(model_spec)
    initialize(model, "source_2012", torch.Generator().manual_seed(SEED))
    share_masks(model, SEED)
    return model.to(dtype)


def pictures(dtype: torch.dtype, count: int = 3) -> torch.Tensor:
    generator = torch.Generator().manual_seed(SEED)
    return 60 * torch.randn(count, 3, 224, 224, generator=generator).to(dtype)


def difference(answer: torch.Tensor, expected: torch.Tensor) -> float:
    """Largest difference over largest value."""
    return ((answer - expected).abs().max() / expected.abs().max()).item()


def compare(pair: TowerPair, model_spec, dtype, training) -> tuple[float, PairStep]:
    """The worst of outputs and gradients, two processes against one."""
    model, images = whole_network(model_spec, dtype), pictures(dtype)
    pair.load(model_spec, model.state_dict(), seed=SEED)
    step = pair.step(images, LABELS, training)
    logits = model.train(training)(images)
    loss = nn.functional.cross_entropy(logits, LABELS)
    loss.backward()
    assert logits.std() > 0
    assert step.loss == pytest.approx(loss.item(), rel=1e-5)
    parameters = dict(model.named_parameters())
    assert step.gradients.keys() == parameters.keys()
    found = [difference(step.logits, logits.detach())]
    found += [difference(step.gradients[n], p.grad) for n, p in parameters.items()]
    return max(found), step


# --- two are as one ---
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(
    ("dtype", "most"), [(torch.float32, 1e-5), (torch.float64, 1e-12)]
)
def test_two_processes_give_the_outputs_and_gradients_of_one(
    pair, dtype, most, training
):
    worst, _ = compare(pair, SMALL, dtype, training)
    assert worst <= most


def test_at_full_size_too(pair):
    worst, step = compare(pair, ALEXNET_2012_SOURCE, torch.float32, training=True)
    assert worst <= 1e-5
    assert [tower.num_params for tower in step.towers] == [32_531_112, 28_434_112]


def test_the_masks_differ_from_step_to_step_and_do_matter(pair):
    model = whole_network(SMALL, torch.float32)
    pair.load(SMALL, model.state_dict(), seed=SEED)
    images = pictures(torch.float32)
    one, two = (pair.step(images, LABELS, training=True) for _ in range(2))
    quiet = pair.step(images, LABELS)
    assert not torch.equal(one.logits, two.logits)
    assert not torch.equal(one.logits, quiet.logits)


def test_what_is_measured_is_what_was_counted(pair):
    _, step = compare(pair, SMALL, torch.float64, training=False)
    rows = cut_in_two(SMALL)
    for rank, tower in enumerate(step.towers):
        params = sum(row.num_params[rank] for row in rows)
        assert tower.rank == rank
        assert tower.num_params == params
        assert tower.weights == tower.gradients == 8 * params
        assert tower.device == "cpu" or torch.cuda.device_count() >= 2
        forward = {
            p.layer: p.num_bytes for p in tower.received if p.direction == "forward"
        }
        counted = {row.name: row.received[rank] for row in rows if row.received[rank]}
        assert forward == {name: 3 * 8 * n for name, n in counted.items()}
        # backward the same layers send as much the other way
        other = {row.name: row.received[1 - rank] for row in rows}
        backward = {
            p.layer: p.num_bytes for p in tower.received if p.direction == "backward"
        }
        assert backward == {name: 3 * 8 * n for name, n in other.items() if n}
        picture = 3 * 227**2  # with what the last windows hang over
        kept = 2 * sum(row.kept[rank] for row in rows)  # and where each maximum stood
        assert 0 < tower.saved < 3 * 8 * (picture + kept)


# --- what is refused ---
def test_wrong_orders_are_refused_in_words():
    with start() as pair:
        with pytest.raises(RuntimeError, match="no weights yet: call load first"):
            pair.step(pictures(torch.float32), LABELS)
        with pytest.raises(ValueError, match="norm1 has 1 group, and a tower holds"):
            pair.load(ALEXNET_2012, {})
        model = whole_network(SMALL, torch.float32)
        pair.load(SMALL, model.state_dict())
        with pytest.raises(ValueError, match="takes 3 channels, the image has 1"):
            pair.step(torch.zeros(2, 1, 224, 224), LABELS[:2])
        wrong = torch.tensor([125])  # there are classes 0 to 124
        with pytest.raises(
            RuntimeError, match=r"^tower 0 stopped \(IndexError: Target"
        ):
            pair.step(pictures(torch.float32, 1), wrong)
        assert not any(map(is_running, ids_of(pair)))
        with pytest.raises(RuntimeError, match="this pair is closed: start a new"):
            pair.step(pictures(torch.float32), LABELS)


# --- when one is lost ---
def is_running(process_id: int) -> bool:
    """Whether a process does anything; one that only waits to be buried does not."""
    stat = Path(f"/proc/{process_id}/stat")
    if sys.platform == "linux":
        with_state = stat.read_text() if stat.exists() else ") Z"
        return with_state.rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def seconds_until_gone(process_ids) -> float:
    start = time.monotonic()
    while any(map(is_running, process_ids)):
        assert time.monotonic() - start < LOST_SECONDS, "a process is left"
        time.sleep(0.02)
    return time.monotonic() - start


@pytest.mark.parametrize("lost", [0, 1])
def test_killed_in_the_middle_of_a_step(lost: int):
    """The other waits for its message and can see from the wire alone what happened."""
    with start() as pair:
        pair.load(SMALL, whole_network(SMALL, torch.float32).state_dict())
        ids, other = ids_of(pair), pair.processes[1 - lost]
        os.kill(ids[lost], signal.SIGSTOP)  # it does not answer, and can be killed
        killer = threading.Timer(1.0, os.kill, (ids[lost], signal.SIGKILL))
        killer.start()
        start_time = time.monotonic()
        with pytest.raises(RuntimeError) as caught:
            pair.step(pictures(torch.float32), LABELS)
        assert 1.0 <= time.monotonic() - start_time < 1.0 + LOST_SECONDS
        assert str(caught.value) == KILLED.format(lost, 1 - lost)
        assert other.exitcode == 1, "it ended by itself, nobody had to kill it"
        assert not any(map(is_running, ids))


def test_killed_while_both_have_nothing_to_do():
    with start() as pair:
        pair.load(SMALL, whole_network(SMALL, torch.float32).state_dict())
        os.kill(ids_of(pair)[1], signal.SIGKILL)
        assert seconds_until_gone(ids_of(pair)) < LOST_SECONDS
        pair.processes[0].join(LOST_SECONDS)
        assert pair.processes[0].exitcode == 1
        with pytest.raises(RuntimeError) as caught:
            pair.step(pictures(torch.float32), LABELS)
        assert str(caught.value) == KILLED.format(1, 0)


OWNER = """
import torch
from alexnet_lib.architecture import model
from tests.unit import test_architecture_towers as here
weights = model.build_model(here.SMALL).state_dict()
waits, works = here.start(), here.start()
for pair in (waits, works):
    pair.load(here.SMALL, weights)
print(*here.ids_of(waits), *here.ids_of(works), flush=True)
while True:
    works.step(torch.zeros(4, 3, 224, 224), torch.tensor([0, 1, 2, 3]))
"""


def test_no_orphan_is_left_when_the_owner_is_killed():
    """Neither of a pair that waits for orders nor of one in the middle of a step."""
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    try:
        ids = [int(word) for word in owner.stdout.readline().split()]
        assert len(ids) == 4
        assert all(map(is_running, ids))
        time.sleep(0.3)
    finally:
        owner.kill()
        owner.communicate()
    assert seconds_until_gone(ids) < LOST_SECONDS


def test_close_ends_both_and_leaves_no_file():
    pair = start()
    ids, folder = ids_of(pair), pair._folder
    pair.close()
    assert not any(map(is_running, ids))
    assert [process.exitcode for process in pair.processes] == [0, 0]
    assert not folder.exists()
    pair.close()  # twice is no error
