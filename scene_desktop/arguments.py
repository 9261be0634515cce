"""Which arguments are photos, folders and models to open, and which are a command line."""

import os
import platform
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from scene_desktop.commands import VERBS

_URL = "file:"
_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


def paths_to_open(arguments: Sequence[str]) -> list[str] | None:
    """The files and folders that the window shall open, as absolute paths.

    A file manager hands over paths and has no console that could show an error, so whatever looks like a
    path is one, also if nothing is there (any more). A verb, an option or a word is for the command line.
    What follows `--` is a path in any case.

    Returns:
        None if the arguments are a command line.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    before, after = arguments[:end], arguments[end + 1 :]
    if any(argument.startswith("-") for argument in before):
        return None
    if before and (before[0] in VERBS or not _looks_like_a_path(before[0])):
        return None
    return [_absolute(argument) for argument in (*map(_local, before), *after)]


def _looks_like_a_path(argument: str) -> bool:
    return (
        argument.startswith(_URL)
        or any(separator in argument for separator in _SEPARATORS)
        or bool(os.path.splitext(argument)[1])
        or os.path.exists(argument)
    )


def _local(argument: str) -> str:
    """The path of a `file:` URL; everything else, also a URL of another computer, as it is."""
    if not argument.startswith(_URL):
        return argument
    host, path = "", argument.removeprefix(_URL)
    if path.startswith("//"):
        host, slash, rest = path[2:].partition("/")
        path = slash + rest
    path = os.fsdecode(unquote_to_bytes(path))
    if os.name == "nt":
        return path.lstrip("/") if not host else f"//{host}{path}"
    return path if host in ("", "localhost", platform.node()) else argument


def _absolute(path: str) -> str:
    try:
        return os.path.abspath(path)
    except OSError:  # the working folder is gone
        return path
