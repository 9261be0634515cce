"""The trainings that wait for their turn."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.widgets.labels import ElidedLabel, label


class RunQueue(QWidget):
    """One line for each; hidden while nothing waits. Emits the place of the one to take out, from 0."""

    unqueue_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("run_queue")
        self._heading = label("", "strong", name="queue_heading")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._made: list[QWidget] = []
        self.names: list[str] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.unit())
        column.addWidget(self._heading)
        column.addLayout(self._rows)
        self.hide()

    def show_names(self, names: Sequence[str]) -> None:
        self.names = list(names)
        for made in self._made:
            self._rows.removeWidget(made)
            made.hide()  # it may be the sender: deleting it must wait
            made.deleteLater()
        self._made = [self._row(number, name) for number, name in enumerate(names)]
        for made in self._made:
            self._rows.addWidget(made)
        text = self.tr("1 training waits") if len(names) == 1 else self.tr("{number} trainings wait")
        self._heading.setText(text.format(number=len(names)))
        self.setVisible(bool(names))

    def _row(self, number: int, name: str) -> QWidget:
        row, unit = QWidget(), theme.unit()
        text = ElidedLabel(name=f"queued_{number}")
        text.setText(self.tr("{place}.  {name}").format(place=number + 1, name=words.shown(name)))
        remove = QToolButton()
        remove.setObjectName(f"unqueue_{number}")
        remove.setProperty("look", "plain")
        remove.setToolTip(self.tr("Take it out of the queue"))
        remove.setAccessibleName(self.tr("Take “{name}” out of the queue").format(name=words.shown(name)))
        icons.set_icon(remove, "close", "muted", unit * 4)
        remove.setIconSize(QSize(unit * 4, unit * 4))
        remove.clicked.connect(partial(self.unqueue_requested.emit, number))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(text, 1)
        line.addWidget(remove)
        return row
