"""What drops have found so far, on disk as it comes, so that a crash or a restart loses nothing.

A journal holds what one page of results shows: one or more drops with the same model, a row for each photo
with its verdict, its correction, and the size and time of its file. SQLite keeps it whole: commits survive
the end of the process at any moment; a power cut may lose the last second.
"""

import contextlib
import json
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import filelock
import numpy as np

from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.drops import earlier
from scene_desktop.core.drops.stored import (
    ENDING,
    FORMAT,
    TABLES,
    ModelKey,
    connect,
    decoded,
    explained,
    journals_folder,
    look,
    meta,
    model,
    path_of,
    prediction,
    trouble,
)
from scene_desktop.core.errors import InputError

COMMIT_EVERY_S = 0.5
COMMIT_ROWS = 1000
_INSERT = """
INSERT INTO photos VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (path, n) DO UPDATE SET
  corrected = CASE WHEN size IS excluded.size AND mtime_ns IS excluded.mtime_ns
    THEN corrected ELSE excluded.corrected END,
  place = excluded.place, run = excluded.run, size = excluded.size, mtime_ns = excluded.mtime_ns,
  scores = excluded.scores, error = excluded.error
"""
"""What a person has said of a file stays while the file is the same."""

_CHUNK = 2000


class DropJournal:
    """An open journal, held by one process; its methods may be called from any thread.

    All methods raise `SceneError` when the journal cannot be read or written.
    """

    def __init__(self, path: Path, lock: filelock.BaseFileLock, connection: sqlite3.Connection) -> None:
        self.path = path
        self._lock, self._connection = lock, connection
        self._guard = threading.RLock()
        self._pending: list[tuple[object, ...]] = []
        self._committed_s = time.monotonic()
        with self._using():
            self.model = model(connection)
            self._run = int(meta(connection, "run")) + 1
            with connection:
                connection.execute("UPDATE meta SET value = ? WHERE key = 'run'", (str(self._run),))

    @property
    def id(self) -> str:
        return self.path.name.removesuffix(ENDING)

    @classmethod
    def create(cls, key: ModelKey) -> "DropJournal":
        """A new, empty journal; the oldest ones are removed when there are too many."""
        when = datetime.now().astimezone()
        path = journals_folder() / f"{when:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}{ENDING}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise trouble(path, error) from error
        earlier.trim()
        with explained(path):
            lock = filelock.FileLock(path.with_suffix(".lock"), thread_local=False)
            lock.acquire(timeout=0)
            try:
                connection = connect(path)
                with connection:
                    connection.executescript(TABLES)
                    facts = {
                        "format": FORMAT,
                        "when": when.isoformat(),
                        "run": 0,
                        "model": json.dumps([key.name, list(key.classes), key.fingerprint]),
                    }
                    rows = [(name, str(value)) for name, value in facts.items()]
                    connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)
            except BaseException:
                lock.release()
                raise
        return cls(path, lock, connection)

    @classmethod
    def open(cls, record_id: str) -> "DropJournal":
        """Opens an earlier journal to go on with it.

        Raises:
            InputError: It is not there any more, or another window shows it.
        """
        path = path_of(record_id)
        lock = filelock.FileLock(path.with_suffix(".lock"), thread_local=False)
        try:
            lock.acquire(timeout=0)
        except (filelock.Timeout, OSError):
            raise InputError("These results are shown in another window. Close it there first.") from None
        try:
            with explained(path):
                return cls(path, lock, connect(path))
        except BaseException:
            lock.release()
            raise

    def begin(self, paths: Sequence[str]) -> int:
        """Notes a new drop of files and folders; returns its number."""
        with self._using(), self._connection:
            number = self._next_number()
            coded = json.dumps([os.fsencode(path).hex() for path in paths])
            self._connection.execute("INSERT INTO drops VALUES (?, ?, 0, 0)", (number, coded))
        return number

    def write(self, number: int, predictions: Iterable[Prediction], found: int) -> None:
        """Notes verdicts of a drop, which reach the disk within about half a second of further calls."""
        rows: list[tuple[object, ...]] = []
        for one in predictions:
            size, mtime_ns = look(one.path)
            scores = None if one.scores is None else np.asarray(one.scores, np.float32).tobytes()
            rows.append(
                (
                    *(os.fsencode(one.path), number, one.index, self._run),
                    *(size, mtime_ns, scores, one.error, one.corrected),
                )
            )
        with self._guard:
            self._pending += rows
        late = time.monotonic() - self._committed_s > COMMIT_EVERY_S
        if late or len(self._pending) >= COMMIT_ROWS:
            self._commit(number, found)

    def end(self, number: int, found: int, *, ended: bool) -> None:
        """A drop is over.

        Args:
            ended: Whether it came to its end, or a person stopped it; otherwise it can be continued.
        """
        self._commit(number, found)
        with self._using(), self._connection:
            self._connection.execute("UPDATE drops SET ended = ? WHERE n = ?", (int(ended), number))
            if ended:  # what a continued drop did not meet again is not there any more
                stale = "DELETE FROM photos WHERE n = ? AND run < ?"
                self._connection.execute(stale, (number, self._run))

    def correct(self, paths: Sequence[str], label: int | None) -> None:
        """Notes that a person said the class of photos, None that it was taken back; it is on disk at once."""
        with self._writing():
            self._connection.executemany(
                "UPDATE photos SET corrected = ? WHERE path = ?", [(label, os.fsencode(path)) for path in paths]
            )

    def move(self, places: Mapping[str, str]) -> None:
        """Notes that photos lie elsewhere now: old path, new path; it is on disk at once."""
        with self._writing():
            self._connection.executemany(
                "UPDATE OR REPLACE photos SET path = ? WHERE path = ?",
                [(os.fsencode(new), os.fsencode(old)) for old, new in places.items()],
            )

    def unfinished(self) -> list[tuple[int, tuple[str, ...]]]:
        """Number and paths of the drops that can be continued."""
        with self._using():
            rows = self._connection.execute("SELECT n, paths FROM drops WHERE NOT ended ORDER BY n").fetchall()
        return [(number, decoded(paths)) for number, paths in rows]

    def known(self, number: int) -> "KnownPhotos":
        """The verdicts of a drop that is continued."""
        with self._using():
            rows = self._connection.execute(
                "SELECT path, size, mtime_ns, scores, error, corrected FROM photos WHERE n = ?", (number,)
            )
            return KnownPhotos({row[0]: row[1:] for row in rows})

    def predictions(self, *, ended_only: bool = False) -> Iterator[list[Prediction]]:
        """All verdicts in the order in which the photos were found, some at a time; indices count from 0."""
        where = "WHERE n IN (SELECT n FROM drops WHERE ended)" if ended_only else ""
        with self._using():
            rows = self._connection.execute(
                f"SELECT path, scores, error, corrected FROM photos {where} ORDER BY n, place"
            ).fetchall()
        for first in range(0, len(rows), _CHUNK):
            yield [
                prediction(first + offset, os.fsdecode(path), scores, error, corrected)
                for offset, (path, scores, error, corrected) in enumerate(rows[first : first + _CHUNK])
            ]

    def close(self) -> None:
        """Lets go of it; it stays on disk."""
        with self._guard, contextlib.suppress(sqlite3.Error):
            self._connection.close()
        self._lock.release()

    def _commit(self, number: int, found: int) -> None:
        with self._writing():
            self._connection.execute("UPDATE drops SET found = max(found, ?) WHERE n = ?", (found, number))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction, with the verdicts that are still on their way before anything else."""
        with self._using():
            with self._connection:
                self._connection.executemany(_INSERT, self._pending)
                yield
            self._pending.clear()
            self._committed_s = time.monotonic()

    def _next_number(self) -> int:
        return int(self._connection.execute("SELECT coalesce(max(n), 0) + 1 FROM drops").fetchone()[0])

    @contextlib.contextmanager
    def _using(self) -> Iterator[None]:
        with self._guard, explained(self.path):
            yield


class KnownPhotos:
    """Verdicts of photos that were classified before; `known` of `core.classify.pipeline.classify`."""

    def __init__(self, rows: dict[bytes, tuple[object, ...]]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __call__(self, index: int, path: str) -> Prediction | None:
        """The verdict, None if there is none or the file has changed since."""
        row = self._rows.get(os.fsencode(path))
        if row is None or row[:2] != look(path) or row[0] is None:
            return None
        return prediction(index, path, *row[2:])
