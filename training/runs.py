"""The folder of one training run: its recipe and the course it took, for later."""

import logging
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from scene_desktop.core import locations
from scene_desktop.core.events import BatchEnded, Progressed, TrainingEvent, TrainRequested, encode_line

RECIPE = "recipe.json"
EVENTS = "events.jsonl"

_log = logging.getLogger(__name__)


class Run:
    """One training on disk.

    Attributes:
        folder: Also the place for large temporary files.
        began: When it was made, UTC.

    Raises:
        OSError: The folder cannot be made.
    """

    def __init__(self, request: TrainRequested) -> None:
        self.began = datetime.now(UTC)
        name = f"{self.began:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        self.folder: Path = locations.runs_folder() / name
        self.folder.mkdir(parents=True)
        recipe = msgspec.json.format(msgspec.json.encode(request.recipe), indent=1)
        (self.folder / RECIPE).write_bytes(recipe + b"\n")
        self._events = (self.folder / EVENTS).open("ab")

    def record(self, event: TrainingEvent) -> None:
        """Appends an event; the course is a convenience, so a full disk does not end the training."""
        if self._events.closed or isinstance(event, Progressed):
            return
        try:
            self._events.write(encode_line(event))
            if not isinstance(event, BatchEnded):
                self._events.flush()
        except OSError as error:
            _log.warning("The course of the run cannot be written: %s", error)
            self.close()

    def close(self) -> None:
        try:
            self._events.close()
        except OSError as error:  # what was buffered does not fit on the disk
            _log.warning("The course of the run cannot be completed: %s", error)

    def remove(self) -> None:
        """Leaves nothing behind."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)
