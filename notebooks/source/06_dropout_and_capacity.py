# %% [markdown]
# # 06 · Dropout: who answers when half of the units are missing?
#
# **They say**: dropout "reduces complex co-adaptations of neurons"; without it the network "exhibits
# substantial overfitting" (paper, section 4.2). Many tutorials add that thinned networks vote in the end.
#
# **The doubt**: in the end there is one network, and nothing is missing in it. Who votes? And
# torchvision's AlexNet drops in other places than the paper.
#
# **You will be able to**
# 1. write dropout, for training and for testing, and say what is dropped and what is scaled;
# 2. compare many thinned networks with the whole one, which is asked in their place;
# 3. make a network overfit on purpose, measure the gap fairly, and say what dropout buys.
#
# Core 35 minutes, stretch 10. Read before: 01, 03 and 04. Ledger row filled here: dropout.

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn

from alexnet_lib import data, learning, runtime, training, widgets
from alexnet_lib.architecture import arithmetic, variants, weights
from alexnet_lib.figures import grids, show, use_course_style
from alexnet_lib.inside import committee
from alexnet_lib.learning import dropout_grid, heads, races, recorded
from alexnet_lib.learning.checks import by_heart as heart
from alexnet_lib.learning.checks import committees, modes
from alexnet_lib.learning.checks import dropout as masks

# %%
use_course_style()
torch.set_num_threads(1)  # these networks are too small to be shared between cores
SEED, SEEDS = 0, (0, 1, 2)
MEMBERS = 50  # thinned networks that are asked
pictures = data.load()
print(pictures.note)
few, others = heart.few_and_others(pictures)  # 200 to learn from, 1,000 to judge by

# %%
widgets.recall("06")

# %% [markdown] tags=["core"]
# ## 1 · What is dropped? · core
#
# A network that is much larger than its data can learn the pictures by heart, instead of what makes a
# shirt a shirt. The paper's remedy for its two large linear layers: in every training step each **unit**
# (each number that the layer puts out) is set to 0 with probability p = 0.5. So no unit can rely on
# another being there.

# %%
widgets.predict("06-ones")

# %% tags=["nbval-check-output"]
torch.manual_seed(SEED)
layer = nn.Dropout(p=0.5)
ones = torch.ones(8)
for _ in range(3):
    print(layer(ones).tolist())

# %%
learning.reveal("06-ones", "twos and zeros: what stays is divided by 1 - p")

# %% [markdown]
# **What we saw.** A fresh layer is in train mode: it draws a new **mask** of zeros and ones at each call.
# And what stays is made larger. Why? The next layer adds its inputs up; with half of them gone, the sum
# is half as large on average; later, when none is missing, it would suddenly be twice what that layer
# has learned to expect. In 2012 training
# only dropped, and *testing* multiplied by 1 - p. Today training divides by 1 - p and testing does
# nothing: **inverted** dropout. On average they agree:

# %% tags=["nbval-check-output"]
generator = torch.Generator().manual_seed(SEED)
x, p = torch.tensor([1.0, 2.0, 4.0]), 0.25
drawn = (torch.rand(100_000, 3, generator=generator) >= p).float()
in_training = {"2012": x * drawn, "today": x * drawn / (1 - p)}
in_testing = {"2012": x * (1 - p), "today": x}
for year in in_training:
    mean = ", ".join(f"{number:.1f}" for number in in_training[year].mean(dim=0))
    tested = ", ".join(f"{number:.1f}" for number in in_testing[year])
    print(f"{year:5}: in training, on average {mean}; in testing {tested}")

# %% [markdown]
# And the weights? They are all still there. But a unit that is 0 adds nothing to the sums behind it, so
# all weights that it is multiplied with get no gradient from this picture:

# %% tags=["nbval-check-output"]
weight = torch.ones(3, 5, requires_grad=True)  # 5 units in, 3 out
mask = torch.tensor([1.0, 0.0, 1.0, 1.0, 0.0])
(weight @ (torch.arange(1.0, 6.0) * mask / 0.5)).sum().backward()
print(weight.grad)

