# %% [markdown]
# # 16 · Seven networks are called AlexNet: which one was it?
#
# **They say**: "PyTorch's official AlexNet begins with 64 kernels, the official one has 96" (a
# tutorial, in one line).
#
# **The doubt**: two numbers, one word. And do networks of one name, given the same weights, say the same?
#
# **You will be able to**
# 1. read a network out of the configuration files of 2012, and build the paper's from its sentences;
# 2. tell seven networks of one name apart by what matters: order, groups, zeros, normalisation;
# 3. carry weights into another framework, and prove by the outputs that they arrived.
#
# Core 35 minutes, stretch 15. Read before: 02 and 03. Ledger rows filled here: none.

# %%
from dataclasses import replace
from itertools import pairwise

import matplotlib.pyplot as plt
import torch

from alexnet_lib import figures, learning, widgets
from alexnet_lib.architecture import cuda_convnet, keras_port, spec, variants
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.architecture.layers import LocalResponseNorm
from alexnet_lib.architecture.model import build_model
from alexnet_lib.figures.dialects import draw_orders, draw_zeros
from alexnet_lib.learning.checks import assembled_2012, carried, dialects

# %%
figures.use_course_style()
torch.set_num_threads(1)
SEED = 0
PAPER, SOURCE = variants.ALEXNET_2012, variants.ALEXNET_2012_SOURCE
KERAS = keras_port.have_keras()  # an extra: without it a part of section 5 is left out

# %%
widgets.recall("16")

# %% [markdown] tags=["core"]
# ## 1 · What was run in 2012? · core
#
# The code of 2012 has no line that says "now a convolution". A network is a text file: a section for each
# layer, with the names of the layers it reads. The course has such a file of configuration 145, the
# network of the paper, written anew from the facts. It begins like this:

# %% tags=["nbval-check-output"]
layer_file = cuda_convnet.course_file_text("layers_145.cfg")
beginning = layer_file.partition("[conv1a]")[2].partition("[conv2a]")[0]
print("[conv1a]" + beginning)

# %% [markdown]
# 48 kernels, and no ReLU behind them: `neuron=relu` stands at the pooling. The letter *a* is the first
# card (notebook 15). What may change while a network trains stands in a second file:

# %% tags=["nbval-check-output"]
params_file = cuda_convnet.course_file_text("params_145.cfg")
numbers = cuda_convnet.parse(params_file)
for title, values in numbers.items():
    print(title, values)

# %% [markdown]
# A reader for both files takes each section, looks at its `type`, and gives a line of our own table.
# Kernels count twice, once for each card. A layer that reads its own card only has two groups:

# %% tags=["nbval-check-output"]
sections = cuda_convnet.parse(layer_file)
for title in ("conv2a", "norm2a", "cnorm2a", "conv3a"):
    section = sections[title] | numbers.get(title, {})
    print(title, "->", cuda_convnet.to_layers(title, section))

# %% [markdown]
# `cnorm2a` gives nothing. It is one more normalisation, over space, which the paper never mentions; it has
# no parameters, and what computes it is not in the released code. We leave it out, and say so.
#
# We typed `ALEXNET_2012_SOURCE` by hand, from the paper and the code. Here is the referee:

# %% tags=["nbval-check-output"]
read = cuda_convnet.read_network(layer_file, params_file, SOURCE.name, (3, 224, 224))
print("layer for layer the same:", read == SOURCE)
print(f"{sum(row.num_params for row in summarize(read)):,} parameters")
starts = cuda_convnet.starting_weights(layer_file)
print("0.03 at the start:", [name for name, (std, _) in starts.items() if std == 0.03])
print("bias 1:", [name for name, (_, bias) in starts.items() if bias == 1])

