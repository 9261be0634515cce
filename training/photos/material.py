"""What a training learns from and is measured on: the readable photos of a data set, split."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

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
from scene_desktop.core.datasets.splitting import Split, folded, split, split_with_folder
from scene_desktop.core.errors import InputError
from scene_desktop.core.recipes.few_photos import FOLDS_BELOW, folds_of
from scene_desktop.core.runs.events import DataSetRead, Phase, PhotoSkipped
from scene_desktop.core.text import encodable
from training.run.session import Session

T = TypeVar("T")
Together = Iterable[Collection[bytes]]


@dataclass(frozen=True)
class Material:
    """The photos of one training.

    Attributes:
        name: Of the data set.
        photos: The training photos, then the validation photos.
        training: How many of `photos` are learned from.
        folds: int64 `(photos,)`, where all photos are learned from and each is judged by a model that learned
            from the other folds; None where the validation photos are kept apart.
    """

    name: str
    classes: tuple[str, ...]
    photos: tuple[LabelledPhoto, ...]
    training: int
    folds: NDArray[np.int64] | None = None

    @property
    def measured_photos(self) -> tuple[LabelledPhoto, ...]:
        """The photos that the figures are of."""
        return self.photos if self.folds is not None else self.photos[self.training :]

    @property
    def fold_count(self) -> int:
        """0 where the validation photos are kept apart."""
        return 0 if self.folds is None else int(self.folds.max()) + 1

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
            InputError: A class has nothing left to learn from or to measure on; of folds it needs two.
        """
        gone = {photo.path for photo in unreadable}
        kept = [index for index, photo in enumerate(self.photos) if photo.path not in gone]
        photos = tuple(self.photos[index] for index in kept)
        training = sum(index < self.training for index in kept)
        folds = None if self.folds is None else self.folds[kept]
        rest = Material(self.name, self.classes, photos, training, folds)
        for part, purpose in ((photos[:training], "learn from"), (rest.measured_photos, "measure on")):
            for name, members in zip(self.classes, by_class(part, len(self.classes)), strict=True):
                if not members:
                    raise _unreadable(name, purpose)
        if folds is not None:
            labels = rest.labels()
            for label, name in enumerate(self.classes):
                if len(np.unique(folds[labels == label])) < 2:
                    raise _unreadable(name, "measure on")
        return rest, np.array(kept, dtype=np.int64)


def _unreadable(name: str, purpose: str) -> InputError:
    return InputError(
        f"So many photos in “{name}” cannot be read that none is left to {purpose}. "
        f"Check that they open in another program, or add photos to this class."
    )


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
    folds: NDArray[np.int64] | None = None
    if _in_folds(dataset, session):
        parts, folds = _folded(dataset, session)
    elif recipe.validation_folder is None:
        parts = _split(dataset, session)
    else:
        measured = read_dataset(recipe.validation_folder, report=session.progress, should_stop=stopped)
        skipped += measured.unreadable
        parts = split_with_folder(dataset, measured)
    for photo in skipped:
        session.report(PhotoSkipped(path=encodable(photo.path), reason=photo.reason))
    name = Path(session.request.dataset).absolute().name
    return Material(name, dataset.classes, parts.training + parts.validation, len(parts.training), folds)


def read_event(material: Material) -> DataSetRead:
    """What is told of the material."""
    return DataSetRead(
        classes=material.classes,
        training=material.training,
        validation=len(material.measured_photos),
        folds=material.fold_count,
    )


def _in_folds(dataset: DataSet, session: Session) -> bool:
    """Whether the photos are so few that none is kept apart."""
    recipe = session.recipe
    apart = recipe.validation_folder is not None or session.start is not None
    return recipe.is_solved and not apart and len(dataset.photos) < FOLDS_BELOW


def _folded(dataset: DataSet, session: Session) -> tuple[Split, NDArray[np.int64]]:
    count = folds_of(len(dataset.photos))
    parts = _made(dataset, session, lambda together: folded(dataset, count, session.recipe.seed, together))
    return Split(dataset.photos, ()), np.array([parts[photo.path] for photo in dataset.photos], np.int64)


def _split(dataset: DataSet, session: Session) -> Split:
    recipe = session.recipe
    return _made(
        dataset, session, lambda together: split(dataset, recipe.validation_share, recipe.seed, together)
    )


def _made(dataset: DataSet, session: Session, make: Callable[[Together], T]) -> T:
    """Divides the photos; before it is refused they are looked at, since damaged ones may be the cause."""
    try:
        return make(exclusions.load(dataset.root).together())
    except InputError:
        read_dataset(dataset.root, decode=True, report=session.progress, should_stop=session.control.discarded)
        raise
