# %% [markdown]
# # Assignment 5 · Looking inside
#
# This copy is **{{student}}'s own**: copy `{{fingerprint}}`. Its numbers were drawn for it alone.
#
# 20 points: 18 are counted by a program, 2 are given for the text at the end. You need notebooks
# 08 and 14. Plan 100 minutes.
#
# - Fill in the cells that hold `raise NotImplementedError` or `None`. Keep their names.
# - The cell behind each tells you whether your answer has the right form, and tries the examples
#   of the text. It does not know whether the rest is right: other cases are tried when the
#   notebook is graded.
# - Do not rename the file. Run all cells once more, save, and hand in the `.ipynb` alone.
# - You will be asked about your own numbers, two minutes a question.

# %%
from contextlib import suppress
from itertools import combinations

import numpy as np

# %% [markdown]
# ## 1 · Hooks that hear (4 points)
#
# A made-up framework works on lists of numbers. Its hooks are called when torch's are: one that is
# registered with `register_forward_pre_hook` before its layer works, with `(layer, numbers)`; one
# that is registered with `register_forward_hook` afterwards, with `(layer, numbers, result)`.
# Registering gives a handle with `remove()`. What a hook returns, unless it is `None`, takes the
# place of what it heard.


# %%
class Handle:
    """What registering a hook gives back."""

    def __init__(self, hooks: list, hook):
        self.hooks, self.hook = hooks, hook
        hooks.append(hook)

    def remove(self):
        self.hooks.remove(self.hook)


WORK = {  # on one number
    "times": lambda number, amount: number * amount,
    "plus": lambda number, amount: number + amount,
    "relu": lambda number, amount: max(number, 0),
}


# %%
class Layer:
    """Works on every number of a list; in place, it writes over the list it is given."""

    def __init__(self, name: str, kind: str, amount: int, in_place: bool):
        self.name, self.kind, self.amount, self.in_place = name, kind, amount, in_place
        self.before, self.after = [], []

    def register_forward_pre_hook(self, hook) -> Handle:
        return Handle(self.before, hook)

    def register_forward_hook(self, hook) -> Handle:
        return Handle(self.after, hook)

    def __call__(self, numbers: list) -> list:
        for hook in [*self.before]:
            instead = hook(self, numbers)
            numbers = numbers if instead is None else instead
        result = [WORK[self.kind](number, self.amount) for number in numbers]
        if self.in_place:
            numbers[:], result = result, numbers
        for hook in [*self.after]:
            instead = hook(self, numbers, result)
            result = result if instead is None else instead
        return result


# %%
class Network:
    """Layers by name, and the order in which they are called; some more than once."""

    def __init__(self, layers: list, order: list):
        self.layers = {layer[0]: Layer(*layer) for layer in layers}
        self.order, self.answer = order, None

    def __call__(self, numbers: list) -> list:
        passed = [*numbers]
        for name in self.order:
            passed = self.layers[name](passed)
        self.answer = [*passed]
        return passed


# %% [markdown]
# Run the network once, and keep for the layers in `names` **what each {{moment}}**, as it was at
# that moment: a list of `[name, numbers]`, {{calls}}, {{direction}}. Leave no hook behind, not even
# when the network breaks down half-way, and leave its answer as it is.
#
# For example:
#
# ```
# layers = {{heard_layers}}
# order = {{heard_order}}
# numbers, names = {{heard_numbers}}, {{heard_names}}
# record(Network(layers, order), numbers, names)  ->
# {{heard_answer}}
# ```


# %% tags=["exercise"]
def record(network: Network, numbers: list, names: list) -> list:
    """[name, numbers] of each call that is kept."""
    raise NotImplementedError


