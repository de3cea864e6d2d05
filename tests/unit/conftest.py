"""What every unit test gets."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    """Tiny tensors gain nothing from threads, which queue on a busy machine."""
    import torch

    torch.set_num_threads(1)
