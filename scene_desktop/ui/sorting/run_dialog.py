"""A sort or an undo at work, and how it ended."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from scene_desktop.core.sorting import SortProgress, SortRecord, SortResult, SortState, UndoResult
from scene_desktop.ui import words
from scene_desktop.ui.sorting import sort_words
from scene_desktop.ui.sorting.plan_table import PlanTable, as_rows
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button, label
from scene_desktop.ui.widgets.note import Note
from scene_desktop.ui.widgets.pace import Pace
from scene_desktop.ui.widgets.progress_line import ProgressLine


class SortRunDialog(QDialog):
    """Escape asks to stop while it works, and closes it afterwards.

    Signals:
        stop_wanted: Stop as soon as nothing is half done.
        undo_wanted, resume_wanted: The id of the sort.
        folder_wanted: The path of the folder to open.
    """

    stop_wanted = Signal()
    undo_wanted = Signal(str)
    resume_wanted = Signal(str)
    folder_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sort_run_dialog")
        unit = theme.unit()
        self._record: SortRecord | None = None
        self._pace = Pace()
        self._title = label("", "title", name="sort_run_title")
        self._progress = ProgressLine("sort_progress")
        self._note = Note("sort_result", closable=False)
        self._table = PlanTable("sort_failed", self.tr("Photos that stayed where they are, and why"))
        self._open = button(self.tr("&Open folder"), "reveal", name="sort_open_folder")
        self._resume = button(self.tr("Go &on"), "play", name="sort_resume")
        self._undo = button(self.tr("&Undo"), "back", name="sort_undo")
        self._close = button(self.tr("Close"), "", "primary", name="sort_close")
        buttons = QHBoxLayout()
        buttons.setSpacing(unit * 2)
        buttons.addWidget(self._open)
        buttons.addStretch(1)
        for made in (self._resume, self._undo, self._close):
            buttons.addWidget(made)
        for made in (self._open, self._resume, self._undo):
            made.setAutoDefault(False)
        self._close.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 5, unit * 6, unit * 5)
        column.setSpacing(unit * 3)
        column.addWidget(self._title)
        column.addWidget(self._progress)
        column.addWidget(self._note)
        column.addWidget(self._table, 1)
        column.addStretch(0)
        column.addLayout(buttons)
        self.resize(unit * 170, unit * 60)

        self._progress.stop_requested.connect(self._stop)
        self._close.clicked.connect(self.accept)
        self._open.clicked.connect(self._open_folder)
        self._resume.clicked.connect(self._go_on)
        self._undo.clicked.connect(self._take_back)
        self._show_buttons()

    @property
    def is_at_work(self) -> bool:
        return self._progress.is_busy

    @property
    def text(self) -> str:
        """How it ended."""
        return self._note.text if not self._note.isHidden() else ""

    def begin(self, *, undoing: bool) -> None:
        """Work starts."""
        self._pace, self._record = Pace(), None
        title = self.tr("Undoing the sort") if undoing else self.tr("Sorting into folders")
        self._title.setText(title)
        self.setWindowTitle(title)
        self._note.clear()
        self._table.rows.replace(())
        self._progress.show_busy(self.tr("Getting ready …"), None)
        self._show_buttons()

    def show_progress(self, progress: SortProgress) -> None:
        self._pace.add(progress.done)
        parts = [f"{words.number(progress.done)} / {words.photos(progress.total)}"]
        if self._pace.per_second is not None:
            parts.append(words.rate(self._pace.per_second))
        left = self._pace.seconds_left(progress.total)
        if left is not None:
            parts.append(words.time_left(left))
        share = progress.done / progress.total if progress.total else None
        self._progress.show_busy("   ·   ".join(parts), share)

    def show_result(self, result: SortResult) -> None:
        """The sort has ended."""
        record = result.record
        text = sort_words.verb(record.how, result.done, record.target.name) + "."
        if result.stopped:
            text += " " + self.tr("It was stopped before the end. “Go on” does the rest, “Undo” takes it back.")
        if result.failed:
            stayed = words.photos(len(result.failed))
            text += " " + self.tr("Not sorted, and why: {photos}.").format(photos=stayed)
        self._end(record, text, "warning" if result.stopped or result.failed else "info")
        self._table.rows.replace(as_rows(result.failed))
        self._show_buttons()

    def show_undone(self, result: UndoResult) -> None:
        """The undo has ended."""
        text = self.tr("As before the sort: {photos}.").format(photos=words.photos(result.restored))
        if result.stopped:
            text += " " + self.tr("It was stopped before the end. “Undo” goes on.")
        if result.left:
            left = words.photos(len(result.left))
            text += " " + self.tr("Left as they are, and why: {photos}.").format(photos=left)
        self._end(result.record, text, "warning" if result.stopped or result.left else "info")
        self._table.rows.replace(as_rows(result.left))
        self._show_buttons()

    def show_failure(self, message: str, record: SortRecord | None = None) -> None:
        """It could not go on; `record` is what can be resumed or undone."""
        self._end(record, message, "error")
        self._show_buttons()

    def reject(self) -> None:
        if self.is_at_work:
            self._stop()
        else:
            super().reject()

    def _end(self, record: SortRecord | None, text: str, kind: str) -> None:
        self._record = record
        self._progress.rest("")
        self._note.tell(text, kind)

    def _stop(self) -> None:
        self._progress.show_stopping(self.tr("Stopping as soon as nothing is half done …"))
        self.stop_wanted.emit()

    def _show_buttons(self) -> None:
        record, idle = self._record, not self.is_at_work
        state = record.state if record is not None else None
        self._close.setVisible(idle)
        self._open.setVisible(idle and record is not None)
        self._resume.setVisible(idle and state is SortState.UNFINISHED)
        self._undo.setVisible(idle and state is not None and state is not SortState.UNDONE)
        self._table.setVisible(self._table.rows.rowCount() > 0)
        self._progress.setVisible(not idle)
        self.resize(self.width(), theme.unit() * (110 if self._table.rows.rowCount() else 60))
        if idle:
            self._close.setFocus()

    def _open_folder(self) -> None:
        if self._record is not None:
            self.folder_wanted.emit(str(self._record.target))

    def _go_on(self) -> None:
        if self._record is not None:
            self.resume_wanted.emit(self._record.id)

    def _take_back(self) -> None:
        if self._record is not None:
            self.undo_wanted.emit(self._record.id)
