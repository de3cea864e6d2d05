"""The LRN triangle: what it says is what the layers compute, in any order of moves."""

import re
from html import unescape

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from alexnet_lib import widgets
from alexnet_lib.architecture import reference
from alexnet_lib.widgets import lrn_triangle_rules as rules
from alexnet_lib.widgets.lrn_triangle import ALPHAS, BETAS, KS, LOUDNESSES, SIZES
from alexnet_lib.widgets.lrn_triangle_drawing import draw_scene
from alexnet_lib.widgets.lrn_triangle_rules import (
    BATCH,
    CHANNEL,
    CODE,
    HOME,
    PICTURE,
    PIXEL,
    PLACES,
    PRINTED,
    RULES,
    UNIT,
    Scene,
    answers,
    describe_scene,
    numbers,
    short,
)

SHARED = widgets.lrn_triangle()  # hypothesis wants no fixture
CONTROLS = {
    "place": PLACES,
    "away": range(1, rules.MOST_AWAY + 1),
    "loudness": LOUDNESSES,
    "size": range(SIZES[0], SIZES[1] + 1),
    "alpha": ALPHAS,
    "code_alpha": ALPHAS,
    "k": KS,
    "beta": BETAS,
}
MOVES = st.sampled_from(sorted(CONTROLS)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(list(CONTROLS[name])))
)
SCENES = st.fixed_dictionaries(
    {name: st.sampled_from(list(values)) for name, values in CONTROLS.items()}
).map(lambda settings: Scene(**settings))


@settings(max_examples=60, deadline=None)
@given(st.lists(MOVES, max_size=10))
def test_survives_any_order_of_moves(moves):
    for name, value in moves:
        getattr(SHARED, name).value = value
    scene = SHARED.scene
    assert SHARED.words() == describe_scene(scene)
    assert SHARED.words() in unescape(SHARED.caption.value)
    assert SHARED.picture.value.count("<img") == 1
    assert SHARED.away.disabled == (scene.place != CHANNEL)
    assert not re.search(r"nan|inf\b|-0\.00", SHARED.words())


def by_definition(scene: Scene) -> dict[str, float]:
    """Loops for the two LRNs; torch's layer on the whole batch for BatchNorm."""
    batch = numbers()
    batch[scene.loud] = scene.loudness
    picture, channel, row, col = HOME
    found = {BATCH: nn.BatchNorm2d(batch.shape[1]).double()(batch)[HOME].item()}
    for name, alpha, alpha_on in (
        (PRINTED, scene.alpha, "sum"),
        (CODE, scene.code_alpha, "mean"),
    ):
        maps = reference.local_response_norm(
            batch[picture].numpy(), scene.size, alpha, scene.beta, scene.k, alpha_on
        )
        found[name] = float(maps[channel, row, col])
    return found


@settings(max_examples=80, deadline=None)
@given(SCENES)
def test_what_becomes_of_the_unit_is_what_the_definitions_say(scene):
    found = answers(scene, [scene.loudness])
    for name, value in by_definition(scene).items():
        assert found[name][0] == pytest.approx(value, rel=1e-9, abs=1e-12)


@settings(max_examples=80, deadline=None)
@given(SCENES)
def test_only_who_reads_the_loud_one_answers_to_it(scene):
    quiet, loud = 5.0, 500.0
    found = answers(scene, [quiet, loud])
    moved = {name for name in RULES if found[name][0] != found[name][1]}
    assert moved == set(scene.heard_by)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "A window of 5 reads 5 channels, the loud one among them: both LRNs"),
        ({"away": 2}, "the loud one among them"),
        ({"away": 3}, "the loud one is not among them: nobody answers to it."),
        ({"away": 3, "size": 7}, "the loud one among them"),
        ({"away": 2, "size": 4}, "A window of 4 reads 4 channels, the loud one is not"),
        ({"size": 1}, "A window of 1 reads 1 channel, the loud one is not among them"),
        ({"place": PIXEL}, "so it answers to it; LRN reads only the unit's own pixel"),
        ({"place": PICTURE}, "A loud 300 stands in the same channel, another picture."),
        ({"code_alpha": 5e-4}, "The two LRN curves are one"),
        ({"code_alpha": 1e-3}, "The curve of the code leaves less of the unit"),
        ({"alpha": 1e-5, "code_alpha": 1e-5, "size": 1}, "The two LRN curves are one"),
        ({}, "The curve of the code leaves more of the unit than the printed one."),
    ],
)
def test_it_says_who_hears(changes, said):
    assert said in describe_scene(Scene(**changes))


def test_the_learner_finds_the_alpha():
    triangle = widgets.lrn_triangle()
    alone = [a for a in ALPHAS if _with(triangle, a).scene.same_rule]
    assert alone == [5e-4]


def _with(triangle, alpha: float):
    triangle.code_alpha.value = alpha
    return triangle


def test_its_first_words_have_the_numbers_of_the_rules():
    triangle = widgets.lrn_triangle()
    found = by_definition(triangle.scene)
    said = ", ".join(short(found[name]) + " by" for name in RULES)
    for each in said.split(", "):
        assert each in triangle.words()
    assert f"Your unit's {UNIT:.0f} becomes" in triangle.words()


def test_nothing_is_ever_amplified_with_the_paper_s_k():
    for size in range(1, 10):
        scene = Scene(size=size, alpha=1e-5, code_alpha=1e-5)
        found = answers(scene, [float(x) for x in LOUDNESSES])
        for name in (PRINTED, CODE):
            assert max(found[name]) <= UNIT * 2**-0.75


@pytest.mark.parametrize("place", PLACES)
def test_the_picture_marks_the_unit_and_the_loud_one_once_each_where_seen(place):
    svg = draw_scene(Scene(place=place))
    loud = svg.count('fill="url(#loud)"') - 1  # one in the key
    assert loud == 1
    assert svg.count("with the loud one") == 1
    assert svg.count("without the loud one") == 1
    assert svg.count("<polyline") == len(RULES)


def test_every_control_has_a_label_and_the_picture_its_words():
    triangle = widgets.lrn_triangle()
    columns = triangle.children[0].children
    labels = [control.description for column in columns for control in column.children]
    assert labels == [
        *("The loud one is", "Channels away", "Loudness", "Window n"),
        *("alpha, printed", "alpha, code", "k", "beta"),
    ]
    (alt,) = re.findall(r'<img alt="([^"]+)"', triangle.picture.value)
    assert unescape(alt) == triangle.words()


def test_the_twin_shows_all_three_places():
    triangle = widgets.lrn_triangle()
    html = triangle.static_html()
    alts = [unescape(alt) for alt in re.findall(r'<img alt="([^"]+)"', html)]
    assert alts == [describe_scene(Scene(place=place)) for place in PLACES]
    bundle = triangle._repr_mimebundle_()
    assert bundle["text/html"] == html
    assert bundle["text/plain"] == triangle.words()


def test_the_reader_s_random_numbers_stay_as_they_are():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    widgets.lrn_triangle().size.value = 9
    assert torch.equal(torch.rand(3), expected)
