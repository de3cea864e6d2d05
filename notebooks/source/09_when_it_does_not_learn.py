# %% [markdown]
# # 09 · Why does the loss not fall?
#
# **They say**: weights were drawn "in each layer" from a normal distribution with standard deviation
# 0.01, and biases of 1 in some layers help early learning (paper, section 5). Tutorials say: use Xavier.
#
# **The doubt**: with 0.01, eight layers of notebook 04 got no gradient. The released code has another
# number in three layers. And in Caffe's copy of the network a comment reports that biases of 1 gave a
# flat loss.
#
# **You will be able to**
# 1. say what a layer does to the size of its numbers, and find the spread of weights that keeps it;
# 2. tell the paper's start from the code's, and Xavier's from Kaiming's;
# 3. examine a run whose loss stays flat, in an order that saves time.
#
# Core 35 minutes, stretch 10. Read before: 01 and 04. Ledger row filled here: initialisation.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn

from alexnet_lib import data, learning, runtime, widgets
from alexnet_lib.architecture import arithmetic, deep, initialisation, model, variants
from alexnet_lib.data import colour_pictures, transforms
from alexnet_lib.figures import show, use_course_style
from alexnet_lib.inside import examination, recorder, statistics
from alexnet_lib.learning import clinic, configuration, recorded
from alexnet_lib.learning.checks import clinic as cures
from alexnet_lib.learning.checks import starts

# %%
use_course_style()
torch.set_num_threads(1)  # most of these networks are too small to be shared
SEED, SEEDS = 0, (0, 1, 2)
STARTS = {
    "normal": "N(0, 0.01)",
    "torch": "torch's own",
    "xavier": "Xavier",
    "kaiming": "Kaiming",
}
pictures = data.load()
print(pictures.note)

# %%
widgets.recall("09")

# %% [markdown] tags=["core"]
# ## 1 · What does a layer do to the size of its numbers? · core
#
# Before the first step all weights are random numbers. How large should they be? Send random inputs
# through one layer of 64 inputs, with three spreads of its weights:

# %% tags=["nbval-check-output"]
generator = torch.Generator().manual_seed(SEED)
inputs = torch.randn(10_000, 64, generator=generator)
for std in (0.01, 0.1, 1.0):
    weights = std * torch.randn(64, 64, generator=generator)
    print(
        f"weights {std:<4}: standard deviation 1 in, {(inputs @ weights).std():.2f} out"
    )

# %% [markdown]
# An output adds up 64 products of an input and a weight. Independent random numbers add up like this:
# variances add. So the variance is multiplied by 64 times the weights' variance, and the standard
# deviation by the root of that, 8 times 0.01, 0.1 or 1. Now twenty layers in a row, with a ReLU between
# them, under four starts; biases 0, so that only the weights count:

# %%
images, labels = pictures.train_images[:64] / 255, pictures.train_labels[:64]
([mean], [std]) = data.mean_and_std(pictures.train_images)
images = (images - mean) / std
ends, size = {}, {}
for start, name in STARTS.items():
    runtime.seed_everything(SEED)
    network = deep.build_deep("ReLU", 20, start)
    for layer in network[1::2]:  # flatten, fc1, relu1, fc2, ...
        nn.init.zeros_(layer.bias)
    layers = statistics.layer_statistics(network, images, labels)
    size[name] = [layer.activation_std for layer in layers[:-1]]
    ends[name] = size[name][-1]

# %%
fig, ax = plt.subplots(figsize=(8, 3.4))
for name, line in zip(size, ("-", ":", "--", "-."), strict=True):
    ax.semilogy(range(1, 20), size[name], line, label=name, linewidth=2)
ax.set(xlabel="layer", ylabel="standard deviation behind ReLU", ylim=(1e-10, 20))
ax.set(xticks=range(1, 20, 2), title="Only Kaiming's start hands on what it got")
ax.legend()
said = ", ".join(f"{name} {end:.0e}" for name, end in ends.items())
show(fig, alt=f"Spread of the activations by layer; behind the 19th ReLU: {said}.")

