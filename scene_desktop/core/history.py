"""The course of a training as the charts show it, and what can be said about it in words."""

import math
from dataclasses import dataclass, field

from scene_desktop.core.events import BatchEnded, EpochEnded, TrainingEvent


@dataclass
class History:
    """Grows with the events of one training.

    Attributes:
        epochs: Completed epochs in order.
        batches: The thin trace behind the curves.
    """

    epochs: list[EpochEnded] = field(default_factory=list)
    batches: list[BatchEnded] = field(default_factory=list)

    def add(self, event: TrainingEvent) -> None:
        """Takes note of an event; those that say nothing about the course are ignored."""
        match event:
            case EpochEnded():
                self.epochs.append(event)
            case BatchEnded():
                self.batches.append(event)

    @property
    def best(self) -> EpochEnded | None:
        """The epoch that would be kept now."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.best), None)

    def seconds_left(self) -> float | None:
        """Seconds until the last planned epoch at the pace of the latest three; None before the first."""
        if not self.epochs:
            return None
        latest = self.epochs[-3:]
        pace = sum(epoch.seconds for epoch in latest) / len(latest)
        return pace * (self.epochs[-1].epochs - self.epochs[-1].epoch)


class Course:
    """What a history shows, without words: the window translates it into a sentence."""


@dataclass(frozen=True)
class TooEarly(Course):
    """Fewer than two epochs."""


@dataclass(frozen=True)
class Improving(Course):
    """The latest epoch is the best."""

    accuracy: float


@dataclass(frozen=True)
class Plateau(Course):
    """Validation has not improved for `epochs_ago` epochs; `learning_by_heart` if training still does."""

    epochs_ago: int
    best_epoch: int
    accuracy: float
    learning_by_heart: bool


@dataclass(frozen=True)
class Diverging(Course):
    """The training crossentropy is clearly above where it began to be good, or is no number."""


def course(history: History) -> Course:
    """Judges a history by plain rules; see the subclasses of `Course`."""
    epochs, best = history.epochs, history.best
    if len(epochs) < 2 or best is None:
        return TooEarly()
    lowest = min(epoch.crossentropy for epoch in epochs)
    last = epochs[-1]
    if not math.isfinite(last.crossentropy) or last.crossentropy > 2 * lowest + 0.1:
        return Diverging()
    if best.epoch == last.epoch:
        return Improving(last.validation_accuracy)
    rising = last.accuracy > best.accuracy + 0.005 and last.accuracy > last.validation_accuracy + 0.01
    return Plateau(last.epoch - best.epoch, best.epoch, best.validation_accuracy, rising)
