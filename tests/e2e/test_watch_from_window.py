"""Photos that arrive in a watched folder get their row, and their folder if asked."""

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.app import Desk
from scene_desktop.core.sorting import How
from scene_desktop.ui.watch_dialog import WatchWish


def test_new_photos_are_classified_and_moved_and_watching_outlives_the_window(
    qtbot: QtBot, samples: Path, tmp_path: Path
) -> None:
    camera, target = tmp_path / "camera", tmp_path / "camera" / "Sorted"
    camera.mkdir()
    desk = Desk()
    desk.open()
    desk.watch_flow.begin(WatchWish(str(camera), str(target), How.MOVE, at_start=True))
    qtbot.wait(600)
    for name in ("sea", "forest"):
        shutil.copy(samples / name / f"{name}-001.jpg", camera / f"{name}.jpg")
    bar = desk.classify_page.watch_bar
    qtbot.waitUntil(lambda: "2 photos arrived, 2 sorted" in bar.text, timeout=20_000)
    there = sorted(str(path) for path in target.rglob("*.jpg"))
    assert sorted(desk.classify_page.table_model.verdicts.paths) == there
    assert sorted(path.name for path in camera.iterdir()) == ["Sorted"]
    assert desk.close()
    desk.window.allow_close()

    again = Desk()
    again.open()
    assert again.watch_flow.is_watching
    assert not again.classify_page.watch_bar.isHidden()
    stop = again.window.findChild(QPushButton, "watch_stop")
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not again.watch_lane.is_busy)
    assert again.classify_page.watch_bar.isHidden()
    assert again.close()
    again.window.allow_close()

    third = Desk()
    third.open()
    assert not third.watch_flow.is_watching
    assert third.close()
    third.window.allow_close()
