"""Ten questions of two minutes each, made from what a student handed in."""

from alexnet_lib.classroom.assignments.parts import OralQuestion, Work, entry, last_line
from alexnet_lib.classroom.assignments.training_runs.own import Own


def ask(own: Own, work: Work) -> list[OralQuestion]:
    """Each names something of the student's own: a number, a line, a bet."""
    return [
        *_on_the_rule(own, work),
        *_on_the_plan(own, work),
        *_on_curves(own, work),
        *_on_going_on(own, work),
    ]


def _on_the_rule(own: Own, work: Work) -> list[OralQuestion]:
    rule = own.update
    line = last_line(work, "walk") or "(no line with a return)"
    steady = 1 / (1 - rule.momentum) if not rule.share else 1.0
    held = "lengths of steps" if rule.rate_inside else "gradients"
    return [
        OralQuestion(
            f"Your `walk` ends with `{line}`. The rate falls to a tenth: by your rule, "
            f"does the very next step shrink to about a tenth, too?",
            "no: the velocity was gathered at the old rate, and rolls on"
            if rule.rate_inside
            else "yes: the velocity holds gradients, and the new rate scales all of it",
        ),
        OralQuestion(
            f"A gradient of 1 that never changes, momentum {rule.momentum}: how many "
            f"rates long does a step become in the end, and why?",
            f"{steady:.4g}: the velocity holds {held}, and {rule.momentum} of it is "
            f"left each time",
        ),
        OralQuestion(
            f"At which of your numbers does decay {rule.decay} not pull, and what "
            f"would change if it did?",
            "biases do not decay by the rule; they would be drawn towards 0"
            if not rule.bias_decay
            else "it pulls at all of them, biases too; there is one bias for many "
            "weights, so sparing them would change little",
        ),
    ]


def _on_the_plan(own: Own, work: Work) -> list[OralQuestion]:
    plan, timing = own.schedule, own.timing
    line = last_line(work, "rate_at") or "(no line with a return)"
    whole, rest = divmod(plan.images, plan.batch_size)
    return [
        OralQuestion(
            f"Your `rate_at` ends with `{line}`. What are the rates of step "
            f"{plan.warm_steps - 1} and of step {plan.warm_steps}?",
            f"{plan.rate_at(plan.warm_steps - 1):.6g} and "
            f"{plan.rate_at(plan.warm_steps):.6g}",
        ),
        OralQuestion(
            f"You counted {entry(work, 'cost', 'steps')!r} steps. How many pictures "
            f"has the last mini-batch of an epoch, and is it a step?",
            f"{plan.steps:,} steps; {rest} are left over behind {whole} whole ones, "
            f"and that is {'left out' if plan.drop_last else 'a step'}",
        ),
        OralQuestion(
            f"You say {entry(work, 'cost', 'hours')!r} hours. Why does the first step, "
            f"of {timing.first_step} s, not count like the others?",
            f"{timing.hours(plan):.4g}; it warms up, and comes once, while the others "
            f"come {plan.steps:,} times",
        ),
    ]


def _on_curves(own: Own, work: Work) -> list[OralQuestion]:
    letters = {cause: letter for letter, cause in own.six.causes.items()}
    twin, other = letters["validated in train mode"], letters["shuffled labels"]
    return [
        OralQuestion(
            f"You gave run {twin} the cause {entry(work, 'causes', twin)!r}. Which "
            f"numbers of it stand in another run, too, and which do not?",
            f"validated in train mode: its training line is that of "
            f"{letters['healthy']}; its validation line is not, for dropout was on",
        ),
        OralQuestion(
            f"You gave run {other} the cause {entry(work, 'causes', other)!r}. Which "
            f"line of it says what was learned, and for whom does that hold?",
            "shuffled labels: training rises, validation stays at one in three; it "
            "holds for no new point",
        ),
    ]


def _on_going_on(own: Own, work: Work) -> list[OralQuestion]:
    quoted = ", ".join(work.quoted) or "no number of your run"
    missing = ", ".join(own.stopped.missing)
    return [
        OralQuestion(
            f"You say that the file lacks {entry(work, 'going_on', 'missing')!r}. "
            f"Would the accuracy after going on show it? What would?",
            f"{missing}; hardly, a broken resume may end higher; comparing all numbers "
            f"with those of a training that never stopped",
        ),
        OralQuestion(
            f"Your bet was {entry(work, 'bet', 'nearest')!r}, and you quote {quoted}. "
            f"Show it in the output. What would a later stop than step "
            f"{own.task.stopped} change?",
            "the lines of the output; the rate is smaller then, so whatever is lost "
            "leads less far astray",
        ),
    ]
