"""Estimates: wide where nothing is known, learned from completed trainings, never misled by tiny ones."""

import dataclasses
from pathlib import Path

import msgspec
import pytest

from scene_desktop.core.models.card import ModelCard
from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.estimates import Learned, Span, estimate, learn, time_left
from scene_desktop.core.runs.events import BatchEnded, EpochEnded, ModelSaved, Phase, TrainRequested
from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import Ending, RunResult, StoredRun
from tests.recipes import STEPWISE

HEAD = with_changes(STEPWISE, early_stopping=False)
QUICK = PRESETS["quick"].recipe
COMPACT = PRESETS["compact"].recipe
PHOTOS = 10_000


def run(
    recipe: TrainingRecipe,
    photos: int = PHOTOS,
    ending: Ending = Ending.COMPLETED,
    dataset: str = "/photos",
    **seconds: float,
) -> StoredRun:
    """A run that took `seconds` by phase."""
    validation = photos // 5
    card = ModelCard(
        name="A",
        classes=("a", "b"),
        network=recipe.network,
        image_size=recipe.image_size,
        created="2025-01-02T10:00:00Z",
        recipe=recipe,
        training_photos=photos - validation,
        validation_photos=validation,
        epochs_run=recipe.epochs,
        best_epoch=1,
        seconds=sum(seconds.values()),
    )
    saved = ModelSaved(card=card, folder="/models/a", seconds=seconds)
    result = RunResult(ending=ending, ended="", saved=saved if ending is Ending.COMPLETED else None)
    request = TrainRequested(dataset=dataset, recipe=recipe, name="A")
    return StoredRun(Path("/runs/a"), request, "", result, False)


def epoch(number: int, seconds: float, best: bool = False, epochs: int = 10) -> EpochEnded:
    return EpochEnded(
        epoch=number,
        epochs=epochs,
        accuracy=0.5,
        crossentropy=1.0,
        validation_accuracy=0.5,
        validation_crossentropy=1.0,
        seconds=seconds,
        best=best,
    )


def width(span: Span) -> float:
    return span.high_s / span.low_s


def test_an_unknown_machine_gets_a_wide_range() -> None:
    span = estimate(COMPACT, PHOTOS, Learned())
    assert 0 < span.low_s < span.high_s
    assert width(span) > 3


def test_a_completed_training_narrows_the_range_around_what_it_took() -> None:
    took = 400.0
    learned = learn([run(COMPACT, training=took, starting=8.0)])
    span = estimate(COMPACT, PHOTOS, learned)
    assert span.low_s < took + 8 < span.high_s
    assert width(span) < 1.6


def test_a_slow_machine_is_slow_with_other_networks_of_its_kind_too() -> None:
    compact = estimate(COMPACT, PHOTOS, Learned())
    slow = learn([run(COMPACT, training=10 * compact.high_s, starting=8.0)])
    hackathon = PRESETS["hackathon"].recipe
    assert estimate(hackathon, PHOTOS, slow).low_s > estimate(hackathon, PHOTOS, Learned()).high_s


def test_a_head_says_nothing_about_networks_that_see_photos() -> None:
    known = learn([run(HEAD, training=100.0, features=80.0)])
    plain = estimate(COMPACT, PHOTOS, learn([run(HEAD, features=80.0)]))
    assert estimate(COMPACT, PHOTOS, known) == plain


def test_a_tiny_training_teaches_no_pace() -> None:
    """Its second is warm-up; taken for a pace it made minutes out of seconds."""
    tiny = run(HEAD, photos=240, training=1.5, features=1.0)
    assert not [work for work in learn([tiny]).paces if work.phase is not Phase.STARTING]


def test_features_that_are_in_the_cache_take_no_time_at_the_low_end() -> None:
    learned = learn([run(HEAD, training=30.0, features=80.0)])
    here, elsewhere = (estimate(HEAD, PHOTOS, learned, folder) for folder in ("/photos", "/others"))
    assert elsewhere.low_s - here.low_s == pytest.approx(0.85 * 80.0)
    assert here.high_s < elsewhere.high_s


def test_features_read_from_the_cache_are_not_taken_for_a_fast_machine() -> None:
    cached = learn([run(HEAD, training=30.0, features=4.0)])
    assert not [work for work in cached.paces if work.phase is Phase.FEATURES]


@pytest.mark.parametrize("ending", [Ending.FAILED, Ending.INTERRUPTED])
def test_trainings_that_were_not_completed_teach_nothing(ending: Ending) -> None:
    assert learn([run(COMPACT, ending=ending, training=400.0)]) == Learned()


