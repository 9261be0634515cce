"""Fits a Keras model by a recipe: events out, wishes in, the best epoch kept, resumable at every step."""

import math
import time
from typing import TYPE_CHECKING

import keras
import numpy as np

from scene_desktop.core.errors import InputError, Stopped
from scene_desktop.core.runs.events import BatchEnded, CheckpointSaved, DeviceChosen, EpochEnded
from training.fitting import optimizers
from training.fitting.averages import Averages
from training.fitting.batches import Batches
from training.fitting.best import BestEpoch
from training.fitting.course import Fit
from training.fitting.steps import Steps
from training.run import environment
from training.run.checkpoints import Arrays, FitState
from training.run.failures import no_number
from training.run.session import Session

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BATCH_EVERY_S = 0.05
_CHECKPOINT_EVERY_S = 2.0
_CHECKPOINT_SHARE = 0.05
"""Of the time at most this share goes into writing checkpoints, except where one is asked for."""


def fit(session: Session, model: keras.Model, training: Batches, validation: Batches) -> Fit:
    """Trains `model` in place by the recipe of the session, from its checkpoint if there is one.

    Raises:
        InputError: The checkpoint belongs to other photos.
        TrainingError: The loss is no number any more, or nothing can be written.
        Stopped: The training is to be discarded, or kept for later.
    """
    return _Fitting(session, model, training, validation).run()


class _Finished(Exception):  # noqa: N818 - the way out of an epoch, not an error
    """The fit is to end with what it has."""


