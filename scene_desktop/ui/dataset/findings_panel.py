"""All findings of the doctor, and how many photos are left out because of them."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from scene_desktop.core.datasets.findings import DoctorReport, Finding, FindingKind, FoundPhoto
from scene_desktop.ui import words
from scene_desktop.ui.dataset.finding_view import FindingView, SignedLine
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button, label
from scene_desktop.ui.widgets.thumbnails import Thumbnails


class FindingsPanel(QWidget):
    """Keeps what is open when a new report about the same data set comes.

    Signals:
        excluded: Relative paths and whether they are left out from now on.
    """

    excluded = Signal(object, bool)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("findings_panel")
        self._thumbnails = thumbnails
        self._report: DoctorReport | None = None
        self._out: frozenset[str] = frozenset()
        self._views: dict[FindingKind, FindingView] = {}
        unit = theme.unit()
        self._none = SignedLine("check", "good", label(self.tr("Nothing to worry about"), name="finding_none"))
        self._number = label("", "muted", name="left_out")
        self._undo = button(self.tr("Undo all"), look="plain", name="undo_left_out")
        self._undo.setToolTip(self.tr("Let all photos take part again"))
        line = QHBoxLayout()
        line.setSpacing(unit * 2)
        line.addWidget(label(self.tr("Findings"), "heading"))
        line.addStretch(1)
        line.addWidget(self._number)
        line.addWidget(self._undo)
        self._column = QVBoxLayout()
        self._column.setSpacing(unit * 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 2)
        column.addLayout(line)
        column.addWidget(self._none)
        column.addLayout(self._column)
        self._undo.clicked.connect(self._take_all_back)
        self._say()

    @property
    def views(self) -> list[FindingView]:
        """The findings in the order of the report."""
        return list(self._views.values())

    @property
    def excluded_paths(self) -> frozenset[str]:
        return self._out

    def forget(self) -> None:
        """Another data set comes."""
        self._report = None
        self._out = frozenset()
        for kind in tuple(self._views):
            self._drop(kind)

    def show_report(self, report: DoctorReport, root: Path) -> None:
        """Replaces what is shown; `root` is the folder of the data set."""
        self._report, self._out = report, frozenset(report.excluded)
        found = {finding.kind: finding for finding in report.findings}
        for kind in tuple(self._views):
            if kind not in found:
                self._drop(kind)
        for place, (kind, finding) in enumerate(found.items()):
            view = self._views.get(kind)
            if view is None:
                view = self._views[kind] = FindingView(kind, self._thumbnails)
                view.excluded.connect(self._exclude)
            self._column.insertWidget(place, view)
            view.show_finding(finding, root, self._out)
        self._views = {kind: self._views[kind] for kind in found}
        self._none.setVisible(not found)
        self._say()

    def counts(self) -> Mapping[str, int]:
        """Photos by class that take part, with the ticks of this moment."""
        if self._report is None:
            return {}
        counts = dict(self._report.counts)
        photos = {photo.path: photo for finding in self._report.findings for photo in _photos(finding)}
        unreadable = {
            photo.path
            for finding in self._report.findings
            if finding.kind is FindingKind.UNREADABLE
            for photo in _photos(finding)
        }
        before = frozenset(self._report.excluded)
        for path in (before ^ self._out) - unreadable:
            name = photos[path].class_name if path in photos else path.partition("/")[0]
            if name in counts:
                counts[name] = max(0, counts[name] + (1 if path in before else -1))
        return counts

    def _drop(self, kind: FindingKind) -> None:
        view = self._views.pop(kind)
        self._column.removeWidget(view)
        view.hide()
        view.deleteLater()

    def _exclude(self, paths: tuple[str, ...], out: bool) -> None:
        changed = tuple(path for path in paths if (path in self._out) is not out)
        if not changed:
            return
        self._out = self._out | set(changed) if out else self._out - set(changed)
        for view in self._views.values():
            view.show_out(self._out)
        self._say()
        self.excluded.emit(changed, out)

    def _take_all_back(self) -> None:
        self._exclude(tuple(sorted(self._out)), False)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self) -> None:
        number = len(self._out)
        self._number.setText(self.tr("{photos} left out").format(photos=words.photos(number)))
        self._number.setVisible(number > 0)
        self._undo.setVisible(number > 0)


def _photos(finding: Finding) -> list[FoundPhoto]:
    return [photo for group in finding.groups for photo in group]
