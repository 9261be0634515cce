"""On the module path of every process that a test starts: no other machine can be reached from there."""

import socket
from typing import Any

_connect = socket.socket.connect


def _guarded(self: socket.socket, address: Any) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6):
        raise AssertionError(f"Network access attempted: {address}")
    _connect(self, address)


setattr(socket.socket, "connect", _guarded)  # noqa: B010 - a checker of types sees no assignment to a method
setattr(socket.socket, "connect_ex", _guarded)  # noqa: B010 - as above