# %% tags=["check"]
grader.check("q1")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def record(network: Network, numbers: list, names: list) -> list:
#     calls, handles = [], []
#
#     def hook({{hook_takes}}):
#         calls.append([layer.name, [*{{hook_keeps}}]])
#
#     try:
#         for name in names:
#             handles.append(network.layers[name].{{register}}(hook))
#         network(numbers)
#     finally:
#         for handle in handles:
#             handle.remove()
#     kept = {{kept_calls}}
#     return {{kept_order}}
# ```
#
# `[*numbers]` is the copy that no layer writes over; `finally` is run after a breakdown, too.
# </details>

# %% tags=["visible"]
GIVEN = ({{heard_layers}}, {{heard_order}})
REST = ({{heard_numbers}}, {{heard_names}})
RIGHT = {{heard_answer}}


def test_example(record, Network):
    assert callable(record), "record should be a function"
    answer = record(Network(*GIVEN), *REST)
    assert type(answer) in (list, tuple), "record should return a list"
    pairs = [type(entry) in (list, tuple) and len(entry) == 2 for entry in answer]
    assert all(pairs), "each entry should be [name, numbers]"
    assert len(answer) == len(RIGHT), "which calls are kept, and which are not?"
    named = [entry[0] for entry in answer] == [entry[0] for entry in RIGHT]
    assert named, "as many calls as there should be, in another order"
    kept = [[*entry] for entry in answer] == RIGHT
    assert kept, "the right calls: what the layers are given, or what they give?"


def test_no_hook_is_left(record, Network):
    network = Network(*GIVEN)
    record(network, *REST)
    left = [name for name, layer in network.layers.items() if layer.before + layer.after]
    assert not left, f"a hook is still there: {left}"


# %% [markdown]
# The program that grades hears of your function through these two.


# %%
def heard(layers: list, order: list, numbers: list, names: list) -> list:
    """Your recording of a pass."""
    return record(Network(layers, order), numbers, names)


def left_behind(layers: list, order: list, numbers: list, names: list) -> list:
    """Hooks left after a pass and after a breakdown, and the answer of the pass."""
    whole, broken = Network(layers, order), Network(layers, [order[0], "nobody"])
    record(whole, numbers, names)
    with suppress(KeyError):
        record(broken, numbers, names)
    hooks = [
        sum(len(layer.before + layer.after) for layer in network.layers.values())
        for network in (whole, broken)
    ]
    return [*hooks, whole.answer]


# %% [markdown]
# ## 2 · Who sees this pixel? (3 points)
#
# Notebook 08 goes from a unit to its pixels. Go the other way: which units of the last map see a
# given pixel? The windows are `[kernel, stride, padding]`, from the row of pixels to the last map;
# a last step that does not fit whole is not taken. Pixels and units are counted from 0. Padding
# holds zeros: nobody sees through what lies outside of the row, or outside of a map on the way.
# For example, `watchers({{watched}})` is `{{watchers}}`.
#
# And your own unit: the pictures are {{height}} pixels high and {{width}} wide, the windows (the
# same along rows and columns) are `{{unit_windows}}`. Which rows and which columns **of the picture** does
# the unit in row {{unit_row}}, column {{unit_column}} of the last map see? First and last.


# %% tags=["exercise"]
def watchers(windows: list, size: int, pixel: int) -> list:
    """First and last unit that see the pixel; [] where none does."""
    raise NotImplementedError


unit = {"rows": None, "columns": None}  # [first, last] each

# %% tags=["check"]
grader.check("q2")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def watchers(windows: list, size: int, pixel: int) -> list:
#     first = last = pixel
#     for kernel, stride, padding in windows:
#         size = (size + 2 * padding - kernel) // stride + 1
#         first = max(-((kernel - 1 - first - padding) // stride), 0)
#         last = min((last + padding) // stride, size - 1)
#         if first > last:
#             return []
#     return [first, last]
#
#
# def seen_along(size: int, place: int) -> list:
#     seen = []
#     for pixel in range(size):
#         units = watchers({{unit_windows}}, size, pixel)
#         if units and units[0] <= place <= units[1]:
#             seen.append(pixel)
#     return [seen[0], seen[-1]]
#
#
# unit = {
#     "rows": seen_along({{height}}, {{unit_row}}),
#     "columns": seen_along({{width}}, {{unit_column}}),
# }
# ```
#
# Forwards, layer by layer: the first window that still reaches the first place, the last that has
# begun by the last one, and both cut at the ends of the map.
# </details>

