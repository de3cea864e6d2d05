# %% [markdown]
# # 02 · Why is the first map 55 wide?
#
# **They say**: the first layer of AlexNet turns 224 x 224 pixels into 55 x 55 positions
# (paper, Figure 2, and almost every page since).
#
# **The doubt**: the formula on the same pages gives 54.25.
#
# **You will be able to**
# 1. compute the size of any convolution or pooling layer, and say which way it rounds;
# 2. say where 54, 55 and 56 each come from, and who is right;
# 3. read where a network stops when the picture does not fit.
#
# Core 30 minutes, stretch 20. Read before: 00; 01 helps. Ledger rows filled here: none.

# %%
import torch

from alexnet_lib import learning, widgets
from alexnet_lib.architecture.arithmetic import summarize, window_output_size
from alexnet_lib.architecture.model import build_model, check_input
from alexnet_lib.architecture.variants import ALEXNET_2012, find_variant, resized
from alexnet_lib.learning.checks import inputs, sizes

# %%
KERNEL, STRIDE = 11, 4  # the first layer's window, in pixels

# %%
widgets.recall("02")

# %% [markdown] tags=["core"]
# ## 1 · Count before you calculate · core
#
# A window of 3 pixels slides over 5 pixels. It starts at pixel 0 and moves by the *stride*,
# as long as it still fits. Where can it stand?

# %% tags=["nbval-check-output"]
size, kernel_size, stride = 5, 3, 1
starts = [start for start in range(0, size, stride) if start + kernel_size <= size]
print(starts, "->", len(starts), "positions")

# %% [markdown]
# The first window needs 3 pixels. The 2 pixels that are left are its **travel**, and each
# step uses up one stride of it. So there are `travel / stride` steps, and one position more
# than steps: the one at the start.
#
# Zeros may be put around the picture: **padding**. It makes the travel longer, on both sides.

# %% tags=["nbval-check-output"]
for padding in (0, 1, 2):
    travel = size + 2 * padding - kernel_size
    print(f"padding {padding}: travel {travel}, positions {travel / stride + 1:g}")

# %% [markdown]
# ### Exercise 1
#
# Write the rule for every size, window, stride and padding. A step that does not fit whole is
# not taken. The check compares you with torch on 406 cases.


# %% tags=["exercise"]
def conv_out(size: int, kernel_size: int, stride: int, padding: int) -> int:
    """Positions of a window along one axis of `size` pixels."""
    raise NotImplementedError


# %% tags=["check"]
sizes.check_conv_out(conv_out)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def conv_out(size: int, kernel_size: int, stride: int, padding: int) -> int:
#     travel = size + 2 * padding - kernel_size
#     return travel // stride + 1
# ```
#
# `//` rounds down: that is the step that does not fit whole. The `+ 1` is the start.
# </details>

# %% [markdown]
# The library's `window_output_size` is the same line with one choice more: which way to round.
# From here on the notebook uses it.

# %% tags=["nbval-check-output"]
for rounding in ("floor", "ceil"):
    print(rounding, window_output_size(6, 3, stride=2, rounding=rounding))

# %% [markdown] tags=["core"]
# ## 2 · The case of 55 · core
#
# In notebook 00 you bet on a window of 11 at stride 4 over 224 pixels. Here is the bet again,
# in case you skipped it.

# %%
widgets.predict("00-conv1-side")

# %% tags=["nbval-check-output"]
print("the formula, before rounding:", (224 - KERNEL) / STRIDE + 1)

# %% [markdown]
# So the textbook formula gives 54.25, and the paper's figure says **55**. Pages explain this in
# four ways: a window more or less does not matter, padding 1, padding 2, or a picture of 227 in
# place of 224. One of these needs no rounding at all. Which?

# %%
widgets.predict("02-padding")

