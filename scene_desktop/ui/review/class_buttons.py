"""The classes as large numbered buttons, each with its score."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import paint_bar

MOST = 10
"""Buttons that have a key of their own: 1 to 9, then 0."""


def key_of(place: int) -> str:
    """The digit of the button at a place counted from 0."""
    return str((place + 1) % 10)


class ClassButton(QAbstractButton):
    """One class: its digit, its name, its score as figure and bar; guess and answer are marked in words."""

    def __init__(self, place: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"class_button_{key_of(place)}")
        self._key = key_of(place)
        self.setAccessibleName(self.tr("Class {key}").format(key=self._key))
        self._name, self._score, self._guess, self._given = "", 0.0, False, False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_class(self, name: str, score: float, *, guess: bool, given: bool) -> None:
        """`guess`: the model says so; `given`: a person has said so."""
        self._name, self._score, self._guess, self._given = words.shown(name), score, guess, given
        told = [self._name, words.percent(score)]
        if guess:
            told.append(self.tr("the guess"))
        if given:
            told.append(self.tr("given by you"))
        self.setAccessibleName(", ".join(told))
        self.setToolTip(words.tooltip(self.tr("This is {name} ({key})").format(name=name, key=self._key)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.unit() * 36, theme.unit() * 12)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.unit() * 24, theme.unit() * 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, unit = QPainter(self), colours_of(self.palette()), theme.unit()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        ground = colours.selection if self._given or self.isDown() else colours.surface
        edge = colours.accent if self._guess or self._given or self.hasFocus() else colours.line
        if self.underMouse() and edge == colours.line:
            edge = colours.muted
        painter.setPen(QPen(QColor(edge), 2.5 if self.hasFocus() else 1.5 if edge == colours.accent else 1.0))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(place, unit * 1.5, unit * 1.5)
        inner = self.rect().adjusted(unit * 2, unit * 2, -unit * 2, -unit * 2)
        line = QRect(inner.left(), inner.top(), inner.width(), unit * 5)
        line.setLeft(line.left() + self._paint_key(painter, line) + unit * 2)
        self._paint_words(painter, line)
        bar = QRectF(inner.left(), inner.bottom() - unit * 0.75, inner.width(), unit * 0.75)
        tone = colours.accent if self._guess else colours.muted
        paint_bar(painter, bar, self._score, tone, colours.line if self._given else colours.track)

    def _paint_key(self, painter: QPainter, line: QRect) -> int:
        colours, unit = colours_of(self.palette()), theme.unit()
        side = unit * 5
        chip = QRectF(line.left(), line.top(), side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent if self._guess else colours.track))
        painter.drawRoundedRect(chip, unit, unit)
        painter.setFont(theme.scaled_font(0.92, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.on_accent if self._guess else colours.text))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, self._key)
        return side

    def _paint_words(self, painter: QPainter, line: QRect) -> None:
        colours, unit = colours_of(self.palette()), theme.unit()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.scaled_font(0.92))
        figure = words.percent(self._score, 0)
        if self._guess:
            figure = self.tr("guess, {score}").format(score=figure)
        width = painter.fontMetrics().horizontalAdvance(figure)
        if width < line.width() * 0.6:
            painter.setPen(QColor(colours.muted))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, figure)
            line = line.adjusted(0, 0, -width - unit, 0)
        if self._given:
            size = unit * 4
            sign = icons.painted("check", colours.accent, size, self.devicePixelRatioF())
            painter.drawPixmap(line.left(), line.center().y() - size // 2 + 1, sign)
            line = line.adjusted(size + unit, 0, 0, 0)
        weight = QFont.Weight.DemiBold if self._guess or self._given else QFont.Weight.Normal
        painter.setFont(theme.scaled_font(1.0, weight))
        painter.setPen(QColor(colours.text))
        name = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | middle, name)


class ClassButtons(QWidget):
    """Up to ten classes; emits `chosen` with a class index.

    Up to ten classes keep their places, so that fingers learn them. Of more classes the ten with the highest
    scores are shown, best first.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("class_buttons")
        self._labels: list[int] = []
        self._buttons: list[ClassButton] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.unit() * 2)
        for place in range(MOST):
            made = ClassButton(place, self)
            made.hide()
            made.clicked.connect(self._clicked)
            self._buttons.append(made)
        self._columns = 0

    @property
    def labels(self) -> list[int]:
        """Class index behind each button, in order."""
        return self._labels

    def show_scores(self, classes: Sequence[str], scores: NDArray[np.float32], given: int | None) -> None:
        """New figures.

        Args:
            scores: float32 `(classes,)`, 0 to 1.
            given: Index of the class that a person has said.
        """
        best = int(scores.argmax())
        ranked = np.argsort(-scores, kind="stable")[:MOST].tolist()
        labels = list(range(len(classes))) if len(classes) <= MOST else ranked
        if len(labels) != len(self._labels):
            self._columns = 0
        self._labels = labels
        for made, label in zip(self._buttons, labels, strict=False):
            made.show_class(classes[label], float(scores[label]), guess=label == best, given=label == given)
        self._arrange()

    def choose_place(self, place: int) -> None:
        """As a click on the button at this place; nothing where there is none."""
        if 0 <= place < len(self._labels):
            self.chosen.emit(self._labels[place])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """As many columns as fit, the rows filled evenly."""
        count = len(self._labels)
        if not count:
            return
        unit = theme.unit()
        fit = max(1, min(count, (self.width() + unit * 2) // (unit * 38)))
        rows = -(-count // fit)
        columns = -(-count // rows)
        if columns == self._columns:
            return
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for place, made in enumerate(self._buttons):
            self._grid.removeWidget(made)
            made.setVisible(place < count)
            if place < count:
                self._grid.addWidget(made, place // columns, place % columns)
                self._grid.setColumnStretch(place % columns, 1)

    def _clicked(self) -> None:
        clicked = self.sender()
        if isinstance(clicked, ClassButton):
            self.choose_place(self._buttons.index(clicked))
