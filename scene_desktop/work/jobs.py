"""Jobs on lanes: work that takes time, one after the other, away from the window's thread.

Whoever submits a job says there what becomes of its reports and of its end. All of that is told in the thread
in which the lane was made, and never for another job than the one that was submitted.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from scene_desktop.core.errors import SceneError, Stopped
from scene_desktop.core.threads import Report, ShouldStop

E = TypeVar("E")
R = TypeVar("R")

Job = Callable[[Report[E], ShouldStop], R]
"""Work that reports events of type `E` and returns an `R`; may raise `Stopped` after it was asked to stop."""


@dataclass(eq=False)
class Ticket:
    """One submitted job, in the hands of whoever submitted it."""

    _job: Job[Any, Any]
    _listeners: dict[str, Callable[..., object]]
    _stop: threading.Event = field(default_factory=threading.Event)
    _is_dropped: bool = False

    def stop(self) -> None:
        """Asks the job to stop; how it ends is told. Safe from any thread, any number of times."""
        self._stop.set()

    def drop(self) -> None:
        """Asks the job to stop; nothing is told of it any more, but for a bug. Only in the lane's thread."""
        self._stop.set()
        self._is_dropped = True

    @property
    def is_stopping(self) -> bool:
        return self._stop.is_set()

    @property
    def is_dropped(self) -> bool:
        return self._is_dropped

    def run(self, report: Report[Any]) -> Any:
        """Does the job in the calling thread."""
        return self._job(report, self._stop.is_set)

    def tell(self, what: str, *payload: object) -> bool:
        """Calls whoever was named for this news when the job was submitted; False if nobody was."""
        listener = self._listeners.get(what)
        if listener is not None and not self._is_dropped:
            listener(*payload)
        return listener is not None


class Lane(QObject):
    """A thread with a queue of jobs.

    Args:
        unhandled: Told, in this object's thread, each bug, and each `SceneError` (a sentence for people) of a
            job that has no `on_failure`: no failure can be forgotten.

    Signals:
        queue_changed: The number of jobs that wait.
    """

    queue_changed = Signal(int)

    _told = Signal(str, object, object)

    def __init__(
        self, name: str, unhandled: Callable[[Exception], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._unhandled = unhandled
        self._waiting: list[Ticket] = []
        self._current: Ticket | None = None
        self._inbox: queue.SimpleQueue[Ticket | None] = queue.SimpleQueue()
        self._thread = _Worker(self._inbox, self._told.emit, self)
        self._thread.setObjectName(name)
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        return self._current is not None or bool(self._waiting)

    @property
    def waiting(self) -> int:
        """Jobs submitted but not started."""
        return len(self._waiting)

    def submit(
        self,
        job: Job[E, R],
        *,
        on_start: Callable[[], object] | None = None,
        on_report: Callable[[E], object] | None = None,
        on_success: Callable[[R], object] | None = None,
        on_stop: Callable[[], object] | None = None,
        on_failure: Callable[[Exception], object] | None = None,
        on_end: Callable[[], object] | None = None,
    ) -> Ticket:
        """Appends a job to the queue.

        Told in this object's thread: `on_start`, any number of `on_report`, then `on_end` and exactly one of
        `on_success`, `on_stop` and `on_failure`; a job that is stopped while it waits tells no `on_start`.

        Args:
            on_stop: The job raised `Stopped`, or was stopped before it began.
            on_failure: Takes a `SceneError`, which is meant for people, or any other exception, which is a bug
                and reported as such besides.
            on_end: However it ended.
        """
        listeners = {
            "started": on_start,
            "reported": on_report,
            "succeeded": on_success,
            "stopped": on_stop,
            "failed": on_failure,
            "ended": on_end,
        }
        ticket = Ticket(job, {what: taker for what, taker in listeners.items() if taker is not None})
        self._waiting.append(ticket)
        self._inbox.put(ticket)
        self.queue_changed.emit(self.waiting)
        return ticket

    def stop_all(self) -> None:
        """Stops the running job and all that wait; how each of them ends is told."""
        for ticket in (self._current, *self._waiting):
            if ticket is not None:
                ticket.stop()

    def leave(self) -> None:
        """Lets the thread end after the jobs it has; `stop_all` before it ends them first."""
        self._inbox.put(None)

    def wait(self, timeout_ms: int) -> bool:
        """After `leave`, waits for the end of the thread; False if a job did not listen in time."""
        return self._thread.wait(timeout_ms)

    @Slot(str, object, object)
    def _take(self, what: str, ticket: Ticket, payload: tuple[Any, ...]) -> None:
        """Passes on, in this object's thread, what the worker tells; late news of old jobs are dropped."""
        if ticket in self._waiting:
            self._waiting.remove(ticket)
            self._current = ticket if what == "started" else self._current
            self.queue_changed.emit(self.waiting)
        elif ticket is not self._current:
            return
        elif what != "reported":
            self._current = None
        if what not in ("started", "reported"):
            ticket.tell("ended")
        if what == "failed":
            self._fail(ticket, *payload)
        else:
            ticket.tell(what, *payload)

    def _fail(self, ticket: Ticket, error: Exception) -> None:
        is_bug = not isinstance(error, SceneError)
        if is_bug:
            self._unhandled(error)  # first: nothing that goes wrong below may hide it
        if not ticket.tell("failed", error) and not (is_bug or ticket.is_dropped):
            self._unhandled(error)


class Latest:
    """A place on a lane for jobs of which only the newest counts: a new one drops the one before."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._ticket: Ticket | None = None

    def submit(
        self,
        job: Job[E, R],
        *,
        on_report: Callable[[E], object] | None = None,
        on_success: Callable[[R], object] | None = None,
        on_stop: Callable[[], object] | None = None,
        on_failure: Callable[[Exception], object] | None = None,
    ) -> None:
        """Submits a job instead of the one before; see `Lane.submit`."""
        self.drop()
        self._ticket = self._lane.submit(
            job,
            on_report=on_report,
            on_success=on_success,
            on_stop=on_stop,
            on_failure=on_failure,
            on_end=self._end,
        )

    @property
    def is_busy(self) -> bool:
        """Whether the newest job waits or runs."""
        return self._ticket is not None

    def stop(self) -> None:
        """Asks the newest job to stop; how it ends is told."""
        if self._ticket is not None:
            self._ticket.stop()

    def drop(self) -> None:
        """Asks the newest job to stop and has nothing told of it any more."""
        if self._ticket is not None:
            self._ticket.drop()
            self._ticket = None

    def _end(self) -> None:
        """Told of the newest job only: the others are dropped."""
        self._ticket = None


class _Worker(QThread):
    def __init__(
        self,
        inbox: "queue.SimpleQueue[Ticket | None]",
        tell: Callable[[str, Ticket, tuple[object, ...]], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._inbox = inbox
        self._tell = tell

    def run(self) -> None:
        while (ticket := self._inbox.get()) is not None:
            if ticket.is_stopping:
                self._tell("stopped", ticket, ())
                continue
            self._tell("started", ticket, ())
            self._tell(*self._outcome(ticket))

    def _outcome(self, ticket: Ticket) -> tuple[str, Ticket, tuple[object, ...]]:
        try:
            result = ticket.run(lambda event: self._tell("reported", ticket, (event,)))
        except Stopped:
            return "stopped", ticket, ()
        except Exception as error:  # noqa: BLE001 - the border where a bug becomes a log entry and a dialog
            return "failed", ticket, (error,)
        return "succeeded", ticket, (result,)
