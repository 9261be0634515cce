"""The models as a list: name, classes, accuracy, date; which is in use, built in or damaged."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from scene_desktop.core.models.library import DamagedModel, StoredModel
from scene_desktop.ui import words
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import paint_row_ground

Index = QModelIndex | QPersistentModelIndex
Entry = StoredModel | DamagedModel
ENTRY = Qt.ItemDataRole.UserRole + 1
IN_USE = Qt.ItemDataRole.UserRole + 2
CAPTION = Qt.ItemDataRole.UserRole + 3


def day(created: str) -> str:
    """The day of an ISO time, as it is where this computer stands."""
    try:
        return datetime.fromisoformat(created).astimezone().strftime("%Y-%m-%d")
    except ValueError:
        return words.shown(created)


def name_of(entry: Entry) -> str:
    return words.shown(entry.card.name if isinstance(entry, StoredModel) else entry.folder.name)


class ModelRows(QAbstractListModel):
    """All entries of the library."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self._current: StoredModel | None = None

    def replace(self, entries: Sequence[Entry], current: StoredModel | None) -> None:
        self.beginResetModel()
        self.entries, self._current = list(entries), current
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        in_use = self._current is not None and entry.folder == self._current.folder
        if role == Qt.ItemDataRole.DisplayRole:
            parts = [name_of(entry), self.caption(entry), self.tr("in use") if in_use else ""]
            return ", ".join(filter(None, parts))
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tooltip(name_of(entry))
        if role == ENTRY:
            return entry
        if role == CAPTION:
            return self.caption(entry)
        return in_use if role == IN_USE else None

    def caption(self, entry: Entry) -> str:
        if isinstance(entry, DamagedModel):
            return self.tr("Damaged")
        origin = self.tr("Came with the app") if entry.built_in else day(entry.card.created)
        return f"{words.classes(len(entry.card.classes))}  ·  {origin}"


class ModelDelegate(QStyledItemDelegate):
    """Two lines: name and accuracy, then classes and date."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.unit() * 50, theme.unit() * 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY)
        colours, unit = colours_of(option.palette), theme.unit()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = option.rect.adjusted(0, 1, -unit, -1)
        paint_row_ground(painter, place, option, unit * 2)
        inner = place.adjusted(unit * 3, 0, -unit * 3, 0)
        line = unit * 5
        top = QRect(inner.left(), inner.top() + (inner.height() - 2 * line) // 2, inner.width(), line)
        damaged = isinstance(entry, DamagedModel)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        share = ""
        if isinstance(entry, StoredModel) and entry.card.validation_accuracy is not None:
            share = words.percent(entry.card.validation_accuracy)
        painter.setFont(theme.scaled_font(1.0, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.text))
        painter.drawText(top, right, share)
        room = top.width() - painter.fontMetrics().horizontalAdvance(share) - unit * 2
        name = painter.fontMetrics().elidedText(name_of(entry), Qt.TextElideMode.ElideRight, room)
        painter.drawText(top, left, name)
        below = top.translated(0, line)
        painter.setFont(theme.scaled_font(0.92))
        painter.setPen(QColor(colours.danger if damaged else colours.muted))
        caption: str = index.data(CAPTION)
        painter.drawText(
            below, left, painter.fontMetrics().elidedText(caption, Qt.TextElideMode.ElideRight, below.width())
        )
        if index.data(IN_USE):
            text = self.tr("in use")
            painter.setPen(QColor(colours.accent))
            painter.drawText(below, right, text)
            size = unit * 4
            at = below.right() - painter.fontMetrics().horizontalAdvance(text) - size - 2
            sign = icons.painted("check", colours.accent, size, painter.device().devicePixelRatioF())
            painter.drawPixmap(at, below.center().y() - size // 2 + 1, sign)
        painter.restore()
