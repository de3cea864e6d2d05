"""What recorded runs say of two networks: never more than they can, and which way."""

import pytest

from alexnet_lib.learning.recorded import against


@pytest.mark.parametrize(
    ("values", "others", "said"),
    [
        ([0.9, 0.91, 0.92], [0.8, 0.81, 0.89], "better, by every seed"),
        ([0.8, 0.81, 0.89], [0.9, 0.91, 0.92], "worse, by every seed"),
        ([0.8, 0.81, 0.9], [0.9, 0.91, 0.92], "the ranges of the seeds overlap"),
        ([0.1, 0.2], [0.9, 0.91, 0.92], "not to be said before 3 runs of each"),
        ([], [], "not to be said before 3 runs of each are recorded"),
    ],
)
def test_the_verdict_has_a_direction_and_needs_three_runs(values, others, said):
    assert against(values, others).startswith(said)
