# %% [markdown]
# # Assignment 1 · Arithmetic and cost
#
# This copy is **{{student}}'s own**: copy `{{fingerprint}}`. Its numbers were drawn for it alone.
#
# 20 points: 18 are counted by a program, 2 are given for the text at the end. You need notebooks
# 02 and 03. Plan 90 minutes.
#
# - Fill in the cells that hold `raise NotImplementedError` or `None`. Keep their names.
# - The cell behind each tells you whether your answer has the right form, and tries the examples
#   of the text. It does not know whether the rest is right: other cases are tried when the
#   notebook is graded.
# - Do not rename the file. Run all cells once more, save, and hand in the `.ipynb` alone.
# - You will be asked about your own numbers, two minutes a question.

# %%
from alexnet_lib.architecture import spec

# %% [markdown]
# ## 1 · A rule of its own (4 points)
#
# A made-up framework counts the positions of a window in its own way:
#
# - {{padding_rule}};
# - between neighbouring pixels of the window, `gap` pixels are not read, so that a window of 3
#   with gap 1 covers 5 pixels;
# - {{rounding_rule}}.
#
# ```
# {{examples}}
# ```
#
# Write the rule for every window that fits.


# %% tags=["exercise"]
def positions(size: int, kernel_size: int, stride: int, padding: int, gap: int) -> int:
    """Positions of a window along a row of `size` pixels, by the rule above."""
    raise NotImplementedError


# %% tags=["check"]
grader.check("q1")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def positions(size: int, kernel_size: int, stride: int, padding: int, gap: int) -> int:
#     covered = (kernel_size - 1) * (gap + 1) + 1
#     travel = size + {{padded_sides}} * padding - covered
#     return {{steps}} + 1
# ```
#
# Cover first, then the way that is left, then the steps, and one position more than steps.
# </details>

# %% tags=["visible"]
def test_is_a_function(positions):
    assert callable(positions), "positions should be a function"


def test_examples(positions):
    for window, right in {{example_cases}}:
        answer = positions(*window)
        assert type(answer) is int, f"positions{window} gave a {type(answer).__name__}"
        assert answer == right, f"positions{window} should be {right}, see the text"


# %% [markdown]
# ## 2 · Your network, side by side (3 points)
#
# This is your network. torch counts its positions as in notebook 02.

# %%
NETWORK = {{network}}

# %% [markdown]
# What are the sides of the maps behind its six windows **by your rule** of part 1 (no gaps)? Each
# window is given what the one before it left. And which window is the first behind which torch
# finds another side? Begin with pencil and paper.

# %% tags=["exercise"]
sides = {
    {{open_sides}},
    "parts_at": None,  # a name, such as "conv2"
}

# %% tags=["check"]
grader.check("q2")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# from alexnet_lib.architecture.arithmetic import summarize
#
# sides, side = {}, NETWORK.input_shape[1]
# for layer in NETWORK.layers:
#     if hasattr(layer, "kernel_size"):
#         side = positions(side, layer.kernel_size, layer.stride, layer.padding, 0)
#         sides[layer.name] = side
# of_torch = {row.name: row.out_shape[1] for row in summarize(NETWORK) if row.name in sides}
# sides["parts_at"] = next(name for name in sides if sides[name] != of_torch[name])
# ```
#
# One difference early on is carried through all the rest.
# </details>

# %% tags=["visible"]
def test_form(sides):
    numbers = {name: side for name, side in sides.items() if name != "parts_at"}
    for name, side in numbers.items():
        assert type(side) is int, f"sides[{name!r}] should be a whole number"
        assert 0 < side < 1000, f"sides[{name!r}] is no side of this network"
    assert sides.get("parts_at") in numbers, "sides['parts_at'] should name a window"


# %% [markdown]
# ## 3 · A table from a forum (4 points)
#
# Somebody counted your network (by torch's rule) and posted this. One row is wrong, by one of the
# mistakes below.
#
# ```
# {{wrong_table}}
# ```
#
# {{mistakes}}
#
# Name the layer and the mistake, and write what its row should say.

