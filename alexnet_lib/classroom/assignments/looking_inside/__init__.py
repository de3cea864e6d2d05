"""Assignment 5: looking inside a network, and what may be said of what is found."""

from alexnet_lib.classroom.assignments.looking_inside.oral import ask
from alexnet_lib.classroom.assignments.looking_inside.own import draw
from alexnet_lib.classroom.assignments.looking_inside.questions import questions
from alexnet_lib.classroom.assignments.looking_inside.texts import texts
from alexnet_lib.classroom.assignments.parts import Assignment

ASSIGNMENT = Assignment(
    number=5,
    title="Looking inside",
    source="5_looking_inside.py",
    draw=draw,
    texts=texts,
    questions=questions,
    oral=ask,
)
