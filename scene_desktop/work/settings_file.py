"""The settings on disk, an INI file that Qt reads and writes."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings


class SettingsFile:
    """A `scene_desktop.core.settings.Store` in a file.

    Args:
        path: Need not be there; if it cannot be read or written, nothing is remembered.
    """

    def __init__(self, path: Path) -> None:
        self._file = QSettings(str(path), QSettings.Format.IniFormat)

    def value(self, key: str) -> object:
        """What is kept; None if there is nothing."""
        kept = self._file.value(key)
        return kept.data() if isinstance(kept, QByteArray) else kept

    def set_value(self, key: str, value: Any) -> None:
        """Keeps a value. Plain bytes would be pickled."""
        self._file.setValue(key, QByteArray(value) if isinstance(value, bytes) else value)

    def sync(self) -> None:
        """Writes what is not on disk yet."""
        self._file.sync()
