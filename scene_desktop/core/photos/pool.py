"""Photos in, rows of numbers out: decoding and a network overlapped on all cores.

Each worker thread has its own single-threaded network and does a small batch from file to result; that
reaches 0.96 of what decoding and inference alone would allow, scales with the cores and needs no tuning.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.errors import PhotoError
from scene_desktop.core.photos.images import Pixels
from scene_desktop.core.threads import ShouldStop, lower_priority, worker_count

BATCH = 8
"""Photos that are best handed out together."""

Infer = Callable[[NDArray[np.uint8]], NDArray[Any]]
"""What one worker computes: uint8 `(N, size, size, 3)` to `(N, ...)`."""

_Photo = TypeVar("_Photo")
_Taken = TypeVar("_Taken")


class Done(NamedTuple, Generic[_Photo]):
    """What became of one photo: a row, or the reason why it cannot be read."""

    photo: _Photo
    row: NDArray[Any] | None
    reason: str = ""


class Pool(Generic[_Photo]):
    """Threads that take batches of photos until there are no more.

    Args:
        name: Of the threads; a number follows.
        load: Reads one photo, uint8 `(size, size, 3)`; may raise `PhotoError`.
        make: Makes the network of one worker, in its thread.
        workers: Number of threads; None for one a core.
        ready: The network of the first worker, where it has been made already.
        in_background: Let a window and other programs go first, by threads of lower priority.
        should_stop: Asked by each worker before each batch; may wait while the work is paused.

    Attributes:
        ended: Set when all workers have ended, and at once when something has failed.
        failure: Why the work cannot go on.
    """

    def __init__(
        self,
        name: str,
        load: Callable[[_Photo], Pixels],
        make: Callable[[], Infer],
        *,
        workers: int | None = None,
        ready: Infer | None = None,
        in_background: bool = False,
        should_stop: ShouldStop = lambda: False,
    ) -> None:
        self._load, self._make, self._ready = load, make, ready
        self._in_background, self._should_stop = in_background, should_stop
        self._batches: queue.SimpleQueue[Sequence[_Photo] | None] = queue.SimpleQueue()
        self._results: queue.SimpleQueue[list[Done[_Photo]]] = queue.SimpleQueue()
        self._stopping, self._lock = threading.Event(), threading.Lock()
        self._working = workers or worker_count()
        self._threads = [
            threading.Thread(target=self._work, args=(number,), name=f"{name}-{number}", daemon=True)
            for number in range(self._working)
        ]
        self.ended = threading.Event()
        self.failure: Exception | None = None

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def put(self, batch: Sequence[_Photo]) -> None:
        """Hands out photos; from any thread, before and after the start."""
        self._batches.put(batch)

    def close(self) -> None:
        """There are no more batches: the workers end after those that were handed out."""
        self._batches.put(None)

    def take(self) -> list[Done[_Photo]]:
        """What was done since the last time, in no particular order; once `ended` is set, all the rest."""
        return [done for batch in drain(self._results) for done in batch]

    def fail(self, error: Exception) -> None:
        """Ends the work because of this error; for those that the work depends on, too."""
        self.failure = error
        self.ended.set()

    def stop(self) -> None:
        """Ends the workers after the batch that each has begun, without waiting for them."""
        self._stopping.set()
        self._batches.put(None)

    def join(self) -> None:
        """Waits until all workers have ended."""
        for thread in self._threads:
            thread.join()

    def _work(self, number: int) -> None:
        if self._in_background:
            lower_priority()
        try:
            infer = self._ready if number == 0 and self._ready is not None else self._make()
            while not self._stopping.is_set():
                batch = self._batches.get()
                if batch is None:
                    self._batches.put(None)  # for the next worker
                    return
                if self._stopping.is_set() or self._should_stop():
                    return
                self._results.put(self._do(infer, batch))
        except Exception as error:  # noqa: BLE001 - told to the caller, who raises it
            self.fail(error)
        finally:
            with self._lock:
                self._working -= 1
                if self._working == 0:
                    self.ended.set()

    def _do(self, infer: Infer, batch: Sequence[_Photo]) -> list[Done[_Photo]]:
        result: list[Done[_Photo]] = []
        readable: list[_Photo] = []
        loaded: list[Pixels] = []
        for photo in batch:
            try:
                loaded.append(self._load(photo))
                readable.append(photo)
            except PhotoError as error:
                result.append(Done(photo, None, str(error)))
        if loaded:
            rows = infer(np.stack(loaded))
            result += [Done(photo, row) for photo, row in zip(readable, rows, strict=True)]
        return result


def drain(source: "queue.SimpleQueue[_Taken]") -> list[_Taken]:
    """Everything that is in the queue now."""
    taken: list[_Taken] = []
    while True:
        try:
            taken.append(source.get_nowait())
        except queue.Empty:
            return taken