# %% tags=["exercise"]
diagnosis = {"layer": None, "mistake": None, "parameters": None, "multiply_adds": None}

# %% tags=["check"]
grader.check("q3")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# diagnosis = {
#     "layer": "{{wrong_layer}}",
#     "mistake": "{{wrong_mistake}}",
#     "parameters": {{right_parameters}},
#     "multiply_adds": {{right_multiply_adds}},
# }
# ```
#
# Every mistake leaves its own trace: one of the two numbers, or both, and by which factor.
# </details>

# %% tags=["visible"]
def test_form(diagnosis):
    layers, mistakes = ["conv1", "conv2", "conv3", "fc4", "fc5"], {{mistake_names}}
    assert diagnosis.get("layer") in layers, "diagnosis['layer'] should name a row"
    assert diagnosis.get("mistake") in mistakes, "copy the mistake as it is written"
    for name in ("parameters", "multiply_adds"):
        found = type(diagnosis.get(name))
        assert found is int, f"diagnosis[{name!r}] should be a whole number"


# %% [markdown]
# ## 4 · Two steps in place of one (4 points)
#
# A convolution can be taken apart. In your block come {{block_steps}}. Both steps keep the side of
# the map (stride 1, enough padding; kernels are odd). Biases: {{block_biases}}.
#
# Count the parameters of the block, and its multiply-adds for one picture with maps of
# `side` x `side`. For example, `block_cost({{block_example}})` is `{{block_cost}}`.


# %% tags=["exercise"]
def block_cost(in_channels: int, out_channels: int, kernel_size: int, side: int) -> list:
    """[parameters, multiply-adds for one picture] of the two steps together."""
    raise NotImplementedError


# %% tags=["check"]
grader.check("q4")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def block_cost(in_channels: int, out_channels: int, kernel_size: int, side: int) -> list:
#     {{block_lines}}
#     weights = first + second
#     return [weights + biases, weights * side**2]
# ```
#
# Count the weights of each step; each works once at every position, and biases do not count.
# </details>

# %% tags=["visible"]
def test_is_a_function(block_cost):
    assert callable(block_cost), "block_cost should be a function"


def test_example(block_cost):
    answer = block_cost({{block_example}})
    assert type(answer) in (list, tuple), "block_cost should return [parameters, work]"
    assert [type(number) for number in answer] == [int, int], "two whole numbers"
    assert list(answer) == {{block_cost}}, "the example of the text comes out otherwise"


# %% [markdown]
# ## 5 · Your card (3 points)
#
# You train your network (torch's rule) on a card of **{{card}}** ({{card_unit}}), with
# {{optimiser}}. It keeps for every parameter {{kept}}, each in float32. For every picture it keeps
# the activations, in {{format}}: {{format_bytes}} bytes a number. Count as in notebook 03: every
# output of every layer but `Flatten`; not the picture itself.
#
# How many MB (10\*\*6 bytes, at least four digits) are kept whatever the mini-batch, how many MB
# does each picture add, and how many pictures fit?

# %% tags=["exercise"]
budget = {"fixed_MB": None, "per_picture_MB": None, "largest_batch": None}

# %% tags=["check"]
grader.check("q5")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# from math import prod
#
# from alexnet_lib.architecture.arithmetic import summarize
#
# rows = summarize(NETWORK)
# fixed = {{copies}} * 4 * sum(row.num_params for row in rows)
# kept = {{format_bytes}} * sum(prod(row.out_shape) for row in rows if row.kind != "Flatten")
# budget = {
#     "fixed_MB": fixed / 10**6,
#     "per_picture_MB": kept / 10**6,
#     "largest_batch": ({{card_bytes}} - fixed) // kept,
# }
# ```
#
# Only the activations grow with the mini-batch, so the rest is taken off first.
# </details>

