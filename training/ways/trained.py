"""What a fit hands over to calibration, evaluation and compilation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras
    import numpy as np
    from numpy.typing import NDArray

    from scene_desktop.core.photos.framing import View
    from training.fitting.course import Fit
    from training.photos.material import Material


@dataclass(frozen=True)
class Trained:
    """A network after its fit.

    Attributes:
        model: From photos to scores, with the weights of the best epoch.
        material: The photos that took part.
        view: What it sees of a photo.
        before_scores: float32 `(measured photos, width)`, what the last dense layer gets for the photos that
        the
            figures are of.
        logits: float64 `(measured photos, classes)`, by models that did not learn from the photo; where they
        are
            given they take the place of `before_scores`.
    """

    model: keras.Model
    fit: Fit
    material: Material
    view: View
    before_scores: NDArray[np.float32] | None = None
    logits: NDArray[np.float64] | None = None
