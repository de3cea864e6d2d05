# %% [markdown]
# # 01 · What did AlexNet change, and what did it keep?
#
# **They say**: AlexNet is much like the old LeNet, with ten times the channels; and it was the
# first convolutional network on a graphics card (tutorials, and what one remembers of them).
#
# **The doubt**: its own paper names a convolutional network of 1990, and one on graphics cards of
# 2011. So what was new in 2012?
#
# **You will be able to**
# 1. write a convolution as loops, and say why a kernel has depth;
# 2. read a first loss: what 2.303, far more and far less say; and who may look at which pictures;
# 3. say what AlexNet changed and kept, and when one run is no evidence.
#
# Core 35 minutes, stretch 20. Read before: 00. Ledger rows filled here: none yet.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from alexnet_lib import data, learning, runtime, training, widgets
from alexnet_lib.architecture import arithmetic, model, reference, variants
from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.figures import curves, feature_map, show, use_course_style
from alexnet_lib.learning.checks import assembled, comparisons, convolution
from alexnet_lib.learning.sources import CITED

# %%
use_course_style()
torch.set_num_threads(1)  # LeNet's layers are too small to be shared between cores
SEED = 0  # which random numbers are drawn: the same ones in each run
RECIPE = training.Recipe(  # an epoch is once through all training pictures;
    name="live",
    learning_rate=0.1,
    momentum=0.9,  # notebook 11 explains momentum,
    schedule="one_cycle",  # and why the rate rises, then falls
    epochs=2,
)

# %% [markdown] tags=["core"]
# ## 1 · What does one kernel do? · core
#
# A picture is numbers: channels, rows, columns. A **kernel** is a small block of weights with as
# many channels as the picture. It is laid on a window of the picture; each number is multiplied
# by the weight that lies on it; everything is added up, and the **bias**, one more learned number,
# is added once.

# %% tags=["nbval-check-output"]
image = np.zeros((2, 5, 5))  # 2 channels of 5 x 5
image[0, :4, 2:] = 1  # channel 0: a bright area
image[1, 1, 1], image[1, 2, 4], image[1, 3, 3] = 2, 3, 1  # channel 1: three spots
kernel = np.zeros((2, 3, 3))
kernel[0, :, 0], kernel[0, :, 2] = -1, 1  # left column minus, right column plus
kernel[1, 1, 1], kernel[1, 2, 2] = 2, -1
bias = 1
row, col = 1, 1  # a position, counted from 0
window = image[:, row : row + 3, col : col + 3]  # (2, 3, 3)
products = window * kernel
print("sum of each channel:", products.sum(axis=(1, 2)))
print("the number for this position:", products.sum() + bias)

# %% [markdown]
# One position, one number. Then the window moves on, and the numbers of all positions form a
# new picture: the **feature map** of this kernel. The **stride** is by how many pixels the window
# moves; **padding** lays rings of zeros around the picture. Predict, then step through it: *Next
# position* fills the map, the sliders jump. Set the stride to 2: which numbers are left?

# %%
widgets.predict("01-maps")

# %%
widgets.window_stepper(image, kernel, bias)

# %%
# The course's own loops, which it uses from here on, beside torch's:
by_loops = reference.conv2d(image, kernel[None], np.array([bias]))
tensors = torch.from_numpy(image)[None], torch.from_numpy(kernel)[None]
by_torch = nn.functional.conv2d(*tensors) + bias
print("maps, rows, columns:", by_loops.shape)
print("largest difference from torch:", np.abs(by_loops - by_torch[0].numpy()).max())
learning.reveal("01-maps", "1: the sums of both channels end in the same number")

# %% [markdown]
# **What we saw.** Both channels are read at once, each through its own layer of weights, and their
# sums are added. So a kernel gives **one** map, whatever its depth; more maps take more kernels.
# Stride 2 keeps every second number of the map in each direction and computes nothing new. The
# weights stay the same at every place, because an edge is an edge wherever it lies.
#
# ### Exercise 1
#
# Write it for any number of kernels. `weight` is (kernels, channels, k, k), `bias` has one number
# per kernel, and no zeros are put around the picture. The check compares you with torch.


