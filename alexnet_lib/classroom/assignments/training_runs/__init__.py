"""Assignment 4: recipes, schedules, curves and checkpoints."""

from alexnet_lib.classroom.assignments.parts import Assignment
from alexnet_lib.classroom.assignments.training_runs.oral import ask
from alexnet_lib.classroom.assignments.training_runs.own import draw
from alexnet_lib.classroom.assignments.training_runs.questions import questions
from alexnet_lib.classroom.assignments.training_runs.texts import texts

ASSIGNMENT = Assignment(
    number=4,
    title="Training",
    source="4_training.py",
    draw=draw,
    texts=texts,
    questions=questions,
    oral=ask,
)
