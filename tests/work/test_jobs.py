import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.core.errors import InputError, Stopped
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.work.jobs import Job, Lane, Latest, Ticket

Told = list[tuple[str, object]]


@pytest.fixture
def unhandled() -> list[Exception]:
    """What nobody took."""
    return []


@pytest.fixture
def lane(qtbot: QtBot, unhandled: list[Exception]) -> Iterator[Lane]:
    made = Lane("test", unhandled.append)
    yield made
    made.stop_all()
    made.leave()
    assert made.wait(4000)


def submit(lane: Lane, job: Job[object, object], name: str, heard: Told) -> Ticket:
    """Submits a job and collects what is told of it."""
    return lane.submit(
        job,
        on_start=lambda: heard.append(("start", name)),
        on_report=lambda event: heard.append(("report", event)),
        on_success=lambda result: heard.append(("success", result)),
        on_stop=lambda: heard.append(("stop", name)),
        on_failure=lambda error: heard.append(("failure", str(error))),
        on_end=lambda: heard.append(("end", name)),
    )


def fail(error: Exception) -> None:
    raise error


def test_a_job_tells_its_start_its_reports_and_one_end(qtbot: QtBot, lane: Lane) -> None:
    heard: Told = []

    def job(report: Report[object], should_stop: ShouldStop) -> str:
        report(1)
        report(2)
        return "done"

    submit(lane, job, "work", heard)
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert heard == [("start", "work"), ("report", 1), ("report", 2), ("end", "work"), ("success", "done")]


def test_what_is_told_belongs_to_the_job_it_was_submitted_with(qtbot: QtBot, lane: Lane) -> None:
    one: Told = []
    other: Told = []
    submit(lane, lambda report, should_stop: report("of one"), "one", one)
    submit(lane, lambda report, should_stop: report("of the other"), "other", other)
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert ("report", "of one") in one
    assert ("report", "of the other") in other
    assert len(one) == len(other) == 4


def test_everything_is_told_in_the_thread_of_the_lane(qtbot: QtBot, lane: Lane) -> None:
    threads: set[int] = set()

    def note(*told: object) -> None:
        threads.add(threading.get_ident())

    lane.submit(
        lambda report, should_stop: report(1), on_start=note, on_report=note, on_success=note, on_end=note
    )
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert threads == {threading.get_ident()}


def test_jobs_run_away_from_this_thread_one_after_the_other(qtbot: QtBot, lane: Lane) -> None:
    threads: list[int] = []
    order: list[int] = []
    for number in range(3):
        lane.submit(lambda report, stop, n=number: (threads.append(threading.get_ident()), order.append(n)))
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert order == [0, 1, 2]
    assert set(threads) != {threading.get_ident()}
    assert len(set(threads)) == 1


def until_stopped(running: threading.Event) -> Job[object, object]:
    """A job that goes on until it is to stop."""

    def job(report: Report[object], should_stop: ShouldStop) -> None:
        running.set()
        while not should_stop():
            threading.Event().wait(0.005)
        report("late")
        raise Stopped

    return job


def test_stop_all_ends_the_running_and_the_waiting_jobs(qtbot: QtBot, lane: Lane) -> None:
    heard: Told = []
    running = threading.Event()
    submit(lane, until_stopped(running), "first", heard)
    submit(lane, until_stopped(running), "second", heard)
    qtbot.waitUntil(running.is_set)
    lane.stop_all()
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert heard == [
        ("start", "first"),
        ("report", "late"),
        ("end", "first"),
        ("stop", "first"),
        ("end", "second"),
        ("stop", "second"),
    ]


@pytest.mark.parametrize("waits", [False, True])
def test_nothing_is_told_of_a_job_that_was_dropped(qtbot: QtBot, lane: Lane, waits: bool) -> None:
    heard: Told = []
    running = threading.Event()
    if waits:
        before = lane.submit(until_stopped(running))
    ticket = submit(lane, until_stopped(running), "dropped", heard)
    qtbot.waitUntil(lambda: running.is_set() and lane.waiting == (1 if waits else 0))
    heard.clear()
    ticket.drop()
    if waits:
        before.stop()
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert heard == []


