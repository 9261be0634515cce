"""The distortions that the hackathon trained with: no photo is seen twice in the same way."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

SHEAR_DEGREES = 15.0
ZOOM = 0.2


def distort(photos: NDArray[np.uint8], random: np.random.Generator) -> Any:
    """Shear up to 15 degrees, zoom up to 20 % in each direction, and a mirror image half of the time.

    The same as Keras' former `ImageDataGenerator(shear_range=15, zoom_range=0.2, horizontal_flip=True)`: one
    affine map about the middle, and the nearest pixel outside the photo.

    Args:
        photos: uint8 `(N, size, size, 3)`.

    Returns:
        uint8 tensor of the same shape.
    """
    count, size = len(photos), photos.shape[1]
    shear = np.radians(random.uniform(-SHEAR_DEGREES, SHEAR_DEGREES, count))
    zoom_x, zoom_y = random.uniform(1 - ZOOM, 1 + ZOOM, (2, count))
    mirror = np.where(random.random(count) < 0.5, -1.0, 1.0)
    # Rows of the matrix that takes a point (x, y) of the result to its source, both from the middle.
    x_from_x, x_from_y = zoom_x * mirror, -np.sin(shear) * zoom_y
    y_from_x, y_from_y = np.zeros(count), np.cos(shear) * zoom_y
    middle = (size - 1) / 2
    x_offset = middle - middle * (x_from_x + x_from_y)
    y_offset = middle - middle * (y_from_x + y_from_y)
    zeros = np.zeros(count)
    transforms = np.stack(
        [x_from_x, x_from_y, x_offset, y_from_x, y_from_y, y_offset, zeros, zeros], axis=1
    ).astype(np.float32)
    return keras.ops.image.affine_transform(
        photos, transforms, interpolation="bilinear", fill_mode="nearest", data_format="channels_last"
    )
