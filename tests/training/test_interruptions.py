"""A training that is killed, or whose disk fails, at any moment: nothing is lost, and it can be resumed."""

import hashlib
import os
import random
import signal
import time
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from scene_desktop.core.models.library import Library, load_model
from scene_desktop.core.recipes.recipe import Schedule
from scene_desktop.core.runs.events import (
    ContinueRequested,
    ModelSaved,
    ResumeRequested,
    TrainingFailed,
    TrainingPaused,
    TrainRequested,
)
from scene_desktop.core.runs.stored import Ending, stored_runs
from tests.processes import wait_until
from tests.recipes import STEPWISE
from tests.training.conftest import REPOSITORY, RunningEngine, changed, has_checkpoint, request

pytestmark = pytest.mark.skipif(os.name == "nt", reason="The faults are made with means of Unix")

FAULTS = REPOSITORY / "tests" / "faults"
KILLS = int(os.environ.get("SCENE_KILLS", "3"))
"""How often each way to interrupt is tried; `make proofs` asks for more."""

IS_WARM = KILLS < 10
"""A few kills hit engines that have TensorFlow already, many hit engines that are started as by the app."""

LONG = changed(
    STEPWISE,
    epochs=30,
    batch_size=2,
    early_stopping=False,
    schedule=Schedule.COSINE,
    warm_up=2,
    averaging=0.9,
)
"""Some seconds of training, with several checkpoints."""


def _faulty(home: Path, fault: str, **more: str) -> RunningEngine:
    return RunningEngine(
        home,
        {"SCENE_FAULT": fault, "PYTHONPATH": os.pathsep.join([str(FAULTS), str(REPOSITORY)])} | more,
        IS_WARM and "SCENE_FAULT_COUNT" not in more,
    )


