"""Trains one model, in a process of its own; see `development.panel.recipes`."""

import sys
import time

import msgspec

from development.panel.processes import serve
from scene_desktop.core.runs.events import TrainRequested

DEVELOPMENT_ONLY = ("scipy", "sklearn")
"""Keras imports them where it finds them, which takes about a second that nobody waits for in the app."""


class Trained(msgspec.Struct, frozen=True):
    """A model in the library, and when it got there, in seconds since 1970."""

    folder: str
    at_s: float


def train_one(request: TrainRequested) -> Trained:
    """Trains as `python -m training` does.

    Raises:
        SceneError: The data set cannot be used, or the training failed.
    """
    for name in DEVELOPMENT_ONLY:
        sys.modules[name] = None  # type: ignore[assignment]  # Python's way to say that it is not there
    from training.train import train

    saved = train(request, lambda event: None)
    return Trained(saved.folder, time.time())


if __name__ == "__main__":
    sys.exit(serve(TrainRequested, train_one))
