"""What came of a training, in words: what a model sees of a photo, how often it is right, how sure that is."""

from PySide6.QtCore import QCoreApplication

from scene_desktop.core.models.card import ModelCard
from scene_desktop.core.models.metrics import Interval, interval
from scene_desktop.core.models.standing import FEW_PHOTOS, Level, Standing
from scene_desktop.core.photos.framing import Framing
from scene_desktop.core.runs.events import ViewChosen
from scene_desktop.core.runs.views import PLAIN, cost, gain
from scene_desktop.ui import words

_WIDE = 0.02
"""An interval that is wider makes tenths of a percent meaningless."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("model_words", text)


def framing(how: Framing) -> str:
    """How a photo becomes a square, inside a sentence."""
    return {
        Framing.SQUASH: _tr("squashed"),
        Framing.CUT: _tr("cut to the middle"),
        Framing.PAD: _tr("whole with grey beside it"),
    }[how]


def seen(card: ModelCard) -> str:
    """What a model sees of a photo: 224 × 224 px, cut to the middle."""
    return f"{card.image_size} × {card.image_size} px, {framing(card.framing)}"


def chosen(view: ViewChosen) -> str:
    """Which view was chosen, by what, what it brings and what it costs."""
    name, count = _view(view.side, view.framing), len(view.tried)
    if not view.photos:
        return _tr("{view}: there are too few photos to try anything.").format(view=name)
    if count < 2:
        return _tr("{view}: with so many photos, larger squares would take too long.").format(view=name)
    text = _tr("{view}: chosen from {number} ways to look at {photos} of your photos.")
    parts = [text.format(view=name, number=count, photos=words.number(view.photos))]
    found = gain(view)
    if found is not None:
        text = _tr("It lowers the crossentropy from {plain} ({plain_view}) to {chosen}.")
        figures = {"plain": f"{found.plain:.3f}", "chosen": f"{found.chosen:.3f}"}
        parts.append(text.format(plain_view=_view(*PLAIN), **figures))
    if view.side != PLAIN.side:
        text = _tr("A photo takes about {times} × the time of one of {side} px.")
        parts.append(text.format(times=f"{cost(view.side):.1g}", side=PLAIN.side))
    return " ".join(parts)


def _view(side: int, how: Framing) -> str:
    return f"{side} px, {framing(how)}"


def share(accuracy: float, photos: int) -> str:
    """An accuracy with as many decimals as so many photos give it."""
    return words.percent(accuracy, _decimals(interval(accuracy, photos)))


def bounds(accuracy: float, photos: int) -> str:
    """Where the true share lies: 75 to 92 %."""
    found = interval(accuracy, photos)
    decimals = _decimals(found)
    return _tr("{low} to {high} %").format(
        low=f"{found.low * 100:.{decimals}f}", high=f"{found.high * 100:.{decimals}f}"
    )


def _decimals(found: Interval) -> int:
    return 0 if found.high - found.low > _WIDE else 1


def measured(card: ModelCard) -> str:
    """How often a model is right, how sure that is, and by which photos; empty if it was never measured."""
    accuracy, count = card.validation_accuracy, card.validation_photos
    if accuracy is None or count < 1:
        return ""
    text = _tr("{share} right ({bounds}), measured on {photos} that it did not learn from.")
    if card.folds:
        text = _tr("{share} right ({bounds}), each of {photos} judged by models that had not seen it.")
    text = text.format(share=share(accuracy, count), bounds=bounds(accuracy, count), photos=words.photos(count))
    if count < FEW_PHOTOS:
        text += " " + _tr("Few photos: the true share may lie anywhere in between.")
    return text


def bounds_help(card: ModelCard) -> str:
    """What the interval means."""
    text = _tr("With 95 % certainty the true share lies in this range, as far as {photos} can tell.")
    return text.format(photos=words.photos(card.validation_photos))


def photos_used(training: int, validation: int, folds: int) -> str:
    """What is learned from, and what is measured on."""
    if folds:
        text = _tr("{photos}, each judged by models that learned from the others ({folds} parts)")
        return text.format(photos=words.photos(training), folds=folds)
    return _tr("{training} to learn from, {validation} to measure on").format(
        training=words.photos(training), validation=words.number(validation)
    )


def verdict(found: Standing) -> str:
    """What a first-time user makes of it, and what would help most."""
    text = {
        Level.GUESSING: _tr("Not better than guessing yet, as far as these photos tell."),
        Level.UNRELIABLE: _tr("Better than guessing, not yet reliable."),
        Level.UNCERTAIN: _tr("Better than guessing; more photos will tell whether it is good."),
        Level.GOOD: _tr("Already good; look at the unsure photos yourself."),
        Level.VERY_GOOD: _tr("Very good."),
    }[found.level]
    weakest = found.weakest
    if weakest is None or found.level is Level.VERY_GOOD:
        return text
    advice = _tr("More photos would help most in “{name}”: {right} of its {photos} were recognised.")
    return f"{text} " + advice.format(
        name=words.shown(weakest.name),
        right=words.number(round(weakest.recall * weakest.photos)),
        photos=words.number(weakest.photos),
    )


def is_solved(card: ModelCard) -> bool:
    """Whether its head was solved, so that it has iterations and no best epoch."""
    return card.recipe is not None and card.recipe.is_solved
