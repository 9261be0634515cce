"""What a training learns from and is measured on: the readable photos of a data set, split."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.datasets import exclusions
from scene_desktop.core.datasets.dataset import (
    DataSet,
    LabelledPhoto,
    UnreadablePhoto,
    by_class,
    read_dataset,
)
from scene_desktop.core.datasets.splitting import Split, split, split_with_folder
from scene_desktop.core.errors import InputError
from scene_desktop.core.runs.events import DataSetRead, Phase, PhotoSkipped
from scene_desktop.core.text import encodable
from training.run.session import Session


@dataclass(frozen=True)
class Material:
    """The photos of one training.

    Attributes:
        name: Of the data set.
        photos: The training photos, then the validation photos.
        training: How many of `photos` are learned from.
    """

    name: str
    classes: tuple[str, ...]
    photos: tuple[LabelledPhoto, ...]
    training: int

    @property
    def validation_photos(self) -> tuple[LabelledPhoto, ...]:
        return self.photos[self.training :]

    def labels(self) -> NDArray[np.int64]:
        """int64 `(photos,)`."""
        return np.array([photo.label for photo in self.photos], dtype=np.int64)

    def labels_of(self, indices: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """int64 `(count,)`, with the label of `photos[i]` at `indices[i]` and 0 elsewhere."""
        spread = np.zeros(count, np.int64)
        spread[indices] = self.labels()
        return spread

    def readable(self, unreadable: Iterable[UnreadablePhoto]) -> tuple["Material", NDArray[np.int64]]:
        """Leaves out photos that turned out to be unreadable.

        Returns:
            The rest, and the indices of its photos in `photos`, int64.

        Raises:
            InputError: A class has nothing left to learn from or to measure on.
        """
        gone = {photo.path for photo in unreadable}
        kept = [index for index, photo in enumerate(self.photos) if photo.path not in gone]
        photos = tuple(self.photos[index] for index in kept)
        training = sum(index < self.training for index in kept)
        for part, purpose in ((photos[:training], "learn from"), (photos[training:], "measure on")):
            for name, members in zip(self.classes, by_class(part, len(self.classes)), strict=True):
                if not members:
                    raise InputError(
                        f"So many photos in “{name}” cannot be read that none is left to {purpose}. "
                        f"Check that they open in another program, or add photos to this class."
                    )
        return Material(self.name, self.classes, photos, training), np.array(kept, dtype=np.int64)


def read_material(session: Session) -> Material:
    """Reads and splits the data set of a request.

    Raises:
        InputError: It cannot be used.
        Stopped: The training is to be discarded.
    """
    recipe = session.recipe
    session.enter(Phase.READING)
    stopped = session.control.discarded
    dataset = read_dataset(session.request.dataset, report=session.progress, should_stop=stopped)
    skipped: tuple[UnreadablePhoto, ...] = dataset.unreadable
    if recipe.validation_folder is None:
        parts = _split(dataset, session)
    else:
        measured = read_dataset(recipe.validation_folder, report=session.progress, should_stop=stopped)
        skipped += measured.unreadable
        parts = split_with_folder(dataset, measured)
    for photo in skipped:
        session.report(PhotoSkipped(path=encodable(photo.path), reason=photo.reason))
    counts = len(parts.training), len(parts.validation)
    session.report(DataSetRead(classes=dataset.classes, training=counts[0], validation=counts[1]))
    name = Path(session.request.dataset).absolute().name
    return Material(name, dataset.classes, parts.training + parts.validation, counts[0])


def _split(dataset: DataSet, session: Session) -> Split:
    """Splits by share; before it is refused the photos are looked at, since damaged ones may be the cause."""
    recipe = session.recipe
    try:
        together = exclusions.load(dataset.root).together()
        return split(dataset, recipe.validation_share, recipe.seed, together)
    except InputError:
        read_dataset(dataset.root, decode=True, report=session.progress, should_stop=session.control.discarded)
        raise
