# %% [markdown]
# # 15 · Were the two towers an idea, or two graphics cards?
#
# **They say**: "the third and fourth convolutions and the linear layers exchange across the two
# cards" (a tutorial with a picture of two towers).
#
# **The doubt**: further down, the same page says that the fourth convolution is grouped, each group on
# its own card.
#
# **You will be able to**
# 1. build a grouped convolution from ordinary ones, and say what a kernel reads;
# 2. say which layers of 2012 needed both cards, and prove it with two processes of your own;
# 3. count what a split costs: parameters, memory, and numbers over the bus.
#
# Core 35 minutes, stretch 10. Read before: 03. Ledger row filled here: two towers.

# %%
import time

import matplotlib.pyplot as plt
import torch
from torch.nn import functional as F

from alexnet_lib import figures, learning, widgets
from alexnet_lib.architecture import exchange, halves, initialisation, memory, model
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.towers import TowerPair
from alexnet_lib.architecture.variants import ALEXNET_2012_SOURCE
from alexnet_lib.figures.towers import draw_reading, draw_towers, plot_crossing
from alexnet_lib.learning.checks import grouping, two_cards

# %%
figures.use_course_style()
torch.set_num_threads(1)
SEED = 0
NETWORK = ALEXNET_2012_SOURCE  # what was run in 2012: configuration 145
LABELS = torch.tensor([281, 404])  # two of a thousand classes, for two pictures

# %%
widgets.recall("15")

# %% [markdown] tags=["core"]
# ## 1 · What is a group? · core
#
# An ordinary kernel is as deep as what comes in: it reads every map. With two **groups**, the first
# half of the kernels reads the first half of the maps, and the second half reads the second. Six kernels
# over four maps, with one group and with two:

# %% tags=["nbval-check-output"]
for number in (1, 2):
    layer = torch.nn.Conv2d(4, 6, kernel_size=3, groups=number)
    print(f"groups {number}: weights {tuple(layer.weight.shape)}")

# %%
fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3.8))
said = [draw_reading(left, 4, 6, groups=1), draw_reading(right, 4, 6, groups=2)]
figures.show(fig, alt=f"A filled square: the kernel reads the map. {'; '.join(said)}.")

# %% [markdown]
# The two blocks share nothing: no map and no kernel. So they may stand on two machines.
#
# ### Exercise 1
#
# Write a grouped convolution yourself, out of ordinary ones: cut, convolve, put together. `F.conv2d(maps,
# kernels, biases, padding=...)` is allowed, its argument `groups` is not. The check compares you with
# torch's own on five cases.


# %% tags=["exercise"]
def grouped_conv(
    images: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor,
    groups: int,
    padding: int,
) -> torch.Tensor:
    """A convolution with stride 1 in which each group of kernels reads its own maps.

    Shape: images (N, C, H, W), weight (K, C / groups, k, k), bias (K,)
    -> (N, K, H', W').
    """
    raise NotImplementedError


# %% tags=["check"]
grouping.check_grouped_conv(grouped_conv)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def grouped_conv(images, weight, bias, groups, padding):
#     maps = images.chunk(groups, dim=1)
#     kernels, biases = weight.chunk(groups), bias.chunk(groups)
#     results = [
#         F.conv2d(m, k, b, padding=padding)
#         for m, k, b in zip(maps, kernels, biases, strict=True)
#     ]
#     return torch.cat(results, dim=1)
# ```
#
# `chunk` cuts a tensor into equal parts. Maps lie along axis 1, kernels along axis 0, and what comes
# out is maps again: axis 1.
# </details>

# %% [markdown]
# A tutorial says of conv2: 256 kernels of 5 x 5 x 48. It forgets to say that there are groups. Written
# down as it stands, the sentence does not run:

# %% tags=["raises-exception"]
maps_of_pool1 = torch.zeros(1, 96, 27, 27)
conv2 = torch.nn.Conv2d(48, 256, kernel_size=5, padding=2)
conv2(maps_of_pool1)

# %% [markdown]
# Torch compares the depth of a kernel, 48, with the number of maps, 96. There are two ways to make
# them fit, and they are two networks: kernels that are 96 deep, or `groups=2`.