# %% [markdown]
# Whole columns: those of the second and the fifth unit. The next picture has a mask of its own, and
# other columns rest.
#
# ### Exercise 1
#
# Write inverted dropout. The check measures it as one measures a machine: how many are dropped, by what
# the rest is multiplied, whether each number has its own draw, what eval mode does, and what comes back
# as gradient. Take the random numbers from `generator`.


# %% tags=["exercise"]
def dropout(
    x: torch.Tensor, p: float, training: bool, generator: torch.Generator
) -> torch.Tensor:
    """x of any shape -> the same shape; each number dropped with probability p."""
    raise NotImplementedError


# %% tags=["check"]
masks.check_dropout(dropout)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def dropout(x, p, training, generator):
#     if not training:
#         return x
#     kept = torch.rand(x.shape, generator=generator) >= p
#     return x * kept / (1 - p)
# ```
#
# When you pass, the check prints the variance of what becomes of ones: p / (1 - p). Why? A one becomes 0,
# or 1 / (1 - p) with probability 1 - p; the mean of the squares is 1 / (1 - p), and the square of the
# mean is 1.
# </details>

# %% [markdown] tags=["core"]
# ## 2 · Who switches it off? · core
#
# Below, AlexNet's three linear layers in small, fed with pixels: fc6 and fc7 put out 256 numbers
# instead of 4096. It learns 200 pictures, 60 epochs in mini-batches of 20; then it is asked for the names
# of 1,000 others. Twice.

# %%
runtime.seed_everything(SEED)
network = heads.build_head(dropout=0.5)
print(network)
*_, result = training.train(network, few, heads.BY_HEART)
print(f"epoch {result.epoch}: training accuracy {result.train_accuracy:.1%}")