# %% [markdown]
# ### Exercise 1
#
# That was the code. Now the paper, which differs. Build its network for 227 pixels from these sentences:
# kernels 96 (11 x 11, stride 4), 256 (5 x 5, padding 2), 384, 384, 256 (3 x 3, padding 1); conv2, conv4
# and conv5 in two groups. A ReLU behind every layer with weights but the last. Behind the ReLUs of conv1
# and conv2 a normalisation (n 5, k 2, alpha 1e-4 **times the sum**, beta 0.75), and behind that a
# pooling, 3 wide with stride 2. One more pooling behind the ReLU of conv5. Two linear layers of 4,096,
# whose outputs are dropped with probability 0.5, then 1,000.
#
# The library has `LocalResponseNorm()`, with the paper's numbers. The check compares outputs and
# dropout with ours, and recognises thirteen other dialects.


# %% tags=["exercise"]
def alexnet_2012() -> torch.nn.Sequential:
    """The network of the paper. Shape: (N, 3, 227, 227) -> (N, 1000), no softmax."""
    raise NotImplementedError


# %% tags=["check"]
assembled_2012.check_alexnet_2012(alexnet_2012)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def alexnet_2012() -> torch.nn.Sequential:
#     nn, norm = torch.nn, LocalResponseNorm
#     first = [nn.Conv2d(3, 96, 11, stride=4), nn.ReLU(), norm(), nn.MaxPool2d(3, 2)]
#     second = [nn.Conv2d(96, 256, 5, padding=2, groups=2), nn.ReLU(), norm()]
#     third = [nn.MaxPool2d(3, 2), nn.Conv2d(256, 384, 3, padding=1), nn.ReLU()]
#     fourth = [nn.Conv2d(384, 384, 3, padding=1, groups=2), nn.ReLU()]
#     fifth = [nn.Conv2d(384, 256, 3, padding=1, groups=2), nn.ReLU(), nn.MaxPool2d(3, 2)]
#     maps = 256 * 6 * 6
#     sixth = [nn.Flatten(), nn.Linear(maps, 4096), nn.ReLU(), nn.Dropout(0.5)]
#     seventh = [nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5), nn.Linear(4096, 1000)]
#     return nn.Sequential(*first, *second, *third, *fourth, *fifth, *sixth, *seventh)
# ```
#
# Torch's own normalisation does it, too, with `alpha=5e-4`: it divides by 5.
# </details>

# %% [markdown] tags=["core"]
# ## 2 · Seven of one name · core
#
# Each of these is called AlexNet by somebody. A row of boxes is a network, from the picture to the
# logits.

# %%
DIALECTS = {
    "the paper": PAPER,
    "the code of 2012": SOURCE,
    "CaffeNet": variants.CAFFENET,
    "torchvision": variants.ALEXNET_TORCHVISION,
    "d2l": variants.ALEXNET_D2L,
    "a tutorial, one tower": variants.ALEXNET_ONE_TOWER,
    "a Keras tutorial": variants.ALEXNET_KERAS,
}
fig, ax = plt.subplots(figsize=(8, 3.8))
kinds = {name: [row.kind for row in summarize(t)] for name, t in DIALECTS.items()}
said = draw_orders(ax, kinds)
ax.set_title("Same letters, other order: no two of the seven are alike")
figures.show(fig, alt=f"No two of the seven are alike. {said}.")


# %%
def in_numbers(table: spec.ModelSpec) -> str:
    """What the row of boxes does not show: one line of the table below."""
    convs = [each for each in table.layers if isinstance(each, spec.Conv2d)]
    norms = [each for each in table.layers if isinstance(each, spec.LocalResponseNorm)]
    norm = f"{norms[0].alpha_on}, k {norms[0].k:g}" if norms else "none"
    rows = {row.name: row for row in summarize(table)}
    total = sum(row.num_params for row in rows.values())
    work = sum(row.macs for row in rows.values()) / 1e6
    first, side = convs[0].out_channels, rows["conv1"].out_shape[1]
    shape = "x".join(map(str, table.input_shape[:2]))
    conv1 = f"{shape:>6} {first:>8} {side:>5} {convs[1].groups:>6}"
    return f"{conv1}  {norm:<9} {total:,} {work:6,.0f}"


