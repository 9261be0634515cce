"""From *Start* to a model in the library: the trainings on their lane, one after the other."""

import queue
from dataclasses import dataclass, field

import msgspec
from PySide6.QtCore import QObject, Signal

from scene_desktop.core.errors import InputError, SceneError, Stopped, TrainingError
from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.events import (
    ContinueRequested,
    EngineCommand,
    FinishRequested,
    KeepRequested,
    ModelSaved,
    PauseRequested,
    ResumeRequested,
    RunStarted,
    TrainingDiscarded,
    TrainingEvent,
    TrainingFailed,
    TrainingKept,
    TrainRequested,
)
from scene_desktop.core.runs.stored import StoredRun, find_run
from scene_desktop.core.text import safe_name
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.work.engine_client import run_engine
from scene_desktop.work.jobs import Lane, Ticket

_KEEP_S = 1.5
"""The engine needs no longer as a rule; if it does, it completes its checkpoint without us."""


@dataclass(eq=False)
class Training:
    """One training of this session, waiting or running.

    Attributes:
        original: What the run was begun with.
        resumed: The run on disk that it goes on with.
        run: Name of its run folder, once there is one.
        is_dropped: Whether it is not to begin any more; the page has never shown it and never does.
        wishes: What its engine is still to be told.
    """

    request: TrainRequested | ResumeRequested
    original: TrainRequested
    resumed: StoredRun | None = None
    run: str = ""
    is_dropped: bool = False
    wishes: "queue.SimpleQueue[EngineCommand]" = field(default_factory=queue.SimpleQueue)


