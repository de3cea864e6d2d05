"""The README's table of what the tutorials build: it is in the notebooks it names."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION, _, _ = README.partition("tutorials' systems run")[2].partition("\n## ")
TABLE = re.findall(r"^\| [^|]*\| ([^|]+) \| ([\d, ]+) \|$", SECTION, re.M)
# a row's words -> what stands in the source or the outputs of each notebook named
FOUND = {
    "the network with 64 kernels, told apart from the paper's": {
        "02": "ALEXNET_TORCHVISION",
        "16": "begins with 64 kernels",
    },
    "its ImageNet weights, and names for a picture of yours": {
        "14": "AlexNet_Weights.IMAGENET1K_V1",
    },
    "training on CIFAR-10": {"13": "training.train(network, train_batches, RECIPE"},
    "naming a single picture from a file": {
        "13": "def predict_picture(",
        "14": "widgets.picture_teller(",
    },
    "its network for Fashion-MNIST": {"02": "ALEXNET_D2L"},
    "its recipe at 224 pixels, ten epochs, beside ours": {
        "07": 'training.find_recipe(name)) for name in ("d2l", "course"',
    },
    "the table of layers, card by card": {"15": "| conv1a | 48 of 11 x 11 |"},
    "the network in PyTorch, from the paper's sentences": {"16": "def alexnet_2012()"},
    "the Keras model, finished, with weights carried over": {
        "16": "largest_difference(corrected)",
    },
    "ReLU, dropout, augmentation": {
        "04": "torch.relu",
        "06": "nn.Dropout(",
        "10": "2048",
    },
    "two cards; normalisation and overlapping pooling": {
        "15": "pair.processes[1]",
        "05": "LocalResponseNorm",
    },
    "60 million parameters, 37 million of them in fc6": {"03": "fc6, with 37,752,832"},
    "its network in one tower": {
        "03": "ALEXNET_ONE_TOWER",
        "16": '"a tutorial, one tower": variants.ALEXNET_ONE_TOWER',
    },
    "its test on 28 pixels, and why that stops": {
        "02": "mnist_network(torch.zeros(1, 1, 28, 28))",
    },
    "its training script, repaired; TensorBoard": {"12": "SummaryWriter("},
    "a checkpoint per epoch, and how to go on from one": {
        "12": "checkpoints.check_resume(pack, unpack)",
    },
}


def test_every_row_of_the_table_is_looked_up():
    assert {words: re.findall(r"\d\d", numbers) for words, numbers in TABLE} == {
        words: list(places) for words, places in FOUND.items()
    }


@pytest.mark.parametrize("words", FOUND)
def test_the_notebook_named_contains_the_thing_named(words):
    for number, phrase in FOUND[words].items():
        files = sorted((ROOT / "notebooks").rglob(f"{number}_*"))
        texts = [path.read_text(encoding="utf-8") for path in files if path.is_file()]
        assert any(phrase in text for text in texts), (number, phrase)
