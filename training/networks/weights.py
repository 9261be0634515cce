"""Keras weights as safetensors, by layer path (`block03_expand_conv/kernel`).

The file itself is the matter of `scene_desktop.core.models.tensors`.
"""

from pathlib import Path

import keras
import numpy as np

from scene_desktop.core.errors import ModelFileError
from scene_desktop.core.models import tensors
from scene_desktop.core.models.tensors import Tensors


def to_bytes(model: keras.Model) -> bytes:
    """All weights of `model`, the statistics of the normalisations included."""
    return tensors.to_bytes({variable.path: variable.numpy() for variable in model.weights})


def read_file(path: Path) -> Tensors:
    """Reads a weights file of the app.

    Raises:
        ModelFileError: Missing or damaged.
    """
    try:
        return tensors.read(path.read_bytes())
    except OSError as error:
        raise ModelFileError(
            f"The weights “{path.name}” cannot be read ({error.strerror or error}). Install the app again."
        ) from error


def load(model: keras.Model, content: bytes) -> None:
    """Puts stored weights into `model`.

    Raises:
        ModelFileError: The content is damaged, or names or shapes are not exactly those of `model`.
    """
    put(model, tensors.read(content))


def put(model: keras.Model, values: Tensors) -> None:
    """Puts weights by path into `model`.

    Raises:
        ModelFileError: Names or shapes are not exactly those of `model`.
    """
    surplus = set(values) - {variable.path for variable in model.weights}
    if surplus:
        raise ModelFileError(f"The weights hold “{min(surplus)}”, which the network does not have.")
    _assign(model, values, model.weights)


def load_partly(model: keras.Model, values: Tensors) -> None:
    """Puts stored weights into those variables of `model` that they name.

    Raises:
        ModelFileError: A shape does not fit, or no name does.
    """
    named = [variable for variable in model.weights if variable.path in values]
    if not named:
        raise ModelFileError("The weights belong to another network.")
    _assign(model, values, named)


def copy(source: keras.Model, target: keras.Model) -> None:
    """Copies the weights of all layers that both models have."""
    load_partly(target, {variable.path: variable.numpy() for variable in source.weights})


def round_to_float16(model: keras.Model) -> None:
    """Rounds every value to the nearest float16, which halves the files without a difference between them."""
    for variable in model.weights:
        variable.assign(variable.numpy().astype(np.float16).astype(np.float32))


def _assign(model: keras.Model, values: Tensors, variables: list[keras.Variable]) -> None:
    for variable in variables:
        tensor = values.get(variable.path)
        found = None if tensor is None else tensor.shape
        if tensor is None or found != tuple(variable.shape):
            raise ModelFileError(
                f"The weights do not fit the network “{model.name}”: “{variable.path}” has the shape "
                f"{found}, expected {tuple(variable.shape)}."
            )
        variable.assign(tensor.astype(np.float32))
