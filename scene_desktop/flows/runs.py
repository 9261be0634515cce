"""The trainings of this and of earlier days: listed, shown, compared, offered again after a crash, removed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QObject, QTimer, Signal

from scene_desktop.core.errors import InputError, SceneError, sentence
from scene_desktop.core.runs.comparison import Comparison, compare
from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import StoredRun, find_run, remove_run, stored_runs
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.work.jobs import Lane, Latest

EARLIER_RUNS = 3

_LEFT_MS = 4000


class RunsFlow(QObject):
    """Reads run folders in the background and shows what they hold.

    Signals:
        runs_read: All runs, newest first.
    """

    runs_read = Signal(list)

    def __init__(self, page: TrainPage, lane: Lane) -> None:
        super().__init__(page)
        self._page, self._lane = page, lane
        self._selected, self._earlier = Latest(lane), Latest(lane)
        page.runs_requested.connect(self.refresh)
        page.runs.run_selected.connect(self._select)
        page.remove_run_requested.connect(self._remove)

    def refresh(self) -> None:
        """Reads the list of runs again."""

        unreadable = self.tr("The list of trainings cannot be read: {}")

        def job(report: Report[None], should_stop: ShouldStop) -> tuple[list[StoredRun], History | None]:
            with _saying(unreadable):
                runs = stored_runs()
                open_runs = [run for run in runs if run.can_resume]
                return runs, open_runs[0].history() if open_runs else None

        self._lane.submit(job, on_success=lambda read: self._show(*read), on_failure=self._fail)

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

        def job(report: Report[None], should_stop: ShouldStop) -> list[tuple[str, History]]:
            return earlier_courses(stored_runs(), dataset, besides)

        self._earlier.submit(job, on_success=self._page.live_run.course.set_overlays)

    def _select(self, runs: Sequence[StoredRun]) -> None:
        chosen = list(runs)
        if not chosen:
            self._selected.drop()
            return

        unreadable = self.tr("The list of trainings cannot be read: {}")

        def read(report: Report[None], should_stop: ShouldStop) -> History:
            with _saying(unreadable):
                return chosen[0].history()

        def compared(report: Report[None], should_stop: ShouldStop) -> Comparison:
            with _saying(unreadable):
                return compare(chosen)

        def show(course: History) -> None:
            self._page.runs.show_run(chosen[0], course)

        if len(chosen) == 1:
            self._selected.submit(read, on_success=show, on_failure=self._fail)
        else:
            self._selected.submit(compared, on_success=self._page.runs.show_comparison, on_failure=self._fail)

    def _remove(self, name: str) -> None:
        text = self.tr("The training could not be moved to the trash: {}")

        def job(report: Report[None], should_stop: ShouldStop) -> None:
            with _saying(text):
                remove_run(find_run(name))

        self._lane.submit(job, on_failure=self._fail)
        self.refresh()

    def _show(self, runs: list[StoredRun], newest: History | None) -> None:
        self._page.runs.show_runs(runs)
        self._page.offer_runs([run for run in runs if run.can_resume], newest)
        self.runs_read.emit(runs)

    def _fail(self, error: Exception) -> None:
        self._page.note.tell(sentence(error, self.tr("Something unexpected went wrong.")), "error")


@contextmanager
def _saying(text: str) -> Iterator[None]:
    """What a disk refuses is told in a sentence; `{}` in `text` is the reason."""
    try:
        yield
    except (SceneError, OSError) as error:
        raise InputError(text.format(error)) from error


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
