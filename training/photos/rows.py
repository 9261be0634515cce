"""Photos to rows of one array: decoding and a network overlapped on all cores.

Each worker thread has its own single-threaded network and does a small batch from file to result, which
reaches nearly all that decoding and inference alone would allow and needs no tuning.
"""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.classify.pipeline import lower_priority, worker_count
from scene_desktop.core.datasets.dataset import LabelledPhoto, UnreadablePhoto, digest
from scene_desktop.core.errors import PhotoError, Stopped
from scene_desktop.core.photos import images

BATCH = 8
_POLL_S = 0.1
_RATE_WINDOW_S = 5.0

Row = tuple[int, NDArray[Any]]
"""Index of a photo and what was computed from it."""


class Computation(Protocol):
    """What turns decoded photos into rows; one for each thread."""

    def run(self, images: NDArray[np.uint8]) -> NDArray[Any]:
        """uint8 `(N, size, size, 3)` to `(N, ...)`."""


class AsDecoded:
    """Keeps the pixels."""

    def run(self, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """uint8 `(N, size, size, 3)` to itself."""
        return images


@dataclass(frozen=True)
class Chunk:
    """What was computed since the last one, in no particular order."""

    rows: tuple[Row, ...]
    unreadable: tuple[UnreadablePhoto, ...]


def compute(
    photos: Sequence[LabelledPhoto],
    indices: Sequence[int],
    image_size: int,
    make: Callable[[], Computation],
    should_stop: Callable[[], bool],
) -> Iterator[Chunk]:
    """Computes the rows of `photos[indices]` and yields them as they come, about ten times a second.

    Every index appears in exactly one chunk, as a row or as an unreadable photo.

    Args:
        make: Makes the computation of one thread.

    Raises:
        Stopped: `should_stop` answered True; within a fraction of a second.
    """
    work = _Work(photos, image_size, make, should_stop)
    for start in range(0, len(indices), BATCH):
        work.batches.put(indices[start : start + BATCH])
    threads = [
        threading.Thread(target=work.run, name=f"rows-{number}", daemon=True)
        for number in range(worker_count())
    ]
    for thread in threads:
        work.batches.put(None)
        thread.start()
    done = 0
    try:
        while done < len(indices):
            if should_stop():
                raise Stopped
            time.sleep(_POLL_S)
            chunk = work.take()
            done += len(chunk.rows) + len(chunk.unreadable)
            if work.failure is not None:
                raise work.failure
            yield chunk
    finally:
        work.stopping.set()
        for thread in threads:
            thread.join()


@dataclass
class _Work:
    """What the threads and the caller share."""

    photos: Sequence[LabelledPhoto]
    image_size: int
    make: Callable[[], Computation]
    should_stop: Callable[[], bool]
    batches: "queue.SimpleQueue[Sequence[int] | None]" = field(default_factory=queue.SimpleQueue)
    rows: "queue.SimpleQueue[Row]" = field(default_factory=queue.SimpleQueue)
    unreadable: "queue.SimpleQueue[UnreadablePhoto]" = field(default_factory=queue.SimpleQueue)
    stopping: threading.Event = field(default_factory=threading.Event)
    failure: Exception | None = None

    def run(self) -> None:
        """Thread: takes batches until there are no more."""
        lower_priority()
        try:
            computation = self.make()
            while (batch := self.batches.get()) is not None and not self.stopping.is_set():
                if self.should_stop():  # also waits while the work is paused
                    return
                self._do(computation, batch)
        except Exception as error:  # noqa: BLE001 - told to the caller, who raises it
            self.failure = error

    def _do(self, computation: Computation, batch: Sequence[int]) -> None:
        readable: list[int] = []
        decoded: list[images.Pixels] = []
        for index in batch:
            try:
                decoded.append(self._decode(self.photos[index]))
                readable.append(index)
            except PhotoError as error:
                self.unreadable.put(UnreadablePhoto(self.photos[index].path, str(error)))
        if decoded:
            for row in zip(readable, computation.run(np.stack(decoded)), strict=True):
                self.rows.put(row)

    def _decode(self, photo: LabelledPhoto) -> images.Pixels:
        content = images.read_bytes(photo.path)
        if digest(content) != photo.digest:
            # Results are kept by content, and the split keeps equal contents together: both would be wrong.
            raise PhotoError("The file was changed after the training had begun")
        return images.decode_photo(content, (self.image_size, self.image_size))

    def take(self) -> Chunk:
        return Chunk(tuple(_drain(self.rows)), tuple(_drain(self.unreadable)))


def _drain(source: "queue.SimpleQueue[Any]") -> Iterator[Any]:
    while True:
        try:
            yield source.get_nowait()
        except queue.Empty:
            return


class Rate:
    """Units a second over the last few seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque([(clock(), 0)])

    def update(self, done: int) -> float | None:
        """Takes note of the units done so far; None until there is something to measure."""
        now = self._clock()
        self._marks.append((now, done))
        while len(self._marks) > 2 and self._marks[1][0] < now - _RATE_WINDOW_S:
            self._marks.popleft()
        (begin, before), seconds = self._marks[0], now - self._marks[0][0]
        return (done - before) / seconds if seconds > 0 and done > before and begin < now else None
