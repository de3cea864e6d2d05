"""The five checks of notebook 12, with the answers a class really gives."""

import copy
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.tensorboard import SummaryWriter

from alexnet_lib import data, runtime, training
from alexnet_lib.architecture.model import build_model
from alexnet_lib.architecture.variants import LENET5_RELU
from alexnet_lib.learning.checks import checkpoints, forensics, keeping, logs
from alexnet_lib.learning.checks import script_device as device
from alexnet_lib.learning.checks import script_files as files
from alexnet_lib.learning.checks import script_parts as parts
from alexnet_lib.learning.proofs import checkpoints as proofs
from alexnet_lib.training.checkpoint import load_checkpoint
from tests.unit.checking import assert_check_is_fair, raiser, stub

# --- exercise 1: the script ---------------------------------------------------


def right_self_test(model, batches):
    images, _ = next(iter(batches))
    return model(images).shape


def right_device():
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def right_set_aside(pictures):
    return data.split(pictures.train_images, pictures.train_labels, 1_000)


def right_mean_loss(model, batches):
    model.eval()
    with torch.no_grad():
        sums = [F.cross_entropy(model(x), y, reduction="sum") for x, y in batches]
    return sum(sums).item() / sum(len(y) for _, y in batches)


def right_keep(model, folder, epoch):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"net_{epoch}.safetensors"
    safetensors.torch.save_file(model.state_dict(), path)
    return path


RIGHT = {
    "self_test": right_self_test,
    "choose_device": right_device,
    "set_aside": right_set_aside,
    "mean_loss": right_mean_loss,
    "keep": right_keep,
}


def other_self_test(model, batches):
    for images, _ in batches:
        return tuple(model(images).size())


def other_device():
    return runtime.pick_device("auto")


def accelerator():
    found = torch.accelerator.current_accelerator()
    return found if torch.accelerator.is_available() else torch.device("cpu")


def other_set_aside(pictures):
    images, labels = pictures.train_images, pictures.train_labels
    return [images[1000:], labels[1000:], images[:1000], labels[:1000]]


def other_mean_loss(model, batches):
    return training.evaluate(model, batches).loss


def other_keep(model, folder, epoch):
    Path(folder).mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), folder / f"{epoch}.pth")
    return str(folder / f"{epoch}.pth")


OTHER = {
    "self_test": other_self_test,
    "choose_device": other_device,
    "set_aside": other_set_aside,
    "mean_loss": other_mean_loss,
    "keep": other_keep,
}


def check_parts(answer: Any):
    """The check takes five functions; a cheat stands in for all of them."""
    if isinstance(answer, dict):
        return parts.check_script(*answer.values())
    return parts.check_script(*[answer] * 5)


def mean_of_means(model, batches):
    model.eval()
    with torch.no_grad():
        losses = [F.cross_entropy(model(x), y) for x, y in batches]
    return (sum(losses) / len(losses)).item()


def sum_of_means(model, batches):
    return mean_of_means(model, batches) * len(batches)


def sum_over_batches(model, batches):
    return right_mean_loss(model, batches) * pictures_in(batches) / len(batches)


def pictures_in(batches):
    return sum(len(y) for _, y in batches)


def in_training_mode(model, batches):
    with torch.no_grad():
        sums = [F.cross_entropy(model(x), y, reduction="sum") for x, y in batches]
    return sum(sums).item() / pictures_in(batches)


def graph_kept(model, batches):
    model.eval()
    sums = [F.cross_entropy(model(x), y, reduction="sum") for x, y in batches]
    return sum(sums) / pictures_in(batches)


def without_folder(model, folder, epoch):
    path = folder / f"net_{epoch}.pth"
    torch.save(model.state_dict(), path)
    return path


def whole_network(model, folder, epoch):
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(model, folder / f"net_{epoch}.pth")
    return folder / f"net_{epoch}.pth"


def one_file(model, folder, epoch):
    return right_keep(model, folder, "last")


def folder_each_time(model, folder, epoch):
    folder.mkdir(parents=True)
    return right_keep(model, folder, epoch)


def in_test_set(pictures):
    return (
        pictures.train_images[1000:],
        pictures.train_labels[1000:],
        pictures.test_images[:1000],
        pictures.test_labels[:1000],
    )


