from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QRadioButton
from pytestqt.qtbot import QtBot

from scene_desktop.core import exports
from scene_desktop.core.errors import InputError
from scene_desktop.core.settings import SAVING_FOLDER, SAVING_FORMAT, Settings
from scene_desktop.flows.saving import SavingFlow
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.classify.save_dialog import SaveDialog
from scene_desktop.work.jobs import Lane
from tests.flows.conftest import Gate, Unhandled, delivered, fail, fill, idle, press
from tests.ui.conftest import stored_model


@pytest.fixture
def saving(lane: Callable[[str], Lane]) -> Lane:
    return lane("saving")


@pytest.fixture
def flow(classify_page: ClassifyPage, saving: Lane, settings: Settings) -> SavingFlow:
    fill(classify_page, ["/photos/a.jpg", "/photos/b.jpg"])
    return SavingFlow(classify_page, saving, lambda: stored_model(), settings)


@pytest.fixture
def slow(gate: Callable[..., Gate], monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Saving waits here."""
    made = gate()
    monkeypatch.setattr("scene_desktop.flows.saving.save", made.before(exports.save))
    return made


def test_results_are_saved_and_can_be_opened(
    qtbot: QtBot,
    flow: SavingFlow,
    classify_page: ClassifyPage,
    saving: Lane,
    tmp_path: Path,
    opened_urls: list[str],
) -> None:
    path = tmp_path / "results.csv"
    flow.save(str(path))
    assert classify_page.is_saving
    idle(qtbot, saving)
    assert not classify_page.is_saving
    assert classify_page.note.text == f"Saved {path}"
    assert "a.jpg" in path.read_text(encoding="utf-8")
    press(qtbot, classify_page, "classify_note_offer")
    assert opened_urls == [str(path)]


def test_a_refusal_is_a_sentence_on_the_page(
    qtbot: QtBot,
    flow: SavingFlow,
    classify_page: ClassifyPage,
    saving: Lane,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scene_desktop.flows.saving.save", fail(InputError("The disk is full.")))
    flow.save("/somewhere/results.csv")
    idle(qtbot, saving)
    assert classify_page.note.text == "The disk is full."
    assert not classify_page.is_saving
    assert settings.get(SAVING_FOLDER) == ""


def test_a_bug_is_told_and_saving_is_possible_again(
    qtbot: QtBot,
    flow: SavingFlow,
    classify_page: ClassifyPage,
    saving: Lane,
    unhandled: Unhandled,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("scene_desktop.flows.saving.save", fail(ZeroDivisionError()))
        flow.save(str(tmp_path / "results.csv"))
        idle(qtbot, saving)
    assert unhandled.take() == [ZeroDivisionError]
    assert classify_page.note.text == "Something unexpected went wrong. No file was written."
    assert not classify_page.is_saving
    flow.save(str(tmp_path / "results.csv"))
    idle(qtbot, saving)
    assert (tmp_path / "results.csv").exists()


def test_stop_ends_the_saving_and_writes_no_file(
    qtbot: QtBot, flow: SavingFlow, classify_page: ClassifyPage, saving: Lane, slow: Gate, tmp_path: Path
) -> None:
    flow.save(str(tmp_path / "results.csv"))
    qtbot.waitUntil(slow.reached.is_set)
    classify_page.stop()
    assert classify_page.progress.text == "Stopping …"
    idle(qtbot, saving)
    assert classify_page.note.text == "Saving was stopped. No file was written."
    assert not (tmp_path / "results.csv").exists()
    assert not classify_page.is_saving


def test_reports_that_come_late_do_not_hide_that_it_stops(
    qtbot: QtBot,
    flow: SavingFlow,
    classify_page: ClassifyPage,
    saving: Lane,
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, after = gate(), gate()

    def save(path: object, results: object, report: Callable[[int, int], None], should_stop: object) -> None:
        report(1, 4)
        before.pass_through()
        report(2, 4)
        after.pass_through()

    monkeypatch.setattr("scene_desktop.flows.saving.save", save)
    flow.save("/somewhere/results.csv")
    qtbot.waitUntil(before.reached.is_set)
    qtbot.waitUntil(lambda: classify_page.progress.text == "Saving …")
    classify_page.stop()
    before.open()
    qtbot.waitUntil(after.reached.is_set)
    delivered(saving)
    assert classify_page.progress.text == "Stopping …"


def test_stop_belongs_to_the_drop_while_one_runs(
    qtbot: QtBot, flow: SavingFlow, classify_page: ClassifyPage, saving: Lane, slow: Gate, tmp_path: Path
) -> None:
    flow.save(str(tmp_path / "results.csv"))
    classify_page.begin_drop(classify_page.classes)
    qtbot.waitUntil(slow.reached.is_set)
    with qtbot.waitSignal(classify_page.stop_requested):
        classify_page.stop()
    slow.open()
    idle(qtbot, saving)
    assert (tmp_path / "results.csv").exists()


def test_results_that_are_cleared_meanwhile_are_saved_as_they_were(
    qtbot: QtBot, flow: SavingFlow, classify_page: ClassifyPage, saving: Lane, slow: Gate, tmp_path: Path
) -> None:
    flow.save(str(tmp_path / "results.csv"))
    qtbot.waitUntil(slow.reached.is_set)
    classify_page.clear()
    slow.open()
    idle(qtbot, saving)
    assert "b.jpg" in (tmp_path / "results.csv").read_text(encoding="utf-8")
    assert classify_page.predictions == []


def test_only_the_photos_that_are_shown_are_saved(
    qtbot: QtBot, flow: SavingFlow, classify_page: ClassifyPage, saving: Lane, tmp_path: Path
) -> None:
    classify_page.table_model.correct([1], 2)
    classify_page.class_filter.choose(2)
    flow.save(str(tmp_path / "results.csv"), "shown")
    idle(qtbot, saving)
    text = (tmp_path / "results.csv").read_text(encoding="utf-8")
    assert "b.jpg" in text
    assert "a.jpg" not in text


def test_format_and_folder_of_the_last_time_are_proposed(
    qtbot: QtBot,
    flow: SavingFlow,
    classify_page: ClassifyPage,
    saving: Lane,
    settings_after: Callable[[], Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flow.save(str(tmp_path / "results.json"))
    idle(qtbot, saving)
    kept = settings_after()
    assert kept.get(SAVING_FOLDER) == str(tmp_path)
    classify_page.actions_.save.trigger()
    dialog = classify_page.findChild(SaveDialog)
    assert dialog.findChild(QRadioButton, "save_as_json").isChecked()
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "exec", lambda box: asked.append(box.directory().path()) or True)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda box: [str(tmp_path / "again.json")])
    press(qtbot, dialog, "save_go_on")
    idle(qtbot, saving)
    assert asked == [str(tmp_path)]
    assert (tmp_path / "again.json").exists()


def test_damaged_settings_propose_the_first_format(
    flow: SavingFlow, classify_page: ClassifyPage, settings: Settings
) -> None:
    settings.set(SAVING_FORMAT, "papyrus")
    settings.set(SAVING_FOLDER, "/not/there\0")
    flow.open()
    assert classify_page.findChild(SaveDialog).format is exports.FORMATS[0]


def test_while_results_are_saved_nobody_is_asked_for_more(
    qtbot: QtBot,
    flow: SavingFlow,
    classify_page: ClassifyPage,
    slow: Gate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QFileDialog, "exec", lambda box: pytest.fail("it asks"))
    flow.save(str(tmp_path / "results.csv"))
    classify_page.actions_.save.trigger()
    classify_page.actions_.report.trigger()
    assert classify_page.findChild(SaveDialog) is None


@pytest.mark.parametrize("chosen", [True, False])
def test_a_report_asks_only_for_its_place(
    qtbot: QtBot,
    flow: SavingFlow,
    saving: Lane,
    photos: list[str],
    classify_page: ClassifyPage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    chosen: bool,
) -> None:
    monkeypatch.setattr(QFileDialog, "exec", lambda box: chosen)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda box: [str(tmp_path / "report.html")])
    classify_page.actions_.report.trigger()
    idle(qtbot, saving)
    assert (tmp_path / "report.html").exists() is chosen
