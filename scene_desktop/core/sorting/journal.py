"""The journal of one sort, on disk before anything is touched.

A journal is an SQLite file: `meta` says what is wanted and how the sort stands, `folders` lists the folders
that were not there before, `items` has a row for each file that is to be placed; see `items`.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from scene_desktop.core.errors import SceneError
from scene_desktop.core.sorting.items import COLUMNS, Item, Kind, Step, item_of, row_of, signed, unsigned
from scene_desktop.core.sorting.placing import PlaceHolder
from scene_desktop.core.sorting.terms import How, SortRecord, SortState

FORMAT = 1
COARSEST_TIME_S = 2.0
"""To which FAT rounds the times of files."""

ENDING = ".sqlite"

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE folders (n INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, inode INTEGER);
CREATE TABLE items (
  n INTEGER PRIMARY KEY, kind TEXT NOT NULL, photo INTEGER, origin BLOB NOT NULL, folder BLOB NOT NULL,
  name BLOB NOT NULL, keyword TEXT NOT NULL, inode INTEGER, size INTEGER, mtime_ns INTEGER,
  step INTEGER NOT NULL, reason TEXT NOT NULL DEFAULT '',
  placed_inode INTEGER, placed_size INTEGER, placed_mtime_ns INTEGER,
  back_inode INTEGER, back_size INTEGER, back_mtime_ns INTEGER
);
CREATE INDEX items_by_step ON items (kind, step);
CREATE INDEX items_by_photo ON items (photo);
CREATE INDEX items_by_folder ON items (folder);
"""


