# %% [markdown]
# # 03 · What does it cost?
#
# **They say**: AlexNet has 60 million parameters (paper, abstract), and its two big linear
# layers take "nearly 1 GB" (*Dive into Deep Learning*, section on AlexNet).
#
# **The doubt**: the same book also writes "164 MB" for these two layers.
#
# **You will be able to**
# 1. count the parameters and the multiply-adds of any layer, and check the count with torch;
# 2. say which layers hold the weights, which do the work, and which take the time;
# 3. say how many bytes training needs, in a stated unit, and what fits into 3 GB.
#
# Core 30 minutes, stretch 10. Read before: 02. Ledger row filled here: big FC layers.

# %%
import statistics
import time

import matplotlib.pyplot as plt
import torch
from torch.utils.flop_counter import FlopCounterMode

from alexnet_lib import figures, learning, widgets
from alexnet_lib.architecture import arithmetic, memory, model, variants
from alexnet_lib.figures.layer_costs import plot_layer_costs
from alexnet_lib.learning.checks import budgets, costs, sums

# %%
figures.use_course_style()
PAPER = variants.ALEXNET_2012
MB, MIB, GB = memory.MB, memory.MIB, memory.GB  # bytes: 10**6, 2**20, 10**9
BATCHES = {1: 15, 16: 5}  # pictures at once: how often the pass is timed
torch.set_num_threads(1)  # one core, so that the clock counts the work of the layers

# %%
widgets.recall("03")

# %% [markdown] tags=["core"]
# ## 1 · How many numbers does a layer hold? · core
#
# A layer of 4 kernels, 3 x 3 each, reads 2 channels. A kernel is as deep as what it reads, and
# it has one bias. A **parameter** is a number that training changes: a weight or a bias.

# %% tags=["nbval-check-output"]
weights = 4 * 2 * 3 * 3  # kernels x channels x height x width
biases = 4
print("counted by hand:", weights, "+", biases, "=", weights + biases)

toy = torch.nn.Conv2d(2, 4, kernel_size=3)
print("weights", tuple(toy.weight.shape), "biases", tuple(toy.bias.shape))
print("measured:", sum(parameter.numel() for parameter in toy.parameters()))

# %% [markdown]
# `numel` is the number of elements of a tensor. It is our referee in this notebook.
#
# The layers of 2012 may be cut into **groups**: with two groups, the first half of the kernels
# reads only the first half of the channels, the second half only the second.

# %% tags=["nbval-check-output"]
for groups in (1, 2):
    layer = torch.nn.Conv2d(4, 6, kernel_size=3, groups=groups)
    print(f"groups {groups}: weights {tuple(layer.weight.shape)}")

# %% [markdown]
# Still six kernels. Each is now two channels deep instead of four.
#
# ### Exercise 1
#
# Count the parameters of any convolution. The check compares you with `numel` on 105 layers.


# %% tags=["exercise"]
def count_conv(
    in_channels: int,
    out_channels: int,
    kernel_size: int,
    groups: int,
    bias: bool = True,
) -> int:
    """Parameters of a convolution with square kernels."""
    raise NotImplementedError


