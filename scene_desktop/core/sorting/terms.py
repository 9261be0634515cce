"""The words of sorting: what is wanted, what is planned, what was done."""

import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path

UNSURE_FOLDER = "_unsure"
UNREADABLE_FOLDER = "_unreadable"


class How(StrEnum):
    """What happens to each photo."""

    COPY = "copy"
    MOVE = "move"
    LINK = "link"


class SortState(StrEnum):
    """How a sort stands; UNFINISHED and UNDOING are also those that a crash has interrupted."""

    UNFINISHED = "unfinished"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True)
class SortSettings:
    """What a person wants.

    Attributes:
        target: The folder that gets one folder a class; made if it is not there.
        threshold: Photos whose best score is lower are unsure, 0 to 1.
        unsure, unreadable: Whether those photos go to “_unsure” and “_unreadable”; otherwise they stay.
        sidecars: Whether an XMP file with the class as a keyword is written beside each sorted photo.
    """

    target: Path
    how: How
    threshold: float
    unsure: bool = True
    unreadable: bool = True
    sidecars: bool = False


@dataclass(frozen=True, slots=True)
class PlannedPhoto:
    """Where one photo goes.

    Attributes:
        source, target: Whole paths; equal if the photo is at its place already, `target` is empty if there
            is a problem.
        folder: Name of the folder below the target.
        size: Bytes.
        note: What is special about it (its new name ...), for people.
        problem: Why it cannot be sorted, for people; it stays where it is.
        keyword: The class for the side-car; empty for none.
        mtime_ns, device, inode: Of the source when the plan was made, to notice a change.
    """

    source: str
    folder: str
    target: str
    size: int
    note: str = ""
    problem: str = ""
    keyword: str = ""
    mtime_ns: int = 0
    device: int = 0
    inode: int = 0

    @property
    def is_at_its_place(self) -> bool:
        return self.source == self.target

    @property
    def is_renamed(self) -> bool:
        return bool(self.target) and os.path.basename(self.source) != os.path.basename(self.target)


@dataclass(frozen=True)
class Plan:
    """What a sort would do; making it changes nothing.

    Attributes:
        settings: As asked for; the target is the real path, without links.
        photos: In the order of the drop; also those with a problem.
        problems: What stands in the way of the whole sort, for people.
        bytes_needed, bytes_free: On the disk of the target.
    """

    settings: SortSettings
    photos: tuple[PlannedPhoto, ...]
    problems: tuple[str, ...]
    bytes_needed: int
    bytes_free: int

    @property
    def ready(self) -> bool:
        """Whether it can be applied: no problem overall, and at least one photo without one."""
        return not self.problems and self.blocked < len(self.photos)

    @cached_property
    def renamed(self) -> int:
        """Photos that get another name because theirs is taken."""
        return sum(photo.is_renamed for photo in self.photos)

    @cached_property
    def blocked(self) -> int:
        """Photos that cannot be sorted."""
        return sum(bool(photo.problem) for photo in self.photos)

    @cached_property
    def by_folder(self) -> dict[str, int]:
        """Photos without problem for each folder, by name of the folder."""
        return dict(sorted(Counter(photo.folder for photo in self.photos if not photo.problem).items()))


@dataclass(frozen=True, slots=True)
class SortProgress:
    """Photos dealt with so far, of all."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class FailedPhoto:
    """A photo that could not be sorted, or put back, as planned, and why; nothing of it is lost."""

    source: str
    target: str
    reason: str


@dataclass(frozen=True)
class SortRecord:
    """What the journal of one sort says.

    Attributes:
        id: Names it, also on the command line.
        when: When it began, local time with zone.
        total: Photos that were to be sorted.
        done: Photos that lie in the target folder because of it, now.
        running: Whether a process is at work on it at this moment.
    """

    id: str
    when: datetime
    how: How
    target: Path
    total: int
    done: int
    state: SortState
    running: bool = False


@dataclass(frozen=True)
class SortResult:
    """How applying, or resuming, ended.

    Attributes:
        done: Photos that were sorted, over all times it was resumed.
        failed: Those that could not be, and side-cars that could not be written.
        stopped: Whether it ended early: because someone asked, or the disk is full. It can be resumed.
        renamed: Those that got another name than planned, because that was taken meanwhile.
    """

    record: SortRecord
    done: int
    failed: tuple[FailedPhoto, ...]
    stopped: bool
    renamed: tuple[FailedPhoto, ...] = ()


@dataclass(frozen=True)
class UndoResult:
    """How an undo ended.

    Attributes:
        restored: Photos that are as before, over all times it was asked for.
        left: What stays where the sort has put it, and why.
        stopped: Whether someone asked to stop; undo again goes on.
    """

    record: SortRecord
    restored: int
    left: tuple[FailedPhoto, ...]
    stopped: bool
