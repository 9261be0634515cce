"""What the pretrained network sees in photos, for the peers.

They are measured on the features of the app's first version, which are the last columns of today's: what the
recipes do may change, their peers stay.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.datasets.dataset import LabelledPhoto
from scene_desktop.core.errors import SceneError
from scene_desktop.core.photos.framing import View
from scene_desktop.core.recipes.networks import LITE0_FEATURES
from training.photos import features


def both_sides(photos: Sequence[LabelledPhoto], view: View, cache_file: Path) -> NDArray[np.float32]:
    """The features of photos and of their mirror images.

    Returns:
        float32 `(photos, 2, 1984)`, rounded to float16 as in the app.

    Raises:
        SceneError: A photo cannot be read, or there is no network.
    """
    extractor = features.pretrained(view)
    rows, unreadable = features.extract(
        photos, extractor, lambda event: None, lambda: False, cache_file=cache_file
    )
    for photo in unreadable:
        raise SceneError(f"“{photo.path}” cannot be read any more: {photo.reason}")
    return rows[:, :, -LITE0_FEATURES:].astype(np.float32)
