"""Putting files at their places: never over another one, never through a link."""

import contextlib
import errno
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from scene_desktop.core.errors import Stopped
from scene_desktop.core.sorting.durability import SYNCS_WHOLE_DISKS
from scene_desktop.core.threads import ShouldStop

CHUNK = 1 << 20
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}
_FULL = {errno.ENOSPC, errno.EDQUOT}
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_CLOSED = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_NONBLOCK", 0)
_LINKS_NO_FOLLOW = os.link in os.supports_follow_symlinks
_HAS_FOLDER_HANDLES = os.open in os.supports_dir_fd and os.link in os.supports_dir_fd
_REASONS = {
    errno.ENOSPC: "The disk is full",
    errno.EDQUOT: "The disk space allowed for you is used up",
    errno.EACCES: "Files may not be changed there (no permission)",
    errno.EPERM: "The system does not allow this there",
    errno.EROFS: "The disk is read-only",
    errno.EIO: "The disk reports an error",
    errno.ENOENT: "It is not there any more",
    errno.ENOTDIR: "A file or a link is where a folder is needed",
    errno.ELOOP: "It is a link, and links are not followed",
    errno.ENAMETOOLONG: "The name is too long for this disk",
    errno.EXDEV: "Hard links are only possible within one disk",
    errno.EMLINK: "This disk allows no further hard links of the photo",
}


class Trace(NamedTuple):
    """What identifies a file that nobody has changed since. Disk numbers do not last, so there is none."""

    inode: int
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> "Trace":
        return cls(status.st_ino, status.st_size, status.st_mtime_ns)

    def is_unchanged(self, status: os.stat_result | None) -> bool:
        """Whether it is this very file, its content as it was."""
        return status is not None and status.st_ino == self.inode and self.is_alike(status)

    def is_alike(self, status: os.stat_result | None) -> bool:
        """Whether it is an ordinary file of this size and time; all that some disks can tell."""
        if status is None or not stat.S_ISREG(status.st_mode):
            return False
        return (status.st_size, status.st_mtime_ns) == (self.size, self.mtime_ns)


@dataclass(frozen=True, slots=True)
class Spot:
    """A file's place: a path, and where the system can, the open folder that it lies in."""

    path: str
    folder: int | None = None

    @property
    def name(self) -> str:
        return self.path if self.folder is None else os.path.basename(self.path)

    def beside(self, name: str) -> "Spot":
        return Spot(os.path.join(os.path.dirname(self.path), name), self.folder)

    def look(self) -> os.stat_result | None:
        """The state of what lies there, links not followed; None if nothing does."""
        try:
            return os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def remove(self) -> None:
        os.unlink(self.name, dir_fd=self.folder)

    def discard(self) -> None:
        """Removes what lies there, if anything does."""
        with contextlib.suppress(FileNotFoundError):
            self.remove()


