"""Photos that arrive in a watched folder get their row, and their folder if asked."""

import logging
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.core.settings import WatchWish
from scene_desktop.core.sorting import How
from tests.e2e.conftest import opened


def test_new_photos_are_classified_and_moved_and_watching_outlives_the_window(
    qtbot: QtBot, samples: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    camera, target = tmp_path / "camera", tmp_path / "camera" / "Sorted"
    camera.mkdir()
    with opened(qtbot) as desk:
        with caplog.at_level(logging.INFO):
            desk.watch_flow.begin(WatchWish(str(camera), str(target), How.MOVE, at_start=True))
            qtbot.waitUntil(lambda: f"Watching {camera}" in caplog.text)
        for name in ("sea", "forest"):
            shutil.copy(samples / name / f"{name}-001.jpg", camera / f"{name}.jpg")
        bar = desk.classify_page.watch_bar
        qtbot.waitUntil(lambda: "2 photos arrived, 2 sorted" in bar.text, timeout=20_000)
        there = sorted(str(path) for path in target.rglob("*.jpg"))
        assert sorted(desk.classify_page.table_model.verdicts.paths) == there
        assert sorted(path.name for path in camera.iterdir()) == ["Sorted"]
    with opened(qtbot) as desk:
        assert desk.watch_lane.is_busy
        assert not desk.classify_page.watch_bar.isHidden()
        stop = desk.window.findChild(QPushButton, "watch_stop")
        qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not desk.watch_lane.is_busy)
        assert desk.classify_page.watch_bar.isHidden()
    with opened(qtbot) as desk:
        assert not desk.watch_lane.is_busy
        assert desk.classify_page.watch_bar.isHidden()
