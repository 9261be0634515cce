"""Arrays that may be larger than the memory."""

import contextlib
import math
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from scene_desktop.core.errors import TrainingError

_RESERVE = 200 * 2**20
"""Bytes of the disk that are left free for everybody else."""


@contextlib.contextmanager
def temporary_array(shape: tuple[int, ...], dtype: DTypeLike, folder: Path) -> Iterator[NDArray[Any]]:
    """An array in a nameless file of `folder`, which goes with the process however that ends.

    Raises:
        TrainingError: The disk is too full.
    """
    require_room(folder, math.prod(shape) * np.dtype(dtype).itemsize + _RESERVE)
    with tempfile.TemporaryFile(dir=folder) as file:
        yield np.memmap(file, dtype, "w+", shape=shape)


def require_room(folder: Path, needed: int) -> None:
    """Checks the disk before it is needed.

    Args:
        needed: Bytes.

    Raises:
        TrainingError: Fewer are free.
    """
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise TrainingError(
            f"The training needs {needed / 1e9:.1f} GB on the disk of “{folder}” for a while, and only "
            f"{free / 1e9:.1f} GB are free. Make room there, or use fewer photos."
        )
