"""Photos whose label is doubted by a model that did not learn from them.

Five times, a linear model learns four fifths of the features in closed form (ridge regression, each class
counting the same) and scores the rest (out-of-fold scores, as in confident learning: Northcutt et al., 2021,
https://arxiv.org/abs/1911.00068). The scores are turned into probabilities by one temperature.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FOLDS = 5
DOUBT = 0.8
"""From this probability on that another class is right, a photo is listed."""

_RIDGE = 0.02
_TEMPERATURES = np.geomspace(0.02, 1.0, 60)

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]


class Suspect(NamedTuple):
    """A photo by index, the class it looks like, and how surely its label is wrong, 0 to 1."""

    photo: int
    suggested: int
    doubt: float


def label_suspects(
    features: NDArray[np.float16], labels: Labels, folds: NDArray[np.int64], learned: NDArray[np.bool_]
) -> list[Suspect]:
    """Photos that are probably labelled wrong, the surest first.

    Args:
        features: float16 `(N, width)`.
        labels: int64 `(N,)`, every class from 0 on.
        folds: int64 `(N,)`, below `FOLDS`; equal for photos with equal content.
        learned: Which photos the models may learn from; the others are only scored.
    """
    if not learned.any():
        return []
    scores = _out_of_fold_scores(features, labels, folds, learned)
    probabilities = _probabilities(scores, labels)
    rows = np.arange(len(labels))
    suggested = probabilities.argmax(axis=1)
    doubt = 1 - probabilities[rows, labels]
    listed = np.flatnonzero((suggested != labels) & (doubt >= DOUBT))
    ranked = listed[np.argsort(-doubt[listed], kind="stable")]
    return [Suspect(int(row), int(suggested[row]), float(doubt[row])) for row in ranked]


def _out_of_fold_scores(
    features: NDArray[np.float16], labels: Labels, folds: NDArray[np.int64], learned: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """About 1 for the class a photo looks like and 0 for the others, float64 `(N, classes)`."""
    classes = int(labels.max()) + 1
    mean, scale = _spread(features)
    width = features.shape[1] + 1
    counts = np.bincount(labels[learned], minlength=classes)
    weights = learned / np.maximum(counts, 1)[labels] * learned.sum() / classes
    truth = np.eye(classes)[labels]

    def rows_of(chosen: NDArray[np.bool_]) -> Floats:
        rows = (features[chosen].astype(np.float32) - mean) / scale
        return np.concatenate([rows, np.ones((len(rows), 1), np.float32)], axis=1)

    squares, products = np.zeros((FOLDS, width, width)), np.zeros((FOLDS, width, classes))
    for fold in range(FOLDS):
        rows, weight = rows_of(folds == fold), weights[folds == fold]
        weighted = rows * weight[:, None].astype(np.float32)
        squares[fold], products[fold] = weighted.T @ rows, weighted.T @ truth[folds == fold]
    scores = np.zeros((len(labels), classes))
    for fold in range(FOLDS):
        if not (folds == fold).any():
            continue
        square = squares.sum(axis=0) - squares[fold]
        ridge = _RIDGE * np.trace(square) / width + 1e-9
        solution = np.linalg.solve(square + ridge * np.eye(width), products.sum(axis=0) - products[fold])
        scores[folds == fold] = rows_of(folds == fold) @ solution
    return scores


def _spread(features: NDArray[np.float16]) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each feature, without a float32 copy of everything."""
    total, squares = np.zeros(features.shape[1]), np.zeros(features.shape[1])
    for start in range(0, len(features), 2000):
        part = features[start : start + 2000].astype(np.float64)
        total, squares = total + part.sum(axis=0), squares + (part**2).sum(axis=0)
    mean = total / len(features)
    deviation = np.sqrt(np.maximum(squares / len(features) - mean**2, 0))
    return mean.astype(np.float32), np.maximum(deviation, 1e-3).astype(np.float32)


def _probabilities(scores: NDArray[np.float64], labels: Labels) -> NDArray[np.float64]:
    """Softmax at the temperature with the lowest crossentropy of the labels as they are."""

    def at(temperature: float) -> NDArray[np.float64]:
        powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
        result: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
        return result

    rows = np.arange(len(labels))
    losses = [-np.log(np.maximum(at(t)[rows, labels], 1e-12)).mean() for t in _TEMPERATURES]
    return at(float(_TEMPERATURES[int(np.argmin(losses))]))
