# %% [markdown]
# # Assignment 2 · Gradients and first weights
#
# This copy is **{{student}}'s own**: copy `{{fingerprint}}`. Its numbers were drawn for it alone.
#
# 20 points: 18 are counted by a program, 2 are given for the text at the end. You need notebooks
# 04 and 09. Plan 90 minutes.
#
# - Fill in the cells that hold `raise NotImplementedError` or `None`. Keep their names.
# - The cell behind each tells you whether your answer has the right form, and tries the examples
#   of the text. It does not know whether the rest is right: other cases are tried when the
#   notebook is graded.
# - Do not rename the file. Run all cells once more, save, and hand in the `.ipynb` alone.
# - You will be asked about your own numbers, two minutes a question.

# %%
from math import exp, log, sqrt, tanh

# %% [markdown]
# ## 1 · Your curve (4 points)
#
# Your activation is this one, up to x = {{cap}}. From there on it stays level, at the height that
# it has reached.

# %%
CAP = {{cap}}


def curve(x: float) -> float:
    """Your activation."""
    x = min(x, CAP)
    return {{formula}}


# %% [markdown]
# Write its slope, by hand: no differences of nearby values, no automatic derivative. At the cap
# itself, where the curve has a kink, count {{at_cap}}.
#
# ```
# {{slopes}}
# ```


# %% tags=["exercise"]
def slope(x: float) -> float:
    """The slope of your curve at x."""
    raise NotImplementedError


# %% tags=["check"]
grader.check("q1")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def slope(x: float) -> float:
#     if x {{beyond}} CAP:
#         return 0.0
# {{squashed}}    return {{slope_formula}}
# ```
#
# Level means slope 0; everywhere else it is the derivative of the formula.
# </details>

# %% tags=["visible"]
def test_is_a_function(slope):
    assert callable(slope), "slope should be a function"


def test_examples(slope):
    for x, right in {{slope_cases}}:
        answer = slope(x)
        assert type(answer) in (int, float), f"slope({x}) should be a number"
        assert abs(answer - right) < 1e-3, f"slope({x}) should be {right}, see the text"


# %% [markdown]
# ## 2 · Back through a chain (4 points)
#
# In a chain each layer has one unit and one weight: `h = curve(weight * h)`. It starts with
# `h = x`, and the loss is `(h - target) ** 2` for the last h. Write the gradient of the loss for
# every weight, first layer first. For example, `chain_gradients({{chain}})` is about
# `{{chain_answer}}`.


# %% tags=["exercise"]
def chain_gradients(weights: list[float], x: float, target: float) -> list[float]:
    """d(loss) / d(weight) for each weight of the chain, in the order of the layers."""
    raise NotImplementedError


# %% tags=["check"]
grader.check("q2")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def chain_gradients(weights: list[float], x: float, target: float) -> list[float]:
#     inputs = [x]
#     for weight in weights:
#         inputs.append(curve(weight * inputs[-1]))
#     gradients, flow = [], 2 * (inputs[-1] - target)
#     for weight, before in zip(weights[::-1], inputs[-2::-1]):
#         flow *= slope(weight * before)
#         gradients.append(flow * before)
#         flow *= weight
#     return gradients[::-1]
# ```
#
# On the way back each layer multiplies by its slope, and then by its weight.
# </details>

# %% tags=["visible"]
def test_is_a_function(chain_gradients):
    assert callable(chain_gradients), "chain_gradients should be a function"


def test_example(chain_gradients):
    answer, right = chain_gradients({{chain}}), {{chain_answer}}
    assert type(answer) in (list, tuple), "chain_gradients should return a list"
    assert len(answer) == len(right), "one number for each weight"
    near = [abs(ours - theirs) < 1e-3 for ours, theirs in zip(answer, right)]
    assert all(near), "the example of the text comes out otherwise"


# %% [markdown]
# ## 3 · A run that does not learn (4 points)
#
# A network of {{sick_depth}} layers, {{sick_width}} units wide, with {{sick_activation}} behind
# each, was shown {{sick_pictures}} pictures, once forward and once back. This was measured (*rms*
# is the root of the mean square; the gradient is that of the layer's weights):
#
# ```
# {{sick_table}}
# ```
#
# One of these was done to it:
#
# {{causes}}
#
# Name the cause, and where: `"all"`, or one layer, such as `"layer3"`. And what is the ratio of the
# first layer's gradient norm to the last layer's? (Write 0 where there is no gradient at all.)

# %% tags=["exercise"]
diagnosis = {"cause": None, "where": None, "ratio": None}

# %% tags=["check"]
grader.check("q3")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# diagnosis = {
#     "cause": "{{sick_cause}}",
#     "where": "{{sick_where}}",
#     "ratio": {{sick_ratio}},
# }
# ```
#
# Look at the outputs first: do they shrink, grow, stop, or stand at 1? Then where it begins.
# </details>

