"""All sorts that were made here, to undo one or to go on with it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from scene_desktop.core.sorting import SortRecord, SortState
from scene_desktop.ui import words
from scene_desktop.ui.sorting import sort_words
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button, label
from scene_desktop.ui.widgets.text_table import TextTable


class SortRecordsDialog(QDialog):
    """A list, newest first.

    Signals:
        undo_wanted, resume_wanted: The id of a sort; the dialog has closed.
        folder_wanted: The path of a folder to open.
    """

    undo_wanted = Signal(str)
    resume_wanted = Signal(str)
    folder_wanted = Signal(str)

    def __init__(self, records: Sequence[SortRecord], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sort_records_dialog")
        self.setWindowTitle(self.tr("Sorts"))
        self._records = list(records)
        unit = theme.unit()
        self._table = TextTable("sort_records", self.tr("Sorts, newest first"))
        self._table.fill_room()
        self._table.rows.replace(
            [self.tr("When"), self.tr("What"), self.tr("State"), self.tr("Folder")],
            [
                [
                    words.moment(record.when),
                    sort_words.verb(record.how, record.total, record.target.name),
                    sort_words.state_of(record),
                    words.shown(str(record.target)),
                ]
                for record in self._records
            ],
        )
        header = self._table.horizontalHeader()
        for fitted in (0, 2):
            header.setSectionResizeMode(fitted, QHeaderView.ResizeMode.ResizeToContents)
        self._open = button(self.tr("&Open folder"), "reveal", name="records_open")
        self._resume = button(self.tr("Go &on"), "play", name="records_resume")
        self._undo = button(self.tr("&Undo"), "back", "primary", name="records_undo")
        close = button(self.tr("Close"), name="records_close")
        buttons = QHBoxLayout()
        buttons.setSpacing(unit * 2)
        buttons.addWidget(self._open)
        buttons.addStretch(1)
        for made in (close, self._resume, self._undo):
            buttons.addWidget(made)
        for made in (self._open, self._resume, close):
            made.setAutoDefault(False)
        self._undo.setDefault(True)
        sentence = (
            self.tr("Undo puts every photo back where it was. What was changed since then stays as it is.")
            if self._records
            else self.tr("No photos were sorted yet. “Sort into folders” in the menu File does it.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 5, unit * 6, unit * 5)
        column.setSpacing(unit * 3)
        column.addWidget(label(self.tr("Sorts"), "title"))
        column.addWidget(label(sentence, "muted", wrap=True))
        column.addWidget(self._table, 1)
        column.addLayout(buttons)
        self.resize(unit * 200, unit * 110)

        self._table.selectionModel().currentRowChanged.connect(self._show_buttons)
        self._undo.clicked.connect(self._ask_to_undo)
        self._resume.clicked.connect(self._ask_to_resume)
        self._open.clicked.connect(self._ask_to_open)
        close.clicked.connect(self.reject)
        if self._records:
            self._table.selectRow(0)
            self._table.setFocus()
        self._show_buttons()

    @property
    def _current(self) -> SortRecord | None:
        row = self._table.currentIndex().row()
        return self._records[row] if 0 <= row < len(self._records) else None

    def _show_buttons(self) -> None:
        record = self._current
        idle = record is not None and not record.running
        self._open.setEnabled(record is not None)
        self._undo.setEnabled(idle and record is not None and record.state is not SortState.UNDONE)
        self._resume.setVisible(idle and record is not None and record.state is SortState.UNFINISHED)

    def _ask_to_undo(self) -> None:
        if (record := self._current) is not None:
            self.accept()
            self.undo_wanted.emit(record.id)

    def _ask_to_resume(self) -> None:
        if (record := self._current) is not None:
            self.accept()
            self.resume_wanted.emit(record.id)

    def _ask_to_open(self) -> None:
        if (record := self._current) is not None:
            self.folder_wanted.emit(str(record.target))
