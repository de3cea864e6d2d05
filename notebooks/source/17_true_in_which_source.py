# %% [markdown]
# # 17 · True in which source?
#
# **They say**: "AlexNet's success was no accident, but the perfect meeting of new techniques and
# engineering" (the last paragraph of a tutorial, and of many).
#
# **The doubt**: nearly every part of it has been on trial by now, and the sources did not agree. Does at
# least the paper agree with itself?
#
# **You will be able to**
# 1. write a proof: a test that a sentence passes in one source and fails in another;
# 2. say how well your own confidence is calibrated, and which claims fooled you;
# 3. run an experiment that a stranger can check: prediction first, three seeds, one page.
#
# Core 35 minutes, stretch 15. Read before: Part I; it looks back at 15 and 16, and the
# clinic at 09 to 16. Ledger: all ten rows, as far as you have filled them.

# %%
import json
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from IPython.display import HTML

from alexnet_lib import data, figures, learning, runtime, training, widgets
from alexnet_lib.architecture import arithmetic, model, spec, variants
from alexnet_lib.figures.verdicts import draw_reliability, draw_verdicts
from alexnet_lib.learning import calibration, capstone, claims, results_2012, stamps
from alexnet_lib.learning.checks import broken_cells, captions, ten_proofs
from alexnet_lib.learning.checks.capstone import check_capstone

# %%
figures.use_course_style()
torch.set_num_threads(1)
PAPER = variants.ALEXNET_2012
scratch = tempfile.TemporaryDirectory()
EXAMPLE = Path(scratch.name) / "example"  # the folder of section 7
clothes = data.load("FashionMNIST")

# %%
widgets.recall("17")

# %% [markdown] tags=["core"]
# ## 1 · Ten sentences, ten proofs · core
#
# Behind each claim card of the course stands a proof: a function that measures, and returns the verdict it
# found. It is run twice, on what the claim is about and on a **decoy**, for which the verdict must be
# another one. A test that passes everything proves nothing.

# %% tags=["nbval-check-output"]
claim = claims.claims()["sixty-million"]
print(f"{claim.source}: {claim.statement}")
for network in (claim.subject, claim.decoy):
    finding = claim.prove(network)
    print(f"{network}: {finding.verdict}, {finding.evidence}")

# %% [markdown]
# The course's own claims are proved. These ten sentences are not: each is said of "AlexNet", and each
# holds for one network of that name and not for another.

# %% tags=["nbval-check-output"]
for key, sentence in ten_proofs.SENTENCES.items():
    print(f"{key}: {sentence.says}")
    print(f"    true of {sentence.subject}, false of {sentence.decoy}")

# %% tags=["nbval-check-output"]
# The tools of a proof: layers of each kind, a row of the table, a test of a picture's size.
for layer in {type(each): each for each in PAPER.layers}.values():
    print(layer)
print("in other tables:", spec.AvgPool2d(name="pool"))
print(arithmetic.summarize(PAPER)[0])
try:
    model.check_input(PAPER, (3, 63, 63))
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# ### Exercise 1
#
# Put a function in place of each `None`. It gets a table of layers, such as `variants.ALEXNET_2012`, and
# returns `True` or `False`: does the sentence hold? Measure it, by `table.layers` or
# `arithmetic.summarize(table)`; the name of the network proves nothing. The check runs each on its
# subject, its decoy, and on tables in which a shortcut shows (of pictures of one colour, too). Do as many
# as you like, in any order.

# %% tags=["exercise"]
proofs = {
    "96 kernels": None,
    "first map 55": None,
    "pooling overlaps": None,
    "norm before pool": None,
    "drops outputs": None,
    "fc6 over 60 %": None,
    "three grouped": None,
    "sees a part": None,
    "takes 63": None,
    "work in convolutions": None,
}

