"""Photos as the peers see them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from development.panel import features
from development.panel.features import FEATURES, Fit, Look, both_sides
from development.panel.sets import read_set
from scene_desktop.core.classify.classifier import Network
from scene_desktop.core.errors import SceneError
from scene_desktop.core.photos import images


@pytest.fixture
def wide(tmp_path: Path) -> str:
    """A photo of 80 × 40 pixels: red, white in the middle half, blue."""
    pixels = np.full((40, 80, 3), 255, np.uint8)
    pixels[:, :20], pixels[:, 60:] = (255, 0, 0), (0, 0, 255)
    Image.fromarray(pixels).save(tmp_path / "wide.png")
    return str(tmp_path / "wide.png")


def _colours(look: Look, path: str) -> dict[str, tuple[int, ...]]:
    pixels = look.pixels(path)
    assert pixels.shape == (look.side, look.side, 3)
    places = {"left": (0.5, 0.1), "middle": (0.5, 0.5), "right": (0.5, 0.9), "top": (0.05, 0.5)}
    return {
        name: tuple(int(value) for value in pixels[int(y * look.side), int(x * look.side)])
        for name, (y, x) in places.items()
    }


RED, WHITE, BLUE, GREY = (255, 0, 0), (255, 255, 255), (0, 0, 255), (127, 127, 127)


@pytest.mark.parametrize("side", [20, 200])
def test_squashed_shows_everything(wide: str, side: int) -> None:
    seen = _colours(Look(side, Fit.SQUASHED), wide)
    assert seen == {"left": RED, "middle": WHITE, "right": BLUE, "top": WHITE}


@pytest.mark.parametrize("side", [20, 200])
def test_padded_shows_everything_between_grey(wide: str, side: int) -> None:
    seen = _colours(Look(side, Fit.PADDED), wide)
    assert seen == {"left": RED, "middle": WHITE, "right": BLUE, "top": GREY}


@pytest.mark.parametrize("side", [20, 200])
def test_cut_shows_the_middle_square(wide: str, side: int) -> None:
    seen = _colours(Look(side, Fit.CUT), wide)
    assert set(seen.values()) == {WHITE}


@pytest.mark.parametrize("look", [Look(160, Fit.SQUASHED), Look(96, Fit.CUT)])
def test_features_are_the_last_of_the_network(squares: Path, tmp_path: Path, look: Look) -> None:
    training = read_set(squares).training[:9]  # one more than a batch
    found = both_sides(training, look, tmp_path / "features.sqlite")
    pixels = np.stack([images.load_photo(photo.path, (look.side, look.side)) for photo in training])
    network = Network(features.backbone().read_bytes())
    for side, shown in enumerate((pixels, pixels[:, :, ::-1])):
        expected = network.run(np.ascontiguousarray(shown))[:, -FEATURES:]
        np.testing.assert_allclose(found[:, side], expected, rtol=2e-3, atol=2e-3)


def test_features_are_computed_once_for_each_look(
    squares: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training, cache = read_set(squares).training[:3], tmp_path / "features.sqlite"
    first = both_sides(training, Look(96, Fit.CUT), cache)

    def refuse(content: bytes, look: Look) -> None:
        raise SceneError("asked again")

    monkeypatch.setattr(features, "_infer", refuse)
    np.testing.assert_array_equal(both_sides(training[::-1], Look(96, Fit.CUT), cache), first[::-1])
    with pytest.raises(SceneError, match="asked again"):
        both_sides(training, Look(96, Fit.PADDED), cache)


def test_a_photo_that_has_gone_is_told(squares: Path, tmp_path: Path) -> None:
    training = read_set(squares).training[:2]
    Path(training[1].path).unlink()
    with pytest.raises(SceneError, match="cannot be read any more"):
        both_sides(training, Look(96, Fit.CUT), tmp_path / "features.sqlite")
