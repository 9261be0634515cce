"""Paths in, chunks of predictions out: searching, decoding and inference overlapped on all cores.

Each worker thread has its own single-threaded interpreter and does a small batch from file to scores;
that reaches 0.96 of what decoding and inference alone would allow, and scales with the cores.
"""

import os
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from scene_desktop.core.classify.classifier import Classifier, CompiledModel
from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.errors import PhotoError
from scene_desktop.core.photos import images

_T = TypeVar("_T")

BATCH = 8
REPORT_EVERY_S = 0.1
EVENT_ROWS = 500
FLUSH_ROWS = 2000
"""So many photos at most are told in one event, and in one go: whoever shows them must stay smooth."""


@dataclass(frozen=True)
class PhotosFound:
    """More photos of the drop, in order; `first` is the index of `paths[0]`."""

    first: int
    paths: tuple[str, ...]


@dataclass(frozen=True)
class FolderSkipped:
    """A folder of the drop that could not be read."""

    path: str
    reason: str


@dataclass(frozen=True)
class SearchEnded:
    """All photos of the drop are known."""

    total: int


@dataclass(frozen=True)
class PhotosClassified:
    """Verdicts since the last report, in no particular order; `done` counts all so far."""

    predictions: tuple[Prediction, ...]
    done: int


ClassifyEvent = PhotosFound | FolderSkipped | SearchEnded | PhotosClassified


@dataclass(frozen=True)
class ClassifySummary:
    """The end of a drop: photos found, verdicts given, whether it was stopped, seconds it took."""

    found: int
    done: int
    stopped: bool
    seconds: float


