"""Why a training ended, in words a person can act on."""

import errno
import traceback

from scene_desktop.core.errors import InputError, ModelFileError, SceneError, TrainingError
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.events import TrainingFailed

_PATIENT_RATE = 1e-3
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def no_number(recipe: TrainingRecipe, epoch: int, kept: bool) -> TrainingError:
    """The loss is infinite or no number: what to try.

    Args:
        kept: Whether an earlier epoch is good.
    """
    rate = recipe.learning_rate
    better = _PATIENT_RATE if rate > _PATIENT_RATE else rate / 10
    end = "The best epoch before it is kept." if kept else "No model was saved."
    return TrainingError(
        f"Loss became NaN in epoch {epoch} at learning rate {rate:g}; try {better:g}. {end}",
        suggested={"learning_rate": better},
    )


def disk_problem(error: OSError, what: str) -> str:
    """A sentence on what could not be written and what to do, after which the same can be tried again."""
    if error.errno in _FULL:
        return f"The disk is full, so {what} could not be saved. Make room, then continue."
    reason = error.strerror or str(error)
    return f"{what[0].upper()}{what[1:]} could not be saved ({reason}). Check the disk, then continue."


def failure(error: Exception, recipe: TrainingRecipe | None = None) -> TrainingFailed:
    """The last event of a training that ended by an exception."""
    details = "".join(traceback.format_exception(error))
    suggested: dict[str, float] = {}
    match error:
        case InputError():
            return TrainingFailed(message=str(error), wrong_input=True)
        case TrainingError():
            return TrainingFailed(message=str(error), details=error.details, suggested=error.suggested)
        case SceneError():
            return TrainingFailed(message=str(error))
        case OSError() if error.errno in _FULL:
            message = "The disk is full. Make room, then resume the training; all models are unchanged."
        case OSError():
            message = f"A file cannot be read or written ({error}). Check the disk, then resume the training."
        case _ if _is_out_of_memory(error):
            message = "The memory of this machine does not suffice. Close other programs and resume"
            if recipe is not None and recipe.batch_size > 1:
                suggested = {"batch_size": max(1, recipe.batch_size // 2)}
                message += f", or train again with a batch size of {suggested['batch_size']:g}"
            message += "."
        case _:
            message = "The training failed because of an error in the app. Please report it with the details."
    return TrainingFailed(message=message, details=details, suggested=suggested)


def import_failure(error: Exception) -> TrainingFailed:
    """The last event of an import that ended by an exception; the library is as it was."""
    details = "".join(traceback.format_exception(error))
    match error:
        case ModelFileError():
            return TrainingFailed(message=str(error), wrong_input=True)
        case SceneError():
            return failure(error)
        case OSError() if error.errno in _FULL:
            message = "The disk is full, so the model was not added. Make room, then import it again."
        case OSError():
            message = f"The model was not added ({error}). Check the disk, then import it again."
        case _ if _is_out_of_memory(error):
            message = "The memory of this machine does not suffice to make the model ready. "
            message += "Close other programs, then import it again."
        case _:
            message = "The model was not added because of an error in the app. "
            message += "Please report it with the details."
    return TrainingFailed(message=message, details=details)


def _is_out_of_memory(error: Exception) -> bool:
    """Python's way to say it, and TensorFlow's own."""
    return isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
