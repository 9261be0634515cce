import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import qCritical, qInstallMessageHandler, qWarning
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from scene_desktop.flows.bugs import BugReporter
from scene_desktop.ui.window.error_dialog import ErrorDialog
from scene_desktop.work.jobs import Lane
from tests.flows.conftest import fail, press


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def reporter(window: QWidget, tmp_path: Path) -> Iterator[BugReporter]:
    """The last resort of Python and Qt for the time of a test."""
    hooks = sys.excepthook, threading.excepthook
    made = BugReporter(window, tmp_path / "log.txt")
    made.install()
    yield made
    sys.excepthook, threading.excepthook = hooks
    qInstallMessageHandler(None)


def bug() -> ZeroDivisionError:
    """With a traceback."""
    try:
        fail(ZeroDivisionError("a bug"))()
    except ZeroDivisionError as error:
        return error
    raise AssertionError


def hooked(error: BaseException) -> None:
    sys.excepthook(type(error), error, error.__traceback__)


def test_a_bug_is_logged_with_its_traceback_and_shown(
    qtbot: QtBot, reporter: BugReporter, window: QWidget, caplog: pytest.LogCaptureFixture
) -> None:
    hooked(bug())
    qtbot.waitUntil(lambda: window.findChild(ErrorDialog) is not None)
    assert "ZeroDivisionError: a bug" in caplog.text
    assert "in work" in caplog.text
    assert "log.txt" in window.findChild(QWidget, "error_log").toolTip()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_in_a_thread_is_shown_in_the_window_s_thread(
    qtbot: QtBot, reporter: BugReporter, window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    monkeypatch.setattr(
        "scene_desktop.flows.bugs.show_error", lambda *given: threads.append(threading.get_ident())
    )
    failing = threading.Thread(target=fail(bug()))
    failing.start()
    failing.join()
    assert threads == []
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [threading.get_ident()]
    threading.excepthook(SimpleNamespace(exc_value=None))  # type: ignore[arg-type]  # as at the end of Python


def test_while_one_is_shown_others_are_only_logged_and_then_shown_again(
    qtbot: QtBot, reporter: BugReporter, window: QWidget, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        reporter.show_bug(bug())
    assert len(window.findChildren(ErrorDialog)) == 1
    assert caplog.text.count("ZeroDivisionError: a bug") == 3
    press(qtbot, window.findChild(ErrorDialog), "error_close")
    qtbot.waitUntil(lambda: window.findChild(ErrorDialog) is None)
    reporter.show_bug(bug())
    assert window.findChild(ErrorDialog) is not None


def test_a_bug_of_a_job_reaches_the_person(
    qtbot: QtBot,
    reporter: BugReporter,
    window: QWidget,
    unhandled: list[Exception],
    lane: Callable[[str], Lane],
) -> None:
    lane("saving").submit(fail(bug()))
    qtbot.waitUntil(lambda: bool(unhandled))
    reporter.show_bug(unhandled.pop())
    assert window.findChild(ErrorDialog) is not None


def test_ctrl_c_closes_the_window_and_is_no_bug(qtbot: QtBot, reporter: BugReporter, window: QWidget) -> None:
    window.show()
    hooked(KeyboardInterrupt())
    assert not window.isVisible()
    assert window.findChild(ErrorDialog) is None


def test_what_qt_says_goes_to_the_log(reporter: BugReporter, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "qt"):
        qWarning("a widget is lost")
        qCritical("it burns")
    assert ("qt", logging.WARNING, "a widget is lost") in caplog.record_tuples
    assert ("qt", logging.ERROR, "it burns") in caplog.record_tuples
