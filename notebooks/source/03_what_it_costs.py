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
from IPython.display import display
from torch.utils.flop_counter import FlopCounterMode

from alexnet_lib import figures, learning, widgets
from alexnet_lib.architecture import arithmetic, memory, model, variants
from alexnet_lib.figures.layer_costs import plot_layer_costs, share_by_layer
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
display(widgets.predict("03-weights"), widgets.predict("03-work"))

# %% tags=["nbval-check-output"]
rows = arithmetic.summarize(PAPER)
print("       parameters   multiply-adds    uses of a weight")
for row in rows:
    if row.macs:
        uses = row.macs // (row.num_params - row.out_shape[0])
        print(f"{row.name:<5}  {row.num_params:>10,}  {row.macs:>14,}  {uses:>6,}")

# %%
most = max(rows, key=lambda row: row.num_params)
busiest = max(rows, key=lambda row: row.macs)
display(
    learning.reveal("03-weights", f"{most.name}, with {most.num_params:,} parameters"),
    learning.reveal("03-work", f"{busiest.name}, with {busiest.macs:,} multiply-adds"),
)

# %% [markdown]
# The last column holds the reason. A weight of conv1 works at all 55 x 55 positions of its
# map. A weight of a linear layer works once, and has nothing more to do for this picture.
#
# In the map below each layer has an area. Find fc6. Then switch *Area is* to *multiply-adds* and
# find fc6 again: what has become of it, and which layers have taken its place? After that, choose
# the modernised network, which has done away with the big linear layers.

# %%
widgets.cost_treemap()

# %% [markdown]
# **What we saw.** Three linear layers hold 96.2 % of the parameters and do 8.1 % of the work.
# Five convolutions hold 3.8 % and do 91.9 %. The bar *activations kept* counts the numbers that
# the layers put out. Its grey piece, two thirds of it, belongs to the *other layers* (ReLU,
# pooling, normalisation, dropout), which have no weights at all.
#
# ### Exercise 3
#
# Is that so elsewhere? Put numbers to **the book's own network**, whose table is `book`: the
# parameters of fc6, of the convolutions, of the linear layers, of all, and the linear layers'
# share, between 0 and 1 and to three digits. Each row of the table has a `kind` and a
# `num_params`. Work out fc6 on paper first: its pictures are 224 pixels wide, so only 6,400
# numbers come in (notebook 02), and 4,096 go out.

# %% tags=["exercise"]
book = arithmetic.summarize(variants.find_variant("ALEXNET_D2L"))
totals = {"fc6": None, "conv": None, "fc": None, "all": None, "fc_share": None}

# %% tags=["check"]
sums.check_totals(totals)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# book = arithmetic.summarize(variants.find_variant("ALEXNET_D2L"))
# conv = sum(row.num_params for row in book if row.kind == "Conv2d")
# fc = sum(row.num_params for row in book if row.kind == "Linear")
# totals = {
#     "fc6": 6400 * 4096 + 4096,
#     "conv": conv,
#     "fc": fc,
#     "all": conv + fc,
#     "fc_share": fc / (conv + fc),
# }
# ```
#
# The same picture, less sharp: fewer numbers reach fc6, and without groups the convolutions
# hold more.
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
# processor time: it stands still while another program has the core. We shall give each layer
# its share of **all** the time: the eight layers that have weights, the two normalisations, and
# the rest (ReLU, pooling, dropout).

# %%
widgets.predict("03-time")


# %%
def time_layers(images: torch.Tensor) -> list[float]:
    """Seconds of each layer for one mini-batch (N, C, H, W), forward only."""
    seconds = []
    for layer in network:
        start = time.process_time()
        images = layer(images)
        seconds.append(time.process_time() - start)
    return seconds


# %% tags=["varies"]
passes = sum(size * (1 + repeats) for size, repeats in BATCHES.items())
with torch.inference_mode():
    four = sum(time_layers(torch.rand(4, *PAPER.input_shape)))
print(f"the next cell takes about {passes * four / 4:.0f} seconds of processor time")

# %% tags=["varies"]
seconds = {}
for size, repeats in BATCHES.items():
    images = torch.rand(size, *PAPER.input_shape)
    with torch.inference_mode():
        time_layers(images)  # the first run warms up and is thrown away
        runs = [time_layers(images) for _ in range(repeats)]
    seconds[size] = [statistics.median(times) for times in zip(*runs, strict=True)]
    print(f"{size:>2} at once: {sum(seconds[size]) / size:.3f} s a picture")

# %% tags=["varies"]
shares = {
    "multiply-adds": share_by_layer(rows, [row.macs for row in rows]),
    "time, 1 picture": share_by_layer(rows, seconds[1]),
    "time, 16 pictures": share_by_layer(rows, seconds[16]),
}
linear, norms = [], []
for measure, share in shares.items():
    linear.append(share["fc6"] + share["fc7"] + share["fc8"])
    norms.append(share["norm1"] + share["norm2"])
    print(f"{measure}: linear {linear[-1]:.0%}, normalisations {norms[-1]:.0%}")

