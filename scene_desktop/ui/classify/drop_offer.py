"""The offer to go on with a drop that was cut off."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from scene_desktop.core.drops import DropRecord
from scene_desktop.ui import words
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.widgets.labels import button, label


class DropOffer(QFrame):
    """One calm line; hidden while there is nothing to offer."""

    continue_requested = Signal(str)
    show_requested = Signal(str)
    discard_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("drop_offer")
        self.setProperty("look", "note")
        self._record = ""
        unit = theme.unit()
        self._icon = QLabel()
        self._text = label(wrap=True, name="drop_offer_text")
        go_on = button(self.tr("Continue"), "play", "primary", name="drop_offer_continue")
        show = button(self.tr("Show results"), "table", name="drop_offer_show")
        discard = button(self.tr("Discard"), "clear", name="drop_offer_discard")
        discard.setToolTip(self.tr("Forget these results; the photos stay where they are"))
        row = QHBoxLayout(self)
        row.setContentsMargins(unit * 3, unit * 2, unit * 2, unit * 2)
        row.setSpacing(unit * 2)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        for made, asked in (
            (go_on, self.continue_requested),
            (show, self.show_requested),
            (discard, self.discard_requested),
        ):
            row.addWidget(made)
            made.clicked.connect(lambda _=False, asked=asked: asked.emit(self._record))
        theme.current().changed.connect(self._draw_icon)
        self._draw_icon()
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def offer(self, record: DropRecord) -> None:
        """Offers to go on with this one."""
        self._record = record.id
        text = self.tr("Your last drop was interrupted: {done} of {photos} found so far are classified.")
        done, photos = words.number(record.done), words.photos(record.found)
        self._text.setText(text.format(done=done, photos=photos))
        self.setAccessibleName(self.text)
        self.show()

    def _draw_icon(self) -> None:
        colour = colours_of(self.palette()).accent
        self._icon.setPixmap(icons.tinted("clock", colour, theme.unit() * 5, self.devicePixelRatioF()))
