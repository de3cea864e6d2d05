"""A training under way: one step after another, and the place it has reached."""

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from alexnet_lib.training import checkpoint as files
from alexnet_lib.training import distributed
from alexnet_lib.training.augmentation import augment
from alexnet_lib.training.evaluation import Batches, evaluate
from alexnet_lib.training.interrupt import postponed_interrupt
from alexnet_lib.training.order import relu_after_pool
from alexnet_lib.training.precision import PrecisionName, autocast, lay_out_images
from alexnet_lib.training.recipes import Recipe, learning_rate_at, make_optimizer
from alexnet_lib.training.results import EpochResult, StepResult


class Diverged(RuntimeError):
    """The loss is no longer a number."""


@dataclass(frozen=True, kw_only=True)
class CheckpointFile:
    """Where an unfinished training is kept; when the file is there, it goes on.

    It is written every so many `seconds`, after each epoch, and when the loop is left.
    `settings` are compared when the training goes on, with those of the recipe.
    """

    path: Path
    seconds: float = 60.0
    settings: Mapping[str, Any] = field(default_factory=dict)


class Run:
    """A training under way: the model, its optimiser, and the place it has reached."""

    def __init__(
        self,
        model: nn.Module,
        batches: Batches,
        recipe: Recipe,
        device: torch.device,
        precision: PrecisionName,
        checkpoint: CheckpointFile | None,
    ):
        self.model, self.batches, self.recipe = model, batches, recipe
        self.device, self.precision, self.checkpoint = device, precision, checkpoint
        self.forward = distributed.replicate(relu_after_pool(model))
        self.optimizer = make_optimizer(model, recipe)
        self.position = files.Position()
        # Batches that shuffle with a generator of their own show it.
        self.order: torch.Generator | None = getattr(batches, "generator", None)
        self.epoch_start: dict[str, Tensor] = {}
        self.whole = True  # False while a step is half done
        self.saved: tuple[int, int] | None = None  # the last position written
        self.saved_at = time.monotonic()
        self.seed = torch.initial_seed()
        if checkpoint and distributed.is_first():
            files.remove_cut_off(checkpoint.path)
        if checkpoint and checkpoint.path.is_file():
            self._go_on(checkpoint)

    def rest_of_epoch(self, bar: tqdm) -> Iterator[StepResult]:
        """The mini-batches of this epoch that are not done yet, one after another."""
        at = self.position
        epoch = self._batches_left()
        while True:
            with postponed_interrupt():
                start, start_cpu = time.perf_counter(), time.process_time()
                pair = next(epoch, None)
                if pair is None:
                    break
                self.whole = False
                result = self._step(*pair)
                at.seconds += time.perf_counter() - start
                at.cpu_seconds += time.process_time() - start_cpu
                self.whole = True
                speed = at.num_images / at.seconds
                bar.set_postfix_str(
                    f"loss {result.loss:.3f}, {speed:,.0f} images/s", False
                )
                bar.update()
                if self.checkpoint and self._is_due(self.checkpoint.seconds):
                    self.save()
            yield result
        if not at.num_images:
            raise ValueError("there is nothing to train on: the batches hold no images")

    def finish_epoch(
        self, valid_batches: Batches | None, *, in_train_mode: bool = False
    ) -> EpochResult:
        """Judge by the validation images, note the result, and save."""
        at = self.position
        valid_loss = valid_accuracy = None
        if valid_batches is not None:
            valid = evaluate(
                self.model,
                valid_batches,
                precision=self.precision,
                training=in_train_mode,
            )
            valid_loss, valid_accuracy = valid.loss, valid.accuracy
        with postponed_interrupt():  # or the epoch would be noted and not be over
            (cpu_seconds,) = distributed.add_up(at.cpu_seconds)
            result = EpochResult(
                at.epoch,
                at.loss_sum / at.num_images,
                valid_loss,
                valid_accuracy,
                at.seconds,
                at.num_images / at.seconds,
                at.num_correct / at.num_images,
                cpu_seconds,
            )
            at.curve.append(asdict(result))
            at.start_epoch(at.epoch + 1)
            self.epoch_start = self._random()
            self.save()
        return result

    def save(self) -> None:
        """Write the checkpoint, unless it is there already or a step is half done."""
        reached = (self.position.epoch, self.position.step)
        if not self.checkpoint or not self.whole or self.saved == reached:
            return
        if not self.epoch_start or not distributed.is_first():
            return  # nothing has begun, or another process writes
        # Noted first: what cannot be written is not tried again on the way out.
        self.saved, self.saved_at = reached, time.monotonic()
        files.save_checkpoint(
            self.checkpoint.path,
            files.Checkpoint(
                settings=self._settings(self.checkpoint),
                position=self.position,
                tensors=files.collect_tensors(self.model, self.optimizer),
                random=files.RandomState(
                    now=self._random(), epoch_start=self.epoch_start
                ),
            ),
        )

    def _batches_left(self) -> Iterator[tuple[Tensor, Tensor]]:
        """This epoch's batches after those done: same order, same random numbers."""
        now = self._random()
        if self.position.step == 0:
            self.epoch_start = now
        files.set_random_state(self.epoch_start, self.device, self.order)
        batches = islice(iter(self.batches), self.position.step, None)
        first = next(batches, None)  # draws the order of the epoch
        if self.position.step > 0:
            files.set_random_state(now, self.device, self.order)
        if first is not None:
            yield first
            yield from batches

    def _step(self, images: Tensor, labels: Tensor) -> StepResult:
        at, recipe = self.position, self.recipe
        distributed.draw_apart(self.seed, at.epoch, at.step)
        images = lay_out_images(images.to(self.device), self.precision)  # (N, C, H, W)
        labels = labels.to(self.device)
        images = augment(images, recipe.augmentation)
        # The middle of this step, as a fraction of the whole training.
        num_steps = len(self.batches)
        fraction = (at.epoch - 1 + (at.step + 0.5) / num_steps) / recipe.epochs
        rate = learning_rate_at(recipe, fraction)
        for group in self.optimizer.param_groups:
            group["lr"] = rate

        with autocast(self.precision, self.device):
            logits = self.forward(images)  # (N, num_classes)
            loss = F.cross_entropy(
                logits,
                labels,
                label_smoothing=recipe.label_smoothing,
            )
        num_correct = (logits.argmax(dim=1) == labels).sum().item()
        batch_loss, num_correct, num_images = distributed.whole_batch(
            loss.item(), num_correct, len(images)
        )
        if not math.isfinite(batch_loss):
            raise Diverged(
                f"the loss became {batch_loss} in step {at.step + 1} of epoch "
                f"{at.epoch}, at learning rate {rate:.3g}: start again from fresh "
                f"weights with a smaller rate, such as {recipe.learning_rate / 3:.1g}"
            )
        self.optimizer.zero_grad()
        (loss * distributed.weight_of(len(images), num_images)).backward()
        self.optimizer.step()

        at.step += 1
        at.loss_sum += batch_loss * num_images
        at.num_correct += num_correct
        at.num_images += num_images
        done = at.fraction(num_steps, recipe.epochs)
        return StepResult(at.epoch, at.step, batch_loss, rate, done)

    def _go_on(self, checkpoint: CheckpointFile) -> None:
        found = files.load_checkpoint(checkpoint.path)
        files.check_settings(
            checkpoint.path, found.settings, self._settings(checkpoint)
        )
        files.restore_tensors(found, self.model, self.optimizer)
        self.position, self.epoch_start = found.position, found.random.epoch_start
        files.set_random_state(found.random.now, self.device, self.order)
        self.saved = (self.position.epoch, self.position.step)

    def _settings(self, checkpoint: CheckpointFile) -> dict[str, Any]:
        """As they come back from JSON: lists, no tuples."""
        return {
            **checkpoint.settings,
            **{key: _plain(value) for key, value in asdict(self.recipe).items()},
            "precision": self.precision,
        }

    def _random(self) -> dict[str, Tensor]:
        return files.random_state(self.device, self.order)

    def _is_due(self, seconds: float) -> bool:
        return time.monotonic() - self.saved_at >= seconds


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
