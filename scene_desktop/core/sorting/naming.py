"""Names that every file system takes, and names that are still free."""

import os
import unicodedata
from collections.abc import Iterable, Sequence

from scene_desktop.core.sorting.terms import UNREADABLE_FOLDER, UNSURE_FOLDER

_LENGTH_LIMIT = 80
_BYTES_LIMIT = 200
_NAME_BYTES = 255
"""The longest file name that the usual file systems take."""

_FORBIDDEN = frozenset('/\\<>:"|?*')
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"))
)
"""https://learn.microsoft.com/windows/win32/fileio/naming-a-file"""


def folder_names(classes: Sequence[str]) -> list[str]:
    """A folder name for each class: safe everywhere, and no two the same, whatever their case.

    “_unsure” and “_unreadable” stay free for what they are for.
    """
    taken = {same_name(UNSURE_FOLDER), same_name(UNREADABLE_FOLDER)}
    names = []
    for label in classes:
        wanted = name = safe_folder(label)
        number = 1
        while same_name(name) in taken:
            number += 1
            name = f"{wanted} {number}"
        taken.add(same_name(name))
        names.append(name)
    return names


def safe_folder(label: str) -> str:
    """One class name as a folder name: NFC, no separators, control characters or reserved names."""
    normal = unicodedata.normalize("NFC", label)
    plain = "".join(
        "_" if char in _FORBIDDEN or unicodedata.category(char)[0] == "C" else char for char in normal
    )
    name = _shortened(plain[:_LENGTH_LIMIT], _BYTES_LIMIT).strip(" ").rstrip(". ")
    if name.startswith("."):
        name = "_" + name.lstrip(".")
    if name.partition(".")[0].rstrip(" ").casefold() in _RESERVED:
        name = "_" + name
    return name or "class"


def same_name(name: str) -> str:
    """Equal for names that some file system holds for the same: those that differ in case or normal form."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


class TakenNames:
    """The names in one folder, those that are there and those that are promised.

    Args:
        present: What the folder holds already.
        room: Bytes to keep free at the end of each name, for a second ending.
    """

    def __init__(self, present: Iterable[str] = (), room: int = 0) -> None:
        self._present = {same_name(name) for name in present}
        self._promised: set[str] = set()
        self._next: dict[str, int] = {}
        self._room = room

    def is_present(self, name: str) -> bool:
        """Whether the name was there before anything was promised."""
        return same_name(name) in self._present

    def promise(self, wanted: str) -> str:
        """Takes `wanted`, or “name 2.jpg”, “name 3.jpg” ... - the first that is free."""
        stem, ending = os.path.splitext(wanted)
        key = same_name(wanted)
        name, number = wanted, self._next.get(key, 1)
        if number > 1:
            name = self._numbered(stem, number, ending)
        while self.is_taken(name):
            number += 1
            name = self._numbered(stem, number, ending)
        self._next[key] = number
        self._promised.add(same_name(name))
        return name

    def is_taken(self, name: str) -> bool:
        """Whether the name is there or promised."""
        key = same_name(name)
        return key in self._present or key in self._promised

    def _numbered(self, stem: str, number: int, ending: str) -> str:
        tail = f" {number}{ending}"
        return _shortened(stem, _NAME_BYTES - self._room - len(os.fsencode(tail))) + tail


def _shortened(text: str, limit: int) -> str:
    """The longest start of `text` that takes at most `limit` bytes."""
    while len(text.encode("utf-8", "surrogateescape")) > limit:
        text = text[:-1]
    return text
