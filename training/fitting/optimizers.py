"""From the words of a recipe to the optimizer and the learning rate of each step."""

import math

import keras

from scene_desktop.core.recipes.recipe import Optimizer, Schedule, TrainingRecipe


def build(recipe: TrainingRecipe) -> keras.optimizers.Optimizer:
    """The optimizer; its rate is set before each step, see `rate`. Biases and norms do not decay."""
    match recipe.optimizer:
        case Optimizer.ADAM:
            return keras.optimizers.Adam(recipe.learning_rate)
        case Optimizer.ADAMW:
            optimizer = keras.optimizers.AdamW(recipe.learning_rate, weight_decay=recipe.weight_decay)
        case Optimizer.SGD:
            optimizer = keras.optimizers.SGD(
                recipe.learning_rate,
                momentum=recipe.momentum,
                nesterov=recipe.momentum > 0,
                weight_decay=recipe.weight_decay or None,
            )
    if recipe.weight_decay:
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def rate(recipe: TrainingRecipe, step: int, steps: int) -> float:
    """The learning rate of one step.

    Args:
        step: 0 for the first of the training.
        steps: Steps of an epoch.
    """
    warm_up = min(recipe.warm_up, recipe.epochs - 1) * steps
    if step < warm_up:
        return recipe.learning_rate * (step + 1) / warm_up
    if recipe.schedule is Schedule.CONSTANT:
        return recipe.learning_rate
    share = (step - warm_up) / max(1, recipe.epochs * steps - warm_up)
    return recipe.learning_rate * 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
