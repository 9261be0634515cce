"""The photos of a training as its run folder keeps them, so that a resumed run has the very same ones."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from scene_desktop.core.dataset import LabelledPhoto
from scene_desktop.core.events import DataSetRead
from scene_desktop.core.runs import RunData, RunPhoto
from training.material import Material, read_material
from training.session import Session


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
        counts = material.training, len(material.validation_photos)
        session.report(DataSetRead(classes=material.classes, training=counts[0], validation=counts[1]))
        return material
    material = read_material(session)
    written = _to_data(material, session.request.dataset)
    session.persist("the list of photos", lambda: session.run.write_data(written))
    return material


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
    )


def _to_material(data: RunData) -> Material:
    photos = tuple(
        LabelledPhoto(photo.path, photo.label, bytes.fromhex(photo.digest))
        for photo in (*data.training, *data.validation)
    )
    return Material(data.name, data.classes, photos, len(data.training))