# %% tags=["nbval-check-output"]
for size, padding in [(224, 0), (224, 1), (224, 2), (227, 0), (227, 2)]:
    raw = (size + 2 * padding - KERNEL) / STRIDE + 1
    rounded = window_output_size(size, KERNEL, STRIDE, padding)
    print(f"{size}, padding {padding}: {raw:5.2f} -> {rounded}")

# %%
learning.reveal("02-padding", "227 without padding: 55.00, a whole number of steps")

# %% [markdown]
# None of these is what was run in 2012. The authors' own code was released, with the settings of
# many runs; those of number 145 are the paper's network. There conv1 has padding 0, and the file
# `layer.py`, line 1004, counts `1 + ceil((2 * padding + size - filter) / stride)`. It rounds **up**:
# the last window may hang over the edge. The code does not say why.

# %% tags=["nbval-check-output"]
for rounding in ("floor", "ceil"):
    print(rounding, window_output_size(224, KERNEL, STRIDE, rounding=rounding))

# %%
widgets.predict("02-same")

# %% [markdown]
# Now slide it yourself. Choose a source, then change the rounding and watch the last window.
# Can you make 54, 55 and 56 out of the same 224 pixels?

# %%
widgets.window_ruler()

# %%
learning.reveal(
    "02-same", "56: SAME means ceil(224 / 4), and pads as much as that takes"
)

# %% [markdown]
# **What we saw.** 54 leaves the last pixel unread. 55 lets the last window hang 3 pixels over the
# edge; if what lies there counts as zero, that is a picture of 227 with 3 zeros on *one* side. It
# is not padding, which is declared, and the same on both sides. 56 is TensorFlow's SAME rule. All
# three are right, each by its own rule; "55 by the formula" is not.

# %%
learning.reveal(
    "00-conv1-side",
    "it depends on who counts: 54 rounding down, 55 in the 2012 code, 56 by SAME",
)

# %% [markdown]
# ### Exercise 2
#
# Window 11, stride 4. Collect every `(size, padding, rounding)` that gives 55, for sizes 220 to
# 232, paddings 0 to 3, and both roundings, each written as `(224, 2, "floor")`. How many
# explanations of 55 are there?

# %% tags=["exercise"]
triples = None

# %% tags=["check"]
inputs.check_triples(triples)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# triples = {
#     (size, padding, rounding)
#     for size in range(220, 233)
#     for padding in range(4)
#     for rounding in ("floor", "ceil")
#     if window_output_size(size, KERNEL, STRIDE, padding, rounding) == 55
# }
# ```
#
# Thirty. A page that names one of them explains nothing until it names its rounding.
# </details>

# %% [markdown] tags=["core"]
# ## 3 · The whole network, one window at a time · core
#
# Eight steps of AlexNet slide a window: five convolutions and three poolings. Each is given the
# side that the one before it left. From here on we compute with 227 pixels, as Caffe does: the
# paper's windows fit there by either rounding.

# %% [markdown]
# ### Exercise 3
#
# Fill in the side of the map behind each, for a picture of 227 pixels. The windows are those of
# the paper: conv1 11 at stride 4; every pooling 3 at stride 2; conv2 5 with padding 2; conv3,
# conv4 and conv5 3 with padding 1.

# %% tags=["exercise"]
sides_227 = {
    "conv1": None, "pool1": None,
    "conv2": None, "pool2": None,
    "conv3": None, "conv4": None, "conv5": None, "pool5": None,
}  # fmt: skip

# %% tags=["check"]
sizes.check_sides_227(sides_227)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# conv1 = window_output_size(227, 11, 4)
# pool1 = window_output_size(conv1, 3, 2)
# conv2 = window_output_size(pool1, 5, 1, 2)
# pool2 = window_output_size(conv2, 3, 2)
# conv3 = conv4 = conv5 = window_output_size(pool2, 3, 1, 1)
# pool5 = window_output_size(conv5, 3, 2)
# sides_227 = {
#     "conv1": conv1, "pool1": pool1, "conv2": conv2, "pool2": pool2,
#     "conv3": conv3, "conv4": conv4, "conv5": conv5, "pool5": pool5,
# }
# ```
#
# Every division comes out even: 227 is the picture that the paper's windows fit exactly.
# </details>