# %% tags=["varies"]
fig, ax = plt.subplots(figsize=(8, 5.5))
said = plot_layer_costs(ax, shares)
work_share, alone, batch = (f"{share:.0%}" for share in linear)
finding = (
    f"Linear layers: {work_share} of the work; {alone} of the time of 1 picture, "
    f"{batch} of 16\n"
    f"Normalisations: no multiply-adds; {norms[1]:.0%} and {norms[2]:.0%} of the time"
)
ax.set_title(finding)
figures.show(fig, alt=f"{finding}. {said}")

# %% tags=["varies"]
rest = share["the rest"]
came_out = f"convolutions {1 - linear[-1] - norms[-1] - rest:.0%}, linear {batch}"
came_out += f", normalisations {norms[-1]:.0%}, the rest {rest:.0%} of the time"
learning.reveal("03-time", f"{came_out}, 16 pictures at once")

# %% [markdown]
# **What we saw.** With 16 pictures at once the convolutions take the most time, as they do most
# of the work. But time does not follow the work exactly, least of all for a single picture.
# There are two reasons.
#
# - A weight must be fetched from memory before it works. For one picture, the linear layers
#   fetch 96.2 % of the weights and use each once. With 16 pictures each fetched weight works 16
#   times, so their share of the time falls.
# - Layers without a single weight take time, too. Look at norm1 and norm2: the normalisations
#   (ours are written to be read, not to be fast) go through every number of the largest maps.
#
# So who counts multiply-adds has not yet measured time.

# %% [markdown] tags=["core"]
# ## 4 · "60 million", "95 %", "nearly 1 GB" · core
#
# A float32 number takes 4 bytes. There are two units that people call a megabyte:

# %% tags=["nbval-check-output"]
held = 4 * sum(row.num_params for row in rows)
print(f"{held:,} bytes = {held / MB:.1f} MB (10**6) = {held / MIB:.1f} MiB (2**20)")

# %% tags=["nbval-check-output"]
for name in ("ALEXNET_2012", "ALEXNET_TORCHVISION", "ALEXNET_ONE_TOWER"):
    table = arithmetic.summarize(variants.find_variant(name))
    everything = sum(row.num_params for row in table)
    fc = sum(row.num_params for row in table if row.kind == "Linear")
    print(f"{name}: {everything:,} parameters, linear {fc / everything:.1%}")
two = sum(row.num_params for row in book if row.name in ("fc6", "fc7"))
print(f"the book's fc6 + fc7: {4 * two / MIB:.1f} MiB")

# %% [markdown]
# "60 million" and "95 %" depend on the network meant: without groups it is 62 million and
# 94 %. The book's own network is made for one channel and ten classes, and its "164 MB" are
# MiB. "Nearly 1 GB" is still open.
#
# Training keeps more than weights. For each parameter it keeps a **gradient**, which says how
# the loss would change with it, and (in 2012, and often today) a **momentum**, a running sum of
# past gradients: two numbers more, as large as the weight. And the gradient of a weight is made
# from what went into its layer, so on the way back the activations must still be there. Our
# rule counts the output of every layer, except `Flatten`, which looks at the same numbers in
# another shape.

# %% tags=["nbval-check-output"]
numbers_kept = sum(memory.stored_numbers(row) for row in rows)
print(f"{numbers_kept:,} numbers kept for one picture")

# %% [markdown]
# ### Exercise 4
#
# Three sentences, everything in float32. For each a number, in the unit of its key, and a
# verdict: `"true"`, `"false"`, or `"wrong unit"`.
#
# 1. "The two big linear layers of the paper's network (fc6, fc7) hold nearly 1 GB." How many
#    MiB are they?
# 2. torchvision (`variants.ALEXNET_TORCHVISION`): "The weights of our AlexNet are a file of
#    233.1 MB." How many MB are they?
# 3. "Trained on mini-batches of 128, the paper's network needs most of its memory for its
#    parameters: weights, gradients and momentum." How many MB are the activations?

