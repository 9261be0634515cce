"""Sorting into folders: choices above, the plan that follows from them below."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from scene_desktop.core.sorting import Plan, SortProgress
from scene_desktop.ui import words
from scene_desktop.ui.sorting import sort_words
from scene_desktop.ui.sorting.choices import SortChoices
from scene_desktop.ui.sorting.plan_table import Part, PlanTable
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button, label
from scene_desktop.ui.widgets.note import Note
from scene_desktop.ui.widgets.progress_line import ProgressLine


class SortDialog(QDialog):
    """Nothing is touched here: *Sort* only tells `sort_wanted` with the plan.

    Signals:
        plan_wanted: The choices have changed; `choices` has them.
        sort_wanted: The `Plan` to be applied; the dialog has closed.
    """

    plan_wanted = Signal()
    sort_wanted = Signal(object)

    def __init__(self, choices: SortChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sort_dialog")
        self.setWindowTitle(self.tr("Sort into folders"))
        self.choices = choices
        self._plan: Plan | None = None
        unit = theme.unit()
        self._progress = ProgressLine("sort_planning")
        self._progress.hide_stop()
        self._summary = label("", "strong", wrap=True, name="sort_summary")
        self._note = Note("sort_note", closable=False)
        self._table = PlanTable("sort_plan", self.tr("Plan: where each photo goes"))
        self._parts = QButtonGroup(self)
        parts = QHBoxLayout()
        parts.setSpacing(unit)
        for part in Part:
            parts.addWidget(self._made_part(part))
        parts.addStretch(1)
        self._cancel = button(self.tr("Cancel"), name="sort_cancel")
        self._sort = button(self.tr("&Sort"), "folder", "primary", name="sort_start")
        self._sort.setDefault(True)
        self._cancel.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(unit * 2)
        buttons.addWidget(label(self.tr("Nothing is overwritten, and every sort can be undone."), "muted"), 1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._sort)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 5, unit * 6, unit * 5)
        column.setSpacing(unit * 3)
        column.addWidget(label(self.tr("Sort into folders"), "title"))
        column.addWidget(choices)
        column.addWidget(self._progress)
        column.addWidget(self._summary)
        column.addWidget(self._note)
        column.addLayout(parts)
        column.addWidget(self._table, 1)
        column.addLayout(buttons)
        self.resize(unit * 220, unit * 165)

        choices.changed.connect(self._changed)
        self._parts.idClicked.connect(lambda number: self._table.rows.show_part(Part(number)))
        self._cancel.clicked.connect(self.reject)
        self._sort.clicked.connect(self._start)
        self._show_parts()
        self._sort.setEnabled(False)

    @property
    def plan(self) -> Plan | None:
        """The plan that is shown; None while there is none that fits the choices."""
        return self._plan

    @property
    def summary(self) -> str:
        return self._summary.text()

    @property
    def problem(self) -> str:
        return self._note.text if not self._note.isHidden() else ""

    def show_planning(self, progress: SortProgress | None = None) -> None:
        """The plan is being made."""
        if progress is None or not progress.total:
            self._progress.show_busy(self.tr("Looking at photos and folders …"), None)
        else:
            text = self.tr("Planning: {done} of {photos}").format(
                done=words.number(progress.done), photos=words.photos(progress.total)
            )
            self._progress.show_busy(text, progress.done / progress.total)
        self._progress.hide_stop()
        self._progress.show()
        self._summary.hide()

    def show_plan(self, plan: Plan) -> None:
        """The plan for the choices as they are."""
        self._plan = plan
        self._say(sort_words.summary(plan) if plan.photos else self.tr("There is no photo to sort."))
        self._table.rows.replace(plan.photos)
        self._parts.button(Part.ALL).setChecked(True)
        self._show_parts()
        self._note.clear()
        if plan.problems:
            self._note.tell("\n".join(plan.problems), "error")
        self._sort.setEnabled(plan.ready)

    def show_failure(self, message: str) -> None:
        """There is no plan."""
        self._say("")
        self._table.rows.replace(())
        self._note.tell(message, "error")

    def _say(self, text: str) -> None:
        self._progress.hide()
        self._summary.setText(text)
        self._summary.setVisible(bool(text))

    def _changed(self) -> None:
        self._plan = None
        self._sort.setEnabled(False)
        if self.choices.settings is None:
            self.show_failure(self.tr("Choose the folder that shall get the sorted photos."))
            return
        self._note.clear()
        self.show_planning()
        self.plan_wanted.emit()

    def _start(self) -> None:
        if self._plan is not None and self._plan.ready:
            self.accept()
            self.sort_wanted.emit(self._plan)

    def _made_part(self, part: Part) -> QPushButton:
        made = button("", look="plain", name=f"sort_part_{part.name.lower()}")
        made.setCheckable(True)
        made.setChecked(part is Part.ALL)
        made.setAutoDefault(False)
        self._parts.addButton(made, part)
        return made

    def _show_parts(self) -> None:
        plan = self._plan
        counts = (0, 0, 0) if plan is None else (len(plan.photos), plan.renamed, plan.blocked)
        texts = (self.tr("All {number}"), self.tr("Other name {number}"), self.tr("Cannot be sorted {number}"))
        for part, count, text in zip(Part, counts, texts, strict=True):
            shown = self._parts.button(part)
            shown.setText(text.format(number=words.number(count)))
            shown.setEnabled(part is Part.ALL or count > 0)
