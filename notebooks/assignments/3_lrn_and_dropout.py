# %% [markdown]
# # Assignment 3 · LRN and dropout
#
# This copy is **{{student}}'s own**: copy `{{fingerprint}}`. Its numbers were drawn for it alone.
#
# 20 points: 18 are counted by a program, 2 are given for the text at the end. You need notebooks
# 05 and 06. Plan 90 minutes.
#
# - Fill in the cells that hold `raise NotImplementedError` or `None`. Keep their names.
# - The cell behind each tells you whether your answer has the right form, tries the example of the
#   text, and names some usual mistakes. It does not know whether the rest is right: other cases
#   are tried when the notebook is graded.
# - Do not rename the file. Run all cells once more, save, and hand in the `.ipynb` alone.
# - You will be asked about your own numbers, two minutes a question.

# %%
from math import tanh

# %% [markdown]
# ## 1 · A normalisation of its own (4 points)
#
# Maps are nested lists here: `maps[channel][row][column]`. A made-up network divides each number a
# by a bracket, and gives
#
# `a / (K + ALPHA * energy) ** BETA`
#
# - The window is N channels wide and centred on the number's own channel; all its numbers stand at
#   the same pixel.
# - The energy is {{share}}.
# - At the first and the last channels, {{edge}}.

# %%
N, K, ALPHA, BETA = {{n}}, {{k}}, {{alpha}}, {{beta}}
EXAMPLE = [
    {{example}},
]

# %% [markdown]
# The example has {{n}} + 1 channels of 1 x 2 pixels. This is what becomes of it:
#
# ```
# {{example_rows}}
# ```
#
# Write it for any maps of at least N channels. New lists, please: the old ones are still needed.


# %% tags=["exercise"]
def normalise(maps: list) -> list:
    """Every number divided by its bracket; (C, H, W) -> (C, H, W)."""
    raise NotImplementedError


# %% tags=["check"]
grader.check("q1")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def normalise(maps: list) -> list:
#     after = []
#     for c in range(len(maps)):
#         around = range(c - N // 2, c + N // 2 + 1)
#         seen = {{seen}}
#         after.append([])
#         for i, row in enumerate(maps[c]):
#             after[c].append([])
#             for j, x in enumerate(row):
#                 energy = sum(maps[s][i][j] ** 2 for s in seen){{divided}}
#                 after[c][i].append(x / (K + ALPHA * energy) ** BETA)
#     return after
# ```
#
# First which channels, then what alpha multiplies. `after` is new: whoever writes into `maps` lets
# the next channel read a neighbour that is normalised already.
# </details>

# %% tags=["visible"]
def test_is_a_function(normalise):
    assert callable(normalise), "normalise should be a function"


def test_example(normalise):
    given, right = {{example_maps}}, {{example_flat}}
    answer = normalise(given)
    assert given == {{example_maps}}, "the maps that came in were changed: make new ones"
    assert type(answer) is list, f"normalise gave a {type(answer).__name__}"
    found = [x for rows in answer for row in rows for x in row]
    assert len(found) == len(right), f"{len(found)} numbers came out of {len(right)}"
    for hint, wrong in {{example_wrong}}:
        near = [abs(a - b) < 1e-3 for a, b in zip(found, wrong)]
        assert not all(near), hint
    near = [abs(a - b) < 1e-3 for a, b in zip(found, right)]
    assert all(near), "the example of the text comes out otherwise"


# %% [markdown]
# ## 2 · One formula, two alphas (3 points)
#
# {{other_alpha_text}}
#
# For the same formula: which gain has a number {{lone}} without neighbours (what comes out, divided
# by what went in)? And which sum of squares brings a number's gain down to **half** of what it is
# without any? At least four digits each.

# %% tags=["exercise"]
constants = {"other_alpha": None, "lone_gain": None, "half_energy": None}

