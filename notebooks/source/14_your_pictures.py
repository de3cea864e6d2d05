# %% [markdown]
# # 14 · Why did it say that?
#
# **They say**: a map of evidence shows what the network looked at (the captions under most such
# figures); and a pretrained AlexNet is the network of 2012, ready for your pictures.
#
# **The doubt**: notebook 08 ended with bright pixels that change nothing. Would a network that has
# learned nothing draw another map?
#
# **You will be able to**
# 1. give a pretrained network a picture the way it was trained, and find out when you did not;
# 2. put a map of evidence on trial, instead of believing it;
# 3. say what a list of 1000 classes can tell about your picture, and what it cannot.
#
# Core 35 minutes, stretch 15. Read before: 02 and 08. Ledger rows filled here: none.

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from PIL import Image
from torch import nn

from alexnet_lib import data, learning, runtime, widgets
from alexnet_lib.architecture import arithmetic, variants
from alexnet_lib.data import pictures as files
from alexnet_lib.figures import colour_clouds, evidence, insides, show, use_course_style
from alexnet_lib.inside import attribution
from alexnet_lib.learning import hand_schedules, pointing, pretrained, shipped
from alexnet_lib.learning.checks import attributions, covering, kinds, preparing, probe

# %%
use_course_style()
torch.set_num_threads(1)  # one core: no waiting for another
SEED = 0
DOWNLOAD = True  # 244 MB, once, if torchvision's server answers; False: never ask
PICTURE = None  # or the path of a picture of yours, such as "holiday.jpg"
network = shipped.first_shipped("quarter").network  # for the trials
model, pictures = network.model, data.load()
print(pictures.note)

# %%
widgets.recall("14")

# %% [markdown] tags=["core"]
# ## 1 · A network that others trained · core
#
# torchvision offers an AlexNet whose weights were trained on ImageNet: 1.2 million photographs, 1000
# classes. If they lie on this machine or can be fetched, they answer below. If not, the line says why,
# and a network of the course answers; everything else in this notebook stays the same. Is it "the"
# AlexNet? Compare its table of layers with the paper's.

# %% tags=["varies"]
answering = pretrained.imagenet_or_shipped("colour", "quarter", download=DOWNLOAD)
print(answering)

# %% tags=["nbval-check-output"]
for spec in (variants.ALEXNET_2012, variants.ALEXNET_TORCHVISION):
    rows = arithmetic.summarize(spec)
    kernels = [row.out_shape[0] for row in rows if row.kind == "Conv2d"]
    normalised = sum(row.kind == "LocalResponseNorm" for row in rows)
    total = sum(row.num_params for row in rows)
    print(spec.name, f"  kernels {kernels}", sep="\n")
    print(f"  {normalised} times LRN, {total:,} parameters")

# %% tags=["nbval-check-output"]
from torchvision.models import AlexNet_Weights

weights = AlexNet_Weights.IMAGENET1K_V1
theirs = weights.meta["_metrics"]["ImageNet-1K"]["acc@1"]
print(f"top-1 error, the paper's network: {hand_schedules.RUNS['145'].top1_error:.1%}")
print(f"top-1 error, torchvision's:       {1 - theirs / 100:.1%}")

# %% [markdown]
# Other widths, no normalisation, no groups: it is the network of another paper, of 2014, under
# the same name (notebook 16 has the family). The two top-1 errors (the likeliest name is wrong) are not
# rivals either. torchvision looks once, at the middle of a picture; the paper's number is the average
# over ten crops (notebook 10). So say *torchvision's AlexNet*, and *one crop*.
#
# What do first-layer filters look like when the pictures have colours?

# %%
weight = answering.network.model.conv1.weight.detach()
if weight.shape[1] == 1:
    print("This network has never seen a colour. `python -m alexnet_lib record colour`")
    print("trains one that has; or let DOWNLOAD fetch torchvision's, and run again.")
