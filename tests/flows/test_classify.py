import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from scene_desktop.core import exports, locations
from scene_desktop.core.drops import find
from scene_desktop.core.errors import ModelFileError
from scene_desktop.core.models.library import Library
from scene_desktop.core.settings import CLASSIFY_MODEL, Settings
from scene_desktop.flows.classify import ClassifyFlow
from scene_desktop.flows.drop_memory import DropMemory
from scene_desktop.flows.saving import SavingFlow
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.work.jobs import Lane
from tests.flows.conftest import Gate, Unhandled, classified, fail, idle, press, stopping_at

CLASSIFY = "scene_desktop.flows.classify.classify"


@pytest.fixture
def lanes(lane: Callable[[str], Lane]) -> SimpleNamespace:
    return SimpleNamespace(classify=lane("classify"), saving=lane("saving"), memory=lane("memory"))


@pytest.fixture
def memory(classify_page: ClassifyPage, lanes: SimpleNamespace) -> DropMemory:
    return DropMemory(classify_page.table_model, lanes.memory)


@pytest.fixture
def flow(
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    library: Library,
    settings: Settings,
    memory: DropMemory,
    monkeypatch: pytest.MonkeyPatch,
) -> ClassifyFlow:
    monkeypatch.setattr(CLASSIFY, classified)
    made = ClassifyFlow(classify_page, lanes.classify, lanes.saving, library, settings, memory)
    made.refresh_models()
    return made


