"""Arrays by name, as the weights files hold them (safetensors). Needs no Keras."""

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from scene_desktop.core.errors import ModelFileError

Values = NDArray[np.float16] | NDArray[np.float32]
Tensors = dict[str, Values]


def to_bytes(tensors: Tensors) -> bytes:
    """A weights file; the same numbers always give the same bytes.

    Values that float16 holds exactly are stored as float16, all others as float32, so a file gives back the
    very numbers.
    """
    content: bytes = safetensors.numpy.save({name: _compact(values) for name, values in tensors.items()})
    return content


def read(content: bytes) -> Tensors:
    """Reads a weights file of this computer.

    Raises:
        ModelFileError: The content is damaged.
    """
    try:
        tensors: Tensors = safetensors.numpy.load(content)
    except (safetensors.SafetensorError, ValueError, KeyError) as error:
        raise ModelFileError(f"The weights are damaged ({error}). Train the model again.") from error
    return tensors


def _compact(values: Values) -> Values:
    with np.errstate(over="ignore"):
        half = values.astype(np.float16)
    return half if np.array_equal(half.astype(np.float32), values) else values