# %% tags=["visible"]
def test_is_a_function(watchers):
    assert callable(watchers), "watchers should be a function"


def test_example(watchers):
    answer = watchers({{watched}})
    assert type(answer) in (list, tuple), "watchers should return a list"
    whole = [type(number) is int for number in answer]
    assert all(whole), "watchers should return whole numbers"
    found = [*answer] == {{watchers}}
    assert found, "the example of the text comes out otherwise"


def test_unseen(watchers):
    answer = [*watchers([[2, 2, 0]], 5, 4)]
    assert answer == [], "windows of 2 at stride 2 leave the last of 5 pixels out"


def test_form(unit):
    for name, size in (("rows", {{height}}), ("columns", {{width}})):
        ends = unit.get(name)
        assert type(ends) in (list, tuple) and len(ends) == 2, f"unit[{name!r}]: [first, last]"
        assert all(type(end) is int for end in ends), f"unit[{name!r}]: whole numbers"
        inside = 0 <= ends[0] <= ends[1] < size
        assert inside, f"unit[{name!r}] should lie within the {size} pixels of the picture"


# %% [markdown]
# ## 3 · What your windows can see (4 points)
#
# Rows of numbers have been cut out, and a kernel is laid on each. Which part of the kernel makes a
# difference? Return `[dimensions, part]`: how many directions the rows span, and the kernel's
# projection on these. Faint directions do not count. **Your rule**: a direction counts when
# {{counts_when}}. The rows may come on any scale.
#
# ```
# rows = {{spread_rows}}
# kernel = {{spread_kernel}}
# seen(rows, kernel)  ->  [{{spread_dimensions}}, {{spread_part}}]
# ```
#
# And your own enlargement: lines of {{small}} pixels are made {{factor}} times as long by
# `enlarge`, and windows of {{window_kernel}} are laid on them at stride {{window_stride}}, no padding. How many
# dimensions does window {{window_place}} (counted from 0) alone see, over all lines there are? How many
# do all windows see together? And of a picture that is enlarged so along rows and columns, in
# windows of {{window_kernel}} x {{window_kernel}}: how many all together, and how many numbers of a kernel get no gradient?


# %%
def enlarge(line: list) -> list:
    """{{factor}} times as long."""
    {{enlarge_lines}}


# %% tags=["exercise"]
def seen(rows: list, kernel: list) -> list:
    """[dimensions, the part of the kernel that makes a difference]."""
    raise NotImplementedError


sight = {"one_window": None, "together": None, "of_a_picture": None, "no_gradient": None}

# %% tags=["check"]
grader.check("q3")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def seen(rows: list, kernel: list) -> list:
#     _, sizes, directions = np.linalg.svd(np.array(rows), full_matrices=False)
#     counted = directions[{{counted}}]
#     part = counted.T @ (counted @ np.array(kernel))
#     return [len(counted), part.tolist()]
#
#
# longer = np.array([enlarge(line) for line in np.eye({{small}}).tolist()])
# starts = range(0, longer.shape[1] - {{window_kernel}} + 1, {{window_stride}})
# views = [longer[:, start : start + {{window_kernel}}] for start in starts]
# one = int(np.linalg.matrix_rank(views[{{window_place}}]))
# together = int(np.linalg.matrix_rank(np.concatenate(views)))
# sight = {"one_window": one, "together": together}
# sight["of_a_picture"] = together**2
# sight["no_gradient"] = {{window_kernel}}**2 - together**2
# ```
#
# The rows of the last matrix are the directions, at right angles and of length 1. Windows at other
# phases see other mixtures, so together they span more; a picture squares what a line spans.
# </details>

