"""What must be true of the process before anything else: usable standard streams, no foreign settings.

Imports nothing of the app, so that it can run first.
"""

import os
import sys

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))

_QT_FOREIGN = (
    *("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QT_CONF"),
    *("QML_IMPORT_PATH", "QML2_IMPORT_PATH"),
)
"""Where another Qt has its plugins; PyInstaller sets some of them too, but our Qt finds its own without."""

_LIBRARY_PATH = "LD_LIBRARY_PATH"


def prepare() -> None:
    """Makes the process independent of how it was started."""
    fill_standard_streams()
    if getattr(sys, "frozen", False):
        forget_foreign_settings()


def fill_standard_streams() -> None:
    """Opens the null device in place of closed standard streams: a desktop icon starts the app without.

    Otherwise the next files that are opened, a journal for example, would become standard output, and the
    messages of libraries would go into them.
    """
    for number, (name, mode) in enumerate(_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
            os.set_inheritable(opened, True)
        if getattr(sys, name) is None:
            stream = open(  # noqa: SIM115 - it stays open until the process ends
                number, mode, encoding="utf-8", errors="backslashreplace", closefd=False
            )
            setattr(sys, name, stream)


def forget_foreign_settings() -> None:
    """In the installed app: takes out of the environment what leads to another Qt, or to PyInstaller.

    Our libraries are loaded from our own folders already. What the app starts (the file manager, the engine)
    gets the library path of the person back, and does not take itself for a part of this process.
    See https://pyinstaller.org/en/stable/runtime-information.html, "LD_LIBRARY_PATH / LIBPATH considerations".
    """
    for name in [name for name in os.environ if name in _QT_FOREIGN or name.startswith("_PYI_")]:
        del os.environ[name]
    original = os.environ.pop(f"{_LIBRARY_PATH}_ORIG", "")
    os.environ.pop(_LIBRARY_PATH, None)
    if original:
        os.environ[_LIBRARY_PATH] = original
    _forget_missing_platform()


def _forget_missing_platform() -> None:
    """A platform that Qt is told to use and that did not come with the app would end it without a word."""
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    folder = os.path.join(getattr(sys, "_MEIPASS", ""), "PySide6", "Qt", "plugins", "platforms")
    if wanted and os.path.isdir(folder):
        there = " ".join(os.listdir(folder))
        if not any(f"libq{name.split(':')[0]}." in there for name in wanted.split(";")):
            del os.environ["QT_QPA_PLATFORM"]
