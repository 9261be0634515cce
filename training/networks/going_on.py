"""Going on with a model of the library instead of starting afresh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scene_desktop.core.errors import InputError

if TYPE_CHECKING:
    import keras

    from scene_desktop.core.models.library import StoredModel
    from training.run.session import Session


def require_fit(session: Session, classes: tuple[str, ...]) -> None:
    """Checks that the model to go on with, if there is one, can be trained with the recipe and these classes.

    Raises:
        InputError: It cannot; the message says what differs.
    """
    start, recipe = session.start, session.recipe
    if start is None:
        return
    card = start.card
    if card.network is not recipe.network:
        raise _unfit(start, f"its network is {card.network}, and the recipe wants {recipe.network}")
    if not recipe.chooses_view and card.framing is not recipe.framing:
        raise _unfit(start, f"it sees photos {card.framing}, and the recipe wants them {recipe.framing}")
    if not recipe.chooses_view and card.image_size != recipe.image_size:
        raise _unfit(start, f"it looks at {card.image_size} px, and the recipe wants {recipe.image_size} px")
    if card.classes != classes:
        raise _unfit(start, f"its classes are {_named(card.classes)}, and the photos' are {_named(classes)}")


def put_weights(session: Session, model: keras.Model) -> None:
    """Puts the weights of the model to go on with, if there is one, into `model`.

    Raises:
        ModelFileError: They are missing or damaged.
    """
    if session.start is not None:
        from training.networks import weights

        weights.load(model, session.start.weights())


def _unfit(start: StoredModel, reason: str) -> InputError:
    return InputError(
        f"The training cannot go on with “{start.card.name}”: {reason}. "
        f"Choose what fits together, or start afresh."
    )


def _named(classes: tuple[str, ...]) -> str:
    return ", ".join(f"“{name}”" for name in classes)
