"""The whole app in one process: real widgets, real lanes, the real engine."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.app import Desk


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk()
    made.open()
    qtbot.waitExposed(made.window)
    yield made
    made.close()
    made.window.allow_close()
    made.window.deleteLater()
