"""How long a training takes here, as a range, learned from the trainings that this machine has completed.

Work is counted in photos: looking at a photo once (features), learning from it once in an epoch, and what
every training does besides. Where a head is solved, a view is chosen with some of the photos before, all photos
are looked at in several versions, and several models are solved. Where nothing was measured yet, reference
figures of an ordinary processor with two cores stand in, with a wide range.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import NamedTuple

from scene_desktop.core.models.card import ModelCard
from scene_desktop.core.recipes.few_photos import FOLDS_BELOW, folds_of, worthwhile
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
_SOLVED_REST_S, _SOLVED_REST_S_PER_PHOTO = 4.0, 0.0005
_SAMPLE, _LIKELY_SIZE = 300, 224
"""A view is chosen with so many photos, and is mostly of this size."""
_CLOSING_S = (3.0, 12.0)


class Work(NamedTuple):
    """One kind of work whose pace can be learned; `image_size` is 0 where it does not matter."""

    phase: Phase
    network: Network
    trained_part: TrainedPart
    image_size: int
    is_solved: bool = False


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
        looked_at: Data sets and the work on them whose features are in the cache.
    """

    paces: dict[Work, tuple[float, ...]] = field(default_factory=dict)
    looked_at: frozenset[tuple[str, Work]] = frozenset()


_REST = Work(Phase.STARTING, Network.LITE0_HEAD, TrainedPart.HEAD, 0)
_SOLVED_REST = Work(Phase.STARTING, Network.LITE0, TrainedPart.HEAD, 0, is_solved=True)
_CACHED = (Phase.CHOOSING, Phase.FEATURES)


def learn(runs: Iterable[StoredRun]) -> Learned:
    """Learns from completed runs, newest first; reads nothing but what the list of runs holds already."""
    paces: dict[Work, list[float]] = {}
    looked_at = set()
    for run in runs:
        if run.ending is not Ending.COMPLETED or run.result is None or run.result.saved is None:
            continue
        recipe, card = run.request.recipe, run.result.saved.card
        looked_at |= {
            (run.request.dataset, work) for work in _works(recipe, _size(recipe)) if work.phase in _CACHED
        }
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
    low, high = (factor * _rest_s(recipe, photos) for factor in _range(_rest(recipe), 1.0, learned))
    for work in _works(recipe, _size(recipe)):
        least, most = _range(work, _reference(work), learned)
        amount = _amount(work, recipe, photos, training)
        if work.phase is Phase.TRAINING and not work.is_solved:
            low += least * amount * _fewest_epochs(recipe)
            high += most * amount * recipe.epochs
        elif work.phase in _CACHED and (dataset, work) in learned.looked_at:
            high += CACHED_BELOW * most * amount
        else:
            low += least * amount
            high += most * amount
    return Span(low, high)


def time_left(history: History) -> Span | None:
    """Time until the model is there, from the epochs so far; None before the first one.

    The low end assumes that early stopping ends the training as soon as it may, and that the last iteration of
    a head that is solved has just been.
    """
    epochs = history.epochs
    if not epochs:
        return None
    latest = [epoch.seconds for epoch in (epochs[1:] or epochs)[-LATEST_RUNS:]]
    left = max(0.0, max(history.planned, epochs[-1].epochs) - history.position)
    soonest = left
    recipe, best = history.recipe, history.best
    if history.is_solved:
        soonest = 0.0
    elif recipe is not None and recipe.early_stopping and best is not None:
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


def _rest(recipe: TrainingRecipe) -> Work:
    return _SOLVED_REST if recipe.is_solved else _REST


def _rest_s(recipe: TrainingRecipe, photos: int) -> float:
    if recipe.is_solved:
        return _SOLVED_REST_S + _SOLVED_REST_S_PER_PHOTO * photos
    return _REST_S + _REST_S_PER_PHOTO * photos


def _size(recipe: TrainingRecipe) -> int:
    """The image size, before it is known where it is chosen from the photos."""
    return _LIKELY_SIZE if recipe.chooses_view else recipe.image_size


def _works(recipe: TrainingRecipe, size: int) -> list[Work]:
    network, part = recipe.network, recipe.trained_part
    if recipe.is_solved:
        works = [Work(phase, network, part, 0, is_solved=True) for phase in (Phase.CHOOSING, Phase.TRAINING)]
        features = Work(Phase.FEATURES, network, part, size, is_solved=True)
        return [features, *(works if recipe.chooses_view else works[1:])]
    if not network.is_pretrained:
        part = TrainedPart.WHOLE
    works = [Work(Phase.TRAINING, network, part, 0 if part is TrainedPart.HEAD else size)]
    if _uses_features(recipe):
        works.append(Work(Phase.FEATURES, network, part, size))
    if network.is_pretrained and part is not TrainedPart.HEAD:
        works.append(Work(Phase.HEAD, network, part, 0))
    return works


def _amount(work: Work, recipe: TrainingRecipe, photos: int, training: float) -> float:
    """How many photos the pace of this work counts, those of each epoch only once.

    Features of a photo are those of two pictures, itself and its mirror image.
    """
    if work.phase is Phase.CHOOSING:
        return min(photos, _SAMPLE)
    if not work.is_solved:
        return training if work.phase is Phase.TRAINING else photos
    pictures = photos * (2 + worthwhile(recipe.versions, photos)) / 2
    if work.phase is Phase.FEATURES:
        return pictures
    return pictures * (1 + folds_of(photos) if photos < FOLDS_BELOW else 2)


def _measured(recipe: TrainingRecipe, seconds: dict[str, float], card: ModelCard) -> list[tuple[Work, float]]:
    """The pace of each kind of work in one completed training."""
    training, epochs = card.training_photos, card.epochs_run
    photos = training if card.folds else training + card.validation_photos
    if min(training, photos, epochs) < 1:
        return []
    found, spent = [], 0.0
    for work in _works(recipe, card.image_size):
        took = seconds.get(work.phase, 0.0)
        spent += took
        pace = took / _amount(work, recipe, photos, training)
        if work.phase is Phase.TRAINING and not work.is_solved:
            pace /= epochs
        cached = work.phase in _CACHED and pace < CACHED_BELOW * _reference(work)
        if took >= LEARNS_FROM_S and not cached:
            found.append((work, pace))
    rest = max(0.0, sum(seconds.values()) - spent)
    return [*found, (_rest(recipe), rest / _rest_s(recipe, photos))]


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
    learns_alike = heads[0] is heads[1] and one.is_solved is other.is_solved
    return one.phase is other.phase and (one.phase is not Phase.TRAINING or learns_alike)


def _reference(work: Work) -> float:
    """Seconds a photo on two cores of an AMD EPYC with AVX-512, without a GPU."""
    area = (work.image_size / REFERENCE_SIZE) ** 2
    match work.phase, work.network:
        case Phase.STARTING, _:
            return 1.0
        case Phase.CHOOSING, _:
            return 0.06
        case Phase.FEATURES, _:
            return 0.006 * area
        case Phase.HEAD, _:
            return 0.0025
        case _, Network.HACKATHON_CNN:
            return 0.004 * area
        case _, Network.COMPACT_CNN:
            return 0.0045 * area
    if work.is_solved:
        return 0.0018
    if work.trained_part is TrainedPart.HEAD:
        return 0.00009
    return (0.014 if work.trained_part is TrainedPart.LAST_BLOCKS else 0.06) * area