# %% tags=["check"]
ten_proofs.check_proofs(proofs)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def rows(table, kind=""):
#     return [row for row in arithmetic.summarize(table) if kind in ("", row.kind)]
#
#
# def kinds(table, *kinds):
#     return [each for each in table.layers if isinstance(each, kinds)]
#
#
# def pooled(table):
#     """Of each normalisation: does a pooling come before the next weights?"""
#     found, last = [], None
#     for each in reversed(table.layers):
#         if isinstance(each, (spec.MaxPool2d, spec.Conv2d, spec.Linear)):
#             last = each
#         elif isinstance(each, spec.LocalResponseNorm):
#             found.append(isinstance(last, spec.MaxPool2d))
#     return found
#
#
# def drops(table, first, second):
#     names = [each.name for each in table.layers]
#     between = table.layers[names.index(first) : names.index(second)]
#     return any(isinstance(each, spec.Dropout) and each.p == 0.5 for each in between)
#
#
# def takes(table, side):
#     try:
#         model.check_input(table, (table.input_shape[0], side, side))
#     except ValueError:
#         return False
#     return True
#
#
# def share(table, count, chosen):
#     everything = sum(getattr(row, count) for row in rows(table))
#     return sum(getattr(row, count) for row in rows(table) if chosen(row)) / everything
#
#
# pools = (spec.MaxPool2d, spec.AvgPool2d)
# proofs = {
#     "96 kernels": lambda t: kinds(t, spec.Conv2d)[0].out_channels == 96,
#     "first map 55": lambda t: rows(t, "Conv2d")[0].out_shape[1] == 55,
#     "pooling overlaps": lambda t: all(p.kernel_size > p.stride for p in kinds(t, *pools)),
#     "norm before pool": lambda t: bool(pooled(t)) and all(pooled(t)),
#     "drops outputs": lambda t: drops(t, "fc6", "fc7") and drops(t, "fc7", "fc8"),
#     "fc6 over 60 %": lambda t: share(t, "num_params", lambda r: r.name == "fc6") > 0.6,
#     "three grouped": lambda t: [c.groups for c in kinds(t, spec.Conv2d)] == [1, 2, 1, 2, 2],
#     "sees a part": lambda t: max(r.receptive_field or 0 for r in rows(t)) < t.input_shape[1],
#     "takes 63": lambda t: takes(t, 63),
#     "work in convolutions": lambda t: share(t, "macs", lambda r: r.kind == "Conv2d") > 0.9,
# }
# ```
#
# Look at "norm before pool": `all` of nothing is true, so a network without any normalisation would pass.
# </details>

# %% [markdown]
# Now all ten, in the seven networks of notebook 16. Which sentences hold in every source?

# %%
SOURCES = {
    "paper": PAPER,
    "code of\n2012": variants.ALEXNET_2012_SOURCE,
    "CaffeNet": variants.CAFFENET,
    "torch-\nvision": variants.ALEXNET_TORCHVISION,
    "d2l": variants.ALEXNET_D2L,
    "one\ntower": variants.ALEXNET_ONE_TOWER,
    "Keras": variants.ALEXNET_KERAS,
}
found = {
    key: {source: sentence.proof(table) for source, table in SOURCES.items()}
    for key, sentence in ten_proofs.SENTENCES.items()
}
fig, ax = plt.subplots(figsize=(8, 4.4))
said = draw_verdicts(ax, found)
everywhere = [key for key, holds in found.items() if all(holds.values())]
title = f"{len(everywhere)} of {len(found)} sentences hold in every source"
ax.set_title(title, pad=12)
figures.show(fig, alt=f"{title}. {said}")

# %% [markdown]
# **What we saw.** The question "is it true?" has no answer here. "True in which source?" has one, in each
# box. Three columns are alike: the paper's, the code's, and that of the Keras tutorial. What sets these
# apart (notebook 16) is in none of the ten sentences; two networks may agree in all that was asked.

# %% [markdown] tags=["core"]
# ## 2 · How sure were you? · core
#
# You said of bets how sure you were: a guess counts as 40 %, fairly sure as 70 %, certain as 95 %. Who is
# **calibrated** is right in 70 of 100 bets of which they are 70 % sure. One number for it is the
# **Brier score**: the mean of (confidence - outcome)², with outcome 1 for right and 0 for wrong. 0 is
# best; whoever says 50 % to everything gets 0.25. Here is an invented reader, who is certain too often:

# %% tags=["nbval-check-output"]
bets = {0.4: "++---", 0.7: "++++--", 0.95: "+++++----"}  # + was right
invented = [
    calibration.Bet("invented", confidence, outcome == "+")
    for confidence, outcomes in bets.items()
    for outcome in outcomes
]
print(calibration.in_words(invented))
knows_it = [calibration.Bet(bet.key, 0.55, bet.right) for bet in invented]
print(f"the same bets, 55 % on each: {calibration.brier_score(knows_it):.4f}")

# %% [markdown]
# As many right answers, and a better score: by not claiming to know which. And yours, from all
# notebooks that you have worked in:

# %%
mine = calibration.settled_bets()
print(calibration.in_words(mine))
shown, whose = (
    (mine, "Your bets") if calibration.levels(mine) else (invented, "Invented")
)
levels = [(each.said, each.right, each.bets) for each in calibration.levels(shown)]
fig, ax = plt.subplots(figsize=(4.5, 3.8))
said = draw_reliability(ax, levels)
score = calibration.brier_score(shown)
ax.set_title(f"{whose}: Brier score {score:.3f}")
figures.show(fig, alt=f"{whose}, Brier score {score:.3f}: {said}")

