"""How well scores agree with labels. Plain NumPy, shared by training and by `evaluate`."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.models.card import ClassFigures, Evaluation, ThresholdPrice

Scores = NDArray[np.float32]
Labels = NDArray[np.int64]

_Z = 1.959963984540054
"""The 97.5th percentile of the normal distribution, for a confidence of 95 %."""


class Interval(NamedTuple):
    """Where a true share lies, 0 to 1, with a confidence of 95 %."""

    low: float
    high: float


def interval(right_share: float, photos: int) -> Interval:
    """What is known of the share of all photos that are right, from the share of those that were measured.

    The score interval of E. B. Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953: unlike the
    interval of standard errors it holds for few photos, and where all or none of them are right. It takes the
    photos for independent, which those of a cross-validation are nearly.

    Args:
        right_share: 0 to 1.
    """
    if photos < 1:
        return Interval(0.0, 1.0)
    scale = 1 + _Z**2 / photos
    middle = (right_share + _Z**2 / (2 * photos)) / scale
    reach = _Z / scale * math.sqrt(right_share * (1 - right_share) / photos + _Z**2 / (4 * photos**2))
    low = 0.0 if right_share == 0.0 else middle - reach  # exactly, whatever the rounding
    high = 1.0 if right_share == 1.0 else middle + reach
    return Interval(max(0.0, low), min(1.0, high))


def evaluate(scores: Scores, labels: Labels, classes: Sequence[str]) -> Evaluation:
    """Computes all figures.

    Args:
        scores: float32 `(photos, classes)`, each row summing to 1.
        labels: int64 `(photos,)`, indices of the true classes.
    """
    count = len(classes)
    predicted = scores.argmax(axis=1)
    confusion = np.zeros((count, count), dtype=np.int64)
    np.add.at(confusion, (labels, predicted), 1)
    return Evaluation(
        classes=tuple(classes),
        photos=len(labels),
        accuracy=float((predicted == labels).mean()),
        crossentropy=crossentropy(scores, labels),
        confusion=tuple(tuple(int(n) for n in row) for row in confusion),
        per_class=tuple(_class_figures(confusion, index, name) for index, name in enumerate(classes)),
        prices=threshold_prices(scores, labels),
    )


def crossentropy(scores: Scores, labels: Labels) -> float:
    """Mean categorical crossentropy in nats, scores clipped at 1e-7 as Keras does."""
    of_truth = scores[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(of_truth.clip(1e-7, 1.0)).mean()) + 0.0  # never the minus zero of a perfect score


def _class_figures(confusion: NDArray[np.int64], index: int, name: str) -> ClassFigures:
    right = float(confusion[index, index])
    predicted, true = float(confusion[:, index].sum()), float(confusion[index].sum())
    precision = right / predicted if predicted else 0.0
    recall = right / true if true else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return ClassFigures(name=name, photos=int(true), precision=precision, recall=recall, f1=f1)


def threshold_prices(scores: Scores, labels: Labels) -> tuple[ThresholdPrice, ...]:
    """What each threshold from 0.00 to 0.99 costs in decided photos and gains in right ones."""
    confidence, right = scores.max(axis=1), scores.argmax(axis=1) == labels
    prices = []
    for step in range(100):
        decided = confidence >= step / 100
        share_right = float(right[decided].mean()) if decided.any() else 1.0
        prices.append(ThresholdPrice(threshold=step / 100, decided=float(decided.mean()), right=share_right))
    return tuple(prices)
