"""Applying a plan, and going on with a sort that was interrupted."""

import logging
import os
import time
from collections.abc import Iterator

from scene_desktop.core.errors import InputError, Stopped
from scene_desktop.core.sorting import journals, sidecars
from scene_desktop.core.sorting.carrying import Carrier, Refused
from scene_desktop.core.sorting.durability import settle
from scene_desktop.core.sorting.folders import TargetFolders
from scene_desktop.core.sorting.items import Item, Kind, Step
from scene_desktop.core.sorting.journal import Journal
from scene_desktop.core.sorting.placing import Trace, is_full, reason
from scene_desktop.core.sorting.terms import (
    FailedPhoto,
    How,
    Plan,
    SortProgress,
    SortResult,
    SortState,
)
from scene_desktop.core.threads import Report, ShouldStop

BATCH_FILES = 500
BATCH_BYTES = 256 << 20
REPORT_EVERY_S = 0.05

log = logging.getLogger(__name__)


def apply_plan(
    plan: Plan, report: Report[SortProgress] = lambda progress: None, should_stop: ShouldStop = lambda: False
) -> SortResult:
    """Sorts the photos of a plan that have no problem.

    Each row is in the journal before it is touched; whatever ends this, `resume` goes on and `undo` puts
    everything back. A full disk ends it in order.

    Raises:
        InputError: The plan has a problem overall, or none of its photos can be sorted.
        SceneError: The journal cannot be written.
    """
    if plan.problems:
        raise InputError(plan.problems[0])
    if not plan.ready:
        raise InputError("None of the photos can be sorted. The plan tells why, photo by photo.")
    return resume(journals.begin(plan.settings, _items(plan)), report, should_stop)


def resume(
    record_id: str,
    report: Report[SortProgress] = lambda progress: None,
    should_stop: ShouldStop = lambda: False,
) -> SortResult:
    """Goes on with a sort that was stopped or has crashed; one that is done stays as it is.

    Raises:
        InputError: There is no such sort, it is at work elsewhere, or it has been undone.
        SceneError: The journal cannot be read or written.
    """
    with journals.open_journal(record_id) as journal:
        state = journal.state()
        if state in (SortState.UNDOING, SortState.UNDONE):
            raise InputError(f"The sort “{record_id}” has been undone. Sort the photos again instead.")
        if state is SortState.DONE:
            return _result(journal, None, stopped=False)
        with TargetFolders(journal, make=True) as folders:
            return _Sorting(journal, folders, report, should_stop).run()


def settle_interrupted(journal: Journal, carrier: Carrier) -> None:
    """After a crash, lets the journal agree with the disk again; see `Carrier.settle`."""
    for kind in Kind:
        items = journal.items(kind, Step.BEGUN, Step.READY)
        for item in items:
            carrier.settle(item)
        if items:
            journal.save(items)


def _items(plan: Plan) -> Iterator[Item]:
    for row, photo in enumerate(plan.photos):
        if photo.problem:
            continue
        found = Trace(photo.inode, photo.size, photo.mtime_ns)
        name = os.path.basename(photo.target)
        if not photo.is_at_its_place:
            yield Item(2 * row, Kind.PHOTO, None, photo.source, photo.folder, name, "", found)
        if photo.keyword:
            of = None if photo.is_at_its_place else 2 * row
            beside = name + sidecars.ENDING
            yield Item(2 * row + 1, Kind.SIDECAR, of, photo.source, photo.folder, beside, photo.keyword, found)


