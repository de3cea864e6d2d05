# %% [markdown]
# # 12 · Can a training stop, and go on as if nothing had happened?
#
# **They say**: train, print the loss, and keep the network after each epoch with
# `torch.save(net, file)` (a tutorial that trains its AlexNet on MNIST).
#
# **The doubt**: today's torch refuses to open the file that this writes; and where it does open,
# no training can go on from it.
#
# **You will be able to**
# 1. find what is wrong with a training script before its first long run;
# 2. write a checkpoint from which a training goes on bit for bit, and say what must be in it;
# 3. log scalars and read them back, choose the epoch to keep, and tell what a strange file holds.
#
# Core 33 minutes, stretch 12. Read before: 01 and 03. Ledger rows filled here: none.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import safetensors.torch
import torch
from torch import nn

from alexnet_lib import data, learning, runtime, training, widgets
from alexnet_lib.architecture import arithmetic, initialisation, model, variants
from alexnet_lib.figures import curves, scalars, show, use_course_style
from alexnet_lib.learning.checks import checkpoints, forensics, keeping, logs
from alexnet_lib.learning.checks.script_parts import check_script

# %%
use_course_style()
torch.set_num_threads(1)  # LeNet's layers are too small to be shared between cores
SEED = 0
RECIPE = training.Recipe(
    name="live", learning_rate=0.03, momentum=0.9, batch_size=50, epochs=2
)
TEMPORARY = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
FOLDER = Path(TEMPORARY.name)  # for all files of this notebook; gone with its kernel

# %%
widgets.recall("12")

# %% [markdown] tags=["core"]
# ## 1 · A script in one piece · core
#
# The tutorial's network takes 224 pixels and is slow, so here LeNet trains on 2,000 digits of
# MNIST. First come the digits: those that are trained on, and a thousand to choose by. Then comes a
# script of our own, with five faults of the tutorial's. Read it before you run it: what would you ask
# its author? Python complains about one fault, and late.

# %%
mnist = data.load("MNIST")
print(mnist.note)
first = mnist.train_images[:3000], mnist.train_labels[:3000]
parts = data.split(*first, 1000, generator=torch.Generator().manual_seed(SEED))
train_images, train_labels = parts[:2]
valid = data.Batches(*parts[2:], 250)


# %%
def fresh_lenet(seed: int = SEED) -> nn.Sequential:
    """LeNet with new weights: the same ones for the same seed."""
    runtime.seed_everything(seed)
    network = model.build_model(variants.LENET5_RELU)
    initialisation.initialize(network, "xavier")
    return network


# %% tags=["raises-exception"]
network = fresh_lenet()
print("it works:", network(torch.ones(64, 1, 28, 28)).shape)
device = torch.device("mps" if torch.backends.mps.is_available() else "cpu")
network.to(device)
optimizer = torch.optim.SGD(network.parameters(), lr=0.05)
for images, labels in data.Batches(train_images, train_labels, 64, shuffle=True):
    loss = nn.functional.cross_entropy(network(images.to(device)), labels.to(device))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
judges = data.Batches(mnist.test_images, mnist.test_labels, 64)
network.eval()
with torch.no_grad():
    pairs = [(network(x.to(device)), y.to(device)) for x, y in judges]
    losses = [nn.functional.cross_entropy(logits, y) for logits, y in pairs]
print(f"epoch 1: validation loss {sum(losses) / len(losses):.3f}")
torch.save(network, "kept_networks/net_1.pth")

# %% [markdown]
# `torch.save` makes no folders, so the epoch is lost. The other four faults are silent here. One of
# them is not silent in the tutorial: it tests its network on a typed size, 28, and trains it on 224
# (notebook 02 ran that test). (And why keep the whole network? That is section 2. `state_dict()` of a
# network is the dict of its weights.)
#
# ### Exercise 1
#
# A script in one piece can only be run. Cut into functions, each part can be tested. Write the five
# parts so that they hold for other pictures, other networks and other machines. Each does
# differently what one place of the script does.


# %% tags=["exercise"]
def self_test(model: nn.Module, batches: training.Batches) -> torch.Size:
    """The shape of the logits for the first mini-batch that training will feed."""
    raise NotImplementedError


