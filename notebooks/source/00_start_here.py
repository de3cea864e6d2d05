# %% [markdown]
# # 00 · Can eight layers name this boot?
#
# **They say**: a network of eight layers won the ImageNet contest of 2012. With five
# guesses a picture it missed 15.3 %, the next best 26.2 % (paper, abstract).
#
# **The doubt**: seven networks did that; their predictions were averaged (paper, section
# 6). And the explanations contradict one another: does the first layer look 54, 55 or 56
# times along one side of a picture?
#
# **You will be able to**
# 1. let a trained network name a picture, and say how often it is right;
# 2. tell whether machine and data are what they should be;
# 3. bet, run and check, as in every notebook.
#
# Core 20 minutes. The course's table of findings, its *ledger*, comes at the end.
#
# **New to notebooks?** A grey box holds code. Click into it and press Shift + Enter: it
# runs, its answer appears under it.

# %%
import hashlib
import json
import math
import subprocess
import sys

import matplotlib.pyplot as plt

from alexnet_lib import data, learning, runtime, widgets
from alexnet_lib.architecture.variants import ALEXNET_2012_SOURCE
from alexnet_lib.architecture.weights import load_weights
from alexnet_lib.figures import bars, pictures, show, use_course_style
from alexnet_lib.learning.checks import start
from alexnet_lib.training.records import load_record

# %%
use_course_style()
clothes = data.load("FashionMNIST")  # on first use this fetches 30 MB

# %% [markdown] tags=["core"]
# ## 1 · Let it name something · core
#
# Two things are needed: pictures, and a network that has been trained on others of
# their kind. The pictures have just been loaded. If they could not be had, the line
# below says *stand-in*, and everything still runs.

# %%
print(clothes.note)

# %% [markdown]
# And here is the network: the eight layers of AlexNet. All but the last put out a
# quarter of the usual numbers, so that it answers quickly on any machine. And behind
# each of the first five the numbers are brought to a common scale, which is younger
# than 2012 (*batch normalisation*). This course trained it, and wrote down how that
# went.

# %% tags=["nbval-check-output"]
network = load_weights(runtime.course_file("weights/quarter.safetensors"))
record = load_record(runtime.course_file("runs/quick_quarter_bn_seed0.json"))
tested = sum(map(sum, record.confusion))
processor, *_ = record.device.split(",")
print(f"trained on {record.train_images:,} pictures, each seen {record.epochs} times")
print(f"in {record.seconds / 60:.0f} minutes on {processor}")
print(f"named right: {record.test_accuracy:.1%} of {tested:,} it had never seen")

# %% [markdown]
# Pick a picture with the slider or the buttons. The bars are what the network answers:
# ten numbers that add up to 100 %. Or press *Draw one*: then a pad to draw on takes the
# picture's place. Try three things:
#
# 1. press *Next mistake* a few times. Would you have known?
# 2. choose *Ankle boot* under *Label* and press *Draw on this*: the boot lies on the
#    pad. Rub out its upper half. When is it no longer a boot?
# 3. press *Empty the pad*, under the drawing. What does the network call nothing at all?
#
# On the pad the mouse draws, or a finger. Or click it and use the keys: arrows move,
# space draws, Shift and arrows draw a line. Your drawing is kept on this machine;
# notebook 08 looks at it from inside.

# %%
widgets.garment_picker(network, clothes)

# %% [markdown]
# **What we saw.** The network always answers, even about an empty picture: there is no
# bar for *none of these*. And the longest bar is how sure it is, not how often it is
# right. For that you need many pictures whose answer is known, and a count.

# %% [markdown] tags=["core"]
# ## 2 · Bet first · core
#
# Before a cell shows something, this course asks what you expect. A bet is one click,
# and running on without one is fine. Bets are kept in one file on this machine, so that
# a later cell can show you yours; nobody else sees them.
#
# The count above is over ten kinds of garments. It is not the same for each of them.

# %%
widgets.predict("00-shirt")

# %% tags=["nbval-check-output"]
names = network.class_names
shirts = dict(zip(names, record.confusion[names.index("Shirt")], strict=True))
total, right = sum(shirts.values()), shirts["Shirt"]
shares = [count / total for count in shirts.values()]
bars.show_class_bars(names, shares, f"Of {total:,} shirts, {right} are named Shirt")

