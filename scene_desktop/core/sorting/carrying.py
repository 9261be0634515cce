"""Bringing one item to its goal, in steps that a crash may interrupt anywhere."""

import errno
import os
from collections.abc import Callable

from scene_desktop.core.sorting import sidecars
from scene_desktop.core.sorting.folders import TargetFolders
from scene_desktop.core.sorting.items import Item, Kind, Step
from scene_desktop.core.sorting.journal import Journal
from scene_desktop.core.sorting.naming import TakenNames
from scene_desktop.core.sorting.placing import Spot, Trace, copy, link, move, reason, write_new
from scene_desktop.core.sorting.terms import How
from scene_desktop.core.threads import ShouldStop

GONE = "It is not there any more"
CHANGED = "It has changed since the plan was made and stays where it is"


class Refused(Exception):  # noqa: N818 - the reason why one file stays where it is
    """An item cannot be placed; the text is for people."""


class Carrier:
    """Brings the items of one journal to their goals.

    The caller saves: `Step.BEGUN` before `take`, `Step.READY` between `take` and `finish`.
    """

    def __init__(self, journal: Journal, folders: TargetFolders, should_stop: ShouldStop) -> None:
        self._journal = journal
        self._folders = folders
        self._should_stop = should_stop
        self._taken: dict[str, TakenNames] = {}

    def take(self, item: Item) -> bool:
        """Brings an item to its goal, or a copy of it near to it.

        Returns:
            Whether it is a copy that `finish` must bring to its goal, once it is safe on disk.

        Raises:
            Refused: It is not what was planned.
            Stopped: As asked for; nothing is left of it.
            OSError: It could not be placed; nothing is left of it.
        """
        goal = self._folders.goal(item)
        if item.kind is Kind.SIDECAR:
            item.placed = write_new(self._temporary(item, goal), sidecars.packet(item.keyword))
            return True
        origin = Spot(item.origin)
        status = origin.look()
        if status is None:
            raise Refused(GONE)
        if not item.found.is_alike(status):
            raise Refused(CHANGED)
        if self._journal.how is not How.COPY and self._placed_within_disk(item, origin):
            return False
        item.placed = copy(origin, self._temporary(item, goal), self._should_stop)
        return True

    def finish(self, item: Item) -> None:
        """Gives a complete copy its name; of a move, removes the original.

        Raises:
            Refused: The original has changed meanwhile, or a side-car is there; nothing is left of the copy.
            OSError: It could not be placed; nothing is left of the copy.
        """
        goal = self._folders.goal(item)
        temporary = self._temporary(item, goal)
        try:
            self._put(item, lambda spot: move(temporary, spot, self._journal.place_holder(item)))
        except BaseException:
            temporary.discard()
            raise
        self._leave_origin(item)

    def give_up(self, item: Item) -> None:
        """Removes the copy that `take` has made."""
        self._temporary(item, self._folders.goal(item)).discard()

    def settle(self, item: Item) -> None:
        """After a crash: finds out from the disk how far an item at BEGUN or READY has come.

        It is DONE afterwards, WAITING as if it had never been begun, or FAILED.
        """
        try:
            goal = self._folders.goal(item)
        except OSError:
            item.step = Step.WAITING
            return
        try:
            comes_from = Spot(item.origin) if item.step is Step.BEGUN else self._temporary(item, goal)
            self._journal.place_holder(item).clear(comes_from, goal)
            if item.step is Step.READY:
                self._settle_copy(item, goal)
            else:
                self._settle_begun(item, goal)
        except (Refused, OSError) as error:
            item.step = Step.FAILED
            item.reason = reason(error) if isinstance(error, OSError) else str(error)

    def _settle_begun(self, item: Item, goal: Spot) -> None:
        self._temporary(item, goal).discard()
        item.step = Step.WAITING
        if item.kind is Kind.SIDECAR or self._journal.how is How.COPY:
            return
        origin, there = Spot(item.origin), goal.look()
        before = origin.look()
        if there is None or not (item.found.is_unchanged(there) or (not before and item.found.is_alike(there))):
            return
        if self._journal.how is How.LINK and (before is None or not os.path.samestat(before, there)):
            return
        if self._journal.how is How.MOVE and before is not None and os.path.samestat(before, there):
            origin.remove()
        self._is_done(item, there)

    def _settle_copy(self, item: Item, goal: Spot) -> None:
        temporary = self._temporary(item, goal)
        left, there = temporary.look(), goal.look()
        if left is not None:
            if there is not None and os.path.samestat(left, there):
                temporary.remove()
                self._leave_origin(item)
            else:
                self.finish(item)
        elif item.placed is not None and item.placed.is_alike(there):
            self._leave_origin(item)
        elif item.kind is Kind.PHOTO and Spot(item.origin).look() is None:
            raise Refused(GONE)
        else:
            item.step = Step.WAITING

    def _leave_origin(self, item: Item) -> None:
        """The copy is at its goal: of a move, the original goes now, unless it is not the one copied."""
        goal = self._folders.goal(item)
        there = goal.look()
        if there is None:
            raise Refused(GONE)
        if item.kind is Kind.PHOTO and self._journal.how is How.MOVE:
            origin = Spot(item.origin)
            before = origin.look()
            if before is not None:
                if not item.found.is_alike(before):
                    goal.remove()
                    raise Refused(CHANGED)
                try:
                    origin.remove()
                except OSError:
                    goal.remove()
                    raise
        self._is_done(item, there)

    def _placed_within_disk(self, item: Item, origin: Spot) -> bool:
        """Links or moves; False if the goal is on another disk and a copy must do."""

        def put(goal: Spot) -> None:
            if self._journal.how is How.LINK:
                link(origin, goal)
            else:
                move(origin, goal, self._journal.place_holder(item))

        try:
            self._put(item, put)
        except OSError as error:
            if error.errno == errno.EXDEV and self._journal.how is How.MOVE:
                return False
            raise
        there = self._folders.goal(item).look()
        if there is None:
            raise Refused(GONE)
        self._is_done(item, there)
        return True

    def _put(self, item: Item, put: Callable[[Spot], None]) -> None:
        """Tries the name of an item and, when it has been taken since the plan, the next free ones."""
        while True:
            try:
                put(self._folders.goal(item))
                return
            except FileExistsError:
                if item.kind is Kind.SIDECAR:
                    raise Refused("Another side-car is there and stays as it is") from None
                self._rename(item)

    def _rename(self, item: Item) -> None:
        if item.folder not in self._taken:
            names = self._folders.names_in(item.folder) + self._journal.names_in(item.folder)
            self._taken[item.folder] = TakenNames(names, room=len(sidecars.ENDING))
        wanted = os.path.basename(item.origin)
        item.name = self._taken[item.folder].promise(wanted)
        item.reason = f"New name, because “{wanted}” was taken after the plan was made"
        self._journal.rename(item, item.name + sidecars.ENDING)

    def _temporary(self, item: Item, goal: Spot) -> Spot:
        return goal.beside(self._journal.temporary_name(item))

    @staticmethod
    def _is_done(item: Item, there: os.stat_result) -> None:
        item.placed = Trace.of(there)
        item.step = Step.DONE
