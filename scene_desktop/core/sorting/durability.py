"""Making what was written survive a loss of power, a batch at a time."""

import contextlib
import ctypes
import os
import sys
from collections.abc import Callable, Iterable


def _find_syncfs() -> Callable[[int], int] | None:
    """Python has no name for this call of Linux (man 2 syncfs)."""
    if sys.platform != "linux":
        return None
    with contextlib.suppress(OSError, AttributeError):
        return ctypes.CDLL(None, use_errno=True).syncfs
    return None


_syncfs = _find_syncfs()

SYNCS_WHOLE_DISKS = _syncfs is not None
"""Whether `settle` is enough; otherwise each file must be made durable when it is written."""


def settle(folders: Iterable[str]) -> None:
    """Makes everything that was written into these folders durable.

    Raises:
        OSError: The disk has lost something that was written.
    """
    if os.name == "nt":
        return
    disks: set[int] = set()
    for path in set(folders):
        handle = os.open(path, os.O_RDONLY)
        try:
            disk = os.fstat(handle).st_dev
            if _syncfs is None:
                os.fsync(handle)
            elif disk not in disks and _syncfs(handle) != 0:
                code = ctypes.get_errno()
                raise OSError(code, os.strerror(code), path)
            disks.add(disk)
        finally:
            os.close(handle)
