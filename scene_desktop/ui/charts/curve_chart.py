"""One chart: training and validation over the epochs, told apart by colour, line and marker."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from scene_desktop.core.runs.history import History
from scene_desktop.ui.charts.course_words import epoch_title
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import Colours

TRACE_POINTS = 1500
MARKERS_UP_TO = 60
SMOOTH_LINES_UP_TO = 400
"""Points up to which lines are antialiased; longer ones are rough anyway and would be slow to draw."""
SMOOTHING = 0.6
"""Weight of the past in the exponential moving average."""
OVERLAY_ALPHA = 0.75


@dataclass(frozen=True)
class Figure:
    """What a chart shows: its title, which attributes of the events, and how a value is written."""

    title: str
    name: str
    validation_name: str
    written: Callable[[float], str]


@dataclass(frozen=True)
class Overlay:
    """Another run in the same chart: its validation, drawn thin and faint, or as a main line.

    Attributes:
        colour: Name of a colour of the theme.
    """

    name: str
    history: History
    colour: str
    style: Qt.PenStyle
    faint: bool


class _EpochAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph comes without types
    """Ticks at whole epochs only."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        room = max(1.0, size / (theme.unit() * 10))
        step = next((s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500) if (high - low) / s <= room), 1000)
        first = max(0, math.ceil(low / step)) * step
        return [(float(step), [float(v) for v in range(first, math.floor(high) + 1, step)])]

    def tickStrings(self, values: list[float], scale: float, _spacing: float) -> list[str]:
        return [str(round(value)) for value in values]


class _ValueAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph comes without types
    """Ticks written as the figure is written."""

    def __init__(self, written: Callable[[float], str]) -> None:
        super().__init__("left")
        self._written = written

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if not self.logMode:
            largest: list[tuple[float, list[float]]] = super().tickValues(low, high, size)[:1]
            return largest
        decades = range(math.floor(low), math.ceil(high) + 1)
        found = [math.log10(digit) + decade for decade in decades for digit in (1, 2, 5)]
        return [(1.0, [value for value in found if low <= value <= high])]

    def tickStrings(self, values: list[float], scale: float, _spacing: float) -> list[str]:
        if self.logMode:
            return [f"{10**value:.3g}" for value in values]
        return [self._written(value) for value in values]


