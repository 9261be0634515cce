"""Augmentation: photos a little different each time they are shown, so that a network learns what matters.

What a recipe asks for is drawn here as numbers; `augmented` applies them in NumPy,
`training.fitting.distortion` to whole batches in TensorFlow. Both mean the same by the same numbers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.recipes.recipe import TrainingRecipe

_MIDDLE_GREY = 127.5
"""Contrast is raised and lowered about this value."""


@dataclass(frozen=True)
class Changes:
    """What happens to some photos.

    Attributes:
        maps: float32 `(N, 2, 3)`; takes a point `(x, y, 1)` of the result to its source `(x, y)`, in pixels.
        gains, offsets: float32 `(N,)`; a value becomes `gain * value + offset`, within 0 to 255.
    """

    maps: NDArray[np.float32]
    gains: NDArray[np.float32]
    offsets: NDArray[np.float32]


def changes_photos(recipe: TrainingRecipe) -> bool:
    """Whether the recipe asks for any augmentation of pixels; `blending` is none."""
    ranges = (recipe.rotation, recipe.zoom, recipe.shear, recipe.brightness, recipe.contrast)
    return recipe.flip or any(ranges)


def draw(recipe: TrainingRecipe, count: int, size: tuple[int, int], random: np.random.Generator) -> Changes:
    """Draws the changes of `count` photos.

    Shear, zoom and mirror image are those of Keras' former `ImageDataGenerator`: shear and rotation evenly
    within ± their angle, zoom evenly within 1 ± its share for each direction, a mirror image half of the time.

    Args:
        size: `(height, width)` of the photos.
        random: The same draws follow the same state, whatever the recipe asks for.
    """

    def evenly(limit: float, *shape: int) -> NDArray[np.float64]:
        return random.uniform(-1.0, 1.0, (*shape, count)) * limit

    shear, zoom = np.radians(evenly(recipe.shear)), 1 + evenly(recipe.zoom, 2)
    is_mirrored = random.random(count) < 0.5
    mirror = np.where(is_mirrored & recipe.flip, -1.0, 1.0)
    rotation = np.radians(evenly(recipe.rotation))
    bright, contrast = 1 + evenly(recipe.brightness), 1 + evenly(recipe.contrast)
    return Changes(
        maps=affine_maps(rotation, shear, zoom, mirror, size),
        gains=(bright * contrast).astype(np.float32),
        offsets=(bright * (1 - contrast) * _MIDDLE_GREY).astype(np.float32),
    )


def augmented(photos: NDArray[np.uint8], changes: Changes) -> NDArray[np.uint8]:
    """Applies `changes`, with bilinear interpolation; outside a photo stands its nearest pixel.

    Args:
        photos: uint8 `(N, height, width, 3)`.

    Returns:
        uint8 of the same shape.
    """
    height, width = photos.shape[1:3]
    points = np.stack(
        [*np.meshgrid(np.arange(width), np.arange(height)), np.ones((height, width))], axis=-1
    ).astype(np.float32)
    result = np.empty_like(photos)
    for index, photo in enumerate(photos):
        source = points @ changes.maps[index].T
        x = np.clip(source[..., 0], 0, width - 1)
        y = np.clip(source[..., 1], 0, height - 1)
        values = _between(photo, x, y) * changes.gains[index] + changes.offsets[index]
        result[index] = np.clip(np.rint(values), 0, 255)
    return result


def preview(photo: NDArray[np.uint8], recipe: TrainingRecipe, seed: int, count: int = 8) -> NDArray[np.uint8]:
    """The same photo `count` times, augmented as the recipe would.

    Args:
        photo: uint8 `(height, width, 3)`.
        seed: The same seed gives the same draws, so a changed range shows as such.

    Returns:
        uint8 `(count, height, width, 3)`.
    """
    photos = np.repeat(photo[None], count, axis=0)
    if not changes_photos(recipe):
        return photos
    height, width = photo.shape[:2]
    return augmented(photos, draw(recipe, count, (height, width), np.random.default_rng(seed)))


def affine_maps(
    rotation: NDArray[np.float64],
    shear: NDArray[np.float64],
    zoom: NDArray[np.float64],
    mirror: NDArray[np.float64],
    size: tuple[int, int],
) -> NDArray[np.float32]:
    """Rotation times shear times zoom times mirror, about the middle of the photo."""
    cos, sin = np.cos(rotation), np.sin(rotation)
    x_from_x, y_from_x = cos * zoom[0] * mirror, sin * zoom[0] * mirror
    x_from_y = -np.sin(rotation + shear) * zoom[1]
    y_from_y = np.cos(rotation + shear) * zoom[1]
    x_middle, y_middle = (size[1] - 1) / 2, (size[0] - 1) / 2
    x_offset = x_middle - x_from_x * x_middle - x_from_y * y_middle
    y_offset = y_middle - y_from_x * x_middle - y_from_y * y_middle
    rows = [[x_from_x, x_from_y, x_offset], [y_from_x, y_from_y, y_offset]]
    return np.array(rows, np.float32).transpose(2, 0, 1)


def _between(photo: NDArray[np.uint8], x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    """The bilinear values of a photo at points inside of it, float32 `(height, width, 3)`."""
    left, top = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    right, bottom = np.minimum(left + 1, photo.shape[1] - 1), np.minimum(top + 1, photo.shape[0] - 1)
    from_left, from_top = (x - left)[..., None], (y - top)[..., None]
    pixels = photo.astype(np.float32)
    upper = pixels[top, left] * (1 - from_left) + pixels[top, right] * from_left
    lower = pixels[bottom, left] * (1 - from_left) + pixels[bottom, right] * from_left
    values: NDArray[np.float32] = upper * (1 - from_top) + lower * from_top
    return values
