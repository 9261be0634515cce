"""Temperature scaling: scores that mean what they say (Guo et al., 2017, https://arxiv.org/abs/1706.04599).

All logits are divided by one number, chosen so that the crossentropy of photos outside the fit is lowest. The
order of the classes stays, so the accuracy does too. The number is folded into the last layer.
"""

from collections.abc import Callable

import keras
import numpy as np
from numpy.typing import NDArray

from training.networks.architectures import SCORES

LIMITS = (0.5, 10.0)
"""Photos that are nearly all right would ask for ever more confidence; the lower limit refuses most of it."""

_STEPS = 60
_GOLDEN = (5**0.5 - 1) / 2

Logits = NDArray[np.float64]
Labels = NDArray[np.int64]


def temperature(logits: Logits, labels: Labels) -> float:
    """The temperature with the lowest crossentropy, within `LIMITS`.

    Photos that are all right say nothing about how often the model errs, so they never raise its confidence.

    Args:
        logits: float64 `(photos, classes)`.
        labels: int64 `(photos,)`.
    """
    # The crossentropy is convex in 1 / temperature, so it has one valley in log(temperature) too.
    low, high = LIMITS
    if (logits.argmax(axis=1) == labels).all():
        low = 1.0
    best = _lowest(lambda x: crossentropy(logits / np.exp(x), labels), np.log(low), np.log(high))
    return float(np.exp(best))


def cross_fitted(
    logits: Logits, labels: Labels, folds: NDArray[np.int64] | None, usual: float
) -> NDArray[np.float32]:
    """Scores of photos calibrated by the others, so that none takes part in the choice of its own temperature.

    Args:
        folds: int64 `(photos,)`; None where they all are of one.
        usual: The temperature of all together, for the only fold.
    """
    result = logits / usual
    for fold in () if folds is None else np.unique(folds):
        inside = folds == fold
        result[inside] = logits[inside] / temperature(logits[~inside], labels[~inside])
    return softmax(result)


def crossentropy(logits: Logits, labels: Labels) -> float:
    """Mean categorical crossentropy in nats."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    of_truth = shifted[np.arange(len(labels)), labels]
    return float((np.log(np.exp(shifted).sum(axis=1)) - of_truth).mean())


def softmax(logits: Logits) -> NDArray[np.float32]:
    """float32 scores, each row summing to 1."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    scores: NDArray[np.float32] = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return scores


def before_scores(model: keras.Model) -> keras.Model:
    """`model` without its last dense layer, sharing its weights."""
    # `layer.input` is that of the layer's first use, which may lie in another model that shares it.
    layer, use, _ = model.outputs[0]._keras_history  # noqa: SLF001 - Keras has no public way to a use of a layer
    before = layer._inbound_nodes[use]  # noqa: SLF001 - as above
    return keras.Model(model.inputs, before.input_tensors[0])


def logits(model: keras.Model, inputs: NDArray[np.floating]) -> Logits:
    """What the last dense layer gives before its softmax, float64 `(N, classes)`.

    Args:
        inputs: `(N, width)`, the output of `before_scores`.
    """
    kernel, bias = model.get_layer(SCORES).get_weights()
    result: Logits = inputs.astype(np.float64) @ kernel.astype(np.float64) + bias.astype(np.float64)
    return result


def fold(model: keras.Model, value: float) -> None:
    """Divides the last layer's kernel and bias by the temperature."""
    layer = model.get_layer(SCORES)
    layer.set_weights([weights / value for weights in layer.get_weights()])


def _lowest(function: Callable[[float], float], low: float, high: float) -> float:
    """Golden-section search (Kiefer, 1953) for the lowest point of a function with one valley."""
    for _ in range(_STEPS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if function(left) < function(right):
            high = right
        else:
            low = left
    return (low + high) / 2