# %% [markdown]
# The cockpit holds the same table for other networks, too: Caffe's and torchvision's versions, the
# book d2l's, and those of two tutorials. Choose *paper's layers on 224* first: the table turns red
# at the layer that no longer fits. Then go back, and change one window. You can break nothing:
# *Reset* brings the network back. (*Groups* is for notebook 03, the last two columns for
# section 6.) Without a kernel, look at [some of its states](twins/layer_cockpit.html).

# %%
widgets.layer_cockpit()

# %% [markdown]
# **What we saw.** The sides shrink only where a stride is 2 or 4; padding 2 under a window of 5,
# and padding 1 under a window of 3, keep them as they are. On 224 pixels every window still fits.
# The red row is the first linear layer: its weights are a fixed table, made for one number of
# inputs.

# %% [markdown] tags=["core"]
# ## 4 · Where 9,216 and 6,400 come from · core
#
# Some pages write `nn.Linear(9216, 4096)` after the last pooling, others
# `nn.Linear(6400, 4096)`, under the same name. torch notices when the two are mixed:

# %%
paper_network = build_model(ALEXNET_2012)
try:
    paper_network(torch.zeros(1, 3, 224, 224))
except RuntimeError as error:
    print("RuntimeError:", error)

# %% [markdown]
# The message means: one picture brought 6,400 numbers, and the weights of fc6 expect 9,216.
# It names neither the layer nor the cause. The cause lies further up.
#
# ### Exercise 4
#
# Take the two numbers apart. How many maps stand behind pool5, and of which side, for a picture of
# 227 pixels and for one of 224 (rounding down, no padding in conv1)? Which window layer is the
# first at which the two sides differ? `resized(ALEXNET_2012, (3, 224, 224))` is the same table for
# another picture, and `summarize` walks it.

# %% tags=["exercise"]
at_fc6 = {
    "maps": None,
    "side_at_227": None,
    "side_at_224": None,
    "first_difference": None,  # a name, such as "conv2"
}

# %% tags=["check"]
inputs.check_at_fc6(at_fc6)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def shape_behind_pool5(side: int) -> tuple[int, ...]:
#     rows = summarize(resized(ALEXNET_2012, (3, side, side)))
#     return next(row.out_shape for row in rows if row.name == "pool5")
#
#
# at_fc6 = {
#     "maps": shape_behind_pool5(227)[0],
#     "side_at_227": shape_behind_pool5(227)[1],
#     "side_at_224": shape_behind_pool5(224)[1],
#     "first_difference": "conv1",
# }
# ```
#
# 256 maps of 6 x 6, against 256 maps of 5 x 5. One position more at conv1 (55, not 54) has become
# one more at pool5, and 2,816 numbers more at fc6.
# </details>

# %% tags=["nbval-check-output"]
for side in (224, 227):
    rows = {row.name: row for row in summarize(resized(ALEXNET_2012, (3, side, side)))}
    print(side, rows["conv1"].out_shape, rows["pool5"].out_shape, rows["fc6"].in_shape)

# %% [markdown] tags=["stretch"]
# ## 5 · A picture too small · stretch
#
# A tutorial tests its AlexNet for MNIST on a picture of 28 pixels, and trains it on 224. Its conv1 is
# 11 at stride 4 with padding 1; the rest you know. Does the test run?
#
# ### Exercise 5
#
# Follow the sides with a pencil: name the layer that stops, and the side of the map it is given.
# Then find the smallest square picture that torchvision's variant accepts:
# `find_variant("ALEXNET_TORCHVISION")` is its table, and a loop over sides is enough.

# %% tags=["exercise"]
too_small = {"stops_at": None, "side_there": None, "smallest_torchvision": None}

