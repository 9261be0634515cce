"""From the start of the process to a window that answers, in a real window on a virtual screen."""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from development.screen import virtual_screen

ROUNDS = 5
WANTED_S = 1.2


def measure() -> None:
    """Starts the app several times and prints the median."""
    seconds = []
    with virtual_screen(1366, 768):
        for number in range(ROUNDS + 1):
            taken = _start_once()
            if number:  # the first one warms the disk
                seconds.append(taken)
    median = statistics.median(seconds)
    verdict = "met" if median <= WANTED_S else "MISSED"
    print(f"\nWindow interactive after {median:.2f} s, median of {ROUNDS} ({min(seconds):.2f} to ", end="")
    print(f"{max(seconds):.2f}); wanted ≤ {WANTED_S} s   {verdict}")


def _start_once() -> float:
    with tempfile.TemporaryDirectory(prefix="scene-desktop-bench-") as home:
        log = Path(home) / "logs" / "scene-desktop.log"
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "scene_desktop"], env=os.environ | {"SCENE_DESKTOP_HOME": home}
        )
        try:
            while not (log.exists() and "interactive" in log.read_text()):
                if time.monotonic() - started > 30:
                    raise RuntimeError("The window did not open")
                time.sleep(0.005)
            return time.monotonic() - started
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
