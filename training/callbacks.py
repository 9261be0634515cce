"""What happens while Keras fits: events out, wishes in, best weights kept."""

import math
import time
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.errors import TrainingError
from scene_desktop.core.events import BatchEnded, EpochEnded
from scene_desktop.core.recipe import TrainingRecipe
from training.best import BestEpoch
from training.control import Control
from training.features import Report

ACCURACY, CROSSENTROPY = "accuracy", "crossentropy"
_BATCH_EVERY_S = 0.05
_PATIENT_RATE = 1e-3


class FitEnded(Exception):  # noqa: N818 - the way out of `fit`, not an error
    """Raised from a batch to leave `fit` at once; `stop_training` would still run the whole validation."""


class Progress(keras.callbacks.Callback):
    """Reports batches and epochs, keeps the best weights, and leaves when it is asked to.

    Attributes:
        epochs: Events of the completed epochs.
        logs: Running training figures of the epoch that was left in the middle.
    """

    def __init__(self, recipe: TrainingRecipe, steps: int, report: Report, control: Control) -> None:
        super().__init__()
        self._recipe, self._steps, self._report, self._control = recipe, steps, report, control
        self._tracker = BestEpoch(recipe)
        self._best_weights: list[NDArray[np.float32]] = []
        self._epoch, self._started, self._told = 0, 0.0, 0.0
        self._finish_counts = True
        self.epochs: list[EpochEnded] = []
        self.logs: dict[str, float] = {}

    @property
    def best_epoch(self) -> int:
        return self._tracker.epoch

    def on_train_begin(self, logs: Any = None) -> None:
        # A wish that is older than the fit is granted after the first epoch: before it there is no model.
        self._finish_counts = not self._control.finishing()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch, self._started = epoch + 1, time.monotonic()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self._control.check()
        self.logs = {name: float(value) for name, value in (logs or {}).items()}
        self._require_number(self.logs["loss"])
        now = time.monotonic()
        if now - self._told >= _BATCH_EVERY_S:
            self._told = now
            position = self._epoch - 1 + (batch + 1) / self._steps
            accuracy, crossentropy = self.logs[ACCURACY], self.logs[CROSSENTROPY]
            self._report(BatchEnded(position=position, accuracy=accuracy, crossentropy=crossentropy))
        if self._control.finishing() and (self.epochs or self._finish_counts):
            raise FitEnded

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        self._control.check()
        if self._control.finishing() and self.epochs:
            raise FitEnded

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs = logs or {}
        self.logs = {ACCURACY: logs[ACCURACY], CROSSENTROPY: logs[CROSSENTROPY]}
        self.complete_epoch(logs[f"val_{ACCURACY}"], logs[f"val_{CROSSENTROPY}"])
        if self._tracker.exhausted() or self._control.finishing():
            raise FitEnded

    def complete_epoch(self, accuracy: float, crossentropy: float) -> None:
        """Takes the validation figures of the current epoch.

        Raises:
            TrainingError: They are no numbers.
        """
        self._require_number(crossentropy)
        best = self._tracker.update(accuracy, crossentropy)
        if best:
            self._best_weights = self.model.get_weights()
        event = EpochEnded(
            epoch=self._epoch,
            epochs=self._recipe.epochs,
            accuracy=float(self.logs[ACCURACY]),
            crossentropy=float(self.logs[CROSSENTROPY]),
            validation_accuracy=float(accuracy),
            validation_crossentropy=float(crossentropy),
            seconds=time.monotonic() - self._started,
            best=best,
        )
        self.epochs.append(event)
        self._report(event)

    def restore_best(self) -> None:
        """Puts the weights of the best epoch back into the model."""
        self.model.set_weights(self._best_weights)

    def _require_number(self, loss: float) -> None:
        if math.isfinite(loss):
            return
        rate = self._recipe.learning_rate
        better = _PATIENT_RATE if rate > _PATIENT_RATE else rate / 10
        raise TrainingError(
            f"Loss became NaN in epoch {self._epoch} at learning rate {rate:g}; try {better:g}. "
            f"No model was saved."
        )
