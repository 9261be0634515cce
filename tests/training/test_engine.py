"""The engine as a real process: commands in, events out, and leaving in every situation."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scene_desktop.core.classify.classifier import Classifier, CompiledModel
from scene_desktop.core.models.library import load_model
from scene_desktop.core.photos import images
from scene_desktop.core.runs.events import (
    BatchEnded,
    ContinueRequested,
    DataSetRead,
    DiscardRequested,
    EpochEnded,
    FinishRequested,
    KeepRequested,
    ModelSaved,
    PauseRequested,
    Phase,
    PhaseChanged,
    Progressed,
    ResumeRequested,
    TrainingContinued,
    TrainingDiscarded,
    TrainingEvent,
    TrainingFailed,
    TrainingKept,
    TrainingPaused,
    decode_event,
)
from scene_desktop.core.runs.stored import EVENTS, Ending, stored_runs
from tests.recipes import STEPWISE
from tests.training.conftest import (
    HACKATHON,
    REPOSITORY,
    RunningEngine,
    changed,
    has_checkpoint,
    request,
)
from training.run.failures import failure

SMALL = changed(HACKATHON, image_size=32)
"""The engine does the same for a network of any size."""


@pytest.fixture(scope="module")
def finished(
    samples: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[RunningEngine, list[TrainingEvent], int]:
    """One whole training with the recipe Quick."""
    with RunningEngine(tmp_path_factory.mktemp("home")) as engine:
        engine.send(request(samples, changed(STEPWISE, epochs=6)))
        events = engine.rest()
        return engine, events, engine.exit_code()


def test_a_training_goes_through_all_phases_and_ends_with_the_model(finished) -> None:
    _, events, code = finished
    assert code == 0
    phases = [Phase.STARTING, Phase.READING, Phase.FEATURES, Phase.TRAINING, Phase.CALIBRATING]
    phases += [Phase.EVALUATING, Phase.COMPILING, Phase.SAVING]
    assert [event.phase for event in events if isinstance(event, PhaseChanged)] == phases
    assert isinstance(events[-1], ModelSaved)
    assert set(events[-1].seconds) == {phase.value for phase in phases}


def test_the_counts_of_a_training_add_up(finished) -> None:
    _, events, _ = finished
    (read,) = (event for event in events if isinstance(event, DataSetRead))
    assert (len(read.classes), read.training + read.validation) == (6, 72)
    told = [event for event in events if isinstance(event, Progressed) and event.phase is Phase.FEATURES]
    assert (told[-1].done, told[-1].total) == (72, 72)
    assert [event.epoch for event in events if isinstance(event, EpochEnded)] == [1, 2, 3, 4, 5, 6]


def test_batches_lie_on_the_epoch_axis_before_their_epoch_ends(finished) -> None:
    _, events, _ = finished
    epoch = 0
    for event in events:
        if isinstance(event, BatchEnded):
            assert epoch < event.position <= epoch + 1
        elif isinstance(event, EpochEnded):
            epoch = event.epoch
    assert any(isinstance(event, BatchEnded) for event in events)


def test_the_saved_model_classifies_the_photos_it_learned_from(finished, samples: Path) -> None:
    _, events, _ = finished
    stored = load_model(Path(events[-1].folder))
    classifier = Classifier(CompiledModel.of(stored))
    paths = sorted(samples.glob("*/*.jpg"))
    scores = classifier.scores(np.stack([images.load_photo(path, (160, 160)) for path in paths]))
    right = [
        stored.card.classes[best] == path.parent.name
        for best, path in zip(scores.argmax(1), paths, strict=True)
    ]
    assert np.mean(right) > 0.9
    assert stored.evaluation().accuracy == stored.card.validation_accuracy
    stored.weights()  # raises if the hash is wrong


def test_the_run_folder_can_redraw_the_charts(finished) -> None:
    engine, events, _ = finished
    (log,) = (engine.home / "runs").glob(f"*/{EVENTS}")
    recorded = [decode_event(line) for line in log.read_bytes().splitlines()]
    assert recorded == [event for event in events if not isinstance(event, Progressed)]


def test_finish_now_keeps_the_best_epoch_and_nonsense_is_ignored(samples: Path, tmp_path: Path) -> None:
    with RunningEngine(tmp_path, is_warm=True) as engine:
        engine.send(request(samples, changed(SMALL, epochs=1000, batch_size=8)))
        engine.until(EpochEnded)
        engine.send(b"{nonsense\n")
        engine.until(BatchEnded)
        engine.send(FinishRequested())
        events = engine.rest()
        assert isinstance(events[-1], ModelSaved)
        assert 1 <= events[-1].card.epochs_run < 1000
        assert 1 <= events[-1].card.best_epoch <= events[-1].card.epochs_run
        assert engine.exit_code() == 0


@pytest.mark.parametrize("moment", [PhaseChanged, BatchEnded])
def test_discard_leaves_nothing_behind(samples: Path, tmp_path: Path, moment: type) -> None:
    with RunningEngine(tmp_path, is_warm=moment is BatchEnded) as engine:
        engine.send(request(samples, changed(SMALL, epochs=1000)))
        engine.until(moment)
        engine.send(DiscardRequested())
        assert engine.rest()[-1] == TrainingDiscarded()
        assert engine.exit_code() == 0
        assert engine.leftovers() == []


@pytest.mark.parametrize("moment", [DataSetRead, BatchEnded])
def test_a_closed_input_ends_the_engine_at_once_and_keeps_the_training(
    samples: Path, tmp_path: Path, moment: type
) -> None:
    with RunningEngine(tmp_path, is_warm=moment is BatchEnded) as engine:
        engine.send(request(samples, changed(SMALL, epochs=1000)))
        engine.until(moment)
        engine.close_input()
        assert engine.exit_code(within_s=5.0) == 0
    (run,) = stored_runs(tmp_path / "runs")
    assert run.ending is Ending.INTERRUPTED
    assert has_checkpoint(run) == (moment is BatchEnded)


def test_pause_stands_still_in_every_phase_until_it_goes_on(samples: Path, tmp_path: Path) -> None:
    with RunningEngine(tmp_path, is_warm=True) as engine:
        # The first pause is asked for together with the training: later it might miss the reading.
        engine.send(request(samples, changed(SMALL, epochs=1000)))
        engine.send(PauseRequested())
        for moment in (DataSetRead, BatchEnded, EpochEnded):
            engine.until(TrainingPaused)
            assert engine.is_silent(0.7)
            engine.send(ContinueRequested())
            engine.until(TrainingContinued)
            engine.until(moment)
            engine.send(PauseRequested())
        engine.until(TrainingPaused)
        engine.send(ContinueRequested())
        engine.send(FinishRequested())
        assert isinstance(engine.rest()[-1], ModelSaved)


def test_a_kept_training_is_resumed_by_another_engine(samples: Path, tmp_path: Path) -> None:
    with RunningEngine(tmp_path, is_warm=True) as engine:
        engine.send(request(samples, changed(SMALL, epochs=4)))
        first = engine.until(EpochEnded)
        engine.send(KeepRequested())
        assert engine.rest()[-1] == TrainingKept()
    (run,) = stored_runs(tmp_path / "runs")
    assert run.can_resume
    with RunningEngine(tmp_path, is_warm=True) as engine:
        engine.send(ResumeRequested(run=run.name))
        events = engine.rest()
    assert isinstance(events[-1], ModelSaved)
    assert [event.epoch for event in events if isinstance(event, EpochEnded)] == [2, 3, 4]
    assert events[-1].card.epochs_run == 4
    (run,) = stored_runs(tmp_path / "runs")
    assert run.ending is Ending.COMPLETED
    assert [epoch.epoch for epoch in run.history().epochs] == [1, 2, 3, 4]
    assert run.history().epochs[0] == first
    assert not list(run.folder.glob("*.bin"))


def test_a_run_cannot_be_worked_on_twice(samples: Path, tmp_path: Path) -> None:
    with RunningEngine(tmp_path, is_warm=True) as engine:
        engine.send(request(samples, changed(SMALL, epochs=1000)))
        engine.until(BatchEnded)
        (run,) = stored_runs(tmp_path / "runs")
        assert run.is_running
        with RunningEngine(tmp_path, is_warm=True) as other:
            other.send(ResumeRequested(run=run.name))
            last = other.rest()[-1]
            assert isinstance(last, TrainingFailed)
            assert last.wrong_input
        engine.send(DiscardRequested())
        assert engine.rest()[-1] == TrainingDiscarded()
    assert engine.leftovers() == []


def test_an_engine_that_gets_no_request_leaves(tmp_path: Path) -> None:
    with RunningEngine(tmp_path) as engine:
        engine.close_input()
        assert engine.exit_code() == 0
        assert engine.rest() == []


def test_a_request_that_cannot_be_understood_is_answered(tmp_path: Path) -> None:
    with RunningEngine(tmp_path) as engine:
        engine.send(b'{"type": "TrainRequested", "dataset": 7}\n')
        (answer,) = engine.rest()
        assert isinstance(answer, TrainingFailed)
        assert "dataset" in answer.details
        assert engine.exit_code() == 1


def test_a_folder_without_classes_is_told_as_wrong_input(tmp_path: Path) -> None:
    with RunningEngine(tmp_path / "home") as engine:
        engine.send(request(tmp_path / "missing", STEPWISE))
        last = engine.rest()[-1]
        assert isinstance(last, TrainingFailed)
        assert last.wrong_input
        assert "does not exist" in last.message
        assert engine.leftovers() == []


def test_what_libraries_print_does_not_reach_the_events() -> None:
    program = (
        "import os; from training.engine import _take_standard_output as take; events = take(); "
        "print('chatter'); os.system('echo more chatter'); events.write(b'event'); events.flush()"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, check=True)
    assert done.stdout == b"event"
    assert b"more chatter" in done.stderr


def test_running_out_of_memory_or_disk_is_told_with_a_next_step() -> None:
    assert "memory" in failure(MemoryError()).message
    assert "disk is full" in failure(OSError(28, "No space left on device")).message
    assert "Traceback" not in failure(ValueError("x")).message
    assert "ValueError: x" in failure(ValueError("x")).details
