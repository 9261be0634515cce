"""Augmentation as numbers and as pixels."""

import msgspec
import numpy as np
import pytest

from scene_desktop.core.recipes import augmentation
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import TrainingRecipe

_NONE = msgspec.structs.replace(PRESETS["hackathon"].recipe, flip=False, zoom=0.0, shear=0.0)


def _recipe(**changes: object) -> TrainingRecipe:
    return msgspec.structs.replace(_NONE, **changes)


def _photo(height: int = 40, width: int = 60) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_no_augmentation_touches_no_pixel() -> None:
    assert not augmentation.changes_photos(_NONE)
    pictures = augmentation.preview(_photo(), _NONE, seed=1)
    assert pictures.shape == (8, 40, 60, 3)
    assert all(np.array_equal(picture, _photo()) for picture in pictures)
    drawn = augmentation.draw(_NONE, 2, (40, 60), np.random.default_rng(1))
    assert np.array_equal(augmentation.augmented(np.stack([_photo()] * 2), drawn), np.stack([_photo()] * 2))


def test_a_flip_gives_the_photo_or_its_mirror_image() -> None:
    photo = _photo()
    pictures = augmentation.preview(photo, _recipe(flip=True), seed=1, count=40)
    mirrored = [np.array_equal(picture, photo[:, ::-1]) for picture in pictures]
    same = [np.array_equal(picture, photo) for picture in pictures]
    assert 10 < sum(mirrored) < 30
    assert sum(mirrored) + sum(same) == 40


@pytest.mark.parametrize("name", ["rotation", "zoom", "shear", "brightness", "contrast"])
def test_each_range_changes_photos_and_is_repeatable(name: str) -> None:
    recipe = _recipe(**{name: 20.0 if name in ("rotation", "shear") else 0.3})
    pictures = augmentation.preview(_photo(), recipe, seed=1)
    assert not any(np.array_equal(picture, _photo()) for picture in pictures)
    assert np.array_equal(pictures, augmentation.preview(_photo(), recipe, seed=1))
    assert not np.array_equal(pictures, augmentation.preview(_photo(), recipe, seed=2))


def test_turning_by_a_right_angle_turns_the_photo() -> None:
    quarter = np.full(1, np.pi / 2)
    one = np.ones(1)
    maps = augmentation.affine_maps(quarter, 0 * one, np.ones((2, 1)), one, (40, 40))
    changes = augmentation.Changes(maps, np.ones(1, np.float32), np.zeros(1, np.float32))
    photo = _photo(40, 40)
    turned = augmentation.augmented(photo[None], changes)[0].astype(int)
    assert np.abs(turned - np.rot90(photo).astype(int)).max() <= 1


def test_the_hackathons_map_is_that_of_keras_former_generator() -> None:
    recipe = PRESETS["hackathon"].recipe
    drawn = augmentation.draw(recipe, 500, (150, 150), np.random.default_rng(7))
    (x_from_x, x_from_y, _), (y_from_x, y_from_y, _) = drawn.maps.transpose(1, 2, 0)
    zoom_x, zoom_y = np.abs(x_from_x), np.hypot(x_from_y, y_from_y)
    angle = np.degrees(np.arctan2(-x_from_y, y_from_y))
    # shear_matrix @ zoom_matrix of keras.preprocessing: rows (zx, -sin(s) zy) and (0, cos(s) zy), then flipped.
    assert np.abs(y_from_x).max() == 0
    assert 0.8 <= zoom_x.min() < 0.81
    assert 1.19 < zoom_x.max() <= 1.2
    assert 0.8 <= zoom_y.min() < 0.81
    assert 1.19 < zoom_y.max() <= 1.2001
    assert -15.001 <= angle.min() < -14.8
    assert 14.8 < angle.max() <= 15.001
    assert 200 < (x_from_x < 0).sum() < 300
    middle = drawn.maps @ np.array([74.5, 74.5, 1.0])
    assert np.abs(middle - 74.5).max() < 1e-3
    assert (drawn.gains == 1).all()
    assert (drawn.offsets == 0).all()


def test_brightness_and_contrast_stay_within_their_shares() -> None:
    drawn = augmentation.draw(_recipe(brightness=0.3), 300, (4, 4), np.random.default_rng(1))
    assert 0.7 <= drawn.gains.min() < 0.72
    assert 1.28 < drawn.gains.max() <= 1.3
    grey = np.full((1, 4, 4, 3), 127, np.uint8)
    pictures = augmentation.preview(grey[0], _recipe(contrast=0.5), seed=1)
    assert np.abs(pictures.astype(int) - 127).max() <= 1  # contrast leaves the middle where it is
