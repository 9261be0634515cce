"""Results on their way to a file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from scene_desktop.core.errors import sentence
from scene_desktop.core.exports import FORMATS, Results, format_of, save
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.settings import SAVING_FOLDER, SAVING_FORMAT, Settings
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.classify.save_dialog import SaveDialog, ask_for_place
from scene_desktop.work.jobs import Lane, Latest


class SavingFlow(QObject):
    """Asks what is wanted and saves on the lane.

    Args:
        shown_model: Gives the model whose verdicts are shown; None while there are none.
    """

    def __init__(
        self,
        page: ClassifyPage,
        lane: Lane,
        shown_model: Callable[[], StoredModel | None],
        settings: Settings,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._shown_model, self._settings = shown_model, settings
        self._saving = Latest(lane)
        page.actions_.save.triggered.connect(self.open)
        page.actions_.report.triggered.connect(self.save_report)
        page.saving_stop_requested.connect(self._saving.stop)

    def open(self) -> None:
        """Asks for photos, format and place."""
        if self._has_to_wait():
            return
        chosen, folder = self._settings.get(SAVING_FORMAT), self._settings.get(SAVING_FOLDER)
        dialog = SaveDialog(self._page.counts, chosen, folder, self._page.window())
        dialog.save_wanted.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_report(self) -> None:
        """Asks only for the place of a report."""
        if self._has_to_wait():
            return
        kind = next(known for known in FORMATS if known.key == "html")
        path = ask_for_place(self._page, kind, self._settings.get(SAVING_FOLDER))
        if path:
            self.save(path)

    def save(self, path: str, which: str = "all") -> None:
        """Saves to `path`, whose ending says the format."""
        page, model = self._page, self._shown_model()
        snapshot = page.snapshot(page.rows_of(which))
        classes, threshold, name = tuple(page.classes), page.threshold, model.card.name if model else ""

        def job(report: Report[tuple[int, int]], should_stop: ShouldStop) -> None:
            results = Results(snapshot(), classes, threshold, name)
            save(Path(path), results, lambda done, total: report((done, total)), should_stop)

        self._saving.submit(
            job,
            on_report=self._report,
            on_success=lambda nothing: self._saved(path),
            on_stop=self._stopped,
            on_failure=self._fail,
            on_end=page.end_saving,
        )
        page.show_saving(None)

    def _has_to_wait(self) -> bool:
        if self._saving.is_busy:
            self._page.show_message(self.tr("Results are being saved. Wait for it, or stop it first."))
        return self._saving.is_busy

    def _report(self, progress: tuple[int, int]) -> None:
        if not self._saving.is_stopping:
            done, total = progress
            self._page.show_saving(done / total if total else None)

    def _saved(self, path: str) -> None:
        self._settings.set(SAVING_FOLDER, str(Path(path).parent))
        self._settings.set(SAVING_FORMAT, format_of(path).key)
        self._page.note.tell(self.tr("Saved {}").format(path))
        self._page.note.offer(self.tr("Open"), lambda: _open(path))

    def _stopped(self) -> None:
        self._page.show_message(self.tr("Saving was stopped. No file was written."))

    def _fail(self, error: Exception) -> None:
        text = self.tr("Something unexpected went wrong. No file was written.")
        self._page.show_message(sentence(error, text), "error")


def _open(path: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))
