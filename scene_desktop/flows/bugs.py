"""What nobody caught, in any thread: into the log, and once to the person."""

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtWidgets import QWidget

from scene_desktop.ui.window.error_dialog import ErrorDialog, show_error

log = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class BugReporter(QObject):
    """Shows one dialog at a time; whatever comes while it is open goes to the log only.

    Args:
        window: Parent of the dialog.
        log_file: Named in the dialog; None where there is none.
    """

    _caught = Signal(object)

    def __init__(self, window: QWidget, log_file: Path | None) -> None:
        super().__init__(window)
        self._window, self._log_file = window, log_file
        self._caught.connect(self.show_bug, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Becomes the last resort of Python, of its threads, and of Qt's messages."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(_on_qt_message)

    def show_bug(self, error: BaseException) -> None:
        """Logs a bug and shows it; only in the window's thread."""
        details = "".join(traceback.format_exception(error))
        log.error("Bug: %s", details)
        if self._window.findChild(ErrorDialog) is not None:
            return
        show_error(
            self.tr("Something went wrong that should not have. Your photos and models are unchanged."),
            details,
            str(self._log_file or ""),
            self._window,
        )

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        self._caught.emit(error.with_traceback(trace))

    def _on_thread_exception(self, failure: threading.ExceptHookArgs) -> None:
        if failure.exc_value is not None:
            self._caught.emit(failure.exc_value)


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s", message)
