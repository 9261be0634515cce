import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.core import locations
from scene_desktop.core.errors import InputError, Stopped, TrainingError
from scene_desktop.core.runs.events import (
    EpochEnded,
    FinishRequested,
    KeepRequested,
    ModelSaved,
    PauseRequested,
    Phase,
    PhaseChanged,
    ResumeRequested,
    RunStarted,
    TrainingKept,
    TrainingPaused,
    TrainRequested,
)
from scene_desktop.core.runs.stored import EVENTS, REQUEST, RunStart
from scene_desktop.core.threads import ShouldStop
from scene_desktop.flows.training import TrainingFlow
from scene_desktop.ui.live_run.panel import RunPanel
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.work.jobs import Lane
from tests.flows.conftest import Unhandled, delivered, fail, idle
from tests.recipes import STEPWISE
from tests.ui.conftest import stored_model

ENGINE = "scene_desktop.flows.training.run_engine"


def epoch(number: int = 1) -> EpochEnded:
    return EpochEnded(
        epoch=number,
        epochs=30,
        accuracy=0.8,
        crossentropy=0.5,
        validation_accuracy=0.75,
        validation_crossentropy=0.6,
        seconds=1.0,
        best=True,
    )


def saved(name: str = "Scenes") -> ModelSaved:
    return ModelSaved(card=stored_model(name).card, folder=f"/models/{name}", seconds={})


@dataclass
class Engines:
    """In place of engines: each does what it is asked, or ends when a test lets it.

    Attributes:
        ends: What the trainings return or raise, by the name of their request.
        let_go: Names of the trainings that may end.
        requests, wishes: What they were asked for, in order.
        begun, ended: Names of the trainings that have, by themselves.
    """

    ends: dict[str, Any] = field(default_factory=dict)
    let_go: set[str] = field(default_factory=set)
    requests: list[Any] = field(default_factory=list)
    wishes: list[Any] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    free: threading.Event = field(default_factory=threading.Event)

    def run(
        self,
        request: Any,
        report: Callable[[Any], None],
        should_stop: ShouldStop,
        wishes: Any,
        keep_within_s: float,
    ) -> Any:
        name = request.name if isinstance(request, TrainRequested) else request.run
        self.requests.append(request)
        report(PhaseChanged(phase=Phase.TRAINING))
        report(RunStarted(run=f"run of {name}"))
        report(epoch())
        self.begun.add(name)
        while name not in self.let_go and not self.free.wait(0.002):
            if should_stop():
                raise Stopped
            while not wishes.empty():
                self.wishes.append(wishes.get())
                if isinstance(self.wishes[-1], KeepRequested):
                    report(TrainingKept())
                    return TrainingKept()
                if isinstance(self.wishes[-1], PauseRequested):
                    report(TrainingPaused())
        end = self.ends.get(name, saved(name))
        self.ended.add(name)
        if isinstance(end, Exception):
            raise end
        report(end)
        return end


@pytest.fixture
def train(lane: Callable[[str], Lane]) -> Lane:
    return lane("train")


@pytest.fixture
def engines(train: Lane, monkeypatch: pytest.MonkeyPatch) -> Any:
    made = Engines()
    monkeypatch.setattr(ENGINE, made.run)
    yield made
    made.free.set()


@pytest.fixture
def flow(train_page: TrainPage, train: Lane) -> TrainingFlow:
    return TrainingFlow(train_page, train)


@pytest.fixture
def panel(train_page: TrainPage) -> RunPanel:
    return train_page.findChild(RunPanel)


def begin(qtbot: QtBot, flow: TrainingFlow, engines: Engines, panel: RunPanel, *names: str) -> None:
    """Starts trainings; the first one is under way, the others wait."""
    for name in names:
        flow.start("/data", STEPWISE, name)
    qtbot.waitUntil(lambda: names[0] in engines.begun and bool(panel.history.epochs))


def stored(name: str, request: TrainRequested | None = None) -> Path:
    """A run on disk that a crash has interrupted after its first epoch."""
    folder = locations.runs_folder() / name
    folder.mkdir(parents=True)
    request = request or TrainRequested(dataset="/data", recipe=STEPWISE, name="Old")
    (folder / REQUEST).write_bytes(msgspec.json.encode(RunStart(began="2025-01-02T10:00:00Z", request=request)))
    (folder / EVENTS).write_bytes(msgspec.json.encode(epoch()) + b"\n")
    return folder


