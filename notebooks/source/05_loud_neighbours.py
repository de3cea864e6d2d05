# %% [markdown]
# # 05 · What do loud neighbours cost?
#
# **They say**: local response normalisation takes 1.4 and 1.2 points off the errors, overlapping
# pooling 0.4 and 0.3 (paper, sections 3.3 and 3.4). Tutorials add: it strengthens the strong.
#
# **The doubt**: a ReLU needs no normalised inputs; the paper says so in the same paragraph. And the
# network that it was compared with lacked more than the formula.
#
# **You will be able to**
# 1. write the normalisation, and say which numbers it reads, and which it does not;
# 2. tell the printed formula from the code that was run and from PyTorch's layer;
# 3. say which layers may change places, what overlapping windows cost, and what was compared.
#
# Core 35 minutes, stretch 10. Read before: 02 and 04. Ledger rows filled here: LRN, overlapping pooling.

# %%
import time
from math import prod

import matplotlib.pyplot as plt
import torch

from alexnet_lib import data, learning, runtime, widgets
from alexnet_lib.architecture import arithmetic, initialisation, layers, model, variants
from alexnet_lib.architecture.weights import load_weights
from alexnet_lib.figures import curves, show, use_course_style
from alexnet_lib.inside.recorder import ActivationRecorder
from alexnet_lib.learning import hand_schedules, published, recorded
from alexnet_lib.learning.checks import commuting, normalisation, pooling

# %%
use_course_style()
torch.set_num_threads(1)  # one core, so that the clock counts the work
SEED = 0
N, K, ALPHA, BETA = 5, 2.0, 1e-4, 0.75  # the paper's constants, in its letters
SIDE = 112  # of the pictures in the recorded runs, in pixels
pictures = data.load()
print(pictures.note)

# %%
widgets.recall("05")

# %% [markdown] tags=["core"]
# ## 1 · A number and its neighbours · core
#
# Behind conv1 there are 96 maps. So at each pixel stand 96 numbers in a row, one of each **channel**;
# each comes from a **unit** of its own. **Local response normalisation** (LRN) divides each number by a
# bracket that grows with its neighbours in this row, n channels around it, itself among them:
#
#     b[c] = a[c] / (k + alpha * (sum of a[j]² over the n channels around c)) ^ beta
#
# n = 5, k = 2, alpha = 0.0001, beta = 0.75: found by trying, on validation pictures. Nerve cells do the
# like: whoever shouts quiets the neighbours (*lateral inhibition*, says the paper).

# %%
widgets.predict("05-loud")

