"""Makes what lies in `resources/models`: the pretrained backbone and the built-in model "Natural scenes".

`python -m development.resources.build_resources [--data FOLDER]`, called by `make resources`. The result
depends on the photos, the seed and the versions of the packages alone.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from development.resources import table
from development.resources.places import DATA, HOME, REPOSITORY
from scene_desktop.core import files, locations
from scene_desktop.core.errors import SceneError
from scene_desktop.core.models import library
from scene_desktop.core.models.card import ModelCard
from training.photos import features
from training.run import environment

CONVERSION_PYTHON = REPOSITORY / ".venv-convert" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
IMAGE_SIZE = 160
LARGEST_PARITY = 1e-4
"""Allowed difference of an ImageNet logit (they reach about 10) between PyTorch and Keras."""

_Tensors = dict[str, NDArray[np.float32]]


def main() -> int:
    """Returns the exit code: 0 for success, 1 for a failure, 2 when the photos are missing."""
    program = "python -m development.resources.build_resources"
    parser = argparse.ArgumentParser(prog=program, description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the Intel natural-scenes photos")
    parser.add_argument("--convert-python", type=Path, default=CONVERSION_PYTHON, help="a Python with PyTorch")
    parser.add_argument("--only", choices=("backbone", "model"), help="make one of the two")
    chosen = parser.parse_args()
    os.environ.setdefault(locations.HOME_VARIABLE, str(HOME))
    environment.prepare()
    if chosen.only != "backbone" and not chosen.data.is_dir():
        sys.stderr.write(f"The photos are not at “{chosen.data}”. Name their folder with --data.\n")
        return 2
    try:
        if chosen.only != "model":
            build_backbone(chosen.convert_python)
        if chosen.only != "backbone":
            build_model(chosen.data)
    except (SceneError, OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def build_backbone(python: Path) -> None:
    """Converts the PyTorch weights, checks them, and compiles the feature extractor.

    Raises:
        SceneError: The Keras network does not give PyTorch's answers.
        OSError: There is no such Python, or the files cannot be written.
        subprocess.CalledProcessError: The conversion failed.
    """
    import safetensors.numpy

    from training.networks import backbones, compiling, weights

    with tempfile.TemporaryDirectory() as folder:
        converted = Path(folder) / "converted.safetensors"
        subprocess.run([python, Path(__file__).with_name("convert_backbone.py"), converted], check=True)
        tensors = safetensors.numpy.load_file(converted)
    model = backbones.feature_extractor(IMAGE_SIZE)
    for layer in model.layers:
        if layer.weights:
            layer.set_weights(_folded(tensors, layer.name))
    top = model(tensors["check.photo"][None]).numpy()[0, -tensors["_fc.weight"].shape[1] :]
    logits = tensors["_fc.weight"] @ top + tensors["_fc.bias"]
    difference = float(np.abs(logits - tensors["check.logits"]).max())
    sys.stdout.write(f"Largest difference from PyTorch: {difference:.1e}\n")
    if not difference <= LARGEST_PARITY:
        raise SceneError(f"The converted network differs from PyTorch by {difference:.1e}.")
    weights.round_to_float16(model)
    _write(backbones.weights_file(), weights.to_bytes(model))
    _write(features.compiled_backbone(), compiling.compile_model(model))


def _write(path: Path, content: bytes) -> None:
    files.write_atomically(path, content)
    path.chmod(0o644)  # it ships with the app, for everybody on the machine


def _folded(tensors: _Tensors, layer: str) -> list[NDArray[np.float32]]:
    """Kernel and bias of a convolution with its batch normalisation multiplied in, in Keras' layout."""
    convolution, norm = _torch_names(layer)
    scale = tensors[f"{norm}.weight"] / np.sqrt(tensors[f"{norm}.running_var"] + 1e-3)
    kernel = tensors[f"{convolution}.weight"] * scale[:, None, None, None]
    bias = tensors[f"{norm}.bias"] - tensors[f"{norm}.running_mean"] * scale
    # PyTorch: (out, in, height, width), depthwise (channel, 1, height, width).
    axes = (2, 3, 0, 1) if "depthwise" in layer else (2, 3, 1, 0)
    return [kernel.transpose(axes), bias]


def _torch_names(layer: str) -> tuple[str, str]:
    """`block03_project_conv` to `_blocks.3._project_conv` and `_blocks.3._bn2`."""
    if layer in ("stem_conv", "top_conv"):
        return ("_conv_stem", "_bn0") if layer == "stem_conv" else ("_conv_head", "_bn1")
    block, kind, _ = layer.split("_")
    prefix = f"_blocks.{int(block.removeprefix('block'))}."
    norms = {"expand": "_bn0", "depthwise": "_bn1", "project": "_bn2"}
    return f"{prefix}_{kind}_conv", prefix + norms[kind]


def build_model(data: Path) -> ModelCard:
    """Makes "Natural scenes", the row *Best* of `make table`, and puts it in the place of the old one.

    Raises:
        SceneError: The training failed.
        OSError: The files cannot be written.
    """
    trained = table.trained(table.BEST, data)
    return _install(trained, locations.resources_folder() / "models" / "natural-scenes")


def _install(trained: library.StoredModel, target: Path) -> ModelCard:
    card = msgspec.structs.replace(
        trained.card,
        name=library.BUILT_IN,
        dataset_name="Intel natural scenes",
        run="",
        notes=_notes(trained.card),
    )
    history = (trained.folder / library.HISTORY).read_text(encoding="utf-8")
    model = library.NewModel(
        card,
        trained.weights(),
        trained.compiled(),
        trained.evaluation(),
        history,
        trained.photo_results(),
    )
    if target.exists():
        shutil.rmtree(target)
    card = library.save_model(target, model)
    target.chmod(0o755)  # it ships with the app, for everybody on the machine
    return card


def _notes(card: ModelCard) -> tuple[str, ...]:
    return (
        f"Trained on {card.training_photos:,} photos of the Intel natural-scenes data set (150 × 150 pixels).",
        (
            "Built on EfficientNet-Lite0, pretrained on ImageNet (Apache-2.0); the last four blocks were "
            "trained further, photos and their mirror images, with smoothed labels."
        ),
        (
            f"Measured on {card.validation_photos:,} other photos of the same data set, a fifth of each class; "
            "exact duplicates lie on one side. They also chose the epoch and the temperature, so expect a "
            "little less on photos that nothing was chosen by."
        ),
        "Some photos of the data set have wrong or doubtful labels (mountain or glacier, buildings or street).",
        "It knows six kinds of outdoor scenes and always answers with one of them, also for other photos.",
    )


if __name__ == "__main__":
    sys.exit(main())
