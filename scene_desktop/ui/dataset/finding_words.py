"""What the doctor found, in sentences for people."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from scene_desktop.core.datasets.dataset import FEW_PHOTOS
from scene_desktop.core.datasets.findings import Finding, FindingKind, FoundPhoto
from scene_desktop.ui import words

SIGNS = {
    FindingKind.UNREADABLE: ("unreadable", "danger"),
    FindingKind.DUPLICATES_ACROSS: ("conflict", "warning"),
    FindingKind.DUPLICATES_WITHIN: ("copies", "warning"),
    FindingKind.NEAR_DUPLICATES_ACROSS: ("conflict", "warning"),
    FindingKind.NEAR_DUPLICATES_WITHIN: ("copies", "warning"),
    FindingKind.ACROSS_SPLIT: ("copies", "warning"),
    FindingKind.LABEL_SUSPECTS: ("unsure", "warning"),
    FindingKind.TINY: ("few", "warning"),
    FindingKind.ODD_SHAPED: ("few", "warning"),
    FindingKind.FEW_PHOTOS: ("few", "warning"),
    FindingKind.IMBALANCE: ("balance", "warning"),
}
"""Icon and colour of each kind."""

OF_COPIES = frozenset(
    (
        FindingKind.DUPLICATES_ACROSS,
        FindingKind.DUPLICATES_WITHIN,
        FindingKind.NEAR_DUPLICATES_ACROSS,
        FindingKind.NEAR_DUPLICATES_WITHIN,
        FindingKind.ACROSS_SPLIT,
    )
)
"""Kinds whose groups hold photos that are copies of each other."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("finding_words", text)


def heading(finding: Finding) -> str:
    """One line with its number."""
    kind, photos = finding.kind, words.photos(finding.photos)
    groups = words.photos(len(finding.groups))
    match kind:
        case FindingKind.UNREADABLE:
            return _tr("Cannot be read: {photos}").format(photos=photos)
        case FindingKind.DUPLICATES_ACROSS:
            return _tr("In more than one class: {photos}").format(photos=groups)
        case FindingKind.DUPLICATES_WITHIN:
            return _tr("More than once in the same class: {photos}").format(photos=groups)
        case FindingKind.NEAR_DUPLICATES_ACROSS:
            return _tr("Nearly the same in different classes: {photos}").format(photos=photos)
        case FindingKind.NEAR_DUPLICATES_WITHIN:
            return _tr("Nearly the same in one class: {photos}").format(photos=photos)
        case FindingKind.ACROSS_SPLIT:
            return _tr("A random split would part near duplicates: {photos}").format(photos=photos)
        case FindingKind.LABEL_SUSPECTS:
            return _tr("Perhaps in the wrong class: {photos}").format(photos=photos)
        case FindingKind.TINY:
            return _tr("Very small: {photos}").format(photos=photos)
        case FindingKind.ODD_SHAPED:
            return _tr("Very long or very wide: {photos}").format(photos=photos)
        case FindingKind.FEW_PHOTOS:
            names = ", ".join(map(words.shown, finding.classes))
            return _tr("Fewer than {few} photos: {names}").format(few=FEW_PHOTOS, names=names)
        case FindingKind.IMBALANCE:
            return _tr("The largest class has {times} times as many photos as the smallest").format(
                times=f"{finding.value:.0f}"
            )


def meaning(kind: FindingKind) -> str:
    """Why it matters, and what happens if nothing is done."""
    return {
        FindingKind.UNREADABLE: _tr("They take no part in trainings."),
        FindingKind.DUPLICATES_ACROSS: _tr(
            "The same file in two classes is a contradiction. Leave out those that lie in the wrong class."
        ),
        FindingKind.DUPLICATES_WITHIN: _tr(
            "Copies count more than once. They stay together, all in training or all in validation."
        ),
        FindingKind.NEAR_DUPLICATES_ACROSS: _tr(
            "Nearly the same photo in two classes is a contradiction. Leave out those in the wrong class."
        ),
        FindingKind.NEAR_DUPLICATES_WITHIN: _tr(
            "Photos of a series count more than once. Leave some out if there are many."
        ),
        FindingKind.ACROSS_SPLIT: _tr(
            "Parted, the model would be measured on photos it nearly knows, and its accuracy would look too "
            "good. Now that they are known they stay together, all in training or all in validation."
        ),
        FindingKind.LABEL_SUSPECTS: _tr(
            "Going by its features, each looks more like another class. Look at them: many will be right."
        ),
        FindingKind.TINY: _tr("Enlarged to the size of the network they are blurred."),
        FindingKind.ODD_SHAPED: _tr("Scaled to a square they are distorted."),
    }.get(kind, "")


def place_of(photo: FoundPhoto, kind: FindingKind) -> str:
    """Where a photo lies, and what is said about it."""
    where = words.shown(photo.class_name)
    if photo.suggested:
        return _tr("lies in {there}, looks like {suggested}").format(
            there=where, suggested=words.shown(photo.suggested)
        )
    return f"{where}  ·  {words.shown(photo.text)}" if photo.text else where


def copies(group: Sequence[FoundPhoto], place: int) -> str:
    """What a photo of a group of copies is to the others."""
    if place == 0:
        others = len(group) - 1
        return _tr("1 copy below") if others == 1 else _tr("{number} copies below").format(number=others)
    return _tr("copy {number}").format(number=place)
