# %% [markdown]
# # 04 · ReLU, sigmoid, tanh: where do gradients die?
#
# **They say**: a network with ReLU reaches 25 % training error six times faster than one with tanh
# (paper, section 3.1, Figure 1). Many tutorials add that networks with sigmoids cannot learn.
#
# **The doubt**: in notebook 03 the ReLUs had no parameters and no multiply-adds. And in notebook 01 a
# LeNet with sigmoids did learn.
#
# **You will be able to**
# 1. say how much of a gradient each of the three lets back, and check it with autograd;
# 2. measure the gradient of every layer, and say what depth and starting weights do to it;
# 3. tell a fair race from an unfair one, and say what it shows.
#
# Core 35 minutes, stretch 15. Read before: 01. Ledger row filled here: ReLU.

# %%
import time
from contextlib import contextmanager
from statistics import median

import matplotlib.pyplot as plt
import torch
from torch import nn

from alexnet_lib import data, learning, runtime, training, widgets
from alexnet_lib.architecture import deep, initialisation, model, variants
from alexnet_lib.figures import curves, show, use_course_style
from alexnet_lib.inside import recorder, statistics
from alexnet_lib.learning import races
from alexnet_lib.learning.checks import activations, fairness, gradients, planted

# %%
use_course_style()
torch.set_num_threads(1)  # these networks are too small to be shared between cores
SEED = 0
TARGET = 0.25  # training error, the paper's
FUNCTIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "ReLU": torch.relu}
LINES = dict(zip(FUNCTIONS, ("-", "--", ":"), strict=True))

# %%
widgets.recall("04")

# %% [markdown] tags=["core"]
# ## 1 · How much does an activation let back? · core
#
# An **activation** bends each number x on its own. The sigmoid, 1 / (1 + exp(-x)), squeezes it between 0
# and 1; tanh between -1 and 1; ReLU, max(0, x), makes negative ones 0.
#
# To learn, one must know how the loss would change with each weight: its **gradient**. Training moves
# every weight a little against it. The gradient is computed from the loss backwards (torch calls that
# **autograd**), and each activation multiplies it by its **slope** at the x that had passed.

# %%
widgets.predict("04-slope")

# %% tags=["nbval-check-output"]
x = torch.linspace(-6, 6, 241, requires_grad=True)
values, slopes_of = {}, {}
for name, function in FUNCTIONS.items():
    values[name] = function(x)
    # the sum: each value depends on its own x alone, so this gives each its own slope
    (slopes_of[name],) = torch.autograd.grad(values[name].sum(), x)
    print(f"{name:8} steepest {slopes_of[name].max():.2g}", end=", ")
    print(f"at x = 6 {slopes_of[name][-1]:.2g}, at x = -6 {slopes_of[name][0]:.2g}")

# %%
fig, axes = plt.subplots(1, 2, figsize=(8, 3.2))
for name, line in LINES.items():
    axes[0].plot(x.detach(), values[name].detach(), line, label=name, linewidth=2)
    axes[1].plot(x.detach(), slopes_of[name], line, label=name, linewidth=2)
axes[0].set(xlabel="x", ylabel="value", ylim=(-1.2, 3), title="What goes forward")
axes[1].set(xlabel="x", ylabel="slope", title="What is let back")
axes[0].legend()
said = "Slopes: the sigmoid's is never above a quarter; tanh's is 1 at 0; both are"
show(fig, alt=f"{said} near 0 beyond 4 on either side. ReLU's is 1 above 0, 0 below.")

# %%
steepest = slopes_of["sigmoid"].max().item()
learning.reveal("04-slope", f"{steepest:.2f}, at x = 0")

# %% [markdown]
# **What we saw.** The sigmoid never lets more than a quarter back, tanh up to all of it, ReLU all or
# nothing. Where a curve is nearly flat, its unit (the place in a layer that gives one number) is called
# **saturated**: next to nothing comes back.
# How many units are, depends on how far from 0 their inputs lie. Below, inputs are random, and
# saturated means less than a tenth of the steepest slope. (tanh saturates sooner: it is the sigmoid
# squeezed from the sides, doubled, and moved down by 1.)

