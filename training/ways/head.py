"""The new head of a pretrained network, trained alone before anything else is.

Its random start would disturb the pretrained layers (Kumar et al., 2022, https://arxiv.org/abs/2202.10054).
"""

import keras
import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.recipe import Monitor, Optimizer, Schedule, TrainingRecipe
from training.fitting.batches import Batches, Indices, Labels, either_side
from training.fitting.quiet import fit_quietly
from training.networks import architectures
from training.run.session import Session
from training.ways.stepwise import MEASURE_BATCH


def fit_head(
    session: Session,
    model: keras.Model,
    pooled: NDArray[np.float16],
    labels: Labels,
    learned: Indices,
    measured: Indices,
) -> None:
    """Trains the head of `model` on the features of its pretrained backbone.

    Args:
        pooled: float16 `(photos, 2, 1984)`: of the photos, and of their mirror images.
        learned, measured: Indices of the photos to learn from and to measure on.

    Raises:
        TrainingError: The loss is no number any more.
        Stopped: The training is to be left.
    """
    recipe = _head_recipe(session.recipe)
    take = either_side(pooled, recipe.flip)
    training = Batches(take, labels, learned, recipe.batch_size, recipe.seed, recipe.blending)
    validation = Batches(take, labels, measured, MEASURE_BATCH)
    fit_quietly(session, architectures.head_of(model), training, validation, recipe)


def _head_recipe(recipe: TrainingRecipe) -> TrainingRecipe:
    return with_changes(
        recipe,
        epochs=10,
        batch_size=128,
        optimizer=Optimizer.ADAM,
        learning_rate=1e-3,
        schedule=Schedule.CONSTANT,
        warm_up=0,
        label_smoothing=0.0,
        early_stopping=True,
        patience=2,
        min_delta=0.0,
        monitor=Monitor.VALIDATION_CROSSENTROPY,
    )
