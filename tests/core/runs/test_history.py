"""Made-up courses of each kind, and what is said about them."""

import math
from collections.abc import Sequence

import pytest

from scene_desktop.core.photos.framing import Framing
from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.events import (
    BatchEnded,
    CheckpointSaved,
    DataSetRead,
    EpochEnded,
    Phase,
    PhaseChanged,
    TrainingContinued,
    TrainingEvent,
    TrainingPaused,
    ViewChosen,
)
from scene_desktop.core.runs.history import (
    Diverging,
    Harder,
    History,
    Improving,
    OverFitting,
    Patience,
    Plateau,
    Solved,
    TooEarly,
    course,
    harder,
)
from tests.recipes import STEPWISE

PLAIN = PRESETS["hackathon"].recipe
STOPPING = with_changes(PLAIN, early_stopping=True, patience=8, min_delta=0.0)


def history(
    validation: Sequence[float],
    losses: Sequence[float] | None = None,
    validation_losses: Sequence[float] | None = None,
    recipe: TrainingRecipe | None = PLAIN,
    lead: float = 0.02,
) -> History:
    """From the figures of each epoch; `lead` is by how much training accuracy lies above validation."""
    made, best = History(recipe=recipe), -1.0
    for number, accuracy in enumerate(validation, 1):
        loss = losses[number - 1] if losses else 1.0 / number**0.2
        other = validation_losses[number - 1] if validation_losses else loss + 0.05
        made.add(
            EpochEnded(
                epoch=number,
                epochs=30,
                accuracy=accuracy + lead,
                crossentropy=loss,
                validation_accuracy=accuracy,
                validation_crossentropy=other,
                seconds=2.0,
                best=accuracy > best,
            )
        )
        best = max(best, accuracy)
    return made


FALLING = [1.0, 0.8, 0.6, 0.45, 0.3, 0.2]
U_SHAPE = [1.0, 0.85, 0.8, 0.9, 1.0, 1.1]


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (history([]), TooEarly),
        (history([0.5]), TooEarly),
        (history([0.5, 0.6]), Improving),
        (history([0.5, 0.6, 0.59]), Improving),
        (history([0.5, 0.55, 0.54, 0.6, 0.63, 0.67, 0.66, 0.665]), Improving),
        (history([0.8, 0.9, 0.89, 0.895, 0.89, 0.892, 0.89]), Plateau),
        (history([0.8, 0.9, 0.9, 0.9]), Plateau),
        (history([0.7, 0.8, 0.82, 0.81, 0.81, 0.8], FALLING, U_SHAPE), OverFitting),
        (history([0.7, 0.8, 0.82, 0.81, 0.81, 0.8], [0.9] * 6, U_SHAPE), Plateau),
        (history([0.7, 0.8, 0.82, 0.81, 0.81, 0.8], FALLING, [1.0, 0.8, 0.8, 0.81, 0.8, 0.81]), Plateau),
        (history([0.8, 0.3], [0.5, 5.0]), Diverging),
        (history([0.8, 0.3], [0.5, math.nan]), Diverging),
        (history([0.8], [math.inf]), Diverging),
        (history([0.8, 0.5, 0.4], [0.5, 1.3, 1.4]), Diverging),
        (history([0.5, 0.4, 0.3, 0.2], [1.8, 2.0, 2.2, 2.5]), Diverging),
        (history([0.8, 0.7, 0.85], [0.5, 1.2, 0.45]), Improving),
        (history([0.9, 1.0, 1.0, 1.0], [3.8, 0.6, 0.1, 1.9]), Plateau),
    ],
)
def test_each_kind_of_course_is_recognised(made: History, kind: type) -> None:
    assert type(course(made)) is kind


def test_patience_is_counted_only_where_training_stops_early() -> None:
    flat = [0.8, 0.9, 0.89, 0.89, 0.89]
    stopping, plain = course(history(flat, recipe=STOPPING)), course(history(flat))
    assert isinstance(stopping, Plateau)
    assert stopping.patience == Patience(3, 8)
    assert isinstance(plain, Plateau)
    assert plain.patience is None


def test_blending_explains_training_that_looks_worse_than_validation() -> None:
    assert harder(history([0.8, 0.9], recipe=STEPWISE, lead=-0.1)) is Harder.BLENDED
    assert harder(history([0.8, 0.9], recipe=STEPWISE, lead=0.02)) is None
    assert harder(history([0.8, 0.9], recipe=PLAIN, lead=-0.1)) is Harder.ALTERED
    assert harder(history([0.8, 0.9], recipe=None, lead=-0.1)) is None


def test_what_is_trained_again_after_a_resume_takes_the_place_of_the_old() -> None:
    made = history([0.5, 0.6, 0.7])
    for position in (2.5, 3.0, 3.5):
        made.batches.append(BatchEnded(position=position, accuracy=0.4, crossentropy=1.0))
    made.add(BatchEnded(position=2.75, accuracy=0.5, crossentropy=0.9))
    assert [epoch.epoch for epoch in made.epochs] == [1, 2]
    assert [batch.position for batch in made.batches] == [2.5, 2.75]


def test_pauses_and_checkpoints_are_noted() -> None:
    made = history([0.5, 0.6])
    made.add(CheckpointSaved(position=1.5))
    made.add(TrainingPaused(problem="The disk is full."))
    assert made.is_paused
    made.add(TrainingContinued())
    assert (made.is_paused, made.saved_position) == (False, 1.5)
    assert [(pause.position, pause.problem) for pause in made.pauses] == [(2.0, "The disk is full.")]


def solved(*events: TrainingEvent) -> History:
    made = history([0.6, 0.8, 0.85], recipe=PRESETS["quick"].recipe, lead=-0.1)
    for event in events:
        made.add(event)
    return made


def test_a_head_that_is_solved_learns_nothing_by_heart_and_has_no_best_epoch() -> None:
    made = solved(DataSetRead(classes=("a", "b"), training=60, validation=60, folds=10))
    assert course(made) == Solved(3, 0.85, 10, is_running=True)
    assert harder(made) is None
    assert made.marked is None
    made.add(PhaseChanged(phase=Phase.CALIBRATING))
    assert course(made) == Solved(3, 0.85, 10, is_running=False)


def test_a_head_whose_solving_begins_again_is_not_solved_any_more() -> None:
    made = solved(PhaseChanged(phase=Phase.SAVING), PhaseChanged(phase=Phase.STARTING))
    assert course(made) == Solved(3, 0.85, 0, is_running=True)


def test_the_view_that_was_chosen_is_remembered() -> None:
    chosen = ViewChosen(side=224, framing=Framing.CUT, photos=0, tried=())
    assert solved(chosen).view == chosen
