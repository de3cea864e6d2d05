# %% [markdown]
# # 07 · What does the long run at 224 pixels buy?
#
# **They say**: to train AlexNet on Fashion-MNIST, enlarge each picture from 28 to 224 pixels, then
# train for ten epochs (*Dive into Deep Learning*, section 8.1; d2l for short).
#
# **The doubt**: a picture of 28 x 28 is 784 numbers, an enlarged one 50,176. Where should the others
# come from? And what do the hours go into?
#
# **You will be able to**
# 1. load and enlarge pictures with torch alone, and say what enlarging adds;
# 2. take a training step by hand, predict the hours of a run, and compare runs at equal seconds;
# 3. read six curves without labels, and say which differences exceed what seeds do.
#
# Core 35 minutes, stretch 15. Read before: 03 and 06. Ledger rows filled here: 224 pixels, schedule
# (a first look).

# %%
import time

import matplotlib.pyplot as plt
import numpy as np
import torch
from PIL import Image

from alexnet_lib import data, learning, runtime, training, widgets
from alexnet_lib.architecture import arithmetic, model, phases, variants
from alexnet_lib.architecture.weights import load_weights
from alexnet_lib.figures import curves, show, use_course_style
from alexnet_lib.learning import recorded
from alexnet_lib.learning.checks import curves as unlabelled
from alexnet_lib.learning.checks import loader, steps

# %%
use_course_style()
torch.set_num_threads(1)  # one core, so that the clock counts the work
SEED, SIDE = 0, 224
FEW = 12  # pictures in a mini-batch where only the clock matters
LIVE_SECONDS, LIVE_SIDE = 30, 112  # for a run of your own
# other first layers, for small pictures
FITTED = {28: "ALEXNET_QUARTER_BN_28", 56: "ALEXNET_QUARTER_BN_56"}
BOOK = variants.ALEXNET_D2L  # the book's AlexNet: one channel, ten classes
PRECISION = training.pick_precision("auto")  # bfloat16 where the processor has it
pictures = data.load()
print(pictures.note)

# %%
widgets.recall("07")

# %% [markdown] tags=["core"]
# ## 1 · What is in an enlarged picture? · core
#
# Enlarging has to invent pixels between the old ones. The usual way is **bilinear**: each new pixel is
# a mixture of its nearest old ones, along the rows and along the columns. Along one line, three old
# pixels and four new ones for each:

# %% tags=["nbval-check-output"]
line = torch.tensor([[[0.0, 80, 160]]])
longer = torch.nn.functional.interpolate(line, scale_factor=4, mode="linear")
print(longer[0, 0].int().tolist())

# %% [markdown]
# Every new number lies on a straight line between two old ones, or repeats the outermost one. So
# enlarging a line of 28 pixels is a matrix: each column says what becomes of one old pixel.

# %% tags=["nbval-check-output"]
one_pixel_each = torch.eye(28, dtype=torch.float64)[None]  # 28 lines, in each one pixel
longer = torch.nn.functional.interpolate(one_pixel_each, size=SIDE, mode="linear")
matrix = longer[0].T
rank = torch.linalg.matrix_rank(matrix).item()
print("matrix:", tuple(matrix.shape), "rank:", rank)
print(f"enlarged pictures fill {rank**2} of their {SIDE**2:,} dimensions")

# %%
widgets.predict("07-undo")

# %%
small = pictures.test_images[:100, 0].double()  # (100, 28, 28), bytes as numbers
large = matrix @ small @ matrix.T  # (100, 224, 224): columns, then rows
solve = torch.linalg.pinv(matrix)
ways = {
    "every 8th pixel": large[:, 4::8, 4::8],
    "the mean of each 8 x 8 block": torch.nn.functional.avg_pool2d(large, 8),
    "the equations solved": solve @ large @ solve.T,
    "the same, from bytes": solve @ large.round() @ solve.T,
}
for way, back in ways.items():
    print(f"{way}: at most {(back - small).abs().max():.4f} of 255 grey levels off")