# %% tags=["nbval-check-output"]
head = f"{'':<21}{'input':>7} {'kernels':>8} {'maps':>5} {'groups':>6}"
print(f"{head}  {'norm':<9} parameters   work")
for name, table in DIALECTS.items():
    print(f"{name:<21} {in_numbers(table)}")

# %% [markdown]
# Kernels and maps are those of conv1. The paper itself says 224 x 224 and no padding, from which no 55
# comes by rounding down; its row has the 227 that give it (notebook 02). The norm says what alpha multiplies, a sum or a mean, and k; the work
# is in millions of multiply-adds. torchvision's network follows another paper, of 2014, and
# says so in its documentation; d2l's is made for grey pictures and ten classes. Four of the seven have the
# paper's 60,965,224 parameters: the paper, the code, CaffeNet, and the Keras tutorial (finished by us,
# section 4).

# %%
widgets.predict("16-load")

# %% [markdown]
# All four get the same weights, those of a start and not of a training, and the same pictures: 224 pixels
# of noise, and for the two networks of 227, the three zeros that the code of 2012 reads beyond the edge.

# %%
torch.manual_seed(SEED)
network = build_model(SOURCE)
initialize(network, "source_2012")
images = 60 * torch.randn(4, 3, 224, 224)
with torch.no_grad():
    expected = network.eval()(images)


def answers_of(table: spec.ModelSpec) -> torch.Tensor:
    """Logits (N, 1000) of a network of this table, with the weights of `network`."""
    with torch.device("meta"):  # no weights of its own
        other = build_model(table).eval()
    other.load_state_dict(network.state_dict(), assign=True)
    missing = table.input_shape[1] - images.shape[2]
    with torch.no_grad():
        return other(torch.nn.functional.pad(images, (0, missing, 0, missing)))


# %% tags=["varies"]
apart = {}
for name in ("the code of 2012", "the paper", "CaffeNet", "a Keras tutorial"):
    logits = answers_of(DIALECTS[name])
    apart[name] = ((logits - expected).abs().max() / expected.abs().max()).item()
    print(f"{name}: up to {apart[name]:.1%} of the largest logit away")

# %%
learning.reveal("16-load", "by much more than rounding, and without an error")

# %% [markdown]
# **What we saw.** `load_state_dict` compares names and shapes. Order, alpha, k and zeros are neither, so
# the weights load, and the network says something else: a little (the paper), or quite something else
# (CaffeNet, whose k and alpha let far more through). A network is its weights **and** its dialect; a file of
# weights that does not name its dialect is half a network.
#
# Where shapes differ, torch does complain. These are the eight layers of torchvision's table, under the
# same names:

# %% tags=["raises-exception"]
theirs = build_model(variants.ALEXNET_TORCHVISION)
theirs.load_state_dict(network.state_dict())

# %% [markdown] tags=["core"]
# ## 3 · Where do the three missing pixels go? · core
#
# 55 windows of 11 pixels, 4 apart, cover 54 x 4 + 11 = 227 pixels, and the pictures of the paper and of
# its code have 224 (notebook 02).
# Every dialect adds zeros somewhere. Four pictures, the seen part framed:

# %%
picture = torch.linspace(0.3, 1, 64).reshape(8, 8).numpy()
fig, axes = plt.subplots(1, 4, figsize=(8, 2.6))
said = [
    draw_zeros(ax, picture, zeros, letter)
    for ax, (letter, zeros) in zip(axes, dialects.PICTURES.items(), strict=True)
]
figures.show(fig, alt=f"Four pictures of 8 x 8 pixels with zeros. {'; '.join(said)}.")

# %% [markdown]
# ### Exercise 2
#
# Which picture is Keras's `ZeroPadding2D(((3, 0), (3, 0)))`, which what the code of 2012 amounts to, and
# which torchvision's `padding=2`?

