"""The photos of a training as its run folder keeps them, so that a resumed run has the very same ones."""

import contextlib
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from scene_desktop.core.datasets.dataset import LabelledPhoto, by_class
from scene_desktop.core.errors import InputError
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.runs.stored import RunData, RunPhoto, find_run
from training.photos.material import Material, read_event, read_material
from training.run.session import Session


def material_of(session: Session) -> Material:
    """The photos of a training: those of the run if it is resumed, otherwise read and split anew and kept.

    Raises:
        InputError: The data set cannot be used.
        TrainingError: The disk does not take the list.
        Stopped: The training is to be left.
    """
    data = session.run.data()
    if data is not None:
        material = _to_material(data)
        session.report(read_event(material))
        return material
    material = _without_known(read_material(session), session)
    session.report(read_event(material))
    written = _to_data(material, session.request.dataset)
    session.persist("the list of photos", lambda: session.run.write_data(written))
    return material


def _without_known(material: Material, session: Session) -> Material:
    """Learns from, instead of measuring on, photos that the model to go on with has learned from already.

    Raises:
        InputError: A class has nothing left to measure on.
    """
    known = _learned_by(session.start, material)
    measured = [photo for photo in material.measured_photos if photo.digest not in known]
    if len(measured) == len(material.measured_photos):
        return material
    for name, photos in zip(material.classes, by_class(measured, len(material.classes)), strict=True):
        if not photos:
            raise InputError(
                f"The model to go on with has learned from all photos in “{name}” to measure it on. "
                f"{_advice(session)}"
            )
    moved = tuple(photo for photo in material.measured_photos if photo.digest in known)
    training = material.photos[: material.training] + moved
    return Material(material.name, material.classes, training + tuple(measured), len(training))


def _advice(session: Session) -> str:
    if session.start is not None and session.start.card.folds:
        return (
            "Start afresh, which learns from all of them too, or choose a validation folder with other photos."
        )
    return "Use the seed and the validation share that it was trained with, or a validation folder."


def _learned_by(start: StoredModel | None, material: Material) -> set[bytes]:
    """Digests of the photos that a model has learned from, as far as its run or its card tell."""
    if start is None:
        return set()
    with contextlib.suppress(InputError):
        data = find_run(start.card.run).data()
        if data is not None:
            return {bytes.fromhex(photo.digest) for photo in data.training}
    results = start.photo_results()
    if start.card.folds:  # it has learned from all that it was measured on
        return {bytes.fromhex(result.digest) for result in results}
    if results and start.card.dataset_fingerprint == fingerprint(material.classes, material.photos):
        measured = {result.digest for result in results}
        return {photo.digest for photo in material.photos if photo.digest.hex() not in measured}
    return set()


def fingerprint(classes: Iterable[str], photos: Iterable[LabelledPhoto]) -> str:
    """Equal for equal photos in equal classes, wherever they lie; 16 hex digits."""
    hashed = hashlib.blake2b("\0".join(classes).encode(errors="surrogatepass"), digest_size=8)
    for label, digest in sorted((photo.label, photo.digest) for photo in photos):
        hashed.update(label.to_bytes(4, "little") + digest)
    return hashed.hexdigest()


def relative_path(path: str, classes: tuple[str, ...], label: int) -> str:
    """A photo's path from its class folder on, with slashes; of photos elsewhere the name."""
    parts = Path(path).parts
    name = classes[label]
    at = max((index for index, part in enumerate(parts[:-1]) if part == name), default=len(parts) - 1)
    return "/".join(parts[at:])


def _to_data(material: Material, root: str) -> RunData:
    photos = [RunPhoto(os.fspath(p.path), p.label, p.digest.hex()) for p in material.photos]
    return RunData(
        root=root,
        name=material.name,
        classes=material.classes,
        fingerprint=fingerprint(material.classes, material.photos),
        training=tuple(photos[: material.training]),
        validation=tuple(photos[material.training :]),
        folds=() if material.folds is None else tuple(map(int, material.folds)),
    )


def _to_material(data: RunData) -> Material:
    photos = tuple(
        LabelledPhoto(photo.path, photo.label, bytes.fromhex(photo.digest))
        for photo in (*data.training, *data.validation)
    )
    folds = np.array(data.folds, np.int64) if data.folds else None
    return Material(data.name, data.classes, photos, len(data.training), folds)
