"""What the network sees of a photo, chosen by a short cross-validation on a sample of the photos.

Larger squares show finer detail and cost time, here and in every later classification; cutting away the sides
of a photo helps where the subject is in its middle and hurts where it is not. Nothing of that can be known
beforehand: of fourteen photo sets no size and framing was best on more than five.
"""

import hashlib
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.datasets.dataset import LabelledPhoto
from scene_desktop.core.errors import PhotoError
from scene_desktop.core.photos import images
from scene_desktop.core.photos.framing import Framing, View
from scene_desktop.core.recipes.recipe import ClassWeights
from scene_desktop.core.runs.events import Phase, Progressed, TrainingEvent, TriedView, ViewChosen
from training.heads import crossfit
from training.networks import extractors
from training.photos import features
from training.photos.material import Material
from training.run.session import Session

SIDES = (160, 224, 288)
_SMALL_SIDE, _SMALL_PHOTOS = 128, 120
"""A smaller side is tried where photos are mostly smaller than this."""

_WORK = 9e8
"""Pixels of all photos together above which a side is not tried: about three minutes on two cores."""

_SAMPLE = 300
_TOO_FEW = 12
_FEW = View(224, Framing.SQUASH)
"""What is taken where there are too few photos to try anything."""

_NEARLY_SQUARE, _MANY = 1.15, 0.2
_PRICE = 0.02
"""By this share must the crossentropy be lower to be worth twice the pixels."""
_NEARLY_NOTHING = 0.1
"""Below this crossentropy the share is one of this number: what is nearly always right gains nothing."""

_FOLDS = 5


class Sample(NamedTuple):
    """Photos to try views on.

    Attributes:
        labels: int64 `(photos,)`. folds: int64 `(photos,)`.
    """

    photos: tuple[LabelledPhoto, ...]
    labels: NDArray[np.int64]
    folds: NDArray[np.int64]


def view_of(session: Session, material: Material) -> View:
    """The view of a training: that of its recipe, or of the model to go on with, or chosen and kept.

    Raises:
        TrainingError: The disk does not take the choice.
        Stopped: The training is to be left.
    """
    if session.start is not None:
        return session.start.card.view
    if not session.recipe.chooses_view:
        return session.recipe.view
    chosen = session.run.view()
    if chosen is None:
        found = _chosen(session, material)
        session.persist("the size of the photos", lambda: session.run.write_view(found))
        chosen = found
    session.report(chosen)
    return View(chosen.side, chosen.framing)


def _chosen(session: Session, material: Material) -> ViewChosen:
    session.enter(Phase.CHOOSING)
    if material.training < _TOO_FEW:
        return ViewChosen(side=_FEW.side, framing=_FEW.framing, photos=0, tried=())
    sample = sample_of(material, session.recipe.seed)
    sides = [side for side in SIDES if side**2 * len(material.photos) <= _WORK] or [SIDES[0]]
    widths = _sizes(session, sample.photos)
    if np.median(widths.min(axis=1)) < _SMALL_PHOTOS:
        sides.insert(0, _SMALL_SIDE)
    oblong = float((widths.max(axis=1) > _NEARLY_SQUARE * widths.min(axis=1)).mean()) > _MANY
    trials = _Trials(session, sample, len(material.classes), planned=len(sides) * (2 if oblong else 1) + oblong)
    for side in sides:
        trials.run(View(side, Framing.SQUASH))
    if oblong:
        best = trials.best()
        for framing in (Framing.CUT, Framing.PAD):
            trials.run(View(best.side, framing))
        framing = trials.best().framing
        if framing is not Framing.SQUASH:
            for side in sides:
                trials.run(View(side, framing))
    trials.end()
    best = trials.best()
    tried = tuple(TriedView(view.side, view.framing, round(nats, 4)) for view, nats in trials.found.items())
    return ViewChosen(side=best.side, framing=best.framing, photos=len(sample.photos), tried=tried)


def sample_of(material: Material, seed: int) -> Sample:
    """About 300 of the photos to learn from, of each class its share and at least two.

    The same ones for the same seed and photos.
    """
    photos = material.photos[: material.training]
    folds = material.folds
    key = seed.to_bytes(8, "little")
    marks = [hashlib.blake2b(photo.digest, digest_size=8, key=key).digest() for photo in photos]
    if folds is None:
        everything = np.array([photo.label for photo in photos], np.int64)
        folds = crossfit.folds_by_content([photo.digest for photo in photos], everything, _FOLDS)
    of_class: dict[int, list[int]] = {}
    for index in sorted(range(len(photos)), key=lambda index: marks[index]):
        of_class.setdefault(photos[index].label, []).append(index)
    share = min(1.0, _SAMPLE / len(photos))
    taken = sorted(
        index for members in of_class.values() for index in members[: max(2, math.ceil(share * len(members)))]
    )
    labels = np.array([photos[index].label for index in taken], np.int64)
    return Sample(tuple(photos[index] for index in taken), labels, folds[taken])


def _sizes(session: Session, photos: tuple[LabelledPhoto, ...]) -> NDArray[np.int64]:
    """Width and height of each photo that has them, int64 `(photos, 2)`."""
    found = []
    for photo in photos:
        session.control.check()
        try:
            found.append(images.photo_size(images.read_bytes(photo.path)))
        except PhotoError:
            continue
    return np.array(found or [(1, 1)], np.int64)


class _Trials:
    """Out-of-fold crossentropies of views, with one progress over all of them."""

    def __init__(self, session: Session, sample: Sample, classes: int, planned: int) -> None:
        self._session, self._sample, self._classes = session, sample, classes
        self._total = planned * len(sample.photos)
        self.found: dict[View, float] = {}

    def run(self, view: View) -> None:
        if view in self.found:
            return
        session, sample, before = self._session, self._sample, len(self.found) * len(self._sample.photos)

        def report(event: TrainingEvent) -> None:
            if isinstance(event, Progressed):
                done = min(before + event.done, self._total)
                session.report(Progressed(phase=Phase.CHOOSING, done=done, total=self._total))

        extractor = extractors.pooled(session, view)
        rows, unreadable = features.extract(sample.photos, extractor, report, session.control.discarded)
        gone = {photo.path for photo in unreadable}
        kept = np.array([photo.path not in gone for photo in sample.photos])
        balanced = session.recipe.class_weights is ClassWeights.BALANCED
        choice = crossfit.choose_strength(
            rows[kept], sample.labels[kept], self._classes, sample.folds[kept], session.control.check, balanced
        )
        self.found[view] = choice.crossentropy

    def best(self) -> View:
        """The lowest crossentropy, a smaller view being preferred to one that is hardly better."""
        smallest = min(view.side for view in self.found)

        def price(view: View) -> float:
            twofold = 2 * math.log2(view.side / smallest)
            return self.found[view] + _PRICE * twofold * max(self.found[view], _NEARLY_NOTHING)

        return min(self.found, key=price)

    def end(self) -> None:
        self._session.report(Progressed(phase=Phase.CHOOSING, done=self._total, total=self._total))
