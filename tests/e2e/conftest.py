"""The whole app in one process: real widgets, real lanes, the real engine."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from scene_desktop.app import Desk


@contextmanager
def opened(qtbot: QtBot) -> Iterator[Desk]:
    """The app from its start to its end; several may follow each other in a test."""
    made = Desk()
    made.open()
    qtbot.waitExposed(made.window)
    try:
        yield made
    finally:
        ended = made.close()
        QApplication.processEvents()  # what the threads told last reaches widgets that are still there
        made.window.allow_close()
        made.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert ended


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    with opened(qtbot) as made:
        yield made
