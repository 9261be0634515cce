"""What can be known about a target folder before anything is written to it."""

import contextlib
import errno
import os
import secrets
import shutil
import stat

from scene_desktop.core.sorting.placing import reason

RESERVE_BYTES = 16 << 20
"""Kept free for the system."""


def real_target(path: str) -> str:
    """The whole path of a target without links in it."""
    return os.path.realpath(os.path.expanduser(path))


def existing_part(path: str) -> str:
    """`path`, or the nearest folder above it that is there."""
    while not os.path.lexists(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return path


def target_problem(target: str) -> str:
    """Why nothing can be written below `target`, in a sentence; empty if something can."""
    there = existing_part(target)
    if not os.path.isdir(there):
        return f"“{there}” is a file. Choose another target folder."
    try:
        _probe(there)
    except OSError as error:
        return f"“{there}” cannot be written to: {_in_sentence(error)}. Choose another target folder."
    return ""


def folder_problem(folder: str) -> str:
    """Why a class folder cannot take photos, in a sentence; empty if it can, or is not there yet."""
    try:
        status = os.lstat(folder)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"The folder “{folder}” cannot be opened: {_in_sentence(error)}. Choose another target folder."
    if stat.S_ISLNK(status.st_mode):
        return f"“{folder}” is a link to another place, which sorting does not follow. Remove or rename it."
    if not stat.S_ISDIR(status.st_mode):
        return f"“{folder}” is a file where a folder is needed. Rename it or choose another target folder."
    try:
        _probe(folder)
    except OSError as error:
        return f"“{folder}” cannot be written to: {_in_sentence(error)}. Change that or choose another target."
    return ""


def space_problem(needed: int, free: int) -> str:
    if needed == 0 or needed + RESERVE_BYTES <= free:
        return ""
    return (
        f"The photos need {in_words(needed)}, the disk of the target has {in_words(free)} free. "
        f"Make room or choose another disk."
    )


def free_bytes(target: str) -> int:
    """Free bytes on the disk of `target`; 0 if the system does not tell."""
    try:
        return shutil.disk_usage(existing_part(target)).free
    except OSError:
        return 0


def device_of(target: str) -> int:
    """The number of the disk that `target` is or will be on; -1 if it cannot be told."""
    try:
        return os.stat(existing_part(target)).st_dev
    except OSError:
        return -1


def takes_hard_links(target: str) -> bool:
    """Whether the disk of `target` knows hard links; True where the system does not tell."""
    try:
        return os.pathconf(existing_part(target), "PC_LINK_MAX") > 1
    except (OSError, ValueError, AttributeError):
        return True


def in_words(size: int) -> str:
    """A number of bytes, as “1.2 GB”."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"


def _probe(folder: str) -> None:
    """Makes a file that never gets a name, where the system can; otherwise one that goes at once.

    Raises:
        OSError: No file can be made there.
    """
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)
    if hasattr(os, "O_TMPFILE"):
        try:
            os.close(os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600))
            return
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL):
                raise
    before = os.stat(folder)
    path = os.path.join(folder, f".scene-sort-{secrets.token_hex(8)}.part")
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(path)
    with contextlib.suppress(OSError):
        os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))


def _in_sentence(error: OSError) -> str:
    words = reason(error)
    return words[:1].lower() + words[1:]
