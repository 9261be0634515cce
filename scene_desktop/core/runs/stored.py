"""The run folders: every training that was begun, with the course it took and how it ended.

A run folder holds

- `request.json`: what it was begun with, see `RunStart`;
- `dataset.json`: the photos that take part, see `RunData`; written once the data set has been read;
- `view.json`: what the network sees of a photo, where that was chosen from the photos, see `ViewChosen`;
- `events.jsonl`: what the engine told, a line each, without the progress; it redraws the charts;
- `checkpoint-N.bin` (the last two) and `best-N.bin`, see `training.run.checkpoints`;
- `result.json`: how it ended, see `RunResult`; missing while it runs and after a crash;
- `lock`: held by the engine that works on it.
"""

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import filelock
import msgspec
from send2trash import send2trash

from scene_desktop.core import locations
from scene_desktop.core.errors import InputError
from scene_desktop.core.recipes.few_photos import MOST_FOLDS
from scene_desktop.core.runs.events import (
    BatchEnded,
    EpochEnded,
    ModelSaved,
    TrainingEvent,
    TrainRequested,
    decode_event,
)
from scene_desktop.core.runs.history import History

REQUEST = "request.json"
DATA = "dataset.json"
VIEW = "view.json"
EVENTS = "events.jsonl"
RESULT = "result.json"
LOCK = "lock"


class RunStart(msgspec.Struct, frozen=True, kw_only=True):
    """What a run was begun with; `began` in ISO 8601, UTC."""

    began: str
    request: TrainRequested


class RunPhoto(msgspec.Struct, frozen=True, array_like=True):
    """One photo of a run: path, index of its class, digest of its content in hex."""

    path: str
    label: int
    digest: str


class RunData(msgspec.Struct, frozen=True, kw_only=True):
    """The photos of a run.

    Attributes:
        root: The folder of the data set.
        fingerprint: Equal for equal photos in equal classes, wherever they lie; 16 hex digits.
        training, validation: The split.
        folds: Of the training photos, in order, where each is judged by models that did not learn from it;
            there are no validation photos then.
    """

    root: str
    name: str
    classes: tuple[str, ...]
    fingerprint: str
    training: tuple[RunPhoto, ...]
    validation: tuple[RunPhoto, ...]
    folds: tuple[int, ...] = ()

    def makes_sense(self) -> bool:
        """Whether the numbers fit each other; a file on disk may have been changed."""
        photos, count = (*self.training, *self.validation), len(self.classes)
        if not all(0 <= photo.label < count and re.fullmatch("[0-9a-f]{32}", photo.digest) for photo in photos):
            return False
        if not self.folds:
            return bool(self.training and self.validation)
        whole = len(self.folds) == len(self.training) and not self.validation
        return whole and len(set(self.folds)) > 1 and set(self.folds) <= set(range(MOST_FOLDS))


class Ending(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    COMPLETED = "completed"


class RunResult(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended; a failed one may be resumable all the same.

    Attributes:
        message: Of a failure, for people.
        saved: Of a success.
        fingerprint: Of the data set.
        ended: ISO 8601, UTC.
    """

    ending: Ending
    ended: str
    fingerprint: str = ""
    message: str = ""
    saved: ModelSaved | None = None


@dataclass(frozen=True)
class StoredRun:
    """One run on disk; its larger files are read when they are needed.

    Attributes:
        result: None while it runs and after a crash.
    """

    folder: Path
    request: TrainRequested
    began: str
    result: RunResult | None
    is_running: bool

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def ending(self) -> Ending:
        if self.is_running:
            return Ending.RUNNING
        return self.result.ending if self.result is not None else Ending.INTERRUPTED

    @property
    def is_completed(self) -> bool:
        return self.result is not None and self.result.ending is Ending.COMPLETED

    @property
    def can_resume(self) -> bool:
        """Whether it has neither been completed nor is being worked on."""
        return self.ending in (Ending.INTERRUPTED, Ending.FAILED)

    def events(self) -> list[TrainingEvent]:
        """What was told, in order; lines that a crash cut off are left out.

        After a resume, epochs and batches that had been told before the crash and were trained again are
        told once.
        """
        told: list[TrainingEvent] = []
        try:
            lines = (self.folder / EVENTS).read_bytes().splitlines()
        except OSError:
            return told
        for line in lines:
            try:
                told.append(decode_event(line))
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue
        return _without_repeated(told)

    def history(self) -> History:
        """The course, for the charts."""
        history = History(recipe=self.request.recipe)
        for event in self.events():
            history.add(event)
        return history

    def data(self) -> RunData | None:
        """The photos that take part; None if it did not come so far or the file is damaged."""
        try:
            return msgspec.json.decode((self.folder / DATA).read_bytes(), type=RunData)
        except (OSError, msgspec.DecodeError):
            return None


def _without_repeated(told: list[TrainingEvent]) -> list[TrainingEvent]:
    kept: list[TrainingEvent] = []
    last = -math.inf
    for event in told:
        if isinstance(event, BatchEnded | EpochEnded):
            start = _position(event)
            if start <= last:  # the engine came back to an earlier checkpoint
                kept = [e for e in kept if not isinstance(e, BatchEnded | EpochEnded) or _position(e) < start]
            last = start
        kept.append(event)
    return kept


def _position(event: BatchEnded | EpochEnded) -> float:
    """On the epoch axis; an epoch lies behind its last batch."""
    return event.position if isinstance(event, BatchEnded) else event.epoch + 1e-6


def stored_runs(folder: Path | None = None) -> list[StoredRun]:
    """All runs that can be read, newest first."""
    folder = folder or locations.runs_folder()
    try:
        names = sorted((path for path in folder.iterdir() if path.name[0] != "."), reverse=True)
    except OSError:
        return []
    return [run for path in names if (run := _load(path)) is not None]


def find_run(name: str, folder: Path | None = None) -> StoredRun:
    """The run with this name.

    Raises:
        InputError: There is none.
    """
    place = (folder or locations.runs_folder()) / name
    run = _load(place) if name and place.name == name else None
    if run is not None:
        return run
    raise InputError(f"There is no run “{name}”. It may have been discarded; see the list of runs.")


def remove_run(run: StoredRun) -> None:
    """Moves a run to the trash of the system; its model, if there is one, stays.

    Raises:
        InputError: An engine works on it.
        OSError: The trash does not take it.
    """
    if is_locked(run.folder):
        raise InputError(f"The training “{run.request.name}” is going on. End it first.")
    send2trash(run.folder)


def _load(folder: Path) -> StoredRun | None:
    try:
        start = msgspec.json.decode((folder / REQUEST).read_bytes(), type=RunStart)
    except (OSError, msgspec.DecodeError):
        return None
    try:
        result = msgspec.json.decode((folder / RESULT).read_bytes(), type=RunResult)
    except (OSError, msgspec.DecodeError):
        result = None
    return StoredRun(folder, start.request, start.began, result, is_locked(folder))


def is_locked(folder: Path) -> bool:
    """Whether an engine works on a run; the lock of a killed one is free."""
    if not (folder / LOCK).exists():
        return False
    lock = filelock.FileLock(folder / LOCK, blocking=False)
    try:
        with lock:
            return False
    except (filelock.Timeout, OSError):
        return True