def choose_device() -> torch.device:
    """CUDA where there is one, else Apple's MPS, else the CPU."""
    raise NotImplementedError


def set_aside(pictures: data.DataSet) -> tuple[torch.Tensor, ...]:
    """Images and labels to train on, images and labels of 1,000 others to choose by."""
    raise NotImplementedError


def mean_loss(model: nn.Module, batches: training.Batches) -> float:
    """Mean cross-entropy over the pictures, of a network that is judged, not trained."""
    raise NotImplementedError


def keep(model: nn.Module, folder: Path, epoch: int) -> Path:
    """Write the weights after an epoch, and only them; the path of the file."""
    raise NotImplementedError


# %% tags=["check"]
check_script(self_test, choose_device, set_aside, mean_loss, keep)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def self_test(model, batches):
#     images, _labels = next(iter(batches))
#     return model(images).shape
#
#
# def choose_device():
#     if torch.cuda.is_available():
#         return torch.device("cuda")
#     return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
#
#
# def set_aside(pictures):
#     return data.split(pictures.train_images, pictures.train_labels, 1_000)
#
#
# def mean_loss(model, batches):
#     model.eval()
#     total = count = 0
#     with torch.no_grad():
#         for images, labels in batches:
#             logits = model(images)
#             total += nn.functional.cross_entropy(logits, labels, reduction="sum").item()
#             count += len(labels)
#     return total / count
#
#
# def keep(model, folder, epoch):
#     folder.mkdir(parents=True, exist_ok=True)
#     path = folder / f"net_{epoch}.safetensors"
#     safetensors.torch.save_file(model.state_dict(), path)
#     return path
# ```
#
# The five faults: a typed size, no CUDA, test pictures to choose by, a mean of means, and a folder that
# nobody made. The typed 28 worked by luck: it is MNIST's own size. The course's own choice of a device is
# `runtime.pick_device()`.
# </details>

# %% tags=["nbval-check-output"]
# Five pictures in mini-batches of four: how much does the last one weigh?
five = torch.tensor([1.0, 1, 1, 1, 3])
of_batches = torch.stack([batch.mean() for batch in five.split(4)]).mean()
print(f"mean of the mini-batches {of_batches:.2f}, of the pictures {five.mean():.2f}")

# %% [markdown] tags=["core"]
# ## 2 · What does opening a file do? · core
#
# `torch.save` writes with Python's *pickle*, which can store nearly any object, a whole network too.
# `torch.load` reads it back. What happens while it reads?

# %%
widgets.predict("12-open")


# %% tags=["nbval-check-output"]
class Surprise:
    """Pickle asks an object how to build it again; this one answers: call print."""

    def __reduce__(self) -> tuple:
        return print, ("this line was printed by opening the file",)


sent = FOLDER / "net.pth"
torch.save({"weight": torch.ones(2), "bias": Surprise()}, sent)
print("what came out:", torch.load(sent, weights_only=False))

# %% [markdown]
# A pickle is not a table of numbers. It is a small program that builds objects again by calling what it
# names, so who writes the file decides what is called. Ours only prints. With another name in place of
# `print` it deletes files or sends them away, and
# what comes out still looks like a network. Since version 2.6 torch's default is
# `weights_only=True`: it reads tensors, texts, numbers, lists and dicts, and refuses every other
# name. So it refuses a whole network as well:

# %% tags=["nbval-check-output"]
torch.save(fresh_lenet(), FOLDER / "whole.pth")
for name in ("net.pth", "whole.pth"):
    try:
        torch.load(FOLDER / name)
    except Exception as error:
        names = torch.serialization.get_unsafe_globals_in_checkpoint(FOLDER / name)
        print(f"{name}: {type(error).__name__}; code that it names:")
        print("  ", ", ".join(sorted(name.rpartition(".")[2] for name in names)))


# %%
class Tiny(nn.Linear):
    """A network of one's own."""


torch.save(Tiny(3, 2), FOLDER / "tiny.pth")
del Tiny  # a year later the class has another name
try:
    torch.load(FOLDER / "tiny.pth", weights_only=False)
