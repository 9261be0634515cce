"""How long a full repaint takes: table, grid and charts in the real window, beside plain widgets of Qt.

Runs in a process of its own (`python -m benchmarks.repaint FOLDER`), so that nothing else is in it. The plain
widgets are painted in turn with ours: how many times as much work ours is can be compared between machines.
Work is what the window's own thread computes, whatever else the machine does.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

ROWS = 1000
ROUNDS, FRAMES = 6, 20
EPOCHS, OVERLAYS = 60, 3

_PAGES = 8
_STEP_MS = 10
_SETTLED_S = 0.5

_CLASSES = ("buildings", "forest", "glacier", "mountain", "sea", "street")


@dataclass
class Frames:
    """One kind of repaint.

    Attributes:
        plain: Which plain widget it is compared with.
        times, work: Of each picture, in ms: by the clock, and what the window's thread computed.
    """

    title: str
    paint: Callable[[int], object]
    plain: str
    times: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    def measure(self) -> None:
        """One round."""
        for number in range(FRAMES):
            started, computed = time.perf_counter(), time.thread_time()
            self.paint(number)
            self.work.append((time.thread_time() - computed) * 1000)
            self.times.append((time.perf_counter() - started) * 1000)

    @property
    def median(self) -> float:
        return float(np.median(self.times))

    @property
    def p95(self) -> float:
        return float(np.percentile(self.times, 95))

    def times_of(self, other: "Frames") -> float:
        """Median of the ratios of each round, because both of a round met the same machine."""
        rounds = (np.median(np.reshape(one.work, (-1, FRAMES)), axis=1) for one in (self, other))
        return float(np.median(np.divide(*rounds)))


def main(folder: str) -> None:
    """Fills the window, repaints everything in turn, and prints a table."""
    from PySide6.QtWidgets import QApplication

    from benchmarks.stepping import run_steps
    from scene_desktop.app import Desk

    application = QApplication([])
    desk = Desk()
    desk.open()
    repaint = Repaint(desk, folder)
    run_steps(application, repaint.steps(), _STEP_MS)
    repaint.print()
    desk.close()


class Repaint:
    """The course of the measurement, a step at a time, so that the window's loop stays its own."""

    def __init__(self, desk, folder: str) -> None:
        self._page, self._results = desk.classify_page, desk.classify_page.results
        self._photos = sorted(str(path) for path in Path(folder).rglob("*.jpg"))[:ROWS]
        self._parts: list[tuple[Frames, ...]] = []

    def steps(self) -> Iterator[None]:
        """Yields between the steps; whoever drives it comes back a moment later."""
        table, pixmap = self._plain_table(), _plain_pixmap(self._results.size())
        yield from _wait(_SETTLED_S)
        for wished, paths in (
            ("without thumbnails", [f"{one} gone" for one in self._photos]),
            ("", self._photos),
        ):
            self._fill(paths)
            yield from self._measure_view("table", wished, table)
            self._page.actions_.grid.setChecked(True)
            yield from self._measure_view("grid", wished, pixmap)
            self._page.actions_.table.setChecked(True)
        charts = _charts()
        yield from _wait(_SETTLED_S)
        yield from self._measure(
            Frames(f"charts, {EPOCHS} epochs, {OVERLAYS} runs behind", charts, "pixmap"), pixmap
        )

    def _measure_view(self, name: str, wished: str, plain: Callable[[int], object]) -> Iterator[None]:
        """A view at rest and while it is scrolled a page at a time."""
        view = self._results.currentWidget()
        bar = view.verticalScrollBar()
        bar.setValue(0)
        for page in range(_PAGES):  # so that thumbnails that can be had are there
            bar.setValue(page * bar.pageStep())
            yield from _wait(_SETTLED_S / 2)
        bar.setValue(0)
        yield from _wait(_SETTLED_S)
        kind = "table" if name == "table" else "pixmap"
        title = ", ".join(filter(None, (name, wished)))
        yield from self._measure(Frames(title, lambda number: view.viewport().repaint(), kind), plain)

        def scroll(number: int) -> None:
            bar.setValue((number % _PAGES) * bar.pageStep())
            view.viewport().repaint()

        yield from self._measure(Frames(f"{title}, a page on", scroll, kind), plain)

    def _measure(self, ours: Frames, plain: Callable[[int], object]) -> Iterator[None]:
        """In turn, because the machine may have something else to do for a while."""
        theirs = Frames(f"plain {ours.plain}", plain, "")
        for _ in range(ROUNDS):
            for frames in (ours, theirs):
                frames.measure()
                yield
        self._parts.append((ours, theirs))

    def _fill(self, paths: list[str]) -> None:
        """Puts made-up verdicts into the page, as sure and as unsure as those of a good model."""
        from scene_desktop.core.classify.pipeline import (
            ClassifySummary,
            PhotosClassified,
            PhotosFound,
            SearchEnded,
        )
        from scene_desktop.core.classify.predictions import Prediction

        chance = np.random.default_rng(1)
        raw = chance.normal(0, 1, (len(paths), len(_CLASSES)))
        raw[np.arange(len(paths)), chance.integers(0, len(_CLASSES), len(paths))] += 4
        scores = (np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)).astype(np.float32)
        verdicts = tuple(Prediction(row, path, scores=scores[row]) for row, path in enumerate(paths))
        self._page.clear()
        self._page.begin_drop(_CLASSES)
        self._page.add_event(PhotosFound(0, tuple(paths)))
        self._page.add_event(SearchEnded(len(paths)))
        self._page.add_event(PhotosClassified(verdicts, len(paths)))
        self._page.end_drop(ClassifySummary(len(paths), len(paths), False, 3.0))

    def _plain_table(self) -> Callable[[int], object]:
        """Repaints a table of Qt with as many rows of plain text, as large and as high as ours."""
        from PySide6.QtGui import QStandardItem, QStandardItemModel
        from PySide6.QtWidgets import QTableView

        model = QStandardItemModel(ROWS, 4)
        for row in range(ROWS):
            texts = (f"photo {row:04}.jpg", _CLASSES[row % 6], f"{row % 100} %", "sea 0.5 %   forest 0.2 %")
            for column, text in enumerate(texts):
                model.setItem(row, column, QStandardItem(text))
        view = QTableView()
        model.setParent(view)
        view.setModel(model)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(self._results.table.verticalHeader().defaultSectionSize())
        view.resize(self._results.size())
        view.show()
        return lambda number: view.viewport().repaint()

    def print(self) -> None:
        """The table."""
        print(f"\nA full repaint, {ROWS:,} rows, {ROUNDS * FRAMES} pictures each, in ms\n")
        print(f"{'':46}{'median':>8}{'p95':>8}{'work':>8}{'plain':>8}{'ours is':>10}")
        for ours, theirs in self._parts:
            ratio = f"{ours.times_of(theirs):8.2f} × plain {ours.plain}"
            work = "".join(f"{np.median(frames.work):8.2f}" for frames in (ours, theirs))
            print(f"{ours.title:46}{ours.median:8.2f}{ours.p95:8.2f}{work}{ratio}")


