"""The table model of the classify page: a permutation of the rows of `Verdicts`."""

import time
from collections.abc import Iterable, Sequence
from enum import IntEnum

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer

from scene_desktop.core.predictions import DEFAULT_THRESHOLD, Prediction, Tally, harmless_cell
from scene_desktop.ui import words
from scene_desktop.ui.verdicts import UNREADABLE, WAITING, Column, Rows, Shown, Verdicts

Index = QModelIndex | QPersistentModelIndex

RUNNERS_UP = 2
SORT_AGAIN_MS = 400


class Role(IntEnum):
    """What the delegates ask for, beside the texts."""

    PATH = Qt.ItemDataRole.UserRole + 1
    STATE = Qt.ItemDataRole.UserRole + 2
    CONFIDENCE = Qt.ItemDataRole.UserRole + 3
    ERROR = Qt.ItemDataRole.UserRole + 4


class State(IntEnum):
    """How far the verdict on a photo is."""

    WAITING = 0
    DECIDED = 1
    UNSURE = 2
    UNREADABLE = 3


class PredictionTable(QAbstractTableModel):
    """Rows come in chunks; filtering and sorting permute indices and copy nothing.

    While verdicts stream in, new rows appear at the end and the sort is repeated now and then.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.verdicts = Verdicts()
        self._order: Rows = np.empty(0, dtype=np.int64)
        self._offset = 0
        self._shown: int = Shown.ALL
        self._threshold = DEFAULT_THRESHOLD
        self._sort: tuple[int, bool] | None = None
        self._sort_timer = QTimer(self)
        self._sort_timer.setSingleShot(True)
        self._sort_timer.timeout.connect(self._sort_again)
        self._sort_cost_ms = 0.0

    # Facts

    def begin_drop(self, classes: Sequence[str]) -> None:
        """From here on, indices of photos count from the end of what is there."""
        if tuple(classes) != self.verdicts.classes:
            self.clear(classes)
        self._offset = len(self.verdicts)

    def clear(self, classes: Sequence[str] = ()) -> None:
        self.beginResetModel()
        self.verdicts = Verdicts(classes)
        self._order = np.empty(0, dtype=np.int64)
        self._offset = 0
        self._shown = Shown.ALL
        self.endResetModel()

    def add_photos(self, paths: Sequence[str]) -> None:
        """Photos found; they wait for their verdict and are visible only while nothing is filtered."""
        first = len(self.verdicts)
        self.verdicts.append(paths)
        if self._shown == Shown.ALL:
            self._show_more(np.arange(first, len(self.verdicts), dtype=np.int64))

    def add_verdicts(self, predictions: Iterable[Prediction]) -> None:
        """Verdicts on photos that were found before."""
        rows = self.verdicts.put(self._offset, predictions)
        if self._shown == Shown.ALL:
            self._rows_changed(rows)
            self._sort_soon()
        else:
            self._show_more(np.sort(self.verdicts.among(rows, self._shown, self._threshold)))

    def drop_waiting(self) -> int:
        """Removes the photos that got no verdict because the drop was stopped; returns how many."""
        if not (self.verdicts.best == WAITING).any():
            return 0
        self.beginResetModel()
        gone = self.verdicts.drop_waiting()
        self._order = self._compute_order()
        self.endResetModel()
        return gone

    # What is shown

    @property
    def shown(self) -> int:
        return self._shown

    @property
    def threshold(self) -> float:
        return self._threshold

    def show_only(self, shown: int) -> None:
        """Filters: a class index, or one of `Shown`."""
        if shown != self._shown:
            self._shown = shown
            self._renew()

    def set_threshold(self, threshold: float) -> None:
        """Photos whose best score is lower are unsure."""
        if threshold == self._threshold:
            return
        self._threshold = threshold
        if self._shown in (Shown.ALL, Shown.UNREADABLE):
            if len(self._order):
                self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, Column.RUNNERS_UP))
        else:
            self._renew()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort = None if column < 0 else (column, order == Qt.SortOrder.DescendingOrder)
        self._permute()

    def tally(self) -> Tally:
        return self.verdicts.tally(self._threshold)

    def source_row(self, view_row: int) -> int:
        """Row of `verdicts` behind a row of the view."""
        return int(self._order[view_row])

    def view_row(self, source_row: int) -> int | None:
        """The other way round; None if the row is filtered out."""
        found = np.flatnonzero(self._order == source_row)
        return int(found[0]) if len(found) else None

    def state_of(self, source_row: int) -> State:
        best = self.verdicts.best[source_row]
        if best == WAITING:
            return State.WAITING
        if best == UNREADABLE:
            return State.UNREADABLE
        return State.UNSURE if self.verdicts.confidence[source_row] < self._threshold else State.DECIDED

    def copied(self, view_rows: Sequence[int]) -> str:
        """Rows as a table for the clipboard: tab-separated, safe for spreadsheets."""
        lines = [self.tr("Path\tClass\tConfidence\tUnsure\tError")]
        verdicts = self.verdicts
        names = [harmless_cell(words.shown(name)) for name in verdicts.classes]
        rows = self._order[list(view_rows)]
        columns = (rows, verdicts.best[rows], verdicts.confidence[rows])
        for row, best, confidence in zip(*(column.tolist() for column in columns), strict=True):
            path = harmless_cell(words.shown(verdicts.paths[row]))
            if best >= 0:
                unsure = "yes" if confidence < self._threshold else "no"
                lines.append(f"{path}\t{names[best]}\t{confidence:.6f}\t{unsure}\t")
            else:
                lines.append(f"{path}\t\t\t\t{harmless_cell(words.shown(verdicts.errors.get(row, '')))}")
        return "\n".join(lines) + "\n"

    # Qt's view of it

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Photo"), self.tr("Class"), self.tr("Confidence"), self.tr("Runners-up"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = int(self._order[index.row()])
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == Role.PATH:
            return self.verdicts.paths[row]
        if role == Role.STATE:
            return int(self.state_of(row))
        if role == Role.CONFIDENCE:
            return float(self.verdicts.confidence[row])
        if role == Role.ERROR:
            return words.shown(self.verdicts.errors.get(row, ""))
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tooltip(self.verdicts.errors.get(row) or self.verdicts.paths[row])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (self._text(row, column) for column in Column)))
        return None

    def _text(self, row: int, column: int) -> str:
        if column == Column.PHOTO:
            return words.name_of(self.verdicts.paths[row])
        state = self.state_of(row)
        if state is State.WAITING:
            return self.tr("Waiting …") if column == Column.CLASS else ""
        if state is State.UNREADABLE:
            if column == Column.CLASS:
                return self.tr("Could not read")
            return words.shown(self.verdicts.errors[row]) if column == Column.RUNNERS_UP else ""
        if column == Column.CLASS:
            name = words.shown(self.verdicts.classes[self.verdicts.best[row]])
            return self.tr("Unsure: {name}?").format(name=name) if state is State.UNSURE else name
        if column == Column.CONFIDENCE:
            return words.percent(float(self.verdicts.confidence[row]))
        return self._runners_up(row)

    def _runners_up(self, row: int) -> str:
        scores = self.verdicts.scores[row]
        following = np.argsort(-scores, kind="stable")[1 : 1 + RUNNERS_UP]
        return "   ".join(
            f"{words.shown(self.verdicts.classes[i])} {words.percent(float(scores[i]))}" for i in following
        )

    # Order

    def _show_more(self, rows: Rows) -> None:
        if len(rows) == 0:
            return
        first = len(self._order)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self._order = np.concatenate((self._order, rows))
        self.endInsertRows()
        self._sort_soon()

    def _rows_changed(self, rows: Rows) -> None:
        if len(rows) == 0 or len(self._order) == 0:
            return
        places = rows if self._sort is None else np.flatnonzero(np.isin(self._order, rows))
        if len(places):
            first, last = int(places.min()), int(places.max())
            self.dataChanged.emit(self.index(first, 0), self.index(last, Column.RUNNERS_UP))

    def _compute_order(self) -> Rows:
        rows = np.arange(len(self.verdicts), dtype=np.int64)
        rows = self.verdicts.among(rows, self._shown, self._threshold)
        if self._sort is None:
            return rows
        return self.verdicts.sorted(rows, *self._sort)

    def _renew(self) -> None:
        self.beginResetModel()
        self._order = self._compute_order()
        self.endResetModel()

    def _sort_soon(self) -> None:
        """Sorts again after a while; the longer it takes, the more rarely, so that it costs a tenth at most."""
        if self._sort is not None and not self._sort_timer.isActive():
            self._sort_timer.start(max(SORT_AGAIN_MS, int(10 * self._sort_cost_ms)))

    def _sort_again(self) -> None:
        started = time.perf_counter()
        self._permute()
        self._sort_cost_ms = (time.perf_counter() - started) * 1000

    def _permute(self) -> None:
        """Changes the order of the rows that are shown; selection and current row stay with their photos."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        sources = [int(self._order[index.row()]) for index in before]
        self._order = (
            np.sort(self._order)
            if self._sort is None
            else self.verdicts.sorted(np.sort(self._order), *self._sort)
        )
        if before:
            places = np.empty(len(self.verdicts), dtype=np.int64)
            places[self._order] = np.arange(len(self._order))
            after = [
                self.index(int(places[source]), index.column())
                for source, index in zip(sources, before, strict=True)
            ]
            self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
