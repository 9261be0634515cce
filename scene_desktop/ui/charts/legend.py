"""The legend of the charts: a sample of each line with its name."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import Colours, colours_of

_LONGEST = 24
_GAP, _SAMPLE, _ROW = 5, 10, 5


@dataclass(frozen=True)
class LegendEntry:
    """One line of the charts.

    Attributes:
        colour: Name of a colour of the theme, or `#RRGGBB`.
        symbol: "square", "circle", "star" (without a line) or "".
        alpha: 0 to 1; earlier runs are faint.
    """

    text: str
    colour: str
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    symbol: str = ""
    alpha: float = 1.0


class Legend(QWidget):
    """Wraps into further rows where the entries do not fit side by side."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[LegendEntry, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    @property
    def entries(self) -> tuple[str, ...]:
        return tuple(entry.text for entry in self._entries)

    def tell(self, entries: tuple[LegendEntry, ...]) -> None:
        if entries == self._entries:
            return
        self._entries = entries
        self.setAccessibleName(", ".join(self.entries))
        self.setToolTip(", ".join(self.entries) if any(len(t) > _LONGEST for t in self.entries) else "")
        self._fit()
        self.update()

    def _fit(self) -> None:
        self.setFixedHeight(legend_height(self._entries, self.width()))

    def sizeHint(self) -> QSize:
        return QSize(theme.unit() * 60, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_legend(QPainter(self), QRectF(self.rect()), colours_of(self.palette()), self._entries)


def legend_height(entries: tuple[LegendEntry, ...], width: float) -> int:
    """How high a legend of this width is, in logical pixels."""
    rows = {row for _, row, _ in _places(entries, width)}
    return theme.unit() * _ROW * max(1, len(rows))


def paint_legend(painter: QPainter, place: QRectF, colours: Colours, entries: tuple[LegendEntry, ...]) -> None:
    """Samples of the lines, each with its name."""
    unit = theme.unit()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for entry, (left, row, text) in zip(entries, _places(entries, place.width()), strict=True):
        left += place.left()
        middle = place.top() + unit * _ROW * (row + 0.5)
        colour = QColor(getattr(colours, entry.colour, entry.colour))
        colour.setAlphaF(entry.alpha)
        left = _paint_sample(painter, entry, colour, QColor(colours.window), QPointF(left, middle))
        painter.setFont(theme.scaled_font(0.92))
        painter.setPen(QColor(colours.muted))
        painter.drawText(QPointF(left, middle + painter.fontMetrics().capHeight() / 2), text)
    painter.restore()


def _paint_sample(painter: QPainter, entry: LegendEntry, colour: QColor, ground: QColor, at: QPointF) -> float:
    """Paints the sample at `at` and returns where the name begins."""
    unit = theme.unit()
    if entry.symbol == "star":
        painter.setPen(colour)
        painter.setFont(theme.scaled_font(1.1))
        painter.drawText(QPointF(at.x(), at.y() + painter.fontMetrics().capHeight() / 2), "★")
        return at.x() + unit * _SAMPLE / 2
    painter.setPen(QPen(colour, 2, entry.style))
    painter.drawLine(at, QPointF(at.x() + unit * 8, at.y()))
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(ground if entry.symbol == "square" else colour)
    sample = QRectF(at.x() + unit * 4 - 3, at.y() - 3, 6, 6)
    if entry.symbol == "square":
        painter.drawRect(sample)
    elif entry.symbol == "circle":
        painter.drawEllipse(sample)
    return at.x() + unit * _SAMPLE


def _places(entries: tuple[LegendEntry, ...], width: float) -> list[tuple[float, int, str]]:
    """Left edge, row and shortened name of each entry."""
    unit, metrics = theme.unit(), QFontMetrics(theme.scaled_font(0.92))
    found, left, row = [], 0.0, 0
    for entry in entries:
        text = entry.text if len(entry.text) <= _LONGEST else entry.text[: _LONGEST - 1] + "…"
        sample = unit * (_SAMPLE / 2 if entry.symbol == "star" else _SAMPLE)
        needed = sample + metrics.horizontalAdvance(text)
        if left and left + needed > width:
            left, row = 0.0, row + 1
        found.append((left, row, text))
        left += needed + unit * _GAP
    return found
