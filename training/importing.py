"""From a share file to a model of the library, which is compiled here.

The file gives numbers; the network is ours, and so is everything that is executed.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from scene_desktop.core import locations, sharing
from scene_desktop.core.datasets import samples
from scene_desktop.core.errors import ModelFileError
from scene_desktop.core.models import library, tensors
from scene_desktop.core.models.library import Library, NewModel, StoredModel
from scene_desktop.core.photos import images
from scene_desktop.core.runs.events import ModelImported, Phase, PhaseChanged, TrainingEvent
from training.run import environment
from training.run.control import Control

if TYPE_CHECKING:
    import keras
    from numpy.typing import NDArray

    from scene_desktop.core.sharing import SharedModel
    from scene_desktop.core.threads import Report

_DRAWN = 12
_ORIGIN = "It came from a share file; its figures are those of whoever made it."


def import_model(path: str, report: Report[TrainingEvent], control: Control | None = None) -> ModelImported:
    """Adds the model of a share file to the library, whole or not at all.

    Args:
        report: Told the phases from this thread.
        control: Asked between the steps whether to stop.

    Raises:
        ModelFileError: The file is refused.
        OSError: The library cannot be written; nothing is left behind.
        Stopped: The import is to be left; nothing is left behind.
    """
    environment.prepare()
    control = control or Control()
    report(PhaseChanged(phase=Phase.READING))
    shared = sharing.read(Path(path))
    known = _known(shared.card.classes, tensors.to_bytes(shared.tensors))
    if known is not None:
        return ModelImported(card=known.card, folder=str(known.folder), is_new=False)
    control.check()
    report(PhaseChanged(phase=Phase.STARTING))
    new = _new_model(shared, Path(path).name, report, control)
    report(PhaseChanged(phase=Phase.SAVING))
    stored = _add(new, control)
    return ModelImported(card=stored.card, folder=str(stored.folder), is_new=True)


def _known(classes: tuple[str, ...], content: bytes) -> StoredModel | None:
    """The model of the library that has these classes and these weights."""
    digest = library.sha256(content)
    models = Library().models()
    return next((m for m in models if (m.card.classes, m.card.weights_sha256) == (classes, digest)), None)


def _new_model(shared: SharedModel, name: str, report: Report[TrainingEvent], control: Control) -> NewModel:
    """Builds our own network, fills it with the numbers, and compiles it."""
    from training.networks import architectures, compiling, weights

    card = shared.card
    model = architectures.build(card.network, card.image_size, len(card.classes))
    weights.put(model, shared.tensors)
    control.check()
    report(PhaseChanged(phase=Phase.COMPILING))
    compiled = compiling.compile_model(model)
    control.check()
    _require_scores(model, compiled, name)
    control.check()
    notes = (*(note for note in card.notes if note != _ORIGIN), _ORIGIN)
    return NewModel(
        card=msgspec.structs.replace(card, notes=notes),
        weights=weights.to_bytes(model),
        compiled=compiled,
        evaluation=shared.evaluation,
    )


def _require_scores(model: keras.Model, compiled: bytes, name: str) -> None:
    """Finite numbers can still be so large that no score comes of them."""
    from training.networks import compiling

    difference = compiling.largest_difference(model, compiled, _pictures(model.inputs[0].shape[1]))
    if not difference <= compiling.MAX_DIFFERENCE:
        raise ModelFileError(
            f"“{name}” cannot be imported: its numbers give no reliable scores on this computer. "
            f"Ask the sender whether the model works for them, and for the file again."
        )


def _pictures(size: int) -> NDArray[np.uint8]:
    """A photo and some drawn pictures to compare scores on; uint8 `(N, size, size, 3)`, RGB."""
    drawn = [
        np.asarray(
            samples.draw(samples.CLASSES[number % len(samples.CLASSES)], seed=number).resize((size, size))
        )
        for number in range(_DRAWN)
    ]
    photo = images.load_photo(locations.resources_folder() / "self-test.jpg", (size, size))
    return np.stack([photo, *drawn])


def _add(new: NewModel, control: Control) -> StoredModel:
    with control.saving:
        stored = Library().add(new)
        control.leftovers.append(stored.folder)  # until it is told: a discard takes it back
    if control.leaving() and not control.keeping():
        shutil.rmtree(stored.folder, ignore_errors=True)
    control.check()
    return stored
