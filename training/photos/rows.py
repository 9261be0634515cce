"""Photos of a data set to rows of one array, on all cores; see `scene_desktop.core.photos.pool`."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.datasets.dataset import LabelledPhoto, UnreadablePhoto, digest
from scene_desktop.core.errors import PhotoError, Stopped
from scene_desktop.core.photos import images
from scene_desktop.core.photos.framing import View
from scene_desktop.core.photos.pool import BATCH, Done, Infer, Pool
from scene_desktop.core.threads import ShouldStop

_POLL_S = 0.1
_RATE_WINDOW_S = 5.0

Prepare = Callable[[images.Pixels, LabelledPhoto], NDArray[np.uint8]]

Row = tuple[int, NDArray[Any]]
"""Index of a photo and what was computed from it."""


@dataclass(frozen=True)
class Chunk:
    """What was computed since the last one, in no particular order."""

    rows: tuple[Row, ...]
    unreadable: tuple[UnreadablePhoto, ...]


def compute(
    photos: Sequence[LabelledPhoto],
    indices: Sequence[int],
    view: View,
    make: Callable[[], Infer],
    should_stop: ShouldStop,
    prepare: Prepare = lambda pixels, photo: pixels,
) -> Iterator[Chunk]:
    """Computes the rows of `photos[indices]` and yields them as they come, about ten times a second.

    Every index appears in exactly one chunk, as a row or as an unreadable photo.

    Args:
        make: Makes the network of one thread.
        prepare: What to do with the pixels of a photo before they reach the network, in the same thread.
        should_stop: Asked by the threads too, which also wait in it while the work is paused.

    Raises:
        Stopped: `should_stop` answered True; within a fraction of a second.
    """
    if not indices:
        return

    def load(index: int) -> images.Pixels:
        return prepare(_decode(photos[index], view), photos[index])

    pool = Pool("rows", load, make, in_background=True, should_stop=should_stop)
    for start in range(0, len(indices), BATCH):
        pool.put(indices[start : start + BATCH])
    pool.close()
    pool.start()
    left = len(indices)
    try:
        while left:
            asked = should_stop()
            if asked:
                pool.stop()
                pool.join()  # what they have begun will be computed, so it is kept
            ended = pool.ended.wait(_POLL_S)
            taken = pool.take()
            left -= len(taken)
            if pool.failure is not None:
                raise pool.failure
            yield _chunk(photos, taken)
            if asked or (ended and left):
                raise Stopped
    finally:
        pool.stop()
        pool.join()


def _chunk(photos: Sequence[LabelledPhoto], taken: list[Done[int]]) -> Chunk:
    return Chunk(
        tuple((done.photo, done.row) for done in taken if done.row is not None),
        tuple(UnreadablePhoto(photos[done.photo].path, done.reason) for done in taken if done.row is None),
    )


def _decode(photo: LabelledPhoto, view: View) -> images.Pixels:
    content = images.read_bytes(photo.path)
    if digest(content) != photo.digest:
        # Results are kept by content, and the split keeps equal contents together: both would be wrong.
        raise PhotoError("The file was changed after the training had begun")
    return images.decode_photo(content, view.size, view.framing)


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
