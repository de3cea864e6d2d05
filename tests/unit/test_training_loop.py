"""The loop against a loop written by hand, and what it leaves behind."""

import copy
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_lib.training.evaluation import Evaluation, evaluate
from alexnet_lib.training.loop import train
from alexnet_lib.training.recipes import RECIPES, Recipe, learning_rate_at

PLAIN = Recipe(name="plain", learning_rate=0.1, epochs=3)
IN_SHORT = replace(RECIPES["quick"], epochs=2, learning_rate=0.02)


class Batches:
    """The least that the loop asks for: iterable again and again, with a length."""

    def __init__(self, images: Tensor, labels: Tensor, batch_size: int):
        self.pairs = list(
            zip(images.split(batch_size), labels.split(batch_size), strict=True)
        )

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)


def make_model() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(4 * 36, 3),
    )


@pytest.fixture
def model() -> nn.Sequential:
    return make_model()


@pytest.fixture(scope="module")
def batches() -> Batches:
    generator = torch.Generator().manual_seed(1)
    labels = torch.randint(0, 3, (50,), generator=generator)
    noise = torch.rand(50, 1, 8, 8, generator=generator)
    return Batches(noise + labels.view(-1, 1, 1, 1), labels, 16)  # 16, 16, 16, 2


@pytest.mark.parametrize("recipe", [PLAIN, IN_SHORT], ids=lambda recipe: recipe.name)
def test_it_equals_the_loop_written_by_hand_bit_for_bit(
    model: nn.Sequential, batches: Batches, recipe: Recipe
):
    by_hand = copy.deepcopy(model)
    torch.manual_seed(7)  # dropout
    results = list(train(model, batches, recipe))

    torch.manual_seed(7)
    optimizer = torch.optim.SGD(
        by_hand.parameters(),
        lr=recipe.learning_rate,
        momentum=recipe.momentum,
        nesterov=recipe.nesterov,
        fused=True,  # the plain form rounds some last bits otherwise
    )
    for epoch in range(recipe.epochs):
        by_hand.train()
        total = 0.0
        for step, (images, labels) in enumerate(batches):
            seen = (epoch + (step + 0.5) / 4) / recipe.epochs
            optimizer.param_groups[0]["lr"] = learning_rate_at(recipe, seen)
            loss = F.cross_entropy(by_hand(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
        assert results[epoch].train_loss == total / 50
    for name, tensor in by_hand.state_dict().items():
        assert torch.equal(model.state_dict()[name], tensor), name


def test_results_come_epoch_by_epoch_with_their_validation(
    model: nn.Sequential, batches: Batches
):
    results = []
    for result in train(model, batches, PLAIN, batches):
        results.append(result)
        now = evaluate(model, batches)
        assert (result.valid_loss, result.valid_accuracy) == (now.loss, now.accuracy)
    assert [result.epoch for result in results] == [1, 2, 3]
    assert all(r.images_per_second == pytest.approx(50 / r.seconds) for r in results)
    assert results[-1].train_loss < results[0].train_loss
    assert next(train(model, batches, PLAIN)).valid_accuracy is None


def test_leaving_the_loop_early_stops_the_training(
    model: nn.Sequential, batches: Batches
):
    one_epoch = copy.deepcopy(model)
    torch.manual_seed(0)
    for _ in train(model, batches, PLAIN):
        break
    torch.manual_seed(0)
    list(train(one_epoch, batches, replace(PLAIN, epochs=1)))
    assert torch.equal(model[0].weight, one_epoch[0].weight)


def test_modes_are_put_back_module_by_module(model: nn.Sequential, batches: Batches):
    model.train()
    model[1].eval()  # a frozen batch normalisation
    before = [module.training for module in model.modules()]
    for _ in train(model, batches, PLAIN, batches):
        assert [module.training for module in model.modules()] == before
        assert torch.is_grad_enabled()
    evaluate(model, batches)
    assert [module.training for module in model.modules()] == before


def test_evaluating_keeps_gradients_and_training_frees_them(
    model: nn.Sequential, batches: Batches
):
    images, labels = batches.pairs[0]
    F.cross_entropy(model(images), labels).backward()
    before = model[0].weight.grad.clone()
    evaluate(model, batches)
    assert torch.equal(model[0].weight.grad, before)
    list(train(model, batches, PLAIN))
    assert all(parameter.grad is None for parameter in model.parameters())


def test_evaluate_equals_one_pass_over_all_images(
    model: nn.Sequential, batches: Batches
):
    images = torch.cat([images for images, _ in batches])
    labels = torch.cat([labels for _, labels in batches])
    found = evaluate(model, batches)

    model.eval()
    with torch.no_grad():
        logits = model(images)
    assert found.num_images == 50
    assert found.loss == pytest.approx(F.cross_entropy(logits, labels).item(), rel=1e-6)
    predicted = logits.argmax(dim=1)
    assert found.accuracy == (predicted == labels).sum().item() / 50
    for true in range(3):
        for said in range(3):
            count = ((labels == true) & (predicted == said)).sum()
            assert found.confusion[true][said] == count


def test_the_mean_is_over_images_and_not_over_batches():
    """Two right, confident answers in a batch of their own weigh as two of six."""
    logits = torch.tensor([[9.0, 0.0]] * 6)
    labels = torch.tensor([1, 1, 1, 1, 0, 0])
    found = evaluate(nn.Identity(), Batches(logits, labels, 4))
    assert found == Evaluation(
        loss=pytest.approx(F.cross_entropy(logits, labels).item()),
        accuracy=2 / 6,
        confusion=((2, 0), (4, 0)),
        num_images=6,
    )


def test_a_loss_that_is_no_number_says_where_and_what_to_do(batches: Batches):
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 3))
    with pytest.raises(RuntimeError) as caught:
        list(train(model, batches, replace(PLAIN, learning_rate=1e38)))
    message = str(caught.value)
    assert message.startswith("the loss became nan in step ") or "inf" in message
    assert "of epoch 1, at learning rate 1e+38: start again" in message
    assert message.endswith("with a smaller rate, such as 3e+37")
    assert model.training
    assert model[1].weight.grad is None