# %% tags=["visible"]
def test_form(diagnosis):
    places = ["all", *(f"layer{number}" for number in range(1, {{sick_depth}} + 1))]
    assert diagnosis.get("cause") in {{cause_names}}, "copy the cause as it is written"
    assert diagnosis.get("where") in places, "diagnosis['where'] should be all or a layer"
    found = type(diagnosis.get("ratio"))
    assert found in (int, float), "diagnosis['ratio'] should be a number"


# %% [markdown]
# ## 4 · First weights (3 points)
#
# Three convolutions, each in front of a leaky ReLU whose slope is {{negative_slope}} on the
# negative side and 1 on the other:
#
# ```
# {{start_table}}
# ```
#
# With which standard deviation must their weights be drawn (mean 0), so that
# {{kept_size}}? Take Kaiming's argument, for your slope: as though what each layer reads had come
# through that activation, and stride 1. Four digits.

# %% tags=["exercise"]
stds = {"conv1": None, "conv2": None, "conv3": None}

# %% tags=["check"]
grader.check("q4")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# fans = {{{fans}}}
# stds = {name: sqrt(2 / ((1 + {{negative_slope}}**2) * fan)) for name, fan in fans.items()}
# ```
#
# Half of the inputs count whole, half of them with the square of the slope; the groups make the
# fan smaller.
# </details>

# %% tags=["visible"]
def test_form(stds):
    for name in ("conv1", "conv2", "conv3"):
        assert type(stds.get(name)) is float, f"stds[{name!r}] should be a number"
        assert 0 < stds[name] < 1, f"stds[{name!r}] should lie between 0 and 1"


# %% [markdown]
# ## 5 · How deep does it reach? (3 points)
#
# An activation is nowhere steeper than {{steepest}}. It stands in a chain as in part 2, in which
# every weight is {{weight}}. By what factor does one layer multiply the gradient **at most**, on the
# way back? And what is the smallest number of layers behind which it is sure to be less than 10 to
# the power of -{{exponent}} of what it was?

# %% tags=["exercise"]
reach = {"shrink": None, "layers": None}  # a factor under 1, a whole number

# %% tags=["check"]
grader.check("q5")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# shrink, layers = {{steepest}} * {{weight}}, 1
# while shrink**layers >= 10**-{{exponent}}:
#     layers += 1
# reach = {"shrink": shrink, "layers": layers}
# ```
#
# Slope times weight, once for every layer: depth is an exponent.
# </details>

# %% tags=["visible"]
def test_form(reach):
    assert type(reach.get("shrink")) is float, "reach['shrink'] should be a number"
    assert 0 < reach["shrink"] < 1, "reach['shrink'] should lie between 0 and 1"
    assert type(reach.get("layers")) is int, "reach['layers'] should be a whole number"


# %% [markdown]
# ## 6 · Bet, run, explain (2 points)
#
# The next cells build a network of {{depth}} layers with **your curve**, three times: with weights
# drawn at half of Kaiming's standard deviation (for a plain ReLU), at the whole of it, and at twice
# as much. Bet before you run them: at which start do the gradient norms of the first and the last
# layer differ least? A wrong bet costs nothing.

# %% tags=["exercise"]
bet = {"steadiest": None}  # "half", "whole" or "twice"

# %% tags=["check"]
grader.check("bet")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# bet = {"steadiest": "whole"}
# ```
#
# Any bet is a good one, as long as it was made before the run.
# </details>

# %% tags=["visible"]
def test_form(bet):
    assert bet.get("steadiest") in ("half", "whole", "twice"), "half, whole or twice"


# %% tags=["run"]
import torch


def gradient_norms(times: float, depth: int = {{depth}}, width: int = 64) -> list[float]:
    """Gradient norm of every layer's weights, for 64 random pictures."""
    h = torch.randn(64, width)
    layers = [times * sqrt(2 / width) * torch.randn(width, width) for _ in range(depth)]
    for weights in layers:
        x = (h @ weights.requires_grad_()).clamp(max=CAP)
        h = {{torch_formula}}
    (h * torch.randn(64, width)).sum().backward()
    return [weights.grad.norm().item() for weights in layers]


# %% tags=["run"]
print("start   first layer    last layer   first / last")
for name, times in (("half", 0.5), ("whole", 1.0), ("twice", 2.0)):
    norms = gradient_norms(times)
    print(f"{name:<7} {norms[0]:>11.4f} {norms[-1]:>13.4f} {norms[0] / norms[-1]:>14.4f}")

# %% [markdown]
# In at most **80 words**: why is the start that came out steadiest the steadiest for your curve?
# Quote at least **two numbers of your own run**, as they are printed, and say what became of your
# bet.
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
# A text of the kind that earns 2: at the whole start the norms are 3.1021 and 2.9540; at half of
# it the first is 0.0004. Each layer multiplies by slope times weight: near 0 my curve's slope is
# a bit under 1, so weights of about Kaiming's size keep the product near 1. I had bet on twice
# and was wrong: the numbers are those of your own run.
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
