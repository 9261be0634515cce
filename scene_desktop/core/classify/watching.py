"""New photos in a folder, told once each is complete.

The system tells of changes; because it forgets some (network drives, bursts, a limit on watches), the folder
is also read again from time to time. A photo has arrived when its size and time have stayed the same for a
moment, so that a download or a copy from a camera is not read half done.
"""

import logging
import os
import queue
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from scene_desktop.core.errors import InputError
from scene_desktop.core.photos import images
from scene_desktop.core.threads import Report, ShouldStop

log = logging.getLogger(__name__)

SETTLE_S = 1.0
EMPTY_S = 30.0
"""An empty file is given so long to be filled."""

RESCAN_S = 10.0
_REST = 100
"""Reading the folder again takes at most a hundredth of the time."""

_TICK_S = 0.25
_TOLD = frozenset(("created", "modified", "moved", "closed"))


@dataclass(frozen=True)
class PhotosArrived:
    """New photos, in the order of their names."""

    paths: tuple[str, ...]


@dataclass(frozen=True)
class FolderGone:
    """The folder is not there any more (unplugged, renamed); watching goes on when it is back."""


@dataclass(frozen=True)
class FolderBack:
    """The folder is there again."""


@dataclass(frozen=True)
class EventsMissing:
    """The system does not tell of changes, for this reason; the folder is only read from time to time."""

    reason: str


WatchEvent = PhotosArrived | FolderGone | FolderBack | EventsMissing


@dataclass
class _Candidate:
    look: tuple[int, int]
    since: float


class FolderWatch:
    """Watches one folder and those below it.

    Hidden files and folders, links, files of other kinds and everything below `ignored` are passed over.

    Args:
        ignored: Folders below it that are not watched, such as one that sorted photos go to.
        existing: Whether the photos that are there at the start count as new.

    Raises:
        InputError: Nothing would be left to watch, because a folder to ignore is the folder or lies above it.
    """

    def __init__(
        self,
        folder: Path,
        ignored: Sequence[Path] = (),
        *,
        existing: bool = False,
        settle_s: float = SETTLE_S,
        rescan_s: float = RESCAN_S,
    ) -> None:
        if any(covers(one, folder) for one in ignored):
            raise InputError(
                f"Sorted photos cannot go to the watched folder “{folder}” itself or to one above it. "
                "Choose a folder below it or elsewhere."
            )
        self._folder = os.path.realpath(folder)  # the system tells nothing of a link to a folder
        self._ignored = tuple(_whole(one) for one in ignored)
        self._is_noted = existing
        self._settle_s, self._rescan_s = settle_s, rescan_s
        self._told: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._known: dict[str, tuple[int, int]] = {}
        self._candidates: dict[str, _Candidate] = {}

    def run(self, report: Report[WatchEvent], should_stop: ShouldStop) -> None:
        """Watches until `should_stop` answers True, which it notices within a quarter of a second."""
        while not should_stop():
            if not os.path.isdir(self._folder):
                report(FolderGone())
                if not self._wait_for_folder(should_stop):
                    return
                report(FolderBack())
            observer = self._observe(report)
            try:
                self._watch(report, should_stop)
            finally:
                if observer is not None:
                    observer.stop()
                    observer.join()

    def _wait_for_folder(self, should_stop: ShouldStop) -> bool:
        while not os.path.isdir(self._folder):
            if should_stop():
                return False
            time.sleep(_TICK_S)
        return True

    def _observe(self, report: Report[WatchEvent]) -> BaseObserver | None:
        observer = Observer()
        try:
            observer.schedule(_Teller(self._told), self._folder, recursive=True)
            observer.start()
        except (OSError, RuntimeError) as error:
            log.warning("Changes in %s are not told: %s", self._folder, error)
            report(EventsMissing(getattr(error, "strerror", None) or str(error)))
            return None
        return observer

    def _watch(self, report: Report[WatchEvent], should_stop: ShouldStop) -> None:
        """Returns when it is to be stopped or the folder has gone."""
        if not self._is_noted:
            self._is_noted = True
            self._known = {path: look for path in self._walk(self._folder) if (look := _look(path))}
            self._candidates.clear()
        log.info("Watching %s", self._folder)
        next_scan = time.monotonic()
        while not should_stop():
            now = time.monotonic()
            if not os.path.isdir(self._folder):
                return
            if now >= next_scan:
                self._consider_all(self._walk(self._folder), now)
                ended = time.monotonic()
                next_scan = ended + max(self._rescan_s, _REST * (ended - now))
            self._take_told(now)
            arrived = self._settled(time.monotonic())
            if arrived:
                report(PhotosArrived(tuple(arrived)))

    def _take_told(self, now: float) -> None:
        """Takes what the system tells, for a moment; without news it sleeps."""
        until = now + _TICK_S
        while (left := until - time.monotonic()) > 0:
            try:
                path = self._told.get(timeout=left)
            except queue.Empty:
                return
            is_folder = os.path.isdir(path) and not os.path.islink(path) and self._is_watched(path)
            below = self._walk(path) if is_folder else [path]
            self._consider_all(below, time.monotonic())

    def _consider_all(self, paths: Iterator[str] | list[str], now: float) -> None:
        for path in paths:
            if path in self._candidates or not self._is_watched(path) or not images.is_photo(path):
                continue
            look = _look(path)
            if look is not None and self._known.get(path) != look:
                self._candidates[path] = _Candidate(look, now)

    def _settled(self, now: float) -> list[str]:
        arrived = []
        for path, candidate in list(self._candidates.items()):
            look = _look(path)
            if look is None:
                del self._candidates[path]
            elif look != candidate.look:
                self._candidates[path] = _Candidate(look, now)
            elif now - candidate.since >= (self._settle_s if look[0] else EMPTY_S):
                del self._candidates[path]
                self._known[path] = look
                arrived.append(path)
        return sorted(arrived)

    def _is_watched(self, path: str) -> bool:
        inside = os.path.relpath(path, self._folder)
        if any(part.startswith(".") and part != "." for part in inside.split(os.sep)):
            return False
        return not os.path.normcase(path + os.sep).startswith(self._ignored) if self._ignored else True

    def _walk(self, folder: str) -> Iterator[str]:
        try:
            with os.scandir(folder) as entries:
                listed = list(entries)
        except OSError as error:
            log.info("%s cannot be read while watching: %s", folder, error)
            return
        for entry in listed:
            if entry.name.startswith(".") or entry.is_symlink() or not self._is_watched(entry.path):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from self._walk(entry.path)
            elif images.is_photo(entry.name):
                yield entry.path


def covers(outer: Path, inner: Path) -> bool:
    """Whether `inner` is `outer` or lies below it, however the two are written."""
    return _whole(inner).startswith(_whole(outer))


def _whole(folder: Path) -> str:
    """The folder without links, with a separator at the end."""
    return os.path.join(os.path.normcase(os.path.realpath(folder)), "")


class _Teller(FileSystemEventHandler):
    def __init__(self, told: "queue.SimpleQueue[str]") -> None:
        self._told = told

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.is_directory and event.event_type == "modified":
            return  # comes with each change inside; to read a folder of 40,000 each time takes too long
        if event.event_type in _TOLD:
            self._told.put(os.fsdecode(event.dest_path or event.src_path))


def _look(path: str) -> tuple[int, int] | None:
    """Size and time of a regular file; None for everything else."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return None
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None
