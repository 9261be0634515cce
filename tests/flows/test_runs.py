import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QItemSelectionModel, QTimer
from pytestqt.qtbot import QtBot

from scene_desktop.core import locations
from scene_desktop.core.errors import InputError
from scene_desktop.core.runs.events import EpochEnded, ModelSaved, TrainRequested
from scene_desktop.core.runs.stored import (
    EVENTS,
    REQUEST,
    RESULT,
    Ending,
    RunResult,
    RunStart,
    StoredRun,
    stored_runs,
)
from scene_desktop.flows.runs import EARLIER_RUNS, RunsFlow
from scene_desktop.ui.live_run.course import RunCourse
from scene_desktop.ui.live_run.offer import RunOffer
from scene_desktop.ui.runs.view import RunsView
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.work.jobs import Lane
from tests.flows.conftest import Gate, Unhandled, delivered, fail, idle
from tests.recipes import STEPWISE
from tests.ui.conftest import stored_model


@pytest.fixture
def side(lane: Callable[[str], Lane]) -> Lane:
    return lane("side")


@pytest.fixture
def flow(train_page: TrainPage, side: Lane) -> RunsFlow:
    return RunsFlow(train_page, side)


@pytest.fixture
def view(train_page: TrainPage) -> RunsView:
    return train_page.findChild(RunsView)


def write_run(name: str, title: str, *, data: str = "/data", completed: bool = True) -> Path:
    """A run of one epoch on disk."""
    folder = locations.runs_folder() / name
    folder.mkdir(parents=True)
    request = TrainRequested(dataset=data, recipe=STEPWISE, name=title)
    (folder / REQUEST).write_bytes(msgspec.json.encode(RunStart(began="2025-01-02T10:00:00Z", request=request)))
    epoch = EpochEnded(
        epoch=1,
        epochs=30,
        accuracy=0.8,
        crossentropy=0.5,
        validation_accuracy=0.75,
        validation_crossentropy=0.6,
        seconds=1.0,
        best=True,
    )
    (folder / EVENTS).write_bytes(msgspec.json.encode(epoch) + b"\n")
    if completed:
        saved = ModelSaved(card=stored_model(title).card, folder=f"/models/{title}", seconds={})
        result = RunResult(ending=Ending.COMPLETED, ended="2025-01-02T11:00:00Z", saved=saved)
        (folder / RESULT).write_bytes(msgspec.json.encode(result))
    return folder


def select(view: RunsView, *rows: int) -> None:
    selection = view.table.selectionModel()
    selection.clearSelection()
    for row in rows:
        chosen = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        selection.select(view.table.rows.index(row, 0), chosen)


def show(qtbot: QtBot, flow: RunsFlow, side: Lane) -> None:
    """Reads and shows the list of all runs."""
    flow.refresh()
    idle(qtbot, side)


def test_runs_are_listed_and_an_interrupted_one_is_offered(
    qtbot: QtBot, flow: RunsFlow, side: Lane, train_page: TrainPage, view: RunsView
) -> None:
    write_run("1", "Old")
    write_run("2", "New", completed=False)
    told: list[list[StoredRun]] = []
    flow.runs_read.connect(told.append)
    train_page.show_all_runs()
    idle(qtbot, side)
    assert {run.request.name for run in view.table.rows.runs} == {"Old", "New"}
    assert [run.name for run in told[0]] == ["2", "1"]
    offer = train_page.findChild(RunOffer)
    assert offer.has_offer
    assert "New" in offer.text


def test_the_course_of_a_selected_run_is_shown(
    qtbot: QtBot, flow: RunsFlow, side: Lane, view: RunsView
) -> None:
    write_run("1", "Old", completed=False)
    show(qtbot, flow, side)
    select(view, 0)
    idle(qtbot, side)
    assert view.detail is not None
    assert not view.keep_button.isHidden()


def test_selected_runs_are_compared(qtbot: QtBot, flow: RunsFlow, side: Lane, view: RunsView) -> None:
    write_run("1", "Old")
    write_run("2", "New")
    show(qtbot, flow, side)
    select(view, 0, 1)
    view.compare_button.click()
    idle(qtbot, side)
    assert view.comparison is not None


