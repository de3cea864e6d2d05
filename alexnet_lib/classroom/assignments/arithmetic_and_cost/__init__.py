"""Assignment 1: sizes, counts and memory of a network of one's own."""

from alexnet_lib.classroom.assignments.arithmetic_and_cost.oral import ask
from alexnet_lib.classroom.assignments.arithmetic_and_cost.own import draw
from alexnet_lib.classroom.assignments.arithmetic_and_cost.questions import questions
from alexnet_lib.classroom.assignments.arithmetic_and_cost.texts import texts
from alexnet_lib.classroom.assignments.parts import Assignment

ASSIGNMENT = Assignment(
    number=1,
    title="Arithmetic and cost",
    source="1_arithmetic_and_cost.py",
    draw=draw,
    texts=texts,
    questions=questions,
    oral=ask,
)
