"""The dialogs of the menu Help."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.core import locations
from scene_desktop.ui.window.help_dialogs import AboutDialog


def test_the_installed_app_shows_the_licences_of_everything_inside(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(locations, "licences_folder", lambda: tmp_path)
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    button = dialog.findChild(QPushButton, "about_licences")
    assert button is not None
    button.click()
    assert opened == [QUrl.fromLocalFile(str(tmp_path))]


def test_from_the_sources_there_is_no_folder_of_licences_to_show(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    assert dialog.findChild(QPushButton, "about_licences") is None
