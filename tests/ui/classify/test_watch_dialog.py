"""The dialog and the line of watching."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.core.settings import WatchWish
from scene_desktop.core.sorting import How
from scene_desktop.ui.classify.watch_bar import WatchBar
from scene_desktop.ui.classify.watch_dialog import WatchDialog


def test_a_folder_is_watched_by_keys(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = WatchDialog(WatchWish(""))
    qtbot.addWidget(dialog)
    dialog.show()
    start = dialog.findChild(QPushButton, "watch_start")
    assert not start.isEnabled()
    qtbot.keyClicks(dialog.findChild(QLineEdit, "watch_folder"), str(tmp_path))
    assert start.isEnabled()
    with qtbot.waitSignal(dialog.wanted) as wanted:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert wanted.args == [WatchWish(str(tmp_path))]


def test_sorting_needs_its_own_folder(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = WatchDialog(WatchWish(str(tmp_path), "", How.MOVE, at_start=True))
    qtbot.addWidget(dialog)
    dialog.show()
    start, target = dialog.findChild(QPushButton, "watch_start"), dialog.findChild(QLineEdit, "watch_target")
    assert not target.isEnabled()
    dialog.findChild(QCheckBox, "watch_sort").setChecked(True)
    assert not start.isEnabled()
    target.setText(str(tmp_path / "Sorted"))
    with qtbot.waitSignal(dialog.wanted) as wanted:
        qtbot.mouseClick(start, Qt.MouseButton.LeftButton)
    assert wanted.args == [WatchWish(str(tmp_path), str(tmp_path / "Sorted"), How.MOVE, at_start=True)]


def test_sorting_into_the_watched_folder_itself_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = WatchDialog(WatchWish(str(tmp_path), str(tmp_path / "Sorted")))
    qtbot.addWidget(dialog)
    dialog.show()
    start, target = dialog.findChild(QPushButton, "watch_start"), dialog.findChild(QLineEdit, "watch_target")
    assert start.isEnabled()
    for refused in (tmp_path, tmp_path.parent):
        target.setText(str(refused))
        assert not start.isEnabled()
        assert "Choose a folder below it" in dialog.findChild(QLabel, "watch_sentence").text()


def test_a_folder_that_is_not_there_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = WatchDialog(WatchWish(str(tmp_path / "none")))
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.findChild(QPushButton, "watch_start").isEnabled()


def test_the_line_counts(qtbot: QtBot) -> None:
    bar = WatchBar()
    qtbot.addWidget(bar)
    bar.begin("/photos/Camera")
    assert bar.text == "Watching “Camera”: no new photos yet."
    bar.count(new=12)
    bar.count(sorted_=11)
    bar.tell("The folder is gone.")
    assert bar.text == "Watching “Camera”: 12 photos arrived, 11 sorted. The folder is gone."
