"""Computed features on disk, by the content of the photo: one SQLite file that may be deleted at any time.

It only saves time, so nothing that happens to it is an error: a damaged file is replaced, and with a full
disk or a locked file the work goes on without.
"""

import contextlib
import logging
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_log = logging.getLogger(__name__)

_DAMAGED = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR))
_CHUNK = 500
_BUSY_S = 5.0
_TABLE = """
CREATE TABLE IF NOT EXISTS features (
    photo BLOB NOT NULL, extractor BLOB NOT NULL, crc INTEGER NOT NULL, content BLOB NOT NULL,
    PRIMARY KEY (photo, extractor))
"""


class FeatureCache:
    """Rows of one extractor.

    Args:
        file: Made when it is missing.
        extractor: Identity of what computes the features; rows of others stay invisible.
        shape: Of one row, float16.
    """

    def __init__(self, file: Path, extractor: bytes, shape: tuple[int, ...]) -> None:
        self._file, self._extractor, self._shape = file, extractor, shape
        self._connection: sqlite3.Connection | None = None
        with self._harmless():
            self._open()

    def read(self, photos: Sequence[bytes]) -> Iterator[tuple[bytes, NDArray[np.float16]]]:
        """Yields what is known about `photos`, given by digest; rows that were damaged are left out."""
        for start in range(0, len(photos), _CHUNK):
            yield from self._read_chunk(photos[start : start + _CHUNK])

    def write(self, rows: Iterable[tuple[bytes, NDArray[np.float16]]]) -> None:
        """Adds rows and makes them durable."""
        if self._connection is None:
            return
        contents = ((photo, row.tobytes()) for photo, row in rows)
        with self._harmless(), self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO features VALUES (?, ?, ?, ?)",
                [(photo, self._extractor, zlib.crc32(content), content) for photo, content in contents],
            )

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(self._file, timeout=_BUSY_S)
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(_TABLE)
        # Also fails for a table of another layout, which then counts as damaged.
        self._connection.execute("SELECT photo, extractor, crc, content FROM features LIMIT 1").fetchone()

    def _read_chunk(self, photos: Sequence[bytes]) -> list[tuple[bytes, NDArray[np.float16]]]:
        found: list[tuple[Any, ...]] = []
        marks = ",".join("?" * len(photos))
        query = f"SELECT photo, crc, content FROM features WHERE extractor = ? AND photo IN ({marks})"
        with self._harmless():
            if self._connection is not None:
                found = self._connection.execute(query, (self._extractor, *photos)).fetchall()
        length = 2 * int(np.prod(self._shape))
        return [
            (photo, np.frombuffer(content, np.float16).reshape(self._shape))
            for photo, crc, content in found
            if len(content) == length and zlib.crc32(content) == crc
        ]

    @contextlib.contextmanager
    def _harmless(self) -> Iterator[None]:
        """Turns trouble with the file into going on: with a new file if it was damaged, else without one."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            _log.warning("The feature cache %s fails: %s", self._file, error)
            self.close()
            code = getattr(error, "sqlite_errorcode", None)
            if code is not None and code & 0xFF in _DAMAGED:
                self._replace()

    def _replace(self) -> None:
        try:
            for name in (self._file.name, f"{self._file.name}-journal", f"{self._file.name}-wal"):
                self._file.with_name(name).unlink(missing_ok=True)
            self._open()
        except (sqlite3.Error, OSError) as error:
            _log.warning("The feature cache %s cannot be replaced: %s", self._file, error)
            self.close()
