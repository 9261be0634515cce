from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from scene_desktop.core.settings import (
    CLASSIFY_SPLITTER,
    CLASSIFY_THRESHOLD,
    THEME,
    WINDOW_GEOMETRY,
    Settings,
    ThemeChoice,
)
from scene_desktop.work.settings_file import SettingsFile


def test_what_is_kept_comes_back_after_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    settings = Settings(SettingsFile(file))
    settings.set(THEME, ThemeChoice.DARK)
    settings.set(WINDOW_GEOMETRY, b"\0\1xyz\xff")
    settings.set(CLASSIFY_THRESHOLD, 0.75)
    settings.sync()
    again = Settings(SettingsFile(file))
    assert again.get(THEME) is ThemeChoice.DARK
    assert again.get(WINDOW_GEOMETRY) == b"\0\1xyz\xff"
    assert again.get(CLASSIFY_THRESHOLD) == 0.75
    assert "PyObject" not in file.read_text()


def test_files_of_the_first_version_are_read(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    first = QSettings(str(file), QSettings.Format.IniFormat)
    first.setValue("theme", "light")
    first.setValue("window/geometry", QByteArray(b"\0\1"))
    first.setValue("classify/threshold", 0.7)
    first.sync()
    settings = Settings(SettingsFile(file))
    assert settings.get(THEME) is ThemeChoice.LIGHT
    assert settings.get(WINDOW_GEOMETRY) == b"\0\1"
    assert settings.get(CLASSIFY_THRESHOLD) == 0.7


def test_a_file_that_cannot_be_read_gives_defaults(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    file.mkdir()
    settings = Settings(SettingsFile(file))
    assert settings.get(THEME) is ThemeChoice.SYSTEM
    settings.set(THEME, ThemeChoice.DARK)
    settings.sync()
    assert file.is_dir()


def test_what_qt_cannot_read_is_a_default(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    wrapper = r"@Variant(\0\0\0\x7f\0\0\0\x18PySide::PyObjectWrapper\0\0\0\0\x3gar)"
    file.write_text(f"[General]\ntheme={wrapper}\n[classify]\nthreshold=0.75\nsplitter={wrapper}\n")
    settings = Settings(SettingsFile(file))
    assert settings.get(THEME) is ThemeChoice.SYSTEM
    assert settings.get(CLASSIFY_SPLITTER) == b""