# %% tags=["exercise"]
memory_claims = {
    "fc6_fc7_MiB": None, "nearly_1_GB": None,  # 1: number, verdict
    "torchvision_MB": None, "file_of_233_MB": None,  # 2
    "activations_128_MB": None, "mostly_weights": None,  # 3
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
# The first is wrong by a factor of 4.6: no unit saves it. The second has the right number of
# MiB. The third: 986 MB of activations against 732 MB for three copies.
# </details>

# %% [markdown] tags=["core"]
# ## 5 · What fits into 3 GB? · core
#
# The authors had cards of 3 GB each. One step of their training keeps, for every parameter, its
# weight, its gradient and its momentum. For every picture of the mini-batch it keeps the
# activations.
#
# ### Exercise 5
#
# How many pictures fit into 3 x 10**9 bytes when **the paper's network** is trained, everything
# in float32? Use the rule above: the picture itself and the gradients of the activations are
# not counted. Half a picture does not fit.

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
both = needs.total(128) + kept
print(f"+ a gradient for each of those: {both / GB:.2f} GB")
print(f"left of 3 GB: {(3 * GB - both) / GB:.2f} GB")

# %% [markdown]
# So why two cards? The paper's mini-batch is 128. By our rule it fits into one card, with room
# to spare. But the way back makes a gradient for every activation, too. A program that holds
# all of these at once has 0.30 GB left, for the pictures, for what the normalisations keep, and
# for the work space of the convolutions.
#
# The paper says that 3 GB "limits the maximum size of the networks". Our count agrees: it was
# tight. It does not prove that one card was impossible. And look at what fills it: the
# activations, not fc6. Notebook 15 builds the two towers and measures each.

# %% [markdown] tags=["stretch"]
# ## 6 · Does torch keep what our rule says? · stretch
#
# Our rule is an estimate: every output, once. Does torch keep more than that for the way back,
# or less? Say so before you run on.
#
# To see it, we hang a *hook* on torch: a function of ours that it calls for each tensor that it
# saves. Two tensors may be two views of one *storage*, the piece of memory where the numbers
# lie, so we count storages. The parameters and the picture are left out, as in the rule.


# %%
def bytes_saved(layers: torch.nn.Sequential, images: torch.Tensor) -> int:
    """Bytes that torch saves for the way back, without parameters and input."""
    storages = {}

    def look(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        storages[storage.data_ptr()] = storage  # held, so that no other takes its place
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(look, lambda tensor: tensor):
        layers(images.requires_grad_())
    for tensor in (images, *layers.parameters()):
        storages.pop(tensor.untyped_storage().data_ptr(), None)
    return sum(storage.nbytes() for storage in storages.values())


# %%
names = [row.name for row in rows]
network.train()  # as in training, with dropout
for part in (["conv1", "relu1"], ["norm1"], ["pool1"]):
    start, stop = names.index(part[0]), names.index(part[-1]) + 1
    saved = bytes_saved(network[start:stop], torch.zeros(1, *rows[start].in_shape))
    rule = 4 * sum(memory.stored_numbers(row) for row in rows[start:stop])
    print(f"{' + '.join(part)}: rule {rule / MB:.2f} MB, torch {saved / MB:.2f} MB")

measured = bytes_saved(network, torch.zeros(1, *PAPER.input_shape))
network.eval()
print(f"all layers: rule {needs.activations_per_image / MB:.2f} MB", end=", ")
print(f"torch {measured / MB:.2f} MB")
print("largest batch by measure:", (3 * GB - needs.fixed) // measured)

# %% [markdown]
# The rule errs both ways. torch keeps **less** of conv1 and relu1: the way back through a ReLU
# needs only what came out of it, so the convolution's own output is let go. It keeps **more**
# of norm1, some steps inside our normalisation, and of pool1, the place of each maximum as an
# integer of 8 bytes. Use a rule to plan, and the measurement to fill a card.

# %% [markdown] tags=["stretch"]
# ## 7 · Two counts that are wrong · stretch
#
# A tutorial's first convolution, as its web page shows it: the page took the double underscores
# for layout. The class is defined and made without a complaint. Then the count is strange, and
# the optimizer stops. Which line is to blame?


# %% tags=["raises-exception"]
class Copied(torch.nn.Module):
    def init(self):
        super().init()
        self.conv1 = torch.nn.Conv2d(3, 96, kernel_size=11, stride=4)


copied = Copied()
print(sum(parameter.numel() for parameter in copied.parameters()), "parameters")
torch.optim.SGD(copied.parameters(), lr=0.01)

# %% [markdown]
# <details><summary>The diagnosis</summary>
#
# Python calls `__init__` when an object is made. A method `init` is called by nobody, so no layer was
# made: 0 parameters, and nothing to train. A count is the cheapest test of a network.
# </details>
#
# The next cell was meant to count the parameters of our network. It raises no error. Is its answer
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
    f"{sum(row.macs for row in linear_rows) / work:.1%} of the multiply-adds, "
    f"{batch} to {alone} of the time (16 pictures, 1 picture)",
    buys="not measured yet: notebook 13",
    verdict="dear to keep; few multiply-adds, but more time; worth still open",
)

# %% [markdown]
# **Verdict so far.** The linear layers are the weights, the convolutions are the work, and with
# 128 pictures at once the memory of training is mostly activations. Little work is not little
# time. "Nearly 1 GB" is wrong by a factor of 4.6.
#
# **What still does not fit.** The ReLUs have no parameters and no multiply-adds, and the paper
# says that they made training six times faster.
#
# **Next**: [04 · ReLU, sigmoid, tanh: where do gradients die?](04_where_gradients_die.ipynb)
#
# References: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional
# neural networks*, NIPS 2012, sections 3.2, 3.5 and 5; the released code,
# [computerhistory/AlexNet-Source-Code](https://github.com/computerhistory/AlexNet-Source-Code);
# Zhang, Lipton, Li and Smola, [*Dive into Deep Learning*](https://d2l.ai), section 8.1;
# [torchvision's table of models](https://docs.pytorch.org/vision/stable/models.html).