# %% tags=["check"]
grader.check("q2")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def solve_constants() -> dict[str, float]:
#     {{of_printed}}
#     on_the_sum = {{on_the_sum}}
#     return {
#         "other_alpha": {{other_alpha}},
#         "lone_gain": (K + on_the_sum * {{lone}}**2) ** -BETA,
#         "half_energy": K * (2 ** (1 / BETA) - 1) / on_the_sum,
#     }
#
#
# constants = solve_constants()
# ```
#
# torch divides its alpha by n. Half the gain means twice the bracket's power, so the bracket is
# 2 ** (1 / beta) times as large as k.
# </details>

# %% tags=["visible"]
def test_form(constants):
    for name in ("other_alpha", "lone_gain", "half_energy"):
        found = type(constants.get(name))
        assert found in (int, float), f"constants[{name!r}] should be a number"
    assert 0 < constants["lone_gain"] <= 1, "LRN makes no number louder"
    assert constants["half_energy"] > 1, "half_energy is a sum of squares"


# %% [markdown]
# ## 3 · Three layers in a row (5 points)
#
# In the made-up network three layers follow one another: this activation, this pool, and your
# `normalise` of part 1.

# %%
WINDOW, STRIDE = {{window}}, {{stride}}


def act(maps: list) -> list:
    """The activation of every number."""
    return [[[{{act}} for x in row] for row in rows] for rows in maps]


def pool(maps: list) -> list:
    """The {{reduce_word}} of every window; pixels that no whole window reaches are not read."""
    pooled = []
    for rows in maps:
        pooled.append([])
        for top in range(0, len(rows) - WINDOW + 1, STRIDE):
            pooled[-1].append([])
            for left in range(0, len(rows[0]) - WINDOW + 1, STRIDE):
                cut = [row[left : left + WINDOW] for row in rows[top : top + WINDOW]]
                seen = [x for row in cut for x in row]
                pooled[-1][-1].append({{reduced}})
    return pooled


# %% [markdown]
# **Which pairs commute?** For each pair: `True` if its order makes no difference, whatever comes in;
# else a picture, maps of N to 12 channels, sides of {{window}} to 12, on which the two orders are at
# least 0.1 % apart.
#
# **What does a place cost?** The maps in front of the pool have {{channels}} channels of {{side}} x
# {{side}}. Sides are rounded **{{rounding}}** here, without padding. Three such pools follow one
# another, and between them the sides stay as they are. Which three sides does a window of {{window}}
# at stride {{stride}} leave (`overlapping`), and which three a window of {{stride}} at stride
# {{stride}} (`apart`)? And how many numbers of a picture fewer must be normalised when `normalise`
# stands behind the **first** overlapping pool instead of in front of it (`saved`)?

# %% tags=["exercise"]
order = {
    "act, pool": None, "act, norm": None, "norm, pool": None,
    "overlapping": None, "apart": None, "saved": None,
}  # fmt: skip

# %% tags=["check"]
grader.check("q3")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# from random import Random
#
# numbers, channels = Random(0), {{channels}}
# noise = [
#     [[numbers.uniform(-60, 60) for _ in range(WINDOW)] for _ in range(WINDOW)]
#     for _ in range(N + 2)
# ]
#
#
# def sides(window: int) -> list[int]:
#     side, found = {{side}}, []
#     for _ in range(3):
#         side = {{steps}} + 1
#         found.append(side)
#     return found
#
#
# order = {
#     "act, pool": {{order_0}},
#     "act, norm": {{order_1}},
#     "norm, pool": {{order_2}},
#     "overlapping": sides(WINDOW),
#     "apart": sides(STRIDE),
#     "saved": channels * ({{side}}**2 - sides(WINDOW)[0] ** 2),
# }
# ```
#
# With a largest number commutes what never turns an order round; with a mean, what is linear; with
# the normalisation, what leaves every square as it is.
# </details>

