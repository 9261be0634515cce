"""From the start of the process to a window that answers, to a first verdict, to files handed over."""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from development.screen import virtual_screen

ROUNDS = 5
WANTED_S = 1.2
WANTED_VERDICT_S = 2.5
WANTED_HAND_OVER_S = 1.0

INTERACTIVE = "The window is interactive"
CLASSIFIED = "Classified 1 of 1"

PHOTO = Path(__file__).resolve().parents[1] / "resources" / "self-test.jpg"


def measure() -> None:
    """Starts the app several times, in a real window on a virtual screen, and prints the medians."""
    with virtual_screen(1366, 768):
        print()
        _print("Window interactive", _rounds(_until_interactive), WANTED_S)
        _print("A photo that is given as an argument classified", _rounds(_until_classified), WANTED_VERDICT_S)
        _print("A second start has handed its photo over", _rounds(_hand_over), WANTED_HAND_OVER_S)


def _print(what: str, seconds: list[float], wanted: float) -> None:
    median = statistics.median(seconds)
    verdict = "met" if median <= wanted else "MISSED"
    print(f"{what} after {median:.2f} s, median of {ROUNDS} ({min(seconds):.2f} to ", end="")
    print(f"{max(seconds):.2f}); wanted ≤ {wanted} s   {verdict}")


def _rounds(once: Callable[[], float]) -> list[float]:
    return [once() for _ in range(ROUNDS + 1)][1:]  # the first one warms the disk


def _until_interactive() -> float:
    with _started(INTERACTIVE) as (_, seconds):
        return seconds


def _until_classified() -> float:
    with _started(CLASSIFIED, str(PHOTO)) as (_, seconds):
        return seconds


def _hand_over() -> float:
    with _started(INTERACTIVE) as (home, _):
        began = time.monotonic()
        subprocess.run(_command(str(PHOTO)), env=_environment(home), check=True)
        return time.monotonic() - began


@contextmanager
def _started(sign: str, *arguments: str) -> Iterator[tuple[str, float]]:
    """A window that has written `sign` into its log: its data folder, and the seconds that took."""
    with tempfile.TemporaryDirectory(prefix="scene-desktop-bench-") as home:
        log = Path(home) / "logs" / "scene-desktop.log"
        started = time.monotonic()
        process = subprocess.Popen(_command(*arguments), env=_environment(home))
        try:
            while not (log.exists() and sign in log.read_text("utf-8")):
                if time.monotonic() - started > 30:
                    raise RuntimeError(f"The window did not come to “{sign}”")
                time.sleep(0.005)
            yield home, time.monotonic() - started
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "scene_desktop", *arguments]


def _environment(home: str) -> dict[str, str]:
    return os.environ | {"SCENE_DESKTOP_HOME": home}
