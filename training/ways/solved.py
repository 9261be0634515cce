"""Recipe "Quick": one layer on the frozen features of the pretrained network, solved exactly.

Multinomial logistic regression on standardised features by L-BFGS, as strongly regularised as cross-validation
finds best, from photos, their mirror images and some changed versions. On few photos no training step by step
was as good: too few steps, and too few photos held back to tell when to stop.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import numpy as np

from scene_desktop.core.recipes.few_photos import FOLDS_BELOW, worthwhile
from scene_desktop.core.recipes.recipe import ClassWeights
from scene_desktop.core.runs.events import DeviceChosen, EpochEnded, Phase, Progressed, TrainingEvent
from training.fitting.course import Fit
from training.heads import crossfit
from training.heads.crossfit import Choice, Part, Step
from training.networks import extractors, going_on
from training.photos import features
from training.photos.features import Extractor
from training.run import environment
from training.ways.trained import Trained
from training.ways.views import view_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import keras
    from numpy.typing import NDArray

    from scene_desktop.core.photos.framing import View
    from training.heads.logistic import Head
    from training.photos.material import Material
    from training.run.session import Session

_MOST_TO_CHOOSE = 8000
"""So many photos choose the strength at most; more would take long and say the same."""

_INNER_FOLDS = 5
"""Where photos are kept apart for the figures, the others choose the strength among themselves."""


def fit_solved(session: Session, material: Material) -> Trained:
    """Chooses a view, computes the features and solves the head.

    Raises:
        InputError: Too many photos are unreadable.
        TrainingError: The disk is too full.
        Stopped: The training is to be left.
    """
    view = view_of(session, material)
    session.enter(Phase.FEATURES)
    rows, material = _rows(session, material, view)
    session.enter(Phase.HEAD)
    problem = _Problem(session, material, rows)
    parts = problem.parts()
    session.enter(Phase.TRAINING)
    fit, head, logits = problem.solve(parts)
    session.control.check()
    model = _model(session, material, view, head)
    return Trained(model, fit, material, view, logits=logits[problem.judged])


def _rows(session: Session, material: Material, view: View) -> tuple[NDArray[np.float16], Material]:
    """Features of photos, mirror images and changed versions, float16 `(photos, pictures, 3008)`."""
    extractor = extractors.pooled(session, view)
    count = worthwhile(session.recipe.versions, material.training)
    changed = Extractor(extractor.content, view, extractor.shape, count)
    photos, stopped = material.photos, session.control.discarded
    stages = len(photos) * (2 if count else 1)
    rows, unreadable = features.extract(photos, extractor, _from(session, 0, stages), stopped)
    readable, kept = material.readable(unreadable)
    rows = rows if len(kept) == len(rows) else rows[kept]
    if not count:
        return rows, readable
    more, gone = features.extract(readable.photos, changed, _from(session, len(photos), stages), stopped)
    rows = np.concatenate([rows, more], axis=1)
    readable, kept = readable.readable(gone)
    return rows[kept], readable


def _from(session: Session, before: int, total: int) -> Callable[[TrainingEvent], None]:
    """Tells the progress as a part of a longer one."""

    def report(event: TrainingEvent) -> None:
        if isinstance(event, Progressed):
            event = Progressed(
                phase=event.phase, done=before + event.done, total=total, per_second=event.per_second
            )
        session.report(event)

    return report


class _Problem:
    """The regression of one training, and how it is told.

    Attributes:
        judged: bool `(photos,)`, the photos that the figures are of.
    """

    def __init__(self, session: Session, material: Material, rows: NDArray[np.float16]) -> None:
        self._session, self._rows, self._labels = session, rows, material.labels()
        if not session.recipe.flip:
            self._rows = np.delete(rows, 1, axis=1)
        self._classes, self._folds = len(material.classes), material.folds
        self._training = np.arange(len(rows)) < material.training
        self._digests = [photo.digest for photo in material.photos[: material.training]]
        self._balanced = session.recipe.class_weights is ClassWeights.BALANCED
        self.judged = np.ones(len(rows), bool) if material.folds is not None else ~self._training

    def parts(self) -> list[Part]:
        """Chooses the strength; the models to fit."""
        if self._folds is not None:
            return crossfit.parts_of(self._folds, self._choice(self._rows, self._labels, self._folds))
        inner = crossfit.folds_by_content(self._digests, self._labels[self._training], _INNER_FOLDS)
        if len(inner) >= FOLDS_BELOW:  # one fifth says enough
            inner[inner > 0] = -1
        some = np.flatnonzero(self._training)
        if len(some) > _MOST_TO_CHOOSE:  # evenly over the folds and the classes, which photos are sorted by
            some = some[np.linspace(0, len(some) - 1, _MOST_TO_CHOOSE).astype(np.int64)]
        choice = self._choice(self._rows[some], self._labels[some], inner[some])
        return [Part(self._training, ~self._training, choice.strength)]

    def _choice(self, rows: NDArray[np.float16], labels: NDArray[np.int64], folds: NDArray[np.int64]) -> Choice:
        # Changed versions move the best strength less than half a decade, and would take three times as long.
        plain = rows[:, :2] if self._session.recipe.flip else rows[:, :1]
        session = self._session
        return crossfit.choose_strength(
            plain, labels, self._classes, folds, session.control.check, self._balanced, session.progress
        )

    def solve(self, parts: list[Part]) -> tuple[Fit, Head, NDArray[np.float64]]:
        session, recipe = self._session, self._session.recipe
        session.report(
            DeviceChosen(kind="CPU", name=environment.processor_name(), cores=environment.core_count())
        )
        # A wish that is older than the fit is as good as granted: the rest takes seconds.
        can_finish = not session.control.finishing()
        epochs: list[EpochEnded] = []
        began = time.monotonic()
        steps = crossfit.fit(self._rows, self._labels, self._classes, parts, self._balanced)
        with contextlib.closing(steps):
            for step in steps:
                session.control.check()
                now = time.monotonic()
                epochs.append(self._epoch(step, len(epochs) + 1, now - began))
                session.report(epochs[-1])
                began = now
                if len(epochs) == recipe.epochs or (can_finish and session.control.finishing()):
                    break
        return Fit(tuple(epochs), len(epochs)), step.head(), step.logits

    def _epoch(self, step: Step, number: int, seconds: float) -> EpochEnded:
        logits, labels = step.logits[self.judged], self._labels[self.judged]
        return EpochEnded(
            epoch=number,
            epochs=self._session.recipe.epochs,
            accuracy=step.accuracy,
            crossentropy=step.crossentropy,
            validation_accuracy=float((logits.argmax(axis=1) == labels).mean()),
            validation_crossentropy=float(crossfit.nats_of(logits, labels).mean()),
            seconds=seconds,
            best=True,
        )


def _model(session: Session, material: Material, view: View, head: Head) -> keras.Model:
    from training.networks import architectures

    environment.make_reproducible(session.recipe.seed)
    model = architectures.build(session.recipe.network, view.side, len(material.classes))
    going_on.put_weights(session, model)
    model.get_layer(architectures.SCORES).set_weights([head.kernel, head.bias])
    return model
