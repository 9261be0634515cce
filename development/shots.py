"""Takes the pictures of the README, and all others worth looking at, from the real window.

`python -m development.shots` writes `docs/pictures`, with a real training on photos that are drawn by
`scene-desktop samples`. `--all FOLDER` writes every state in light and dark, in two window sizes and at 150 %,
for looking at and for `development.compare`: two runs of the same code give the same pixels.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from development.screen import virtual_screen

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
README_PICTURES = ("light-classify-full", "dark-train-running", "light-train-running", "dark-models")
THEMES = ("light", "dark")
ROOM = "scene-desktop-shots"
"""The folder of the temporary files has a name of its own, because pictures show paths."""

_FRAME = 28
_RUNNING_EPOCHS = 8


class Size(NamedTuple):
    """A screen in its own pixels, and how much larger than usual everything on it is."""

    width: int
    height: int
    scale: float = 1.0

    @property
    def window(self) -> tuple[int, int]:
        """What is left of the screen for the window, in units of the toolkit."""
        return round(self.width / self.scale), round(self.height / self.scale) - _FRAME


SIZES = {"small": Size(1366, 768), "large": Size(1920, 1080), "scaled": Size(1920, 1080, 1.5)}

Step = Callable[[], bool]


def main() -> None:
    """Makes the photos and runs what is asked for, each walk in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="Every state, theme and size, into FOLDER.")
    parser.add_argument("--size", choices=SIZES, help="With --all, only this size.")
    parser.add_argument("--theme", choices=THEMES, help="With --all, only this theme.")
    parser.add_argument("--readme", nargs=3, metavar=("THEME", "DATA", "OUT"), help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help="Another data set than drawn samples (not for the README).")
    options = parser.parse_args()
    if options.readme:
        theme, data, out = options.readme
        _readme_walk(theme, Path(data), Path(out))
        return
    with _room() as room:
        photos = room / "photos"  # one folder more, because sorting proposes a place beside it
        photos.mkdir()
        data = options.data or _draw_samples(photos / "Scenes")
        if options.all:
            _shoot_all(options, data, room)
        else:
            _shoot_readme(data, room)


@contextlib.contextmanager
def _room() -> Iterator[Path]:
    """A fresh temporary folder that always has the same path.

    Raises:
        RuntimeError: Other pictures are being taken, or were cut off.
    """
    folder = Path(tempfile.gettempdir()) / ROOM
    try:
        folder.mkdir()
    except FileExistsError as error:
        raise RuntimeError(
            f"“{folder}” is there: other pictures are being taken, or were cut off. Wait, or remove it."
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _draw_samples(folder: Path) -> Path:
    from scene_desktop.core.datasets.samples import write_samples

    write_samples(folder, per_class=60)
    return folder


def _shoot_all(options: argparse.Namespace, data: Path, room: Path) -> None:
    for name, size in SIZES.items():
        if options.size not in (None, name):
            continue
        out = (options.all / name).resolve()
        out.mkdir(parents=True, exist_ok=True)
        with virtual_screen(size.width, size.height):
            for theme in THEMES:
                if options.theme in (None, theme):
                    _walk(size, theme, data, room / "walk", out)


def _walk(size: Size, theme: str, data: Path, room: Path, out: Path) -> None:
    """One walk; it always finds the same empty folder, as the pictures show paths in it."""
    fixed = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "QT_SCALE_FACTOR": str(size.scale), "PYTHONHASHSEED": "1"}
    environment = os.environ | fixed | {"SCENE_DESKTOP_HOME": str(room / "home")}
    arguments = ["--size", *map(str, size.window), "--theme", theme]
    for name, folder in (("--data", data), ("--room", room), ("--out", out)):
        arguments += [name, str(folder)]
    try:
        subprocess.run([sys.executable, "-m", "development.tour", *arguments], env=environment, check=True)
    finally:
        shutil.rmtree(room, ignore_errors=True)


# The pictures of the README: a real training, whose figures are never the same twice


def _shoot_readme(data: Path, room: Path) -> None:
    out = room / "out"
    out.mkdir()
    with virtual_screen(*SIZES["small"][:2]):
        for theme in THEMES:
            environment = os.environ | {"SCENE_DESKTOP_HOME": str(room / f"home-{theme}")}
            arguments = ["--readme", theme, str(data), str(out)]
            command = [sys.executable, "-m", "development.shots", *arguments]
            subprocess.run(command, env=environment, check=True)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for picture in README_PICTURES:
        (PICTURES / f"{picture}.png").write_bytes((out / f"{picture}.png").read_bytes())
        print(f"docs/pictures/{picture}.png")


def _readme_walk(theme: str, data: Path, out: Path) -> None:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QApplication

    from development.tour.hand import Driver, Hand
    from scene_desktop.app import Desk

    application = QApplication([])
    desk = Desk()
    desk.window.findChild(QAction, f"theme_{theme}").trigger()
    desk.window.resize(*SIZES["small"].window)
    desk.open()
    hand = Hand(desk.window, out, theme)
    driver = Driver(_readme_steps(desk, hand, data, out), hand)
    application.exec()
    desk.close()
    if driver.is_stuck:
        sys.exit(1)


def _readme_steps(desk, hand, data: Path, out: Path) -> Iterator[Step]:
    """Yields what to wait for before going on; a picture after each."""
    from PySide6.QtWidgets import QPushButton, QTableView, QWidget

    from scene_desktop.core.recipes.parameters import with_changes
    from scene_desktop.core.recipes.presets import PRESETS
    from scene_desktop.core.recipes.recipe import Optimizer

    yield _after(1.0)
    bad = out.with_name("photos") / "not a photo.jpg"
    bad.write_text("a text")
    hand.drop([data, bad])
    yield lambda: desk.classify_page.is_busy
    yield lambda: not desk.classify_page.is_busy
    bad.unlink()
    hand.find(QTableView, "prediction_table").selectRow(3)
    yield from hand.shoot("classify-full")
    desk.window.show_train_page()
    hand.drop([data])
    yield lambda: hand.sees(QPushButton, "start_training")
    stepwise = {"choose_view": False, "optimizer": Optimizer.ADAM, "versions": 0}
    desk.train_page.setup.recipe.show_recipe(
        with_changes(PRESETS["quick"].recipe, **stepwise, epochs=60, batch_size=16, learning_rate=5e-5)
    )
    hand.press("start_training")
    yield lambda: hand.sees(QTableView, "epoch_table")
    yield lambda: hand.find(QTableView, "epoch_table").model().rowCount() >= _RUNNING_EPOCHS
    yield _after(0.4)
    hand.shoot_widget("train-running", desk.window)
    hand.press("finish_now")
    yield lambda: hand.sees(QWidget, "result_card")
    desk.window.show_models_page()
    yield from hand.shoot("models")


def _after(seconds: float) -> Step:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


if __name__ == "__main__":
    main()
