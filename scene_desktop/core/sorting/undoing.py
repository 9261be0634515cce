"""Undoing a sort: what it made goes, what it moved goes back, and nothing else is touched."""

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterable, Iterator

from scene_desktop.core.errors import Stopped
from scene_desktop.core.sorting import journals, sidecars
from scene_desktop.core.sorting.applying import BATCH_FILES, REPORT_EVERY_S, settle_interrupted
from scene_desktop.core.sorting.carrying import Carrier, Refused
from scene_desktop.core.sorting.durability import settle
from scene_desktop.core.sorting.folders import TargetFolders
from scene_desktop.core.sorting.items import Item, Kind, Step
from scene_desktop.core.sorting.journal import Journal
from scene_desktop.core.sorting.placing import (
    Spot,
    Trace,
    copy,
    have_same_content,
    move,
    read_whole,
    reason,
)
from scene_desktop.core.sorting.terms import (
    FailedPhoto,
    How,
    SortProgress,
    SortState,
    UndoResult,
)
from scene_desktop.core.threads import Report, ShouldStop

_CHANGED = "It has been changed since it was sorted, so it was left alone"
_LAST_COPY = "The original is not at its place, so this copy was kept"
_OCCUPIED = "Another file is at its old place, so it stays where it is"
_LOST = "It is neither here nor at its old place: someone has moved or removed it"


def undo(
    record_id: str,
    report: Report[SortProgress] = lambda progress: None,
    should_stop: ShouldStop = lambda: False,
) -> UndoResult:
    """Puts everything back as it was before a sort, also after a crash in its middle or in that of an undo.

    What was changed since, and the last copy of a photo, stays and is reported; undo again tries those
    again. Nothing is overwritten.

    Raises:
        InputError: There is no such sort, or it is at work elsewhere.
        SceneError: The journal cannot be read or written.
    """
    with journals.open_journal(record_id) as journal, TargetFolders(journal, make=False) as folders:
        return _Undoing(journal, folders, report, should_stop).run()


