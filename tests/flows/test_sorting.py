from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from scene_desktop.core import sorting
from scene_desktop.core.errors import SceneError
from scene_desktop.core.settings import SORTING_HOW, SORTING_TARGET, Settings
from scene_desktop.core.sorting import How, SortSettings, SortState
from scene_desktop.flows.sorting import SortingFlow
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.sorting.records_dialog import SortRecordsDialog
from scene_desktop.ui.sorting.run_dialog import SortRunDialog
from scene_desktop.ui.sorting.sort_dialog import SortDialog
from scene_desktop.work.jobs import Lane
from tests.flows.conftest import Gate, Unhandled, delivered, fail, fill, idle, press


@pytest.fixture
def sorting_lane(lane: Callable[[str], Lane]) -> Lane:
    return lane("sorting")


@pytest.fixture
def flow(
    classify_page: ClassifyPage, sorting_lane: Lane, settings: Settings, photos: list[str], tmp_path: Path
) -> SortingFlow:
    fill(classify_page, photos)
    settings.set(SORTING_TARGET, str(tmp_path / "Sorted"))
    return SortingFlow(classify_page, sorting_lane, settings)


def dialog(page: ClassifyPage) -> SortDialog:
    """The one that is open."""
    (found,) = (one for one in page.findChildren(SortDialog) if one.isVisible())
    return found


def run(page: ClassifyPage) -> SortRunDialog:
    return page.findChild(SortRunDialog)


def planned(qtbot: QtBot, page: ClassifyPage, lane: Lane) -> SortDialog:
    """Opens the dialog and waits for the plan."""
    page.actions_.sort.trigger()
    idle(qtbot, lane)
    return dialog(page)


def sort(qtbot: QtBot, page: ClassifyPage, lane: Lane, how: How = How.COPY) -> SortRunDialog:
    """Sorts all photos and waits for the end."""
    page.actions_.sort.trigger()
    made = dialog(page)
    made.findChild(QRadioButton, f"sort_{how}").setChecked(True)
    made.choices.changed.emit()
    idle(qtbot, lane)
    press(qtbot, made, "sort_start")
    idle(qtbot, lane)
    return run(page)


def interrupted(page: ClassifyPage, target: Path) -> str:
    """A sort that was stopped before its first photo; its id."""
    plan = sorting.make_plan(page.predictions, page.classes, SortSettings(target, How.COPY, 0.5))
    return sorting.apply_plan(plan, should_stop=lambda: True).record.id


@pytest.mark.parametrize("how", [How.COPY, How.MOVE])
def test_photos_are_sorted_and_undo_puts_them_back(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    photos: list[str],
    tmp_path: Path,
    opened_urls: list[str],
    how: How,
) -> None:
    ended = sort(qtbot, classify_page, sorting_lane, how)
    there = sorted(str(path) for path in (tmp_path / "Sorted" / "forest").iterdir())
    assert len(there) == 3
    assert classify_page.table_model.verdicts.paths == (there if how is How.MOVE else photos)
    press(qtbot, ended, "sort_open_folder")
    assert opened_urls == [str(tmp_path / "Sorted")]
    press(qtbot, ended, "sort_undo")
    idle(qtbot, sorting_lane)
    assert ended.text == "As before the sort: 3 photos."
    assert classify_page.table_model.verdicts.paths == photos
    assert all(Path(path).exists() for path in photos)


