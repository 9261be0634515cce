"""Where journals of drops lie, and how they are read and written."""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import filelock
import numpy as np

from scene_desktop.core import locations
from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.errors import InputError, SceneError

FORMAT = 1
ENDING = ".sqlite"

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE drops (n INTEGER PRIMARY KEY, paths TEXT NOT NULL, found INTEGER NOT NULL, ended INTEGER NOT NULL);
CREATE TABLE photos (
  path BLOB NOT NULL, n INTEGER NOT NULL, place INTEGER NOT NULL, run INTEGER NOT NULL, size INTEGER,
  mtime_ns INTEGER, scores BLOB, error TEXT, corrected INTEGER, PRIMARY KEY (path, n)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class ModelKey:
    """The model that gave the verdicts.

    Attributes:
        fingerprint: SHA-256 of its compiled file, in hex.
    """

    name: str
    classes: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True)
class DropRecord:
    """What a journal holds.

    Attributes:
        when: When it was begun, local time with zone.
        paths: What was dropped, in order.
        found: Photos that were found, as far as the search has come.
        done: Photos with a verdict.
        ended: Whether all its drops came to their end, or were stopped by a person.
    """

    id: str
    when: datetime
    model: ModelKey
    paths: tuple[str, ...]
    found: int
    done: int
    ended: bool


def journals_folder() -> Path:
    return locations.data_folder() / "drops"


def path_of(record_id: str) -> Path:
    path = journals_folder() / (record_id + ENDING)
    if not record_id or os.path.basename(record_id) != record_id or not path.is_file():
        raise InputError("These results are not there any more.")
    return path


def remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    path.with_suffix(".lock").unlink(missing_ok=True)


def is_held(path: Path) -> bool:
    if not path.with_suffix(".lock").exists():
        return False
    lock = filelock.FileLock(path.with_suffix(".lock"))
    try:
        with lock.acquire(timeout=0):
            return False
    except (filelock.Timeout, OSError):
        return True


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5.0, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def meta(connection: sqlite3.Connection, key: str) -> str:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise LookupError(f"{key} is missing")
    return str(row[0])


def model(connection: sqlite3.Connection) -> ModelKey:
    name, classes, fingerprint = json.loads(meta(connection, "model"))
    return ModelKey(str(name), tuple(map(str, classes)), str(fingerprint))


def decoded(paths: str) -> tuple[str, ...]:
    return tuple(os.fsdecode(bytes.fromhex(path)) for path in json.loads(paths))


def look(path: str) -> tuple[int | None, int | None]:
    """Size and time of a file, by which a change is noticed."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None, None
    return status.st_size, status.st_mtime_ns


def prediction(index: int, path: str, scores: object, error: object, corrected: object) -> Prediction:
    if isinstance(scores, bytes):
        said = corrected if isinstance(corrected, int) else None
        return Prediction(index, path, scores=np.frombuffer(scores, np.float32), corrected=said)
    return Prediction(index, path, error=str(error or ""))


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, LookupError, ValueError) as error:
        raise trouble(path, error) from error


def trouble(path: Path, error: Exception) -> SceneError:
    reason = getattr(error, "strerror", None) or error
    return SceneError(
        f"The results cannot be kept in “{path.parent}” ({reason}). They are shown as usual; save them when "
        f"the drop is done."
    )
