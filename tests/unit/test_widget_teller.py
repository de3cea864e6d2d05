"""The widget that names your own pictures, and the figures of evidence."""

from io import BytesIO

import numpy as np
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from alexnet_lib.data import pictures
from alexnet_lib.figures.evidence import plot_evidence, plot_hits
from alexnet_lib.learning.pretrained import input_of, likeliest
from alexnet_lib.learning.shipped import first_shipped
from alexnet_lib.widgets import picture_teller


@pytest.fixture(scope="module")
def lenet():
    return first_shipped("lenet").network


def content(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def test_it_says_something_before_the_first_click(lenet):
    teller = picture_teller(lenet, pictures.portrait(), "the portrait")
    inputs, _notes = input_of(lenet, pictures.portrait())
    (first, _share), *_others = likeliest(lenet, inputs)
    assert teller.words().startswith(f"the portrait: {first} ")
    assert teller.picture.alt.startswith("the portrait, as the network is shown it: ")
    assert teller.answer.value.count("<li>") == 5
    assert "<p>resized from 512 x 600 to 28 x 28" in teller.answer.value
    assert teller.static_html() == teller.picture.value + teller.answer.value


def test_a_file_takes_its_place_and_its_name(lenet):
    teller = picture_teller(lenet, pictures.portrait(), "the portrait")
    page = content(Image.new("RGB", (40, 40), "white"))
    teller._opened({"new": [{"name": "a <page>.png", "content": memoryview(page)}]})
    assert teller.words().startswith("a <page>.png: ")
    assert "a &lt;page&gt;.png" in teller.answer.value
    assert "the background is light, in FashionMNIST it is black<" in (
        teller.answer.value
    )
    light = teller.words()
    teller.invert.value = True
    assert teller.words() != light


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<html>", "this file is not a picture that PIL can open"),
        (content(Image.effect_noise((64, 64), 90))[:2000], "image file is truncated"),
    ],
)
def test_what_is_no_picture_is_said_and_the_old_one_stays(lenet, data, says):
    teller = picture_teller(lenet, pictures.portrait(), "the portrait")
    before = teller.words()
    teller.open_file(data, "broken.png")
    assert says in teller.problem.value
    assert 'role="alert"' in teller.problem.value
    assert teller.words() == before
    teller.open_file(content(Image.new("L", (3, 3))), "tiny.png")
    assert teller.problem.value == ""


def test_evidence_says_where_it_lies():
    fig, axes = plt.subplots(1, 3)
    left = np.array([[3.0, 0.0, 1.0], [-9.0, 0.0, 0.0]])
    said = plot_evidence(
        axes, np.zeros((4, 6)), {"one": left, "new\nweights": left[:, ::-1]}, "a\nshoe"
    )
    plt.close(fig)
    assert said == (
        "a shoe, and maps of it. Of each, in the left half lies: one 75 %, "
        "new weights 25 %."
    )


def test_hits_are_said_with_the_coin():
    fig, ax = plt.subplots()
    hits = {
        "saliency": {"named": 0.6, "other": 0.4},
        "Grad-CAM": {"named": 1, "other": 1},
    }
    said = plot_hits(ax, hits, 20, "Who is right")
    heights = [round(bar.get_height()) for bar in ax.patches]
    plt.close(fig)
    assert said == (
        "Who is right. Of 20 pictures: saliency 60 % (named), 40 % (other); "
        "Grad-CAM 100 % (named), 100 % (other). A coin: 50 %."
    )
    assert heights == [60, 100, 40, 100]