# %%
def predict_too_soon(network: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """The class of each picture, (N, 1, 28, 28) -> (N,). Something is missing."""
    return network(images).argmax(dim=1)


network.train()  # as a training loop leaves it
[(images, labels)] = others
first, second = (predict_too_soon(network, images) for _ in range(2))
print(f"{(first != second).float().mean():.0%} got another name the second time")

# %%
for name, training_mode in (("train", True), ("eval", False)):
    seen = training.evaluate(network, few, training=training_mode).accuracy
    new = training.evaluate(network, others, training=training_mode).accuracy
    print(f"{name} mode: {seen:.1%} of the 200, {new:.1%} of the others")

# %% [markdown]
# **What we saw.** No error, no warning: a network that was left in train mode draws masks for whoever
# asks. Each answer is that of some thinned network, and it is worse. A layer does not know that the
# training is over; `network.eval()` tells all layers, `network.train()` takes it back. And the number
# that an epoch printed was counted in train mode: the network knew more than that.
#
# ### Exercise 2
#
# Repair the function. All layers are to be in eval mode while it asks; afterwards the network is to be
# in the mode in which it came.


# %% tags=["exercise"]
def predict_classes(network: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """The class of each picture in eval mode, (N, 1, 28, 28) -> (N,)."""
    raise NotImplementedError


# %% tags=["check"]
modes.check_predict_classes(predict_classes)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def predict_classes(network, images):
#     was_training = network.training
#     network.eval()
#     with torch.no_grad():
#         answers = network(images).argmax(dim=1)
#     network.train(was_training)
#     return answers
# ```
#
# Without the last but one line, a training that goes on afterwards would go on without dropout.
# `no_grad` has nothing to do with the mode: it saves the memory of a way back that nobody goes.
# </details>

# %% [markdown] tags=["core"]
# ## 3 · A committee that never meets · core
#
# Each mask makes another, thinner network, and all of them share their weights. The paper sees a cheap
# way to combine many models: train them all at once, then ask the whole network, scaled, in place of
# their average. Is it a good stand-in? The network that the course ships was trained with dropout 0.2.
# We cut it before fc6. Its convolutions are computed once; then the rest draws its masks.

# %%
shipped = weights.load_weights(runtime.course_file("weights/quarter.safetensors"))
cut = [name for name, _ in shipped.model.named_children()].index("fc6")
head = shipped.model[cut:]
some, answers = pictures.test_images[:300], pictures.test_labels[:300]
judges = data.Batches(
    some, answers, 100, resize=shipped.resize, normalise=shipped.normalise
)
with torch.no_grad():
    features = torch.cat([shipped.model[:cut](images) for images, _labels in judges])
print("what fc6 is given:", tuple(features.shape))
print(head)

# %% [markdown]
# ### Exercise 3
#
# Write the function that gives the mean of the probabilities that `members` thinned
# networks give each class. The check knows a tiny head with 8 units, for which it has gone through all
# 256 masks; it asks your function for 1,000. Leave the head in eval mode, as it comes.


# %% tags=["exercise"]
def committee_probabilities(
    head: nn.Module, features: torch.Tensor, members: int
) -> torch.Tensor:
    """Mean probabilities under so many masks, (N, F) -> (N, classes)."""
    raise NotImplementedError


# %% tags=["check"]
committees.check_committee_probabilities(committee_probabilities)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def committee_probabilities(head, features, members):
#     head.train()
#     with torch.no_grad():
#         total = sum(head(features).softmax(dim=1) for _ in range(members))
#     head.eval()
#     return total / members
# ```
#
# Each pass draws new masks. Here train mode changes nothing else: behind fc6 there is no batch
# normalisation. With one inside, it would use, and note, the mean of your batch.
# </details>

# %%
# The library's version gives each member's answer: (members, pictures, classes).
runtime.seed_everything(SEED)
mean = committee.committee_answers(head, features[:100], 200).mean(dim=0)
with torch.no_grad():
    whole = head(features).softmax(dim=1)
apart = (mean - whole[:100]).abs().max(dim=1).values
same = (mean.argmax(dim=1) == whole[:100].argmax(dim=1)).sum()
print(f"200 masks and the whole network name the same class for {same} of 100 pictures")
print(f"their probabilities are {100 * apart.mean():.1f} points apart on average")
print(f"and {100 * apart.max():.0f} at most")

# %% [markdown]
# Dropping a fifth is what this network was trained for. What if most of it is missing? A bet first:

# %%
widgets.predict("06-alone")

# %%
drops = [layer for layer in head if isinstance(layer, nn.Dropout)]
for share in (0.2, 0.5, 0.8):
    for layer in drops:
        layer.p = share
    members = committee.committee_answers(head, features, MEMBERS)
    alone = (members.argmax(dim=2) == answers).float().mean()
    together = (members.mean(dim=0).argmax(dim=1) == answers).float().mean()
    print(f"{share:.0%} dropped: one alone {alone:.1%}", end=", ")
    print(f"the mean of {MEMBERS} {together:.1%}")
for layer in drops:
    layer.p = 0.2
right = (whole.argmax(dim=1) == answers).float().mean()
print(f"the whole network: {right:.1%}")
came_out = f"with 80 % dropped one alone {alone:.0%}, the mean {together:.0%}"
learning.reveal("06-alone", f"{came_out}, the whole {right:.0%}")

# %% [markdown]
# **What we saw.** Alone, a network that lacks most of its units fails often, each in its own way. In the
# mean the failures cancel. And one pass of the whole network, without any mask, is about as good as the
# mean: that is the bargain. Below you may ask the committee yourself, about pictures of which the whole
# network is least sure. Try, and bet before each:
#
# 1. *Networks* from 1 to 200, with 50 % dropped: when does the bar stop moving? *Draw* deals new masks.
# 2. *Dropped* from 0 to 90 %: when do the members begin to disagree, and when bar and diamond?
# 3. *Dropped at*: the paper's place, and torchvision's (section 4).

# %%
unsure = whole.max(dim=1).values.argsort()[:12].tolist()
widgets.dropout_committee(shipped, some, answers, unsure)

# %% [markdown]
# Is that luck? For a single linear layer it is exact, if one takes another mean: not that of the
# probabilities, but their **geometric mean** (the 256th root of the product of 256 numbers, brought back
# to a sum of 1). Eight units have 256 masks; we can ask all, and compare:

# %% tags=["nbval-check-output"]
torch.manual_seed(SEED)
last, units = nn.Linear(8, 3).double(), torch.rand(8).double()
every_mask = torch.cartesian_prod(*[torch.tensor([0.0, 2.0])] * 8).double()
with torch.no_grad():
    shares = last(units * every_mask).softmax(dim=1)  # (256, 3)
    scaled = last(units).softmax(dim=0)
geometric = shares.log().mean(dim=0).exp()
torch.testing.assert_close(geometric / geometric.sum(), scaled)
means = {"mean": shares.mean(dim=0), "geometric mean": geometric / geometric.sum()}
for name, mean in (means | {"scaled, one pass": scaled}).items():
    print(f"{name:17}", ", ".join(f"{share:.4f}" for share in mean))

# %% [markdown] tags=["core"]
# ## 4 · Where does it stand? · core
#
# The paper drops from "the first two fully-connected layers". From what they put out, or from what they
# are given? Its section 4.2 says: the output of each hidden neuron. The tables of two networks, from
# pool5 on:

# %% tags=["nbval-check-output"]
for variant in ("ALEXNET_2012", "ALEXNET_TORCHVISION"):
    rows = arithmetic.summarize(variants.find_variant(variant))
    start = [row.name for row in rows].index("flatten")
    print(variant, "from flatten on:")
    print("  ", " ".join(row.name for row in rows[start:]))

# %% [markdown]
# ### Exercise 4
#
# How many numbers of one picture pass each of the four dropout layers, before any is dropped? And by
# whom is pool5 dropped, by whom the output of fc7: `"paper"`, `"torchvision"`, `"both"`, `"neither"`?

# %% tags=["exercise"]
placement = {
    "paper, first": None, "paper, second": None,
    "torchvision, first": None, "torchvision, second": None,
    "pool5 is dropped by": None, "fc7's output is dropped by": None,
}  # fmt: skip

# %% tags=["check"]
heart.check_placement(placement)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def passing(variant):
#     rows = arithmetic.summarize(variants.find_variant(variant))
#     return [row.in_shape[0] for row in rows if row.kind == "Dropout"]
#
#
# placement = {
#     "paper, first": passing("ALEXNET_2012")[0],
#     "paper, second": passing("ALEXNET_2012")[1],
#     "torchvision, first": passing("ALEXNET_TORCHVISION")[0],
#     "torchvision, second": passing("ALEXNET_TORCHVISION")[1],
#     "pool5 is dropped by": "torchvision",
#     "fc7's output is dropped by": "paper",
# }
# ```
#
# The paper's two layers have 4096 numbers each. torchvision drops from the 9216 of pool5, then from the
# 4096 of fc6; what fc7 puts out reaches fc8 whole. The same two words in a tutorial, two networks.
# </details>

# %% [markdown] tags=["core"]
# ## 5 · Overfitting on purpose · core
#
# Does dropout do what it is for? First we need the illness. **Capacity** is how much a network can fit.
# One rough measure is its number of parameters for each picture that it learns from:

# %% tags=["nbval-check-output"]
small = sum(parameter.numel() for parameter in network.parameters())
rows = arithmetic.summarize(variants.ALEXNET_2012)
large = sum(row.num_params for row in rows)
print(f"ours: {small:,} parameters, {small / heart.FEW:,.0f} a picture")
print(f"2012: {large:,} parameters, {large / 1.2e6:.0f} a picture (1.2 million)")

# %%
torch.manual_seed(SEED)
dealt = torch.cat([labels for _images, labels in few])[torch.randperm(heart.FEW)]
wrong = [(few[i][0], part) for i, part in enumerate(dealt.split(20))]
for name, batches in {"their own labels": few, "shuffled labels": wrong}.items():
    runtime.seed_everything(SEED)
    learner = heads.build_head(dropout=0.0)
    for _result in training.train(learner, batches, heads.BY_HEART):
        pass
    seen = training.evaluate(learner, batches).accuracy
    new = training.evaluate(learner, others).accuracy
    print(f"{name}: {seen:.0%} of the 200 right, {new:.0%} of others")

# %% [markdown]
# **What we saw.** Without dropout all 200 are known, even when each has got another's label, where there
# is nothing to understand. So a training accuracy of 100 % proves capacity, and nothing else. The
# **gap** between seen and new pictures is what overfitting means. Both must be asked in eval mode.
#
# ### Exercise 5
#
# Make the network learn the 200 by heart, this time with dropout 0.5 in it. Train in place until at
# least 99 % of `few` are right *in eval mode*; at most 20 seconds. Return this accuracy and the one on
# `others`. `few` and `others` are lists of mini-batches: `training.train`, `training.evaluate` and the
# recipe `heads.BY_HEART` take them as they are.


# %% tags=["exercise"]
def by_heart(network: nn.Module, few: list, others: list) -> tuple[float, float]:
    """Train until 0.99 of `few` are right; accuracies on `few` and on `others`."""
    raise NotImplementedError


# %% tags=["check"]
heart.check_by_heart(by_heart, pictures)

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def by_heart(network, few, others):
#     for _result in training.train(network, few, heads.BY_HEART):
#         seen = training.evaluate(network, few).accuracy
#         if seen >= 0.99:
#             break
#     return seen, training.evaluate(network, others).accuracy
# ```
#
# Dropout does not keep a large network from learning 200 pictures by heart. It takes longer.
# </details>

# %% [markdown]
# Now both, from three seeds each, all else equal. Before the curves, a bet:

# %%
widgets.predict("06-both")


# %%
def learn(share: float, seed: int) -> list[tuple[float, float]]:
    """After each epoch: accuracy on the 200 and on the others, in eval mode."""
    runtime.seed_everything(seed)
    learner, history = heads.build_head(share), []
    for _result in training.train(learner, few, heads.BY_HEART):
        seen = training.evaluate(learner, few).accuracy
        history.append((seen, training.evaluate(learner, others).accuracy))
    return history


runs = {share: [learn(share, seed) for seed in SEEDS] for share in (0.0, 0.5)}

# %%
fig, axes = plt.subplots(1, 2, figsize=(8, 3.2))
for (share, histories), colour in zip(runs.items(), ("C0", "C1"), strict=True):
    line = "-" if share else "--"
    for history in histories:
        label = f"p = {share:g}" if history is histories[0] else None
        for ax, values in zip(axes, zip(*history, strict=True), strict=True):
            percent = [100 * value for value in values]
            epochs = range(1, len(percent) + 1)
            ax.plot(epochs, percent, line, color=colour, linewidth=1.3, label=label)
axes[0].set(title="The 200 that it learns from", ylabel="accuracy, %", xlabel="epoch")
axes[1].set(title="1,000 others (another scale)", xlabel="epoch", ylim=(60, 80))
axes[0].legend()
fig.suptitle("With dropout the 200 are known later", x=0.02, ha="left")
ends = {share: [each[-1] for each in histories] for share, histories in runs.items()}
said = "; ".join(
    f"p = {share:g}: {recorded.percent_range([seen for seen, _ in pairs])} of the 200, "
    f"{recorded.percent_range([new for _, new in pairs])} of the others"
    for share, pairs in ends.items()
)
show(fig, alt=f"Accuracies in eval mode, three seeds each; in the end {said}.")

# %%
known, most = {}, heads.BY_HEART.epochs
for share, histories in runs.items():
    errors = [[1 - seen for seen, _new in history] for history in histories]
    known[share] = [races.epochs_to(each, 1 - heart.TARGET) for each in errors]
longer = sum(n or most for n in known[0.5]) / sum(n or most for n in known[0.0])
for share, pairs in ends.items():
    print(f"p = {share:g}: 99 % of the 200 known after {known[share]} epochs;", end=" ")
    print(f"others {recorded.percent_range([new for _, new in pairs])}")
for share, pairs in ends.items():
    gaps = [100 * (seen - new) for seen, new in pairs]
    print(f"p = {share:g}: gap {recorded.range_text(gaps, '.1f')} points")
new_ones = {share: [new for _, new in pairs] for share, pairs in ends.items()}
[verdict] = dropout_grid.told_apart(new_ones)
learning.reveal("06-both", f"on the others, {verdict}")

# %% [markdown]
# **How to read it.** Two things can be seen in the left picture: with dropout the 200 are learned more
# slowly, and in the end they are learned all the same. The paper says that dropout "roughly doubles the
# number of iterations"; the numbers above give ours. Whether the right picture shows a gain depends on
# whether the ranges of the seeds part. Open the last line: it compares every seed with every other. And
# look at the gaps: nearly all of the overfitting is still there with dropout. Mind also what the seeds
# vary: the start and the masks. The 200 pictures are the same each time, and 200 others would be another
# experiment.

# %% [markdown] tags=["core"]
# ## 6 · What the recorded grid says · core
#
# 200 pictures and three linear layers are not AlexNet. The course records the quarter-width AlexNet at
# 112 pixels: four shares, p = 0, 0.2, 0.5 and 0.8, on 2,000 pictures (40 epochs) and on all 60,000
# (four), from three seeds each. The rate is the same for all shares; it was tuned for none of them. The
# figure shows those runs that are recorded so far.

# %%
found = dropout_grid.recorded_grid()
fig, axes = plt.subplots(1, 2, figsize=(8, 3))
said = []
for ax, (size, by_share) in zip(axes, found.items(), strict=True):
    tested = dropout_grid.accuracies(by_share)
    title = f"{size:,} pictures"
    said.append(grids.plot_by_share(ax, tested, "test accuracy, %", title))
fig.suptitle("Each bar: the lowest to the highest seed", x=0.02, ha="left")
print(recorded.missing("dropout"))
show(fig, alt=" ".join(said))

# %%
for size, by_share in found.items():
    print(f"{size:,} pictures:")
    for line in dropout_grid.lines(by_share):
        print("  ", line)

# %% [markdown]
# **How to read it.** "Better, by every seed" is the most that three runs can say; where ranges overlap,
# these seeds do not show a difference, and another seed may turn the order round. Training accuracies
# are the epochs' own, counted with dropout on: they fall with p by themselves, and are no measure of
# overfitting. And a share that suits 2,000 pictures need not suit 60,000.

# %% [markdown] tags=["stretch"]
# ## 7 · An error on the way back · stretch
#
# Dropout by hand, to save memory: the mask is multiplied into the numbers that are there. The way
# forward runs. Why does the way back stop?

# %% tags=["raises-exception"]
fc = nn.Linear(4, 3)
hidden = torch.relu(fc(torch.ones(2, 4)))
mask = (torch.rand(2, 3) >= 0.5) / 0.5
hidden *= mask  # in place: no new tensor
hidden.sum().backward()

# %% [markdown]
# <details><summary>The diagnosis</summary>
#
# ReLU kept what it had put out: where that is above 0, it lets the gradient back. `*=` has overwritten
# these numbers, so ReLU would have decided by the mask. torch counts the versions of each tensor and
# refuses. `hidden = hidden * mask` makes a new tensor and leaves ReLU's alone. Try it.
# </details>

# %% [markdown] tags=["core"]
# ## 8 · Who is right? · core

# %%
widgets.who_is_right("06")

# %%
widgets.claim_cards("06")

# %%
few_runs = "; ".join(
    f"p = {p:g}: {recorded.percent_range(values)}" for p, values in new_ones.items()
)
buys, decided = dropout_grid.summary(found)
learning.fill(
    "dropout",
    costs=f"{longer:.1f} times the epochs to know 200 pictures (3 seeds)",
    buys=buys or f"200 pictures, three linear layers, accuracy on others: {few_runs}",
    verdict=decided or f"200 pictures, {verdict}; the grid is to come",
)

# %% [markdown]
# **Verdict so far.** Dropout silences units, not weights; in testing only if nobody says `eval()`. The
# whole network stands in for the mean of all thinned ones. Learning by heart takes longer. What that buys
# on new pictures, several seeds must say, for each amount of data anew.
#
# **What still does not fit.** All garments are 28 pixels wide; the books enlarge them to 224 and train
# for hours. What do the hours buy?
#
# **Next**: [07 · What does the long run at 224 pixels buy?](07_the_long_run.ipynb)
#
# References: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional neural
# networks*, NIPS 2012, section 4.2; Hinton and others,
# [*Improving neural networks by preventing co-adaptation of feature detectors*](https://arxiv.org/abs/1207.0580),
# 2012; Srivastava and others, *Dropout: a simple way to prevent neural networks from overfitting*, JMLR
# 15, 2014; Zhang and others, *Understanding deep learning requires rethinking generalization*, ICLR 2017.