def overlapping(pictures):
    images, labels = pictures.train_images, pictures.train_labels
    return images, labels, images[:1000], labels[:1000]


def labels_left_behind(pictures):
    images, labels = pictures.train_images, pictures.train_labels
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(3))
    images = images[order]
    return images[1000:], labels[1000:], images[:1000], labels[:1000]


def a_twelfth(pictures):
    return data.split(pictures.train_images, pictures.train_labels)


def fewer_to_train_on(pictures):
    images, labels = pictures.train_images, pictures.train_labels
    return images[1500:], labels[1500:], images[:1000], labels[:1000]


WRONG_PARTS = {
    "typed size": {
        "self_test": lambda model, _: model(torch.ones(64, 1, 28, 28)).shape
    },
    "not run": {"self_test": lambda model, batches: torch.Size([4, 7])},
    "pictures": {
        "self_test": lambda model, b: (model(b[0][0]), b[0][0])[1].shape,
    },
    "never cuda": {
        "choose_device": lambda: torch.device(
            "mps" if torch.backends.mps.is_available() else "cpu"
        )
    },
    "never mps": {
        "choose_device": lambda: torch.device(
            "cuda" if torch.cuda.is_available() else "cpu"
        )
    },
    "always cpu": {"choose_device": lambda: torch.device("cpu")},
    "always cuda": {"choose_device": lambda: "cuda:0"},
    "mps or cuda": {
        "choose_device": lambda: "cuda" if torch.cuda.is_available() else "mps"
    },
    "test set": {"set_aside": in_test_set},
    "overlap": {"set_aside": overlapping},
    "labels": {"set_aside": labels_left_behind},
    "count": {"set_aside": a_twelfth},
    "lost": {"set_aside": fewer_to_train_on},
    "mean of means": {"mean_loss": mean_of_means},
    "sum of means": {"mean_loss": sum_of_means},
    "sum": {"mean_loss": lambda m, b: right_mean_loss(m, b) * pictures_in(b)},
    "sum over batches": {"mean_loss": sum_over_batches},
    "means over pictures": {
        "mean_loss": lambda m, b: sum_of_means(m, b) / pictures_in(b)
    },
    "last batch": {"mean_loss": lambda m, b: right_mean_loss(m, b[-1:])},
    "training mode": {"mean_loss": in_training_mode},
    "graph kept": {"mean_loss": graph_kept},
    "missing folder": {"keep": without_folder},
    "whole network": {"keep": whole_network},
    "overwritten": {"keep": one_file},
    "folder there": {"keep": folder_each_time},
}


def test_script():
    assert_check_is_fair(
        check_parts,
        right=[RIGHT, OTHER, RIGHT | {"choose_device": accelerator}],
        wrong={name: RIGHT | change for name, change in WRONG_PARTS.items()},
        todo=dict.fromkeys(RIGHT, stub),
    )


def test_script_tells_how_far_it_is():
    done = RIGHT | {"mean_loss": stub, "keep": stub}
    assert str(check_parts(done)) == (
        "todo: right so far; mean_loss is still to be written"
    )
    assert check_parts(dict.fromkeys(RIGHT, raiser)).message.startswith(
        "self_test on mini-batches of (4, 3, 20, 20) raised ZeroDivisionError"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"self_test": 3}, "self_test should be a function, not int"),
        (
            {"self_test": lambda m, b: str(m(b[0][0]).shape)},
            "self_test on mini-batches of (4, 3, 20, 20) gave str: the shape of the",
        ),
        (
            {"self_test": lambda m, b: m(b[0][0]).shape[1:]},
            "self_test on mini-batches of (4, 3, 20, 20) gave (7,): one row of logits",
        ),
        ({"choose_device": "cpu"}, "choose_device should be a function, not str"),
        (
            {"choose_device": lambda: 0},
            "choose_device() on a machine with neither CUDA nor MPS raised TypeError: "
            "it should give a torch.device, not int",
        ),
        (
            {"choose_device": lambda: None},
            "choose_device() on a machine with neither CUDA nor MPS gave None: does",
        ),
        ({"set_aside": 1}, "set_aside should be a function, not int"),
        (
            {"set_aside": lambda p: p.train_images},
            "set_aside(pictures) should give four tensors",
        ),
        (
            {"set_aside": lambda p: [p.train_images, 1, 2, 3]},
            "set_aside(pictures) should give four torch tensors",
        ),
        (
            {"set_aside": lambda p: [right_set_aside(p)[i] for i in (0, 2, 1, 3)]},
            "set_aside(pictures) gave the parts in another order",
        ),
        ({"set_aside": raiser}, "set_aside(pictures) raised ZeroDivisionError"),
        ({"mean_loss": 1.5}, "mean_loss should be a function, not float"),
        (
            {"mean_loss": raiser},
            "mean_loss(model, mini-batches of (4, 4, 1) pictures) raised ZeroDivision",
        ),
        ({"keep": 1}, "keep should be a function, not int"),
        ({"keep": lambda m, f, e: None}, "keep(model, folder, 1) gave None: does keep"),
        (
            {"keep": lambda m, f, e: f / "nothing.pth"},
            "keep(model, folder, 1) should give the path of the file it has written",
        ),
    ],
)
def test_script_messages(change, message):
    assert check_parts(RIGHT | change).message.startswith(message)


