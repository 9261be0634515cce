"""A watched folder: photos that arrive are classified on the page, and sorted if asked."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QSettings, Signal

from scene_desktop.core.classify.watching import (
    EventsMissing,
    FolderBack,
    FolderGone,
    FolderWatch,
    PhotosArrived,
)
from scene_desktop.core.errors import SceneError
from scene_desktop.core.sorting import (
    FailedPhoto,
    How,
    SortResult,
    SortSettings,
    apply_plan,
    make_plan,
    places,
)
from scene_desktop.flows.classify import ClassifyFlow
from scene_desktop.ui import words
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.classify.watch_dialog import WatchDialog, WatchWish
from scene_desktop.work.jobs import Lane, Ticket

_SETTING = "watching/wish"

Report = Callable[[object], None]
ShouldStop = Callable[[], bool]


class WatchFlow(QObject):
    """Watches one folder at a time.

    Signals:
        bug_found: An exception that is no `SceneError`.
    """

    bug_found = Signal(object)

    def __init__(
        self,
        page: ClassifyPage,
        flow: ClassifyFlow,
        lanes: tuple[Lane, Lane, Lane],
        settings: QSettings,
    ) -> None:
        super().__init__(page)
        self._page, self._flow, self._settings = page, flow, settings
        self._classify_lane, self._watch_lane, self._sort_lane = lanes
        self._wish: WatchWish | None = None
        self._watching: Ticket | None = None
        self._arrived: dict[Ticket, tuple[tuple[str, ...], WatchWish]] = {}
        self._unclassified: tuple[str, ...] = ()
        page.actions_.watch.triggered.connect(self.open)
        page.watch_bar.stop_requested.connect(self.stop)
        flow.model_changed.connect(self._take_unclassified)
        self._watch_lane.reported.connect(self._report)
        self._watch_lane.failed.connect(self._fail)
        self._classify_lane.succeeded.connect(self._classified)
        self._sort_lane.succeeded.connect(self._sorted)
        self._sort_lane.failed.connect(self._not_sorted)

    def open(self) -> None:
        """Asks which folder is to be watched."""
        dialog = WatchDialog(self._last(), self._page.window())
        dialog.wanted.connect(self.begin)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def begin(self, wish: WatchWish) -> None:
        """Watches a folder from now on, instead of the one before."""
        self._settings.setValue(_SETTING, msgspec.json.encode(wish).decode())
        self._drop()
        self._wish = wish
        ignored = [Path(wish.sort_into)] if wish.sort_into else []

        def job(report: Report, should_stop: ShouldStop) -> None:
            FolderWatch(Path(wish.folder), ignored).run(report, should_stop)

        self._watching = self._watch_lane.submit(job, "watch")
        self._page.watch_bar.begin(wish.folder)

    def begin_again(self) -> None:
        """At the start: goes on if a person wished so."""
        last = self._last()
        if last.at_start and last.folder:
            self.begin(last)

    def stop(self) -> None:
        """Ends watching, also for the next start."""
        self._drop()
        self._wish = None
        self._page.watch_bar.hide()
        ended = dataclasses.replace(self._last(), at_start=False)
        self._settings.setValue(_SETTING, msgspec.json.encode(ended).decode())

    def _drop(self) -> None:
        if self._watching is not None:
            self._watching.stop()
            self._watching = None
        self._unclassified = ()

    def _last(self) -> WatchWish:
        try:
            return msgspec.json.decode(str(self._settings.value(_SETTING, "")), type=WatchWish)
        except msgspec.DecodeError:
            return WatchWish("")

    def _report(self, ticket: Ticket, event: object) -> None:
        if ticket is not self._watching:
            return
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
        ticket = self._flow.classify(paths)
        if ticket is None:
            self._unclassified += paths
            self._page.watch_bar.tell(self.tr("New photos wait until there is a model. Train one first."))
            return
        self._page.watch_bar.count(new=len(paths))
        if self._wish is not None and self._wish.sort_into:
            self._arrived[ticket] = paths, self._wish

    def _take_unclassified(self) -> None:
        if self._unclassified:
            paths, self._unclassified = self._unclassified, ()
            self._page.watch_bar.tell("")
            self._take(paths)

    def _classified(self, ticket: Ticket, summary: object) -> None:
        paths, wish = self._arrived.pop(ticket, ((), None))
        if wish is None or wish is not self._wish:
            return  # what arrived for an earlier wish does not go to the folder of another
        table, new = self._page.table_model, set(paths)
        rows = [row for row, path in enumerate(table.verdicts.paths) if path in new]
        snapshot, classes = self._page.snapshot(rows), self._page.classes
        settings = SortSettings(Path(wish.sort_into), How(wish.how), self._page.threshold)

        def job(report: Report, should_stop: ShouldStop) -> tuple[SortResult, dict[str, str]]:
            plan = make_plan(snapshot(), classes, settings)
            result = apply_plan(plan)
            moved = places(result.record.id) if settings.how is How.MOVE else {}
            return result, moved

        self._sort_lane.submit(job, "sort new")

    def _sorted(self, ticket: Ticket, outcome: object) -> None:
        if ticket.kind != "sort new" or not isinstance(outcome, tuple):
            return
        result, moved = outcome
        self._page.table_model.moved(moved)
        self._page.watch_bar.count(sorted_=result.done)
        if result.failed:
            first: FailedPhoto = result.failed[0]
            text = self.tr("Not sorted: {name}, {reason}").format(
                name=words.name_of(first.source), reason=words.shown(first.reason)
            )
            self._page.watch_bar.tell(text)

    def _not_sorted(self, ticket: Ticket, error: Exception) -> None:
        if ticket.kind != "sort new":
            return
        if isinstance(error, SceneError):
            self._page.watch_bar.tell(self.tr("Not sorted: {reason}").format(reason=error))
        else:
            self.bug_found.emit(error)

    def _fail(self, ticket: Ticket, error: Exception) -> None:
        if ticket is not self._watching:
            return
        self._watching = None
        self._page.watch_bar.hide()
        if isinstance(error, SceneError):
            self._page.show_message(str(error), "error")
        else:
            self._page.show_message(self.tr("Watching ended because something unexpected went wrong."), "error")
            self.bug_found.emit(error)
