# %% [markdown]
# # 08 · What does a trained network look at?
#
# **They say**: look at the 96 kernels of the first layer, and you see what the network has learned (the
# paper, section 6.1 and Figure 3; and every course since).
#
# **The doubt**: an enlarged picture holds 784 numbers, not 50,176 (notebook 07). What is left for a
# window of 11 x 11 to learn from?
#
# **You will be able to**
# 1. record everything a network makes of a picture, and say what each number sees;
# 2. tell what a filter has learned from what it was born with;
# 3. test a story about a channel on pictures that did not suggest it.
#
# Core 35 minutes, stretch 15. Read before: 02 and 07. Ledger row filled here: 224 pixels (verdict).

# %%
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn

from alexnet_lib import data, learning, runtime, widgets
from alexnet_lib.architecture import arithmetic, variants
from alexnet_lib.figures import insides, show, use_course_style
from alexnet_lib.inside import attribution, neighbours, patches, recorder, surgery
from alexnet_lib.learning import shipped
from alexnet_lib.learning.checks import cut, fields, hooks, windows

# %%
use_course_style()
torch.set_num_threads(1)  # one core: no waiting for another
SEED = 0
# Full width if the course ships it, else a quarter as wide; or name one of them alone.
opened = shipped.first_shipped("d2l", "quarter")
network, history = opened.network, opened.history
model = network.model
FEW, MANY = 100, 500  # pictures where the whole network runs, and where it runs once
pictures = data.load()
BOOT = pictures.class_names.index("Ankle boot")
print(pictures.note, opened, sep="\n")

# %%
widgets.recall("08")

# %% [markdown] tags=["core"]
# ## 1 · How to listen: a hook · core
#
# A network gives ten logits, and forgets what was on the way. Notebook 04 hung a **hook** on a gradient;
# this one hangs on a layer, and torch calls it each time the layer has run, with the layer, its inputs
# and its output. Here is one on the
# convolution of a tiny network. Its ReLU works **in place**: it writes its result over its input, to
# save memory. torchvision's AlexNet does so, too.

# %% tags=["nbval-check-output"]
tiny = nn.Sequential(nn.Conv2d(1, 1, 1), nn.ReLU(inplace=True))
tiny[0].weight.data.fill_(1)
tiny[0].bias.data.fill_(0)
heard = []
handle = tiny[0].register_forward_hook(lambda layer, inputs, out: heard.append(out))
tiny(torch.tensor([[[[-2.0, -1.0, 1.0, 2.0]]]]))
handle.remove()
print("the convolution gave", heard[0].flatten().tolist())

# %% [markdown]
# It gave -2, -1, 1 and 2! We kept the tensor, and the next layer wrote into it. A recording needs a copy
# that nobody else writes to. And it needs an end: a hook that is left behind costs time and memory in
# every later pass, and does what it does a second time when the cell is run again.
#
# ### Exercise 1
#
# Record what every child of a network gives, as it was: what you keep must be a copy. Leave no hook behind, not even when the network
# stops with an error. The children may be used in another order than they were made, so calling them
# one after the other will not do.


# %% tags=["exercise"]
def record(network: nn.Module, images: torch.Tensor) -> dict[str, torch.Tensor]:
    """Name of each child: its output, as it was given."""
    raise NotImplementedError


# %% tags=["check"]
hooks.check_record(record)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def record(network, images):
#     found, handles = {}, []
#
#     def listener(name):
#         def hook(layer, inputs, output):
#             found[name] = output.detach().clone()
#
#         return hook
#
#     try:
#         for name, layer in network.named_children():
#             handles.append(layer.register_forward_hook(listener(name)))
#         network(images)
#     finally:
#         for handle in handles:
#             handle.remove()
#     return found
# ```
#
# `detach` alone shares the memory; `clone` makes the copy. `listener` is there so that each hook keeps a
# name of its own.
# </details>

# %%
# The course's recorder does the same: here every layer of our network, for one picture
prepared = shipped.prepare(network, pictures.test_images[:FEW])  # (100, 1, 224, 224)
everything = recorder.all_activations(model, prepared[:1])
for name, numbers in everything.items():
    if "drop" not in name and "flat" not in name:
        print(f"{name:6} {tuple(numbers.shape[1:])!s:14}", end=" ")
        print(f"{numbers.min():7.2f} to {numbers.max():5.2f}", end=", ")
        print(f"{(numbers == 0).float().mean():4.0%} are 0")