def test_early_stopping_lowers_the_low_end_only() -> None:
    stopping = with_changes(COMPACT, early_stopping=True, patience=2)
    plain, early = (estimate(recipe, PHOTOS, Learned()) for recipe in (COMPACT, stopping))
    assert early.low_s < plain.low_s
    assert early.high_s == plain.high_s


def test_time_left_needs_an_epoch_and_shrinks() -> None:
    history = History(recipe=with_changes(COMPACT, epochs=10))
    assert time_left(history) is None
    history.add(epoch(1, 20.0, best=True))
    first = time_left(history)
    history.add(epoch(2, 20.0))
    history.add(BatchEnded(position=2.5, accuracy=0.5, crossentropy=1.0))
    later = time_left(history)
    assert first is not None
    assert later is not None
    assert first.low_s < 9 * 20 < first.high_s
    assert later.low_s < 7.5 * 20 < later.high_s
    assert later.high_s < first.high_s


def test_time_left_under_early_stopping_starts_where_patience_ends() -> None:
    history = History(recipe=with_changes(COMPACT, epochs=100, early_stopping=True, patience=3))
    for number in range(1, 4):
        history.add(epoch(number, 10.0, best=number == 2, epochs=100))
    left = time_left(history)
    assert left is not None
    assert left.low_s < 25 < 900 < left.high_s


@pytest.mark.parametrize(("photos", "took"), [(60, 12.0), (300, 30.0), (14_000, 180.0)])
def test_quick_takes_seconds_for_few_photos_and_minutes_for_many(photos: int, took: float) -> None:
    span = estimate(QUICK, photos, Learned())
    assert span.low_s < took < span.high_s
    assert span.high_s < 4 * took


def quick_run(photos: int = 300, side: int = 224, folds: int = 5, **seconds: float) -> StoredRun:
    made = run(QUICK, photos, **seconds)
    assert made.result is not None
    assert made.result.saved is not None
    card = msgspec.structs.replace(
        made.result.saved.card,
        training_photos=photos,
        validation_photos=photos,
        folds=folds,
        image_size=side,
    )
    saved = msgspec.structs.replace(made.result.saved, card=card)
    return dataclasses.replace(made, result=msgspec.structs.replace(made.result, saved=saved))


def test_a_completed_quick_narrows_the_range_around_what_it_took() -> None:
    learned = learn([quick_run(choosing=40.0, features=20.0, training=30.0, compiling=5.0)])
    span = estimate(QUICK, 300, learned)
    assert span.low_s < 95 < span.high_s
    assert width(span) < 1.6


def test_photos_that_are_judged_in_folds_count_once() -> None:
    (pace,) = (
        found[0]
        for work, found in learn([quick_run(features=18.0)]).paces.items()
        if work.phase is Phase.FEATURES
    )
    assert pace == pytest.approx(18.0 / (300 * 3))  # each in six pictures instead of two


def test_a_size_that_was_chosen_is_the_size_of_its_pace() -> None:
    small = estimate(QUICK, 300, learn([quick_run(side=160, features=20.0)]))
    large = estimate(QUICK, 300, learn([quick_run(side=288, features=20.0)]))
    assert large.high_s < small.high_s


def test_solving_says_nothing_about_learning_step_by_step_nor_the_other_way_round() -> None:
    solving = learn([quick_run(training=30.0)])
    assert estimate(HEAD, PHOTOS, solving).high_s == pytest.approx(
        estimate(HEAD, PHOTOS, learn([quick_run()])).high_s
    )
    steps = learn([run(HEAD, training=300.0)])
    assert estimate(QUICK, 300, steps).high_s == estimate(QUICK, 300, learn([run(HEAD)])).high_s


def test_choosing_a_view_again_reads_the_features_from_the_cache() -> None:
    learned = learn([quick_run(choosing=40.0, features=20.0, training=30.0)])
    here, elsewhere = (estimate(QUICK, 300, learned, folder) for folder in ("/photos", "/others"))
    assert elsewhere.low_s - here.low_s == pytest.approx(0.85 * 60.0)


def test_a_head_that_is_solved_may_be_so_at_any_moment() -> None:
    history = History(recipe=QUICK)
    history.add(epoch(1, 0.5, best=True, epochs=100))
    left = time_left(history)
    assert left is not None
    assert left.low_s < 5 < 50 < left.high_s
