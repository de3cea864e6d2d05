"""`python -m alexnet_lib evaluate FILE`: how good a weights file is on test images."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from alexnet_lib import runtime
from alexnet_lib.architecture.arithmetic import summarize
from alexnet_lib.architecture.model import check_input
from alexnet_lib.architecture.spec import ModelSpec
from alexnet_lib.architecture.weights import LoadedModel, load_weights
from alexnet_lib.data import Batches, DataSet, load
from alexnet_lib.training.evaluation import Evaluation, evaluate

HELP = "Accuracy, loss and confusion of a weights file on test images."
BATCH_SIZE = 250  # larger is not faster on a CPU


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, help="a weights file (.safetensors)")
    parser.add_argument("--dataset", help="default: the one it was trained on")
    parser.add_argument("--data-root", type=Path, help="the folder of the data sets")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Evaluate the file on all test images of the data set."""
    device = runtime.pick_device(args.device)
    loaded = load_weights(args.file)
    data = load(args.dataset or loaded.dataset, root=args.data_root)
    result = asdict(evaluate_weights(loaded, data, device))
    return {**result, "dataset": data.name, "source": data.source}


def evaluate_weights(
    loaded: LoadedModel, data: DataSet, device: torch.device | str = "cpu"
) -> Evaluation:
    """A loaded weights file on the test images, in float32, as its metadata says."""
    check_data(loaded.spec, data)
    batches = Batches(
        data.test_images,
        data.test_labels,
        BATCH_SIZE,
        resize=loaded.resize,
        normalise=loaded.normalise,
        device=device,
    )
    return evaluate(loaded.model.to(device), batches)


def check_data(spec: ModelSpec, data: DataSet) -> None:
    """Raise a ValueError when the network does not fit the images or the classes."""
    channels, (_, *size) = data.train_images.shape[1], spec.input_shape
    check_input(spec, (channels, *size))
    num_outputs = summarize(spec)[-1].out_shape[0]
    if num_outputs != len(data.class_names):
        raise ValueError(
            f"{spec.name} has {num_outputs} outputs, {data.name} has "
            f"{len(data.class_names)} classes: choose another variant or data set"
        )


def render(result: dict[str, Any]) -> str:
    """The numbers, and the confusion as a table."""
    lines = [
        f"{result['num_images']:,} test images of {result['dataset']} "
        f"({result['source']})",
        f"accuracy {result['accuracy']:.2%}, loss {result['loss']:.4f}",
        "",
        "rows: the true class; columns: what the network said",
    ]
    for number, row in enumerate(result["confusion"]):
        lines.append(f"{number:>2} " + " ".join(f"{count:>5}" for count in row))
    return "\n".join(lines)
