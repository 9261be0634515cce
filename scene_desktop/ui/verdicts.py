"""The verdicts of all drops in growing arrays: 100,000 are counted, filtered and sorted in milliseconds."""

import os
from collections.abc import Iterable, Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.predictions import Prediction, Tally

Rows = NDArray[np.int64]

UNREADABLE = -1
WAITING = -2


class Shown(IntEnum):
    """Which photos are shown; a number from 0 means the class with this index."""

    ALL = -1
    UNSURE = -2
    UNREADABLE = -3


class Column(IntEnum):
    """The columns of the table."""

    PHOTO = 0
    CLASS = 1
    CONFIDENCE = 2
    RUNNERS_UP = 3


class Verdicts:
    """Paths, scores and errors by row; rows are only added at the end.

    Attributes:
        best: int32 `(rows,)`, index of the best class, or `UNREADABLE` or `WAITING`.
        confidence: float64 `(rows,)`, the best score, 0 to 1; 0 where there are no scores.
        second: float32 `(rows,)`, the second best score.
        scores: float32 `(rows, classes)`.
    """

    def __init__(self, classes: Sequence[str] = ()) -> None:
        self.classes = tuple(classes)
        self.paths: list[str] = []
        self.errors: dict[int, str] = {}
        self._allocate(256)
        self._names: Rows | None = None

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def best(self) -> NDArray[np.int32]:
        return self._best[: len(self.paths)]

    @property
    def confidence(self) -> NDArray[np.float64]:
        return self._confidence[: len(self.paths)]

    @property
    def second(self) -> NDArray[np.float32]:
        return self._second[: len(self.paths)]

    @property
    def scores(self) -> NDArray[np.float32]:
        return self._scores[: len(self.paths)]

    def append(self, paths: Sequence[str]) -> None:
        """Adds photos that wait for their verdict."""
        first = len(self.paths)
        self.paths.extend(paths)
        self._names = None
        if len(self.paths) > len(self._best):
            self._allocate(max(len(self.paths), 2 * len(self._best)), keep=first)

    def put(self, offset: int, predictions: Iterable[Prediction]) -> Rows:
        """Writes verdicts whose indices count from the row `offset`; returns their rows."""
        found = list(predictions)
        rows = np.array([offset + prediction.index for prediction in found], dtype=np.int64)
        read = [(row, p.scores) for row, p in zip(rows.tolist(), found, strict=True) if p.scores is not None]
        if read:
            at = np.array([row for row, _ in read], dtype=np.int64)
            scores = np.stack([scores for _, scores in read]).astype(np.float32, copy=False)
            self._scores[at] = scores
            self._best[at] = scores.argmax(axis=1)
            self._confidence[at] = scores.max(axis=1)
            if scores.shape[1] > 1:
                self._second[at] = np.partition(scores, -2, axis=1)[:, -2]
        for row, prediction in zip(rows.tolist(), found, strict=True):
            if prediction.scores is None:
                self._best[row] = UNREADABLE
                self.errors[row] = prediction.error or ""
        return rows

    def drop_waiting(self) -> int:
        """Removes the photos without a verdict, after a stop; returns how many."""
        keep = np.flatnonzero(self.best != WAITING)
        gone = len(self.paths) - len(keep)
        if gone:
            places = {int(old): new for new, old in enumerate(keep)}
            self.paths = [self.paths[row] for row in keep]
            self.errors = {places[row]: text for row, text in self.errors.items()}
            count = len(keep)
            self._best[:count], self._confidence[:count] = self._best[keep], self._confidence[keep]
            self._second[:count], self._scores[:count] = self._second[keep], self._scores[keep]
            self._best[count:] = WAITING
            self._confidence[count:] = 0.0
            self._names = None
        return gone

    def prediction(self, row: int) -> Prediction | None:
        """The verdict of a row, None while it waits."""
        if self._best[row] == WAITING:
            return None
        if self._best[row] == UNREADABLE:
            return Prediction(row, self.paths[row], error=self.errors[row])
        return Prediction(row, self.paths[row], scores=self._scores[row].copy())

    def predictions(self) -> list[Prediction]:
        """All verdicts in the order of their rows; takes a while for many."""
        found = (self.prediction(row) for row in range(len(self)))
        return [prediction for prediction in found if prediction is not None]

    def copy(self) -> "Verdicts":
        """What is known now; later verdicts do not reach it."""
        made = Verdicts(self.classes)
        made.paths, made.errors = self.paths.copy(), self.errors.copy()
        made._best, made._confidence = self._best.copy(), self._confidence.copy()
        made._second, made._scores = self._second.copy(), self._scores.copy()
        return made

    def tally(self, threshold: float) -> Tally:
        """The same as `core.predictions.tally` over all verdicts."""
        best = self.best
        unsure = (best >= 0) & (self.confidence < threshold)
        counts = np.bincount(best[(best >= 0) & ~unsure], minlength=len(self.classes))
        return Tally(tuple(counts.tolist()), int(unsure.sum()), int((best == UNREADABLE).sum()))

    def among(self, rows: Rows, shown: int, threshold: float) -> Rows:
        """Those of `rows` that a filter lets through, in the same order."""
        if shown == Shown.ALL:
            return rows
        best = self._best[rows]
        if shown == Shown.UNREADABLE:
            return rows[best == UNREADABLE]
        unsure = self._confidence[rows] < threshold
        if shown == Shown.UNSURE:
            return rows[(best >= 0) & unsure]
        return rows[(best == shown) & ~unsure]

    def sorted(self, rows: Rows, column: int, descending: bool) -> Rows:
        """`rows` in the order of a column; photos without scores always come last."""
        late = -np.minimum(self._best[rows], 0)
        if column == Column.PHOTO:
            order = np.argsort(self._name_ranks()[rows], kind="stable")
            return rows[order[::-1] if descending else order]
        if column == Column.CLASS:
            ranks = np.argsort(np.argsort([name.casefold() for name in self.classes] or [""]))
            keys = ranks[np.maximum(self._best[rows], 0)].astype(np.float64)
            return rows[np.lexsort((-self._confidence[rows], -keys if descending else keys, late))]
        keys = self._confidence[rows] if column == Column.CONFIDENCE else self._second[rows].astype(np.float64)
        return rows[np.lexsort((-keys if descending else keys, late))]

    def _name_ranks(self) -> Rows:
        if self._names is None:
            names = [os.path.basename(path).casefold() for path in self.paths]
            order = sorted(range(len(names)), key=names.__getitem__)
            self._names = np.empty(len(names), dtype=np.int64)
            self._names[order] = np.arange(len(names))
        return self._names

    def _allocate(self, capacity: int, keep: int = 0) -> None:
        def grown(name: str, shape: tuple[int, ...], dtype: type, fill: float) -> None:
            new = np.full(shape, fill, dtype=dtype)
            if keep:
                new[:keep] = getattr(self, name)[:keep]
            setattr(self, name, new)

        self._best: NDArray[np.int32]
        self._confidence: NDArray[np.float64]
        self._second: NDArray[np.float32]
        self._scores: NDArray[np.float32]
        grown("_best", (capacity,), np.int32, WAITING)
        grown("_confidence", (capacity,), np.float64, 0.0)
        grown("_second", (capacity,), np.float32, 0.0)
        grown("_scores", (capacity, len(self.classes)), np.float32, 0.0)