class CurveChart(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph comes without types
    """Draws a `History`; `hovered` tells the epoch under the cursor, 0 for none."""

    hovered = Signal(int)

    def __init__(self, figure: Figure, colours: Colours) -> None:
        super().__init__(axisItems={"bottom": _EpochAxis("bottom"), "left": _ValueAxis(figure.written)})
        self.figure = figure
        self.setObjectName(f"chart_{figure.name}")
        self._log = self._smooth = False
        self._colours = colours
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(False, False)
        plot.hideButtons()
        plot.showGrid(x=False, y=True, alpha=0.7)
        plot.getViewBox().setDefaultPadding(0.04)
        plot.setContentsMargins(0, 0, theme.unit(), 0)
        for name in ("bottom", "left"):
            plot.getAxis(name).setTickFont(theme.scaled_font(0.88))
            plot.getAxis(name).setStyle(tickLength=0, tickTextOffset=theme.unit())
        self.trace = plot.plot(connect="finite")
        self.raw_training = plot.plot(connect="finite", antialias=True)
        self.raw_validation = plot.plot(connect="finite", antialias=True)
        self.training = plot.plot(connect="finite", antialias=True)
        self.validation = plot.plot(connect="finite", antialias=True)
        self._overlays: list[tuple[Overlay, pg.PlotDataItem]] = []
        self.best_line = pg.InfiniteLine(angle=90, movable=False)
        self.best_mark = pg.ScatterPlotItem()
        self.cursor_line = pg.InfiniteLine(angle=90, movable=False)
        for item in (self.best_line, self.cursor_line):
            item.hide()
            plot.addItem(item, ignoreBounds=True)
        plot.addItem(self.best_mark)
        self._epochs = 0
        self.set_colours(colours)
        self.scene().sigMouseMoved.connect(self._mouse_moved)

    def set_colours(self, colours: Colours) -> None:
        """Draws itself in the colours of a theme."""
        self._colours = colours
        self.setBackground(colours.window)
        for name in ("bottom", "left"):
            axis = self.getPlotItem().getAxis(name)
            axis.setPen(pg.mkPen(colours.line))
            axis.setTextPen(pg.mkPen(colours.muted))
            axis.labelStyle["color"] = colours.muted
            axis.label.setDefaultTextColor(QColor(colours.muted))
        self.trace.setPen(pg.mkPen(_faint(colours.training, 0.32), width=1))
        self.raw_training.setPen(pg.mkPen(_faint(colours.training, 0.4), width=1, style=Qt.PenStyle.DashLine))
        self.raw_validation.setPen(pg.mkPen(_faint(colours.validation, 0.4), width=1))
        self.training.setPen(pg.mkPen(colours.training, width=2, style=Qt.PenStyle.DashLine))
        self.training.setSymbolBrush(pg.mkBrush(colours.window))
        self.training.setSymbolPen(pg.mkPen(colours.training, width=1.6))
        self.validation.setPen(pg.mkPen(colours.validation, width=2.4))
        self.validation.setSymbolBrush(pg.mkBrush(colours.validation))
        self.validation.setSymbolPen(pg.mkPen(colours.validation, width=1))
        self.best_line.setPen(pg.mkPen(colours.validation, width=1, style=Qt.PenStyle.DotLine))
        self.cursor_line.setPen(pg.mkPen(colours.muted, width=1))
        self.best_mark.setPen(pg.mkPen(colours.window, width=1.2))
        self.best_mark.setBrush(pg.mkBrush(colours.validation))
        for overlay, line in self._overlays:
            line.setPen(self._overlay_pen(overlay))

    def sizeHint(self) -> QSize:
        return QSize(theme.unit() * 90, theme.unit() * 62)

    def set_log(self, wanted: bool) -> None:
        self._log = wanted
        self.getPlotItem().setLogMode(y=wanted)

    @property
    def is_log(self) -> bool:
        return self._log

    def paint_on(self, painter: QPainter, place: QRectF) -> None:
        """Paints the chart elsewhere, with its markers as shapes instead of cached pictures."""
        self.grab()  # an axis learns its width while it is painted
        self.getPlotItem().layout.activate()
        scatters = (self.training.scatter, self.validation.scatter, self.best_mark)
        for scatter in scatters:
            scatter.setExportMode(True, {"antialias": True, "resolutionScale": 1.0})
        self.scene().render(painter, place, QRectF(self.viewport().rect()))
        for scatter in scatters:
            scatter.setExportMode(False)

    @property
    def is_smooth(self) -> bool:
        return self._smooth

    def set_smooth(self, wanted: bool) -> None:
        """Draws the moving average, and the epochs themselves faintly behind it."""
        self._smooth = wanted

    def set_overlays(self, overlays: Sequence[Overlay]) -> None:
        """Draws the validation of other runs too."""
        plot = self.getPlotItem()
        for _, line in self._overlays:
            plot.removeItem(line)
        self._overlays = []
        for overlay in overlays:
            line = plot.plot(connect="finite", antialias=True)
            line.setPen(self._overlay_pen(overlay))
            line.setZValue(-1 if overlay.faint else 0)
            self._overlays.append((overlay, line))
        self._draw_overlays()

    def _overlay_pen(self, overlay: Overlay) -> QPen:
        colour = getattr(self._colours, overlay.colour)
        ink, width = (_faint(colour, OVERLAY_ALPHA), 1.4) if overlay.faint else (colour, 2.2)
        pen: QPen = pg.mkPen(ink, width=width, style=overlay.style)
        return pen

    def _draw_overlays(self) -> None:
        for overlay, line in self._overlays:
            x, values = self._curve(overlay.history, self.figure.validation_name)
            if self._smooth:
                values = moving_average(values)
            line.setData(x, values, antialias=len(x) <= SMOOTH_LINES_UP_TO)

    def draw(self, history: History) -> None:
        """Shows the history as it is now."""
        x, training = self._curve(history, self.figure.name)
        _, validation = self._curve(history, self.figure.validation_name)
        nothing = np.empty(0)
        self.raw_training.setData(*((x, training) if self._smooth else (nothing, nothing)))
        self.raw_validation.setData(*((x, validation) if self._smooth else (nothing, nothing)))
        if self._smooth:
            training, validation = moving_average(training), moving_average(validation)
        markers = len(x) <= MARKERS_UP_TO and not self._smooth
        fine = len(x) <= SMOOTH_LINES_UP_TO
        self.training.setData(x, training, symbol="s" if markers else None, symbolSize=6, antialias=fine)
        self.validation.setData(x, validation, symbol="o" if markers else None, symbolSize=6, antialias=fine)
        batches = history.batches[:: max(1, len(history.batches) // TRACE_POINTS)]
        positions = np.array([batch.position for batch in batches], dtype=float)
        self.trace.setData(positions, self._drawable([getattr(batch, self.figure.name) for batch in batches]))
        self._draw_overlays()
        self._mark_best(history)
        self._fit(history)
        self._name_axis(epoch_title(solved=history.is_solved))

    def _name_axis(self, text: str) -> None:
        axis = self.getPlotItem().getAxis("bottom")
        if axis.labelText != text:
            axis.setLabel(text)

    def _curve(self, history: History, name: str) -> tuple[np.ndarray, np.ndarray]:
        x = np.array([epoch.epoch for epoch in history.epochs], dtype=float)
        return x, self._drawable([getattr(epoch, name) for epoch in history.epochs])

    def _fit(self, history: History) -> None:
        others = [overlay.history.position for overlay, _ in self._overlays]
        self._epochs = max([len(history.epochs), *(len(o.history.epochs) for o, _ in self._overlays)])
        if not history.batches and not history.epochs and not any(others):
            self.setYRange(0, 0 if self._log else 1)
        else:
            self.enableAutoRange(axis="y")
        reached = max([1.0, history.position, *others])
        shown = min(history.planned or 5, max(5, math.ceil(reached * 1.15)))
        self.setXRange(0, max(shown, math.ceil(reached)), padding=0.02)

    def show_cursor(self, epoch: int) -> None:
        """A hair line at an epoch; 0 takes it away."""
        self.cursor_line.setVisible(epoch > 0)
        self.cursor_line.setValue(epoch)

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)
        self.hovered.emit(0)

    def _drawable(self, values: list[float]) -> np.ndarray:
        """What is no number, or not above 0 on a log scale, leaves a gap."""
        array = np.array(values, dtype=float)
        array[~np.isfinite(array)] = np.nan
        if self._log:
            array[array <= 0] = np.nan
        return array

    def _mark_best(self, history: History) -> None:
        best = history.marked
        self.best_line.setVisible(best is not None)
        if best is None:
            self.best_mark.setData([], [])
            return
        value = float(self._drawable([getattr(best, self.figure.validation_name)])[0])
        self.best_line.setValue(best.epoch)
        shown = math.log10(value) if self._log else value  # a scatter takes no part in the log mode of the plot
        self.best_mark.setData([best.epoch] if math.isfinite(shown) else [],
                               [shown] if math.isfinite(shown) else [], symbol="star", size=17)  # fmt: skip

    def _mouse_moved(self, position: QPointF) -> None:
        if self._epochs and self.getPlotItem().sceneBoundingRect().contains(position):
            x = self.getPlotItem().getViewBox().mapSceneToView(position).x()
            self.hovered.emit(min(self._epochs, max(1, round(x))))
        else:
            self.hovered.emit(0)


def moving_average(values: np.ndarray) -> np.ndarray:
    """Exponential moving average that starts with the first value; gaps stay gaps."""
    smooth = np.full_like(values, np.nan)
    past = math.nan
    for number, value in enumerate(values):
        if math.isfinite(value):
            past = value if math.isnan(past) else SMOOTHING * past + (1 - SMOOTHING) * value
            smooth[number] = past
    return smooth


def _faint(colour: str, alpha: float) -> QColor:
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made


def title_font() -> QFont:
    return theme.scaled_font(1.05, QFont.Weight.DemiBold)
