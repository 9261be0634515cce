"""The table model of the classify page: a permutation of the rows of `Verdicts`."""

import time
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from scene_desktop.core.classify.predictions import DEFAULT_THRESHOLD, Prediction, Tally
from scene_desktop.ui import words
from scene_desktop.ui.results.name_order import Rows
from scene_desktop.ui.results.prediction_texts import RowLooks, State, cell, copied, heading, spoken, state_of
from scene_desktop.ui.results.verdicts import WAITING, Column, Filter, Shown, Verdicts

Index = QModelIndex | QPersistentModelIndex

SORT_AGAIN_MS = 400
_PIECES = 64
"""Rows that vanish in more pieces than this are not taken away one piece after the other."""


class Role(IntEnum):
    """What is asked for beside the texts; `LOOK` is a `RowLook`, all that the delegates need."""

    PATH = Qt.ItemDataRole.UserRole + 1
    LOOK = Qt.ItemDataRole.UserRole + 2
    CORRECTED = Qt.ItemDataRole.UserRole + 3


class PredictionTable(QAbstractTableModel):
    """Rows come in chunks; filtering and sorting permute indices and copy nothing.

    While verdicts stream in, new rows appear at the end and the sort is repeated now and then.
    `corrected` tells the rows of `verdicts` whose class was said, and the class, None if it was taken back;
    `photos_moved` tells old and new paths.
    """

    corrected = Signal(object, object)
    photos_moved = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.verdicts = Verdicts()
        self._order: Rows = np.empty(0, dtype=np.int64)
        self._offset = 0
        self._filter = Filter()
        self._looks = RowLooks()
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
        self._looks.clear()
        self.verdicts = Verdicts(classes)
        self._order = np.empty(0, dtype=np.int64)
        self._offset = 0
        self._filter = Filter()
        self.endResetModel()

    def add_photos(self, paths: Sequence[str]) -> None:
        """Photos found; they wait for their verdict and are visible unless a filter needs one."""
        first = len(self.verdicts)
        self.verdicts.append(paths)
        if self._filter.lets_waiting_through:
            rows = np.arange(first, len(self.verdicts), dtype=np.int64)
            self._show_more(self.verdicts.among(rows, self._filter, self._threshold))

    def add_verdicts(self, predictions: Iterable[Prediction]) -> None:
        """Verdicts on photos that were found before."""
        rows = self.verdicts.put(self._offset, predictions)
        self._looks.clear()
        if self._filter.lets_waiting_through:
            self._rows_changed(rows)
            self._sort_soon()
        else:
            self._show_more(np.sort(self.verdicts.among(rows, self._filter, self._threshold)))

    def correct(self, source_rows: Sequence[int] | Rows, label: int | None) -> None:
        """Says the class of photos, None takes it back; those that wait or cannot be read are passed over."""
        changed = self.verdicts.correct(source_rows, label)
        if len(changed):
            self._show_changes(changed)
            self.corrected.emit(changed.tolist(), label)

    def moved(self, places: Mapping[str, str]) -> None:
        """Photos lie elsewhere now: old path to new."""
        rows = self.verdicts.move(places)
        if len(rows):
            self._show_changes(rows)
            self.photos_moved.emit(dict(places))

    def drop_waiting(self) -> int:
        """Removes the photos that got no verdict because the drop was stopped; returns how many."""
        if not (self.verdicts.best == WAITING).any():
            return 0
        self.beginResetModel()
        gone = self.verdicts.drop_waiting()
        self._looks.clear()
        self._order = self._compute_order()
        self.endResetModel()
        return gone

    # What is shown

    @property
    def shown(self) -> int:
        return self._filter.shown

    @property
    def filter(self) -> Filter:
        return self._filter

    @property
    def threshold(self) -> float:
        return self._threshold

    def set_filter(self, wanted: Filter) -> None:
        """Shows only the photos that fit."""
        if wanted != self._filter:
            self._filter = wanted
            self._renew()

    def set_threshold(self, threshold: float) -> None:
        """Photos whose best score is lower are unsure."""
        if threshold == self._threshold:
            return
        self._threshold = threshold
        self._looks.clear()
        if self._filter.shown < 0 and self._filter.shown != Shown.UNSURE:
            if len(self._order):
                self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, Column.RUNNERS_UP))
        else:
            self._renew()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sort = None if column < 0 else (column, order == Qt.SortOrder.DescendingOrder)
        self._permute()

    def tally(self) -> Tally:
        return self.verdicts.tally(self._threshold)

    def review_rows(self) -> Rows:
        """Rows of `verdicts` that are unsure and that nobody has decided, least sure first."""
        return self.verdicts.unsure_rows(self._threshold)

    def source_row(self, view_row: int) -> int:
        """Row of `verdicts` behind a row of the view."""
        return int(self._order[view_row])

    def source_rows(self, view_rows: Sequence[int]) -> Rows:
        """The same for many rows of the view."""
        return self._order[np.asarray(view_rows, dtype=np.int64)]

    def view_row(self, source_row: int) -> int | None:
        """The other way round; None if the row is filtered out."""
        found = np.flatnonzero(self._order == source_row)
        return int(found[0]) if len(found) else None

    def state_of(self, source_row: int) -> State:
        return state_of(self.verdicts, source_row, self._threshold)

    def copied(self, view_rows: Sequence[int]) -> str:
        """Rows as a table for the clipboard: tab-separated, safe for spreadsheets."""
        return copied(self.verdicts, self._order[list(view_rows)], self._threshold)

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
            return heading(section)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = int(self._order[index.row()])
        if role == Qt.ItemDataRole.DisplayRole:
            return cell(self.verdicts, row, index.column(), self._threshold)
        if role == Role.PATH:
            return self.verdicts.paths[row]
        if role == Role.LOOK:
            return self._looks.of(self.verdicts, row, self._threshold)
        if role == Role.CORRECTED:
            return bool(self.verdicts.corrected[row] >= 0)
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tooltip(self.verdicts.errors.get(row) or self.verdicts.paths[row])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(self.verdicts, row, self._threshold)
        return None

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
        wanted = np.zeros(len(self.verdicts), dtype=bool)
        wanted[rows] = True
        places = np.flatnonzero(wanted[self._order])
        if len(places):
            first, last = int(places.min()), int(places.max())
            self.dataChanged.emit(self.index(first, 0), self.index(last, Column.RUNNERS_UP))

    def _show_changes(self, rows: Rows) -> None:
        """Repaints rows; those that the filter hides now vanish singly, so that the selection moves on."""
        self._looks.clear()
        order = self._compute_order()
        if len(order) < len(self._order):
            kept = np.zeros(len(self.verdicts), dtype=bool)
            kept[order] = True
            gone = np.flatnonzero(~kept[self._order])
            pieces = np.split(gone, np.flatnonzero(np.diff(gone) > 1) + 1)
            if len(pieces) <= _PIECES and len(gone) == len(self._order) - len(order):
                for piece in reversed(pieces):
                    self.beginRemoveRows(QModelIndex(), int(piece[0]), int(piece[-1]))
                    self._order = np.delete(self._order, piece)
                    self.endRemoveRows()
        if len(order) != len(self._order):
            self._renew()
            return
        self._rows_changed(rows)
        self._sort_soon()

    def _compute_order(self) -> Rows:
        rows = np.arange(len(self.verdicts), dtype=np.int64)
        return self._in_order(self.verdicts.among(rows, self._filter, self._threshold))

    def _in_order(self, rows: Rows) -> Rows:
        """Rows that come in the order of `verdicts`, in the order that is wanted."""
        return rows if self._sort is None else self.verdicts.sorted(rows, *self._sort)

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
        self._order = self._in_order(np.sort(self._order))
        if before:
            places = np.empty(len(self.verdicts), dtype=np.int64)
            places[self._order] = np.arange(len(self._order))
            after = [
                self.index(int(places[source]), index.column())
                for source, index in zip(sources, before, strict=True)
            ]
            self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
