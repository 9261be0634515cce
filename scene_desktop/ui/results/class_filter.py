"""The classes with their counts; choosing one shows only its photos."""

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from scene_desktop.core.classify.predictions import Tally
from scene_desktop.ui import words
from scene_desktop.ui.results.verdicts import Shown
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import paint_bar, paint_row_ground

Index = QModelIndex | QPersistentModelIndex
_ENTRY = Qt.ItemDataRole.UserRole + 1


@dataclass
class Entry:
    """One line: what it shows, its name, how many photos, and how long its bar is (0 to 1)."""

    shown: int
    name: str
    count: int = 0
    share: float = 0.0
    sign: str = ""


class _Entries(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    def replace(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def recount(self) -> None:
        self.dataChanged.emit(self.index(0), self.index(len(self.entries) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{entry.name}: {words.number(entry.count)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tooltip(f"{entry.name}: {words.photos(entry.count)}")
        return entry if role == _ENTRY else None


class _EntryDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.unit() * 20, theme.unit() * 10)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(_ENTRY)
        colours, unit = colours_of(option.palette), theme.unit()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = option.rect.adjusted(0, 1, -unit, -1)
        selected = paint_row_ground(painter, place, option, unit * 1.5)
        inner = place.adjusted(unit * 2, unit, -unit * 2, -unit)
        text = QRect(inner.left(), inner.top(), inner.width(), inner.height() - unit * 2)
        tones: dict[int, str] = {Shown.UNSURE: colours.warning, Shown.UNREADABLE: colours.danger}
        tone = tones.get(entry.shown, colours.accent)
        count = words.number(entry.count)
        painter.setPen(QColor(colours.text if selected else colours.muted))
        painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        text.setRight(text.right() - painter.fontMetrics().horizontalAdvance(count) - unit)
        if entry.sign:
            size = unit * 4
            colour = tone if entry.count else colours.muted
            sign = icons.painted(entry.sign, colour, size, painter.device().devicePixelRatioF())
            painter.drawPixmap(text.left(), text.center().y() - size // 2 + 1, sign)
            text.setLeft(text.left() + size + unit)
        painter.setPen(QColor(colours.text if entry.count or selected else colours.muted))
        name = painter.fontMetrics().elidedText(entry.name, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        if entry.shown != Shown.ALL:
            bar = QRectF(inner.left(), inner.bottom() - unit * 0.75, inner.width(), unit * 0.75)
            paint_bar(painter, bar, entry.share, tone, colours.line if selected else colours.track)
        painter.restore()


class ClassFilter(QWidget):
    """Emits `chosen` with a class index or one of `Shown`."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("class_filter")
        self._entries = _Entries()
        self._list = QListView()
        self._list.setObjectName("class_filter_list")
        self._list.setAccessibleName(self.tr("Show photos of"))
        self._list.setProperty("ground", "window")
        self._list.setModel(self._entries)
        self._list.setItemDelegate(_EntryDelegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._list)
        self._list.selectionModel().currentChanged.connect(self._choose)
        self.set_classes(())

    @property
    def entries(self) -> list[Entry]:
        return self._entries.entries

    @property
    def list_view(self) -> QListView:
        return self._list

    def set_classes(self, classes: tuple[str, ...]) -> None:
        """Starts anew with these classes, nothing counted, everything shown."""
        self._entries.replace(
            [
                Entry(Shown.ALL, self.tr("All photos")),
                *(Entry(index, words.shown(name)) for index, name in enumerate(classes)),
                Entry(Shown.UNSURE, self.tr("Unsure"), sign="unsure"),
                Entry(Shown.CORRECTED, self.tr("Corrected"), sign="corrected"),
                Entry(Shown.UNREADABLE, self.tr("Could not read"), sign="unreadable"),
            ]
        )
        self.choose(Shown.ALL)

    def set_tally(self, tally: Tally, waiting: int, corrected: int = 0) -> None:
        """New counts.

        `waiting` photos have no verdict yet and belong to all photos only; `corrected` photos also count
        for their class.
        """
        most = max(1, *tally.by_class, tally.unsure, tally.failed)
        counts = {
            Shown.ALL: tally.total + waiting,
            Shown.UNSURE: tally.unsure,
            Shown.CORRECTED: corrected,
            Shown.UNREADABLE: tally.failed,
        }
        for entry in self._entries.entries:
            entry.count = tally.by_class[entry.shown] if entry.shown >= 0 else counts[Shown(entry.shown)]
            entry.share = min(1.0, entry.count / most)
        self._entries.recount()

    def choose(self, shown: int) -> None:
        """Selects a line as a click would."""
        for row, entry in enumerate(self._entries.entries):
            if entry.shown == shown:
                self._list.selectionModel().setCurrentIndex(
                    self._entries.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
                )

    def _choose(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(int(self._entries.entries[current.row()].shown))