# %% [markdown] tags=["core"]
# ## 2 · Filters and maps · core
#
# Below: the **filters** of the first layer, all on one scale, which you can sort, and turn to *what the
# data can see* (section 3 explains that switch, and the numbers in its caption; bet first). Then all **maps** of every layer for a picture: one
# from the test set, one that you draw (the garment of notebook 00 is on the pad, if you drew one), or a
# file. One map is framed; choose a place in it, and see which pixels that one number depends on. Under
# them: the test pictures that excite the channel most. Without a kernel, look at some states of
# [the wall](twins/filter_wall.html) and [the maps](twins/activation_maps.html).

# %%
widgets.predict("08-rank")

# %% tags=["varies"]
widgets.explorer(network, pictures, history)

# %% [markdown]
# **What we saw.** Maps of the first layers are edges and areas, nearly as fine as the picture. The deeper
# the layer, the fewer the places, and the more of the picture each of them sees; in the end most numbers
# are zeros. Names such as "the sleeve channel" come easily when you look at the top pictures. They are
# guesses; section 4 tests one.
#
# Can the filters of deeper layers be shown as pictures, too? Look at what one of them is made of:

# %% tags=["nbval-check-output"]
paper = {row.name: row for row in arithmetic.summarize(variants.ALEXNET_2012)}
for name in ("conv1", "conv2", "conv3"):
    maps = paper[name].in_shape[0]
    print(f"{name} of the paper: {maps} maps come in", end="; ")
    print("grey or colours" if maps in (1, 3) else "no picture has so many channels")

# %% [markdown]
# Only the first layer reads pixels. Whoever shows you a 5 x 5 picture of a conv2 filter has left out all
# maps but one, or has added them up.
#
# ### Exercise 2
#
# Which pixels does one unit see? Each window is `(kernel, stride, padding)`, from the picture to the
# unit's layer. Give the first and the last pixel along one line, counted from 0; numbers below 0 lie in
# the padding.


# %% tags=["exercise"]
def field(windows: list[tuple[int, int, int]], position: int) -> tuple[int, int]:
    """First and last pixel that the unit at this position of its map sees."""
    raise NotImplementedError


# %% tags=["check"]
fields.check_field(field)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def field(windows, position):
#     first = last = position
#     for kernel, stride, padding in reversed(windows):
#         first = first * stride - padding
#         last = last * stride - padding + kernel - 1
#     return first, last
# ```
#
# From the unit back to the picture: the unit itself, then what its window covers, then what the windows
# of those cover.
# </details>

# %% tags=["nbval-check-output"]
side = variants.ALEXNET_2012.input_shape[1]
for name in ("conv1", "pool1", "conv3", "pool5"):
    stack = fields.windows_of(variants.ALEXNET_2012, name)
    place = paper[name].out_shape[1] // 2  # in the middle of the map
    first, last = fields.field(stack, place)
    print(f"{name}: {last - first + 1} pixels of {side}, from {first} to {last}")

# %% [markdown] tags=["core"]
# ## 3 · What a window can see · core
#
# Back to the wall of filters: is it a wall of edges and blobs, or one of noise? Each filter has 121
# numbers, and is laid on windows of 11 x 11 pixels. What can such windows look like, if the picture was
# enlarged from 28 pixels?
#
# Take pictures of pure noise: whatever a garment can do, these can do as well. Enlarge them, and cut
# every window out, as conv1 meets it. Each window is a row of 121 numbers. The **singular values** of all
# these rows say how far they spread along directions at right angles, the widest first. As many of them are
# above 0 as there are independent directions: the **rank** of notebook 07.


# %%
def all_windows(small: int, large: int, kernel: int, stride: int, padding: int):
    """Every window of four random pictures: (n, kernel * kernel), float64."""
    noise = torch.rand(4, 1, small, small, dtype=torch.float64)
    shown = F.interpolate(noise, size=large, mode="bilinear")
    cells = F.unfold(shown, kernel, padding=padding, stride=stride)
    return cells.transpose(1, 2).flatten(0, 1)


