"""A folder of classes as a data set: photos, health report, and a deterministic split."""

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scene_desktop.core import images
from scene_desktop.core.errors import InputError, PhotoError, Stopped
from scene_desktop.core.text import one_line

MIN_CLASSES = 2
MIN_PHOTOS = 2
"""Photos a class needs: one to learn from and one to measure on."""
FEW_PHOTOS = 20
MAX_IMBALANCE = 5.0

_LOOK = (160, 160)
"""Size in which photos are decoded to see whether they can be; scaled decoding makes it quick."""

ReportProgress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]

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
    """

    root: Path
    classes: tuple[str, ...]
    photos: tuple[LabelledPhoto, ...]
    unreadable: tuple[UnreadablePhoto, ...]
    decoded: bool

    def counts(self) -> tuple[int, ...]:
        """Readable photos in each class."""
        counted = Counter(photo.label for photo in self.photos)
        return tuple(counted[label] for label in range(len(self.classes)))

    def without(self, unreadable: Iterable[UnreadablePhoto]) -> "DataSet":
        """The same data set after some of its photos turned out to be unreadable."""
        found = tuple(unreadable)
        gone = {photo.path for photo in found}
        kept = tuple(photo for photo in self.photos if photo.path not in gone)
        return DataSet(self.root, self.classes, kept, self.unreadable + found, self.decoded)


@dataclass(frozen=True)
class Split:
    """Which photos are learned from and which are only measured on; never the same content in both."""

    training: tuple[LabelledPhoto, ...]
    validation: tuple[LabelledPhoto, ...]


@dataclass(frozen=True)
class DuplicateGroup:
    """Files with the same content; `across_classes` if they contradict each other."""

    paths: tuple[str, ...]
    across_classes: bool


@dataclass(frozen=True)
class HealthReport:
    """What a doctor would say about a data set."""

    classes: tuple[str, ...]
    counts: tuple[int, ...]
    unreadable: tuple[UnreadablePhoto, ...]
    duplicates: tuple[DuplicateGroup, ...]

    @property
    def photos(self) -> int:
        return sum(self.counts)

    @property
    def duplicates_within(self) -> tuple[DuplicateGroup, ...]:
        return tuple(group for group in self.duplicates if not group.across_classes)

    @property
    def duplicates_across(self) -> tuple[DuplicateGroup, ...]:
        return tuple(group for group in self.duplicates if group.across_classes)

    @property
    def small_classes(self) -> tuple[str, ...]:
        """Classes with fewer than `FEW_PHOTOS` photos."""
        return tuple(name for name, count in zip(self.classes, self.counts, strict=True) if count < FEW_PHOTOS)

    @property
    def imbalance(self) -> float:
        """Photos of the largest class for each of the smallest."""
        return max(self.counts) / max(1, min(self.counts))


def read_dataset(
    folder: str | os.PathLike[str],
    *,
    decode: bool = False,
    to_train: bool = True,
    report: ReportProgress = lambda done, total: None,
    should_stop: ShouldStop = lambda: False,
) -> DataSet:
    """Reads a folder of classes.

    A folder whose only usable folder is `train` (beside `test`, `val` ...) is understood as that folder.

    Args:
        decode: Also decode every photo, so that damaged ones are known now and not during the training.
        to_train: Demand enough classes and photos to train on; otherwise one photo in one class will do.
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
    dataset = DataSet(root, tuple(map(one_line, classes)), tuple(photos), tuple(unreadable), decode)
    if to_train:
        require_trainable(dataset)
    else:
        _require_photos(dataset)
    return dataset


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
            raise InputError(
                f"{what[0].upper()}{what[1:]} in {names}. Expected at least {MIN_PHOTOS} in each class, "
                f"better {FEW_PHOTOS} or more. Add photos there, or move the folder elsewhere."
            )


def _require_photos(dataset: DataSet) -> None:
    if not dataset.photos:
        if dataset.unreadable:
            first = dataset.unreadable[0]
            raise InputError(
                f"None of the {len(dataset.unreadable)} photos in “{dataset.root}” can be read "
                f"(“{Path(first.path).name}”: {first.reason}). Expected JPEG, PNG, WEBP, HEIC or similar "
                f"photos. Check that the files open in another program."
            )
        raise InputError(f"The folders in “{dataset.root}” contain no photos. {EXPECTED} Add photos to them.")


