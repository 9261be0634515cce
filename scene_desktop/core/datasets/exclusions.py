"""What is kept about a data set besides its photos: those a person excluded, and near duplicates.

It lies in our own data folder, never beside the photos. A photo is known by its path below the data set and
by its content, so a changed file takes part again.
"""

import hashlib
import logging
import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import filelock
import msgspec

from scene_desktop.core import locations
from scene_desktop.core.errors import InputError, PhotoError
from scene_desktop.core.files import write_atomically
from scene_desktop.core.photos import images
from scene_desktop.core.text import encodable

_LOCK_S = 5.0

_log = logging.getLogger(__name__)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept about one data set.

    Attributes:
        root: Its folder, for people who look into the file.
        excluded: Digests in hex by path, relative to the data set, with slashes.
        near_duplicates: Groups of digests in hex; a split keeps each group on one side.
    """

    root: str
    excluded: dict[str, str] = {}
    near_duplicates: tuple[tuple[str, ...], ...] = ()

    def is_excluded(self, path: str, digest: bytes) -> bool:
        """Whether the photo at `path`, relative to the data set, takes no part with this content."""
        return self.excluded.get(path) == digest.hex()

    def together(self) -> tuple[frozenset[bytes], ...]:
        """The near duplicates as groups of digests, as `split` takes them."""
        return tuple(frozenset(map(_from_hex, group)) for group in self.near_duplicates)


def relative_path(root: Path, path: str) -> str:
    """The path of a photo below its data set, with slashes, as text that can be stored."""
    try:
        return encodable(Path(path).relative_to(root).as_posix())
    except ValueError:
        return encodable(Path(path).as_posix())


def kept_file(root: Path) -> Path:
    """Where it is kept; the name depends on the path of the data set alone."""
    name = hashlib.blake2b(os.fsencode(os.path.abspath(root)), digest_size=16).hexdigest()
    return locations.data_folder() / "datasets" / f"{name}.json"


def load(root: Path) -> Kept:
    """What is kept about a data set; nothing if its file is missing or damaged."""
    try:
        return msgspec.json.decode(kept_file(root).read_bytes(), type=Kept)
    except FileNotFoundError:
        pass
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        _log.warning("What is kept about the data set %s cannot be read: %s", root, error)
    return Kept(root=encodable(os.path.abspath(root)))


def exclude(root: Path, paths: Iterable[str]) -> None:
    """Leaves photos, given relative to the data set, out of all trainings.

    Raises:
        InputError: One of them cannot be read, or the choice cannot be kept.
    """
    excluded: dict[str, str] = {}
    for path in paths:
        place = Path(path).as_posix()
        if Path(place).is_absolute() or ".." in Path(place).parts:
            raise InputError(f"“{path}” is not in “{root}”. Expected a path relative to the data set.")
        try:
            content = images.read_bytes(root / place)
        except PhotoError as error:
            raise InputError(
                f"“{path}” cannot be excluded from “{root}” ({error}). Check the path of the photo."
            ) from error
        excluded[encodable(place)] = hashlib.blake2b(content, digest_size=16).hexdigest()
    _change(root, lambda kept: msgspec.structs.replace(kept, excluded=kept.excluded | excluded))


def include(root: Path, paths: Iterable[str]) -> None:
    """Lets photos, given relative to the data set, take part again.

    Raises:
        InputError: The choice cannot be kept.
    """
    gone = {encodable(Path(path).as_posix()) for path in paths}

    def change(kept: Kept) -> Kept:
        rest = {path: value for path, value in kept.excluded.items() if path not in gone}
        return msgspec.structs.replace(kept, excluded=rest)

    _change(root, change)


def clear(root: Path) -> None:
    """Lets all photos take part again; near duplicates stay known.

    Raises:
        InputError: The choice cannot be kept.
    """
    _change(root, lambda kept: msgspec.structs.replace(kept, excluded={}))


def keep_near_duplicates(root: Path, groups: Iterable[Collection[bytes]]) -> None:
    """Notes which contents are near duplicates of each other; replaces what was noted before.

    Raises:
        InputError: They cannot be kept.
    """
    noted = tuple(tuple(sorted(digest.hex() for digest in group)) for group in groups)
    _change(root, lambda kept: msgspec.structs.replace(kept, near_duplicates=tuple(sorted(noted))))


def _change(root: Path, change: Callable[[Kept], Kept]) -> None:
    """Changes what is kept; the window and the doctor's engine may want to at the same time."""
    file = kept_file(root)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(file.with_suffix(".lock"), timeout=_LOCK_S):
            kept = change(load(root))
            write_atomically(file, msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
    except (OSError, filelock.Timeout) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"What was chosen for “{root}” cannot be kept ({reason}). Check that "
            f"“{locations.data_folder()}” is writable."
        ) from error


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return text.encode("utf-8", "backslashreplace")  # equals no digest, so it is without effect