def worker_count() -> int:
    """One worker for each core that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def classify(
    paths: Sequence[str | os.PathLike[str]],
    model: CompiledModel,
    report: Callable[[ClassifyEvent], None],
    should_stop: Callable[[], bool] = lambda: False,
    workers: int | None = None,
    in_background: bool = False,
    known: Callable[[int, str], Prediction | None] | None = None,
) -> ClassifySummary:
    """Classifies all photos under `paths`.

    Every photo found gets exactly one verdict unless the work is stopped. `report` is called from the
    calling thread, about ten times a second; within 0.5 s after `should_stop` answers True it returns.

    Args:
        workers: Number of threads; None for one a core.
        in_background: Let a window and other programs go first, by threads of lower priority.
        known: Answers with the verdict on a photo that was classified before, which is told without reading
            the photo; called from one thread with index and path.

    Raises:
        ModelFileError: The model cannot be loaded.
    """
    started = time.monotonic()
    drop = _Drop(model, [os.fspath(path) for path in paths], workers or worker_count(), in_background, known)
    first = Classifier(model)  # made here, so that a bad model fails before any thread starts
    threading.Thread(target=drop.search, name="search", daemon=True).start()
    for number in range(drop.workers):
        ready = first if number == 0 else None
        threading.Thread(target=drop.work, args=(ready,), name=f"classify-{number}", daemon=True).start()
    stopped = False
    try:
        while not stopped and not drop.ended.wait(REPORT_EVERY_S):
            stopped = should_stop()
            drop.flush(report)
    finally:
        drop.stop()
    drop.flush(report)
    while not stopped and drop.flush(report):
        stopped = should_stop()
    if drop.failure is not None:
        raise drop.failure
    return ClassifySummary(drop.found, drop.done, stopped, time.monotonic() - started)


@dataclass
class _Drop:
    """What the searching thread, the workers and the caller share."""

    model: CompiledModel
    paths: list[str]
    workers: int
    in_background: bool
    known: Callable[[int, str], Prediction | None] | None
    batches: "queue.SimpleQueue[list[tuple[int, str]] | None]" = field(default_factory=queue.SimpleQueue)
    events: "queue.SimpleQueue[ClassifyEvent]" = field(default_factory=queue.SimpleQueue)
    results: "queue.SimpleQueue[list[Prediction]]" = field(default_factory=queue.SimpleQueue)
    stopping: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    found: int = 0
    told: int = 0
    done: int = 0
    untold: "deque[ClassifyEvent]" = field(default_factory=deque)
    early: list[Prediction] = field(default_factory=list)
    failure: Exception | None = None

    def search(self) -> None:
        """Thread: finds photos and hands them out in batches."""
        if self.in_background:
            lower_priority()
        try:
            self._search()
        except Exception as error:  # noqa: BLE001 - told to the caller, who raises it
            self._fail(error)
        finally:
            self.events.put(SearchEnded(self.found))
            self.batches.put(None)

    def _search(self) -> None:
        batch: list[tuple[int, str]] = []
        new: list[str] = []
        for path in images.find_photos(self.paths, lambda p, reason: self.events.put(FolderSkipped(p, reason))):
            if self.stopping.is_set():
                return
            if (verdict := self.known(self.found, path) if self.known else None) is not None:
                self.results.put([verdict])
            else:
                batch.append((self.found, path))
            new.append(path)
            self.found += 1
            if len(new) == BATCH:
                self._hand_out(new, batch)
                new, batch = [], []
        self._hand_out(new, batch)

    def _hand_out(self, new: list[str], batch: list[tuple[int, str]]) -> None:
        if new:
            self.events.put(PhotosFound(self.found - len(new), tuple(new)))
        if batch:
            self.batches.put(batch)

    def work(self, classifier: Classifier | None) -> None:
        """Thread: takes batches until there are no more."""
        if self.in_background:
            lower_priority()
        try:
            classifier = classifier or Classifier(self.model)
            while not self.stopping.is_set():
                batch = self.batches.get()
                if batch is None:
                    self.batches.put(None)  # for the next worker
                    return
                self.results.put(_classify_batch(classifier, batch))
        except Exception as error:  # noqa: BLE001 - told to the caller, who raises it
            self._fail(error)
        finally:
            with self.lock:
                self.workers -= 1
                if self.workers == 0:
                    self.ended.set()

    def _fail(self, error: Exception) -> None:
        self.failure = error
        self.ended.set()

    def stop(self) -> None:
        self.stopping.set()
        self.batches.put(None)

    def flush(self, report: Callable[[ClassifyEvent], None]) -> bool:
        """Reports what has come together, at most `FLUSH_ROWS` photos and as many verdicts.

        A photo is told before its verdict. Returns whether anything was told.
        """
        self.untold.extend(_drain(self.events))
        self.early += (prediction for chunk in _drain(self.results) for prediction in chunk)
        last = self.told + FLUSH_ROWS
        before = self.told, self.done, len(self.untold)
        while self.untold and self.told < last:
            event = self.untold.popleft()
            if isinstance(event, PhotosFound):
                event = self._merged(event)
                self.told += len(event.paths)
            report(event)
        ready = [prediction for prediction in self.early if prediction.index < self.told][:FLUSH_ROWS]
        if ready:
            taken = {prediction.index for prediction in ready}
            self.early = [prediction for prediction in self.early if prediction.index not in taken]
        for start in range(0, len(ready), EVENT_ROWS):
            some = tuple(ready[start : start + EVENT_ROWS])
            self.done += len(some)
            report(PhotosClassified(some, self.done))
        return before != (self.told, self.done, len(self.untold))

    def _merged(self, first: PhotosFound) -> PhotosFound:
        """One event for `first` and those that follow it, as long as it stays small."""
        paths = list(first.paths)
        while self.untold:
            following = self.untold[0]
            if not isinstance(following, PhotosFound) or len(paths) + len(following.paths) > EVENT_ROWS:
                break
            paths += following.paths
            self.untold.popleft()
        return PhotosFound(first.first, tuple(paths))


def _drain(source: "queue.SimpleQueue[_T]") -> list[_T]:
    taken: list[_T] = []
    while True:
        try:
            taken.append(source.get_nowait())
        except queue.Empty:
            return taken


def _classify_batch(classifier: Classifier, batch: list[tuple[int, str]]) -> list[Prediction]:
    size = (classifier.image_size, classifier.image_size)
    verdicts: list[Prediction] = []
    readable: list[tuple[int, str]] = []
    photos: list[images.Pixels] = []
    for index, path in batch:
        try:
            photos.append(images.load_photo(path, size))
            readable.append((index, path))
        except PhotoError as error:
            verdicts.append(Prediction(index, path, error=str(error)))
    if photos:
        scores = classifier.scores(np.stack(photos))
        verdicts += [
            Prediction(index, path, scores=row) for (index, path), row in zip(readable, scores, strict=True)
        ]
    return verdicts


def lower_priority() -> None:
    """Gives this thread a lower priority, so that a window stays smooth; on Linux threads have their own."""
    if sys.platform == "linux":
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        except OSError:
            pass