# %% [markdown]
# **What we saw.** A factor that is not quite 1 becomes, in twenty layers, its twentieth power. Only one of
# the four lines stays level: that of **Kaiming**. How is its spread found? A ReLU makes the negative half
# of its inputs 0, and so takes half of the *mean square* away. The weights must give it back. With
# **fan_in**, the number of products that one output adds up:
#
# $$\text{fan\_in} \cdot \text{std}^2 \cdot \tfrac12 = 1$$
#
# ### Exercise 1
#
# Do not believe it, draw it. The inputs of a convolution come from a ReLU, and it has a ReLU behind it. Find
# by random numbers the standard deviation of its weights for which the mean square is the same before the
# convolution and behind its ReLU. Within 5 % will do.


# %% tags=["exercise"]
def kaiming_std(
    in_channels: int, out_channels: int, kernel_size: int, groups: int
) -> float:
    """Standard deviation of the weights of a convolution that keeps the mean square."""
    raise NotImplementedError


# %% tags=["check"]
starts.check_kaiming_std(kaiming_std)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def kaiming_std(in_channels, out_channels, kernel_size, groups):
#     fan_in = in_channels // groups * kernel_size**2
#     before = torch.randn(500, fan_in).relu()
#     weights = torch.randn(fan_in, 1000)  # standard deviation 1, far too large
#     behind = (before @ weights).relu()
#     return (before.square().mean() / behind.square().mean()).sqrt().item()
# ```
#
# `out_channels` is not needed: how many outputs a layer has does not change any one of them. Draw many
# outputs all the same, 1,000: each has but one draw of weights.
# </details>

# %% [markdown] tags=["core"]
# ## 2 · Xavier, Kaiming, and what torch does by itself · core
#
# Xavier's rule (Glorot and Bengio, 2010) came before ReLU. It counts inputs and outputs, a compromise
# between the way forward and the way back: variance 2 / (fan_in + fan_out). Kaiming's (He and others,
# 2015) is 2 / fan_in. torch's own is older: about 1 / (3 fan_in).

# %% tags=["nbval-check-output"]
runtime.seed_everything(SEED)
layer = nn.Linear(256, 256)
found = {"torch's own": layer.weight.std().item()}
for name in ("xavier_uniform_", "kaiming_uniform_", "kaiming_normal_"):
    getattr(nn.init, name)(layer.weight)
    found[name] = layer.weight.std().item()
for name, std in found.items():
    print(
        f"{name:17} std {std:.3f}; mean square behind ReLU: times {256 * std**2 / 2:.2f}"
    )

# %% [markdown]
# Behind a ReLU, Xavier's layer hands on half of the mean square and torch's a sixth. "Normal" or
# "uniform" is only the shape of the draw; the spread is what counts. A trap: `kaiming_normal_` has a
# `mode`. One tutorial recommends Xavier in its text, and its code has Kaiming with `fan_out` for the
# convolutions (and N(0, 0.01) for the linear layers). For its first layer, which has torchvision's 64
# kernels:

# %% tags=["nbval-check-output"]
conv1 = nn.Conv2d(3, 64, kernel_size=11)
nn.init.xavier_normal_(conv1.weight)
print(f"Xavier            std {conv1.weight.std():.3f}")
for mode in ("fan_out", "fan_in"):
    nn.init.kaiming_normal_(conv1.weight, mode=mode, nonlinearity="relu")
    print(f"Kaiming, {mode:8} std {conv1.weight.std():.3f}")

# %% [markdown]
# `fan_out` keeps the gradient's size on its way back, `fan_in` the signal's on its way forward. Where
# inputs are few and outputs many, as here, the two are far apart; and Xavier's and `fan_out`'s are so
# near to each other that nobody notices which one it is.

# %% [markdown] tags=["core"]
# ## 3 · The paper's 0.01 and the code's 0.03 · core

# %%
widgets.predict("09-conv3")

# %% [markdown]
# The released code of configuration 145 has a line for each layer. Here is how the weights of its first
# tower are drawn (`initW` times a normal random number) and the biases set (`initB`):

# %% tags=["nbval-check-output"]
print(configuration.LISTING)