def reason(error: OSError) -> str:
    """What went wrong, for people."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def is_full(error: OSError) -> bool:
    return error.errno in _FULL


@contextlib.contextmanager
def open_folder(path: str) -> Iterator[int | None]:
    """Yields a handle of a folder that is no link; None where the system has no such handles.

    Raises:
        OSError: There is no folder of this name, or it is a link.
    """
    if not _HAS_FOLDER_HANDLES:
        if os.path.islink(path) or not os.path.isdir(path):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
        yield None
        return
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | _NO_FOLLOW | _CLOSED)
    try:
        yield handle
    finally:
        os.close(handle)


def open_below(path: str, parent: int | None) -> int | None:
    """Opens a folder inside an open one; the same rules as for `open_folder`. The caller closes it."""
    if parent is None:
        with open_folder(path) as handle:
            return handle
    flags = os.O_RDONLY | os.O_DIRECTORY | _NO_FOLLOW | _CLOSED
    return os.open(os.path.basename(path), flags, dir_fd=parent)


def copy(origin: Spot, goal: Spot, should_stop: ShouldStop) -> Trace:
    """Copies a regular file with its times, permissions and extended attributes to a new one.

    Returns:
        What the new file looks like.

    Raises:
        Stopped: As asked for; there is no new file.
        FileExistsError: Something lies at `goal`.
        OSError: Reading or writing failed; there is no new file.
    """
    flags = os.O_RDONLY | _NO_FOLLOW | _BINARY | _CLOSED
    read_from = os.open(origin.name, flags, dir_fd=origin.folder)
    try:
        before = os.fstat(read_from)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(errno.EINVAL, "It is no ordinary file")
        with _new_file(goal) as write_to:
            copied = 0
            while chunk := os.read(read_from, CHUNK):
                if should_stop():
                    raise Stopped
                _write_all(write_to, chunk)
                copied += len(chunk)
            if Trace.of(os.fstat(read_from)) != Trace.of(before) or copied != before.st_size:
                raise OSError(errno.EBUSY, "Another program is changing it")
            pair: Any = (read_from, write_to) if sys.platform == "linux" else (origin.path, goal.path)
            shutil.copystat(*pair)
            return Trace.of(os.fstat(write_to))
    finally:
        os.close(read_from)


def write_new(goal: Spot, content: bytes) -> Trace:
    """Writes a new file.

    Raises:
        FileExistsError: Something lies at `goal`.
        OSError: Writing failed; there is no new file.
    """
    with _new_file(goal, 0o666) as write_to:
        _write_all(write_to, content)
        return Trace.of(os.fstat(write_to))


@contextlib.contextmanager
def _new_file(goal: Spot, mode: int = 0o600) -> Iterator[int]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY | _CLOSED
    handle = os.open(goal.name, flags, mode, dir_fd=goal.folder)
    try:
        try:
            yield handle
            if not SYNCS_WHOLE_DISKS:
                os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        with contextlib.suppress(OSError):
            goal.remove()
        raise


def _write_all(handle: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]


def link(origin: Spot, goal: Spot) -> None:
    """Gives a file a second name, never over another file.

    Raises:
        FileExistsError: Something lies at `goal`.
        OSError: No such link is possible.
    """
    if _LINKS_NO_FOLLOW:
        os.link(
            origin.name,
            goal.name,
            src_dir_fd=origin.folder,
            dst_dir_fd=goal.folder,
            follow_symlinks=False,
        )
    else:
        os.link(origin.path, goal.path)


def move(origin: Spot, goal: Spot, place_holder: "PlaceHolder") -> None:
    """Moves a file within its disk, never over another file.

    Raises:
        FileExistsError: Something lies at `goal`.
        OSError: It is still at its old place; EXDEV if the disks differ.
    """
    if os.name == "nt":
        os.rename(origin.path, goal.path)  # refuses a name that is taken
        return
    try:
        link(origin, goal)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        place_holder.move(origin, goal)
        return
    try:
        origin.remove()
    except OSError:
        goal.remove()
        raise


@dataclass(frozen=True)
class PlaceHolder:
    """A small file that holds a free name until the photo replaces it, for disks without hard links.

    Attributes:
        content: What is in it; tells which sort it belongs to.
        announce: Called before one is made, to note in the journal that there may be one.
        since_ns: None if none was announced, otherwise none is older than this.
    """

    content: bytes
    announce: Callable[[], None]
    since_ns: int | None

    def move(self, origin: Spot, goal: Spot) -> None:
        self.announce()
        write_new(goal, self.content)
        try:
            os.replace(origin.name, goal.name, src_dir_fd=origin.folder, dst_dir_fd=goal.folder)
        except OSError:
            goal.remove()
            raise

    def clear(self, origin: Spot, goal: Spot) -> None:
        """After a crash, removes the place holder at `goal` if the photo is still at `origin`.

        A crash may have come before its content was written. A file without content that appeared under
        the name of the goal, on such a disk, since the sort began, is taken for one.
        """
        status = goal.look()
        if self.since_ns is None or status is None or status.st_size > len(self.content):
            return
        if not stat.S_ISREG(status.st_mode) or status.st_mtime_ns < self.since_ns or origin.look() is None:
            return
        if self.content.startswith(read_whole(goal)):
            goal.remove()


def read_whole(spot: Spot) -> bytes:
    handle = os.open(spot.name, os.O_RDONLY | _NO_FOLLOW | _BINARY | _CLOSED, dir_fd=spot.folder)
    with os.fdopen(handle, "rb") as stream:
        return stream.read()


def have_same_content(one: Spot, other: Spot) -> bool:
    """Compares two regular files byte by byte."""
    flags = os.O_RDONLY | _NO_FOLLOW | _BINARY | _CLOSED
    with (
        os.fdopen(os.open(one.name, flags, dir_fd=one.folder), "rb") as first,
        os.fdopen(os.open(other.name, flags, dir_fd=other.folder), "rb") as second,
    ):
        while True:
            chunk = first.read(CHUNK)
            if chunk != second.read(CHUNK):
                return False
            if not chunk:
                return True