fig, ax = plt.subplots(figsize=(6, 2.6))
show(fig, alt=insides.plot_wall(ax, weight.numpy(), answering.network.spec.name))

# %% [markdown] tags=["core"]
# ## 2 · Four steps before the first layer · core
#
# The photograph is the portrait of Grace Hopper that comes with matplotlib (or yours: set `PICTURE`
# above). Networks trained on ImageNet want 224 x 224 pixels, got in this way: (1) the **shorter** side
# becomes 256 pixels, the other follows in proportion; (2) the middle 224 x 224 is cut out; (3) bytes become
# numbers from 0 to 1; (4) of each colour the mean of the training pictures is taken off, and the rest
# divided by their standard deviation. Each line of code below runs, and only one is right:

# %%
photo = files.open_picture(PICTURE) if PICTURE else files.portrait()
square = files.imagenet_square(photo) / 255  # (3, 224, 224)
squeezed = np.array(photo.convert("RGB").resize((224, 224)))  # (224, 224, 3)
ways = {
    "squeezed": torch.from_numpy(squeezed).movedim(-1, 0) / 255,
    "shorter side 256,\nmiddle 224": square,
    "blue first": square.flip(0),
    "normalised": files.imagenet_input(photo),
}
fig, axes = plt.subplots(1, 4, figsize=(8, 2.9))
said = colour_clouds.plot_pictures(axes, torch.stack([*ways.values()]).numpy(), [*ways])
fig.suptitle("Right is the last: the second, normalised")
show(fig, alt=said)

# %% tags=["nbval-check-output"]
print(files.IMAGENET_MEAN, files.IMAGENET_STD, sep="\n")
torch.testing.assert_close(weights.transforms()(photo), files.imagenet_input(photo))
print("the course's preparation equals weights.transforms()")

# %% [markdown]
# ### Exercise 1
#
# Write the four steps. The picture is upright and in colours. Tolerance: one grey level, which is 0.02
# after the division.


# %% tags=["exercise"]
def preprocess(picture: Image.Image) -> torch.Tensor:
    """A colour picture of any size -> float32 (3, 224, 224)."""
    raise NotImplementedError


# %% tags=["check"]
preparing.check_preprocess(preprocess)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def preprocess(picture):
#     scale = 256 / min(picture.size)
#     size = [int(scale * side) for side in picture.size]
#     picture = picture.resize(size, Image.Resampling.BILINEAR)
#     left, top = ((side - 224) // 2 for side in size)
#     picture = picture.crop((left, top, left + 224, top + 224))
#     pixels = torch.from_numpy(np.array(picture)).movedim(-1, 0) / 255
#     mean = torch.tensor(files.IMAGENET_MEAN).view(3, 1, 1)
#     std = torch.tensor(files.IMAGENET_STD).view(3, 1, 1)
#     return (pixels - mean) / std
# ```
#
# `.view(3, 1, 1)` lines the three numbers up with the channels; without it torch would line them up with
# the columns, and refuse. PIL gives rows of pixels with the colours last.
# </details>

# %% [markdown]
# And if one step is wrong? Nothing stops. The network gets numbers, and names something. How bad that is
# can be measured where the right names are known: on garments, with the network that was trained on them.

# %%
widgets.predict("14-light")

# %%
few, labels = pictures.test_images[:500], pictures.test_labels[:500]
shares = {}
changed = {"as in training": few, "dark and light swapped": 255 - few}
changed["upside down"] = few.flip(-2)
for name, shown in changed.items():
    with torch.no_grad():
        named = model(shipped.prepare(network, shown)).argmax(dim=1)
    shares[name] = (named == labels).float().mean().item()
    print(f"{name:24} {shares[name]:.0%} are named rightly")
learning.reveal("14-light", f"{shares['dark and light swapped']:.0%}")

