"""A folder of classes as a data set: reading its photos, and what reading them shows."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from scene_desktop.core.datasets import exclusions
from scene_desktop.core.errors import InputError, PhotoError, Stopped
from scene_desktop.core.photos import images
from scene_desktop.core.text import one_line
from scene_desktop.core.threads import ReportProgress, ShouldStop

MIN_CLASSES = 2
MIN_PHOTOS = 2
"""Photos a class needs: one to learn from and one to measure on."""
FEW_PHOTOS = 20
MAX_IMBALANCE = 5.0

_LOOK = (160, 160)
"""Size in which photos are decoded to see whether they can be; scaled decoding makes it quick."""


EXPECTED = "Expected a folder that contains one folder of photos for each class, for example “cats” and “dogs”."


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """One photo of a data set.

    Attributes:
        label: Index of its class.
        digest: BLAKE2b of the file's content, 16 bytes; equal for exact duplicates.
    """

    path: str
    label: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class UnreadablePhoto:
    """A file that looks like a photo of a class but cannot take part."""

    path: str
    reason: str


@dataclass(frozen=True)
class DataSet:
    """The photos of a folder with one folder per class.

    Attributes:
        classes: Folder names in sorted order; a label is an index into it.
        photos: Readable photos, by class, then by path.
        unreadable: Files that failed, and folders that could not be entered.
        decoded: Whether every photo was decoded, or only its bytes were read.
        excluded: Readable photos that take no part because a person said so; not among `photos`.
    """

    root: Path
    classes: tuple[str, ...]
    photos: tuple[LabelledPhoto, ...]
    unreadable: tuple[UnreadablePhoto, ...]
    decoded: bool
    excluded: tuple[LabelledPhoto, ...] = ()

    def counts(self) -> tuple[int, ...]:
        """Readable photos in each class."""
        counted = Counter(photo.label for photo in self.photos)
        return tuple(counted[label] for label in range(len(self.classes)))

    def with_choice(self) -> "DataSet":
        """The same data set with what a person has excluded or taken back since it was read."""
        everything = sorted((*self.photos, *self.excluded), key=lambda photo: (photo.label, photo.path))
        photos, excluded = _sorted_out(self.root, everything)
        return replace(self, photos=photos, excluded=excluded)

    def excluded_paths(self) -> tuple[str, ...]:
        """Paths of the excluded photos, relative to the data set, with slashes."""
        return tuple(exclusions.relative_path(self.root, photo.path) for photo in self.excluded)

    def without(self, unreadable: Iterable[UnreadablePhoto]) -> "DataSet":
        """The same data set after some of its photos turned out to be unreadable."""
        found = tuple(unreadable)
        gone = {photo.path for photo in found}
        kept = tuple(photo for photo in self.photos if photo.path not in gone)
        excluded = tuple(photo for photo in self.excluded if photo.path not in gone)
        return replace(self, photos=kept, unreadable=self.unreadable + found, excluded=excluded)


def read_dataset(
    folder: str | os.PathLike[str],
    *,
    decode: bool = False,
    to_train: bool = True,
    leave_out: bool = True,
    report: ReportProgress = lambda done, total: None,
    should_stop: ShouldStop = lambda: False,
) -> DataSet:
    """Reads a folder of classes.

    A folder whose only usable folder is `train` (beside `test`, `val` ...) is understood as that folder.

    Args:
        decode: Also decode every photo, so that damaged ones are known now and not during the training.
        to_train: Demand enough classes and photos to train on; otherwise one photo in one class will do.
        leave_out: Leave out the photos that a person excluded, see `exclusions`.
        report: Told photos done and in total, from this thread.

    Raises:
        InputError: The folder cannot be a data set; the message says what was found and what to do.
        Stopped: `should_stop` answered True.
    """
    root = _checked_root(Path(folder))
    classes = _class_folders(root, MIN_CLASSES if to_train else 1)
    unreadable: list[UnreadablePhoto] = []

    def note(path: str, reason: str) -> None:
        unreadable.append(UnreadablePhoto(path, reason))

    listed: list[tuple[str, int]] = []
    for label, name in enumerate(classes):
        for path in images.find_photos([root / name], note):
            if should_stop():
                raise Stopped
            listed.append((path, label))
    photos: list[LabelledPhoto] = []
    with ThreadPoolExecutor(os.cpu_count() or 1, "read-photos") as pool:
        results = pool.map(lambda item: _read(item[0], item[1], decode), listed, chunksize=1)
        for done, photo in enumerate(results, 1):
            if should_stop():
                pool.shutdown(wait=False, cancel_futures=True)
                raise Stopped
            if isinstance(photo, LabelledPhoto):
                photos.append(photo)
            else:
                unreadable.append(photo)
            if done % 50 == 0 or done == len(listed):
                report(done, len(listed))
    taking_part, excluded = _sorted_out(root, photos) if leave_out else (tuple(photos), ())
    names = tuple(map(one_line, classes))
    dataset = DataSet(root, names, taking_part, tuple(unreadable), decode, excluded)
    if to_train:
        require_trainable(dataset)
    else:
        _require_photos(dataset)
    return dataset


def _sorted_out(
    root: Path, photos: Sequence[LabelledPhoto]
) -> tuple[tuple[LabelledPhoto, ...], tuple[LabelledPhoto, ...]]:
    """The photos that take part and those that a person excluded."""
    kept = exclusions.load(root)
    gone = {
        photo.path
        for photo in photos
        if kept.excluded and kept.is_excluded(exclusions.relative_path(root, photo.path), photo.digest)
    }
    return (
        tuple(photo for photo in photos if photo.path not in gone),
        tuple(photo for photo in photos if photo.path in gone),
    )


def dataset_root(folder: str | os.PathLike[str]) -> Path:
    """The folder that holds the class folders: `folder`, or the `train` in it.

    Raises:
        InputError: There is no such folder.
    """
    return _checked_root(Path(folder))


def _checked_root(root: Path) -> Path:
    try:
        if not os.path.lexists(root):
            raise InputError(f"“{root}” does not exist. {EXPECTED} Check the path.")
        if not os.path.isdir(root):
            raise InputError(f"“{root}” is a file. {EXPECTED} Choose the folder that holds the class folders.")
        return _training_part(root)
    except OSError as error:
        raise InputError(
            f"“{root}” cannot be opened ({error.strerror or error}). {EXPECTED} Check that you may read it."
        ) from error


def _training_part(root: Path) -> Path:
    """The folder `train` of a tree that also holds `test` or the like, otherwise `root`."""
    names = _folder_names(root)
    train = next((name for name in names if name.casefold() in ("train", "training")), None)
    others = {"train", "training", "test", "testing", "val", "valid", "validation", "pred"}
    if train and all(name.casefold() in others for name in names) and _folder_names(root / train):
        return root / train
    return root


def _folder_names(root: Path) -> list[str]:
    with os.scandir(root) as entries:
        return sorted(
            entry.name
            for entry in entries
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
        )


def _class_folders(root: Path, least: int) -> list[str]:
    names = _folder_names(root)
    if not names:
        loose = sum(1 for _ in images.find_photos([root]))
        found = f"{loose} photos but no folders" if loose else "no folders"
        raise InputError(f"“{root}” contains {found}. {EXPECTED} Put the photos of each class into a folder.")
    if len(names) < least:
        raise InputError(
            f"“{root}” contains one class folder only, “{names[0]}”. {EXPECTED} Add a folder with "
            f"photos of something else, or choose the folder above."
        )
    return names


def _read(path: str, label: int, decode: bool) -> LabelledPhoto | UnreadablePhoto:
    try:
        content = images.read_bytes(path)
        if decode:
            images.decode_photo(content, _LOOK)
    except PhotoError as error:
        return UnreadablePhoto(path, str(error))
    return LabelledPhoto(path, label, digest(content))


def digest(content: bytes) -> bytes:
    """BLAKE2b of a photo file, 16 bytes: the identity of its content."""
    return hashlib.blake2b(content, digest_size=16).digest()


def require_trainable(dataset: DataSet) -> None:
    """Checks that every class has enough readable photos.

    Raises:
        InputError: With the classes that are too small, what was found there and what to do.
    """
    _require_photos(dataset)
    counts = dataset.counts()
    for few, what in ((0, "no readable photos"), (MIN_PHOTOS - 1, "one readable photo only")):
        small = [name for name, count in zip(dataset.classes, counts, strict=True) if count == few]
        if small:
            names = ", ".join(f"“{name}”" for name in small[:5]) + (" ..." if len(small) > 5 else "")
            out = sum(dataset.classes[photo.label] in small for photo in dataset.excluded)
            why = f" ({out} excluded by you)" if out else ""
            what_to_do = "Include some of them again, or add photos" if out else "Add photos there"
            raise InputError(
                f"{what[0].upper()}{what[1:]} in {names}{why}. Expected at least {MIN_PHOTOS} in each class, "
                f"better {FEW_PHOTOS} or more. {what_to_do}, or move the folder elsewhere."
            )


def _require_photos(dataset: DataSet) -> None:
    if not dataset.photos:
        if dataset.excluded:
            raise InputError(
                f"All {len(dataset.excluded)} readable photos in “{dataset.root}” are excluded. Expected some "
                f"that take part. Include them again, see “scene-desktop doctor”."
            )
        if dataset.unreadable:
            first = dataset.unreadable[0]
            raise InputError(
                f"None of the {len(dataset.unreadable)} photos in “{dataset.root}” can be read "
                f"(“{Path(first.path).name}”: {first.reason}). Expected JPEG, PNG, WEBP, HEIC or similar "
                f"photos. Check that the files open in another program."
            )
        raise InputError(f"The folders in “{dataset.root}” contain no photos. {EXPECTED} Add photos to them.")


def by_class(photos: Sequence[LabelledPhoto], class_count: int) -> list[list[LabelledPhoto]]:
    """Groups photos by label."""
    grouped: list[list[LabelledPhoto]] = [[] for _ in range(class_count)]
    for photo in photos:
        grouped[photo.label].append(photo)
    return grouped
