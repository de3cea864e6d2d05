"""What stands for each `{{name}}` in the master of assignment 4."""

from dataclasses import replace

from alexnet_lib.classroom.assignments.training_runs import six_runs, update
from alexnet_lib.classroom.assignments.training_runs.checkpoint import (
    STATE,
    Comparison,
    Stopped,
)
from alexnet_lib.classroom.assignments.training_runs.own import Own
from alexnet_lib.classroom.assignments.training_runs.schedule import Schedule, Timing
from alexnet_lib.classroom.assignments.training_runs.update import Update


def texts(own: Own) -> dict[str, str]:
    task = own.task
    return {
        **_of_update(own),
        **_of_schedule(own),
        **_of_timing(own.timing),
        "six_table": six_runs.as_text(own.six),
        "six_causes": ", ".join(f'`"{cause}"`' for cause in six_runs.CAUSES),
        "cause_names": repr(list(six_runs.CAUSES)),
        "epochs_shown": str(six_runs.EPOCHS),
        "six_curves": ",\n    ".join(_curves(own)),
        "six_answers": ",\n    ".join(
            f'"{letter}": "{cause}"' for letter, cause in own.six.causes.items()
        ),
        **_of_stopped(own.stopped),
        **_of_comparison(own.comparison),
        "task_momentum": str(task.momentum),
        "task_rate": str(task.rate),
        "task_dropout": str(task.dropout),
        "task_stopped": str(task.stopped),
        "task_seed": str(task.seed),
    }


def _of_update(own: Own) -> dict[str, str]:
    rule: Update = own.update
    start, gradients, rates, is_bias = own.walk
    right = [round(number, 5) for number in rule.walk(*own.walk)]
    what = (
        "the gradient" if rule.decay_apart else "the gradient plus decay x the number"
    )
    new = f"{round(1 - rule.momentum, 2)} times ({what})" if rule.share else what
    wrong = update.mistakes(rule, own.walk).items()
    held = (
        "It holds **lengths of steps**: what joins it is multiplied by the rate of "
        "this step first. Then the velocity is taken off the number"
        if rule.rate_inside
        else "It holds **gradients**: no rate is in it. Then the velocity, times the "
        "rate of this step, is taken off the number"
    )
    decays = (
        "Decay is not in the velocity: in the same step, rate x decay x the number "
        "before the step is taken off it besides"
        if rule.decay_apart
        else "Decay enters by the velocity alone"
    )
    times = {
        1.0: "the rate of the weights",
        2.0: "twice the rate",
        0.5: "half the rate",
    }
    fresh = "gradient" if rule.decay_apart else "(gradient + decay * number)"
    inside = "rate * " if rule.rate_inside else ""
    share = "(1 - MOMENTUM) * " if rule.share else ""
    off = "velocity" if rule.rate_inside else "rate * velocity"
    return {
        "momentum": str(rule.momentum),
        "decay": str(rule.decay),
        "joins": new,
        "held": held,
        "decays": decays,
        "biases": ("decay as weights do" if rule.bias_decay else "do not decay")
        + f", and have {times[rule.bias_rate]}",
        "walk": f"{start}, {gradients}, {rates}, {is_bias}",
        "walk_right": repr(right),
        "walk_wrong": repr([(h, [round(x, 5) for x in each]) for h, each in wrong]),
        "bias_decay": "DECAY" if rule.bias_decay else "0.0",
        "bias_rate": str(rule.bias_rate),
        "velocity": f"MOMENTUM * velocity + {inside}{share}{fresh}",
        "off": off + (" + rate * decay * number" if rule.decay_apart else ""),
    }


