"""What the steps of one training share: the request, the way out for events, wishes, clock and disk."""

import time
from collections.abc import Callable
from typing import TypeVar

from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.events import Phase, PhaseChanged, Progressed, TrainingEvent, TrainRequested
from scene_desktop.core.threads import Report
from training.run.checkpoints import Arrays, Checkpoints, FitState
from training.run.control import Control
from training.run.failures import disk_problem
from training.run.folder import Run

_REPORT_EVERY_S = 0.25

T = TypeVar("T")


class Session:
    """One training while it runs.

    Attributes:
        run: Its folder on disk.
        checkpoints: Of the run.
        start: The model to go on with; None to start afresh.
    """

    def __init__(
        self, report: Report[TrainingEvent], control: Control, run: Run, start: StoredModel | None = None
    ) -> None:
        self.request: TrainRequested = run.request
        self.control, self.run, self.start = control, run, start
        self.checkpoints = Checkpoints(run.folder)
        self._report = report
        self._entered = self._clock()
        self._phase: Phase | None = None
        self._seconds: dict[str, float] = {}
        self._told = 0.0

    @property
    def recipe(self) -> TrainingRecipe:
        return self.request.recipe

    @property
    def resumes_fit(self) -> bool:
        """Whether all weights will come from a checkpoint."""
        return self.run.is_resumed and self.checkpoints.exist()

    def enter(self, phase: Phase) -> None:
        """Begins the next phase.

        Raises:
            Stopped: The training is to be left.
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

    def write_checkpoint(self, state: FitState, arrays: Arrays, best: Arrays | None) -> None:
        """Writes a checkpoint, after the weights of the best epoch if they are new.

        Raises:
            TrainingError: The disk does not take it and nobody is there to mend that.
            Stopped: The training is to be left.
        """

        def write() -> None:
            if best is not None:
                self.checkpoints.save_best(state.best_epoch, best)
            self.checkpoints.save(state, arrays)

        self.persist("the state of the training", write)

    def persist(self, what: str, write: Callable[[], T]) -> T:
        """Writes something that matters; where the disk does not take it, pauses and tries again.

        Args:
            what: Names it in a sentence.
            write: Leaves the old state as it is when it fails.

        Raises:
            TrainingError: The disk does not take it and nobody is there to mend that.
            Stopped: The training is to be left.
        """
        while True:
            try:
                with self.control.saving:
                    return write()
            except OSError as error:
                self.control.pause_for(disk_problem(error, what))

    def seconds(self) -> dict[str, float]:
        """Seconds of each phase so far, by its name; pauses are left out."""
        self._stop_clock()
        return {name: round(value, 2) for name, value in self._seconds.items()}

    def total_seconds(self) -> float:
        return round(sum(self.seconds().values()), 2)

    def add_seconds(self, earlier: dict[str, float]) -> None:
        """Adds what a training had taken before it was interrupted; the phases since then are repetitions."""
        self._stop_clock()
        self._seconds = dict(earlier)

    def _clock(self) -> float:
        return time.monotonic() - self.control.paused_seconds()

    def _stop_clock(self) -> None:
        now = self._clock()
        if self._phase is not None:
            self._seconds[self._phase] = self._seconds.get(self._phase, 0.0) + now - self._entered
        self._entered = now
