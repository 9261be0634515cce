"""The verdicts of all drops in growing arrays: 100,000 are counted, filtered and sorted in milliseconds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.classify.predictions import Prediction, Tally
from scene_desktop.ui.results.name_order import NameOrder, Rows

UNREADABLE = -1
WAITING = -2
NOT_CORRECTED = -1


class Shown(IntEnum):
    """Which photos are shown; a number from 0 means the class with this index."""

    ALL = -1
    UNSURE = -2
    UNREADABLE = -3
    CORRECTED = -4


class Column(IntEnum):
    """The columns of the table."""

    PHOTO = 0
    CLASS = 1
    CONFIDENCE = 2
    RUNNERS_UP = 3


@dataclass(frozen=True)
class Filter:
    """Which photos are shown; all conditions hold together.

    Attributes:
        shown: A class index, or one of `Shown`.
        low: Least confidence, 0 to 1.
        high: Greatest confidence, 0 to 1; while `low` and `high` leave anything out, photos without scores
            are left out too.
        text: A part of the file name, in any case; empty lets every name through.
    """

    shown: int = Shown.ALL
    low: float = 0.0
    high: float = 1.0
    text: str = ""

    @property
    def narrows_confidence(self) -> bool:
        return self.low > 0.0 or self.high < 1.0

    @property
    def lets_waiting_through(self) -> bool:
        """Whether photos without a verdict are shown, as far as their name fits."""
        return self.shown == Shown.ALL and not self.narrows_confidence

    @property
    def is_open(self) -> bool:
        return self == Filter()


class Verdicts:
    """Paths, scores and errors by row; rows are only added at the end.

    Attributes:
        best: int32 `(rows,)`, index of the best class, or `UNREADABLE` or `WAITING`.
        confidence: float64 `(rows,)`, the best score, 0 to 1; 0 where there are no scores.
        second: float32 `(rows,)`, the second best score.
        scores: float32 `(rows, classes)`.
        corrected: int16 `(rows,)`, index of the class that a person said, or `NOT_CORRECTED`.
    """

    def __init__(self, classes: Sequence[str] = ()) -> None:
        self.classes = tuple(classes)
        self.paths: list[str] = []
        self.errors: dict[int, str] = {}
        self._allocate(256)
        self._names = NameOrder(self.paths)

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

    @property
    def corrected(self) -> NDArray[np.int16]:
        return self._corrected[: len(self.paths)]

    @property
    def labels(self) -> NDArray[np.int32]:
        """int32 `(rows,)`, the class that holds: what a person said, otherwise `best`."""
        return np.where(self.corrected >= 0, self.corrected, self.best).astype(np.int32, copy=False)

    def label(self, row: int) -> int:
        """The class of one row that holds; negative as `best` where there is none."""
        corrected = int(self._corrected[row])
        return int(self._best[row]) if corrected == NOT_CORRECTED else corrected

    def append(self, paths: Sequence[str]) -> None:
        """Adds photos that wait for their verdict."""
        first = len(self.paths)
        self.paths.extend(paths)
        self._names.append(paths)
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
            elif prediction.corrected is not None:
                self._corrected[row] = prediction.corrected
        return rows

    def correct(self, rows: Sequence[int] | Rows, label: int | None) -> Rows:
        """Says the class of photos, None takes it back; returns the rows that changed.

        Photos that wait or could not be read have no class to correct and are passed over.
        """
        at = np.asarray(rows, dtype=np.int64)
        value = NOT_CORRECTED if label is None else label
        changed: Rows = at[(self._best[at] >= 0) & (self._corrected[at] != value)]
        self._corrected[changed] = value
        return changed

    def move(self, places: Mapping[str, str]) -> Rows:
        """Photos that lie elsewhere now, old path to new; returns their rows."""
        moved = [row for row, path in enumerate(self.paths) if path in places]
        for row in moved:
            self.paths[row] = places[self.paths[row]]
        if moved:
            self._names = NameOrder(self.paths)
        return np.array(moved, dtype=np.int64)

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
            self._corrected[:count] = self._corrected[keep]
            self._best[count:] = WAITING
            self._confidence[count:] = 0.0
            self._corrected[count:] = NOT_CORRECTED
            self._names = NameOrder(self.paths)
        return gone

    def prediction(self, row: int) -> Prediction | None:
        """The verdict of a row, None while it waits."""
        if self._best[row] == WAITING:
            return None
        if self._best[row] == UNREADABLE:
            return Prediction(row, self.paths[row], error=self.errors[row])
        corrected = int(self._corrected[row])
        return Prediction(
            row,
            self.paths[row],
            scores=self._scores[row].copy(),
            corrected=None if corrected == NOT_CORRECTED else corrected,
        )

    def predictions(self, rows: Sequence[int] | None = None) -> list[Prediction]:
        """The verdicts of `rows`, None for all, in their order; takes a while for many."""
        found = (self.prediction(row) for row in (range(len(self)) if rows is None else rows))
        return [prediction for prediction in found if prediction is not None]

    def copy(self) -> "Verdicts":
        """What is known now; later verdicts do not reach it."""
        made = Verdicts(self.classes)
        made.paths, made.errors = self.paths.copy(), self.errors.copy()
        made._best, made._confidence = self._best.copy(), self._confidence.copy()
        made._second, made._scores = self._second.copy(), self._scores.copy()
        made._corrected = self._corrected.copy()
        made._names = self._names.copy()
        return made

    def tally(self, threshold: float) -> Tally:
        """The same as `core.predictions.tally` over all verdicts."""
        labels, unsure = self.labels, self._unsure(slice(len(self.paths)), threshold)
        counts = np.bincount(labels[(labels >= 0) & ~unsure], minlength=len(self.classes))
        return Tally(tuple(counts.tolist()), int(unsure.sum()), int((self.best == UNREADABLE).sum()))

    def unsure_rows(self, threshold: float) -> Rows:
        """Rows below the threshold whose class nobody has said, least sure first."""
        rows = np.flatnonzero(self._unsure(slice(len(self.paths)), threshold))
        return rows[np.argsort(self._confidence[rows], kind="stable")]

    def among(self, rows: Rows, wanted: Filter, threshold: float) -> Rows:
        """Those of `rows` that a filter lets through, in the same order."""
        if wanted.text:
            rows = self._names.containing(wanted.text, rows)
        if wanted.narrows_confidence:
            sure = self._confidence[rows]
            rows = rows[(self._best[rows] >= 0) & (sure >= wanted.low) & (sure <= wanted.high)]
        fits: NDArray[np.bool_]
        match wanted.shown:
            case Shown.ALL:
                return rows
            case Shown.UNREADABLE:
                fits = self._best[rows] == UNREADABLE
            case Shown.CORRECTED:
                fits = self._corrected[rows] >= 0
            case Shown.UNSURE:
                fits = self._unsure(rows, threshold)
            case label:
                fits = (self.labels[rows] == label) & ~self._unsure(rows, threshold)
        found: Rows = rows[fits]
        return found

    def sorted(self, rows: Rows, column: int, descending: bool) -> Rows:
        """`rows` in the order of a column; photos without scores always come last."""
        late = -np.minimum(self._best[rows], 0)
        if column == Column.PHOTO:
            order = np.argsort(self._names.ranks()[rows], kind="stable")
            return rows[order[::-1] if descending else order]
        if column == Column.CLASS:
            ranks = np.argsort(np.argsort([name.casefold() for name in self.classes] or [""]))
            keys = ranks[np.maximum(self.labels[rows], 0)].astype(np.float64)
            return rows[np.lexsort((-self._confidence[rows], -keys if descending else keys, late))]
        keys = self._confidence[rows] if column == Column.CONFIDENCE else self._second[rows].astype(np.float64)
        return rows[np.lexsort((-keys if descending else keys, late))]

    def _unsure(self, rows: Rows | slice, threshold: float) -> NDArray[np.bool_]:
        unsure: NDArray[np.bool_] = (
            (self._best[rows] >= 0) & (self._confidence[rows] < threshold) & (self._corrected[rows] < 0)
        )
        return unsure

    def _allocate(self, capacity: int, keep: int = 0) -> None:
        def grown(name: str, shape: tuple[int, ...], dtype: type[np.generic], fill: float) -> None:
            new = np.full(shape, fill, dtype=dtype)
            if keep:
                new[:keep] = getattr(self, name)[:keep]
            setattr(self, name, new)

        self._best: NDArray[np.int32]
        self._confidence: NDArray[np.float64]
        self._second: NDArray[np.float32]
        self._scores: NDArray[np.float32]
        self._corrected: NDArray[np.int16]
        grown("_best", (capacity,), np.int32, WAITING)
        grown("_confidence", (capacity,), np.float64, 0.0)
        grown("_second", (capacity,), np.float32, 0.0)
        grown("_corrected", (capacity,), np.int16, NOT_CORRECTED)
        grown("_scores", (capacity, len(self.classes)), np.float32, 0.0)
