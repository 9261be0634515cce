"""What the app remembers of a person's choices: every setting declared once, with type, default and meaning.

A value on disk may be missing, damaged or of another version; whoever asks gets the default then, and the log
gets a line.
"""

import dataclasses
import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Generic, Protocol, TypeVar

import msgspec

from scene_desktop.core.classify.predictions import DEFAULT_THRESHOLD
from scene_desktop.core.exports import FORMATS
from scene_desktop.core.sorting import How

log = logging.getLogger(__name__)

T = TypeVar("T")


class ThemeChoice(StrEnum):
    """What a person can choose in the View menu."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class WatchWish:
    """What a person wants watched.

    Attributes:
        sort_into: Folder that new photos are sorted into; empty for none.
        at_start: Whether watching begins by itself when the app starts.
    """

    folder: str
    sort_into: str = ""
    how: How = How.COPY
    at_start: bool = False


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One thing that is remembered.

    Attributes:
        key: Its name on disk; never changes.
        type: What `msgspec` checks a value against. Data classes are kept as JSON.
        default: Holds where nothing, or nothing usable, is kept.
        meaning: A sentence that explains it.
    """

    key: str
    type: Any
    default: T
    meaning: str


THEME = Setting("theme", ThemeChoice, ThemeChoice.SYSTEM, "Light, dark, or whatever the desktop has.")
WINDOW_GEOMETRY = Setting("window/geometry", bytes, b"", "Place and size of the window, as Qt packs them.")
WINDOW_PAGE = Setting(
    "window/page",
    Annotated[int, msgspec.Meta(ge=0, le=2)],
    0,
    "The page that is shown: Classify, Train, Models.",
)
CLASSIFY_SPLITTER = Setting("classify/splitter", bytes, b"", "Widths of the panels, once a person moved them.")
CLASSIFY_THRESHOLD = Setting(
    "classify/threshold",
    Annotated[float, msgspec.Meta(ge=0, le=1)],
    DEFAULT_THRESHOLD,
    "Confidence below which a verdict counts as unsure.",
)
CLASSIFY_MODEL = Setting("classify/model", str, "", "Folder of the model in use; empty for the first one.")
REVIEW_DATASET = Setting("review/dataset", str, "", "Data set that corrected photos were added to last.")
SAVING_FORMAT = Setting(
    "saving/format",
    Annotated[str, msgspec.Meta(pattern=f"^({'|'.join(known.key for known in FORMATS)})?$")],
    "",
    "Key of the format that results were saved in last; empty before the first time.",
)
SAVING_FOLDER = Setting("saving/folder", str, "", "Folder that results were saved to last.")
SHARING_FOLDER = Setting("sharing/folder", str, "", "Folder of the share file that was written or read last.")
SORTING_TARGET = Setting("sorting/target", str, "", "Folder that photos were sorted into last.")
SORTING_HOW = Setting("sorting/how", How, How.COPY, "Whether photos were copied, moved or linked last.")
WATCHING_WISH = Setting("watching/wish", WatchWish, WatchWish(""), "What is watched, or was watched last.")


class Store(Protocol):
    """Where values are kept by key; all but bytes may come back as text."""

    def value(self, key: str, /) -> object:
        """What is kept; None if there is nothing."""

    def set_value(self, key: str, value: Any, /) -> None:
        """Keeps a value."""

    def sync(self) -> None:
        """Writes what is not on disk yet."""


class Settings:
    """The settings of the app, read from and written to a store.

    Args:
        store: May hold anything.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: set[str] = set()

    def get(self, setting: Setting[T]) -> T:
        """The value that is kept, or the default if there is none that can be used."""
        try:
            kept = self._store.value(setting.key)
            value: T = setting.default if kept is None else _read(kept, setting.type)
        except Exception as error:  # noqa: BLE001 - whatever stands in the file, the window opens
            if setting.key not in self._told:
                self._told.add(setting.key)
                text = "The setting %s cannot be used (%s); it is %r now"
                log.warning(text, setting.key, error, setting.default)
            return setting.default
        return value

    def set(self, setting: Setting[T], value: T) -> None:
        """Keeps a value."""
        if dataclasses.is_dataclass(setting.type):
            self._store.set_value(setting.key, msgspec.json.encode(value).decode())
        elif isinstance(value, StrEnum):
            self._store.set_value(setting.key, value.value)
        else:
            self._store.set_value(setting.key, value)

    def sync(self) -> None:
        """Writes to disk what has not been written yet."""
        self._store.sync()


def _read(kept: object, kind: Any) -> Any:
    if kind is bytes and not isinstance(kept, bytes):
        raise TypeError("not bytes")
    if dataclasses.is_dataclass(kind):
        return msgspec.json.decode(str(kept), type=kind)
    return msgspec.convert(kept, kind, strict=False)