runtime.seed_everything(SEED)
conv1, small = model.conv1, pictures.test_images.shape[-1]
window = conv1.kernel_size[0], conv1.stride[0], conv1.padding[0]
ours = (small, network.resize, *window)
kinds = {
    "enlarged, padding 0": all_windows(*ours[:4], 0),
    f"enlarged, padding {ours[4]}": all_windows(*ours),
    "not enlarged": all_windows(network.resize, network.resize, *window),
}

# %%
fig, ax = plt.subplots(figsize=(6, 3.5))
spectra = {n: torch.linalg.svdvals(rows).numpy() for n, rows in kinds.items()}
show(fig, alt=insides.plot_sizes(ax, spectra))

# %% [markdown]
# ### Exercise 3
#
# Count the dimensions: how many directions do the rows span, up to rounding? The windows may come on any
# scale.


# %% tags=["exercise"]
def count_dimensions(windows: torch.Tensor) -> int:
    """Rows (n, 121), float64 -> how many dimensions they span."""
    raise NotImplementedError


# %% tags=["check"]
windows.check_count_dimensions(count_dimensions)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def count_dimensions(windows):
#     sizes = torch.linalg.svdvals(windows)
#     return int((sizes > 1e-9 * sizes[0]).sum())
# ```
#
# Double precision leaves about 1e-15 of the largest where there is nothing. Anything well between that
# and the smallest real one will do.
# </details>

# %% tags=["nbval-check-output"]
for name, rows in kinds.items():
    print(f"{name}: {patches.dimensions(rows)} of {rows.shape[1]} dimensions")
learning.reveal("08-rank", patches.dimensions(kinds[f"enlarged, padding {ours[4]}"]))

# %% [markdown]
# Why? A line first. Eleven large pixels are mixed from the three or four small ones nearest to them, so
# a window of a line sees three or four numbers. Windows at even and at odd places lie differently over
# the small pixels: these are two **phases**, and together they span a little more than each. A picture is
# enlarged along rows and columns alike: square what you find for a line. The zeros of padding are a
# sharp step at the edge, which no enlarged picture has: one direction more.

# %% tags=["nbval-check-output"]
for padding in (0, 1):
    line = patches.line_windows(28, 224, 11, 4, padding)
    inner = sorted(set(patches.window_ranks(line)[2:-2]))
    together = patches.line_basis(line).shape[1]
    print(
        f"padding {padding}: an inner window of a line sees {inner} dimensions", end=""
    )
    print(f", all together {together}; of a picture {together**2}")

# %% [markdown]
# With padding 1, an inner window of a picture sees 9, 12 or 16 dimensions, by its phases. Whatever a
# filter does to these pictures, it does by its part in the common dimensions. The rest of it stands at
# right angles to every window, so their product is 0: it changes no output, so the loss does not depend
# on it, so **it gets no gradient**.
#
# ### Exercise 4
#
# Take out of each kernel what the windows can see. `basis` holds the directions of a line as columns, at
# right angles, of length 1. Rows and columns are seen alike. Tolerance: 1e-5.


# %% tags=["exercise"]
def project(kernels: torch.Tensor, basis: torch.Tensor) -> torch.Tensor:
    """kernels (N, C, 11, 11), basis (11, r) -> the seen part, (N, C, 11, 11)."""
    raise NotImplementedError


# %% tags=["check"]
windows.check_project(project)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def project(kernels, basis):
#     onto = basis @ basis.T
#     return onto @ kernels @ onto
# ```
#
# `basis.T @ column` says how much of each direction is in a column, `basis @ ...` adds the directions up
# again. From the left for the columns of a kernel, from the right for its rows.
# </details>

