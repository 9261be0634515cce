"""The course of a training as the charts show it, and what can be said about it, without words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from statistics import fmean, median

from scene_desktop.core.recipes.recipe import Monitor, Network, TrainingRecipe
from scene_desktop.core.runs.events import (
    BatchEnded,
    CheckpointSaved,
    DataSetRead,
    DeviceChosen,
    EpochEnded,
    Phase,
    PhaseChanged,
    TrainingContinued,
    TrainingEvent,
    TrainingPaused,
    ViewChosen,
)

TREND_EPOCHS = 6
_AFTER_THE_FIT = (Phase.CALIBRATING, Phase.EVALUATING, Phase.COMPILING, Phase.SAVING)
CLEAR_RISE = 0.05
"""Share of its lowest value by which validation crossentropy must rise to count as rising."""


@dataclass(frozen=True)
class Pause:
    """A training that waited at `position` on the epoch axis; `problem` is empty where a person asked."""

    position: float
    problem: str


@dataclass
class History:
    """Grows with the events of one training. Where a head is solved, each iteration counts as an epoch.

    Attributes:
        epochs: Completed epochs in order.
        batches: The thin trace behind the curves.
        recipe: What was planned; None where it is not known.
        is_paused: Whether the training waits.
        saved_position: Up to where a crash loses nothing, on the epoch axis; 0 before the first checkpoint.
        view: What was chosen for the network to see of a photo; None where nothing was chosen.
        folds: See `DataSetRead`.
        is_fitted: Whether the part that learns is over.
    """

    epochs: list[EpochEnded] = field(default_factory=list)
    batches: list[BatchEnded] = field(default_factory=list)
    recipe: TrainingRecipe | None = None
    pauses: list[Pause] = field(default_factory=list)
    is_paused: bool = False
    device: DeviceChosen | None = None
    saved_position: float = 0.0
    view: ViewChosen | None = None
    folds: int = 0
    is_fitted: bool = False

    def add(self, event: TrainingEvent) -> None:
        """Takes note of an event; those that say nothing about the course are ignored.

        What is trained again after a resume takes the place of what was told before.
        """
        match event:
            case EpochEnded():
                self._forget(event.epoch, math.nextafter(event.epoch, math.inf))
                self.epochs.append(event)
            case BatchEnded():
                self._forget(event.position, event.position)
                self.batches.append(event)
            case TrainingPaused():
                self.is_paused = True
                self.pauses.append(Pause(self.position, event.problem))
            case TrainingContinued():
                self.is_paused = False
            case DeviceChosen():
                self.device = event
            case CheckpointSaved():
                self.saved_position = event.position
            case ViewChosen():
                self.view = event
            case DataSetRead():
                self.folds = event.folds
            case PhaseChanged():
                self.is_fitted = event.phase in _AFTER_THE_FIT

    def _forget(self, epoch: float, position: float) -> None:
        """Drops epochs from `epoch` on and batches from `position` on."""
        while self.epochs and self.epochs[-1].epoch >= epoch:
            self.epochs.pop()
        while self.batches and self.batches[-1].position >= position:
            self.batches.pop()

    @property
    def is_solved(self) -> bool:
        """Whether a head is solved, as far as that is known."""
        return self.recipe is not None and self.recipe.is_solved

    @property
    def best(self) -> EpochEnded | None:
        """The epoch that would be kept now."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.best), None)

    @property
    def marked(self) -> EpochEnded | None:
        """The epoch that stands out as the best; none does where a head is solved."""
        return None if self.is_solved else self.best

    @property
    def position(self) -> float:
        """How far the training has come on the epoch axis."""
        batch = self.batches[-1].position if self.batches else 0.0
        return max(batch, float(self.epochs[-1].epoch) if self.epochs else 0.0)

    @property
    def planned(self) -> int:
        """How many epochs there will be at most; 0 while that is not known."""
        if self.recipe is not None:
            return self.recipe.epochs
        return self.epochs[-1].epochs if self.epochs else 0


@dataclass(frozen=True)
class Patience:
    """How many epochs early stopping has waited for a better one, and how many it waits at most."""

    used: int
    allowed: int


class Course:
    """What a history shows, without words: the window translates it into a sentence."""


@dataclass(frozen=True)
class TooEarly(Course):
    """Fewer than two epochs."""


@dataclass(frozen=True)
class Improving(Course):
    """Validation gets better, even if the best epoch lies `epochs_ago`: the trend counts, not one epoch."""

    accuracy: float
    best_epoch: int
    epochs_ago: int = 0


@dataclass(frozen=True)
class Plateau(Course):
    """Validation has not improved for `epochs_ago` epochs."""

    epochs_ago: int
    best_epoch: int
    accuracy: float
    patience: Patience | None = None


@dataclass(frozen=True)
class OverFitting(Course):
    """Validation crossentropy rises since epoch `turned` while training crossentropy falls."""

    turned: int
    best_epoch: int
    accuracy: float
    patience: Patience | None = None


@dataclass(frozen=True)
class Diverging(Course):
    """Training crossentropy is clearly above where it was already, or no number, and validation suffers."""