# %% [markdown]
# **What we saw.** To you a shirt is a shirt, dark on white or white on dark. The network was never shown
# that; it has no reason to know. "It does badly on my pictures" often means: they were not prepared like
# the ones it was trained on. First suspect the preparation, then the network.

# %% [markdown] tags=["core"]
# ## 3 · Pictures as they come · core
#
# A telephone stores a picture as the sensor lay, and writes beside it which way is up (**EXIF**). A logo
# has a fourth channel for transparency (**alpha**). A scanner writes 16 bits, an old web page numbers of
# a **palette**. Here somebody lays a logo before the first layer of torchvision's AlexNet:

# %% tags=["raises-exception"]
logo = Image.new("RGBA", (224, 224), (200, 0, 0, 128))
first_layer = nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2)
pixels = torch.from_numpy(np.array(logo)).movedim(-1, 0) / 255
first_layer(pixels.unsqueeze(0))

# %% [markdown]
# <details><summary>The diagnosis</summary>
#
# Four channels came, three are wanted: torch says so and stops. That is the *good* case. Had the alpha
# been dropped with `convert("RGB")`, the transparent parts would have come up in whatever colour lies
# under them, and nobody would have noticed. Lay the picture on a white page first.
# </details>
#
# ### Exercise 2
#
# Make any of these pictures upright, with three colours in bytes. White goes behind what is transparent;
# in 16 bits, 65,535 is white.


# %% tags=["exercise"]
def to_colour(picture: Image.Image) -> torch.Tensor:
    """A picture as PIL opened it, of any mode -> uint8 (3, H, W)."""
    raise NotImplementedError


# %% tags=["check"]
kinds.check_to_colour(to_colour)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# from PIL import ImageOps
#
#
# def to_colour(picture):
#     picture = ImageOps.exif_transpose(picture)
#     if picture.mode.startswith("I"):  # 16 bits of grey
#         shades = np.asarray(picture) / 257  # 65,535 -> 255
#         picture = Image.fromarray(shades.round().astype(np.uint8))
#     picture = picture.convert("RGBA")
#     page = Image.new("RGBA", picture.size, "white")
#     picture = Image.alpha_composite(page, picture).convert("RGB")
#     return torch.from_numpy(np.array(picture)).permute(2, 0, 1)
# ```
#
# `convert("RGBA")` looks palette numbers up, copies grey into three channels, and makes what has no alpha
# opaque.
# </details>

# %% [markdown]
# The course reads pictures in this way. Open one of yours: it is shown as the network gets it, with the
# five likeliest names. What cannot be used is refused in one line. A network for garments wants them
# white on black; the box swaps.
#
# Do not believe the first name. The shares of all classes add up to 1, whatever the picture: there is no
# way to say "none of these". A network for garments makes a garment of a portrait, one for animals an
# animal.

# %% tags=["varies"]
teller = widgets.picture_teller(answering.network, photo, "the photograph")
teller

# %% [markdown] tags=["core"]
# ## 4 · A map, and a network that has learned nothing · core
#
# Why *that* name? **Saliency** (notebook 08) asks of every pixel how much the logit would change if the
# pixel changed a little. It is a gradient, as in training, but with respect to the picture. A picture
# of two pixels, one black, one white, and a network of one line:

# %% tags=["nbval-check-output"]
a, b = torch.tensor(0.0, requires_grad=True), torch.tensor(1.0, requires_grad=True)
logit = 5 * a + b
gradient = torch.autograd.grad(logit, (a, b))
print("gradient:", *[x.item() for x in gradient])
print("what each pixel adds to the logit:", 5 * a.item(), b.item())

# %% [markdown]
# The black pixel has the larger gradient and adds nothing. Keep that in mind.
#
# ### Exercise 3
#
# The size of the gradient of one logit of each picture; of the channels the largest. The network is asked
# in eval mode, and afterwards is as it was: its mode, and no `.grad` anywhere.


