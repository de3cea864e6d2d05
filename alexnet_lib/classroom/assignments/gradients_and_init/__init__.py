"""Assignment 2: gradients through depth, and the first weights."""

from alexnet_lib.classroom.assignments.gradients_and_init.oral import ask
from alexnet_lib.classroom.assignments.gradients_and_init.own import draw
from alexnet_lib.classroom.assignments.gradients_and_init.questions import questions
from alexnet_lib.classroom.assignments.gradients_and_init.texts import texts
from alexnet_lib.classroom.assignments.parts import Assignment

ASSIGNMENT = Assignment(
    number=2,
    title="Gradients and first weights",
    source="2_gradients_and_first_weights.py",
    draw=draw,
    texts=texts,
    questions=questions,
    oral=ask,
)
