"""Results of drops are kept on disk as they come, and brought back after a crash, a restart or a clearing."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QObject

from scene_desktop.core.classify.pipeline import (
    ClassifyEvent,
    ClassifySummary,
    PhotosClassified,
    PhotosFound,
)
from scene_desktop.core.drops import DropJournal, KnownPhotos, ModelKey
from scene_desktop.core.errors import SceneError
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.ui.results.prediction_table import PredictionTable
from scene_desktop.work.jobs import Lane

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NotKept:
    """An event of a drop: from here on its results are not kept on disk, for this reason."""

    reason: str


def key_of(model: StoredModel) -> ModelKey:
    """What tells a model from others in a journal."""
    return ModelKey(model.card.name, model.card.classes, model.card.compiled_sha256)


class DropMemory(QObject):
    """Owns the journal of the results that are shown.

    Corrections and moves are noted on `lane`; verdicts in the thread that gives them, between `recording`
    and its end. A journal that cannot be written costs a warning, never a verdict.
    """

    def __init__(self, table: PredictionTable, lane: Lane) -> None:
        super().__init__(table)
        self._table, self._lane = table, lane
        self._guard = threading.RLock()
        self._journal: DropJournal | None = None
        self._broken = False
        table.corrected.connect(self._note_correction)
        table.photos_moved.connect(self._note_moves)

    @property
    def shown_id(self) -> str:
        """The id of the journal of the results that are shown; empty if there is none."""
        journal = self._journal
        return "" if journal is None else journal.id

    @contextmanager
    def recording(
        self, model: StoredModel, paths: Sequence[str], report: Report[ClassifyEvent | NotKept]
    ) -> Iterator["Recording"]:
        """A new drop begins."""
        recording = Recording(report)
        try:
            with self._guard:
                journal = self._journal_for(key_of(model))
                if journal is not None:
                    recording.start(journal, journal.begin(paths))
        except SceneError as error:
            recording.give_up(error)
        try:
            yield recording
        finally:
            recording.finish()
            if recording.failed:
                self._broken = True

    @contextmanager
    def continuing(self, drop: int, report: Report[ClassifyEvent | NotKept]) -> Iterator["Recording"]:
        """A drop of the journal that is shown goes on."""
        recording = Recording(report)
        try:
            with self._guard:
                if self._journal is not None:
                    recording.start(self._journal, drop)
                    recording.known = self._journal.known(drop)
        except SceneError as error:
            recording.give_up(error)
        try:
            yield recording
        finally:
            recording.finish()

    def open(self, record_id: str) -> DropJournal:
        """Takes up an earlier journal, whose results are shown from now on.

        Raises:
            SceneError: It cannot be opened; what was shown before is let go of all the same.
        """
        with self._guard:
            self.let_go()
            self._journal = DropJournal.open(record_id)
            return self._journal

    def let_go(self) -> None:
        """The results are not shown any more; they stay on disk."""
        with self._guard:
            if self._journal is not None:
                self._journal.close()
            self._journal, self._broken = None, False

    def _journal_for(self, key: ModelKey) -> DropJournal | None:
        if self._journal is not None and self._journal.model != key:
            self.let_go()
        if self._journal is None and not self._broken:
            self._journal = DropJournal.create(key)
        return self._journal

    def _note_correction(self, rows: Sequence[int], label: int | None) -> None:
        paths = [self._table.verdicts.paths[row] for row in rows]
        self._note(lambda journal: journal.correct(paths, label))

    def _note_moves(self, places: dict[str, str]) -> None:
        self._note(lambda journal: journal.move(places))

    def _note(self, write: Callable[[DropJournal], None]) -> None:
        """Notes something of the results that are shown at this moment, wherever their journal is by then."""
        record_id = self.shown_id

        def job(report: Report[None], should_stop: ShouldStop) -> None:
            try:
                with self._guard, self._opened(record_id) as journal:
                    write(journal)
            except SceneError as error:
                log.warning("A correction could not be kept: %s", error)

        if record_id:
            self._lane.submit(job)

    @contextmanager
    def _opened(self, record_id: str) -> Iterator[DropJournal]:
        """The journal that is held, or, if its results were put away meanwhile, the one on disk."""
        if self._journal is not None and self._journal.id == record_id:
            yield self._journal
            return
        journal = DropJournal.open(record_id)
        try:
            yield journal
        finally:
            journal.close()


class Recording:
    """One drop on its way into the journal; if that fails, the drop goes on without."""

    def __init__(self, report: Report[ClassifyEvent | NotKept]) -> None:
        self._report = report
        self._journal: DropJournal | None = None
        self._drop = self._found = 0
        self._ended = False
        self.known: KnownPhotos | None = None
        self.failed = False

    def start(self, journal: DropJournal, drop: int) -> None:
        self._journal, self._drop = journal, drop

    def pass_on(self, event: ClassifyEvent) -> None:
        """Notes an event and reports it."""
        match event:
            case PhotosFound():
                self._found += len(event.paths)
            case PhotosClassified():
                self._try(lambda journal: journal.write(self._drop, event.predictions, self._found))
        self._report(event)

    def end(self, summary: ClassifySummary, *, by_person: bool) -> None:
        """The drop came to its end, or was stopped, by a person or because the window closes."""
        self._found = max(self._found, summary.found)
        self._ended = not summary.stopped or by_person

    def finish(self) -> None:
        """Nothing comes any more."""
        self._try(lambda journal: journal.end(self._drop, self._found, ended=self._ended))

    def give_up(self, error: SceneError) -> None:
        log.warning("Results are not kept: %s", error)
        self._journal, self.failed = None, True
        self._report(NotKept(str(error)))

    def _try(self, write: Callable[[DropJournal], None]) -> None:
        if self._journal is not None:
            try:
                write(self._journal)
            except SceneError as error:
                self.give_up(error)