# %% tags=["exercise"]
def conv2d_loops(
    image: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int
) -> np.ndarray:
    """image (C, H, W), weight (O, C, k, k), bias (O,) -> feature maps (O, H', W')."""
    raise NotImplementedError


# %% tags=["check"]
convolution.check_conv2d_loops(conv2d_loops)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def conv2d_loops(image, weight, bias, stride):
#     kernels, _channels, k, _ = weight.shape
#     rows = (image.shape[1] - k) // stride + 1
#     cols = (image.shape[2] - k) // stride + 1
#     maps = np.zeros((kernels, rows, cols))
#     for o in range(kernels):
#         for row in range(rows):
#             for col in range(cols):
#                 top, left = row * stride, col * stride
#                 window = image[:, top : top + k, left : left + k]
#                 maps[o, row, col] = (window * weight[o]).sum() + bias[o]
#     return maps
# ```
#
# The slice takes all channels, so that the one sum runs over them too.
# </details>

# %% [markdown] tags=["core"]
# ## 2 · One kernel on one shirt · core
#
# Now a real picture: a shirt of Fashion-MNIST. The first line says where the pictures come from.

# %%
pictures = data.load()
print(pictures.note)
label = pictures.class_names.index("Shirt")
shirts = pictures.train_images[pictures.train_labels == label]
shirt = shirts[7] / 255  # (1, 28, 28): one channel, from 0 to 1
across = np.array([[-1, 0, 1]] * 3)  # right minus left
fig, axes = plt.subplots(2, 3, figsize=(8, 6.2), width_ratios=(2, 1, 2.4))
said = []
for row, k in zip(axes, (across, across.T), strict=True):
    found = reference.conv2d(shirt.numpy(), k[None, None])[0]
    said.append(feature_map.plot_feature_map(row, shirt[0].numpy(), k, found))
fig.suptitle("Each kernel answers one question, at every place", x=0.02, ha="left")
show(fig, alt=" ".join(said))


# %% tags=["nbval-check-output"]
def fresh_lenet() -> nn.Sequential:
    """LeNet with new weights, the same ones each time."""
    runtime.seed_everything(SEED)
    network = model.build_model(variants.LENET5_RELU)
    initialize(network, "xavier")  # how widely weights are drawn; notebook 09 says why
    return network


convs = [fresh_lenet().get_submodule(name) for name in ("conv1", "conv2")]
for conv in convs:
    print("weights:", tuple(conv.weight.shape))
count = sum(conv.weight.numel() + len(conv.bias) for conv in convs)
print(f"with the biases {count:,} numbers, the same at every place")
print(f"a weight for each pixel and each number of conv1: {28**2 * 6 * 28**2:,}")

# %% [markdown]
# **What we saw.** The upper kernel is positive where the picture turns bright from left to right,
# negative where it turns dark, and 0 where nothing changes: it finds upright edges. Turned, the
# same nine weights find level ones. In a network nobody chooses the kernels: they are learned.
#
# LeNet's first layer has six kernels. To the second layer their six maps are a picture of six
# channels, so each of its 16 kernels is 6 x 5 x 5. **Depth** is how a kernel combines what the
# layer before it found.

# %% [markdown] tags=["core"]
# ## 3 · How wrong is a network? · core
#
# A network answers with ten numbers, one per class: the **logits**. They can be any numbers. Two
# steps make probabilities of them: raise e to each, then divide by the sum. That is **softmax**.
# The **loss** of one picture is minus the logarithm of what the right class got.

# %%
runtime.seed_everything(SEED)
untrained = model.build_model(variants.LENET5_RELU)
logits = untrained(shirt[None])[0].detach()  # (10,)
raised = logits.exp()  # above 0, all of them
p = raised / raised.sum()  # together 1
print("logits:", " ".join(f"{value:+.2f}" for value in logits))
print("p:     ", " ".join(f"{value:5.2f}" for value in p))
target = torch.tensor([label])
by_torch = nn.functional.cross_entropy(logits[None], target)
print(f"loss of this shirt: {-p[label].log():.4f} by hand, {by_torch:.4f} by torch")

