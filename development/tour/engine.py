"""An engine that only pretends: it tells a made-up course and waits at gates for the walk.

`python -m development.tour.engine GATES`; a gate is open when there is a file of its name in that folder.
"""

import queue
import sys
import threading
from pathlib import Path

from development.tour.made_up import (
    DEVICE,
    FOLDS,
    ITERATIONS,
    VIEW,
    Photos,
    add_model,
    course,
    end_run,
    solving,
    write_run,
)
from scene_desktop.core.datasets.dataset import read_dataset
from scene_desktop.core.datasets.findings import Finding, FindingKind, FoundPhoto
from scene_desktop.core.datasets.health import quick_report
from scene_desktop.core.runs.events import (
    BatchEnded,
    ContinueRequested,
    DataSetExamined,
    DataSetRead,
    DiscardRequested,
    EngineCommand,
    EpochEnded,
    ExamineRequested,
    FinishRequested,
    KeepRequested,
    PauseRequested,
    Phase,
    PhaseChanged,
    Progressed,
    RunStarted,
    TrainingContinued,
    TrainingEvent,
    TrainingFailed,
    TrainingPaused,
    TrainRequested,
    decode_command,
    encode_line,
)
from scene_desktop.core.runs.stored import Ending

BROKEN = "Too large steps again"
"""A training of this name fails."""

_POLL_S = 0.02


class MadeUpEngine:
    """Args: gates: The folder of the gates."""

    def __init__(self, gates: Path) -> None:
        self._gates = gates
        self._wishes: queue.SimpleQueue[EngineCommand | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def work(self) -> None:
        """Does what is requested first."""
        match self._wishes.get():
            case ExamineRequested() as request:
                self._examine(Path(request.dataset))
            case TrainRequested() as request if request.recipe.is_solved:
                self._solve(request)
            case TrainRequested() as request:
                self._train(request)

    def _listen(self) -> None:
        for line in sys.stdin.buffer:
            self._wishes.put(decode_command(line))
        self._wishes.put(None)

    def _tell(self, *events: TrainingEvent) -> None:
        for event in events:
            sys.stdout.buffer.write(encode_line(event))
        sys.stdout.buffer.flush()

    def _wait_at(self, gate: str) -> list[EngineCommand]:
        """Until the gate is open or something is wished; returns the wishes."""
        while not (self._gates / gate).exists():
            try:
                wish = self._wishes.get(timeout=_POLL_S)
            except queue.Empty:
                continue
            if wish is None or isinstance(wish, DiscardRequested | KeepRequested):
                sys.exit(0)
            return [wish]
        return []

    def _examine(self, root: Path) -> None:
        report = quick_report(read_dataset(root))
        total = sum(report.counts.values())
        self._tell(
            PhaseChanged(phase=Phase.FEATURES),
            Progressed(phase=Phase.FEATURES, done=total // 3, total=total, per_second=48.0),
        )
        self._wait_at("examined")
        names = sorted(report.counts)

        def found(name: str, number: int, suggested: str = "", score: float = 1.0) -> FoundPhoto:
            path = f"{name}/{sorted((root / name).iterdir())[number].name}"
            return FoundPhoto(path=path, class_name=name, suggested=suggested, score=score)

        near = tuple((found(names[0], n), found(names[0], n + 20, score=0.97)) for n in range(3))
        doubtful = tuple((found(names[2], n, names[3], 0.9 - n / 20),) for n in range(5))
        findings = (
            *report.findings,
            Finding(kind=FindingKind.NEAR_DUPLICATES_WITHIN, groups=near),
            Finding(kind=FindingKind.LABEL_SUSPECTS, groups=doubtful),
        )
        whole = type(report)(dataset=report.dataset, counts=report.counts, findings=findings, complete=True)
        self._tell(DataSetExamined(report=whole))

    def _train(self, request: TrainRequested) -> None:
        photos = Photos.of(Path(request.dataset))
        broken = request.name == BROKEN
        began = f"2026-11-24T10:{20 if broken else 10}:00+00:00"
        events = list(course(24, request.recipe.epochs, 3 if broken else 2))
        folder = write_run(photos, request.name, began, request.recipe, [DEVICE, *events])
        total = len(photos.training) + len(photos.validation)
        done = round(0.7 * total)
        self._tell(
            PhaseChanged(phase=Phase.READING),
            DataSetRead(
                classes=photos.classes, training=len(photos.training), validation=len(photos.validation)
            ),
            RunStarted(run=folder.name),
            DEVICE,
            PhaseChanged(phase=Phase.FEATURES),
            Progressed(phase=Phase.FEATURES, done=done, total=total, per_second=52.0),
        )
        if not broken:
            self._wait_at("features")
        self._tell(PhaseChanged(phase=Phase.TRAINING), *_part(events, 0, 6))
        self._wait_at("second" if broken else "first")
        self._tell(*_part(events, 6, 10 if broken else 18))
        if broken:
            self._wait_at("failed")
            self._tell(
                TrainingFailed(
                    message="Loss became NaN in epoch 11 at learning rate 0.1; try 0.001.",
                    details="Traceback:\n  the technical part",
                    suggested={"learning_rate": 0.001},
                )
            )
            return
        while not self._finishes():
            pass
        self._tell(PhaseChanged(phase=Phase.CALIBRATING))
        saved = add_model(photos, request.name, began, folder.name, 2, 3.4)
        end_run(folder, Ending.COMPLETED, began, saved=saved)
        self._tell(saved)

    def _solve(self, request: TrainRequested) -> None:
        photos = Photos.of(Path(request.dataset))
        count, began = len(photos.all), "2026-11-24T10:05:00+00:00"
        events = list(solving(ITERATIONS, request.recipe.epochs))
        read = DataSetRead(classes=photos.classes, training=count, validation=count, folds=FOLDS)
        folder = write_run(photos, request.name, began, request.recipe, [read, VIEW, DEVICE, *events])
        self._tell(
            PhaseChanged(phase=Phase.READING),
            read,
            RunStarted(run=folder.name),
            PhaseChanged(phase=Phase.CHOOSING),
            Progressed(phase=Phase.CHOOSING, done=960, total=2100),
        )
        self._wait_at("chosen")
        self._tell(VIEW, PhaseChanged(phase=Phase.TRAINING), DEVICE, *events[:14])
        self._wait_at("solved")
        self._tell(*events[14:], PhaseChanged(phase=Phase.CALIBRATING))
        saved = add_model(photos, request.name, began, folder.name, 4, 2.4, request.recipe)
        end_run(folder, Ending.COMPLETED, began, saved=saved)
        self._tell(saved)

    def _finishes(self) -> bool:
        """Answers the next wish; whether it was to finish."""
        for wish in self._wait_at("never"):
            match wish:
                case PauseRequested():
                    self._tell(TrainingPaused())
                case ContinueRequested():
                    self._tell(TrainingContinued())
                case FinishRequested():
                    return True
        return False


def _part(events: list[TrainingEvent], first: int, last: int) -> list[TrainingEvent]:
    """From a little after the end of epoch `first` (0: from the begin) to a little after that of `last`."""
    kept = []
    position = 0.0
    for event in events:
        if isinstance(event, BatchEnded):
            position = event.position
        elif isinstance(event, EpochEnded):
            position = float(event.epoch)
        if (first == 0 or position > first + 0.4) and position <= last + 0.4:
            kept.append(event)
    return kept


if __name__ == "__main__":
    MadeUpEngine(Path(sys.argv[1])).work()
