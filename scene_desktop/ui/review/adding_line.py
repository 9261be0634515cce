"""How far corrected photos have been copied into a data set, and what came of it."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from scene_desktop.core.datasets.corrections import Added
from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button
from scene_desktop.ui.widgets.note import Note
from scene_desktop.ui.widgets.progress_line import ProgressLine


class AddingLine(QWidget):
    """Hidden until photos are added; `train_requested` carries the folder of the data set."""

    stop_requested = Signal()
    train_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("adding_line")
        self._root = ""
        self.progress = ProgressLine("adding_progress")
        self.note = Note("adding_note")
        self.train = button(self.tr("Train again"), "train", name="train_again")
        self.train.setToolTip(self.tr("Open the Train page with this data set"))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.unit() * 2)
        row.addWidget(self.note, 1)
        row.addWidget(self.train)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.progress)
        column.addLayout(row)

        self.progress.stop_requested.connect(self._stop)
        self.note.closed.connect(self.hide)
        self.train.clicked.connect(self._train)
        self.hide()

    def show_progress(self, done: int, total: int) -> None:
        """Photos copied so far."""
        text = self.tr("Adding to the data set: {done} of {total}").format(
            done=words.number(done), total=words.photos(total)
        )
        self.progress.show_busy(text, done / total if total else None)
        self.progress.show()
        self.note.hide()
        self.train.hide()
        self.show()

    def show_added(self, added: Added) -> None:
        """The counts, with the reasons of what failed, and the way to the training."""
        self._root = str(added.root)
        name = words.shown(Path(added.root).name)
        parts = [
            self.tr("{photos} added to “{name}”").format(photos=words.photos(len(added.copied)), name=name)
        ]
        if added.already_there:
            parts.append(
                self.tr("{number} were there already").format(number=words.number(added.already_there))
            )
        if added.failed:
            number = words.number(len(added.failed))
            parts.append(self.tr("{number} could not be copied").format(number=number))
        details = "\n".join(f"{words.shown(row.path)}: {words.shown(row.reason)}" for row in added.failed)
        self._tell(", ".join(parts) + ".", "warning" if added.failed else "info", details)
        self.train.setVisible(bool(added.copied or added.already_there))

    def show_stopped(self) -> None:
        self._tell(
            self.tr("Stopped. What was added until then stays; adding again goes on from there."), "info"
        )

    def show_failure(self, text: str) -> None:
        self._tell(text, "error")

    def _tell(self, text: str, kind: str, details: str = "") -> None:
        self.progress.rest("")
        self.progress.hide()
        self.train.hide()
        self.note.tell(text, kind, details)
        self.show()

    def _stop(self) -> None:
        self.progress.show_stopping(self.tr("Stopping …"))
        self.stop_requested.emit()

    def _train(self) -> None:
        self.hide()
        self.train_requested.emit(self._root)