# %%
widgets.predict("01-first-loss")

# %%
thousand = pictures.train_images[:1000] / 255, pictures.train_labels[:1000]
with torch.no_grad():
    loss = nn.functional.cross_entropy(untrained(thousand[0]), thousand[1])
print(f"mean loss of a thousand pictures {loss:.3f}; ln 10 = {np.log(10):.3f}")
fig, ax = plt.subplots(figsize=(6, 3.6))
marks = {"sure, and wrong": 6, "ten classes, no idea": np.log(10), "nearly sure": 0.1}
said = curves.plot_loss_of_probability(ax, marks)
ax.set_title("Being sure and wrong costs most")
show(fig, alt=said)
learning.reveal(
    "01-first-loss", "2.3: each class gets about a tenth; -ln(1/10) = 2.303"
)

# %%
for seed in range(4):
    runtime.seed_everything(seed)
    network = model.build_model(variants.LENET5_RELU)
    with torch.no_grad():
        logits = network(thousand[0] * 255)
    loss = nn.functional.cross_entropy(logits, thousand[1])
    print(f"untrained, pixels from 0 to 255, seed {seed}: mean loss {loss:.2f}")

# %% [markdown]
# **What we saw.** A first loss away from 2.303 tells you something **before** any training. Well
# above: the network is sure, and wrong; here because its pixels run from 0 to 255 instead of 0 to 1.
# How far above depends on the seed. Well below, about 0.1: random weights cannot know the answers,
# so trained weights were loaded, or the loss is averaged wrongly. Labels that leaked into the
# pictures show later: the loss falls too well while training.

# %%
widgets.predict("01-softmax")

# %%
# A perfect answer, then learning: without and with a softmax, from the same weights.
certain = torch.zeros(1, 10)
certain[0, label] = 20  # as sure as can be, and right
some = pictures.train_images[:5000], pictures.train_labels[:5000]
others = pictures.train_images[5000:6000], pictures.train_labels[5000:6000]
for end in (nn.Identity(), nn.Softmax(dim=1)):
    perfect = nn.functional.cross_entropy(end(certain), target)
    network = nn.Sequential(fresh_lenet(), end)
    *_, last = training.train(network, data.Batches(*some, 64, shuffle=True), RECIPE)
    found = training.evaluate(network, data.Batches(*others, 250)).accuracy
    print(f"{type(end).__name__:8}: a perfect answer costs {perfect:.3f};", end=" ")
    print(f"after two epochs loss {last.train_loss:.2f}, {found:.0%} of others right")
learning.reveal("01-softmax", "worse: no error, but a floor at 1.461")

# %% [markdown] tags=["core"]
# ## 4 · LeNet, trained here · core
#
# Between its layers stand two things without weights. An **activation** bends each number on its
# own: **ReLU** makes negative ones 0, a **sigmoid** squeezes all of them between 0 and 1 (notebook
# 04 compares them). **Pooling** makes one number of each window: its largest (max pooling) or its
# mean (average pooling).

# %% tags=["nbval-check-output"]
block = torch.tensor([[[1.0, -2, 0, 3], [4, 0, -1, 1], [-5, -1, 2, 2], [-3, -3, 2, 6]]])
after = nn.functional.relu(block)
print("ReLU:", after[0].int().tolist())
print("max pooling 2 x 2, stride 2:", nn.functional.max_pool2d(after, 2)[0].tolist())
print("average pooling 2 x 2:      ", nn.functional.avg_pool2d(after, 2)[0].tolist())