# %% tags=["nbval-check-output"]
generator = torch.Generator().manual_seed(SEED)
numbers = torch.randn(100_000, generator=generator)
for spread in (1, 3, 10):
    inputs = (spread * numbers).requires_grad_()
    print(f"standard deviation {spread:>2}, saturated:", end=" ")
    for name in ("sigmoid", "tanh"):
        (slope,) = torch.autograd.grad(FUNCTIONS[name](inputs).sum(), inputs)
        flat = (slope < slopes_of[name].max() / 10).float().mean()
        print(f"{flat:.0%} of {name}s", end="; " if name == "sigmoid" else "\n")

# %% [markdown]
# ### Exercise 1
#
# Write the three slopes as formulas; the check compares them with autograd's. Two traps: exp(200) is more
# than a float32 holds. And at 0 ReLU has a kink, so no slope; any number from 0 to 1 could stand for
# one. Take torch's: what does it say?


# %% tags=["exercise"]
def slopes(x: torch.Tensor) -> dict[str, torch.Tensor]:
    """x of any shape -> {"sigmoid": ..., "tanh": ..., "ReLU": ...}, slopes at x."""
    raise NotImplementedError


# %% tags=["check"]
activations.check_slopes(slopes)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def slopes(x: torch.Tensor) -> dict[str, torch.Tensor]:
#     s, t = torch.sigmoid(x), torch.tanh(x)
#     return {"sigmoid": s * (1 - s), "tanh": 1 - t**2, "ReLU": (x > 0).float()}
# ```
#
# Both S-shaped slopes are made of the value that went forward: nothing needs to be computed again.
# </details>

# %% [markdown] tags=["core"]
# ## 2 · What does depth make of it? · core
#
# On its way from the loss to the first layer the gradient passes every layer: once through its
# activation, times a slope, and once through its **weights**. It is the chain rule: a layer gives
# y = f(w x), so what comes back to x is what came back to y, times the slope of f, times w. To see what
# is left of it, the course has a builder for networks of any depth, linear layers of 64 outputs with one
# activation between them. Their starting weights are drawn by Xavier's rule: the spread follows from the
# number of inputs and outputs. Others on the menu below: N(0, 0.01), a bell curve round 0
# with standard deviation 0.01; Kaiming's, which is Xavier's made wider for ReLU; and torch's own. Notebook
# 09 compares them, and derives Kaiming's.

# %%
widgets.predict("04-depth")

# %%
pictures = data.load()
print(pictures.note)
images, labels = pictures.train_images[:64] / 255, pictures.train_labels[:64]
runtime.seed_everything(SEED)
network = deep.build_deep("sigmoid", 8)
print(network[:5])

# %% [markdown]
# How does one read a gradient as it comes by? By a **hook**: a function of ours that torch calls with
# the gradient, at the moment that it is known. It stays until it is removed. Of all the numbers of a
# gradient we want one: its **norm**, the root of the sum of their squares.

# %%
gradient_norms = []
handle = network.fc8.weight.register_hook(lambda g: gradient_norms.append(g.norm()))
for _ in range(2):
    nn.functional.cross_entropy(network(images), labels).backward()
handle.remove()
nn.functional.cross_entropy(network(images), labels).backward()
print("called", len(gradient_norms), "times in three passes, the third without it")
in_grad = network.fc8.weight.grad.norm()
print(f"norm at fc8: {gradient_norms[0]:.2f}; in .grad: {in_grad:.2f}")

# %% [markdown]
# The last number shows why we do not read `.grad`: torch adds up there all gradients since it was last
# cleared. A hook sees each one alone. But a forgotten hook goes on, and nobody sees it.
#
# ### Exercise 2
#
# Record the norms of all layers that have weights, and leave no hook behind, not even after an error.
# A function with `@contextmanager` serves in `with`: up to its `yield` it runs when the block begins,
# behind it when the block ends. If the block stops with an error, that error is raised at the `yield`, and
# only `try: yield ... finally:` still cleans up.


# %% tags=["exercise"]
@contextmanager
def recorded_norms(network: nn.Sequential):
    """Yield a dict that backward() fills: layer's name -> its weight's gradient norm."""
    raise NotImplementedError


# %% tags=["check"]
gradients.check_recorded_norms(recorded_norms)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# @contextmanager
# def recorded_norms(network: nn.Sequential):
#     norms, handles = {}, []
#     for name, layer in network.named_children():
#         if hasattr(layer, "weight"):
#
#             def hook(gradient, name=name):
#                 norms[name] = gradient.norm().item()
#
#             handles.append(layer.weight.register_hook(hook))
#     try:
#         yield norms
#     finally:
#         for handle in handles:
#             handle.remove()
# ```
#
# `name=name` gives each hook its own name; without it all would read the loop's last one.
# </details>