# %% tags=["exercise"]
pictures = {
    "ZeroPadding2D(((3, 0), (3, 0)))": None,
    "the released code, rounding up": None,
    "torchvision, padding=2": None,
}

# %% tags=["check"]
dialects.check_pictures(pictures)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# pictures = {
#     "ZeroPadding2D(((3, 0), (3, 0)))": "D",
#     "the released code, rounding up": "A",
#     "torchvision, padding=2": "C",
# }
# ```
#
# Keras takes ((top, bottom), (left, right)). With padding 2 there are 228 positions to cover, one too many:
# the last column and the last row of zeros are never read.
# </details>

# %% [markdown]
# Do the sides matter? One conv1, the same kernels, the zeros left and top against right and bottom:

# %% tags=["nbval-check-output"]
conv1 = network.conv1
with torch.no_grad():
    ours = conv1(images)  # hangs over on the right and at the bottom
    moved = torch.nn.functional.pad(images, (3, 0, 3, 0))
    theirs = torch.nn.functional.conv2d(moved, conv1.weight, conv1.bias, stride=4)
print("maps:", tuple(ours.shape[2:]), "and", tuple(theirs.shape[2:]))
print("equal:", torch.allclose(ours, theirs))
print("first pixels of the windows:", [0, 4, 8], "and", [0 - 3, 4 - 3, 8 - 3])

# %% [markdown]
# Every window looks three pixels further up and to the left. A network that was trained so does not mind. One
# that was trained otherwise looks at the wrong place, by three pixels of 224.

# %% [markdown] tags=["core"]
# ## 4 · A model that stops in mid-sentence · core
#
# A tutorial gives AlexNet in Keras, and its page ends in the middle of the function. What stands there,
# in our own writing, with its faults:
#
# ```python
# from keras.layers import Input, Lambda, Conv2D, MaxPool2D, BatchNormalization
# from keras.layers import Dense, Flatten, Dropout
#
# def network(shape, classes):
#     picture = Input(shape)
#     x = ZeroPadding2D(((3, 0), (3, 0)))(picture)
#     start = initializers.RandomNormal(stddev=0.01)
#     x = Conv2D(96, 11, strides=4, kernel_initializer=start)(x)
#     x = Lambda(tf.nn.local_response_normalization)(x)
#     x = Activation("relu")(x)
# ```
#
# ### Exercise 3
#
# Pictures are 224 x 224 x 3. How many names does it use that nobody has imported? What does it return when
# these are imported: `"a model"`, `"None"` or `"a NameError"`? How many rows has the picture behind the
# zeros, and each map behind conv1? And how do its normalisation and ReLU stand: `"as in the paper"`, `"as
# in layer 1 of the released code"` or `"as in CaffeNet"`?

# %% tags=["exercise"]
fragment = {
    "names never imported": None,
    "with all imported, it returns": None,
    "side behind the zeros": None,
    "side of the first maps": None,
    "its normalisation and ReLU": None,
}

# %% tags=["check"]
dialects.check_fragment(fragment)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# fragment = {
#     "names never imported": 4,
#     "with all imported, it returns": "None",
#     "side behind the zeros": 227,
#     "side of the first maps": 55,
#     "its normalisation and ReLU": "as in layer 1 of the released code",
# }
# ```
#
# ZeroPadding2D, initializers, tf and Activation are missing. In 2012 a pooling stood between the two;
# it commutes with the ReLU, so the order of the other two is the same.
# </details>

# %%
widgets.predict("16-norm")

# %% [markdown]
# The silent fault is in the `Lambda`: the function is called **without its numbers**. TensorFlow writes
# the formula in words of its own: `depth_radius` counts the channels on each side, `bias` is added before
# the power, and alpha multiplies a sum. The defaults are depth_radius 5, bias 1, alpha 1, beta 0.5. We need
# no TensorFlow to see what they do; our layer takes n, alpha, beta and k:

