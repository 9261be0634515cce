"""What a card of a stranger may say: every text is hostile, every number may be nonsense."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from scene_desktop.core.models.card import FORMAT, Evaluation, ModelCard
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.sharing.terms import Unfit

_NAME, _SENTENCE, _NOTES = 80, 500, 20
_MOST = 10**9
_PRICES = 1_000
_JOINERS = "\u200c\u200d"
"""Invisible, but letters of Persian and Indian scripts need them."""


def clean_card(card: ModelCard) -> ModelCard:
    """The card with harmless texts, without anything that belongs to another computer.

    Folders, names of runs and hashes go: nothing of a card from outside is ever made into a path.

    Raises:
        Unfit: It makes no sense.
    """
    numbers = (
        card.training_photos,
        card.validation_photos,
        card.folds,
        card.epochs_run,
        card.best_epoch,
        card.seconds,
    )
    if not all(0 <= number <= _MOST for number in numbers) or not 0 < card.temperature <= _MOST:
        raise Unfit("has a card with numbers that make no sense")
    _require_crossentropy(card.validation_crossentropy or 0.0)
    if not 0 <= (card.validation_accuracy or 0.0) <= 1:
        raise Unfit("has a card with an accuracy that makes no sense")
    return ModelCard(
        format=FORMAT,
        name=_name(card.name, "the model"),
        classes=_classes(card.classes),
        network=card.network,
        image_size=card.image_size,
        framing=card.framing,
        created=_time(card.created),
        recipe=None if card.recipe is None else _recipe(card.recipe, card),
        dataset_name=plain(card.dataset_name, _NAME),
        dataset_fingerprint=_fingerprint(card.dataset_fingerprint),
        training_photos=card.training_photos,
        validation_photos=card.validation_photos,
        folds=card.folds,
        epochs_run=card.epochs_run,
        best_epoch=card.best_epoch,
        validation_accuracy=card.validation_accuracy,
        validation_crossentropy=card.validation_crossentropy,
        temperature=card.temperature,
        seconds=card.seconds,
        software=plain(card.software, _NAME),
        notes=tuple(filter(None, (plain(note, _SENTENCE) for note in card.notes[:_NOTES]))),
    )


def clean_evaluation(evaluation: Evaluation, classes: tuple[str, ...]) -> Evaluation:
    """The results under the clean names of the classes.

    Raises:
        Unfit: They are not those of a model with so many classes.
    """
    count = len(classes)
    lengths = {len(evaluation.classes), len(evaluation.per_class), len(evaluation.confusion)}
    lengths.update(map(len, evaluation.confusion))
    if lengths != {count} or len(evaluation.prices) > _PRICES:
        raise Unfit("has results of another number of classes")
    photos = (evaluation.photos, *(figures.photos for figures in evaluation.per_class))
    least = min(*photos, min(map(min, evaluation.confusion)))
    if least < 0 or max(*photos, max(map(max, evaluation.confusion))) > _MOST:
        raise Unfit("has results with numbers that make no sense")
    _require_crossentropy(evaluation.crossentropy)
    return msgspec.structs.replace(
        evaluation,
        classes=classes,
        per_class=tuple(
            msgspec.structs.replace(figures, name=name)
            for figures, name in zip(evaluation.per_class, classes, strict=True)
        ),
    )


def plain(text: str, most: int) -> str:
    """One line that is safe to show, NFC, cut to `most` characters; empty if nothing is left.

    Control and direction characters become spaces, and what separates folders becomes a dash.
    """
    normal = unicodedata.normalize("NFC", text[: 4 * most])  # cut first: it takes the square of some lengths
    visible = "".join(char if char in _JOINERS or char.isprintable() else " " for char in normal)
    return " ".join(visible.replace("/", "-").replace("\\", "-").split())[:most].strip()


def _name(text: str, what: str) -> str:
    name = plain(text, _NAME)
    if not name.strip("." + _JOINERS):
        raise Unfit(f"has no name for {what}")
    return name


def _classes(names: Sequence[str]) -> tuple[str, ...]:
    clean = tuple(_name(name, "a class") for name in names)
    seen = {name.translate(dict.fromkeys(map(ord, _JOINERS))) for name in clean}
    if len(seen) != len(clean):
        raise Unfit("has two classes of the same name")
    return clean


def _recipe(recipe: TrainingRecipe, card: ModelCard) -> TrainingRecipe:
    if (recipe.network, recipe.view) != (card.network, card.view):
        raise Unfit("has a card that contradicts itself: its recipe is for another network")
    return msgspec.structs.replace(recipe, preset=plain(recipe.preset, _NAME), validation_folder=None)


def _time(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError) as error:
        raise Unfit("has a card whose date is none") from error


def _fingerprint(text: str) -> str:
    return text if re.fullmatch("[0-9a-f]{1,64}", text) else ""


def _require_crossentropy(crossentropy: float) -> None:
    if not 0 <= crossentropy <= _MOST:
        raise Unfit("has a card with numbers that make no sense")