def keep_something(content: Callable[[nn.Module], Any]) -> Callable:
    def keep(model, folder, epoch):
        folder.mkdir(parents=True, exist_ok=True)
        torch.save(content(model), folder / f"{epoch}.pth")
        return folder / f"{epoch}.pth"

    return keep


@pytest.mark.parametrize(
    ("content", "mistake", "message"),
    [
        (
            lambda model: list(model.parameters()),
            "names",
            "1.pth does not hold the weights by their names",
        ),
        (
            lambda model: {n: t + 1 for n, t in model.state_dict().items()},
            "weights",
            "1.pth holds other weights than the network",
        ),
    ],
)
def test_what_is_kept_is_looked_at(content, mistake, message):
    result = files.check_keep(keep_something(content))
    assert (result.mistake, result.message) == (mistake, message)


def test_a_machine_is_made_up_and_taken_back():
    before = torch.cuda.is_available(), torch.backends.mps.is_available()
    with device.machine(cuda=True, mps=False):
        assert torch.cuda.is_available()
        assert torch.cuda.device_count() == 1
        assert torch.accelerator.current_accelerator().type == "cuda"
    assert (torch.cuda.is_available(), torch.backends.mps.is_available()) == before


# --- exercise 2: resume -------------------------------------------------------

PIECES = ("model", "optimizer", "order", "torch")


def right_pack(model, optimizer, order, step):
    return {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "order": order.get_state(),
        "torch": torch.get_rng_state(),
        "step": step,
    }


def unpack_but(*forgotten: str) -> Callable:
    def unpack(kept, model, optimizer, order):
        put_back = {
            "model": model.load_state_dict,
            "optimizer": optimizer.load_state_dict,
            "order": order.set_state,
            "torch": torch.set_rng_state,
        }
        for name in PIECES:
            if name not in forgotten:
                put_back[name](kept[name])
        return 0 if "step" in forgotten else kept["step"]

    return unpack


def pack_in_a_row(model, optimizer, order, step):
    momenta = [dict(state) for state in optimizer.state_dict()["state"].values()]
    generators = [torch.random.get_rng_state(), order.get_state().clone()]
    return copy.deepcopy([model.state_dict(), momenta, generators, step])


def unpack_a_row(kept, model, optimizer, order):
    weights, momenta, generators, step = kept
    model.load_state_dict(weights)
    groups = optimizer.state_dict()["param_groups"]
    state = dict(enumerate(momenta))
    optimizer.load_state_dict({"state": state, "param_groups": groups})
    order.set_state(generators[1])
    torch.random.set_rng_state(generators[0])
    return torch.tensor(step)


def parameters_only(kept, model, optimizer, order):
    step = unpack_but("model")(kept, model, optimizer, order)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(kept["model"][name])
    return step


def in_eval_mode(kept, model, optimizer, order):
    step = unpack_but()(kept, model, optimizer, order)
    model.eval()
    return step


def pack_objects(model, optimizer, order, step):
    return {"model": model, "optimizer": optimizer, "order": order, "step": step}


def pack_and_draw(model, optimizer, order, step):
    torch.rand(1, generator=order)
    return right_pack(model, optimizer, order, step)