@pytest.fixture(scope="module")
def home(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one good model, whose features are cached."""
    home = tmp_path_factory.mktemp("home")
    with RunningEngine(home) as engine:
        engine.send(request(samples, LONG, "Unbroken"))
        assert isinstance(engine.rest()[-1], ModelSaved)
    return home


def _weights(home: Path, name: str) -> dict[str, np.ndarray]:
    return safetensors.numpy.load(Library(home / "models").find(name).weights())


def _hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _finish(home: Path, asked: TrainRequested) -> ModelSaved:
    """What a person would do after a crash: resume if there is a run, otherwise start again."""
    open_runs = [run for run in stored_runs(home / "runs") if run.can_resume]
    with RunningEngine(home, is_warm=IS_WARM) as engine:
        engine.send(ResumeRequested(run=open_runs[0].name) if open_runs else asked)
        last = engine.rest()[-1]
    assert isinstance(last, ModelSaved), last
    return last


def _until_checkpoint(home: Path, engine: RunningEngine) -> None:
    def is_there() -> bool:
        assert engine.process.poll() is None, "the training ended before it had a checkpoint"
        return any(run.is_running and has_checkpoint(run) for run in stored_runs(home / "runs"))

    wait_until(is_there, "a checkpoint")


def _is_in_order(home: Path, saved: ModelSaved) -> None:
    """Every model can be read, there is one of each training, and nothing half done is left."""
    for entry in Library(home / "models").entries():
        stored = load_model(entry.folder, built_in=getattr(entry, "built_in", False))
        stored.weights()
        stored.compiled()
    names = [model.card.name for model in Library(home / "models").models() if not model.built_in]
    assert len(names) == len(set(names))
    assert [run.ending for run in stored_runs(home / "runs")].count(Ending.COMPLETED) == len(names)
    assert load_model(Path(saved.folder)).card == saved.card


def test_a_killed_training_is_resumed_and_equals_an_unbroken_one(samples: Path, home: Path) -> None:
    whole = Library(home / "models").find("Unbroken")
    before = _hashes(whole.folder)
    chance = random.Random(1)
    with_checkpoint = 0
    for number in range(KILLS):
        asked = request(samples, LONG, f"Killed {number}")
        with RunningEngine(home, is_warm=IS_WARM) as engine:
            engine.send(asked)
            if number % 4 == 1:  # whatever the machine's speed, some kills come after a checkpoint
                _until_checkpoint(home, engine)
                time.sleep(chance.uniform(0.0, 2.0))
            else:
                engine.until_phase("reading" if number % 4 == 3 else "training")
                time.sleep(chance.uniform(0.0, 8.0))
            engine.process.kill()
        with_checkpoint += any(run.can_resume and has_checkpoint(run) for run in stored_runs(home / "runs"))
        saved = _finish(home, asked)
        _is_in_order(home, saved)
        assert saved.card.weights_sha256 == whole.card.weights_sha256
        mine = (Path(saved.folder) / "history.csv").read_text().splitlines()
        other = (whole.folder / "history.csv").read_text().splitlines()
        assert [_without_seconds(line) for line in mine] == [_without_seconds(line) for line in other]
        assert _hashes(whole.folder) == before
    assert with_checkpoint


def _without_seconds(line: str) -> list[str]:
    cells = line.split(",")
    return cells[:5] + cells[6:]


FEW = changed(STEPWISE, epochs=2, batch_size=16, early_stopping=False)


@pytest.fixture(scope="module")
def points(samples: Path, home: Path) -> int:
    """How often a short training writes."""
    count = home / "count"
    with _faulty(home, "kill:0", SCENE_FAULT_COUNT=str(count)) as engine:
        engine.send(request(samples, FEW, "Counted"))
        assert isinstance(engine.rest()[-1], ModelSaved)
        assert engine.exit_code() == 0
    return int(count.read_text())


def _spread(points: int, wanted: int) -> list[int]:
    """Up to `wanted` of the numbers 1 to `points`, the first and the last among them."""
    return sorted(
        {round(1 + index * (points - 1) / max(1, wanted - 1)) for index in range(min(points, wanted))}
    )


def test_a_training_that_is_killed_at_a_write_is_resumed(samples: Path, home: Path, points: int) -> None:
    assert points > 20
    before = _hashes(Library(home / "models").find("Unbroken").folder)
    for number in _spread(points, KILLS):
        asked = request(samples, FEW, f"Killed at write {number}")
        while not _is_killed(home, asked, number):
            # Checkpoints follow the clock: a machine that is faster by now writes fewer of them.
            number -= max(1, points // 10)
            assert number > 0
            asked = request(samples, FEW, f"Killed at write {number} instead")
        _is_in_order(home, _finish(home, asked))
        assert _hashes(Library(home / "models").find("Unbroken").folder) == before


def _is_killed(home: Path, asked: TrainRequested, number: int) -> bool:
    """Trains in an engine that kills itself at this write; False if it came to its end before."""
    with _faulty(home, f"kill:{number}") as engine:
        engine.send(asked)
        engine.rest()
        code = engine.exit_code()
    assert code in (0, -signal.SIGKILL)
    return code != 0


def test_a_write_that_fails_is_told_once_and_tried_again(samples: Path, home: Path, points: int) -> None:
    codes = ("ENOSPC", "EIO", "EACCES")
    for turn, number in enumerate(_spread(points, KILLS)):
        asked = request(samples, FEW, f"Failed at write {number}")
        problems = []
        with _faulty(home, f"{codes[turn % 3]}:{number}") as engine:
            engine.send(asked)
            while (event := engine.next_event()) is not None:
                last = event
                if isinstance(event, TrainingPaused):
                    problems.append(event.problem)
                    engine.send(ContinueRequested())
                elif isinstance(event, TrainingFailed):
                    problems.append(event.message)
        assert len(problems) <= 1
        assert all(text.endswith((".", "unchanged.")) and "Traceback" not in text for text in problems)
        saved = last if isinstance(last, ModelSaved) else _finish(home, asked)
        _is_in_order(home, saved)


def test_a_disk_that_stays_full_pauses_until_there_is_room(samples: Path, home: Path, tmp_path: Path) -> None:
    room = tmp_path / "room"
    asked = request(samples, FEW, "Full disk")
    with _faulty(home, "ENOSPC:12+", SCENE_FAULT_END=str(room)) as engine:
        engine.send(asked)
        for _ in range(3):
            paused = engine.until(TrainingPaused)
            assert "disk is full" in paused.problem
            engine.send(ContinueRequested())
        engine.until(TrainingPaused)
        room.touch()
        engine.send(ContinueRequested())
        last = engine.rest()[-1]
    assert isinstance(last, ModelSaved)
    _is_in_order(home, last)
