"""Step 1: the data set, its classes, and what the doctor says about it."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from scene_desktop.core.datasets.dataset import DataSet
from scene_desktop.core.datasets.findings import DoctorReport
from scene_desktop.core.runs.events import Phase
from scene_desktop.ui import words
from scene_desktop.ui.dataset.class_list import ClassList
from scene_desktop.ui.dataset.examination import Examination
from scene_desktop.ui.dataset.findings_panel import FindingsPanel
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import ElidedLabel, button, label
from scene_desktop.ui.widgets.thumbnails import Thumbnails


class DatasetPanel(QWidget):
    """Shows a `DataSet` and a `DoctorReport` about it.

    Signals:
        classes_changed: Names of the classes of another data set.
        examine_requested, examine_stopped: The closer look of the doctor.
        exclusion_changed: Relative paths of photos, and whether they are left out from now on.
    """

    another_requested = Signal()
    classes_changed = Signal(object)
    examine_requested = Signal()
    examine_stopped = Signal()
    exclusion_changed = Signal(object, bool)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("dataset_panel")
        self._name = ElidedLabel("heading", name="dataset_name")
        self._facts = label("", "muted", wrap=True, name="dataset_facts")
        self._another = button(self.tr("Choose another folder…"), "folder", "plain", name="another_folder")
        self._another.setToolTip(self.tr("Use another folder with one folder for each class"))
        self.class_list = ClassList(thumbnails)
        self.findings_panel = FindingsPanel(thumbnails)
        self.examination = Examination()
        self._assemble()
        self._another.clicked.connect(self.another_requested)
        self.examination.requested.connect(self.examine_requested)
        self.examination.stopped.connect(self.examine_stopped)
        self.findings_panel.excluded.connect(self._exclude)

    def _assemble(self) -> None:
        unit = theme.unit()
        top = QHBoxLayout()
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._name)
        names.addWidget(self._facts)
        top.addLayout(names, 1)
        top.addWidget(self._another, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 3)
        column.addLayout(top)
        column.addWidget(self.class_list)
        column.addSpacing(unit)
        column.addWidget(self.findings_panel)
        column.addWidget(self.examination)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def excluded(self) -> frozenset[str]:
        """The photos that are left out, relative to the data set."""
        return self.findings_panel.excluded_paths

    def show_dataset(self, dataset: DataSet, report: DoctorReport) -> None:
        """Another data set, or the same one read again."""
        self._name.setText(words.shown(dataset.root.name or str(dataset.root)))
        self._name.setToolTip(words.tooltip(str(dataset.root)))
        self.class_list.show_dataset(dataset)
        self.findings_panel.forget()
        self.examination.offer()
        self.show_findings(report)
        self.classes_changed.emit(dataset.classes)

    def show_findings(self, report: DoctorReport) -> None:
        """What the doctor found; a complete report ends an examination."""
        self.findings_panel.show_report(report, Path(report.dataset))
        if report.complete:
            self.examination.finish()
        self._count()

    def examination_began(self) -> None:
        self.examination.begin()

    def examination_progressed(self, phase: Phase, done: int, total: int, per_second: float | None) -> None:
        self.examination.show_progress(phase, done, total, per_second)

    def examination_failed(self, message: str) -> None:
        self.examination.fail(message)

    def _exclude(self, paths: tuple[str, ...], out: bool) -> None:
        self._count()
        self.exclusion_changed.emit(paths, out)

    def _count(self) -> None:
        counts = self.findings_panel.counts()
        self.class_list.show_counts(counts)
        self._facts.setText(
            self.tr("{photos} in {classes}").format(
                photos=words.photos(sum(counts.values())), classes=words.classes(len(counts))
            )
        )
