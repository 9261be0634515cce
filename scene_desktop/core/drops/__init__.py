"""What drops have found, kept on disk as it comes."""

from scene_desktop.core.drops.earlier import find, records, remove
from scene_desktop.core.drops.journal import DropJournal, KnownPhotos
from scene_desktop.core.drops.stored import DropRecord, ModelKey

__all__ = ["DropJournal", "DropRecord", "KnownPhotos", "ModelKey", "find", "records", "remove"]
