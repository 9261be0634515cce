"""The course of the training that runs: its charts, a sentence about them, and the table of its epochs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from scene_desktop.core.runs.history import History
from scene_desktop.ui.charts.course_words import about
from scene_desktop.ui.charts.epoch_table import EpochTable
from scene_desktop.ui.widgets.labels import label

if TYPE_CHECKING:
    from scene_desktop.ui.charts.charts import Charts


class RunCourse(QObject):
    """Draws one `History` as it grows.

    Signals:
        chart_saved: The path of the file.
        chart_failed: Why a chart could not be saved.
    """

    chart_saved = Signal(str)
    chart_failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._history = History()
        self._overlays: list[tuple[str, History]] = []
        self._charts: Charts | None = None
        self._charts_place = QVBoxLayout()
        self.sentence = label("", wrap=True, name="course_sentence")
        self.table = EpochTable()

    def add_to(self, column: QVBoxLayout) -> None:
        """Lays the parts out below what is there; they share the room that is left."""
        column.addLayout(self._charts_place, 3)
        column.addWidget(self.sentence)
        column.addWidget(self.table, 1)

    def need_charts(self) -> "Charts":
        """The charts, made when they are first needed: pyqtgraph takes a while to import."""
        if self._charts is None:
            from scene_desktop.ui.charts.charts import Charts

            self._charts = Charts()
            self._charts_place.addWidget(self._charts, 1)
            self._charts.saved.connect(self.chart_saved)
            self._charts.save_failed.connect(self.chart_failed)
            self._charts.set_history(self._history)
            self._charts.set_overlays(self._overlays)
        return self._charts

    def show_history(self, history: History) -> None:
        """Another course; it may have epochs already."""
        self._history = history
        self.table.epochs.set_history(history)
        self.need_charts().set_history(history)

    def history_grew(self, epochs_before: int) -> None:
        """The history has more batches, or more epochs than the `epochs_before`."""
        self.need_charts().history_changed()
        self.table.follow(self._history, epochs_before)

    def set_overlays(self, runs: Sequence[tuple[str, History]]) -> None:
        """Names and courses of earlier trainings on the same photos, drawn faintly behind the curves."""
        self._overlays = list(runs)
        if self._charts is not None:
            self._charts.set_overlays(self._overlays)

    def tell(self, *, running: bool) -> None:
        """Says the sentence about what was drawn."""
        self.sentence.setText(about(self._history) if self._history.epochs or running else "")
