"""The classes of a data set: name, count, bar, three photos each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from scene_desktop.core.datasets.dataset import FEW_PHOTOS, DataSet, by_class
from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import paint_bar, paint_picture
from scene_desktop.ui.widgets.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex
_ROW = Qt.ItemDataRole.UserRole + 1
SAMPLES = 3
VISIBLE_ROWS = 8


@dataclass(frozen=True)
class ClassRow:
    """One class; `share` is its count relative to the largest class, `key` its name in the data set."""

    key: str
    name: str
    count: int
    share: float
    samples: tuple[str, ...]


def class_rows(dataset: DataSet) -> list[ClassRow]:
    """The classes with three photos each, taken evenly from the whole class."""
    grouped = by_class(dataset.photos, len(dataset.classes))
    most = max((len(photos) for photos in grouped), default=1)
    rows = []
    for name, photos in zip(dataset.classes, grouped, strict=True):
        places = sorted({len(photos) * (2 * n + 1) // (2 * SAMPLES) for n in range(SAMPLES)}) if photos else []
        samples = tuple(photos[place].path for place in places)
        rows.append(ClassRow(name, words.shown(name), len(photos), len(photos) / max(1, most), samples))
    return rows


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[ClassRow] = []

    def replace(self, rows: list[ClassRow]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def update_counts(self, counts: Mapping[str, int]) -> None:
        most = max(1, *counts.values()) if counts else 1
        self.rows = [
            replace(row, count=counts[row.key], share=counts[row.key] / most) if row.key in counts else row
            for row in self.rows
        ]
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.name}: {words.photos(row.count)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tooltip(f"{row.name}: {words.photos(row.count)}")
        return row if role == _ROW else None


class _RowDelegate(QStyledItemDelegate):
    def __init__(self, thumbnails: Thumbnails, view: QListView) -> None:
        super().__init__(view)
        self._thumbnails = thumbnails

    @staticmethod
    def height() -> int:
        return theme.unit() * 13

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.unit() * 60, self.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ClassRow = index.data(_ROW)
        colours, unit = colours_of(option.palette), theme.unit()
        painter.save()
        place = option.rect
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(place.left(), place.top(), 2, place.height() - 1, QColor(colours.accent))
        side = self.height() - unit * 2
        ratio = painter.device().devicePixelRatioF()
        left = place.right() - SAMPLES * (side + unit) + 1
        for number, path in enumerate(row.samples):
            picture = QRect(left + number * (side + unit) + unit, place.top() + unit, side, side)
            paint_picture(painter, picture, self._thumbnails.pixmap(path, side, ratio), colours, unit)
        text = QRect(place.left(), place.top() + unit, left - place.left() - unit * 2, unit * 6)
        painter.setFont(theme.scaled_font(1.0, QFont.Weight.DemiBold))
        few = row.count < FEW_PHOTOS
        count = words.number(row.count)
        painter.setPen(QColor(colours.warning if few else colours.muted))
        painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        room = text.width() - painter.fontMetrics().horizontalAdvance(count) - unit * 2
        painter.setPen(QColor(colours.text))
        name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        bar = QRectF(text.left(), text.bottom() + unit, text.width(), unit)
        paint_bar(painter, bar, row.share, colours.warning if few else colours.accent, colours.track)
        painter.restore()


class ClassList(QListView):
    """As tall as its classes, up to eight; then it scrolls."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("class_list")
        self.setAccessibleName(self.tr("Classes of the data set"))
        self.setProperty("ground", "window")
        self._rows = _Rows()
        self.setModel(self._rows)
        self.setItemDelegate(_RowDelegate(thumbnails, self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        thumbnails.loaded.connect(self._picture_came)

    @property
    def rows(self) -> list[ClassRow]:
        return self._rows.rows

    def show_dataset(self, dataset: DataSet) -> None:
        self._rows.replace(class_rows(dataset))
        self.setFixedHeight(min(len(self._rows.rows), VISIBLE_ROWS) * _RowDelegate.height() + 2)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Photos by class, after some were left out or taken back."""
        self._rows.update_counts(counts)

    def _picture_came(self) -> None:
        self.viewport().update()