except AttributeError as error:
    print("AttributeError:", error)
learning.reveal("12-open", "anything the stranger wants: it runs what it names")

# %% [markdown]
# And even without a stranger: the whole network's file holds the *name* of its class, not the class. If
# the name is gone, so is the network (`AttributeError`). Weights need neither. `state_dict()` is a dict of tensors, and
# **safetensors** is a format for exactly that: a readable head, then numbers. It holds no code
# because it has no place for it.

# %% tags=["nbval-check-output"]
plain, head = FOLDER / "net_1.safetensors", {"network": "LENET5_RELU"}
safetensors.torch.save_file(fresh_lenet().state_dict(), plain, head)
print(plain.read_bytes()[8:113].decode(), "...")  # its first eight bytes are a length
another = model.build_model(variants.LENET5_RELU)  # the code stays in the code
print(another.load_state_dict(safetensors.torch.load_file(plain)))

# %% [markdown] tags=["core"]
# ## 3 · What must be in a checkpoint? · core
#
# Now the training is stopped half way. A loop in its shortest form: `order` is a random generator
# that draws the pictures of each step.


# %%
def beginning(seed: int) -> tuple:
    """A network, its optimizer, and the generator that draws its pictures."""
    network = fresh_lenet(seed)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.03, momentum=0.9)
    return network, optimizer, torch.Generator().manual_seed(seed)