# %%
# The course's own recorder does the same; three networks, the same seed:
found = {}
for name in deep.ACTIVATIONS:
    runtime.seed_everything(SEED)
    network = deep.build_deep(name, 8)
    with statistics.GradientRecorder(network) as recorded:
        nn.functional.cross_entropy(network(images), labels).backward()
    found[name] = recorded.norms
    print(f"{name:8}" + " ".join(f"{norm:8.0e}" for norm in recorded.norms.values()))
ratio = found["sigmoid"]["fc1"] / found["sigmoid"]["fc8"]
learning.reveal("04-depth", f"{ratio:.1e} of it, so under a thousandth")

# %% [markdown]
# From left to right: layer 1 to layer 8. (The first has 784 inputs where the others have 64, so its norm
# sums more numbers.) One learning rate serves them all: where the last layer of the sigmoids takes a
# step, the first hardly moves. The thermometer shows the same for any depth, and on its right what goes
# forward. Mind its scale: equal steps along it are equal factors, so a bar two thirds as long may be a
# thousand times less. Try, and bet before each:
#
# 1. sigmoid: *Layers* up to 20. Does any *Start* rescue it?
# 2. tanh: the same depths.
# 3. ReLU with Xavier; then with N(0, 0.01), the starting weights of the paper (its section 5).

# %%
widgets.gradient_thermometer(images, labels)

# %% [markdown]
# **What we saw.** With sigmoids the gradient dies on the way back, whatever the start. Not because they
# are saturated: at the start most inputs lie near 0, where the slope is largest. But its largest is a
# quarter, and that is paid once a layer: seven times between the last layer and the first of eight, and a
# quarter seven times is 6e-5. tanh with Xavier's weights keeps its gradient through 20 layers; slope 1 at
# 0 and those weights suit each other.
#
# And ReLU? With N(0, 0.01) nothing arrives either: each layer hands on far smaller numbers than it got.
# So **an activation alone neither kills nor saves a gradient; its slopes and the weights do, together.**
# (The paper put biases of 1 into some layers: notebook 09.)

# %% [markdown]
# ### Exercise 3
#
# With sigmoids and Xavier's weights, from which depth on is the norm of the **first** layer's gradient
# under 1e-6? Take the median of the seeds 0 to 4; one layer more or less will do.
# `statistics.layer_statistics(network, images, labels)[0].gradient_norm` measures one network.

# %% tags=["exercise"]
sigmoid_depth = None

# %% tags=["check"]
activations.check_sigmoid_depth(sigmoid_depth)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def first_norm(depth: int, seed: int) -> float:
#     runtime.seed_everything(seed)
#     network = deep.build_deep("sigmoid", depth)
#     return statistics.layer_statistics(network, images, labels)[0].gradient_norm
#
#
# sigmoid_depth = 2
# while median(first_norm(sigmoid_depth, seed) for seed in range(5)) >= 1e-6:
#     sigmoid_depth += 1
# ```
#
# With two layers the norm is about 1. Each further layer leaves about a quarter of it, and a quarter
# to the tenth is 1e-6: ten layers more.
# </details>

# %% [markdown] tags=["core"]
# ## 3 · A race to 25 % · core
#
# Does the better gradient win? The paper's Figure 1: a network of four layers, CIFAR-10, once with
# ReLU and once with tanh, each at the learning rate that suits it, no remedy against overfitting. To
# 25 % training error ReLU took a sixth of the epochs. Ours: three convolutions and a linear layer, the
# first 1,280 pictures of Fashion-MNIST, ten mini-batches an epoch; and the sigmoid runs, too.

# %%
widgets.predict("04-race")

# %% tags=["nbval-check-output"]
for activation, variant in races.RACERS.items():
    racer = model.build_model(variants.find_variant(variant))
    num_params = sum(parameter.numel() for parameter in racer.parameters())
    kinds = [type(layer).__name__ for layer in racer]
    print(f"{activation:8} {num_params:,} parameters: {' '.join(kinds[:4])} ...")

# %% [markdown]
# First the rates. Each network was tried at four of them, from three seeds that do not run the race:
# whoever chooses a rate by the race itself measures luck. Recorded epochs to 25 % (None: not within 100):