def test_a_run_that_is_not_selected_any_more_is_never_told(
    qtbot: QtBot,
    flow: RunsFlow,
    side: Lane,
    view: RunsView,
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_run("1", "Old")
    write_run("2", "New")
    show(qtbot, flow, side)
    gates = {"1": gate(), "2": gate()}
    history, shown = StoredRun.history, []

    def slow(run: StoredRun) -> Any:
        gates[run.name].pass_through()
        return history(run)

    monkeypatch.setattr(StoredRun, "history", slow)
    monkeypatch.setattr(RunsView, "show_run", lambda view, run, course: shown.append(run.name))
    rows = {run.name: row for row, run in enumerate(view.table.rows.runs)}
    select(view, rows["1"])
    qtbot.waitUntil(gates["1"].reached.is_set)
    select(view, rows["2"])
    gates["1"].open()
    qtbot.waitUntil(gates["2"].reached.is_set)
    delivered(side)
    assert shown == []
    gates["2"].open()
    idle(qtbot, side)
    assert shown == ["2"]


def test_a_run_that_was_deselected_is_not_shown_any_more(
    qtbot: QtBot,
    flow: RunsFlow,
    side: Lane,
    view: RunsView,
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_run("1", "Old")
    show(qtbot, flow, side)
    slow, shown = gate(), []
    monkeypatch.setattr(StoredRun, "history", slow.before(StoredRun.history))
    monkeypatch.setattr(RunsView, "show_run", lambda view, run, course: shown.append(run.name))
    select(view, 0)
    qtbot.waitUntil(slow.reached.is_set)
    view.run_selected.emit([])
    slow.open()
    idle(qtbot, side)
    assert shown == []


@pytest.mark.parametrize("what", ["one", "several", "the list"])
@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            OSError(5, os.strerror(5)),
            "The list of trainings cannot be read: [Errno 5] Input/output error",
        ),
        (InputError("It is damaged."), "The list of trainings cannot be read: It is damaged."),
        (ZeroDivisionError("a / b"), "Something unexpected went wrong."),
    ],
)
def test_what_cannot_be_read_is_a_sentence(
    qtbot: QtBot,
    flow: RunsFlow,
    side: Lane,
    train_page: TrainPage,
    view: RunsView,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    error: Exception,
    text: str,
) -> None:
    write_run("1", "Old")
    write_run("2", "New")
    show(qtbot, flow, side)
    if what == "the list":
        monkeypatch.setattr("scene_desktop.flows.runs.stored_runs", fail(error))
        flow.refresh()
    elif what == "one":
        monkeypatch.setattr(StoredRun, "history", fail(error))
        view.run_selected.emit(view.table.rows.runs[:1])
    else:
        monkeypatch.setattr("scene_desktop.flows.runs.compare", fail(error))
        view.run_selected.emit(view.table.rows.runs)
    idle(qtbot, side)
    assert train_page.note.text == text
    assert unhandled.take() == ([ZeroDivisionError] if isinstance(error, ZeroDivisionError) else [])


def test_nothing_selected_reads_nothing(flow: RunsFlow, side: Lane, view: RunsView) -> None:
    view.run_selected.emit([])
    assert not side.is_busy


def test_a_removed_run_leaves_the_list(
    qtbot: QtBot,
    flow: RunsFlow,
    side: Lane,
    train_page: TrainPage,
    view: RunsView,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = write_run("1", "Old")
    monkeypatch.setattr(
        "scene_desktop.core.runs.stored.send2trash", lambda path: Path(path).rename(tmp_path / "trash")
    )
    show(qtbot, flow, side)
    train_page.remove_run_requested.emit("1")
    idle(qtbot, side)
    assert not folder.exists()
    assert view.table.rows.runs == []


def test_a_run_that_cannot_be_removed_stays_with_a_sentence(
    qtbot: QtBot,
    flow: RunsFlow,
    side: Lane,
    train_page: TrainPage,
    view: RunsView,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_run("1", "Old")
    monkeypatch.setattr("scene_desktop.core.runs.stored.send2trash", fail(OSError(13, os.strerror(13))))
    train_page.remove_run_requested.emit("1")
    idle(qtbot, side)
    assert train_page.note.text.startswith("The training could not be moved to the trash: ")
    assert len(view.table.rows.runs) == 1


def overlays(page: TrainPage, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Names that are drawn behind the curves, each time they change."""
    told: list[list[str]] = []
    monkeypatch.setattr(RunCourse, "set_overlays", lambda panel, runs: told.append([name for name, _ in runs]))
    return told


def test_the_latest_runs_on_the_same_photos_are_drawn_behind(
    qtbot: QtBot, flow: RunsFlow, side: Lane, train_page: TrainPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(EARLIER_RUNS + 2):
        write_run(f"{number}", f"Run {number}")
    write_run("8", "Elsewhere", data="/other")
    write_run("9", "Interrupted", completed=False)
    told = overlays(train_page, monkeypatch)
    flow.show_earlier("/data", besides="4")
    idle(qtbot, side)
    assert told == [[], ["Run 3", "Run 2", "Run 1"]]


def test_courses_for_the_training_before_are_never_drawn(
    qtbot: QtBot,
    flow: RunsFlow,
    side: Lane,
    train_page: TrainPage,
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_run("1", "Old")
    slow = gate()
    monkeypatch.setattr("scene_desktop.flows.runs.stored_runs", slow.before(stored_runs))
    told = overlays(train_page, monkeypatch)
    flow.show_earlier("/data")
    qtbot.waitUntil(slow.reached.is_set)
    flow.show_earlier("/other")
    slow.open()
    idle(qtbot, side)
    assert told == [[], [], []]


def test_the_list_is_read_again_when_an_engine_has_let_go(
    qtbot: QtBot, flow: RunsFlow, side: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    later: list[Any] = []
    monkeypatch.setattr(QTimer, "singleShot", lambda wait_ms, owner, do: later.append((wait_ms, do)))
    told: list[int] = []
    flow.runs_read.connect(lambda runs: told.append(len(runs)))
    flow.refresh_soon()
    idle(qtbot, side)
    write_run("1", "Old")
    ((wait_ms, do),) = later
    assert wait_ms >= 1000
    do()
    idle(qtbot, side)
    assert told == [0, 1]
