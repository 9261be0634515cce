"""From a folder on the Train page to a model in the library."""

import threading
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from scene_desktop.core.dataset import DataSet, HealthReport, examine, read_dataset
from scene_desktop.core.errors import SceneError, TrainingError
from scene_desktop.core.events import ModelSaved, TrainingEvent, TrainRequested
from scene_desktop.core.library import safe_name
from scene_desktop.core.recipe import TrainingRecipe
from scene_desktop.ui.train_page import TrainPage
from scene_desktop.work.engine_client import run_training
from scene_desktop.work.jobs import Lane, Ticket


class _Progress(NamedTuple):
    done: int
    total: int


class TrainFlow(QObject):
    """Reads data sets and runs trainings, and keeps the page told.

    Signals:
        model_saved: A training has put a model into the library, a `ModelSaved`.
        use_requested: Name of a model to classify with.
        bug_found: An exception that is no `SceneError`.
    """

    model_saved = Signal(object)
    use_requested = Signal(str)
    bug_found = Signal(object)

    def __init__(self, page: TrainPage, lane: Lane, reading_lane: Lane) -> None:
        super().__init__(page)
        self._page, self._lane, self._reading_lane = page, lane, reading_lane
        self._reading: Ticket | None = None
        self._finish = threading.Event()

        page.dataset_requested.connect(self.read)
        page.reading_stop_requested.connect(self._stop_reading)
        page.start_requested.connect(self.start)
        page.finish_requested.connect(self.finish_now)
        page.discard_requested.connect(lane.stop_all)
        page.use_requested.connect(self.use_requested)

        lane.reported.connect(self._report)
        lane.succeeded.connect(self._succeeded)
        lane.stopped.connect(self._discarded)
        lane.failed.connect(self._failed)
        reading_lane.reported.connect(self._reading_progressed)
        reading_lane.succeeded.connect(self._read)
        reading_lane.failed.connect(self._refused)

    def read(self, folder: str) -> None:
        """Reads and examines a data set; an earlier reading that is still going on is dropped."""
        self._stop_reading()
        self._page.begin_reading(folder)

        def job(
            report: Callable[[object], None], should_stop: Callable[[], bool]
        ) -> tuple[DataSet, HealthReport]:
            dataset = read_dataset(
                folder,
                decode=True,
                report=lambda done, total: report(_Progress(done, total)),
                should_stop=should_stop,
            )
            return dataset, examine(dataset)

        self._reading = self._reading_lane.submit(job, "read", folder)

    def start(self, folder: str, recipe: TrainingRecipe, name: str) -> None:
        """Starts a training in an engine of its own."""
        try:
            request = TrainRequested(dataset=folder, recipe=recipe, name=safe_name(name))
        except SceneError as error:
            self._page.training_failed(str(error), "")
            return
        self._finish = finish = threading.Event()

        def job(report: Callable[[object], None], should_stop: Callable[[], bool]) -> ModelSaved:
            return run_training(request, report, should_stop, finish)

        self._page.begin_training(request.name, recipe)
        self._lane.submit(job, "training", request)

    def finish_now(self) -> None:
        """Ends the fit and keeps its best epoch."""
        self._finish.set()

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.stop()
            self._reading = None

    def _reading_progressed(self, ticket: Ticket, progress: object) -> None:
        if ticket is self._reading and isinstance(progress, _Progress):
            self._page.reading_progressed(*progress)

    def _read(self, ticket: Ticket, result: tuple[DataSet, HealthReport]) -> None:
        if ticket is self._reading:
            self._reading = None
            self._page.show_dataset(*result)

    def _refused(self, ticket: Ticket, error: Exception) -> None:
        if ticket is not self._reading:
            return
        self._reading = None
        if isinstance(error, SceneError):
            self._page.refuse_dataset(str(error))
        else:
            self._page.refuse_dataset(self.tr("Something unexpected went wrong while reading this folder."))
            self.bug_found.emit(error)

    def _report(self, ticket: Ticket, event: TrainingEvent) -> None:
        self._page.add_event(event)

    def _succeeded(self, ticket: Ticket, saved: ModelSaved) -> None:
        self._page.training_finished(saved)
        self.model_saved.emit(saved)

    def _discarded(self, ticket: Ticket) -> None:
        self._page.training_discarded()

    def _failed(self, ticket: Ticket, error: Exception) -> None:
        if isinstance(error, SceneError):
            details = error.details if isinstance(error, TrainingError) else ""
            self._page.training_failed(str(error), details)
        else:
            self._page.training_failed(self.tr("Something unexpected went wrong."), repr(error))
            self.bug_found.emit(error)
