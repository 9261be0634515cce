"""A value chosen by what others of the same photos say, which is all that a peer may know when it chooses."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

FOLDS = 4

Features = NDArray[np.float32]
Labels = NDArray[np.int64]


class Rows(NamedTuple):
    """What a peer learns from: photos and their mirror images as rows, all columns standardised.

    Attributes:
        features: float32 `(2 × photos, columns)`, with mean 0 and variance 1 in each column.
        labels: int64 `(2 × photos,)`.
        other: float32 `(others, columns)`, photos to give scores for, shifted and scaled in the same way.
    """

    features: Features
    labels: Labels
    other: Features


def rows(both_sides: NDArray[np.float32], labels: Labels, other: Features) -> Rows:
    """Makes rows of features.

    Args:
        both_sides: float32 `(photos, 2, columns)`: of each photo, and of its mirror image.
        other: float32 `(others, columns)`.
    """
    flat = both_sides.reshape(-1, both_sides.shape[-1])
    scaler = StandardScaler().fit(flat)
    return Rows(scaler.transform(flat), np.repeat(labels, 2), scaler.transform(other))


class Fold(NamedTuple):
    """Rows of three quarters of the photos; `rows.other` are those held out, without mirror images."""

    rows: Rows
    held_out: Labels


def folds(both_sides: NDArray[np.float32], labels: Labels, seed: int) -> Iterator[Fold]:
    """Four folds with the same share of each class; fewer if the smallest class has fewer photos."""
    smallest = int(np.bincount(labels).min())
    splitter = StratifiedKFold(max(2, min(FOLDS, smallest)), shuffle=True, random_state=seed)
    for learned, held in splitter.split(labels, labels):
        yield Fold(rows(both_sides[learned], labels[learned], both_sides[held, 0]), labels[held])