# %% [markdown]
# LeNet-5 for pictures of 1 x 28 x 28, with ReLU and max pooling (*flatten*: all maps in a row):
#
# | | layer | then |
# |---|---|---|
# | 1 | convolution, 6 kernels of 5 x 5, padding 2 | ReLU, max pooling 2 x 2, stride 2 |
# | 2 | convolution, 16 kernels of 5 x 5 | ReLU, max pooling 2 x 2, stride 2 |
# | 3 | flatten, linear layer to 120 | ReLU |
# | 4 | linear layer to 84 | ReLU |
# | 5 | linear layer to 10 | nothing: these are the logits |
#
# ### Exercise 2
#
# Put it together as `nn.Sequential`. A window of k, stride s, padding p has (n + 2p - k) // s + 1
# positions on n pixels (notebook 02 derives it). It has 61,706 parameters. The check copies the
# reference's weights into it.

# %% tags=["exercise"]
lenet = None  # nn.Sequential(nn.Conv2d(...), nn.ReLU(), ...)

# %% tags=["check"]
assembled.check_lenet(lenet)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# lenet = nn.Sequential(
#     nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.ReLU(), nn.MaxPool2d(2, 2),
#     nn.Conv2d(6, 16, kernel_size=5), nn.ReLU(), nn.MaxPool2d(2, 2),
#     nn.Flatten(),
#     nn.Linear(16 * 5 * 5, 120), nn.ReLU(),
#     nn.Linear(120, 84), nn.ReLU(),
#     nn.Linear(84, 10),
# )
# ```
#
# 28 stays 28 under padding 2, then 14, 10, 5: sixteen maps of 5 x 5 make 400 numbers.
# </details>

# %% [markdown]
# **Who may look at what?** The *training* pictures make the weights. The *test* pictures say at the
# end how good the network is: they are opened once, and nothing is chosen by them. What happens if
# one chooses by them all the same? Below, 200 "networks" only guess, and the best of them on 100
# pictures is chosen.

# %% tags=["nbval-check-output"]
rng = np.random.default_rng(SEED)
right = rng.random((200, 100)) < 0.1  # each guess is right one time in ten
best = right.mean(axis=1).argmax()
print(f"best of 200 on the 100 pictures it was chosen by: {right[best].mean():.0%}")
print(f"the same guesser on 10,000 new ones: {(rng.random(10_000) < 0.1).mean():.0%}")

# %% [markdown]
# Choosing makes luck look like skill. So some training pictures are set aside to choose by: the
# **validation** pictures. They may be looked at after every epoch; each choice uses them up a
# little. Before the run comes a time estimate, from twenty batches.

# %% tags=["varies"]
generator = torch.Generator().manual_seed(SEED)
parts = data.split(pictures.train_images, pictures.train_labels, generator=generator)
train_images, train_labels, valid_images, valid_labels = parts
print(f"{len(train_images):,} to train on, {len(valid_images):,} to choose by")
twenty = data.Batches(train_images[:2560], train_labels[:2560], 128)
sample = next(training.train(fresh_lenet(), twenty, RECIPE))
seconds = RECIPE.epochs * len(train_images) / sample.images_per_second
print(f"two epochs will take about {seconds:.0f} s on this machine")

# %%
trained, history = fresh_lenet(), []
batches = data.Batches(train_images, train_labels, 128, shuffle=True)
valid = data.Batches(valid_images, valid_labels, 250)
for result in training.train(trained, batches, RECIPE, valid):
    history.append(result)
    print(f"epoch {result.epoch}: validation accuracy {result.valid_accuracy:.1%}")

# %%
test = data.Batches(pictures.test_images, pictures.test_labels, 250)  # opened once
tested = training.evaluate(trained, test)
print(f"test accuracy {tested.accuracy:.1%} of {tested.num_images:,} pictures")
with torch.no_grad():
    p_after = trained(shirt[None]).softmax(dim=1)[0, label]
print(f"the shirt, a training picture: p = {p[label]:.2f} before, {p_after:.2f} after")

# %% [markdown]
# **What we saw.** Validation and test accuracy lie close together, because next to nothing was chosen
# by the validation pictures. The shirt got more probability than before; that says little, because it
# is one of the 60,000 training pictures: only test pictures say how good a network is.

