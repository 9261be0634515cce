"""One step of learning and one of measuring, as compiled TensorFlow functions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from scene_desktop.core.recipes.recipe import ClassWeights, TrainingRecipe
from training.fitting.batches import Batches

_KIND = {"uint8": tf.uint8, "float32": tf.float32}


@dataclass(frozen=True)
class Outcome:
    """What one batch gave: the loss that was minimised, right answers, and the sum of the crossentropy."""

    loss: float
    correct: float
    nats: float


class Steps:
    """Learns from and measures a model.

    Args:
        model: Its only output are scores that sum to 1.
    """

    def __init__(
        self,
        model: keras.Model,
        optimizer: keras.optimizers.Optimizer,
        recipe: TrainingRecipe,
        training: Batches,
    ) -> None:
        optimizer.build(model.trainable_variables)
        weights = tf.constant(class_weights(recipe, training.class_counts()))
        smoothing = recipe.label_smoothing
        source = model.inputs[0]
        signature = (
            tf.TensorSpec((None, *source.shape[1:]), _KIND[source.dtype]),
            tf.TensorSpec((None, model.outputs[0].shape[-1]), tf.float32),
        )

        def judged(scores: Any, truth: Any) -> tuple[Any, Any]:
            right = tf.equal(tf.argmax(scores, axis=-1), tf.argmax(truth, axis=-1))
            nats = keras.losses.categorical_crossentropy(truth, scores)
            return tf.reduce_sum(tf.cast(right, tf.float32)), tf.reduce_sum(nats)

        def learn(inputs: Any, truth: Any) -> tuple[Any, Any, Any]:
            with tf.GradientTape() as tape:
                scores = model(inputs, training=True)
                losses = keras.losses.categorical_crossentropy(truth, scores, label_smoothing=smoothing)
                loss = tf.reduce_mean(losses * tf.linalg.matvec(truth, weights))
                loss += tf.add_n(model.losses) if model.losses else 0.0
            variables = model.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)
            return (loss, *judged(scores, truth))

        def measure(inputs: Any, truth: Any) -> tuple[Any, Any]:
            return judged(model(inputs, training=False), truth)

        # XLA makes these networks several times slower on a CPU. One signature for all batches: the same
        # operations then run after a resume as without it.
        self._learn: Callable[..., Any] = tf.function(learn, input_signature=signature, jit_compile=False)
        self._measure: Callable[..., Any] = tf.function(measure, input_signature=signature, jit_compile=False)
        self._optimizer = optimizer

    def learn(self, inputs: Any, truth: NDArray[np.float32], rate: float) -> Outcome:
        """Corrects the model by one batch, at this learning rate."""
        self._optimizer.learning_rate.assign(rate)
        return Outcome(*(float(value) for value in self._learn(inputs, truth)))

    def measure(self, inputs: Any, truth: NDArray[np.float32]) -> tuple[float, float]:
        """Right answers, and the sum of the crossentropy in nats."""
        correct, nats = self._measure(inputs, truth)
        return float(correct), float(nats)

    def measure_all(self, photos: Batches, before_each: Callable[[], None]) -> tuple[float, float]:
        """Accuracy and crossentropy.

        Args:
            before_each: Called before each batch; may raise to leave.
        """
        correct = nats = 0.0
        for batch in photos.epoch():
            before_each()
            right, lost = self.measure(*batch)
            correct, nats = correct + right, nats + lost
        return correct / photos.photos, nats / photos.photos


def class_weights(recipe: TrainingRecipe, counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """What a photo of each class counts in the loss, float32 `(classes,)`; 1 on average over the photos."""
    if recipe.class_weights is ClassWeights.OFF:
        return np.ones_like(counts)
    weights: NDArray[np.float32] = counts.sum() / (len(counts) * np.maximum(counts, 1))
    return weights.astype(np.float32)