# %%
basis = patches.line_basis(patches.line_windows(*ours))
kernels = conv1.weight.detach()
seen, shares = patches.seen_part(kernels, basis), patches.seen_share(kernels, basis)
some = shares.argsort(descending=True)[:: len(shares) // 6][:6]
fig, axes = plt.subplots(3, 6, figsize=(8, 4.4))
parts = [x[some, 0].numpy() for x in (kernels, seen)]
show(fig, alt=insides.plot_kernel_parts(axes, *parts, shares[some].tolist()))

# %% [markdown]
# Six filters, from the one of which most is seen to one of which little is. If the rest is no use, it
# can be exchanged. Bet, then see: new random numbers, as large as the old ones.

# %%
widgets.predict("08-noise")

# %%
runtime.seed_everything(SEED)
noisy = patches.with_fresh_noise(kernels, basis)  # where nothing is seen
spoilt = patches.seen_part(torch.randn_like(kernels) * kernels.std(), basis)
control = kernels - seen + spoilt
spoiling = "control: the seen part spoilt"
changes = {"cut to what is seen": seen, "fresh noise": noisy, spoiling: control}


def logits_with(weight: torch.Tensor) -> torch.Tensor:
    """What the network says to a hundred pictures with other first-layer kernels."""
    with torch.no_grad():
        first = F.conv2d(prepared, weight, conv1.bias, conv1.stride, conv1.padding)
        return surgery.behind(model, "conv1")(first)


before = logits_with(kernels)
spread = before.std().item()

# %%
for change, weight in changes.items():
    after = logits_with(weight)
    other = (after.argmax(dim=1) != before.argmax(dim=1)).sum().item()
    moved = (after - before).abs().max().item()
    print(
        f"{change}: logits move by at most {moved:.2g} (their spread: {spread:.2g})",
        end="",
    )
    print(f"; {other} of {len(after)} answers change")
    changes[change] = other
learning.reveal("08-noise", f"{changes['fresh noise']} of {len(before)}")

# %% [markdown]
# **What we saw.** Most of a filter can be thrown away or overwritten, and the network says the same. The
# last line is the control: there the unseen rest was kept, and what is *seen* was spoilt.
#
# The logits move a little, because pictures are stored as bytes: each enlarged pixel was rounded, and
# rounding is noise that fills all 121 dimensions, faintly. How faintly, and what the gradient says:

# %%
few, answers = pictures.test_images[:8], pictures.test_labels[:8]
exact = F.interpolate(few / 255, size=network.resize, mode="bilinear")
exact = (exact - exact.mean()) / exact.std()
for name, shown in {"bytes": prepared[:8], "floats": exact}.items():
    weight = kernels.clone().requires_grad_()
    first = F.conv2d(shown, weight, conv1.bias, conv1.stride, conv1.padding)
    loss = F.cross_entropy(surgery.behind(model, "conv1")(first), answers)
    (gradient,) = torch.autograd.grad(loss, weight)
    outside = gradient - patches.seen_part(gradient, basis)
    share = (outside.norm() / gradient.norm()).item()
    print(f"{name}: {share:.0e} of the gradient lies where nothing is seen")

# %% [markdown]
# The last test is the strictest. The record of this training names its seed, so the random start can be
# drawn again, number for number. What is left of it after all the steps? (Weight decay, where a recipe
# has it, shrinks what gets no gradient, and leaves its pattern: the cosine tells.)

# %%
begun = shipped.beginning(network).conv1.weight.detach()
for name in ("seen", "unseen"):
    was, now = (patches.seen_part(x, basis) for x in (begun, kernels))
    if name == "unseen":
        was, now = begun - was, kernels - now
    moved = ((now - was).norm() / was.norm()).item()
    alike = F.cosine_similarity(was.flatten(), now.flatten(), dim=0).item()
    print(f"{name}: moved by {moved:.1%} of its size", end=", ")
    print(f"cosine with its random start {alike:.4f}")

# %% [markdown]
# What do filters look like where the data fill the window? For that the course has a second network,
# which reads its pictures as they are, without enlarging:

# %%
other = shipped.first_shipped("colour", "lenet").network
weight = other.model.conv1.weight.detach()
stem = weight.shape[-1], other.model.conv1.stride[0], other.model.conv1.padding[0]
line = patches.line_windows(other.resize, other.resize, *stem)
whole = f"{patches.line_basis(line).shape[1] ** 2} of {stem[0] ** 2} dimensions"
print(f"{other.spec.name}, windows of {stem[0]} x {stem[0]}: {whole}")
fig, ax = plt.subplots(figsize=(6, 2.6))
show(fig, alt=insides.plot_wall(ax, weight.numpy(), other.spec.name))

# %% [markdown]
# Some show an edge or a colour, in pixels that agree with their neighbours; some show next to nothing:
# that all directions can be learned does not say that all are needed.

# %% [markdown] tags=["core"]
# ## 4 · Surgery, and how far a story travels · core
#
# Silence some channels, and see what the network says then. An **advocate** is a channel that speaks for
# the present answer: the gradient of its log-probability, times the activation, summed over the map.
# Choose a picture and a layer; type which channels are silent, or let the buttons choose. Without a
# kernel, look at [some cuts](twins/channel_surgery.html).

# %%
widgets.predict("08-cut")

# %%
boots = torch.nonzero(pictures.test_labels == BOOT).flatten()
scalpel = widgets.channel_surgery(network, pictures, number=boots[3].item())
scalpel.silence_until_it_changes()
scalpel

# %% [markdown]
# It is tempting to say: "I have found the boot channels." That story was made up from one picture. The
# test: the same cut, on boots that had no say in choosing it, and on everything else. To be quick, the
# pictures go through the network once; the cut is made in what is kept behind the last pooling.

# %%
others = torch.nonzero(pictures.test_labels != BOOT).flatten()
unseen = torch.cat([boots[4 : MANY + 4], others[:MANY]])
kept = shipped.activations_of(network, pictures.test_images[unseen], ["pool5", "relu7"])
labels, rest = pictures.test_labels[unseen], surgery.behind(model, "pool5")
told = surgery.forgotten(rest, kept["pool5"], labels, scalpel.silent)
print(f"without {len(scalpel.silent)} of {kept['pool5'].shape[1]} channels:")
for label, (was, now) in told.items():
    count = (labels == label).sum().item()
    print(f"{pictures.class_names[label]:12} {count:4} pictures:", end=" ")
    print(f"{was:.0%} were named rightly, now {now:.0%}")
chance = torch.randperm(kept["pool5"].shape[1])[: len(scalpel.silent)].tolist()
was, now = surgery.forgotten(rest, kept["pool5"], labels, chance)[BOOT]
print(f"as many channels drawn at random: boots from {was:.0%} to {now:.0%}")
lost = told[BOOT][0] - told[BOOT][1]
learning.reveal("08-cut", f"{lost:.0%} of {(labels == BOOT).sum().item()}")

# %% [markdown]
# **What we saw.** It takes many channels to change one answer. Compare the cut with the one at random, boots
# with the rest, and see how many boots do without: so far the story travels, and no further. No channel is "the boot channel": a class is spread over many of them, the more so since
# dropout trained the layers behind to do without any one (notebook 06). A story about a channel is a
# prediction about other pictures, and has to be tested on them.
#
# ### Exercise 5
#
# Do better than the story: from training pictures, choose channels that speak for a *class*. For every
# class in turn, a sixteenth of the channels behind the last pooling is cut; the judge is a thousand test
# pictures. On average the class to forget must lose at least one point of accuracy, and three times as
# much as the other classes.


# %% tags=["exercise"]
def pick_channels(maps: torch.Tensor, labels: torch.Tensor, target: int, count: int):
    """maps (N, C, h, w), labels (N,), a class -> a list of `count` channels to cut."""
    raise NotImplementedError


# %% tags=["check"]
cut.check_pick_channels(pick_channels, network, pictures)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def pick_channels(maps, labels, target, count):
#     activity = maps.mean(dim=(2, 3))  # (N, C)
#     own = activity[labels == target].mean(dim=0)
#     others = activity[labels != target].mean(dim=0)
#     return (own - others).topk(count).indices.tolist()
# ```
#
# Not what is loud, but what is louder for this class than for the others.
# </details>

# %% [markdown] tags=["stretch"]
# ## 5 · Neighbours in fc7 · stretch
#
# The paper's Figure 4 takes the numbers behind fc7 as a description of a picture, and looks for test
# pictures with the nearest description. Here with ours; beside it the same by pixels, as a control.
# Framed in the figure are neighbours that carry another label.

# %%
shown, described = pictures.test_images[unseen].float(), kept["relu7"]
for name, rows in {"fc7": described, "pixels": shown}.items():
    near, _distances = neighbours.nearest(rows, rows[::10], 7)
    same = neighbours.agreement(labels, near[:, 1:], labels[::10])
    print(f"nearest by {name}: {same:.1%} of six neighbours carry the same label")
queries = torch.tensor([0, MANY, MANY + 3, MANY + 7]).clamp(max=len(labels) - 1)
near, _distances = neighbours.nearest(described, described[queries], 7)
fig, ax = plt.subplots(figsize=(7, 4.2))
drawn = shown[:, 0].numpy(), near.numpy(), pictures.class_names, labels
show(fig, alt=insides.draw_neighbours(ax, *drawn))

# %% [markdown] tags=["stretch"]
# ## 6 · Why did it say that? Three answers · stretch
#
# **Saliency**: how much would the logit change if a pixel changed a little? **Occlusion**: what does it
# lose when a square is covered? **Grad-CAM**: where are the maps of the last convolution that speak for
# the class? All three are asked of one picture, and of the class that the network names.

# %%
number, said = 2, before[:20].argmax(dim=1)
image, label = prepared[number], said[number].item()
black = image.min().item()  # what a black pixel is, after the normalisation
bright = attribution.saliency(model, prepared[:20], said)
maps = {
    "saliency": bright[number],
    "occlusion": attribution.occlusion_map(model, image, label, 40, 20, black),
    "Grad-CAM": attribution.grad_cam(model, "relu5", image[None], [label])[0],
}
top = bright > bright.flatten(1).quantile(0.99, dim=1)[:, None, None]
is_black = prepared[:20, 0] == black
print(
    f"brightest hundredth of 20 saliencies: {is_black[top].float().mean():.0%}", end=" "
)
print(f"lie on black pixels, as {is_black.float().mean():.0%} of all pixels do")
fig, axes = plt.subplots(1, 4, figsize=(8, 2.6))
arrays = {name: values.numpy() for name, values in maps.items()}
show(fig, alt=insides.plot_attributions(axes, image[0].numpy(), arrays))

# %% [markdown]
# **What we saw.** The three do not agree, because they answer three questions. A black pixel can be
# bright in a saliency: *if* there were something, the logit would change. Blackening it again changes
# nothing. So bright is not the same as "the answer rests on this". Notebook 14 goes on from here.

# %% [markdown] tags=["stretch"]
# ## 7 · A knife that slips · stretch
#
# Somebody silences a channel behind the first ReLU, and asks for a saliency at the same time. Why does
# torch refuse, and how does the course's `silence` do it?


# %% tags=["raises-exception"]
def mute(layer, inputs, output):
    output[:, 3] = 0
    return output


pair = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU())
pair[1].register_forward_hook(mute)
pair(torch.ones(1, 1, 5, 5)).sum().backward()

