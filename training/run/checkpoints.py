"""From where a training can go on: its complete state in files that are whole or not there.

A file is a SHA-256 of the rest, then a safetensors file with the state as metadata. The last two checkpoints
are kept, and the weights of the best epoch that each of them names.
"""

import contextlib
import hashlib
import logging
from pathlib import Path

import msgspec
import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from scene_desktop.core import files
from scene_desktop.core.runs.events import EpochEnded

KEPT = 2
_HASH = hashlib.sha256().digest_size

_log = logging.getLogger(__name__)

Arrays = dict[str, NDArray[np.generic]]


class FitState(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a fit that is no array.

    Attributes:
        epoch: Completed epochs.
        step: Completed steps of the epoch after those.
        seen, correct, nats: Running sums of that epoch: photos, right answers, crossentropy.
        seconds: Spent in that epoch so far.
        elapsed: Seconds of each phase of the training so far, by its name.
        seed, data: Of the recipe; identity of the photos. Both must be the same on a resume.
        best_epoch: Whose weights are in the file of the best; 0 for none.
        epochs: The history.
        is_over: Whether the fit has ended, so that only the rest is to be done.
    """

    epoch: int
    step: int
    seen: int
    correct: float
    nats: float
    seconds: float
    elapsed: dict[str, float]
    seed: int
    data: str
    best_epoch: int
    epochs: tuple[EpochEnded, ...]
    is_over: bool


class Checkpoints:
    """The checkpoints of one run.

    Args:
        folder: Of the run.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._best_of: dict[Path, int] = {}

    def exist(self) -> bool:
        """Whether there is one that can be read."""
        return self.latest() is not None

    def save(self, state: FitState, arrays: Arrays) -> None:
        """Adds a checkpoint and removes what is not needed any more.

        Raises:
            OSError: It cannot be written; the earlier ones are untouched.
        """
        number = max((_number(path) for path in self._files()), default=0) + 1
        path = self._folder / f"checkpoint-{number:08}.bin"
        files.write_atomically(path, _packed(arrays, msgspec.json.encode(state).decode()))
        self._prune(path, state.best_epoch)

    def latest(self) -> tuple[FitState, Arrays] | None:
        """The newest one that is whole; None if there is none."""
        for path in reversed(self._files()):
            try:
                arrays, text = _unpacked(path.read_bytes())
                state = msgspec.json.decode(text, type=FitState)
                if state.best_epoch:
                    self.best(state.best_epoch)  # raises unless it is whole
            except (OSError, ValueError, msgspec.DecodeError) as error:
                _log.warning("The checkpoint %s is left out: %s", path.name, error)
                continue
            return state, arrays
        return None

    def save_best(self, epoch: int, arrays: Arrays) -> None:
        """Writes the weights of the best epoch; to be followed by `save`.

        Raises:
            OSError: They cannot be written.
        """
        files.write_atomically(self._best_file(epoch), _packed(arrays, str(epoch)))

    def best(self, epoch: int) -> Arrays:
        """The weights of an epoch that `save_best` wrote.

        Raises:
            OSError: They cannot be read.
            ValueError: They are damaged.
        """
        return _unpacked(self._best_file(epoch).read_bytes())[0]

    def remove(self) -> None:
        """Removes all of them; the training is complete."""
        for path in (*self._files(), *self._folder.glob("best-*.bin"), *self._folder.glob(".*.part")):
            with contextlib.suppress(OSError):
                path.unlink()

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("checkpoint-*.bin"), key=_number)

    def _best_file(self, epoch: int) -> Path:
        return self._folder / f"best-{epoch:05}.bin"

    def _prune(self, newest: Path, best_epoch: int) -> None:
        self._best_of[newest] = best_epoch
        kept = self._files()[-KEPT:]
        unwanted = [path for path in self._files() if path not in kept]
        if all(path in self._best_of for path in kept):  # otherwise one is from before a resume
            wanted = {self._best_file(self._best_of[path]) for path in kept}
            unwanted += [path for path in self._folder.glob("best-*.bin") if path not in wanted]
        for path in (*unwanted, *self._folder.glob(".*.part")):
            with contextlib.suppress(OSError):
                path.unlink()


def _number(path: Path) -> int:
    text = path.stem.removeprefix("checkpoint-")
    return int(text) if text.isdecimal() else 0


def _packed(arrays: Arrays, text: str) -> bytes:
    contiguous = {name: np.array(array, order="C") for name, array in arrays.items()}
    content = safetensors.numpy.save(contiguous, metadata={"state": text})
    return hashlib.sha256(content).digest() + content


def _unpacked(content: bytes) -> tuple[Arrays, str]:
    if hashlib.sha256(content[_HASH:]).digest() != content[:_HASH]:
        raise ValueError("it is not what was written")
    body = content[_HASH:]
    length = int.from_bytes(body[:8], "little")
    header = msgspec.json.decode(body[8 : 8 + length], type=dict[str, object])
    metadata = header["__metadata__"]
    assert isinstance(metadata, dict)
    return safetensors.numpy.load(body), str(metadata["state"])
