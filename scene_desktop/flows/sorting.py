"""Sorting from the window: plans, the work, undo, and what a crash has left."""

import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from scene_desktop.core.errors import sentence
from scene_desktop.core.settings import SORTING_HOW, SORTING_TARGET, Settings
from scene_desktop.core.sorting import (
    How,
    Plan,
    SortProgress,
    SortRecord,
    SortResult,
    SortState,
    UndoResult,
    apply_plan,
    make_plan,
    places,
    records,
    resume,
    undo,
)
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.sorting.choices import SortChoices
from scene_desktop.ui.sorting.records_dialog import SortRecordsDialog
from scene_desktop.ui.sorting.run_dialog import SortRunDialog
from scene_desktop.ui.sorting.sort_dialog import SortDialog
from scene_desktop.work.jobs import Job, Lane, Latest, Ticket


@dataclass(frozen=True)
class _Ended:
    """How the work ended, and which photos lie elsewhere now: old path, new path."""

    result: SortResult | UndoResult
    moved: dict[str, str]


class SortingFlow(QObject):
    """Owns the dialogs of sorting; all work is done on the lane."""

    def __init__(self, page: ClassifyPage, lane: Lane, settings: Settings) -> None:
        super().__init__(page)
        self._page, self._lane, self._settings = page, lane, settings
        self._planning = Latest(lane)
        self._working: Ticket | None = None
        self._dialog: SortDialog | None = None
        self._run = SortRunDialog(page)
        page.actions_.sort.triggered.connect(self.open)
        page.actions_.sorts.triggered.connect(self.show_records)
        page.sort_offer.resume_requested.connect(self.resume)
        page.sort_offer.undo_requested.connect(self.undo)
        self._run.stop_wanted.connect(self._stop)
        self._run.undo_wanted.connect(self.undo)
        self._run.resume_wanted.connect(self.resume)
        self._run.folder_wanted.connect(_show_folder)

    # What a person asks for

    def open(self) -> None:
        """Opens the dialog for the results of the page."""
        page, model = self._page, self._page.table_model
        if self._lane.is_busy or page.is_busy or not len(model.verdicts):
            return
        how = self._settings.get(SORTING_HOW)
        choices = SortChoices(page.counts, self._proposed_target(), how, page.threshold)
        choices.changed.connect(self._planning.drop)  # before the dialog hears of it and wants another plan
        self._dialog = SortDialog(choices, page.window())
        self._dialog.plan_wanted.connect(self._make_plan)
        self._dialog.sort_wanted.connect(self._apply)
        self._dialog.finished.connect(self._forget_dialog)
        self._dialog.open()
        choices.changed.emit()

    def show_records(self) -> None:
        """Lists all sorts that were made here."""
        if not self._lane.is_busy:
            self._lane.submit(lambda report, should_stop: records(), on_success=self._show_records)

    def look_for_interrupted(self) -> None:
        """At the start: offers to go on with a sort that was cut off."""
        self._lane.submit(lambda report, should_stop: records(), on_success=self._offer)

    def undo(self, record_id: str) -> None:
        """Takes a sort back."""

        def job(report: Report[SortProgress], should_stop: ShouldStop) -> _Ended:
            before = places(record_id)
            result = undo(record_id, report, should_stop)
            there = places(record_id)
            gone = {new: old for old, new in before.items() if old not in there}
            return _Ended(result, gone if result.record.how is How.MOVE else {})

        self._work(job, undoing=True)

    def resume(self, record_id: str) -> None:
        """Goes on with a sort that was stopped or cut off."""

        def job(report: Report[SortProgress], should_stop: ShouldStop) -> _Ended:
            return _moved(resume(record_id, report, should_stop))

        self._work(job, undoing=False)

    # Planning

    def _make_plan(self) -> None:
        dialog = self._dialog
        settings = None if dialog is None else dialog.choices.settings
        if dialog is None or settings is None:
            return
        predictions = self._page.snapshot(self._page.rows_of(dialog.choices.which))
        classes = self._page.classes

        def job(report: Report[SortProgress], should_stop: ShouldStop) -> Plan:
            return make_plan(predictions(), classes, settings, report, should_stop)

        self._planning.submit(
            job,
            on_report=dialog.show_planning,
            on_success=dialog.show_plan,
            on_failure=lambda error: dialog.show_failure(self._reason(error)),
        )

    def _proposed_target(self) -> str:
        kept = self._settings.get(SORTING_TARGET)
        if kept and Path(kept).parent.is_dir():
            return kept
        paths = self._page.table_model.verdicts.paths
        common = os.path.commonpath([os.path.dirname(paths[0]), os.path.dirname(paths[-1])])
        parent = Path(common).parent if len(Path(common).parts) > 2 else Path.home()
        return str(parent / self.tr("Sorted"))

    def _forget_dialog(self) -> None:
        self._planning.drop()
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    # The work

    def _apply(self, plan: Plan) -> None:
        self._settings.set(SORTING_TARGET, str(plan.settings.target))
        self._settings.set(SORTING_HOW, plan.settings.how)

        def job(report: Report[SortProgress], should_stop: ShouldStop) -> _Ended:
            return _moved(apply_plan(plan, report, should_stop))

        self._work(job, undoing=False)

    def _work(self, job: Job[SortProgress, _Ended], *, undoing: bool) -> None:
        self._page.sort_offer.hide()
        self._run.begin(undoing=undoing)
        if self._run.parentWidget() is not self._page.window():
            self._run.setParent(self._page.window(), self._run.windowFlags())
        if not self._run.isVisible():
            self._run.open()

        def progressed(progress: SortProgress) -> None:
            if not ticket.is_stopping:
                self._run.show_progress(progress)

        self._working = ticket = self._lane.submit(
            job,
            on_report=progressed,
            on_success=self._ended,
            on_stop=lambda: self._run.show_failure(
                self.tr("It was stopped before it began. Nothing was touched.")
            ),
            on_failure=lambda error: self._run.show_failure(self._reason(error)),
        )

    def _stop(self) -> None:
        if self._working is not None:
            self._working.stop()

    def _ended(self, ended: _Ended) -> None:
        self._page.table_model.moved(ended.moved)
        if isinstance(ended.result, UndoResult):
            self._run.show_undone(ended.result)
        else:
            self._run.show_result(ended.result)

    def _offer(self, found: list[SortRecord]) -> None:
        cut = [one for one in found if one.state in (SortState.UNFINISHED, SortState.UNDOING)]
        waiting = [one for one in cut if not one.running]
        if waiting:
            self._page.sort_offer.offer(waiting[0])

    def _show_records(self, found: list[SortRecord]) -> None:
        dialog = SortRecordsDialog(found, self._page.window())
        dialog.undo_wanted.connect(self.undo)
        dialog.resume_wanted.connect(self.resume)
        dialog.folder_wanted.connect(_show_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _reason(self, error: Exception) -> str:
        return sentence(error, self.tr("Something unexpected went wrong. Nothing was overwritten."))


def _moved(result: SortResult) -> _Ended:
    return _Ended(result, places(result.record.id) if result.record.how is How.MOVE else {})


def _show_folder(path: str) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))
