"""Makes the window repeatable from outside: a clock that is moved by hand, photos let through in portions.

Nothing here may import the app before `StillClock.hold`: modules take `datetime` when they are loaded.
"""

import concurrent.futures  # noqa: F401  loaded while time still runs: its waits need the real clock
import datetime
import queue  # noqa: F401  the same
import shutil
import subprocess  # noqa: F401  the same
import threading
import time
from collections.abc import Callable, Collection
from types import SimpleNamespace

BEGIN = datetime.datetime(2026, 11, 24, 10, 0, 0, tzinfo=datetime.UTC)
FREE_BYTES, DISK_BYTES = 50_000_000_000, 200_000_000_000


class StillClock:
    """What the app takes for the time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def move(self, seconds: float) -> None:
        """Lets time go by, all at once."""
        self.seconds += seconds

    def hold(self) -> None:
        """From now on this process has this clock, and a disk whose free space does not change."""
        clock = self

        class StillDatetime(datetime.datetime):
            @classmethod
            def now(cls, tz: datetime.tzinfo | None = None) -> "StillDatetime":
                passed = BEGIN + datetime.timedelta(seconds=clock.seconds)
                moment = cls.fromtimestamp(passed.timestamp(), datetime.UTC)
                return moment.replace(tzinfo=None) if tz is None else moment.astimezone(tz)

        datetime.datetime = StillDatetime  # type: ignore[misc]  # replaced for the modules loaded from now on
        time.monotonic = lambda: 1000.0 + clock.seconds
        disk = SimpleNamespace(total=DISK_BYTES, used=DISK_BYTES - FREE_BYTES, free=FREE_BYTES)
        shutil.disk_usage = lambda path: disk  # type: ignore[assignment]  # it is only asked for `free`


class Portions:
    """Holds photos back from the decoder until they are let through."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held: frozenset[str] = frozenset()

    def stand_before(self, decode: Callable) -> Callable:
        """`decode(path, …)` that waits until its photo may pass."""

        def waiting(path: str, *rest: object) -> object:
            with self._changed:
                self._changed.wait_for(lambda: path not in self._held)
            return decode(path, *rest)

        return waiting

    def hold(self, paths: Collection[str]) -> None:
        """These photos wait, all others pass."""
        with self._changed:
            self._held = frozenset(paths)
            self._changed.notify_all()
