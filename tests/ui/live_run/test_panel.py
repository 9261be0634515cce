"""The running training: switches of its charts, earlier runs, queue, pause, and the ways on after a failure."""

import csv
import dataclasses
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.runs.events import (
    EpochEnded,
    Phase,
    PhaseChanged,
    RunStarted,
    TrainingContinued,
    TrainingPaused,
)
from scene_desktop.core.runs.stored import Ending
from scene_desktop.ui.train.page import TrainPage
from tests.recipes import STEPWISE
from tests.ui.runs.test_view import history, stored_run


def epoch(number: int, accuracy: float) -> EpochEnded:
    return EpochEnded(
        epoch=number,
        epochs=30,
        accuracy=accuracy,
        crossentropy=0.4,
        validation_accuracy=accuracy,
        validation_crossentropy=0.5,
        seconds=2.0,
        best=number == 1,
    )


@pytest.fixture
def running(train_page: TrainPage) -> TrainPage:
    train_page.begin_training("Pets", STEPWISE)
    train_page.live_run.add_event(RunStarted(run="run-1"))
    train_page.live_run.add_event(PhaseChanged(phase=Phase.TRAINING))
    for number, accuracy in ((1, 0.5), (2, 0.9)):
        train_page.live_run.add_event(epoch(number, accuracy))
    train_page.show()
    return train_page


def test_smoothing_draws_the_average_before_the_epochs(running: TrainPage) -> None:
    charts = running.live_run.course.need_charts()
    charts.smoothing.setChecked(True)
    assert charts.accuracy.validation.getData()[1] == pytest.approx([0.5, 0.66])
    assert list(charts.accuracy.raw_validation.getData()[1]) == [0.5, 0.9]
    charts.smoothing.setChecked(False)
    assert list(charts.accuracy.validation.getData()[1]) == [0.5, 0.9]


def test_earlier_runs_are_drawn_named_and_exported(running: TrainPage, tmp_path: Path) -> None:
    charts = running.live_run.course.need_charts()
    before = charts.accuracy.getPlotItem().listDataItems()
    running.live_run.course.set_overlays([("Earlier", history(0.7))])
    (line,) = (item for item in charts.accuracy.getPlotItem().listDataItems() if item not in before)
    assert list(line.getData()[1]) == [0.7]
    assert "Earlier" in charts.legend.entries
    charts.save(str(tmp_path / "chart.csv"))
    rows = list(csv.reader((tmp_path / "chart.csv").open(newline="")))
    assert len(rows) == 1 + 2 + 1
    assert any("Earlier" in cell for cell in rows[-1])
    running.live_run.course.set_overlays([])
    assert charts.accuracy.getPlotItem().listDataItems() == before


def test_a_waiting_training_can_be_taken_out_of_the_queue(qtbot: QtBot, running: TrainPage) -> None:
    running.live_run.queue.show_names(["One", "Two"])
    queue = running.live_run.queue
    assert queue.isVisible()
    with qtbot.waitSignal(queue.unqueue_requested) as asked:
        queue.findChild(QToolButton, "unqueue_1").click()
    assert asked.args == [1]
    running.live_run.queue.show_names([])
    assert not queue.isVisible()


def test_pause_waits_for_the_engine_and_continues(qtbot: QtBot, running: TrainPage) -> None:
    panel = running.live_run
    with qtbot.waitSignal(panel.pause_requested):
        panel.head.pause_button.click()
    assert not panel.head.pause_button.isEnabled()
    running.live_run.add_event(TrainingPaused())
    assert panel.is_paused
    assert panel.head.pause_button.isEnabled()
    assert panel.progress.text.startswith("Paused")
    with qtbot.waitSignal(panel.continue_requested):
        panel.head.pause_button.click()
    running.live_run.add_event(TrainingContinued())
    assert not panel.is_paused
    assert panel.can_pause


def test_a_failure_offers_what_is_possible(qtbot: QtBot, running: TrainPage) -> None:
    trouble = running.live_run.trouble
    running.training_failed("Crossentropy is no number.", "", {"learning_rate": 0.01}, True)
    assert "learning rate 0.01" in trouble.retry_button.text()
    with qtbot.waitSignal(trouble.retry_requested) as asked:
        trouble.retry_button.click()
    assert asked.args == [{"learning_rate": 0.01}]
    for button, signal in (
        (trouble.resume_button, running.live_run.resume_requested),
        (trouble.keep_button, running.live_run.keep_best_requested),
    ):
        with qtbot.waitSignal(signal) as named:
            button.click()
        assert named.args == ["run-1"]


def test_what_cannot_be_resumed_offers_no_resume(running: TrainPage) -> None:
    running.training_failed("The folder is gone.")
    trouble = running.live_run.trouble
    assert not trouble.resume_button.isVisible()
    assert not trouble.keep_button.isVisible()
    assert not trouble.retry_button.isVisible()
    assert trouble.back_button.isVisible()


def test_an_interrupted_training_is_offered_until_one_runs(qtbot: QtBot, train_page: TrainPage) -> None:
    train_page.show()
    train_page.offer_runs([stored_run("Flowers", Ending.INTERRUPTED)], history(0.921))
    offer = train_page.offer
    assert offer.isVisible()
    assert "Flowers" in offer.text
    assert "92.1 %" in offer.text
    with qtbot.waitSignal(train_page.offer.resume_requested) as asked:
        offer.findChild(QPushButton, "offer_resume").click()
    assert asked.args == ["Flowers"]
    train_page.begin_training("Pets", STEPWISE)
    assert not offer.isVisible()


def test_what_is_solved_in_seconds_is_resumed_and_not_kept_half(train_page: TrainPage) -> None:
    train_page.show()
    run, course = stored_run("Flowers", Ending.INTERRUPTED), history(0.921)
    solved = msgspec.structs.replace(run.request, recipe=PRESETS["quick"].recipe)
    course.recipe = solved.recipe
    train_page.offer_runs([dataclasses.replace(run, request=solved)], course)
    assert train_page.offer.text == "“Flowers” was interrupted before it was solved."
    assert train_page.offer.findChild(QPushButton, "offer_keep_best").isHidden()
    assert train_page.offer.findChild(QPushButton, "offer_resume").isVisible()