# %% tags=["nbval-check-output"]
race = races.recorded_race()
for activation in races.RACERS:
    print(activation)
    for rate in race.rates(activation):
        epochs = race.epochs(activation, rate, TARGET, race.rate_seeds)
        own = " <- its own" if rate == race.own_rate(activation, TARGET) else ""
        print(f"  rate {rate:<5} epochs {epochs}{own}")


# %% [markdown]
# Now live, one seed each: train until an epoch's share of wrong answers is down to the target.

# %%
few = pictures.train_images[:1280], pictures.train_labels[:1280]
scale = data.mean_and_std(few[0])  # pictures go in with mean 0, as in the paper


def run_race(activation: str, rate: float, seed: int) -> list[training.EpochResult]:
    """Epoch by epoch, until the training error is down to TARGET."""
    runtime.seed_everything(seed)
    racer = model.build_model(variants.find_variant(races.RACERS[activation]))
    initialisation.initialize(racer, "xavier")
    order = torch.Generator().manual_seed(seed)
    batches = data.Batches(*few, 128, shuffle=True, generator=order, normalise=scale)
    recipe = training.Recipe(name="race", learning_rate=rate, momentum=0.9, epochs=100)
    history = []
    for epoch in training.train(racer, batches, recipe):
        history.append(epoch)
        if 1 - epoch.train_accuracy <= TARGET:
            break
    return history


# %% tags=["varies"]
live = {"ReLU": run_race("ReLU", race.own_rate("ReLU", TARGET), SEED)}
to_come = sum(
    race.epochs(name, race.own_rate(name, TARGET), TARGET, [SEED])[0]
    for name in ("tanh", "sigmoid")
)
guess = to_come * live["ReLU"][-1].cpu_seconds
print(f"ReLU: {len(live['ReLU'])} epochs; the next cell takes about {guess:.0f} s")

# %%
for activation in ("tanh", "sigmoid"):
    rate = race.own_rate(activation, TARGET)
    live[activation] = run_race(activation, rate, SEED)
for activation, history in live.items():
    error = 1 - history[-1].train_accuracy
    print(f"{activation:8} seed {SEED}: {len(history):>2} epochs, error {error:.0%}")

# %% [markdown]
# One run each is a story. Here are the three recorded ones, on the real pictures, at the rates above. Each
# was stopped where it reached 10 % error.

# %%
fig, ax = plt.subplots(figsize=(8, 3.6))
for number, (name, line) in enumerate(LINES.items()):
    rate = race.own_rate(name, TARGET)
    for seed in race.seeds:
        errors = [100 * error for error in race.find(name, rate, seed).errors[:50]]
        label = f"{name}, rate {rate:g}" if seed == race.seeds[0] else None
        epochs = range(1, len(errors) + 1)
        ax.plot(epochs, errors, line, color=f"C{number}", label=label)
ax.axhline(100 * TARGET, color="grey", linewidth=1)
ax.set(xlabel="epoch (1,280 pictures)", ylabel="training error, %")
ax.legend()
ax.set_title("tanh arrives first, ReLU soon after, the sigmoid far later")
said = (
    "The sigmoids stay near 90 % error for some epochs, then fall. ReLU and tanh fall"
)
show(
    fig,
    alt=f"{said} at once and cross 25 % (grey line) within a few epochs, tanh first.",
)

# %% tags=["nbval-check-output"]
arrivals, medians = {}, {}
for name in races.RACERS:
    rate = race.own_rate(name, TARGET)
    arrivals[name] = race.epochs(name, rate, TARGET, race.seeds)
    medians[name] = median(arrivals[name])
    ratio = medians[name] / medians["ReLU"]
    print(f"{name:8} epochs to 25 %: {arrivals[name]}, {ratio:.1f} times ReLU's")
print("tanh in the paper's Figure 1: 6 times ReLU's")

# %%
learning.reveal("04-race", f"tanh {medians['tanh']} epochs, ReLU {medians['ReLU']}")

# %% [markdown]
# **What we saw.** The sigmoids learned, several times later: for some epochs their curves lie flat near
# 90 % error, as section 2 leads one to expect, and then fall. But tanh was no slower than ReLU. It was
# *faster*, from each of the three seeds, by one to three epochs. Of the paper's factor nothing is left.
#
# Why? Section 2 suggests one reason: with Xavier's weights tanh keeps its gradient anyway, so there is
# nothing that ReLU could save. The table of rates shows another. At rate 0.05 both took five epochs, but
# tanh bears twice that rate, and ReLU does not.