def go_on(network, optimizer, order, steps: int) -> None:
    for _step in range(steps):
        rows = torch.randint(len(train_images), (50,), generator=order)
        logits = network(train_images[rows] / 255)
        loss = nn.functional.cross_entropy(logits, train_labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


# %%
def difference(one: nn.Module, other: nn.Module) -> float:
    """The largest, over all numbers of two networks of one kind."""
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return max((a - b).abs().max().item() for a, b in pairs)


never_stopped, stopped = beginning(SEED), beginning(SEED)
go_on(*never_stopped, 40)
go_on(*stopped, 20)
loaded = beginning(SEED)  # a new process: everything begins again ...
loaded[0].load_state_dict(stopped[0].state_dict())  # ... but for the weights
print(f"after 20 steps: {difference(loaded[0], stopped[0])} apart")
go_on(*loaded, 20)
print(f"after 40 steps: {difference(loaded[0], never_stopped[0]):.3f} apart")

# %% [markdown]
# The weights came back, and twenty steps later they are elsewhere. So the next step depends on more
# than the weights.
#
# ### Exercise 2
#
# Write what a file must hold for the training to go on as if it had never stopped, and put it back.
# The check trains a small network of its own, with momentum, batch normalisation, dropout (which
# draws from torch's own generator) and a rate that falls with the number of steps. It trains it
# once without a stop and once through your two functions and a file, and compares bit for bit.


# %% tags=["exercise"]
def pack(
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    order: torch.Generator,
    step: int,
) -> dict:
    """All that the next step depends on, as tensors, numbers, lists and dicts."""
    raise NotImplementedError


def unpack(
    kept: dict,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    order: torch.Generator,
) -> int:
    """Put it back into new objects; the number of steps that are done."""
    raise NotImplementedError


# %% tags=["check"]
checkpoints.check_resume(pack, unpack)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def pack(model, optimizer, order, step):
#     return {
#         "model": model.state_dict(),
#         "optimizer": optimizer.state_dict(),
#         "order": order.get_state(),
#         "torch": torch.get_rng_state(),
#         "step": step,
#     }
#
#
# def unpack(kept, model, optimizer, order):
#     model.load_state_dict(kept["model"])
#     optimizer.load_state_dict(kept["optimizer"])
#     order.set_state(kept["order"])
#     torch.set_rng_state(kept["torch"])
#     return kept["step"]
# ```
#
# `state_dict()` of the model holds the averages of batch normalisation, too; that of the optimizer
# holds the momenta. A gradient is not needed: the next step makes it anew.
# </details>

# %%
widgets.predict("12-checkpoint")

# %% [markdown]
# The course's own loop does this by itself when it is given a file. It is a generator, so leaving
# the loop stops the training, and on the way out the file is written. Here we leave it in the middle
# of epoch 2, and print names and sizes of what is in the file. It has two generators, `cpu` (dropout
# draws from it) and `order`, and each of them twice: why?

# %%
from itertools import islice

file = training.CheckpointFile(path=FOLDER / "run.safetensors")
file.path.unlink(missing_ok=True)  # of an earlier run of this cell


def batches() -> data.Batches:
    order = torch.Generator().manual_seed(SEED)
    return data.Batches(train_images, train_labels, 50, shuffle=True, generator=order)


steps = training.train_steps(fresh_lenet(), batches(), RECIPE, valid, checkpoint=file)
*_, result = islice(steps, 40 + 1 + 10)  # 40 steps, the result of epoch 1, 10 steps
steps.close()
print(f"left in epoch {result.epoch}, after step {result.step} of {len(batches())}")

# %%
from alexnet_lib.training.checkpoint import load_checkpoint

with safetensors.safe_open(file.path, framework="pt") as kept:
    sizes = {name: kept.get_tensor(name).nbytes for name in sorted(kept.keys())}
for name, size in sizes.items():
    print(f"{name:29} {size:>8,} bytes")
checkpoint = load_checkpoint(file.path)
position = checkpoint.position
print(f"and in its head: {position.epoch - 1} epoch and {position.step} steps are done")
weights = sum(size for name, size in sizes.items() if name.startswith("model."))
times = file.path.stat().st_size / weights
learning.reveal("12-checkpoint", f"{times:.1f} times: weights, momenta, small things")

# %%
whole = fresh_lenet()
for result in training.train(whole, batches(), RECIPE, valid):
    print(f"never stopped, epoch {result.epoch}: {result.valid_accuracy:.1%}")
resumed = fresh_lenet(seed=99)  # other weights: those of the file replace them
# Epoch 1 is not trained again: its result is read from the file.
for result in training.train(resumed, batches(), RECIPE, valid, checkpoint=file):
    print(f"gone on,       epoch {result.epoch}: {result.valid_accuracy:.1%}")

# %% tags=["nbval-check-output"]
both = zip(whole.state_dict().items(), resumed.state_dict().values(), strict=True)
for (name, here), there in both:
    print(f"{name:12} bit for bit: {torch.equal(here, there)}")

# %%
# Would one notice if something were missing? Take a part out of the file, and go on.
from dataclasses import replace

from alexnet_lib.training.checkpoint import Position, save_checkpoint

tensors = checkpoint.tensors.items()
only_weights = {name: t for name, t in tensors if name.startswith("model.")}
for lost, rest in (
    ("nothing", checkpoint),
    ("the momenta", replace(checkpoint, tensors=only_weights)),
    ("the position", replace(checkpoint, position=Position())),
):
    save_checkpoint(file.path, rest)
    network = fresh_lenet(seed=99)
    *_, last = training.train(network, batches(), RECIPE, valid, checkpoint=file)
    apart = difference(network, whole)
    print(f"lost {lost:13} {apart:.3f} apart, validation {last.valid_accuracy:.1%}")

# %% tags=["nbval-check-output"]
faster = replace(RECIPE, learning_rate=0.1)
try:
    next(training.train(fresh_lenet(), batches(), faster, checkpoint=file))
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# **What we saw.** With the whole file not one bit differs. The generators are there as they are *now*
# and as they were when the epoch *started*: its order was drawn then. To go on, the loop draws the
# same order again, passes over what is done, and only then sets them to *now*.
#
# Without the momenta, or at a wrong position, the weights end elsewhere and no error is raised. Nor
# does the accuracy warn: without its position it took all 80 steps on top of the 50, and more may well
# end higher.
# Equality tests a resume. What the file can compare, it does: another rate is refused.
#
# In a terminal, in the course's folder, one line trains a LeNet, at the first start and at every later
# one. Interrupt it with Ctrl-C, and type it again:
#
#     python -m alexnet_lib train --dataset MNIST --out runs/mnist --checkpoint-every 30 --resume

# %% [markdown] tags=["core"]
# ## 4 · A log that answers a question · core
#
# Printed lines are gone with the window. A **log** keeps each number with its step, so that runs can
# be laid over one another. TensorBoard's format is the usual one. Our question to it: tutorials say
# that AlexNet ends with a softmax. Notebook 01 put one in front of `cross_entropy`, and LeNet learned
# worse. Where does it go wrong, and when?

# %%
widgets.predict("12-softmax")

# %%
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from torch.utils.tensorboard import SummaryWriter

for name, end in (("logits", nn.Identity()), ("softmax", nn.Softmax(dim=1))):
    network = nn.Sequential(fresh_lenet(), end)
    steps = training.train_steps(network, batches(), replace(RECIPE, epochs=1))
    with SummaryWriter(str(FOLDER / "logs" / name)) as writer:
        for result in steps:
            if isinstance(result, training.StepResult):
                gradient = network[0].conv1.weight.grad.norm()
                writer.add_scalar("loss", result.loss, result.step)
                writer.add_scalar("gradient/conv1", gradient, result.step)
print(EventAccumulator(str(FOLDER / "logs" / "logits")).Reload().Tags()["scalars"])

# %% [markdown]
# In a terminal, `tensorboard --logdir` and the path of such a folder show it in the browser, one curve
# for each subfolder (`print(FOLDER / "logs")` tells this one's, while the kernel lives). We read it back
# instead.
#
# ### Exercise 3
#
# Write the log of a training that is finished: the tags `loss/train`, `loss/validation` and
# `accuracy/validation` at each epoch of `history` (rows with `.epoch`, `.train_loss`, `.valid_loss`,
# `.valid_accuracy`). And read one tag back: `EventAccumulator(...).Reload()` reads a folder, as above;
# its `.Scalars(tag)` gives the events of one curve, each with `.step` and `.value`.


# %% tags=["exercise"]
def log_run(folder: Path, history: list[training.EpochResult]) -> None:
    """Three curves, with the epoch as step."""
    raise NotImplementedError


def read_scalars(folder: Path, tag: str) -> list[tuple[int, float]]:
    """The (step, value) pairs of one curve."""
    raise NotImplementedError


# %% tags=["check"]
logs.check_scalars(log_run, read_scalars)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def log_run(folder, history):
#     with SummaryWriter(str(folder)) as writer:
#         for row in history:
#             writer.add_scalar("loss/train", row.train_loss, row.epoch)
#             writer.add_scalar("loss/validation", row.valid_loss, row.epoch)
#             writer.add_scalar("accuracy/validation", row.valid_accuracy, row.epoch)
#
#
# def read_scalars(folder, tag):
#     log = EventAccumulator(str(folder)).Reload()
#     return [(event.step, event.value) for event in log.Scalars(tag)]
# ```
#
# The `with` closes the writer; without it the last values may never reach the disk.
# </details>

# %%
found = {name: logs.read_log(FOLDER / "logs" / name) for name in ("logits", "softmax")}
fig, axes = plt.subplots(1, 2, figsize=(8, 3.2))
said = []
for ax, tag in zip(axes, ("loss", "gradient/conv1"), strict=True):
    runs = {name: log[tag] for name, log in found.items()}
    measure = {"loss": "loss, nats"}.get(tag, "size of conv1's gradient")
    said.append(scalars.plot_scalars(ax, runs, measure))
fig.suptitle("Behind a softmax little of the gradient arrives", x=0.02, ha="left")
show(fig, alt=" ".join(said))

# %%
start = {name: log["gradient/conv1"][0][1] for name, log in found.items()}
ratio = start["softmax"] / start["logits"]
learning.reveal("12-softmax", f"{ratio:.2f} times as large: about a tenth")

# %% [markdown]
# **What we saw.** At the start both networks give every digit about a tenth. Through a softmax a
# gradient is multiplied by such probabilities, so about a tenth of it is left. After an epoch the one
# has begun to learn, the other has not. Its flat loss alone may have many causes; the second curve
# says that too little reaches conv1, from the first step on. `cross_entropy` does the softmax already;
# whoever wants to see probabilities does it afterwards.

# %% [markdown] tags=["stretch"]
# ## 5 · Which epoch do you keep? · stretch
#
# The last one, the one with the lowest training loss, or the best on the validation pictures? To see
# a difference quickly, we shall train on five hundred digits, and draw three in ten labels by lot.
#
# ### Exercise 4
#
# `results` is a training under way: a generator of `EpochResult`, as `training.train` gives it, which
# changes `model` from epoch to epoch. Return the epoch with the highest validation accuracy, of equal
# ones the first, and its weights.


# %% tags=["exercise"]
def keep_best(results, model: nn.Module) -> tuple[int, dict[str, torch.Tensor]]:
    """The best epoch by validation accuracy, and the weights it had."""
    raise NotImplementedError


# %% tags=["check"]
keeping.check_keep_best(keep_best)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def keep_best(results, model):
#     best, epoch, weights = -1.0, 0, {}
#     for result in results:
#         if result.valid_accuracy > best:
#             best, epoch = result.valid_accuracy, result.epoch
#             weights = {name: t.clone() for name, t in model.state_dict().items()}
#     return epoch, weights
# ```
#
# Without `clone` the dict would hold the tensors in which the training goes on: those of the last
# epoch, whatever its number says.
# </details>

# %%
torch.manual_seed(SEED)
labels = train_labels[:500].clone()
by_lot = torch.rand(len(labels)) < 0.3
labels[by_lot] = torch.randint(10, (int(by_lot.sum()),))
order = torch.Generator().manual_seed(SEED)
noisy = data.Batches(train_images[:500], labels, 50, shuffle=True, generator=order)
network, history, weights = fresh_lenet(), [], {}
for result in training.train(network, noisy, replace(RECIPE, epochs=24), valid):
    history.append(result)
    weights[result.epoch] = {n: t.clone() for n, t in network.state_dict().items()}
fig, ax = plt.subplots(figsize=(8, 3.4))
said = curves.plot_learning_curves(ax, {"500 digits": history})
best = min(history, key=lambda row: row.valid_loss)
ax.set_title(f"Training loss falls on; validation loss is lowest in epoch {best.epoch}")
show(fig, alt=f"{said} Validation loss is lowest in epoch {best.epoch}.")

# %%
# All is chosen, so the test pictures may be opened.
test = data.Batches(mnist.test_images, mnist.test_labels, 250)
for rule, row in {
    "last": history[-1],
    "lowest training loss": min(history, key=lambda row: row.train_loss),
    "best validation accuracy": max(history, key=lambda row: row.valid_accuracy),
}.items():
    network.load_state_dict(weights[row.epoch])
    tested = training.evaluate(network, test).accuracy
    print(f"{rule:25} epoch {row.epoch:2}, test accuracy {tested:.1%}")

# %% [markdown]
# **What we saw.** The network learns the drawn labels by heart: the training loss falls, and on other
# pictures it gets worse. Only pictures it was not trained on can say when. (The lowest validation loss
# and the highest accuracy need not fall in one epoch.) This is one run on bad labels; on good ones the
# rules may agree.

# %% [markdown] tags=["stretch"]
# ## 6 · Four strange files · stretch
#
# Somebody left four checkpoints of LeNet's training (`LENET5_RELU`, momentum 0.9) behind. Three have a
# fault, one is only young, and no two are alike.
#
# ### Exercise 5
#
# Say of each which it is: `"before the first step"`, `"momenta lost"`, `"half written"` or
# `"another network"`. `load_checkpoint` is above; a checkpoint has `.tensors`, and a
# `.position` with `.epoch`, the one under way, and `.step`, how many of its steps are done.

# %%
for path in forensics.make_files(FOLDER):
    print(f"{path.name}: {path.stat().st_size:,} bytes")

# %% tags=["exercise"]
verdicts = {"a": None, "b": None, "c": None, "d": None}

# %% tags=["check"]
forensics.check_verdicts(verdicts)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# shapes = {name: t.shape for name, t in fresh_lenet().state_dict().items()}
#
#
# def verdict(path: Path) -> str:
#     try:
#         found = load_checkpoint(path)
#     except ValueError:
#         return "half written"
#     if any(found.tensors[f"model.{name}"].shape != shapes[name] for name in shapes):
#         return "another network"
#     untouched = (found.position.epoch, found.position.step) == (1, 0)
#     return "before the first step" if untouched else "momenta lost"
#
#
# verdicts = {name: verdict(FOLDER / f"{name}.safetensors") for name in "abcd"}
# ```
#
# No momenta may mean two things. Before the first step there are none; after it they are lost.
# </details>

# %% tags=["nbval-check-output"]
# Which of the four does the course's own loop notice?
for name in "abcd":
    strange = training.CheckpointFile(path=FOLDER / f"{name}.safetensors")
    run = training.train_steps(
        fresh_lenet(), batches(), forensics.RECIPE, checkpoint=strange
    )
    try:
        next(run)
        print(f"{name}: goes on")
    except ValueError as error:
        print(f"{name}: {str(error).partition(':')[0].partition(' (')[0]}")
    run.close()

# %% [markdown]
# The lost momenta go unnoticed: to the loop they look like a training that has none yet. Only the
# position says otherwise, and the loop that wrote the file would not have forgotten them.
#
# How does a file get half written? The disk is full, or the machine stops while it is being
# overwritten; then the old file is gone, too. So `save_checkpoint` writes under another name, waits
# until the disk has it, and then renames: at every moment there is a whole file.

# %% [markdown] tags=["stretch"]
# ## 7 · The tutorial's own network · stretch
#
# It enlarges each digit to 224 pixels, and keeps ten whole networks. What does that cost, and where
# does it get? Its recipe, plain SGD at rate 0.01 from torch's default weights, ran here for three epochs
# on all 60,000 digits. Look at the first: guessing among ten classes has a loss of ln 10, which is 2.30.

# %% tags=["nbval-check-output"]
for spec in (variants.ALEXNET_MNIST, variants.LENET5_RELU):
    rows = arithmetic.summarize(spec)
    macs = sum(row.macs for row in rows)
    megabytes = 4 * sum(row.num_params for row in rows) / 1e6
    print(f"{spec.name}: {macs / 1e6:,.1f} million multiply-adds a picture,", end=" ")
    print(f"ten files of {megabytes:,.1f} MB")


# %% tags=["varies"]
folder = runtime.course_file("runs/README.md").parent
recorded = training.find_records(folder, "mnist")
for run in recorded.values():
    for row in run.curve:
        print(f"epoch {row.epoch}: training loss {row.train_loss:.2f}", end=", ")
        print(f"accuracy {row.train_accuracy:.1%}")
    print(f"test accuracy {run.test_accuracy:.1%}, after", end=" ")
    print(f"{run.seconds / 3600:.1f} hours on {run.device}")
if not recorded:
    print("not recorded here: python -m alexnet_lib record mnist records it")

# %% [markdown] tags=["core"]
# ## 8 · Who is right? · core

# %%
widgets.who_is_right("12")

# %%
widgets.claim_cards("12")

# %%
learning.ledger()

# %% [markdown]
# **Verdict so far.** A file of weights is no stopped training, and a file of a whole network is a
# program. Weights, momenta, generators and position are enough, bit for bit, as long as pictures,
# settings, machine and torch stay the same. A log shows what a last line does not, and the epoch to keep
# is chosen by pictures that nobody trains on.
#
# **What still does not fit.** LeNet does with 28 pixels what the tutorial enlarges to 224. Does
# AlexNet need the large picture anywhere, or only another first layer?
#
# **Next**: [13 · What did a decade change, and which change was it?](13_modern_improvements.ipynb)
#
# References: [torch.load](https://docs.pytorch.org/docs/stable/generated/torch.load.html) and
# [saving and loading models](https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html);
# [safetensors](https://huggingface.co/docs/safetensors);
# [pickle](https://docs.python.org/3/library/pickle.html), with its warning;
# [TensorBoard](https://www.tensorflow.org/tensorboard); LeCun, Cortes and Burges, *The MNIST database
# of handwritten digits*.