# %% [markdown]
# Under the dashed line: surer than right. Bets that nothing has settled are left out, such as how fast
# your machine is. And the **stamps**, your first verdict on each claim card. A list of the claims that
# fooled you is worth more than the score:

# %%
stamps.stamped()

# %% [markdown] tags=["core"]
# ## 3 · The ledger · core
#
# Ten parts, what is said of each, what it costs, and what it buys in **your** numbers. Grey rows name the
# notebook that fills them.
#
# Some parts were the shape of two small cards (the towers). Some had a job that is done by other means
# today (normalisation, the start). And where the seeds overlap, the row should say so. That is no verdict
# on 2012: its pictures, its size and its million of them were others. It is a verdict on repeating a
# number without its source.

# %%
learning.ledger()

# %% [markdown] tags=["core"]
# ## 4 · The paper once more · core
#
# The caption of Figure 2 gives the neurons of each layer, that is, the numbers that it puts out.

# %%
widgets.predict("17-caption")

# %% tags=["nbval-check-output"]
for name, printed in captions.CAPTION.items():
    print(f"{name}: {printed:,}")

# %% [markdown]
# ### Exercise 2
#
# Count them from the table of `PAPER`. Which layer's number is wrong? How many neurons has it? The printed
# number is 96 x 55 x 48: which side does the 48 stand for? And how many neurons have the five convolutions
# together, counted rightly?

# %% tags=["exercise"]
figure_2 = {
    "wrong layer": None,
    "counted": None,
    "48 stands for": None,
    "convolutions": None,
}

# %% tags=["check"]
captions.check_figure_2(figure_2)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# import math
#
# counted = {
#     row.name: math.prod(row.out_shape)
#     for row in arithmetic.summarize(PAPER)
#     if row.kind in ("Conv2d", "Linear")
# }
# figure_2 = {
#     "wrong layer": "conv1",
#     "counted": counted["conv1"],
#     "48 stands for": 55,
#     "convolutions": sum(n for name, n in counted.items() if name.startswith("conv")),
# }
# ```
#
# That one 55 has become a 48, the number of maps of a card, is our reading; the paper does not say.
# </details>

# %%
learning.reveal("17-caption", "all but one")

# %% [markdown]
# The abstract says 650,000 neurons. Three sums come near it; which of them was rounded is not written.
# Beside it stands another number, 15.3 %. Table 2 says whose it is; errors in per cent, five guesses each:

# %% tags=["nbval-check-output"]
counts = [
    torch.Size(row.out_shape).numel()
    for row in arithmetic.summarize(PAPER)
    if row.kind in ("Conv2d", "Linear")
]
print(f"the five convolutions {sum(counts[:5]):,}, all eight layers {sum(counts):,}")
print(f"the caption's own numbers {sum(captions.CAPTION.values()):,}")
for entry in results_2012.RESULTS:
    tested = f", test {entry.top5_test}" if entry.top5_test else ""
    words = "network" if entry.networks == 1 else "networks, averaged"
    more = f", {entry.pretrained} pre-trained on more data" if entry.pretrained else ""
    print(f"{entry.networks} {words}{more}: validation {entry.top5_valid}{tested}")

# %% [markdown]
# The network of this course is the first row. And what does the discussion say, in section 7? That
# removing any of the layers in the middle costs about 2 % of top-1. Over how many runs, it does not say.

# %% [markdown] tags=["stretch"]
# ## 5 · What came after: two first layers · stretch
#
# A year later Zeiler and Fergus ("ZF") looked inside, as you did in notebook 08, found first-layer
# filters that were dead, and made the window smaller: 7 x 7, stride 2. In 2014 Simonyan and Zisserman
# ("VGG") had nothing but 3 x 3, and twice as many layers. In the cockpit, set conv1 to kernel 7, stride 2
# and padding 1. Which row turns red? (fc6: it was made for 9,216 numbers.) The first layer is no island.
#
# What stayed of 2012 was the plan (convolutions, ReLU, pooling, then a decision), the data, and the habit
# of training on graphics cards. What went: response normalisation, the two towers, and in time the big
# linear layers.

# %%
widgets.layer_cockpit("one tower (224)")

# %%
widgets.predict("17-stem")

# %% [markdown]
# ### Exercise 3
#
# Pictures of 3 x 224 x 224. ZF's conv1 has 96 kernels of 7 x 7, stride 2, padding 1: the side of its maps,
# and its multiply-adds? VGG begins with two convolutions of 64 kernels, 3 x 3, padding 1, the second on
# the maps of the first: their parameters and multiply-adds together, and the pixels along one side that a
# unit of the second sees?