# %% [markdown]
# That does not refute the paper's measurement, of another network on other pictures; the factor, its
# authors add, varies with the network. But ReLUs "consistently" learn several times faster, they say too.
# In ours they do not. You could check some of the differences: more pictures; CIFAR-10; other starts (in `run_race`, `"kaiming"` or `"torch"` for `"xavier"`). Choose the rates anew each time.
#
# It does refute the sentence without the network: "ReLU trains six times faster". A factor belongs to a
# network, a data set, a target, a start, and the rates.
#
# ### Exercise 4
#
# Run a fair race of your own on the records: **one target** (training error, from 0.1 to 0.5, not 0.25);
# for each activation **its own rate**, the one with the fewest epochs, by the mean over the rate seeds;
# and the epochs of **all three** race seeds. The check judges the comparison, not who wins.

# %% tags=["exercise"]
fair = {
    "target": None,
    "rates": {"ReLU": None, "tanh": None, "sigmoid": None},
    "epochs": {"ReLU": None, "tanh": None, "sigmoid": None},  # a list of three each
    "ratio": None,  # median of tanh's epochs / median of ReLU's
}

# %% tags=["check"]
fairness.check_fair(fair)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# from statistics import mean
#
# target, rates, epochs = 0.15, {}, {}
# for name in races.RACERS:
#     means = {}
#     for rate in race.rates(name):
#         tried = race.epochs(name, rate, target, race.rate_seeds)
#         if None not in tried:
#             means[rate] = mean(tried)
#     rates[name] = min(means, key=means.get)
#     epochs[name] = race.epochs(name, rates[name], target, race.seeds)
# fair = {
#     "target": target,
#     "rates": rates,
#     "epochs": epochs,
#     "ratio": median(epochs["tanh"]) / median(epochs["ReLU"]),
# }
# ```
#
# Look at the ranges beside the ratio: with three seeds, only ranges that part say who is faster.
# </details>

# %%
fig, axes = plt.subplots(1, 2, figsize=(8, 2.6), sharey=True)
said = []
for ax, target in zip(axes, (TARGET, races.LOWEST_TARGET), strict=True):
    reached = {}
    for name in races.RACERS:
        rate = race.own_rate(name, target)
        epochs = race.epochs(name, rate, target, race.seeds)
        reached[name] = [number for number in epochs if number is not None]
    measure = f"epochs to {target:.0%} training error"
    said.append(curves.plot_seed_ranges(ax, reached, measure))
title = "At the harder target, too: tanh, then ReLU, the sigmoid last (two scales)"
fig.suptitle(title, x=0.02, ha="left")
show(fig, alt=" ".join(said))

# %% [markdown] tags=["stretch"]
# ## 4 · Units that are dead · stretch
#
# ReLU has a death of its own. A unit that is 0 for **every** picture gets slope 0 from every picture, so
# no weight in front of it moves any more. One step too large is enough. Below, the racer with ReLU is
# trained for three epochs at three rates; its convolutions have 8, 16 and 32 maps.

# %%
batches = data.Batches(*few, 128, shuffle=True, normalise=scale)
some, RELUS = batches.prepare(few[0][:500]), ["relu1", "relu2", "relu3"]
for rate in (0.03, 0.1, 0.2):
    runtime.seed_everything(SEED)  # for the weights, and for the order of the pictures
    racer = model.build_model(variants.RACE_RELU)
    initialisation.initialize(racer, "xavier")
    recipe = training.Recipe(name="hot", learning_rate=rate, momentum=0.9, epochs=3)
    *_, last = training.train(racer, batches, recipe)
    with recorder.ActivationRecorder(racer, RELUS) as seen:
        racer(some)
    dead = [len(statistics.dead_units(seen[name])) for name in RELUS]
    print(f"rate {rate:<4} error {1 - last.train_accuracy:.0%}, dead maps {dead}")

# %% [markdown]
# The higher the rate, the more maps may die. Where most of those behind the first layer are dead, the
# error shows it; with a few dead the network learns all the same.
#
# ### Exercise 5
#
# Find them yourself. `activations` are what a ReLU gave for N pictures: (N, units) behind a linear
# layer, (N, maps, height, width) behind a convolution, where a map is a unit. Careful: a unit that
# answers to one picture in a thousand is alive.


