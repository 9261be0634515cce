"""100,000 photos in the real window: first row, first result, smoothness, stop, memory.

Runs in a process of its own (`python -m benchmarks.scale FOLDER`), so that nothing else is in it. With
SCENE_BENCH_STALLS=1 it also tells where the window's thread was whenever it was late.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PHOTOS = 100_000
IDLE_S, RUN_S, FULL_S = 20.0, 30.0, 15.0
FIRST_ROW_S, FIRST_RESULT_S, STOP_S, MEMORY_MB, ACTION_MS = 1.0, 2.0, 0.5, 700.0, 100.0
STOPS = 3
_STEP_MS = 20
_SCROLL_S, _ACT_S = 0.04, 1.0


def main(folder: str) -> None:
    """Drops the folder, does in turn what people do while it runs and when it is done, and prints a table."""
    from PySide6.QtWidgets import QApplication

    from benchmarks.beats import Beats, StallWatch
    from benchmarks.stepping import run_steps
    from scene_desktop.app import Desk

    application = QApplication([])
    desk = Desk()
    desk.open()
    beats = Beats()
    watch = StallWatch(beats) if os.environ.get("SCENE_BENCH_STALLS") else None
    part = Scale(desk, beats, folder)
    run_steps(application, part.steps(), _STEP_MS)
    part.print()
    if watch is not None:
        print(f"\nWhere the window's thread was when it was late:\n{watch.report()}")
    desk.close()


class Scale:
    """The course of the measurement, a step at a time, so that the window's loop stays its own."""

    def __init__(self, desk, beats, folder: str) -> None:
        self._desk, self._beats, self._folder = desk, beats, folder
        self._page = desk.classify_page
        self._results = desk.classify_page.results
        self._model = desk.classify_page.table_model
        self.first_row = self.first_result = self.seconds = 0.0
        self.stops: list[float] = []
        self.actions: dict[str, list[float]] = {}
        self.memory = self.memory_before = self.most_memory = 0.0
        self.rows = self.results = 0

    def steps(self) -> Iterator[None]:
        """Yields between the steps; whoever drives it comes back a moment later."""
        yield from _wait(2.0)
        self.memory_before = resident_mb()
        yield from self._part("idle", IDLE_S)
        started = time.monotonic()
        self._beats.each = lambda: self._look(started)
        self._beats.begin("running")
        drop(self._desk.window, self._folder)
        yield from _wait(RUN_S, until=lambda: not self._busy)
        while self._busy:
            for name, act, pause in self._habits():
                if self._busy:
                    yield from self._part(f"running, {name}", RUN_S, act, pause, until=lambda: not self._busy)
        self.seconds = time.monotonic() - started
        self._beats.begin("")
        yield from _wait(2.0)
        self.rows, self.results = self._model.rowCount(), self._model.tally().total
        self.memory, self.most_memory = resident_mb(), resident_mb("VmHWM")
        for name, act, pause in self._habits():
            yield from self._part(f"complete, {name}", FULL_S, act, pause)
        yield from self._stop_often()

    def _part(
        self,
        name: str,
        seconds: float,
        act: Callable[[int], None] = lambda number: None,
        pause: float = _ACT_S,
        until: Callable[[], bool] = lambda: False,
    ) -> Iterator[None]:
        self._beats.begin(name)
        ends, number = time.monotonic() + seconds, 0
        while time.monotonic() < ends and not until():
            act(number)
            number += 1
            yield from _wait(pause)
        self._beats.begin("")
        self._page.actions_.grid.setChecked(False)
        self._results.table.sortByColumn(-1, _order(0))
        self._page.panels.photos.show_everything()
        yield from _wait(0.5)

    def _habits(self) -> tuple[tuple[str, Callable[[int], None], float], ...]:
        return (
            ("scrolling", self._scroll, _SCROLL_S),
            ("sorting", lambda number: self._timed("sorting", number, self._sort), _ACT_S),
            ("filtering", lambda number: self._timed("filtering", number, self._filter), _ACT_S),
            ("table and grid", lambda number: self._timed("table and grid", number, self._switch), _ACT_S),
            ("scrolling the grid", self._scroll_grid, _SCROLL_S),
        )

    def _timed(self, name: str, number: int, act: Callable[[int], None]) -> None:
        """Includes the new picture on the screen; kept only for the complete table."""
        started = time.perf_counter()
        act(number)
        self._results.currentWidget().viewport().repaint()
        if not self._busy:
            self.actions.setdefault(name, []).append((time.perf_counter() - started) * 1000)

    def _scroll(self, number: int) -> None:
        """Through the whole list in 200 jumps, with 5 small moves in each."""
        bar = self._results.currentWidget().verticalScrollBar()
        far = bar.maximum() * ((number // 5) % 200) // 200
        bar.setValue(min(bar.maximum(), far + (number % 5) * 30))

    def _scroll_grid(self, number: int) -> None:
        self._page.actions_.grid.setChecked(True)
        self._scroll(number)

    def _sort(self, number: int) -> None:
        self._results.table.sortByColumn(number % 4, _order(number // 4))

    def _filter(self, number: int) -> None:
        from scene_desktop.ui.results.verdicts import Filter, Shown

        names = ("7", "photo 09", "00", "nothing like this")
        choices = (
            *(Filter(shown) for shown in (0, Shown.UNSURE, 1, Shown.UNREADABLE, Shown.CORRECTED)),
            *(Filter(low=0.3, high=0.7), Filter(2, 0.5, 0.9, "1"), *(Filter(text=name) for name in names)),
            Filter(),
        )
        self._model.set_filter(choices[number % len(choices)])

    def _switch(self, number: int) -> None:
        self._page.actions_.grid.setChecked(number % 2 == 0)

    def _look(self, started: float) -> None:
        now = time.monotonic() - started
        if not self.first_row and self._model.rowCount():
            self.first_row = now
        if not self.first_result and self._model.tally().total:
            self.first_result = now
            self._beats.each = None

    def _stop_often(self) -> Iterator[None]:
        """Drops the folder again and stops, at different moments."""
        for number in range(STOPS):
            self._page.actions_.clear.trigger()
            yield from _wait(1.0)
            drop(self._desk.window, self._folder)
            yield from _wait(1.0 + 1.7 * number)
            started = time.monotonic()
            self._page.stop()
            while self._busy:
                yield
            self.stops.append(time.monotonic() - started)

    @property
    def _busy(self) -> bool:
        return bool(self._desk.classify_lane.is_busy)

    def print(self) -> None:
        """The table."""
        print(f"\n{self.rows:,} photos in {self.seconds:.0f} s, {self.results / self.seconds:.0f} a second\n")
        per_row = (self.memory - self.memory_before) * 2**20 / max(1, self.rows)
        for name, value, wanted, unit in (
            ("first row after", self.first_row, FIRST_ROW_S, "s"),
            ("first result after", self.first_result, FIRST_RESULT_S, "s"),
            (f"stopped after, longest of {STOPS}", max(self.stops), STOP_S, "s"),
            ("resident memory at the end", self.memory, MEMORY_MB, "MB"),
            *((f"{name}, longest", max(times), ACTION_MS, "ms") for name, times in self.actions.items()),
        ):
            verdict = "met" if value < wanted else "MISSED"
            print(f"{name:34}{value:10.2f} {unit:3} wanted < {wanted:g} {unit}   {verdict}")
        print(f"{'photos without a result':34}{self.rows - self.results:10}")
        print(f"{'resident memory before, at most':34}{self.memory_before:10.0f} MB, {self.most_memory:.0f} MB")
        print(f"{'more memory a row':34}{per_row:10.0f} bytes\n\nHeartbeat of the window, 10 ms timer")
        for part in self._beats.parts:
            print(f"{part:34}{self._beats.verdict(part)}")


def drop(window, folder: str) -> None:
    """What the system sends when a folder is dragged over the window and let go.

    Raises:
        RuntimeError: The window did not take it.
    """
    from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
    from PySide6.QtGui import QDragEnterEvent, QDropEvent
    from PySide6.QtWidgets import QApplication

    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(folder)])
    place = window.rect().center()
    keys = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for event in (QDragEnterEvent(place, *keys), QDropEvent(QPointF(place), *keys)):
        QApplication.sendEvent(window, event)
        if not event.isAccepted():
            raise RuntimeError("The window did not take the folder")


def resident_mb(kind: str = "VmRSS") -> float:
    """Memory of this process in MB, now or (`VmHWM`) at most."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(kind):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"The system does not tell {kind}")


def _wait(seconds: float, until: Callable[[], bool] = lambda: False) -> Iterator[None]:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and not until():
        yield


def _order(number: int):
    from PySide6.QtCore import Qt

    return (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)[number % 2]


def measure(count: int = PHOTOS) -> None:
    """Makes the photos and runs this module on a virtual screen."""
    import subprocess
    import tempfile

    from benchmarks.photos import small_photos
    from development.screen import virtual_screen

    folder = small_photos(count)
    with virtual_screen(1366, 768), tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"SCENE_DESKTOP_HOME": str(Path(home) / "home")}
        subprocess.run([sys.executable, "-m", "benchmarks.scale", str(folder)], env=environment, check=True)


if __name__ == "__main__":
    main(sys.argv[1])
