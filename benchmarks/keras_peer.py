"""What is compared against with Keras: its documented pipeline, and one photo at a time."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.timing import rate
from scene_desktop.core.models.library import StoredModel


def network(model: StoredModel) -> Any:
    """The Keras network of a stored model, with its weights."""
    from training.networks import architectures, weights
    from training.run import environment

    environment.prepare()
    card = model.card
    made = architectures.build(card.network, card.image_size, len(card.classes))
    weights.load(made, model.weights())
    return made


def pipeline_rate(network: Any, paths: Sequence[str], size: int) -> float:
    """What the documentation of Keras shows: a data set from a directory, then `predict`."""
    import keras

    with _flat_folder(paths) as folder:

        def work() -> None:
            photos = keras.utils.image_dataset_from_directory(
                folder, labels=None, shuffle=False, image_size=(size, size), batch_size=32, verbose=False
            )
            network.predict(photos, verbose=0)

        return rate(len(paths), work)


def one_by_one_rate(network: Any, paths: Sequence[str], size: int) -> float:
    """What the hackathon's page did: one photo, one `predict`."""
    import keras

    def work() -> None:
        for path in paths:
            photo = keras.utils.img_to_array(keras.utils.load_img(path, target_size=(size, size)))
            network.predict(photo[None], verbose=0)

    return rate(len(paths), work)


def _flat_folder(paths: Sequence[str]) -> "tempfile.TemporaryDirectory[str]":
    """A folder with nothing but these photos in it, as Keras wants it."""
    folder = tempfile.TemporaryDirectory(prefix="scene-desktop-bench-")
    for number, path in enumerate(paths):
        target = Path(folder.name) / f"{number:05}.jpg"
        try:
            os.link(path, target)
        except OSError:
            shutil.copyfile(path, target)
    return folder
