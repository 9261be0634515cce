"""Step 3: the training as it happens, and what came of it."""

from collections.abc import Mapping

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
from scene_desktop.ui.charts import model_words
from scene_desktop.ui.live_run.course import RunCourse
from scene_desktop.ui.live_run.head import RunHead
from scene_desktop.ui.live_run.progress import RunProgress
from scene_desktop.ui.live_run.queue import RunQueue
from scene_desktop.ui.live_run.result_card import ResultCard
from scene_desktop.ui.live_run.trouble import RunTrouble
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets import questions
from scene_desktop.ui.widgets.labels import clear_area, label
from scene_desktop.ui.widgets.note import Note
from scene_desktop.ui.widgets.progress_line import ProgressLine

TELL_EVERY_MS = 150


class RunPanel(QScrollArea):
    """Charts, epochs and progress; pause, finish now and discard; and after a failure the ways on.

    `result`, `trouble` and `queue` ask themselves for what belongs to them alone.

    Signals:
        resume_requested, keep_best_requested, remove_run_requested: Name of the folder of the run.
        progress_changed: As in `SideBar`.
    """

    pause_requested = Signal()
    continue_requested = Signal()
    finish_requested = Signal()
    discard_requested = Signal()
    resume_requested = Signal(str)
    keep_best_requested = Signal(str)
    remove_run_requested = Signal(str)
    progress_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("run_panel")
        self.history = History()
        self.run = ""
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
        self.progress = ProgressLine("run_progress")
        self.view = label("", "caption", wrap=True, name="run_view")
        self.queue = RunQueue()
        self.note = Note("run_note")
        self.problem = Note("pause_problem", closable=False)
        self.trouble = RunTrouble()
        self.result = ResultCard()
        self.result.hide()
        self.course = RunCourse(self)

    def _assemble(self) -> None:
        unit = theme.unit()
        content = clear_area(QWidget())
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, unit * 2, unit)
        column.setSpacing(unit * 3)
        notes = (self.problem, self.trouble, self.note)
        for widget in (self.head, self.progress, *notes, self.result, self.view, self.queue):
            column.addWidget(widget)
        self.course.add_to(column)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _connect(self) -> None:
        head, trouble = self.head, self.trouble
        head.pause_requested.connect(self.pause)
        head.continue_requested.connect(self.continue_)
        head.finish_requested.connect(self.finish)
        head.discard_requested.connect(self.discard)
        trouble.resume_requested.connect(self._resume)
        trouble.keep_best_requested.connect(self._keep_best)
        trouble.discard_requested.connect(self._remove_run)
        self.course.chart_saved.connect(self._chart_saved)
        self.course.chart_failed.connect(self._chart_failed)
        self._tell_timer.timeout.connect(self._tell)

    def showEvent(self, event: QShowEvent) -> None:
        self.course.need_charts()
        super().showEvent(event)

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

    def discard(self) -> None:
        """Asks to throw the training away, after a question."""
        if self._running and questions.sure_to_discard(self):
            self.discard_requested.emit()

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
        for note in (self.note, self.problem):
            note.clear()
        self.result.hide()
        self.trouble.hide()
        self.course.show_history(history)
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
                self.course.history_grew(epochs)
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
        can_keep = can_resume and self.history.marked is not None
        self._stop_showing()
        self.head.show()
        self.trouble.tell(message, details, dict(suggested), can_resume=can_resume, can_keep=can_keep)
        self.ensureVisible(0, 0)

    def kept(self) -> None:
        """The training has left the engine and can be resumed."""
        self._stop_showing(self.tr("Kept; it can be resumed at any time"))

    def discarded(self) -> None:
        self._stop_showing(self.tr("Discarded; nothing was kept"))

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
        self.course.tell(running=self._running)
        chosen = self.history.view
        self.view.setText(model_words.chosen(chosen) if chosen is not None else "")
        self.view.setVisible(chosen is not None)
        self.head.tell(
            self.history, pausing=self._pausing, can_pause=self.can_pause, can_finish=self.can_finish
        )
        self.head.show_buttons(self._running)
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
