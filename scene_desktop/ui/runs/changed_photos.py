"""Photos whose verdict changed from one model to another, as pictures with their classes."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from scene_desktop.core.runs.comparison import ChangedPhoto
from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import paint_picture, paint_row_ground
from scene_desktop.ui.widgets.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex
PHOTO, VERDICT = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
_PICTURE, _ROW = 10, 12


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.photos: tuple[ChangedPhoto, ...] = ()

    def replace(self, photos: Sequence[ChangedPhoto]) -> None:
        self.beginResetModel()
        self.photos = tuple(photos)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.photos)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        photo = self.photos[index.row()]
        if role == PHOTO:
            return photo
        if role == VERDICT:
            return self.verdict(photo)
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{words.shown(photo.name)}: {self.verdict(photo)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tooltip(str(photo.path))
        return None

    def verdict(self, photo: ChangedPhoto) -> str:
        """Both verdicts; the right one of them is the true class."""
        text = self.tr("was {before}, now {after}")
        return text.format(before=words.shown(photo.before), after=words.shown(photo.after))


class _Delegate(QStyledItemDelegate):
    def __init__(self, thumbnails: Thumbnails, parent: "ChangedPhotos") -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.unit() * 40, theme.unit() * _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        photo: ChangedPhoto = index.data(PHOTO)
        colours, unit = colours_of(option.palette), theme.unit()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = option.rect.adjusted(0, 1, 0, -1)
        paint_row_ground(painter, place, option, unit)
        side = unit * _PICTURE
        at = QRect(place.left() + unit, place.top() + (place.height() - side) // 2, side, side)
        ratio = painter.device().devicePixelRatioF()
        pixmap = self._thumbnails.pixmap(str(photo.path), side, ratio)
        paint_picture(painter, at, pixmap, colours, unit)
        text = place.adjusted(side + unit * 4, unit, -unit, -unit)
        upper, lower = QRect(text), QRect(text)
        upper.setHeight(text.height() // 2)
        lower.setTop(upper.bottom())
        verdict: str = index.data(VERDICT)
        for font, colour, line, mode, shown in (
            (theme.scaled_font(1.0), colours.text, upper, Qt.TextElideMode.ElideMiddle, photo.name),
            (theme.scaled_font(0.92), colours.muted, lower, Qt.TextElideMode.ElideRight, verdict),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            elided = painter.fontMetrics().elidedText(words.shown(shown), mode, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)
        painter.restore()


class ChangedPhotos(QListView):
    """Any number of photos; pictures are made for those that are visible."""

    def __init__(self, thumbnails: Thumbnails, name: str, accessible_name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self._rows = _Rows()
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(thumbnails, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setProperty("ground", "window")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        thumbnails.loaded.connect(self.viewport().update)

    @property
    def photos(self) -> tuple[ChangedPhoto, ...]:
        return self._rows.photos

    def show_photos(self, photos: Sequence[ChangedPhoto]) -> None:
        self._rows.replace(photos)
        rows = min(6, max(1, len(photos)))
        self.setFixedHeight(theme.unit() * _ROW * rows + 2)
