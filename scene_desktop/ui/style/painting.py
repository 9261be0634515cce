"""The few shapes that several widgets paint: bars, dashes, rounded pictures, an empty place for a picture."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import Colours, colours_of


def paint_bar(
    painter: QPainter, place: QRectF, share: float, colour: str, track: str, *, hollow: bool = False
) -> None:
    """A bar with round ends, filled up to `share` (0 to 1); hollow for what is unsure."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius = place.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(track))
    painter.drawRoundedRect(place, radius, radius)
    if share > 0:
        filled = QRectF(place)
        filled.setWidth(max(place.height(), place.width() * min(share, 1.0)))
        if hollow:
            painter.setPen(QColor(colour))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            filled.adjust(0.5, 0.5, -0.5, -0.5)
        else:
            painter.setBrush(QColor(colour))
        painter.drawRoundedRect(filled, radius, radius)
    painter.restore()


def paint_picture(
    painter: QPainter, place: QRect, pixmap: QPixmap | None, colours: Colours, radius: float
) -> None:
    """A picture with round corners, in the middle of `place`; a quiet square while there is none."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    path = QPainterPath()
    path.addRoundedRect(QRectF(place), radius, radius)
    if pixmap is None or pixmap.isNull():
        painter.fillPath(path, QColor(colours.track))
        if pixmap is not None:
            size = min(20, place.width() // 2)
            sign = icons.painted("unreadable", colours.muted, size, painter.device().devicePixelRatioF())
            painter.drawPixmap(place.center().x() - size // 2, place.center().y() - size // 2, sign)
    else:
        painter.setClipPath(path)
        painter.drawPixmap(place, pixmap)
    painter.restore()


def fitted(size: QSize, room: QSize, most: float) -> QSize:
    """`size` scaled into `room`, keeping its proportions, enlarged `most` times at most."""
    if size.isEmpty():
        return size
    scale = min(room.width() / size.width(), room.height() / size.height(), most)
    return QSize(max(1, round(size.width() * scale)), max(1, round(size.height() * scale)))


def paint_row_ground(painter: QPainter, place: QRect, option: QStyleOptionViewItem, radius: float) -> bool:
    """Paints what shows selection, hover and focus of a row; returns whether it is selected."""
    colours = colours_of(option.palette)
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if selected or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.selection if selected else colours.track))
        painter.drawRoundedRect(place, radius, radius)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(QColor(colours.accent), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), radius, radius)
    return selected


def paint_dashes(painter: QPainter, place: QRectF, colour: str, opacity: float) -> None:
    """Draws the dashed, rounded border of a place that things can be dropped on; `opacity` is 0 to 1."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen_colour = QColor(colour)
    pen_colour.setAlphaF(opacity)
    pen = QPen(pen_colour, 1.5, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
    pen.setDashPattern([4.0, 5.0])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = theme.unit() * 4
    painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()