# %% tags=["visible"]
ROWS = {{spread_rows}}


def test_example(seen):
    assert callable(seen), "seen should be a function"
    answer = seen(ROWS, {{spread_kernel}})
    pair = type(answer) in (list, tuple) and len(answer) == 2
    assert pair, "seen should return [dimensions, part]"
    assert type(answer[0]) is int, f"dimensions: a plain int, not {type(answer[0]).__name__}"
    assert type(answer[1]) is list, f"part: a plain list, not {type(answer[1]).__name__}"
    assert len(answer[1]) == {{spread_length}}, "the part should be as long as the kernel"
    assert answer[0] == {{spread_dimensions}}, "the dimensions of the example come out otherwise"
    near = [abs(ours - theirs) < 0.01 for ours, theirs in zip(answer[1], {{spread_part}})]
    assert all(near), "the part of the example comes out otherwise"


def test_form(sight):
    for name in ("one_window", "together", "of_a_picture", "no_gradient"):
        assert type(sight.get(name)) is int, f"sight[{name!r}] should be a whole number"
    kernel = {{window_kernel}}
    in_line = 0 < sight["one_window"] <= sight["together"] <= kernel
    assert in_line, f"a window of {kernel} sees at most {kernel}; one alone no more than all"
    adds_up = sight["of_a_picture"] + sight["no_gradient"] == kernel**2
    assert adds_up, "what is seen and what gets no gradient should make up the whole kernel"


# %% [markdown]
# ## 4 · Surgery, with a control (4 points)
#
# The last layer of your network gives for class c the logit `biases[c]` plus the sum of
# `weights[c][k] * active[k]` over the channels k. A silent channel of yours gives **{{level}}**, not 0.
#
# A channel's **vote** is what its silence alone would take from {{vote_for}}.
# Cut the channels one after the other, the largest vote of the uncut network first, until another
# class is named. Return `[channels, by_chance]`: the channels that you cut, in this order,
# and the control: of **all** choices of as many channels, the share (0 to 1) that changes the answer.
#
# ```
# weights = {{head_weights}}
# biases, active = {{head_biases}}, {{head_active}}
# operate(weights, biases, active)  ->  {{head_answer}}
# ```


# %% tags=["exercise"]
def operate(weights: list, biases: list, active: list) -> list:
    """[channels in the order in which they are cut, share of all choices]."""
    raise NotImplementedError


# %% tags=["check"]
grader.check("q4")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# def operate(weights: list, biases: list, active: list) -> list:
#     w, b, a = np.array(weights), np.array(biases), np.array(active)
#
#     def named(cut) -> int:
#         maps = a.copy()
#         maps[list(cut)] = {{level}}
#         return int((w @ maps + b).argmax())
#
#     said, order = named([]), np.argsort(-(w @ a + b))
#     votes = ({{vote_weights}}) * (a - {{level}})
#     loudest = np.argsort(-votes).tolist()
#     count = next(n for n in range(1, len(a)) if named(loudest[:n]) != said)
#     choices = [named(cut) != said for cut in combinations(range(len(a)), count)]
#     return [loudest[:count], sum(choices) / len(choices)]
# ```
#
# Silence is a step from the activation to {{level}}, so the vote is weight times that step. The
# share says how special the cut is: what as many channels do when nobody chose them.
# </details>

# %% tags=["visible"]
WEIGHTS = {{head_weights}}