# %% tags=["visible"]
def test_form(budget):
    for name in ("fixed_MB", "per_picture_MB"):
        number = budget.get(name)
        assert type(number) in (int, float), f"budget[{name!r}] should be a number"
        assert number > 0, f"budget[{name!r}] should be more than 0"
    found = type(budget.get("largest_batch"))
    assert found is int, "budget['largest_batch'] should be a whole number"


# %% [markdown]
# ## 6 · Bet, run, explain (2 points)
#
# Bet before you run anything: which layer of your network takes the largest share of the time, for
# one picture, and for sixteen at once? A wrong bet costs nothing.

# %% tags=["exercise"]
bet = {"one_picture": None, "sixteen_pictures": None}  # "conv1", ..., "fc5"

# %% tags=["check"]
grader.check("bet")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# bet = {"one_picture": "conv1", "sixteen_pictures": "conv1"}
# ```
#
# Any bet is a good one, as long as it was made before the run.
# </details>

# %% tags=["visible"]
def test_form(bet):
    layers = ["conv1", "conv2", "conv3", "fc4", "fc5"]
    for name in ("one_picture", "sixteen_pictures"):
        assert bet.get(name) in layers, f"bet[{name!r}] should be one of {layers}"


# %% tags=["run"]
import statistics
import time

import torch

from alexnet_lib.architecture import arithmetic, model

torch.set_num_threads(1)  # one core, so that the clock counts the work of the layers
network = model.build_model(NETWORK).eval()


def seconds_of_layers(pictures: int) -> dict[str, float]:
    """Processor seconds of each layer, the median of 15 passes."""
    passes = []
    for _ in range(16):
        images, seconds = torch.rand(pictures, *NETWORK.input_shape), {}
        for name, layer in network.named_children():
            start = time.process_time()
            images = layer(images)
            seconds[name] = time.process_time() - start
        passes.append(seconds)
    return {name: statistics.median(p[name] for p in passes[1:]) for name in seconds}


# %% tags=["run"]
work = {row.name: row.macs for row in arithmetic.summarize(NETWORK)}
with torch.inference_mode():
    one, sixteen = seconds_of_layers(1), seconds_of_layers(16)
print("share of       multiply-adds   time of 1   time of 16")
for name in ("conv1", "conv2", "conv3", "fc4", "fc5"):
    shares = [part[name] / sum(part.values()) for part in (work, one, sixteen)]
    print(f"{name:<12}", "".join(f"{share:12.1%}" for share in shares))

# %% [markdown]
# In at most **80 words**: for one layer of your choice, why is its share of the time so far from,
# or so near to, its share of the multiply-adds? Quote at least **two numbers of your own run**, as
# they are printed, and say what became of your bet.
#
# | points | for |
# |---|---|
# | 0 | fewer than two numbers of your own run, or no reason |
# | 1 | two numbers of your own run, and a reason that they do not bear out |
# | 2 | two numbers of your own run, a reason that they bear out, and what became of the bet |

# %% tags=["exercise"]
explanation = """

"""

# %% tags=["check"]
grader.check("words")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# explanation = """
# A text of the kind that earns 2: fc4 does 3.1 % of the multiply-adds and takes 20.4 % of the
# time of 1 picture: each of its weights is fetched from memory and works once. With 16 pictures
# each fetched weight works 16 times, and its share falls. I had bet on conv1 for one picture and
# was right; the numbers are those of your own run.
# """
# ```
#
# The reason matters, and that the numbers carry it.
# </details>

# %% tags=["visible"]
def test_form(explanation):
    assert type(explanation) is str, "explanation should be a text"
    words = explanation.split()
    assert words, "the text is still empty"
    assert len(words) <= 80, f"{len(words)} words: at most 80"
    numbers = [word for word in words if any(map(str.isdigit, word))]
    assert len(numbers) >= 2, "quote two numbers of your own run"
