"""Step 3: the training as it happens, and what came of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.events import (
    BatchEnded,
    DataSetRead,
    EpochEnded,
    ModelSaved,
    Phase,
    PhotoSkipped,
    RunStarted,
    TrainingContinued,
    TrainingEvent,
    TrainingPaused,
)
from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import StoredRun
from scene_desktop.ui import words
from scene_desktop.ui.charts.course_words import about
from scene_desktop.ui.charts.epoch_table import EpochTable
from scene_desktop.ui.live_run.head import RunHead
from scene_desktop.ui.live_run.progress import RunProgress
from scene_desktop.ui.live_run.queue import RunQueue
from scene_desktop.ui.live_run.result_card import ResultCard
from scene_desktop.ui.live_run.trouble import RunTrouble
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import clear_area, label
from scene_desktop.ui.widgets.note import Note
from scene_desktop.ui.widgets.progress_line import ProgressLine

if TYPE_CHECKING:
    from scene_desktop.ui.charts.charts import Charts

TELL_EVERY_MS = 150


class RunPanel(QScrollArea):
    """Charts, epochs and progress; pause, finish now and discard; and after a failure the ways on.

    Signals that name a run carry the name of its folder.
    """

    pause_requested = Signal()
    continue_requested = Signal()
    finish_requested = Signal()
    discard_requested = Signal()
    resume_requested = Signal(str)
    keep_best_requested = Signal(str)
    remove_run_requested = Signal(str)
    retry_requested = Signal(dict)
    unqueue_requested = Signal(int)
    use_requested = Signal(str)
    mistakes_requested = Signal(str)
    again_requested = Signal()
    progress_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("run_panel")
        self.history = History()
        self.charts: Charts | None = None
        self.run = ""
        self._overlays: list[tuple[str, History]] = []
        self._progress: RunProgress | None = None
        self._running = self._finishing = self._pausing = False
        self._skipped: list[PhotoSkipped] = []
        self._tell_timer = QTimer(self)
        self._tell_timer.setSingleShot(True)
        self._tell_timer.setInterval(TELL_EVERY_MS)
        self._build()
        self._assemble()
        self._connect()

    def _build(self) -> None:
        self.head = RunHead()
        self.pause_button, self.finish_button = self.head.pause_button, self.head.finish_button
        self.discard_button = self.head.discard_button
        self.progress = ProgressLine("run_progress")
        self.queue = RunQueue()
        self.note = Note("run_note")
        self.problem = Note("pause_problem", closable=False)
        self.trouble = RunTrouble()
        self.result = ResultCard()
        self.result.hide()
        self._charts_place = QVBoxLayout()
        self.sentence = label("", wrap=True, name="course_sentence")
        self.table = EpochTable()

    def _assemble(self) -> None:
        unit = theme.unit()
        content = clear_area(QWidget())
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, unit * 2, unit)
        column.setSpacing(unit * 3)
        shown = (self.head, self.progress, self.problem, self.trouble, self.note, self.result, self.queue)
        for widget in shown:
            column.addWidget(widget)
        column.addLayout(self._charts_place, 3)
        column.addWidget(self.sentence)
        column.addWidget(self.table, 1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _connect(self) -> None:
        head, trouble, result = self.head, self.trouble, self.result
        head.pause_requested.connect(self.pause)
        head.continue_requested.connect(self.continue_)
        head.finish_requested.connect(self.finish)
        head.discard_requested.connect(self.discard_requested)
        trouble.resume_requested.connect(self._resume)
        trouble.keep_best_requested.connect(self._keep_best)
        trouble.discard_requested.connect(self._remove_run)
        trouble.retry_requested.connect(self.retry_requested)
        trouble.back_requested.connect(self.again_requested)
        result.use_requested.connect(self.use_requested)
        result.mistakes_requested.connect(self.mistakes_requested)
        result.again_requested.connect(self.again_requested)
        self.queue.unqueue_requested.connect(self.unqueue_requested)
        self._tell_timer.timeout.connect(self._tell)

    def showEvent(self, event: QShowEvent) -> None:
        self.need_charts()
        super().showEvent(event)

    def need_charts(self) -> "Charts":
        """The charts, made when they are first needed: pyqtgraph takes a while to import."""
        if self.charts is None:
            from scene_desktop.ui.charts.charts import Charts

            self.charts = Charts()
            self._charts_place.addWidget(self.charts, 1)
            self.charts.saved.connect(self._chart_saved)
            self.charts.save_failed.connect(self._chart_failed)
            self.charts.set_history(self.history)
            self.charts.set_overlays(self._overlays)
        return self.charts

    @property
    def is_running(self) -> bool:
        return self._running

    @property
    def is_paused(self) -> bool:
        return self._running and self.history.is_paused

    @property
    def can_pause(self) -> bool:
        return self._running and not (self._finishing or self._pausing or self.history.is_paused)

    @property
    def can_finish(self) -> bool:
        """Whether something has been learned that can be kept."""
        if not self._running or self._finishing or self._progress is None:
            return False
        started = bool(self.history.batches or self.history.epochs)
        return self._progress.phase is Phase.TRAINING and started

    # Requests

    def pause(self) -> None:
        """Asks to wait without losing anything."""
        if self.can_pause:
            self._pausing = True
            self._tell()
            self.pause_requested.emit()

    def continue_(self) -> None:
        """Asks to go on after a pause."""
        if self.is_paused:
            self.continue_requested.emit()

    def finish(self) -> None:
        """Asks to end the training and keep the best epoch."""
        if self.can_finish:
            self._finishing = True
            self._tell()
            self.finish_requested.emit()

    def _resume(self) -> None:
        self.resume_requested.emit(self.run)

    def _keep_best(self) -> None:
        self.keep_best_requested.emit(self.run)

    def _remove_run(self) -> None:
        self.remove_run_requested.emit(self.run)

    # Facts

    def begin(self, name: str, recipe: TrainingRecipe) -> None:
        self._begin(name, recipe, History(recipe=recipe), "")

    def begin_resumed(self, run: StoredRun, history: History | None = None) -> None:
        """Goes on with the course of an earlier run, on the same axis.

        Args:
            history: Its course so far, if it has been read already; reading a long one takes a moment.
        """
        history = run.history() if history is None else history
        history.is_paused = False
        self._begin(run.request.name, run.request.recipe, history, run.name)

    def _begin(self, name: str, recipe: TrainingRecipe, history: History, run: str) -> None:
        self.history, self.run = history, run
        self._progress = RunProgress(recipe, history)
        self._running, self._finishing, self._pausing, self._skipped = True, False, False, []
        self._show_head(True)
        self.head.begin(name)
        for widget in (self.note, self.problem):
            widget.clear()
        for widget in (self.result, self.trouble):
            widget.hide()
        self.table.epochs.set_history(history)
        self.need_charts().set_history(history)
        self.verticalScrollBar().setValue(0)
        self._tell()

    def add_event(self, event: TrainingEvent) -> None:
        """Takes in one fact of the training that runs."""
        epochs = len(self.history.epochs)
        self.history.add(event)
        if self._progress is not None:
            self._progress.add(event)
        match event:
            case RunStarted():
                self.run = event.run
            case PhotoSkipped():
                self._skipped.append(event)
                self._tell_skipped()
            case DataSetRead():
                self.head.tell_counts(event)
            case BatchEnded() | EpochEnded():
                self.need_charts().history_changed()
                self.table.follow(self.history, epochs)
            case TrainingPaused():
                self._pausing = False
                if event.problem:
                    self.problem.tell(event.problem, "warning")
                self._tell()
            case TrainingContinued():
                self._pausing = False
                self.problem.clear()
                self._tell()
        if not self._tell_timer.isActive():
            self._tell_timer.start()

    def end(self, saved: ModelSaved) -> None:
        self._stop_showing()
        self._show_head(False)
        self.result.show_model(saved)
        self.result.show()
        self.ensureVisible(0, 0)

    def fail(
        self, message: str, details: str = "", suggested: Mapping[str, float] = {}, can_resume: bool = False
    ) -> None:
        """Tells a failure and offers what is possible after it."""
        can_resume = can_resume and bool(self.run)
        can_keep = can_resume and self.history.best is not None
        self._stop_showing()
        self.head.show()
        self.trouble.tell(message, details, dict(suggested), can_resume=can_resume, can_keep=can_keep)
        self.ensureVisible(0, 0)

    def kept(self) -> None:
        """The training has left the engine and can be resumed."""
        self._stop_showing(self.tr("Kept; it can be resumed at any time"))

    def discarded(self) -> None:
        self._stop_showing(self.tr("Discarded; nothing was kept"))

    def set_queue(self, names: Sequence[str]) -> None:
        self.queue.show_names(names)

    def set_overlays(self, runs: Sequence[tuple[str, History]]) -> None:
        """Earlier runs to draw faintly behind the curves."""
        self._overlays = list(runs)
        if self.charts is not None:
            self.charts.set_overlays(self._overlays)

    # What is shown

    def _show_head(self, wanted: bool) -> None:
        """The card of the result takes the place of name and progress."""
        self.head.setVisible(wanted)
        self.progress.setVisible(wanted)

    def _stop_showing(self, text: str = "") -> None:
        self._running = self._pausing = False
        self.history.is_paused = False
        self._tell_timer.stop()
        self.problem.clear()
        self._tell()
        self.progress.rest(text)
        self.progress.setVisible(bool(text))
        self.progress_changed.emit(None)

    def _tell(self) -> None:
        self.sentence.setText(about(self.history) if self.history.epochs or self._running else "")
        self.head.tell(
            self.history, pausing=self._pausing, can_pause=self.can_pause, can_finish=self.can_finish
        )
        for widget in (self.pause_button, self.finish_button, self.discard_button):
            widget.setVisible(self._running)
        if not self._running or self._progress is None:
            return
        paused = self.history.is_paused
        share = self._progress.share
        if paused and share is None:
            share = 0.0  # a bar without an end would look busy
        self.progress.show_busy(self._progress.text(finishing=self._finishing, paused=paused), share)
        self.progress.hide_stop()
        self.progress_changed.emit(-1.0 if share is None else share)

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
