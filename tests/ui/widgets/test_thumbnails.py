"""Pictures are made in the background, newest first, and memory stays bounded."""

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.core.photos.thumbnail_cache import ThumbnailCache
from scene_desktop.ui.widgets.thumbnails import MAX_WISHES, Made, Thumbnails, Wish, make


def test_a_picture_is_wished_for_once_and_then_there(qtbot: QtBot, photo_folder: Path) -> None:
    thumbnails = Thumbnails()
    path = str(photo_folder / "1.png")
    with qtbot.waitSignal(thumbnails.loaded):
        assert thumbnails.pixmap(path, 32) is None
    pixmap = thumbnails.pixmap(path, 32)
    assert (pixmap.width(), pixmap.height()) == (32, 32)
    assert thumbnails.file_bytes(path) == (photo_folder / "1.png").stat().st_size
    thumbnails.close()


def test_a_photo_that_cannot_be_read_gives_an_empty_picture(qtbot: QtBot, tmp_path: Path) -> None:
    thumbnails = Thumbnails()
    with qtbot.waitSignal(thumbnails.loaded) as made:
        thumbnails.pixmap(str(tmp_path / "none.jpg"), 32)
    assert made.args[0].reason
    assert thumbnails.pixmap(str(tmp_path / "none.jpg"), 32).isNull()
    thumbnails.close()


def test_previews_keep_the_proportions_and_are_never_enlarged(photo_folder: Path) -> None:
    made = make(Wish(str(photo_folder / "0.png"), 30, square=False))
    assert (made.image.width(), made.image.height()) == (30, 20)
    made = make(Wish(str(photo_folder / "0.png"), 600, square=False))
    assert (made.image.width(), made.image.height()) == (60, 40)


def test_memory_stays_below_its_limit(qtbot: QtBot, photo_folder: Path) -> None:
    thumbnails = Thumbnails(limit_bytes=32 * 32 * 4 * 2)
    for number in range(3):
        with qtbot.waitSignal(thumbnails.loaded):
            thumbnails.pixmap(str(photo_folder / f"{number}.png"), 32)
    assert thumbnails.pixmap(str(photo_folder / "0.png"), 32) is None
    assert thumbnails.pixmap(str(photo_folder / "2.png"), 32) is not None
    thumbnails.close()


def test_old_wishes_are_forgotten_and_threads_end(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_wished, told = threading.Event(), []

    def make_later(wish: Wish, cache: ThumbnailCache | None = None) -> Made:
        all_wished.wait(20)
        return make(wish, cache)

    monkeypatch.setattr("scene_desktop.ui.widgets.thumbnails.make", make_later)
    others = set(threading.enumerate())
    thumbnails = Thumbnails(threads=1)
    thumbnails.loaded.connect(lambda made: told.append(made.wish.path))
    paths = [str(tmp_path / f"{number}.jpg") for number in range(MAX_WISHES * 3)]
    for path in paths:
        thumbnails.pixmap(path, 32)
    all_wished.set()
    # The thread may have taken one wish before the others came.
    qtbot.waitUntil(lambda: set(paths[-MAX_WISHES:]) <= set(told), timeout=20_000)
    assert len(told) <= MAX_WISHES + 1
    thumbnails.close()
    qtbot.waitUntil(lambda: set(threading.enumerate()) <= others, timeout=5000)
