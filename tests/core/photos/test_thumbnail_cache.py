"""Copies of large photos are found again, replaced when damaged, and never take more than their room."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scene_desktop.core.errors import PhotoError
from scene_desktop.core.photos import images
from scene_desktop.core.photos.thumbnail_cache import SIDE, WORTH_BYTES, ThumbnailCache


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return made_photo(tmp_path / "large.jpg", 0)


def made_photo(path: Path, seed: int) -> Path:
    noise = np.random.default_rng(seed).integers(0, 256, (700, 1000, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path, quality=90)
    assert path.stat().st_size > WORTH_BYTES
    return path


def copies(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.jpg") if path.is_file())


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The photos that were read whole."""
    made: list[str] = []
    read = images.read_bytes

    def counted(path: str) -> bytes:
        made.append(path)
        return read(path)

    monkeypatch.setattr(images, "read_bytes", counted)
    return made


def test_the_second_look_reads_the_copy(tmp_path: Path, photo: Path, reads: list[str]) -> None:
    cache = ThumbnailCache(tmp_path / "cache")
    first = cache.picture(str(photo), 200)
    second = cache.picture(str(photo), 200)
    assert first.shape == (140, 200, 3)
    assert (first == second).all()
    assert reads == [str(photo)]
    moved = photo.rename(tmp_path / "elsewhere.jpg")
    cache.picture(str(moved), 100)
    assert len(reads) == 1


def test_a_changed_photo_is_read_again(tmp_path: Path, photo: Path, reads: list[str]) -> None:
    cache = ThumbnailCache(tmp_path / "cache")
    cache.picture(str(photo), 200)
    with open(photo, "r+b") as stream:
        stream.seek(photo.stat().st_size // 2)
        stream.write(b"\0" * 64)
    os.utime(photo, ns=(1, 1))
    cache.picture(str(photo), 200)
    assert len(reads) == 2


@pytest.mark.parametrize("content", [b"", b"no photo", b"\xff\xd8\xff"])
def test_a_damaged_copy_is_replaced(tmp_path: Path, photo: Path, content: bytes) -> None:
    cache = ThumbnailCache(tmp_path / "cache")
    right = cache.picture(str(photo), 200)
    (copy,) = copies(tmp_path / "cache")
    copy.write_bytes(content)
    assert (cache.picture(str(photo), 200) == right).all()
    assert copy.stat().st_size > 1000


def test_small_photos_and_large_pictures_leave_no_copy(tmp_path: Path, photo: Path) -> None:
    cache = ThumbnailCache(tmp_path / "cache")
    Image.new("RGB", (60, 40)).save(tmp_path / "small.png")
    assert cache.picture(str(tmp_path / "small.png"), 100).shape == (40, 60, 3)
    assert max(cache.picture(str(photo), SIDE + 1).shape) == SIDE + 1
    assert copies(tmp_path / "cache") == []


def test_the_copies_not_used_for_longest_go_first(tmp_path: Path) -> None:
    wide = ThumbnailCache(tmp_path / "cache")
    for number in range(4):
        wide.picture(str(made_photo(tmp_path / f"{number}.jpg", number)), 100)
        for path in copies(tmp_path / "cache"):
            os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns - 10**9))
    wide.picture(str(tmp_path / "0.jpg"), 100)
    every = copies(tmp_path / "cache")
    total = sum(path.stat().st_size for path in every)
    newest = max(every, key=lambda path: path.stat().st_mtime_ns)
    ThumbnailCache(tmp_path / "cache", limit_bytes=total // 2).trim()
    left = copies(tmp_path / "cache")
    assert 0 < sum(path.stat().st_size for path in left) <= total // 2
    assert newest in left


def test_a_folder_that_cannot_be_written_costs_only_the_copy(tmp_path: Path, photo: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    assert ThumbnailCache(tmp_path / "cache").picture(str(photo), 100).shape == (70, 100, 3)


def test_what_is_no_photo_says_why(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path / "cache")
    os.mkfifo(tmp_path / "pipe.jpg")
    for name in ("none.jpg", "pipe.jpg"):
        with pytest.raises(PhotoError):
            cache.picture(str(tmp_path / name), 100)
