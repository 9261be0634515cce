"""How a running training is told to pause, to finish, to be kept for later, or to be discarded."""

import threading
import time
from typing import TYPE_CHECKING

from scene_desktop.core.errors import Stopped, TrainingError
from scene_desktop.core.runs.events import TrainingContinued, TrainingEvent, TrainingPaused
from scene_desktop.core.threads import Report

if TYPE_CHECKING:
    from pathlib import Path


class Control:
    """Wishes that any thread may set and that the work looks at often.

    Args:
        tell: Told when the work has really paused, and when it goes on.
        can_wait: Whether somebody is there to continue a training that paused by itself.

    Attributes:
        saving: Held while something is written that is completed whatever is wished.
        leftovers: Folders to remove if the process has to leave a discarded training at once.
    """

    def __init__(self, tell: Report[TrainingEvent] = lambda event: None, can_wait: bool = False) -> None:
        self._tell, self._can_wait = tell, can_wait
        self._finish, self._discard, self._keep = threading.Event(), threading.Event(), threading.Event()
        self._go, self._pausing = threading.Event(), threading.Lock()
        self._go.set()
        self._problem = ""
        self._paused_seconds = 0.0
        self.saving = threading.Lock()
        self.leftovers: list[Path] = []

    def finish(self) -> None:
        """Asks to end the fit and to keep the best epoch so far."""
        self._finish.set()
        self._go.set()

    def discard(self) -> None:
        """Asks to drop everything."""
        self._discard.set()
        self._go.set()

    def keep(self) -> None:
        """Asks to leave the training so that it can be resumed later."""
        self._keep.set()
        self._go.set()

    def pause(self) -> None:
        """Asks the work to wait at the next place where it can."""
        if not self.leaving():
            self._go.clear()

    def go_on(self) -> None:
        """Ends a pause."""
        self._go.set()

    def pause_for(self, problem: str) -> None:
        """Waits, because of a problem, until somebody has mended it and asks to go on.

        Args:
            problem: A sentence with the next step.

        Raises:
            TrainingError: Nobody is there to wait for.
            Stopped: The training is to be left.
        """
        if not self._can_wait:
            raise TrainingError(problem)
        self._problem = problem
        self.pause()
        self.check()

    def pausing(self) -> bool:
        return not self._go.is_set()

    def finishing(self) -> bool:
        return self._finish.is_set()

    def keeping(self) -> bool:
        return self._keep.is_set() and not self._discard.is_set()

    def leaving(self) -> bool:
        """Whether the work is to end without a model; does not wait."""
        return self._discard.is_set() or self._keep.is_set()

    def discarded(self) -> bool:
        """Whether the work is to end without a model; first waits while it is paused."""
        self._wait()
        return self.leaving()

    def check(self) -> None:
        """A place where the work waits while it is paused, and where it can be left.

        Raises:
            Stopped: It is to be discarded, or to be kept for later.
        """
        if self.discarded():
            raise Stopped

    def paused_seconds(self) -> float:
        """Time spent waiting so far."""
        return self._paused_seconds

    def _wait(self) -> None:
        if self._go.is_set():
            return
        with self._pausing:  # one thread tells; the others wait for it
            if self._go.is_set():
                return
            began = time.monotonic()
            self._tell(TrainingPaused(problem=self._problem))
            self._go.wait()
            self._problem = ""
            self._paused_seconds += time.monotonic() - began
            if not self.leaving():
                self._tell(TrainingContinued())
