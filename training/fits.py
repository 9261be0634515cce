"""Which fit belongs to a recipe."""

from scene_desktop.core.recipe import TrainedPart
from training import start
from training.material import Material
from training.session import Session
from training.trained import Trained


def fit_network(session: Session, material: Material) -> Trained:
    """Trains the network of the session's recipe.

    Raises:
        InputError: Too many photos are unreadable, or the model to go on with does not fit the recipe.
        TrainingError: The disk is too full, or the loss is no number any more.
        Stopped: The training is to be left.
    """
    recipe = session.recipe
    start.require_fit(session, material.classes)
    if recipe.sees_pixels:
        from training.pixels import fit_pixels

        return fit_pixels(session, material)
    if recipe.trained_part is TrainedPart.LAST_BLOCKS:
        from training.finetune import fit_finetuned

        return fit_finetuned(session, material)
    from training.quick import fit_quick

    return fit_quick(session, material)