class _Fitting:
    """One fit while it runs; see `FitState` for what its numbers mean."""

    def __init__(self, session: Session, model: keras.Model, training: Batches, validation: Batches) -> None:
        self._session, self._control, self._recipe = session, session.control, session.recipe
        self._model, self._training, self._validation = model, training, validation
        self._optimizer = optimizers.build(self._recipe)
        self._steps = Steps(model, self._optimizer, self._recipe, training)
        self._averages = Averages(model, self._recipe.averaging)
        self._tracker = BestEpoch(self._recipe)
        self._identity = training.identity() + validation.identity()
        self._epochs: list[EpochEnded] = []
        self._best: list[NDArray[np.float32]] = []
        self._unsaved_best = False
        self._step, self._seen, self._correct, self._nats = 0, 0, 0.0, 0.0
        self._seconds, self._mark = 0.0, self._clock()
        self._told = 0.0
        self._saved, self._saving_took = time.monotonic(), 0.0
        self._is_over = self._restored_over = False

    def run(self) -> Fit:
        kind, name, cores = environment.device()
        self._session.report(DeviceChosen(kind=kind, name=name, cores=cores))
        self._restore()
        # A wish that is older than the fit is granted after the first epoch: before it there is no model.
        self._finish_counts = not self._control.finishing()
        try:
            self._run_epochs()
        except Stopped:
            if self._control.keeping():
                self._save()
            raise
        if not self._restored_over:
            self._is_over, self._step = True, 0
            self._save()
        if self._recipe.restore_best:
            self._model.set_weights(self._best)
        else:
            self._averages.keep()
        kept = self._tracker.epoch if self._recipe.restore_best else len(self._epochs)
        return Fit(tuple(self._epochs), kept)

    # Learning

    def _run_epochs(self) -> None:
        try:
            while not self._is_over:
                self._run_epoch()
                self._is_over = self._tracker.exhausted() or len(self._epochs) >= self._recipe.epochs
                self._save_if_due()
        except _Finished:
            if not self._epochs:
                self._end_epoch()

    def _run_epoch(self) -> None:
        epoch, steps = len(self._epochs) + 1, len(self._training)
        self._mark = self._clock()
        for inputs, truth in self._training.epoch(epoch, self._step):
            self._look_at_wishes()
            rate = optimizers.rate(self._recipe, (epoch - 1) * steps + self._step, steps)
            outcome = self._steps.learn(inputs, truth, rate)
            self._require_number(outcome.loss)
            self._averages.update()
            self._step += 1
            self._seen += len(truth)
            self._correct += outcome.correct
            self._nats += outcome.nats
            self._tell_batch(epoch)
            self._save_if_due()
        self._end_epoch()

    def _end_epoch(self) -> None:
        """Measures, also after an epoch that was left in the middle, and begins the next one."""
        with self._averages.in_place():
            accuracy, crossentropy = self._steps.measure_all(
                self._validation, lambda: self._look_at_wishes(in_validation=True)
            )
            measured = self._model.get_weights()
        epoch = len(self._epochs) + 1
        self._require_number(crossentropy)
        self._count_seconds()
        best = self._tracker.update(accuracy, crossentropy)
        event = EpochEnded(
            epoch=epoch,
            epochs=self._recipe.epochs,
            accuracy=self._correct / max(1, self._seen),
            crossentropy=self._nats / max(1, self._seen),
            validation_accuracy=accuracy,
            validation_crossentropy=crossentropy,
            seconds=self._seconds,
            best=best,
        )
        if best:
            self._best, self._unsaved_best = measured, True
        self._epochs.append(event)
        self._step, self._seen, self._correct, self._nats, self._seconds = 0, 0, 0.0, 0.0, 0.0
        self._session.report(event)

    def _require_number(self, loss: float) -> None:
        """Ends the fit where the loss is none; what comes of a resume is then the best epoch before it."""
        if math.isfinite(loss):
            return
        if self._epochs:
            self._model.set_weights(self._best)
            self._is_over, self._step = True, 0
            arrays = {name: np.nan_to_num(array) for name, array in self._arrays().items()}
            self._session.write_checkpoint(self._state(), arrays, self._best_arrays())
        raise no_number(self._recipe, len(self._epochs) + 1, kept=bool(self._epochs))

    def _look_at_wishes(self, in_validation: bool = False) -> None:
        """Pauses or leaves the fit if that is wished.

        Raises:
            Stopped: Discard, or keep for later.
            _Finished: Keep the best so far.
        """
        if self._control.pausing() and not self._control.leaving():
            self._count_seconds()
            self._save()
            self._control.check()
            self._mark = self._clock()
        self._control.check()
        enough = bool(self._epochs) or (self._finish_counts and self._step > 0 and not in_validation)
        if self._control.finishing() and enough:
            raise _Finished

    def _tell_batch(self, epoch: int) -> None:
        now = time.monotonic()
        if now - self._told >= _BATCH_EVERY_S:
            self._told = now
            accuracy, crossentropy = self._correct / self._seen, self._nats / self._seen
            position = epoch - 1 + self._step / len(self._training)
            self._session.report(BatchEnded(position=position, accuracy=accuracy, crossentropy=crossentropy))

    def _clock(self) -> float:
        return time.monotonic() - self._control.paused_seconds()

    def _count_seconds(self) -> None:
        now = self._clock()
        self._seconds, self._mark = self._seconds + now - self._mark, now

    # Checkpoints

    def _save_if_due(self) -> None:
        wait = max(_CHECKPOINT_EVERY_S, self._saving_took / _CHECKPOINT_SHARE)
        if time.monotonic() - self._saved >= wait:
            self._save()

    def _save(self) -> None:
        """Writes a checkpoint, unless the weights are no numbers; waits where the disk does not take it."""
        arrays = self._arrays()
        if not all(np.isfinite(array).all() for array in arrays.values() if array.dtype.kind == "f"):
            return
        self._count_seconds()
        began = time.monotonic()
        self._session.write_checkpoint(self._state(), arrays, self._best_arrays())
        self._unsaved_best = False
        self._saved = time.monotonic()
        self._saving_took = self._saved - began
        self._mark = self._clock()
        position = len(self._epochs) + self._step / len(self._training)
        self._session.report(CheckpointSaved(position=position))

    def _state(self) -> FitState:
        return FitState(
            epoch=len(self._epochs),
            step=self._step,
            seen=self._seen,
            correct=self._correct,
            nats=self._nats,
            seconds=self._seconds,
            elapsed=self._session.seconds(),
            seed=self._recipe.seed,
            data=self._identity,
            best_epoch=self._tracker.epoch,
            epochs=tuple(self._epochs),
            is_over=self._is_over,
        )

    def _arrays(self) -> Arrays:
        # By place: the paths of seed generators count all networks that the process has built.
        aside = self._averages.learned()
        values = [aside.get(v.path, v.numpy()) for v in self._model.variables]
        arrays: Arrays = {f"model/{index:04}": value for index, value in enumerate(values)}
        arrays |= {f"optimizer/{index:04}": v.numpy() for index, v in enumerate(self._optimizer.variables)}
        return arrays | self._averages.arrays()

    def _best_arrays(self) -> Arrays | None:
        if not self._unsaved_best:
            return None
        return {f"{index:04}": array for index, array in enumerate(self._best)}

    def _restore(self) -> None:
        found = self._session.checkpoints.latest()
        if found is None:
            return
        state, arrays = found
        if state.data != self._identity or state.seed != self._recipe.seed:
            raise InputError(
                "Photos of this training are missing or were changed since it was interrupted, so it cannot "
                "be resumed. Put them back, or discard it and start a new training."
            )
        for prefix, variables in (("model", self._model.variables), ("optimizer", self._optimizer.variables)):
            for index, variable in enumerate(variables):
                variable.assign(arrays[f"{prefix}/{index:04}"])
        self._averages.restore(arrays)
        self._session.add_seconds(state.elapsed)
        if state.best_epoch:
            best = self._session.checkpoints.best(state.best_epoch)
            self._best = [np.asarray(best[name], np.float32) for name in sorted(best)]
        for epoch in state.epochs:
            self._tracker.update(epoch.validation_accuracy, epoch.validation_crossentropy)
        self._epochs, self._step, self._seen = list(state.epochs), state.step, state.seen
        self._correct, self._nats, self._seconds = state.correct, state.nats, state.seconds
        self._is_over = self._restored_over = state.is_over
