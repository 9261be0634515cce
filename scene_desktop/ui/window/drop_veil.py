"""What lies over the window while something is dragged over it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import paint_dashes


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
        paint_dashes(painter, inner, colour, 1.0)
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
