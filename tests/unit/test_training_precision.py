"""What 'auto' picks, and why."""

import pytest
import torch

from alexnet_lib.training import precision
from alexnet_lib.training.precision import as_precision, pick_precision

FLAGS = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")


@pytest.mark.parametrize(
    ("flags", "name", "reason"),
    [
        ((True, True), "bfloat16", "amx_tile multiplies bfloat16 natively"),
        ((False, True), "bfloat16", "avx512_bf16 multiplies bfloat16 natively"),
        ((False, False), "float32", "nothing on this cpu multiplies bfloat16 natively"),
    ],
)
def test_auto_follows_the_flags_of_the_processor(
    monkeypatch: pytest.MonkeyPatch, flags: tuple, name: str, reason: str
):
    for flag, value in zip(FLAGS, flags, strict=True):
        monkeypatch.setattr(torch.cpu, flag, lambda value=value: value, raising=False)
    assert pick_precision() == precision.Precision(name, reason)


def test_a_torch_without_the_question_counts_as_no(monkeypatch: pytest.MonkeyPatch):
    for flag in FLAGS:
        monkeypatch.delattr(torch.cpu, flag, raising=False)
    assert pick_precision().name == "float32"


def test_a_name_is_taken_as_asked_for():
    assert pick_precision("float32").reason == "as asked for"
    assert pick_precision("bfloat16").name == "bfloat16"
    assert pick_precision("auto", "mps").name == "float32"


def test_wrong_names_say_what_to_do():
    with pytest.raises(
        ValueError, match="no precision named 'half': choose auto, floa"
    ):
        pick_precision("half")
    with pytest.raises(ValueError, match=r"precision is 'auto': pass the \.name of"):
        as_precision("auto")