class TrainingFlow(QObject):
    """Runs trainings in engines of their own and keeps the page told.

    Signals:
        training_began: A training has begun; folder of its data set, and of its run if it is resumed.
        model_saved: A training has put a model into the library, a `ModelSaved`.
        runs_changed: A run has ended, however that was.
    """

    training_began = Signal(str, str)
    model_saved = Signal(object)
    runs_changed = Signal()

    def __init__(self, page: TrainPage, lane: Lane) -> None:
        super().__init__(page)
        self._page, self._lane = page, lane
        self._waiting: list[Training] = []
        self._current: tuple[Training, Ticket] | None = None
        self._last: TrainRequested | None = None

        page.setup.start_requested.connect(self.start)
        for panel in (page.live_run, page.runs, page.offer):
            panel.resume_requested.connect(self.resume)
            panel.keep_best_requested.connect(self.keep_best)
        page.live_run.trouble.retry_requested.connect(self.retry)
        page.live_run.pause_requested.connect(lambda: self._wish(PauseRequested()))
        page.live_run.continue_requested.connect(lambda: self._wish(ContinueRequested()))
        page.live_run.finish_requested.connect(lambda: self._wish(FinishRequested()))
        page.live_run.discard_requested.connect(self.discard)
        page.live_run.queue.unqueue_requested.connect(self.unqueue)

    def start(self, folder: str, recipe: TrainingRecipe, name: str, start_from: str | None = None) -> None:
        """Starts a training, or puts it behind those that run."""
        try:
            request = TrainRequested(dataset=folder, recipe=recipe, name=safe_name(name), start_from=start_from)
        except SceneError as error:
            self._page.training_failed(str(error))
            return
        self._submit(Training(request, request))

    def resume(self, run: str) -> None:
        """Goes on with an interrupted run."""
        self._resume(run, finish=False)

    def keep_best(self, run: str) -> None:
        """Makes a model of the best epoch of an interrupted run."""
        self._resume(run, finish=True)

    def retry(self, suggested: dict[str, float]) -> None:
        """Trains again as the last time, with some parameters changed."""
        if self._last is None:
            return
        kinds = {name: type(getattr(self._last.recipe, name)) for name in suggested}
        changes = {name: kinds[name](value) for name, value in suggested.items()}
        try:
            recipe = with_changes(self._last.recipe, **changes)
        except InputError as error:
            self._page.training_failed(str(error))
            return
        request = msgspec.structs.replace(self._last, recipe=recipe)
        self._submit(Training(request, request))

    def discard(self) -> None:
        """Throws away the training that runs; those behind it follow."""
        if self._current is not None:
            self._current[1].stop()

    def unqueue(self, position: int) -> None:
        """Takes a waiting training out of the queue."""
        if 0 <= position < len(self._waiting):
            self._drop(self._waiting[position])

    def keep(self) -> None:
        """Asks the training that runs to leave for later, and drops those that wait; the window closes."""
        for training in list(self._waiting):
            self._drop(training)
        self._wish(KeepRequested())

    def _drop(self, training: Training) -> None:
        """Takes a training out of the queue; if it has begun this very moment, it is kept for later."""
        training.is_dropped = True
        training.wishes.put(KeepRequested())
        self._leave_queue(training)

    def _leave_queue(self, training: Training) -> None:
        if training in self._waiting:
            self._waiting.remove(training)
        self._page.live_run.queue.show_names([one.original.name for one in self._waiting])

    def _resume(self, name: str, finish: bool) -> None:
        try:
            stored = find_run(name)
        except InputError as error:
            self._page.training_failed(str(error))
            return
        request = ResumeRequested(run=name, finish=finish)
        self._submit(Training(request, stored.request, resumed=stored, run=name))

    def _submit(self, training: Training) -> None:
        def job(report: Report[TrainingEvent], should_stop: ShouldStop) -> ModelSaved | TrainingKept:
            if training.is_dropped:
                raise Stopped
            ended = run_engine(training.request, report, should_stop, training.wishes, keep_within_s=_KEEP_S)
            assert isinstance(ended, ModelSaved | TrainingKept)
            return ended

        ticket = self._lane.submit(
            job,
            on_start=lambda: self._started(training, ticket),
            on_report=lambda event: self._report(training, event),
            on_success=lambda ended: self._succeeded(training, ended),
            on_stop=lambda: self._discarded(training),
            on_failure=lambda error: self._failed(training, error),
            on_end=self._ended,
        )
        self._waiting.append(training)
        self._page.live_run.queue.show_names([one.original.name for one in self._waiting])

    def _wish(self, command: EngineCommand) -> None:
        if self._current is not None:
            self._current[0].wishes.put(command)

    def _started(self, training: Training, ticket: Ticket) -> None:
        self._current = training, ticket
        self._leave_queue(training)
        if training.is_dropped:
            return
        self._last = training.original
        if training.resumed is not None:
            self._page.begin_resumed(training.resumed)
        else:
            self._page.begin_training(training.original.name, training.original.recipe)
        self.training_began.emit(training.original.dataset, training.run)

    def _ended(self) -> None:
        self._current = None

    def _report(self, training: Training, event: TrainingEvent) -> None:
        if isinstance(event, RunStarted):
            training.run = event.run
        if training.is_dropped:
            return
        if not isinstance(event, ModelSaved | TrainingKept | TrainingFailed | TrainingDiscarded):
            # how it ended is told by the lane, also where the engine cannot
            self._page.live_run.add_event(event)

    def _succeeded(self, training: Training, ended: ModelSaved | TrainingKept) -> None:
        if not training.is_dropped:
            if isinstance(ended, ModelSaved):
                self._page.training_finished(ended)
            else:
                self._page.training_kept()
        if isinstance(ended, ModelSaved):
            self.model_saved.emit(ended)
        self.runs_changed.emit()

    def _discarded(self, training: Training) -> None:
        if not training.is_dropped:
            self._page.training_discarded()
        self.runs_changed.emit()

    def _failed(self, training: Training, error: Exception) -> None:
        if training.is_dropped:
            self.runs_changed.emit()
            return
        can_resume = self._can_resume(training.run)
        if isinstance(error, TrainingError):
            self._page.training_failed(str(error), error.details, error.suggested, can_resume)
        elif isinstance(error, SceneError):
            self._page.training_failed(str(error), "", {}, can_resume)
        else:
            self._page.training_failed(self.tr("Something unexpected went wrong."), repr(error), {}, can_resume)
        self.runs_changed.emit()

    @staticmethod
    def _can_resume(run: str) -> bool:
        """Whether the run can be taken up; the engine may be about to let go of it."""
        try:
            return bool(run) and not find_run(run).is_completed
        except InputError:
            return False
