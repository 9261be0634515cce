"""How smoothly the window answers while everything runs: a 10 ms timer in the real window.

Runs in a process of its own (`python -m benchmarks.heartbeat DATASET`), so that nothing else is in it.
"""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QScrollBar, QWidget

    from benchmarks.beats import Beats

IDLE_S = 20.0
BUSY_S = 180.0
DROP_S = 120.0
SCROLL_MS = 40
PAGE_MS = 6000


def main(folder: str) -> None:
    """Measures idle, a drop alone, then three minutes of training with charts and scrolling, and prints all."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from benchmarks.beats import Beats
    from scene_desktop.app import Desk
    from scene_desktop.core.recipes.parameters import with_changes
    from scene_desktop.core.recipes.presets import PRESETS

    application = QApplication([])
    desk = Desk()
    desk.open()
    beats = Beats()
    scroll, turn, poll = QTimer(), QTimer(), QTimer()
    began = [0.0]

    def drop() -> None:
        beats.begin("drop")
        began[0] = time.monotonic()
        desk.classify_flow.classify([folder])
        poll.timeout.connect(check_drop)
        poll.start(200)

    def check_drop() -> None:
        if desk.classify_lane.is_busy and time.monotonic() - began[0] < DROP_S:
            return
        poll.timeout.disconnect(check_drop)
        beats.begin("training")
        # It goes on longer than is measured: features first, then epochs without end.
        recipe = with_changes(PRESETS["quick"].recipe, epochs=1000, patience=100)
        desk.window.show_train_page()
        desk.training_flow.start(folder, recipe, "Heartbeat")
        scroll.start(SCROLL_MS)
        turn.start(PAGE_MS)
        QTimer.singleShot(int(BUSY_S * 1000), end)

    def scroll_on() -> None:
        page = desk.window.train_page if desk.window.page == 1 else desk.classify_page.results
        for bar in _bars(page):
            bar.setValue(0 if bar.value() >= bar.maximum() else bar.value() + max(1, bar.singleStep()))

    def end() -> None:
        beats.begin("")
        desk.training_flow.discard()
        application.quit()

    scroll.timeout.connect(scroll_on)
    turn.timeout.connect(lambda: desk.window.show_page(1 - desk.window.page))
    QTimer.singleShot(2000, lambda: beats.begin("idle"))
    QTimer.singleShot(int(2000 + IDLE_S * 1000), drop)
    application.exec()
    epochs = len(desk.train_page.live_run.history.epochs)
    loaded = {"tensorflow", "keras"} & set(sys.modules)
    desk.close()
    _print(beats, epochs)
    print(f"TensorFlow in the window's process: {'YES: ' + str(loaded) if loaded else 'no'}")


def _bars(page: "QWidget") -> "list[QScrollBar]":
    """The vertical scroll bars that can be moved and seen."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QScrollBar

    return [
        bar
        for bar in page.findChildren(QScrollBar)
        if bar.orientation() == Qt.Orientation.Vertical and bar.isVisible() and bar.maximum() > 0
    ]


def _print(beats: "Beats", epochs: int) -> None:
    titles = {
        "idle": f"idle, {IDLE_S:.0f} s",
        "drop": "a drop of 5,000 photos",
        "training": f"training, charts, scrolling, {BUSY_S:.0f} s, {epochs} epochs",
    }
    print("\nHeartbeat of the window, 10 ms timer")
    for part, title in titles.items():
        print(f"{title:46} {beats.verdict(part)}")


def measure() -> None:
    """Runs this module on a virtual screen with 5,000 photos."""
    import os
    import subprocess
    import tempfile

    from benchmarks.photos import photo_folder
    from development.screen import virtual_screen

    with photo_folder(5000) as folder, virtual_screen(1366, 768), tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"SCENE_DESKTOP_HOME": str(Path(home) / "home")}
        subprocess.run([sys.executable, "-m", "benchmarks.heartbeat", str(folder)], env=environment, check=True)


if __name__ == "__main__":
    main(sys.argv[1])
