"""Accuracy and categorical crossentropy side by side, following one history."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from scene_desktop.core.runs.events import EpochEnded
from scene_desktop.core.runs.history import History
from scene_desktop.ui import words
from scene_desktop.ui.charts import export
from scene_desktop.ui.charts.course_words import about, epoch_title
from scene_desktop.ui.charts.curve_chart import OVERLAY_ALPHA, CurveChart, Figure, Overlay
from scene_desktop.ui.charts.legend import Legend, LegendEntry
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.widgets.labels import ElidedLabel, button, label

DRAW_EVERY_MS = 100
_STYLES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotDotLine,
)
_RUN_COLOURS = ("validation", "training", "good", "danger", "warning", "muted")


class Charts(QWidget):
    """Redraws at most ten times a second, however fast events come."""

    saved = Signal(str)
    save_failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("charts")
        self._history = History()
        self._overlays: list[Overlay] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DRAW_EVERY_MS)
        colours = colours_of(self.palette())
        figures = (
            Figure(self.tr("Accuracy"), "accuracy", "validation_accuracy", _percent),
            Figure(self.tr("Categorical crossentropy"), "crossentropy", "validation_crossentropy", _plain),
        )
        self.accuracy, self.crossentropy = (CurveChart(figure, colours) for figure in figures)
        self._read_outs = [
            ElidedLabel("caption", Qt.TextElideMode.ElideRight, name=f"read_out_{figure.name}")
            for figure in figures
        ]
        self.legend = Legend()
        self.smoothing = self._switch("smoothing", self.tr("Smooth"))
        self.smoothing.setToolTip(self.tr("Draw a moving average, and the epochs faintly behind it"))
        self.log_scale = self._switch("log_scale", self.tr("Log scale"))
        self.log_scale.setToolTip(self.tr("Show crossentropy on a logarithmic scale"))
        self._save = button(self.tr("Save chart…"), "save", "plain", name="save_chart")
        self._save.setToolTip(self.tr("Save both charts as PNG or SVG, or their figures as CSV"))
        self._assemble()
        self._connect()
        self._draw()

    @staticmethod
    def _switch(name: str, text: str) -> QCheckBox:
        made = QCheckBox(text)
        made.setObjectName(name)
        return made

    def _assemble(self) -> None:
        unit = theme.unit()
        top = QHBoxLayout()
        top.setSpacing(unit * 3)
        top.addWidget(self.legend, 1)
        for widget in (self.smoothing, self.log_scale, self._save):
            top.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout()
        row.setSpacing(unit * 6)
        for chart, read_out in zip((self.accuracy, self.crossentropy), self._read_outs, strict=True):
            heading = QHBoxLayout()
            heading.setSpacing(unit * 3)
            heading.addWidget(label(chart.figure.title, "strong"))
            read_out.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            heading.addWidget(read_out, 1)
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
        self.smoothing.toggled.connect(self._set_smooth)
        self._save.clicked.connect(self._ask_to_save)
        self.accuracy.hovered.connect(self._read_out)
        self.crossentropy.hovered.connect(self._read_out)
        theme.current().changed.connect(self._recolour)

    @property
    def text(self) -> str:
        """The sentence about the course, which screen readers get instead of the curves."""
        if self._history.epochs or not self._overlays:
            return about(self._history)
        return self.tr("Validation of {names}").format(names=", ".join(o.name for o in self._overlays))

    def set_history(self, history: History) -> None:
        """Follows another history; call `history_changed` after each event that was added to it."""
        self._history = history
        self._read_out(0)
        self._draw()

    def set_overlays(self, runs: Sequence[tuple[str, History]]) -> None:
        """Draws the validation of earlier runs faintly behind the curves, under their names."""
        self._show_overlays(
            [
                Overlay(words.shown(name), history, "muted", _STYLES[1 + number % 4], True)
                for number, (name, history) in enumerate(runs)
            ]
        )

    def show_runs(self, runs: Sequence[tuple[str, History]]) -> None:
        """Draws the validation of several runs together, each with its own colour and line."""
        self._history = History()
        colours, styles = len(_RUN_COLOURS), len(_STYLES)
        self._show_overlays(
            [
                Overlay(words.shown(name), history, _RUN_COLOURS[n % colours], _STYLES[n % styles], False)
                for n, (name, history) in enumerate(runs)
            ]
        )

    def _show_overlays(self, overlays: list[Overlay]) -> None:
        self._overlays = overlays
        for chart in (self.accuracy, self.crossentropy):
            chart.set_overlays(overlays)
        self._draw()

    def history_changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def save(self, path: str) -> None:
        """Writes both charts in light colours as PNG or SVG, or their epochs as CSV, by the ending.

        Raises:
            OSError: The file cannot be written.
        """
        if path.lower().endswith(".csv"):
            own = [("", self._history)] if self._history.epochs else []
            export.save_csv(path, [*own, *((o.name, o.history) for o in self._overlays)])
            return
        Path(path).touch()
        write = export.save_svg if path.lower().endswith(".svg") else export.save_png
        write(path, (self.accuracy, self.crossentropy), self._history, self._overlays, self._entries())

    def _entries(self) -> tuple[LegendEntry, ...]:
        entries = []
        if self._history.epochs or self._history.batches or not self._overlays:
            entries = [
                LegendEntry(self.tr("training"), "training", Qt.PenStyle.DashLine, "square"),
                LegendEntry(self.tr("validation"), "validation", symbol="circle"),
            ]
        best = self._history.marked
        if best:
            text = self.tr("best epoch: {epoch}").format(epoch=best.epoch)
            entries.append(LegendEntry(text, "validation", symbol="star"))
        entries += [
            LegendEntry(o.name, o.colour, o.style, alpha=OVERLAY_ALPHA if o.faint else 1.0)
            for o in self._overlays
        ]
        return tuple(entries)

    def _draw(self) -> None:
        self.legend.tell(self._entries())
        text = self.text
        for chart in (self.accuracy, self.crossentropy):
            chart.draw(self._history)
            chart.setAccessibleName(chart.figure.title)
            chart.setAccessibleDescription(text)

    def _set_log(self, wanted: bool) -> None:
        self.crossentropy.set_log(wanted)
        self._draw()

    def _set_smooth(self, wanted: bool) -> None:
        for chart in (self.accuracy, self.crossentropy):
            chart.set_smooth(wanted)
        self._draw()

    def _read_out(self, epoch: int) -> None:
        for chart, read_out in zip((self.accuracy, self.crossentropy), self._read_outs, strict=True):
            chart.show_cursor(epoch)
            read_out.setText(self._figures_at(epoch, chart.figure) if epoch > 0 else "")

    def _figures_at(self, epoch: int, figure: Figure) -> str:
        parts = []
        facts = _epoch(self._history, epoch)
        if facts is not None:
            parts = [
                self.tr("training {figure}").format(figure=_exact(figure, getattr(facts, figure.name))),
                self.tr("validation {figure}").format(
                    figure=_exact(figure, getattr(facts, figure.validation_name))
                ),
            ]
        for overlay in self._overlays:
            facts = _epoch(overlay.history, epoch)
            if facts is not None:
                parts.append(f"{overlay.name} {_exact(figure, getattr(facts, figure.validation_name))}")
        heading = f"{epoch_title(solved=self._history.is_solved)} {epoch}"
        return "   ".join([heading, *parts]) if parts else ""

    def _recolour(self) -> None:
        for chart in (self.accuracy, self.crossentropy):
            chart.set_colours(colours_of(self.palette()))

    def _ask_to_save(self) -> None:
        kinds = {
            f"{self.tr('Picture')} (*.png)": ".png",
            f"{self.tr('Drawing')} (*.svg)": ".svg",
            f"{self.tr('Table of the epochs')} (*.csv)": ".csv",
        }
        path, chosen = QFileDialog.getSaveFileName(
            self, self.tr("Save chart"), "training.png", ";;".join(kinds)
        )
        if not path:
            return
        if not path.lower().endswith(tuple(kinds.values())):
            path += kinds.get(chosen, ".png")
        try:
            self.save(path)
        except OSError as error:
            self.save_failed.emit(self.tr("The chart was not saved: {reason}").format(reason=error))
        else:
            self.saved.emit(path)


def _epoch(history: History, number: int) -> EpochEnded | None:
    return next((epoch for epoch in history.epochs if epoch.epoch == number), None)


def _percent(value: float) -> str:
    return f"{value * 100:.4g} %"


def _plain(value: float) -> str:
    return f"{value:.3g}"


def _exact(figure: Figure, value: float) -> str:
    return words.percent(value) if figure.name == "accuracy" else f"{value:.4f}"
