"""Fits a Keras model by a recipe: events out, the best epoch kept."""

from dataclasses import dataclass

import keras

from scene_desktop.core.events import EpochEnded
from scene_desktop.core.recipe import TrainingRecipe
from training.batches import Batches
from training.callbacks import ACCURACY, CROSSENTROPY, FitEnded, Progress
from training.control import Control
from training.features import Report


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
    training: Batches,
    validation: Batches,
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
        loss: Categorical crossentropy when None.

    Raises:
        TrainingError: The loss is no number any more.
        Stopped: The training is to be discarded.
    """
    model.compile(
        optimizer or keras.optimizers.Adam(recipe.learning_rate),
        loss or keras.losses.CategoricalCrossentropy(),
        metrics=[
            keras.metrics.CategoricalAccuracy(ACCURACY),
            keras.metrics.CategoricalCrossentropy(CROSSENTROPY),
        ],
        jit_compile=False,  # XLA makes these networks several times slower on a CPU
    )
    progress = Progress(recipe, len(training), report, control)
    try:
        model.fit(
            training,
            validation_data=validation,
            shuffle=False,  # the batches shuffle themselves
            epochs=recipe.epochs,
            callbacks=[progress],
            verbose=0,
        )
    except FitEnded:
        if not progress.epochs:
            progress.complete_epoch(*_measure(model, validation, control))
    progress.restore_best()
    return Fit(tuple(progress.epochs), progress.best_epoch)


def _measure(model: keras.Model, validation: Batches, control: Control) -> tuple[float, float]:
    """Accuracy and crossentropy on the validation photos."""
    stop = keras.callbacks.LambdaCallback(on_test_batch_end=lambda batch, logs: control.check())
    figures = model.evaluate(validation, callbacks=[stop], verbose=0, return_dict=True)
    return figures[ACCURACY], figures[CROSSENTROPY]


def _cell(value: object) -> str:
    return f"{value:.6f}" if isinstance(value, float) else str(value).lower()
