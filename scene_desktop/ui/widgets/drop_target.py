"""The empty state, a large place that says what to do; and the veil while something is dragged over it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.widgets.labels import label


class DropTarget(QWidget):
    """A dashed place with an icon, a sentence and buttons. Drops are caught by the whole window."""

    def __init__(self, icon: str, title: str, text: str, buttons: list[QWidget], *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._icon_name = icon
        unit = theme.unit()
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = label(title, "title", wrap=True, name=f"{name}_title")
        self._text = label(text, "muted", wrap=True, name=f"{name}_text")
        for part in (self._title, self._text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

        row = QHBoxLayout()
        row.setSpacing(unit * 2)
        row.addStretch(1)
        for made in buttons:
            row.addWidget(made)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 6, unit * 6, unit * 6)
        column.setSpacing(unit * 2)
        column.addStretch(3)
        column.addWidget(self._icon)
        column.addSpacing(unit * 2)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(unit * 3)
        column.addLayout(row)
        column.addStretch(4)
        self._column = column

        theme.current().changed.connect(self._draw_icon)
        self._draw_icon()

    def add_below(self, widget: QWidget) -> None:
        """Puts something under the buttons."""
        self._column.insertSpacing(self._column.count() - 1, theme.unit() * 4)
        self._column.insertWidget(self._column.count() - 1, widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        _paint_dashes(painter, QRectF(self.rect()), colours_of(self.palette()).muted, 0.45)

    def _draw_icon(self) -> None:
        colour = colours_of(self.palette()).accent
        self._icon.setPixmap(icons.tinted(self._icon_name, colour, theme.unit() * 14, self.devicePixelRatioF()))


class DropVeil(QWidget):
    """Lies over the page while something is dragged over the window."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drop_veil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = ""
        self._possible = True
        self.hide()

    @property
    def text(self) -> str:
        return self._text

    def cover(self, text: str, possible: bool) -> None:
        """Shows what letting go would do, or why it would do nothing."""
        self._text, self._possible = text, possible
        self.setAccessibleName(text)
        parent = self.parentWidget()
        self.setGeometry(parent.rect())
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        painter = QPainter(self)
        ground = QColor(colours.window)
        ground.setAlphaF(0.93)
        painter.fillRect(self.rect(), ground)
        colour = colours.accent if self._possible else colours.muted
        margin = theme.unit() * 4
        inner = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        tint = QColor(colour)
        tint.setAlphaF(0.07)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(inner, margin, margin)
        _paint_dashes(painter, inner, colour, 1.0)
        size = theme.unit() * 14
        sign = icons.tinted("drop" if self._possible else "info", colour, size, self.devicePixelRatioF())
        middle = self.rect().center()
        painter.drawPixmap(middle.x() - size // 2, middle.y() - size, sign)
        painter.setFont(theme.scaled_font(1.55, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.text))
        text = self.rect().adjusted(margin * 2, 0, -margin * 2, 0)
        text.setTop(middle.y() + margin)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(text, int(flags), self._text)


def _paint_dashes(painter: QPainter, place: QRectF, colour: str, opacity: float) -> None:
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