def check_resume(answer: Any):
    pair = answer if isinstance(answer, tuple) else (answer, answer)
    return checkpoints.check_resume(*pair)


def test_resume():
    generator = "the state of torch's own generator"
    averages = "the averages of the normalisation"
    assert_check_is_fair(
        check_resume,
        right=[(right_pack, unpack_but()), (pack_in_a_row, unpack_a_row)],
        wrong={
            f"the weights, {averages}": (right_pack, unpack_but("model")),
            averages: (right_pack, parameters_only),
            "the momenta": (right_pack, unpack_but("optimizer")),
            "the state of `order`": (right_pack, unpack_but("order")),
            generator: (right_pack, unpack_but("torch")),
            "the position": (right_pack, unpack_but("step")),
            "the training mode": (right_pack, in_eval_mode),
            f"the momenta, the state of `order`, {generator}, the position": (
                right_pack,
                unpack_but("optimizer", "order", "torch", "step"),
            ),
            "objects": (pack_objects, unpack_but()),
            "changed": (pack_and_draw, unpack_but()),
        },
        todo=(stub, stub),
    )


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ((right_pack, stub), "pack works; now write the body of unpack"),
        ((right_pack, 1), "unpack should be a function, not int"),
        ((raiser, unpack_but()), "pack raised ZeroDivisionError: division by zero"),
        ((right_pack, raiser), "unpack raised ZeroDivisionError: division by zero"),
        ((lambda *_: None, unpack_but()), "pack gave nothing: does it end with a"),
        (
            (right_pack, lambda *args: unpack_but()(*args) and None),
            "unpack gave None for the number of steps that are done, 9",
        ),
        (
            (right_pack, unpack_but("optimizer")),
            "after unpack, not as they were when pack was called: the momenta. At "
            "step 18 the weights differ by up to 0.",
        ),
        (
            (right_pack, parameters_only),
            "after unpack, not as they were when pack was called: the averages of the "
            "normalisation. The weights agree all the same; in eval mode",
        ),
    ],
)
def test_resume_messages(pair, message):
    assert checkpoints.check_resume(*pair).message.startswith(message)


def test_resume_leaves_the_random_numbers_as_they_were():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    checkpoints.check_resume(right_pack, unpack_but())
    assert torch.equal(torch.get_rng_state(), before)


# --- exercise 3: scalars ------------------------------------------------------

Rows = Sequence[training.EpochResult]


def writes(
    *,
    step: Callable = lambda row: row.epoch,
    scale: float = 1.0,
    tags: Sequence[str] = tuple(logs.TAGS),
    order: Sequence[int] = (0, 1, 2),
    close: bool = True,
) -> Callable[[Path, Rows], None]:
    """A log of the history with one thing changed."""

    def log_run(folder: Path, history: Rows) -> None:
        writer = SummaryWriter(str(folder))
        values = [list(logs.TAGS.values())[i] for i in order]
        for tag, value in zip(tags, values, strict=True):
            for row in history:
                factor = scale if "accuracy" in tag else 1.0
                writer.add_scalar(tag, factor * value(row), step(row))
        if close:
            writer.close()

    return log_run


def with_block(folder, history):
    with SummaryWriter(str(folder)) as writer:
        for row in history:
            writer.add_scalar("loss/train", torch.tensor(row.train_loss), row.epoch)
            writer.add_scalar("loss/validation", row.valid_loss, row.epoch)
            writer.add_scalar("accuracy/validation", row.valid_accuracy, row.epoch)


def grouped(folder, history):
    with SummaryWriter(str(folder)) as writer:
        for row in history:
            both = {"train": row.train_loss, "validation": row.valid_loss}
            writer.add_scalars("loss", both, row.epoch)


def read(folder: Path, tag: str, reload: bool = True) -> list:
    from tensorboard.backend.event_processing import event_accumulator

    log = event_accumulator.EventAccumulator(str(folder))
    if reload:
        log.Reload()
    return log.Scalars(tag)


def right_read(folder, tag):
    return [(event.step, event.value) for event in read(folder, tag)]


def check_scalars(answer: Any):
    pair = answer if isinstance(answer, tuple) else (answer, answer)
    return logs.check_scalars(*pair)