# %% [markdown] tags=["core"]
# ## 2 · Who reads what? · core
#
# The configuration file of 2012 names, for each layer, what it reads; *a* and *b* are the two cards.
# With the paper's names for the linear layers, card *a* has this (card *b* has the same with *a* and
# *b* exchanged, and no fc8):
#
# | layer | kernels | reads |
# |---|---|---|
# | conv1a | 48 of 11 x 11 | the picture |
# | conv2a | 128 of 5 x 5 | pool1a |
# | conv3a | 192 of 3 x 3 | pool2a and pool2b |
# | conv4a | 192 of 3 x 3 | conv3a |
# | conv5a | 128 of 3 x 3 | conv4a |
# | fc6a | 2,048 | pool5a and pool5b |
# | fc7a | 2,048 | fc6a and fc6b |
# | fc8 | 1,000 | fc7a and fc7b |

# %%
widgets.predict("15-saved")

# %% [markdown]
# ### Exercise 2
#
# How many maps does **one kernel** of each layer read? A pooling layer puts out as many maps as it
# takes in.

# %% tags=["exercise"]
depths = {"conv2": None, "conv3": None, "conv4": None, "conv5": None}

# %% tags=["check"]
two_cards.check_depths(depths)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# depths = {"conv2": 48, "conv3": 128 + 128, "conv4": 192, "conv5": 192}
# ```
#
# Only conv3 has two inputs, and so adds up two numbers.
# </details>

# %% [markdown]
# ### Exercise 3
#
# Which of the eight layers with weights need something that the **other** card has computed? A list of
# names, without the letter: `"conv1"` to `"fc8"`.

# %% tags=["exercise"]
read_both = None

# %% tags=["check"]
two_cards.check_read_both(read_both)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# read_both = ["conv3", "fc6", "fc7", "fc8"]
# ```
#
# conv1 reads the same picture on both cards, which each of them has.
# </details>

# %% [markdown]
# ### Exercise 4
#
# The tutorial's two sentences:
#
# 1. "conv3, **conv4** and the linear layers exchange across the cards, conv1, conv2 and conv5 do not."
# 2. "conv2, **conv4** and conv5 are computed in two groups, one on each card."
#
# Which is true of the released code: `"true"` or `"false"`? About which layer do they contradict each
# other? And how many parameters has this layer, weights and biases on both cards together, if sentence 1
# holds, and how many if sentence 2 does?

# %% tags=["exercise"]
sentences = {
    "sentence 1": None,
    "sentence 2": None,
    "layer": None,
    "parameters if 1": None,
    "parameters if 2": None,
}

# %% tags=["check"]
two_cards.check_sentences(sentences)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# sentences = {
#     "sentence 1": "false",
#     "sentence 2": "true",
#     "layer": "conv4",
#     "parameters if 1": 384 * 384 * 3 * 3 + 384,
#     "parameters if 2": 384 * 192 * 3 * 3 + 384,
# }
# ```
#
# A layer cannot keep to its card and read the other. A count of the parameters settles which of the two
# it does: whoever reads both cards has twice the weights.
# </details>

# %% [markdown]
# The library works the same out from its own table of layers. `reads` comes from the groups alone:

# %% tags=["nbval-check-output"]
table = [row for row in halves.cut_in_two(NETWORK) if row.in_depth]
for row in table:
    first, second = row.num_params
    print(f"{row.name}: reads {row.reads:<11} {row.in_depth:>5,} deep", end=", ")
    print(f"parameters {first:>10,} + {second:>10,}")

# %%
fig, ax = plt.subplots(figsize=(8, 3.2))
layers = {row.name: (row.kind, row.reads) for row in table}
said = draw_towers(ax, layers, one_tower=["fc8"])
ax.set_title("Four of eight layers read the other card (thick lines)")
figures.show(fig, alt=f"{said}.")

# %% [markdown] tags=["core"]
# ## 3 · Can two processes be one network? · core
#
# Now we cut for real. Two *processes* are two programs with memory of their own: neither can look into
# the other. Each gets its half of the kernels, and from the other only what it is sent. (On a machine
# with two graphics cards each process takes one; else they are two on the processor.)

