"""The line that says a folder is watched."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from scene_desktop.ui import words
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.widgets.labels import button, label


class WatchBar(QFrame):
    """Hidden while no folder is watched."""

    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("watch_bar")
        self.setProperty("look", "note")
        self._folder, self._new, self._sorted, self._trouble = "", 0, 0, ""
        unit = theme.unit()
        self._icon = QLabel()
        self._text = label(wrap=True, name="watch_text")
        stop = button(self.tr("Stop watching"), "stop", name="watch_stop")
        row = QHBoxLayout(self)
        row.setContentsMargins(unit * 3, unit * 2, unit * 2, unit * 2)
        row.setSpacing(unit * 2)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(stop)
        stop.clicked.connect(self.stop_requested)
        theme.current().changed.connect(self._draw_icon)
        self._draw_icon()
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def begin(self, folder: str) -> None:
        """A folder is watched from now on."""
        self._folder, self._new, self._sorted, self._trouble = folder, 0, 0, ""
        self._say()
        self.show()

    def count(self, new: int = 0, sorted_: int = 0) -> None:
        """More photos have arrived, or were sorted."""
        self._new += new
        self._sorted += sorted_
        self._say()

    def tell(self, trouble: str) -> None:
        """Something stands in the way; empty when it does not any more."""
        self._trouble = trouble
        self._say()

    def _say(self) -> None:
        text = self.tr("Watching “{folder}”: ").format(folder=words.name_of(self._folder))
        text += words.photos(self._new) + self.tr(" arrived") if self._new else self.tr("no new photos yet")
        if self._sorted:
            text += self.tr(", {number} sorted").format(number=words.number(self._sorted))
        text += "."
        if self._trouble:
            text += " " + self._trouble
        self._text.setText(text)
        self.setAccessibleName(text)

    def _draw_icon(self) -> None:
        colour = colours_of(self.palette()).accent
        self._icon.setPixmap(icons.tinted("watch", colour, theme.unit() * 5, self.devicePixelRatioF()))
