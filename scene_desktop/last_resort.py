"""The border behind which nothing is left: an error that ends the start of the window is shown and logged."""

import contextlib
import logging
import os
import sys
import traceback
from typing import NoReturn

from scene_desktop.core.log import log_to_file
from scene_desktop.display import display_problem

log = logging.getLogger(__name__)


def end_with(error: BaseException) -> NoReturn:
    """Shows why the window did not open, in a box because there may be no console, and ends the process."""
    details = "".join(traceback.format_exception(error))
    with contextlib.suppress(Exception):
        if not logging.getLogger().handlers:
            log_to_file()
        log.critical("The window did not open: %s", details)
        print(details, file=sys.stderr)  # noqa: T201 - for whoever has a console
    with contextlib.suppress(Exception):
        _show(details)
    logging.shutdown()
    os._exit(1)  # threads that are half made would make Qt abort


def _show(details: str) -> None:
    from PySide6.QtCore import QCoreApplication, Qt
    from PySide6.QtWidgets import QApplication, QMessageBox

    if display_problem() is not None:
        return
    application = QApplication.instance() or QApplication(sys.argv[:1])
    text = QCoreApplication.translate(
        "LastResort",
        "Scene Desktop could not open its window. Your photos and models are unchanged. Start it again; if "
        "that does not help, install it again. The details tell what happened.",
    )
    box = QMessageBox(QMessageBox.Icon.Critical, "Scene Desktop", text)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setDetailedText(details)
    box.exec()
    del application
