"""What scores are worth, against figures worked out by hand."""

import math

import numpy as np
import pytest

from development.panel.figures import calibration_error, figures, wilson_interval


def test_accuracy_and_crossentropy_of_two_photos() -> None:
    scores = np.array([[0.8, 0.2], [0.6, 0.4]], np.float32)
    found = figures(scores, np.array([0, 1]))
    assert found.accuracy == 0.5
    assert found.crossentropy == pytest.approx(-(math.log(0.8) + math.log(0.4)) / 2, abs=1e-6)


def test_a_class_that_was_ruled_out_costs_no_more_than_the_clip() -> None:
    found = figures(np.array([[1.0, 0.0]], np.float32), np.array([1]))
    assert found.crossentropy == pytest.approx(-math.log(1e-7))


def test_calibration_error_compares_confidence_with_share_of_right_guesses() -> None:
    # Two photos with 0.9, one of them right: 0.4 apart. Two with 0.65, both right: 0.35 apart.
    scores = np.array([[0.9, 0.1], [0.9, 0.1], [0.65, 0.35], [0.35, 0.65]], np.float32)
    assert calibration_error(scores, np.array([0, 1, 0, 1])) == pytest.approx(0.375, abs=1e-6)


def test_being_sure_and_right_has_no_calibration_error() -> None:
    assert calibration_error(np.eye(3, dtype=np.float32), np.array([0, 1, 2])) == 0


@pytest.mark.parametrize(
    ("share", "count", "low", "high"),
    [(0.8, 10, 0.4902, 0.9433), (1.0, 20, 0.8389, 1.0), (0.5, 1000, 0.4691, 0.5309)],
)
def test_wilson_interval_as_in_tables(share: float, count: int, low: float, high: float) -> None:
    assert wilson_interval(share, count) == pytest.approx((low, high), abs=1e-4)