def examine(dataset: DataSet) -> HealthReport:
    """Finds what should be known before training; duplicates are exact ones, by content."""
    groups: dict[bytes, list[LabelledPhoto]] = defaultdict(list)
    for photo in dataset.photos:
        groups[photo.digest].append(photo)
    duplicates = tuple(
        DuplicateGroup(tuple(p.path for p in group), len({p.label for p in group}) > 1)
        for group in groups.values()
        if len(group) > 1
    )
    return HealthReport(dataset.classes, dataset.counts(), dataset.unreadable, duplicates)


def split(dataset: DataSet, validation_share: float, seed: int) -> Split:
    """Divides a data set into training and validation photos, class by class.

    The order in which contents are taken depends on `seed` and on the content alone, so the same photos
    give the same split on every machine. Files with the same content stay together.

    Args:
        validation_share: 0 to 1; every class keeps at least one photo on each side if its duplicates allow.

    Raises:
        InputError: A class has only copies of one photo, so nothing is left to measure on.
    """
    groups: dict[bytes, list[LabelledPhoto]] = defaultdict(list)
    for photo in dataset.photos:
        groups[photo.digest].append(photo)
    key = seed.to_bytes(8, "little")
    ordered = sorted(
        groups.values(), key=lambda group: hashlib.blake2b(group[0].digest, digest_size=8, key=key).digest()
    )
    counts = dataset.counts()
    wanted = [max(1, round(count * validation_share)) for count in counts]
    left = list(counts)
    taken = [0] * len(counts)
    validation: set[str] = set()

    def take(group: list[LabelledPhoto], allow_more: bool) -> None:
        labels = Counter(photo.label for photo in group)
        home = group[0].label
        fits = all(left[label] > number for label, number in labels.items())
        wants = not taken[home] if allow_more else taken[home] + labels[home] <= wanted[home]
        if fits and wants:
            for label, number in labels.items():
                taken[label] += number
                left[label] -= number
            validation.update(photo.path for photo in group)

    for group in ordered:
        take(group, allow_more=False)
    for group in ordered:  # copies that exceed the share of a small class are better than no validation
        take(group, allow_more=True)
    for name, number in zip(dataset.classes, taken, strict=True):
        if number == 0:
            raise InputError(
                f"All photos in “{name}” are copies of each other, so none is left to measure the "
                f"model on. Expected at least two different photos. Add some to this class."
            )
    return Split(
        tuple(photo for photo in dataset.photos if photo.path not in validation),
        tuple(photo for photo in dataset.photos if photo.path in validation),
    )


def split_with_folder(dataset: DataSet, validation: DataSet) -> Split:
    """Uses a second data set for validation; contents that are in both are not learned from.

    Raises:
        InputError: The classes of the two folders differ.
    """
    if dataset.classes != validation.classes:
        only = sorted(set(dataset.classes) ^ set(validation.classes))
        raise InputError(
            f"The validation folder “{validation.root}” has other classes than “{dataset.root}” "
            f"({', '.join(only)}). Expected the same folder names in both."
        )
    measured = {photo.digest for photo in validation.photos}
    kept = DataSet(
        dataset.root,
        dataset.classes,
        tuple(photo for photo in dataset.photos if photo.digest not in measured),
        dataset.unreadable,
        dataset.decoded,
    )
    if min(kept.counts()) < 1:
        raise InputError(
            f"“{validation.root}” holds the same photos as “{dataset.root}”, so nothing is left to learn "
            f"from. Expected a validation folder with other photos, or a share."
        )
    return Split(kept.photos, validation.photos)


def by_class(photos: Sequence[LabelledPhoto], class_count: int) -> list[list[LabelledPhoto]]:
    """Groups photos by label."""
    grouped: list[list[LabelledPhoto]] = [[] for _ in range(class_count)]
    for photo in photos:
        grouped[photo.label].append(photo)
    return grouped