# %% [markdown]
# ### Exercise 2
#
# In which of our layers (`conv1` to `conv5`, `fc6` to `fc8`) is the standard deviation 0.03? In which are
# the biases 1? Give two sets of names. A missing `initB` means 0; `fc2048a` is half of our fc6, `fc2048ba`
# half of fc7, and `fc1000` is fc8.

# %% tags=["exercise"]
set_in_2012 = {"std 0.03": None, "bias 1": None}

# %% tags=["check"]
starts.check_set_in_2012(set_in_2012)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# set_in_2012 = {
#     "std 0.03": {"conv3", "conv4", "conv5"},
#     "bias 1": {"conv2", "conv4", "conv5", "fc6", "fc7"},
# }
# ```
#
# The biases are those of the paper's sentence. The 0.03 are not in it.
# </details>

# %%
for row in arithmetic.summarize(variants.ALEXNET_2012):
    if row.name in ("conv3", "conv4", "conv5"):
        kept = (2 / row.fan_in) ** 0.5
        print(f"{row.name}: the mean square is kept by {kept:.4f}; set was", end=" ")
        print(configuration.starts()[row.name][0])
learning.reveal("09-conv3", "0.03, by Kaiming's rule")

# %% [markdown]
# Three years before the rule was published, the code has its number. Now the whole network of 2012, at
# full size, 61 million parameters: eight crops of a photograph, pixel values less their mean, and the
# standard deviation of what each layer puts out before its ReLU.

# %%
photo = colour_pictures.photograph(512).float()
crops = transforms.random_crop(
    photo.repeat(8, 1, 1, 1), 227, torch.Generator().manual_seed(SEED)
)
crops -= crops.mean()
full = model.build_model(variants.ALEXNET_2012).eval()
weighted = [name for name, layer in full.named_children() if hasattr(layer, "weight")]


def outputs_of(start: str, zero_biases: bool = False) -> dict[str, torch.Tensor]:
    """What each layer of the full network puts out for the crops, before its ReLU."""
    initialisation.initialize(full, start, torch.Generator().manual_seed(SEED))
    for name in weighted if zero_biases else ():
        nn.init.zeros_(full.get_submodule(name).bias)
    with recorder.ActivationRecorder(full, weighted) as seen, torch.no_grad():
        full(crops)
    return {name: seen[name] for name in weighted}


# %%
cases = {
    "paper, some biases 1": ("paper_2012", False),
    "paper, all biases 0": ("paper_2012", True),
    "code, some biases 1": ("source_2012", False),
    "code, all biases 0": ("source_2012", True),
    "Xavier": ("xavier", True),
    "Kaiming": ("kaiming", True),
}
signals, positive = {}, {}
print(f"{'':21}" + "".join(f"{name:>8}" for name in weighted))
for case, how in cases.items():
    outputs = outputs_of(*how)
    signals[case] = [output.std().item() for output in outputs.values()]
    positive[case] = {name: (each > 0).float().mean() for name, each in outputs.items()}
    print(f"{case:21}" + "".join(f"{signal:8.3g}" for signal in signals[case]))

# %%
fig, ax = plt.subplots(figsize=(8, 3.6))
marks = ("o", "o", "s", "s", "^", "D")
for number, ((case, signal), mark) in enumerate(
    zip(signals.items(), marks, strict=True)
):
    line = "--" if cases[case][1] else "-"
    ax.semilogy(
        weighted, signal, line, marker=mark, color=f"C{number // 2}", label=case
    )
ax.set(ylabel="standard deviation", title="The code's 0.03 keeps the middle level")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
first, last = (weighted.index(name) for name in ("conv2", "conv5"))
said = "; ".join(
    f"{case} {signal[first]:.2g} to {signal[last]:.2g}"
    for case, signal in signals.items()
)
show(fig, alt=f"Signal by layer under six starts. From conv2 to conv5: {said}.")

# %% [markdown]
# **What we saw.** With 0.01 the signal falls layer by layer in the middle of the network; with the code's
# 0.03 it stays level there. (Kaiming's line lies high because the pixels do: it keeps the size of what comes
# in.) And the biases of 1? They hold the numbers up in the later layers: with the paper's 0.01 and no
# biases, hardly anything is left at fc8. But what do they hold up?

