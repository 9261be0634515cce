"""The journals of all sorts, in one folder of the app's data."""

import contextlib
import logging
import os
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import filelock

from scene_desktop.core import files, locations
from scene_desktop.core.errors import InputError, SceneError
from scene_desktop.core.sorting.items import COLUMNS, Item, Kind, Step, row_of
from scene_desktop.core.sorting.journal import ENDING, FORMAT, TABLES, Journal, connect, explained, read_record
from scene_desktop.core.sorting.terms import SortRecord, SortSettings, SortState

_DAY_S = 86_400.0

log = logging.getLogger(__name__)


def journals_folder() -> Path:
    return locations.data_folder() / "sorts"


def records() -> list[SortRecord]:
    """All sorts that were begun here, newest first; a damaged journal is passed over and logged."""
    found = []
    for path in journals_folder().glob("*" + ENDING):
        try:
            with contextlib.closing(connect(path)) as connection:
                record = read_record(path.name.removesuffix(ENDING), connection, running=_is_locked(path))
        except (sqlite3.Error, LookupError, ValueError, TypeError, OSError) as error:
            log.warning("The journal %s cannot be read: %s", path, error)
            continue
        found.append(record)
    return sorted(found, key=lambda record: (record.when, record.id), reverse=True)


def places(record_id: str) -> dict[str, str]:
    """Where the photos of a sort lie now that are sorted: the path of each by the path it had before.

    Raises:
        InputError: There is no such sort.
        SceneError: The journal is damaged.
    """
    path = _path_of(record_id)
    with explained(path), contextlib.closing(connect(path)) as connection:
        journal = Journal(path, connection)
        return {
            item.origin: os.path.join(journal.target, item.folder, item.name)
            for item in journal.items(Kind.PHOTO, Step.DONE)
        }


def begin(settings: SortSettings, items: Iterable[Item]) -> str:
    """Writes the journal of a new sort and returns its id; nothing else is touched.

    Raises:
        SceneError: The journal cannot be written.
    """
    when = datetime.now().astimezone()
    record_id = f"{when:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    path = journals_folder() / (record_id + ENDING)
    meta = {
        "format": FORMAT,
        "when": when.isoformat(),
        "how": settings.how,
        "target": os.fsencode(settings.target),
        "state": SortState.UNFINISHED,
    }
    incoming = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        with explained(path), contextlib.closing(connect(incoming, "DELETE")) as connection:
            connection.executescript(TABLES)
            with connection:
                connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
                places = ",".join("?" * len(COLUMNS.split(",")))
                connection.executemany(
                    f"INSERT INTO items ({COLUMNS}) VALUES ({places})", (row_of(item) for item in items)
                )
        os.rename(incoming, path)
        files.sync_folder(path.parent)
    except OSError as error:
        raise SceneError(
            f"The journal of the sort, “{path}”, cannot be written ({error.strerror or error}). "
            f"No photo was touched. Make room there or repair it, then sort again."
        ) from error
    return record_id


def _sweep(folder: Path) -> None:
    """Removes journals that were never completed, a day later."""
    for left in folder.glob("*.new"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _DAY_S:
                left.unlink()


@contextlib.contextmanager
def open_journal(record_id: str) -> Iterator[Journal]:
    """Opens the journal of one sort, for one process at a time.

    Raises:
        InputError: There is no such sort, or a process is at work on it.
        SceneError: The journal is damaged.
    """
    path = _path_of(record_id)
    try:
        lock = _lock_of(path).acquire(timeout=0)
    except filelock.Timeout:
        raise InputError(
            f"The sort “{record_id}” is at work in another window or terminal. Wait until it has ended."
        ) from None
    with lock:
        with explained(path):
            connection = connect(path)
        with contextlib.closing(connection):
            yield Journal(path, connection)


def _path_of(record_id: str) -> Path:
    path = journals_folder() / (record_id + ENDING)
    if not record_id or os.path.basename(record_id) != record_id or not path.is_file():
        raise InputError(f"There is no sort “{record_id}”. “scene-desktop sort --list” shows those there are.")
    return path


def _lock_of(path: Path) -> filelock.BaseFileLock:
    return filelock.FileLock(path.with_suffix(".lock"))


def _is_locked(path: Path) -> bool:
    """Whether a process is at work on this journal."""
    if not path.with_suffix(".lock").exists():
        return False
    try:
        with _lock_of(path).acquire(timeout=0):
            return False
    except filelock.Timeout:
        return True