# %% tags=["exercise"]
def saliency(model: nn.Module, images: torch.Tensor, classes: list[int]):
    """images (N, C, H, W), one class for each -> (N, H, W)."""
    raise NotImplementedError


# %% tags=["check"]
attributions.check_saliency(saliency)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def saliency(model, images, classes):
#     inputs = images.detach().clone().requires_grad_()
#     modes = {layer: layer.training for layer in model.modules()}
#     model.eval()
#     logits = model(inputs)
#     score = logits[range(len(images)), classes].sum()
#     (gradient,) = torch.autograd.grad(score, inputs)
#     for layer, mode in modes.items():
#         layer.training = mode
#     return gradient.abs().amax(dim=1)
# ```
#
# The sum mixes nothing up: in eval mode a logit depends on its own picture only. Should the network stop
# with an error, the modes stay changed; the library uses `try` and `finally`.
# </details>

# %% [markdown]
# A popular variant multiplies the gradient by the picture, which looks far sharper. **Grad-CAM** (notebook
# 08) asks where the last maps are active that speak for the class. How would you know that such a map is
# about the *network*? **The test** (Adebayo and others): draw the weights anew. A
# network that has learned nothing has nothing to explain, so its map must be another.

# %%
widgets.predict("14-untrained")

# %%
shown = shipped.prepare(network, few[:20])  # (20, 1, 224, 224)
with torch.no_grad():
    named = model(shown).argmax(dim=1).tolist()
black = shown.min().item()  # what a black pixel is, after the normalisation


def three_maps(net: nn.Module) -> dict[str, torch.Tensor]:
    """Of each of the twenty pictures, for the class that the trained network names."""
    bright = attribution.saliency(net, shown, named)
    return {
        "saliency": bright,
        "gradient x picture": bright * (shown[:, 0] - black),
        "Grad-CAM": attribution.grad_cam(net, "relu5", shown, named),
    }


# %% tags=["varies"]
import time

begun = time.perf_counter()
trained = three_maps(model)
seconds = (time.perf_counter() - begun) / len(shown)  # for one picture
runtime.seed_everything(SEED)
untrained = three_maps(pointing.with_new_weights(model, down_to="conv1"))
alike = {}
for name in trained:
    both = trained[name], untrained[name]
    alike[name] = pointing.rank_correlation(*both).mean().item()
    print(f"{name:20} trained and untrained: rank correlation {alike[name]:+.2f}")
learning.reveal("14-untrained", f"{alike['gradient x picture']:.2f}")

# %%
number = 1
fig, axes = plt.subplots(1, 7, figsize=(8, 1.9))
maps = {}
for name in trained:
    word = name.replace("gradient x", "gradient\nx")
    maps[word] = trained[name][number].numpy()
    maps[f"{word},\nuntrained"] = untrained[name][number].numpy()
title = pictures.class_names[named[number]]
evidence.plot_evidence(axes, shown[number, 0].numpy(), maps, title)
said = ", ".join(f"{name} {value:+.2f}" for name, value in alike.items())
show(fig, alt=f"Maps of one picture, trained and untrained; rank correlations: {said}.")

# %% [markdown]
# **What we saw.** Gradient times picture draws the garment, trained or not: what you recognise in it is
# the picture (where it is black, both maps are 0). Saliency stands between: part of its map is there before
# any training. Grad-CAM's map becomes another one (rank correlation near 0), as it should. (One network,
# and one draw of new weights: change `SEED` and look again.) A map that fails this test says little about
# what was learned. One that passes it is not yet right: that is the next section.

# %% [markdown] tags=["core"]
# ## 5 · Two garments, and a question with an answer · core
#
# Is a map *right*? For a photograph nobody knows what the answer rests on. So we make pictures for which
# we know at least where each thing is: two garments side by side, narrowed, on soft clutter. We keep those
# in which the network names one of the two. Then a map for that class should lie on its side. A coin gets
# half of them.

