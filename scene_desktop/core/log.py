"""Logging set up once at the start; a Qt-free zone. `SCENE_DESKTOP_LOG` sets the level."""

import faulthandler
import logging
import logging.handlers
import os
import sys
from pathlib import Path

from scene_desktop.core import locations

LEVEL_VARIABLE = "SCENE_DESKTOP_LOG"
LOG = "scene-desktop.log"
FAULTS = "faults.log"
"""Names of the files in the folder of logs."""

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


def chosen_level() -> int:
    """The level named by the variable, or WARNING."""
    name = os.environ.get(LEVEL_VARIABLE, "").strip().upper()
    return logging.getLevelNamesMapping().get(name, logging.WARNING)


def log_to_console() -> None:
    """Logs to standard error, for the command line."""
    logging.basicConfig(level=chosen_level(), format=_FORMAT, stream=sys.stderr)


def log_to_file() -> Path | None:
    """Logs to a rotating file, and stack traces of crashed processes beside it; for the window.

    Returns:
        The log file, or None where the folder cannot be written (then the console is used).
    """
    folder = locations.log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / LOG
        handler = logging.handlers.RotatingFileHandler(path, maxBytes=1 << 20, backupCount=2, encoding="utf-8")
        faults = (folder / FAULTS).open("a", encoding="utf-8")
    except OSError:
        log_to_console()
        return None
    handler.setFormatter(logging.Formatter(_FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(min(chosen_level(), logging.INFO))
    logging.raiseExceptions = False  # a full disk under the log is no reason to fill standard error instead
    faulthandler.enable(faults)  # keeps the stream alive
    return path