# %% tags=["exercise"]
stems = {
    "ZF side": None,
    "ZF work": None,
    "VGG parameters": None,
    "VGG work": None,
    "VGG sees": None,
}

# %% tags=["check"]
captions.check_stems(stems)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def summary(*layers):
#     table = spec.ModelSpec(name="a stem", input_shape=(3, 224, 224), layers=layers)
#     return arithmetic.summarize(table)
#
#
# [zf] = summary(spec.Conv2d(name="1", out_channels=96, kernel_size=7, stride=2, padding=1))
# vgg = summary(
#     *(spec.Conv2d(name=n, out_channels=64, kernel_size=3, padding=1) for n in ("1", "2"))
# )
# stems = {
#     "ZF side": zf.out_shape[1],
#     "ZF work": zf.macs,
#     "VGG parameters": sum(row.num_params for row in vgg),
#     "VGG work": sum(row.macs for row in vgg),
#     "VGG sees": vgg[-1].receptive_field,
# }
# ```
#
# Small windows have few weights, and use each of them at very many places.
# </details>

# %% tags=["nbval-check-output"]
whole = sum(row.macs for row in arithmetic.summarize(PAPER))
conv1 = arithmetic.summarize(PAPER)[0]
print(f"the paper's conv1: {conv1.num_params:,} parameters, {conv1.macs / whole:.2f}")
for stem in (captions.ZF, captions.VGG):
    rows = arithmetic.summarize(stem)
    held, work = sum(row.num_params for row in rows), sum(row.macs for row in rows)
    print(f"{stem.name}: {held:,} parameters, {work / whole:.2f} of AlexNet's work")
learning.reveal("17-stem", "more than the whole of AlexNet")

# %% [markdown] tags=["stretch"]
# ## 6 · The clinic: sixteen errors, sixteen causes · stretch
#
# A page that explains AlexNet shows code, and code on pages gets ill. Here are the last two patients. The
# first was typed well, and then shown by something that makes text prettier:

# %% tags=["raises-exception"]
LINE = "x = Input(shape, name=\u201cInput\u201d)"
print(LINE)
compile(LINE, "a web page", "exec")

# %% [markdown]
# The second is made without a complaint, and waits for its first picture:

# %% tags=["raises-exception"]
LISTING = """
from torch import nn

class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Conv2d(3, 64, kernel_size=11, stride=4)

    def forward(self, images):
        return torch.flatten(self.features(images), 1)
"""
page_names = {}
exec(LISTING, page_names)  # the names of the page alone, not those of this notebook
network = page_names["Network"]()
print("made:", len(list(network.parameters())), "arrays of parameters")
network(torch.zeros(1, 3, 224, 224))

# %% [markdown]
# With these two, sixteen cells of the course stop with a real error. What they said last, and a list of
# causes. The message names the place where it hurts; the cause lies elsewhere.

# %% tags=["nbval-check-output"]
for key, cell in broken_cells.CELLS.items():
    print(f"{key:<10} {cell.error}: {cell.message}")
print()
for letter, cause in broken_cells.CAUSES.items():
    print(f"{letter}: {cause}")

# %% [markdown]
# ### Exercise 4
#
# A letter for each. Two of the causes raise nothing at all, and belong to no message: these are the
# dangerous ones. You may begin with those that you have met.

# %% tags=["exercise"]
causes = {
    "01": None, "02": None, "03": None, "05": None, "06": None, "08": None,
    "09": None, "10": None, "11": None, "12": None, "13": None, "14": None,
    "15": None, "16": None, "17, first": None, "17, second": None,
}  # fmt: skip

# %% tags=["check"]
broken_cells.check_causes(causes)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# causes = {
#     "01": "Q", "02": "F", "03": "I", "05": "D", "06": "M", "08": "H",
#     "09": "P", "10": "G", "11": "O", "12": "A", "13": "R", "14": "B",
#     "15": "K", "16": "J", "17, first": "C", "17, second": "L",
# }
# ```
#
# Three messages are about channels, in the same words. The shapes in them tell which cell they are from.
# </details>

# %% [markdown] tags=["core"]
# ## 7 · Your own trial · core
#
# The last exercise is yours: one question, two sides, three seeds each. The page that comes out can be
# checked by somebody who does not trust you:
#
# - the **prediction** is written first, and every run keeps its fingerprint;
# - each **run** leaves a record and its weights, so its accuracy can be measured again;
# - the **page** holds your ledger, one claim with its proof, and the experiment.
#
# An example first: does it matter whether LeNet pools by maximum or by mean? Six short trainings on 1,000
# pictures each take some seconds of processor time in all.