learning.reveal("07-undo", "solving the equations")

# %%
fig, axes = plt.subplots(1, 2, figsize=(6, 3))
for ax, picture in zip(axes, (small[0], large[0]), strict=True):
    ax.imshow(picture, cmap="gray", vmin=0, vmax=255)
    ax.set(title=f"{picture.numel():,} pixels", xticks=[], yticks=[])
words = "The same garment twice: in 28 x 28 steps, and smooth; no detail is new."
show(fig, alt=words)

# %% [markdown]
# **What we saw.** Every 8th pixel is not the old one: a little of its neighbours is mixed in. Means
# blur more. But the enlarged picture is 50,176 known mixtures of 784 unknowns: solved, they give the
# old picture back. So enlarging adds **no information**; stored as bytes, as d2l stores it, a trace is
# lost to rounding. What may help is another thing, room: on 28 pixels a window of 11 x 11 at stride 4 has
# 5 x 5 places, and the poolings behind it soon none.
#
# ### Exercise 1
#
# d2l's loader needs its library, torchvision and PIL. Write one with torch alone: mini-batches of
# (images, labels); images as float32 of (n, 1, 224, 224) from 0 to 1, bilinear, every picture once.


# %% tags=["exercise"]
def load_at_224(images: torch.Tensor, labels: torch.Tensor, batch_size: int):
    """uint8 (N, 1, 28, 28), (N,) -> yields float32 (n, 1, 224, 224), (n,)."""
    raise NotImplementedError


# %% tags=["check"]
loader.check_load_at_224(load_at_224)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def load_at_224(images, labels, batch_size):
#     for rows in torch.randperm(len(images)).split(batch_size):
#         large = torch.nn.functional.interpolate(
#             images[rows] / 255, size=(224, 224), mode="bilinear"
#         )
#         yield large, labels[rows]
# ```
#
# One order for both: a picture and its label stay together. The last mini-batch may be smaller.
# </details>

# %% [markdown] tags=["core"]
# ## 2 · One step, and how many there are · core
#
# A training **step**: logits of a mini-batch, its mean loss, the gradient of the loss by every
# parameter, then each parameter moves against its gradient, times the **learning rate**. d2l uses
# just this, and nothing more: plain stochastic gradient descent, "plain SGD".
#
# ### Exercise 2
#
# Take a step by hand, without `torch.optim`. The network may come in eval mode; the trainer calls
# `train()` first. Return the loss before the step, as a number. The check takes two steps with your
# function, two with the course's trainer, and compares all parameters.


# %% tags=["exercise"]
def step_by_hand(network, images, labels, rate: float) -> float:
    """One step of plain SGD, in place."""
    raise NotImplementedError


# %% tags=["check"]
steps.check_step_by_hand(step_by_hand)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def step_by_hand(network, images, labels, rate):
#     network.train()
#     loss = torch.nn.functional.cross_entropy(network(images), labels)
#     network.zero_grad()
#     loss.backward()
#     with torch.no_grad():
#         for parameter in network.parameters():
#             parameter -= rate * parameter.grad
#     return loss.item()
# ```
#
# `backward` adds to what is in `.grad`, hence `zero_grad`; `-=` changes the network's own tensor.
# </details>

# %% [markdown]
# An epoch is as many steps as it takes to see every picture once; what is left over for the last
# mini-batch is a step, too.
#
# ### Exercise 3
#
# From the seconds that two steps took together, predict the hours of a whole training.


# %% tags=["exercise"]
def predict_hours(seconds: float, num_images: int, batch_size: int, epochs: int):
    """Hours; `seconds` is the time of two steps together."""
    raise NotImplementedError


