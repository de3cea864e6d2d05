"""Recipes: their values, their schedules, and what they refuse."""

import json
from dataclasses import asdict, replace
from statistics import mean

import pytest
import torch
from torch import nn

from alexnet_lib import runtime
from alexnet_lib.architecture.initialisation import INITIALISATIONS
from alexnet_lib.training.loop import train_steps
from alexnet_lib.training.recipes import (
    RECIPES,
    Recipe,
    find_recipe,
    learning_rate_at,
    make_optimizer,
    recipe_from_dict,
)

ONE_CYCLE = Recipe(name="r", learning_rate=0.4, epochs=2, schedule="one_cycle")


def test_every_recipe_is_named_as_it_is_filed_and_can_be_initialised():
    for name, recipe in RECIPES.items():
        assert recipe.name == name
        assert recipe.init in INITIALISATIONS
        assert recipe_from_dict(asdict(recipe)) == recipe


def test_d2l_is_plain_sgd_at_a_constant_rate():
    recipe = RECIPES["d2l"]
    assert (recipe.optimizer, recipe.momentum, recipe.weight_decay) == ("sgd", 0, 0)
    assert (recipe.learning_rate, recipe.schedule) == (0.01, "constant")
    assert (recipe.batch_size, recipe.epochs, recipe.init) == (128, 10, "xavier")


def test_the_lenet_rates_are_the_best_of_the_recorded_grid():
    grid = json.loads(runtime.course_file("runs/rates/lenet_grid.json").read_text())
    networks = {
        "LENET5": "lenet_sigmoid",
        "LENET5_SIGMOID_MAX": "lenet_sigmoid_max",
        "LENET5_RELU": "lenet_relu",
        "LENET5_RELU_AVG": "lenet_relu_avg",
    }
    for variant, recipe in networks.items():
        finalists = {
            float(rate): mean(accuracies)
            for rate, accuracies in grid["valid_accuracy"][variant].items()
            if len(accuracies) == len(grid["seeds"])
        }
        best = max(finalists, key=finalists.__getitem__)
        assert RECIPES[recipe].learning_rate == best
        # No edge of the grid: a better rate does not lie outside it.
        tried = [float(rate) for rate in grid["valid_accuracy"][variant]]
        assert min(tried) < best < max(tried)


def test_a_wrong_name_gets_a_suggestion():
    assert find_recipe("QUICK") is RECIPES["quick"]
    with pytest.raises(
        ValueError, match="no recipe named 'quik': did you mean 'quick'"
    ):
        find_recipe("quik")
    with pytest.raises(ValueError, match="they are d2l, paper_2012, course, quick"):
        find_recipe("zzz")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"optimizer": "adam"}, "optimizer is 'adam': it must be one of sgd, adamw"),
        ({"schedule": "step"}, "schedule is 'step': it must be one of constant, one_c"),
        (
            {"augmentation": "crop"},
            "augmentation is 'crop': it must be one of none, fl",
        ),
        ({"learning_rate": 0.0}, r"learning_rate is 0.0: try 0.01"),
        ({"learning_rate": float("nan")}, "learning_rate is nan"),
        ({"epochs": 0}, "epochs is 0: it must be 1 or more"),
        ({"batch_size": -1}, "batch_size is -1: it must be 1 or more"),
        ({"momentum": 1.0}, r"momentum is 1.0: it must be in \[0, 1\)"),
        ({"weight_decay": -0.1}, "weight_decay is -0.1: it must be 0 or more"),
        ({"decay_on": "biases"}, "decay_on is 'biases': it must be one of all, weigh"),
        ({"label_smoothing": 1.0}, r"label_smoothing is 1.0: it must be in \[0, 1\)"),
        ({"label_smoothing": -0.1}, r"label_smoothing is -0.1: it must be in"),
        ({"schedule": "steps"}, r"drops is \(\) with schedule 'steps': 'steps' needs"),
        ({"drops": (0.5,)}, r"drops is \(0.5,\) with schedule 'constant': 'steps' ne"),
        (
            {"schedule": "steps", "drops": (0.5, 0.5)},
            r"drops is \(0.5, 0.5\): give rising shares between 0 and 1",
        ),
        ({"schedule": "steps", "drops": (0.0, 0.5)}, r"drops is \(0.0, 0.5\): give ri"),
        ({"schedule": "steps", "drops": (0.5, 1.0)}, r"drops is \(0.5, 1.0\): give ri"),
        ({"nesterov": True}, "nesterov needs momentum above 0, got 0"),
        ({"optimizer": "adamw", "momentum": 0.9}, "momentum is 0.9, but adamw has its"),
    ],
)
def test_values_that_make_no_sense_are_refused(changes: dict, message: str):
    with pytest.raises(ValueError, match=message):
        replace(RECIPES["d2l"], **changes)


def test_a_dict_with_another_key_is_no_recipe():
    with pytest.raises(ValueError, match="a recipe has no 'lr': its keys are"):
        recipe_from_dict({"lr": 0.1})
    with pytest.raises(ValueError, match="not a recipe"):
        recipe_from_dict({"name": "half"})


def test_one_cycle_rises_for_a_quarter_then_falls_to_zero():
    rates = [learning_rate_at(ONE_CYCLE, i / 100) for i in range(101)]
    assert rates[0] == 0
    assert rates.index(max(rates)) == 25
    assert max(rates) == pytest.approx(0.4)
    assert rates[100] == pytest.approx(0)
    assert rates == sorted(rates[:25]) + sorted(rates[25:], reverse=True)


