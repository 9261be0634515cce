"""From a dropped folder to a data set that can be trained on: reading, the doctor, what is left out."""

from collections.abc import Callable
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from scene_desktop.core.datasets import exclusions
from scene_desktop.core.datasets.dataset import DataSet, read_dataset
from scene_desktop.core.datasets.findings import DoctorReport, with_exclusions
from scene_desktop.core.datasets.health import quick_report
from scene_desktop.core.errors import SceneError
from scene_desktop.core.runs.events import DataSetExamined, ExamineRequested, PhaseChanged, Progressed
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.work.engine_client import run_engine
from scene_desktop.work.jobs import Lane, Ticket


class _Progress(NamedTuple):
    done: int
    total: int


class DatasetFlow(QObject):
    """Reads and examines data sets, and keeps the page told.

    Signals:
        dataset_read: A data set is shown, a `DataSet`.
        bug_found: An exception that is no `SceneError`.
    """

    dataset_read = Signal(object)
    bug_found = Signal(object)

    def __init__(self, page: TrainPage, reading_lane: Lane, doctor_lane: Lane) -> None:
        super().__init__(page)
        self._page, self._reading_lane, self._doctor_lane = page, reading_lane, doctor_lane
        self._reading: Ticket | None = None
        self._examining: Ticket | None = None
        self._dataset: DataSet | None = None
        self._report: DoctorReport | None = None

        page.intake.dataset_requested.connect(self.read)
        page.intake.stop_requested.connect(self._stop_reading)
        page.setup.dataset.examine_requested.connect(self.examine)
        page.setup.dataset.examine_stopped.connect(self._stop_examining)
        page.setup.dataset.exclusion_changed.connect(self._exclude)

        reading_lane.reported.connect(self._reading_progressed)
        reading_lane.succeeded.connect(self._read)
        reading_lane.failed.connect(self._refused)
        doctor_lane.reported.connect(self._examination_progressed)
        doctor_lane.succeeded.connect(self._examined)
        doctor_lane.stopped.connect(self._not_examined)
        doctor_lane.failed.connect(self._examination_failed)

    def read(self, folder: str) -> None:
        """Reads a data set; an earlier reading or examination that is still going on is dropped."""
        self._stop_reading()
        self._stop_examining()
        self._page.begin_reading(folder)

        def job(
            report: Callable[[object], None], should_stop: Callable[[], bool]
        ) -> tuple[DataSet, DoctorReport]:
            dataset = read_dataset(
                folder,
                decode=True,
                report=lambda done, total: report(_Progress(done, total)),
                should_stop=should_stop,
            )
            return dataset, quick_report(dataset)

        self._reading = self._reading_lane.submit(job, "read", folder)

    def examine(self) -> None:
        """Has an engine look for near duplicates and doubtful labels in the data set that is shown."""
        self._stop_examining()
        if self._dataset is None:
            return
        dataset, folder = self._dataset, str(self._dataset.root)

        def job(
            report: Callable[[object], None], should_stop: Callable[[], bool]
        ) -> tuple[DataSet, DoctorReport]:
            ended = run_engine(ExamineRequested(dataset=folder), report, should_stop)
            assert isinstance(ended, DataSetExamined)
            return dataset.with_choice(), ended.report

        self._page.setup.dataset.examination_began()
        self._examining = self._doctor_lane.submit(job, "examine", folder)

    # Reading

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.stop()
            self._reading = None

    def _reading_progressed(self, ticket: Ticket, progress: object) -> None:
        if ticket is self._reading and isinstance(progress, _Progress):
            self._page.intake.progressed(*progress)

    def _read(self, ticket: Ticket, result: Any) -> None:
        if ticket.kind == "exclude":
            self._excluded(result)
        elif ticket is self._reading:
            self._reading = None
            self._dataset, self._report = dataset, report = result
            self._page.show_dataset(dataset, report)
            self.dataset_read.emit(dataset)

    def _refused(self, ticket: Ticket, error: Exception) -> None:
        if ticket.kind == "exclude":
            self._page.note.tell(str(error), "error")
            return
        if ticket is not self._reading:
            return
        self._reading = None
        if isinstance(error, SceneError):
            self._page.refuse_dataset(str(error))
        else:
            self._page.refuse_dataset(self.tr("Something unexpected went wrong while reading this folder."))
            self.bug_found.emit(error)

    # The doctor

    def _exclude(self, paths: tuple[str, ...], excluded: bool) -> None:
        """Keeps what a person leaves out, and shows the data set and its findings with it."""
        dataset = self._dataset
        if dataset is None:
            return

        def job(tell: Callable[[object], None], should_stop: Callable[[], bool]) -> DataSet:
            (exclusions.exclude if excluded else exclusions.include)(dataset.root, paths)
            return dataset.with_choice()

        self._reading_lane.submit(job, "exclude", dataset.root)

    def _excluded(self, dataset: DataSet) -> None:
        if self._dataset is None or self._report is None or dataset.root != self._dataset.root:
            return
        counts = dict(zip(dataset.classes, dataset.counts(), strict=True))
        self._show(dataset, with_exclusions(self._report, counts, dataset.excluded_paths()))

    def _show(self, dataset: DataSet, report: DoctorReport) -> None:
        self._dataset, self._report = dataset, report
        self._page.setup.dataset.show_findings(report)
        self.dataset_read.emit(dataset)

    def _stop_examining(self) -> None:
        if self._examining is not None:
            self._examining.stop()

    def _examination_progressed(self, ticket: Ticket, event: object) -> None:
        if ticket is not self._examining:
            return
        match event:
            case PhaseChanged():
                self._page.setup.dataset.examination_progressed(event.phase, 0, 0, None)
            case Progressed():
                self._page.setup.dataset.examination_progressed(
                    event.phase, event.done, event.total, event.per_second
                )

    def _examined(self, ticket: Ticket, result: tuple[DataSet, DoctorReport]) -> None:
        if ticket is self._examining:
            self._examining = None
            self._show(*result)

    def _not_examined(self, ticket: Ticket) -> None:
        if ticket is self._examining:
            self._examining = None
            self._page.setup.dataset.examination_failed("")

    def _examination_failed(self, ticket: Ticket, error: Exception) -> None:
        if ticket is not self._examining:
            return
        self._examining = None
        if isinstance(error, SceneError):
            self._page.setup.dataset.examination_failed(str(error))
        else:
            self._page.setup.dataset.examination_failed(self.tr("Something unexpected went wrong."))
            self.bug_found.emit(error)
