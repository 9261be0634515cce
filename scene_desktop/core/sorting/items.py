"""The rows of a journal: one for each file that is to be placed.

The steps of an item:

    WAITING → BEGUN → (READY →) DONE → BACK_BEGUN → BACK_READY → BACK

BEGUN means that the disk may hold a temporary file under the name that `Journal.temporary_name` tells, or the
file at its goal. READY (of copies only) means that the temporary file is complete and on disk, `placed` says
what it looks like, and it may have been given its name. The steps of an undo mirror them. Each step is on
disk before the next begins, so that after a crash each row is settled from what lies there.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from scene_desktop.core.sorting.placing import Trace

COLUMNS = (
    "n, kind, photo, origin, folder, name, keyword, inode, size, mtime_ns, step, reason, "
    "placed_inode, placed_size, placed_mtime_ns, back_inode, back_size, back_mtime_ns"
)
_HALF = 1 << 63


class Step(IntEnum):
    """How far an item has come; see the top of the module."""

    WAITING = 0
    BEGUN = 1
    READY = 2
    DONE = 3
    FAILED = 4
    BACK_BEGUN = 5
    BACK_READY = 6
    BACK = 7
    LEFT = 8


class Kind(StrEnum):
    PHOTO = "photo"
    SIDECAR = "sidecar"


@dataclass(slots=True)
class Item:
    """One file to be placed.

    Attributes:
        photo: Of a side-car: number of the item that it belongs to, None if that photo was there already.
        origin: Path of the photo; for a side-car that of its photo.
        folder, name: Of the goal; the folder is a name below the target.
        found: What the photo looked like when it was planned.
        placed: What the file at the goal looks like.
        back: What the copy looks like that an undo brings back to the origin from another disk.
    """

    n: int
    kind: Kind
    photo: int | None
    origin: str
    folder: str
    name: str
    keyword: str
    found: Trace
    step: Step = Step.WAITING
    reason: str = ""
    placed: Trace | None = None
    back: Trace | None = None


def row_of(item: Item) -> tuple[object, ...]:
    """The item as a row in the order of `COLUMNS`."""
    return (
        item.n,
        item.kind,
        item.photo,
        os.fsencode(item.origin),
        os.fsencode(item.folder),
        os.fsencode(item.name),
        item.keyword,
        *_columns(item.found),
        item.step,
        item.reason,
        *_columns(item.placed),
        *_columns(item.back),
    )


def item_of(row: Sequence[Any]) -> Item:
    """The item of a row in the order of `COLUMNS`."""
    n, kind, photo, origin, folder, name, keyword = row[:7]
    return Item(
        n=n,
        kind=Kind(kind),
        photo=photo,
        origin=os.fsdecode(origin),
        folder=os.fsdecode(folder),
        name=os.fsdecode(name),
        keyword=keyword,
        found=_trace(row[7:10]) or Trace(0, 0, 0),
        step=Step(row[10]),
        reason=row[11],
        placed=_trace(row[12:15]),
        back=_trace(row[15:18]),
    )


def _columns(trace: Trace | None) -> tuple[int | None, ...]:
    return (None, None, None) if trace is None else (signed(trace.inode), trace.size, trace.mtime_ns)


def _trace(row: Sequence[int | None]) -> Trace | None:
    inode, size, mtime_ns = row
    return None if inode is None else Trace(unsigned(inode), size or 0, mtime_ns or 0)


def signed(inode: int) -> int:
    """SQLite has signed 64 bits; some disks number their files beyond that."""
    return inode if inode < _HALF else inode - 2 * _HALF


def unsigned(inode: int) -> int:
    """The inode behind what `signed` has given."""
    return inode % (2 * _HALF)
