import threading
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.core.errors import InputError, Stopped
from scene_desktop.work.jobs import Lane, Ticket


@pytest.fixture
def lane(qtbot: QtBot) -> Iterator[Lane]:
    made = Lane("test")
    yield made
    made.stop_all()
    made.leave()
    assert made.wait(4000)


def told(lane: Lane) -> list[tuple[str, object]]:
    """Collects what the lane tells, with the kind of the job."""
    heard: list[tuple[str, object]] = []
    lane.started.connect(lambda t: heard.append(("started", t.kind)))
    lane.reported.connect(lambda t, event: heard.append(("reported", event)))
    lane.succeeded.connect(lambda t, result: heard.append(("succeeded", result)))
    lane.stopped.connect(lambda t: heard.append(("stopped", t.kind)))
    lane.failed.connect(lambda t, error: heard.append(("failed", str(error))))
    return heard


def test_a_job_tells_its_start_its_reports_and_one_end(qtbot: QtBot, lane: Lane) -> None:
    heard = told(lane)

    def job(report: Callable[[object], None], should_stop: Callable[[], bool]) -> str:
        report(1)
        report(2)
        return "done"

    lane.submit(job, "work")
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert heard == [("started", "work"), ("reported", 1), ("reported", 2), ("succeeded", "done")]


def test_jobs_run_away_from_this_thread_one_after_the_other(qtbot: QtBot, lane: Lane) -> None:
    threads: list[int] = []
    order: list[int] = []
    for number in range(3):
        lane.submit(
            lambda report, stop, n=number: (threads.append(threading.get_ident()), order.append(n)), "work"
        )
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert order == [0, 1, 2]
    assert set(threads) != {threading.get_ident()}
    assert len(set(threads)) == 1


def test_stop_all_ends_the_running_and_the_waiting_jobs(qtbot: QtBot, lane: Lane) -> None:
    heard = told(lane)
    running = threading.Event()

    def job(report: Callable[[object], None], should_stop: Callable[[], bool]) -> None:
        running.set()
        while not should_stop():
            threading.Event().wait(0.005)
        raise Stopped

    lane.submit(job, "first")
    lane.submit(job, "second")
    qtbot.waitUntil(running.is_set)
    lane.stop_all()
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert [what for what, _ in heard] == ["started", "stopped", "stopped"]


@pytest.mark.parametrize("error", [InputError("wrong folder"), ValueError("a bug")])
def test_a_failing_job_is_told_and_the_next_one_runs(qtbot: QtBot, lane: Lane, error: Exception) -> None:
    heard = told(lane)

    def job(report: Callable[[object], None], should_stop: Callable[[], bool]) -> None:
        raise error

    lane.submit(job, "bad")
    lane.submit(lambda report, stop: "fine", "good")
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert ("failed", str(error)) in heard
    assert heard[-1] == ("succeeded", "fine")


def test_the_queue_length_is_told(qtbot: QtBot, lane: Lane) -> None:
    lengths: list[int] = []
    lane.queue_changed.connect(lengths.append)
    gate = threading.Event()
    lane.submit(lambda report, stop: gate.wait(5), "first")
    lane.submit(lambda report, stop: None, "second")
    qtbot.waitUntil(lambda: lane.waiting == 1)
    gate.set()
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert lengths[-1] == 0
    assert 2 in lengths


def test_late_reports_of_an_ended_job_are_dropped(qtbot: QtBot, lane: Lane) -> None:
    kept: list[Callable[[object], None]] = []
    heard: list[object] = []
    lane.reported.connect(lambda t, event: heard.append(event))

    def job(report: Callable[[object], None], should_stop: Callable[[], bool]) -> None:
        kept.append(report)

    ticket: Ticket = lane.submit(job, "early")
    qtbot.waitUntil(lambda: not lane.is_busy)
    kept[0]("too late")
    lane.submit(lambda report, stop: report("in time"), "next")
    qtbot.waitUntil(lambda: heard == ["in time"])
    assert ticket is not lane.current
