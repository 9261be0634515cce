"""Choosing what to save, by keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from scene_desktop.core.exports import FORMATS
from scene_desktop.ui.classify.save_dialog import SaveDialog, ask_for_place
from scene_desktop.ui.results.which_photos import Counts
from scene_desktop.ui.widgets import questions
from scene_desktop.ui.window.quitting import Quit
from scene_desktop.ui.window.window import MainWindow


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """The file dialog answers with the first entry, or is cancelled when there is none."""
    answers: list[Path] = []
    monkeypatch.setattr(QFileDialog, "exec", lambda dialog: bool(answers))
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda dialog: [str(answers[0])])
    return answers


COUNTS = Counts(9, 4, 2)


def made(qtbot: QtBot, chosen: str = "", counts: Counts = COUNTS) -> SaveDialog:
    dialog = SaveDialog(counts, chosen, "")
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.key)
def test_every_format_is_saved_under_its_ending(
    qtbot: QtBot, chosen: list[Path], tmp_path: Path, known: object
) -> None:
    chosen.append(tmp_path / "mine")
    dialog = made(qtbot)
    dialog.findChild(QRadioButton, f"save_as_{known.key}").click()
    with qtbot.waitSignal(dialog.save_wanted) as wanted:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert wanted.args == [str(tmp_path / f"mine{known.suffix}"), "all"]
    assert not dialog.isVisible()


def test_the_last_format_is_chosen_first_and_only_some_photos_can_be_saved(
    qtbot: QtBot, chosen: list[Path], tmp_path: Path
) -> None:
    chosen.append(tmp_path / "x.xlsx")
    dialog = made(qtbot, "xlsx")
    assert dialog.format.key == "xlsx"
    which = dialog.findChild(QComboBox, "save_which")
    assert [which.itemText(row) for row in range(which.count())] == [
        "All: 9 photos",
        "Those shown: 4 photos",
        "Those selected: 2 photos",
    ]
    which.setCurrentIndex(2)
    with qtbot.waitSignal(dialog.save_wanted) as wanted:
        qtbot.mouseClick(dialog.findChild(QPushButton, "save_go_on"), Qt.MouseButton.LeftButton)
    assert wanted.args == [str(tmp_path / "x.xlsx"), "selected"]


def test_without_a_place_the_dialog_stays(qtbot: QtBot, chosen: list[Path]) -> None:
    dialog = made(qtbot, counts=Counts(9, 9, 1))
    assert not dialog.findChild(QComboBox, "save_which").isEnabled()
    with qtbot.assertNotEmitted(dialog.save_wanted):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()


@pytest.mark.parametrize("replace", [True, False])
def test_an_ending_added_later_replaces_no_file_unasked(
    qtbot: QtBot, chosen: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replace: bool
) -> None:
    (tmp_path / "trip 2024.07.csv").write_text("precious")
    chosen.append(tmp_path / "trip 2024.07")
    monkeypatch.setattr(questions, "is_sure", lambda *texts: replace)
    parent = QWidget()
    qtbot.addWidget(parent)
    expected = str(tmp_path / "trip 2024.07.csv") if replace else ""
    assert ask_for_place(parent, FORMATS[0], "") == expected


def test_quitting_while_a_file_is_written_is_asked_about(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(parent: object, text: str) -> Quit:
        asked.append(text)
        return Quit.STAY

    monkeypatch.setattr("scene_desktop.ui.window.quitting.about_other_work", answer)
    window.quit_requested.connect(window.confirm_quit)
    window.classify_page.show_saving(0.5)
    assert not window.close()
    assert "the file is not written" in asked[0]
    window.classify_page.end_saving()
    assert window.close()
