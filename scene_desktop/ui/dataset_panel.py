"""Step 1: the data set, its classes, and what a doctor would say about it."""

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from scene_desktop.core.dataset import FEW_PHOTOS, MAX_IMBALANCE, DataSet, HealthReport
from scene_desktop.ui import icons, theme, words
from scene_desktop.ui.class_list import ClassList
from scene_desktop.ui.colours import colours_of
from scene_desktop.ui.fold import Fold
from scene_desktop.ui.labels import ElidedLabel, button, label
from scene_desktop.ui.thumbnails import Thumbnails

FILE_ROWS = 6


class Finding(QWidget):
    """One finding: a sign, a sentence with a number, and the files behind it, folded away."""

    def __init__(self, sign: str, text: str, files: list[str], name: str, role: str = "warning") -> None:
        super().__init__()
        self.setObjectName(name)
        self.text, self.files = text, files
        self._sign_name, self._role = sign, role
        unit = theme.unit()
        self._sign = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(unit * 2)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        if files:
            self.fold = Fold(text, self._made_list(files), f"{name}_fold")
            row.addWidget(self.fold, 1)
        else:
            sentence = label(text, wrap=True)
            sentence.setContentsMargins(unit * 5, 0, 0, 0)  # in line with those behind a chevron
            row.addWidget(sentence, 1)
        theme.current().changed.connect(self._draw_sign)
        self._draw_sign()

    def _made_list(self, files: list[str]) -> QListView:
        view = QListView()
        view.setAccessibleName(self.tr("Files"))
        view.setProperty("look", "files")
        view.setModel(QStringListModel([words.shown(path) for path in files], view))
        view.setUniformItemSizes(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setFixedHeight(min(FILE_ROWS, len(files)) * (view.fontMetrics().height() + 4) + theme.unit())
        return view

    def _draw_sign(self) -> None:
        colour = getattr(colours_of(self.palette()), self._role)
        self._sign.setPixmap(icons.tinted(self._sign_name, colour, theme.unit() * 5, self.devicePixelRatioF()))


class DatasetPanel(QWidget):
    """Shows a `DataSet` and its `HealthReport`."""

    another_requested = Signal()

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("dataset_panel")
        unit = theme.unit()
        self._name = ElidedLabel("heading", name="dataset_name")
        self._facts = label("", "muted", wrap=True, name="dataset_facts")
        self._another = button(self.tr("Choose another folder…"), "folder", "plain", name="another_folder")
        self._another.setToolTip(self.tr("Use another folder with one folder for each class"))
        self.class_list = ClassList(thumbnails)
        self._findings_title = label(self.tr("Findings"), "heading")
        self._findings = QVBoxLayout()
        self._findings.setSpacing(unit * 2)
        self.findings: list[Finding] = []

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
        column.addWidget(self._findings_title)
        column.addLayout(self._findings)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

        self._another.clicked.connect(self.another_requested)

    def show_dataset(self, dataset: DataSet, report: HealthReport) -> None:
        self._name.setText(words.shown(dataset.root.name or str(dataset.root)))
        self._name.setToolTip(words.tooltip(str(dataset.root)))
        self._facts.setText(
            self.tr("{photos} in {classes}").format(
                photos=words.photos(report.photos), classes=words.classes(len(report.classes))
            )
        )
        self.class_list.show_dataset(dataset)
        for finding in self.findings:
            self._findings.removeWidget(finding)
            finding.hide()
            finding.deleteLater()
        self.findings = self._made_findings(report)
        for finding in self.findings:
            self._findings.addWidget(finding)

    def _made_findings(self, report: HealthReport) -> list[Finding]:
        made = []
        if report.unreadable:
            text = self.tr("Cannot be read: {photos}; they take no part").format(
                photos=words.photos(len(report.unreadable))
            )
            files = [f"{photo.path}:  {photo.reason}" for photo in report.unreadable]
            made.append(Finding("unreadable", text, files, "finding_unreadable", "danger"))
        if report.duplicates_across:
            files = [path for group in report.duplicates_across for path in group.paths]
            text = self.tr("In more than one class, a contradiction: {photos}").format(
                photos=words.photos(len(report.duplicates_across))
            )
            made.append(Finding("conflict", text, files, "finding_duplicates_across"))
        if report.duplicates_within:
            files = [path for group in report.duplicates_within for path in group.paths]
            text = self.tr("More than once in the same class: {photos}; copies stay together").format(
                photos=words.photos(len(report.duplicates_within))
            )
            made.append(Finding("copies", text, files, "finding_duplicates_within"))
        if report.small_classes:
            names = ", ".join(words.shown(name) for name in report.small_classes)
            text = self.tr("Fewer than {few} photos: {names}").format(few=FEW_PHOTOS, names=names)
            made.append(Finding("few", text, [], "finding_small_classes"))
        if report.imbalance > MAX_IMBALANCE:
            text = self.tr("The largest class has {times} times as many photos as the smallest").format(
                times=f"{report.imbalance:.0f}"
            )
            made.append(Finding("balance", text, [], "finding_imbalance"))
        if not made:
            made.append(Finding("check", self.tr("Nothing to worry about"), [], "finding_none", "good"))
        return made
