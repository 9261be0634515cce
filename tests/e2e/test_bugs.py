"""What nobody caught reaches the log and the person, whatever thread it comes from."""

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer, qInstallMessageHandler
from pytestqt.qtbot import QtBot

from scene_desktop.app import Desk
from scene_desktop.ui.window.error_dialog import ErrorDialog

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


@pytest.fixture
def watched(desk: Desk) -> Iterator[Desk]:
    hooks = sys.excepthook, threading.excepthook
    desk.bugs.install()
    yield desk
    sys.excepthook, threading.excepthook = hooks
    qInstallMessageHandler(None)


def fail(where: str) -> None:
    raise ZeroDivisionError(f"a bug in {where}")


@pytest.mark.parametrize("where", ["a thread", "a job", "the hook"])
def test_a_bug_is_logged_and_shown(
    qtbot: QtBot, watched: Desk, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    with caplog.at_level(logging.ERROR):
        if where == "a thread":
            threading.Thread(target=fail, args=(where,)).start()
        elif where == "a job":
            watched.saving_lane.submit(lambda report, should_stop: fail(where))
        else:
            QTimer.singleShot(0, lambda: _through_the_hook(where))
        qtbot.waitUntil(lambda: watched.window.findChild(ErrorDialog) is not None)
    assert f"a bug in {where}" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    watched.window.findChild(ErrorDialog).close()


def _through_the_hook(where: str) -> None:
    try:
        fail(where)
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)


def test_a_flood_of_bugs_opens_one_dialog(
    qtbot: QtBot, watched: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(20):
        threading.Thread(target=fail, args=("a thread",)).start()
    qtbot.waitUntil(lambda: caplog.text.count("Bug: ") == 20)
    qtbot.waitUntil(lambda: watched.window.findChild(ErrorDialog) is not None)
    assert len(watched.window.findChildren(ErrorDialog)) == 1
