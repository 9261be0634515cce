"""L-BFGS, logistic regression and cross-validation, on problems whose answers are known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from training.heads import crossfit
from training.heads.crossfit import (
    STRENGTHS,
    choose_strength,
    fit,
    folds_by_content,
    nats_of,
    parts_of,
    weights_of,
)
from training.heads.lbfgs import minimise
from training.heads.logistic import Regression


def test_a_quadratic_is_minimised_in_few_iterations() -> None:
    scales = np.geomspace(1, 1000, 20)
    target = np.arange(20.0)

    def function(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        off = point - target
        return float(0.5 * (scales * off * off).sum()), scales * off

    points = list(minimise(function, np.zeros(20)))
    assert np.abs(points[-1] - target).max() < 1e-2
    assert len(points) < 130
    values = [function(point)[0] for point in points]
    assert values == sorted(values, reverse=True)


def test_the_narrow_valley_of_rosenbrock_is_followed_to_its_end() -> None:
    def function(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        x, y = point
        slope = np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])
        return float((1 - x) ** 2 + 100 * (y - x * x) ** 2), slope

    *_, last = minimise(function, np.array([-1.2, 1.0]))
    assert last == pytest.approx([1.0, 1.0], abs=0.01)


def test_nothing_is_yielded_where_the_start_is_the_lowest_point() -> None:
    assert list(minimise(lambda point: (float(point @ point), 2 * point), np.zeros(3))) == []


def _clouds(
    count: int, features: int, classes: int, seed: int = 0, apart: float = 1.0
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    random = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    middles = np.random.default_rng(99).normal(size=(classes, features)) * apart
    rows = middles[labels] + random.normal(size=(count, features))
    return (rows * 3 + 7).astype(np.float32), labels.astype(np.int64)


@pytest.mark.parametrize(("count", "features"), [(40, 200), (300, 20)])
def test_the_gradient_vanishes_at_the_solution(count: int, features: int) -> None:
    """Whether or not the rows are turned into the space that they span."""
    rows, labels = _clouds(count, features, 3, apart=0.3)
    problem = Regression(rows, labels, 3)
    *_, solution = problem.solve(0.1)
    head = problem.head(solution)

    standard = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    kernel = head.kernel * rows.std(axis=0)[:, None]
    logits = head.logits(rows)
    scores = np.exp(logits - logits.max(axis=1, keepdims=True))
    scores /= scores.sum(axis=1, keepdims=True)
    slope = standard.T @ (scores - np.eye(3)[labels]) / count + 0.1 * kernel
    assert np.abs(slope).max() < 5e-3
    assert np.abs((scores - np.eye(3)[labels]).mean(axis=0)).max() < 5e-3


def test_figures_are_those_of_the_head_on_the_rows() -> None:
    rows, labels = _clouds(60, 100, 4, apart=0.2)
    problem = Regression(rows, labels, 4)
    *_, solution = problem.solve(0.3)
    accuracy, crossentropy = problem.figures(solution)
    logits = problem.head(solution).logits(rows)
    assert np.abs(problem.logits(solution, problem.prepared(rows)) - logits).max() < 1e-3
    assert accuracy == (logits.argmax(axis=1) == labels).mean()
    assert crossentropy == pytest.approx(nats_of(logits, labels).mean(), abs=1e-3)


def test_features_that_do_not_vary_and_rows_that_are_all_the_same_do_no_harm() -> None:
    rows, labels = _clouds(40, 10, 2)
    rows[:, 3] = 5.0
    problem = Regression(rows, labels, 2)
    *_, solution = problem.solve(0.1)
    assert np.isfinite(problem.head(solution).kernel).all()
    same = Regression(np.ones((8, 20), np.float32), np.array([0, 0, 0, 1, 0, 0, 0, 1]), 2)
    *_, solution = same.solve(0.1)
    scores = np.exp(same.head(solution).logits(np.ones((1, 20))))
    assert scores[0, 1] / scores.sum() == pytest.approx(0.25, abs=0.01)


def test_balanced_classes_count_the_same() -> None:
    assert weights_of(np.array([0, 0, 0, 1]), 2) == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1])
    rows, labels = np.random.default_rng(1).normal(size=(400, 2)), np.array([0] * 360 + [1] * 40)
    problem = crossfit.regression(rows[:, None], labels, 2, balanced=True)
    *_, solution = problem.solve(1.0)
    bias = problem.head(solution).bias
    assert bias[0] == pytest.approx(bias[1], abs=0.2)


def _folds(count: int, number: int) -> NDArray[np.int64]:
    return (np.arange(count) // 3 % number).astype(np.int64)


def test_noise_is_regularised_more_than_what_tells_classes_apart() -> None:
    clear, labels = _clouds(120, 30, 3, apart=2.0)
    noise = np.random.default_rng(5).normal(size=(120, 30)).astype(np.float32)
    of_clear, of_noise = (
        choose_strength(rows[:, None], labels, 3, _folds(120, 4), lambda: None) for rows in (clear, noise)
    )
    assert of_clear.strength < of_noise.strength
    assert of_noise.strength == STRENGTHS[0]
    assert of_noise.crossentropy == pytest.approx(np.log(3), abs=0.1)


def test_a_photo_is_judged_by_a_model_that_did_not_learn_from_it() -> None:
    """Labels drawn by chance can only be learned by heart."""
    random = np.random.default_rng(2)
    rows = random.normal(size=(90, 1, 200)).astype(np.float32)
    labels = random.permutation(np.arange(90) % 3).astype(np.int64)
    folds = _folds(90, 5)
    parts = [part._replace(strength=0.01) for part in parts_of(folds, choose(rows, labels, folds))]
    *_, step = fit(rows, labels, 3, parts)
    assert step.accuracy == 1.0
    assert (step.logits.argmax(axis=1) == labels).mean() < 0.55
    assert (step.head().logits(rows[:, 0]).argmax(axis=1) == labels).all()


def choose(rows: NDArray[np.float32], labels: NDArray[np.int64], folds: NDArray[np.int64]) -> crossfit.Choice:
    return choose_strength(rows, labels, 3, folds, lambda: None)


def test_the_strength_for_a_fold_is_chosen_without_its_photos() -> None:
    rows, labels = _clouds(60, 40, 3, apart=0.4)
    folds = _folds(60, 3)
    before = choose(rows[:, None], labels, folds)
    spoiled = labels.copy()
    spoiled[folds == 1] = (spoiled[folds == 1] + 1) % 3
    # The labels of the fold do reach the models of the other folds, but not the choice by its own photos.
    assert len(before.of_fold) == 3
    assert set(before.of_fold) <= set(STRENGTHS)
    assert choose(rows[:, None], spoiled, folds).crossentropy > before.crossentropy


def test_the_choice_can_be_left() -> None:
    class Left(Exception):  # noqa: N818 - a way out
        pass

    def check() -> None:
        raise Left

    rows, labels = _clouds(30, 10, 3)
    with pytest.raises(Left):
        choose_strength(rows[:, None], labels, 3, _folds(30, 3), check)


def test_photos_of_fold_minus_one_are_never_judged() -> None:
    rows, labels = _clouds(60, 10, 3, apart=0.5)
    folds = np.where(np.arange(60) % 5 == 0, 0, -1)
    choice = choose(rows[:, None], labels, folds)
    assert np.isfinite(choice.crossentropy)
    assert choice.of_fold == (choice.strength,)


def test_the_same_rows_give_the_same_head_bit_by_bit() -> None:
    rows, labels = _clouds(80, 300, 4, apart=0.3)
    heads = []
    for _ in range(2):
        *_, step = fit(rows[:, None], labels, 4, parts_of(_folds(80, 4), crossfit.Choice(0.1, (0.1,) * 4, 1.0)))
        heads.append(step.head())
    assert heads[0].kernel.tobytes() == heads[1].kernel.tobytes()
    assert heads[0].bias.tobytes() == heads[1].bias.tobytes()


def test_where_nothing_can_be_learned_all_classes_are_alike() -> None:
    rows, labels = np.ones((8, 1, 20), np.float32), np.arange(8, dtype=np.int64) % 2
    folds = np.arange(8, dtype=np.int64) // 4
    steps = list(fit(rows, labels, 2, parts_of(folds, choose_strength(rows, labels, 2, folds, lambda: None))))
    assert steps
    assert steps[-1].crossentropy == pytest.approx(np.log(2), abs=1e-6)
    assert np.abs(steps[-1].head().kernel).max() == 0


def test_folds_without_photos_or_with_all_of_them_do_no_harm() -> None:
    rows, labels = _clouds(12, 5, 3)
    alone = choose(rows[:, None], labels, np.zeros(12, np.int64))
    assert alone.crossentropy == pytest.approx(np.log(3))
    gaps = choose(rows[:, None], labels, np.where(np.arange(12) < 6, 0, 7).astype(np.int64))
    assert np.isfinite(gaps.crossentropy)
    nothing = choose_strength(rows[:0, None], labels[:0], 3, np.zeros(0, np.int64), lambda: None)
    assert nothing.crossentropy == pytest.approx(np.log(3))
    unjudged = choose(rows[:, None], labels, np.full(12, -1, np.int64))
    assert unjudged.of_fold == ()


def test_where_nothing_can_be_learned_the_crossentropy_is_that_of_guessing() -> None:
    rows, labels = np.ones((18, 1, 20), np.float32), np.arange(18, dtype=np.int64) % 2
    found = choose_strength(rows, labels, 2, np.arange(18) // 2 % 3, lambda: None)
    assert found.crossentropy == pytest.approx(np.log(2))


def test_folds_by_content_share_every_class_and_keep_copies_together() -> None:
    random = np.random.default_rng(3)
    digests = [random.bytes(16) for _ in range(40)] * 2
    labels = np.tile(np.arange(40) % 4, 2).astype(np.int64)
    found = folds_by_content(digests, labels, 5)
    assert (found[:40] == found[40:]).all()
    for label in range(4):
        assert np.bincount(found[:40][labels[:40] == label], minlength=5).tolist() == [2] * 5
    order = random.permutation(80)
    assert (folds_by_content([digests[i] for i in order], labels[order], 5) == found[order]).all()
    few = folds_by_content([b"a", b"b"], np.array([0, 1]), 5)
    assert few[0] != few[1]


def test_one_wrong_label_in_one_fold_does_not_choose_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its fold gets worse with every weaker strength, and all others better."""
    rows, labels = _clouds(60, 40, 3, seed=4, apart=1.0)
    labels[0] = (labels[0] + 1) % 3
    folds = (np.arange(60) // 3 % 10).astype(np.int64)
    found = choose(rows[:, None], labels, folds)
    monkeypatch.setattr(crossfit, "_WORSE", 1e9)
    assert choose(rows[:, None], labels, folds) == found


def test_the_judgements_of_a_fold_do_not_choose_its_own_strength() -> None:
    """The labels of fold 1 are wrong, which wants more strength than the others."""
    rows, labels = _clouds(300, 60, 3, apart=0.6)
    folds = (np.arange(300) // 3 % 5).astype(np.int64)
    labels[folds == 1] = np.random.default_rng(8).permutation(labels[folds == 1])
    found = choose(rows[:, None], labels, folds)
    assert found.of_fold[1] < min(found.of_fold[fold] for fold in (0, 2, 3, 4))


def test_progress_counts_strengths() -> None:
    rows, labels = _clouds(30, 10, 3)
    told: list[tuple[int, int]] = []
    choose_strength(
        rows[:, None], labels, 3, _folds(30, 3), lambda: None, report=lambda *done: told.append(done)
    )
    assert told[0] == (1, len(STRENGTHS))
    assert [done for done, _ in told] == list(range(1, len(told) + 1))


def test_balanced_classes_are_judged_as_they_are_learned() -> None:
    rows, labels = np.random.default_rng(4).normal(size=(110, 1, 3)), np.array([0] * 100 + [1] * 10)
    folds = np.arange(110) % 5
    usual, balanced = (
        choose_strength(rows, labels, 2, folds, lambda: None, balanced=balanced) for balanced in (False, True)
    )
    assert usual.crossentropy < 0.45  # nearly always the first class
    assert balanced.crossentropy == pytest.approx(np.log(2), abs=0.1)
