"""The clinic of notebook 09: examinations, four flat runs, and a cure."""

from functools import cache

import pytest
import torch
from torch import nn

from alexnet_lib.architecture.initialisation import initialize
from alexnet_lib.data import CLASS_NAMES, DataSet, stand_in
from alexnet_lib.inside.examination import between_pictures, descend, examine
from alexnet_lib.learning import clinic
from alexnet_lib.learning.checks import clinic as cures
from tests.unit.checking import assert_check_is_fair, raiser, stub


@cache
def drawn() -> DataSet:
    """As many drawn garments as 60 mini-batches take."""
    images, labels = stand_in.draw("FashionMNIST", clinic.SIZE * clinic.STEPS)
    images, labels = torch.from_numpy(images).unsqueeze(1), torch.from_numpy(labels)
    return DataSet(
        name="FashionMNIST",
        source="stand-in",
        note="drawn for a test",
        class_names=CLASS_NAMES["FashionMNIST"],
        train_images=images,
        train_labels=labels,
        test_images=images[:10],
        test_labels=labels[:10],
        root=None,
    )


# --- flat_runs ------------------------------------------------------------------------
RIGHT = {
    "A": "labels shuffled",
    "B": "pictures too dark",
    "C": "rate too small",
    "D": "start too small",
}


def test_flat_runs():
    wrong = {
        f"{RIGHT[letter]} taken for {cause}": RIGHT | {letter: cause}
        for letter in RIGHT
        for cause in cures.WORDS
        if cause != RIGHT[letter]
    }
    assert len(wrong) == 16
    assert_check_is_fair(
        cures.check_flat_runs,
        right=[RIGHT, {letter: cause.upper() for letter, cause in RIGHT.items()}],
        wrong=wrong,
        todo=dict.fromkeys(RIGHT),
    )


def test_the_letters_are_dealt_as_the_solution_says():
    assert clinic.causes_by_letter() == RIGHT


def test_the_healthy_run_falls_and_the_four_stay_flat():
    batches = clinic.mini_batches(drawn())
    assert len(batches) == clinic.STEPS
    assert all(len(images) == clinic.SIZE for images, _labels in batches)
    network = clinic.new_network("kaiming")
    healthy = clinic.Patient(network=network, batches=batches).losses()
    assert healthy[-1] < 0.5 * healthy[0]
    for patient in clinic.admit(drawn()).values():
        losses = patient.losses()
        best_guess = min(losses[0], 2.303)
        assert sum(losses[-10:]) / 10 > best_guess - 0.06


def test_only_shuffled_labels_are_learned_by_heart():
    ends = {}
    for letter, patient in clinic.admit(drawn()).items():
        _, _, said = patient.examination().twenty.partition(" to ")
        ends[RIGHT[letter]] = float(said.split()[0])
    assert ends["labels shuffled"] < 0.1
    assert min(loss for cause, loss in ends.items() if cause != "labels shuffled") > 1


def test_the_card_of_a_small_network():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(4, 3)).train()
    images, labels = torch.rand(30, 1, 2, 2), torch.arange(30) % 3
    before = {name: t.clone() for name, t in network.state_dict().items()}
    card = examine(network, images, labels, rate=0.1)
    lines = str(card).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "1 data", "2 first loss", "3 20 pictures", "4 gradients", "5 rate",
    ]  # fmt: skip
    low, high = images.min().item(), images.max().item()
    assert f"from {low:.3g} to {high:.3g}" in lines[0]
    assert "10 to 10 of each class" in lines[0]
    assert "and ln 3 is 1.099" in lines[1]
    loss = nn.functional.cross_entropy(network(images), labels)
    (gradient,) = torch.autograd.grad(loss, [network[1].weight])
    share = 0.1 * gradient.norm() / network[1].weight.norm()
    assert f"4 gradients: 1 {gradient.norm():.1e}, 1" in lines[3]
    assert f"by {share:.0e} of their size" in lines[4]
    assert card._repr_html_().count("<tr>") == 5
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, before[name])
    assert network.training