def test_a_training_that_ends_well_tells_of_its_model(
    qtbot: QtBot, flow: TrainingFlow, engines: Engines, panel: RunPanel, train: Lane
) -> None:
    told: list[object] = []
    flow.training_began.connect(lambda *given: told.append(given))
    flow.model_saved.connect(told.append)
    flow.runs_changed.connect(lambda: told.append("runs"))
    begin(qtbot, flow, engines, panel, "Pets")
    assert panel.is_running
    assert panel.run == "run of Pets"
    engines.let_go.add("Pets")
    idle(qtbot, train)
    assert not panel.is_running
    assert not panel.result.isHidden()
    assert told == [("/data", ""), saved("Pets"), "runs"]


@pytest.mark.parametrize(
    ("error", "text", "details"),
    [
        (TrainingError("The disk is full.", "errno 28"), "The disk is full.", "errno 28"),
        (InputError("There is no such folder."), "There is no such folder.", ""),
        (ZeroDivisionError("a / b"), "Something unexpected went wrong.", "ZeroDivisionError('a / b')"),
    ],
)
def test_a_failure_is_told_where_the_training_was(
    qtbot: QtBot,
    flow: TrainingFlow,
    engines: Engines,
    panel: RunPanel,
    train: Lane,
    unhandled: Unhandled,
    error: Exception,
    text: str,
    details: str,
) -> None:
    engines.ends["Pets"] = error
    begin(qtbot, flow, engines, panel, "Pets")
    with qtbot.waitSignal(flow.runs_changed):
        engines.let_go.add("Pets")
    assert (panel.trouble.note.text, panel.trouble.note.details) == (text, details)
    assert not panel.is_running
    assert panel.trouble.resume_button.isHidden()
    assert unhandled.take() == ([ZeroDivisionError] if isinstance(error, ZeroDivisionError) else [])


def test_a_failed_training_that_is_on_disk_can_be_resumed(
    qtbot: QtBot, flow: TrainingFlow, engines: Engines, panel: RunPanel, train: Lane
) -> None:
    stored("run of Pets")
    engines.ends["Pets"] = TrainingError("The engine was ended from outside.")
    begin(qtbot, flow, engines, panel, "Pets")
    engines.let_go.add("Pets")
    idle(qtbot, train)
    assert not panel.trouble.resume_button.isHidden()
    assert not panel.trouble.keep_button.isHidden()


def test_a_failed_training_is_tried_again_with_what_was_suggested(
    qtbot: QtBot, flow: TrainingFlow, engines: Engines, panel: RunPanel, train: Lane
) -> None:
    engines.ends["Pets"] = TrainingError("It diverged.", "", {"learning_rate": 0.001, "batch_size": 64.0})
    begin(qtbot, flow, engines, panel, "Pets")
    engines.let_go.add("Pets")
    idle(qtbot, train)
    panel.trouble.retry_button.click()
    idle(qtbot, train)
    again = engines.requests[-1]
    assert (again.name, again.dataset) == ("Pets", "/data")
    assert (again.recipe.learning_rate, again.recipe.batch_size) == (0.001, 64)
    assert isinstance(again.recipe.batch_size, int)


def test_a_suggestion_outside_the_limits_is_a_sentence(
    qtbot: QtBot, flow: TrainingFlow, engines: Engines, panel: RunPanel, train: Lane
) -> None:
    flow.retry({"learning_rate": 0.1})
    assert not train.is_busy
    begin(qtbot, flow, engines, panel, "Pets")
    engines.let_go.add("Pets")
    idle(qtbot, train)
    flow.retry({"batch_size": -5.0})
    assert not train.is_busy
    assert panel.trouble.note.text


def test_a_name_that_nothing_is_left_of_is_a_sentence(flow: TrainingFlow, panel: RunPanel, train: Lane) -> None:
    flow.start("/data", STEPWISE, "\n")
    assert not train.is_busy
    assert panel.trouble.note.text


def test_pause_finish_and_continue_reach_the_training_that_runs(
    qtbot: QtBot, flow: TrainingFlow, engines: Engines, panel: RunPanel
) -> None:
    begin(qtbot, flow, engines, panel, "Pets", "Birds")
    panel.pause()
    qtbot.waitUntil(lambda: panel.is_paused)
    panel.finish()
    qtbot.waitUntil(lambda: len(engines.wishes) == 2)
    assert engines.wishes == [PauseRequested(), FinishRequested()]
    assert engines.begun == {"Pets"}


def test_discard_throws_away_the_one_that_runs_and_the_next_one_follows(
    qtbot: QtBot, flow: TrainingFlow, engines: Engines, panel: RunPanel, train_page: TrainPage, train: Lane
) -> None:
    begin(qtbot, flow, engines, panel, "Pets", "Birds")
    flow.discard()
    qtbot.waitUntil(lambda: panel.run == "run of Birds")
    assert panel.queue.names == []
    assert panel.is_running
    engines.let_go.add("Birds")
    idle(qtbot, train)
    flow.discard()


