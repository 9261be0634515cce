"""Keras to LiteRT, and the proof that both give the same scores."""

import math

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from scene_desktop.core.classify.classifier import Network
from scene_desktop.core.errors import TrainingError

MAX_DIFFERENCE = 1e-3
"""Largest allowed difference of one score between Keras and the compiled model."""

_BATCH = 8


def compile_model(model: keras.Model) -> bytes:
    """Compiles `model` with its weights as float16, which LiteRT turns back to float32 when it loads.

    Values that float16 holds exactly (see `weights.round_to_float16`) stay what they are. Where the compiler
    multiplies other numbers into the kernels, their new values would be rounded; then all stays float32.

    Args:
        model: Input uint8 `(N, size, size, 3)`; any float output.
    """
    size = model.inputs[0].shape[1:]
    signature = tf.TensorSpec((None, *size), model.inputs[0].dtype)
    function = tf.function(lambda photos: model(photos, training=False)).get_concrete_function(signature)
    # Freezing the graph here takes a second; `from_keras_model` goes through files and takes five.
    converter = tf.lite.TFLiteConverter.from_concrete_functions([function], tf.Module())
    converter.experimental_lower_to_saved_model = False
    if not any(map(_changes_kernels, model.layers)):
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    content: bytes = converter.convert()
    return content


def _changes_kernels(layer: keras.Layer) -> bool:
    """Whether the compiler folds it into the kernels beside it, with numbers that are no powers of two."""
    if isinstance(layer, keras.layers.BatchNormalization):
        return True
    return isinstance(layer, keras.layers.Rescaling) and math.frexp(layer.scale)[0] != 0.5


def largest_difference(model: keras.Model, compiled: bytes, photos: NDArray[np.uint8]) -> float:
    """The largest difference of a score between Keras and the compiled model.

    Args:
        photos: uint8 `(N, size, size, 3)`, RGB; N at least 1.

    Returns:
        NaN if a score is no number.
    """
    network = Network(compiled)
    chunks = [photos[start : start + _BATCH] for start in range(0, len(photos), _BATCH)]
    # The signature leaves the last, smaller chunk to the same graph: making another one takes half a second.
    signature = tf.TensorSpec((None, *photos.shape[1:]), tf.uint8)
    expected = tf.function(lambda photos: model(photos, training=False), input_signature=[signature])
    differences = [np.abs(network.run(chunk) - expected(chunk).numpy()).max() for chunk in chunks]
    return float(np.max(differences))  # unlike `max`, it does not lose what is no number


def require_agreement(model: keras.Model, compiled: bytes, photos: NDArray[np.uint8]) -> None:
    """Checks the compiled model on real photos before it is saved.

    Raises:
        TrainingError: It does not give the scores of the Keras model.
    """
    difference = largest_difference(model, compiled, photos)
    if not difference <= MAX_DIFFERENCE:
        raise TrainingError(
            f"The compiled model differs from the trained one by {difference:.2g} (allowed "
            f"{MAX_DIFFERENCE:g}), so it was not saved. Train again; if it happens twice, please report it."
        )