def test_example(operate):
    assert callable(operate), "operate should be a function"
    answer = operate(WEIGHTS, {{head_biases}}, {{head_active}})
    pair = type(answer) in (list, tuple) and len(answer) == 2
    assert pair, "operate should return [channels, by_chance]"
    cut, share = answer
    assert type(cut) is list, "channels should be a plain list"
    assert all(type(c) is int for c in cut), "channels should be plain ints"
    assert type(share) is float, f"by_chance: a plain float, not {type(share).__name__}"
    assert 0 <= share <= 1, "by_chance should lie between 0 and 1"
    right = {{head_answer}}
    assert len(cut) == len(right[0]), "the example needs another number of cuts"
    assert sorted(cut) == sorted(right[0]), "as many cuts as needed, of other channels"
    assert cut == right[0], "the right channels, in another order"
    assert abs(share - right[1]) < 0.01, "the cut is right, the share by chance is not"


# %% [markdown]
# ## 5 · A map from a forum (3 points)
#
# Three classes look at a picture of {{map_size}} x {{map_size}}, each with two detectors: a number for every row
# and one for every column.

# %%
PICTURE = {{map_picture}}
DETECTORS = {{map_detectors}}


# %%
def logits(picture: list) -> list:
    """Of each detector the sum of row x column x pixel, and no less than 0."""
    found = []
    for pairs in DETECTORS:
        sums = [np.array(rows) @ np.array(picture) @ columns for rows, columns in pairs]
        found.append(float(sum(max(0, value) for value in sums)))
    return found


# %% [markdown]
# An **occlusion map** says what the logit of the class that is named loses when a square of
# {{map_side}} x {{map_side}} pixels is covered with {{map_cover}}: one number for each position of the square, which moves by
# {{map_step}} pixels and never hangs over. Somebody made one of this picture, and posted it:
#
# ```
# {{posted}}
# ```
#
# It holds one of these mistakes:
#
# {{map_mistakes}}
#
# Name it. And at which position (row and column **of the map**, from 0) is the right map largest,
# and how large is it there?

# %% tags=["exercise"]
diagnosis = {"mistake": None, "row": None, "column": None, "loss": None}

# %% tags=["check"]
grader.check("q5")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# whole = logits(PICTURE)
# label = whole.index(max(whole))
# right = {}
# for i, top in enumerate(range(0, {{map_size}} - {{map_side}} + 1, {{map_step}})):
#     for j, left in enumerate(range(0, {{map_size}} - {{map_side}} + 1, {{map_step}})):
#         covered = np.array(PICTURE)
#         covered[top : top + {{map_side}}, left : left + {{map_side}}] = {{map_cover}}
#         right[i, j] = whole[label] - logits(covered)[label]
# row, column = max(right, key=right.get)
# diagnosis = {"mistake": "{{map_mistake}}", "row": row, "column": column}
# diagnosis["loss"] = right[row, column]
# ```
#
# Make the right map, then each mistake on purpose: one of them gives what was posted.
# </details>

# %% tags=["visible"]
def test_form(diagnosis):
    mistakes = {{map_mistake_names}}
    assert diagnosis.get("mistake") in mistakes, "copy the mistake as it is written"
    for name in ("row", "column"):
        assert type(diagnosis.get(name)) is int, f"diagnosis[{name!r}] should be a whole number"
        inside = 0 <= diagnosis[name] < {{map_positions}}
        assert inside, f"diagnosis[{name!r}] counts positions of the square, not pixels"
    found = type(diagnosis.get("loss"))
    assert found in (int, float), f"diagnosis['loss']: a plain number, not {found.__name__}"
    assert diagnosis["loss"] > 0, "the largest loss of this picture is more than 0"


# %% [markdown]
# ## 6 · Bet, run, explain (2 points)
#
# The next cells train {{channels}} kernels of {{window_kernel}} x {{window_kernel}} on random pictures, enlarged by **your**
# `enlarge`: which quarter of the picture is the brightest? ({{steps}} steps at rate {{rate}}, weight decay
# {{decay}}.) Then the part of the kernels that your windows can see is overwritten with fresh noise of
# the same size; or the part that they cannot see (the cells go by your `sight["together"]`). Bet
# before you run them: how many of 256 answers change, each time? A wrong bet costs nothing.

