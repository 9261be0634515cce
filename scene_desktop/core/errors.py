"""What can go wrong in words a person can act on.

Each message says what happened, what was expected and what to do next. These errors end at three
borders only: a bad photo becomes a row, wrong input becomes a message in the page (or exit code 2), and
anything else is a bug that goes to the log.
"""


class SceneError(Exception):
    """Base of all errors whose text is meant for a person."""


def sentence(error: Exception, unexpected: str) -> str:
    """What to tell a person: the text of an error that is meant for people, else `unexpected`."""
    return str(error) if isinstance(error, SceneError) else unexpected


class InputError(SceneError):
    """What was handed over cannot be used as it is (a folder without classes, an unknown model ...)."""


class PhotoError(SceneError):
    """One photo cannot be read; the text is the reason that its row shows."""


class ModelFileError(SceneError):
    """A model on disk is damaged, foreign or from a newer version."""


class TrainingError(SceneError):
    """A training could not be completed.

    Args:
        message: What happened and what to try next.
        details: The technical part (a traceback, the engine's last words), folded away by the window.
        suggested: Parameters that may help, by name.
    """

    def __init__(self, message: str, details: str = "", suggested: dict[str, float] | None = None) -> None:
        super().__init__(message)
        self.details = details
        self.suggested = suggested or {}


class Stopped(Exception):  # noqa: N818 - an outcome that was asked for, not an error
    """Raised inside long work after the person asked to stop."""
