"""What the model said about each photo, and the counts."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DEFAULT_THRESHOLD = 0.6
"""Photos whose best score is lower are called unsure."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """The verdict on one photo: scores, or the reason why there are none.

    Attributes:
        index: Position of the photo in its drop, 0 for the first found.
        scores: float32 `(classes,)`, 0 to 1, summing to 1; None when the photo could not be read.
        error: Why there are no scores; None when there are.
        corrected: Index of the true class if a person has said it; only photos with scores have one.
    """

    index: int
    path: str
    scores: NDArray[np.float32] | None = None
    error: str | None = None
    corrected: int | None = None

    @property
    def label(self) -> int | None:
        """Index of the class that holds: what a person said, otherwise the best."""
        return self.best if self.corrected is None else self.corrected

    @property
    def best(self) -> int | None:
        """Index of the class with the highest score."""
        return None if self.scores is None else int(self.scores.argmax())

    @property
    def confidence(self) -> float | None:
        """The highest score, 0 to 1."""
        return None if self.scores is None else float(self.scores.max())

    def is_unsure(self, threshold: float) -> bool:
        """Whether the photo was read, its best score is below `threshold` and nobody has said its class."""
        confidence = self.confidence
        return confidence is not None and confidence < threshold and self.corrected is None


@dataclass(frozen=True)
class Tally:
    """Counts of a drop; `total` is the sum of `decided`, `unsure` and `failed`.

    Attributes:
        by_class: Photos of each class at or above the threshold, in class order.
    """

    by_class: tuple[int, ...]
    unsure: int
    failed: int

    @property
    def decided(self) -> int:
        return sum(self.by_class)

    @property
    def total(self) -> int:
        return self.decided + self.unsure + self.failed


def tally(predictions: Iterable[Prediction], class_count: int, threshold: float) -> Tally:
    """Counts predictions by class, unsure and failed."""
    by_class = [0] * class_count
    unsure = failed = 0
    for prediction in predictions:
        if prediction.label is None:
            failed += 1
        elif prediction.is_unsure(threshold):
            unsure += 1
        else:
            by_class[prediction.label] += 1
    return Tally(tuple(by_class), unsure, failed)
