"""The strongest simple peer: multinomial logistic regression, its L2 strength chosen by cross-validation."""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from development.panel.cross_validation import Features, Fold, Labels, Rows, folds, rows
from scene_desktop.core.models import metrics

STRENGTHS = tuple(float(strength) for strength in 10 ** np.arange(4, -3.1, -0.5))
"""What is tried, from 1e4 down to 1e-3: scikit-learn's C is the inverse."""

_WORSE = 2
"""After so many strengths in a row that are no better, weaker ones are not tried."""

_MOST_STEPS = 1000
_TOLERANCE = 1e-6
"""Of the gradient; with 1e-4, as scikit-learn has it, weak strengths end where strong ones have left them."""


def scores(both_sides: NDArray[np.float32], labels: Labels, other: Features, seed: int) -> NDArray[np.float32]:
    """Learns from photos and their mirror images, and gives scores for other photos.

    Args:
        both_sides: float32 `(photos, 2, columns)`: of each photo, and of its mirror image.
        other: float32 `(others, columns)`.
        seed: Of the folds.

    Returns:
        float32 `(others, classes)`.
    """
    strength = chosen_strength(list(folds(both_sides, labels, seed)))
    return _scores(_model(), rows(both_sides, labels, other), strength)


def chosen_strength(all_folds: list[Fold]) -> float:
    """The strength with the lowest crossentropy over the photos held out."""
    models = [_model() for _ in all_folds]
    best, lowest, worse = STRENGTHS[0], np.inf, 0
    truth = np.concatenate([fold.held_out for fold in all_folds])
    for strength in STRENGTHS:
        said = [_scores(model, fold.rows, strength) for model, fold in zip(models, all_folds, strict=True)]
        loss = metrics.crossentropy(np.concatenate(said), truth)
        if loss < lowest:
            best, lowest, worse = strength, loss, 0
        else:
            worse += 1
            if worse == _WORSE:
                break
    return best


def _model() -> LogisticRegression:
    return LogisticRegression(max_iter=_MOST_STEPS, tol=_TOLERANCE, warm_start=True)


def _scores(model: LogisticRegression, learned: Rows, strength: float) -> NDArray[np.float32]:
    """Fits from where the model stands: the next strength is not far."""
    model.set_params(C=1 / strength).fit(learned.features, learned.labels)
    said: NDArray[np.float32] = model.predict_proba(learned.other).astype(np.float32)
    return said