# %%
print(clothes.note)
recipe = training.Recipe(
    name="short", learning_rate=0.1, momentum=0.9, epochs=4, batch_size=32,
    schedule="one_cycle", init="kaiming",
)  # fmt: skip
example = capstone.Experiment(
    question="Does LeNet name garments better with max or with average pooling?",
    sides={
        "maximum": capstone.Side(variant="LENET5_RELU", recipe=recipe),
        "average": capstone.Side(variant="LENET5_RELU_AVG", recipe=recipe),
    },
    expected=capstone.OVERLAP,
    because="both keep the same four numbers of a window in view.",
)
capstone.write_prediction(EXAMPLE, example)

# %% tags=["varies"]
for side, shares in capstone.run(EXAMPLE, clothes).items():
    print(side, [f"{share:.1%}" for share in shares])

# %% tags=["varies"]
page = capstone.write_page(EXAMPLE, "two-layers-one-gb")
HTML(page.read_text(encoding="utf-8"))

# %% tags=["varies"]
check_capstone(page, clothes)

# %% [markdown]
# The check has read the six networks and let them name the test pictures again. Now somebody improves a
# number a little, where it is easiest:

# %% tags=["varies"]
facts = json.loads((EXAMPLE / "page.json").read_text(encoding="utf-8"))
facts["accuracies"]["maximum"][0] = 0.912
(EXAMPLE / "page.json").write_text(json.dumps(facts), encoding="utf-8")
check_capstone(page, clothes)

# %% [markdown]
# ### Exercise 5
#
# Your own. Ask what you would like to know: another network for 28 x 28 pictures (`variants.VARIANTS`), a
# rate, a momentum, more pictures (`train_images`). Write down what you expect **and why**. Choose a claim
# that you once believed, of those below or of another notebook. Your folder lies beside your answers, and
# runs that are there are not run again.

# %%
for number in ("01", "06", "11"):
    doubted = [each for each in claims.claims_of(number) if each.verdict != "true"]
    print(*(f"{number} {each.id}: {each.statement}" for each in doubted), sep="\n")

# %% tags=["exercise"]
FOLDER = runtime.progress_file().parent / "capstone"
# write_prediction(FOLDER, ...), run(FOLDER, clothes), write_page(FOLDER, ...)
page = None

# %% tags=["check"]
check_capstone(page, clothes)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# One of many:
#
# ```python
# FOLDER = runtime.progress_file().parent / "capstone"
# recipes = {
#     rate: training.Recipe(
#         name=f"rate {rate}", learning_rate=rate, epochs=3, batch_size=32, init="kaiming"
#     )
#     for rate in (0.1, 0.001)
# }
# mine = capstone.Experiment(
#     question="Is a rate of 0.1 or of 0.001 better for three epochs of LeNet?",
#     sides={
#         "large": capstone.Side(variant="LENET5_RELU", recipe=recipes[0.1]),
#         "small": capstone.Side(variant="LENET5_RELU", recipe=recipes[0.001]),
#     },
#     expected="large",
#     because="in 96 steps of plain SGD a small rate goes nowhere.",
# )
# capstone.write_prediction(FOLDER, mine)
# capstone.run(FOLDER, clothes)
# page = capstone.write_page(FOLDER, "small-rate-from-the-start")
# ```
#
# Whatever comes out, the page says it, and says whether you had expected it.
# </details>

# %% [markdown] tags=["core"]
# ## 8 · Who is right? · core

# %%
widgets.who_is_right("17")

# %%
widgets.claim_cards("17")

# %% [markdown]
# **Verdict so far.** Three sentences of ten hold in all seven networks called AlexNet. The paper is nearly
# always right about itself; its readers are, when they name their source. A number without its source, its
# cost and its seeds is a story.
#
# **What still does not fit.** Fashion-MNIST is no ImageNet. What each part bought in 2012, over three seeds,
# no source says: ten parts, three seeds and six days each are half a year of the authors' two cards.
#
# **Next**: any network that somebody praises to you. Says who, at what cost, over how many seeds?
#
# References: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional
# neural networks*, NIPS 2012; Zeiler and Fergus, *Visualizing and understanding convolutional networks*,
# [arXiv 1311.2901](https://arxiv.org/abs/1311.2901); Simonyan and Zisserman, *Very deep convolutional
# networks for large-scale image recognition*, [arXiv 1409.1556](https://arxiv.org/abs/1409.1556); Brier,
# *Verification of forecasts*, 1950.
