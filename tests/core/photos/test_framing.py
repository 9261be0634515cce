"""How photos of any shape become squares, in pixels and in the numbers that the window draws with."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scene_desktop.core.photos.framing import Box, Framing, View, seen
from scene_desktop.core.photos.images import load_view

RED, WHITE, BLUE, GREY = (255, 0, 0), (255, 255, 255), (0, 0, 255), (127, 127, 127)


@pytest.fixture(params=["wide", "tall"])
def striped(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A photo of 80 × 40 pixels, red, white in the middle half, blue; and the same one upright."""
    pixels = np.full((40, 80, 3), 255, np.uint8)
    pixels[:, :20], pixels[:, 60:] = RED, BLUE
    file = tmp_path / f"{request.param}.png"
    Image.fromarray(pixels if request.param == "wide" else pixels.transpose(1, 0, 2)).save(file)
    return file


def _colours(file: Path, view: View) -> dict[str, tuple[int, ...]]:
    """At both ends of the longer side, in the middle, and at an end of the shorter one."""
    pixels = load_view(file, view)
    assert pixels.shape == (view.side, view.side, 3)
    pixels = pixels if file.stem == "wide" else pixels.transpose(1, 0, 2)
    places = {"first": (0.5, 0.1), "middle": (0.5, 0.5), "last": (0.5, 0.9), "beside": (0.05, 0.5)}
    return {
        name: tuple(map(int, pixels[int(y * view.side), int(x * view.side)])) for name, (y, x) in places.items()
    }


@pytest.mark.parametrize("side", [20, 200])
def test_squashed_shows_everything(striped: Path, side: int) -> None:
    found = _colours(striped, View(side, Framing.SQUASH))
    assert found == {"first": RED, "middle": WHITE, "last": BLUE, "beside": WHITE}


@pytest.mark.parametrize("side", [20, 200])
def test_padded_shows_everything_between_grey(striped: Path, side: int) -> None:
    found = _colours(striped, View(side, Framing.PAD))
    assert found == {"first": RED, "middle": WHITE, "last": BLUE, "beside": GREY}


@pytest.mark.parametrize("side", [20, 200])
def test_cut_shows_the_middle_square(striped: Path, side: int) -> None:
    assert set(_colours(striped, View(side, Framing.CUT)).values()) == {WHITE}


@pytest.mark.parametrize("framing", Framing)
def test_a_square_is_the_same_whatever_the_framing(tmp_path: Path, framing: Framing) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "square.png")
    usual = load_view(tmp_path / "square.png", View(40, Framing.SQUASH))
    assert np.array_equal(load_view(tmp_path / "square.png", View(40, framing)), usual)


@pytest.mark.parametrize(("width", "height"), [(3000, 1), (1, 3000)])
@pytest.mark.parametrize("framing", Framing)
def test_the_narrowest_photo_has_a_view(tmp_path: Path, framing: Framing, width: int, height: int) -> None:
    Image.new("RGB", (width, height), "red").save(tmp_path / "line.png")
    assert load_view(tmp_path / "line.png", View(160, framing)).shape == (160, 160, 3)


def test_what_is_seen_lies_in_the_middle() -> None:
    assert seen(Framing.SQUASH, 80, 40) == Box(0, 0, 80, 40)
    assert seen(Framing.CUT, 80, 40) == Box(20, 0, 60, 40)
    assert seen(Framing.PAD, 80, 40) == Box(0, -20, 80, 60)
    assert seen(Framing.CUT, 30, 90) == Box(0, 30, 30, 60)