class _Sorting:
    def __init__(
        self, journal: Journal, folders: TargetFolders, report: Report[SortProgress], should_stop: ShouldStop
    ) -> None:
        self._journal = journal
        self._folders = folders
        self._carrier = Carrier(journal, folders, should_stop)
        self._report = report
        self._should_stop = should_stop
        self._stopped = False
        self._obstacle: FailedPhoto | None = None
        self._total = journal.count(Kind.PHOTO)
        self._done = 0
        self._last_told = 0.0

    def run(self) -> SortResult:
        settle_interrupted(self._journal, self._carrier)
        self._done = self._journal.count(Kind.PHOTO, Step.DONE, Step.FAILED)
        self._tell(0)
        self._write_sidecars(self._journal.sidecars_due())
        while not self._stopped and (batch := self._next_batch()):
            self._carry(batch)
            self._write_sidecars(self._journal.sidecars_of([i.n for i in batch if i.step is Step.DONE]))
        self._settle_quietly()
        if not self._stopped:
            self._journal.set_state(SortState.DONE)
        self._report(SortProgress(self._done, self._total))
        return _result(self._journal, self._obstacle, stopped=self._stopped)

    def _next_batch(self) -> list[Item]:
        batch: list[Item] = []
        size = 0
        for item in self._journal.items(Kind.PHOTO, Step.WAITING, limit=BATCH_FILES):
            if batch and size + item.found.size > BATCH_BYTES:
                break
            batch.append(item)
            size += item.found.size
        return batch

    def _write_sidecars(self, items: list[Item]) -> None:
        for start in range(0, len(items), BATCH_FILES):
            if not self._stopped:
                self._carry(items[start : start + BATCH_FILES])

    def _carry(self, batch: list[Item]) -> None:
        """Brings a batch to its goals; each step is on disk before the next."""
        self._journal.save_step(batch, Step.BEGUN)
        copies = self._take(batch)
        if copies and self._are_safe(copies):
            self._journal.save_step(copies, Step.READY)
            for item in copies:
                try:
                    self._carrier.finish(item)
                except (Refused, OSError) as error:
                    if isinstance(error, OSError) and is_full(error):
                        self._stop_at(item, error)
                        item.step = Step.WAITING
                    else:
                        _fail(item, error)
        if copies and self._journal.how is How.MOVE:
            self._settle_quietly()  # or the originals might be gone for good before the copies have their names
        self._journal.save(batch)

    def _take(self, batch: list[Item]) -> list[Item]:
        """Returns those of which there is a copy now that must be finished."""
        copies = []
        for position, item in enumerate(batch):
            try:
                if self._should_stop():
                    raise Stopped
                if self._carrier.take(item):
                    copies.append(item)
            except (Refused, OSError, Stopped) as error:
                if not isinstance(error, Stopped) and not (isinstance(error, OSError) and is_full(error)):
                    _fail(item, error)
                    self._tell(item.kind is Kind.PHOTO)
                    continue
                self._stop_at(item, error)
                for waiting in batch[position:]:
                    waiting.step = Step.WAITING
                break
            self._tell(item.kind is Kind.PHOTO)
        return copies

    def _stop_at(self, item: Item, error: Exception) -> None:
        """Ends the sort after this batch; what could not be done yet stays in the journal."""
        self._stopped = True
        if isinstance(error, OSError):
            why = f"{reason(error)}. Make room, then continue the sort"
            self._obstacle = FailedPhoto(item.origin, self._folders.path_of(item), why)

    def _are_safe(self, copies: list[Item]) -> bool:
        """Makes the copies of a batch durable; if the disk fails, they are given up."""
        if copies[0].kind is Kind.SIDECAR:
            return True  # can be written again
        try:
            settle(self._folders.opened())
        except OSError as error:
            for item in copies:
                self._carrier.give_up(item)
                _fail(item, error)
            return False
        return True

    def _settle_quietly(self) -> None:
        try:
            settle(self._folders.opened())
        except OSError as error:
            log.warning("The folders of the sort could not be made durable: %s", error)

    def _tell(self, more: int) -> None:
        self._done += more
        now = time.monotonic()
        if now - self._last_told >= REPORT_EVERY_S:
            self._last_told = now
            self._report(SortProgress(self._done, self._total))


def _fail(item: Item, error: Exception) -> None:
    item.step = Step.FAILED
    item.reason = reason(error) if isinstance(error, OSError) else str(error)


def _result(journal: Journal, obstacle: FailedPhoto | None, *, stopped: bool) -> SortResult:
    def rows(kind: Kind, step: Step) -> list[FailedPhoto]:
        return [
            FailedPhoto(item.origin, os.path.join(journal.target, item.folder, item.name), item.reason)
            for item in journal.items(kind, step)
            if item.reason
        ]

    failed = [*rows(Kind.PHOTO, Step.FAILED), *rows(Kind.SIDECAR, Step.FAILED)]
    if obstacle is not None:
        failed.append(obstacle)
    record = journal.record()
    return SortResult(record, record.done, tuple(failed), stopped, tuple(rows(Kind.PHOTO, Step.DONE)))
