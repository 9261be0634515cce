"""The photo sets of the panel: those that are at hand, and small draws of them.

A set is a folder with `train/CLASS` and `test/CLASS`. Draws are made of hard links, of copies on another disk:
symbolic links do not count as photos. They depend on the photos and on fixed seeds alone.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.datasets.dataset import LabelledPhoto, by_class, read_dataset
from scene_desktop.core.errors import InputError
from scene_desktop.core.photos import images

INTEL = "intel"
INTEL_PER_CLASS = (10, 50)
INTEL_TEST = 200
"""Photos of the Intel scenes in each class to learn from, and to test on."""

FEW_PER_CLASS = (5, 10, 20)
FEW_DRAWS = 5
NOT_DRAWN = "intel-10"
"""The set of which no draws are made, because it is one already."""

_SEED = 1

_T = TypeVar("_T")


@dataclass(frozen=True)
class PhotoSet:
    """What is learned from and what is tested on; labels are indices into `classes`.

    Attributes:
        train: Folder of the photos to learn from; of a draw it is there after `make_draw`.
        per_class: So many photos a class were drawn, or all where a class has fewer; 0 for the whole set.
    """

    name: str
    train: Path
    classes: tuple[str, ...]
    training: tuple[LabelledPhoto, ...]
    test: tuple[LabelledPhoto, ...]
    per_class: int = 0

    def fingerprint(self) -> str:
        """Equal for equal photos in equal classes, wherever they lie; 16 hex digits."""
        hashed = hashlib.blake2b("\0".join(self.classes).encode(errors="surrogatepass"), digest_size=8)
        for part in (self.training, self.test):
            hashed.update(len(part).to_bytes(4, "little"))
            for label, digest in sorted((photo.label, photo.digest) for photo in part):
                hashed.update(label.to_bytes(4, "little") + digest)
        return hashed.hexdigest()

    def pixels(self) -> tuple[int, int]:
        """The median width and the median height of the training photos."""
        sizes = [images.photo_size(images.read_bytes(photo.path)) for photo in self.training]
        width, height = np.median(sizes, axis=0)
        return round(width), round(height)


def labels_of(photos: Sequence[LabelledPhoto]) -> NDArray[np.int64]:
    """int64 `(photos,)`."""
    return np.array([photo.label for photo in photos], np.int64)


def folders_in(folder: Path) -> list[Path]:
    """The photo sets in a folder, by name.

    Raises:
        InputError: There is no such folder, or no set in it.
    """
    found = sorted(part.parent for part in folder.glob("*/train") if part.with_name("test").is_dir())
    if not found:
        raise InputError(f"“{folder}” holds no photo set. Expected NAME/train/CLASS and NAME/test/CLASS in it.")
    return found


def read_set(folder: Path) -> PhotoSet:
    """Reads a photo set; photos that cannot be decoded take no part.

    Raises:
        InputError: One of the parts is no data set, or a class of the test is not learned.
    """
    training = read_dataset(folder / "train", decode=True)
    test = read_dataset(folder / "test", decode=True, to_train=False)
    unknown = sorted(set(test.classes) - set(training.classes))
    if unknown:
        raise InputError(
            f"Nothing in “{training.root}” shows {', '.join(unknown)}, which “{test.root}” asks for."
        )
    labels = [training.classes.index(name) for name in test.classes]
    tested = tuple(replace(photo, label=labels[photo.label]) for photo in test.photos)
    return PhotoSet(folder.name, training.root, training.classes, training.photos, tested)


def make_intel_sets(source: Path, folder: Path) -> list[Path]:
    """Makes the small draws of the Intel scenes anew, all with the same test, and returns their folders.

    Args:
        source: Has one folder for each class, and no test.
    """
    random = np.random.default_rng(_SEED)
    shuffled = {
        part.name: _shuffled(list(images.find_photos([part])), random)
        for part in sorted(source.iterdir())
        if part.is_dir() and not part.name.startswith(".")
    }
    made = []
    for per_class in INTEL_PER_CLASS:
        target = folder / f"{INTEL}-{per_class}"
        learned = slice(INTEL_TEST, INTEL_TEST + per_class)
        _link(target / "train", {name: photos[learned] for name, photos in shuffled.items()})
        _link(target / "test", {name: photos[:INTEL_TEST] for name, photos in shuffled.items()})
        made.append(target)
    return made


def draws(whole: PhotoSet, folder: Path) -> Iterator[PhotoSet]:
    """The draws of a few photos a class, each with the whole test; see `make_draw`."""
    for per_class in FEW_PER_CLASS:
        for number in range(1, FEW_DRAWS + 1):
            name = f"{whole.name}-{per_class}-{number}"
            drawn = _drawn(whole, per_class, np.random.default_rng((per_class, number)))
            yield replace(whole, name=name, train=folder / name, training=drawn, per_class=per_class)


def _drawn(whole: PhotoSet, per_class: int, random: np.random.Generator) -> tuple[LabelledPhoto, ...]:
    drawn: list[LabelledPhoto] = []
    for photos in by_class(whole.training, len(whole.classes)):
        drawn += _shuffled(sorted(photos, key=lambda photo: photo.digest), random)[:per_class]
    return tuple(drawn)


def make_draw(drawn: PhotoSet) -> None:
    """Puts the photos of a draw into its folder, where a training can find them."""
    photos = by_class(drawn.training, len(drawn.classes))
    _link(drawn.train, {n: [photo.path for photo in p] for n, p in zip(drawn.classes, photos, strict=True)})


def _shuffled(items: Sequence[_T], random: np.random.Generator) -> list[_T]:
    return [items[index] for index in random.permutation(len(items))]


def _link(folder: Path, photos: Mapping[str, Iterable[str]]) -> None:
    """A folder with nothing but these photos in it, by class."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, paths in photos.items():
        (folder / name).mkdir(parents=True)
        for number, path in enumerate(paths):
            target = folder / name / f"{number:04}{Path(path).suffix}"
            try:
                os.link(path, target)
            except OSError:
                shutil.copyfile(path, target)
