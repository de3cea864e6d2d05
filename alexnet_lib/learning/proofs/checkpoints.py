"""Proofs of notebook 12: what a file may do, and what a training needs to go on."""

import copy
import io
from collections.abc import Callable

import safetensors.torch
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.learning.checks.checkpoints import STEPS, STOPPED, Training
from alexnet_lib.learning.claims import Finding

PARTS = ("weights", "averages", "momenta", "order", "generator")


def opens_as_numbers(subject: str) -> Finding:
    """Can a file written in this way be opened without running what it names?"""
    with torch.random.fork_rng(devices=[]):
        model = nn.Sequential(nn.Linear(3, 2))
    content = WRITERS[subject](model)
    if subject == "safetensors":
        names = safetensors.torch.load(content).keys()
        return Finding("true", f"it opens, and holds {', '.join(names)}")
    try:
        names = torch.load(io.BytesIO(content), weights_only=True).keys()
    except Exception:  # a refusal, whatever its class
        named = torch.serialization.get_unsafe_globals_in_checkpoint(
            io.BytesIO(content)
        )
        evidence = f"torch.load refuses it: it names code, {', '.join(sorted(named))}"
        return Finding("false", evidence)
    return Finding("true", f"it opens, and holds {', '.join(names)}")


def _torch_save(part: Callable[[nn.Module], object]) -> Callable[[nn.Module], bytes]:
    def write(model: nn.Module) -> bytes:
        buffer = io.BytesIO()
        torch.save(part(model), buffer)
        return buffer.getvalue()

    return write


WRITERS: dict[str, Callable[[nn.Module], bytes]] = {
    "torch.save(model)": _torch_save(lambda model: model),
    "torch.save(model.state_dict())": _torch_save(lambda model: model.state_dict()),
    "safetensors": lambda model: safetensors.torch.save(model.state_dict()),
}


def goes_on_as_if_never_stopped(subject: str) -> Finding:
    """Does a training with these parts put back end with the same weights?

    subject: some of PARTS, separated by commas.
    """
    kept = {part.strip() for part in subject.split(",")}
    if unknown := kept - set(PARTS):
        raise ValueError(f"no part {unknown.pop()!r}: they are {', '.join(PARTS)}")
    with torch.random.fork_rng(devices=[]):
        whole = Training.begin(seed=0)
        whole.go_on(0, STOPPED)
        again = Training.begin(seed=99)
        _put_back(again, whole, kept)
        # The two draw from one generator, so each sets it before it goes on.
        here, there = torch.get_rng_state(), torch.Generator().manual_seed(7)
        torch.set_rng_state(here if "generator" in kept else there.get_state())
        again.go_on(STOPPED, STEPS)
        torch.set_rng_state(here)
        whole.go_on(STOPPED, STEPS)
    pairs = zip(whole.model.parameters(), again.model.parameters(), strict=True)
    largest = max((a - b).abs().max().item() for a, b in pairs)
    evidence = (
        f"stopped after {STOPPED} of {STEPS} steps and gone on with {subject}: the "
        f"weights differ by up to {largest:.2g}"
    )
    return Finding("false" if largest else "true", evidence)


def _put_back(again: Training, whole: Training, kept: set[str]) -> None:
    with torch.no_grad():
        if "weights" in kept:
            for mine, theirs in zip(
                again.model.parameters(), whole.model.parameters(), strict=True
            ):
                mine.copy_(theirs)
        if "averages" in kept:
            for mine, theirs in zip(
                again.model.buffers(), whole.model.buffers(), strict=True
            ):
                mine.copy_(theirs)
    if "momenta" in kept:
        # a copy: load_state_dict would let the two share their momenta
        state = copy.deepcopy(whole.optimizer.state_dict())
        again.optimizer.load_state_dict(state)
    if "order" in kept:
        again.order.set_state(whole.order.get_state())


def mean_of_batches_is_the_mean(subject: str) -> Finding:
    """Is the mean of the mini-batches' losses that of the pictures?

    subject: number of pictures and size of a mini-batch, "10000, 64".
    """
    count, batch = map(int, subject.split(","))
    generator = torch.Generator().manual_seed(0)
    losses = torch.rand(count, generator=generator, dtype=torch.float64)
    losses[-(count % batch or batch) :] += 1  # the last batch is harder
    batches = losses.split(batch)
    of_batches = torch.stack([each.mean() for each in batches]).mean().item()
    of_pictures = losses.mean().item()
    evidence = (
        f"{len(batches)} mini-batches, the last of {len(batches[-1])} pictures, which "
        f"are harder by 1: mean of the mini-batches {of_batches:.5f}, of the pictures "
        f"{of_pictures:.5f}"
    )
    same = abs(of_batches - of_pictures) < 1e-9
    return Finding("true" if same else "false", evidence)


ENDS: dict[str, Callable[[Tensor], Tensor]] = {
    "softmax": lambda logits: logits.softmax(dim=1),
    "log-softmax": lambda logits: logits.log_softmax(dim=1),
}


def changes_nothing_before_the_loss(subject: str) -> Finding:
    """Is cross_entropy, behind this last step, what it is behind the logits?"""
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(64, 10, generator=generator, dtype=torch.float64)
    labels = torch.randint(10, (64,), generator=generator)
    found = []
    for end in (lambda values: values, ENDS[subject]):
        leaf = logits.clone().requires_grad_()
        loss = F.cross_entropy(end(leaf), labels)
        loss.backward()
        found.append((loss.item(), leaf.grad.norm().item()))
    (loss, size), (other_loss, other_size) = found
    evidence = (
        f"64 made-up answers: loss {loss:.3f}, behind a {subject} {other_loss:.3f}; "
        f"size of the gradient {size:.3f}, behind it {other_size:.3f}"
    )
    same = abs(loss - other_loss) < 1e-9 and abs(size - other_size) < 1e-9
    return Finding("true" if same else "false", evidence)
