"""Accuracy and categorical crossentropy side by side, following one history."""

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from scene_desktop.core.history import History, course
from scene_desktop.ui import theme, words
from scene_desktop.ui.colours import LIGHT, colours_of
from scene_desktop.ui.course_words import sentence
from scene_desktop.ui.curve_chart import CurveChart, Figure, paint_legend, title_font
from scene_desktop.ui.labels import button, label

DRAW_EVERY_MS = 100
SAVED_SIZE = QSize(1400, 560)
_MARGIN = 24


class Legend(QWidget):
    """The names of the curves, the same for both charts."""

    def __init__(self) -> None:
        super().__init__()
        self.entries = ("", "", "")
        self.setFixedHeight(theme.unit() * 5)

    def tell(self, entries: tuple[str, str, str]) -> None:
        self.entries = entries
        self.setAccessibleName(", ".join(filter(None, entries)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_legend(QPainter(self), QRectF(self.rect()), colours_of(self.palette()), self.entries)


class Charts(QWidget):
    """Redraws at most ten times a second, however fast events come."""

    saved = Signal(str)
    save_failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("charts")
        self._history = History()
        self._planned = 0
        self.draws = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DRAW_EVERY_MS)
        colours = colours_of(self.palette())
        figures = (
            Figure(self.tr("Accuracy"), "accuracy", "validation_accuracy", _percent),
            Figure(self.tr("Categorical crossentropy"), "crossentropy", "validation_crossentropy", _plain),
        )
        self.accuracy, self.crossentropy = (CurveChart(figure, colours) for figure in figures)
        self._read_outs = [label("", "caption", name=f"read_out_{figure.name}") for figure in figures]
        self.legend = Legend()
        self.log_scale = QCheckBox(self.tr("Log scale"))
        self.log_scale.setObjectName("log_scale")
        self.log_scale.setToolTip(self.tr("Show crossentropy on a logarithmic scale"))
        self._save = button(self.tr("Save chart…"), "save", "plain", name="save_chart")
        self._save.setToolTip(self.tr("Save both charts as PNG or SVG"))
        self._assemble()
        self._connect()
        self._draw()

    def _assemble(self) -> None:
        unit = theme.unit()
        top = QHBoxLayout()
        top.addWidget(self.legend, 1)
        top.addWidget(self.log_scale)
        top.addSpacing(unit * 2)
        top.addWidget(self._save)
        row = QHBoxLayout()
        row.setSpacing(unit * 6)
        for chart, read_out in zip((self.accuracy, self.crossentropy), self._read_outs, strict=True):
            heading = QHBoxLayout()
            heading.addWidget(label(chart.figure.title, "strong"))
            heading.addStretch(1)
            heading.addWidget(read_out)
            part = QVBoxLayout()
            part.setSpacing(unit)
            part.addLayout(heading)
            part.addWidget(chart, 1)
            chart.setMinimumSize(unit * 50, unit * 42)
            row.addLayout(part, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 2)
        column.addLayout(top)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._draw)
        self.log_scale.toggled.connect(self._set_log)
        self._save.clicked.connect(self._ask_to_save)
        self.accuracy.hovered.connect(self._read_out)
        self.crossentropy.hovered.connect(self._read_out)
        theme.current().changed.connect(self._recolour)

    @property
    def text(self) -> str:
        """The sentence about the course, which screen readers get instead of the curves."""
        return sentence(course(self._history))

    def set_history(self, history: History, planned_epochs: int) -> None:
        """Follows another history; call `history_changed` after each event that was added to it."""
        self._history, self._planned = history, planned_epochs
        self._draw()

    def history_changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def save(self, path: str) -> None:
        """Writes both charts in light colours, PNG or SVG by the ending.

        Raises:
            OSError: The file cannot be written.
        """
        Path(path).touch()
        if path.lower().endswith(".svg"):
            generator = QSvgGenerator()
            generator.setFileName(path)
            generator.setSize(SAVED_SIZE)
            generator.setResolution(self.logicalDpiX())  # otherwise Qt scales the texts of the axes
            generator.setViewBox(QRect(0, 0, SAVED_SIZE.width(), SAVED_SIZE.height()))
            self._paint_both(QPainter(generator))
            return
        image = QImage(SAVED_SIZE, QImage.Format.Format_RGB32)
        image.fill(QColor(LIGHT.window))
        self._paint_both(QPainter(image))
        if not image.save(path, "PNG"):
            raise OSError(self.tr("The picture could not be written to “{path}”").format(path=path))

    def _paint_both(self, painter: QPainter) -> None:
        """Draws new charts of the right size, so that what is on the screen stays as it is."""
        width, height = SAVED_SIZE.width() // 2, SAVED_SIZE.height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRect(0, 0, SAVED_SIZE.width(), height), QColor(LIGHT.window))
        paint_legend(painter, QRectF(_MARGIN, _MARGIN, width, theme.unit() * 5), LIGHT, self.legend.entries)
        top = 3 * _MARGIN + theme.unit() * 4
        for number, shown in enumerate((self.accuracy, self.crossentropy)):
            left = number * width + _MARGIN
            painter.setFont(title_font())
            painter.setPen(QColor(LIGHT.text))
            painter.drawText(left, top, shown.figure.title)
            place = QRect(left, top + _MARGIN // 2, width - 2 * _MARGIN, height - top - _MARGIN)
            chart = CurveChart(shown.figure, LIGHT)
            chart.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            chart.resize(place.size())
            chart.show()
            chart.set_log(shown.is_log)
            chart.set_planned(self._planned)
            chart.draw(self._history)
            chart.paint_on(painter, QRectF(place))
            chart.close()
            chart.deleteLater()
        painter.end()

    def _draw(self) -> None:
        self.draws += 1
        best = self._history.best
        mark = self.tr("best epoch: {epoch}").format(epoch=best.epoch) if best else ""
        self.legend.tell((self.tr("training"), self.tr("validation"), mark))
        for chart in (self.accuracy, self.crossentropy):
            chart.set_planned(self._planned)
            chart.draw(self._history)
            chart.setAccessibleName(chart.figure.title)
            chart.setAccessibleDescription(self.text)

    def _set_log(self, wanted: bool) -> None:
        self.crossentropy.set_log(wanted)
        self._draw()

    def _read_out(self, epoch: int) -> None:
        for chart, read_out in zip((self.accuracy, self.crossentropy), self._read_outs, strict=True):
            chart.show_cursor(epoch)
            if epoch < 1 or epoch > len(self._history.epochs):
                read_out.setText("")
                continue
            facts, figure = self._history.epochs[epoch - 1], chart.figure
            read_out.setText(
                self.tr("Epoch {epoch}   training {training}   validation {validation}").format(
                    epoch=facts.epoch,
                    training=_exact(figure, getattr(facts, figure.name)),
                    validation=_exact(figure, getattr(facts, figure.validation_name)),
                )
            )

    def _recolour(self) -> None:
        for chart in (self.accuracy, self.crossentropy):
            chart.set_colours(colours_of(self.palette()))

    def _ask_to_save(self) -> None:
        path, chosen = QFileDialog.getSaveFileName(
            self,
            self.tr("Save chart"),
            "training.png",
            f"{self.tr('Picture')} (*.png);;{self.tr('Drawing')} (*.svg)",
        )
        if not path:
            return
        if not path.lower().endswith((".png", ".svg")):
            path += ".svg" if "svg" in chosen else ".png"
        try:
            self.save(path)
        except OSError as error:
            self.save_failed.emit(self.tr("The chart was not saved: {reason}").format(reason=error))
        else:
            self.saved.emit(path)


def _percent(value: float) -> str:
    return f"{value * 100:.4g} %"


def _plain(value: float) -> str:
    return f"{value:.3g}"


def _exact(figure: Figure, value: float) -> str:
    return words.percent(value) if figure.name == "accuracy" else f"{value:.4f}"