# %%
others = {name: count for name, count in shirts.items() if name != "Shirt"}
most = max(others, key=others.get)
learning.reveal("00-shirt", f"{most}, for {others[most]} of {total:,} shirts")

# %% [markdown]
# **What we saw.** One number for all hides the kind that goes wrong most. A table with
# one such row per kind is called a *confusion matrix*; it comes back in notebook 07.

# %% [markdown] tags=["core"]
# ## 3 · A first check · core
#
# To the network a picture is a block of numbers with a *shape*: channels, rows,
# columns. A grey picture has one channel, a colour picture three.

# %% tags=["nbval-check-output"]
print("one of our pictures:", tuple(clothes.test_images[0].shape))
print("what the network wants:", network.spec.input_shape)
print("what one wanted in 2012:", ALEXNET_2012_SOURCE.input_shape)

# %% [markdown]
# How does a picture of 28 rows get into a network that wants 224? The library enlarges
# it, to eight times its side, before the network looks at it. Whether that helps is put
# on trial in notebook 07.
#
# How many numbers are in a picture of a given shape? Here is somebody's attempt, and
# behind it a **check**. A check is no exam: run it as often as you like, nobody counts.


# %% tags=["nbval-check-output"]
def attempt(shape: tuple[int, int, int]) -> int:
    return shape[1] * shape[2]  # rows times columns


start.check_count_numbers(attempt)

# %% [markdown]
# The check does not give the answer away. It says what the function does, as seen from
# outside, and in which call that went wrong. Under it are hints, one inside the other:
# open as few as you need.
#
# ### Exercise 1
#
# Do better. Write your line in place of the one with `raise`, and keep the four spaces
# before it. Run the box, then the check behind it.


# %% tags=["exercise"]
def count_numbers(shape: tuple[int, int, int]) -> int:
    """How many numbers are in a picture of shape (channels, rows, columns)."""
    raise NotImplementedError


# %% tags=["check"]
start.check_count_numbers(count_numbers)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def count_numbers(shape: tuple[int, int, int]) -> int:
#     channels, rows, columns = shape
#     return channels * rows * columns
# ```
#
# Each channel is a sheet of rows x columns numbers, and there are as many sheets as
# channels.
# </details>

# %% [markdown]
# The paper says that its network has 150,528 inputs. Is that so?

# %% tags=["nbval-check-output"]
print(f"2012: {math.prod(ALEXNET_2012_SOURCE.input_shape):,}")
ours = math.prod(clothes.test_images[0].shape)
print(f"ours: {ours:,}, enlarged {math.prod(network.spec.input_shape):,}")

# %% [markdown] tags=["core"]
# ## 4 · Where the pictures come from · core
#
# [Fashion-MNIST](https://github.com/zalandoresearch/fashion-mnist) was made in 2017
# from product photographs of the shop Zalando: made small, grey, and light on black;
# the labels are the shop's own. Zalando SE publishes it under the MIT licence: 60,000
# pictures for training, 10,000 for testing.
#
# The network of 2012 learned from 1.2 million colour photographs of 1000 kinds, and
# took five to six days on two graphics cards (paper, section 5). Ours had less to
# learn. The pictures are fetched on first use and stay on this machine.

# %%
counts = clothes.train_labels.bincount().tolist()
for name, count in zip(clothes.class_names, counts, strict=True):
    print(f"{name:<12} {count:,}")

# %% [markdown]
# As many of each kind: who always says *Coat* is right one time in ten. Here are some
# of them, as the file has them, light on black.

# %%
fig, ax = plt.subplots(figsize=(6, 4.7))
images, labels = clothes.train_images[:, 0].numpy(), clothes.train_labels.numpy()
found = pictures.draw_contact_sheet(ax, images, labels, clothes.class_names)
show(fig, alt=found)

# %% [markdown]
# Every pixel is one byte, from 0 (black) to 255 (white). This is a piece of the first
# training picture. On the way into the network the bytes are divided by 255, so that
# they lie between 0 and 1.

# %%
print(clothes.train_images[0, 0, 4:10, 8:20])

# %% [markdown]
# Is a file whole, and the one that was published? A **checksum** says so: 32 digits
# that are computed from all bytes of a file, and come out different when a single
# letter does. The library compares each data file with the published checksum when it
# reads it.

# %% tags=["nbval-check-output"]
print(hashlib.md5(b"ankle boot").hexdigest())
print(hashlib.md5(b"ankle boat").hexdigest())

