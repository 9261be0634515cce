"""Which photos are learned from and which are only measured on."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from scene_desktop.core.datasets.dataset import DataSet, LabelledPhoto
from scene_desktop.core.errors import InputError


@dataclass(frozen=True)
class Split:
    """Which photos are learned from and which are only measured on; never the same content in both."""

    training: tuple[LabelledPhoto, ...]
    validation: tuple[LabelledPhoto, ...]


def split(
    dataset: DataSet,
    validation_share: float,
    seed: int,
    together: Iterable[Collection[bytes]] = (),
) -> Split:
    """Divides a data set into training and validation photos, class by class.

    The order in which contents are taken depends on `seed` and on the content alone, so the same photos
    give the same split on every machine. Files with the same content stay together.

    Args:
        validation_share: 0 to 1; every class keeps at least one photo on each side if its duplicates allow.
        together: Groups of digests that stay on one side (near duplicates), as long as each class can still
            be measured.

    Raises:
        InputError: A class has only copies of one photo, so nothing is left to measure on.
    """
    groups, joined = _groups(dataset, together)
    key = seed.to_bytes(8, "little")
    ordered = sorted(groups, key=lambda content: hashlib.blake2b(content, digest_size=8, key=key).digest())
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

    for content in ordered:
        take(groups[content], allow_more=False)
    for content in ordered:  # copies that exceed the share of a small class are better than no validation
        take(groups[content], allow_more=True)
    starved = {label for label, number in enumerate(taken) if number == 0}
    if joined and starved:  # there, near duplicates on both sides are better than no validation
        loose = {photo.digest for photo in dataset.photos if photo.label in starved}
        rest = [[digest for digest in group if digest not in loose] for group in together]
        return split(dataset, validation_share, seed, rest if joined.keys() - loose else ())
    for name, number in zip(dataset.classes, taken, strict=True):
        if number == 0:
            raise _only_copies(name)
    return Split(
        tuple(photo for photo in dataset.photos if photo.path not in validation),
        tuple(photo for photo in dataset.photos if photo.path in validation),
    )


def folded(
    dataset: DataSet, count: int, seed: int, together: Iterable[Collection[bytes]] = ()
) -> dict[str, int]:
    """Divides a data set into folds in which every class has its share; the fold of each photo by its path.

    As with `split`, seed and contents alone decide, and what belongs together lies in one fold.

    Args:
        count: Of folds; there are fewer if the largest class has fewer photos.
        together: Groups of digests that stay in one fold, as long as each class has photos in two.

    Raises:
        InputError: A class has only copies of one photo, so nothing is left to measure on.
    """
    groups, joined = _groups(dataset, together)
    key = seed.to_bytes(8, "little")
    ordered = sorted(
        groups,
        key=lambda content: (
            -len(groups[content]),
            hashlib.blake2b(content, digest_size=8, key=key).digest(),
        ),
    )
    count = max(2, min(count, max(dataset.counts())))
    loads = [[0] * count for _ in dataset.classes]
    totals = [0] * count
    found: dict[str, int] = {}
    for content in ordered:
        group = groups[content]
        home = group[0].label
        fold = min(range(count), key=lambda fold: (loads[home][fold], totals[fold], fold))
        for photo in group:
            found[photo.path] = fold
            loads[photo.label][fold] += 1
            totals[fold] += 1
    starved = {label for label, load in enumerate(loads) if sum(map(bool, load)) < 2}
    if joined and starved:  # there, near duplicates on both sides are better than nothing learned
        loose = {photo.digest for photo in dataset.photos if photo.label in starved}
        rest = [[digest for digest in group if digest not in loose] for group in together]
        return folded(dataset, count, seed, rest if joined.keys() - loose else ())
    for label in starved:
        raise _only_copies(dataset.classes[label])
    return found


def _only_copies(name: str) -> InputError:
    return InputError(
        f"All photos in “{name}” are copies of each other, so none is left to measure the "
        f"model on. Expected at least two different photos. Add some to this class."
    )


def _groups(
    dataset: DataSet, together: Iterable[Collection[bytes]]
) -> tuple[dict[bytes, list[LabelledPhoto]], dict[bytes, bytes]]:
    """Photos that stay together, and the group of each digest that belongs to one with others."""
    groups: dict[bytes, list[LabelledPhoto]] = defaultdict(list)
    joined = _joined(together)
    for photo in dataset.photos:
        groups[joined.get(photo.digest, photo.digest)].append(photo)
    return groups, joined


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
    kept = replace(dataset, photos=tuple(photo for photo in dataset.photos if photo.digest not in measured))
    if min(kept.counts()) < 1:
        raise InputError(
            f"“{validation.root}” holds the same photos as “{dataset.root}”, so nothing is left to learn "
            f"from. Expected a validation folder with other photos, or a share."
        )
    return Split(kept.photos, validation.photos)


def _joined(together: Iterable[Collection[bytes]]) -> dict[bytes, bytes]:
    """The smallest digest of the group for each digest in one; groups that overlap become one."""
    leader: dict[bytes, bytes] = {}

    def find(content: bytes) -> bytes:
        while leader.setdefault(content, content) != content:
            content = leader[content]
        return content

    for group in together:
        leaders = sorted({find(content) for content in group})
        for other in leaders[1:]:
            leader[other] = leaders[0]
    return {content: find(content) for content in leader}
