from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.core.classify.pipeline import ClassifySummary, FolderSkipped, PhotosClassified
from scene_desktop.core.drops import DropJournal, find, records
from scene_desktop.core.errors import InputError, ModelFileError, SceneError
from scene_desktop.core.models.library import Library
from scene_desktop.core.settings import Settings
from scene_desktop.flows.classify import ClassifyFlow
from scene_desktop.flows.drop_memory import DropMemory
from scene_desktop.flows.earlier import EarlierFlow
from scene_desktop.ui.classify.earlier_dialog import EarlierDialog
from scene_desktop.ui.classify.page import ClassifyPage
from tests.flows.conftest import Gate, Unhandled, classified, fail, idle, press, stopping_at, verdicts

CLASSIFY = "scene_desktop.flows.earlier.classify"


@pytest.fixture
def lanes(lane: Callable[..., Any]) -> SimpleNamespace:
    return SimpleNamespace(classify=lane("classify"), saving=lane("saving"), memory=lane("memory"))


@pytest.fixture
def memory(classify_page: ClassifyPage, lanes: SimpleNamespace) -> Any:
    made = DropMemory(classify_page.table_model, lanes.memory)
    yield made
    made.let_go()


@pytest.fixture
def classifying(
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    library: Library,
    settings: Settings,
    memory: DropMemory,
    monkeypatch: pytest.MonkeyPatch,
) -> ClassifyFlow:
    for module in ("classify", "earlier"):
        monkeypatch.setattr(f"scene_desktop.flows.{module}.classify", classified)
    made = ClassifyFlow(classify_page, lanes.classify, lanes.saving, library, settings, memory)
    made.refresh_models()
    return made


@pytest.fixture
def flow(
    classify_page: ClassifyPage,
    classifying: ClassifyFlow,
    memory: DropMemory,
    lanes: SimpleNamespace,
    library: Library,
) -> EarlierFlow:
    return EarlierFlow(classify_page, classifying, memory, (lanes.classify, lanes.memory), library)


@pytest.fixture
def record(memory: DropMemory, library: Library, photos: list[str]) -> Callable[..., str]:
    """Makes results of an earlier time: one drop with its end, one that was cut off after its first photo."""

    def make(cut: bool = True) -> str:
        for paths, stopped in ((["/a.jpg", "/b.jpg"], False), (photos, True))[: 2 if cut else 1]:
            with memory.recording(library.find("Scenes"), paths, lambda event: None) as recording:
                done = 1 if stopped else len(paths)
                recording.pass_on(PhotosClassified(verdicts(paths[:done]), done))
                recording.end(ClassifySummary(len(paths), done, stopped, 0.1), by_person=False)
        made = memory.shown_id
        memory.let_go()
        return made

    return make


def shown(page: ClassifyPage) -> list[str]:
    return [one.path for one in page.predictions]


def settle(qtbot: QtBot, lanes: SimpleNamespace) -> None:
    idle(qtbot, lanes.classify, lanes.memory)


