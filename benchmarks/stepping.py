"""A measurement that goes on step by step while the window's event loop runs."""

from collections.abc import Iterator

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication


def run_steps(application: QApplication, steps: Iterator[None], every_ms: int) -> None:
    """Runs the event loop, lets `steps` go on in it from time to time, and returns at their end.

    Args:
        every_ms: Milliseconds between two steps.
    """
    timer = QTimer()

    def step() -> None:
        try:
            next(steps)
        except StopIteration:
            timer.stop()
            application.quit()

    timer.timeout.connect(step)
    timer.start(every_ms)
    application.exec()
