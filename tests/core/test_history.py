import math

import pytest

from scene_desktop.core.events import BatchEnded, EpochEnded
from scene_desktop.core.history import Diverging, History, Improving, Plateau, TooEarly, course


def history(*figures: tuple[float, float, float]) -> History:
    """From (training accuracy, training crossentropy, validation accuracy) for each epoch."""
    made, best = History(), -1.0
    for number, (accuracy, loss, validation) in enumerate(figures, 1):
        better = validation > best
        best = max(best, validation)
        made.add(
            EpochEnded(
                epoch=number,
                epochs=10,
                accuracy=accuracy,
                crossentropy=loss,
                validation_accuracy=validation,
                validation_crossentropy=loss,
                seconds=2.0,
                best=better,
            )
        )
    return made


def test_one_epoch_is_too_early_to_judge() -> None:
    assert course(history((0.5, 1.0, 0.5))) == TooEarly()


def test_a_new_best_epoch_is_improving() -> None:
    assert course(history((0.5, 1.0, 0.5), (0.6, 0.9, 0.6))) == Improving(0.6)


def test_learning_by_heart_is_told_from_a_plateau() -> None:
    heart = course(history((0.8, 0.5, 0.8), (0.9, 0.3, 0.79), (0.97, 0.1, 0.78)))
    assert heart == Plateau(epochs_ago=2, best_epoch=1, accuracy=0.8, learning_by_heart=True)
    flat = course(history((0.8, 0.5, 0.8), (0.8, 0.5, 0.79), (0.8, 0.5, 0.79)))
    assert isinstance(flat, Plateau)
    assert not flat.learning_by_heart


@pytest.mark.parametrize("loss", [5.0, math.nan, math.inf])
def test_a_rising_training_crossentropy_is_diverging(loss: float) -> None:
    assert course(history((0.8, 0.5, 0.8), (0.3, loss, 0.3))) == Diverging()


def test_time_left_follows_the_pace() -> None:
    assert history((0.5, 1.0, 0.5), (0.6, 0.9, 0.6)).seconds_left() == 16.0
    assert History().seconds_left() is None


def test_batches_are_kept_for_the_trace() -> None:
    made = History()
    made.add(BatchEnded(position=0.5, accuracy=0.4, crossentropy=1.0))
    assert len(made.batches) == 1
