"""How well scores agree with labels, and how far a share can be trusted."""

import math

import msgspec
import numpy as np

from scene_desktop.core.models import metrics
from scene_desktop.core.models.metrics import Labels, Scores

BINS = 15
_TWO_SIDED = 1.959964
"""Standard deviations of a normal distribution between which 95 % of it lie, to both sides."""


class Figures(msgspec.Struct, frozen=True):
    """What scores are worth on photos that took no part in learning.

    Attributes:
        accuracy: 0 to 1.
        crossentropy: Mean categorical crossentropy in nats, scores clipped at 1e-7.
        calibration_error: See `calibration_error`.
    """

    accuracy: float
    crossentropy: float
    calibration_error: float


def figures(scores: Scores, labels: Labels) -> Figures:
    """Computes all figures.

    Args:
        scores: float `(photos, classes)`, each row summing to 1.
        labels: int64 `(photos,)`, indices of the true classes.
    """
    accuracy = float((scores.argmax(axis=1) == labels).mean())
    return Figures(accuracy, metrics.crossentropy(scores, labels), calibration_error(scores, labels))


def calibration_error(scores: Scores, labels: Labels) -> float:
    """The expected calibration error, 0 to 1 (Naeini et al., 2015; Guo et al., 2017).

    The photos are put into 15 bins of equal width by their confidence; the distances between mean confidence
    and share of right guesses are averaged with the number of photos as weight.
    """
    confidence = scores.max(axis=1).astype(np.float64)
    right = (scores.argmax(axis=1) == labels).astype(np.float64)
    bins = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    apart = np.bincount(bins, confidence - right, minlength=BINS)
    return float(np.abs(apart).sum() / len(labels))


def wilson_interval(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share that was measured on `count` photos (Wilson, 1927)."""
    square = _TWO_SIDED**2 / count
    middle = (share + square / 2) / (1 + square)
    reach = math.sqrt(square * (share * (1 - share) + square / 4)) / (1 + square)
    return middle - reach, middle + reach