# %% [markdown] tags=["core"]
# ## 5 · What AlexNet changed, and what it kept · core
#
# LeNet-5 as d2l draws it, with sigmoids and average pooling, and the network of the 2012 paper: all
# layers, and the parameters of those that learn. `(96, 55, 55)` is 96 maps of 55 x 55. A
# **multiply-add** is one use of one weight for one picture: a product, added to a sum. LRN is the
# paper's normalisation (notebook 05), **dropout** switches random numbers off in training (06).

# %% tags=["nbval-check-output"]
for spec in (variants.LENET5, variants.ALEXNET_2012):
    rows = arithmetic.summarize(spec)
    total = sum(row.num_params for row in rows)
    linear = sum(row.num_params for row in rows if row.kind == "Linear")
    print(f"{spec.name}: {total:,} parameters, {linear / total:.1%} in linear layers")
    for layer, row in zip(spec.layers, rows, strict=True):
        if row.num_params:
            print(f"  {row.name:6} {row.out_shape!s:15} {row.num_params:>10,}")
        elif "Pool" in row.kind:
            print(f"         {row.kind} {layer.kernel_size}/{layer.stride}")
        else:
            print(f"         {row.kind.replace('LocalResponseNorm', 'LRN')}")

# %% [markdown]
# **What it kept**: convolutions with pooling between them, then linear layers, trained from end to
# end by gradient descent; even the share of the linear layers. What it changed, you count.
#
# ### Exercise 3
#
# Eight differences, AlexNet (2012) against LeNet-5 (sigmoid, average pooling). Ratios are AlexNet
# divided by LeNet; the picture's side counts as the paper writes it, 224. Activation and pooling
# are AlexNet's: a pooling is written like `"average 2/2"`, kind and window / stride.
# `arithmetic.summarize(variants.LENET5)` gives a list of rows with `.num_params` and `.macs`.

# %% tags=["exercise"]
differences = {
    "extra_learned_layers": None,
    "input_side_ratio": None,
    "first_maps_ratio": None,
    "parameters_ratio": None,
    "multiply_adds_ratio": None,
    "activation": None,  # "sigmoid", "tanh" or "ReLU"
    "pooling": None,  # "average 2/2", "average 3/2", "max 2/2" or "max 3/2"
    "dropout_layers": None,
}

# %% tags=["check"]
comparisons.check_differences(differences)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# old = arithmetic.summarize(variants.LENET5)
# new = arithmetic.summarize(variants.ALEXNET_2012)
# differences = {
#     "extra_learned_layers": 8 - 5,
#     "input_side_ratio": 224 / 28,
#     "first_maps_ratio": new[0].out_shape[0] / old[0].out_shape[0],
#     "parameters_ratio": sum(r.num_params for r in new) / sum(r.num_params for r in old),
#     "multiply_adds_ratio": sum(r.macs for r in new) / sum(r.macs for r in old),
#     "activation": "ReLU",
#     "pooling": "max 3/2",
#     "dropout_layers": sum(row.kind == "Dropout" for row in new),
# }
# ```
#
# Eight times the side, sixteen times the maps: the "ten times" of the tutorials fits neither.
# </details>

# %% [markdown] tags=["stretch"]
# ## 6 · Why 2012, and not 1995? · stretch
#
# The works below stand in the paper's own list of references; the number is their place in it. So
# the parts were there before. Count the multiply-adds: learning from a picture costs about three
# times what looking at it does (forward once, and about twice that on the way back: notebook 03).
# LeNet here: 60,000 pictures, 10 epochs. The paper: 1.2 million pictures, about 90 epochs (sections
# 2 and 5).

# %% tags=["nbval-check-output"]
for cited in CITED:
    where = f"[{cited.reference}]" if cited.reference else ""
    print(f"{cited.year} {where:>4} {cited.authors}: {cited.what}")

# %% tags=["varies"]
work = {}
for name, images, epochs in (("LENET5", 60_000, 10), ("ALEXNET_2012", 1_200_000, 90)):
    rows = arithmetic.summarize(variants.find_variant(name))
    work[name] = 3 * sum(row.macs for row in rows) * images * epochs
    print(f"{name}: {work[name]:.2e} multiply-adds to train")
