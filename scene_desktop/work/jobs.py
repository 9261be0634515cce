"""Jobs on lanes: work that takes time, one after the other, away from the window's thread.

A job is any `job(report, should_stop) -> result`. A lane tells, in the thread it was made in: `started`,
then any number of `reported`, then exactly one of `succeeded`, `stopped`, `failed`. A job that is stopped
while it waits only tells `stopped`.
"""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from scene_desktop.core.errors import SceneError, Stopped

log = logging.getLogger(__name__)

Job = Callable[[Callable[[object], None], Callable[[], bool]], Any]


@dataclass(eq=False)
class Ticket:
    """One submitted job. `kind` and `subject` are for whoever submitted it."""

    job: Job
    kind: str
    subject: object = None
    _stop: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Asks the job to stop; safe from any thread, any number of times."""
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        return self._stop.is_set()


class Lane(QObject):
    """A thread with a queue of jobs.

    Signals carry the ticket first. `failed` carries the exception: a `SceneError` is meant for people,
    everything else is a bug and has been logged.
    """

    started = Signal(object)
    reported = Signal(object, object)
    succeeded = Signal(object, object)
    stopped = Signal(object)
    failed = Signal(object, object)
    queue_changed = Signal(int)

    _told = Signal(str, object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Ticket] = []
        self._current: Ticket | None = None
        self._inbox: queue.SimpleQueue[Ticket | None] = queue.SimpleQueue()
        self._thread = _Worker(self._inbox, self._told.emit, self)
        self._thread.setObjectName(name)
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._thread.start()

    @property
    def current(self) -> Ticket | None:
        return self._current

    @property
    def is_busy(self) -> bool:
        return self._current is not None or bool(self._waiting)

    @property
    def waiting(self) -> int:
        """Jobs submitted but not started."""
        return len(self._waiting)

    @property
    def queue(self) -> tuple[Ticket, ...]:
        """The tickets of the jobs that wait, in order; those that are to be stopped are left out."""
        return tuple(ticket for ticket in self._waiting if not ticket.is_stopping)

    def submit(self, job: Job, kind: str, subject: object = None) -> Ticket:
        """Appends a job to the queue."""
        ticket = Ticket(job, kind, subject)
        self._waiting.append(ticket)
        self._inbox.put(ticket)
        self.queue_changed.emit(self.waiting)
        return ticket

    def stop_all(self) -> None:
        """Stops the running job and all that wait; each of them ends with `stopped`."""
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
    def _take(self, what: str, ticket: Ticket, payload: object) -> None:
        """Passes on, in this object's thread, what the worker tells; late news of old jobs are dropped."""
        if what == "started":
            self._waiting.remove(ticket)
            self._current = ticket
            self.queue_changed.emit(self.waiting)
            self.started.emit(ticket)
            return
        if what == "stopped" and ticket in self._waiting:
            self._waiting.remove(ticket)
            self.queue_changed.emit(self.waiting)
            self.stopped.emit(ticket)
            return
        if ticket is not self._current:
            return
        if what == "reported":
            self.reported.emit(ticket, payload)
            return
        self._current = None
        match what:
            case "succeeded":
                self.succeeded.emit(ticket, payload)
            case "stopped":
                self.stopped.emit(ticket)
            case _:
                self.failed.emit(ticket, payload)


class _Worker(QThread):
    def __init__(
        self,
        inbox: "queue.SimpleQueue[Ticket | None]",
        tell: Callable[[str, object, object], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._inbox = inbox
        self._tell = tell

    def run(self) -> None:
        while (ticket := self._inbox.get()) is not None:
            if ticket.is_stopping:
                self._tell("stopped", ticket, None)
                continue
            self._tell("started", ticket, None)
            what, payload = self._outcome(ticket)
            self._tell(what, ticket, payload)

    def _outcome(self, ticket: Ticket) -> tuple[str, object]:
        try:
            result = ticket.job(lambda event: self._tell("reported", ticket, event), lambda: ticket.is_stopping)
        except Stopped:
            return "stopped", None
        except SceneError as error:
            return "failed", error
        except Exception as error:  # the border where a bug becomes a log entry and a dialog
            log.exception("Job %s failed", ticket.kind)
            return "failed", error
        return "succeeded", result
