"""An end that was not in order is told at the next start, once; an orderly one is not."""

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.app import Desk
from scene_desktop.core import locations, session
from scene_desktop.core.session import Accident, Cause
from scene_desktop.ui.window import last_time
from scene_desktop.work.one_window import Entry, HandOver, OneWindow
from tests.processes import (
    APP,
    ENDS_AFTER_ONE_PHOTO,
    kill,
    log_of,
    start,
    window,
    windows_opened,
    with_boxes_told,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals are sent differently there")

NOTE = "The window of last time was not closed in order"

CRASH_SOON = """
import ctypes
from PySide6.QtCore import QTimer
from scene_desktop import start
start._note_interactive = lambda: QTimer.singleShot(0, lambda: ctypes.string_at(0))
"""


def told(qtbot: QtBot) -> Accident | None:
    """What the next start finds."""
    only = OneWindow()
    assert only.enter(HandOver(())) is Entry.FIRST
    only.leave()
    return only.accident


def test_a_killed_window_is_told_once(home: Path) -> None:
    with window(home) as first:
        kill(first)
    with window(home):
        assert log_of(home).count(NOTE + ": KILLED") == 1
    with window(home):
        assert log_of(home).count(NOTE) == 1


def test_a_crash_is_told_with_its_stack_traces(qtbot: QtBot, home: Path) -> None:
    (home / "logs").mkdir(parents=True)
    (home / "logs" / "faults.log").write_text("an older crash\n")
    crashed = start(command=with_boxes_told(CRASH_SOON))
    crashed.communicate(timeout=60)
    assert crashed.returncode == -signal.SIGSEGV
    accident = told(qtbot)
    assert accident is not None
    assert accident.cause is Cause.CRASHED
    assert "Segmentation fault" in accident.details
    assert "string_at" in accident.details
    assert "an older crash" not in accident.details
    assert f"process {crashed.pid}" in accident.details
    assert told(qtbot) is None


def with_hangups(action: str) -> list[str]:
    """The app started with this action for the end of its terminal, SIG_DFL or SIG_IGN."""
    code = f"import os, signal, sys\nsignal.signal(signal.SIGHUP, signal.{action})\n"
    code += "os.execv(sys.executable, sys.argv[1:])"
    return [sys.executable, "-c", code, *APP]


def test_a_window_that_nohup_started_outlives_its_terminal(home: Path) -> None:
    with window(home, command=with_hangups("SIG_IGN")) as first:
        first.send_signal(signal.SIGHUP)
        assert subprocess.run([*APP], timeout=60).returncode == 0
        assert first.poll() is None
        assert windows_opened(home) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_an_orderly_end_tells_nothing(qtbot: QtBot, home: Path, number: signal.Signals) -> None:
    with window(home, command=with_hangups("SIG_DFL")) as first:
        assert (home / "running.json").exists()
        first.send_signal(number)
        assert first.wait(20) == 0
    assert told(qtbot) is None


def test_a_machine_that_was_switched_off_is_told_in_gentler_words(qtbot: QtBot, home: Path) -> None:
    with window(home) as first:
        kill(first)
    marker = session.running()
    assert marker is not None
    for gone in (
        msgspec.structs.replace(marker, boot="another run of the machine"),
        msgspec.structs.replace(marker, boot="", started=1.0),  # where the system names no runs
    ):
        (home / "running.json").write_bytes(msgspec.json.encode(gone))
        accident = told(qtbot)
        assert accident is not None
        assert accident.cause is Cause.SWITCHED_OFF
        text, kind, _ = last_time.told(accident, None, home)
        assert kind == "info"
        assert "crash" not in text
        assert "switched off" in text


@pytest.mark.parametrize("garbage", [b"", b"{", b"\xff\xff", b'{"address":1}', b"[]"])
def test_a_damaged_marker_is_no_obstacle(qtbot: QtBot, home: Path, garbage: bytes) -> None:
    home.mkdir()
    (home / "running.json").write_bytes(garbage)
    assert told(qtbot) is None
    assert not (home / "running.json").exists()


def test_the_note_stands_above_every_page_and_survives_a_drop(qtbot: QtBot, desk: Desk, samples: Path) -> None:
    note = desk.window.note
    assert note.isHidden()
    accident = Accident(Cause.CRASHED, datetime(2026, 1, 2, 3, 4), "Stack traces:\nin a <b>library</b>")
    note.tell(*last_time.told(accident, None, locations.data_folder()))
    for page in range(3):
        desk.window.show_page(page)
        assert note.isVisible()
    desk.open_paths([str(samples / "sea")])
    qtbot.waitUntil(lambda: len(desk.classify_page.predictions) == 12, timeout=30_000)
    assert "crashed last time" in note.text
    details = note.findChild(QPushButton, "window_note_details_button")
    qtbot.mouseClick(details, Qt.MouseButton.LeftButton)
    copy = note.findChild(QPushButton, "window_note_copy_button")
    assert copy is not None
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert "in a <b>library</b>" in QGuiApplication.clipboard().text()


def test_a_start_that_fails_is_shown_and_does_not_count_as_a_crash(qtbot: QtBot, home: Path) -> None:
    failing = """
from scene_desktop import app
class Broken:
    def __init__(self, *given): raise ZeroDivisionError("the desk is broken")
app.Desk = Broken
"""
    broken = start(command=with_boxes_told(failing))
    out, err = broken.communicate(timeout=60)
    assert broken.returncode == 1
    assert "BOX Scene Desktop could not open its window." in out
    assert "ZeroDivisionError: the desk is broken" in out
    assert "the desk is broken" in err
    assert "the desk is broken" in log_of(home)
    assert told(qtbot) is None


@pytest.mark.parametrize("way", ["a file is in the way", "the disk is full"])
def test_where_nothing_can_be_written_the_window_opens_and_says_so(home: Path, way: str, samples: Path) -> None:
    environment = dict(os.environ)
    if way == "a file is in the way":
        home.write_text("a file")
    else:
        faults = Path(__file__).parents[1] / "faults"
        path = f"{faults}{os.pathsep}{os.environ['PYTHONPATH']}"
        environment |= {"SCENE_FAULT": "ENOSPC:1+", "PYTHONPATH": path}
    process = start(
        str(samples / "sea" / "sea-001.jpg"), command=with_boxes_told(ENDS_AFTER_ONE_PHOTO), env=environment
    )
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "cannot be written" in out
    assert "CLASSIFIED True" in out
    assert "Traceback" not in err
