"""The fit: events, best weights, finish, discard, numbers that are none. On a tiny network."""

import itertools
import shutil
import threading
import time
from pathlib import Path

import keras
import numpy as np
import pytest

from scene_desktop.core.errors import Stopped, TrainingError
from scene_desktop.core.recipes.recipe import ClassWeights, Monitor, Optimizer, Schedule, TrainingRecipe
from scene_desktop.core.runs.events import BatchEnded, EpochEnded, TrainRequested
from tests.recipes import STEPWISE
from tests.training.conftest import changed
from training.fitting.batches import Batches, either_side
from training.fitting.course import Fit
from training.fitting.loop import fit
from training.fitting.optimizers import rate
from training.fitting.steps import Steps, class_weights
from training.run import environment
from training.run.checkpoints import Arrays, FitState
from training.run.control import Control
from training.run.folder import Run
from training.run.session import Session

RECIPE = changed(STEPWISE, epochs=6, batch_size=16, learning_rate=0.05, early_stopping=False)


def _model() -> keras.Model:
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax", name="scores")])


def _data(recipe: TrainingRecipe, spoiled: bool = False) -> tuple[Batches, Batches]:
    random = np.random.default_rng(3)
    rows = random.normal(size=(240, 2, 4)).astype(np.float16)
    labels = rows[:, 0, :3].argmax(axis=1).astype(np.int64)
    labels[::5] = random.integers(0, 3, 48)  # some are wrong, so the best epoch is not simply the last
    if spoiled:
        rows[50] = np.nan
    order = np.arange(240)
    take = either_side(rows)
    return (
        Batches(take, labels, order[:200], recipe.batch_size, recipe.seed),
        Batches(take, labels, order[200:], 64),
    )


def _session(recipe: TrainingRecipe, report=lambda event: None, control=None, resume: str = "") -> Session:
    asked = TrainRequested(dataset="nowhere", recipe=recipe, name="x")
    run = Run.resume(resume) if resume else Run.begin(asked)
    return Session(report, control or Control(), run)


def _fit(
    recipe: TrainingRecipe, report=lambda event: None, control=None, resume: str = "", **spoiled
) -> tuple[keras.Model, Fit]:
    environment.make_reproducible(recipe.seed)
    model = _model()
    session = _session(recipe, report, control, resume)
    try:
        return model, fit(session, model, *_data(recipe, **spoiled))
    finally:
        session.run.close()


def _measured(model: keras.Model, recipe: TrainingRecipe) -> tuple[float, float]:
    inputs, truth = zip(*_data(recipe)[1].epoch(), strict=True)
    scores, labels = model.predict(np.concatenate(inputs), verbose=0), np.concatenate(truth).argmax(axis=1)
    right = scores[np.arange(len(labels)), labels]
    return float((scores.argmax(axis=1) == labels).mean()), float(-np.log(right).mean())


def test_every_epoch_is_told_with_training_and_validation_figures() -> None:
    events: list[EpochEnded | BatchEnded] = []
    _, result = _fit(RECIPE, events.append)
    epochs = [event for event in events if isinstance(event, EpochEnded)]
    assert [epoch.epoch for epoch in epochs] == [1, 2, 3, 4, 5, 6]
    assert tuple(epochs) == result.epochs
    assert all(0 < epoch.accuracy < 1 and 0 < epoch.validation_accuracy < 1 for epoch in epochs)
    assert epochs[-1].crossentropy < epochs[0].crossentropy


@pytest.mark.parametrize("monitor", Monitor)
def test_the_model_ends_with_the_weights_of_the_best_epoch(monitor: Monitor) -> None:
    recipe = changed(RECIPE, monitor=monitor, learning_rate=0.5, epochs=12)
    model, result = _fit(recipe)
    figure = {
        Monitor.VALIDATION_ACCURACY: lambda epoch: epoch.validation_accuracy,
        Monitor.VALIDATION_CROSSENTROPY: lambda epoch: -epoch.validation_crossentropy,
    }[monitor]
    best = max(result.epochs, key=figure)
    assert result.best_epoch == best.epoch < 12
    accuracy, crossentropy = _measured(model, recipe)
    assert accuracy == pytest.approx(best.validation_accuracy, abs=1e-6)
    assert crossentropy == pytest.approx(best.validation_crossentropy, abs=1e-5)
    flagged = [epoch.epoch for epoch in result.epochs if epoch.best]
    assert flagged[-1] == result.best_epoch