def test_scalars():
    log = writes()
    assert_check_is_fair(
        check_scalars,
        right=[
            (log, right_read),
            (with_block, lambda f, tag: [[e.step, e.value] for e in read(f, tag)]),
            (with_block, lambda f, tag: logs.read_log(f)[tag]),
        ],
        wrong={
            "nowhere": (lambda folder, history: None, right_read),
            "not closed": (writes(close=False), right_read),
            "add_scalars": (grouped, right_read),
            "one tag": (writes(tags=["loss"] * 3), right_read),
            "tag": (writes(tags=["train", "validation", "accuracy"]), right_read),
            "no step": (writes(step=lambda row: None), right_read),
            "from 0": (writes(step=lambda row: row.epoch - 1), right_read),
            "swapped": (writes(order=(1, 0, 2)), right_read),
            "percent": (writes(scale=100), right_read),
            "not reloaded": (log, lambda f, tag: read(f, tag, reload=False)),
            "events": (log, read),
            "values": (log, lambda f, tag: [e.value for e in read(f, tag)]),
            "turned": (log, lambda f, tag: [(v, s) for s, v in right_read(f, tag)]),
        },
        todo=(stub, stub),
    )


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ((writes(), stub), "log_run works; now write the body of read_scalars"),
        ((writes(), 3), "read_scalars should be a function, not int"),
        ((raiser, right_read), "log_run raised ZeroDivisionError: division by zero"),
        (
            (writes(), raiser),
            "read_scalars(folder, 'loss/train') raised ZeroDivisionError",
        ),
        (
            (writes(step=lambda row: 10 * row.epoch), right_read),
            "loss/train: the steps are [10, 20, 30, 40], one for each epoch is asked",
        ),
        (
            (writes(scale=7), right_read),
            "accuracy/validation holds other values than the history",
        ),
        (
            (writes(tags=["loss/train", "loss/valid", "accuracy"]), right_read),
            "log_run wrote no 'accuracy/validation': there are accuracy, loss/train, ",
        ),
        (
            (writes(), lambda f, tag: None),
            "read_scalars(folder, 'loss/train') gave None: does read_scalars end",
        ),
        (
            (writes(), lambda f, tag: dict(right_read(f, tag))),
            "read_scalars(folder, 'loss/train') should give a list, not dict",
        ),
        (
            (writes(), lambda f, tag: [(1, 2, 3)]),
            "read_scalars(folder, 'loss/train') should give pairs, (step, value)",
        ),
        (
            (writes(), lambda f, tag: right_read(f, tag)[-1:]),
            "read_scalars(folder, 'loss/train') gave other pairs than the log holds",
        ),
    ],
)
def test_scalars_messages(pair, message):
    assert logs.check_scalars(*pair).message.startswith(message)


# --- exercise 4: the best epoch -----------------------------------------------


def keeps(
    better: Callable[[training.EpochResult, training.EpochResult], bool],
    until: Callable[[training.EpochResult, training.EpochResult], bool] | None = None,
) -> Callable:
    """Keep the epoch that is better than the best one so far."""

    def keep_best(results: Iterator[training.EpochResult], model: nn.Module):
        best = None
        for result in results:
            if best is not None and until is not None and until(result, best):
                break
            if best is None or better(result, best):
                best = result
                weights = copy.deepcopy(model.state_dict())
        return best.epoch, weights

    return keep_best


by_accuracy = keeps(lambda new, old: new.valid_accuracy > old.valid_accuracy)


def clones(results, model):
    best, answer = -1.0, None
    for row in results:
        if row.valid_accuracy > best:
            best = row.valid_accuracy
            tensors = {name: t.clone() for name, t in model.state_dict().items()}
            answer = [row.epoch, tensors]
    return answer


def not_copied(results, model):
    epoch, _ = by_accuracy(results, model)
    return epoch, model.state_dict()


