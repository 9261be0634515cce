"""The offer to go on with a sort that was cut off."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from scene_desktop.core.sorting import SortRecord, SortState
from scene_desktop.ui.sorting import sort_words
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.widgets.labels import button, label


class SortOffer(QFrame):
    """One calm line; hidden while there is nothing to offer."""

    resume_requested = Signal(str)
    undo_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sort_offer")
        self.setProperty("look", "note")
        self._record = ""
        unit = theme.unit()
        self._icon = QLabel()
        self._text = label(wrap=True, name="sort_offer_text")
        self._resume = button(self.tr("Go on"), "play", "primary", name="sort_offer_resume")
        self._undo = button(self.tr("Undo"), "back", name="sort_offer_undo")
        later = button(self.tr("Later"), look="plain", name="sort_offer_later")
        later.setToolTip(self.tr("“Sorts” in the menu Edit has it"))
        row = QHBoxLayout(self)
        row.setContentsMargins(unit * 3, unit * 2, unit * 2, unit * 2)
        row.setSpacing(unit * 2)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        for made in (self._resume, self._undo, later):
            row.addWidget(made)
        self._resume.clicked.connect(lambda: self.resume_requested.emit(self._record))
        self._undo.clicked.connect(lambda: self.undo_requested.emit(self._record))
        later.clicked.connect(self.hide)
        theme.current().changed.connect(self._draw_icon)
        self._draw_icon()
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def offer(self, record: SortRecord) -> None:
        """Offers to go on with this one."""
        self._record = record.id
        self._text.setText(sort_words.interruption(record))
        self.setAccessibleName(self.text)
        self._resume.setVisible(record.state is SortState.UNFINISHED)
        self._undo.setText(self.tr("Go on") if record.state is SortState.UNDOING else self.tr("Undo"))
        self.show()

    def _draw_icon(self) -> None:
        colour = colours_of(self.palette()).accent
        self._icon.setPixmap(icons.tinted("clock", colour, theme.unit() * 5, self.devicePixelRatioF()))