# %%
case = "paper, some biases 1"
for name in ("conv4", "conv5"):
    print(f"{case}: {positive[case][name]:.1%} of {name}'s outputs are above 0")
for case, how in list(cases.items())[:4]:
    fc8 = outputs_of(*how)["fc8"]
    print(f"{case}: fc8 varies by {fc8.std():.3f} in all,", end=" ")
    print(f"by {examination.between_pictures(fc8):.3f} from crop to crop")

# %% [markdown]
# With biases of 1 and weights of 0.01 nearly all ReLUs of conv4 and conv5 are on for every picture: these
# layers begin as linear ones. A ReLU that is on lets its gradient back, which is the paper's reason. But what
# arrives at fc8 is mostly the biases, the same for each picture. How much of the picture arrives, the last
# column says.
#
# Mind the width. 0.03 keeps the signal for the number of inputs that *this* network has. In a copy of a
# quarter of the width it is too small: a spread belongs to a fan_in.

# %% [markdown] tags=["core"]
# ## 4 · The flat-loss clinic · core
#
# A loss that does not fall has many causes, and most people try another rate first. This order saves
# time, because each step trusts only what was examined before:
#
# | | look at | which tests |
# |---|---|---|
# | 1 | the **data**: range, spread, labels | what no network repairs |
# | 2 | the **first loss**: near ln of the number of classes? Does a logit depend on the picture? | the way forward |
# | 3 | **20 pictures**: can they be learned by heart? | loss, gradients, update together |
# | 4 | the **gradients**: first layer against last | the way back |
# | 5 | the **rate**: how far does one step move the weights? | steps too short, or too long |
#
# First a healthy network, ten layers with Kaiming's start:

# %%
healthy = clinic.Patient(
    network=clinic.new_network("kaiming"), batches=clinic.mini_batches(pictures)
)
healthy.examination()

# %% [markdown]
# Its first loss lies above ln 10: fresh weights guess unevenly, and are wrong. That is no illness yet. Now
# four patients: the same ten layers, 60 mini-batches of 64 pictures. In each, one thing is wrong.

# %%
patients = clinic.admit(pictures)
fig, ax = plt.subplots(figsize=(8, 3.2))
curves = {"healthy": healthy.losses()}
curves |= {letter: each.losses() for letter, each in clinic.admit(pictures).items()}
for number, (name, losses) in enumerate(curves.items()):
    style = "-" if name == "healthy" else ("--", ":", "-.", "--")[number - 1]
    ax.plot(range(1, len(losses) + 1), losses, style, label=name, linewidth=1.6)
ax.set(xlabel="step", ylabel="loss", title="One falls, four do not")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
said = ", ".join(
    f"{name} {curve[0]:.2f} to {curve[-1]:.2f}" for name, curve in curves.items()
)
show(fig, alt=f"Losses of 60 steps: {said}.")

# %%
for letter, patient in patients.items():
    print(f"{letter}\n{patient.examination()}\n")

# %% [markdown]
# ### Exercise 3
#
# Match the four with their causes: `"start too small"`, `"rate too small"`, `"pictures too dark"` (divided
# by 255 twice), `"labels shuffled"` (each picture got another's), `"units dead"` (every ReLU is 0 for every
# picture). One of the five did not happen. Go down each card beside the healthy one: the first line that
# differs says where it shows, and a later one may say why.

# %% tags=["exercise"]
flat_runs = {"A": None, "B": None, "C": None, "D": None}

# %% tags=["check"]
cures.check_flat_runs(flat_runs)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# flat_runs = {
#     "A": "labels shuffled",
#     "B": "pictures too dark",
#     "C": "rate too small",
#     "D": "start too small",
# }
# ```
#
# A learns its 20 pictures by heart: everything works but what the labels say of *other* pictures. B's
# white is 1/255. C has gradients, and steps of a millionth. In D a logit does not depend on the picture.
# </details>

