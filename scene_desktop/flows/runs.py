"""The trainings of this and of earlier days: listed, shown, compared, offered again after a crash, removed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from scene_desktop.core.comparison import Comparison, compare
from scene_desktop.core.errors import SceneError
from scene_desktop.core.history import History
from scene_desktop.core.runs import StoredRun, find_run, remove_run, stored_runs
from scene_desktop.ui.train_page import TrainPage
from scene_desktop.work.jobs import Lane, Ticket


class RunsFlow(QObject):
    """Reads run folders in the background and shows what they hold.

    Signals:
        runs_read: All runs, newest first.
        bug_found: An exception that is no `SceneError`.
    """

    runs_read = Signal(list)
    bug_found = Signal(object)

    def __init__(self, page: TrainPage, lane: Lane) -> None:
        super().__init__(page)
        self._page, self._lane = page, lane
        self._selected: Ticket | None = None
        page.runs_requested.connect(self.refresh)
        page.run_selected.connect(self._select)
        page.remove_run_requested.connect(self._remove)
        lane.succeeded.connect(self._take)
        lane.failed.connect(self._failed)

    def refresh(self) -> None:
        """Reads the list of runs again."""

        def job(
            report: Callable[[object], None], should_stop: Callable[[], bool]
        ) -> tuple[list[StoredRun], History | None]:
            runs = stored_runs()
            open_runs = [run for run in runs if run.can_resume]
            return runs, open_runs[0].history() if open_runs else None

        self._lane.submit(job, "runs")

    def _select(self, runs: Sequence[StoredRun]) -> None:
        chosen = list(runs)
        if not chosen:
            return

        def job(
            report: Callable[[object], None], should_stop: Callable[[], bool]
        ) -> tuple[StoredRun, History] | Comparison:
            return (chosen[0], chosen[0].history()) if len(chosen) == 1 else compare(chosen)

        if self._selected is not None:
            self._selected.stop()
        self._selected = self._lane.submit(job, "run")

    def _remove(self, name: str) -> None:
        try:
            remove_run(find_run(name))
        except SceneError as error:
            self._page.note.tell(str(error), "error")
        except OSError as error:
            self._page.note.tell(
                self.tr("The training could not be moved to the trash: {}").format(error), "error"
            )
        self.refresh()

    def _take(self, ticket: Ticket, result: object) -> None:
        match ticket.kind, result:
            case "runs", (list() as runs, newest):
                self._page.show_runs(runs)
                history = newest if isinstance(newest, History) else None
                self._page.offer_runs([run for run in runs if run.can_resume], history)
                self.runs_read.emit(runs)
            case "run", Comparison() if ticket is self._selected:
                self._page.show_comparison(result)
            case "run", (StoredRun() as run, History() as history) if ticket is self._selected:
                self._page.show_run(run, history)

    def _failed(self, ticket: Ticket, error: Exception) -> None:
        if ticket.kind in ("runs", "run"):
            self._page.note.tell(self.tr("The list of trainings cannot be read: {}").format(error), "error")
            if not isinstance(error, SceneError | OSError):
                self.bug_found.emit(error)
