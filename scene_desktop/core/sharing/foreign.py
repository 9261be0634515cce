"""Files with which other programs keep models: known by their names, never opened.

Most of them can carry program code that runs while they are opened, and none says what this app needs to know.
"""

import os
from collections.abc import Iterable

from scene_desktop.core.photos.images import SUFFIXES
from scene_desktop.core.sharing.terms import SUFFIX

_CODE = "can carry program code that runs as soon as it is opened"
_GRAPH = "can read and write files of this computer while it runs"
_CARD = "does not say what its numbers mean: no classes, no known network"

_KINDS: dict[str, tuple[str, str]] = {
    **dict.fromkeys((".h5", ".hdf5", ".keras"), ("a Keras file", _CODE)),
    **dict.fromkeys((".pb", ".pbtxt", ".savedmodel"), ("a TensorFlow graph", _GRAPH)),
    **dict.fromkeys((".pt", ".pth", ".ckpt", ".ptl", ".pt2"), ("a PyTorch file", _CODE)),
    **dict.fromkeys(
        (".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle", ".npy", ".npz"), ("a Python object file", _CODE)
    ),
    **dict.fromkeys((".onnx", ".ort"), ("an ONNX file", _CARD)),
    **dict.fromkeys((".tflite",), ("a compiled model", _CARD)),
    **dict.fromkeys((".mlmodel", ".mlpackage", ".mlmodelc"), ("a Core ML model", _CARD)),
    **dict.fromkeys((".safetensors", ".gguf"), ("a weights file", _CARD)),
    **dict.fromkeys((".caffemodel", ".pdmodel", ".torchscript"), ("a model of another program", _CARD)),
}

_STARTS = {
    b"\x89HDF\r\n\x1a\n": ".h5",
    b"PK\x03\x04": ".keras",
    b"\x80\x02": ".pkl",
    b"\x80\x03": ".pkl",
    b"\x80\x04": ".pkl",
    b"\x80\x05": ".pkl",
}
"""How such files begin, whatever they are called."""

_GRAPH_FILES = ("saved_model.pb", "saved_model.pbtxt", "keras_metadata.pb")

_FOLDERS = (".mlpackage", ".mlmodelc", ".savedmodel", ".keras")
"""Suffixes that are models also on folders; other folders may be full of photos."""


def split(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """Separates share files and foreign models from everything else."""
    models: list[str] = []
    others: list[str] = []
    for path in paths:
        (models if is_model(path) else others).append(path)
    return models, others


def is_model(path: str) -> bool:
    """Whether a path from outside is meant as a model, ours or not, rather than as photos."""
    return is_share_file(path) or _kind(path) is not None


def is_share_file(path: str) -> bool:
    """Whether its name is that of a share file."""
    return _suffix(path) == SUFFIX


def reason(path: str) -> str | None:
    """Why a path with this name is not opened, as the rest of a sentence; None if it may be a share file."""
    kind = _kind(path)
    return None if kind is None else _sentence(kind)


def reason_of_start(start: bytes) -> str | None:
    """The same for a file that begins like this, whatever its name."""
    suffix = next((suffix for begin, suffix in _STARTS.items() if start.startswith(begin)), None)
    suffix = ".tflite" if start[4:8] == b"TFL3" else suffix
    return None if suffix is None else _sentence(_KINDS[suffix])


def _kind(path: str) -> tuple[str, str] | None:
    suffix = _suffix(path)
    if suffix in _KINDS and (suffix in _FOLDERS or not os.path.isdir(path)):
        return _KINDS[suffix]
    if suffix not in SUFFIXES and any(os.path.lexists(os.path.join(path, name)) for name in _GRAPH_FILES):
        return _KINDS[".pb"]
    return None


def _suffix(path: str) -> str:
    return os.path.splitext(path.rstrip("/\\"))[1].lower()


def _sentence(kind: tuple[str, str]) -> str:
    what, why = kind
    return f"is {what}, and that {why}"
