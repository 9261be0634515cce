"""The pool that decodes photos and runs a network on them, without photos and networks."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from scene_desktop.core.errors import PhotoError
from scene_desktop.core.photos.images import Pixels
from scene_desktop.core.photos.pool import Done, Infer, Pool

LIMIT_S = 20.0


def load(number: int) -> Pixels:
    """A grey photo of that number; 13 cannot be read."""
    if number == 13:
        raise PhotoError("Brings bad luck")
    return np.full((2, 2, 3), number, np.uint8)


def grey(photos: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return photos[:, 0, 0, :1]


@pytest.fixture
def make_pool() -> Iterator[Callable[..., Pool[int]]]:
    """Makes pools that are stopped at the end of the test."""
    made: list[Pool[int]] = []

    def make(
        name: str = "tried",
        load: Callable[[int], Pixels] = load,
        make: Callable[[], Infer] = lambda: grey,
        **how,
    ) -> Pool[int]:
        made.append(Pool(name, load, make, **how))
        return made[-1]

    yield make
    for pool in made:
        pool.stop()
        pool.join()


def outcome(pool: Pool[int]) -> list[Done[int]]:
    """All that becomes of the photos of a pool that has been started."""
    assert pool.ended.wait(LIMIT_S)
    return sorted(pool.take(), key=lambda done: done.photo)


def test_every_photo_gets_its_own_row_or_the_reason_why_not(make_pool) -> None:
    pool = make_pool(workers=3)
    for start in range(0, 20, 4):
        pool.put(range(start, start + 4))
    pool.close()
    pool.start()
    done = outcome(pool)
    assert [one.photo for one in done] == list(range(20))
    assert {one.photo: one.row[0] for one in done if one.row is not None} == {
        n: n for n in range(20) if n != 13
    }
    assert [(one.photo, one.reason) for one in done if one.row is None] == [(13, "Brings bad luck")]
    assert pool.take() == []
    assert pool.failure is None


def test_a_network_sees_whole_batches_and_none_without_readable_photos(make_pool) -> None:
    seen: list[list[int]] = []

    def infer(photos: NDArray[np.uint8]) -> NDArray[np.uint8]:
        seen.append(photos[:, 0, 0, 0].tolist())
        return grey(photos)

    pool = make_pool(make=lambda: infer, workers=1)
    for batch in ([1, 2, 3], [13], [4, 13, 5]):
        pool.put(batch)
    pool.close()
    pool.start()
    assert len(outcome(pool)) == 7
    assert seen == [[1, 2, 3], [4, 5]]


def test_batches_may_come_while_the_workers_wait_for_them(make_pool) -> None:
    pool = make_pool(workers=2)
    pool.start()
    assert not pool.ended.wait(0.05)
    pool.put([1, 2])
    pool.close()
    assert [done.photo for done in outcome(pool)] == [1, 2]


def test_each_worker_has_its_own_network_and_the_first_the_one_that_is_ready(make_pool) -> None:
    makers: list[str] = []
    meeting = threading.Barrier(3, timeout=LIMIT_S)

    def made() -> Infer:
        makers.append(threading.current_thread().name)
        return grey

    def meet(number: int) -> Pixels:
        meeting.wait()  # one photo for each worker
        return load(number)

    pool = make_pool("tried", meet, made, workers=3, ready=grey)
    for number in range(3):
        pool.put([number])
    pool.close()
    pool.start()
    assert len(outcome(pool)) == 3
    assert sorted(makers) == ["tried-1", "tried-2"]


@pytest.mark.parametrize("where", ["make", "load", "infer"])
def test_a_failure_of_a_worker_reaches_the_caller_at_once(make_pool, where: str) -> None:
    held = threading.Event()

    def fail(*_: object) -> Infer:
        raise ValueError(where)

    def wait(number: int) -> Pixels:
        held.wait(LIMIT_S)
        return load(number)

    broken = make_pool(
        load=fail if where == "load" else load,
        make={"make": fail, "infer": lambda: fail}.get(where, lambda: grey),
        workers=1,
    )
    broken.put([1])
    broken.start()
    assert broken.ended.wait(LIMIT_S)
    assert str(broken.failure) == where

    pool = make_pool(load=wait, workers=2)  # however busy the others are
    pool.put([1])
    pool.start()
    pool.fail(broken.failure)
    assert pool.ended.is_set()
    assert pool.failure is broken.failure
    held.set()


def test_a_stop_ends_busy_and_waiting_workers_within_half_a_second(make_pool) -> None:
    def slow(number: int) -> Pixels:
        began.set()
        threading.Event().wait(0.05)  # work that takes its time
        return load(number)

    began = threading.Event()
    busy, waiting = make_pool(load=slow, workers=2), make_pool(workers=3)
    for _ in range(1000):
        busy.put([1, 2])
    for pool in (busy, waiting):
        pool.start()
    assert began.wait(LIMIT_S)
    asked = time.monotonic()
    for pool in (busy, waiting):
        pool.stop()
        pool.join()
        assert pool.ended.is_set()
    assert time.monotonic() - asked < 0.5
    assert 0 < len(busy.take()) < 2000


def test_workers_wait_while_the_work_is_paused_and_leave_when_told(make_pool) -> None:
    go_on, answers = threading.Event(), iter([False, True])

    def paused() -> bool:
        go_on.wait(LIMIT_S)
        return next(answers, True)

    pool = make_pool(workers=1, should_stop=paused)
    for number in range(5):
        pool.put([number])
    pool.close()
    pool.start()
    assert not pool.ended.wait(0.1)
    assert pool.take() == []
    go_on.set()
    assert [done.photo for done in outcome(pool)] == [0]


@pytest.mark.skipif(sys.platform != "linux", reason="only there threads have their own priority")
def test_workers_in_the_background_have_a_lower_priority(make_pool) -> None:
    def priority(number: int) -> Pixels:
        return np.full((1, 1, 3), os.getpriority(os.PRIO_PROCESS, threading.get_native_id()), np.uint8)

    mine = os.getpriority(os.PRIO_PROCESS, 0)
    found: list[int] = []
    for in_background in (False, True):
        pool = make_pool(load=priority, workers=1, in_background=in_background)
        pool.put([0])
        pool.close()
        pool.start()
        found += [int(done.row[0]) for done in outcome(pool) if done.row is not None]
    assert found == [mine, max(mine, 10)]


def test_there_is_one_worker_a_core_by_itself(make_pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scene_desktop.core.photos.pool.worker_count", lambda: 5)
    pool = make_pool("counted")
    pool.start()
    names = {thread.name for thread in threading.enumerate() if thread.name.startswith("counted-")}
    assert names == {f"counted-{number}" for number in range(5)}
