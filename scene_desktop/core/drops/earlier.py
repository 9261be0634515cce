"""The journals of earlier drops, in one folder of the app's data."""

import contextlib
import logging
import sqlite3
from datetime import datetime
from pathlib import Path

from scene_desktop.core.drops.stored import (
    ENDING,
    DropRecord,
    connect,
    decoded,
    explained,
    is_held,
    journals_folder,
    meta,
    model,
    path_of,
    trouble,
)
from scene_desktop.core.drops.stored import remove as remove_files
from scene_desktop.core.errors import InputError

log = logging.getLogger(__name__)

KEPT = 10
KEPT_BYTES = 500 * 10**6


def records() -> list[DropRecord]:
    """All journals that no window holds, newest first; a damaged one is set aside and logged."""
    found = []
    for path in journals_folder().glob("*" + ENDING):
        if is_held(path):
            continue
        try:
            with contextlib.closing(connect(path)) as connection:
                found.append(_record(path, connection))
        except (sqlite3.Error, LookupError, ValueError, TypeError) as error:
            log.warning("The journal %s cannot be read and is set aside: %s", path, error)
            with contextlib.suppress(OSError):
                path.rename(path.with_suffix(".broken"))
    return sorted(found, key=lambda record: (record.when, record.id), reverse=True)


def find(record_id: str) -> DropRecord:
    """One journal.

    Raises:
        InputError: It is not there any more.
        SceneError: It cannot be read.
    """
    path = path_of(record_id)
    with explained(path), contextlib.closing(connect(path)) as connection:
        return _record(path, connection)


def remove(record_id: str) -> None:
    """Forgets a journal; the photos stay as they are.

    Raises:
        InputError: It is not there any more, or a window shows it.
        SceneError: It cannot be removed.
    """
    path = path_of(record_id)
    if is_held(path):
        raise InputError("These results are shown in another window. Close it there first.")
    try:
        remove_files(path)
    except OSError as error:
        raise trouble(path, error) from error


def trim() -> None:
    """Removes the oldest journals, so that with a new one there are at most `KEPT`."""
    held = 0
    for number, record in enumerate(records()):
        path = journals_folder() / (record.id + ENDING)
        try:
            held += path.stat().st_size
            if number >= KEPT - 1 or held > KEPT_BYTES:
                remove_files(path)
        except OSError as error:
            log.info("An old journal could not be removed: %s", error)


def _record(path: Path, connection: sqlite3.Connection) -> DropRecord:
    drops = connection.execute("SELECT paths, found, ended FROM drops ORDER BY n").fetchall()
    done = int(connection.execute("SELECT count(*) FROM photos").fetchone()[0])
    return DropRecord(
        id=path.name.removesuffix(ENDING),
        when=datetime.fromisoformat(meta(connection, "when")),
        model=model(connection),
        paths=tuple(path for paths, _, _ in drops for path in decoded(paths)),
        found=max(done, sum(found for _, found, _ in drops)),
        done=done,
        ended=all(ended for _, _, ended in drops),
    )
