"""`python -m alexnet_lib data`: get a data set, or check the one that is there."""

import argparse

HELP = "get a data set, or check the one that is there"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dataset",
        default="FashionMNIST",
        metavar="NAME",
        help="FashionMNIST (default), MNIST or CIFAR10",
    )
    parser.add_argument(
        "--root",
        metavar="DIR",
        help="folder of data sets (default: ALEXNET_DATA, else data/ of the checkout)",
    )


def run(args: argparse.Namespace) -> dict:
    """Load the data set, trying the network even if that failed a moment ago.

    Keys: dataset, root, source, verified (every byte is as published), note. `root` is
    where the files lie; for the stand-in, where they were looked for.
    """
    from tqdm import tqdm

    from alexnet_lib.data.catalogue import PUBLISHED
    from alexnet_lib.data.sources import data_root, load

    # delay: no bar at all when nothing is downloaded
    with tqdm(desc=args.dataset, unit="B", unit_scale=True, delay=0.1) as bar:

        def progress(arrived: int, total: int) -> None:
            bar.total = total
            bar.update(arrived - bar.n)

        dataset = load(args.dataset, args.root, progress=progress, retry=True)
    return {
        "dataset": dataset.name,
        "root": str(dataset.root or data_root(args.root)),
        "source": dataset.source,
        "verified": dataset.source != "stand-in" and dataset.name in PUBLISHED,
        "note": dataset.note,
    }


def render(result: dict) -> str:
    """Two lines: what there is, and where it came from."""
    if result["source"] == "stand-in":
        return f"{result['note']}\nlooked for it in {result['root']}"
    found = "downloaded to" if result["source"] == "downloaded" else "found in"
    checked = "; every checksum is right" if result["verified"] else ""
    return f"{result['note']}\n{found} {result['root']}{checked}"