# %% tags=["exercise"]
bet = {"seen": None, "unseen": None}  # two whole numbers from 0 to 256

# %% tags=["check"]
grader.check("bet")

# %% [markdown] tags=["solution"]
# <details><summary>Solution</summary>
#
# ```python
# bet = {"seen": 128, "unseen": 16}
# ```
#
# Any bet is a good one, as long as it was made before the run.
# </details>

# %% tags=["visible"]
def test_form(bet):
    for name in ("seen", "unseen"):
        assert type(bet.get(name)) is int, f"bet[{name!r}] should be a whole number"
        assert 0 <= bet[name] <= 256, f"bet[{name!r}] should lie between 0 and 256"


# %% tags=["run"]
import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(1)
line = torch.tensor([enlarge(row) for row in torch.eye({{small}}).tolist()])
small = torch.rand(1024, 1, {{small}}, {{small}})
quarters = F.adaptive_avg_pool2d(small, 2).flatten(1).argmax(dim=1)
images = line.T @ small @ line - 0.5

# %% tags=["run"]
conv = nn.Conv2d(1, {{channels}}, {{window_kernel}}, stride={{window_stride}})
positions = conv(images[:1])[0].numel()
network = nn.Sequential(conv, nn.ReLU(), nn.Flatten(), nn.Linear(positions, 4))
begun = conv.weight.detach().clone()
sgd = torch.optim.SGD(network.parameters(), lr={{rate}}, weight_decay={{decay}})
for step in range({{steps}}):
    few = torch.arange(64) + 64 * (step % 12)  # the last 256 are kept for the test
    sgd.zero_grad()
    F.cross_entropy(network(images[few]), quarters[few]).backward()
    sgd.step()

# %% tags=["run"]
sides = line.unfold(1, {{window_kernel}}, {{window_stride}}).flatten(0, 1)  # all windows of a line
basis = torch.linalg.svd(sides, full_matrices=False)[2][: sight["together"]]
onto = basis.T @ basis


def parts(kernels: torch.Tensor) -> dict[str, torch.Tensor]:
    """What the windows can see of each kernel, and the rest."""
    seen_part = onto @ kernels @ onto
    return {"seen": seen_part, "unseen": kernels - seen_part}


@torch.no_grad()
def answers(kernels: torch.Tensor) -> torch.Tensor:
    """What the network says to the last 256 pictures with these kernels."""
    maps = F.conv2d(images[-256:], kernels, conv.bias, conv.stride)
    return network[1:](maps).argmax(dim=1)


# %% tags=["run"]
learned = conv.weight.detach()
said = answers(learned)
print(f"named rightly: {(said == quarters[-256:]).float().mean():.1%} of 256")
print("part     size, start   size, now   cosine with start   answers that change")
for name in ("seen", "unseen"):
    was, now, noise = (parts(k)[name] for k in (begun, learned, torch.randn_like(begun)))
    spoilt = learned - now + noise * now.norm() / noise.norm()
    change = (answers(spoilt) != said).sum().item()
    alike = F.cosine_similarity(was.flatten(), now.flatten(), dim=0)
    print(f"{name:<8}{was.norm():12.3f} {now.norm():11.3f} {alike:19.4f} {change:21}")

# %% [markdown]
# In at most **80 words**: why does fresh noise in one part change so many more answers than in the
# other, and what happened to the unseen part in training? Quote at least **two numbers of your own
# run**, as they are printed, and say what became of your bet.
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
# A text of the kind that earns 2: noise in the seen part changes 150 answers of 256, in the unseen
# part 0. The unseen part stands at right angles to every window, so no output depends on it and
# it gets no gradient. Its cosine with the start is 1.0000; it only shrank, by weight decay. I had
# bet 16 for it and was wrong; the numbers are those of your own run.
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
