"""The part of the train page that belongs to the training that runs and to all runs."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from scene_desktop.core.runs.comparison import Comparison
from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import StoredRun
from scene_desktop.ui.live_run.offer import RunOffer
from scene_desktop.ui.live_run.panel import RunPanel
from scene_desktop.ui.runs.view import RunsView
from scene_desktop.ui.train.train_setup_side import TrainSetupSide
from scene_desktop.ui.widgets import questions


class TrainRunSide(TrainSetupSide):
    """Passes on what the run panel, the list of runs and the offer ask for and have to show.

    Signals that name a run carry the name of its folder.

    Signals:
        retry_requested: Parameters to change in the training that failed, by name.
        run_selected: One run to show, or several to compare.
        unqueue_requested: Place in the queue, from 0.
    """

    pause_requested = Signal()
    continue_requested = Signal()
    finish_requested = Signal()
    discard_requested = Signal()
    resume_requested = Signal(str)
    keep_best_requested = Signal(str)
    remove_run_requested = Signal(str)
    retry_requested = Signal(dict)
    unqueue_requested = Signal(int)
    runs_requested = Signal()
    run_selected = Signal(list)
    use_requested = Signal(str)
    mistakes_requested = Signal(str)
    progress_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.run_panel = RunPanel()
        self.runs = RunsView(self.thumbnails)
        self.offer = RunOffer()

    def _connect_runs(self) -> None:
        run = self.run_panel
        run.pause_requested.connect(self.pause_requested)
        run.continue_requested.connect(self.continue_requested)
        run.finish_requested.connect(self.finish_requested)
        run.discard_requested.connect(self.discard)
        run.retry_requested.connect(self.retry_requested)
        run.unqueue_requested.connect(self.unqueue_requested)
        run.use_requested.connect(self.use_requested)
        run.mistakes_requested.connect(self.mistakes_requested)
        run.progress_changed.connect(self.progress_changed)
        for source in (run, self.runs, self.offer):
            source.resume_requested.connect(self.resume_requested)
            source.keep_best_requested.connect(self.keep_best_requested)
        self.runs.run_selected.connect(self.run_selected)
        self.runs.model_requested.connect(self.mistakes_requested)

    @property
    def is_training(self) -> bool:
        return self.run_panel.is_running

    @property
    def is_paused(self) -> bool:
        return self.run_panel.is_paused

    @property
    def can_pause(self) -> bool:
        return self.run_panel.can_pause

    @property
    def can_finish(self) -> bool:
        return self.run_panel.can_finish

    def pause(self) -> None:
        """Asks to wait without losing anything."""
        self.run_panel.pause()

    def continue_(self) -> None:
        """Asks to go on after a pause."""
        self.run_panel.continue_()

    def finish(self) -> None:
        """Asks to end the training and keep the best epoch so far."""
        self.run_panel.finish()

    def discard(self) -> None:
        """Asks to throw the training away, after a question."""
        if self.is_training and questions.sure_to_discard(self):
            self.discard_requested.emit()

    def set_queue(self, names: Sequence[str]) -> None:
        """Names of the trainings that wait, in their order."""
        self.run_panel.set_queue(names)

    def set_overlays(self, runs: Sequence[tuple[str, History]]) -> None:
        """Names and courses of earlier trainings on the same photos, drawn behind the one that runs."""
        self.run_panel.set_overlays(runs)

    def show_runs(self, runs: Sequence[StoredRun]) -> None:
        self.runs.show_runs(runs)

    def show_run(self, run: StoredRun, history: History) -> None:
        self.runs.show_run(run, history)

    def show_comparison(self, comparison: Comparison) -> None:
        self.runs.show_comparison(comparison)
