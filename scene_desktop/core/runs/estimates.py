"""How long a training takes here, as a range, learned from the trainings that this machine has completed.

Work is counted in photos: looking at a photo once (features), learning from it once in an epoch, and what
every training does besides. Where nothing was measured yet, reference figures of an ordinary processor with
two cores stand in, with a wide range.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import NamedTuple

from scene_desktop.core.models.card import ModelCard
from scene_desktop.core.recipes.recipe import Network, TrainedPart, TrainingRecipe
from scene_desktop.core.runs.events import Phase
from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import Ending, StoredRun

LATEST_RUNS = 5
REFERENCE_SIZE = 160
CACHED_BELOW = 0.2
"""Features that took less than this share of the expected time were read from the cache."""

LEARNS_FROM_S = 3.0
"""Shorter work is mostly its own warm-up, and its pace would be taken for that of a slow machine."""

_KNOWN, _SCALED, _UNKNOWN = (0.85, 1.2), (0.6, 1.7), (0.5, 2.5)
_REST_S, _REST_S_PER_PHOTO = 12.0, 0.0015
_CLOSING_S = (3.0, 12.0)


class Work(NamedTuple):
    """One kind of work whose pace can be learned; `image_size` is 0 where it does not matter."""

    phase: Phase
    network: Network
    trained_part: TrainedPart
    image_size: int


class Span(NamedTuple):
    """A length of time that is not known exactly, in seconds."""

    low_s: float
    high_s: float


@dataclass(frozen=True)
class Learned:
    """What completed trainings tell about this machine.

    Attributes:
        paces: Seconds a photo by kind of work, newest first; for `Phase.STARTING`, the share of the
            reference time that everything besides took.
        looked_at: Data sets and image sizes whose features are in the cache.
    """

    paces: dict[Work, tuple[float, ...]] = field(default_factory=dict)
    looked_at: frozenset[tuple[str, int]] = frozenset()


_REST = Work(Phase.STARTING, Network.LITE0_HEAD, TrainedPart.HEAD, 0)


def learn(runs: Iterable[StoredRun]) -> Learned:
    """Learns from completed runs, newest first; reads nothing but what the list of runs holds already."""
    paces: dict[Work, list[float]] = {}
    looked_at = set()
    for run in runs:
        if run.ending is not Ending.COMPLETED or run.result is None or run.result.saved is None:
            continue
        recipe, card = run.request.recipe, run.result.saved.card
        if _uses_features(recipe):
            looked_at.add((run.request.dataset, recipe.image_size))
        for work, pace in _measured(recipe, run.result.saved.seconds, card):
            paces.setdefault(work, []).append(pace)
    return Learned({work: tuple(found[:LATEST_RUNS]) for work, found in paces.items()}, frozenset(looked_at))


def estimate(recipe: TrainingRecipe, photos: int, learned: Learned, dataset: str = "") -> Span:
    """How long a training will take.

    Args:
        photos: Of the data set, training and validation together.
        dataset: Its folder; tells whether its features are in the cache already.
    """
    training = photos if recipe.validation_folder is not None else photos * (1 - recipe.validation_share)
    low, high = (factor * _rest_s(photos) for factor in _range(_REST, 1.0, learned))
    for work in _works(recipe):
        least, most = _range(work, _reference(work), learned)
        if work.phase is Phase.TRAINING:
            low += least * training * _fewest_epochs(recipe)
            high += most * training * recipe.epochs
        elif work.phase is Phase.FEATURES and (dataset, recipe.image_size) in learned.looked_at:
            high += CACHED_BELOW * most * photos
        else:
            low += least * photos
            high += most * photos
    return Span(low, high)


def time_left(history: History) -> Span | None:
    """Time until the model is there, from the epochs so far; None before the first one.

    The low end assumes that early stopping ends the training as soon as it may.
    """
    epochs = history.epochs
    if not epochs:
        return None
    latest = [epoch.seconds for epoch in (epochs[1:] or epochs)[-LATEST_RUNS:]]
    left = max(0.0, max(history.planned, epochs[-1].epochs) - history.position)
    soonest = left
    recipe, best = history.recipe, history.best
    if recipe is not None and recipe.early_stopping and best is not None:
        ends = best.epoch + max(1, recipe.patience)
        soonest = max(0.0, min(left, ends - history.position))
    # The mean of several epochs varies less than one of them.
    middle, width = fmean(latest), (max(latest) - min(latest)) / (2 * math.sqrt(len(latest)))
    low_pace, high_pace = min(0.95 * middle, middle - width), max(1.1 * middle, middle + width)
    return Span(soonest * max(0.0, low_pace) + _CLOSING_S[0], left * high_pace + _CLOSING_S[1])


def _uses_features(recipe: TrainingRecipe) -> bool:
    return recipe.network.is_pretrained and not recipe.sees_pixels


def _fewest_epochs(recipe: TrainingRecipe) -> int:
    return min(recipe.epochs, recipe.patience + 2) if recipe.early_stopping else recipe.epochs


def _rest_s(photos: int) -> float:
    return _REST_S + _REST_S_PER_PHOTO * photos


def _works(recipe: TrainingRecipe) -> list[Work]:
    network, part, size = recipe.network, recipe.trained_part, recipe.image_size
    if not network.is_pretrained:
        part = TrainedPart.WHOLE
    works = [Work(Phase.TRAINING, network, part, 0 if part is TrainedPart.HEAD else size)]
    if _uses_features(recipe):
        works.append(Work(Phase.FEATURES, network, part, size))
    if network.is_pretrained and part is not TrainedPart.HEAD:
        works.append(Work(Phase.HEAD, network, part, 0))
    return works


def _measured(recipe: TrainingRecipe, seconds: dict[str, float], card: ModelCard) -> list[tuple[Work, float]]:
    """The pace of each kind of work in one completed training."""
    training, epochs = card.training_photos, card.epochs_run
    photos = training + card.validation_photos
    if min(training, photos, epochs) < 1:
        return []
    found, spent = [], 0.0
    for work in _works(recipe):
        took = seconds.get(work.phase, 0.0)
        spent += took
        pace = took / (training * epochs if work.phase is Phase.TRAINING else photos)
        cached = work.phase is Phase.FEATURES and pace < CACHED_BELOW * _reference(work)
        if took >= LEARNS_FROM_S and not cached:
            found.append((work, pace))
    rest = max(0.0, sum(seconds.values()) - spent)
    return [*found, (_REST, rest / _rest_s(photos))]


def _range(work: Work, reference: float, learned: Learned) -> tuple[float, float]:
    own = learned.paces.get(work)
    if own:
        middle = median(own)
        return min(_KNOWN[0] * middle, *own), max(_KNOWN[1] * middle, *own)
    others = [pace / _reference(other) for other, found in learned.paces.items() for pace in found
              if _is_alike(other, work)]  # fmt: skip
    if others:
        middle = reference * median(others)
        return _SCALED[0] * middle, _SCALED[1] * middle
    return _UNKNOWN[0] * reference, _UNKNOWN[1] * reference


def _is_alike(one: Work, other: Work) -> bool:
    """Whether the pace of one says something about the other; a head learns from numbers, not from photos."""
    heads = one.trained_part is TrainedPart.HEAD, other.trained_part is TrainedPart.HEAD
    return one.phase is other.phase and (one.phase is not Phase.TRAINING or heads[0] is heads[1])


def _reference(work: Work) -> float:
    """Seconds a photo on two cores of an AMD EPYC with AVX-512, without a GPU."""
    area = (work.image_size / REFERENCE_SIZE) ** 2
    match work.phase, work.network:
        case Phase.STARTING, _:
            return 1.0
        case Phase.FEATURES, _:
            return 0.006 * area
        case Phase.HEAD, _:
            return 0.0025
        case _, Network.HACKATHON_CNN:
            return 0.004 * area
        case _, Network.COMPACT_CNN:
            return 0.0045 * area
    if work.trained_part is TrainedPart.HEAD:
        return 0.00009
    return (0.014 if work.trained_part is TrainedPart.LAST_BLOCKS else 0.06) * area
