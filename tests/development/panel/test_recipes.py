"""A recipe is measured by a training in a process of its own."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from development.panel import recipes
from development.panel.sets import draws, read_set
from scene_desktop.core.errors import SceneError
from scene_desktop.core.models import library
from scene_desktop.core.recipes.presets import PRESETS

QUICK = PRESETS["quick"].recipe


def test_a_first_training_is_timed_and_tested(squares: Path, home: Path) -> None:
    left = [home / "models" / "older", home / "cache"]
    for folder in left:
        folder.mkdir(parents=True)
        (folder / "left.txt").write_text("older")
    result = recipes.measure(read_set(squares), QUICK, home, timed=True)
    assert result.test.accuracy == 1
    assert result.training is not None
    assert result.training.seconds is not None
    assert result.training.seconds > 0
    assert result.training.photos >= 3
    assert not any((folder / "left.txt").exists() for folder in left)


def test_draws_are_trained_on_what_was_drawn_and_not_timed(squares: Path, tmp_path: Path, home: Path) -> None:
    drawn = next(draws(read_set(squares), tmp_path / "few"))
    result = recipes.measure(drawn, QUICK, home, timed=False)
    assert result.training is not None
    assert result.training.seconds is None
    (model,) = (model for model in library.Library().models() if not model.built_in)
    assert model.card.training_photos + model.card.validation_photos >= 15
    assert model.card.training_photos <= 15


def test_a_training_that_fails_is_told_in_its_own_words(squares: Path, home: Path) -> None:
    photo_set = read_set(squares)
    for path in (squares / "train" / "red").iterdir():
        path.unlink()
    with pytest.raises(SceneError, match="No readable photos in “red”"):
        recipes.measure(photo_set, QUICK, home, timed=False)


def test_scores_come_in_the_order_of_the_set(squares: Path) -> None:
    built_in = library.load_model(library.Library().built_in_folder / "natural-scenes", built_in=True)
    photo_set = read_set(squares)
    names = built_in.card.classes
    forwards = recipes.test_scores(built_in, replace(photo_set, classes=names))
    backwards = recipes.test_scores(built_in, replace(photo_set, classes=names[::-1]))
    np.testing.assert_allclose(forwards.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(backwards, forwards[:, ::-1])