# %% tags=["nbval-check-output"]
row = torch.tensor([0.0, 3, 10, 1000, 7, 0, 4])  # one pixel, 7 channels
c = 2  # the channel that holds the 10
window = row[c - N // 2 : c + N // 2 + 1]
energy = window.square().sum()
bracket = K + ALPHA * energy
print("window:", window.int().tolist(), f"sum of squares {energy:,.0f}")
print(f"bracket {bracket:.1f}; bracket ^ beta {bracket**BETA:.1f}")
learning.reveal("05-loud", f"{row[c] / bracket**BETA:.2f}")

# %% tags=["nbval-check-output"]
# And the loud one? It stands in its own window, so it pays, too. Its gain is what comes
# out, divided by what went in; here for numbers without any neighbours:
for alone in (1, 10, 100, 200, 1000, 10_000):
    gain = (K + ALPHA * alone**2) ** -BETA
    print(f"{alone:>6,} becomes {gain * alone:5.2f}, gain {gain:.4f}")
print(f"without any energy, k ^ -beta = {K**-BETA:.4f}")

# %%
alone = torch.logspace(0, 4, 200)
quieted = alone / (K + ALPHA * alone**2) ** BETA
fig, ax = plt.subplots(figsize=(6, 3.2))
ax.plot(alone, alone, ":", color="grey", label="as it came")
ax.plot(alone, K**-BETA * alone, "--", label=f"times {K**-BETA:.4f}")
ax.plot(alone, quieted, linewidth=2, label="LRN")
ax.set(xscale="log", yscale="log", ylim=(0.3, 300))
ax.set(xlabel="a number without neighbours", ylabel="what LRN makes of it")
most = alone[quieted.argmax()]
ax.set_title(f"Nothing grows, and beyond {most:.0f} louder comes out quieter")
ax.legend()
said = f"is largest at {most:.0f} with {quieted.max():.0f}, and falls beyond it."
show(fig, alt=f"LRN follows the line of gain {K**-BETA:.4f} up to about 50, {said}")

# %% [markdown]
# **What we saw.** The 10 beside a 1000 is nearly silenced. But nothing is strengthened: the gain is never
# above 0.5946, and the loudest lose most. What grows is a contrast: a number far from the loud one keeps
# its 0.59, a number near it does not.
#
# ### Exercise 1
#
# Write it for a whole picture, with n odd. At the first and the last channels the window is **cut**:
# channel 0 has a window of 0, 1 and 2 when n is 5. No channel is lost, and none is left out.


# %% tags=["exercise"]
def response_norm(
    a: torch.Tensor, size: int, alpha: float, beta: float, k: float
) -> torch.Tensor:
    """LRN of one picture as the paper prints it; (C, H, W) -> (C, H, W)."""
    raise NotImplementedError


# %% tags=["check"]
normalisation.check_response_norm(response_norm)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def response_norm(a, size, alpha, beta, k):
#     b = torch.empty_like(a)
#     for c in range(len(a)):
#         first, last = max(0, c - size // 2), min(len(a) - 1, c + size // 2)
#         energy = a[first : last + 1].square().sum(dim=0)  # (H, W)
#         b[c] = a[c] / (k + alpha * energy) ** beta
#     return b
# ```
#
# `max` and `min` cut the window. `b` is new: whoever writes into `a` lets the next channel read a
# neighbour that is normalised already.
# </details>

# %% [markdown] tags=["core"]
# ## 2 · Neighbours where? · core
#
# "Local" sounds like pixels around. And **batch normalisation** (BatchNorm), three years younger, takes
# from each number the mean of its channel over the mini-batch, and divides by the standard deviation. So
# whom does each of them read? Ask them: make one number louder by 1000, and watch another one, in
# channel 4 of picture 0.

# %% tags=["nbval-check-output"]
generator = torch.Generator().manual_seed(SEED)
a = 10 * torch.rand(2, 9, 3, 3, generator=generator)  # (N, C, H, W)
rules = {"LRN": layers.LocalResponseNorm(), "BatchNorm": torch.nn.BatchNorm2d(9)}
places = {"channel": (0, 5, 1, 1), "pixel": (0, 4, 0, 1), "picture": (1, 4, 1, 1)}
watched = (0, 4, 1, 1)
for place, where in places.items():
    louder = a.clone()
    louder[where] += 1000
    print(f"1000 more in the next {place}:", end="")
    for name, rule in rules.items():
        print(f"  {name} {rule(a)[watched]:.2f} -> {rule(louder)[watched]:.2f}", end="")
    print()

# %% [markdown]
# LRN answers to the next channel alone; BatchNorm to anything in its own channel. They read crosswise, and
# have no number in common but the one that is normalised. Below is a unit of 10, a loud number, and what
# three rules make of the unit. Three tasks:
#
# 1. Move the loud one to the next pixel, then to another picture. Which curves bend?
# 2. Back in a channel: from how many *channels away* on is it not heard? Then widen the *window*.
# 3. The two LRN curves differ. Find the *alpha, code* that lays them on one another.
#
# Without a kernel, look at [some of its states](twins/lrn_triangle.html).

# %%
widgets.lrn_triangle()

# %% tags=["nbval-check-output"]
# A trap. torch's layer takes the second axis for the channels, whatever you give it. In
# a picture without a batch axis, that is its rows. No error says so.
picture = 100 * a[0]  # (C, H, W): no batch axis
torchs = torch.nn.LocalResponseNorm(size=N, k=K)
print("shape in and out:", tuple(picture.shape), tuple(torchs(picture).shape))
print("as in a batch?", torch.allclose(torchs(picture), torchs(picture[None])[0]))
rows_first = torchs(picture.transpose(0, 1)[None])[0].transpose(0, 1)
print("over its rows?", torch.allclose(torchs(picture), rows_first))
try:
    layers.LocalResponseNorm()(picture)
except ValueError as error:
    print("ours refuses:", error)

# %% [markdown] tags=["core"]
# ## 3 · The sum or the mean? · core
#
# In the printed formula alpha multiplies a **sum** of n squares. In the released code one line divides it
# by n first (`layer.py`, line 1183): alpha multiplies the **mean**. Caffe does so too, and was told that
# its alpha was "5 times too small" (BVLC/caffe, issue 1453). So does torch:
#
#     b[c] = a[c] / (k + alpha / n * (sum of a[j]² over the n channels around c)) ^ beta

# %% tags=["nbval-check-output"]
loud = 20 * a.double()
printed = layers.LocalResponseNorm(N, ALPHA, BETA, K)
code = layers.LocalResponseNorm(N, ALPHA, BETA, K, alpha_on="mean")
torchs = torch.nn.LocalResponseNorm(N, ALPHA, BETA, K)
print("torch and the code agree?", torch.allclose(torchs(loud), code(loud)))
apart = (torchs(loud) - printed(loud)).norm() / printed(loud).norm()
print(f"torch and the printed formula, on numbers to 200: {apart:.0%} apart")

# %% [markdown]
# ### Exercise 2
#
# Which alpha must torch's layer get, to compute the formula as it is printed, with n = 5 and the paper's
# 0.0001?

# %% tags=["exercise"]
torch_alpha = None

# %% tags=["check"]
normalisation.check_torch_alpha(torch_alpha)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# torch_alpha = 5 * 1e-4
# ```
#
# torch divides it by n = 5, and the paper's alpha is left.
# </details>

# %% [markdown]
# How much is at stake? The gain of a number without neighbours, by the constants that people use. (The
# last line stands in TensorFlow's documentation; it is worked out here, not run there.)

# %% tags=["nbval-check-output"]
constants = {  # alpha for one square, k, beta
    "the paper, printed": (ALPHA, K, BETA),
    "the code of 2012": (ALPHA / N, K, BETA),
    "Caffe and torch, k not given": (ALPHA / N, 1.0, BETA),
    "TensorFlow's defaults": (1.0, 1.0, 0.5),
}
print(f"{'gain of a lone':28}      1    100   1000")
for name, (alpha, k, beta) in constants.items():
    gains = [(k + alpha * alone**2) ** -beta for alone in (1, 100, 1000)]
    print(f"{name:28}", "".join(f"{gain:7.3f}" for gain in gains))

# %% [markdown]
# Whether sum or mean matters depends on how loud the numbers are: a 1 hears no difference between the
# first two lines. So how loud are they? In 2012 the pixels went in from 0 to 255, less their mean. Here,
# and nearly everywhere today, they are scaled to a standard deviation of about 1. Below are the gains of
# the first LRN in a fresh network, with either; and of one laid behind the first ReLU of the trained
# network that the course ships (which has BatchNorm).

# %%
scale = data.mean_and_std(pictures.train_images)
few = pictures.test_images[:64], pictures.test_labels[:64]
standard = data.Batches(*few, 64, resize=SIDE, normalise=scale).prepare(few[0])
inputs = {"pixels of 2012": 255 * scale[1][0] * standard, "scaled": standard}
found = {}
for name, images in inputs.items():
    runtime.seed_everything(SEED)
    network = model.build_model(variants.ALEXNET_QUARTER_LRN)
    initialisation.initialize(network, "kaiming")
    with ActivationRecorder(network, ["relu1", "norm1"]) as seen, torch.no_grad():
        network[:3](images)
    alive = seen["relu1"] > 0
    found[name] = seen["norm1"][alive] / seen["relu1"][alive]

# %%
shipped = load_weights(runtime.course_file("weights/quarter.safetensors"))
large = data.Batches(*few, 64, resize=shipped.resize, normalise=shipped.normalise)
with ActivationRecorder(shipped.model, ["relu1"]) as seen, torch.inference_mode():
    shipped.model(large.prepare(few[0]))
maps = seen["relu1"].clone()  # (64, 24, 54, 54)
found["scaled, trained"] = (printed(maps) / maps)[maps > 0]
for name, gains in found.items():
    low, middle = gains.quantile(torch.tensor([0.05, 0.5]))
    print(f"{name:16} a twentieth of the gains below {low:.4f}", end=", ")
    print(f"median {middle:.4f}, largest {gains.max():.4f}")

# %%
fig, ax = plt.subplots(figsize=(6, 2.8))
shares = torch.linspace(0, 1, 201)
for (name, gains), line in zip(found.items(), ("-", "--", ":"), strict=True):
    ax.plot(gains.quantile(shares), 100 * shares, line, linewidth=2, label=name)
ax.set(xlabel="gain", ylabel="activations below it, %", xlim=(0.35, 0.605))
ax.legend(loc="upper left")
ax.set_title("Scaled pictures: one gain for everybody")
said = [
    f"{name} {gains.min():.3f} to {gains.max():.3f}" for name, gains in found.items()
]
show(
    fig,
    alt=f"Gains, lowest to highest: {'; '.join(said)}. Scaled, all are near {K**-BETA:.3f}.",
)

# %% [markdown]
# **What we saw.** On scaled pictures LRN multiplies every number by about 0.595, loud neighbours or
# not: in the fresh network, and on the maps of the trained one, which BatchNorm keeps small. (Whether
# training without BatchNorm makes maps loud enough is not shown here.) The weights of the next layer can
# undo that. Only with pixels as in 2012 does it tell neighbours apart. Whoever puts the paper's LRN, with the
# paper's constants, into a network for scaled pictures has put in next to nothing. Keep this in mind for
# section 7.

# %% [markdown] tags=["core"]
# ## 4 · May they change places? · core
#
# The paper says: convolution, ReLU, LRN, pooling. Here is what was run (its third normaliser left out:
# section 6), and what **CaffeNet** made of it, one of Caffe's two copies; the other keeps the paper's order:

# %% tags=["nbval-check-output"]
for spec in (variants.ALEXNET_2012, variants.ALEXNET_2012_SOURCE, variants.CAFFENET):
    names = [layer.name for layer in spec.layers]
    first, second = (" -> ".join(names[start : start + 4]) for start in (0, 4))
    print(f"{spec.name}\n    {first}    {second}")

# %% [markdown]
# Three orders. Two neighbours **commute** when their order makes no difference, for any input. One input
# on which they differ, a **counterexample**, settles that they do not; that they do needs a reason.
#
# ### Exercise 3
#
# For each pair: `True` if it commutes, else a counterexample, a tensor (N, C, H, W) on which the two
# orders are at least 0.1 % apart. LRN has the paper's constants, the pool is 3 x 3 with stride 2.
# `commuting.relative_difference("ReLU, LRN", a)` says how far apart your tensor a drives them.

# %% tags=["exercise"]
commute = {"ReLU, max-pool": None, "ReLU, LRN": None, "LRN, max-pool": None}

# %% tags=["check"]
commuting.check_commute(commute)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# generator = torch.Generator().manual_seed(0)
# noise = 100 * torch.randn(1, 8, 7, 7, generator=generator)
# commute = {"ReLU, max-pool": True, "ReLU, LRN": noise, "LRN, max-pool": noise}
# ```
#
# ReLU never turns the order of two numbers round, so the largest stays the largest. LRN does: of two
# pixels the louder one may have the louder neighbour. And a loud negative number quiets its neighbours
# as long as ReLU has not taken it away.
# </details>

# %% tags=["nbval-check-output"]
# How far apart on loud noise? And what does the order do to the work?
for pair, noise in commuting.plain_counterexamples().items():
    apart = commuting.relative_difference(pair, noise)
    print(f"{pair}: the two orders are {apart:.1%} apart")
normalised = []
for spec in (variants.ALEXNET_2012, variants.CAFFENET):
    table = arithmetic.summarize(spec)
    shapes = [row.out_shape for row in table if row.kind == "LocalResponseNorm"]
    normalised.append(sum(prod(shape) for shape in shapes))
    print(f"{spec.name}: {normalised[-1]:,} numbers normalised for one picture")

# %% [markdown]
# So paper, code and CaffeNet compute three different things. On which side of the pooling ReLU stands does
# not matter (behind it, it has less to do). On which side LRN stands does, of either. CaffeNet's order is
# the cheapest: behind the pooling, less than a quarter of the numbers is left to normalise. Which order makes
# the better network, these numbers do not say.

# %% [markdown] tags=["core"]
# ## 5 · Windows that overlap · core
#
# The paper pools with windows of 3 at stride 2, so that neighbouring windows share a row or a column. It
# compares them with windows of 2, which share nothing. Along a line of nine pixels:

# %% tags=["nbval-check-output"]
line = torch.tensor([[[5.0, 1, 2, 9, 3, 4, 8, 6, 7]]])
for size in (3, 2):
    read = [list(range(start, start + size)) for start in range(0, 10 - size, 2)]
    pooled = torch.nn.functional.max_pool1d(line, size, stride=2)
    print(f"{size}/2 reads pixels {read}")
    print(f"    and keeps {pooled.flatten().int().tolist()}")

# %% [markdown]
# As many numbers come out; windows of 2 never read the last pixel.
#
# ### Exercise 4
#
# The paper's network: conv1 gives maps of 55 x 55, and conv2 to conv5 keep the side of what they get.
# Which sides stand behind pool1, pool2 and pool5 (a list of three whole numbers), for windows of 3 and
# of 2 (stride 2, no padding),
# rounded down (`floor`) and rounded up (`ceil`, as in the code of 2012)?

# %% tags=["exercise"]
pool_sides = {"3/2 floor": None, "3/2 ceil": None, "2/2 floor": None, "2/2 ceil": None}

# %% tags=["check"]
pooling.check_pool_sides(pool_sides)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# from math import ceil, floor
#
# pool_sides = {}
# for size in (3, 2):
#     for name, rounding in (("floor", floor), ("ceil", ceil)):
#         side, sides = 55, []
#         for _ in range(3):
#             side = rounding((side - size) / 2) + 1
#             sides.append(side)
#         pool_sides[f"{size}/2 {name}"] = sides
# ```
#
# Windows of 3 fit exactly, so nothing needs rounding. Windows of 2 give the same only when they are
# rounded down; the code of 2012 rounded up.
# </details>

# %% tags=["varies"]
# "Overlap is free", one reads: no parameters, maps of the same size. By the clock:
conv1 = torch.nn.Conv2d(3, 96, 11, stride=4)
kept = {"conv1": (conv1, torch.rand(8, 3, 227, 227))}
for size in (2, 3):
    kept[f"pool {size}/2"] = torch.nn.MaxPool2d(size, 2), torch.rand(8, 96, 55, 55)
kept["LRN"] = printed, torch.rand(8, 96, 55, 55)
for name, (layer, batch) in kept.items():
    with torch.inference_mode():
        layer(batch)  # the first call warms up
        started = time.process_time()
        for _ in range(4):
            layer(batch)
    print(f"{name:8} {1000 * (time.process_time() - started) / 32:.1f} ms a picture")
print(f"pool1 compares {27**2 * 9:,} numbers of a map by 3/2, {27**2 * 4:,} by 2/2")

# %% [markdown]
# Not free: 2.25 times as many numbers to compare. (The clock also counts reading and writing the maps, which
# is the same for both.) Then let us save that, in a network that we have. Which
# line fails, and which is to blame?

# %% tags=["raises-exception"]
network = model.build_model(variants.ALEXNET_QUARTER)
for name in ("pool1", "pool2", "pool5"):
    setattr(network, name, torch.nn.MaxPool2d(2, 2))
network(torch.zeros(1, 1, 224, 224))

# %% [markdown]
# <details><summary>The diagnosis</summary>
#
# The last line fails, in fc6; the third is to blame. This network's conv1 gives 54, not 55. Windows of 3
# leave 26, 12, 5, windows of 2 leave 27, 13, 6. So 6 x 6 x 64 = 2,304 numbers reach fc6, and its weights
# are made for 5 x 5 x 64 = 1,600. From 55 the two give the same, if rounded down; from 54 they do not.
# </details>
#
# So what might overlap buy? One idea is calm: a picture that moves by a pixel, down and to the right, should
# not change the maps much. Here are the maps of the trained network from section 3, each cut out twice, one
# row and one column apart, and pooled.

# %%
widgets.predict("05-shift")

# %%
noise = torch.randn(maps.shape, generator=generator).relu()
changes = {}
for name, each in (("trained maps", maps), ("noise", noise)):
    for size, stride in ((2, 2), (3, 2), (3, 3)):
        pool = torch.nn.MaxPool2d(size, stride)
        still, moved = pool(each[..., :-1, :-1]), pool(each[..., 1:, 1:])
        changes[name, size, stride] = ((moved - still).norm() / still.norm()).item()
        words = f"{name}, windows of {size}, stride {stride}"
        print(f"{words}: changed by {changes[name, size, stride]:.0%}")
calmer = min((2, 3), key=lambda size: changes["trained maps", size, 2])
learning.reveal("05-shift", f"{calmer} x {calmer}")

# %% [markdown]
# **What we saw.** On noise, windows of 3 change far less than windows of 2. Is it the overlap? No: at
# stride 3 they do not overlap, and are as calm. A window of 3 that moves by a row and a column keeps four of
# its nine pixels, a window of 2 one of its four. On the trained maps, where neighbours are alike, little of
# all this is left. And whether calm maps make a better network is another question: only trained networks tell.

# %% [markdown] tags=["core"]
# ## 6 · What did the paper compare? · core
#
# The authors trained their network again, once without normalisation and once with windows of 2. The
# files of all three are public: 145 is the paper's network. Two errors are counted: **top-1**, the first
# guess is wrong; **top-5**, the right class is not among the first five.

# %% tags=["nbval-check-output"]
paper_run, paper_net = hand_schedules.RUNS["145"], published.CONFIGURATIONS["145"]
for name in ("148", "147"):
    run = hand_schedules.RUNS[name]
    points = 100 * (run.top1_error - paper_run.top1_error)
    points5 = 100 * (run.top5_error - paper_run.top5_error)
    print(
        f"{name}: {points:.2f} points more top-1 errors, {points5:.2f} top-5", end="; "
    )
    print(f"{run.killed} epochs instead of {paper_run.killed}")
    for difference in paper_net.differences(published.CONFIGURATIONS[name]):
        print("   ", difference)
print("sides in 147:", published.CONFIGURATIONS["147"].sides())
longer = hand_schedules.RUNS["145 again"]
gained = 100 * (paper_run.top1_error - longer.top1_error)
extra = longer.killed - paper_run.killed
print(f"145, {extra} epochs longer: {gained:.2f} points fewer top-1 errors")
top5 = 100 * hand_schedules.RUNS["148"].top5_error
print(f"top-5 errors of 148: {top5:.1f} %; second place: {published.SECOND_PLACE} %")

# %% [markdown]
# **Three** normalisers are gone from 148, and the paper has a formula for two; the third evens out over
# pixels. Why all at once? The network that was run had three, and its twin is, as its file says, "without
# normalization layers", so without any. To drop each alone would have cost a run of five or six days each
# time. So nobody knows which of the three the points belong to.
#
# In 147, windows of 2 rounded up give 28 and not 27. To arrive at 6 again, two paddings were changed.
#
# Half as many epochs again moved 145 as far as overlap did, and of each there is one run: another seed
# might say otherwise. And without any normalisation the network still leaves the second place far behind
# (other methods, on other pictures): LRN is not what made it work.

# %% [markdown] tags=["core"]
# ## 7 · What do they buy here? · core
#
# The quarter-width network on Fashion-MNIST at 112 pixels, three seeds each, each at the best of four
# rates (found with a seed of its own on 24,000 pictures). *neither* has no normalisation and windows of 3; LRN stands behind the first two ReLUs. (BatchNorm
# stands behind all five convolutions, and comes with less dropout: it is another network, not one part
# exchanged.)

# %%
widgets.predict("05-buys")

# %%
NAMES = {"": "neither", "_LRN": "LRN", "_BN": "BatchNorm", "_POOL2": "windows of 2"}
accuracies, told = {}, {}
for suffix, name in NAMES.items():
    variant = f"ALEXNET_QUARTER{suffix}"
    spec = variants.resized(variants.find_variant(variant), (1, SIDE, SIDE))
    table = arithmetic.summarize(spec)
    num_params, macs = sum(r.num_params for r in table), sum(r.macs for r in table)
    runs = [r for r in recorded.runs("parts").values() if r.variant == variant]
    accuracies[name] = [run.test_accuracy for run in runs]
    told[name] = recorded.against(accuracies[name], accuracies["neither"])
    print(f"{name:12} {num_params:,} parameters, {macs:,} multiply-adds", end="; ")
    print(f"{len(runs)} runs: {recorded.percent_range(accuracies[name])}")
print(recorded.missing("parts"))
learning.reveal("05-buys", f"LRN against neither: {told['LRN']}")

# %%
fig, ax = plt.subplots(figsize=(6, 2.6))
there = {name: values for name, values in accuracies.items() if values}
if there:
    said = curves.plot_seed_ranges(ax, there, "test accuracy, %", scale=100)
else:
    said = "No run of this comparison is recorded yet."
    ax.text(0.5, 0.5, said, ha="center")
    ax.set(xticks=[], yticks=[])
ax.set_title("Each bar: from the lowest to the highest seed")
for name in ("LRN", "BatchNorm", "windows of 2"):
    print(f"{name} against neither: {told[name]}")
show(fig, alt=said)

# %% [markdown]
# **What we saw.** LRN is ahead by every seed, by less than half a point; BatchNorm by more; and windows of
# 2 are ahead of windows of 3, the other way round than in the paper. That says little on LRN as it was
# meant: the pictures are scaled (section 3), so with the paper's constants our LRN begins as a constant
# factor. And *windows of 2* leave larger maps, so the network has more parameters and more work than the
# one it is compared with: one part was exchanged, and three things changed. A fair test would fit alpha to the activations, and keep the sizes. Both are
# experiments for you.

# %% [markdown] tags=["stretch"]
# ## 8 · Two towers, two neighbourhoods · stretch
#
# In 2012 two graphics cards had 48 of conv1's 96 maps each, and each normalised its own (`groups=2` in
# our layer). So a channel near the border had neighbours that it did not hear.
#
# ### Exercise 5
#
# Which of the 96 channels, counted from 0, come out otherwise than in one piece? n is 5.

# %% tags=["exercise"]
at_the_border = None

# %% tags=["check"]
normalisation.check_at_the_border(at_the_border)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# ones = torch.ones(1, 96, 1, 1)
# together = layers.LocalResponseNorm()(ones)
# apart = layers.LocalResponseNorm(groups=2)(ones)
# at_the_border = (together != apart).flatten().nonzero().flatten().tolist()
# ```
#
# A window of 5 reaches two channels away: the last two of the first tower and the first two of the
# second lose a neighbour or two.
# </details>

# %% [markdown] tags=["core"]
# ## 9 · Who is right? · core

# %%
widgets.who_is_right("05")

# %%
widgets.claim_cards("05")

# %%
spans = {name: recorded.percent_range(values) for name, values in accuracies.items()}
learning.fill(
    "LRN",
    costs=f"no parameters; {normalised[0]:,} numbers divided and kept for a picture",
    buys=f"LRN: {spans['LRN']}; neither: {spans['neither']}",
    verdict=f"against neither: {told['LRN']}; here it begins as a factor of "
    f"{K**-BETA:.2f}. The paper's 1.4 points belong to three layers",
)
learning.fill(
    "overlapping pooling",
    costs=f"{(3 / 2) ** 2:.2f} times the numbers compared",
    buys=f"windows of 3: {spans['neither']}; windows of 2: {spans['windows of 2']}",
    verdict=f"windows of 2: {told['windows of 2']}; they have larger maps. "
    f"The paper's 0.4 points: as much as {extra} more epochs",
)

# %% [markdown]
# **Verdict so far.** LRN reads other channels, never amplifies, and matters only where activations are
# loud. Printed formula and code differ by a factor of five in alpha. Overlap costs comparisons; the
# points that the paper names come from single runs in which more than one thing was changed.
#
# **What still does not fit.** With all its parts, the network could still learn its training pictures by
# heart: it has 60 million numbers for 1.2 million pictures. Something must have kept it from that.
#
# **Next**: [06 · Who answers when half of the units are missing?](06_dropout_and_capacity.ipynb)
#
# References: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional neural
# networks*, NIPS 2012, sections 3.3 to 3.5 and 6; its code at
# [computerhistory/AlexNet-Source-Code](https://github.com/computerhistory/AlexNet-Source-Code),
# configurations 145, 147 and 148; [BVLC/caffe, issue 1453](https://github.com/BVLC/caffe/issues/1453);
# Ioffe and Szegedy, *Batch normalization*, ICML 2015.
