"""The results of earlier drops, to show one again or to go on with it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from scene_desktop.core.drops import DropRecord
from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button, label
from scene_desktop.ui.widgets.text_table import TextTable


class EarlierDialog(QDialog):
    """A list, newest first.

    Signals:
        show_wanted, continue_wanted, discard_wanted: The id of a record; the dialog has closed.
    """

    show_wanted = Signal(str)
    continue_wanted = Signal(str)
    discard_wanted = Signal(str)

    def __init__(self, records: Sequence[DropRecord], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("earlier_dialog")
        self.setWindowTitle(self.tr("Earlier results"))
        self._records = list(records)
        unit = theme.unit()
        self._table = TextTable("earlier_records", self.tr("Earlier results, newest first"))
        self._table.fill_room()
        headers = [self.tr("When"), self.tr("Dropped"), self.tr("Photos"), self.tr("Model"), self.tr("State")]
        self._table.rows.replace(headers, [self._texts(record) for record in self._records])
        header = self._table.horizontalHeader()
        for narrow in (0, 2, 4):
            header.setSectionResizeMode(narrow, QHeaderView.ResizeMode.ResizeToContents)
        self._discard = button(self.tr("&Discard"), "clear", "danger", name="earlier_discard")
        self._go_on = button(self.tr("&Continue"), "play", name="earlier_continue")
        self._show = button(self.tr("&Show"), "table", "primary", name="earlier_show")
        close = button(self.tr("Close"), name="earlier_close")
        buttons = QHBoxLayout()
        buttons.setSpacing(unit * 2)
        buttons.addWidget(self._discard)
        buttons.addStretch(1)
        for made in (close, self._go_on, self._show):
            buttons.addWidget(made)
        for made in (self._discard, self._go_on, close):
            made.setAutoDefault(False)
        self._show.setDefault(True)
        sentence = (
            self.tr("The last ten are kept. What is on the page now is put away and can be shown again.")
            if self._records
            else self.tr("There are none yet. Results are kept when you clear them or close the window.")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 5, unit * 6, unit * 5)
        column.setSpacing(unit * 3)
        column.addWidget(label(self.tr("Earlier results"), "title"))
        column.addWidget(label(sentence, "muted", wrap=True))
        column.addWidget(self._table, 1)
        column.addLayout(buttons)
        self.resize(unit * 200, unit * 110)

        self._table.selectionModel().currentRowChanged.connect(self._show_buttons)
        close.clicked.connect(self.reject)
        for made, asked in (
            (self._show, self.show_wanted),
            (self._go_on, self.continue_wanted),
            (self._discard, self.discard_wanted),
        ):
            made.clicked.connect(lambda _=False, asked=asked: self._ask(asked))
        if self._records:
            self._table.selectRow(0)
            self._table.setFocus()
        self._show_buttons()

    def _texts(self, record: DropRecord) -> list[str]:
        names = ", ".join(words.name_of(path) for path in record.paths[:3])
        more = len(record.paths) - 3
        if more > 0:
            names += self.tr(" and {number} more").format(number=words.number(more))
        state = self.tr("Complete")
        if not record.ended:
            state = self.tr("Interrupted, of {found}").format(found=words.number(record.found))
        return [
            words.moment(record.when),
            names,
            words.number(record.done),
            words.shown(record.model.name),
            state,
        ]

    def _show_buttons(self) -> None:
        row = self._table.currentIndex().row()
        current = self._records[row] if 0 <= row < len(self._records) else None
        for made in (self._show, self._discard):
            made.setEnabled(current is not None)
        self._go_on.setVisible(current is not None and not current.ended)

    def _ask(self, asked: SignalInstance) -> None:
        record = self._records[self._table.currentIndex().row()]
        self.accept()
        asked.emit(record.id)
