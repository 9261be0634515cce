"""Behind the review: why a photo got its class, and corrected photos on their way into a data set."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QSettings, Signal

from scene_desktop.core.classify.classifier import CompiledModel
from scene_desktop.core.classify.occlusion import Occlusion, occlusion_map
from scene_desktop.core.datasets.corrections import Added, CorrectedPhoto, add_to_dataset, missing_classes
from scene_desktop.core.errors import InputError, PhotoError, SceneError
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.photos import images
from scene_desktop.core.runs.stored import find_run
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.work.jobs import Lane, Ticket

_DATASET_SETTING = "review/dataset"

Report = Callable[[object], None]
ShouldStop = Callable[[], bool]


class _Question(NamedTuple):
    """A photo and the class that is asked about."""

    path: str
    label: int


class _Batch(NamedTuple):
    """Photos on their way into a data set."""

    root: str
    items: Sequence[CorrectedPhoto]


class _Progress(NamedTuple):
    done: int
    total: int


class ReviewFlow(QObject):
    """Runs the slow parts of reviewing and keeps the page told.

    Args:
        shown_model: Gives the model whose verdicts are shown; None while there are none.

    Signals:
        train_requested: The folder of a data set to train on again.
        bug_found: An exception that is no `SceneError`.
    """

    train_requested = Signal(str)
    bug_found = Signal(object)

    def __init__(
        self,
        page: ClassifyPage,
        asking_lane: Lane,
        adding_lane: Lane,
        shown_model: Callable[[], StoredModel | None],
        settings: QSettings,
    ) -> None:
        super().__init__(page)
        self._page, self._asking_lane, self._adding_lane = page, asking_lane, adding_lane
        self._shown_model, self._settings = shown_model, settings
        self._why: Ticket | None = None
        self._size: Ticket | None = None
        reviewing, detail = page.reviewing, page.detail
        detail.size_wanted.connect(self._measure)
        detail.why_requested.connect(self._ask_why)
        detail.why_dropped.connect(self._drop_why)
        reviewing.add_wanted.connect(self._propose_dataset)
        reviewing.dataset_chosen.connect(self._look_at_dataset)
        reviewing.adding.stop_requested.connect(adding_lane.stop_all)
        reviewing.adding.train_requested.connect(self.train_requested)

        asking_lane.reported.connect(self._asking_progressed)
        asking_lane.succeeded.connect(self._answered)
        asking_lane.failed.connect(self._not_answered)
        adding_lane.reported.connect(self._adding_progressed)
        adding_lane.succeeded.connect(self._adding_went_on)
        adding_lane.stopped.connect(self._adding_stopped)
        adding_lane.failed.connect(self._adding_failed)

    # One photo

    def _measure(self, path: str) -> None:
        """Reads the size of the photo that is shown; a question about an earlier one is dropped."""
        if self._size is not None:
            self._size.stop()

        def job(report: Report, should_stop: ShouldStop) -> tuple[int, int]:
            return images.photo_size(images.read_bytes(path))

        self._size = self._asking_lane.submit(job, "size", path)

    def _ask_why(self, path: str, label: int) -> None:
        self._drop_why()
        model = self._shown_model()
        if model is None:
            return

        def job(report: Report, should_stop: ShouldStop) -> Occlusion:
            def tell(done: int, total: int) -> None:
                report(_Progress(done, total))

            return occlusion_map(CompiledModel.of(model), path, label, tell, should_stop)

        self._why = self._asking_lane.submit(job, "why", _Question(path, label))

    def _drop_why(self) -> None:
        if self._why is not None:
            self._why.stop()
            self._why = None

    def _asking_progressed(self, ticket: Ticket, progress: object) -> None:
        if ticket is self._why and isinstance(progress, _Progress) and isinstance(ticket.subject, _Question):
            self._page.detail.why_progressed(ticket.subject.path, progress.done / progress.total)

    def _answered(self, ticket: Ticket, answer: object) -> None:
        if ticket is self._why and isinstance(ticket.subject, _Question) and isinstance(answer, Occlusion):
            self._why = None
            self._page.detail.show_why(*ticket.subject, answer)
        elif ticket is self._size and isinstance(answer, tuple):
            self._page.detail.set_pixel_size(str(ticket.subject), answer)

    def _not_answered(self, ticket: Ticket, error: Exception) -> None:
        if not isinstance(error, SceneError):
            self.bug_found.emit(error)
        if ticket is self._why and isinstance(ticket.subject, _Question):
            self._why = None
            reason = (
                str(error) if isinstance(error, SceneError) else self.tr("Something unexpected went wrong.")
            )
            if isinstance(error, PhotoError):
                reason = self.tr("The photo cannot be read any more: {reason}").format(reason=reason)
            self._page.detail.why_failed(ticket.subject.path, reason)

    # Corrections to a data set

    def _propose_dataset(self) -> None:
        """Finds the folder that the model was trained from, or the one that was used last."""
        if self._adding_lane.is_busy:
            return
        model, last = self._shown_model(), str(self._settings.value(_DATASET_SETTING, ""))
        run = model.card.run if model is not None else ""

        def job(report: Report, should_stop: ShouldStop) -> str:
            return next(
                (folder for folder in (_trained_from(run), last) if folder and Path(folder).is_dir()), ""
            )

        self._adding_lane.submit(job, "propose")

    def _look_at_dataset(self, root: str, items: Sequence[CorrectedPhoto]) -> None:
        names = tuple(dict.fromkeys(name for _, name in items))

        def job(report: Report, should_stop: ShouldStop) -> tuple[str, ...]:
            return missing_classes(Path(root), names)

        self._adding_lane.submit(job, "look", _Batch(root, items))

    def _add(self, batch: _Batch) -> None:
        def job(report: Report, should_stop: ShouldStop) -> Added:
            def tell(done: int, total: int) -> None:
                if done % 10 == 0 or done == total:
                    report(_Progress(done, total))

            return add_to_dataset(batch.items, Path(batch.root), tell, should_stop)

        self._page.reviewing.adding.show_progress(0, len(batch.items))
        self._adding_lane.submit(job, "add", batch)

    def _adding_progressed(self, ticket: Ticket, progress: object) -> None:
        if isinstance(progress, _Progress) and not ticket.is_stopping:
            self._page.reviewing.adding.show_progress(*progress)

    def _adding_went_on(self, ticket: Ticket, result: object) -> None:
        reviewing = self._page.reviewing
        if ticket.kind == "propose":
            reviewing.choose_dataset(str(result))
        elif isinstance(ticket.subject, _Batch) and isinstance(result, Added):
            self._settings.setValue(_DATASET_SETTING, ticket.subject.root)
            reviewing.adding.show_added(result)
        elif (
            isinstance(ticket.subject, _Batch)
            and isinstance(result, tuple)
            and (not result or reviewing.sure_to_make(ticket.subject.root, result))
        ):
            self._add(ticket.subject)

    def _adding_stopped(self, ticket: Ticket) -> None:
        if ticket.kind == "add":
            self._page.reviewing.adding.show_stopped()

    def _adding_failed(self, ticket: Ticket, error: Exception) -> None:
        if isinstance(error, SceneError):
            self._page.reviewing.adding.show_failure(str(error))
        else:
            self._page.reviewing.adding.show_failure(self.tr("Something unexpected went wrong while adding."))
            self.bug_found.emit(error)


def _trained_from(run: str) -> str:
    """The data set of a run; empty if the run has gone or has none."""
    if not run:
        return ""
    try:
        data = find_run(run).data()
    except InputError:
        return ""
    return data.root if data is not None else ""