def test_a_discarded_training_leaves_nothing(
    qtbot: QtBot, flow: TrainingFlow, engines: Engines, panel: RunPanel, train_page: TrainPage, train: Lane
) -> None:
    begin(qtbot, flow, engines, panel, "Pets")
    with qtbot.waitSignal(flow.runs_changed):
        flow.discard()
    assert train_page.note.text == "The training was discarded. Nothing was kept."
    assert not panel.is_running


def test_one_is_taken_out_of_the_queue_and_the_others_keep_their_places(
    qtbot: QtBot, flow: TrainingFlow, engines: Engines, panel: RunPanel, train: Lane
) -> None:
    begin(qtbot, flow, engines, panel, "Pets", "Birds", "Fish")
    assert panel.queue.names == ["Birds", "Fish"]
    flow.unqueue(7)
    panel.queue.unqueue_requested.emit(0)
    assert panel.queue.names == ["Fish"]
    engines.let_go |= {"Pets", "Fish"}
    idle(qtbot, train)
    assert [one.name for one in engines.requests] == ["Pets", "Fish"]


@pytest.mark.parametrize("ends", [None, TrainingError("The disk is full."), saved("Birds")])
def test_one_that_begins_the_moment_it_is_taken_out_does_not_appear(
    qtbot: QtBot, flow: TrainingFlow, engines: Engines, panel: RunPanel, train: Lane, ends: object
) -> None:
    """The lane has begun it, but the window has not heard of that yet."""
    begin(qtbot, flow, engines, panel, "Pets", "Birds")
    models: list[object] = []
    flow.model_saved.connect(models.append)
    engines.let_go.add("Pets")
    waiting = threading.Event()
    while "Birds" not in engines.begun:
        waiting.wait(0.002)
    if ends is not None:
        engines.ends["Birds"] = ends
        engines.let_go.add("Birds")
        while not engines.ended.issuperset({"Pets", "Birds"}):
            waiting.wait(0.002)
    flow.unqueue(0)
    idle(qtbot, train)
    assert panel.run == "run of Pets"
    assert len(panel.history.epochs) == 1
    assert not panel.result.isHidden()
    assert panel.trouble.isHidden()
    assert panel.progress.text == ""
    assert models == [saved("Pets")] + ([ends] if isinstance(ends, ModelSaved) else [])


def test_closing_keeps_the_one_that_runs_and_drops_those_that_wait(
    qtbot: QtBot, flow: TrainingFlow, engines: Engines, panel: RunPanel, train: Lane
) -> None:
    begin(qtbot, flow, engines, panel, "Pets", "Birds", "Fish")
    flow.keep()
    assert panel.queue.names == []
    idle(qtbot, train)
    assert engines.wishes == [KeepRequested()]
    assert engines.begun == {"Pets"}
    assert panel.progress.text == "Kept; it can be resumed at any time"
    assert not panel.is_running


def test_closing_before_anything_began_begins_nothing(
    qtbot: QtBot, flow: TrainingFlow, engines: Engines, train: Lane
) -> None:
    flow.keep()
    before = threading.Event()
    train.submit(lambda report, should_stop: before.wait(5))
    flow.start("/data", STEPWISE, "Pets")
    flow.keep()
    before.set()
    idle(qtbot, train)
    delivered(train)
    assert engines.requests == []


@pytest.mark.parametrize("finish", [False, True])
def test_an_interrupted_run_goes_on_or_its_best_epoch_is_kept(
    qtbot: QtBot, flow: TrainingFlow, engines: Engines, panel: RunPanel, train: Lane, finish: bool
) -> None:
    stored("20250102-old")
    told: list[object] = []
    flow.training_began.connect(lambda *given: told.append(given))
    (panel.keep_best_requested if finish else panel.resume_requested).emit("20250102-old")
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("/data", "20250102-old")]
    assert engines.requests == [ResumeRequested(run="20250102-old", finish=finish)]
    assert len(panel.history.epochs) == 1
    engines.let_go.add("20250102-old")
    idle(qtbot, train)
    assert not panel.result.isHidden()


def test_a_run_that_is_gone_is_a_sentence(flow: TrainingFlow, panel: RunPanel, train: Lane) -> None:
    flow.resume("gone")
    assert panel.trouble.note.text.startswith("There is no run “gone”.")
    assert not train.is_busy


def test_an_engine_that_cannot_be_started_is_a_sentence(
    qtbot: QtBot, flow: TrainingFlow, panel: RunPanel, train: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ENGINE, fail(TrainingError("The training engine could not be started.")))
    flow.start("/data", STEPWISE, "Pets")
    idle(qtbot, train)
    assert panel.trouble.note.text == "The training engine could not be started."
