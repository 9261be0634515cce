"""The confusion matrix as a small heat map: rows are what photos are, columns what the model said."""

import math

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from scene_desktop.core.models.card import Evaluation
from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import Colours, channels, colours_of

LARGEST_CELL_UNITS = 14
SMALLEST_CELL_UNITS = 3
LABEL_UNITS = 30


class ConfusionMatrix(QWidget):
    """Right answers in the accent colour, wrong ones in the warning colour; counts where there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("confusion_matrix")
        self._classes: tuple[str, ...] = ()
        self._counts: tuple[tuple[int, ...], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        self._classes = tuple(words.shown(name) for name in evaluation.classes)
        self._counts = evaluation.confusion
        self.setAccessibleName(self.tr("Confusion matrix"))
        self.setAccessibleDescription(self._spoken())
        self.updateGeometry()
        self.update()

    def cell_text(self, row: int, column: int) -> str:
        """A cell in words."""
        share = self._counts[row][column] / max(1, sum(self._counts[row]))
        return self.tr("{photos} of “{true}” ({share}) were called “{said}”").format(
            photos=words.photos(self._counts[row][column]),
            true=self._classes[row],
            share=words.percent(share),
            said=self._classes[column],
        )

    def sizeHint(self) -> QSize:
        unit = theme.unit()
        side = len(self._classes) * unit * LARGEST_CELL_UNITS
        return QSize(side + self._label_width(), self._height_for(side))

    def minimumSizeHint(self) -> QSize:
        unit = theme.unit()
        side = len(self._classes) * unit * SMALLEST_CELL_UNITS
        return QSize(side + self._label_width(), self._height_for(len(self._classes) * self._cell()))

    def resizeEvent(self, event: object) -> None:
        wanted = self._height_for(len(self._classes) * self._cell())
        if wanted != self.height():
            self.setFixedHeight(wanted)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self._cell_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), words.tooltip(self.cell_text(*cell)) if cell else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._classes:
            return
        painter, colours = QPainter(self), colours_of(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell, left, top = self._cell(), self._label_width(), self._head()
        painter.setFont(theme.scaled_font(0.92))
        painter.setPen(QColor(colours.muted))
        line = painter.fontMetrics().height()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        said = QRect(left, 0, cell * len(self._classes), line)
        painter.drawText(said, Qt.AlignmentFlag.AlignLeft, self.tr("The model said"))
        for row, name in enumerate(self._classes):
            place = QRect(0, top + row * cell, left - theme.unit() * 2, cell)
            painter.drawText(place, right, self._short(painter.fontMetrics(), name, place.width()))
            head = QRect(left + row * cell, line, cell, line + theme.unit())
            if cell >= theme.unit() * 8:
                text = self._short(painter.fontMetrics(), name, cell - 4)
                painter.drawText(head, Qt.AlignmentFlag.AlignCenter, text)
        for row in range(len(self._classes)):
            for column in range(len(self._classes)):
                self._paint_cell(
                    painter, row, column, QRect(left + column * cell, top + row * cell, cell, cell), colours
                )

    def _paint_cell(self, painter: QPainter, row: int, column: int, place: QRect, colours: Colours) -> None:
        count = self._counts[row][column]
        share = count / max(1, sum(self._counts[row]))
        tone = QColor(colours.accent if row == column else colours.warning)
        ground = QColor(colours.track)
        strength = (
            0.0 if count == 0 else (0.25 + 0.75 * share if row == column else min(1.0, 0.04 + 4.0 * share))
        )
        mixed = QColor.fromRgbF(
            *(a * strength + b * (1 - strength) for a, b in zip(channels(tone), channels(ground), strict=True))
        )
        inner = place.adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed)
        radius = min(theme.unit(), inner.width() // 4)
        painter.drawRoundedRect(inner, radius, radius)
        text = words.number(count)
        if count and painter.fontMetrics().horizontalAdvance(text) <= inner.width() - 2:
            painter.setPen(_readable_on(mixed, colours))
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, text)

    def _cell(self) -> int:
        unit, count = theme.unit(), max(1, len(self._classes))
        room = (self.width() - self._label_width()) // count
        return max(unit * SMALLEST_CELL_UNITS, min(unit * LARGEST_CELL_UNITS, room))

    def _head(self) -> int:
        return QFontMetrics(theme.scaled_font(0.92)).height() * 2 + theme.unit()

    def _height_for(self, side: int) -> int:
        return side + self._head() + 2

    def _label_width(self) -> int:
        metrics = QFontMetrics(theme.scaled_font(0.92))
        widest = max((metrics.horizontalAdvance(name) for name in self._classes), default=0)
        return min(theme.unit() * LABEL_UNITS, widest + 4) + theme.unit() * 2

    @staticmethod
    def _short(metrics: QFontMetrics, text: str, width: int) -> str:
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)

    def _cell_at(self, x: int, y: int) -> tuple[int, int] | None:
        cell = self._cell()
        column, row = (x - self._label_width()) // cell, (y - self._head()) // cell
        inside = 0 <= row < len(self._classes) and 0 <= column < len(self._classes)
        return (row, column) if inside else None

    def _spoken(self) -> str:
        wrong = [
            (self._counts[row][column], row, column)
            for row in range(len(self._classes))
            for column in range(len(self._classes))
            if row != column and self._counts[row][column]
        ]
        worst = sorted(wrong, reverse=True)[:3]
        return "; ".join(self.cell_text(row, column) for _, row, column in worst)


def _readable_on(ground: QColor, colours: Colours) -> QColor:
    """Whichever of the theme's two inks stands out more (relative luminance, WCAG 2)."""
    inks = (QColor(colours.text), QColor(colours.on_accent))
    return max(inks, key=lambda ink: _contrast(ink, ground))


def _contrast(one: QColor, other: QColor) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (_linear(part) for part in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4)
