"""The folder of one training run while an engine works on it; `core.runs.stored` says what it holds."""

import logging
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

import filelock
import msgspec

from scene_desktop.core import files, locations
from scene_desktop.core.errors import InputError
from scene_desktop.core.recipes.networks import IMAGE_SIZES
from scene_desktop.core.runs import stored as on_disk
from scene_desktop.core.runs.events import (
    BatchEnded,
    ModelSaved,
    Progressed,
    TrainingEvent,
    TrainRequested,
    ViewChosen,
    encode_line,
)

_LOCK_S = 2.0

_log = logging.getLogger(__name__)


class Run:
    """One training on disk, locked for this process.

    Attributes:
        folder: Also the place for large temporary files.
        request: What it was begun with.
        is_resumed: Whether it existed before.
    """

    def __init__(self, folder: Path, request: TrainRequested, is_resumed: bool) -> None:
        self.folder, self.request, self.is_resumed = folder, request, is_resumed
        # Whoever lists the runs takes each lock for a moment to see whether it is free.
        self._lock = filelock.FileLock(folder / on_disk.LOCK, timeout=_LOCK_S)
        try:
            self._lock.acquire()
        except filelock.Timeout as error:
            raise InputError("This training is already going on. Wait for it to end.") from error
        events = folder / on_disk.EVENTS
        cut_off = events.exists() and not events.read_bytes().endswith(b"\n")
        self._events = events.open("ab")
        if cut_off:
            self._events.write(b"\n")

    @classmethod
    def begin(cls, request: TrainRequested) -> "Run":
        """Makes the folder of a new run, whole or not at all.

        Raises:
            OSError: It cannot be made.
        """
        now = datetime.now(UTC)
        folder = locations.runs_folder() / f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        start = on_disk.RunStart(began=now.isoformat(timespec="seconds"), request=request)
        with files.new_folder(folder) as incoming:
            (incoming / on_disk.REQUEST).write_bytes(msgspec.json.format(msgspec.json.encode(start), indent=1))
        return cls(folder, request, is_resumed=False)

    @classmethod
    def resume(cls, name: str) -> "Run":
        """Takes up an interrupted or failed run.

        Raises:
            InputError: There is no such run, it is complete, or an engine works on it.
            OSError: Its files cannot be opened.
        """
        stored = on_disk.find_run(name)
        if not stored.can_resume:
            raise InputError(f"The training “{stored.request.name}” is {stored.ending}; it cannot be resumed.")
        run = cls(stored.folder, stored.request, is_resumed=True)
        (run.folder / on_disk.RESULT).unlink(missing_ok=True)
        return run

    @property
    def name(self) -> str:
        return self.folder.name

    def record(self, event: TrainingEvent) -> None:
        """Appends an event; the course is a convenience, so a full disk does not end the training."""
        if isinstance(event, Progressed):
            return
        try:
            if self._events.closed:
                self._events = (self.folder / on_disk.EVENTS).open("ab")
                self._events.write(b"\n")  # ends the line that was cut off
            self._events.write(encode_line(event))
            if not isinstance(event, BatchEnded):
                self._events.flush()
        except OSError as error:
            _log.warning("The course of the run cannot be written: %s", error)
            self._close_events()

    def data(self) -> on_disk.RunData | None:
        """The photos that take part, if they have been written and make sense."""
        try:
            data = msgspec.json.decode((self.folder / on_disk.DATA).read_bytes(), type=on_disk.RunData)
        except (OSError, msgspec.DecodeError):
            return None
        return data if data.makes_sense() else None

    def write_data(self, data: on_disk.RunData) -> None:
        """Keeps the photos that take part, and their split.

        Raises:
            OSError: They cannot be written.
        """
        files.write_atomically(self.folder / on_disk.DATA, msgspec.json.encode(data))

    def view(self) -> ViewChosen | None:
        """What the network sees of a photo, if it has been chosen and makes sense."""
        try:
            chosen = msgspec.json.decode((self.folder / on_disk.VIEW).read_bytes(), type=ViewChosen)
        except (OSError, msgspec.DecodeError):
            return None
        return chosen if chosen.side in IMAGE_SIZES else None

    def write_view(self, chosen: ViewChosen) -> None:
        """Keeps what was chosen.

        Raises:
            OSError: It cannot be written.
        """
        files.write_atomically(self.folder / on_disk.VIEW, msgspec.json.encode(chosen))

    def end(self, ending: on_disk.Ending, message: str = "", saved: ModelSaved | None = None) -> None:
        """Notes how it ended.

        Raises:
            OSError: That cannot be written.
        """
        data = self.data()
        result = on_disk.RunResult(
            ending=ending,
            ended=datetime.now(UTC).isoformat(timespec="seconds"),
            fingerprint=data.fingerprint if data else "",
            message=message,
            saved=saved,
        )
        files.write_atomically(
            self.folder / on_disk.RESULT, msgspec.json.format(msgspec.json.encode(result), indent=1)
        )

    def close(self) -> None:
        """Lets others work on it."""
        self._close_events()
        self._lock.release()

    def remove(self) -> None:
        """Leaves nothing behind."""
        self.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _close_events(self) -> None:
        try:
            self._events.close()
        except OSError as error:  # what was buffered does not fit on the disk
            _log.warning("The course of the run cannot be completed: %s", error)
