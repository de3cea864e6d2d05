"""When an answer is the same as the right one: types first, then values."""

import numbers
import sys
from collections.abc import Callable, Sequence
from typing import Any

Compare = Callable[[Any, Any], str | None]  # None = the same, else what differs


class WrongKind(str):
    """A difference in type or shape: a hint about the value would not help."""


def same_integer(answer: Any, expected: int) -> str | None:
    """A whole number of an integer type; types before values, so nothing sneaks by."""
    answer = _plain(answer)
    if isinstance(answer, bool) or not isinstance(answer, numbers.Integral):
        kind = type(answer).__name__
        return WrongKind(f"it should be a whole number (int), not {kind}")
    return None if int(answer) == expected else "that is another number"


def same_number(tolerance: float = 1e-6) -> Compare:
    """A real number within a relative tolerance (an absolute one around 0)."""

    def compare(answer: Any, expected: float) -> str | None:
        answer = _plain(answer)
        if isinstance(answer, bool) or not isinstance(answer, numbers.Real):
            return WrongKind(f"it should be a number, not {type(answer).__name__}")
        scale = abs(expected) or 1.0
        close = abs(float(answer) - expected) <= tolerance * scale
        return None if close else "that is another number"

    return compare


def same_tensor(tolerance: float = 1e-6) -> Compare:
    """A torch tensor of the same shape, equal within an absolute tolerance."""

    def compare(answer: Any, expected: Any) -> str | None:
        import torch

        if type(answer) is not torch.Tensor:
            return WrongKind(
                f"it should be a torch tensor, not {type(answer).__name__}"
            )
        if answer.shape != expected.shape:
            return WrongKind(
                f"its shape is {tuple(answer.shape)}, which should be "
                f"{tuple(expected.shape)}"
            )
        difference = (answer.double() - expected.double()).abs()
        if bool(torch.isfinite(difference).all()) and difference.max() <= tolerance:
            return None
        return "some of its numbers differ"

    return compare


def _plain(answer: Any) -> Any:
    """A torch tensor of one number as that number; anything else as it is."""
    torch = sys.modules.get("torch")
    if torch and type(answer) is torch.Tensor and answer.numel() == 1:
        return answer.item()
    return answer


def same_choice(options: Sequence[str]) -> Compare:
    """One of the given words; capitals and spaces do not count."""
    known = {_squeezed(option): option for option in options}

    def compare(answer: Any, expected: str) -> str | None:
        if type(answer) is not str:
            return WrongKind(f"it should be one of {', '.join(options)}")
        if _squeezed(answer) not in known:
            return WrongKind(f"{answer!r} is not one of {', '.join(options)}")
        same = known[_squeezed(answer)] == expected
        return None if same else "that is not the one"

    return compare


def _squeezed(word: str) -> str:
    return "".join(word.lower().split())
