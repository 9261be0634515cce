"""What a fit hands over to calibration, evaluation and compilation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras
    import numpy as np
    from numpy.typing import NDArray

    from training.fitting.loop import Fit
    from training.photos.material import Material


@dataclass(frozen=True)
class Trained:
    """A network after its fit.

    Attributes:
        model: From photos to scores, with the weights of the best epoch.
        material: The photos that took part.
        before_scores: float32 `(validation photos, width)`, what the last dense layer gets.
    """

    model: keras.Model
    fit: Fit
    material: Material
    before_scores: NDArray[np.float32]
