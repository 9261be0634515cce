"""Where things lie on disk. `SCENE_DESKTOP_HOME` moves everything the app writes."""

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "SCENE_DESKTOP_HOME"
_APP = "scene-desktop"


def _chosen_home() -> Path | None:
    chosen = os.environ.get(HOME_VARIABLE, "").strip()
    return Path(chosen).expanduser().absolute() if chosen else None


def data_folder() -> Path:
    """The folder of everything that must survive: models, runs, journals."""
    return _chosen_home() or platformdirs.user_data_path(_APP, appauthor=False)


def cache_folder() -> Path:
    """The folder of everything that can be computed again: features, thumbnails."""
    home = _chosen_home()
    return home / "cache" if home else platformdirs.user_cache_path(_APP, appauthor=False)


def log_folder() -> Path:
    home = _chosen_home()
    return home / "logs" if home else platformdirs.user_log_path(_APP, appauthor=False)


def settings_file() -> Path:
    home = _chosen_home()
    return (home or platformdirs.user_config_path(_APP, appauthor=False)) / "settings.ini"


def models_folder() -> Path:
    return data_folder() / "models"


def runs_folder() -> Path:
    return data_folder() / "runs"


def resources_folder() -> Path:
    """The read-only files that ship with the app; beside the package, also in the installed app."""
    return Path(__file__).resolve().parents[2] / "resources"


def licences_folder() -> Path:
    """The licence texts of everything inside the installed app; not there when it runs from the sources."""
    return resources_folder().parent / "licences"
