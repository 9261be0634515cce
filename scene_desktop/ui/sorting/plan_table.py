"""The plan of a sort as a table: 100,000 rows, of which only those in sight are ever asked for."""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from scene_desktop.core.sorting import FailedPhoto, PlannedPhoto
from scene_desktop.core.text import harmless_cell
from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import colours_of

Index = QModelIndex | QPersistentModelIndex


class PlanColumn(IntEnum):
    PHOTO = 0
    FOLDER = 1
    NAME = 2
    REMARK = 3


class Part(IntEnum):
    """Which rows of a plan are shown."""

    ALL = 0
    RENAMED = 1
    PROBLEMS = 2


def as_rows(failed: Sequence[FailedPhoto]) -> tuple[PlannedPhoto, ...]:
    """Photos that could not be sorted or put back, as rows with a problem."""
    return tuple(PlannedPhoto(one.source, "", one.target, 0, problem=one.reason) for one in failed)


class PlanRows(QAbstractTableModel):
    """The rows of one plan, or a part of them."""

    def __init__(self) -> None:
        super().__init__()
        self._photos: Sequence[PlannedPhoto] = ()
        self._order: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._problems: NDArray[np.bool_] = np.empty(0, dtype=bool)
        self._renamed: NDArray[np.bool_] = np.empty(0, dtype=bool)

    def replace(self, photos: Sequence[PlannedPhoto], part: Part = Part.ALL) -> None:
        """Shows other photos."""
        self.beginResetModel()
        self._photos = photos
        count = len(photos)
        self._problems = np.fromiter((bool(photo.problem) for photo in photos), bool, count)
        self._renamed = np.fromiter((photo.is_renamed and not photo.problem for photo in photos), bool, count)
        self._order = self._rows(part)
        self.endResetModel()

    def show_part(self, part: Part) -> None:
        """Shows all rows or only some of them."""
        self.beginResetModel()
        self._order = self._rows(part)
        self.endResetModel()

    def copied(self, rows: Sequence[int]) -> str:
        """Rows as a table for the clipboard: tab-separated, safe for spreadsheets."""
        lines = []
        for row in rows:
            photo = self._photos[self._order[row]]
            cells = (photo.source, photo.target, photo.problem or photo.note)
            lines.append("\t".join(harmless_cell(words.shown(cell)) for cell in cells))
        return "\n".join(lines) + "\n"

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(PlanColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Photo"), self.tr("Folder"), self.tr("New name"), self.tr("Remark"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        photo = self._photos[self._order[index.row()]]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(photo, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tooltip(photo.problem or photo.note or photo.source)
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == PlanColumn.REMARK:
            colours = colours_of(QGuiApplication.palette())
            return QColor(colours.danger if photo.problem else colours.muted)
        return None

    @staticmethod
    def _text(photo: PlannedPhoto, column: int) -> str:
        match column:
            case PlanColumn.PHOTO:
                return words.name_of(photo.source)
            case PlanColumn.FOLDER:
                return words.shown(photo.folder)
            case PlanColumn.NAME:
                return words.name_of(photo.target) if photo.target else ""
        return words.shown(photo.problem or photo.note)

    def _rows(self, part: Part) -> NDArray[np.int64]:
        if part is Part.ALL:
            return np.arange(len(self._photos), dtype=np.int64)
        chosen = {Part.RENAMED: self._renamed, Part.PROBLEMS: self._problems}[part]
        return np.flatnonzero(chosen)


class PlanTable(QTableView):
    """Ctrl+C copies the selected rows."""

    def __init__(self, name: str, accessible_name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.rows = PlanRows()
        self.setModel(self.rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.unit() * 7)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        # Painting the header would ask each of 100,000 rows whether its column is selected.
        header.setSelectionModel(QItemSelectionModel(self.rows, header))
        header.setSectionResizeMode(PlanColumn.REMARK, QHeaderView.ResizeMode.Stretch)
        for column, width in ((PlanColumn.PHOTO, 44), (PlanColumn.FOLDER, 32), (PlanColumn.NAME, 44)):
            self.setColumnWidth(column, theme.unit() * width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
            if rows:
                QGuiApplication.clipboard().setText(self.rows.copied(rows))
        else:
            super().keyPressEvent(event)
