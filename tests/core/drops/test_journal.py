"""What drops have found is on disk as it comes, and is found again."""

import os
import sqlite3
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.drops import DropJournal, ModelKey, records, remove
from scene_desktop.core.drops.stored import connect, journals_folder
from scene_desktop.core.errors import InputError, SceneError

MODEL = ModelKey("Pets", ("cat", "dog"), "ab" * 32)


def verdict(index: int, path: Path | str, score: float = 0.9, corrected: int | None = None) -> Prediction:
    return Prediction(index, str(path), np.array([score, 1 - score], np.float32), corrected=corrected)


def everything(journal: DropJournal) -> list[tuple[int, str, float | None, int | None]]:
    return [
        (one.index, one.path, None if one.confidence is None else round(one.confidence, 3), one.corrected)
        for chunk in journal.predictions()
        for one in chunk
    ]


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.jpg" for number in range(3)]
    for path in paths:
        path.write_bytes(b"x" * 10)
    return paths


def test_verdicts_come_back_in_the_order_of_finding(photos: list[Path]) -> None:
    journal = DropJournal.create(MODEL)
    drop = journal.begin([str(photos[0].parent)])
    journal.write(drop, [verdict(2, photos[2]), verdict(0, photos[0])], found=3)
    journal.write(drop, [Prediction(1, str(photos[1]), error="Empty")], found=3)
    journal.end(drop, 3, ended=True)
    other = journal.begin(["/elsewhere"])
    journal.write(other, [verdict(0, "/elsewhere/a.jpg")], found=1)
    journal.end(other, 1, ended=True)
    journal.correct([str(photos[2])], 1)
    journal.close()
    (record,) = records()
    assert (record.model, record.done, record.found, record.ended) == (MODEL, 4, 4, True)
    assert record.paths == (str(photos[0].parent), "/elsewhere")
    again = DropJournal.open(record.id)
    assert everything(again) == [
        (0, str(photos[0]), 0.9, None),
        (1, str(photos[1]), None, None),
        (2, str(photos[2]), 0.9, 1),
        (3, "/elsewhere/a.jpg", 0.9, None),
    ]
    assert [one.error for chunk in again.predictions() for one in chunk][1] == "Empty"
    again.close()


def test_a_drop_that_was_cut_off_is_known_and_changed_photos_are_not(photos: list[Path]) -> None:
    journal = DropJournal.create(MODEL)
    drop = journal.begin(["/p"])
    journal.write(drop, [verdict(n, path) for n, path in enumerate(photos)], found=9)
    journal.end(drop, 9, ended=False)
    journal.close()
    assert not records()[0].ended
    assert records()[0].found == 9
    again = DropJournal.open(records()[0].id)
    assert again.unfinished() == [(drop, ("/p",))]
    known = again.known(drop)
    photos[1].write_bytes(b"another content")
    photos[2].unlink()
    assert [known(n, str(path)) is not None for n, path in enumerate(photos)] == [True, False, False]
    assert known(7, str(photos[0])).index == 7
    assert known(0, "/never/seen.jpg") is None
    again.write(drop, [verdict(0, photos[0]), verdict(1, photos[1], 0.3)], found=2)
    again.end(drop, 2, ended=True)
    assert [row[1] for row in everything(again)] == [str(photos[0]), str(photos[1])]
    again.close()


def test_names_that_are_no_text_come_back_as_they_were(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(str(tmp_path)) + b"/\xff.jpg")
    journal = DropJournal.create(MODEL)
    drop = journal.begin([path])
    journal.write(drop, [verdict(0, path)], found=1)
    journal.end(drop, 1, ended=True)
    assert everything(journal)[0][1] == path
    journal.move({path: "/moved.jpg"})
    assert everything(journal)[0][1] == "/moved.jpg"
    journal.close()
    assert records()[0].paths == (path,)


def test_a_journal_is_held_by_one_window(photos: list[Path]) -> None:
    journal = DropJournal.create(MODEL)
    assert records() == []
    with pytest.raises(InputError, match="another window"):
        DropJournal.open(journal.id)
    with pytest.raises(InputError, match="another window"):
        remove(journal.id)
    journal.close()
    remove(journal.id)
    assert records() == []
    with pytest.raises(InputError, match="not there any more"):
        DropJournal.open(journal.id)


