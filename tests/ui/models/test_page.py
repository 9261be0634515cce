"""The library as a list, one model in detail."""

import dataclasses
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtWidgets import QInputDialog, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.core.models.library import DamagedModel
from scene_desktop.core.models.metrics import evaluate
from scene_desktop.ui.models.page import ModelsPage
from scene_desktop.ui.window.error_dialog import ErrorDialog, show_error
from tests.ui.conftest import CLASSES, solved_card, stored_model


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path) -> ModelsPage:
    labels = np.array([0, 0, 0, 1, 1, 2], dtype=np.int64)
    scores = np.eye(3, dtype=np.float32)[[0, 0, 1, 1, 1, 2]]
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "evaluation.json").write_bytes(msgspec.json.encode(evaluate(scores, labels, CLASSES)))
    built_in = stored_model("Scenes", built_in=True)
    own = stored_model("R&D <i>pets</i>", folder=tmp_path / "own")
    made = ModelsPage()
    qtbot.addWidget(made)
    made.set_entries([built_in, own, DamagedModel(Path("/models/old"), "The card is damaged.")], built_in)
    made.show()
    return made


def test_the_model_in_use_is_selected_and_cannot_be_renamed_or_deleted_if_built_in(page: ModelsPage) -> None:
    assert page.selected is page.rows.entries[0]
    assert not page.use_button.isEnabled()
    assert not page.rename_button.isVisible()
    assert not page.delete_button.isVisible()


def test_another_model_can_be_used(qtbot: QtBot, page: ModelsPage) -> None:
    page.select(1)
    with qtbot.waitSignal(page.use_requested) as asked:
        page.use_button.click()
    assert asked.args == [page.rows.entries[1]]


def test_detail_shows_matrix_and_figures_of_each_class(page: ModelsPage) -> None:
    page.select(1)
    assert page.detail.matrix.isVisible()
    assert page.detail.matrix.cell_text(0, 1) == "1 photo of “forest” (33.3 %) were called “sea”"
    model = page.detail.table.model()
    row = [model.index(0, column).data() for column in range(5)]
    assert row == ["forest", "3", "100.0 %", "66.7 %", "80.0 %"]


def test_a_model_without_results_says_so(page: ModelsPage) -> None:
    assert not page.detail.matrix.isVisible()


def test_a_damaged_model_says_why_and_can_only_be_deleted(page: ModelsPage) -> None:
    page.select(2)
    assert "The card is damaged." in page.findChild(QLabel, "damaged_reason").text()
    assert not page.use_button.isVisible()
    assert page.delete_button.isVisible()