# %%
widgets.predict("15-difference")

# %%
pair = TowerPair()  # two processes start, and import torch while we go on
print("two more processes:", [process.name for process in pair.processes])

# %% [markdown]
# **Forward** is simple: before conv3, each sends its 128 maps, and both put all 256 in the same order.
# **Backward** takes a thought. Each tower's conv3 knows how the loss changes with all 256 maps, as far
# as its own 192 kernels are concerned. The whole gradient of a map is the sum of two. In small:

# %% tags=["nbval-check-output"]
generator = torch.Generator().manual_seed(SEED)
weight = torch.randn(6, 4, generator=generator)  # six kernels that read four numbers
grad_y = torch.randn(1, 6, generator=generator)  # how the loss changes with their sums
upper = grad_y[:, :3] @ weight[:3]  # what the first half of the kernels knows
lower = grad_y[:, 3:] @ weight[3:]
print("the two add up:", torch.allclose(upper + lower, grad_y @ weight))
print("one half alone:", torch.allclose(upper, grad_y @ weight))

# %% [markdown]
# So backward each tower sends the part of its gradient that belongs to the other's maps, and adds what
# arrives to its own. That is all there is to it: `exchange.ReadBoth` in the library is these two steps.
#
# First the one network, in this process. Its dropout draws its masks from a seed, so that the towers can
# draw the same.


# %%
def one_network(model_spec, dtype: torch.dtype) -> torch.nn.Sequential:
    """The whole network with the start of 2012, and masks that follow from SEED."""
    network = model.build_model(model_spec)
    generator = torch.Generator().manual_seed(SEED)
    initialisation.initialize(network, "source_2012", generator)
    exchange.share_masks(network, SEED)
    return network.to(dtype)


def pictures(dtype: torch.dtype) -> torch.Tensor:
    """Two pictures of noise, about as bright as the network of 2012 was given them."""
    generator = torch.Generator().manual_seed(SEED)
    return 60 * torch.randn(2, *NETWORK.input_shape, generator=generator).to(dtype)


# %% tags=["varies"]
network, images = one_network(NETWORK, torch.float32), pictures(torch.float32)
start = time.perf_counter()
logits = network.eval()(images)
loss = F.cross_entropy(logits, LABELS)
loss.backward()
print(f"one process: loss {loss.item():.4f}")
quote = 10 + 4 * (time.perf_counter() - start)
print(f"the two cells after this one take about {quote:.0f} seconds each")

# %%
pair.load(NETWORK, network.state_dict(), SEED)  # each process reads its own rows
step = pair.step(images, LABELS)
print(f"two processes: loss {step.loss:.4f}")
print("three numbers of conv3's gradient:", network.conv3.weight.grad[0, 0, 0])
print("as the two processes have them:   ", step.gradients["conv3.weight"][0, 0, 0])

# %% [markdown]
# The eye sees no difference. Let a number say it: for the outputs and for the gradient of every weight
# and bias, the largest difference over the largest value. And with other settings: with dropout, and in
# float64 (for that, a network of an eighth of the width, to save time).


# %%
def worst(model_spec, dtype: torch.dtype, training: bool) -> float:
    """The largest relative difference, of the logits and of all gradients."""
    network, images = one_network(model_spec, dtype), pictures(dtype)
    labels = LABELS % summarize(model_spec)[-1].out_shape[0]
    pair.load(model_spec, network.state_dict(), SEED)
    step = pair.step(images, labels, training)
    logits = network.train(training)(images)
    F.cross_entropy(logits, labels).backward()
    both = [(step.logits, logits.detach())]
    both += [(step.gradients[n], p.grad) for n, p in network.named_parameters()]
    return max(((a - b).abs().max() / b.abs().max()).item() for a, b in both)


# %% tags=["varies"]
small = halves.narrowed(NETWORK, 8)
found = {}
for words, model_spec, dtype, training in (
    ("full size, float32, with dropout", NETWORK, torch.float32, True),
    ("1/8 width, float32, eval", small, torch.float32, False),
    ("1/8 width, float64, eval", small, torch.float64, False),
    ("1/8 width, float64, with dropout", small, torch.float64, True),
):
    found[words] = worst(model_spec, dtype, training)
    print(f"{words}: {found[words]:.0e}")

