"""The trainings of this and of earlier days: listed, shown, compared, offered again after a crash, removed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from scene_desktop.core.errors import SceneError
from scene_desktop.core.runs.comparison import Comparison, compare
from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import StoredRun, find_run, remove_run, stored_runs
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.work.jobs import Lane, Ticket

EARLIER_RUNS = 3

_LEFT_MS = 4000


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
        self._earlier: Ticket | None = None
        page.runs_requested.connect(self.refresh)
        page.runs.run_selected.connect(self._select)
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

    def refresh_soon(self) -> None:
        """Reads the list now, and again when an engine that was told to leave has let go of its run."""
        self.refresh()
        QTimer.singleShot(_LEFT_MS, self, self.refresh)

    def show_earlier(self, dataset: str, besides: str = "") -> None:
        """Has the courses of the latest completed runs on a data set drawn behind the one that runs.

        Args:
            dataset: Its folder.
            besides: Name of a run to leave out.
        """
        self._page.live_run.course.set_overlays([])

        def job(report: Callable[[object], None], should_stop: Callable[[], bool]) -> list[tuple[str, History]]:
            return earlier_courses(stored_runs(), dataset, besides)

        if self._earlier is not None:
            self._earlier.stop()
        self._earlier = self._lane.submit(job, "earlier")

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
        def job(report: Callable[[object], None], should_stop: Callable[[], bool]) -> None:
            remove_run(find_run(name))

        self._lane.submit(job, "remove", name)
        self.refresh()

    def _take(self, ticket: Ticket, result: object) -> None:
        match ticket.kind, result:
            case "runs", (list() as runs, newest):
                self._page.runs.show_runs(runs)
                history = newest if isinstance(newest, History) else None
                self._page.offer_runs([run for run in runs if run.can_resume], history)
                self.runs_read.emit(runs)
            case "earlier", list() as courses if ticket is self._earlier:
                self._page.live_run.course.set_overlays(courses)
            case "run", Comparison() if ticket is self._selected:
                self._page.runs.show_comparison(result)
            case "run", (StoredRun() as run, History() as history) if ticket is self._selected:
                self._page.runs.show_run(run, history)

    def _failed(self, ticket: Ticket, error: Exception) -> None:
        if ticket.kind not in ("runs", "run", "remove"):
            return
        text = (
            self.tr("The training could not be moved to the trash: {}")
            if ticket.kind == "remove"
            else self.tr("The list of trainings cannot be read: {}")
        )
        self._page.note.tell(text.format(error), "error")
        if not isinstance(error, SceneError | OSError):
            self.bug_found.emit(error)


def earlier_courses(runs: Sequence[StoredRun], dataset: str, besides: str = "") -> list[tuple[str, History]]:
    """Names and courses of the latest completed runs on a data set, newest first."""
    fitting = [
        run for run in runs if run.is_completed and run.request.dataset == dataset and run.name != besides
    ]
    courses = []
    for run in fitting[:EARLIER_RUNS]:
        saved = run.result.saved if run.result is not None else None
        courses.append((saved.card.name if saved is not None else run.request.name, run.history()))
    return courses