# %% tags=["nbval-check-output"]
generator = torch.Generator().manual_seed(SEED)
maps = 20 * torch.randn(1, 96, 55, 55, generator=generator)
print(f"comes in: standard deviation {maps.std():.1f}")
defaults = LocalResponseNorm(2 * 5 + 1, 1.0, 0.5, 1.0)
print(f"behind TensorFlow's defaults: {defaults(maps).std():.2f}")
print(f"behind the paper's numbers: {LocalResponseNorm()(maps).std():.2f}")

# %%
learning.reveal("16-norm", "less than a fiftieth")

# %% [markdown]
# With alpha 1 the bias hardly counts, and each unit is divided by the size of its neighbourhood: whatever
# comes in, about 0.3 goes out. That is another network, and again nobody is told.
#
# ### Exercise 4
#
# Say the paper's normalisation in TensorFlow's words (n 5, k 2, alpha 1e-4 on the sum, beta 0.75). And two
# more alphas: which one makes **torch's** layer compute the paper's formula? Which one, in TensorFlow, is the
# **code** of 2012, whose 1e-4 multiplies the mean of five?

# %% tags=["exercise"]
lrn_words = {
    "depth_radius": None,
    "bias": None,
    "alpha": None,
    "beta": None,
    "alpha for torch": None,
    "alpha of the released code": None,
}

# %% tags=["check"]
dialects.check_lrn_words(lrn_words)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# lrn_words = {
#     "depth_radius": 2,
#     "bias": 2,
#     "alpha": 1e-4,
#     "beta": 0.75,
#     "alpha for torch": 5e-4,
#     "alpha of the released code": 1e-4 / 5,
# }
# ```
#
# Two channels on each side and the own one make five. Torch takes a mean, so its alpha is five times larger;
# the code takes a mean, so in words of a sum its alpha is five times smaller.
# </details>

# %% [markdown]
# Finished in the tutorial's spirit, the model is `ALEXNET_KERAS`. Corrected to the paper, its ReLU moves
# before the normalisation. How much does that change, with the same weights?


# %% tags=["varies"]
def relu_first(table: spec.ModelSpec) -> spec.ModelSpec:
    """Each normalisation that stands before its ReLU moves behind it."""
    found = list(table.layers)
    for k, (one, other) in enumerate(pairwise(table.layers)):
        if isinstance(one, spec.LocalResponseNorm) and isinstance(other, spec.ReLU):
            found[k : k + 2] = [other, one]
    return replace(table, layers=tuple(found))


finished = variants.ALEXNET_KERAS
corrected = relu_first(finished)
print("the tutorial's order:", [each.name for each in finished.layers[1:5]])
print("the paper's order:   ", [each.name for each in corrected.layers[1:5]])
before, after = answers_of(finished), answers_of(corrected)
print(f"apart: {((after - before).abs().max() / before.abs().max()).item():.1%}")

# %% [markdown] tags=["stretch"]
# ## 5 · Carry the weights into Keras · stretch
#
# Keras keeps a picture as (height, width, channels). So its arrays of weights have another order of axes:
#
# | layer | torch | Keras |
# |---|---|---|
# | convolution | (out, in, height, width) | (height, width, in, out) |
# | linear | (out, in) | (in, out) |
#
# A `Flatten` goes through (C, H, W) channel by channel, and through
# (H, W, C) place by place.

# %%
widgets.predict("16-flatten")

# %% [markdown]
# ### Exercise 5
#
# Put one array of torch's weights in Keras's order. `maps` is the shape (C, H, W) of the maps that were
# flattened just before a linear layer, or `None`. Biases stay as they are.


# %% tags=["exercise"]
def keras_order(weights: torch.Tensor, maps: tuple[int, ...] | None) -> torch.Tensor:
    """The same numbers with their axes where Keras expects them."""
    raise NotImplementedError