# %%
learning.reveal("15-difference", "only where numbers are rounded: a few in a million")

# %% [markdown]
# **What we saw.** In float32 the two differ by some millionths, in float64 by less than a millionth of
# a millionth: they add the same numbers in another order, and each type rounds where its digits end. So
# the split changes nothing that is computed. Whoever owns one large card today takes `groups=2` in one
# process, and has the same network.

# %% [markdown] tags=["core"]
# ## 4 · What does each card hold, and what crosses? · core
#
# Count first, then measure. The two processes have reported what they held and what they received.

# %% tags=["nbval-check-output"]
rows = halves.cut_in_two(NETWORK)
held = [sum(row.num_params[card] for row in rows) for card in range(2)]
for card, number in enumerate(held):
    print(f"card {card}: {number:,} parameters, {number / sum(held):.1%}")
print(f"without fc8: {held[0] - rows[-1].num_params[0]:,} and {held[1]:,}")

# %% tags=["nbval-check-output"]
for card, tower in enumerate(step.towers):
    counted = 4 * held[card] / memory.MB
    print(f"card {card}: weights counted {counted:.1f} MB", end=", ")
    print(f"measured {tower.weights / memory.MB:.1f} MB, and as much of gradients")

# %% tags=["varies"]
for card, tower in enumerate(step.towers):
    kept = 4 * sum(row.kept[card] for row in rows) / memory.MB
    saved = tower.saved / len(images) / memory.MB
    print(f"card {card}, for one picture: activations counted {kept:.2f} MB", end=", ")
    print(f"kept by torch {saved:.2f} MB")

# %% [markdown]
# "Each card holds half": true of seven layers. fc8 stands on one card, and that makes it 53.4 % and
# 46.6 %. Of the activations torch keeps somewhat more than our rule counts: the place of each maximum, the
# picture with its overhang, and conv3's copy of the other half.
#
# And the **bus** (PCI Express, over which each card reads the other's memory)? Here two processes stand in
# for it. This arrived at card 0 for our two pictures. (Backward, what belongs to fc8 goes the other
# way: card 0 has fc8, and sends card 1 its gradient.)

# %% tags=["nbval-check-output"]
for parcel in step.towers[0].received:
    numbers = parcel.num_bytes // 4 // len(images)
    print(
        f"{parcel.direction:<8} {parcel.layer}: {parcel.num_bytes:>7,} bytes", end=", "
    )
    print(f"{numbers:>6,} numbers a picture")

# %% [markdown]
# conv3 receives 128 maps of 13 x 13, which are 21,632 numbers, forward as well as backward. Without groups,
# every layer behind conv1 would read both cards. The library counts that network, too:


# %%
def arriving(model_spec) -> dict[str, int]:
    """Numbers that card 0 is sent for each layer behind conv1, for one picture."""
    table = [row for row in halves.cut_in_two(model_spec) if row.in_depth]
    return {row.name: row.received[0] for row in table[1:]}


crossing = {
    "with groups": arriving(NETWORK),
    "without groups": arriving(halves.without_groups(NETWORK)),
}
fig, ax = plt.subplots(figsize=(8, 4))
said = plot_crossing(ax, crossing)
share = sum(crossing["with groups"].values()) / sum(crossing["without groups"].values())
ax.set_title(f"Groups leave {share:.0%} of what would cross to card 0")
figures.show(fig, alt=f"Groups leave {share:.0%} of what would cross. {said}.")

# %% tags=["nbval-check-output"]
dense = summarize(halves.without_groups(NETWORK))
ours = summarize(NETWORK)
for count, unit in (("num_params", "parameters"), ("macs", "multiply-adds")):
    with_groups = sum(getattr(row, count) for row in ours)
    without = sum(getattr(row, count) for row in dense)
    more = f"{without / with_groups - 1:+.1%}"
    print(f"{unit}: {with_groups:,} with groups, {without:,} without ({more})")

