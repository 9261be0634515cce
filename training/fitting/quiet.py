"""Passes over photos that leave no trace in the run: the fit of a part beforehand, and what a model answers."""

import math

import keras
import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.recipes.recipe import TrainingRecipe
from training.fitting import optimizers
from training.fitting.batches import Batches
from training.fitting.best import BestEpoch
from training.fitting.steps import Steps
from training.run.control import Control
from training.run.failures import no_number
from training.run.session import Session


def fit_quietly(
    session: Session, model: keras.Model, training: Batches, validation: Batches, recipe: TrainingRecipe
) -> None:
    """Trains `model` in place by another recipe; of its epochs only the progress is told.

    Raises:
        TrainingError: The loss is no number any more.
        Stopped: The training is to be left.
    """
    steps = Steps(model, optimizers.build(recipe), recipe, training)
    tracker, best = BestEpoch(recipe), model.get_weights()
    for epoch in range(recipe.epochs):
        for index, batch in enumerate(training.epoch(epoch + 1)):
            session.control.check()
            rate = optimizers.rate(recipe, epoch * len(training) + index, len(training))
            if not math.isfinite(steps.learn(*batch, rate).loss):
                raise no_number(recipe, epoch + 1, kept=False)
        if tracker.update(*steps.measure_all(validation, session.control.check)):
            best = model.get_weights()
        session.progress(epoch + 1, recipe.epochs)
        if tracker.exhausted():
            break
    session.progress(recipe.epochs, recipe.epochs)
    model.set_weights(best)


def predict(model: keras.Model, batches: Batches, control: Control) -> NDArray[np.float32]:
    """The output of `model` for all photos of `batches`, float32 `(photos, ...)`.

    Raises:
        Stopped: The training is to be left.
    """
    outputs = []
    for inputs, _ in batches.epoch():
        control.check()
        outputs.append(model.predict_on_batch(inputs))
    return np.concatenate(outputs)
