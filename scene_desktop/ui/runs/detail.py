"""One training of the list: its course, its epochs and its parameters."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from scene_desktop.core.recipes.parameters import PARAMETERS
from scene_desktop.core.recipes.recipe import idle_reason
from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import StoredRun
from scene_desktop.ui import words
from scene_desktop.ui.charts import model_words
from scene_desktop.ui.charts.charts import Charts
from scene_desktop.ui.charts.course_words import about, device
from scene_desktop.ui.charts.epoch_table import EpochTable
from scene_desktop.ui.recipe import parameter_words
from scene_desktop.ui.runs.table import fingerprint_of
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import ElidedLabel, label
from scene_desktop.ui.widgets.text_table import TextTable

WIDE_UNITS = 190
EPOCH_ROWS = 14


class RunDetail(QWidget):
    """Epochs and parameters side by side where there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("run_detail")
        unit = theme.unit()
        self._name = ElidedLabel("heading", Qt.TextElideMode.ElideRight, name="detail_name")
        self._facts = label("", "caption", wrap=True, name="detail_facts")
        self._message = label("", "error", wrap=True, name="detail_message")
        self.charts = Charts()
        self.sentence = label("", wrap=True, name="detail_sentence")
        self.epochs = EpochTable()
        self.epochs.setFixedHeight(unit * (6 * EPOCH_ROWS + 10))
        self.parameters = TextTable("run_parameters", self.tr("Parameters"))
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._halves.setSpacing(unit * 6)
        self._halves.addLayout(self._part(self.tr("Epochs"), self.epochs), 3)
        self._halves.addLayout(self._part(self.tr("Parameters"), self.parameters), 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, unit * 2, unit * 2, unit)
        column.setSpacing(unit * 2)
        for widget in (self._name, self._facts, self._message, self.charts, self.sentence):
            column.addWidget(widget)
        column.addSpacing(unit * 2)
        column.addLayout(self._halves)
        column.addStretch(1)

    @staticmethod
    def _part(heading: str, content: QWidget) -> QVBoxLayout:
        part = QVBoxLayout()
        part.setSpacing(theme.unit())
        part.addWidget(label(heading, "strong"))
        part.addWidget(content)
        part.addStretch(1)
        return part

    def show_run(self, run: StoredRun, history: History) -> None:
        recipe = run.request.recipe
        self._name.setText(words.shown(run.request.name))
        parts = [words.shown(run.request.dataset)]
        if fingerprint_of(run):
            parts.append(self.tr("fingerprint {fingerprint}").format(fingerprint=fingerprint_of(run)))
        if history.device is not None:
            parts.append(device(history.device))
        lines = ["   ·   ".join(parts)]
        if history.view is not None:
            lines.append(model_words.chosen(history.view))
        self._facts.setText("\n".join(lines))
        message = run.result.message if run.result is not None else ""
        self._message.setText(words.shown(message))
        self._message.setVisible(bool(message))
        self.charts.set_history(history)
        self.sentence.setText(
            about(history, is_running=run.is_running) if history.epochs else self.tr("No epoch was completed.")
        )
        self.epochs.epochs.set_history(history)
        rows = [
            [parameter.label, parameter_words.value(parameter, getattr(recipe, parameter.name))]
            for parameter in PARAMETERS
            if idle_reason(recipe, parameter.name) is None
        ]
        self.parameters.show_rows([self.tr("Parameter"), self.tr("Value")], rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.unit() * WIDE_UNITS
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._halves.setDirection(direction)