# %%
learning.reveal("15-saved", "about 2 per cent")

# %% [markdown]
# **What we saw.** Groups were not there to save memory: the weights that they leave out are 2 % of all,
# some 17 MB with gradient and momentum, on cards of 3,000 MB. They save more than a third of the
# multiply-adds, and more than three quarters of what crosses the bus.
#
# The paper says so itself (section 3.2). Two cards, because one card's memory limits the size of the
# network. Talk only in certain layers, because that lets one adjust the talking until it is an acceptable
# part of the computing. The split is the shape of the cards, and the groups are the shape of the bus
# between them. It does not say that kernels are better off when they do not see each other.

# %% [markdown] tags=["core"]
# ## 5 · What did the second card buy? · core
#
# "Two GPUs lower the error by 1.7 and 1.2 points" (top 1 and top 5, section 3.2). Lower than what? Than a
# network on one card with half as many kernels. Let us build what stands in the released code:

# %% tags=["nbval-check-output"]
one_card = summarize(halves.half_as_many_kernels(NETWORK))
for words, summary in (("two cards", ours), ("one card", one_card)):
    kernels = [row.out_shape[0] for row in summary if row.kind == "Conv2d"]
    parameters = sum(row.num_params for row in summary)
    work = sum(row.macs for row in summary)
    print(f"{words}: kernels {kernels}", end=", ")
    print(f"{parameters:,} parameters, {work:,} multiply-adds")

# %% [markdown]
# conv5 and the linear layers keep their width there. So it has nearly as many parameters, half of those in
# convolutions, and 54.0 % of the multiply-adds. What the 1.7 points compare is *more kernels* with *fewer*, in
# one network each. Groups against no groups, at the same widths, is not in the paper, and we have not measured
# it either.

# %%
fraction = 4 * sum(crossing["with groups"].values())
learning.fill(
    "two towers",
    costs=f"{fraction / 1000:.0f} kB a picture over the bus, forward; "
    f"{held[0] / sum(held):.1%} of the parameters on one card",
    buys="published: 1.7 and 1.2 points over half as many kernels, one network each; "
    "groups alone: not measured",
    verdict="the shape of two 3 GB cards; one process computes the same "
    f"(differences of {max(found.values()):.0e})",
)

# %% [markdown] tags=["stretch"]
# ## 6 · What if one card dies? · stretch
#
# Two processes can fail by halves. If one is killed, the other waits for a message that will never come;
# whole clusters have hung like that. Here each tower notices when the other is gone, and ends. We kill
# the second one, then ask for a step:

# %% tags=["varies"]
pair.processes[1].kill()
start = time.perf_counter()
try:
    pair.step(images, LABELS)
except RuntimeError as error:
    print(f"after {time.perf_counter() - start:.1f} s:", error)

# %% [markdown]
# One line, within seconds, and nothing is left running: also if you close this notebook in the middle
# of a step. Processes that nobody owns any more would keep their memory, and on a graphics card that
# is memory you pay for.

# %%
pair.close()  # here it has ended already; call it whenever you are done with two processes

# %% [markdown] tags=["core"]
# ## 7 · Who is right? · core

# %%
widgets.who_is_right("15")

# %%
widgets.claim_cards("15")

# %% [markdown]
# **Verdict so far.** Two towers are a way to put one network on two small cards. Cut in this way it
# computes what it computed before; the groups spare the bus and a third of the work, not the memory.
# conv4 does not cross. What groups alone do to the error, no source says.
#
# **What still does not fit.** We have called `ALEXNET_2012_SOURCE` the network of 2012 and typed its
# table ourselves. Who says that we copied it well? And every library has an "AlexNet" of its own.
#
# **Next**: [16 · Seven networks are called AlexNet: which one was it?](16_many_dialects.ipynb)
#
# References: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional
# neural networks*, NIPS 2012, sections 3.2 and 3.5; the released code,
# [computerhistory/AlexNet-Source-Code](https://github.com/computerhistory/AlexNet-Source-Code),
# `layers/layers-145.cfg` and `layers/layers-145-half.cfg`;
# [torch.distributed](https://docs.pytorch.org/docs/stable/distributed.html).
