"""Photos as the peers see them."""

from pathlib import Path

import numpy as np
import pytest

from development.panel.features import both_sides
from development.panel.sets import read_set
from scene_desktop.core.classify.classifier import Network
from scene_desktop.core.errors import SceneError
from scene_desktop.core.photos import images
from scene_desktop.core.photos.framing import Framing, View
from scene_desktop.core.recipes.networks import LITE0_FEATURES
from training.photos import features

CUT = View(96, Framing.CUT)


def test_features_are_the_last_of_the_network(squares: Path, tmp_path: Path) -> None:
    training = read_set(squares).training[:9]  # one more than a batch
    found = both_sides(training, CUT, tmp_path / "features.sqlite")
    pixels = np.stack([images.load_view(photo.path, CUT) for photo in training])
    network = Network(features.compiled_backbone().read_bytes())
    for side, shown in enumerate((pixels, pixels[:, :, ::-1])):
        expected = network.run(np.ascontiguousarray(shown))[:, -LITE0_FEATURES:]
        np.testing.assert_allclose(found[:, side], expected, rtol=2e-3, atol=2e-3)


def test_features_are_kept_beside_the_panel_and_not_in_the_home_of_the_recipes(
    squares: Path, tmp_path: Path
) -> None:
    both_sides(read_set(squares).training[:3], CUT, tmp_path / "features.sqlite")
    assert (tmp_path / "features.sqlite").exists()
    assert not features.usual_cache().exists()


def test_a_photo_that_has_gone_is_told(squares: Path, tmp_path: Path) -> None:
    training = read_set(squares).training[:2]
    Path(training[1].path).unlink()
    with pytest.raises(SceneError, match="cannot be read any more"):
        both_sides(training, CUT, tmp_path / "features.sqlite")
