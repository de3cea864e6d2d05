"""The check of a recorder of gradients, with the recorders that a class writes."""

from contextlib import contextmanager, suppress

import pytest
from torch import Tensor, nn

from alexnet_lib.inside.statistics import GradientRecorder
from alexnet_lib.learning.checks import gradients
from tests.unit.checking import EqualsEverything, assert_check_is_fair, stub


def recorder_of(reading):
    """A recorder as learners write it: `reading(layer, gradient)` is what it keeps."""

    @contextmanager
    def recorded_norms(network: nn.Module):
        norms, handles = {}, []
        for name, layer in network.named_children():
            if hasattr(layer, "weight"):

                def hook(gradient, name=name, layer=layer):
                    norms[name] = reading(layer, gradient)

                handles.append(layer.weight.register_hook(hook))
        try:
            yield norms
        finally:
            for handle in handles:
                handle.remove()

    return recorded_norms


@contextmanager
def hooks_left(network):
    norms = {}
    for name, layer in network.named_children():
        if hasattr(layer, "weight"):
            layer.weight.register_hook(
                lambda g, name=name: norms.update({name: g.norm().item()})
            )
    yield norms


@contextmanager
def hooks_left_after_an_error(network):
    norms, handles = {}, []
    for name, layer in network.named_children():
        if hasattr(layer, "weight"):
            handles.append(
                layer.weight.register_hook(
                    lambda g, name=name: norms.update({name: g.norm().item()})
                )
            )
    yield norms
    for handle in handles:
        handle.remove()


@contextmanager
def late_binding(network):
    norms, handles = {}, []
    layers = [(n, m) for n, m in network.named_children() if hasattr(m, "weight")]
    for name, layer in layers:
        handles.append(
            layer.weight.register_hook(
                lambda g: norms.update({name: g.norm().item()})  # noqa: B023
            )
        )
    try:
        yield norms
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def filled_too_late(network):
    norms = {}
    yield norms
    for name, layer in network.named_children():
        if hasattr(layer, "weight"):
            norms[name] = layer.weight.grad.norm().item()


@contextmanager
def parameters_for_layers(network):
    norms, handles = {}, []
    for name, parameter in network.named_parameters():
        handles.append(
            parameter.register_hook(
                lambda g, name=name: norms.update({name: g.norm().item()})
            )
        )
    try:
        yield norms
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def empty(network):
    yield {}


@contextmanager
def by_module_hooks(network):
    """Right, written differently: hooks that wait until each gradient is added up."""
    norms, handles = {}, []
    before = {}
    for name, layer in network.named_children():
        weight = getattr(layer, "weight", None)
        if weight is not None:
            before[name] = 0 if weight.grad is None else weight.grad.clone()

            def hook(parameter, name=name):
                norms[name] = (parameter.grad - before[name]).norm()
                before[name] = parameter.grad.clone()

            handles.append(weight.register_post_accumulate_grad_hook(hook))
    try:
        yield norms
    finally:
        while handles:
            handles.pop().remove()


@contextmanager
def cleaned_under_except(network):
    """An interrupt of the kernel is no Exception."""
    norms, handles = {}, []
    for name, layer in network.named_children():
        if hasattr(layer, "weight"):
            handles.append(
                layer.weight.register_hook(
                    lambda g, name=name: norms.update({name: g.norm().item()})
                )
            )
    try:
        yield norms
    except Exception:
        remove_all(handles)
        raise
    remove_all(handles)


def remove_all(handles):
    for handle in handles:
        handle.remove()


@contextmanager
def swallowing(network):
    norms, handles = {}, []
    for name, layer in network.named_children():
        if hasattr(layer, "weight"):
            handles.append(
                layer.weight.register_hook(
                    lambda g, name=name: norms.update({name: g.norm().item()})
                )
            )
    with suppress(Exception):
        yield norms
    for handle in handles:
        handle.remove()


def from_dot_grad(layer: nn.Module, gradient: Tensor) -> float:
    """As the sum in .grad stands when the pass has ended."""
    return (layer.weight.grad + gradient).norm().item()


def test_recorded_norms():
    assert_check_is_fair(
        gradients.check_recorded_norms,
        right=[recorder_of(lambda layer, g: g.norm().item()), by_module_hooks],
        wrong={
            "hooks left": hooks_left,
            "hooks left after an error": hooks_left_after_an_error,
            "late binding": late_binding,
            "filled too late": filled_too_late,
            "parameters for layers": parameters_for_layers,
            "error swallowed": swallowing,
            "empty": empty,
            "weights": recorder_of(lambda layer, g: layer.weight.norm().item()),
            "summed": recorder_of(lambda layer, g: g.sum().item()),
            "root forgotten": recorder_of(lambda layer, g: (g**2).sum().item()),
            "mean size": recorder_of(lambda layer, g: g.abs().mean().item()),
            "largest": recorder_of(lambda layer, g: g.abs().max().item()),
            "read from .grad": recorder_of(from_dot_grad),
        },
        todo=stub,
    )


def test_a_stub_with_the_decorator_is_to_do():
    assert gradients.check_recorded_norms(contextmanager(stub)).status == "todo"


@contextmanager
def broken(network):
    yield network.no_such_thing


@contextmanager
def yields_a_list(network):
    yield []


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda network: None, "raised TypeError: 'NoneType' object does not support"),
        (broken, "raised AttributeError: 'Sequential' object has no attribute 'no_su"),
        (yields_a_list, "recorded_norms should yield a dict, not list"),
        (recorder_of(lambda layer, g: g), "norms['fc1'] should be one number, not Ten"),
        (
            recorder_of(lambda layer, g: 7.0),
            "norms['fc1'] is another number. Hint: the root of the sum of squares",
        ),
        ({}, "recorded_norms should be a function, not dict"),
    ],
)
def test_recorded_norms_messages(function, message):
    result = gradients.check_recorded_norms(function)
    assert result.status == "failed"
    assert message in result.message


def test_the_course_s_own_recorder_would_pass():
    @contextmanager
    def recorded_norms(network):
        norms = {}
        with GradientRecorder(network) as recorder:
            recorder._norms = norms
            yield norms

    assert gradients.check_recorded_norms(recorded_norms).status == "passed"


def test_a_cheat_fails():
    cheat = gradients.check_recorded_norms(lambda network: EqualsEverything())
    assert cheat.status == "failed"


def test_an_interrupt_leaves_no_hook_either():
    result = gradients.check_recorded_norms(cleaned_under_except)
    assert (result.status, result.mistake) == ("failed", "hooks left after an error")
