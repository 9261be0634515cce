"""How smoothly a window answers: the gaps between the beats of a timer, and what it was doing in long ones."""

import collections
import sys
import threading
import time
import traceback
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

INTERVAL_MS = 10
RATIO, LONGEST_MS = 1.5, 100.0
"""What is wanted: the 99th percentile against idle, and the longest gap."""

LATE_MS = 50.0


class Beats(QObject):
    """A precise timer of 10 ms in the window's thread; its gaps are kept for each part of a measurement.

    `each` may be set to a function that is called with every beat.
    """

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, list[float]] = {}
        self.each: Callable[[], object] | None = None
        self._clock = QElapsedTimer()
        self._clock.start()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(INTERVAL_MS)
        self._last = self._now()
        self._gaps: list[float] | None = None

    def begin(self, part: str) -> None:
        """From now on gaps belong to this part, empty for none; a part may come several times."""
        self._gaps = self.parts.setdefault(part, []) if part else None
        self._last = self._now()

    @property
    def late_ms(self) -> float:
        """Since the last beat; safe from any thread."""
        return self._now() - self._last

    def p99(self, part: str) -> float:
        """In ms."""
        return float(np.percentile(self.parts[part], 99))

    def longest(self, part: str) -> float:
        """In ms."""
        return max(self.parts[part])

    def verdict(self, part: str, idle: str = "idle") -> str:
        """One line with the figures of a part; met or missed for all but `idle`."""
        p99, longest = self.p99(part), self.longest(part)
        figures = f"p99 {p99:6.1f} ms   max {longest:6.1f} ms"
        if part == idle:
            return figures
        ratio = p99 / self.p99(idle)
        met = ratio <= RATIO and longest <= LONGEST_MS
        return f"{figures}   p99 {ratio:4.2f} × idle   {'met' if met else 'MISSED'}"

    def _beat(self) -> None:
        now = self._now()
        if self._gaps is not None:
            self._gaps.append(now - self._last)
        self._last = now
        if self.each is not None:
            self.each()

    def _now(self) -> float:
        return self._clock.nsecsElapsed() / 1e6


class StallWatch:
    """A thread that looks at the window's thread whenever a beat is late, and tells where it was."""

    def __init__(self, beats: Beats) -> None:
        self._beats = beats
        self._window = threading.get_ident()
        self._seen: collections.Counter[str] = collections.Counter()
        threading.Thread(target=self._watch, name="stall watch", daemon=True).start()

    def report(self, most: int = 12) -> str:
        """The places seen most often in late moments, each as its innermost calls."""
        return "\n".join(f"{count:5} × {place}" for place, count in self._seen.most_common(most))

    def _watch(self) -> None:
        while True:
            time.sleep(0.01)
            if self._beats.late_ms > LATE_MS:
                frames = sys._current_frames()  # noqa: SLF001 - Python's documented way to see other threads
                stack = traceback.extract_stack(frames.get(self._window))
                calls = [f"{call.filename.rpartition('/')[2]}:{call.lineno} {call.name}" for call in stack[-5:]]
                self._seen[" > ".join(calls)] += 1
