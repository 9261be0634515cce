"""The photos of one finding as a list: a tick to leave out, picture, name, and what is said about it."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from scene_desktop.core.datasets.findings import Finding, FindingKind, FoundPhoto
from scene_desktop.ui import words
from scene_desktop.ui.dataset import finding_words
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import paint_picture, paint_row_ground
from scene_desktop.ui.widgets.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex
PHOTO = Qt.ItemDataRole.UserRole + 1
VISIBLE_ROWS = 5


@dataclass(frozen=True)
class FoundRow:
    """One photo as the list shows it; `opens` marks the first of a group of copies."""

    photo: FoundPhoto
    path: str
    text: str
    opens: bool
    place: int


class FoundPhotos(QAbstractListModel):
    """The photos of a finding, group by group; ticked ones are left out.

    Signals:
        excluded: Relative paths and whether they are to be left out, asked for by a tick.
    """

    excluded = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[FoundRow] = []
        self.can_exclude = True
        self._out: AbstractSet[str] = frozenset()

    def show_finding(self, finding: Finding, root: Path, out: AbstractSet[str]) -> None:
        """Replaces the rows; `out` are the relative paths of all photos that are left out."""
        of_copies = finding.kind in finding_words.OF_COPIES
        rows: list[FoundRow] = []
        for group in finding.groups:
            for place, photo in enumerate(group):
                text = finding_words.place_of(photo, finding.kind)
                if of_copies:
                    text = f"{text}  ·  {finding_words.copies(group, place)}"
                opens = of_copies and place == 0 and bool(rows)
                rows.append(FoundRow(photo, str(root / photo.path), text, opens, place if of_copies else 0))
        self.can_exclude = finding.kind is not FindingKind.UNREADABLE
        self._out = out
        if rows == self.rows:
            self.show_out(out)
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def show_out(self, out: AbstractSet[str]) -> None:
        """Other photos are left out now."""
        self._out = out
        if self.rows:
            self.dataChanged.emit(
                self.index(0), self.index(len(self.rows) - 1), [Qt.ItemDataRole.CheckStateRole]
            )

    def is_out(self, row: int) -> bool:
        return self.rows[row].photo.path in self._out

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if self.can_exclude else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{words.name_of(row.path)}, {row.text}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tooltip(row.photo.path)
        if role == Qt.ItemDataRole.CheckStateRole and self.can_exclude:
            return Qt.CheckState.Checked if self.is_out(index.row()) else Qt.CheckState.Unchecked
        return row if role == PHOTO else None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not self.can_exclude:
            return False
        self.excluded.emit((self.rows[index.row()].photo.path,), Qt.CheckState(value) == Qt.CheckState.Checked)
        return True


class FoundPhotoDelegate(QStyledItemDelegate):
    """Tick, picture, name over sentence; a line above each group of copies."""

    def __init__(self, thumbnails: Thumbnails, view: QListView) -> None:
        super().__init__(view)
        self._thumbnails, self._view = thumbnails, view

    @staticmethod
    def height() -> int:
        return theme.unit() * 13

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.unit() * 60, self.height())

    @staticmethod
    def box(place: QRect) -> QRect:
        """Where the tick is, within a row."""
        side = theme.unit() * 4
        return QRect(place.left() + theme.unit() * 2, place.center().y() - side // 2, side, side)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: FoundRow = index.data(PHOTO)
        colours, unit = colours_of(option.palette), theme.unit()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = option.rect
        paint_row_ground(painter, place.adjusted(0, 1, 0, -1), option, unit)
        if row.opens:
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(place.topLeft(), place.topRight())
        checked = index.data(Qt.ItemDataRole.CheckStateRole)
        out = checked is not None and Qt.CheckState(checked) == Qt.CheckState.Checked
        left = place.left() + unit * 2
        if checked is not None:
            self._paint_tick(painter, self.box(place), out)
            left += unit * 7
        side = self.height() - unit * 2
        ratio = painter.device().devicePixelRatioF()
        painter.setOpacity(0.45 if out else 1.0)
        picture = QRect(left, place.top() + unit, side, side)
        paint_picture(painter, picture, self._thumbnails.pixmap(row.path, side, ratio), colours, unit)
        painter.setOpacity(1.0)
        self._paint_text(painter, QRect(picture.right() + unit * 3, place.top(), 0, 0), place, row, out)
        painter.restore()

    def _paint_tick(self, painter: QPainter, box: QRect, out: bool) -> None:
        colours = colours_of(self._view.palette())
        painter.setPen(QPen(QColor(colours.accent if out else colours.muted), 1.2))
        painter.setBrush(QColor(colours.accent) if out else QColor(colours.surface))
        painter.drawRoundedRect(box, theme.unit(), theme.unit())
        if out:
            size = box.width() - theme.unit()
            sign = icons.painted("check", colours.on_accent, size, painter.device().devicePixelRatioF())
            painter.drawPixmap(box.left() + theme.unit() // 2, box.top() + theme.unit() // 2, sign)

    def _paint_text(self, painter: QPainter, start: QRect, place: QRect, row: FoundRow, out: bool) -> None:
        colours, unit = colours_of(self._view.palette()), theme.unit()
        plain, small = theme.scaled_font(1.0), theme.scaled_font(0.92)
        width = place.right() - start.left() - unit * 2
        painter.setFont(plain)
        line = painter.fontMetrics().height()
        top = place.top() + (place.height() - 2 * line) // 2
        plain.setStrikeOut(out)
        painter.setFont(plain)
        painter.setPen(QColor(colours.muted if out else colours.text))
        name = painter.fontMetrics().elidedText(words.name_of(row.path), Qt.TextElideMode.ElideMiddle, width)
        painter.drawText(QRect(start.left(), top, width, line), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(small)
        painter.setPen(QColor(colours.muted))
        text = painter.fontMetrics().elidedText(row.text, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(start.left(), top + line, width, line), Qt.AlignmentFlag.AlignVCenter, text)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """A click on the tick; keys are taken by the view."""
        if event.type() != QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent):
            return False
        around = self.box(option.rect).adjusted(-theme.unit() * 2, -99, theme.unit() * 2, 99)
        checked = index.data(Qt.ItemDataRole.CheckStateRole)
        if checked is None or not around.contains(event.position().toPoint()):
            return False
        was = Qt.CheckState(checked) == Qt.CheckState.Checked
        wanted = Qt.CheckState.Unchecked if was else Qt.CheckState.Checked
        return bool(model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole))


class FoundPhotoList(QListView):
    """Up to five rows tall, then it scrolls; Space ticks the selected photos, Enter looks closer.

    Signals:
        look_requested: Row of the photo to show large.
        excluded: Relative paths and whether they are to be left out.
    """

    look_requested = Signal(int)
    excluded = Signal(object, bool)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Photos of this finding; ticked ones are left out"))
        self.setProperty("ground", "window")
        self.photos = FoundPhotos()
        self.setModel(self.photos)
        self.setItemDelegate(FoundPhotoDelegate(thumbnails, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.photos.excluded.connect(self.excluded)
        self.photos.modelReset.connect(self._fit)
        self.doubleClicked.connect(self._look)
        thumbnails.loaded.connect(self._picture_came)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.photos.can_exclude:
            rows = [index.row() for index in self.selectionModel().selectedIndexes()]
            if rows:
                wanted = not all(map(self.photos.is_out, rows))
                self.excluded.emit(tuple(self.photos.rows[row].photo.path for row in sorted(rows)), wanted)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._look(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _look(self, index: QModelIndex) -> None:
        self.look_requested.emit(index.row())

    def _fit(self) -> None:
        rows = min(VISIBLE_ROWS, len(self.photos.rows))
        self.setFixedHeight(rows * FoundPhotoDelegate.height() + 2)

    def _picture_came(self) -> None:
        self.viewport().update()