@pytest.fixture
def slow(gate: Callable[..., Gate], flow: ClassifyFlow, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Classifying waits here, between the photos and their verdicts."""
    made = gate()
    monkeypatch.setattr(CLASSIFY, stopping_at(made))
    return made


def shown(page: ClassifyPage) -> list[str]:
    return [one.path for one in page.predictions]


def test_a_drop_fills_the_page(
    qtbot: QtBot, flow: ClassifyFlow, classify_page: ClassifyPage, lanes: SimpleNamespace
) -> None:
    ended: list[int] = []
    assert flow.classify(["/a.jpg", "/b.jpg"], then=lambda: ended.append(len(classify_page.predictions)))
    idle(qtbot, lanes.classify)
    assert shown(classify_page) == ["/a.jpg", "/b.jpg"]
    assert ended == [2]
    assert not classify_page.is_busy
    assert flow.shown_model == flow.model


def test_a_model_that_is_damaged_is_a_sentence_and_the_next_drop_runs(
    qtbot: QtBot,
    flow: ClassifyFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(CLASSIFY, fail(ModelFileError("Train it again.")))
    flow.classify(["/a.jpg"], then=lambda: pytest.fail("it did not end well"))
    idle(qtbot, lanes.classify)
    assert classify_page.note.text == "Train it again."
    assert not classify_page.is_busy
    monkeypatch.setattr(CLASSIFY, classified)
    flow.classify(["/b.jpg"])
    idle(qtbot, lanes.classify)
    assert shown(classify_page) == ["/b.jpg"]


def test_a_bug_is_told_and_the_page_is_usable(
    qtbot: QtBot,
    flow: ClassifyFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(CLASSIFY, fail(ZeroDivisionError()))
    flow.classify(["/a.jpg"])
    idle(qtbot, lanes.classify)
    assert unhandled.take() == [ZeroDivisionError]
    assert classify_page.note.text == "Something unexpected went wrong. The drop was ended."
    assert not classify_page.is_busy


def test_stop_ends_the_drop_that_runs_and_those_that_wait_but_no_saving(
    qtbot: QtBot,
    flow: ClassifyFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    slow: Gate,
    gate: Callable[..., Gate],
) -> None:
    elsewhere = gate()
    lanes.saving.submit(lambda report, should_stop: elsewhere.pass_through(should_stop))
    for path in ("/a.jpg", "/b.jpg"):
        flow.classify([path])
    qtbot.waitUntil(lambda: slow.reached.is_set() and classify_page.is_busy and elsewhere.reached.is_set())
    classify_page.stop()
    idle(qtbot, lanes.classify)
    assert slow.asked == 1
    assert not classify_page.is_busy
    assert shown(classify_page) == []
    assert not elsewhere.stopped.is_set()


def test_what_a_person_stopped_need_not_go_on_and_what_the_end_of_the_window_stopped_may(
    qtbot: QtBot,
    flow: ClassifyFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    memory: DropMemory,
    slow: Gate,
) -> None:
    for stop, ended in ((classify_page.stop, True), (lanes.classify.stop_all, False)):
        slow.reached.clear()
        flow.classify(["/a.jpg"])
        qtbot.waitUntil(lambda: slow.reached.is_set() and classify_page.is_busy)
        stop()
        idle(qtbot, lanes.classify)
        record = memory.shown_id
        flow.clear()
        assert find(record).ended is ended


def test_drops_wait_for_each_other_and_the_page_says_how_many(
    qtbot: QtBot, flow: ClassifyFlow, classify_page: ClassifyPage, lanes: SimpleNamespace, slow: Gate
) -> None:
    for path in ("/a.jpg", "/b.jpg"):
        flow.classify([path])
    qtbot.waitUntil(lambda: slow.reached.is_set() and lanes.classify.waiting == 1)
    assert "1 more" in classify_page.progress.text
    slow.open()
    idle(qtbot, lanes.classify)
    assert shown(classify_page) == ["/a.jpg", "/b.jpg"]


def test_results_of_another_model_are_put_away_when_its_drop_begins(
    qtbot: QtBot, flow: ClassifyFlow, classify_page: ClassifyPage, lanes: SimpleNamespace, library: Library
) -> None:
    flow.classify(["/a.jpg"])
    flow.use(library.find("Pets"))
    flow.classify(["/b.jpg"])
    idle(qtbot, lanes.classify)
    assert shown(classify_page) == ["/b.jpg"]
    assert classify_page.classes == ("cats", "dogs")
    assert classify_page.note.text.startswith("The results of “Scenes” were put away")
    assert flow.shown_model == library.find("Pets")


def test_cleared_results_can_be_shown_again(
    qtbot: QtBot, flow: ClassifyFlow, classify_page: ClassifyPage, lanes: SimpleNamespace
) -> None:
    flow.classify(["/a.jpg"])
    idle(qtbot, lanes.classify)
    classify_page.actions_.clear.trigger()
    assert shown(classify_page) == []
    assert flow.shown_model is None
    with qtbot.waitSignal(flow.results_wanted) as wanted:
        press(qtbot, classify_page, "classify_note_offer")
    assert wanted.args[0]


def test_the_model_in_use_is_remembered(
    flow: ClassifyFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    library: Library,
    memory: DropMemory,
    settings_after: Callable[[], Settings],
) -> None:
    assert flow.model == library.find("Scenes")
    next(one for one in classify_page.model_button.menu().actions() if "Pets" in one.text()).trigger()
    assert flow.model == library.find("Pets")
    again = ClassifyFlow(classify_page, lanes.classify, lanes.saving, library, settings_after(), memory)
    again.refresh_models()
    assert again.model == library.find("Pets")


def test_a_model_that_is_gone_gives_way_to_the_first_one(
    flow: ClassifyFlow, library: Library, settings: Settings, tmp_path: Path
) -> None:
    flow.use(library.find("Pets"))
    library.find("Pets").folder.rename(tmp_path / "away")
    flow.refresh_models()
    assert flow.model == library.find("Scenes")


def test_a_damaged_setting_chooses_the_first_model(
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    library: Library,
    settings: Settings,
    memory: DropMemory,
) -> None:
    settings.set(CLASSIFY_MODEL, "\0 no folder")
    again = ClassifyFlow(classify_page, lanes.classify, lanes.saving, library, settings, memory)
    again.refresh_models()
    assert again.model == library.find("Scenes")


def test_without_a_model_nothing_is_classified_and_everybody_hears_of_it(
    qtbot: QtBot, flow: ClassifyFlow, classify_page: ClassifyPage, lanes: SimpleNamespace, library: Library
) -> None:
    library.folder.rename(library.folder.with_name("away"))
    with qtbot.waitSignal(flow.model_changed) as changed:
        flow.refresh_models()
    assert changed.args == [None]
    assert flow.model is None
    assert classify_page.note.text == "There is no model yet. Train one first."
    assert classify_page.model_button.text() == "No model"
    assert not flow.classify(["/a.jpg"])
    assert not lanes.classify.is_busy


def test_where_nothing_can_be_kept_the_page_warns_and_shows_the_verdicts(
    qtbot: QtBot, flow: ClassifyFlow, classify_page: ClassifyPage, lanes: SimpleNamespace
) -> None:
    locations.data_folder().mkdir(parents=True)
    (locations.data_folder() / "drops").write_text("a file is in the way")
    flow.classify(["/a.jpg"])
    idle(qtbot, lanes.classify)
    assert "cannot be kept" in classify_page.note.text
    assert shown(classify_page) == ["/a.jpg"]


def picture() -> QImage:
    made = QImage(8, 8, QImage.Format.Format_RGB32)
    made.fill(0x2060C0)
    return made


def test_a_pasted_picture_is_kept_and_classified_and_old_ones_go(
    qtbot: QtBot, flow: ClassifyFlow, classify_page: ClassifyPage, lanes: SimpleNamespace
) -> None:
    folder = locations.cache_folder() / "pasted"
    folder.mkdir(parents=True)
    old, new = folder / "pasted long ago.png", folder / "pasted now.png"
    old.touch()
    new.touch()
    long_ago = time.time() - 8 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    classify_page.intake.image_taken.emit(picture())
    qtbot.waitUntil(lambda: len(classify_page.predictions) == 1)
    (path,) = shown(classify_page)
    assert not QImage(path).isNull()
    assert not old.exists()
    assert new.exists()


@pytest.mark.parametrize("where", ["the folder", "the file"])
def test_a_pasted_picture_that_cannot_be_kept_is_a_sentence(
    qtbot: QtBot,
    flow: ClassifyFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    if where == "the folder":
        locations.cache_folder().mkdir(parents=True, exist_ok=True)
        (locations.cache_folder() / "pasted").write_text("a file is in the way")
    else:
        monkeypatch.setattr(QImage, "save", lambda *given: False)
    classify_page.intake.image_taken.emit(picture())
    idle(qtbot, lanes.saving)
    assert "could not be kept" in classify_page.note.text
    assert not lanes.classify.is_busy


def test_saving_goes_on_while_a_drop_is_stopped(
    qtbot: QtBot,
    flow: ClassifyFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    settings: Settings,
    slow: Gate,
    gate: Callable[..., Gate],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = gate()
    monkeypatch.setattr("scene_desktop.flows.saving.save", written.before(exports.save))
    saving = SavingFlow(classify_page, lanes.saving, lambda: flow.shown_model, settings)
    flow.classify(["/a.jpg"])
    qtbot.waitUntil(lambda: classify_page.is_busy and slow.reached.is_set())
    saving.save(str(tmp_path / "results.csv"))
    qtbot.waitUntil(written.reached.is_set)
    classify_page.stop()
    idle(qtbot, lanes.classify)
    written.open()
    idle(qtbot, lanes.saving)
    assert (tmp_path / "results.csv").exists()


def test_the_folder_of_a_photo_is_shown(
    flow: ClassifyFlow, classify_page: ClassifyPage, opened_urls: list[str]
) -> None:
    classify_page.detail.show_in_folder_requested.emit("/photos/a.jpg")
    assert opened_urls == ["/photos"]
