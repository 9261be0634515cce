"""From a dropped folder to a data set that can be trained on: reading, the doctor, what is left out."""

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from scene_desktop.core.datasets import exclusions
from scene_desktop.core.datasets.dataset import DataSet, read_dataset
from scene_desktop.core.datasets.findings import DoctorReport, with_exclusions
from scene_desktop.core.datasets.health import quick_report
from scene_desktop.core.errors import sentence
from scene_desktop.core.runs.events import (
    DataSetExamined,
    ExamineRequested,
    PhaseChanged,
    Progressed,
    TrainingEvent,
)
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.work.engine_client import run_engine
from scene_desktop.work.jobs import Lane, Latest


class _Progress(NamedTuple):
    done: int
    total: int


class DatasetFlow(QObject):
    """Reads and examines data sets, and keeps the page told.

    Signals:
        dataset_read: A data set is shown, a `DataSet`.
    """

    dataset_read = Signal(object)

    def __init__(self, page: TrainPage, reading_lane: Lane, doctor_lane: Lane) -> None:
        super().__init__(page)
        self._page, self._reading_lane = page, reading_lane
        self._reading, self._examining = Latest(reading_lane), Latest(doctor_lane)
        self._dataset: DataSet | None = None
        self._report: DoctorReport | None = None

        page.intake.dataset_requested.connect(self.read)
        page.intake.stop_requested.connect(self._reading.drop)
        page.setup.dataset.examine_requested.connect(self.examine)
        page.setup.dataset.examine_stopped.connect(self._examining.drop)
        page.setup.dataset.exclusion_changed.connect(self._exclude)

    def read(self, folder: str) -> None:
        """Reads a data set; an earlier reading or examination that is still going on is dropped."""
        self._reading.drop()
        if self._examining.is_busy:
            self._examining.drop()
            self._page.setup.dataset.examination_failed("")
        self._page.begin_reading(folder)

        def job(report: Report[_Progress], should_stop: ShouldStop) -> tuple[DataSet, DoctorReport]:
            dataset = read_dataset(
                folder,
                decode=True,
                report=lambda done, total: report(_Progress(done, total)),
                should_stop=should_stop,
            )
            return dataset, quick_report(dataset)

        self._reading.submit(
            job,
            on_report=lambda progress: self._page.intake.progressed(*progress),
            on_success=lambda read: self._read(*read),
            on_failure=self._refused,
        )

    def examine(self) -> None:
        """Has an engine look for near duplicates and doubtful labels in the data set that is shown."""
        if self._dataset is None:
            return
        dataset, folder = self._dataset, str(self._dataset.root)

        def job(report: Report[TrainingEvent], should_stop: ShouldStop) -> tuple[DataSet, DoctorReport]:
            ended = run_engine(ExamineRequested(dataset=folder), report, should_stop)
            assert isinstance(ended, DataSetExamined)
            return dataset.with_choice(), ended.report

        self._page.setup.dataset.examination_began()
        self._examining.submit(
            job,
            on_report=self._examination_progressed,
            on_success=lambda examined: self._show(*examined),
            on_stop=lambda: self._page.setup.dataset.examination_failed(""),
            on_failure=self._examination_failed,
        )

    # Reading

    def _read(self, dataset: DataSet, report: DoctorReport) -> None:
        self._dataset, self._report = dataset, report
        self._page.show_dataset(dataset, report)
        self.dataset_read.emit(dataset)

    def _refused(self, error: Exception) -> None:
        text = self.tr("Something unexpected went wrong while reading this folder.")
        self._page.refuse_dataset(sentence(error, text))

    # The doctor

    def _exclude(self, paths: tuple[str, ...], excluded: bool) -> None:
        """Keeps what a person leaves out, and shows the data set and its findings with it."""
        dataset = self._dataset
        if dataset is None:
            return

        def job(report: Report[None], should_stop: ShouldStop) -> DataSet:
            (exclusions.exclude if excluded else exclusions.include)(dataset.root, paths)
            return dataset.with_choice()

        self._reading_lane.submit(
            job, on_success=self._excluded, on_failure=lambda error: self._not_excluded(dataset, error)
        )

    def _excluded(self, dataset: DataSet) -> None:
        if self._dataset is None or self._report is None or dataset.root != self._dataset.root:
            return
        counts = dict(zip(dataset.classes, dataset.counts(), strict=True))
        self._show(dataset, with_exclusions(self._report, counts, dataset.excluded_paths()))

    def _not_excluded(self, dataset: DataSet, error: Exception) -> None:
        """Tells it, and takes back the ticks that a person has made."""
        text = self.tr("Something unexpected went wrong. The choice was not kept.")
        self._page.note.tell(sentence(error, text), "error")
        if self._dataset is not None and self._report is not None and dataset.root == self._dataset.root:
            self._page.setup.dataset.show_findings(self._report)

    def _show(self, dataset: DataSet, report: DoctorReport) -> None:
        self._dataset, self._report = dataset, report
        self._page.setup.dataset.show_findings(report)
        self.dataset_read.emit(dataset)

    def _examination_progressed(self, event: TrainingEvent) -> None:
        match event:
            case PhaseChanged():
                self._page.setup.dataset.examination_progressed(event.phase, 0, 0, None)
            case Progressed():
                self._page.setup.dataset.examination_progressed(
                    event.phase, event.done, event.total, event.per_second
                )

    def _examination_failed(self, error: Exception) -> None:
        self._page.setup.dataset.examination_failed(
            sentence(error, self.tr("Something unexpected went wrong."))
        )