print(f"ratio: {work['ALEXNET_2012'] / work['LENET5']:,.0f}")
speed = work["LENET5"] / 600_000 * history[-1].images_per_second
days = work["ALEXNET_2012"] / speed / 86_400
print(f"at the {speed / 1e9:.1f} billion a second of the run above: {days:,.0f} days")

# %% [markdown]
# **What we saw.** The layers were there in 1990. What was missing: 1.2 million labelled pictures,
# and a machine for that many multiplications. The authors' two graphics cards took five to six days
# (section 5). Our last line is a rough guide: it lets large layers run at the speed of small ones.
#
# **How to read the paper.** First pass through
# [the paper](https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html):
# abstract, Figure 2, Tables 1 and 2. Second: section 3.5 with a pencil. Then one section at a time,
# each beside its notebook: [the map](paper_map.md). At every number ask: compared with what, and
# over how many runs?

# %% [markdown] tags=["stretch"]
# ## 7 · Twelve runs: is it better, or was it lucky? · stretch
#
# Four LeNets: sigmoid or ReLU, average or max pooling; ten epochs, three seeds, each network at a
# rate chosen for it on validation pictures. These runs are recorded. First the three runs of one
# of them: same network, same pictures, same rate.

# %%
folder = runtime.course_file("runs/README.md").parent
runs = training.load_records(folder, experiment="lenet_grid")
oldest = [run for run in runs if run.variant == "LENET5"]
fig, ax = plt.subplots(figsize=(8, 3.6))
three = {f"seed {run.seed}, test {run.test_accuracy:.1%}": run.curve for run in oldest}
said = curves.plot_learning_curves(ax, three)
ax.axhline(np.log(10), color="grey", linestyle=":")
ax.set_title("LENET5 three times: one run stands long at ln 10 (dotted)")
show(fig, alt=f"Sigmoid, average pooling, three seeds. {said}")

# %% [markdown]
# Whoever had run only that seed would have told another story. So the ranges come first, before
# any mean.
#
# ### Exercise 4
#
# For which pairs do the ranges **not** overlap: in the training loss of the last epoch, and in test
# accuracy? Collect each as a set of pairs such as `("LENET5", "LENET5_RELU")`, in either order.

# %%
losses, accuracies = {}, {}
for run in sorted(runs, key=lambda run: (run.variant, run.seed)):
    losses.setdefault(run.variant, []).append(run.curve[-1].train_loss)
    accuracies.setdefault(run.variant, []).append(run.test_accuracy)
fig, axes = plt.subplots(1, 2, figsize=(8, 3), sharey=True)
said = [
    curves.plot_seed_ranges(axes[0], losses, "training loss, last epoch, nats"),
    curves.plot_seed_ranges(axes[1], accuracies, "test accuracy, %", scale=100),
]
fig.suptitle("Only where ranges of three seeds part is there something to explain")
show(fig, alt=" ".join(said))

# %% tags=["exercise"]
separate = {"train_loss": None, "test_accuracy": None}

# %% tags=["check"]
comparisons.check_separate(separate)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# from itertools import combinations
#
#
# def apart(a, b):
#     return max(a) < min(b) or max(b) < min(a)
#
#
# separate = {
#     measure: {(a, b) for a, b in combinations(v, 2) if apart(v[a], v[b])}
#     for measure, v in (("train_loss", losses), ("test_accuracy", accuracies))
# }
# ```
#
# A pair in the set: no choice among these seeds would have turned its order round. About the other
# pairs these runs are silent, which does not say that the networks are equally good.
# </details>

# %% tags=["nbval-check-output"]
# What can three seeds say, if two networks are in truth equal?
orders = torch.combinations(torch.arange(6), 3).tolist()  # ranks of the first network
apart = [ranks for ranks in orders if ranks in ([0, 1, 2], [3, 4, 5])]
print(f"wholly apart by luck alone: {len(apart)} of {len(orders)} orders,", end=" ")
pairs = len(losses) * (len(losses) - 1) // 2
print(f"{len(apart) / len(orders):.0%} of the time; and here are {pairs} pairs")