# %% [markdown]
# **What we saw.** Three of the four networks are sound: at fault were the labels, the pictures, the rate.
# Patient D's loss did move on its 20 pictures, though nothing of them arrived: the bias of the last layer
# learns how often each class comes. And D's first loss was ln 10 exactly: who knows nothing guesses evenly.

# %% [markdown] tags=["core"]
# ## 5 · The cure · core
#
# Patient D has the paper's weights, without its ones. What helps: another rate, another start, or both?

# %%
widgets.predict("09-cure")


# %%
def after_60_steps(start: str, rate: float, seed: int) -> float:
    """Mean loss of the last ten of 60 steps, from a fresh network of ten layers."""
    network = clinic.new_network(start, seed)
    losses = examination.descend(network, clinic.mini_batches(pictures), rate)
    return sum(losses[-10:]) / 10


reached = {
    (start, rate): [after_60_steps(start, rate, seed) for seed in SEEDS]
    for start in STARTS
    for rate in (0.01, 0.1)
}
for (start, rate), losses in reached.items():
    each = ", ".join(f"{loss:.2f}" for loss in losses)
    print(f"{STARTS[start]:12} rate {rate:<4}: {each}")
cured = [STARTS[s] for s in STARTS if max(reached[s, 0.01]) < cures.TARGET]
learning.reveal(
    "09-cure", f"another start: at rate 0.01 {', '.join(cured)}, every seed"
)

# %% [markdown]
# **What we saw.** Three seeds each. Where no gradient arrives, ten times nothing is nothing. Where it does,
# a rate that is too high undoes it: nan says that the numbers left the range of the computer.
#
# ### Exercise 4
#
# Your turn. `make_ready` is given patient D. Change its weights and biases in place and return a learning
# rate, such that the loss, averaged over the last ten of 60 steps, is under 1.8. Layers and data stay.


# %% tags=["exercise"]
def make_ready(network: nn.Sequential) -> float:
    """Draw the weights anew, in place; return the learning rate."""
    raise NotImplementedError


# %% tags=["check"]
cures.check_make_ready(make_ready, pictures)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def make_ready(network):
#     for layer in network:
#         if isinstance(layer, nn.Linear):
#             nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
#             nn.init.zeros_(layer.bias)
#     return 0.01
# ```
#
# The step size is the last thing to tune. The start decides whether there is anything to scale.
# </details>

# %% [markdown]
# And a network that looks like AlexNet: a quarter of the width, 112 pixels, 40 steps of 32 pictures, one
# run for each start. Which of them would you have called broken?

# %%
small = variants.resized(variants.ALEXNET_QUARTER, (1, 112, 112))
first = pictures.train_images[:1280], pictures.train_labels[:1280]
few = list(data.Batches(*first, 32, resize=112, normalise=([mean], [std])))
for start in ("paper_2012", "source_2012", "torch", "xavier"):
    runtime.seed_everything(SEED)
    network = model.build_model(small)
    initialisation.initialize(network, start)
    losses = examination.descend(network, few, 0.01)
    reached_here = sum(losses[-10:]) / 10
    print(f"{start:12} first {losses[0]:.2f}, last ten {reached_here:.2f}")

# %% [markdown]
# **How to read it.** One run of each, and 40 steps are few: the network of 2012 went on for days, at its
# full width. A flat beginning is not a flat run yet. But it is what the first minutes look like, and a start
# that spares them costs nothing.

# %% [markdown] tags=["stretch"]
# ## 6 · An initialiser that does nothing · stretch
#
# A widely used textbook (d2l) builds its networks of **lazy** layers: they find out by themselves how many
# inputs they have, when they see the first picture. And it has a function that gives Xavier's weights to
# every layer, `network.apply(init_cnn)`:

# %%
widgets.predict("09-lazy")


# %% tags=["nbval-check-output"]
def init_cnn(module: nn.Module) -> None:
    """Xavier's weights for linear layers and convolutions, as d2l writes it."""
    if type(module) is nn.Linear or type(module) is nn.Conv2d:
        nn.init.xavier_uniform_(module.weight)


