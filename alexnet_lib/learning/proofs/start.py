"""Proofs about the network that the course begins with."""

import torch

from alexnet_lib.architecture.spec import Conv2d, Linear
from alexnet_lib.architecture.variants import find_variant
from alexnet_lib.architecture.weights import load_weights
from alexnet_lib.learning.claims import Finding
from alexnet_lib.runtime import course_file
from alexnet_lib.training.records import load_record

RECORD = "runs/quick_quarter_bn_seed0.json"
NEAR = 0.05  # two shares of right answers this close are about the same
EVEN = 0.2  # ten even bars are 0.1 each; up to this we call them undecided


def eight_layers_with_weights(subject: str) -> Finding:
    """Have these variants five convolutions and three linear layers, all of them?"""
    counts = {}
    for name in subject.split(", "):
        layers = find_variant(name).layers
        convolutions = sum(isinstance(layer, Conv2d) for layer in layers)
        linear = sum(isinstance(layer, Linear) for layer in layers)
        counts[name] = (convolutions, linear)
    evidence = "; ".join(f"{n}: {c} + {f}" for n, (c, f) in counts.items())
    every = set(counts.values()) == {(5, 3)}
    return Finding("true" if every else "false", f"convolutions + linear: {evidence}")


def blank_is_undecided(subject: str) -> Finding:
    """Are the ten bars about even for an empty picture? 'no weights' sets them to 0."""
    network = load_weights(course_file("weights/quarter.safetensors"))
    if subject == "no weights":
        for parameter in network.model.parameters():
            parameter.data.zero_()
    blank = torch.zeros(1, *network.spec.input_shape)
    if network.normalise is not None:
        mean, std = (torch.tensor(n).reshape(1, -1, 1, 1) for n in network.normalise)
        blank = (blank - mean) / std
    with torch.no_grad():
        shares = network.model(blank).softmax(dim=1)[0]
    best = int(shares.argmax())
    evidence = f"an empty picture: {network.class_names[best]} {shares[best]:.0%}"
    return Finding("true" if shares[best] <= EVEN else "false", evidence)


def as_right_as_on_average(subject: str) -> Finding:
    """Is the network as often right on this class as on the whole test set?"""
    record = load_record(course_file(RECORD))
    network = load_weights(course_file("weights/quarter.safetensors"))
    row = record.confusion[network.class_names.index(subject)]
    share = row[network.class_names.index(subject)] / sum(row)
    evidence = (
        f"{record.test_accuracy:.1%} of all test pictures right, {share:.1%} of those "
        f"labelled {subject}"
    )
    near = abs(share - record.test_accuracy) <= NEAR
    return Finding("true" if near else "false", evidence)


def found_more_often_is_truer(subject: str) -> Finding:
    """Is the first of 'class, class', found more often, also truer as an answer?"""
    record = load_record(course_file(RECORD))
    names = load_weights(course_file("weights/quarter.safetensors")).class_names
    found, true, words = [], [], []
    for name in subject.split(", "):
        number = names.index(name)
        right = record.confusion[number][number]
        labelled = sum(record.confusion[number])
        called = sum(row[number] for row in record.confusion)
        found.append(right / labelled)
        true.append(right / called)
        words.append(
            f"{name}: {right:,} of {labelled:,} found, and {right:,} of the {called:,} "
            f"called so are one ({right / called:.1%})"
        )
    both = found[0] > found[1] and true[0] > true[1]
    return Finding("true" if both else "false", "; ".join(words))