# %% tags=["check"]
steps.check_predict_hours(predict_hours)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# from math import ceil
#
#
# def predict_hours(seconds, num_images, batch_size, epochs):
#     steps_per_epoch = ceil(num_images / batch_size)
#     return seconds / 2 * steps_per_epoch * epochs / 3600
# ```
#
# It assumes that all steps cost the same, and that the machine has nothing else to do.
# </details>

# %%
widgets.predict("07-hours")


# %%
def d2l_batches(num_batches: int, size: int):
    """Enlarged by PIL, picture by picture, as d2l's loader does it."""
    for start in range(0, num_batches * size, size):
        rows = slice(start, start + size)
        few = map(Image.fromarray, pictures.train_images[rows, 0].numpy())
        wide = [np.array(x.resize((SIDE, SIDE), Image.BILINEAR)) for x in few]
        images = torch.from_numpy(np.stack(wide)).unsqueeze(1) / 255
        yield images, pictures.train_labels[rows]


# %% tags=["varies"]
runtime.seed_everything(SEED)
book = model.build_model(BOOK)
optimizer = torch.optim.SGD(book.parameters(), lr=0.01)
clock = []  # of processor time, when each of three steps has ended; the first warms up
for images, labels in d2l_batches(3, FEW):
    loss = torch.nn.functional.cross_entropy(book(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    clock.append(time.process_time())
step_seconds = min(np.diff(clock))
two_steps = clock[-1] - clock[0]
hours = steps.right_hours(two_steps, 60_000, FEW, 10)
print(
    f"two steps of {FEW} pictures: {two_steps:.1f} s; ten epochs in such steps:",
    end=" ",
)
print(f"{hours:.0f} hours (d2l takes 128 pictures a step: section 6)")
learning.reveal("07-hours", f"{hours:.0f} hours of one core, by two steps")

# %% [markdown] tags=["core"]
# ## 3 · Two recipes, recorded, and yours over them · core
#
# A **recipe** is everything but the network and the pictures. d2l's, and the one this course uses for
# the same network, differ in these settings; `quick` is for the network that you train next, a quarter
# as wide and with batch normalisation. (Notebooks 09 to 11 take the settings apart. *Label smoothing*
# asks for 91 % on the right class instead of all: it makes the **loss** larger, whatever the network
# can do. So runs are compared here by accuracy.)
#
# Below the table you plan a run of your own: a quarter of the width, half the side, the recipe `quick`,
# and about half a minute. To see its curve grow, it goes through the data in **pieces** of a few
# mini-batches. First an estimate, from two steps on this machine, by the clock on the wall.

# %% tags=["nbval-check-output"]
d2l, *ours = (vars(training.find_recipe(name)) for name in ("d2l", "course", "quick"))
for setting, theirs in d2l.items():
    row = [theirs, *(recipe[setting] for recipe in ours)]
    if len(set(map(str, row))) > 1:
        print(f"{setting:16}", " ".join(f"{value!s:10}" for value in row))

# %% tags=["varies"]
plan = widgets.live.fresh_plan(pictures, LIVE_SIDE)
speed = plan.measure_speed()
num_images = speed * LIVE_SECONDS
plan = plan.stretched(epochs=num_images / plan.pieces.num_images)
print(f"{speed:,.0f} pictures a second, in {PRECISION.name}:", end=" ")
print(f"{plan.total_images:,.0f} pictures in {LIVE_SECONDS} s", end=", ")
print(f"in {plan.recipe.epochs} pieces of {len(plan.pieces)} mini-batches")

# %% tags=["varies"]
runtime.seed_everything(SEED)
network, mine = plan.make(), []
run = training.train(
    network, plan.pieces, plan.recipe, plan.valid, precision=plan.precision
)
for result in run:
    mine.append(result)
    if sum(row.seconds for row in mine) > LIVE_SECONDS:  # the machine was slower
        break
last = recorded.moments(mine, plan.pieces.share)[-1]
print(f"{last.seconds:.0f} s, {last.epochs:.2f} epochs", end=": ")
print(f"training {last.train_accuracy:.1%}, validation {last.valid_accuracy:.1%}")

# %% [markdown]
# The board draws your run over the recorded ones, at equal epochs (who learns more from a picture?) or at
# equal seconds (who gets further tonight?). Each mark of its axis is ten times the wait of the one
# before; the seconds are a busy machine's, on one thread or two.
#
# Mind what is compared. Your rate falls to zero within half a minute, theirs in four epochs or ten; your
# marks are means over a few mini-batches, theirs over an epoch. So yours looks faster than it is.
#
# Move *Replay*, or press *Play*; look at the same runs over epochs. Then start a longer run of your own,
# pause it, or take over the network that the course ships and train on (at 224 pixels; it has seen all
# training pictures, so its hollow marks prove nothing). Nothing on disk is changed, and *Give up* ends it.

# %% tags=["varies"]
at_112 = [run for run in recorded.runs("resolution").values() if run.resize == 112]
groups = {
    "d2l, full width, 224": list(recorded.runs("d2l").values()),
    "course, full width, 224": list(recorded.runs("course").values()),
    "quick, quarter width, 224": list(recorded.runs("quick").values()),
    "quick, quarter width, 112": at_112,
}
for name, group in groups.items():
    for run in group:
        print(f"{name}, seed {run.seed}: {run.test_accuracy:.1%} of the test pictures,")
        print(
            f"    after {run.epochs} epochs, {run.seconds / 60:,.0f} minutes", end=", "
        )
        print(f"{run.images_per_second:,.0f} pictures a second, {run.device}")
print(recorded.overtaking(*groups.values()))
print(recorded.missing("d2l", "course", "quick", "resolution"))
widgets.live_board(groups, pictures, recorded.moments(mine, plan.pieces.share))

# %% [markdown] tags=["core"]
# ## 4 · Six curves without labels · core
#
# Six recorded runs of the quarter-width network. One is healthy, the others are sick: the *rate too
# high*, *rate too low*, *overfitting*, *shuffled labels* (each training picture got another one's
# label), *validated in train mode* (`eval()` was forgotten). Filled marks: training accuracy; hollow:
# validation. The dotted line is guessing, one in ten. Two of them had few pictures, and 40 epochs instead
# of 8. Sick is a run with a fault, in its training or in how it is measured.

# %%
sick = unlabelled.without_labels(recorded.runs("sick"))
fig, axes = plt.subplots(2, 3, figsize=(8, 5), sharey=True)
said = []
for ax, (letter, run) in zip(axes.flat, sick.items(), strict=False):
    epochs = [row.epoch for row in run.curve]
    train = [100 * row.train_accuracy for row in run.curve]
    valid = [100 * row.valid_accuracy for row in run.curve]
    ax.plot(epochs, train, "o-", markersize=4)
    ax.plot(epochs, valid, "s--", markersize=4, fillstyle="none")
    ax.axhline(10, color="grey", linestyle=":")
    ax.set(title=letter, ylim=(0, 102))
    said.append(f"{letter}: training {train[0]:.0f} to {train[-1]:.0f} %, ")
    said[-1] += f"validation {valid[0]:.0f} to {valid[-1]:.0f} %"
fig.suptitle("One is healthy: which, and what ails the others?", x=0.02, ha="left")
fig.supxlabel("epoch")
fig.supylabel("accuracy, %")
show(fig, alt=f"Accuracies of the first and the last epoch. {'; '.join(said)}.")

# %%
for letter, run in sick.items():
    first, last = run.curve[0], run.curve[-1]
    print(f"{letter}: {last.epoch:2} epochs of {run.train_images:,} pictures;", end=" ")
    print(f"training loss {first.train_loss:.2f} to {last.train_loss:.2f}", end=", ")
    eight = run.curve[len(run.curve) // 8 - 1 :: len(run.curve) // 8]  # evenly spread
    print("validation loss", " ".join(f"{row.valid_loss:.2f}" for row in eight))
print(recorded.missing("sick"))

# %% [markdown]
# ### Exercise 4
#
# Give each letter its cause, in the words in italics above, or `"healthy"`. Three looks: does the
# training curve rise? Where does validation stay behind it? Is either of them at one in ten? (Training
# accuracy is counted while the epoch runs, with dropout on. So early on it lies below validation; that alone
# is no illness.) And for the pair that is left: the same seed trained the same network twice (rounding makes
# the two differ a little), and it was measured in two ways. Dropout that was left on is a handicap: whose
# validation losses, epoch by epoch, are mostly the larger ones?

# %% tags=["exercise"]
causes = {"A": None, "B": None, "C": None, "D": None, "E": None, "F": None}

# %% tags=["check"]
unlabelled.check_causes(causes)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# causes = unlabelled.causes_by_letter(recorded.runs("sick"))
# ```
#
# A healthy, B rate too low, C rate too high, D validated in train mode, E overfitting, F shuffled labels.
# By eye: two training curves stay low, and only one of them still rises; little is learned so far, and
# dropout hides most of it. The other one's first steps were so large that it only guesses since. Two
# reach the top, and only one of these is of use to other pictures. The last two have one training curve;
# the larger validation losses were measured with dropout on.
# </details>

# %% [markdown] tags=["core"]
# ## 5 · Does 224 help at all? · core
#
# The quarter-width network by one recipe, on pictures of four sides, three seeds each. (With 112 pixels
# it may do less work than with 28, whose fitted first layer stands on every pixel.) Its first
# layer was fitted: 3 x 3 at stride 1 for 28 pixels, 5 x 5 at stride 2 for 56, 11 x 11 at stride 4 for
# the others.

# %%
widgets.predict("07-side")

# %%
work = {}
for side in unlabelled.SIDES:
    spec = variants.find_variant(FITTED.get(side, "ALEXNET_QUARTER_BN"))
    rows = arithmetic.summarize(variants.resized(spec, (1, side, side)))
    work[side] = sum(row.macs for row in rows)
    places = " x ".join(map(str, rows[0].out_shape[1:]))
    print(
        f"{side:3} pixels: {work[side]:>10,} multiply-adds, {places} places for conv1"
    )
runs = recorded.runs("resolution", "quick").values()
sides = unlabelled.accuracies_by_side(runs)
there = {f"{side} pixels": values for side, values in sides.items() if values}
fig, ax = plt.subplots(figsize=(6, 2.8))
said = curves.plot_seed_ranges(ax, there, "test accuracy, %", scale=100)
ax.set_title("Each bar: the lowest to the highest seed")
print(recorded.missing("resolution", "quick"))
show(fig, alt=said)

# %% [markdown]
# ### Exercise 5
#
# Which differences exceed what seeds do? `sides[28]` holds the accuracies of 28 pixels, and so on. For
# each pair of sides: `"yes"` when the ranges do not overlap, `"no"` when they do, `"cannot say"` when
# one of the two was run only once, or never.

# %% tags=["exercise"]
exceeds = {
    "28 and 56": None, "28 and 112": None, "28 and 224": None,
    "56 and 112": None, "56 and 224": None, "112 and 224": None,
}  # fmt: skip

# %% tags=["check"]
unlabelled.check_exceeds(exceeds)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# from itertools import combinations
#
# exceeds = {}
# for (a, first), (b, second) in combinations(sides.items(), 2):
#     if min(len(first), len(second)) < 2:
#         answer = "cannot say"
#     elif max(first) < min(second) or max(second) < min(first):
#         answer = "yes"
#     else:
#         answer = "no"
#     exceeds[f"{a} and {b}"] = answer
# ```
#
# "No" does not say that the two are equally good; it says that these seeds do not show it. Nor is one
# "yes" a proof: six numbers can be shared out between two sides in 20 ways, and in 2 of these the ranges
# come apart. So chance alone parts one pair in ten, and six pairs are compared here.
# </details>

# %%
told = {}
for side in sorted(set(sides) - {SIDE}):
    told[side] = unlabelled.exceeds_the_seeds(sides[side], sides[SIDE])
    times = work[SIDE] / work[side]
    print(f"{SIDE} against {side} pixels: {times:.1f} times the work", end=", ")
    if sides[side] and sides[SIDE]:
        gained = 100 * (np.mean(sides[SIDE]) - np.mean(sides[side]))
        print(f"{gained:+.1f} points in the mean", end="; ")
    print(f"does the difference exceed the seeds? {told[side]}")
learning.reveal("07-side", f"{told[28]}, by the runs recorded so far")

# %% [markdown]
# **What we saw.** 224 pixels are ahead of all, and ahead of 28 by less than half a point, for four times
# the work. Nobody gave 28 pixels four times as many epochs. And 112 pixels come last, with the first
# layer that 224 has: so a larger picture alone does not help. What 224 has more of is places: its
# conv1 looks at 54 x 54 of them, no other at more than 28 x 28.
#
# Is it pixels or places? A **control** changes only one of the two. Take 56 pixels again, and for conv1 a
# window of 3 x 3 at stride 1: it looks at 54 x 54 places as well, each half an old pixel from the next,
# as at 224, and everything behind it is the same network. Will it do as well as 224, or worse? Say so
# before you run the cell.

# %% tags=["nbval-check-output"]
spec = variants.ALEXNET_QUARTER_BN_56_DENSE
runs = recorded.runs("places").values()
control = [run.test_accuracy for run in runs]
rows = arithmetic.summarize(spec)
places = " x ".join(map(str, rows[0].out_shape[1:]))
print(f"56 pixels at {places} places: {sum(row.macs for row in rows):,} multiply-adds")
print(f"test accuracy {recorded.percent_range(control)}", end="; ")
print(f"224 pixels: {recorded.percent_range(sides[SIDE])}", recorded.missing("places"))
print("56 pixels at as many places:", recorded.against(control, sides[SIDE]))

# %% [markdown] tags=["stretch"]
# ## 6 · Where the time goes · stretch
#
# First one step of the book's network, by processor time, taken apart: forward and back through the layers before
# `flatten`, through the linear layers behind it, and the update of all weights.

# %% tags=["varies"]
cut = [name for name, _ in book.named_children()].index("flatten")
images, labels = next(d2l_batches(1, 2 * FEW))
clock = [time.process_time()]
maps = book[:cut](images)
clock.append(time.process_time())
flat = maps.detach().requires_grad_()
torch.nn.functional.cross_entropy(book[cut:](flat), labels).backward()
clock.append(time.process_time())
maps.backward(flat.grad)
clock.append(time.process_time())
optimizer.step()
forward, linear, back, update = np.diff([*clock, time.process_time()])
parts = {"convolutions": forward + back, "linear layers": linear, "update": update}
for part, seconds in parts.items():
    print(f"{part}: {seconds / sum(parts.values()):.0%} of the step")

# %% [markdown]
# The linear layers, with over nine tenths of the weights, are not where most of the time goes. With
# 128 pictures instead of these few their share shrinks further: they fetch their weights once for all
# pictures (notebook 03), and so does the update.
#
# Now the ladder, from d2l's way to the run of section 3, in pictures per second of one core that has
# nothing else to do. Steps this short are timed roughly: small differences mean nothing. The first four
# rungs train the same network; on the fourth the enlargement is folded into conv1's weights, which gives
# the same numbers from the small picture. The last two are other networks, and that is another bargain. A
# fair comparison takes turns, full mini-batches and a few minutes: `python -m alexnet_lib bench`.


# %%
def pictures_a_second(network, size: int, side: int | None, precision: str) -> float:
    """By the course's trainer, the better of two steps; None leaves 28 pixels."""
    few = pictures.train_images[: 3 * size], pictures.train_labels[: 3 * size]
    clock, recipe = [], training.find_recipe("d2l")
    batches = data.Batches(*few, size, resize=side)
    for _ in training.train_steps(network, batches, recipe, precision=precision):
        clock.append(time.process_time())
        if len(clock) == 3:
            return size / min(np.diff(clock))


# %% tags=["varies"]
spec, name = variants.ALEXNET_QUARTER_BN, PRECISION.name
quarter = phases.enlarging(model.build_model(spec))
half = model.build_model(variants.resized(spec, (1, LIVE_SIDE, LIVE_SIDE)))
rungs = {
    "d2l's way": FEW / step_seconds,
    "the course's trainer": pictures_a_second(book, FEW, SIDE, "float32"),
    f"+ in {name}": pictures_a_second(book, FEW, SIDE, name),
    "+ conv1 reads 28 pixels": pictures_a_second(
        phases.enlarging(book), FEW, None, name
    ),
    "a quarter of the width": pictures_a_second(quarter, 64, None, name),
    "and 112 pixels": pictures_a_second(half, 64, LIVE_SIDE, name),
}

# %% tags=["varies"]
fig, ax = plt.subplots(figsize=(8, 3))
ax.plot(list(rungs.values()), list(rungs), "s", markersize=9)
said = []
for row, (rung, rate) in enumerate(rungs.items()):
    words = f"{rate:,.0f}/s, {600_000 / rate / 3600:.1f} hours for ten epochs"
    ax.text(rate * 1.3, row, words, va="center")
    said.append(f"{rung}: {words}")
ax.set(xscale="log", xlim=(5, 1e6), xlabel="pictures a second of one core (log scale)")
ax.invert_yaxis()
low, *_, same, _, high = rungs.values()
words = (
    f"One network, {same / low:.1f} times as many pictures; another, {high / low:.0f}"
)
ax.set_title(words)
show(fig, alt=". ".join(said) + ".")

# %% [markdown] tags=["stretch"]
# ## 7 · The schedule: a first look · stretch
#
# d2l keeps its learning rate. The paper divided it by ten, three times; the recipe `course` lets it
# rise in a line and fall again. Does that help? Below the figure: the quarter-width network at 112
# pixels, without batch normalisation (so it is weaker than that of section 5), three seeds each, once
# with the rate kept and once with rise and fall. Each has the best of the rates that were tried with one
# seed on validation pictures, and neither was the largest or the smallest of these.

# %%
fig, ax = plt.subplots(figsize=(6, 3))
shares = [step / 200 for step in range(201)]
for recipe, line in (("d2l", "-"), ("course", "--"), ("paper_2012", ":")):
    chosen = training.find_recipe(recipe)
    rates = [training.learning_rate_at(chosen, share) for share in shares]
    ax.plot([100 * share for share in shares], rates, line, label=recipe)
ax.set(xlabel="of the pictures seen, %", ylabel="learning rate")
ax.set_title("Kept, risen and fallen, or dropped by hand")
ax.legend()
show(
    fig,
    alt="The rate over a training: d2l keeps 0.01, course rises to 0.02 in the first "
    "quarter and falls to 0, the paper's 0.01 drops to a tenth three times.",
)

# %%
kept = list(recorded.runs("constant").values())
parts = recorded.runs("parts").values()
risen = [run for run in parts if run.variant == "ALEXNET_QUARTER"]
schedules = {}
for schedule, runs in {"rate kept": kept, "rise and fall": risen}.items():
    schedules[schedule] = values = [run.test_accuracy for run in runs]
    rate = ", ".join({f"largest rate {run.recipe.learning_rate:g}" for run in runs})
    print(f"{schedule}, {rate}, {len(runs)} runs: {recorded.percent_range(values)}")
known = unlabelled.exceeds_the_seeds(*schedules.values())
print("does the difference exceed the seeds?", known)
print(recorded.missing("constant", "parts"))

# %% [markdown] tags=["stretch"]
# ## 8 · What it confuses, and what one may dispute · stretch
#
# The network that the course ships, quarter width at 224. In the table, rows are labels, columns what
# the network says; the darker, the more mistakes. Choose a pair: which pictures are these? Then switch
# to *twenty to dispute*: the pictures where the network most surely says something else than the label.
# Judge five of them before you read on.

# %% tags=["varies"]
shipped = load_weights(runtime.course_file("weights/quarter.safetensors"))
of_shipped = recorded.runs("quick")["quick_quarter_bn_seed0"]
widgets.confusion_explorer(shipped, pictures, of_shipped.confusion)

# %% [markdown]
# **What we saw.** The mistakes lie close together: shirts with T-shirts, pullovers and coats; shoes with
# shoes. And some labels are in doubt themselves: a label was given to a garment, not to 28 x 28 pixels of
# it. Where you sided with the network, the accuracy counts a mistake that is none. So 100 % is out of
# reach here, and whoever comes near it by looking at the test pictures has measured nothing.

# %% [markdown] tags=["stretch"]
# ## 9 · A loader that shuffles · stretch
#
# This loader shuffles its pictures before every epoch, and no line complains. Which of the six curves
# of section 4 would it give? And which line is to blame?

# %% tags=["nbval-check-output"]
torch.manual_seed(SEED)
labels = torch.arange(1000) % 10  # of a thousand pictures, each with its number
numbers = torch.arange(1000)[torch.randperm(1000)]
labels = labels[torch.randperm(1000)]
own = (labels == numbers % 10).sum()
print(f"pictures that still have their own label: {own} of 1000")

# %% [markdown]
# <details><summary>The diagnosis</summary>
#
# It draws two orders, one for the pictures and another for the labels. One picture in ten keeps a right
# label by luck, so nothing can be learned that holds for other pictures: the curve of the shuffled
# labels, if the network is large enough and trains long enough to learn them by heart. Draw one order,
# and use it twice.
# </details>

# %% [markdown] tags=["core"]
# ## 10 · Who is right? · core

# %%
widgets.who_is_right("07")

# %%
widgets.claim_cards("07")


# %%
learning.fill(
    "schedule",
    costs="nothing: the same steps",
    buys="; ".join(f"{n}: {recorded.percent_range(v)}" for n, v in schedules.items()),
    verdict=f"first look, {len(kept)} and {len(risen)} runs; beyond the seeds? {known}",
)
learning.fill(
    "224 pixels",
    costs=f"{work[SIDE] / work[28]:.1f} times the multiply-adds of 28 pixels",
    buys="; ".join(f"{n}: {recorded.percent_range(v)}" for n, v in sides.items()),
    verdict="no new information, but places for conv1; 56 pixels with as many: "
    f"{recorded.against(control, sides[SIDE])}",
)

# %% [markdown]
# **Verdict so far.** Enlarging adds nothing to a picture, and multiplies the work. What 224 pixels buy
# here is places for conv1, and 56 pixels with a smaller window have as many: with these, three seeds show
# no difference. What a run buys is said by its accuracy at equal seconds, over seeds, on pictures that it
# was not trained on; not by its training loss.
#
# **What still does not fit.** If the large picture holds nothing new, what can an 11 x 11 window see in
# it? It slides over 121 numbers that are mixtures of a few old pixels.
#
# **Next**: [08 · What does a trained network look at?](08_looking_inside.ipynb)
#
# References: Zhang, Lipton, Li and Smola, [*Dive into Deep Learning*](https://d2l.ai), sections 8.1
# and 3; Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional neural
# networks*, NIPS 2012, section 5; Xiao, Rasul and Vollgraf,
# [Fashion-MNIST](https://github.com/zalandoresearch/fashion-mnist), 2017.
