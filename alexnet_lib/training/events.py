"""A finished run as TensorBoard events."""

from pathlib import Path

from alexnet_lib.training.records import RunRecord


def write_events(folder: str | Path, record: RunRecord) -> None:
    """Write the curve and the test accuracy; see them with `tensorboard --logdir`."""
    from torch.utils.tensorboard import SummaryWriter  # takes a second to import

    with SummaryWriter(str(folder)) as writer:
        for row in record.curve:
            writer.add_scalar("loss/train", row.train_loss, row.epoch)
            if row.valid_loss is not None:
                writer.add_scalar("loss/validation", row.valid_loss, row.epoch)
                writer.add_scalar("accuracy/validation", row.valid_accuracy, row.epoch)
            writer.add_scalar("images_per_second", row.images_per_second, row.epoch)
        writer.add_scalar("accuracy/test", record.test_accuracy, record.epochs)
