"""The application object: its names, and what the desktop hands to it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """The one of the window's process.

    Signals:
        files_opened: Paths that macOS opens with the app: dropped on its icon, or double-clicked.
    """

    files_opened = Signal(object)

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))
        self.setApplicationName("scene-desktop")
        self.setApplicationDisplayName("Scene Desktop")
        self.setDesktopFileName("scene-desktop")
        self._opened: list[str] = []
        self._collecting = QTimer(self)
        self._collecting.setSingleShot(True)
        self._collecting.timeout.connect(self._tell_opened)

    def event(self, event: QEvent) -> bool:
        """An event filter would see all events of all widgets; only those for the application come here."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self._opened.append(event.file())
            self._collecting.start(0)  # each file of several comes as an event of its own
            return True
        return super().event(event)

    def _tell_opened(self) -> None:
        opened, self._opened = self._opened, []
        self.files_opened.emit(opened)