# %% tags=["visible"]
def test_form(order):
    for name in ("overlapping", "apart"):
        kinds = [type(side) for side in order.get(name) or []]
        assert kinds == [int] * 3, f"order[{name!r}] should be a list of three sides"
    found = type(order.get("saved"))
    assert found is int, "order['saved'] should be a whole number"


def test_pictures(order, act, pool, normalise):
    steps = {"act": act, "pool": pool, "norm": normalise}
    for pair in ("act, pool", "act, norm", "norm, pool"):
        maps = order.get(pair)
        assert maps is not None, f"order[{pair!r}] is still open"
        if maps is not True:
            assert type(maps) is list, f"order[{pair!r}] should be True or a picture"
            assert {{n}} <= len(maps) <= 12, f"{pair}: N to 12 channels, please"
            first, second = (steps[name] for name in pair.split(", "))
            ways = second(first(maps)), first(second(maps))
            one, other = ([x for a in way for b in a for x in b] for way in ways)
            gap = sum((a - b) ** 2 for a, b in zip(one, other)) ** 0.5
            size = max(sum(a**2 for a in one), sum(b**2 for b in other)) ** 0.5
            assert gap > 0.001 * size, f"{pair}: on your picture the orders agree"


# %% [markdown]
# ## 4 · A dropout of its own (3 points)
#
# The made-up network drops by a rule of its own. It makes no random numbers: they come in as
# `draws`, numbers from 0 to 1, at least as many as are needed, and the first ones are used.
#
# - {{unit}};
# - {{drops}};
# - {{year}}.
#
# For p = {{call_p}}, in training, with the `draws`
#
# ```
# [
#     {{call_draws}},
# ]
# ```
#
# the maps below become those under them (to four decimals):
#
# ```
# [
#     {{call_maps}},
# ]
# [
#     {{call_right}},
# ]
# ```


# %% tags=["exercise"]
def drop(maps: list, draws: list, p: float, training: bool) -> list:
    """Dropout by the rule above; (C, H, W) -> (C, H, W)."""
    raise NotImplementedError


# %% tags=["check"]
grader.check("q4")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def drop(maps: list, draws: list, p: float, training: bool) -> list:
#     if not training:
#         return {{tested}}
#     return [
#         [
#             [0.0 if draws[{{which}}] {{gone}} else {{kept}} for j, x in enumerate(row)]
#             for i, row in enumerate(rows)
#         ]
#         for c, rows in enumerate(maps)
#     ]
# ```
#
# Three questions, one after the other: which draw decides about this number, does it drop, and what
# size has what stays?
# </details>

# %% tags=["visible"]
def test_is_a_function(drop):
    assert callable(drop), "drop should be a function"


def test_example(drop):
    answer, right = drop({{call}}), {{call_flat}}
    assert type(answer) is list, f"drop gave a {type(answer).__name__}"
    found = [x for rows in answer for row in rows for x in row]
    assert len(found) == len(right), f"{len(found)} numbers came out of {len(right)}"
    for hint, wrong in {{call_wrong}}:
        near = [abs(a - b) < 1e-3 for a, b in zip(found, wrong)]
        assert not all(near), hint
    near = [abs(a - b) < 1e-3 for a, b in zip(found, right)]
    assert all(near), "the example of the text comes out otherwise"


# %% [markdown]
# ## 5 · A colleague's report (3 points)
#
# A colleague wrote dropout as it is done today: every number has its own draw, p = {{report_p}}, what
# stays is divided by 1 - p, and testing does nothing. To be sure, the layer's outputs were printed.
# In each call it is given the same three pictures; a line for each:
#
# ```
# {{report}}
# ```
#
# One mistake is in it:
#
# {{mistakes}}
#
# Name it. And suppose the whole report is made many times, each time with other random numbers: what
# is the mean of what is printed in predicting, **divided** by the mean of what is printed in steps 1
# and 2 of the training?