def test_results_that_are_cleared_while_photos_are_moved_stay_cleared(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = gate()
    monkeypatch.setattr("scene_desktop.flows.sorting.apply_plan", slow.before(sorting.apply_plan))
    press(qtbot, planned(qtbot, classify_page, sorting_lane), "sort_start")
    qtbot.waitUntil(slow.reached.is_set)
    classify_page.clear()
    slow.open()
    idle(qtbot, sorting_lane)
    assert classify_page.predictions == []
    assert "3 photos" in run(classify_page).text


def test_how_and_where_are_remembered(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    settings_after: Callable[[], Settings],
    tmp_path: Path,
) -> None:
    sort(qtbot, classify_page, sorting_lane, How.MOVE).accept()
    kept = settings_after()
    assert kept.get(SORTING_HOW) is How.MOVE
    assert kept.get(SORTING_TARGET) == str(tmp_path / "Sorted")
    choices = planned(qtbot, classify_page, sorting_lane).choices
    assert choices.settings is not None
    assert (choices.settings.how, choices.settings.target) == (How.MOVE, tmp_path / "Sorted")


def test_a_target_that_is_gone_and_a_damaged_setting_propose_a_folder_beside_the_photos(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    tmp_path: Path,
    settings: Settings,
) -> None:
    settings.set(SORTING_TARGET, str(tmp_path / "gone" / "Sorted"))
    (tmp_path / "settings.ini").write_text("[sorting]\nhow=burn\n", encoding="utf-8")
    choices = planned(qtbot, classify_page, sorting_lane).choices
    assert choices.settings is not None
    assert (choices.settings.how, choices.settings.target) == (How.COPY, tmp_path / "Sorted")


def test_a_plan_that_cannot_be_made_is_a_sentence_in_the_dialog(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scene_desktop.flows.sorting.make_plan", fail(SceneError("The disk is gone.")))
    made = planned(qtbot, classify_page, sorting_lane)
    assert made.problem == "The disk is gone."
    monkeypatch.setattr("scene_desktop.flows.sorting.make_plan", fail(ZeroDivisionError()))
    made.choices.changed.emit()
    idle(qtbot, sorting_lane)
    assert made.problem == "Something unexpected went wrong. Nothing was overwritten."
    assert unhandled.take() == [ZeroDivisionError]
    assert made.plan is None


def test_a_plan_for_earlier_choices_is_never_shown(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    gate: Callable[..., Gate],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = gate(heeds_stop=False), gate()
    gates = iter((first, second))
    monkeypatch.setattr(
        "scene_desktop.flows.sorting.make_plan", lambda *given: next(gates).before(sorting.make_plan)(*given)
    )
    classify_page.actions_.sort.trigger()
    made = dialog(classify_page)
    qtbot.waitUntil(first.reached.is_set)
    made.findChild(QLineEdit, "sort_target").setText(str(tmp_path / "Elsewhere"))
    made.choices.changed.emit()
    qtbot.waitUntil(first.stopped.is_set)
    first.open()
    qtbot.waitUntil(second.reached.is_set)
    delivered(sorting_lane)
    assert made.plan is None
    second.open()
    idle(qtbot, sorting_lane)
    assert made.plan is not None
    assert made.plan.settings.target == tmp_path / "Elsewhere"


def test_a_plan_that_comes_after_its_folder_was_taken_away_is_not_shown(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = gate(heeds_stop=False)
    monkeypatch.setattr("scene_desktop.flows.sorting.make_plan", slow.before(sorting.make_plan))
    classify_page.actions_.sort.trigger()
    made = dialog(classify_page)
    qtbot.waitUntil(slow.reached.is_set)
    made.findChild(QLineEdit, "sort_target").setText("")
    made.choices.changed.emit()
    slow.open()
    idle(qtbot, sorting_lane)
    assert made.plan is None
    assert made.problem == "Choose the folder that shall get the sorted photos."


@pytest.mark.parametrize("how_it_ends", ["well", "with a bug"])
def test_a_dialog_that_was_closed_hears_nothing_of_its_plan(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    gate: Callable[..., Gate],
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    how_it_ends: str,
) -> None:
    slow = gate(heeds_stop=False)
    make_plan = sorting.make_plan
    work = make_plan if how_it_ends == "well" else fail(ZeroDivisionError())
    monkeypatch.setattr("scene_desktop.flows.sorting.make_plan", slow.before(work, like=make_plan))
    classify_page.actions_.sort.trigger()
    qtbot.waitUntil(slow.reached.is_set)
    press(qtbot, dialog(classify_page), "sort_cancel")
    qtbot.waitUntil(slow.stopped.is_set)
    slow.open()
    idle(qtbot, sorting_lane)
    qtbot.waitUntil(lambda: classify_page.findChild(SortDialog) is None)
    assert unhandled.take() == ([] if how_it_ends == "well" else [ZeroDivisionError])
    assert planned(qtbot, classify_page, sorting_lane) is not None
    assert unhandled.take() == ([] if how_it_ends == "well" else [ZeroDivisionError])


def test_stop_ends_the_sort_so_that_it_can_go_on(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    gate: Callable[..., Gate],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = gate()

    def apply_plan(plan: object, report: object, should_stop: Callable[[], bool]) -> sorting.SortResult:
        slow.reached.set()
        while not should_stop():
            slow.opened.wait(0.002)
        return sorting.apply_plan(plan, report, should_stop)  # type: ignore[arg-type]  # handed through

    monkeypatch.setattr("scene_desktop.flows.sorting.apply_plan", apply_plan)
    press(qtbot, planned(qtbot, classify_page, sorting_lane), "sort_start")
    qtbot.waitUntil(slow.reached.is_set)
    working = run(classify_page)
    working.reject()
    assert working.isVisible()
    idle(qtbot, sorting_lane)
    assert "It was stopped before the end." in working.text
    press(qtbot, working, "sort_resume")
    idle(qtbot, sorting_lane)
    assert len(list((tmp_path / "Sorted" / "forest").iterdir())) == 3


def test_a_sort_that_is_stopped_while_it_waits_says_that_nothing_was_touched(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    gate: Callable[..., Gate],
    tmp_path: Path,
) -> None:
    made = planned(qtbot, classify_page, sorting_lane)
    slow = gate()
    sorting_lane.submit(lambda report, should_stop: slow.pass_through())
    press(qtbot, made, "sort_start")
    run(classify_page).reject()
    slow.open()
    idle(qtbot, sorting_lane)
    assert run(classify_page).text == "It was stopped before it began. Nothing was touched."
    assert not (tmp_path / "Sorted").exists()


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (SceneError("The journal cannot be written."), "The journal cannot be written."),
        (ZeroDivisionError(), "Something unexpected went wrong. Nothing was overwritten."),
    ],
)
def test_a_failure_is_told_in_the_dialog_of_the_sort(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    text: str,
) -> None:
    monkeypatch.setattr("scene_desktop.flows.sorting.apply_plan", fail(error))
    ended = sort(qtbot, classify_page, sorting_lane)
    assert ended.text == text
    assert not ended.is_at_work
    assert unhandled.take() == ([] if isinstance(error, SceneError) else [ZeroDivisionError])


def test_a_sort_that_was_cut_off_is_offered_and_goes_on_or_is_undone(
    qtbot: QtBot, flow: SortingFlow, classify_page: ClassifyPage, sorting_lane: Lane, tmp_path: Path
) -> None:
    for button, state in (("sort_offer_resume", SortState.DONE), ("sort_offer_undo", SortState.UNDONE)):
        interrupted(classify_page, tmp_path / "Sorted")
        flow.look_for_interrupted()
        idle(qtbot, sorting_lane)
        assert "was interrupted" in classify_page.sort_offer.text
        press(qtbot, classify_page.sort_offer, button)
        assert classify_page.sort_offer.isHidden()
        idle(qtbot, sorting_lane)
        assert sorting.records()[0].state is state
        run(classify_page).accept()


def test_nothing_is_offered_where_nothing_was_cut_off(
    qtbot: QtBot, flow: SortingFlow, classify_page: ClassifyPage, sorting_lane: Lane
) -> None:
    sort(qtbot, classify_page, sorting_lane)
    flow.look_for_interrupted()
    idle(qtbot, sorting_lane)
    assert classify_page.sort_offer.isHidden()


def test_an_earlier_sort_is_taken_back_from_the_list(
    qtbot: QtBot, flow: SortingFlow, classify_page: ClassifyPage, sorting_lane: Lane
) -> None:
    sort(qtbot, classify_page, sorting_lane, How.MOVE).accept()
    classify_page.actions_.sorts.trigger()
    idle(qtbot, sorting_lane)
    press(qtbot, classify_page.findChild(SortRecordsDialog), "records_undo")
    idle(qtbot, sorting_lane)
    assert sorting.records()[0].state is SortState.UNDONE


def test_a_list_that_cannot_be_read_is_told(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scene_desktop.flows.sorting.records", fail(SceneError("The journals are gone.")))
    flow.show_records()
    flow.look_for_interrupted()
    idle(qtbot, sorting_lane)
    assert unhandled.take() == [SceneError, SceneError]
    assert classify_page.findChild(SortRecordsDialog) is None


def test_while_photos_are_sorted_or_classified_no_dialog_opens(
    qtbot: QtBot,
    flow: SortingFlow,
    classify_page: ClassifyPage,
    sorting_lane: Lane,
    gate: Callable[..., Gate],
) -> None:
    slow = gate()
    sorting_lane.submit(lambda report, should_stop: slow.pass_through())
    flow.open()
    flow.show_records()
    slow.open()
    idle(qtbot, sorting_lane)
    classify_page.begin_drop(classify_page.classes)
    flow.open()
    assert classify_page.findChild(SortDialog) is None
    assert classify_page.findChild(SortRecordsDialog) is None
