"""The simplest peer: the class whose mean is nearest, with a temperature chosen by cross-validation."""

import warnings

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics.pairwise import euclidean_distances
from sklearn.neighbors import NearestCentroid

from development.panel.cross_validation import Features, Labels, Rows, folds, rows
from scene_desktop.core.models import metrics

TEMPERATURES = tuple(float(temperature) for temperature in np.geomspace(1, 1e5, 51))


def scores(both_sides: NDArray[np.float32], labels: Labels, other: Features, seed: int) -> NDArray[np.float32]:
    """Learns from photos and their mirror images, and gives scores for other photos.

    The scores are the softmax of the negative squared distances, divided by the temperature with the lowest
    crossentropy over photos held out.

    Args:
        both_sides: float32 `(photos, 2, columns)`: of each photo, and of its mirror image.
        other: float32 `(others, columns)`.
        seed: Of the folds.

    Returns:
        float32 `(others, classes)`.
    """
    all_folds = list(folds(both_sides, labels, seed))
    apart = np.concatenate([_squared_distances(fold.rows) for fold in all_folds])
    truth = np.concatenate([fold.held_out for fold in all_folds])
    losses = [metrics.crossentropy(softmax(-apart / temperature), truth) for temperature in TEMPERATURES]
    temperature = TEMPERATURES[int(np.argmin(losses))]
    return softmax(-_squared_distances(rows(both_sides, labels, other)) / temperature)


def _squared_distances(learned: Rows) -> NDArray[np.float64]:
    """From each of the other photos to each class, float64 `(others, classes)`."""
    # It also computes deviations, which are not used, and complains about those of features that are always 0.
    with warnings.catch_warnings(action="ignore"):
        centroids = NearestCentroid().fit(learned.features, learned.labels).centroids_
    distances: NDArray[np.float64] = euclidean_distances(learned.other, centroids, squared=True)
    return distances.astype(np.float64)


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float32]:
    """Row by row."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: NDArray[np.float32] = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