def test_renaming_asks_for_the_name(qtbot: QtBot, page: ModelsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    page.select(1)
    monkeypatch.setattr(QInputDialog, "getText", lambda *arguments: ("  Pets ", True))
    with qtbot.waitSignal(page.rename_requested) as asked:
        page.rename_button.click()
    assert asked.args == [page.rows.entries[1], "Pets"]


@pytest.mark.parametrize("sure", [True, False])
def test_deleting_asks_first(page: ModelsPage, monkeypatch: pytest.MonkeyPatch, sure: bool) -> None:
    def answer(box: QMessageBox) -> int:
        role = QMessageBox.ButtonRole.DestructiveRole if sure else QMessageBox.ButtonRole.RejectRole
        next(b for b in box.buttons() if box.buttonRole(b) == role).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    asked: list[object] = []
    page.delete_requested.connect(asked.append)
    page.select(1)
    page.delete_button.click()
    assert asked == ([page.rows.entries[1]] if sure else [])


def test_the_selection_stays_when_the_list_is_renewed(page: ModelsPage) -> None:
    page.select(1)
    page.set_entries(list(reversed(page.rows.entries)), None)
    assert page.selected is page.rows.entries[1]


def test_a_model_is_shared_also_if_it_came_with_the_app_and_a_damaged_one_is_not(
    qtbot: QtBot, page: ModelsPage
) -> None:
    for row in (0, 1):
        page.select(row)
        with qtbot.waitSignal(page.share_requested) as asked:
            page.share_button.click()
        assert asked.args == [page.rows.entries[row]]
    page.select(2)
    assert not page.share_button.isVisible()
    with qtbot.assertNotEmitted(page.share_requested):
        page.share()


def test_while_a_share_file_is_written_no_other_one_is_begun(qtbot: QtBot, page: ModelsPage) -> None:
    page.begin_sharing("Saving …")
    assert page.is_busy
    with qtbot.assertNotEmitted(page.share_requested):
        page.share_button.click()
    page.end_sharing()
    assert not page.is_busy


def test_an_import_is_shown_and_can_be_stopped_once(qtbot: QtBot, page: ModelsPage) -> None:
    progress: list[object] = []
    page.progress_changed.connect(progress.append)
    page.show_importing("Checking “x.scenemodel” …")
    stop = page.findChild(QPushButton, "import_progress_stop")
    assert page.progress.text == "Checking “x.scenemodel” …"
    assert "not added" in stop.toolTip()
    with qtbot.waitSignal(page.stop_requested):
        stop.click()
    assert not stop.isEnabled()
    page.end_importing()
    assert not page.progress.isVisible()
    assert progress == [-1.0, None]
    with qtbot.assertNotEmitted(page.stop_requested):
        page.stop()


@pytest.mark.parametrize("width", [830, 1280])
def test_the_name_of_a_model_can_be_read_in_a_narrow_window_too(
    qtbot: QtBot, page: ModelsPage, width: int
) -> None:
    page.select(1)
    page.resize(width, 450)
    name = page.findChild(QLabel, "model_name")
    qtbot.waitUntil(lambda: name.width() >= name.fontMetrics().horizontalAdvance(name.text()))


def test_a_model_is_found_by_its_folder(page: ModelsPage, tmp_path: Path) -> None:
    page.select_folder(tmp_path / "own")
    assert page.selected is page.rows.entries[1]
    page.select_folder(tmp_path / "gone")
    assert page.selected is page.rows.entries[1]


def test_an_empty_library_says_what_to_do(page: ModelsPage) -> None:
    page.set_entries([], None)
    assert page.selected is None
    assert not page.use_button.isVisible()
    assert not page.share_button.isVisible()
    assert page.import_button.isVisible()


def test_the_error_dialog_takes_anything(qtbot: QtBot) -> None:
    dialog = ErrorDialog("<b>It</b> broke", "Traceback", "log.txt")
    qtbot.addWidget(dialog)
    assert dialog.findChild(QLabel, "error_message").text() == "<b>It</b> broke"
    show_error(ValueError("x"), None, object())  # type: ignore[arg-type]  # whatever it gets


def test_detail_tells_the_view_the_photos_and_how_sure_the_accuracy_is(
    page: ModelsPage, tmp_path: Path
) -> None:
    stored = stored_model("Solved", folder=tmp_path / "own")
    page.set_entries([dataclasses.replace(stored, card=solved_card())], None)
    told = {
        name: page.findChild(QLabel, f"model_{name}").text()
        for name in ("recipe", "photos", "epochs", "accuracy")
    }
    assert told == {
        "recipe": "Quick · 224 × 224 px, cut to the middle",
        "photos": "60 photos, each judged by models that learned from the others (10 parts)",
        "epochs": "9, in 1 min 5 s",
        "accuracy": "85 %",
    }
    caption = page.findChild(QLabel, "model_accuracy_caption")
    assert caption.text() == "Validation accuracy (74 to 92 %)"
    assert "60 photos" in caption.toolTip()


def test_a_model_that_was_never_measured_has_no_range(page: ModelsPage) -> None:
    stored = stored_model("Unknown")
    card = msgspec.structs.replace(stored.card, validation_accuracy=None)
    page.set_entries([dataclasses.replace(stored, card=card)], None)
    assert page.findChild(QLabel, "model_accuracy").text() == "–"
    assert page.findChild(QLabel, "model_accuracy_caption").text() == "Validation accuracy"