# %% tags=["varies"]
FEW = 24  # pictures for occlusion: each is covered at 16 places
generator = torch.Generator().manual_seed(SEED)
scenes = pointing.two_garments(pictures, 200, generator)
with torch.no_grad():
    logits = model(shipped.prepare(network, scenes.pictures))
said = logits.argmax(dim=1)
kept = (said == scenes.left) | (said == scenes.right)
said, scenes = said[kept], scenes[kept]
quote = 2 * seconds * (len(scenes) + FEW * 17 / 6)  # six passes for three maps
on_left = said == scenes.left
other = torch.where(on_left, scenes.right, scenes.left)
print(
    f"of {len(kept)} pictures with two garments, {len(scenes)} got one of the two names"
)
print(f"their maps, for two questions each, will take about {quote:.0f} s")

# %% [markdown]
# Then ask the same of the *other* garment, the one that the network did not name. A map that is about the
# class has to move to the other side.

# %%
widgets.predict("14-side")

# %%
crowded = shipped.prepare(network, scenes.pictures)
answers = {
    "the class it named": (said, on_left),
    "the other garment": (other, ~on_left),
}
OCCLUSION = f"occlusion\n(first {FEW})"
hits = {"saliency": {}, "Grad-CAM": {}, OCCLUSION: {}}
found = {name: [] for name in hits}
for question, (asked, left) in answers.items():
    found["saliency"] += [attribution.saliency(model, crowded, asked.tolist())]
    found["Grad-CAM"] += [attribution.grad_cam(model, "relu5", crowded, asked.tolist())]
    covered = [
        attribution.occlusion_map(model, image, label.item(), 56, 56, black)
        for image, label in zip(crowded[:FEW], asked[:FEW], strict=True)
    ]
    found[OCCLUSION] += [torch.stack(covered)]
    for name, maps in found.items():
        right = pointing.mostly_left(maps[-1]) == left[: len(maps[-1])]
        hits[name][question] = right.float().mean().item()

# %%
fig, ax = plt.subplots(figsize=(6, 3.6))
share = hits["saliency"]["the other garment"]
title = f"Asked for the other garment, saliency is right in {share:.0%}"
show(fig, alt=evidence.plot_hits(ax, hits, len(scenes), title))

# %%
for name, (named_maps, other_maps) in found.items():
    same = pointing.rank_correlation(named_maps, other_maps).mean()
    print(f"{name.split()[0]:10} maps of the two classes: rank correlation {same:+.2f}")
learning.reveal("14-side", f"{hits['saliency']['the class it named']:.0%}")

# %%
number = 0
maps = {}
for asked, _left in answers.values():
    pair = crowded[number : number + 1], asked[number : number + 1].tolist()
    word = f"for {pictures.class_names[pair[1][0]]}"
    maps[f"saliency\n{word}"] = attribution.saliency(model, *pair)[0].numpy()
    maps[f"Grad-CAM\n{word}"] = attribution.grad_cam(model, "relu5", *pair)[0].numpy()
fig, axes = plt.subplots(1, 5, figsize=(8, 2.5))
names = [pictures.class_names[x[number]] for x in (scenes.left, scenes.right)]
title = f"{names[0]} and {names[1]},\nnamed {pictures.class_names[said[number]]}"
show(fig, alt=evidence.plot_evidence(axes, crowded[number, 0].numpy(), maps, title))

# %% [markdown]
# **What we saw.** Asked for the other garment, saliency's map mostly stays where it was: for one question
# as for the other it is right about as often as a coin. Grad-CAM moves, and is right more often. Occlusion
# moves as well, and yet finds the named garment no more often than a coin may (24 pictures are few). Still,
# it did change the picture: its numbers are facts. A bag beside a shoe may be called a bag *because* of the
# shoe. Where a thing lies and what an answer rests on are two questions: only a change tests the second.
#
# ### Exercise 4
#
# Occlusion by hand. Squares of `window` pixels lie side by side (they fit), each is covered
# once; what does the logit lose? A real picture has hundreds of squares: send `at_once` covered copies in
# one pass, no more. The network is in eval mode already.


