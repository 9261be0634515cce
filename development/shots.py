"""Takes the pictures of the README, and all others worth looking at, from the real window.

`python -m development.shots` writes `docs/pictures`. `--all FOLDER` writes every state in light and dark,
in two window sizes, for looking at. The photos in the pictures are drawn by `scene-desktop samples`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from development.screen import virtual_screen

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
README_PICTURES = ("light-classify-full", "dark-train-running", "light-train-running", "dark-models")
SIZES = {"small": (1366, 768), "large": (1920, 1080)}

Step = Callable[[], bool]


def main() -> None:
    """Runs the tour once for each theme (and size)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="Every state, theme and size, into FOLDER.")
    parser.add_argument("--tour", nargs=4, metavar=("SIZE", "THEME", "DATA", "OUT"), help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help="Another data set than drawn samples (not for the README).")
    options = parser.parse_args()
    if options.tour:
        size, theme, data, out = options.tour
        _tour(SIZES[size], theme, Path(data), Path(out))
        return
    with tempfile.TemporaryDirectory(prefix="scene-desktop-shots-") as name:
        folder = Path(name)
        data = options.data or _draw_samples(folder / "Scenes")
        for size in SIZES if options.all else ("small",):
            out = (options.all / size) if options.all else folder / "out"
            out.mkdir(parents=True, exist_ok=True)
            with virtual_screen(*SIZES[size]):
                for theme in ("light", "dark"):
                    _run_tour(folder / f"home-{size}-{theme}", size, theme, data, out)
        if not options.all:
            PICTURES.mkdir(parents=True, exist_ok=True)
            for picture in README_PICTURES:
                (PICTURES / f"{picture}.png").write_bytes((folder / "out" / f"{picture}.png").read_bytes())
                print(f"docs/pictures/{picture}.png")


def _draw_samples(folder: Path) -> Path:
    from scene_desktop.core.datasets.samples import write_samples

    write_samples(folder, per_class=60)
    return folder


def _run_tour(home: Path, size: str, theme: str, data: Path, out: Path) -> None:
    environment = os.environ | {"SCENE_DESKTOP_HOME": str(home)}
    arguments = ["--tour", size, theme, str(data), str(out)]
    subprocess.run([sys.executable, "-m", "development.shots", *arguments], env=environment, check=True)


def _tour(size: tuple[int, int], theme: str, data: Path, out: Path) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QApplication

    from scene_desktop.app import Desk

    application = QApplication([])
    desk = Desk()
    desk.window.findChild(QAction, f"theme_{theme}").trigger()
    desk.window.resize(size[0], size[1] - 28)
    desk.open()
    steps = _steps(desk, data, out, theme)
    waiting: list[Step] = [next(steps)]

    def go_on() -> None:
        if not waiting[0]():
            return
        try:
            waiting[0] = next(steps)
        except StopIteration:
            application.quit()

    timer = QTimer()
    timer.timeout.connect(go_on)
    timer.start(50)
    application.exec()
    desk.close()


def _steps(desk, data: Path, out: Path, theme: str) -> Iterator[Step]:
    """Yields what to wait for before going on; a picture after each."""
    from PySide6.QtWidgets import QTableView

    from scene_desktop.core.recipes.parameters import with_changes
    from scene_desktop.core.recipes.presets import PRESETS
    from scene_desktop.core.runs.events import EpochEnded

    def shoot(name: str) -> None:
        desk.window.grab().save(str(out / f"{theme}-{name}.png"))

    epochs: list[object] = []
    desk.train_lane.reported.connect(
        lambda ticket, event: epochs.append(event) if isinstance(event, EpochEnded) else None
    )
    yield _after(1.0)
    shoot("classify-empty")
    bad = out / "not a photo.jpg"
    bad.write_text("a text")
    desk.classify_flow.classify([str(data), str(bad)])
    yield lambda: len(desk.classify_page.predictions) > 60
    shoot("classify-busy")
    yield lambda: not desk.classify_page.is_busy
    yield _after(1.5)
    bad.unlink()
    desk.window.findChild(QTableView, "prediction_table").selectRow(3)
    yield _after(1.0)
    shoot("classify-full")
    desk.window.show_train_page()
    yield _after(1.0)
    shoot("train-empty")
    desk.train_page.intake.take_folder(str(data / "sea"))
    yield lambda: not desk.reading_lane.is_busy
    yield _after(0.5)
    shoot("train-refused")
    desk.train_page.intake.take_folder(str(data))
    yield lambda: not desk.reading_lane.is_busy
    yield _after(1.5)
    shoot("train-data")
    recipe = with_changes(
        PRESETS["quick"].recipe, epochs=60, batch_size=16, learning_rate=5e-5, early_stopping=False
    )
    desk.train_page.setup.start_requested.emit(str(data), recipe, data.name, None)
    yield _after(2.5)
    shoot("train-features")
    yield lambda: len(epochs) >= 8
    yield _after(0.4)
    shoot("train-running")
    desk.train_page.live_run.finish_requested.emit()
    yield lambda: not desk.train_lane.is_busy
    yield _after(1.0)
    shoot("train-done")
    desk.train_page.show_all_runs()
    yield _after(1.0)
    shoot("train-runs")
    desk.train_page.stop()
    desk.window.show_models_page()
    yield _after(1.0)
    shoot("models")
    desk.window.show_train_page()
    desk.train_page.begin_training("Broken", recipe)
    desk.train_page.training_failed(
        "Loss became NaN in epoch 2 at learning rate 0.1; try 0.001.",
        "Traceback:\n  the technical part",
        {"learning_rate": 0.001},
        True,
    )
    yield _after(0.5)
    shoot("train-failed")


def _after(seconds: float) -> Step:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


if __name__ == "__main__":
    main()