# %% tags=["exercise"]
diagnosis = {"mistake": None, "factor": None}  # a factor with at least four digits

# %% tags=["check"]
grader.check("q5")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# diagnosis = {
#     "mistake": "{{report_mistake}}",
#     "factor": {{report_factor}},
# }
# ```
#
# Zeros first: in which calls are there any, and are they the same in two rows or in two calls? Then
# the size of one number that stayed, beside what the layer is given.
# </details>

# %% tags=["visible"]
def test_form(diagnosis):
    assert diagnosis.get("mistake") in {{mistake_names}}, "copy the mistake as it is written"
    found = type(diagnosis.get("factor"))
    assert found in (int, float), "diagnosis['factor'] should be a number"
    assert diagnosis["factor"] > 0, "diagnosis['factor'] should be more than 0"


# %% [markdown]
# ## 6 · Bet, run, explain (2 points)
#
# The next cells train a network on {{points}} points of {{numbers}} numbers each, of which three
# decide about the label. Once without dropout, once with p = {{task_p}}, from three seeds each; then
# 2,000 new points are named. Bet before you run them: which is right more often on **new** points,
# by all three seeds? A wrong bet costs nothing.

# %% tags=["exercise"]
bet = {"new_points": None}  # "with", "without" or "ranges overlap"

# %% tags=["check"]
grader.check("bet")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# bet = {"new_points": "with"}
# ```
#
# Any bet is a good one, as long as it was made before the run.
# </details>

# %% tags=["visible"]
def test_form(bet):
    said = ("with", "without", "ranges overlap")
    assert bet.get("new_points") in said, "with, without or ranges overlap"


# %% tags=["run"]
import torch
from torch import nn

torch.set_num_threads(1)  # the network is too small to be shared between cores


def make_points(count: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Points of {{numbers}} numbers; the label is decided by the first three."""
    generator = torch.Generator().manual_seed(seed)
    numbers = torch.randn(count, {{numbers}}, generator=generator)
    return numbers, (numbers[:, :3].sum(dim=1) > 0).long()


# %% tags=["run"]
def learned(p: float, seed: int) -> nn.Module:
    """A network of three layers, after 100 steps on {{points}} points."""
    torch.manual_seed(seed)
    first = nn.Linear({{numbers}}, 64), nn.ReLU(), nn.Dropout(p)
    second = nn.Linear(64, 64), nn.ReLU(), nn.Dropout(p)
    network = nn.Sequential(*first, *second, nn.Linear(64, 2))
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    points, labels = make_points({{points}}, {{task_seed}})
    for _ in range(100):
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(points), labels).backward()
        optimizer.step()
    return network


# %% tags=["run"]
OWN, NEW = make_points({{points}}, {{task_seed}}), make_points(2000, {{task_seed}} + 1)


def share_right(network: nn.Module, points: tuple, training: bool) -> float:
    network.train(training)
    with torch.no_grad():
        named = network(points[0]).argmax(dim=1)
    return (named == points[1]).float().mean().item()


print("p     seed   own points   new points   new points, train mode")
for p in (0.0, {{task_p}}):
    for seed in range(3):
        network = learned(p, seed)
        asked = (OWN, False), (NEW, False), (NEW, True)
        own, new, noisy = (share_right(network, *each) for each in asked)
        print(f"{p:<5} {seed:>4} {own:>12.1%} {new:>12.1%} {noisy:>24.1%}")

# %% [markdown]
# In at most **80 words**: what did dropout buy on new points, and why is the last column no measure of
# it? Quote at least **two numbers of your own run**, as they are printed, and say what became of your
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
# A text of the kind that earns 2: without dropout new points are right in 71.2 %, with it in
# 72.0 %; the ranges of three seeds overlap, so these runs show no gain. Both know all their own
# points. In train mode it is 68.9 %: a thinned network answers, and not the whole one. I had bet
# on with and was wrong: the numbers are those of your own run.
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
