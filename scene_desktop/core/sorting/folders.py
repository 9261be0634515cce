"""The folders of a sort: the target and those below it, opened without following links."""

import contextlib
import errno
import os
import stat
from typing import Self

from scene_desktop.core.sorting.items import Item
from scene_desktop.core.sorting.journal import Journal
from scene_desktop.core.sorting.placing import Spot, open_below, open_folder


class TargetFolders:
    """Opens the folders of one sort once and, where wanted, makes those that are missing.

    Used as a context manager, it closes them again.
    """

    def __init__(self, journal: Journal, *, make: bool) -> None:
        self._journal = journal
        self._make = make
        self._handles: dict[str, int | None] = {}
        self._refused: dict[str, OSError] = {}
        self._noted = journal.folders() if make else {}
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def path_of(self, item: Item) -> str:
        """The whole path of the goal of an item."""
        return os.path.join(self._journal.target, item.folder, item.name)

    def goal(self, item: Item) -> Spot:
        """The goal of an item.

        Raises:
            OSError: Its folder cannot be opened or made, or is a link.
        """
        return Spot(self.path_of(item), self._open(item.folder))

    def opened(self) -> list[str]:
        """The paths of the folders that are in use."""
        return [os.path.join(self._journal.target, name) for name in self._handles]

    def names_in(self, folder: str) -> list[str]:
        """What lies in a folder that has been opened."""
        handle = self._handles[folder]
        return os.listdir(os.path.join(self._journal.target, folder) if handle is None else handle)

    def remove_empty(self) -> None:
        """Removes the folders that this sort has made, as far as they are empty now."""
        for path, inode in reversed(self._journal.folders().items()):
            with contextlib.suppress(OSError):
                if inode is None or os.lstat(path).st_ino == inode:
                    os.rmdir(path)

    def _open(self, folder: str) -> int | None:
        if folder in self._refused:
            raise self._refused[folder]
        if folder not in self._handles:
            try:
                self._handles[folder] = self._opened(folder)
            except OSError as error:
                self._refused[folder] = error
                raise
        return self._handles[folder]

    def _opened(self, folder: str) -> int | None:
        if folder:
            root = self._open("")
            path = os.path.join(self._journal.target, folder)
            if self._make:
                self._ensure(path, root)
            handle = open_below(path, root)
            if handle is not None:
                self._stack.callback(os.close, handle)
            return handle
        if self._make:
            for path in reversed(_missing(self._journal.target, self._noted)):
                self._ensure(path, None)
        if os.path.realpath(self._journal.target) != self._journal.target:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), self._journal.target)
        return self._stack.enter_context(open_folder(self._journal.target))

    def _ensure(self, path: str, parent: int | None) -> None:
        """Makes a folder that is not there, or finds out whether the one that is was made here."""
        spot = Spot(path, parent)
        status = spot.look()
        if status is not None:
            if self._noted.get(path, 0) is None:
                self._adopt(path, status)
            return
        self._journal.add_folder(path)
        try:
            os.mkdir(spot.name, dir_fd=parent)
        except OSError as error:
            self._journal.forget_folder(path)
            if error.errno != errno.EEXIST:
                raise
            return
        self._journal.save_folder(path, os.stat(spot.name, dir_fd=parent, follow_symlinks=False))

    def _adopt(self, path: str, status: os.stat_result) -> None:
        """After a crash: a folder that was about to be made. If it was, nothing is in it yet."""
        if stat.S_ISDIR(status.st_mode) and not os.listdir(path):
            self._journal.save_folder(path, status)
        else:
            self._journal.forget_folder(path)


def _missing(path: str, noted: dict[str, int | None]) -> list[str]:
    """The folders of a path that are not there or were about to be made, the innermost first."""
    found = []
    while os.path.dirname(path) != path and (not os.path.lexists(path) or noted.get(path, 0) is None):
        found.append(path)
        path = os.path.dirname(path)
    return found
