"""Models that come as share files and models that leave as such."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from scene_desktop.core import sharing
from scene_desktop.core.errors import TrainingError, sentence
from scene_desktop.core.models.library import Library, StoredModel
from scene_desktop.core.runs.events import ImportRequested, ModelImported, Phase, PhaseChanged, TrainingEvent
from scene_desktop.core.settings import SHARING_FOLDER, Settings
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.ui import words
from scene_desktop.ui.models.page import ModelsPage
from scene_desktop.ui.models.share_dialogs import ask_for_share_files, ask_for_share_place
from scene_desktop.work.engine_client import run_engine
from scene_desktop.work.jobs import Job, Lane

_SHOWN = 3
"""So many files are told of in the page itself, each with a sentence."""


@dataclass
class _Outcome:
    """What became of the files that were brought since the lane was idle.

    Attributes:
        sentences: One for each file.
        found: How many of them are in the library now. model: The last of those.
        kind: Of the message, info, warning or error.
        details: The technical part.
    """

    sentences: list[str] = field(default_factory=list)
    found: int = 0
    model: StoredModel | None = None
    kind: str = "info"
    details: str = ""


class SharingFlow(QObject):
    """Imports on a lane of its own, one file after the other; writes share files on the saving lane.

    Signals:
        library_changed: A model was added.
        page_wanted: The Models page has something to say.
    """

    library_changed = Signal()
    page_wanted = Signal()

    def __init__(
        self, page: ModelsPage, import_lane: Lane, saving_lane: Lane, library: Library, settings: Settings
    ) -> None:
        super().__init__(page)
        self._page, self._lane, self._saving_lane = page, import_lane, saving_lane
        self._library, self._settings = library, settings
        self._outcome = _Outcome()
        page.import_requested.connect(self.ask_import)
        page.share_requested.connect(self.ask_share)
        page.stop_requested.connect(import_lane.stop_all)

    # In

    def ask_import(self) -> None:
        """Asks which files shall be imported."""
        paths = ask_for_share_files(self._page, self._folder)
        if paths:
            self._settings.set(SHARING_FOLDER, str(Path(paths[0]).parent))
        self.import_files(paths)

    def import_files(self, paths: Sequence[str]) -> None:
        """Imports share files one after the other, and says why what is none is refused."""
        if not paths:
            return
        if not self._lane.is_busy:
            self._outcome = _Outcome()
            self._page.note.clear()
        self.page_wanted.emit()
        for path in paths:
            self._import(path)
        self._page.show_importing(self.tr("Checking “{name}” …").format(name=words.name_of(paths[0])))

    def _import(self, path: str) -> None:
        def reported(event: TrainingEvent) -> None:
            if isinstance(event, PhaseChanged) and not ticket.is_stopping:
                self._say(path, event.phase)

        ticket = self._lane.submit(
            _importing(path),
            on_start=lambda: self._say(path, Phase.READING),
            on_report=reported,
            on_success=self._imported,
            on_stop=lambda: self._stopped(path),
            on_failure=self._refused,
        )

    def _say(self, path: str, phase: Phase) -> None:
        text = {
            Phase.STARTING: self.tr("Making “{name}” ready: building its network …"),
            Phase.COMPILING: self.tr("Making “{name}” ready: compiling and comparing …"),
            Phase.SAVING: self.tr("Adding “{name}” to your models …"),
        }.get(phase, self.tr("Checking “{name}” …"))
        waiting = self._lane.waiting
        if waiting:
            text += " " + self.tr("{number} more to follow.").format(number=words.number(waiting))
        self._page.show_importing(text.format(name=words.name_of(path)))

    def _imported(self, event: ModelImported) -> None:
        self.library_changed.emit()
        self._page.select_folder(Path(event.folder))
        name = words.shown(event.card.name)
        if event.is_new:
            sentence = self.tr("“{name}” is one of your models now.").format(name=name)
        else:
            sentence = self.tr("You have this model already, as “{name}”. Nothing was added.").format(name=name)
        models = (model for model in self._library.models() if str(model.folder) == event.folder)
        self._outcome.found += 1
        self._outcome.model = next(models, None)
        self._end(sentence)

    def _refused(self, error: Exception) -> None:
        self._outcome.kind = "error"
        if isinstance(error, TrainingError):
            self._outcome.details = error.details
        self._end(sentence(error, self.tr("Something unexpected went wrong. The model was not added.")))

    def _stopped(self, path: str) -> None:
        text = self.tr("Stopped; “{name}” was not added.")
        self._end(text.format(name=words.name_of(path)))

    def _end(self, sentence: str) -> None:
        """Tells what became of all files so far; those that wait follow."""
        outcome, note = self._outcome, self._page.note
        outcome.sentences.append(sentence)
        text, details = "\n".join(outcome.sentences), outcome.details
        if len(outcome.sentences) > _SHOWN:
            text, details = self._summary(), "\n".join((text, details)).strip()
        note.tell(text, outcome.kind, details)
        if outcome.model is not None:
            model = outcome.model
            note.offer(self.tr("Use it to classify"), lambda: self._use(model))
        if not self._lane.is_busy:
            self._page.end_importing()
            self.page_wanted.emit()

    def _summary(self) -> str:
        """For more files than there is room for sentences."""
        found, total = self._outcome.found, len(self._outcome.sentences)
        if not found:
            text = self.tr("None of these {total} models was added; the details say why.")
        else:
            text = self.tr("{found} of {total} models are in your library; the details tell of each.")
        return text.format(found=words.number(found), total=words.number(total))

    def _use(self, model: StoredModel) -> None:
        self._page.note.clear()
        self._page.use_requested.emit(model)

    # Out

    def ask_share(self, model: StoredModel) -> None:
        """Asks where the share file shall be, and writes it there."""
        path = ask_for_share_place(self._page, self._folder, sharing.file_name(model))
        if path:
            self._settings.set(SHARING_FOLDER, str(Path(path).parent))
            self.share(model, path)

    def share(self, model: StoredModel, path: str) -> None:
        """Writes a share file; one that is there is replaced."""
        self._page.begin_sharing(self.tr("Saving “{name}” …").format(name=words.name_of(path)))
        self._saving_lane.submit(
            lambda report, should_stop: sharing.share(model, Path(path)),
            on_success=lambda nothing: self._shared(path),
            on_failure=self._not_shared,
            on_end=self._page.end_sharing,
        )

    def _shared(self, path: str) -> None:
        text = self.tr("Saved {path}. Whoever opens it with Scene Desktop has the model; no photo is in it.")
        self._page.show_message(text.format(path=path))
        folder = str(Path(path).parent)
        self._page.note.offer(self.tr("Show in folder"), lambda: _open(folder))

    def _not_shared(self, error: Exception) -> None:
        text = self.tr("Something unexpected went wrong. No file was written.")
        self._page.show_message(sentence(error, text), "error")

    @property
    def _folder(self) -> str:
        return self._settings.get(SHARING_FOLDER)


def _importing(path: str) -> Job[TrainingEvent, ModelImported]:
    """Refuses here what can be refused without the engine, which checks once more."""

    def job(report: Report[TrainingEvent], should_stop: ShouldStop) -> ModelImported:
        sharing.check(Path(path))
        ended = run_engine(ImportRequested(path=path), report, should_stop)
        assert isinstance(ended, ModelImported)
        return ended

    return job


def _open(folder: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(folder))
