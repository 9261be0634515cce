"""The commands for the training that runs; the window puts them into its menu *Run*."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from scene_desktop.ui.live_run.panel import RunPanel
from scene_desktop.ui.widgets.labels import command


class TrainActions(QObject):
    """Pause or continue, finish, discard: keys that hold on every page."""

    def __init__(self, run: RunPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._run = run
        self.pause = command(
            self,
            "pause_or_continue_training",
            self.tr("&Pause or continue training"),
            "Ctrl+Shift+P",
            self.tr("Let the training wait, or go on with it; nothing is lost"),
        )
        self.finish = command(
            self,
            "finish_training_now",
            self.tr("&Finish training now"),
            "Ctrl+Shift+F",
            self.tr("End the training and keep its best epoch so far"),
        )
        self.discard = command(
            self,
            "discard_training",
            self.tr("&Discard training…"),
            "Ctrl+Shift+D",
            self.tr("Throw the training away"),
        )
        self.pause.triggered.connect(self._pause_or_continue)
        self.finish.triggered.connect(run.finish)
        self.discard.triggered.connect(run.discard)

    def fill(self, menu: QMenu) -> None:
        """Puts them into a menu, which shows only while it is open what can be done."""
        menu.addActions([self.pause, self.finish, self.discard])
        menu.aboutToShow.connect(self._enable)
        menu.aboutToHide.connect(self._free)

    def _pause_or_continue(self) -> None:
        if self._run.is_paused:
            self._run.continue_()
        else:
            self._run.pause()

    def _enable(self) -> None:
        self.pause.setEnabled(self._run.can_pause or self._run.is_paused)
        self.finish.setEnabled(self._run.can_finish)
        self.discard.setEnabled(self._run.is_running)

    def _free(self) -> None:
        """A disabled action has no key; the run itself decides whether a key does anything."""
        for made in (self.pause, self.finish, self.discard):
            made.setEnabled(True)