def test_one_cycle_equals_torchs_own_schedule():
    """OneCycleLR with linear pieces replaced: its cosine half, from the peak to 0."""
    weight = nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=0.4)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=75)
    for step in range(76):
        expected = learning_rate_at(ONE_CYCLE, (25 + step) / 100)
        assert cosine.get_last_lr()[0] == pytest.approx(expected)
        optimizer.step()
        cosine.step()


def test_a_constant_rate_is_constant():
    assert {learning_rate_at(RECIPES["d2l"], i / 9) for i in range(10)} == {0.01}


def test_steps_divide_the_rate_by_ten_at_each_drop():
    recipe = Recipe(
        name="r", learning_rate=0.01, epochs=9, schedule="steps", drops=(0.25, 0.5, 0.8)
    )
    for fraction, rate in [
        *((0.0, 0.01), (0.2499, 0.01), (0.25, 0.001), (0.4999, 0.001)),
        *((0.5, 0.0001), (0.7999, 0.0001), (0.8, 0.00001), (1.0, 0.00001)),
    ]:
        assert learning_rate_at(recipe, fraction) == pytest.approx(rate, rel=1e-12)


def test_the_papers_rate_falls_after_whole_epochs():
    """0.01 for 25 epochs, 0.001 until 51, 0.0001 until 67, then 0.00001: of 91."""
    recipe = RECIPES["paper_2012"]
    assert (recipe.epochs, recipe.momentum, recipe.weight_decay) == (91, 0.9, 5e-4)
    rates = [learning_rate_at(recipe, (epoch + 0.5) / 91) for epoch in range(91)]
    counts = {f"{rate:.0e}": 0 for rate in rates}
    for rate in rates:
        counts[f"{rate:.0e}"] += 1
    assert counts == {"1e-02": 25, "1e-03": 26, "1e-04": 16, "1e-05": 24}


@pytest.mark.parametrize("decay_on", ["all", "weights"])
def test_the_update_is_the_one_written_by_hand(decay_on: str):
    """Momentum and decay: v = m v + (g + d w), w = w - rate v; biases may be spared."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Linear(4, 3))
    model.double()
    recipe = Recipe(
        name="r",
        learning_rate=0.3,
        epochs=1,
        momentum=0.9,
        weight_decay=0.1,
        decay_on=decay_on,
    )
    optimizer = make_optimizer(model, recipe)
    by_hand = {name: p.detach().clone() for name, p in model.named_parameters()}
    velocity = {name: torch.zeros_like(p) for name, p in by_hand.items()}
    for _ in range(3):
        for name, parameter in model.named_parameters():
            parameter.grad = torch.randn_like(parameter)
            decays = decay_on == "all" or name in ("0.weight", "2.weight")
            gradient = parameter.grad + (0.1 * by_hand[name] if decays else 0)
            velocity[name] = 0.9 * velocity[name] + gradient
            by_hand[name] = by_hand[name] - 0.3 * velocity[name]
        optimizer.step()
    for name, parameter in model.named_parameters():
        torch.testing.assert_close(parameter.detach(), by_hand[name])


def test_decay_on_weights_spares_them_in_adamw_too():
    model = nn.Linear(2, 3)
    recipe = Recipe(
        name="r",
        learning_rate=0.5,
        epochs=1,
        optimizer="adamw",
        weight_decay=0.2,
        decay_on="weights",
    )
    before = model.weight.detach().clone(), model.bias.detach().clone()
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    make_optimizer(model, recipe).step()
    torch.testing.assert_close(model.weight.detach(), before[0] * (1 - 0.5 * 0.2))
    assert torch.equal(model.bias, before[1])


def test_label_smoothing_is_a_mean_over_all_classes_by_that_share():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 3))
    images, labels = torch.rand(5, 1, 2, 2), torch.tensor([0, 1, 2, 1, 0])
    logs = model(images).log_softmax(dim=1)
    of_label = -logs[torch.arange(5), labels]
    expected = (0.8 * of_label + 0.2 * -logs.mean(dim=1)).mean().item()
    recipe = Recipe(name="r", learning_rate=0.1, epochs=1, label_smoothing=0.2)
    [step, _] = train_steps(model, [(images, labels)], recipe)
    assert step.loss == pytest.approx(expected, rel=1e-6)
    assert expected > of_label.mean().item() * 0.8


def test_optimizers_get_the_recipes_values_and_skip_frozen_layers():
    model = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 2))
    model[0].requires_grad_(False)
    [group] = make_optimizer(model, RECIPES["quick"]).param_groups
    assert (group["lr"], group["momentum"], group["nesterov"]) == (0.1, 0.9, True)
    assert len(group["params"]) == 2
    recipe = replace(RECIPES["d2l"], optimizer="adamw", weight_decay=0.1)
    adamw = make_optimizer(model, recipe)
    assert isinstance(adamw, torch.optim.AdamW)
    assert adamw.param_groups[0]["weight_decay"] == 0.1
    model.requires_grad_(False)
    with pytest.raises(
        ValueError, match="the model has no parameters to train: are all"
    ):
        make_optimizer(model, recipe)
