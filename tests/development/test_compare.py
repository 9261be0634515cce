"""Two folders of pictures are compared pixel by pixel."""

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from development import compare


def picture(path: Path, *changed: tuple[int, int]) -> None:
    """A grey picture of 200 × 100 pixels, with some pixels `(x, y)` in another grey."""
    pixels = np.full((100, 200, 3), 90, dtype=np.uint8)
    for x, y in changed:
        pixels[y, x] = 91
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


def compared(monkeypatch: pytest.MonkeyPatch, before: Path, after: Path, *more: str) -> int:
    monkeypatch.setattr(sys, "argv", ["compare", str(before), str(after), *more])
    with pytest.raises(SystemExit) as ended:
        compare.main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_equal_folders_are_identical(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("before", "after"):
        picture(tmp_path / folder / "small" / "a.png", (3, 4))
    assert compared(monkeypatch, tmp_path / "before", tmp_path / "after") == 0
    assert "small/a.png: identical" in capsys.readouterr().out


def test_one_pixel_is_found_and_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    picture(tmp_path / "before" / "a.png")
    picture(tmp_path / "after" / "a.png", (150, 20))
    drawn = tmp_path / "drawn"
    assert compared(monkeypatch, tmp_path / "before", tmp_path / "after", "--write", str(drawn)) == 1
    assert "a.png: 1 pixels differ: 150,20 to 151,21" in capsys.readouterr().out
    with Image.open(drawn / "a.png") as image:
        assert image.getpixel((150, 20)) == (255, 0, 0)
        assert image.getpixel((149, 20)) == (90, 90, 90)


def test_missing_and_resized_pictures_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    picture(tmp_path / "before" / "gone.png")
    picture(tmp_path / "after" / "new.png")
    picture(tmp_path / "before" / "other.png")
    Image.new("RGB", (20, 10)).save(tmp_path / "after" / "other.png")
    assert compared(monkeypatch, tmp_path / "before", tmp_path / "after") == 1
    told = capsys.readouterr().out
    assert "gone.png: missing after" in told
    assert "new.png: missing before" in told
    assert "other.png: another size: 200 × 100 to 20 × 10" in told


def test_regions_hold_every_pixel_and_are_a_handful() -> None:
    mask = np.zeros((1000, 1500), dtype=np.bool_)
    chance = np.random.default_rng(1)
    mask[chance.integers(0, 1000, 300), chance.integers(0, 1500, 300)] = True
    mask[10:14, 20:40] = True
    boxes = compare.regions(mask)
    assert len(boxes) <= compare.REGIONS
    held = np.zeros_like(mask)
    for left, top, right, bottom in boxes:
        held[top:bottom, left:right] = True
    assert (held | ~mask).all()


def test_changes_far_apart_are_told_apart() -> None:
    mask = np.zeros((400, 600), dtype=np.bool_)
    mask[10:20, 10:60] = True
    mask[300:310, 500:520] = True
    assert compare.regions(mask) == [(10, 10, 60, 20), (500, 300, 520, 310)]