# %% tags=["exercise"]
def occlusion(model, image, label: int, window: int, cover: float, at_once: int):
    """image (C, H, W) -> losses of the logit, (H / window, W / window)."""
    raise NotImplementedError


# %% tags=["check"]
covering.check_occlusion(occlusion)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# @torch.no_grad()
# def occlusion(model, image, label, window, cover, at_once):
#     rows, columns = (side // window for side in image.shape[1:])
#     covered = []
#     for row in range(rows):
#         for column in range(columns):
#             copy = image.clone()
#             down = slice(row * window, (row + 1) * window)
#             right = slice(column * window, (column + 1) * window)
#             copy[:, down, right] = cover
#             covered.append(copy)
#     whole = model(image.unsqueeze(0))[0, label]
#     parts = [model(part)[:, label] for part in torch.stack(covered).split(at_once)]
#     return (whole - torch.cat(parts)).view(rows, columns)
# ```
#
# With what to cover is a decision: a black square on clutter is a thing of its own, and may be named.
# </details>

# %% [markdown] tags=["stretch"]
# ## 6 · A linear probe: new names for old features · stretch
#
# Training on a million photographs takes days; what it learned can be used for other names in a minute.
# Freeze the network, take the numbers behind fc7 as a description of a picture, and train **one linear
# layer** on them. That is a **linear probe**: it can only use what lies ready.
#
# ### Exercise 5
#
# Write it. The check has a small network with dropout and batch normalisation, 90 pictures of new classes,
# and 150 unseen ones. The network must stay as it is.


# %% tags=["exercise"]
def linear_probe(network, images, labels, num_classes: int) -> nn.Linear:
    """Train a linear layer on what `relu7` of this network gives for the images."""
    raise NotImplementedError


# %% tags=["check"]
probe.check_linear_probe(linear_probe)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# from alexnet_lib.inside import recorder
#
#
# def linear_probe(network, images, labels, num_classes):
#     network.eval()
#     with torch.no_grad(), recorder.ActivationRecorder(network, ["relu7"]) as found:
#         network(images)
#     features = found["relu7"]
#     layer = nn.Linear(features.shape[1], num_classes)
#     optimizer = torch.optim.Adam(layer.parameters(), lr=0.01)
#     for _step in range(200):
#         loss = nn.functional.cross_entropy(layer(features), labels)
#         optimizer.zero_grad()
#         loss.backward()
#         optimizer.step()
#     return layer
# ```
#
# The optimiser is given the layer's parameters and no others. The features are computed once, not in every
# step.
# </details>

# %% [markdown]
# Now for real: the network learned garments. Do its features know digits, after 300 examples? Two controls:
# the pixels themselves, and the same network with weights drawn anew, three times. Each kind of feature
# is brought to one scale first: large numbers learn faster, and that alone could decide it.

# %%
digits = data.load("MNIST")
COUNT = 300  # pictures to learn from, and as many to judge
sets = digits.train_images[:COUNT], digits.test_images[:COUNT]


def probed(seen: torch.Tensor, unseen: torch.Tensor) -> str:
    """How many unseen digits a linear layer on these features names rightly."""
    runtime.seed_everything(SEED)
    seen, unseen = ((x - seen.mean(dim=0)) / seen.std() for x in (seen, unseen))
    layer = probe.fit(seen, digits.train_labels[:COUNT], 10)
    right = layer(unseen).argmax(dim=1) == digits.test_labels[:COUNT]
    return f"{right.float().mean():.0%}"


# %%
from dataclasses import replace

networks = {"trained on garments": network}
for seed in range(3):
    runtime.seed_everything(seed)
    fresh = pointing.with_new_weights(model, "conv1")
    networks[f"drawn anew, seed {seed}"] = replace(network, model=fresh)
