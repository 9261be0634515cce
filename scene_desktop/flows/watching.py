"""A watched folder: photos that arrive are classified on the page, and sorted if asked."""

import dataclasses
from pathlib import Path

from PySide6.QtCore import QObject

from scene_desktop.core.classify.watching import (
    EventsMissing,
    FolderBack,
    FolderGone,
    FolderWatch,
    PhotosArrived,
    WatchEvent,
)
from scene_desktop.core.errors import SceneError, sentence
from scene_desktop.core.settings import WATCHING_WISH, Settings, WatchWish
from scene_desktop.core.sorting import (
    FailedPhoto,
    How,
    SortResult,
    SortSettings,
    apply_plan,
    make_plan,
    places,
)
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.flows.classify import ClassifyFlow
from scene_desktop.ui import words
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.classify.watch_dialog import WatchDialog
from scene_desktop.work.jobs import Lane, Latest


class WatchFlow(QObject):
    """Watches one folder at a time."""

    def __init__(
        self,
        page: ClassifyPage,
        flow: ClassifyFlow,
        watch_lane: Lane,
        sort_lane: Lane,
        settings: Settings,
    ) -> None:
        super().__init__(page)
        self._page, self._flow, self._settings = page, flow, settings
        self._watching, self._sort_lane = Latest(watch_lane), sort_lane
        self._wish: WatchWish | None = None
        self._unclassified: tuple[str, ...] = ()
        page.actions_.watch.triggered.connect(self.open)
        page.watch_bar.stop_requested.connect(self.stop)
        flow.model_changed.connect(self._take_unclassified)

    def open(self) -> None:
        """Asks which folder is to be watched."""
        dialog = WatchDialog(self._settings.get(WATCHING_WISH), self._page.window())
        dialog.wanted.connect(self.begin)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def begin(self, wish: WatchWish) -> None:
        """Watches a folder from now on, instead of the one before."""
        self._settings.set(WATCHING_WISH, wish)
        self._drop()
        self._wish = wish
        ignored = [Path(wish.sort_into)] if wish.sort_into else []

        def job(report: Report[WatchEvent], should_stop: ShouldStop) -> None:
            FolderWatch(Path(wish.folder), ignored).run(report, should_stop)

        self._watching.submit(job, on_report=self._report, on_failure=self._fail)
        self._page.watch_bar.begin(wish.folder)

    def begin_again(self) -> None:
        """At the start: goes on if a person wished so."""
        last = self._settings.get(WATCHING_WISH)
        if last.at_start and last.folder:
            self.begin(last)

    def stop(self) -> None:
        """Ends watching, also for the next start."""
        self._drop()
        self._page.watch_bar.hide()
        last = self._settings.get(WATCHING_WISH)
        self._settings.set(WATCHING_WISH, dataclasses.replace(last, at_start=False))

    def _drop(self) -> None:
        self._watching.drop()
        self._wish = None
        self._unclassified = ()

    def _report(self, event: WatchEvent) -> None:
        bar = self._page.watch_bar
        match event:
            case PhotosArrived():
                self._take(event.paths)
            case FolderGone():
                bar.tell(self.tr("The folder is gone; watching goes on when it is back."))
            case FolderBack():
                bar.tell("")
            case EventsMissing():
                text = self.tr("The system does not tell of changes ({reason}); looking every few seconds.")
                bar.tell(text.format(reason=words.shown(event.reason)))

    def _take(self, paths: tuple[str, ...]) -> None:
        wish = self._wish
        if not self._flow.classify(paths, then=lambda: self._sort(paths, wish)):
            self._unclassified += paths
            self._page.watch_bar.tell(self.tr("New photos wait until there is a model. Train one first."))
            return
        self._page.watch_bar.count(new=len(paths))

    def _take_unclassified(self) -> None:
        if self._unclassified:
            paths, self._unclassified = self._unclassified, ()
            self._page.watch_bar.tell("")
            self._take(paths)

    def _sort(self, paths: tuple[str, ...], wish: WatchWish | None) -> None:
        if wish is None or wish is not self._wish or not wish.sort_into:
            return  # what arrived for an earlier wish does not go to the folder of another
        table, new = self._page.table_model, set(paths)
        newest = {path: row for row, path in enumerate(table.verdicts.paths) if path in new}
        rows = sorted(newest.values())  # a photo that came again has a row for each time
        if not rows:
            return  # the drop was stopped before its first verdict
        snapshot, classes = self._page.snapshot(rows), self._page.classes
        settings = SortSettings(Path(wish.sort_into), How(wish.how), self._page.threshold)

        def job(report: Report[None], should_stop: ShouldStop) -> tuple[SortResult, dict[str, str]]:
            plan = make_plan(snapshot(), classes, settings)
            result = apply_plan(plan)
            moved = places(result.record.id) if settings.how is How.MOVE else {}
            return result, moved

        self._sort_lane.submit(
            job, on_success=lambda outcome: self._sorted(*outcome), on_failure=self._not_sorted
        )

    def _sorted(self, result: SortResult, moved: dict[str, str]) -> None:
        self._page.table_model.moved(moved)
        self._page.watch_bar.count(sorted_=result.done)
        if result.failed:
            first: FailedPhoto = result.failed[0]
            text = self.tr("Not sorted: {name}, {reason}").format(
                name=words.name_of(first.source), reason=words.shown(first.reason)
            )
            self._page.watch_bar.tell(text)

    def _not_sorted(self, error: Exception) -> None:
        if isinstance(error, SceneError):
            self._page.watch_bar.tell(self.tr("Not sorted: {reason}").format(reason=error))

    def _fail(self, error: Exception) -> None:
        self._drop()
        self._page.watch_bar.hide()
        text = self.tr("Watching ended because something unexpected went wrong.")
        self._page.show_message(sentence(error, text), "error")
