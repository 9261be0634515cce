"""Multinomial logistic regression on standardised features, with a penalty on the squares of the weights.

The loss is the mean categorical crossentropy of the rows plus `strength / 2` times the sum of the squared
weights; the bias is free. Where there are fewer rows than features, the rows are turned into the space that
they span, which changes neither loss nor penalty and makes the problem as small as the data (Hastie and
Tibshirani, 2004, doi:10.1093/biostatistics/kxh010).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.heads.lbfgs import Vector, minimise

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

_CONSTANT = 1e-4
"""A feature that varies less carries nothing."""
_SPANNED = 1e-7
_CHUNK = 8192


@dataclass(frozen=True)
class Head:
    """A linear head on the features as they come from the network.

    Attributes:
        kernel: float32 `(features, classes)`.
        bias: float32 `(classes,)`.
    """

    kernel: Floats
    bias: Floats

    def logits(self, features: NDArray[np.floating]) -> NDArray[np.float64]:
        """float64 `(N, classes)`."""
        return (features.astype(np.float32) @ self.kernel + self.bias).astype(np.float64)


class Regression:
    """The problem of some rows, ready to be solved with any strength.

    Args:
        rows: float16 or float32 `(N, features)`.
        labels: int64 `(N,)`.
        classes: How many there are.
        weights: What each row counts, float `(N,)`; None for all the same.
    """

    def __init__(
        self,
        rows: NDArray[np.floating],
        labels: Labels,
        classes: int,
        weights: NDArray[np.floating] | None = None,
    ) -> None:
        self._mean, self._scale = _spread(rows)
        standard = self._standardised(rows)
        self._turn: Floats | None = None
        if len(rows) < rows.shape[1]:
            self._turn = _spanned(standard)
            standard = standard @ self._turn
        self._rows = standard
        self._classes = classes
        shares = np.ones(len(rows)) if weights is None else weights
        self._shares = (shares / shares.sum()).astype(np.float32)[:, None]
        self._truth = np.eye(classes, dtype=np.float32)[labels]
        self._labels = labels

    def solve(self, strength: float, start: Vector | None = None) -> Iterator[Vector]:
        """Yields the solution after each iteration; `start` is one for another strength."""
        beginning = self.nothing() if start is None else start
        return minimise(lambda point: self._loss(point, strength), beginning)

    def nothing(self) -> Vector:
        """The solution that knows nothing: all classes alike."""
        return np.zeros((self._rows.shape[1] + 1) * self._classes)

    def prepared(self, rows: NDArray[np.floating]) -> Floats:
        """Other rows as the regression sees them, for `logits`."""
        standard = self._standardised(rows)
        return standard if self._turn is None else standard @ self._turn

    def logits(self, solution: Vector, prepared: Floats) -> NDArray[np.float64]:
        """What a solution says of other rows, float64 `(N, classes)`."""
        weights = self._unpacked(solution)
        result: NDArray[np.float64] = (prepared @ weights[:-1] + weights[-1]).astype(np.float64)
        return result

    def figures(self, solution: Vector) -> tuple[float, float]:
        """Accuracy and mean crossentropy on the rows themselves."""
        weights = self._unpacked(solution)
        logits = self._rows @ weights[:-1] + weights[-1]
        right = float((logits.argmax(axis=1) == self._labels).mean())
        logits -= logits.max(axis=1, keepdims=True)
        nats = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(logits)), self._labels]
        return right, float(nats.mean(dtype=np.float64))

    def head(self, solution: Vector) -> Head:
        """A solution with standardisation and turning multiplied in."""
        weights = self._unpacked(solution)
        kernel = weights[:-1] if self._turn is None else self._turn @ weights[:-1]
        kernel = kernel / self._scale[:, None]
        bias = weights[-1].astype(np.float64) - self._mean.astype(np.float64) @ kernel.astype(np.float64)
        return Head(kernel.astype(np.float32), bias.astype(np.float32))

    def _unpacked(self, solution: Vector) -> Floats:
        return solution.reshape(-1, self._classes).astype(np.float32)

    def _loss(self, point: Vector, strength: float) -> tuple[float, Vector]:
        weights = self._unpacked(point)
        logits = self._rows @ weights[:-1]
        logits += weights[-1]
        logits -= logits.max(axis=1, keepdims=True)
        of_truth = (self._truth * logits).sum(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        sums = logits.sum(axis=1, keepdims=True)
        loss = float((self._shares * (np.log(sums) - of_truth)).sum(dtype=np.float64))
        logits /= sums
        logits -= self._truth
        logits *= self._shares
        free = np.zeros((len(weights), 1))
        free[:-1] = strength
        penalty = point.reshape(weights.shape) * free
        gradient = np.concatenate([self._rows.T @ logits, logits.sum(axis=0, keepdims=True)]) + penalty
        return loss + 0.5 * float((penalty * point.reshape(weights.shape)).sum()), gradient.ravel()

    def _standardised(self, rows: NDArray[np.floating]) -> Floats:
        result = np.empty(rows.shape, np.float32)
        for start in range(0, len(rows), _CHUNK):
            part = slice(start, start + _CHUNK)
            result[part] = (rows[part] - self._mean) / self._scale
        return result


def _spread(rows: NDArray[np.floating]) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each feature; 1 for the deviation of one that hardly varies."""
    total, squares = np.zeros(rows.shape[1]), np.zeros(rows.shape[1])
    for start in range(0, len(rows), _CHUNK):
        total += rows[start : start + _CHUNK].sum(axis=0, dtype=np.float64)
    mean = total / len(rows)
    for start in range(0, len(rows), _CHUNK):
        squares += np.square(rows[start : start + _CHUNK] - mean).sum(axis=0)
    scale = np.sqrt(squares / len(rows))
    scale[scale < _CONSTANT] = 1.0
    return mean.astype(np.float32), scale.astype(np.float32)


def _spanned(rows: Floats) -> Floats:
    """An orthonormal basis of the space of the rows, float32 `(features, dimensions)`."""
    values, vectors = np.linalg.eigh((rows @ rows.T).astype(np.float64))
    kept = values > values[-1] * _SPANNED
    if not kept.any():  # all rows are the same
        return np.zeros((rows.shape[1], 1), np.float32)
    basis: Floats = rows.T @ (vectors[:, kept] / np.sqrt(values[kept])).astype(np.float32)
    return basis
