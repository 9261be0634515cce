"""Models that come as share files and models that leave as such."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from scene_desktop.core import sharing
from scene_desktop.core.errors import SceneError, TrainingError
from scene_desktop.core.models.library import Library, StoredModel
from scene_desktop.core.runs.events import ImportRequested, ModelImported, Phase, PhaseChanged
from scene_desktop.ui import words
from scene_desktop.ui.models.page import ModelsPage
from scene_desktop.ui.models.share_dialogs import ask_for_share_files, ask_for_share_place
from scene_desktop.work.engine_client import run_engine
from scene_desktop.work.jobs import Lane, Ticket

_FOLDER_SETTING = "sharing/folder"
_SHARE = "share"
_SHOWN = 3
"""So many files are told of in the page itself, each with a sentence."""

Report = Callable[[object], None]
ShouldStop = Callable[[], bool]


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
        bug_found: An exception that is no `SceneError`.
    """

    library_changed = Signal()
    page_wanted = Signal()
    bug_found = Signal(object)

    def __init__(
        self, page: ModelsPage, import_lane: Lane, saving_lane: Lane, library: Library, settings: QSettings
    ) -> None:
        super().__init__(page)
        self._page, self._lane, self._saving_lane = page, import_lane, saving_lane
        self._library, self._settings = library, settings
        self._outcome = _Outcome()
        page.import_requested.connect(self.ask_import)
        page.share_requested.connect(self.ask_share)
        page.stop_requested.connect(import_lane.stop_all)
        import_lane.started.connect(self._begin)
        import_lane.reported.connect(self._report)
        import_lane.succeeded.connect(self._imported)
        import_lane.stopped.connect(self._stopped)
        import_lane.failed.connect(self._refused)
        saving_lane.succeeded.connect(self._shared)
        saving_lane.failed.connect(self._not_shared)

    # In

    def ask_import(self) -> None:
        """Asks which files shall be imported."""
        paths = ask_for_share_files(self._page, self._folder)
        if paths:
            self._settings.setValue(_FOLDER_SETTING, str(Path(paths[0]).parent))
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
            self._lane.submit(_importing(path), "import", path)
        self._page.show_importing(self.tr("Checking “{name}” …").format(name=words.name_of(paths[0])))

    def _begin(self, ticket: Ticket) -> None:
        self._say(ticket, Phase.READING)

    def _report(self, ticket: Ticket, event: object) -> None:
        if isinstance(event, PhaseChanged) and not ticket.is_stopping:
            self._say(ticket, event.phase)

    def _say(self, ticket: Ticket, phase: Phase) -> None:
        text = {
            Phase.STARTING: self.tr("Making “{name}” ready: building its network …"),
            Phase.COMPILING: self.tr("Making “{name}” ready: compiling and comparing …"),
            Phase.SAVING: self.tr("Adding “{name}” to your models …"),
        }.get(phase, self.tr("Checking “{name}” …"))
        waiting = len(self._lane.queue)
        if waiting:
            text += " " + self.tr("{number} more to follow.").format(number=words.number(waiting))
        self._page.show_importing(text.format(name=words.name_of(str(ticket.subject))))

    def _imported(self, ticket: Ticket, event: ModelImported) -> None:
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

    def _refused(self, ticket: Ticket, error: Exception) -> None:
        self._outcome.kind = "error"
        if isinstance(error, TrainingError):
            self._outcome.details = error.details
        if isinstance(error, SceneError):
            self._end(str(error))
        else:
            self._end(self.tr("Something unexpected went wrong. The model was not added."))
            self.bug_found.emit(error)

    def _stopped(self, ticket: Ticket) -> None:
        text = self.tr("Stopped; “{name}” was not added.")
        self._end(text.format(name=words.name_of(str(ticket.subject))))

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
            self._settings.setValue(_FOLDER_SETTING, str(Path(path).parent))
            self.share(model, path)

    def share(self, model: StoredModel, path: str) -> None:
        """Writes a share file; one that is there is replaced."""

        def job(report: Report, should_stop: ShouldStop) -> str:
            sharing.share(model, Path(path))
            return path

        self._page.begin_sharing(self.tr("Saving “{name}” …").format(name=words.name_of(path)))
        self._saving_lane.submit(job, _SHARE, path)

    def _shared(self, ticket: Ticket, path: object) -> None:
        if ticket.kind != _SHARE:
            return
        self._page.end_sharing()
        text = self.tr("Saved {path}. Whoever opens it with Scene Desktop has the model; no photo is in it.")
        self._page.show_message(text.format(path=path))
        folder = str(Path(str(path)).parent)
        self._page.note.offer(self.tr("Show in folder"), lambda: _open(folder))

    def _not_shared(self, ticket: Ticket, error: Exception) -> None:
        if ticket.kind != _SHARE:
            return
        self._page.end_sharing()
        if isinstance(error, SceneError):
            self._page.show_message(str(error), "error")
        else:
            self._page.show_message(self.tr("Something unexpected went wrong. No file was written."), "error")
            self.bug_found.emit(error)

    @property
    def _folder(self) -> str:
        return str(self._settings.value(_FOLDER_SETTING, ""))


def _importing(path: str) -> Callable[[Report, ShouldStop], ModelImported]:
    """Refuses here what can be refused without the engine, which checks once more."""

    def job(report: Report, should_stop: ShouldStop) -> ModelImported:
        sharing.check(Path(path))
        ended = run_engine(ImportRequested(path=path), report, should_stop)
        assert isinstance(ended, ModelImported)
        return ended

    return job


def _open(folder: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(folder))
