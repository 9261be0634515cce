"""How the cells of the classify page are painted: calm rows, pictures, confidence as a bar."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from scene_desktop.ui import words
from scene_desktop.ui.results.prediction_table import Role
from scene_desktop.ui.results.prediction_texts import RowLook, State
from scene_desktop.ui.results.verdicts import Column
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import Colours, colours_of
from scene_desktop.ui.style.painting import paint_bar, paint_picture
from scene_desktop.ui.widgets.thumbnails import Thumbnails

Index = QModelIndex | QPersistentModelIndex
_SCORED = (State.DECIDED, State.UNSURE, State.CORRECTED)
_SIGNS = {State.UNSURE: "unsure", State.UNREADABLE: "unreadable", State.CORRECTED: "corrected"}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def row_height() -> int:
    return theme.unit() * 12


def confidence_width() -> int:
    """Width of the confidence column."""
    return theme.unit() * 36


class RowDelegate(QStyledItemDelegate):
    """All four columns of the table; one object, because a row is one design."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.unit() * 30, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = colours_of(option.palette)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(colours.selection))
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        unit = theme.unit()
        place = option.rect.adjusted(unit * 2, 0, -unit * 2, -1)
        look: RowLook = index.data(Role.LOOK)
        match index.column():
            case Column.PHOTO:
                self._paint_photo(painter, option, place, look, colours)
                if option.state & QStyle.StateFlag.State_HasFocus:
                    mark = QRect(option.rect.left(), option.rect.top(), 3, option.rect.height())
                    painter.fillRect(mark, QColor(colours.accent))
            case Column.CLASS:
                _paint_class(painter, place, look, colours)
            case Column.CONFIDENCE:
                _paint_confidence(painter, place, look, colours)
            case _:
                unreadable = look.state is State.UNREADABLE
                painter.setPen(QColor(colours.danger if unreadable else colours.muted))
                _paint_text(painter, place, look.texts[Column.RUNNERS_UP])
        painter.restore()

    def _paint_photo(
        self, painter: QPainter, option: QStyleOptionViewItem, place: QRect, look: RowLook, colours: Colours
    ) -> None:
        path, unit = look.path, theme.unit()
        side = row_height() - 2 * unit
        ratio = painter.device().devicePixelRatioF()
        picture = QRect(place.left(), place.top() + (place.height() - side) // 2, side, side)
        paint_picture(painter, picture, self._thumbnails.pixmap(path, side, ratio), colours, unit)
        text = place.adjusted(side + unit * 3, 0, 0, 0)
        line = QFontMetrics(option.font).height()
        top = text.top() + (text.height() - 2 * line) // 2
        painter.setFont(option.font)
        painter.setPen(QColor(colours.text))
        name = QRect(text.left(), top, text.width(), line)
        _paint_text(painter, name, look.texts[Column.PHOTO], Qt.TextElideMode.ElideMiddle)
        painter.setFont(theme.scaled_font(0.88))
        painter.setPen(QColor(colours.muted))
        _paint_text(painter, name.translated(0, line), words.folder_of(path), Qt.TextElideMode.ElideMiddle)


class TileDelegate(QStyledItemDelegate):
    """One photo of the grid: picture, class, confidence."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._size = self._sized(theme.unit() * 36)

    def fit(self, room: int) -> QSize:
        """Chooses the size of a tile so that a whole number of them fills `room` pixels; returns it."""
        columns = max(1, room // (theme.unit() * 36))
        self._size = self._sized(room // columns)
        return self._size

    @staticmethod
    def _sized(width: int) -> QSize:
        return QSize(width, width + QFontMetrics(theme.scaled_font(1.0)).height() + theme.unit())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self._size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, unit = colours_of(option.palette), theme.unit()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tile = option.rect.adjusted(unit, unit, -unit, -unit)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.selection))
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), unit * 2, unit * 2)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -1, -1), unit * 2, unit * 2)
        line = QFontMetrics(option.font).height()
        picture = QRect(tile.left(), tile.top(), tile.width(), tile.height() - line - unit)
        side = max(picture.width(), picture.height())
        look: RowLook = index.data(Role.LOOK)
        pixmap = self._thumbnails.pixmap(look.path, side, painter.device().devicePixelRatioF())
        paint_picture(painter, picture, _cropped(pixmap, picture), colours, unit)
        state = look.state
        text = QRect(tile.left() + 2, tile.bottom() - line + 1, tile.width() - 4, line)
        share = words.percent(look.confidence, 0) if state in _SCORED else ""
        painter.setPen(QColor(colours.muted))
        painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, share)
        text.setRight(text.right() - painter.fontMetrics().horizontalAdvance(share) - unit)
        colour = _colour_of(state, colours)
        if state is State.CORRECTED:
            text = _paint_sign(painter, text, state, colour)
        painter.setPen(colour)
        _paint_text(painter, text, look.texts[Column.CLASS])
        painter.restore()


def _cropped(pixmap: QPixmap | None, place: QRect) -> QPixmap | None:
    """The middle of a square picture in the proportions of its place."""
    if pixmap is None or pixmap.isNull():
        return pixmap
    wanted = round(pixmap.width() * place.height() / place.width())
    if wanted >= pixmap.height():
        return pixmap
    return pixmap.copy(0, (pixmap.height() - wanted) // 2, pixmap.width(), wanted)


def _colour_of(state: State, colours: Colours) -> QColor:
    names = {
        State.WAITING: colours.muted,
        State.UNSURE: colours.warning,
        State.UNREADABLE: colours.danger,
        State.CORRECTED: colours.accent,
    }
    return QColor(names.get(state, colours.text))


def _paint_class(painter: QPainter, place: QRect, look: RowLook, colours: Colours) -> None:
    state = look.state
    colour = _colour_of(state, colours)
    place = _paint_sign(painter, place, state, colour)
    if state in (State.DECIDED, State.CORRECTED):
        painter.setFont(theme.scaled_font(1.0, QFont.Weight.DemiBold))
    painter.setPen(colour)
    _paint_text(painter, place, look.texts[Column.CLASS])


def _paint_sign(painter: QPainter, place: QRect, state: State, colour: QColor) -> QRect:
    """The sign of a state that is not an everyday one; returns the room that is left."""
    if state not in _SIGNS:
        return place
    unit = theme.unit()
    size = unit * 4
    sign = icons.painted(_SIGNS[state], colour.name(), size, painter.device().devicePixelRatioF())
    painter.drawPixmap(place.left(), place.center().y() - size // 2 + 1, sign)
    return place.adjusted(size + unit, 0, 0, 0)


def _paint_confidence(painter: QPainter, place: QRect, look: RowLook, colours: Colours) -> None:
    if look.state not in _SCORED:
        return
    unit = theme.unit()
    figures = painter.fontMetrics().horizontalAdvance("> 99.9 %") + unit
    bar = QRectF(place.left(), place.center().y() - unit / 2 + 1, max(0, place.width() - figures - unit), unit)
    unsure = look.state is State.UNSURE
    colour = colours.warning if unsure else colours.accent
    if bar.width() >= unit * 5:
        paint_bar(painter, bar, look.confidence, colour, colours.track, hollow=unsure)
    painter.setPen(QColor(colours.text))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(place, right, look.texts[Column.CONFIDENCE])


def _paint_text(
    painter: QPainter, place: QRect, text: str, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
) -> None:
    painter.drawText(place, _LEFT, painter.fontMetrics().elidedText(text, mode, place.width()))
