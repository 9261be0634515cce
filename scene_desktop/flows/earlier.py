"""Earlier results: offered after a crash, listed in a dialog, shown again, continued."""

from dataclasses import replace

from PySide6.QtCore import QObject

from scene_desktop.core.classify.classifier import CompiledModel
from scene_desktop.core.classify.pipeline import (
    ClassifySummary,
    PhotosClassified,
    PhotosFound,
    SearchEnded,
    classify,
)
from scene_desktop.core.drops import DropRecord, find, records, remove
from scene_desktop.core.errors import InputError, SceneError
from scene_desktop.core.models.library import Library, StoredModel
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.flows.classify import ClassifyFlow, Drop, DropEvent
from scene_desktop.flows.drop_memory import DropMemory, key_of
from scene_desktop.ui.classify.earlier_dialog import EarlierDialog
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.work.jobs import Job, Lane


class EarlierFlow(QObject):
    """Brings results back."""

    def __init__(
        self,
        page: ClassifyPage,
        flow: ClassifyFlow,
        memory: DropMemory,
        lanes: tuple[Lane, Lane],
        library: Library,
    ) -> None:
        super().__init__(page)
        self._page, self._flow, self._memory, self._library = page, flow, memory, library
        self._classify_lane, self._lane = lanes
        page.actions_.earlier.triggered.connect(self.show_list)
        page.drop_offer.continue_requested.connect(self.go_on)
        page.drop_offer.show_requested.connect(self.show_results)
        page.drop_offer.discard_requested.connect(self.discard)

    def look_for_interrupted(self) -> None:
        """At the start: offers to go on with a drop that was cut off."""
        self._lane.submit(lambda report, should_stop: records(), on_success=self._offer, on_failure=self._fail)

    def show_list(self) -> None:
        """Lists the results of earlier drops."""
        self._lane.submit(
            lambda report, should_stop: records(), on_success=self._show_list, on_failure=self._fail
        )

    def discard(self, record_id: str) -> None:
        """Forgets results for good; photos stay as they are."""
        self._page.drop_offer.hide()
        self._lane.submit(lambda report, should_stop: remove(record_id), on_failure=self._fail)

    def show_results(self, record_id: str) -> None:
        """Shows the verdicts of earlier drops without reading a photo."""
        self._bring_back(record_id, go_on=False)

    def go_on(self, record_id: str) -> None:
        """Shows the verdicts of earlier drops and classifies what was left."""
        self._bring_back(record_id, go_on=True)

    def _bring_back(self, record_id: str, *, go_on: bool) -> None:
        if self._classify_lane.is_busy:
            self._page.show_message(self.tr("A drop is being classified. Wait for it, or stop it first."))
            return
        self._page.drop_offer.hide()
        try:
            record = find(record_id)
        except SceneError as error:
            self._page.show_message(str(error), "error")
            return
        model = next((one for one in self._library.models() if key_of(one) == record.model), None)
        if model is None and go_on:
            text = self.tr(
                "The model “{name}” is not there any more, so its drop cannot go on. Its results are shown; "
                "drop the photos again to classify them with another model."
            )
            self._page.show_message(text.format(name=record.model.name), "warning")
        self._flow.clear()
        drop = Drop(model, record.model.name, record.model.classes)
        self._flow.fill(drop, self._job(record, model if go_on else None, drop))

    def _job(
        self, record: DropRecord, model: StoredModel | None, drop: Drop
    ) -> Job[DropEvent, ClassifySummary]:
        memory = self._memory

        def job(report: Report[DropEvent], should_stop: ShouldStop) -> ClassifySummary:
            journal = memory.open(record.id)
            unfinished = journal.unfinished() if model is not None else []
            shown = 0
            for chunk in journal.predictions(ended_only=bool(unfinished)):
                if should_stop():
                    break
                report(PhotosFound(shown, tuple(one.path for one in chunk)))
                shown += len(chunk)
                report(PhotosClassified(tuple(chunk), shown))
            if not unfinished:
                report(SearchEnded(shown))
            found = done = shown
            stopped, seconds = should_stop(), 0.0
            for number, paths in unfinished:
                if stopped or model is None:
                    break
                counted = _Shifted(report, found, done)
                with memory.continuing(number, counted) as recording:
                    summary = classify(
                        paths,
                        CompiledModel.of(model),
                        recording.pass_on,
                        should_stop,
                        in_background=True,
                        known=recording.known,
                    )
                    recording.end(summary, by_person=drop.stopped_by_person)
                found, done = found + summary.found, done + summary.done
                stopped, seconds = summary.stopped, seconds + summary.seconds
            return ClassifySummary(found, done, stopped, seconds)

        return job

    def _offer(self, found: list[DropRecord]) -> None:
        cut = next((one for one in found if not one.ended and one.done), None)
        if cut is not None and cut is found[0]:
            self._page.drop_offer.offer(cut)

    def _show_list(self, found: list[DropRecord]) -> None:
        dialog = EarlierDialog(found, self._page.window())
        dialog.show_wanted.connect(self.show_results)
        dialog.continue_wanted.connect(self.go_on)
        dialog.discard_wanted.connect(self.discard)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, SceneError):
            self._page.show_message(str(error), "warning" if isinstance(error, InputError) else "error")


class _Shifted:
    """Events of one drop of several: indices and counts go on where the last one ended."""

    def __init__(self, report: Report[DropEvent], found: int, done: int) -> None:
        self._report, self._first, self._done = report, found, done

    def __call__(self, event: DropEvent) -> None:
        match event:
            case PhotosFound():
                event = PhotosFound(event.first + self._first, event.paths)
            case PhotosClassified():
                shifted = tuple(replace(one, index=one.index + self._first) for one in event.predictions)
                event = PhotosClassified(shifted, event.done + self._done)
            case SearchEnded():
                event = SearchEnded(event.total + self._first)
        self._report(event)
