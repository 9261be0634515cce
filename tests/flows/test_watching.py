from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from scene_desktop.core import sorting
from scene_desktop.core.classify.watching import (
    EventsMissing,
    FolderBack,
    FolderGone,
    PhotosArrived,
)
from scene_desktop.core.errors import InputError, SceneError
from scene_desktop.core.models.library import Library
from scene_desktop.core.settings import WATCHING_WISH, Setting, Settings, WatchWish
from scene_desktop.core.sorting import How
from scene_desktop.core.threads import ShouldStop
from scene_desktop.flows.classify import ClassifyFlow
from scene_desktop.flows.drop_memory import DropMemory
from scene_desktop.flows.watching import WatchFlow
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.classify.watch_dialog import WatchDialog
from tests.flows.conftest import Gate, Unhandled, classified, fail, fill, idle, press, stopping_at

CLASSIFY = "scene_desktop.flows.classify.classify"


@pytest.fixture
def lanes(lane: Callable[..., Any]) -> SimpleNamespace:
    names = ("classify", "saving", "memory", "watch", "sort")
    return SimpleNamespace(**{name: lane(name) for name in names})


@pytest.fixture
def eyes(gate: Callable[..., Gate], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """In place of folders that change: `report` of the folder that is watched, and its `gate`, by its name."""
    made: dict[str, Any] = {}

    class Watch:
        def __init__(self, folder: Path, ignored: list[Path]) -> None:
            self.name = folder.name
            made[f"{folder.name} ignores"] = ignored

        def run(self, report: Callable[[Any], None], should_stop: ShouldStop) -> None:
            door = gate()
            made[self.name] = SimpleNamespace(report=report, gate=door)
            door.pass_through(should_stop)

    monkeypatch.setattr("scene_desktop.flows.watching.FolderWatch", Watch)
    return made


@pytest.fixture
def classifying(
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    library: Library,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> ClassifyFlow:
    monkeypatch.setattr(CLASSIFY, classified)
    memory = DropMemory(classify_page.table_model, lanes.memory)
    made = ClassifyFlow(classify_page, lanes.classify, lanes.saving, library, settings, memory)
    made.refresh_models()
    return made


@pytest.fixture
def flow(
    classify_page: ClassifyPage,
    classifying: ClassifyFlow,
    lanes: SimpleNamespace,
    settings: Settings,
    eyes: dict[str, Any],
) -> WatchFlow:
    return WatchFlow(classify_page, classifying, lanes.watch, lanes.sort, settings)


def watch(qtbot: QtBot, flow: WatchFlow, eyes: dict[str, Any], wish: WatchWish) -> Any:
    """Begins, and waits until the folder is watched."""
    name = Path(wish.folder).name
    flow.begin(wish)
    qtbot.waitUntil(lambda: name in eyes and eyes[name].gate.reached.is_set())
    return eyes[name]


def arrive(qtbot: QtBot, seen: Any, lanes: SimpleNamespace, page: ClassifyPage, *paths: str) -> None:
    """Photos arrive; waits until everything is done with them."""
    before = len(page.predictions)
    seen.report(PhotosArrived(paths))
    qtbot.waitUntil(lambda: len(page.predictions) == before + len(paths))
    idle(qtbot, lanes.classify, lanes.sort)


def test_new_photos_are_classified_and_counted(
    qtbot: QtBot, flow: WatchFlow, classify_page: ClassifyPage, lanes: SimpleNamespace, eyes: dict[str, Any]
) -> None:
    seen = watch(qtbot, flow, eyes, WatchWish("/camera"))
    assert classify_page.watch_bar.text == "Watching “camera”: no new photos yet."
    arrive(qtbot, seen, lanes, classify_page, "/camera/a.jpg", "/camera/b.jpg")
    assert classify_page.watch_bar.text == "Watching “camera”: 2 photos arrived."
    assert not lanes.sort.is_busy


def test_new_photos_are_sorted_and_their_rows_follow(
    qtbot: QtBot,
    flow: WatchFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    eyes: dict[str, Any],
    photos: list[str],
    tmp_path: Path,
) -> None:
    fill(classify_page, ["/earlier.jpg"])
    seen = watch(qtbot, flow, eyes, WatchWish("/camera", str(tmp_path / "Sorted"), How.MOVE))
    assert eyes["camera ignores"] == [tmp_path / "Sorted"]
    arrive(qtbot, seen, lanes, classify_page, *photos)
    there = sorted(map(str, (tmp_path / "Sorted" / "forest").iterdir()))
    assert classify_page.table_model.verdicts.paths == ["/earlier.jpg", *there]
    assert classify_page.watch_bar.text == "Watching “camera”: 3 photos arrived, 3 sorted."


def test_a_photo_that_came_again_is_sorted_by_its_newest_verdict(
    qtbot: QtBot,
    flow: WatchFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    eyes: dict[str, Any],
    photos: list[str],
    tmp_path: Path,
) -> None:
    fill(classify_page, photos[:1], best=2)
    seen = watch(qtbot, flow, eyes, WatchWish("/camera", str(tmp_path / "Sorted")))
    arrive(qtbot, seen, lanes, classify_page, photos[0])
    assert [path.name for path in (tmp_path / "Sorted").iterdir()] == ["forest"]


def test_a_photo_that_cannot_be_sorted_is_named(
    qtbot: QtBot,
    flow: WatchFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    eyes: dict[str, Any],
    photos: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def apply_plan(plan: Any) -> sorting.SortResult:
        Path(photos[0]).unlink()
        return sorting.apply_plan(plan)

    monkeypatch.setattr("scene_desktop.flows.watching.apply_plan", apply_plan)
    seen = watch(qtbot, flow, eyes, WatchWish("/camera", str(tmp_path / "Sorted")))
    arrive(qtbot, seen, lanes, classify_page, *photos)
    assert "2 sorted. Not sorted: 0.png, " in classify_page.watch_bar.text


@pytest.mark.parametrize(
    ("error", "text"),
    [(SceneError("The disk is full."), " Not sorted: The disk is full."), (ZeroDivisionError(), "")],
)
def test_sorting_that_fails_is_told_and_watching_goes_on(
    qtbot: QtBot,
    flow: WatchFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    eyes: dict[str, Any],
    photos: list[str],
    tmp_path: Path,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    text: str,
) -> None:
    monkeypatch.setattr("scene_desktop.flows.watching.apply_plan", fail(error))
    seen = watch(qtbot, flow, eyes, WatchWish("/camera", str(tmp_path / "Sorted")))
    arrive(qtbot, seen, lanes, classify_page, photos[0])
    arrive(qtbot, seen, lanes, classify_page, photos[1])
    assert classify_page.watch_bar.text == f"Watching “camera”: 2 photos arrived.{text}"
    assert not classify_page.watch_bar.isHidden()
    assert unhandled.take() == ([] if isinstance(error, SceneError) else [ZeroDivisionError] * 2)


@pytest.mark.parametrize("how", ["another wish", "stop"])
def test_what_arrived_before_is_not_sorted_into_the_folder_of_another_wish(
    qtbot: QtBot,
    flow: WatchFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    eyes: dict[str, Any],
    photos: list[str],
    tmp_path: Path,
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    slow = gate()
    monkeypatch.setattr(CLASSIFY, stopping_at(slow))
    seen = watch(qtbot, flow, eyes, WatchWish("/camera", str(tmp_path / "Sorted")))
    seen.report(PhotosArrived(tuple(photos)))
    qtbot.waitUntil(slow.reached.is_set)
    if how == "stop":
        press(qtbot, classify_page.watch_bar, "watch_stop")
    else:
        watch(qtbot, flow, eyes, WatchWish("/other", str(tmp_path / "Other")))
    slow.open()
    idle(qtbot, lanes.classify, lanes.sort)
    assert len(classify_page.predictions) == 3
    assert not (tmp_path / "Sorted").exists()
    assert not (tmp_path / "Other").exists()


def test_a_drop_that_was_stopped_has_nothing_to_sort(
    qtbot: QtBot,
    flow: WatchFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    eyes: dict[str, Any],
    photos: list[str],
    tmp_path: Path,
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = gate()
    monkeypatch.setattr(CLASSIFY, stopping_at(slow))
    seen = watch(qtbot, flow, eyes, WatchWish("/camera", str(tmp_path / "Sorted")))
    seen.report(PhotosArrived(tuple(photos)))
    qtbot.waitUntil(lambda: slow.reached.is_set() and classify_page.is_busy)
    classify_page.stop()
    idle(qtbot, lanes.classify, lanes.sort)
    assert not classify_page.watch_bar.isHidden()
    assert "Not sorted" not in classify_page.watch_bar.text


def test_a_folder_that_was_replaced_is_never_heard_of_again(
    qtbot: QtBot, flow: WatchFlow, classify_page: ClassifyPage, lanes: SimpleNamespace, eyes: dict[str, Any]
) -> None:
    first = watch(qtbot, flow, eyes, WatchWish("/camera"))
    second = watch(qtbot, flow, eyes, WatchWish("/other"))
    first.report(PhotosArrived(("/camera/late.jpg",)))
    arrive(qtbot, second, lanes, classify_page, "/other/a.jpg")
    assert first.gate.stopped.is_set()
    assert [one.path for one in classify_page.predictions] == ["/other/a.jpg"]
    assert classify_page.watch_bar.text == "Watching “other”: 1 photo arrived."


def test_what_stands_in_the_way_is_told_until_it_does_not_any_more(
    qtbot: QtBot, flow: WatchFlow, classify_page: ClassifyPage, lanes: SimpleNamespace, eyes: dict[str, Any]
) -> None:
    bar = classify_page.watch_bar
    seen = watch(qtbot, flow, eyes, WatchWish("/camera"))
    for event, text in (
        (FolderGone(), "The folder is gone; watching goes on when it is back."),
        (FolderBack(), "no new photos yet."),
        (
            EventsMissing("too many"),
            "The system does not tell of changes (too many); looking every few seconds.",
        ),
    ):
        seen.report(event)
        qtbot.waitUntil(lambda text=text: bar.text.endswith(text))


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InputError("Nothing is left to watch."), "Nothing is left to watch."),
        (ZeroDivisionError(), "Watching ended because something unexpected went wrong."),
    ],
)
def test_watching_that_fails_ends_with_a_sentence(
    qtbot: QtBot,
    flow: WatchFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    text: str,
) -> None:
    monkeypatch.setattr("scene_desktop.flows.watching.FolderWatch", fail(error))
    flow.begin(WatchWish("/camera"))
    idle(qtbot, lanes.watch)
    assert classify_page.note.text == text
    assert classify_page.watch_bar.isHidden()
    assert classify_page.watch_bar.isHidden()
    assert unhandled.take() == ([] if isinstance(error, InputError) else [ZeroDivisionError])


def test_stop_ends_the_watching_only_and_for_the_next_start_too(
    qtbot: QtBot,
    flow: WatchFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    eyes: dict[str, Any],
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
    settings_after: Callable[[], Settings],
) -> None:
    slow = gate()
    monkeypatch.setattr(CLASSIFY, stopping_at(slow))
    seen = watch(qtbot, flow, eyes, WatchWish("/camera", at_start=True))
    seen.report(PhotosArrived(("/camera/a.jpg",)))
    qtbot.waitUntil(slow.reached.is_set)
    press(qtbot, classify_page.watch_bar, "watch_stop")
    idle(qtbot, lanes.watch)
    assert classify_page.watch_bar.isHidden()
    assert not slow.stopped.is_set()
    assert settings_after().get(WATCHING_WISH) == WatchWish("/camera", at_start=False)


def test_photos_wait_until_there_is_a_model(
    qtbot: QtBot,
    flow: WatchFlow,
    classifying: ClassifyFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    eyes: dict[str, Any],
    library: Library,
) -> None:
    away = library.folder.with_name("away")
    library.folder.rename(away)
    classifying.refresh_models()
    seen = watch(qtbot, flow, eyes, WatchWish("/camera"))
    for path in ("/camera/a.jpg", "/camera/b.jpg"):
        seen.report(PhotosArrived((path,)))
    waiting = "New photos wait until there is a model. Train one first."
    qtbot.waitUntil(lambda: classify_page.watch_bar.text.endswith(waiting))
    away.rename(library.folder)
    classifying.refresh_models()
    qtbot.waitUntil(lambda: len(classify_page.predictions) == 2)
    assert classify_page.watch_bar.text == "Watching “camera”: 2 photos arrived."


@pytest.mark.parametrize("at_start", [True, False])
def test_watching_begins_again_if_a_person_wished_so(
    qtbot: QtBot,
    flow: WatchFlow,
    classify_page: ClassifyPage,
    settings: Settings,
    eyes: dict[str, Any],
    at_start: bool,
) -> None:
    settings.set(WATCHING_WISH, WatchWish("/camera", "/sorted", How.MOVE, at_start))
    flow.begin_again()
    assert classify_page.watch_bar.isHidden() is not at_start
    assert classify_page.watch_bar.isHidden() is not at_start


@pytest.mark.parametrize("kept", ["{", '{"folder": 7, "at_start": true}', '{"folder": "", "at_start": true}'])
def test_a_damaged_wish_watches_nothing(
    classify_page: ClassifyPage, flow: WatchFlow, settings: Settings, kept: str
) -> None:
    settings.set(Setting(WATCHING_WISH.key, str, "", ""), kept)
    flow.begin_again()
    assert classify_page.watch_bar.isHidden()


def test_the_dialog_proposes_the_last_wish_and_begins(
    qtbot: QtBot,
    flow: WatchFlow,
    classify_page: ClassifyPage,
    settings: Settings,
    eyes: dict[str, Any],
    tmp_path: Path,
) -> None:
    (tmp_path / "camera").mkdir()
    settings.set(WATCHING_WISH, WatchWish(str(tmp_path / "camera"), at_start=True))
    classify_page.actions_.watch.trigger()
    dialog = classify_page.findChild(WatchDialog)
    assert dialog.findChild(QLineEdit, "watch_folder").text() == str(tmp_path / "camera")
    assert dialog.findChild(QCheckBox, "watch_at_start").isChecked()
    press(qtbot, dialog, "watch_start")
    assert not classify_page.watch_bar.isHidden()
    qtbot.waitUntil(lambda: "camera" in eyes)
