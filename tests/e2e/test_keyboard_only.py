"""A drop is reviewed and sorted without a mouse."""

import dataclasses
import shutil
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from scene_desktop.app import Desk
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.runs import stored
from scene_desktop.core.runs.events import TrainRequested
from scene_desktop.core.settings import REVIEW_DATASET
from scene_desktop.core.sorting import How, SortSettings
from scene_desktop.ui.sorting.run_dialog import SortRunDialog
from scene_desktop.ui.sorting.sort_dialog import SortDialog
from scene_desktop.ui.window.window import TRAIN

CONTROL = Qt.KeyboardModifier.ControlModifier


def press(qtbot: QtBot, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """As from the keyboard: to whatever has the focus."""
    for key in keys:
        target = QApplication.focusWidget() or QApplication.activeWindow()
        assert target is not None
        qtbot.keyClick(target, key, held)


def choose_photos(qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch, photos: Path) -> None:
    """Ctrl+O; the system's own dialog is answered for the person."""
    paths = [str(path) for path in sorted(photos.rglob("*.jpg"))]
    monkeypatch.setattr(
        "scene_desktop.ui.classify.intake.QFileDialog.getOpenFileNames", lambda *arguments: (paths, "")
    )
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    press(qtbot, Qt.Key.Key_O, held=CONTROL)
    qtbot.waitUntil(lambda: len(desk.classify_page.predictions) == len(paths), timeout=60_000)
    qtbot.waitUntil(lambda: not desk.classify_page.is_busy)


def test_a_drop_is_corrected_and_reviewed_by_keys(
    qtbot: QtBot, desk: Desk, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.classify_page
    page.threshold_slider.set_threshold(0.99)
    choose_photos(qtbot, desk, monkeypatch, samples)
    verdicts = page.table_model.verdicts

    press(qtbot, Qt.Key.Key_Home, Qt.Key.Key_2)
    assert verdicts.corrected[0] == 1
    press(qtbot, Qt.Key.Key_Z, held=CONTROL)
    assert verdicts.corrected[0] == -1

    unsure = page.table_model.review_rows().tolist()
    assert len(unsure) >= 3
    press(qtbot, Qt.Key.Key_R, held=CONTROL)
    other = (int(verdicts.best[unsure[1]]) + 1) % 6
    press(qtbot, Qt.Key.Key_Return, Qt.Key(Qt.Key.Key_1 + other), Qt.Key.Key_Space)
    assert verdicts.corrected[unsure[0]] == verdicts.best[unsure[0]]
    assert verdicts.corrected[unsure[1]] == other
    assert verdicts.corrected[unsure[2]] == -1
    press(qtbot, Qt.Key.Key_Backspace)
    assert verdicts.corrected[unsure[1]] == -1
    press(qtbot, Qt.Key(Qt.Key.Key_1 + other), Qt.Key.Key_Escape)

    assert page.results.isVisible()
    labels = [row.label for row in page.predictions]
    assert labels[unsure[1]] == other
    assert page.reviewing.button.text() == f"Review {len(unsure) - 2} unsure"


def test_why_is_asked_for_and_taken_away_by_a_key(
    qtbot: QtBot, desk: Desk, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.classify_page
    choose_photos(qtbot, desk, monkeypatch, samples / "glacier")
    press(qtbot, Qt.Key.Key_Home)
    detail = page.detail
    size = detail.findChild(QLabel, "detail_size")
    qtbot.waitUntil(lambda: size.text().startswith("150 × 150 pixels"))
    press(qtbot, Qt.Key.Key_Y, held=CONTROL)
    qtbot.waitUntil(lambda: "Covering the bright places" in detail.legend or "No single" in detail.legend)
    assert (detail.preview.heat is not None) == ("bright places" in detail.legend)
    press(qtbot, Qt.Key.Key_Y, held=CONTROL)
    assert detail.preview.heat is None
    assert detail.legend == ""


def test_another_photo_stops_the_question_why(
    qtbot: QtBot, desk: Desk, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.classify_page
    choose_photos(qtbot, desk, monkeypatch, samples / "sea")
    press(qtbot, Qt.Key.Key_Home)
    press(qtbot, Qt.Key.Key_Y, held=CONTROL)
    press(qtbot, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: not desk.asking_lane.is_busy, timeout=20_000)
    assert page.detail.legend == ""
    assert not page.detail.why_button.isChecked()


def test_corrected_photos_reach_a_data_set_and_train_again_opens_it(
    qtbot: QtBot, desk: Desk, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, dataset = desk.classify_page, tmp_path / "mine"
    for name in ("forest", "SEA"):
        (dataset / name).mkdir(parents=True)
        for number in range(2):
            (dataset / name / f"{number}.jpg").write_bytes(
                (samples / "sea" / f"sea-00{number + 1}.jpg").read_bytes()
            )
    monkeypatch.setattr(
        "scene_desktop.ui.review.reviewing.QFileDialog.getExistingDirectory", lambda *arguments: str(dataset)
    )
    choose_photos(qtbot, desk, monkeypatch, samples / "sea")
    before = {path: path.read_bytes() for path in (samples / "sea").iterdir()}
    press(qtbot, Qt.Key.Key_A, held=CONTROL)
    press(qtbot, Qt.Key.Key_5)
    press(qtbot, Qt.Key.Key_D, held=CONTROL)
    line = page.reviewing.adding
    qtbot.waitUntil(lambda: line.note.isVisible())
    assert line.note.text == "10 photos added to “mine”, 2 were there already."
    assert len(list((dataset / "SEA").iterdir())) == 12
    assert {path: path.read_bytes() for path in (samples / "sea").iterdir()} == before
    line.train.setFocus()
    with qtbot.waitSignal(desk.dataset_flow.dataset_read, timeout=20_000) as read:
        press(qtbot, Qt.Key.Key_Space)
    assert desk.window.page == TRAIN
    assert read.args[0].root == dataset


def test_adding_to_a_folder_that_has_gone_is_a_message(
    qtbot: QtBot, desk: Desk, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.classify_page
    choose_photos(qtbot, desk, monkeypatch, samples / "sea")
    press(qtbot, Qt.Key.Key_Home, Qt.Key.Key_1)
    page.reviewing.dataset_chosen.emit(str(tmp_path / "gone"), page.reviewing.corrections.items())
    qtbot.waitUntil(lambda: page.reviewing.adding.note.isVisible())
    assert "does not exist" in page.reviewing.adding.note.text
    assert not page.reviewing.adding.train.isVisible()


def test_the_data_set_of_the_model_is_proposed_otherwise_the_last_one(
    qtbot: QtBot, desk: Desk, samples: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, run = desk.classify_page, home / "runs" / "scenes 1"
    trained_from, last = tmp_path / "trained from", tmp_path / "last"
    for folder in (trained_from, last, run):
        folder.mkdir(parents=True)
    request = TrainRequested(dataset=str(trained_from), recipe=PRESETS["quick"].recipe, name="Scenes")
    (run / stored.REQUEST).write_bytes(
        msgspec.json.encode(stored.RunStart(began="2026-01-01", request=request))
    )
    data = stored.RunData(
        root=str(trained_from), name="x", classes=(), fingerprint="", training=(), validation=()
    )
    (run / stored.DATA).write_bytes(msgspec.json.encode(data))
    desk.settings.set(REVIEW_DATASET, str(last))
    choose_photos(qtbot, desk, monkeypatch, samples / "sea")
    press(qtbot, Qt.Key.Key_Home, Qt.Key.Key_1)
    proposed: list[str] = []
    monkeypatch.setattr(page.reviewing, "choose_dataset", proposed.append)
    model = desk.classify_flow.shown_model
    assert model is not None
    for name in ("", "scenes 1", "gone"):
        card = msgspec.structs.replace(model.card, run=name)
        monkeypatch.setattr(desk.classify_flow, "_shown", dataclasses.replace(model, card=card))
        press(qtbot, Qt.Key.Key_D, held=CONTROL)
        qtbot.waitUntil(lambda: not desk.adding_lane.is_busy)
    assert proposed == [str(last), str(trained_from), str(last)]


def test_a_reviewed_drop_is_sorted_and_put_back_by_keys(
    qtbot: QtBot, desk: Desk, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.classify_page
    photos = tmp_path / "photos"
    shutil.copytree(samples / "sea", photos)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in photos.iterdir()}
    page.threshold_slider.set_threshold(0.0)
    choose_photos(qtbot, desk, monkeypatch, photos)
    press(qtbot, Qt.Key.Key_Home, Qt.Key.Key_2)
    first = Path(page.table_model.verdicts.paths[page.table_model.source_row(0)]).name

    press(qtbot, Qt.Key.Key_M, held=CONTROL | Qt.KeyboardModifier.ShiftModifier)
    dialog = visible(qtbot, SortDialog)
    field = dialog.findChild(QLineEdit, "sort_target")
    tab_to(qtbot, field)
    press(qtbot, Qt.Key.Key_A, held=CONTROL)
    qtbot.keyClicks(QApplication.focusWidget(), str(tmp_path / "Sorted"))
    tab_to(qtbot, dialog.findChild(QRadioButton, "sort_copy"))
    press(qtbot, Qt.Key.Key_Down)
    assert dialog.findChild(QRadioButton, "sort_move").isChecked()
    wanted = SortSettings(tmp_path / "Sorted", How.MOVE, 0.0)
    qtbot.waitUntil(lambda: dialog.plan is not None and dialog.plan.settings == wanted, timeout=10_000)
    press(qtbot, Qt.Key.Key_Return)

    run = visible(qtbot, SortRunDialog)
    qtbot.waitUntil(lambda: bool(run.text), timeout=20_000)
    assert not list(photos.iterdir())
    assert (tmp_path / "Sorted" / "forest" / first).exists()
    assert len([path for path in (tmp_path / "Sorted").rglob("*") if path.is_file()]) == len(before)
    tab_to(qtbot, run.findChild(QPushButton, "sort_undo"))
    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: run.text.startswith("As before"), timeout=20_000)
    press(qtbot, Qt.Key.Key_Return)
    assert not run.isVisible()
    after = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in photos.iterdir()}
    assert after == before


def visible(qtbot: QtBot, kind: type[QDialog]) -> QDialog:
    """The dialog of a kind, once it is shown and has the keyboard."""

    def shown() -> list[QDialog]:
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible()]

    qtbot.waitUntil(lambda: bool(shown()), timeout=10_000)
    dialog = shown()[0]
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def tab_to(qtbot: QtBot, wanted: QWidget) -> None:
    """Presses Tab until a widget has the focus."""
    for _ in range(30):
        if QApplication.focusWidget() is wanted:
            return
        press(qtbot, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not reach {wanted.objectName()}")
