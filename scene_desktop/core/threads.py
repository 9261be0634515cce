"""Work in threads: how many, how they let a window go first, and how they tell and are told."""

import os
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

_E = TypeVar("_E")

Report = Callable[[_E], None]
"""Told what work has to tell while it runs, as in `Report[TrainingEvent]`."""

ReportProgress = Callable[[int, int], None]
"""Told how many are done and how many there are in all."""

ShouldStop = Callable[[], bool]
"""Asked often whether the work is to end early; an answer of True stays True."""


def worker_count() -> int:
    """One worker for each core that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def lower_priority() -> None:
    """Gives this thread a lower priority, so that a window stays smooth; on Linux threads have their own."""
    if sys.platform == "linux":
        try:
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        except OSError:
            pass
