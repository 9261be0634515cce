"""Lets the Nth write of a process fail, or kills the process there; put on the path of an engine by tests.

`SCENE_FAULT=kill:7` ends the process without a word at its 7th write to the home of the app,
`SCENE_FAULT=ENOSPC:7` lets that one write fail, `SCENE_FAULT=ENOSPC:7+` that one and all after it until the
file named by `SCENE_FAULT_END` exists. What was counted is written to `SCENE_FAULT_COUNT` at the end.
"""

import atexit
import builtins
import errno
import io
import os
import signal
import threading

_WISH = os.environ.get("SCENE_FAULT", "")
_HOME = os.path.abspath(os.environ.get("SCENE_DESKTOP_HOME", "/nowhere"))
_END = os.environ.get("SCENE_FAULT_END", "")
_COUNT = os.environ.get("SCENE_FAULT_COUNT", "")
_kind, _, _number = _WISH.partition(":")
_ever_after = _number.endswith("+")
_at = int(_number.rstrip("+") or 0)
_lock = threading.Lock()
_seen = 0


def _is_ours(path: object) -> bool:
    if isinstance(path, int):
        try:
            path = os.readlink(f"/proc/self/fd/{path}")
        except OSError:
            return False
    if not isinstance(path, str | bytes | os.PathLike):
        return False
    name = os.path.abspath(os.fsdecode(os.fspath(path)))
    return name.startswith(_HOME + os.sep) and f"{os.sep}cache{os.sep}" not in name + os.sep


def _strike(path: object) -> None:
    global _seen
    if not _is_ours(path):
        return
    with _lock:
        _seen += 1
        due = _seen == _at or (_ever_after and _seen > _at)
    if not due or (_END and os.path.exists(_END)):
        return
    if _kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    code = getattr(errno, _kind)
    raise OSError(code, os.strerror(code))


def _before(function, position: int = 0):
    def struck(*arguments, **named):
        _strike(arguments[position] if len(arguments) > position else None)
        return function(*arguments, **named)

    return struck


class _Writer(io.BufferedWriter):
    """A file whose writes count."""

    def write(self, content):
        _strike(self.raw.name)
        return super().write(content)


_open = builtins.open


def _opened(file, mode="r", *arguments, **named):
    stream = _open(file, mode, *arguments, **named)
    if type(stream) is io.BufferedWriter and _is_ours(file):
        _strike(file)
        return _Writer(stream.detach())
    return stream


if _WISH:
    os.fsync = _before(os.fsync)
    os.mkdir = _before(os.mkdir)
    os.replace = _before(os.replace, 1)
    os.rename = _before(os.rename, 1)
    builtins.open = io.open = _opened
    if _COUNT:
        atexit.register(lambda: _open(_COUNT, "w").write(str(_seen)))