# %% [markdown]
# ### Exercise 2
#
# Look at your data before you trust them. Over **all training pictures**,
# `clothes.train_images`: the smallest, the largest and the mean number after the
# division by 255, and the md5 of the bytes as they are stored, before any division.
# Write each in place of its `None`.

# %% tags=["exercise"]
pixels = clothes.train_images / 255
pixel_facts = {"smallest": None, "largest": None, "mean": None, "md5": None}

# %% tags=["check"]
start.check_pixel_facts(pixel_facts, clothes)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# pixels = clothes.train_images / 255
# stored = clothes.train_images.numpy().tobytes()
# pixel_facts = {
#     "smallest": pixels.min().item(),
#     "largest": pixels.max().item(),
#     "mean": pixels.mean().item(),
#     "md5": hashlib.md5(stored).hexdigest(),
# }
# ```
#
# From 0 to 1, and dark on average: most of a picture is background. When training goes
# wrong, this is the first thing to look at (notebook 09).
# </details>

# %% [markdown] tags=["core"]
# ## 5 · Is this machine ready? · core
#
# The next cell asks the course's `doctor`, as you would in a terminal, and takes a few
# seconds. The good answer is *problems: 0*; the device may well be `cpu`. Under each
# problem stands what to do about it. A problem is no reason to stop: without data there
# is the stand-in, without a graphics card everything runs on the processor.

# %% tags=["varies"]
command = [sys.executable, "-m", "alexnet_lib", "doctor", "--json"]
answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
report = json.loads(answer.splitlines()[-1])
device = report["device"]
print(f"Python {report['python']}, torch {report['packages']['torch']}")
print(f"{device['name']}, {device['cpu_cores']} cores, {device['memory_gib']} GiB")
print(f"problems: {len(report['problems'])}")
for problem in report["problems"]:
    print(f"- {problem['what']}\n  fix: {problem['fix']}")

# %% [markdown]
# The same report, longer: type `python -m alexnet_lib doctor` in a terminal.

# %% [markdown] tags=["core"]
# ## 6 · How the course goes on · core
#
# One bet runs through the first notebooks. It needs no code: a pencil is enough. Think
# of a window that is moved along a picture, and count where it can stand. Notebook 02
# opens the bet.

# %%
widgets.predict("00-conv1-side")

# %% [markdown]
# The thread of the course is a table, the **ledger**: ten famous parts of AlexNet, what
# people say of each, what it costs, and what it buys when one measures it. You need not
# know the ten words: each part is explained in the notebook that its row names. There
# a cell writes into the row what your machine has computed, and `learning.fill` takes a
# verdict of your own. So far every row is grey.

# %%
learning.ledger()

# %% [markdown]
# A notebook ends with cards. On the first, two readers disagree; on the **claim cards**
# are sentences that one reads or hears. Judge one, and its proof runs in front of you.

# %%
widgets.who_is_right("00")

# %%
widgets.claim_cards("00")

# %% [markdown]
# **Where your work is.** `make lab` gives you copies, in the folder `my_course`. They
# are yours: an update never overwrites one that you have touched. Your bets and your
# ledger are in `my_course/progress.json`. Nothing leaves this machine.
#
# **Run All** runs a whole notebook, with the exercises as you left them. An open
# exercise says *todo* and stops nothing.
#
# **How long?** Part I is notebooks 00 to 08, in order: three labs of 90 minutes for
# what is marked *core*, and about two hours more for *stretch*. Then choose a route:
# *engineer* 09, 12, 13; *historian* 11, 15, 16, 17; *scientist* 10, 13, 14.

# %% [markdown]
# **Verdict so far.** A network of eight layers names garments, and a count on pictures
# that it has never seen says how often it is right. How sure it looks says less.
#
# **What still does not fit.** Where can the window stand: in 54 places, 55 or 56? And
# what does a window do in each of them?
#
# **Next**: [01 · From LeNet to AlexNet](01_from_lenet_to_alexnet.ipynb)
#
# References: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep
# convolutional neural networks*, NIPS 2012, abstract and section 3.5; Xiao, Rasul and
# Vollgraf, *Fashion-MNIST: a novel image dataset for benchmarking machine learning
# algorithms*, [arXiv 1708.07747](https://arxiv.org/abs/1708.07747).
