"""From a drop on the Classify page to rows in its table."""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage

from scene_desktop.core import locations
from scene_desktop.core.classify.classifier import CompiledModel
from scene_desktop.core.classify.pipeline import ClassifyEvent, ClassifySummary, classify
from scene_desktop.core.errors import InputError, sentence
from scene_desktop.core.models.library import Library, StoredModel
from scene_desktop.core.settings import CLASSIFY_MODEL, Settings
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.flows.drop_memory import DropMemory, NotKept
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.work.jobs import Job, Lane, Ticket

log = logging.getLogger(__name__)

_PASTED_KEPT = timedelta(days=7)


DropEvent = ClassifyEvent | NotKept


@dataclass
class Drop:
    """A job that fills the page.

    Attributes:
        model: None if it is not there any more; then its earlier results are only shown.
        name: Of the model.
        journal: Id of the earlier results that are brought back, empty for new photos.
        stopped_by_person: Whether *Stop* was asked for, not only because the window closes.
    """

    model: StoredModel | None
    name: str
    classes: tuple[str, ...]
    journal: str = ""
    stopped_by_person: bool = False


class ClassifyFlow(QObject):
    """Runs drops one after the other and keeps the page told.

    Signals:
        model_changed: The model in use, a `StoredModel`; None if there is none any more.
        results_wanted: The id of earlier results that shall be shown again.
    """

    model_changed = Signal(object)
    results_wanted = Signal(str)

    def __init__(
        self,
        page: ClassifyPage,
        lane: Lane,
        saving_lane: Lane,
        library: Library,
        settings: Settings,
        memory: DropMemory,
    ) -> None:
        super().__init__(page)
        self._page, self._lane, self._saving_lane, self._memory = page, lane, saving_lane, memory
        self._library, self._settings = library, settings
        self._model: StoredModel | None = None
        self._shown: StoredModel | None = None
        self._last: Drop | None = None
        self._drops: dict[Ticket, Drop] = {}

        page.intake.paths_taken.connect(self.classify)
        page.intake.image_taken.connect(self._classify_image)
        page.stop_requested.connect(self._stop)
        page.model_button.chosen.connect(self.use)
        page.actions_.clear.triggered.connect(self._clear_and_offer)
        page.detail.show_in_folder_requested.connect(_show_in_folder)

        lane.queue_changed.connect(page.set_queue_length)

    @property
    def model(self) -> StoredModel | None:
        return self._model

    @property
    def shown_model(self) -> StoredModel | None:
        """The model whose verdicts are shown."""
        return self._shown

    def refresh_models(self) -> None:
        """Reads the library again and keeps the model in use if it is still there."""
        models = self._library.models()
        wanted = str(self._model.folder) if self._model else self._settings.get(CLASSIFY_MODEL)
        chosen = next((model for model in models if str(model.folder) == wanted), models[0] if models else None)
        if chosen is None:
            self._model = None
            self._page.model_button.set_models((), None)
            self._page.show_message(self.tr("There is no model yet. Train one first."))
            self.model_changed.emit(None)
            return
        self._page.set_models(models, chosen)
        self._set_model(chosen)

    def use(self, model: StoredModel) -> None:
        """Classifies with this model from now on."""
        self._settings.set(CLASSIFY_MODEL, str(model.folder))
        self._model = model
        self.refresh_models()

    def classify(self, paths: Sequence[str], then: Callable[[], None] = lambda: None) -> bool:
        """Queues a drop of files and folders; False if there is nothing to do it with.

        Args:
            then: Called when all of it is shown.
        """
        model = self._model
        if model is None or not paths:
            return False
        drop = Drop(model, model.card.name, model.card.classes)
        self.fill(drop, self._job(list(paths), model, drop), then)
        return True

    def fill(
        self, drop: Drop, job: Job[DropEvent, ClassifySummary], then: Callable[[], None] = lambda: None
    ) -> None:
        """Queues a job whose verdicts are shown on the page, after those that wait."""

        def end(summary: ClassifySummary) -> None:
            self._end(summary)
            then()

        ticket = self._lane.submit(
            job,
            on_start=lambda: self._begin(drop),
            on_report=self._report,
            on_success=end,
            on_failure=self._fail,
            on_end=lambda: self._drops.pop(ticket, None),
        )
        self._drops[ticket] = drop

    def _job(self, paths: list[str], model: StoredModel, drop: Drop) -> Job[DropEvent, ClassifySummary]:
        memory = self._memory

        def job(report: Report[DropEvent], should_stop: ShouldStop) -> ClassifySummary:
            with memory.recording(model, paths, report) as recording:
                compiled = CompiledModel.of(model)
                summary = classify(paths, compiled, recording.pass_on, should_stop, in_background=True)
                recording.end(summary, by_person=drop.stopped_by_person)
            return summary

        return job

    def _set_model(self, model: StoredModel) -> None:
        self._model = model
        if self._shown is None:
            self._show_prices(model)
        self.model_changed.emit(model)

    def _classify_image(self, image: QImage) -> None:
        """Keeps a pasted picture as a file first; encoding it takes too long for the window's thread."""
        self._saving_lane.submit(
            lambda report, should_stop: _keep_pasted(image), on_success=lambda path: self.classify([path])
        )

    def _begin(self, drop: Drop) -> None:
        put_away = ""
        if self._last is not None and _differ(self._last, drop):
            put_away = self._last.name if len(self._page.table_model.verdicts) else ""
            self._page.clear()  # rows of another model have other classes
        self._last = drop
        self._shown = drop.model
        if drop.model is not None:
            self._show_prices(drop.model)
        self._page.begin_drop(drop.classes)
        if put_away:
            text = self.tr("The results of “{name}” were put away: see “Earlier results” in the menu Edit.")
            self._page.show_message(text.format(name=put_away))

    def _show_prices(self, model: StoredModel) -> None:
        """The price of the threshold belongs to the model whose verdicts are shown."""
        evaluation = model.evaluation()
        self._page.set_prices(evaluation.prices if evaluation else ())

    def _stop(self) -> None:
        for ticket, drop in self._drops.items():
            drop.stopped_by_person = True
            ticket.stop()

    def _clear_and_offer(self) -> None:
        """Clearing is undone by showing the results again."""
        kept = self._memory.shown_id
        self.clear()
        if kept:
            self._page.show_message(self.tr("The results were put away; your photos stay where they are."))
            self._page.note.offer(self.tr("Show them again"), lambda: self.results_wanted.emit(kept))

    def clear(self) -> None:
        """Empties the page; what was on it stays in the memory on disk."""
        self._memory.let_go()
        self._page.clear()
        self._shown = self._last = None
        if self._model is not None:
            self._show_prices(self._model)

    def _report(self, event: DropEvent) -> None:
        if isinstance(event, NotKept):
            self._page.show_message(event.reason, "warning")
        else:
            self._page.add_event(event)

    def _end(self, summary: ClassifySummary) -> None:
        log.info("Classified %d of %d photos in %.1f s", summary.done, summary.found, summary.seconds)
        self._page.end_drop(summary)

    def _fail(self, error: Exception) -> None:
        text = self.tr("Something unexpected went wrong. The drop was ended.")
        self._page.fail_drop(sentence(error, text))


def _keep_pasted(image: QImage) -> str:
    """Writes a pasted picture into the cache and returns its path; those of earlier days go.

    Raises:
        InputError: It cannot be kept there.
    """
    folder = locations.cache_folder() / "pasted"
    now = datetime.now()
    path = folder / f"pasted {now:%Y-%m-%d %H.%M.%S.%f}.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for earlier in folder.glob("pasted *.png"):
            if earlier.stat().st_mtime < (now - _PASTED_KEPT).timestamp():
                earlier.unlink()
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"The pasted picture could not be kept in “{folder}” ({reason}).") from error
    if not image.save(str(path)):
        raise InputError(f"The pasted picture could not be kept in “{folder}”. Is the disk full?")
    return str(path)


def _differ(one: Drop, other: Drop) -> bool:
    """Whether two drops have different models."""
    return one.model is None or other.model is None or one.model.folder != other.model.folder


def _show_in_folder(path: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(os.path.dirname(path)))
