"""The peers' arithmetic, on features made by hand."""

import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from development.panel import centroid, keras_tutorial, peers, regression
from development.panel.cross_validation import folds, rows
from development.panel.sets import read_set


def _blobs(apart: float, photos: int = 40) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Both sides of photos of two classes, whose means are so far apart in the first of five columns."""
    random = np.random.default_rng(1)
    labels = np.arange(photos) % 2
    both = random.normal(0, 1, (photos, 2, 5)).astype(np.float32)
    both[:, :, 0] += apart * labels[:, None]
    return both, labels


def test_rows_are_photos_and_mirror_images_on_one_scale() -> None:
    both = np.array([[[1, 10], [3, 10]], [[5, 30], [7, 30]]], np.float32)
    made = rows(both, np.array([4, 9]), np.array([[4, 20], [8, 40]], np.float32))
    assert made.labels.tolist() == [4, 4, 9, 9]
    np.testing.assert_allclose(made.features[:, 0], np.array([-3, -1, 1, 3]) / 5**0.5, rtol=1e-6)
    np.testing.assert_allclose(made.other, [[0, 0], [4 / 5**0.5, 2]], atol=1e-6)


def test_a_photo_and_its_mirror_image_are_never_on_both_sides_of_a_fold() -> None:
    both = np.repeat(np.arange(24, dtype=np.float32)[:, None, None], 2, axis=1)
    seen = 0
    for fold in folds(both, np.arange(24) % 3, seed=1):
        assert not np.isin(fold.rows.other, fold.rows.features).any()
        assert sorted(fold.held_out.tolist()) == [0, 0, 1, 1, 2, 2]
        seen += len(fold.held_out)
    assert seen == 24


def test_a_class_of_two_photos_can_still_be_held_out() -> None:
    both, _ = _blobs(1, photos=9)
    assert len(list(folds(both, np.array([0] * 7 + [1] * 2), seed=1))) == 2


def test_regression_trusts_what_repeats_and_not_what_does_not() -> None:
    both, labels = _blobs(apart=0)
    assert regression.chosen_strength(list(folds(both, labels, 1))) >= 100
    both, labels = _blobs(apart=8)
    assert regression.chosen_strength(list(folds(both, labels, 1))) < 10


def test_regression_finds_the_minimum_of_its_loss() -> None:
    both, labels = _blobs(apart=2)
    other = both[:, 0]
    scores = regression.scores(both, labels, other, seed=1)
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)
    strength = regression.chosen_strength(list(folds(both, labels, 1)))
    learned = rows(both, labels, other)
    # There the gradient of the crossentropy is that of the L2 term.
    of_rows = np.log(regression.scores(both, labels, both.reshape(-1, 5), seed=1))
    logits = of_rows[:, 1] - of_rows[:, 0]
    design = np.c_[learned.features, np.ones(len(logits))].astype(np.float64)
    weights = np.linalg.lstsq(design, logits, rcond=None)[0][:-1]
    wrong = learned.labels - 1 / (1 + np.exp(-logits))
    np.testing.assert_allclose(wrong @ learned.features, strength * weights, atol=0.02)


def test_centroid_gives_the_softmax_of_squared_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(centroid, "TEMPERATURES", (2.0,))
    both = np.array([[[-1], [-1]]] * 4 + [[[1], [1]]] * 4, np.float32)  # standardised already
    scores = centroid.scores(both, np.array([0] * 4 + [1] * 4), np.array([[0], [1]], np.float32), seed=1)
    # From 1 the squared distances are 4 and 0: exp(-2) to 1.
    np.testing.assert_allclose(scores, [[0.5, 0.5], [0.1192, 0.8808]], atol=1e-4)


def test_centroid_is_as_unsure_as_it_has_to_be() -> None:
    both, labels = _blobs(apart=0)
    assert centroid.scores(both, labels, both[:, 0], seed=1).max() < 0.75
    both, labels = _blobs(apart=8)
    scores = centroid.scores(both, labels, both[:, 0], seed=1)
    assert (scores.argmax(axis=1) == labels).all()
    assert scores.max(axis=1).mean() > 0.95


def test_the_tutorial_learns_from_both_sides() -> None:
    random = np.random.default_rng(1)
    labels = np.arange(2000) % 2
    both = random.normal(0, 0.1, (2000, 2, 40)).astype(np.float32)
    for side in (0, 1):  # each side tells the class in columns of its own
        both[np.arange(2000), side, 20 * side + 10 * labels] += 5
    head = keras_tutorial.fitted_head(both, labels, classes=2, seed=1)
    for side in (0, 1):
        scores = head.predict(both[:, side], verbose=0)
        assert (scores.argmax(axis=1) == labels).all()


@pytest.mark.parametrize("key", ["regression-160-squashed", "centroid", "keras-tutorial"])
def test_peers_tell_coloured_squares_apart(squares: Path, tmp_path: Path, key: str) -> None:
    peer = next(peer for peer in peers.PEERS if peer.key == key)
    result = peers.measure(read_set(squares), peer, 1, tmp_path / "panel")
    # The tutorial's ten epochs are few steps here; the others know them all.
    assert result.test.accuracy == 1 or key == "keras-tutorial"
    assert result.test.crossentropy < math.log(3)
    assert result.training is None


def test_every_peer_has_a_key_of_its_own() -> None:
    assert len({peer.key for peer in peers.PEERS}) == len(peers.PEERS) == 7