def test_early_stopping_ends_the_fit() -> None:
    recipe = changed(RECIPE, early_stopping=True, patience=2, min_delta=0.5, epochs=50)
    _, result = _fit(recipe)
    assert (len(result.epochs), result.best_epoch) == (3, 1)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    first, again = _fit(RECIPE)[0].get_weights(), _fit(RECIPE)[0].get_weights()
    other = _fit(changed(RECIPE, seed=2))[0].get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_a_loss_that_is_no_number_ends_with_advice() -> None:
    recipe = changed(RECIPE, learning_rate=0.1)
    with pytest.raises(TrainingError, match=r"NaN in epoch 1 at learning rate 0\.1; try 0\.001"):
        _fit(recipe, spoiled=True)


def test_finish_now_leaves_from_the_batch_and_keeps_the_best_epoch() -> None:
    control, events = Control(), []

    def report(event: EpochEnded | BatchEnded) -> None:
        events.append(event)
        if isinstance(event, EpochEnded) and event.epoch == 2:
            control.finish()

    model, result = _fit(changed(RECIPE, epochs=1000), report, control)
    assert len(result.epochs) == 2
    assert [event for event in events if isinstance(event, EpochEnded)][-1] == result.epochs[-1]
    best = result.epochs[result.best_epoch - 1]
    assert _measured(model, RECIPE)[0] == pytest.approx(best.validation_accuracy, abs=1e-6)


def test_finish_in_the_first_epoch_measures_what_there_is() -> None:
    control = Control()

    def report(event: EpochEnded | BatchEnded) -> None:
        if isinstance(event, BatchEnded):
            control.finish()

    _, result = _fit(changed(RECIPE, batch_size=1), report, control)
    assert (len(result.epochs), result.best_epoch) == (1, 1)
    assert result.epochs[0].validation_accuracy > 0


def test_finish_before_the_fit_grants_one_whole_epoch() -> None:
    control, events = Control(), []
    control.finish()
    _, result = _fit(changed(RECIPE, epochs=1000), events.append, control)
    assert len(result.epochs) == 1


def test_discard_leaves_the_fit_at_once() -> None:
    control = Control()
    timer = threading.Timer(1.5, control.discard)
    timer.start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        _fit(changed(RECIPE, epochs=1000, batch_size=1), control=control)
    assert time.monotonic() - began < 15


def test_at_most_twenty_batches_a_second_are_told() -> None:
    events: list[EpochEnded | BatchEnded] = []
    began = time.monotonic()
    _fit(changed(RECIPE, batch_size=1, epochs=3), events.append)
    told = sum(isinstance(event, BatchEnded) for event in events)
    assert 1 < told <= 20 * (time.monotonic() - began) + 1


def test_the_history_has_a_row_for_every_epoch() -> None:
    _, result = _fit(changed(RECIPE, epochs=2))
    lines = result.history_csv().splitlines()
    assert lines[0].startswith("epoch,accuracy,crossentropy,validation_accuracy,validation_crossentropy")
    assert [line.split(",")[0] for line in lines[1:]] == ["1", "2"]


def test_each_epoch_shows_every_photo_once_in_another_order() -> None:
    rows = np.arange(10, dtype=np.float16).reshape(10, 1, 1).repeat(2, axis=1)
    batches = Batches(either_side(rows), np.arange(10), np.arange(10), 4, seed=1)
    orders = []
    for epoch in range(2):
        seen = list(batches.epoch(epoch))
        orders.append(np.concatenate([x[:, 0] for x, _ in seen]).tolist())
        assert orders[-1] == np.concatenate([y for _, y in seen]).argmax(axis=1).tolist()
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(10))
    assert orders[0] != orders[1]


def test_blended_pairs_keep_their_shares_in_inputs_and_classes() -> None:
    rows = np.eye(8, dtype=np.float16)[:, None].repeat(2, axis=1)
    order = np.arange(8)
    first, again = (Batches(either_side(rows), order, order, 8, seed=1, blending=1.0) for _ in range(2))
    (inputs, classes), (inputs_again, _) = first.batch(1, 0), again.batch(1, 0)
    assert np.array_equal(inputs, classes)
    assert np.allclose(classes.sum(axis=1), 1)
    assert ((classes > 0) & (classes < 1)).any()
    assert np.array_equal(inputs, inputs_again)
    measured, truth = Batches(either_side(rows), order, order, 8).batch(1, 0)
    assert np.array_equal(measured, truth)
    assert set(np.unique(truth)) == {0.0, 1.0}


def test_an_epoch_can_be_taken_up_in_the_middle() -> None:
    training = _data(RECIPE)[0]
    whole, rest = list(training.epoch(3)), list(training.epoch(3, first=5))
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(whole[5:], rest, strict=True))


