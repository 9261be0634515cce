"""The one dialog for bugs: a sentence, folded details to copy, and where the log is. It never raises."""

import contextlib

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import ElidedLabel, button, label


class ErrorDialog(QDialog):
    """Says what went wrong and offers everything that a report of it needs."""

    def __init__(
        self, message: str, details: str = "", log_path: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("error_dialog")
        self.setWindowTitle(self.tr("Something went wrong"))
        self._message, self._technical, self._log_path = message, details, log_path
        unit = theme.unit()
        heading = label(self.tr("Something went wrong"), "heading")
        text = label(message, wrap=True, name="error_message")
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._details = QPlainTextEdit(details)
        self._details.setReadOnly(True)
        self._details.setAccessibleName(self.tr("Technical details"))
        self._details.setMinimumHeight(unit * 40)
        self._details.hide()
        log = ElidedLabel("caption", name="error_log")
        log.setText(self.tr("Log: {path}").format(path=log_path) if log_path else "")
        log.setToolTip(log_path)
        self._more = button(self.tr("Details"), look="plain", name="error_more")
        self._more.setCheckable(True)
        self._more.setVisible(bool(details))
        copy = button(self.tr("Copy"), "copy", "plain", name="error_copy")
        close = button(self.tr("Close"), look="primary", name="error_close")
        close.setDefault(True)

        row = QHBoxLayout()
        row.addWidget(self._more)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 5, unit * 6, unit * 5)
        column.setSpacing(unit * 3)
        for part in (heading, text, self._details, log):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(row)
        self.setMinimumWidth(unit * 120)

        self._more.toggled.connect(self._details.setVisible)
        copy.clicked.connect(self._copy)
        close.clicked.connect(self.accept)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(
            "\n\n".join(filter(None, (self._message, self._technical, self._log_path)))
        )


def show_error(message: str, details: str = "", log_path: str = "", parent: QWidget | None = None) -> None:
    """Opens the dialog without waiting for it; does nothing where no window can be shown."""
    with contextlib.suppress(Exception):
        if QCoreApplication.instance() is None:
            return
        dialog = ErrorDialog(str(message), str(details), str(log_path), parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
