"""Paths in, chunks of predictions out: photos are searched for while those found are classified."""

import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scene_desktop.core.classify.classifier import Classifier, CompiledModel
from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.photos import images
from scene_desktop.core.photos.pool import BATCH, Done, Pool, drain
from scene_desktop.core.threads import Report, ShouldStop, lower_priority

_Found = tuple[int, str]
"""Index and path of a photo of the drop."""

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


def classify(
    paths: Sequence[str | os.PathLike[str]],
    model: CompiledModel,
    report: Report[ClassifyEvent],
    should_stop: ShouldStop = lambda: False,
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
    first = Classifier(model)  # made here, so that a bad model fails before any thread starts
    pool: Pool[_Found] = Pool(
        "classify",
        lambda found: images.load_view(found[1], model.view),
        lambda: Classifier(model).scores,
        workers=workers,
        ready=first.scores,
        in_background=in_background,
    )
    drop = _Drop([os.fspath(path) for path in paths], pool, in_background, known)
    threading.Thread(target=drop.search, name="search", daemon=True).start()
    pool.start()
    stopped = False
    try:
        while not stopped and not pool.ended.wait(REPORT_EVERY_S):
            stopped = should_stop()
            drop.flush(report)
    finally:
        drop.stop()
    drop.flush(report)
    while not stopped and drop.flush(report):
        stopped = should_stop()
    if pool.failure is not None:
        raise pool.failure
    return ClassifySummary(drop.found, drop.done, stopped, time.monotonic() - started)


@dataclass
class _Drop:
    """What the searching thread and the caller share."""

    paths: list[str]
    pool: Pool[_Found]
    in_background: bool
    known: Callable[[int, str], Prediction | None] | None
    events: "queue.SimpleQueue[ClassifyEvent]" = field(default_factory=queue.SimpleQueue)
    recalled: "queue.SimpleQueue[Prediction]" = field(default_factory=queue.SimpleQueue)
    stopping: threading.Event = field(default_factory=threading.Event)
    found: int = 0
    told: int = 0
    done: int = 0
    untold: "deque[ClassifyEvent]" = field(default_factory=deque)
    early: list[Prediction] = field(default_factory=list)

    def search(self) -> None:
        """Thread: finds photos and hands them out in batches."""
        if self.in_background:
            lower_priority()
        try:
            self._search()
        except Exception as error:  # noqa: BLE001 - told to the caller, who raises it
            self.pool.fail(error)
        finally:
            self.events.put(SearchEnded(self.found))
            self.pool.close()

    def _search(self) -> None:
        batch: list[_Found] = []
        new: list[str] = []
        for path in images.find_photos(self.paths, lambda p, reason: self.events.put(FolderSkipped(p, reason))):
            if self.stopping.is_set():
                return
            if (verdict := self.known(self.found, path) if self.known else None) is not None:
                self.recalled.put(verdict)
            else:
                batch.append((self.found, path))
            new.append(path)
            self.found += 1
            if len(new) == BATCH:
                self._hand_out(new, batch)
                new, batch = [], []
        self._hand_out(new, batch)

    def _hand_out(self, new: list[str], batch: list[_Found]) -> None:
        if new:
            self.events.put(PhotosFound(self.found - len(new), tuple(new)))
        if batch:
            self.pool.put(batch)

    def stop(self) -> None:
        self.stopping.set()
        self.pool.stop()

    def flush(self, report: Report[ClassifyEvent]) -> bool:
        """Reports what has come together, at most `FLUSH_ROWS` photos and as many verdicts.

        A photo is told before its verdict. Returns whether anything was told.
        """
        self.untold.extend(drain(self.events))
        self.early += drain(self.recalled)
        self.early += map(_prediction, self.pool.take())
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


def _prediction(done: Done[_Found]) -> Prediction:
    index, path = done.photo
    if done.row is None:
        return Prediction(index, path, error=done.reason)
    return Prediction(index, path, scores=done.row)