def test_without_keeping_the_best_the_last_epoch_is_saved() -> None:
    recipe = changed(RECIPE, restore_best=False, learning_rate=0.5, epochs=12)
    model, result = _fit(recipe)
    assert result.best_epoch == 12
    assert _measured(model, recipe)[1] == pytest.approx(result.epochs[-1].validation_crossentropy, abs=1e-5)


def test_balanced_weights_let_every_class_count_the_same() -> None:
    counts = np.array([10, 30, 60], np.float32)
    weights = class_weights(changed(RECIPE, class_weights=ClassWeights.BALANCED), counts)
    assert np.allclose(weights * counts, 100 / 3)
    assert np.array_equal(class_weights(RECIPE, counts), np.ones(3))


@pytest.mark.parametrize("optimizer", sorted(set(Optimizer) - {Optimizer.LBFGS}))
def test_every_optimizer_of_steps_learns(optimizer: Optimizer) -> None:
    recipe = changed(RECIPE, optimizer=optimizer, weight_decay=0.01, label_smoothing=0.1)
    _, result = _fit(recipe)
    assert result.epochs[-1].validation_crossentropy < result.epochs[0].validation_crossentropy


def test_the_rate_rises_during_the_warm_up_and_falls_to_nearly_nothing() -> None:
    recipe = changed(RECIPE, schedule=Schedule.COSINE, warm_up=2, epochs=10, learning_rate=1.0)
    rates = [rate(recipe, step, steps=10) for step in range(100)]
    assert rates[:20] == pytest.approx([(step + 1) / 20 for step in range(20)])
    assert rates[20] == pytest.approx(1.0)
    assert all(a > b for a, b in itertools.pairwise(rates[20:]))
    assert rates[-1] < 0.01
    assert {rate(RECIPE, step, steps=10) for step in (0, 10, 59)} == {RECIPE.learning_rate}


def test_a_crash_while_paused_in_the_validation_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = changed(RECIPE, averaging=0.9, optimizer=Optimizer.ADAMW, weight_decay=0.01)
    whole, result = _fit(recipe)
    control = Control(lambda event: None)
    measured = Steps.measure
    calls = 0

    def measure(self: Steps, inputs: object, truth: object) -> tuple[float, float]:
        nonlocal calls
        calls += 1
        if calls == 2:  # in the validation of the second epoch
            control.pause()
        return measured(self, inputs, truth)

    monkeypatch.setattr(Steps, "measure", measure)
    session = _session(recipe, control=control)
    written = session.write_checkpoint

    def write(state: FitState, arrays: Arrays, best: Arrays | None) -> None:
        written(state, arrays, best)
        if control.pausing() and not (tmp_path / "crashed").exists():
            shutil.copytree(session.run.folder, tmp_path / "crashed", ignore=shutil.ignore_patterns("lock"))
            control.keep()

    monkeypatch.setattr(session, "write_checkpoint", write)
    environment.make_reproducible(recipe.seed)
    with pytest.raises(Stopped):
        fit(session, _model(), *_data(recipe))
    session.run.close()
    monkeypatch.setattr(Steps, "measure", measured)
    shutil.rmtree(session.run.folder)
    shutil.copytree(tmp_path / "crashed", session.run.folder)
    resumed, again = _fit(recipe, resume=session.run.name)
    assert all(np.array_equal(a, b) for a, b in zip(whole.get_weights(), resumed.get_weights(), strict=True))
    assert [epoch.validation_crossentropy for epoch in again.epochs] == [
        epoch.validation_crossentropy for epoch in result.epochs
    ]


def test_after_a_loss_that_is_no_number_the_best_epoch_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = changed(RECIPE, epochs=50)
    session = _session(recipe)
    environment.make_reproducible(recipe.seed)
    model = _model()
    training, validation = _data(recipe)
    plain = training.batch

    def batch(epoch: int, index: int):
        inputs, truth = plain(epoch, index)
        return (inputs * np.nan if epoch == 4 else inputs), truth

    monkeypatch.setattr(training, "batch", batch)
    with pytest.raises(TrainingError, match="The best epoch before it is kept"):
        fit(session, model, training, validation)
    session.run.close()
    kept, result = _fit(recipe, resume=session.run.name)
    assert len(result.epochs) == 3
    assert all(np.isfinite(weights).all() for weights in kept.get_weights())
    assert _measured(kept, recipe)[1] == pytest.approx(
        result.epochs[result.best_epoch - 1].validation_crossentropy, abs=1e-5
    )