@pytest.mark.parametrize("damage", [b"", b"garbage" * 1000])
def test_a_damaged_journal_is_set_aside(home: Path, damage: bytes) -> None:
    journal = DropJournal.create(MODEL)
    journal.close()
    journal.path.write_bytes(damage)
    for suffix in ("-wal", "-shm"):
        Path(f"{journal.path}{suffix}").unlink(missing_ok=True)
    assert records() == []
    assert not journal.path.exists()
    assert journal.path.with_suffix(".broken").exists()


def test_only_the_newest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[records.__module__], "KEPT", 3)
    for _ in range(5):
        DropJournal.create(MODEL).close()
    assert len(records()) == 3
    monkeypatch.setattr(sys.modules[records.__module__], "KEPT_BYTES", 1)
    DropJournal.create(MODEL).close()
    assert len(records()) == 1


def test_a_disk_that_is_full_is_told(photos: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def connect_with_little_room(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        connection.execute("PRAGMA max_page_count = 10")
        return connection

    monkeypatch.setattr("scene_desktop.core.drops.journal.connect", connect_with_little_room)
    journal = DropJournal.create(MODEL)
    drop = journal.begin(["/p"])
    many = [verdict(number, f"/{number}-{'x' * 200}.jpg") for number in range(1000)]
    with pytest.raises(SceneError, match="cannot be kept"):
        journal.write(drop, many, found=1000)
    journal.close()
    with sqlite3.connect(journal.path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_folder_that_cannot_be_made_is_told(home: Path) -> None:
    (home / "data").mkdir(parents=True, exist_ok=True)
    journals_folder().parent.mkdir(parents=True, exist_ok=True)
    journals_folder().write_text("a file is in the way")
    with pytest.raises(SceneError, match="cannot be kept"):
        DropJournal.create(MODEL)


def test_a_correction_of_a_verdict_that_is_still_on_its_way_is_on_disk_at_once(photos: list[Path]) -> None:
    journal = DropJournal.create(MODEL)
    drop = journal.begin(["/p"])
    journal.write(drop, [verdict(n, path) for n, path in enumerate(photos)], found=3)
    journal.correct([str(photos[1])], 1)
    with connect(journal.path) as killed_now:
        kept = dict(killed_now.execute("SELECT path, corrected FROM photos"))
    assert kept[os.fsencode(photos[1])] == 1
    journal.end(drop, 3, ended=True)
    assert [one[3] for one in everything(journal)] == [None, 1, None]
    journal.close()


def test_a_move_of_a_photo_whose_verdict_is_still_on_its_way_is_kept(photos: list[Path]) -> None:
    journal = DropJournal.create(MODEL)
    drop = journal.begin(["/p"])
    journal.write(drop, [verdict(n, path) for n, path in enumerate(photos)], found=3)
    journal.move({str(photos[1]): "/sorted/1.jpg"})
    journal.end(drop, 3, ended=True)
    assert [one[1] for one in everything(journal)] == [str(photos[0]), "/sorted/1.jpg", str(photos[2])]
    journal.close()


def test_a_correction_outlives_the_verdict_that_a_continued_drop_recalls(photos: list[Path]) -> None:
    journal = DropJournal.create(MODEL)
    drop = journal.begin(["/p"])
    journal.write(drop, [verdict(n, path) for n, path in enumerate(photos)], found=3)
    journal.correct([str(photos[0])], 1)
    journal.end(drop, 3, ended=False)
    journal.close()
    again = DropJournal.open(records()[0].id)
    known = again.known(drop)
    again.correct([str(photos[0])], None)
    again.correct([str(photos[1])], 1)
    photos[2].write_bytes(b"another picture")
    recalled = [known(n, str(path)) or verdict(n, path, 0.6) for n, path in enumerate(photos)]
    again.write(drop, recalled, found=3)
    again.end(drop, 3, ended=True)
    assert [one[2:] for one in everything(again)] == [(0.9, None), (0.9, 1), (0.6, None)]
    again.close()


def test_a_journal_that_is_closed_in_another_thread_is_free(photos: list[Path]) -> None:
    journal = DropJournal.create(MODEL)
    journal.end(journal.begin(["/p"]), 0, ended=True)
    closing = threading.Thread(target=journal.close)
    closing.start()
    closing.join()
    assert [record.id for record in records()] == [journal.id]
    DropJournal.open(journal.id).close()
