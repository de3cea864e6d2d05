"""The update of stochastic gradient descent with momentum, as printed in two places."""

from torch import Tensor


def paper_update(
    weight: Tensor,
    gradient: Tensor,
    velocity: Tensor,
    learning_rate: float,
    momentum: float = 0.9,
    weight_decay: float = 5e-4,
) -> tuple[Tensor, Tensor]:
    """The new weight and velocity by the rule of the 2012 paper, section 5.

    The rate is part of the velocity: what was gained at a high rate is kept when the
    rate falls. The velocity begins at 0.

    Shape: three tensors of one shape -> two of the same shape.
    """
    velocity = (
        momentum * velocity
        - weight_decay * learning_rate * weight
        - learning_rate * gradient
    )
    return weight + velocity, velocity


def torch_update(
    weight: Tensor,
    gradient: Tensor,
    buffer: Tensor,
    learning_rate: float,
    momentum: float = 0.9,
    weight_decay: float = 5e-4,
) -> tuple[Tensor, Tensor]:
    """The new weight and momentum buffer by the rule of `torch.optim.SGD`.

    The rate stands outside: it scales all that has been gathered, old and new. At one
    rate the buffer is the paper's velocity divided by -rate. It begins at 0.

    Shape: three tensors of one shape -> two of the same shape.
    """
    buffer = momentum * buffer + gradient + weight_decay * weight
    return weight - learning_rate * buffer, buffer
