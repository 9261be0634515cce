"""Whether the window of last time was closed in order: a marker on disk exists while it runs.

Only the process that holds the lock of the window (`scene_desktop.work.one_window`) may write or remove it.
"""

import contextlib
import logging
import os
import platform
import time
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from pathlib import Path

import msgspec

from scene_desktop import __version__
from scene_desktop.core import locations
from scene_desktop.core.files import write_atomically
from scene_desktop.core.log import FAULTS, LOG

log = logging.getLogger(__name__)

_TAIL_BYTES = 65_536
_TAIL_LINES = 60


class Session(msgspec.Struct, frozen=True):
    """One run of the window.

    Attributes:
        address: Where its window listens for files from further starts.
        host: The computer; the data folder may be shared by several.
        boot: Tells one run of the computer from the next; empty where the system does not.
        started: Seconds since 1970.
        faults: Size in bytes that the file of stack traces had then.
    """

    address: str
    version: str
    process: int
    host: str
    boot: str
    started: float
    faults: int


class Cause(Enum):
    """How a session ended that was not closed in order."""

    CRASHED = auto()
    KILLED = auto()
    SWITCHED_OFF = auto()


@dataclass(frozen=True)
class Accident:
    """The end of a session that was not closed in order.

    Attributes:
        when: The last sign of life, local time.
        details: Version, stack traces and the last lines of the log.
    """

    cause: Cause
    when: datetime
    details: str


def begin(address: str) -> None:
    """Marks that a window runs.

    Raises:
        OSError: The data folder cannot be written.
    """
    session = Session(
        address=address,
        version=__version__,
        process=os.getpid(),
        host=platform.node(),
        boot=_boot(),
        started=time.time(),
        faults=_size(locations.log_folder() / FAULTS),
    )
    write_atomically(_path(), msgspec.json.encode(session))


def end() -> None:
    """The window was closed in order."""
    try:
        _path().unlink(missing_ok=True)
    except OSError as error:
        log.warning("The marker of the running window cannot be removed: %s", error)


def running() -> Session | None:
    """The session that is marked as running; None if there is none, or the marker cannot be read."""
    try:
        return msgspec.json.decode(_path().read_bytes(), type=Session)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        log.warning("The marker of the running window cannot be read: %s", error)
        return None


def accident(session: Session) -> Accident:
    """What is known about the end of a session whose marker is there although its process has gone."""
    folder = locations.log_folder()
    faults = _read(folder / FAULTS, session.faults).strip()
    tail = _read(folder / LOG, max(0, _size(folder / LOG) - _TAIL_BYTES)).splitlines()[-_TAIL_LINES:]
    cause = Cause.CRASHED if faults else Cause.KILLED
    if _was_switched_off(session):
        cause = Cause.SWITCHED_OFF
    began, ended = datetime.fromtimestamp(session.started), _last_sign_of_life(session, folder)
    facts = (
        f"Scene Desktop {session.version}, process {session.process} on {session.host}",
        f"Begun {began:%Y-%m-%d %H:%M:%S}, last sign of life {ended:%Y-%m-%d %H:%M:%S}",
        f"{platform.platform()}, Python {platform.python_version()}",
    )
    parts = ["\n".join(facts)]
    if faults:
        parts.append(f"Stack traces:\n{faults}")
    if tail:
        parts.append("\n".join(("Last lines of the log:", *tail)))
    return Accident(cause, ended, "\n\n".join(parts))


def _path() -> Path:
    return locations.data_folder() / "running.json"


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def _was_switched_off(session: Session) -> bool:
    if session.host != platform.node():
        return False
    if session.boot:
        return session.boot != _boot()
    return time.time() - time.monotonic() > session.started  # both systems without an id count from their start


def _last_sign_of_life(session: Session, folder: Path) -> datetime:
    signs = [session.started]
    for name in (LOG, FAULTS):
        with contextlib.suppress(OSError):
            signs.append((folder / name).stat().st_mtime)
    return datetime.fromtimestamp(max(signs))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _read(path: Path, start: int) -> str:
    """The rest of a file as text; empty if it cannot be read."""
    try:
        with path.open("rb") as stream:
            stream.seek(start)
            return stream.read(4 * _TAIL_BYTES).decode("utf-8", "backslashreplace")
    except OSError:
        return ""
