"""What an accuracy means for somebody who has trained a first model, without words."""

from dataclasses import dataclass
from enum import StrEnum

from scene_desktop.core.models.card import ClassFigures, Evaluation, ModelCard
from scene_desktop.core.models.metrics import interval

GOOD, VERY_GOOD = 0.8, 0.95
"""Four of five are a help when sorting; nineteen of twenty can be left to themselves."""

FEW_PHOTOS = 100
"""With fewer photos the interval is wider than most expect."""

_NEEDS_NOTHING = 0.9
"""A class of which this share is found needs no more photos than the others."""


class Level(StrEnum):
    """Between guessing and being right; each is certain, as far as 95 % are."""

    GUESSING = "guessing"
    UNRELIABLE = "unreliable"
    UNCERTAIN = "uncertain"
    GOOD = "good"
    VERY_GOOD = "very-good"


@dataclass(frozen=True)
class Standing:
    """How good a model is.

    Attributes:
        weakest: The class that more photos would help most; None if none stands out.
    """

    level: Level
    weakest: ClassFigures | None


def standing(card: ModelCard, evaluation: Evaluation | None) -> Standing | None:
    """Judges by the ends of the interval, against always guessing the largest class; None without figures.

    `UNCERTAIN` is a model that may be good: too few photos were measured to tell.
    """
    accuracy = card.validation_accuracy
    if accuracy is None or card.validation_photos < 1:
        return None
    found = interval(accuracy, card.validation_photos)
    if found.low <= _guessing(card, evaluation):
        level = Level.GUESSING
    elif found.high < GOOD:
        level = Level.UNRELIABLE
    elif found.low < GOOD:
        level = Level.UNCERTAIN
    else:
        level = Level.GOOD if found.low < VERY_GOOD else Level.VERY_GOOD
    return Standing(level, _weakest(accuracy, evaluation))


def _guessing(card: ModelCard, evaluation: Evaluation | None) -> float:
    """The accuracy of always saying the largest class."""
    if evaluation is None or not evaluation.photos:
        return 1 / max(1, len(card.classes))
    return max(figures.photos for figures in evaluation.per_class) / evaluation.photos


def _weakest(accuracy: float, evaluation: Evaluation | None) -> ClassFigures | None:
    measured = [figures for figures in evaluation.per_class if figures.photos] if evaluation else []
    weakest = min(measured, key=lambda figures: figures.recall, default=None)
    if weakest is None or weakest.recall >= min(accuracy, _NEEDS_NOTHING):
        return None
    return weakest
