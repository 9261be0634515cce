"""Files and folders from outside: arguments of the start, those of a further start, the desktop."""

import os
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from scene_desktop.ui import words
from scene_desktop.ui.window.window import MainWindow
from scene_desktop.work.jobs import Lane
from scene_desktop.work.one_window import HandOver


class OutsideFlow(QObject):
    """Looks whether anything is there, away from the window's thread, because disks may be slow or gone.

    Signals:
        files_found: Paths; those that are not there get their verdict like any other.
    """

    files_found = Signal(object)

    def __init__(self, window: MainWindow, lane: Lane) -> None:
        super().__init__(window)
        self._window, self._lane = window, lane

    def take(self, message: HandOver) -> None:
        """Another start hands over what it got."""
        self._window.come_forward(message.activation_token)
        self.open(message.files)

    def open(self, paths: Sequence[str]) -> None:
        """Opens files and folders, or says that none of them is there."""
        if not paths:
            return
        self._lane.submit(
            lambda report, should_stop: any(os.path.lexists(path) for path in paths),
            on_success=lambda there: self._looked(paths, there),
        )

    def _looked(self, paths: Sequence[str], there: bool) -> None:
        if there:
            self.files_found.emit(paths)
            return
        text = self.tr(
            "“{name}” is not there (any more). Check its name and whether its disk is connected, then open it "
            "again."
        ).format(name=words.name_of(paths[0]))
        if len(paths) > 1:
            text = self.tr(
                "None of the {number} files and folders is there (any more). Check their names and whether "
                "their disk is connected, then open them again."
            ).format(number=words.number(len(paths)))
        self._window.show_classify_page()
        self._window.classify_page.note.tell(text, "warning", "\n".join(map(words.shown, paths)))