def test_no_images_is_an_error(model: nn.Sequential):
    nothing = Batches(torch.zeros(0, 1, 8, 8), torch.zeros(0, dtype=torch.long), 4)
    nothing.pairs = []
    with pytest.raises(ValueError, match="nothing to train on: the batches hold no"):
        list(train(model, nothing, PLAIN))
    with pytest.raises(ValueError, match="nothing to evaluate: the batches hold no"):
        evaluate(model, nothing)


def test_the_bar_is_drawn_only_when_asked_for_and_never_on_stderr(
    model: nn.Sequential, batches: Batches, capsys: pytest.CaptureFixture
):
    list(train(model, batches, PLAIN))
    assert capsys.readouterr() == ("", "")
    list(train(model, batches, PLAIN, progress=True))
    out, err = capsys.readouterr()
    assert err == ""
    assert "epoch 1/3" in out
    stream = io.StringIO()
    list(train(model, batches, PLAIN, progress=stream))
    assert "images/s" in stream.getvalue()
    assert capsys.readouterr() == ("", "")


def test_training_in_bfloat16_keeps_float32_weights_and_still_learns(
    model: nn.Sequential, batches: Batches
):
    results = list(
        train(model, batches, replace(PLAIN, epochs=8), precision="bfloat16")
    )
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    assert model[0].weight.is_contiguous(memory_format=torch.channels_last)
    assert results[-1].train_loss < 0.6 * results[0].train_loss


@pytest.mark.needs_gpu
def test_the_model_moves_to_the_device_and_stays(
    model: nn.Sequential, batches: Batches
):
    list(train(model, batches, PLAIN, batches, device="cuda"))
    assert model[0].weight.device.type == "cuda"
