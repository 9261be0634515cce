"""`python -m development.tour`: one walk in one process; `development.shots` starts it."""

import argparse
import sys
from pathlib import Path

from development.tour.stillness import Portions, StillClock


def main() -> None:
    """Opens the window, walks, and ends with exit code 1 where the walk gets stuck."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", nargs=2, type=int, required=True, help="Of the window.")
    parser.add_argument("--theme", required=True)
    for name in ("--data", "--room", "--out"):
        parser.add_argument(name, type=Path, required=True)
    options = parser.parse_args()
    clock = StillClock()
    clock.hold()
    sys.exit(1 if _walk(clock, options) else 0)


def _walk(clock: StillClock, options: argparse.Namespace) -> bool:
    """Returns whether the walk got stuck."""
    from PySide6.QtGui import QAction, QCursor
    from PySide6.QtWidgets import QApplication

    from development.tour.classify_walk import ClassifyWalk
    from development.tour.hand import Driver, Hand
    from development.tour.train_walk import TrainWalk
    from scene_desktop.app import Desk
    from scene_desktop.core.photos import images
    from scene_desktop.work import engine_client

    gates = options.room / "gates"
    gates.mkdir(parents=True)
    engine_client.engine_command = lambda: [sys.executable, "-m", "development.tour.engine", str(gates)]
    portions = Portions()
    images.load_photo = portions.stand_before(images.load_photo)  # the pipeline asks the module each time

    application = QApplication([])
    application.setCursorFlashTime(0)
    QCursor.setPos(application.primaryScreen().geometry().bottomRight())
    desk = Desk()
    desk.window.findChild(QAction, f"theme_{options.theme}").trigger()
    desk.window.resize(*options.size)
    desk.open()
    hand = Hand(desk.window, options.out, options.theme)
    walks = (
        ClassifyWalk(desk, hand, clock, portions, options.data, options.room),
        TrainWalk(desk, hand, clock, options.data, gates),
    )
    driver = Driver((step for walk in walks for step in walk.steps()), hand)
    application.exec()
    portions.hold([])
    desk.close()
    return driver.is_stuck


if __name__ == "__main__":
    main()
