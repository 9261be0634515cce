"""Step 3: the training as it happens, and what came of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from scene_desktop.core.events import (
    BatchEnded,
    DataSetRead,
    EpochEnded,
    ModelSaved,
    Phase,
    PhaseChanged,
    PhotoSkipped,
    Progressed,
    TrainingEvent,
)
from scene_desktop.core.history import History, course
from scene_desktop.core.recipe import TrainingRecipe
from scene_desktop.ui import theme, words
from scene_desktop.ui.course_words import phase_name, sentence
from scene_desktop.ui.epoch_table import EpochTable
from scene_desktop.ui.labels import ElidedLabel, button, clear_area, label
from scene_desktop.ui.note import Note
from scene_desktop.ui.pace import Pace
from scene_desktop.ui.progress_line import ProgressLine
from scene_desktop.ui.result_card import ResultCard

if TYPE_CHECKING:
    from scene_desktop.ui.charts import Charts

TELL_EVERY_MS = 150


class RunPanel(QScrollArea):
    """Charts, epochs, progress, and the two ways to end a training: finish now, or discard."""

    finish_requested = Signal()
    discard_requested = Signal()
    use_requested = Signal(str)
    again_requested = Signal()
    progress_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("run_panel")
        self.history = History()
        self.charts: Charts | None = None
        self._recipe: TrainingRecipe | None = None
        self._running = self._finishing = False
        self._phase = Phase.STARTING
        self._progress: Progressed | None = None
        self._pace = Pace()
        self._skipped: list[PhotoSkipped] = []
        self._training_photos = 0
        self._tell_timer = QTimer(self)
        self._tell_timer.setSingleShot(True)
        self._tell_timer.setInterval(TELL_EVERY_MS)
        self._build()
        self._assemble()
        self._connect()

    def _build(self) -> None:
        self._name = ElidedLabel("heading", Qt.TextElideMode.ElideRight, name="run_name")
        self._kept = label("", "caption", name="finish_keeps")
        self.finish_button = button(self.tr("Finish now"), "finish", name="finish_now")
        self.finish_button.setToolTip(self.tr("End the training and keep its best epoch so far"))
        self.discard_button = button(self.tr("Discard…"), "clear", "danger", name="discard")
        self.discard_button.setToolTip(self.tr("Throw this training away"))
        self.back_button = button(self.tr("Back to the recipe"), "sliders", name="back_to_recipe")
        self.back_button.hide()
        self.progress = ProgressLine("run_progress")
        self.note = Note("run_note")
        self.result = ResultCard()
        self.result.hide()
        self._charts_place = QVBoxLayout()
        self.sentence = label("", wrap=True, name="course_sentence")
        self.table = EpochTable()

    def _assemble(self) -> None:
        unit = theme.unit()
        top = QHBoxLayout()
        top.setSpacing(unit * 2)
        top.addWidget(self._name, 1)
        for widget in (self._kept, self.finish_button, self.discard_button, self.back_button):
            top.addWidget(widget)
        content = clear_area(QWidget())
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, unit * 2, unit)
        column.setSpacing(unit * 3)
        column.addLayout(top)
        column.addWidget(self.progress)
        column.addWidget(self.note)
        column.addWidget(self.result)
        column.addLayout(self._charts_place, 3)
        column.addWidget(self.sentence)
        column.addWidget(self.table, 1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _connect(self) -> None:
        self.finish_button.clicked.connect(self.finish)
        self.discard_button.clicked.connect(self.discard_requested)
        self.result.use_requested.connect(self.use_requested)
        self.result.again_requested.connect(self.again_requested)
        self.back_button.clicked.connect(self.again_requested)
        self._tell_timer.timeout.connect(self._tell)

    def showEvent(self, event: QShowEvent) -> None:
        self.need_charts()
        super().showEvent(event)

    def need_charts(self) -> "Charts":
        """The charts, made when they are first needed: pyqtgraph takes a while to import."""
        if self.charts is None:
            from scene_desktop.ui.charts import Charts

            self.charts = Charts()
            self._charts_place.addWidget(self.charts, 1)
            self.charts.saved.connect(self._chart_saved)
            self.charts.save_failed.connect(self._chart_failed)
            self.charts.set_history(self.history, self._recipe.epochs if self._recipe else 0)
        return self.charts

    @property
    def is_running(self) -> bool:
        return self._running

    @property
    def can_finish(self) -> bool:
        """Whether something has been learned that can be kept."""
        started = bool(self.history.batches or self.history.epochs)
        return self._running and not self._finishing and self._phase is Phase.TRAINING and started

    # Facts

    def begin(self, name: str, recipe: TrainingRecipe) -> None:
        self._recipe = recipe
        self.history = History()
        self._show_head(True)
        self.back_button.hide()
        self._running, self._finishing, self._phase, self._progress = True, False, Phase.STARTING, None
        self._skipped, self._training_photos = [], 0
        self._name.setText(words.shown(name))
        self.note.clear()
        self.result.hide()
        self.table.epochs.set_history(self.history)
        self.need_charts().set_history(self.history, recipe.epochs)
        self._tell()

    def add_event(self, event: TrainingEvent) -> None:
        """Takes in one fact of the training that runs."""
        self.history.add(event)
        match event:
            case PhaseChanged():
                self._phase, self._progress, self._pace = event.phase, None, Pace()
            case Progressed():
                self._progress = event
                self._pace.add(event.done)
            case PhotoSkipped():
                self._skipped.append(event)
                self._tell_skipped()
            case DataSetRead():
                self._training_photos = event.training
                self._name.setToolTip(
                    self.tr("{training} to learn from, {validation} to measure on").format(
                        training=words.photos(event.training), validation=words.photos(event.validation)
                    )
                )
            case BatchEnded():
                self._pace.add(round(event.position * self._training_photos))
                self.need_charts().history_changed()
            case EpochEnded():
                self.need_charts().history_changed()
                self.table.grow()
        if not self._tell_timer.isActive():
            self._tell_timer.start()

    def finish(self) -> None:
        """Asks to end the training and keep the best epoch."""
        if self.can_finish:
            self._finishing = True
            self._tell()
            self.finish_requested.emit()

    def end(self, saved: ModelSaved) -> None:
        self._stop_showing("")
        self._show_head(False)
        self.result.show_model(saved)
        self.result.show()
        self.ensureVisible(0, 0)

    def _show_head(self, wanted: bool) -> None:
        """The card of the result takes the place of name and progress."""
        self._name.setVisible(wanted)
        self.progress.setVisible(wanted)

    def fail(self, message: str, details: str) -> None:
        self.back_button.show()
        self._stop_showing("")
        self.note.tell(message, "error", details)

    def discarded(self) -> None:
        self._stop_showing(self.tr("Discarded; nothing was kept"))

    # What is shown

    def _stop_showing(self, text: str) -> None:
        self._running = False
        self._tell_timer.stop()
        self._tell()
        self.progress.rest(text)
        self.progress_changed.emit(None)

    def _tell(self) -> None:
        self.sentence.setText(sentence(course(self.history)) if self.history.epochs or self._running else "")
        best = self.history.best
        self._kept.setText(
            self.tr("keeps epoch {epoch}, {share}").format(
                epoch=best.epoch, share=words.percent(best.validation_accuracy)
            )
            if best and self._running
            else ""
        )
        self.finish_button.setEnabled(self.can_finish)
        self.finish_button.setVisible(self._running)
        self.discard_button.setVisible(self._running)
        if not self._running:
            return
        share = self._share()
        parts = [
            self.tr("Finishing")
            if self._finishing and self._phase is Phase.TRAINING
            else phase_name(self._phase)
        ]
        parts += self._training_parts() if self._phase is Phase.TRAINING else self._counted_parts()
        self.progress.show_busy("   ·   ".join(parts), share)
        self.progress.hide_stop()
        self.progress_changed.emit(-1.0 if share is None else share)

    def _share(self) -> float | None:
        if self._phase is Phase.TRAINING and self._recipe is not None:
            at = self.history.batches[-1].position if self.history.batches else 0.0
            at = max(at, float(self.history.epochs[-1].epoch) if self.history.epochs else 0.0)
            return min(1.0, at / self._recipe.epochs)
        if self._progress is None or self._progress.total <= 0:
            return None
        return self._progress.done / self._progress.total

    def _training_parts(self) -> list[str]:
        assert self._recipe is not None
        epochs = self.history.epochs
        running = min(self._recipe.epochs, (epochs[-1].epoch if epochs else 0) + 1)
        text = (
            self.tr("epoch {epoch} of up to {all}")
            if self._recipe.early_stopping
            else self.tr("epoch {epoch} of {all}")
        )
        parts = [text.format(epoch=running, all=self._recipe.epochs)]
        if self._pace.per_second:
            parts.append(words.rate(self._pace.per_second))
        left = self.history.seconds_left()
        if left is None:
            left = self._pace.seconds_left(self._recipe.epochs * self._training_photos)
        if left is not None and not self._finishing:
            parts.append(words.time_left(left))
        return parts

    def _counted_parts(self) -> list[str]:
        if self._progress is None or self._progress.total <= 0:
            return []
        done, total = words.number(self._progress.done), self._progress.total
        if self._phase not in (Phase.READING, Phase.FEATURES):
            return []
        parts = [self.tr("{done} of {photos}").format(done=done, photos=words.photos(total))]
        speed = self._progress.per_second or self._pace.per_second
        if speed:
            parts += [words.rate(speed), words.time_left((total - self._progress.done) / speed)]
        return parts

    def _tell_skipped(self) -> None:
        lines = "\n".join(f"{words.shown(skip.path)}: {words.shown(skip.reason)}" for skip in self._skipped)
        text = self.tr("{photos} cannot be read and take no part.").format(
            photos=words.photos(len(self._skipped))
        )
        self.note.tell(text, "warning", lines)

    def _chart_saved(self, path: str) -> None:
        self.note.tell(self.tr("The chart is saved as “{path}”.").format(path=path))

    def _chart_failed(self, message: str) -> None:
        self.note.tell(message, "error")
