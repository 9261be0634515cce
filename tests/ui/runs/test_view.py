"""The list of trainings: what is asked for by a selection, and what stays when the list is read again."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.core.runs.comparison import ComparedRun, Comparison
from scene_desktop.core.runs.events import EpochEnded, TrainRequested
from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import Ending, RunResult, StoredRun
from scene_desktop.ui.runs.view import RunsView
from scene_desktop.ui.train.page import TrainPage
from tests.recipes import STEPWISE


def stored_run(name: str, ending: Ending = Ending.COMPLETED) -> StoredRun:
    request = TrainRequested(dataset="/photos", recipe=STEPWISE, name=name)
    return StoredRun(Path("/runs") / name, request, name, RunResult(ending=ending, ended=""), False)


def history(accuracy: float = 0.9) -> History:
    made = History(recipe=STEPWISE)
    made.add(
        EpochEnded(
            epoch=1,
            epochs=30,
            accuracy=accuracy,
            crossentropy=0.3,
            validation_accuracy=accuracy,
            validation_crossentropy=0.3,
            seconds=1.0,
            best=True,
        )
    )
    return made


def comparison(runs: list[StoredRun]) -> Comparison:
    return Comparison(tuple(ComparedRun(run, history(), "aa", None) for run in runs), (), None)


RUNS = [stored_run("b"), stored_run("a"), stored_run("0", Ending.INTERRUPTED)]


@pytest.fixture
def runs(train_page: TrainPage) -> RunsView:
    train_page.show_all_runs()
    train_page.runs.show_runs(RUNS)
    train_page.show()
    return train_page.runs


def test_one_selected_run_is_asked_for_and_shown(qtbot: QtBot, runs: RunsView) -> None:
    with qtbot.waitSignal(runs.run_selected) as asked:
        runs.table.selectRow(0)
    assert [run.name for run in asked.args[0]] == ["b"]
    runs.show_run(RUNS[0], history())
    assert runs.detail is not None
    assert runs.detail.isVisible()


def test_a_comparison_stays_when_the_list_is_read_again(qtbot: QtBot, runs: RunsView) -> None:
    runs.table.selectAll()
    with qtbot.waitSignal(runs.run_selected) as asked:
        runs.compare_button.click()
    assert len(asked.args[0]) == 3
    runs.show_comparison(comparison(RUNS))
    runs.show_runs(list(RUNS))
    assert runs.comparison is not None
    assert runs.comparison.isVisible()
    runs.table.selectRow(1)
    assert not runs.comparison.isVisible()


def test_a_run_that_has_changed_is_read_again(qtbot: QtBot, runs: RunsView) -> None:
    runs.table.selectRow(2)
    runs.show_run(RUNS[2], history())
    assert runs.resume_button.isVisible()
    assert runs.keep_button.isVisible()
    runs.show_runs(list(RUNS))
    assert runs.keep_button.isVisible()
    with qtbot.waitSignal(runs.run_selected):
        runs.show_runs([*RUNS[:2], stored_run("0")])
    assert not runs.resume_button.isVisible()
    assert not runs.keep_button.isVisible()


def test_a_late_answer_about_another_run_is_not_shown(runs: RunsView) -> None:
    runs.table.selectRow(1)
    runs.show_run(RUNS[0], history())
    assert runs.detail is None