class _Undoing:
    def __init__(
        self, journal: Journal, folders: TargetFolders, report: Report[SortProgress], should_stop: ShouldStop
    ) -> None:
        self._journal = journal
        self._folders = folders
        self._report = report
        self._should_stop = should_stop
        self._stopped = False
        self._total = self._done = 0
        self._last_told = 0.0
        self._origins: set[str] = set()

    def run(self) -> UndoResult:
        self._journal.set_state(SortState.UNDOING)
        settle_interrupted(self._journal, Carrier(self._journal, self._folders, self._should_stop))
        for item in self._journal.items(Kind.PHOTO, Step.BACK_BEGUN, Step.BACK_READY):
            self._settle(item)
            self._journal.save([item])
        self._total = self._journal.count(Kind.PHOTO, Step.DONE, Step.LEFT)
        for kind in (Kind.SIDECAR, Kind.PHOTO):
            for batch in self._batches(kind):
                self._bring_back(batch)
                if self._stopped:
                    break
        if not self._stopped:
            if self._journal.how is How.MOVE:
                _settle_quietly(self._origins)
            self._folders.remove_empty()
            self._journal.set_state(SortState.UNDONE)
        self._report(SortProgress(self._done, self._total))
        return self._result()

    def _batches(self, kind: Kind) -> Iterator[list[Item]]:
        items = self._journal.items(kind, Step.DONE, Step.LEFT, last_first=True)
        for start in range(0, len(items), BATCH_FILES):
            yield items[start : start + BATCH_FILES]

    def _bring_back(self, batch: list[Item]) -> None:
        far: list[Item] = []
        for item in batch:
            if self._should_stop():
                self._stopped = True
                break
            self._guarded(item, lambda item: far.append(item) if self._is_far(item) else None)
            self._tell(item.kind is Kind.PHOTO)
        self._journal.save(batch)
        if far:
            self._bring_from_other_disk(far)

    def _is_far(self, item: Item) -> bool:
        """Puts one item back; True if it must come from another disk."""
        try:
            goal = self._folders.goal(item)
            there = goal.look()
        except (FileNotFoundError, NotADirectoryError):
            goal, there = Spot(self._folders.path_of(item)), None
        if item.kind is Kind.SIDECAR:
            self._remove_sidecar(item, goal, there)
        elif self._journal.how is How.MOVE:
            return self._move_back(item, goal, there)
        else:
            self._remove_copy(item, goal, there)
        return False

    def _remove_sidecar(self, item: Item, goal: Spot, there: os.stat_result | None) -> None:
        if there is not None:
            _expect(item.placed, there)
            if read_whole(goal) != sidecars.packet(item.keyword):
                raise Refused(_CHANGED)
            goal.remove()
        item.step = Step.BACK

    def _remove_copy(self, item: Item, goal: Spot, there: os.stat_result | None) -> None:
        if there is not None:
            origin = Spot(item.origin)
            before = origin.look()
            if before is None:
                raise Refused(_LAST_COPY)
            if self._journal.how is How.LINK:
                if not os.path.samestat(before, there):
                    raise Refused(_CHANGED)
            elif os.path.samestat(before, there):
                raise Refused(_CHANGED)
            elif item.placed is None or not item.placed.is_unchanged(there):
                _expect(item.placed, there)
                if not have_same_content(origin, goal):
                    raise Refused(_CHANGED)
            goal.remove()
        item.step = Step.BACK

    def _move_back(self, item: Item, goal: Spot, there: os.stat_result | None) -> bool:
        origin = Spot(item.origin)
        self._journal.place_holder(item).clear(goal, origin)
        before = origin.look()
        if there is None:
            if before is None:
                raise Refused(_LOST)
            if not item.found.is_alike(before):
                raise Refused(_OCCUPIED)
        elif before is not None and os.path.samestat(before, there):
            goal.remove()
        else:
            _expect(item.placed, there)
            if before is not None:
                raise Refused(_OCCUPIED)
            os.makedirs(os.path.dirname(item.origin), exist_ok=True)
            try:
                move(goal, origin, self._journal.place_holder(item))
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                return True
        self._origins.add(os.path.dirname(item.origin))
        item.step = Step.BACK
        return False

    def _bring_from_other_disk(self, items: list[Item]) -> None:
        """Copies back, and removes what was sorted only when the copies are on disk under their names."""
        self._journal.save_step(items, Step.BACK_BEGUN)
        copies: list[Item] = []
        for position, item in enumerate(items):
            try:
                self._guarded(item, self._copy_back)
            except Stopped:
                self._stopped = True
                for waiting in items[position:]:
                    waiting.step = Step.DONE
                break
            if item.step is Step.BACK_READY:
                copies.append(item)
        try:
            settle(os.path.dirname(item.origin) for item in copies)
        except OSError as error:
            for item in copies:
                self._temporary(item).discard()
                item.step, item.reason = Step.LEFT, reason(error)
            copies = []
        self._journal.save(items)
        for item in copies:
            self._settle(item)
        _settle_quietly(os.path.dirname(item.origin) for item in copies)
        self._journal.save(copies)

    def _copy_back(self, item: Item) -> None:
        item.back = copy(self._folders.goal(item), self._temporary(item), self._should_stop)
        item.step = Step.BACK_READY

    def _settle(self, item: Item) -> None:
        """Brings an item at BACK_BEGUN or BACK_READY to an end, now or after a crash."""
        self._guarded(item, self._settle_copied if item.step is Step.BACK_READY else self._settle_begun)

    def _settle_begun(self, item: Item) -> None:
        self._temporary(item).discard()
        item.step = Step.DONE

    def _settle_copied(self, item: Item) -> None:
        temporary, origin = self._temporary(item), Spot(item.origin)
        self._journal.place_holder(item).clear(temporary, origin)
        left, before = temporary.look(), origin.look()
        if left is not None:
            if before is not None and os.path.samestat(left, before):
                temporary.remove()
            else:
                try:
                    move(temporary, origin, self._journal.place_holder(item))
                except BaseException:
                    temporary.discard()
                    raise
        elif item.back is None or not item.back.is_alike(before):
            item.step = Step.DONE
            return
        goal = self._folders.goal(item)
        if item.placed is not None and item.placed.is_alike(goal.look()):
            goal.remove()
        item.step = Step.BACK

    def _guarded(self, item: Item, work: Callable[[Item], None]) -> None:
        """Whatever stands in the way of one item becomes its reason."""
        try:
            work(item)
        except FileExistsError:
            item.step, item.reason = Step.LEFT, _OCCUPIED
        except (Refused, OSError) as error:
            item.step = Step.LEFT
            item.reason = reason(error) if isinstance(error, OSError) else str(error)
        else:
            item.reason = ""

    def _temporary(self, item: Item) -> Spot:
        return Spot(item.origin).beside(self._journal.temporary_name(item))

    def _tell(self, more: int) -> None:
        self._done += more
        now = time.monotonic()
        if now - self._last_told >= REPORT_EVERY_S:
            self._last_told = now
            self._report(SortProgress(self._done, self._total))

    def _result(self) -> UndoResult:
        left = [
            FailedPhoto(item.origin, self._folders.path_of(item), item.reason)
            for kind in Kind
            for item in self._journal.items(kind, Step.LEFT)
        ]
        restored = self._journal.count(Kind.PHOTO, Step.BACK)
        return UndoResult(self._journal.record(), restored, tuple(left), self._stopped)


def _expect(placed: Trace | None, there: os.stat_result) -> None:
    if placed is None or not placed.is_alike(there):
        raise Refused(_CHANGED)


def _settle_quietly(folders: Iterable[str]) -> None:
    """A disk that cannot be made durable has said so in its rows already."""
    with contextlib.suppress(OSError):
        settle(folders)
