"""Photos, recipes and a real engine for the tests of training."""

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec
import pytest

from scene_desktop.core.datasets.dataset import LabelledPhoto, read_dataset
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.events import (
    EngineCommand,
    PhaseChanged,
    TrainingEvent,
    TrainRequested,
    decode_event,
    encode_line,
)
from scene_desktop.core.runs.stored import StoredRun
from tests.training.warm_engine import WarmProcess
from training.run import environment

REPOSITORY = Path(__file__).resolve().parents[2]
HACKATHON = PRESETS["hackathon"].recipe

environment.prepare()


def changed(recipe: TrainingRecipe, **changes: object) -> TrainingRecipe:
    return msgspec.structs.replace(recipe, **changes)


def request(dataset: Path, recipe: TrainingRecipe, name: str = "Tried out") -> TrainRequested:
    return TrainRequested(dataset=str(dataset), recipe=recipe, name=name)


E = TypeVar("E")


class RunningEngine:
    """A real engine process; the events are read by a thread, so nothing can block.

    Args:
        is_warm: Whether it may come from a process that has imported TensorFlow already.
    """

    def __init__(self, home: Path, environment: Mapping[str, str] | None = None, is_warm: bool = False) -> None:
        self.home = home
        env = os.environ | {"SCENE_DESKTOP_HOME": str(home)} | dict(environment or {})
        self.process = WarmProcess(env) if is_warm and sys.platform == "linux" else _cold(env)
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(b"")

    def send(self, command: EngineCommand | bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(command if isinstance(command, bytes) else encode_line(command))
        self.process.stdin.flush()

    def close_input(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    def next_event(self) -> TrainingEvent | None:
        """The next event, decoded strictly; None at the end."""
        line = self._lines.get(timeout=90)
        return decode_event(line) if line else None

    def until(self, kind: type[E]) -> E:
        """Reads until an event of this kind."""
        while not isinstance(event := self.next_event(), kind):
            assert event is not None, f"the engine left before {kind.__name__}"
        return event

    def until_phase(self, phase: str) -> None:
        """Reads until a phase begins."""
        while self.until(PhaseChanged).phase != phase:
            pass

    def rest(self) -> list[TrainingEvent]:
        events = []
        while (event := self.next_event()) is not None:
            events.append(event)
        return events

    def is_silent(self, seconds: float) -> bool:
        """Whether nothing is told for so long."""
        try:
            self._lines.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def exit_code(self, within_s: float = 30.0) -> int:
        return self.process.wait(within_s)

    def leftovers(self) -> list[Path]:
        """What the engine left in its home, apart from caches."""
        places = [self.home / "models", self.home / "runs"]
        return [path for place in places if place.is_dir() for path in place.iterdir()]


def _cold(env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """As the app starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "training.engine"],
        cwd=REPOSITORY,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def has_checkpoint(run: StoredRun) -> bool:
    """Whether something was learned that a resumed run starts with."""
    return any(run.folder.glob("checkpoint-*.bin"))


@pytest.fixture
def photos(samples: Path) -> tuple[LabelledPhoto, ...]:
    return read_dataset(samples).photos