def _plain_pixmap(size) -> Callable[[int], object]:
    """Repaints a widget that does nothing but draw one pixmap over its whole area."""
    from PySide6.QtGui import QColor, QPainter, QPixmap
    from PySide6.QtWidgets import QWidget

    class Plain(QWidget):
        def paintEvent(self, event) -> None:  # noqa: N802  Qt's own name
            QPainter(self).drawPixmap(0, 0, picture)

    picture = QPixmap(size)
    picture.fill(QColor(90, 120, 160))
    widget = Plain()
    widget.resize(size)
    widget.show()
    return lambda number: widget.repaint()


def _charts() -> Callable[[int], object]:
    """Repaints both charts of a training, in a window of their own, with earlier courses behind."""
    from PySide6.QtWidgets import QGraphicsView

    from development.tour.made_up import course
    from scene_desktop.core.runs.history import History
    from scene_desktop.ui.charts.charts import Charts

    def history(seed: int) -> History:
        made = History()
        for event in course(EPOCHS, EPOCHS, seed):
            made.add(event)
        return made

    charts = Charts()
    charts.resize(1230, 380)
    charts.set_history(history(1))
    charts.set_overlays([(f"Run {number}", history(number + 2)) for number in range(OVERLAYS)])
    charts.show()

    def paint(number: int) -> None:
        for view in charts.findChildren(QGraphicsView):
            view.viewport().repaint()

    return paint


def _wait(seconds: float) -> Iterator[None]:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        yield


def measure() -> None:
    """Runs this module on a virtual screen with a thousand small photos."""
    import subprocess
    import tempfile

    from benchmarks.photos import small_photos
    from development.screen import virtual_screen

    folder = small_photos(ROWS)
    with virtual_screen(1366, 768), tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"SCENE_DESKTOP_HOME": str(Path(home) / "home")}
        subprocess.run([sys.executable, "-m", "benchmarks.repaint", str(folder)], env=environment, check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        measure()
