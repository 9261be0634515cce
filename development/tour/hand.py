"""A hand that uses the window - presses, types, drops - and an eye that waits until nothing moves."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMainWindow, QScrollArea, QWidget

POLL_MS = 120
STILL_LOOKS = 4
"""So many equal pictures in a row are still."""

PATIENCE_S = 60.0

Step = Callable[[], bool]
Steps = Iterator[Step]


class Hand:
    """Everything that the walk does to the window goes through here.

    Args:
        out: Where the pictures go, each as `PREFIX-NAME.png`.
    """

    def __init__(self, window: QMainWindow, out: Path, prefix: str) -> None:
        self.window, self._out, self._prefix = window, out, prefix
        self.last = "the start"

    # What a person does

    def find(self, kind: type, name: str) -> QWidget:
        """The widget of this name that is seen.

        Raises:
            LookupError: There is none.
        """
        tops = [self._dialog(), self.window]
        for top in (one for one in tops if one is not None):
            for found in (top, *top.findChildren(kind, name)):
                if found.objectName() == name and found.isVisible():
                    return found
        raise LookupError(f"After “{self.last}” no “{name}” is seen")

    def sees(self, kind: type, name: str) -> bool:
        try:
            return self.find(kind, name).isEnabled()
        except LookupError:
            return False

    def press(self, name: str) -> None:
        """Presses a button, from the loop: a dialog with a loop of its own does not keep the walk."""
        button = self.find(QAbstractButton, name)
        QTimer.singleShot(0, button, button.click)

    def command(self, name: str) -> None:
        """Chooses a command of the menus."""
        action = self.window.findChild(QAction, name)
        if action is None:
            raise LookupError(f"After “{self.last}” there is no command “{name}”")
        QTimer.singleShot(0, action, action.trigger)

    def key(self, widget: QWidget, key: Qt.Key) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(widget, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))

    def drag(self, paths: Sequence[Path]) -> bool:
        """Holds files over the window."""
        held = _carried(paths)  # the event does not keep it
        event = QDragEnterEvent(self._middle(), Qt.DropAction.CopyAction, *held)
        QApplication.sendEvent(self.window, event)
        return event.isAccepted()

    def drop(self, paths: Sequence[Path]) -> None:
        """Lets files go over the window.

        Raises:
            RuntimeError: The window does not take them.
        """
        self.drag(paths)
        held = _carried(paths)
        event = QDropEvent(QPointF(self._middle()), Qt.DropAction.CopyAction, *held)
        QApplication.sendEvent(self.window, event)
        if not event.isAccepted():
            raise RuntimeError(f"After “{self.last}” the window does not take {paths}")

    def scroll(self, area: str, share: float) -> None:
        """Moves the vertical scroll bar of an area; `share` is 0 at the top, 1 at the bottom."""
        bar = self.find(QScrollArea, area).verticalScrollBar()
        bar.setValue(round(share * bar.maximum()))

    def _middle(self) -> QPoint:
        return self.window.rect().center()

    # What is seen

    def shoot(self, name: str, busy: bool = False) -> Steps:
        """Takes a picture of the window, or of the dialog above it, once nothing moves.

        Args:
            busy: Whether work goes on on purpose.
        """
        if not busy:
            yield self._idle
        still = _Stillness(self._shown)
        yield still
        self.last = name
        assert still.picture is not None
        still.picture.save(str(self._out / f"{self._prefix}-{name}.png"))

    def shoot_widget(self, name: str, widget: QWidget) -> None:
        """Takes a picture of something that is not shown now, such as a menu."""
        self.last = name
        widget.ensurePolished()
        widget.grab().save(str(self._out / f"{self._prefix}-{name}.png"))

    def opened(self) -> bool:
        """Whether a dialog is open."""
        return self._dialog() is not None

    def closed(self) -> bool:
        return self._dialog() is None

    def close(self) -> Steps:
        """Closes the dialog without an answer."""
        dialog = self._dialog()
        assert dialog is not None
        QTimer.singleShot(0, dialog, dialog.reject)
        yield self.closed

    def _dialog(self) -> QDialog | None:
        dialogs = self.window.findChildren(QDialog)
        return next((one for one in reversed(dialogs) if one.isVisible() and one.isWindow()), None)

    def _shown(self) -> QWidget:
        return self._dialog() or self.window

    def _idle(self) -> bool:
        """Whether no lane of the window works; watching a folder does not count."""
        return not any(
            lane.is_busy
            for lane in self.window.findChildren(QObject)
            if type(lane).__name__ == "Lane" and not _watches(lane)
        )


class _Stillness:
    """A step that is over when a widget, in an active window, has looked the same for a while."""

    def __init__(self, shown: Callable[[], QWidget]) -> None:
        self._shown = shown
        self._same = 0
        self._is_rounded = False
        self.picture: QImage | None = None

    def __call__(self) -> bool:
        widget = self._shown()
        if QGuiApplication.focusWindow() is not widget.windowHandle():
            widget.activateWindow()
            self._same = 0
            return False
        picture = widget.grab().toImage()
        self._same = self._same + 1 if picture == self.picture else 0
        self.picture = picture
        if self._same < STILL_LOOKS:
            return False
        self._same = 0
        return not self._round_up(widget)

    def _round_up(self, widget: QWidget) -> bool:
        """Once: avoids half pixels; which way they go depends on who is faster, Qt or the window manager."""
        if self._is_rounded or not widget.devicePixelRatioF() % 1:
            return False
        self._is_rounded = True
        widget.resize(widget.width() + widget.width() % 2, widget.height() + widget.height() % 2)
        return True


def _watches(lane: QObject) -> bool:
    return any(child.objectName() == "watch" for child in lane.children())


def _carried(paths: Sequence[Path]) -> tuple[QMimeData, Qt.MouseButton, Qt.KeyboardModifier]:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Driver:
    """Takes the steps one after the other from the window's loop, and gives up on one that never ends.

    Attributes:
        is_stuck: Whether it ended before its last step; why was printed then.
    """

    def __init__(self, steps: Steps, hand: Hand) -> None:
        self._steps, self._hand = steps, hand
        self._step: Step = lambda: True
        self._since = time.perf_counter()
        self.is_stuck = False
        self._timer = QTimer()
        self._timer.timeout.connect(self._go_on)
        self._timer.start(POLL_MS)

    def _go_on(self) -> None:
        self.is_stuck = True  # unless nothing is raised; Qt prints what is
        try:
            ends = not self._take_step()
            self.is_stuck = False
        finally:
            if self.is_stuck or ends:
                self._timer.stop()
                QApplication.quit()

    def _take_step(self) -> bool:
        """Returns whether there is another one to wait for."""
        if self._step():
            self._since = time.perf_counter()
            following = next(self._steps, None)
            if following is None:
                return False
            self._step = following
        elif time.perf_counter() - self._since > PATIENCE_S:
            raise TimeoutError(f"After “{self._hand.last}” what is waited for never comes")
        return True
