"""One window for each data folder: a second start hands its files over to the first and leaves.

The first start holds a lock, which the system frees when the process ends in whatever way, and listens at an
address that it writes into its session marker. The address lies in a new folder that only this person can
open, so that nobody else can be listening there.
"""

import contextlib
import logging
import os
import stat
import tempfile
import time
from collections.abc import Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Annotated, Literal, cast

import filelock
import msgspec
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from scene_desktop.core import locations, session

log = logging.getLogger(__name__)

_ANSWER_S = 5.0
"""A window that was reached and does not answer within this time hangs."""

_START_S = 30.0
"""A window that holds the lock and cannot be reached yet is starting; not longer than this."""

_AGAIN_S = 0.05
_REFUSED_S = 0.5
_TALK_MS = 10_000
_MESSAGE_LIMIT = 16 * 2**20
_ADDRESS_LIMIT = 60
"""Bytes of the folder that holds the socket's; with what is added, a socket's path may have 103 (macOS)."""

_TAKEN = b"taken\n"


class HandOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a second start tells the window that runs, as one line of JSON.

    Attributes:
        paths: Absolute, in the bytes of the file system.
        activation_token: Permission to come to the front, from the desktop (XDG_ACTIVATION_TOKEN).
    """

    paths: tuple[Annotated[bytes, msgspec.Meta(max_length=2**16)], ...]
    activation_token: Annotated[str, msgspec.Meta(max_length=1024)] = ""
    format: Literal[1] = 1

    @classmethod
    def of(cls, paths: Sequence[str], activation_token: str = "") -> "HandOver":
        return cls(tuple(map(os.fsencode, paths)), activation_token.encode("utf-8", "ignore").decode()[:1024])

    @property
    def files(self) -> list[str]:
        return [os.fsdecode(path) for path in self.paths]


class Entry(Enum):
    """What became of a start."""

    FIRST = auto()
    HANDED_OVER = auto()
    NO_ANSWER = auto()


class OneWindow(QObject):
    """The lock, and the door for further starts.

    Signals:
        handed_over: A `HandOver` of another start.

    Attributes:
        accident: How the window of last time ended; None if it was closed in order.
        trouble: The `OSError` for which this window cannot find or be found by others; None if all is well.
    """

    handed_over = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.accident: session.Accident | None = None
        self.trouble: OSError | None = None
        self._lock: filelock.BaseFileLock | None = None
        self._address = ""
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)

    def enter(self, message: HandOver) -> Entry:
        """Becomes the first window, or hands `message` over to it."""
        began = time.monotonic()
        while True:
            try:
                if self._take_lock():
                    return Entry.FIRST
            except OSError as error:
                self.leave()
                self.trouble = error
                return Entry.FIRST
            running = session.running()
            answer = _hand_over(message, running.address) if running is not None else None
            if answer is Entry.HANDED_OVER:
                return answer
            if time.monotonic() - began >= (_START_S if answer is None else _ANSWER_S):
                return Entry.NO_ANSWER
            time.sleep(_AGAIN_S if answer is None else _REFUSED_S)

    def listen(self) -> None:
        """Opens the door; only after `enter`."""
        if self._address and not self._server.listen(self._address):
            log.warning("Files of further starts cannot be taken: %s", self._server.errorString())

    def shut(self) -> None:
        """Closes the door; a further start waits until this process has gone, and opens a window of its own."""
        self._server.close()

    def leave(self) -> None:
        """The window was closed in order."""
        self.shut()
        if self._lock is not None:
            session.end()
            _remove(self._address)
            self._lock.release()
        self._lock, self._address = None, ""

    def _take_lock(self) -> bool:
        """Whether this is the first window now; looks how the last one ended, and marks this one as running.

        Raises:
            OSError: The data folder cannot be written, or its file system has no locks.
        """
        folder = locations.data_folder()
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / "window.lock", fallback_to_soft=False)
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            return False
        self._lock = lock
        last = session.running()
        if last is not None:
            self.accident = session.accident(last)
            _remove(last.address)
        self._address = _new_address()
        session.begin(self._address)
        return True

    # Further starts

    def _welcome(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(_MESSAGE_LIMIT + 1)
            socket.readyRead.connect(self._read)
            socket.disconnected.connect(socket.deleteLater)
            QTimer.singleShot(_TALK_MS, socket, socket.abort)
            if socket.bytesAvailable():
                self._take(socket)

    def _read(self) -> None:
        self._take(cast("QLocalSocket", self.sender()))

    def _take(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _MESSAGE_LIMIT:
                log.warning("A message of another process is too long and is ignored")
                socket.abort()
            return
        try:
            message = msgspec.json.decode(socket.readLine().data(), type=HandOver)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            log.warning("A message of another process is ignored: %s", error)
            socket.abort()
            return
        socket.write(_TAKEN)
        socket.flush()
        socket.disconnectFromServer()
        self.handed_over.emit(message)


def _hand_over(message: HandOver, address: str) -> Entry | None:
    """Tells the window at `address`, which may refuse, as while it closes; None if it cannot be reached."""
    if not _is_ours(address):
        return None
    socket = QLocalSocket()
    socket.connectToServer(address)
    if not socket.waitForConnected(1000):
        return None
    until = time.monotonic() + _ANSWER_S
    socket.write(msgspec.json.encode(message) + b"\n")
    while socket.bytesToWrite() and socket.waitForBytesWritten(_rest_ms(until)):
        pass
    while not socket.canReadLine() and socket.waitForReadyRead(_rest_ms(until)):
        pass
    return Entry.HANDED_OVER if socket.readLine().data() == _TAKEN else Entry.NO_ANSWER


def _rest_ms(until: float) -> int:
    return max(0, round(1000 * (until - time.monotonic())))


def _new_address() -> str:
    """A name for the socket that is free and that nobody else can take.

    Raises:
        OSError: No folder for it can be made.
    """
    if os.name == "nt":
        return f"scene-desktop-{os.urandom(8).hex()}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    for base in (runtime, tempfile.gettempdir(), "/tmp"):
        if os.path.isabs(base) and len(os.fsencode(base)) <= _ADDRESS_LIMIT:
            with contextlib.suppress(OSError):
                return str(Path(tempfile.mkdtemp(prefix="scene-desktop-", dir=base)) / "door")
    raise OSError("no folder for a socket can be made")


def _is_ours(address: str) -> bool:
    """Whether only this person can be listening there."""
    if os.name == "nt":
        return bool(address)
    try:
        folder = os.lstat(os.path.dirname(address))
    except (OSError, ValueError):
        return False
    return stat.S_ISDIR(folder.st_mode) and folder.st_uid == os.getuid() and not folder.st_mode & 0o077


def _remove(address: str) -> None:
    """Takes away a socket that nobody listens at, with its folder."""
    if os.name != "nt" and _is_ours(address):
        with contextlib.suppress(OSError):
            Path(address).unlink(missing_ok=True)
            Path(address).parent.rmdir()
