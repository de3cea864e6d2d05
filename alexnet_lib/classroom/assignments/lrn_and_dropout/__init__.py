"""Assignment 3: local response normalisation and dropout."""

from alexnet_lib.classroom.assignments.lrn_and_dropout.oral import ask
from alexnet_lib.classroom.assignments.lrn_and_dropout.own import draw
from alexnet_lib.classroom.assignments.lrn_and_dropout.questions import questions
from alexnet_lib.classroom.assignments.lrn_and_dropout.texts import texts
from alexnet_lib.classroom.assignments.parts import Assignment

ASSIGNMENT = Assignment(
    number=3,
    title="LRN and dropout",
    source="3_lrn_and_dropout.py",
    draw=draw,
    texts=texts,
    questions=questions,
    oral=ask,
)