@dataclass(frozen=True)
class Solved(Course):
    """A head that is being solved, or has been: it cannot learn by heart, and its last iteration is its best.

    Attributes:
        accuracy: Of the photos, judged by models that did not learn from them.
        folds: See `DataSetRead`.
    """

    iterations: int
    accuracy: float
    folds: int
    is_running: bool


class Harder(StrEnum):
    """Why training looks worse than validation although nothing is wrong."""

    BLENDED = "blended"
    ALTERED = "altered"
    DROPOUT = "dropout"


def course(history: History, *, is_running: bool = True) -> Course:
    """Judges a history by plain rules; see the subclasses of `Course`.

    Args:
        is_running: False for a training that has ended, however.
    """
    epochs, best = history.epochs, history.best
    if history.is_solved:
        accuracy = epochs[-1].validation_accuracy if epochs else 0.0
        return Solved(len(epochs), accuracy, history.folds, is_running and not history.is_fitted)
    if _diverges([epoch.crossentropy for epoch in epochs]) and not _validation_holds(history):
        return Diverging()
    if len(epochs) < 2 or best is None:
        return TooEarly()
    ago = epochs[-1].epoch - best.epoch
    turned = _turning_epoch(epochs)
    if ago and turned is not None:
        return OverFitting(turned, best.epoch, best.validation_accuracy, _patience(history, ago))
    if ago < 2 or (ago < TREND_EPOCHS // 2 and _still_rises(history)):
        return Improving(best.validation_accuracy, best.epoch, ago)
    return Plateau(ago, best.epoch, best.validation_accuracy, _patience(history, ago))


def harder(history: History) -> Harder | None:
    """Why training accuracy lies below validation accuracy, if it does and the recipe explains it."""
    recipe, latest = history.recipe, history.epochs[-3:]
    if recipe is None or recipe.is_solved or len(history.epochs) < 2:
        return None
    if fmean(e.accuracy for e in latest) >= fmean(e.validation_accuracy for e in latest):
        return None
    if recipe.blending > 0:
        return Harder.BLENDED
    alterations = (recipe.rotation, recipe.zoom, recipe.shear, recipe.brightness, recipe.contrast)
    if recipe.sees_pixels and any(alterations):
        return Harder.ALTERED
    return Harder.DROPOUT if recipe.network is Network.LITE0_HEAD else None


def _patience(history: History, used: int) -> Patience | None:
    recipe = history.recipe
    return Patience(used, recipe.patience) if recipe is not None and recipe.early_stopping else None


def _validation_holds(history: History) -> bool:
    """Whether validation is as good as ever; blended training of few photos jumps without any harm."""
    best, last = history.best, history.epochs[-1]
    if best is None or not math.isfinite(last.crossentropy):
        return False
    return last.validation_accuracy >= best.validation_accuracy - 0.02


def _diverges(losses: Sequence[float]) -> bool:
    """One bad epoch is noise unless it is far off; two in a row, or a steady climb, are not."""
    if not losses:
        return False
    if not math.isfinite(losses[-1]):
        return True
    known = [loss for loss in losses if math.isfinite(loss)]
    lowest = min(known)
    if losses[-1] > 4 * lowest + 1.0 or min(known[-2:]) > 2 * lowest + 0.1:
        return True
    climb = known[-4:]
    steady = len(climb) == 4 and all(a < b for a, b in pairwise(climb))
    return steady and known[-1] > 1.25 * known[0]


def _turning_epoch(epochs: Sequence[EpochEnded]) -> int | None:
    """The epoch with the lowest validation crossentropy, if it clearly rises since and training falls."""
    values = [epoch.validation_crossentropy for epoch in epochs]
    lowest = min(range(len(values)), key=values.__getitem__)
    after = values[lowest + 1 :][-3:]
    if len(after) < 2:
        return None
    rise = median(after) - values[lowest]
    if rise <= max(0.02, CLEAR_RISE * values[lowest], 2 * _noise(values)):
        return None
    before = median(epoch.crossentropy for epoch in epochs[max(0, lowest - 1) : lowest + 2])
    now = median(epoch.crossentropy for epoch in epochs[-3:])
    return epochs[lowest].epoch if now < 0.99 * before else None


def _still_rises(history: History) -> bool:
    """Whether the later half of the latest epochs is better than the earlier half by more than the noise."""
    latest = history.epochs[-TREND_EPOCHS:]
    if len(latest) < TREND_EPOCHS:
        return False
    accuracy = history.recipe is None or history.recipe.monitor is Monitor.VALIDATION_ACCURACY
    values = [e.validation_accuracy if accuracy else -e.validation_crossentropy for e in latest]
    half = TREND_EPOCHS // 2
    return fmean(values[half:]) - fmean(values[:half]) > max(0.004, _noise(values))


def _noise(values: Sequence[float]) -> float:
    """Standard deviation around a smooth course, from second differences; 0 where there are too few.

    The second difference of independent values has six times their variance.
    """
    rough = [abs(a - 2 * b + c) for a, b, c in zip(values, values[1:], values[2:], strict=False)]
    return median(rough) / (0.6745 * math.sqrt(6)) if rough else 0.0