def test_keep_best():
    assert_check_is_fair(
        keeping.check_keep_best,
        right=[by_accuracy, clones],
        wrong={
            "first": keeps(lambda new, old: False),
            "last": keeps(lambda new, old: True),
            "training loss": keeps(lambda new, old: new.train_loss < old.train_loss),
            "validation loss": keeps(lambda new, old: new.valid_loss < old.valid_loss),
            "later of two": keeps(
                lambda new, old: new.valid_accuracy >= old.valid_accuracy
            ),
            "lowest accuracy": keeps(
                lambda new, old: new.valid_accuracy < old.valid_accuracy
            ),
            "stopped at the first fall": keeps(
                lambda new, old: True,
                until=lambda new, old: new.valid_accuracy < old.valid_accuracy,
            ),
            "not copied": not_copied,
        },
        todo=stub,
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda results, model: None, "keep_best(results, model) gave None: does"),
        (lambda results, model: 4, "keep_best(results, model) should give two things"),
        (lambda results, model: (4.0, {}), "the epoch should be an int, not float"),
        (lambda results, model: (9, {}), "keep_best(results, model) kept epoch 9: "),
        (lambda results, model: (4, model), "the weights should be a dict like model."),
        (lambda results, model: (4, {}), "the weights should be a dict like model.sta"),
        (
            lambda results, model: (4, model.state_dict()),
            "the epoch is right, but the weights are those of another one",
        ),
        (raiser, "keep_best(results, model) raised ZeroDivisionError"),
        (4, "keep_best should be a function, not int"),
    ],
)
def test_keep_best_messages(answer, message):
    assert keeping.check_keep_best(answer).message.startswith(message)


# --- exercise 5: forensics ----------------------------------------------------

VERDICTS = {
    "a": "momenta lost",
    "b": "another network",
    "c": "before the first step",
    "d": "half written",
}


def test_verdicts():
    assert_check_is_fair(
        forensics.check_verdicts,
        right=[VERDICTS, {name: said.upper() for name, said in VERDICTS.items()}],
        wrong={
            "no momenta, no steps": VERDICTS | {"a": "before the first step"},
            "missing, not cut": VERDICTS | {"a": "half written"},
            "fits": VERDICTS | {"a": "another network"},
            "steps taken": VERDICTS | {"b": "before the first step"},
            "momenta there": VERDICTS | {"b": "momenta lost"},
            "nothing to lose": VERDICTS | {"c": "momenta lost"},
            "whole": VERDICTS | {"c": "half written"},
            "read as bare": VERDICTS | {"d": "momenta lost"},
            "read as another": VERDICTS | {"d": "another network"},
        },
        todo=dict.fromkeys("abcd"),
    )


def test_every_confusion_has_words():
    for right, confused in forensics.CONFUSED.items():
        assert set(confused) == set(forensics.VERDICTS) - {right}
        assert len({name for name, _ in confused.values()}) == 3


def test_files_are_what_the_verdicts_say(tmp_path: Path):
    torch.manual_seed(3)
    before = torch.get_rng_state()
    made = forensics.make_files(tmp_path)
    assert torch.equal(torch.get_rng_state(), before)
    assert [path.name for path in made] == [f"{name}.safetensors" for name in "abcd"]
    assert sorted(tmp_path.iterdir()) == made

    names = set(build_model(LENET5_RELU).state_dict())
    lost, other, untouched = (load_checkpoint(path) for path in made[:3])
    assert lost.position.step == other.position.step == forensics.STEPS
    assert untouched.position.step == 0
    for found in (lost, untouched):
        assert set(found.tensors) == {f"model.{name}" for name in names}
    assert len(other.tensors) == 2 * len(names)
    assert other.tensors["model.fc5.weight"].shape == (forensics.LETTERS, 84)
    with pytest.raises(ValueError, match=r"d\.safetensors is not a whole checkpoint"):
        load_checkpoint(made[3])


# --- proofs -------------------------------------------------------------------


@pytest.mark.parametrize("part", proofs.PARTS)
def test_no_part_is_enough_alone(part):
    assert proofs.goes_on_as_if_never_stopped(part).verdict == "false"


def test_proof_of_unknown_parts():
    with pytest.raises(ValueError, match="no part 'luck': they are weights, averages"):
        proofs.goes_on_as_if_never_stopped("weights, luck")


def test_weights_in_torchs_own_format_are_numbers_too():
    found = proofs.opens_as_numbers("torch.save(model.state_dict())")
    assert (found.verdict, found.evidence) == (
        "true",
        "it opens, and holds 0.weight, 0.bias",
    )
