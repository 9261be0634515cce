"""Writing files that matter: whole or not at all, whatever happens in between."""

import contextlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def _read_umask() -> int:
    """The system tells it only by changing it, so it is asked once, before there are threads."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


_UMASK = _read_umask()
_DAY_S = 86_400.0


def write_atomically(path: Path, content: bytes) -> None:
    """Replaces `path` by `content` so that a crash leaves either the old file or the new one.

    A link stays a link, its target is replaced; the permissions stay, or are the usual ones for a new file.
    What is no regular file (a device, a pipe) is written to directly.

    Raises:
        OSError: The folder is not writable, the disk is full ...; the old file is untouched.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    permissions = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_UMASK
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, permissions)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    sync_folder(path.parent)


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Yields a hidden folder beside `path` that becomes `path` when the block succeeds, or vanishes.

    Raises:
        FileExistsError: `path` is there already.
        OSError: The folder cannot be written.
    """
    if path.exists():
        raise FileExistsError(f"{path} exists already")
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path.parent)
    incoming = Path(tempfile.mkdtemp(prefix=".incoming-", dir=path.parent))
    try:
        yield incoming
        for file in incoming.rglob("*"):
            if file.is_file():
                with file.open("rb+") as stream:
                    os.fsync(stream.fileno())
        sync_folder(incoming)
        os.rename(incoming, path)
    except BaseException:
        shutil.rmtree(incoming, ignore_errors=True)
        raise
    sync_folder(path.parent)


def _sweep(folder: Path) -> None:
    """Removes what processes that were killed have left of new folders, a day later."""
    for left in folder.glob(".incoming-*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _DAY_S:
                shutil.rmtree(left, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Makes a rename in `folder` durable where the system allows opening folders (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def free_name(wanted: str, taken: Callable[[str], bool]) -> str:
    """Returns `wanted`, or `wanted 2`, `wanted 3` ... - the first that is not taken."""
    name, number = wanted, 1
    while taken(name):
        number += 1
        name = f"{wanted} {number}"
    return name