class Journal:
    """An open journal; the only writer of it.

    All methods raise `SceneError` when the journal cannot be read or written; what has been done on disk
    until then is settled when the sort is resumed or undone.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        with explained(path):
            meta = dict(connection.execute("SELECT key, value FROM meta"))
            self.id = path.name.removesuffix(ENDING)
            self.how = How(meta["how"])
            self.target = os.fsdecode(meta["target"])
            self.when = datetime.fromisoformat(meta["when"])
            self._has_place_holders = "place_holders" in meta

    def temporary_name(self, item: Item) -> str:
        return f".scene-sort-{self.id}-{item.n}.part"

    def place_holder(self, item: Item) -> PlaceHolder:
        """Holds the place of an item where the disk knows no hard links."""
        since = None
        if self._has_place_holders:
            since = int((self.when.timestamp() - COARSEST_TIME_S) * 1e9)
        content = f"scene-desktop sort {self.id} {item.n}\n".encode()
        return PlaceHolder(content, self._announce_place_holders, since)

    def _announce_place_holders(self) -> None:
        if not self._has_place_holders:
            with self._transaction():
                self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('place_holders', 1)")
            self._has_place_holders = True

    def state(self) -> SortState:
        with explained(self.path):
            (value,) = self._connection.execute("SELECT value FROM meta WHERE key = 'state'").fetchone()
            return SortState(value)

    def set_state(self, state: SortState) -> None:
        with self._transaction():
            self._connection.execute("UPDATE meta SET value = ? WHERE key = 'state'", (state,))

    def items(self, kind: Kind, *steps: Step, last_first: bool = False, limit: int = -1) -> list[Item]:
        """The items of a kind at any of these steps, in order of their numbers."""
        marks = ",".join("?" * len(steps))
        order = "DESC" if last_first else "ASC"
        query = f"SELECT {COLUMNS} FROM items WHERE kind = ? AND step IN ({marks}) ORDER BY n {order} LIMIT ?"
        with explained(self.path):
            return [item_of(row) for row in self._connection.execute(query, (kind, *steps, limit))]

    def sidecars_of(self, photos: Sequence[int]) -> list[Item]:
        """The side-cars of these photos that are not written yet."""
        marks = ",".join("?" * len(photos))
        query = f"SELECT {COLUMNS} FROM items WHERE photo IN ({marks}) AND step = ? ORDER BY n"
        with explained(self.path):
            return [item_of(row) for row in self._connection.execute(query, (*photos, Step.WAITING))]

    def sidecars_due(self) -> list[Item]:
        """All side-cars that are not written yet though their photo is at its place."""
        query = (
            f"SELECT {COLUMNS} FROM items WHERE kind = ? AND step = ? "
            "AND (photo IS NULL OR photo IN (SELECT n FROM items WHERE step = ?)) ORDER BY n"
        )
        with explained(self.path):
            rows = self._connection.execute(query, (Kind.SIDECAR, Step.WAITING, Step.DONE))
            return [item_of(row) for row in rows]

    def names_in(self, folder: str) -> list[str]:
        """The names that this sort wants in one folder."""
        with explained(self.path):
            rows = self._connection.execute("SELECT name FROM items WHERE folder = ?", (os.fsencode(folder),))
            return [os.fsdecode(name) for (name,) in rows]

    def count(self, kind: Kind, *steps: Step) -> int:
        """How many items of a kind there are, at any step or at these."""
        with explained(self.path):
            return _count(self._connection, kind, steps)

    def save(self, items: Iterable[Item]) -> None:
        """Writes step, name, reason and looks of these items, all or none."""
        with self._transaction():
            self._connection.executemany(
                "UPDATE items SET name = ?, step = ?, reason = ?, placed_inode = ?, placed_size = ?, "
                "placed_mtime_ns = ?, back_inode = ?, back_size = ?, back_mtime_ns = ? WHERE n = ?",
                [(os.fsencode(item.name), *row_of(item)[10:], item.n) for item in items],
            )

    def rename(self, item: Item, sidecar_name: str) -> None:
        """Writes the new names of an item and of its side-car."""
        with self._transaction():
            self._connection.execute("UPDATE items SET name = ? WHERE n = ?", (os.fsencode(item.name), item.n))
            self._connection.execute(
                "UPDATE items SET name = ? WHERE photo = ?", (os.fsencode(sidecar_name), item.n)
            )

    def save_step(self, items: Iterable[Item], step: Step) -> None:
        """Lets all of these items be at `step`."""
        items = list(items)
        for item in items:
            item.step = step
        self.save(items)

    def folders(self) -> dict[str, int | None]:
        """The folders that were made, the innermost last, with their inodes; None: was about to be made."""
        with explained(self.path):
            rows = self._connection.execute("SELECT path, inode FROM folders ORDER BY n").fetchall()
        return {os.fsdecode(path): inode if inode is None else unsigned(inode) for path, inode in rows}

    def add_folder(self, path: str) -> None:
        """Notes a folder that is about to be made."""
        with self._transaction():
            self._connection.execute("INSERT OR IGNORE INTO folders (path) VALUES (?)", (os.fsencode(path),))

    def save_folder(self, path: str, status: os.stat_result) -> None:
        """Notes that a folder was made, and which one it is."""
        inode = signed(status.st_ino)
        with self._transaction():
            self._connection.execute("UPDATE folders SET inode = ? WHERE path = ?", (inode, os.fsencode(path)))

    def forget_folder(self, path: str) -> None:
        """Notes that a folder was not made here after all."""
        with self._transaction():
            self._connection.execute("DELETE FROM folders WHERE path = ?", (os.fsencode(path),))

    def record(self) -> SortRecord:
        with explained(self.path):
            return read_record(self.path.name.removesuffix(ENDING), self._connection)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with explained(self.path), self._connection:
            yield


def read_record(record_id: str, connection: sqlite3.Connection, *, running: bool = False) -> SortRecord:
    """What an open journal says about its sort."""
    meta = dict(connection.execute("SELECT key, value FROM meta"))
    return SortRecord(
        id=record_id,
        when=datetime.fromisoformat(meta["when"]),
        how=How(meta["how"]),
        target=Path(os.fsdecode(meta["target"])),
        total=_count(connection, Kind.PHOTO, ()),
        done=_count(connection, Kind.PHOTO, (Step.DONE, Step.BACK_BEGUN, Step.BACK_READY, Step.LEFT)),
        state=SortState(meta["state"]),
        running=running,
    )


def connect(path: Path, journal_mode: str = "TRUNCATE") -> sqlite3.Connection:
    """Opens a journal so that what is committed survives a loss of power."""
    connection = sqlite3.connect(path, timeout=10)
    connection.execute(f"PRAGMA journal_mode = {journal_mode}")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _count(connection: sqlite3.Connection, kind: Kind, steps: Sequence[Step]) -> int:
    marks = f" AND step IN ({','.join('?' * len(steps))})" if steps else ""
    (found,) = connection.execute(
        f"SELECT count(*) FROM items WHERE kind = ?{marks}", (kind, *steps)
    ).fetchone()
    return int(found)


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns what SQLite complains about into a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        raise SceneError(
            f"The journal of the sort, “{path}”, cannot be read or written ({error}). No photo is lost. "
            f"Check that the disk is not full, then continue or undo the sort."
        ) from error
