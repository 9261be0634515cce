"""Fits a Keras model by a recipe: events out, the best epoch kept."""

import math
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.events import EpochEnded
from scene_desktop.core.recipe import TrainingRecipe
from training.callbacks import ACCURACY, CROSSENTROPY, FitEnded, Progress
from training.control import Control
from training.features import Report

_MEASURE_BATCH = 256

Labels = NDArray[np.int64]
Data = keras.utils.PyDataset | tuple[NDArray[np.float32], Labels]
"""Batches of inputs and labels, or all of them as two arrays."""


@dataclass(frozen=True)
class Fit:
    """A completed fit; the model has the weights of the best epoch.

    Attributes:
        epochs: All epochs; the last one is a part if it was asked to finish in the first.
        best_epoch: 1 for the first.
    """

    epochs: tuple[EpochEnded, ...]
    best_epoch: int

    def history_csv(self) -> str:
        """One row an epoch, with the names of `EpochEnded`."""
        names = [name for name in EpochEnded.__struct_fields__ if name != "epochs"]
        rows = [",".join(_cell(getattr(epoch, name)) for name in names) for epoch in self.epochs]
        return "\n".join([",".join(names), *rows]) + "\n"


def fit(
    model: keras.Model,
    training: Data,
    validation: Data,
    recipe: TrainingRecipe,
    report: Report,
    control: Control,
    optimizer: keras.optimizers.Optimizer | None = None,
    loss: keras.losses.Loss | None = None,
) -> Fit:
    """Trains `model` in place.

    Args:
        model: Ends in scores that sum to 1.
        optimizer: Adam at the recipe's learning rate when None.
        loss: Sparse categorical crossentropy when None.

    Raises:
        TrainingError: The loss is no number any more.
        Stopped: The training is to be discarded.
    """
    model.compile(
        optimizer or keras.optimizers.Adam(recipe.learning_rate),
        loss or keras.losses.SparseCategoricalCrossentropy(),
        metrics=[
            keras.metrics.SparseCategoricalAccuracy(ACCURACY),
            keras.metrics.SparseCategoricalCrossentropy(CROSSENTROPY),
        ],
        jit_compile=False,  # XLA makes these networks several times slower on a CPU
    )
    progress = Progress(recipe, _steps(training, recipe.batch_size), report, control)
    try:
        model.fit(
            **_training_arguments(training, recipe.batch_size),
            validation_data=validation,
            validation_batch_size=None if isinstance(validation, keras.utils.PyDataset) else _MEASURE_BATCH,
            epochs=recipe.epochs,
            callbacks=[progress],
            verbose=0,
        )
    except FitEnded:
        if not progress.epochs:
            progress.complete_epoch(*_measure(model, validation, control))
    progress.restore_best()
    return Fit(tuple(progress.epochs), progress.best_epoch)


def _steps(data: Data, batch_size: int) -> int:
    return len(data) if isinstance(data, keras.utils.PyDataset) else math.ceil(len(data[1]) / batch_size)


def _training_arguments(data: Data, batch_size: int) -> dict[str, Any]:
    if isinstance(data, keras.utils.PyDataset):
        return {"x": data, "shuffle": False}  # it shuffles itself
    return {"x": data[0], "y": data[1], "batch_size": batch_size, "shuffle": True}


def _measure(model: keras.Model, validation: Data, control: Control) -> tuple[float, float]:
    """Accuracy and crossentropy on the validation photos."""
    stop = keras.callbacks.LambdaCallback(on_test_batch_end=lambda batch, logs: control.check())
    if isinstance(validation, keras.utils.PyDataset):
        figures = model.evaluate(validation, callbacks=[stop], verbose=0, return_dict=True)
    else:
        x, y = validation
        figures = model.evaluate(x, y, batch_size=_MEASURE_BATCH, callbacks=[stop], verbose=0, return_dict=True)
    return figures[ACCURACY], figures[CROSSENTROPY]


def _cell(value: object) -> str:
    return f"{value:.6f}" if isinstance(value, float) else str(value).lower()
