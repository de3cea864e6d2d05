"""The result of `bench` as tables and sentences."""

from collections.abc import Sequence
from textwrap import fill
from typing import Any

HOW = (
    "Each number in front of brackets is the median over rounds of the ratio inside a "
    "round, the brackets hold its quartiles. A round is one short turn of each, "
    "forwards and backwards by turns."
)
CLOCKS = (
    "Wall clock is what one waits for; it suffers when others use the machine. CPU "
    "time hardly does, and counts d2l's loader processes too; but it does not see "
    "threads that wait for each other asleep, and counts those that wait awake."
)


def table(result: dict[str, Any]) -> str:
    """Everything that was measured, for people."""
    blocks = [
        _comparison(result),
        _machine(result),
        _ladder(result["ladder"]),
        _norms(result["lrn"]),
        _peak(result["peak"]),
        _memory(result["memory"]),
        _losses(result["losses"]),
        "\n".join(_wrap(f"missing: {line}") for line in result["missing"]),
        "\n".join(_wrap(f"note: {line}") for line in result["notes"]),
    ]
    return "\n\n".join(block for block in blocks if block)


def _comparison(result: dict[str, Any]) -> str:
    if result["ratio"] is None:
        return "our loop against d2l's own: not measured"
    speeds = result["images_per_second"]
    rows = [
        ("", "times as fast", ""),
        (
            "wall clock",
            _ratio(result),
            f"d2l {speeds['d2l']:,.0f}, ours {speeds['ours']:,.0f} images a second",
        ),
        ("CPU time", _ratio(result, "cpu_"), ""),
    ]
    return "\n".join(
        [
            f"our loop against d2l's own, {result['rounds']} rounds",
            _columns(rows),
            _wrap(f"compared: {result['compared']}"),
            _wrap(HOW),
            _wrap(CLOCKS) if result["cpu_ratio"] else "",
        ]
    ).rstrip()


def _machine(result: dict[str, Any]) -> str:
    load = result["load_average"]
    busy = ""
    if load["before"] and load["after"]:
        busy = (
            f"; load average {load['before'][0]} before and {load['after'][0]} after, "
            f"for {result['cpu_cores']} cores"
        )
    return _wrap(
        f"on: {result['device']}; our precision {result['precision']}{busy}; "
        f"{result['seconds']:.0f} s in all"
    )


def _ladder(rungs: Sequence[dict[str, Any]] | None) -> str:
    if not rungs:
        return ""
    first = rungs[0]
    rows = [("", "wall clock", "CPU time", "CPU, over the rung before")]
    if first["cpu_ratio"] is None:
        rows = [("", "wall clock", "", "over the rung before")]
    for rung in rungs:
        before = rung["over_the_rung_before"]
        step = _ratio(before, "cpu_") or _ratio(before)
        rows.append((rung["rung"], _ratio(rung), _ratio(rung, "cpu_"), step))
    title = (
        f"the ladder: one training step, mini-batch of {first['batch_size']}, already "
        f"enlarged; times as fast as the first rung; {first['rounds']} rounds"
    )
    return f"{_wrap(title)}\n{_columns(rows)}"


def _norms(norms: Sequence[dict[str, Any]] | None) -> str:
    if not norms:
        return ""
    rows = [("", "", "", "wall clock", "CPU time")]
    for norm in norms:
        shape = " x ".join(map(str, norm["shape"]))
        ratios = (_ratio(norm), _ratio(norm, "cpu_"))
        rows.append((shape, norm["dtype"], norm["layout"], *ratios))
    title = (
        "LocalResponseNorm, forward and backward: times as fast as torch's "
        "(bfloat16 on a CPU: torch's has none and works on a float32 copy); "
        f"{norms[0]['rounds']} rounds"
    )
    return f"{_wrap(title)}\n{_columns(rows)}"


def _peak(peak: dict[str, Any] | None) -> str:
    if not peak:
        return ""
    best = peak["best_tflops"]
    by_cpu = _ratio(peak, "cpu_")
    return _wrap(
        f"share of this machine's own peak: {_ratio(peak)} by the wall clock"
        f"{f', {by_cpu} by CPU time' if by_cpu else ''}, {peak['rounds']} rounds; at "
        f"best {best['step']:.3f} of {best['product']:.3f} TFLOP a second. Compared: "
        f"{peak['compared']}"
    )


def _memory(memory: dict[str, Any] | None) -> str:
    if not memory:
        return ""
    return _wrap(
        f"memory: {memory['measured_bytes'] / 1e6:,.0f} MB measured, "
        f"{memory['predicted_bytes'] / 1e6:,.0f} MB predicted, "
        f"{memory['ratio']:.2f} times as much. Compared: {memory['compared']}"
    )


def _losses(losses: dict[str, Any] | None) -> str:
    if not losses:
        return ""
    last, apart = losses["last_losses"], losses["largest_difference"]
    verdict = "equal results" if losses["agree"] else "NOT the same results"
    distance = f"at most {apart:.1e} apart" if apart else "the same to the last bit"
    return _wrap(
        f"{verdict}: losses {distance} in {losses['steps']} steps, "
        f"{losses['first_loss']:.4f} at the first, {last['d2l']:.4f} (d2l) and "
        f"{last['ours']:.4f} (ours) at the last; rounding alone moves d2l's by "
        f"{losses['rounding_alone']:.1e}. Compared: {losses['compared']}"
    )


def _ratio(found: dict[str, Any], clock: str = "") -> str:
    """Such as '2.31 [2.25 to 2.36]'; empty when this clock did not run."""
    if found[f"{clock}ratio"] is None:
        return ""
    low, high = found[f"{clock}quartiles"]
    return f"{found[f'{clock}ratio']:.2f} [{low:.2f} to {high:.2f}]"


def _columns(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(f"  {line}".rstrip() for line in lines)


def _wrap(text: str) -> str:
    return fill(text, 88, subsequent_indent="  ")