def test_a_sentence_goes_to_the_job_and_the_next_one_runs(
    qtbot: QtBot, lane: Lane, unhandled: list[Exception]
) -> None:
    heard: Told = []
    submit(lane, lambda report, stop: fail(InputError("wrong folder")), "bad", heard)
    submit(lane, lambda report, stop: "fine", "good", heard)
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert ("failure", "wrong folder") in heard
    assert heard[-1] == ("success", "fine")
    assert unhandled == []


def test_a_sentence_that_no_job_takes_is_not_lost(qtbot: QtBot, lane: Lane, unhandled: list[Exception]) -> None:
    error = InputError("wrong folder")
    lane.submit(lambda report, stop: fail(error))
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert unhandled == [error]


@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize("dropped", [False, True])
def test_a_bug_is_reported_whoever_takes_it(
    qtbot: QtBot, lane: Lane, unhandled: list[Exception], taken: bool, dropped: bool
) -> None:
    error, heard = ValueError("a bug"), []
    gate = threading.Event()

    def job(report: Report[object], should_stop: ShouldStop) -> None:
        gate.wait(5)
        raise error

    ticket = lane.submit(job, on_failure=heard.append if taken else None)
    qtbot.waitUntil(lambda: lane.waiting == 0)
    if dropped:
        ticket.drop()
    gate.set()
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert unhandled == [error]
    assert heard == ([error] if taken and not dropped else [])


def test_a_dropped_jobs_sentence_interests_nobody(qtbot: QtBot, lane: Lane, unhandled: list[Exception]) -> None:
    gate = threading.Event()
    ticket = lane.submit(lambda report, stop: (gate.wait(5), fail(InputError("wrong folder"))))
    qtbot.waitUntil(lambda: lane.waiting == 0)
    ticket.drop()
    gate.set()
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert unhandled == []


def test_the_queue_length_is_told(qtbot: QtBot, lane: Lane) -> None:
    lengths: list[int] = []
    lane.queue_changed.connect(lengths.append)
    gate = threading.Event()
    lane.submit(lambda report, stop: gate.wait(5))
    lane.submit(lambda report, stop: None)
    qtbot.waitUntil(lambda: lane.waiting == 1)
    gate.set()
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert lengths[-1] == 0
    assert 2 in lengths


def test_late_reports_of_an_ended_job_are_dropped(qtbot: QtBot, lane: Lane) -> None:
    kept: list[Report[object]] = []
    heard: Told = []
    submit(lane, lambda report, should_stop: kept.append(report), "early", heard)
    qtbot.waitUntil(lambda: not lane.is_busy)
    kept[0]("too late")
    submit(lane, lambda report, stop: report("in time"), "next", heard)
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert [payload for what, payload in heard if what == "report"] == ["in time"]


def test_only_the_latest_job_of_a_place_is_told(qtbot: QtBot, lane: Lane) -> None:
    heard: list[str] = []
    running = threading.Event()
    place = Latest(lane)
    place.submit(until_stopped(running), on_stop=lambda: heard.append("the first stopped"))
    qtbot.waitUntil(running.is_set)
    place.submit(lambda report, stop: "second", on_success=heard.append)
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert heard == ["second"]


def test_a_place_is_busy_until_its_newest_job_has_ended_or_was_dropped(qtbot: QtBot, lane: Lane) -> None:
    running = threading.Event()
    place = Latest(lane)
    assert not place.is_busy
    place.submit(until_stopped(running))
    place.submit(until_stopped(running))
    qtbot.waitUntil(lambda: lane.waiting == 0)
    assert place.is_busy
    place.stop()
    qtbot.waitUntil(lambda: not lane.is_busy)
    assert not place.is_busy
    place.submit(until_stopped(running))
    place.drop()
    assert not place.is_busy


def test_the_latest_job_can_be_stopped_or_dropped(qtbot: QtBot, lane: Lane) -> None:
    heard: list[str] = []
    place = Latest(lane)
    place.stop()
    place.drop()  # there is none yet
    for end in (place.stop, place.drop):
        running = threading.Event()
        place.submit(until_stopped(running), on_stop=lambda: heard.append("stopped"))
        qtbot.waitUntil(running.is_set)
        end()
        qtbot.waitUntil(lambda: not lane.is_busy)
    assert heard == ["stopped"]