# %% tags=["check"]
costs.check_count_conv(count_conv)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def count_conv(
#     in_channels: int, out_channels: int, kernel_size: int, groups: int, bias: bool = True
# ) -> int:
#     depth = in_channels // groups
#     biases = out_channels if bias else 0
#     return out_channels * depth * kernel_size**2 + biases
# ```
#
# The groups make each kernel less deep; they do not take kernels away.
# </details>

# %% [markdown]
# In a linear layer every output has a weight for every input, and one bias.
#
# ### Exercise 2
#
# Count the parameters of any linear layer.


# %% tags=["exercise"]
def count_fc(in_features: int, out_features: int, bias: bool = True) -> int:
    """Parameters of a linear ("fully connected") layer."""
    raise NotImplementedError


# %% tags=["check"]
costs.check_count_fc(count_fc)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def count_fc(in_features: int, out_features: int, bias: bool = True) -> int:
#     biases = out_features if bias else 0
#     return in_features * out_features + biases
# ```
#
# One line from each input to each output, and one bias where lines end.
# </details>

# %% [markdown]
# **Work** is counted in *multiply-adds*: one use of one weight for one picture. A convolution
# uses each of its weights once at every position of its map. Our toy finds 4 x 4 positions on
# a picture of 6 x 6. torch can count, too:

# %% tags=["nbval-check-output"]
positions = 4 * 4
print("estimated:", weights, "x", positions, "=", weights * positions, "multiply-adds")
with FlopCounterMode(display=False) as counter:
    toy(torch.zeros(1, 2, 6, 6))
print("torch counts:", counter.get_total_flops(), "FLOPs")

# %% [markdown]
# Twice as much. A multiply-add is one multiplication and one addition, and torch counts
# both: **FLOPs = 2 x multiply-adds**. Not everybody does. torchvision lists its AlexNet with
# 0.71 "GFLOPS", and means multiply-adds. (Biases are not counted, here or there.)

# %% [markdown] tags=["core"]
# ## 2 · Who holds the weights, and who does the work? · core
#
# Eight layers of the paper's network have weights. Two bets, before you see the table.

# %%
widgets.predict("03-weights")

# %%
widgets.predict("03-work")

# %% tags=["nbval-check-output"]
rows = arithmetic.summarize(PAPER)
print("       parameters   multiply-adds    uses of a weight")
for row in rows:
    if row.macs:
        uses = row.macs // (row.num_params - row.out_shape[0])
        print(f"{row.name:<5}  {row.num_params:>10,}  {row.macs:>14,}  {uses:>6,}")

# %%
most = max(rows, key=lambda row: row.num_params)
learning.reveal("03-weights", f"{most.name}, with {most.num_params:,} parameters")

# %%
most = max(rows, key=lambda row: row.macs)
learning.reveal("03-work", f"{most.name}, with {most.macs:,} multiply-adds")

# %% [markdown]
# The last column holds the reason. A weight of conv1 works at all 55 x 55 positions of its
# map. A weight of a linear layer works once, and has nothing more to do for this picture.
#
# In the map below each layer has an area. Switch what the areas stand for: which layers
# change places with which? Then try the modernised network.

# %%
widgets.cost_treemap()

# %% [markdown]
# **What we saw.** Three linear layers hold 96.2 % of the parameters and do 8.1 % of the work.
# Five convolutions hold 3.8 % and do 91.9 %. The third bar counts the numbers that
# the layers put out: two thirds of them come from layers that have no weights at all.
#
# ### Exercise 3
#
# Put numbers to it, for the paper's network: the parameters of fc6, of the convolutions, of the
# linear layers, of all, and the linear layers' share, between 0 and 1. `rows` has a `kind` and
# a `num_params` for each layer. Work out fc6 on paper first: 9,216 numbers come in, 4,096 go
# out.

# %% tags=["exercise"]
totals = {"fc6": None, "conv": None, "fc": None, "all": None, "fc_share": None}

# %% tags=["check"]
sums.check_totals(totals)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# fc6 = next(row for row in rows if row.name == "fc6")
# conv = sum(row.num_params for row in rows if row.kind == "Conv2d")
# fc = sum(row.num_params for row in rows if row.kind == "Linear")
# totals = {
#     "fc6": fc6.in_shape[0] * fc6.out_shape[0] + fc6.out_shape[0],
#     "conv": conv,
#     "fc": fc,
#     "all": conv + fc,
#     "fc_share": fc / (conv + fc),
# }
# ```
#
# fc6 alone is more than half of the network: it meets 256 maps of 6 x 6 with 4,096 outputs.
# </details>

# %% [markdown]
# So far this is arithmetic about a table. Does the network that torch builds agree?

# %% tags=["nbval-check-output"]
network = model.build_model(PAPER).eval()
with torch.inference_mode(), FlopCounterMode(display=False) as counter:
    network(torch.zeros(1, *PAPER.input_shape))
measured = sum(parameter.numel() for parameter in network.parameters())
print(f"parameters: table {sum(row.num_params for row in rows):,}, torch {measured:,}")
work = sum(row.macs for row in rows)
print(f"FLOPs: table 2 x {work:,}, torch {counter.get_total_flops():,}")

# %% [markdown] tags=["core"]
# ## 3 · Does less work mean less time? · core
#
# The next sentence one hears: the linear layers are the big ones, so they take the time. Run
# one layer after another on one core, and look at the clock in between. Our clock counts
# processor time: it stands still while another program has the core.

# %%
widgets.predict("03-time")


# %%
def time_layers(images: torch.Tensor) -> dict[str, float]:
    """Seconds of each layer for one mini-batch (N, C, H, W), forward only."""
    seconds = {}
    for name, layer in network.named_children():
        start = time.process_time()
        images = layer(images)
        seconds[name] = time.process_time() - start
    return seconds


# %% tags=["varies"]
passes = sum(size * (1 + repeats) for size, repeats in BATCHES.items())
with torch.inference_mode():
    four = sum(time_layers(torch.rand(4, *PAPER.input_shape)).values())
print(f"the next cell takes about {passes * four / 4:.0f} seconds of processor time")

# %% tags=["varies"]
seconds = {}
for size, repeats in BATCHES.items():
    images = torch.rand(size, *PAPER.input_shape)
    with torch.inference_mode():  # the first run warms up and is thrown away
        runs = [time_layers(images) for _ in range(1 + repeats)][1:]
    seconds[size] = {name: statistics.median(r[name] for r in runs) for name in runs[0]}
    print(f"{size:>2} at once: {sum(seconds[size].values()) / size:.3f} s a picture")

# %% tags=["varies"]
weighted = [row for row in rows if row.macs]
shares = {"multiply-adds": {row.name: row.macs / work for row in weighted}}
for size, of_layer in seconds.items():
    whole = sum(of_layer[row.name] for row in weighted)
    share = {row.name: of_layer[row.name] / whole for row in weighted}
    shares[f"time, {size} at once"] = share
linear = {}
for measure, share in shares.items():
    linear[measure] = sum(share[row.name] for row in weighted if row.kind == "Linear")
    print(f"{measure}: linear layers {linear[measure]:.0%}")

# %% tags=["varies"]
fig, ax = plt.subplots(figsize=(8, 4.5))
said = plot_layer_costs(ax, shares)
done, alone, batch = (f"{share:.0%}" for share in linear.values())
finding = f"Linear layers: {done} of the work, {batch} to {alone} of the time"
ax.set_title(finding)
figures.show(fig, alt=f"{finding} of the eight layers that have weights. {said}")

# %% tags=["varies"]
names = {"Conv2d": "convolutions", "Linear": "linear", "LocalResponseNorm": "norms"}
by_kind = dict.fromkeys([*names.values(), "the rest"], 0.0)
for row in rows:
    by_kind[names.get(row.kind, "the rest")] += seconds[16][row.name]
whole = sum(by_kind.values())
came_out = ", ".join(f"{kind} {part / whole:.0%}" for kind, part in by_kind.items())
learning.reveal("03-time", f"{came_out} of the time, 16 pictures at once")

# %% [markdown]
# **What we saw.** With 16 pictures at once the convolutions take the most time, as they do most
# of the work. But time does not follow the work exactly, least of all for a single picture.
# There are two reasons.
#
# - A weight must be fetched from memory before it works. For one picture, the linear layers
#   fetch 96 % of the weights and use each once. With 16 pictures each fetched weight works 16
#   times, so their share of the time falls.
# - Layers without a single weight take time, too: the normalisations (ours are written to be
#   read, not to be fast) go through every number of the largest maps.
#
# Training passes through the same layers again, backwards, with about twice the work.

# %% [markdown] tags=["core"]
# ## 4 · "60 million", "95 %", "nearly 1 GB" · core
#
# A float32 number takes 4 bytes. There are two units that people call a megabyte:

# %% tags=["nbval-check-output"]
held = 4 * sum(row.num_params for row in rows)
print(f"{held:,} bytes = {held / MB:.1f} MB (10**6) = {held / MIB:.1f} MiB (2**20)")

# %% tags=["nbval-check-output"]
for name in ("ALEXNET_2012", "ALEXNET_TORCHVISION", "ALEXNET_ONE_TOWER", "ALEXNET_D2L"):
    table = arithmetic.summarize(variants.find_variant(name))
    everything = sum(row.num_params for row in table)
    fc = sum(row.num_params for row in table if row.kind == "Linear")
    print(f"{name}: {everything:,} parameters, linear {fc / everything:.1%}")
book = [row.num_params for row in table if row.name in ("fc6", "fc7")]
print(f"fc6 + fc7 of the last: {4 * sum(book) / MIB:.1f} MiB")

# %% [markdown]
# "60 million" and "95 %" depend on the network meant: without groups it is 62 million and
# 94 %. The last network is the book's own, for one channel and ten classes: its "164 MB" are
# MiB. "Nearly 1 GB" is still open.
#
# Training keeps more than weights. On the way back, the gradient of a weight is made from what
# went into its layer, so the activations must still be there. Our rule counts the output of
# every layer, except `Flatten`, which looks at the same numbers in another shape.

# %% tags=["nbval-check-output"]
numbers_kept = sum(memory.stored_numbers(row) for row in rows)
print(f"{numbers_kept:,} numbers kept for one picture")

# %% [markdown]
# ### Exercise 4
#
# Three sentences, all float32. Give a number in the unit of the key, and a verdict: `"true"`,
# `"false"`, or `"wrong unit"`.
#
# - "The two big linear layers of the paper's network (fc6, fc7) hold nearly 1 GB."
# - torchvision: "The weights of our AlexNet are a file of 233.1 MB."
# - "Trained on mini-batches of 128, the paper's network needs most of its memory for parameters:
#   weights, gradients and momentum."

# %% tags=["exercise"]
memory_claims = {
    "fc6_fc7_MiB": None, "nearly_1_GB": None,
    "torchvision_MB": None, "file_of_233_MB": None,
    "activations_128_MB": None, "mostly_weights": None,
}  # fmt: skip

# %% tags=["check"]
budgets.check_memory_claims(memory_claims)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# two = sum(row.num_params for row in rows if row.name in ("fc6", "fc7"))
# theirs = sum(row.num_params for row in arithmetic.summarize(variants.ALEXNET_TORCHVISION))
# memory_claims = {
#     "fc6_fc7_MiB": 4 * two / MIB,
#     "nearly_1_GB": "false",
#     "torchvision_MB": 4 * theirs / MB,
#     "file_of_233_MB": "wrong unit",
#     "activations_128_MB": 4 * 128 * numbers_kept / MB,
#     "mostly_weights": "false",
# }
# ```
#
# The first is wrong by a factor of almost five: no unit saves it. The second has the right
# number of MiB. The third: 986 MB of activations against 732 MB for three copies.
# </details>

# %% [markdown] tags=["core"]
# ## 5 · What fits into 3 GB? · core
#
# The authors had cards of 3 GB each. One step of their training keeps, for every parameter, its
# weight, its gradient and its momentum (a running sum of past gradients). For every picture of
# the mini-batch it keeps the activations.
#
# ### Exercise 5
#
# How many pictures fit into 3 x 10**9 bytes, everything in float32? Use the rule above: the
# picture itself and the gradients of the activations are not counted.

# %% tags=["exercise"]
largest_batch = None

# %% tags=["check"]
budgets.check_largest_batch(largest_batch)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# num_params = sum(row.num_params for row in rows)
# largest_batch = (3 * GB - 3 * 4 * num_params) // (4 * numbers_kept)
# ```
#
# Only the activations grow with the mini-batch, so the rest is taken off first.
# </details>

# %% tags=["nbval-check-output"]
needs = memory.training_memory(PAPER)
kept = 128 * needs.activations_per_image
print(f"weights, gradients, momentum: {needs.fixed / GB:.2f} GB")
print(f"+ activations of 128 pictures: {needs.total(128) / GB:.2f} GB")
print(f"+ a gradient for each of those: {(needs.total(128) + kept) / GB:.2f} GB")

# %% [markdown]
# So why two cards? The paper's mini-batch is 128. By our rule it fits into one card, with room
# to spare. But the 2012 code also holds a gradient for each layer's activations
# (`include/layer.cuh`, `_actsGrad`), and then hardly 0.3 GB are left for pictures, the
# normalisations' denominators and the work space of convolutions.
#
# The paper says that 3 GB "limits the maximum size of the networks". Our count agrees: it was
# tight. It does not prove that one card was impossible. And look at what fills it: the
# activations, not fc6. Notebook 15 builds the two towers and measures each.

# %% [markdown] tags=["stretch"]
# ## 6 · What does torch really keep? · stretch
#
# Our rule is an estimate. torch calls a function of ours for every tensor that it saves for the
# way back, so we can measure. Parameters are left out; a tensor saved twice counts once.


# %%
def bytes_saved(num_images: int) -> int:
    """Bytes that torch keeps for the backward pass, parameters left out."""
    weights_at = {p.untyped_storage().data_ptr() for p in network.parameters()}
    kept = {}

    def look(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights_at:
            # the tensor is held: a freed address would be used again
            kept[storage.data_ptr()] = (storage.nbytes(), tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(look, lambda tensor: tensor):
        network.train()(torch.zeros(num_images, *PAPER.input_shape))
    network.eval()
    return sum(size for size, _ in kept.values())


# %%
measured = bytes_saved(2) - bytes_saved(1)
print(f"estimated {needs.activations_per_image / MB:.2f} MB a picture")
print(f"measured  {measured / MB:.2f} MB a picture")
print("largest batch by measure:", (3 * GB - needs.fixed) // measured)

# %% [markdown]
# The rule errs both ways. torch keeps **less** where a ReLU follows: the way back through a
# ReLU needs only what came out of it, so the convolution's own output is let go. It keeps
# **more** elsewhere: the picture, the place of each maximum as an integer of 8 bytes, and the
# steps inside our normalisation. Use a rule to plan, and the measurement to fill a card.

# %% [markdown] tags=["stretch"]
# ## 7 · A counter that counts twice · stretch
#
# This cell was meant to count the parameters of the network. It raises no error. Is its answer
# right? If not, which line is to blame?

# %% tags=["nbval-check-output"]
count = 0
for module in network.modules():
    for parameter in module.parameters():
        count += parameter.numel()
print(f"{count:,} parameters")

# %% [markdown]
# <details><summary>The diagnosis</summary>
#
# `modules()` yields the layers and also the network that holds them, and `parameters()` looks
# into everything below. So each number is met twice: once in its layer, once in the network.
# Ask only the network, as in section 2, or only the layers, with `parameters(recurse=False)`.
# A count is worth nothing until a second way agrees with it.
# </details>

# %% [markdown] tags=["core"]
# ## 8 · Who is right? · core

# %%
widgets.who_is_right("03")

# %%
widgets.claim_cards("03")

# %%
linear_rows = [row for row in rows if row.kind == "Linear"]
parameters = sum(row.num_params for row in linear_rows)
learning.fill(
    "big FC layers",
    costs=f"{parameters:,} of {held // 4:,} parameters ({4 * parameters / held:.1%}), "
    f"{sum(row.macs for row in linear_rows) / work:.1%} of the multiply-adds",
    buys="not measured yet: notebook 13",
    verdict="dear to keep, cheap to run; worth still open",
)

# %% [markdown]
# **Verdict so far.** The linear layers are the weights, the convolutions are the work, and with
# 128 pictures at once the memory of training is mostly activations. "Nearly 1 GB" is wrong by a factor of almost five.
#
# **What still does not fit.** The ReLUs have no parameters and no multiply-adds, and the paper
# says that they made training six times faster.
#
# **Next**: 04 · ReLU, sigmoid, tanh: where do gradients die?
#
# References: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional
# neural networks*, NIPS 2012, sections 3.2, 3.5 and 5; the released code,
# [computerhistory/AlexNet-Source-Code](https://github.com/computerhistory/AlexNet-Source-Code);
# Zhang, Lipton, Li and Smola, [*Dive into Deep Learning*](https://d2l.ai), section 8.1;
# [torchvision's table of models](https://docs.pytorch.org/vision/stable/models.html).
