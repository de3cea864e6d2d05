"""Check of notebook 14: occlusion, square by square, in batches."""

from collections.abc import Callable
from math import ceil

import torch
from torch import Tensor, nn

from alexnet_lib.learning.checks.attributions import (
    TOLERANCE,
    small_network,
    some_pictures,
)
from alexnet_lib.learning.checks.engine import (
    Case,
    Mistake,
    check_function,
    exercise,
    same_tensor,
)
from alexnet_lib.learning.result import CheckResult, failed


def occlusion(
    model: nn.Module,
    image: Tensor,
    label: int,
    window: int,
    cover: float,
    at_once: int,
) -> Tensor:
    """What the logit loses under each of the squares that lie side by side."""
    return any_occlusion()(model, image, label, window, cover, at_once)


def any_occlusion(
    *,
    logit: Callable[[Tensor], Tensor] = lambda logits: logits,
    covers: bool = True,
    forgets: bool = False,
    result: Callable[[Tensor, Tensor], Tensor] = lambda whole, now: whole - now,
    across: bool = False,
    few: Callable[[int], int] = lambda at_once: at_once,
) -> Callable:
    """An occlusion as it should be, and whatever goes wrong with one."""

    @torch.no_grad()
    def wrong(
        model: nn.Module,
        image: Tensor,
        label: int,
        window: int,
        cover: float,
        at_once: int,
    ) -> Tensor:
        rows, columns = (side // window for side in image.shape[1:])
        covered, last = [], image
        for place in range(rows * columns):
            down, right = divmod(place, columns)
            if across:
                right, down = divmod(place, rows)
            now = last.clone() if forgets else image.clone()
            now[
                :,
                down * window : (down + 1) * window,
                right * window : (right + 1) * window,
            ] = cover if covers else 0.0
            last = now
            covered.append(now)
        whole = logit(model(image.unsqueeze(0)))[0, label]
        parts = torch.stack(covered).split(few(at_once))
        now = torch.cat([logit(model(part))[:, label] for part in parts])
        return result(whole, now).view(rows, columns)

    return wrong


OCCLUSION_MISTAKES = (
    Mistake(
        name="sign",
        says="you subtracted the other way round: a loss is what it was, less what is "
        "left",
        function=any_occlusion(result=lambda whole, now: now - whole),
    ),
    Mistake(
        name="not compared",
        says="the logit of the covered picture were the loss: how large was it before",
        function=any_occlusion(result=lambda whole, now: now),
    ),
    Mistake(
        name="probability",
        says="you compared probabilities: one may fall because another class gained",
        function=any_occlusion(logit=lambda logits: logits.softmax(dim=1)),
    ),
    Mistake(
        name="black",
        says="0 always covered: after normalising, 0 is a grey, and `cover` was given",
        function=any_occlusion(covers=False),
    ),
    Mistake(
        name="stays covered",
        says="each square stayed covered when the next came: cover a fresh copy",
        function=any_occlusion(forgets=True),
    ),
    Mistake(
        name="rows and columns",
        says="the squares went down first, then right: rows come first",
        function=any_occlusion(across=True),
    ),
)


@exercise("occlusion")
def check_occlusion(student: Callable[..., Tensor]) -> CheckResult:
    """`occlusion(model, image, label, window, cover, at_once)`: values and passes."""
    cases = []
    for seed, label, window, cover, at_once in ((1, 2, 2, 0.7, 4), (2, 0, 3, -1.5, 5)):
        image = some_pictures(1, seed, 6, 12)[0]
        network = small_network(seed, 6, 12).eval()
        cases.append(
            Case(
                args=(network, image, label, window, cover, at_once),
                hint="whole picture's logit, less that of the picture with one square "
                "covered",
                call=f"occlusion(network {seed}, 6 x 12 pixels, {label}, {window}, "
                f"{cover}, {at_once})",
            )
        )
    result = check_function(
        student,
        name="occlusion",
        reference=occlusion,
        cases=cases,
        mistakes=OCCLUSION_MISTAKES,
        compare=same_tensor(TOLERANCE),
        show_answer=lambda answer: type(answer).__name__,
    )
    return _passes(student) or result if result.status == "passed" else result


def _passes(student: Callable) -> CheckResult | None:
    """How many pictures went through the network at once."""
    at_once, squares = 4, 18
    network = small_network(5, 6, 12).eval()
    network.passes = []
    student(network, some_pictures(1, 5, 6, 12)[0], 1, 2, 0.0, at_once)
    if max(network.passes) > at_once:
        return failed(
            f"right numbers, but {max(network.passes)} pictures went through at once, "
            f"and {at_once} were allowed: a real picture would not fit in memory",
            "all at once",
        )
    if len(network.passes) > ceil(squares / at_once) + 1:
        return failed(
            f"right numbers, but {len(network.passes)} passes for {squares} squares: "
            f"send {at_once} at once",
            "one at a time",
        )
    return None