# %% [markdown]
# <details><summary>The diagnosis</summary>
#
# ReLU's gradient is 1 where its output is above 0, so autograd keeps that output for the way back. The
# hook has written into it. torch counts the writes to every tensor, and refuses rather than give a wrong
# gradient. `silence` writes into a clone: `quiet = output.clone()`, `quiet[:, 3] = 0`, `return quiet`.
# The same trap as in section 1, from the other side.
# </details>

# %% [markdown] tags=["core"]
# ## 8 · Who is right? · core

# %%
widgets.who_is_right("08")

# %%
widgets.claim_cards("08")

# %%
work = {
    s: sum(row.macs for row in arithmetic.summarize(variants.find_variant(v)))
    for s, v in ((224, "ALEXNET_QUARTER_BN"), (28, "ALEXNET_QUARTER_BN_28"))
}
rank = basis.shape[1] ** 2
learning.fill(
    "224 pixels",
    costs=f"{work[224] / work[28]:.1f} times the multiply-adds of 28 pixels",
    buys=f"room for an 11 x 11 window; {rank} of its 121 dimensions can be learned",
    verdict=f"no new information: overwrite the rest, and {changes['fresh noise']} of "
    f"{FEW} answers change",
)

# %% [markdown]
# **Verdict so far.** 224 pixels was the size of the contest's pictures. Ours are enlarged, and most
# numbers of our filters are what chance made them. A wall of filters shows what was learned only if you
# know what could be.
#
# **What still does not fit.** What was not learned is the random start. It did no harm here. But what if
# the start is wrong where it matters: can a network fail to begin at all?
#
# **Next**: [09 · Why does the loss not fall?](09_when_it_does_not_learn.ipynb), or another way through
# Part II.
#
# References: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional neural
# networks*, NIPS 2012, section 6.1; Zeiler and Fergus, *Visualizing and understanding convolutional
# networks*, ECCV 2014; Simonyan, Vedaldi and Zisserman, *Deep inside convolutional networks*, 2014;
# Selvaraju and others, *Grad-CAM*, ICCV 2017.
