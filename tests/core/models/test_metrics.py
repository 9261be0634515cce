import numpy as np
import pytest

from scene_desktop.core.models.metrics import Interval, evaluate, interval

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


@pytest.mark.parametrize(
    ("right", "photos", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # R. G. Newcombe (1998), table I, method 3
        (15, 148, 0.0624, 0.1605),
        (51, 60, 0.7389, 0.9190),
        (10, 10, 0.7225, 1.0),
        (0, 10, 0.0, 0.2775),
    ],
)
def test_intervals_match_published_ones_and_a_calculation_by_hand(
    right: int, photos: int, low: float, high: float
) -> None:
    found = interval(right / photos, photos)
    assert found == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("photos", [1, 3, 7, 10, 49, 1000, 14_039])
def test_all_right_and_none_right_reach_the_very_ends(photos: int) -> None:
    assert interval(1.0, photos).high == 1.0
    assert interval(0.0, photos).low == 0.0
    assert interval(1.0, photos).low == pytest.approx(1 - interval(0.0, photos).high)


def test_without_photos_nothing_is_known() -> None:
    assert interval(0.0, 0) == interval(1.0, 0) == Interval(0.0, 1.0)
