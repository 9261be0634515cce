import numpy as np
import pytest

from scene_desktop.core.models.metrics import evaluate

SCORES = np.array([[0.8, 0.2], [0.4, 0.6], [0.3, 0.7], [0.9, 0.1]], np.float32)
LABELS = np.array([0, 0, 1, 1])


def test_figures_match_a_calculation_by_hand() -> None:
    result = evaluate(SCORES, LABELS, ("a", "b"))
    assert result.accuracy == 0.5
    assert result.crossentropy == pytest.approx(-np.log([0.8, 0.4, 0.7, 0.1]).mean(), abs=1e-6)
    assert result.confusion == ((1, 1), (1, 1))
    assert result.per_class[0].precision == result.per_class[0].recall == result.per_class[0].f1 == 0.5


def test_a_class_that_is_never_predicted_has_zero_precision() -> None:
    result = evaluate(np.array([[0.9, 0.1]] * 3, np.float32), np.array([0, 0, 1]), ("a", "b"))
    assert result.per_class[1].precision == result.per_class[1].f1 == 0


def test_prices_tell_decided_and_right_shares() -> None:
    prices = {price.threshold: price for price in evaluate(SCORES, LABELS, ("a", "b")).prices}
    assert (prices[0.0].decided, prices[0.0].right) == (1.0, 0.5)
    assert (prices[0.75].decided, prices[0.75].right) == (0.5, 0.5)
    assert (prices[0.95].decided, prices[0.95].right) == (0.0, 1.0)
