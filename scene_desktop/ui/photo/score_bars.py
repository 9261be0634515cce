"""All scores of one photo as bars; a class can be chosen among them."""

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import paint_bar


class ScoreBars(QWidget):
    """All scores, highest first.

    Emits `chosen` with a class index: a click, or Up and Down and then Enter.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("score_bars")
        self._scores: list[tuple[str, float]] = []
        self._labels: list[int] = []
        self._row = 0
        self._marked: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self.tr("Choose a class to see which places of the photo speak for it"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_scores(self, scores: list[tuple[str, float]]) -> None:
        """Names with scores from 0 to 1, in class order."""
        self._labels = sorted(range(len(scores)), key=lambda label: -scores[label][1])
        self._scores = [scores[label] for label in self._labels]
        self._row = min(self._row, max(0, len(scores) - 1))
        spoken = ", ".join(f"{name} {words.percent(score)}" for name, score in self._scores)
        self.setAccessibleName(self.tr("Scores: {scores}").format(scores=spoken))
        self.setFixedHeight(self._line() * len(self._scores))
        self.update()

    @property
    def scores(self) -> list[tuple[str, float]]:
        return self._scores

    def mark(self, label: int | None) -> None:
        """Marks the class that is asked about."""
        self._marked = label
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(int(event.position().y()) // self._line())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self._row = max(0, min(len(self._scores) - 1, self._row + step))
                self.update()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self._choose(self._row)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._labels):
            self._row = row
            self.chosen.emit(self._labels[row])

    def _line(self) -> int:
        return theme.unit() * 7 + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, unit = QPainter(self), colours_of(self.palette()), theme.unit()
        first = max(0, event.rect().top() // self._line())
        last = min(len(self._scores), event.rect().bottom() // self._line() + 1)
        for row in range(first, last):
            self._paint_row(painter, row)
        if self.hasFocus() and self._scores:
            place = QRectF(0, self._row * self._line(), self.width(), self._line() - 1)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours.accent), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(1, 0, -1, -1), unit, unit)

    def _paint_row(self, painter: QPainter, row: int) -> None:
        colours, unit = colours_of(self.palette()), theme.unit()
        name, score = self._scores[row]
        asked = self._labels[row] == self._marked
        strong = row == 0 or asked
        place = QRect(0, row * self._line(), self.width(), self._line())
        text = QRect(place.left(), place.top(), place.width(), unit * 5)
        painter.setFont(theme.scaled_font(1.0, QFont.Weight.DemiBold if strong else QFont.Weight.Normal))
        painter.setPen(QColor(colours.text if strong else colours.muted))
        figure = words.percent(score)
        painter.drawText(text, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, figure)
        room = text.width() - painter.fontMetrics().horizontalAdvance(figure) - unit * 2
        shown = painter.fontMetrics().elidedText(
            f"\N{BLACK RIGHT-POINTING SMALL TRIANGLE} {name}" if asked else name,
            Qt.TextElideMode.ElideRight,
            room,
        )
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        bar = QRectF(place.left(), text.bottom() + 1, place.width(), unit * 0.75)
        paint_bar(painter, bar, score, colours.accent if strong else colours.muted, colours.track)