print(f"{'pixels':20}", probed(*(x.flatten(1).float() for x in sets)))
for name, net in networks.items():
    kept = (shipped.activations_of(net, x, ["relu7"]) for x in sets)
    print(f"{name:20}", probed(*(layers["relu7"] for layers in kept)))

# %% [markdown]
# **What we saw.** The features do better than the pixels. "So what was learned on garments helps with
# digits", one would write, and stop. The second control says no: features that nobody trained do better
# still. A guess at the reason: random filters keep a little of everything, training keeps what tells garments
# apart and lets the rest go. (One task, one trained network, few digits: try others before you believe it.)

# %% [markdown] tags=["core"]
# ## 7 · Whose pictures, whose names? · core
#
# The names that a pretrained network can say were fixed before you came. The 1000 classes are nouns from
# WordNet, chosen for a yearly contest; the pictures were found by search engines, many on Flickr, and
# people paid by the piece on Amazon Mechanical Turk said yes or no to "is there a ... in it?". torchvision
# ships the list of names without the weights, so you can read it:

# %% tags=["nbval-check-output"]
classes = pretrained.imagenet_classes()
first, last = classes.index("Chihuahua"), classes.index("Mexican hairless")
print(f"{len(classes)} classes; {last - first + 1} of them are breeds of dogs")
wanted = ["person", "woman", "child", "nurse", "face", "hand", "tree", "house", "rice"]
print("of", ", ".join(wanted), end=" there are: ")
print(*[word for word in wanted if word in classes] or ["none"])
people = ("groom", "scuba diver", "ballplayer")
print("known by what they wear or hold:", ", ".join(n for n in people if n in classes))

# %% [markdown]
# **What happens to a photo of a person?** No class fits, and one must win. The network names what it knows
# in the picture: a tie, a uniform, a wig, sunglasses; or something that it resembles. Whoever reads the
# first name as "what is in the picture" reads a guess about a list as a fact about a person. The larger
# ImageNet did have thousands of classes *for* people, some of them insults; its makers have since taken
# many away, and made a copy of the contest's pictures with blurred faces (Yang and others, 2020 and 2022).
# The people in the pictures had not been asked.

# %% [markdown]
# **And elsewhere?** The pictures come from where people put photographs on the web, under English words. A
# wedding or a kitchen in other parts of the world is recognised less often (Shankar and others; de Vries and
# others). A test set from the same source has the same gaps, so it cannot show them.
#
# **Your pictures** are sent nowhere by this notebook: a file that you open goes to the kernel and stays in
# its memory. But where does the kernel run? With `make lab` on this machine. In Colab or Binder on a
# computer of theirs: open no picture there of somebody who has not agreed.

# %% [markdown] tags=["core"]
# ## 8 · Who is right? · core

# %%
widgets.who_is_right("14")

# %%
widgets.claim_cards("14")

# %% [markdown]
# **Verdict so far.** A pretrained network is a pair: weights, and the preparation they were trained with.
# A map of evidence is a claim about a network, and can be put on trial like any other: with weights drawn
# anew, with a question whose answer is known, with a changed picture.
#
# **What still does not fit.** torchvision's network has one tower; the one of 2012 had two, on two cards
# that talked in some layers only.
#
# **Next**: [15 · Were the two towers an idea, or two graphics cards?](15_two_gpus.ipynb)
#
# References: Simonyan, Vedaldi and Zisserman, *Deep inside convolutional networks*, 2014; Adebayo and
# others, *Sanity checks*, 2018; Selvaraju and others, *Grad-CAM*, 2017; Alain and Bengio,
# *Linear classifier probes*, 2016; Shankar and others, *No classification without representation*, 2017; de
# Vries and others, *Does object recognition work for everyone?*, 2019; Yang and others, *Towards fairer
# datasets*, 2020, *Face obfuscation in ImageNet*, 2022.
