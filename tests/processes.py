"""The app as processes of its own, followed by what they write; nothing sleeps a fixed time."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

APP = [sys.executable, "-m", "scene_desktop"]

_TELL_BOXES = """
import sys
from PySide6.QtWidgets import QMessageBox
QMessageBox.exec = lambda box: print("BOX", box.text(), box.detailedText(), flush=True)
{before}
from scene_desktop.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def with_boxes_told(before: str = "") -> list[str]:
    """The app with boxes that are written to standard output and answered at once, as by a person.

    Args:
        before: Python code that is run before the app.
    """
    return [sys.executable, "-c", _TELL_BOXES.format(before=before)]


ENDS_AFTER_ONE_PHOTO = """
from PySide6.QtCore import QTimer
from scene_desktop import app
class Watched(app.Desk):
    def open(self):
        super().open()
        self.timer = QTimer(self.window)
        self.timer.timeout.connect(self.look)
        self.timer.start(20)
    def look(self):
        verdicts = self.classify_page.predictions
        if len(verdicts) == 1 and not self.classify_page.is_busy:
            self.timer.stop()
            print("NOTE", self.window.note.text)
            print("CLASSIFIED", verdicts[0].scores is not None, flush=True)
            self.window.close()
app.Desk = Watched
"""
"""Run before the app that is given one photo: it tells what it shows, then closes its window."""


def wait_until(true: Callable[[], bool], what: str, within_s: float = 60.0) -> None:
    """Asks again until it is true."""
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, f"{what} did not happen within {within_s} s"
        threading.Event().wait(0.02)


def log_of(home: Path) -> str:
    log = home / "logs" / "scene-desktop.log"
    return log.read_text("utf-8", "replace") if log.exists() else ""


def windows_opened(home: Path) -> int:
    """How many windows became interactive so far, in this home."""
    return log_of(home).count("The window is interactive")


def start(*arguments: str | bytes, command: list[str] | None = None, **options: Any) -> subprocess.Popen[str]:
    """Starts the app (or a script) with its standard error kept."""
    named = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen([*(command or APP), *arguments], text=True, **named)


@contextmanager
def window(
    home: Path, *arguments: str | bytes, env: Mapping[str, str] | None = None, **options: object
) -> Iterator[subprocess.Popen[str]]:
    """A window that is interactive; ended in order if the test has not ended it otherwise."""
    opened = windows_opened(home)
    process = start(*arguments, env=dict(os.environ if env is None else env), **options)
    try:
        wait_until(
            lambda: windows_opened(home) > opened or process.poll() is not None, "a window that is interactive"
        )
        assert process.poll() is None, process.communicate()[1]
        yield process
        if process.poll() is None:
            process.terminate()
            assert process.wait(20) == 0
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
