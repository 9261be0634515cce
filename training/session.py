"""What the steps of one training share: the request, the way out for events, the wishes, the clock."""

import time

from scene_desktop.core.events import Phase, PhaseChanged, Progressed, TrainingEvent, TrainRequested
from scene_desktop.core.recipe import TrainingRecipe
from training.control import Control
from training.features import Report
from training.runs import Run

_REPORT_EVERY_S = 0.25


class Session:
    """One training while it runs.

    Attributes:
        run: Its folder on disk.
    """

    def __init__(self, request: TrainRequested, report: Report, control: Control, run: Run) -> None:
        self.request, self.control, self.run = request, control, run
        self._report = report
        self._began = self._entered = time.monotonic()
        self._phase: Phase | None = None
        self._seconds: dict[str, float] = {}
        self._told = 0.0

    @property
    def recipe(self) -> TrainingRecipe:
        return self.request.recipe

    def enter(self, phase: Phase) -> None:
        """Begins the next phase.

        Raises:
            Stopped: The training is to be discarded.
        """
        self.control.check()
        self._stop_clock()
        self._phase = phase
        self.report(PhaseChanged(phase=phase))

    def report(self, event: TrainingEvent) -> None:
        """Tells an event and notes it in the run's folder."""
        self.run.record(event)
        self._report(event)

    def progress(self, done: int, total: int) -> None:
        """Tells the progress of the phase, about four times a second and at the end."""
        now = time.monotonic()
        if self._phase is not None and (done == total or now - self._told >= _REPORT_EVERY_S):
            self._told = now
            self.report(Progressed(phase=self._phase, done=done, total=total))

    def seconds(self) -> dict[str, float]:
        """Seconds of each phase so far, by its name."""
        self._stop_clock()
        return {name: round(value, 2) for name, value in self._seconds.items()}

    def total_seconds(self) -> float:
        return round(time.monotonic() - self._began, 2)

    def _stop_clock(self) -> None:
        now = time.monotonic()
        if self._phase is not None:
            self._seconds[self._phase] = self._seconds.get(self._phase, 0.0) + now - self._entered
        self._entered = now
