"""What is left out of the bundle, and why. Used by `build.spec`."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

Entry = tuple[str, str, str]
"""PyInstaller's (place in the bundle, source, kind)."""

MODULES = [
    # Optional for a library that we use, and never used: tests and tools of others.
    *("IPython", "clang", "mypy", "pytest", "setuptools", "tensorboard", "tkinter", "yaml"),
    *("attr", "PIL.ImageTk", "PIL._imagingtk"),
    # Optional for pyqtgraph.
    *("OpenGL", "cupy", "matplotlib", "scipy", "pyqtgraph.opengl", "pyqtgraph.examples"),
    *("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "PySide6.QtTest", "PySide6.QtDBus"),
    # Optional for Keras and TensorFlow: an old file format, which the app refuses from strangers; servers.
    *("h5py", "grpc"),
    # Present where the app is developed.
    *("hypothesis", "onnx", "onnxruntime", "pillow_heif", "pip", "test", "lib2to3", "curses", "readline"),
    *("joblib", "sklearn"),
]

_QT_PLUGINS = re.compile(
    r"""PySide6/(Qt/)?plugins/(
        platforms/(lib)?q(xcb|wayland.*|offscreen|windows|cocoa)\.
      | platforminputcontexts/
      | platformthemes/libqxdgdesktopportal      # dark mode and file dialogs of the desktop; not GTK 3
      | xcbglintegrations/
      | wayland-(shell-integration/libxdg-shell|decoration-client/|graphics-integration-client/libqt-plugin)
      | styles/
      | iconengines/
      | imageformats/(lib)?q(jpeg|svg)           # pictures of the clipboard, icons; photos are read by Pillow
    )""",
    re.VERBOSE,
)
_UNUSED = re.compile(
    r"""( PySide6/(Qt/)?translations/
        | libQt6(Egl(FS|Fs)|Test|WlShell|OpenGLWidgets)
        | attrs-[\d.]+\.dist-info/
        | tensorflow/include/
        | \.pyi$
    )""",
    re.VERBOSE,
)
_SYSTEM = re.compile(r"^(/usr)?/lib")
_LARGE = re.compile(r"^libtensorflow_")


def kept(entries: Iterable[Entry]) -> list[Entry]:
    """The entries without Qt's plug-ins and libraries that nothing here uses.

    On Linux also without libraries that belong to the distribution: the package names them as dependencies, so
    that they are those of the machine, with its security updates.
    """
    return [entry for entry in entries if _is_kept(*entry)]


def _is_kept(place: str, source: str, kind: str) -> bool:
    place = place.replace("\\", "/")
    if "/plugins/" in place and place.startswith("PySide6/") and not _QT_PLUGINS.search(place):
        return False
    if _UNUSED.search(place):
        return False
    if sys.platform == "linux" and kind == "BINARY" and _SYSTEM.match(source):
        return Path(place).name.startswith("libpython")
    return True


def stripped(entries: Iterable[Entry], folder: Path) -> list[Entry]:
    """The same entries; on Linux the largest libraries and Python's own shed what only debuggers read (220 MB).

    Only those: `strip` damages some libraries whose headers were edited by the tools that make wheels. Python's
    also lose the path of the machine they were built on, where a stranger could put libraries.

    Args:
        folder: Where the smaller copies are written.
    """
    if sys.platform != "linux":
        return list(entries)
    folder.mkdir(parents=True, exist_ok=True)
    return [(place, _stripped(Path(source), folder, kind), kind) for place, source, kind in entries]


def _stripped(source: Path, folder: Path, kind: str) -> str:
    of_python = Path(sys.base_prefix) in source.parents
    if kind not in ("BINARY", "EXTENSION") or not (of_python or _LARGE.match(source.name)):
        return str(source)
    copy = folder / source.name
    shutil.copy2(source, copy)
    subprocess.run(["strip", "--strip-unneeded", str(copy)], check=True)
    if of_python:
        subprocess.run(["chrpath", "--delete", str(copy)], check=True, stdout=subprocess.DEVNULL)
    return str(copy)