# %% tags=["check"]
inputs.check_too_small(too_small)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def fits(side: int) -> bool:
#     try:
#         summarize(resized(find_variant("ALEXNET_TORCHVISION"), (3, side, side)))
#     except ValueError:
#         return False
#     return True
#
#
# too_small = {
#     "stops_at": "pool2",
#     "side_there": 2,
#     "smallest_torchvision": next(side for side in range(1, 225) if fits(side)),
# }
# ```
#
# 28 becomes 5, 2, 2, and a window of 3 finds 2 pixels.
# </details>

# %% [markdown]
# Now run the tutorial's test. The message is torch's own: it gives the sizes, and no name.

# %% tags=["raises-exception"]
mnist_network = build_model(find_variant("ALEXNET_MNIST"))
mnist_network(torch.zeros(1, 1, 28, 28))

# %% [markdown]
# Which square pictures does each network take, up to 320 pixels? The weights of fc6 are made for
# one number of inputs, so most take a band of sizes, all of which end in the same last map.


# %% tags=["nbval-check-output"]
def takes(variant: str, side: int) -> bool:
    table = find_variant(variant)
    try:
        check_input(table, (table.input_shape[0], side, side))
    except ValueError:
        return False
    return True


for name in ("ALEXNET_2012", "ALEXNET_ONE_TOWER", "ALEXNET_D2L", "ALEXNET_TORCHVISION"):
    sides = [side for side in range(1, 321) if takes(name, side)]
    print(f"{name}: {sides[0]} to {sides[-1]}")

# %% [markdown]
# torchvision's network has an *adaptive* pooling before fc6, which makes 6 x 6 of any map: it takes
# every picture from 63 pixels on.

# %% [markdown] tags=["stretch"]
# ## 6 · How much of the picture one number sees · stretch
#
# One position of conv1 sees 11 pixels. A position of pool1 sees 3 positions of conv1 that
# stand 4 pixels apart: 11 + 2 x 4 = 19. Two numbers per layer carry this on: the **receptive
# field**, and the **jump**, the distance in pixels between neighbours.

# %% tags=["nbval-check-output"]
field, jump = 1, 1
for name, kernel_size, stride in [("conv1", 11, 4), ("pool1", 3, 2), ("conv2", 5, 1)]:
    field, jump = field + (kernel_size - 1) * jump, jump * stride
    print(f"{name}: sees {field} pixels, neighbours stand {jump} apart")

# %% tags=["nbval-check-output"]
for row in summarize(ALEXNET_2012):
    if row.kind in ("Conv2d", "MaxPool2d"):
        print(f"{row.name}: sees {row.receptive_field}, jump {row.jump}")

# %% [markdown]
# Even behind the last pooling one number sees 195 of the 227 pixels. Only the linear layers see
# everything. In the cockpit above the last two columns are these two numbers: make the stride
# of conv1 smaller, and watch what the deepest layer still sees.

# %% [markdown] tags=["core"]
# ## 7 · Who is right? · core

# %%
widgets.who_is_right("02")

# %%
widgets.claim_cards("02")

# %%
learning.ledger()

# %% [markdown]
# **Verdict so far.** 55 is not what the formula gives; it is what the 2012 code's rounding gives,
# or three more pixels, or padding 2. A size is true only together with its rounding.
#
# **What still does not fit.** The linear layers get at most 9,216 numbers, and yet people say
# that nearly all of the network lies in them.
#
# **Next**: [03 · What does it cost?](03_what_it_costs.ipynb)
#
# References: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional
# neural networks*, NIPS 2012, sections 3.5 and 4.1; the released code,
# [computerhistory/AlexNet-Source-Code](https://github.com/computerhistory/AlexNet-Source-Code),
# `layer.py` and `layers/layers-145.cfg`; "One weird trick for parallelizing convolutional neural
# networks", [arXiv 1404.5997](https://arxiv.org/abs/1404.5997).
