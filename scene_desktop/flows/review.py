"""Behind the review: why a photo got its class, and corrected photos on their way into a data set."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from scene_desktop.core.classify.classifier import CompiledModel
from scene_desktop.core.classify.occlusion import Occlusion, occlusion_map
from scene_desktop.core.datasets.corrections import Added, CorrectedPhoto, add_to_dataset, missing_classes
from scene_desktop.core.errors import InputError, PhotoError, sentence
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.photos import images
from scene_desktop.core.runs.stored import find_run
from scene_desktop.core.settings import REVIEW_DATASET, Settings
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.work.jobs import Lane, Latest, Ticket


class _Progress(NamedTuple):
    done: int
    total: int


class ReviewFlow(QObject):
    """Runs the slow parts of reviewing and keeps the page told.

    Args:
        shown_model: Gives the model whose verdicts are shown; None while there are none.

    Signals:
        train_requested: The folder of a data set to train on again.
    """

    train_requested = Signal(str)

    def __init__(
        self,
        page: ClassifyPage,
        asking_lane: Lane,
        adding_lane: Lane,
        shown_model: Callable[[], StoredModel | None],
        settings: Settings,
    ) -> None:
        super().__init__(page)
        self._page, self._adding_lane = page, adding_lane
        self._shown_model, self._settings = shown_model, settings
        self._why, self._size = Latest(asking_lane), Latest(asking_lane)
        self._adding: Ticket | None = None
        reviewing, detail = page.reviewing, page.detail
        detail.size_wanted.connect(self._measure)
        detail.why_requested.connect(self._ask_why)
        detail.why_dropped.connect(self._why.drop)
        reviewing.add_wanted.connect(self._propose_dataset)
        reviewing.dataset_chosen.connect(self._look_at_dataset)
        reviewing.adding.stop_requested.connect(self._stop_adding)
        reviewing.adding.train_requested.connect(self.train_requested)

    # One photo

    def _measure(self, path: str) -> None:
        """Reads the size of the photo that is shown; a question about an earlier one is dropped."""
        self._size.submit(
            lambda report, should_stop: images.photo_size(images.read_bytes(path)),
            on_success=lambda size: self._page.detail.set_pixel_size(path, size),
            on_failure=lambda error: None,  # the photo's own row says that it cannot be read
        )

    def _ask_why(self, path: str, label: int) -> None:
        self._why.drop()
        model, detail = self._shown_model(), self._page.detail
        if model is None:
            text = self.tr(
                "The model of these results is not there any more. Drop the photos again to classify them with "
                "another model."
            )
            detail.why_failed(path, text)
            return

        def job(report: Report[float], should_stop: ShouldStop) -> Occlusion:
            def tell(done: int, total: int) -> None:
                report(done / total)

            return occlusion_map(CompiledModel.of(model), path, label, tell, should_stop)

        self._why.submit(
            job,
            on_report=lambda fraction: detail.why_progressed(path, fraction),
            on_success=lambda answer: detail.show_why(path, label, answer),
            on_failure=lambda error: detail.why_failed(path, self._why_not(error)),
        )

    def _why_not(self, error: Exception) -> str:
        reason = sentence(error, self.tr("Something unexpected went wrong."))
        if isinstance(error, PhotoError):
            reason = self.tr("The photo cannot be read any more: {reason}").format(reason=reason)
        return reason

    # Corrections to a data set

    def _propose_dataset(self) -> None:
        """Finds the folder that the model was trained from, or the one that was used last."""
        if self._adding_lane.is_busy:
            return
        model, last = self._shown_model(), self._settings.get(REVIEW_DATASET)
        run = model.card.run if model is not None else ""

        def job(report: Report[None], should_stop: ShouldStop) -> str:
            return next(
                (folder for folder in (_trained_from(run), last) if folder and Path(folder).is_dir()), ""
            )

        self._adding_lane.submit(
            job, on_success=self._page.reviewing.choose_dataset, on_failure=self._adding_failed
        )

    def _look_at_dataset(self, root: str, items: Sequence[CorrectedPhoto]) -> None:
        names = tuple(dict.fromkeys(name for _, name in items))

        def go_on(missing: tuple[str, ...]) -> None:
            if not missing or self._page.reviewing.sure_to_make(root, missing):
                self._add(root, items)

        self._adding_lane.submit(
            lambda report, should_stop: missing_classes(Path(root), names),
            on_success=go_on,
            on_failure=self._adding_failed,
        )

    def _add(self, root: str, items: Sequence[CorrectedPhoto]) -> None:
        adding = self._page.reviewing.adding

        def job(report: Report[_Progress], should_stop: ShouldStop) -> Added:
            def tell(done: int, total: int) -> None:
                if done % 10 == 0 or done == total:
                    report(_Progress(done, total))

            return add_to_dataset(items, Path(root), tell, should_stop)

        def progressed(progress: _Progress) -> None:
            if not ticket.is_stopping:
                adding.show_progress(*progress)

        def added(result: Added) -> None:
            self._settings.set(REVIEW_DATASET, root)
            adding.show_added(result)

        adding.show_progress(0, len(items))
        self._adding = ticket = self._adding_lane.submit(
            job,
            on_report=progressed,
            on_success=added,
            on_stop=adding.show_stopped,
            on_failure=self._adding_failed,
        )

    def _stop_adding(self) -> None:
        if self._adding is not None:
            self._adding.stop()

    def _adding_failed(self, error: Exception) -> None:
        text = self.tr("Something unexpected went wrong while adding.")
        self._page.reviewing.adding.show_failure(sentence(error, text))


def _trained_from(run: str) -> str:
    """The data set of a run; empty if the run has gone or has none."""
    if not run:
        return ""
    try:
        data = find_run(run).data()
    except InputError:
        return ""
    return data.root if data is not None else ""