def _of_schedule(own: Own) -> dict[str, str]:
    plan: Schedule = own.schedule
    first, second = plan.milestones
    shapes = {
        "drops": f"Then it stays at {plan.peak}. With the first step of epoch {first}, "
        f"and once more with the first step of epoch {second} (epochs, too, are "
        f"counted from 0), it is divided by {plan.factor}",
        "line": f"Then it falls along a line: step {plan.warm_steps} still has "
        f"{plan.peak}, the very last step of the training has {plan.lowest} of that",
        "cosine": f"Then it falls like the cosine from 0 to pi: step {plan.warm_steps} "
        f"still has {plan.peak}, the very last step of the training has {plan.lowest} "
        f"of that, and the step in the middle of both the mean of the two rates",
    }
    way = "(step - WARM) / (STEPS - 1 - WARM)"
    falls = {
        "drops": f"passed = sum(step // PER_EPOCH >= m for m in ({first}, {second}))\n"
        f"    return PEAK / {plan.factor}**passed",
        "line": f"way = {way}\n    return PEAK * (1 - (1 - {plan.lowest}) * way)",
        "cosine": f"way = (1 - cos(pi * {way})) / 2\n"
        f"    return PEAK * (1 - (1 - {plan.lowest}) * way)",
    }
    shown = [(step, round(plan.rate_at(step), 8)) for step in own.shown]
    return {
        "images": f"{plan.images:,}",
        "batch_size": str(plan.batch_size),
        "last_batch": "is left out" if plan.drop_last else "is a step, too",
        "epochs": str(plan.epochs),
        "peak": str(plan.peak),
        "warm_steps": str(plan.warm_steps),
        "shape": shapes[plan.kind],
        "rates_shown": "\n".join(
            f"rate_at({s})".ljust(16) + f"-> {r}" for s, r in shown
        ),
        "rate_cases": repr(shown),
        "rate_wrong": repr(_wrong_rates(own)),
        "per_epoch": f"{plan.images} // {plan.batch_size}"
        if plan.drop_last
        else f"-(-{plan.images} // {plan.batch_size})",
        "falls": falls[plan.kind],
    }


def _wrong_rates(own: Own) -> list[tuple[int, float, str]]:
    """A shown step, a rate that a usual mistake gives it, and a hint."""
    plan, (warm, *later) = own.schedule, own.shown
    wrong = [
        (warm, plan.peak * warm / plan.warm_steps, "the warm-up seems to begin at 0"),
        (warm, plan.peak, f"step {warm} still warms up"),
    ]
    for step in later:
        if plan.kind == "drops":
            other = plan.peak / plan.factor / 2
            wrong.append((step, other, "divided twice is divided by a square"))
            continue
        early = replace(plan, warm_steps=0)
        to_nothing = replace(plan, lowest=0.0)
        wrong += [
            (step, early.rate_at(step), "the fall seems to begin at step 0"),
            (step, to_nothing.rate_at(step), "the fall seems to end at 0"),
        ]
    return [(step, round(rate, 8), hint) for step, rate, hint in wrong]


def _of_timing(timing: Timing) -> dict[str, str]:
    return {
        "first_step": str(timing.first_step),
        "later_step": str(timing.later_step),
        "later_end": str(timing.later_end),
        "validation": f"{timing.validation:g}",
        "night": str(timing.night),
    }


def _curves(own: Own) -> list[str]:
    """A line for each letter: training and validation accuracies."""
    return [
        f'"{letter}": ({[e.trained.accuracy for e in epochs]}, '
        f"{[e.validated.accuracy for e in epochs]})"
        for letter, epochs in own.six.runs.items()
    ]


def _of_stopped(stopped: Stopped) -> dict[str, str]:
    facts = {
        f"momentum {stopped.momentum}": stopped.momentum > 0,
        "plain steps, without momentum": stopped.momentum == 0,
        f"dropout {stopped.dropout}, which draws from torch's own generator": (
            stopped.dropout > 0
        ),
        "no dropout": stopped.dropout == 0,
        "a layer `norm` of batch normalisation": stopped.normalised,
        "no batch normalisation": not stopped.normalised,
        "the pictures of every step are drawn by a generator of their own": (
            stopped.shuffled
        ),
        "the pictures come in a fixed order, and step s takes mini-batch s of it": (
            not stopped.shuffled
        ),
        "the rate falls with the number of steps": stopped.falling,
        "the rate is constant": not stopped.falling,
    }
    return {
        "stopped_facts": ";\n- ".join(fact for fact, true in facts.items() if true),
        "listing": "\n".join(stopped.listing()),
        "state_names": ", ".join(f'`"{name}"`' for name in STATE),
        "state_list": repr(list(STATE)),
        "missing": repr(stopped.missing),
    }


def _of_comparison(comparison: Comparison) -> dict[str, str]:
    said = comparison.verdicts()
    pairs = list(said)
    rows = [f'"{pair}": None' for pair in pairs]
    return {
        "accuracies": "\n".join(
            f"{name}   " + "   ".join(f"{number:.1f} %" for number in numbers)
            for name, numbers in comparison.accuracies.items()
        ),
        "open_pairs": ", ".join(rows[:3]) + ",\n    " + ", ".join(rows[3:]),
        "pair_names": repr(pairs),
        "accuracy_table": ",\n    ".join(
            f'"{name}": {list(numbers)}'
            for name, numbers in comparison.accuracies.items()
        ),
    }
