"""Which fit belongs to a recipe."""

from scene_desktop.core.recipes.recipe import TrainedPart
from training.networks import going_on
from training.photos.material import Material
from training.run.session import Session
from training.ways.trained import Trained


def fit_network(session: Session, material: Material) -> Trained:
    """Trains the network of the session's recipe.

    Raises:
        InputError: Too many photos are unreadable, or the model to go on with does not fit the recipe.
        TrainingError: The disk is too full, or the loss is no number any more.
        Stopped: The training is to be left.
    """
    recipe = session.recipe
    going_on.require_fit(session, material.classes)
    if recipe.sees_pixels:
        from training.ways.pixels import fit_pixels

        return fit_pixels(session, material)
    if recipe.trained_part is TrainedPart.LAST_BLOCKS:
        from training.ways.finetune import fit_finetuned

        return fit_finetuned(session, material)
    if recipe.is_solved:
        from training.ways.solved import fit_solved

        return fit_solved(session, material)
    from training.ways.stepwise import fit_stepwise

    return fit_stepwise(session, material)