def test_results_are_shown_without_reading_a_photo(
    qtbot: QtBot,
    flow: EarlierFlow,
    classifying: ClassifyFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    library: Library,
    record: Callable[..., str],
    photos: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(CLASSIFY, fail(AssertionError("it reads")))
    flow.show_results(record())
    settle(qtbot, lanes)
    assert shown(classify_page) == ["/a.jpg", "/b.jpg", photos[0]]
    assert not classify_page.is_busy
    assert classifying.shown_model == library.find("Scenes")


def test_a_drop_that_was_cut_off_is_offered_and_goes_on(
    qtbot: QtBot,
    flow: EarlierFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    memory: DropMemory,
    record: Callable[..., str],
    photos: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known: list[int] = []

    def goes_on(paths: Any, model: Any, report: Any, should_stop: Any, **named: Any) -> ClassifySummary:
        known.append(len(named["known"]))
        report(FolderSkipped("/locked", "Permission denied"))
        return classified(paths, model, report, should_stop)

    monkeypatch.setattr(CLASSIFY, goes_on)
    made = record()
    flow.look_for_interrupted()
    settle(qtbot, lanes)
    press(qtbot, classify_page.drop_offer, "drop_offer_continue")
    assert classify_page.drop_offer.isHidden()
    settle(qtbot, lanes)
    assert known == [1]
    assert shown(classify_page) == ["/a.jpg", "/b.jpg", *photos]
    assert all(one.scores is not None for one in classify_page.predictions)
    memory.let_go()
    assert find(made).ended


def test_a_drop_that_came_to_its_end_is_not_offered(
    qtbot: QtBot,
    flow: EarlierFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    record: Callable[..., str],
) -> None:
    record(cut=False)
    flow.look_for_interrupted()
    settle(qtbot, lanes)
    assert classify_page.drop_offer.isHidden()


def test_discarded_results_are_gone(
    qtbot: QtBot,
    flow: EarlierFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    record: Callable[..., str],
) -> None:
    made = record()
    flow.look_for_interrupted()
    settle(qtbot, lanes)
    press(qtbot, classify_page.drop_offer, "drop_offer_discard")
    settle(qtbot, lanes)
    assert records() == []
    flow.discard(made)
    settle(qtbot, lanes)
    assert classify_page.note.text == "These results are not there any more."
    flow.show_results(made)
    assert classify_page.note.text == "These results are not there any more."
    assert not lanes.classify.is_busy


@pytest.mark.parametrize("button", ["earlier_show", "earlier_continue", "earlier_discard"])
def test_the_list_leads_to_the_same(
    qtbot: QtBot,
    flow: EarlierFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    record: Callable[..., str],
    button: str,
) -> None:
    record()
    classify_page.actions_.earlier.trigger()
    settle(qtbot, lanes)
    dialog = classify_page.findChild(EarlierDialog)
    dialog.findChild(QPushButton, button).click()
    settle(qtbot, lanes)
    assert len(shown(classify_page)) == {"earlier_show": 3, "earlier_continue": 5, "earlier_discard": 0}[button]


@pytest.mark.parametrize(
    ("error", "text"),
    [(SceneError("The disk is gone."), "The disk is gone."), (ZeroDivisionError(), "")],
)
def test_a_list_that_cannot_be_read_is_told(
    qtbot: QtBot,
    flow: EarlierFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    text: str,
) -> None:
    monkeypatch.setattr("scene_desktop.flows.earlier.records", fail(error))
    flow.show_list()
    settle(qtbot, lanes)
    assert classify_page.note.text == text
    assert classify_page.findChild(EarlierDialog) is None
    assert unhandled.take() == ([] if text else [ZeroDivisionError])


def test_results_of_a_model_that_is_gone_are_shown_and_do_not_go_on(
    qtbot: QtBot,
    flow: EarlierFlow,
    classifying: ClassifyFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    library: Library,
    record: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = record()
    library.find("Scenes").folder.rename(tmp_path / "away")
    monkeypatch.setattr(CLASSIFY, fail(AssertionError("it goes on")))
    told: list[str] = []
    show = ClassifyPage.show_message
    monkeypatch.setattr(
        ClassifyPage, "show_message", lambda page, text, *kind: (told.append(text), show(page, text, *kind))
    )
    flow.go_on(made)
    settle(qtbot, lanes)
    assert told[0].startswith("The model “Scenes” is not there any more")
    assert len(shown(classify_page)) == 3
    assert classifying.shown_model is None


def test_while_a_drop_runs_nothing_is_brought_back(
    qtbot: QtBot,
    flow: EarlierFlow,
    classifying: ClassifyFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    record: Callable[..., str],
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = record()
    slow = gate()
    monkeypatch.setattr("scene_desktop.flows.classify.classify", stopping_at(slow))
    classifying.classify(["/new.jpg"])
    qtbot.waitUntil(lambda: slow.reached.is_set() and classify_page.is_busy)
    flow.show_results(made)
    assert classify_page.note.text == "A drop is being classified. Wait for it, or stop it first."
    slow.open()
    settle(qtbot, lanes)
    assert shown(classify_page) == ["/new.jpg"]


@pytest.mark.parametrize("when", ["at once", "later"])
def test_stop_ends_what_goes_on_and_it_need_not_be_continued(
    qtbot: QtBot,
    flow: EarlierFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    memory: DropMemory,
    record: Callable[..., str],
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
    when: str,
) -> None:
    made = record()
    slow = gate()
    if when == "later":
        monkeypatch.setattr(CLASSIFY, stopping_at(slow))
    else:
        opened = DropMemory.open
        monkeypatch.setattr(DropMemory, "open", lambda *given: (slow.pass_through(), opened(*given))[1])
    flow.go_on(made)
    qtbot.waitUntil(lambda: slow.reached.is_set() and classify_page.is_busy)
    classify_page.stop()
    slow.open() if when == "at once" else None
    settle(qtbot, lanes)
    assert not classify_page.is_busy
    assert len(shown(classify_page)) == (2 if when == "later" else 0)
    memory.let_go()
    assert find(made).ended is (when == "later")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ModelFileError("Train it again."), "Train it again."),
        (ZeroDivisionError(), "Something unexpected went wrong. The drop was ended."),
    ],
)
def test_going_on_that_fails_leaves_what_was_shown(
    qtbot: QtBot,
    flow: EarlierFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    record: Callable[..., str],
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    text: str,
) -> None:
    monkeypatch.setattr(CLASSIFY, fail(error))
    flow.go_on(record())
    settle(qtbot, lanes)
    assert classify_page.note.text == text
    assert shown(classify_page) == ["/a.jpg", "/b.jpg"]
    assert not classify_page.is_busy
    assert unhandled.take() == ([] if isinstance(error, SceneError) else [ZeroDivisionError])


def test_results_that_another_window_shows_are_refused(
    qtbot: QtBot,
    flow: EarlierFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    record: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(DropJournal, "open", fail(InputError("These results are shown in another window.")))
    flow.show_results(record())
    settle(qtbot, lanes)
    assert classify_page.note.text == "These results are shown in another window."
