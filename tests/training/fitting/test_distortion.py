"""Augmentation by TensorFlow: the same as that of the core."""

import msgspec
import numpy as np

from scene_desktop.core.recipes import augmentation
from scene_desktop.core.recipes.presets import PRESETS
from training.fitting import distortion

HACKATHON = PRESETS["hackathon"].recipe
ALL = msgspec.structs.replace(HACKATHON, rotation=25.0, brightness=0.3, contrast=0.4)


def _photos() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 256, (12, 40, 60, 3), dtype=np.uint8)


def test_batches_are_augmented_as_the_preview_is() -> None:
    for recipe in (HACKATHON, ALL):
        drawn = augmentation.draw(recipe, 12, (40, 60), np.random.default_rng(1))
        expected = augmentation.augmented(_photos(), drawn).astype(int)
        difference = np.abs(np.asarray(distortion.apply(_photos(), drawn)).astype(int) - expected)
        assert difference.max() <= 1
        assert difference.mean() < 0.01


def test_the_result_depends_on_the_generator_alone() -> None:
    def distorted(seed: int) -> np.ndarray:
        return np.asarray(distortion.distort(_photos(), ALL, np.random.default_rng(seed)))

    assert distorted(1).dtype == np.uint8
    assert np.array_equal(distorted(1), distorted(1))
    assert not np.array_equal(distorted(1), distorted(2))


def test_without_augmentation_no_pixel_is_touched() -> None:
    nothing = msgspec.structs.replace(HACKATHON, flip=False, zoom=0.0, shear=0.0)
    photos = _photos()
    assert distortion.distort(photos, nothing, np.random.default_rng(1)) is photos