def test_too_few_images_for_an_examination():
    with pytest.raises(ValueError, match="there are 5 images: give at least 20"):
        examine(clinic.new_network(), torch.rand(5, 1, 28, 28), torch.arange(5), 0.1)


def test_between_pictures_is_0_where_all_pictures_are_alike():
    same = torch.tensor([[1.0, 5.0], [1.0, 5.0]])
    assert between_pictures(same) == 0
    assert same.std() > 1
    assert between_pictures(torch.tensor([[0.0, 0.0], [2.0, 4.0]])) == pytest.approx(
        (2**0.5 + 8**0.5) / 2
    )


def test_descend_is_torch_s_sgd_and_notes_the_loss_before_each_step():
    torch.manual_seed(0)
    network = nn.Linear(2, 2)
    batch = (torch.rand(4, 2), torch.tensor([0, 1, 0, 1]))
    expected = nn.functional.cross_entropy(network(batch[0]), batch[1]).item()
    first, second, *_ = descend(network, [batch] * 3, rate=0.5)
    assert first == expected
    assert second < first


# --- make_ready -----------------------------------------------------------------------
def start(name: str, rate: float):
    def ready(network):
        initialize(network, name)
        return rate

    return ready


def drawing(draw, rate: float):
    """A start by hand: `draw(weight)` in place."""

    def ready(network):
        for layer in network:
            if isinstance(layer, nn.Linear):
                with torch.no_grad():
                    draw(layer.weight)
        return rate

    return ready


def orthogonal(network):
    for layer in network:
        if isinstance(layer, nn.Linear):
            nn.init.orthogonal_(layer.weight, nn.init.calculate_gain("relu"))
    return 0.01


def other_layers(network):
    for name, layer in list(network.named_children()):
        if isinstance(layer, nn.ReLU):
            network[int(name) if name.isdigit() else _place(network, name)] = nn.Tanh()
    return start("xavier", 0.01)(network)


def _place(network, name):
    return [each for each, _ in network.named_children()].index(name)


def torch_s_own(network):
    for layer in network:
        if isinstance(layer, nn.Linear):
            layer.reset_parameters()
    return 0.01


def test_make_ready():
    assert_check_is_fair(
        lambda student: cures.check_make_ready(student, drawn()),
        right=[start("kaiming", 0.01), orthogonal],
        wrong={
            "weights left": lambda network: 0.1,
            "architecture changed": other_layers,
            "all alike": drawing(lambda w: w.fill_(0.05), 0.01),
            "fan_out for fan_in": drawing(
                lambda w: nn.init.kaiming_normal_(w, mode="fan_out"), 0.1
            ),
            "Xavier for Kaiming": start("xavier", 0.001),
            "torch's default": torch_s_own,
            "start too small": drawing(lambda w: w.normal_(std=0.05), 0.01),
            "start too large": drawing(lambda w: w.normal_(std=0.5), 0.01),
            "rate too high": start("kaiming", 0.5),
            "rate": start("kaiming", 1e-5),
        },
        todo=stub,
    )


def test_a_rate_too_high_is_not_blamed_on_the_start():
    result = cures.check_make_ready(start("xavier", 1.0), drawn())
    assert (result.status, result.mistake) == ("failed", "rate too high")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (3, "make_ready should be a function, not int"),
        (raiser, "make_ready raised ZeroDivisionError: division by zero"),
        (lambda network: None, "it should give a learning rate, not NoneType"),
        (lambda network: True, "it should give a learning rate, not bool"),
        (lambda network: -0.1, "the rate is -0.1: it should be above 0"),
    ],
)
def test_make_ready_messages(answer, message):
    result = cures.check_make_ready(answer, drawn())
    assert (result.status, result.mistake) == ("failed", None)
    assert message in result.message
