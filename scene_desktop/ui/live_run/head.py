"""The head of a running training: its name, what it trains on, and pause, finish and discard."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from scene_desktop.core.runs.events import DataSetRead
from scene_desktop.core.runs.history import History
from scene_desktop.ui import words
from scene_desktop.ui.charts import course_words, model_words
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.icons import set_icon
from scene_desktop.ui.widgets.labels import ElidedLabel, button


class RunHead(QWidget):
    """Says what can be done now; the panel decides it."""

    pause_requested = Signal()
    continue_requested = Signal()
    finish_requested = Signal()
    discard_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("run_head")
        self._paused = False
        self._build()
        self._assemble()
        self._connect()

    def _build(self) -> None:
        self.name = ElidedLabel("heading", Qt.TextElideMode.ElideRight, name="run_name")
        self.facts = ElidedLabel("caption", Qt.TextElideMode.ElideRight, name="run_facts")
        self.keeps = ElidedLabel("caption", Qt.TextElideMode.ElideRight, name="finish_keeps")
        self.keeps.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.pause_button = button(self.tr("Continue"), "pause", name="pause_training")
        self.pause_button.setMinimumWidth(self.pause_button.sizeHint().width())
        self.finish_button = button(self.tr("Finish now"), "finish", name="finish_now")
        self.finish_button.setToolTip(self.tr("End the training and keep its best epoch so far (Ctrl+Shift+F)"))
        self.discard_button = button(self.tr("Discard…"), "clear", "danger", name="discard")
        self.discard_button.setToolTip(self.tr("Throw this training away (Ctrl+Shift+D)"))

    def _assemble(self) -> None:
        unit = theme.unit()
        top = QHBoxLayout()
        top.setSpacing(unit * 2)
        top.addWidget(self.name, 1)
        for made in (self.pause_button, self.finish_button, self.discard_button):
            top.addWidget(made)
        below = QHBoxLayout()
        below.setSpacing(unit * 4)
        below.addWidget(self.facts, 3)
        below.addWidget(self.keeps, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        column.addLayout(top)
        column.addLayout(below)

    def _connect(self) -> None:
        self.pause_button.clicked.connect(self._pause_or_continue)
        self.finish_button.clicked.connect(self.finish_requested)
        self.discard_button.clicked.connect(self.discard_requested)

    def begin(self, name: str) -> None:
        self.name.setText(words.shown(name))
        self.name.setToolTip("")

    def tell_counts(self, read: DataSetRead) -> None:
        self.name.setToolTip(model_words.photos_used(read.training, read.validation, read.folds))

    def tell(self, history: History, *, pausing: bool, can_pause: bool, can_finish: bool) -> None:
        """Shows what the training is on and what it keeps."""
        parts = [course_words.device(history.device)] if history.device is not None else []
        if history.saved_position > 0:
            text = self.tr("saved up to epoch {position}")
            parts.append(text.format(position=f"{history.saved_position:.1f}"))
        facts = "   ·   ".join(parts)
        self.facts.setText(facts)
        self.facts.setToolTip(words.tooltip(facts) if facts else "")
        best = history.best
        text = self.tr("Finish now keeps epoch {epoch}, {share}")
        if history.is_solved:
            text = self.tr("Finish now keeps what is solved so far, {share}")
        share = words.percent(best.validation_accuracy) if best else ""
        self.keeps.setText(text.format(epoch=best.epoch, share=share) if best and can_finish else "")
        self.finish_button.setEnabled(can_finish)
        self._tell_pause(history.is_paused, pausing, can_pause)

    def show_buttons(self, wanted: bool) -> None:
        """They are there only while a training runs."""
        for made in (self.pause_button, self.finish_button, self.discard_button):
            made.setVisible(wanted)

    def _tell_pause(self, paused: bool, pausing: bool, can_pause: bool) -> None:
        self._paused = paused
        self.pause_button.setEnabled(can_pause or (paused and not pausing))
        text = self.tr("Continue") if paused else self.tr("Pausing …") if pausing else self.tr("Pause")
        if text != self.pause_button.text():
            self.pause_button.setText(text)
            set_icon(self.pause_button, "play" if paused else "pause", "text", theme.unit() * 4)
        tip = (
            self.tr("Go on training (Ctrl+Shift+P)")
            if paused
            else self.tr("Wait without losing anything (Ctrl+Shift+P)")
        )
        self.pause_button.setToolTip(tip)

    def _pause_or_continue(self) -> None:
        (self.continue_requested if self._paused else self.pause_requested).emit()