# %% tags=["check"]
carried.check_keras_order(keras_order)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def keras_order(weights, maps):
#     if weights.ndim == 4:
#         return weights.permute(2, 3, 1, 0)
#     if weights.ndim == 1:
#         return weights
#     if maps is not None:
#         by_place = weights.unflatten(1, maps).permute(0, 2, 3, 1)
#         weights = by_place.flatten(1)
#     return weights.T
# ```
#
# `unflatten` undoes what Flatten did to the inputs; then the axes move, and it is flattened in Keras's way.
# </details>

# %% [markdown]
# The proof is in the outputs. LeNet's weights go to Keras twice: as the library carries them, and with the
# trap unseen.

# %% tags=["varies"]
if not KERAS:
    print(keras_port.MISSING, "(the rest of this section is left out)")
else:
    torch.manual_seed(SEED)
    lenet, grey = build_model(variants.LENET5).eval(), torch.rand(4, 1, 28, 28)
    initialize(lenet, "kaiming")  # logits of about 1, so that a difference shows
    port = keras_port.build_keras(variants.LENET5)
    keras_port.carry_weights(lenet, port, variants.LENET5)
    with torch.no_grad():
        logits = lenet(grey)
    print(f"carried: {(keras_port.run_keras(port, grey) - logits).abs().max():.0e}")
    trapped = [lenet.fc3.weight.detach().numpy().T, lenet.fc3.bias.detach().numpy()]
    port.get_layer("fc3").set_weights(trapped)  # the right shape, the wrong order
    print(f"trapped: {(keras_port.run_keras(port, grey) - logits).abs().max():.0e}")

# %%
learning.reveal("16-flatten", "no error, and other outputs")

# %% [markdown]
# Now the large ones: the one-tower tutorial's, d2l's, the paper's, and the Keras tutorial's, corrected. Some
# two seconds of processor time each.


# %% tags=["varies"]
def largest_difference(table: spec.ModelSpec) -> float:
    """Of the logits of a torch network and of its port to Keras, for two pictures."""
    torch.manual_seed(SEED)
    model, pictures = build_model(table).eval(), torch.rand(2, *table.input_shape)
    initialize(model, "kaiming")
    port = keras_port.build_keras(table)
    keras_port.carry_weights(model, port, table)
    with torch.no_grad():
        apart = model(pictures) - keras_port.run_keras(port, pictures)
    return apart.abs().max().item()


large = ("a tutorial, one tower", "d2l", "the paper")
for name in large if KERAS else ():
    print(f"{name}: {largest_difference(DIALECTS[name]):.0e}")
if KERAS:
    print(f"a Keras tutorial, corrected: {largest_difference(corrected):.0e}")

# %% [markdown]
# All are below 1e-4: the rounding of float32. Two frameworks, one network: because the table says
# everything, and nobody had to remember a default.

# %% [markdown] tags=["core"]
# ## 6 · Who is right? · core

# %%
widgets.who_is_right("16")

# %%
widgets.claim_cards("16")

# %%
learning.ledger()

# %% [markdown]
# **Verdict so far.** The network of 2012 is in the paper and, a little different, in its configuration
# files. Of the seven that carry its name, four have its parameters, and these four answer differently
# with the same weights. Say which dialect you mean; test a translation by its outputs.
#
# **What still does not fit.** We have checked the sentences of others, one by one. Which of your own
# bets held?
#
# **Next**: [17 · True in which source?](17_true_in_which_source.ipynb)
#
# References: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional
# neural networks*, NIPS 2012, sections 3.3 to 3.5; the released code,
# [computerhistory/AlexNet-Source-Code](https://github.com/computerhistory/AlexNet-Source-Code),
# configuration 145; Krizhevsky, *One weird trick for parallelizing convolutional neural networks*,
# [arXiv 1404.5997](https://arxiv.org/abs/1404.5997); [Caffe](https://github.com/BVLC/caffe), its two
# models; [Keras](https://keras.io/api/layers/).
