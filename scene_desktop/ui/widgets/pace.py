"""How fast counted work goes, judged by its last seconds."""

import time
from collections import deque

WINDOW_S = 6.0
SETTLED_S = 1.0


class Pace:
    """Rate and time left of work that reports how much is done."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, int]] = deque()

    def add(self, done: int, now_s: float | None = None) -> None:
        """Notes that `done` units are complete now."""
        now_s = time.monotonic() if now_s is None else now_s
        self._points.append((now_s, done))
        while self._points[0][0] < now_s - WINDOW_S and len(self._points) > 2:
            self._points.popleft()

    @property
    def per_second(self) -> float | None:
        """Units a second over the last seconds; None while it is too early to tell."""
        if len(self._points) < 2:
            return None
        (start_s, first), (end_s, last) = self._points[0], self._points[-1]
        if end_s - start_s < SETTLED_S or last <= first:
            return None
        return (last - first) / (end_s - start_s)

    def seconds_left(self, total: int) -> float | None:
        """Seconds until `total`; None while it is too early to tell."""
        speed = self.per_second
        return None if speed is None else max(0.0, (total - self._points[-1][1]) / speed)