# %% [markdown] tags=["stretch"]
# ## 8 · Other people's code · stretch
#
# d2l, a widely used book, prints the shapes of its LeNet. Ours stands first, with parameters and
# multiply-adds; it leaves the batch axis out, and is computed from a table, without a network.

# %%
print("ours: layer, shape, parameters, multiply-adds")
for row in arithmetic.summarize(variants.LENET5):
    print(f"{row.kind:10} {row.out_shape!s:13} {row.num_params:>7,} {row.macs:>8,}")
try:
    from d2l import torch as d2l

    print("d2l's:")
    d2l.LeNet().layer_summary((1, 1, 28, 28))
except ImportError:
    print("d2l is not installed here. Recorded from version 1.0.3:")
    for kind, shape in assembled.D2L_LENET:
        print(kind, "output shape:\t", torch.Size(shape))

# %% [markdown]
# Layer for layer the same. Not every page runs as it stands, though: a tutorial's AlexNet has three
# faults in one cell. Below they are in a smaller network. Python stops at the first and is silent
# about the others; the last may stay silent for ever. Can you see when?
#
# ### Exercise 5
#
# Repair the cell: write it as the body of `repaired`, and return the network.

# %% tags=["raises-exception"]
BROKEN = """
net == nn.Sequential(
    nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.ReLU(),
    nn.MaxPool2d(kernel_size=2)  # halves each side
    nn.Conv2d(6, 16, kernel_size=5), nn.ReLU(),
    nn.MaxPool2d(kernel_size=2)  # and again
    nn.Flatten(), nn.Linear(400, 10),
)
"""
exec(BROKEN)


# %% tags=["exercise"]
def repaired() -> nn.Sequential:
    """The network of the broken cell."""
    raise NotImplementedError


# %% tags=["check"]
assembled.check_repaired(repaired)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def repaired() -> nn.Sequential:
#     net = nn.Sequential(
#         nn.Conv2d(1, 6, kernel_size=5, padding=2), nn.ReLU(),
#         nn.MaxPool2d(kernel_size=2),  # halves each side
#         nn.Conv2d(6, 16, kernel_size=5), nn.ReLU(),
#         nn.MaxPool2d(kernel_size=2),  # and again
#         nn.Flatten(), nn.Linear(400, 10),
#     )
#     return net
# ```
#
# Two commas, and `=` for `==`. Where a `net` exists already, `==` raises nothing: the comparison is
# thrown away, and the old network is trained. The next cell shows both.
# </details>

# %% tags=["nbval-check-output"]
with_commas = BROKEN.replace("=2)  #", "=2),  #")
for names in ({"nn": nn}, {"nn": nn, "net": "an old network"}):
    try:
        exec(with_commas, names)
        print("no complaint, and net is still", names["net"])
    except NameError as error:
        print("NameError:", error)

# %% [markdown] tags=["core"]
# ## 9 · Who is right? · core

# %%
widgets.who_is_right("01")

# %%
widgets.claim_cards("01")

# %%
learning.ledger()

# %% [markdown]
# **Verdict so far.** AlexNet kept LeNet's plan, and was not the first of its kind. It changed the
# size, the activation and the pooling, and added normalisation and dropout. The ledger above lists
# what the paper and its readers credit; so far no line of it is shown to matter.
#
# **What still does not fit.** The paper's pictures have 224 pixels, its window 11 at stride 4, and
# its first map is 55 wide. The rule of exercise 1 is (224 - 11) // 4 + 1.
#
# **Next**: [02 · Why is the first map 55 wide?](02_layer_size_arithmetic.ipynb)
#
# References: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional
# neural networks*, NIPS 2012, sections 2, 3 and 5; LeCun and others, *Handwritten digit recognition
# with a back-propagation network*, 1990; Zhang and others, *Dive into Deep Learning*, chapter 7.6;
# Xiao, Rasul and Vollgraf, [Fashion-MNIST](https://github.com/zalandoresearch/fashion-mnist), 2017.
