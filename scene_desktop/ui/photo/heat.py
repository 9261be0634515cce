"""A map of places as light over a photo: what matters stays bright and warm, the rest is dimmed."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

_DIM = 175
"""Opacity of the black over places that do not matter, of 255."""
_WARM = (255, 176, 32)
_GLOW = 90
"""Opacity of the warm light over the place that matters most, of 255."""


def heat_image(drops: NDArray[np.float32]) -> QImage:
    """One pixel a place, to be stretched smoothly over the photo.

    Brightness carries the message, not the colour, so it can be read without telling colours apart.

    Args:
        drops: float32 `(rows, columns)`; zero and less is dim, the largest is brightest.
    """
    share = np.clip(drops, 0.0, None) / max(float(drops.max(initial=0.0)), 1e-9)
    alpha = np.where(share < 0.5, _DIM * (1 - 2 * share), _GLOW * (2 * share - 1))
    pixels = np.zeros((*drops.shape, 4), dtype=np.uint8)  # premultiplied: blue, green, red, alpha
    warm = share >= 0.5
    for place, channel in enumerate(reversed(_WARM)):
        pixels[..., place] = np.where(warm, alpha * channel / 255, 0)
    pixels[..., 3] = alpha
    rows, columns = drops.shape
    image = QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()
