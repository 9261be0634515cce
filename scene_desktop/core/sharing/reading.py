"""Reading a share file: every check before the numbers, and the numbers only if all are passed.

A stranger's file gives numbers, nothing else. Nothing of it is executed, nothing is allocated from a number in
it, and what is wrong is one sentence.
"""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np

from scene_desktop.core.errors import ModelFileError
from scene_desktop.core.models.card import Evaluation, ModelCard
from scene_desktop.core.models.tensors import Tensors, Values
from scene_desktop.core.sharing import foreign
from scene_desktop.core.sharing.header import Header, Place, read_header
from scene_desktop.core.sharing.terms import FOREIGN, Unfit

_CHUNK = 2**20
_EXPONENTS: dict[str, tuple[np.dtype[Any], int]] = {
    "<f2": (np.dtype("<u2"), 0x7C00),
    "<f4": (np.dtype("<u4"), 0x7F800000),
}
"""The bits of the exponent; all of them are set in what is infinite or no number (IEEE 754)."""


class _Hash(Protocol):
    def update(self, content: bytes, /) -> None: ...


@dataclass(frozen=True)
class SharedModel:
    """All that a share file gives.

    Attributes:
        card: Cleaned; without hashes.
        tensors: The weights by layer path, exactly those of the card's network, all finite.
    """

    card: ModelCard
    evaluation: Evaluation | None
    tensors: Tensors


def check(path: Path) -> ModelCard:
    """Makes every check and keeps no numbers; returns the cleaned card.

    Raises:
        ModelFileError: The file cannot be imported; the message says why and what to do.
    """
    with _opened(path) as (file, size):
        header = read_header(file, size)
        check_numbers(file, header)
        return header.card


def read(path: Path) -> SharedModel:
    """Makes every check and reads the numbers.

    Raises:
        ModelFileError: The file cannot be imported; the message says why and what to do.
    """
    with _opened(path) as (file, size):
        header = read_header(file, size)
        check_numbers(file, header)
        return SharedModel(header.card, header.evaluation, _tensors(file, header))


def check_content(file: BinaryIO, size: int) -> None:
    """Makes every check on what is about to be written.

    Raises:
        Unfit: It would be refused.
    """
    check_numbers(file, read_header(file, size))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """A regular file and its size; turns all that can go wrong into one error that names the file."""
    try:
        alien = foreign.reason(str(path))
        if alien is not None:
            raise Unfit(alien, FOREIGN)
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for its other end
            raise Unfit("is no file" if not path.is_dir() else "is a folder", FOREIGN)
        with open(path, "rb", opener=_open_without_waiting) as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise Unfit("is no file", FOREIGN)
            yield file, facts.st_size
    except Unfit as error:
        raise ModelFileError(f"“{path.name}” cannot be imported: it {error}. {error.advice}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ModelFileError(
            f"“{path.name}” cannot be read ({reason}). Check that the file is there and that you may open it."
        ) from error


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def check_numbers(file: BinaryIO, header: Header) -> None:
    """The SHA-256 first, then that every number is finite; a piece at a time."""
    digest = hashlib.sha256()
    file.seek(header.start)
    while content := file.read(_CHUNK):
        digest.update(content)
    if digest.hexdigest() != header.digest:
        raise Unfit("is damaged: its numbers are not those that were saved")
    file.seek(header.start)
    for place in header.places:
        for content in _pieces(file, place):
            kind, exponent = _EXPONENTS[place.dtype]
            if np.any((np.frombuffer(content, kind) & exponent) == exponent):
                raise Unfit(f"has a number in “{place.name}” that is infinite or none")


def _tensors(file: BinaryIO, header: Header) -> Tensors:
    """The numbers, if they still are those that were checked."""
    digest = hashlib.sha256()
    file.seek(header.start)
    tensors = {place.name: _tensor(file, place, digest) for place in header.places}
    if digest.hexdigest() != header.digest:
        raise Unfit("was changed while it was read")
    return tensors


def _tensor(file: BinaryIO, place: Place, digest: _Hash) -> Values:
    content = b"".join(_pieces(file, place))
    digest.update(content)
    values: Values = np.frombuffer(content, place.dtype).reshape(place.shape)
    return values


def _pieces(file: BinaryIO, place: Place) -> Iterator[bytes]:
    left = place.size
    while left:
        content = file.read(min(left, _CHUNK))
        if not content:
            raise Unfit("was changed while it was read")
        yield content
        left -= len(content)