runtime.seed_everything(SEED)
lazy = nn.Sequential(nn.LazyConv2d(96, 11, stride=4, padding=1))
lazy.apply(init_cnn)
print("before the first picture:", type(lazy[0]).__name__)
lazy(torch.zeros(1, 1, 224, 224))
print("behind it:", type(lazy[0]).__name__, f"std {lazy[0].weight.std():.3f}")
lazy.apply(init_cnn)
print(f"initialised once more: std {lazy[0].weight.std():.3f}")

# %%
learning.reveal("09-lazy", "torch's own, and no error says so")

# %% [markdown]
# A lazy layer is not a `Conv2d` yet, so the function passes it by, without a word. In most of its chapters
# the book sends a picture through first (`model.apply_init`); in the chapter on AlexNet it does not, so its
# AlexNet starts with torch's weights. So measure the spread of the weights *after* initialising. Would
# `isinstance` have been better?

# %% tags=["raises-exception"]
layer = nn.LazyLinear(10)
if isinstance(layer, nn.Linear):
    nn.init.xavier_uniform_(layer.weight)

# %% [markdown]
# <details><summary>The diagnosis</summary>
#
# A `LazyLinear` is a kind of `Linear`, so `isinstance` finds it; but it has no weights yet, only a promise
# of some. torch says which step is missing: a forward pass with any batch. An error that stops you is
# worth more than a silence that lets you train for a night.
# </details>

# %% [markdown] tags=["stretch"]
# ## 7 · A low loss is not health · stretch
#
# The third step asks for a loss near 0 on 20 pictures. What does a network know that has passed it?

# %%
patient = clinic.Patient(network=clinic.new_network("kaiming"), batches=[])
images, labels = healthy.batches[0]
losses = examination.descend(patient.network, [(images[:20], labels[:20])] * 60, 0.01)
others, answers = healthy.batches[1]
with torch.no_grad():
    right = (patient.network(others).argmax(dim=1) == answers).float().mean()
print(f"loss on its 20 pictures {losses[-1]:.4f}; {right:.0%} of 64 others right")
for name, run in recorded.runs("sick").items():
    losses = [row.train_loss for row in run.curve]
    print(f"{name.removeprefix('sick_'):24} training loss {losses[0]:.2f} to", end=" ")
    print(f"{losses[-1]:.3f}, validation accuracy {run.curve[-1].valid_accuracy:.0%}")

# %% [markdown]
# Below the first line: the six sick runs of notebook 07, with their names. Sort them by their last training
# loss, then by what they know of other pictures. A run may have a low loss and know next to nothing: the
# third step says that the machine works, and never that it is a good one.

# %% [markdown] tags=["core"]
# ## 8 · Who is right? · core

# %%
widgets.who_is_right("09")

# %%
widgets.claim_cards("09")

# %%
bought = "; ".join(
    f"{STARTS[start]} {min(losses):.2f} to {max(losses):.2f}"
    for (start, rate), losses in reached.items()
    if rate == 0.01
)
learning.fill(
    "initialisation",
    costs="nothing: weights are drawn once",
    buys=f"loss after 60 steps, ten layers with ReLU, 3 seeds: {bought}",
    verdict="0.01 in each layer is not what was run; a spread belongs to a fan_in",
)

# %% [markdown]
# **Verdict so far.** A start decides whether a picture arrives at the loss, and the loss at the first layer.
# The paper's 0.01 loses both in the middle layers; the code's 0.03 keeps them, at this width. Of the causes
# of a flat loss, the rate is the last to ask about.
#
# **What still does not fit.** The code has one rate for weights and another for biases; the paper speaks of
# one for all layers.
#
# **Next**: [10 · How many pictures is one picture?](10_augmentation.ipynb), or
# [11 · What was the recipe of 2012?](11_the_2012_recipe.ipynb)
#
# References: Krizhevsky, Sutskever and Hinton, NIPS 2012, section 5; the
# [released code](https://github.com/computerhistory/AlexNet-Source-Code), `layers/layers-145.cfg`; Glorot
# and Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS 2010;
# He and others, [*Delving deep into rectifiers*](https://arxiv.org/abs/1502.01852), 2015; Zhang and
# others, [*Dive into Deep Learning*](https://d2l.ai), section 8.1; Caffe, `models/bvlc_alexnet`.
