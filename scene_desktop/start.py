"""The start and the end of the window's process."""

import gc
import logging
import os
import platform
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scene_desktop.core import locations, session
from scene_desktop.core.log import log_to_file
from scene_desktop.display import display_problem, qt_problem

if TYPE_CHECKING:
    from scene_desktop.ui.window.application import Application
    from scene_desktop.work.one_window import OneWindow

log = logging.getLogger(__name__)


def run_window(paths: Sequence[str] = ()) -> int:
    """Opens the window with `paths`, or hands them over to the one that is open.

    Returns:
        The exit code: 0 when the window was closed, or has taken the paths; 1 if it does not answer; 2 if no
        window can be opened here.
    """
    gc.disable()  # the start makes much and throws little away
    problem = display_problem()
    if problem is None:
        try:
            from PySide6 import QtWidgets  # noqa: F401 - the first to need the system's libraries
        except ImportError as error:
            problem = qt_problem(error)
    if problem is not None:
        print(problem, file=sys.stderr)  # noqa: T201 - there is no window to show it in
        return 2
    return _enter(list(paths))


def _enter(paths: list[str]) -> int:
    from scene_desktop.ui.window.application import Application
    from scene_desktop.work.one_window import Entry, HandOver, OneWindow

    token = os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID", "")
    application = Application(sys.argv[:1])  # takes both out of the environment
    only = OneWindow()
    match only.enter(HandOver.of(paths, token)):
        case Entry.HANDED_OVER:
            return 0
        case Entry.NO_ANSWER:
            _say_that_it_hangs()
            return 1
    try:
        return _run(application, only, paths)
    finally:
        only.leave()


def _run(application: "Application", only: "OneWindow", paths: list[str]) -> int:
    from PySide6.QtCore import QTimer

    from scene_desktop.app import Desk
    from scene_desktop.ui.window import last_time

    log_file = log_to_file()
    if only.accident is not None:
        log.warning("The window of last time was not closed in order: %s", only.accident.cause.name)
    if only.trouble is not None:
        log.warning("There is no lock, so there may be several windows: %s", only.trouble)
    desk = Desk(log_file)
    desk.bugs.install()
    desk.close_on_signals()
    desk.open()
    if only.trouble is not None or only.accident is not None:
        desk.window.note.tell(*last_time.told(only.accident, only.trouble, locations.data_folder()))
    only.handed_over.connect(desk.outside_flow.take)
    application.files_opened.connect(desk.outside_flow.open)
    only.listen()
    desk.outside_flow.open(paths)
    QTimer.singleShot(0, _note_interactive)
    code = application.exec()
    only.shut()
    if not desk.close():
        log.error("A thread did not end in time; leaving without it")
        only.leave()
        logging.shutdown()
        os._exit(code)  # Qt would abort
    return code


def _note_interactive() -> None:
    gc.freeze()  # what the start has made stays: it need not be looked through again and again
    gc.enable()
    log.info("The window is interactive")


def _say_that_it_hangs() -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QMessageBox

    from scene_desktop.ui.style import icons, theme
    from scene_desktop.ui.window import last_time

    text = last_time.no_answer(session.running(), platform.node())
    print(text, file=sys.stderr)  # noqa: T201 - for whoever has a console
    theme.current()  # makes the colours of the app
    box = QMessageBox(QMessageBox.Icon.Warning, "Scene Desktop", text)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowIcon(icons.application_icon())
    box.exec()