# %% tags=["exercise"]
def dead_units(activations: torch.Tensor) -> list[int]:
    """(N, units) or (N, maps, H, W) -> the numbers of the dead units, from 0."""
    raise NotImplementedError


# %% tags=["check"]
planted.check_dead_units(dead_units)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def dead_units(activations: torch.Tensor) -> list[int]:
#     by_unit = activations.transpose(0, 1).flatten(1)  # (units, everything it said)
#     return (by_unit == 0).all(dim=1).nonzero().flatten().tolist()
# ```
#
# Whether a unit is dead depends on the pictures: on others it might answer. Ask many.
# </details>

# %% [markdown] tags=["stretch"]
# ## 5 · Is ReLU faster because it is cheaper? · stretch
#
# Another reason one hears: max(0, x) costs less than an exponential. Time what each activation takes,
# forward and back, for the first layer's maps of a mini-batch; and beside it a whole step of the racer.

# %% tags=["varies"]
milliseconds = {}
for name, function in FUNCTIONS.items():
    maps = torch.randn(128, 8, 28, 28, requires_grad=True)
    function(maps).sum().backward()  # the first call warms up
    started = time.process_time()
    for _ in range(20):
        function(maps).sum().backward()
    milliseconds[name] = 1000 * (time.process_time() - started) / 20
    print(f"{name:8} {milliseconds[name]:.1f} ms")
step = 1000 * live["ReLU"][-1].cpu_seconds / 10
print(f"a whole step of the racer with ReLU: {step:.0f} ms")

# %% [markdown]
# A difference of a few milliseconds a step, if any, cannot make a network six times faster. The paper,
# too, counts epochs: what it praises is how far a step gets, not how long one lasts.

# %% [markdown] tags=["stretch"]
# ## 6 · Five seeds? · stretch
#
# This cell should show how much the first layer's gradient differs over five seeds. It raises no
# error. What is wrong with its answer, and which line is to blame?

# %%
by_seed = {}
for seed in range(5):
    runtime.seed_everything(SEED)
    network = deep.build_deep("sigmoid", 8)
    layers = statistics.layer_statistics(network, images, labels)
    by_seed[seed] = f"{layers[0].gradient_norm:.2e}"
print(by_seed)

# %% [markdown]
# <details><summary>The diagnosis</summary>
#
# Five times the same number: it is one run, copied. The loop counts `seed`, and seeds with `SEED`. A
# range of width 0 is not a very sure result; it is a sign that nothing was varied. Put `seed` there and
# run it again: by what factor do five seeds differ?
# </details>

# %% [markdown] tags=["core"]
# ## 7 · Who is right? · core

# %%
widgets.who_is_right("04")

# %%
widgets.claim_cards("04")

# %%
ranges = {
    name: " to ".join(dict.fromkeys((str(min(epochs)), str(max(epochs)))))
    for name, epochs in arrivals.items()
}
learning.fill(
    "ReLU",
    costs="no parameters, no multiply-adds; units may die for good",
    buys=f"25 % training error after {ranges['ReLU']} epochs; tanh {ranges['tanh']}, "
    f"sigmoid {ranges['sigmoid']} (own rates, 3 seeds, four layers)",
    verdict="far ahead of the sigmoid; a little behind tanh. Paper: six times ahead",
)

# %% [markdown]
# **Verdict so far.** An activation multiplies the gradient by its slope, the weights do the rest. The
# sigmoid's quarter leaves next to nothing of it in the first of many layers; with four layers the sigmoid
# learns, last of the three. ReLU comes far before it. It does not beat tanh: in our small race it came
# second, three times of three.
#
# **What still does not fit.** A ReLU cannot saturate above 0, so its inputs need no normalisation; the
# paper says so itself (section 3.3). Two sentences later it adds one.
#
# **Next**: [05 · What do loud neighbours cost?](05_loud_neighbours.ipynb)
#
# References: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional neural
# networks*, NIPS 2012, sections 3.1, 3.3 and 5, Figure 1; Nair and Hinton, *Rectified linear units
# improve restricted Boltzmann machines*, ICML 2010; Glorot and Bengio, *Understanding the difficulty of
# training deep feedforward neural networks*, AISTATS 2010.
