"""Results on their way to a file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from scene_desktop.core.errors import SceneError
from scene_desktop.core.exports import FORMATS, Results, format_of, save
from scene_desktop.core.models.library import StoredModel
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.classify.save_dialog import SaveDialog, ask_for_place
from scene_desktop.work.jobs import Lane, Ticket

_FORMAT_SETTING = "saving/format"
_FOLDER_SETTING = "saving/folder"

Report = Callable[[object], None]
ShouldStop = Callable[[], bool]


class SavingFlow(QObject):
    """Asks what is wanted and saves on the lane.

    Args:
        shown_model: Gives the model whose verdicts are shown; None while there are none.

    Signals:
        bug_found: An exception that is no `SceneError`.
    """

    bug_found = Signal(object)

    def __init__(
        self,
        page: ClassifyPage,
        lane: Lane,
        shown_model: Callable[[], StoredModel | None],
        settings: QSettings,
    ) -> None:
        super().__init__(page)
        self._page, self._lane = page, lane
        self._shown_model, self._settings = shown_model, settings
        self._ticket: Ticket | None = None
        page.actions_.save.triggered.connect(self.open)
        page.actions_.report.triggered.connect(self.save_report)
        page.saving_stop_requested.connect(self._stop)
        lane.reported.connect(self._report)
        lane.succeeded.connect(self._saved)
        lane.stopped.connect(self._stopped)
        lane.failed.connect(self._fail)

    def open(self) -> None:
        """Asks for photos, format and place."""
        if self._ticket is not None:
            return
        chosen, folder = (str(self._settings.value(key, "")) for key in (_FORMAT_SETTING, _FOLDER_SETTING))
        dialog = SaveDialog(self._page.counts, chosen, folder, self._page.window())
        dialog.save_wanted.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_report(self) -> None:
        """Asks only for the place of a report."""
        kind = next(known for known in FORMATS if known.key == "html")
        path = ask_for_place(self._page, kind, str(self._settings.value(_FOLDER_SETTING, "")))
        if path:
            self.save(path)

    def save(self, path: str, which: str = "all") -> None:
        """Saves to `path`, whose ending says the format."""
        page, model = self._page, self._shown_model()
        snapshot = page.snapshot(page.rows_of(which))
        classes, threshold, name = tuple(page.classes), page.threshold, model.card.name if model else ""

        def job(report: Report, should_stop: ShouldStop) -> str:
            results = Results(snapshot(), classes, threshold, name)
            save(Path(path), results, lambda done, total: report((done, total)), should_stop)
            return path

        self._ticket = self._lane.submit(job, "save", path)
        page.show_saving(None)

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.stop()

    def _report(self, ticket: Ticket, progress: object) -> None:
        if ticket is self._ticket and isinstance(progress, tuple) and not ticket.is_stopping:
            done, total = progress
            self._page.show_saving(done / total if total else None)

    def _saved(self, ticket: Ticket, path: object) -> None:
        if ticket is not self._ticket:
            return
        self._end()
        self._settings.setValue(_FOLDER_SETTING, str(Path(str(path)).parent))
        self._settings.setValue(_FORMAT_SETTING, format_of(str(path)).key)
        self._page.note.tell(self.tr("Saved {}").format(path))
        self._page.note.offer(self.tr("Open"), lambda: _open(str(path)))

    def _stopped(self, ticket: Ticket) -> None:
        if ticket is self._ticket:
            self._end()
            self._page.show_message(self.tr("Saving was stopped. No file was written."))

    def _fail(self, ticket: Ticket, error: Exception) -> None:
        if ticket is not self._ticket:
            return
        self._end()
        if isinstance(error, SceneError):
            self._page.show_message(str(error), "error")
        else:
            self._page.show_message(self.tr("Something unexpected went wrong. No file was written."), "error")
            self.bug_found.emit(error)

    def _end(self) -> None:
        self._ticket = None
        self._page.end_saving()


def _open(path: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))
