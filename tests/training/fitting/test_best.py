"""Best epoch and early stopping, against Keras' own callback."""

import keras
import numpy as np
import pytest

from scene_desktop.core.recipes.recipe import Monitor
from tests.recipes import STEPWISE
from tests.training.conftest import changed
from training.fitting.best import BestEpoch


def _keras_course(figures: list[float], mode: str, min_delta: float, patience: int) -> tuple[int, int]:
    """Last epoch and best epoch (from 1) of Keras' early stopping."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    stopping = keras.callbacks.EarlyStopping(
        monitor="figure", mode=mode, min_delta=min_delta, patience=patience, restore_best_weights=True
    )
    model.stop_training = False
    stopping.set_model(model)
    stopping.on_train_begin()
    for epoch, figure in enumerate(figures):
        stopping.on_epoch_end(epoch, {"figure": figure})
        if model.stop_training:
            return epoch + 1, stopping.best_epoch + 1
    return len(figures), stopping.best_epoch + 1


@pytest.mark.parametrize("monitor", Monitor)
@pytest.mark.parametrize(("min_delta", "patience"), [(0.0, 2), (0.05, 2), (0.05, 0), (0.1, 1), (0.0, 5)])
def test_early_stopping_does_as_keras_does(monitor: Monitor, min_delta: float, patience: int) -> None:
    random = np.random.default_rng(7)
    mode = "max" if monitor is Monitor.VALIDATION_ACCURACY else "min"
    recipe = changed(STEPWISE, monitor=monitor, min_delta=min_delta, patience=patience, early_stopping=True)
    lengths = set()
    for _ in range(40):
        figures = [float(figure) for figure in random.random(12).round(2)]
        tracker, last = BestEpoch(recipe), 0
        for figure in figures:
            last += 1
            tracker.update(figure, figure)
            if tracker.exhausted():
                break
        assert (last, tracker.epoch) == _keras_course(figures, mode, min_delta, patience)
        lengths.add(last)
    assert len(lengths) > 1


def test_the_third_trial_of_the_hackathon_stops_after_four_epochs() -> None:
    recipe = changed(
        STEPWISE, monitor=Monitor.VALIDATION_ACCURACY, min_delta=0.05, patience=2, early_stopping=True
    )
    tracker = BestEpoch(recipe)
    stopped = []
    for accuracy in (0.62, 0.70, 0.73, 0.736):
        tracker.update(accuracy, 1.0)
        stopped.append(tracker.exhausted())
    assert stopped == [False, False, False, True]
    assert tracker.epoch == 2


def test_without_early_stopping_the_best_epoch_is_simply_the_best() -> None:
    recipe = changed(STEPWISE, monitor=Monitor.VALIDATION_ACCURACY, min_delta=0.05, early_stopping=False)
    tracker = BestEpoch(recipe)
    assert [tracker.update(accuracy, 1.0) for accuracy in (0.5, 0.52, 0.51, 0.53)] == [True, True, False, True]
    assert not tracker.exhausted()
