"""On the module path of every process that a test starts: no other machine can be reached from there."""

import socket

_connect = socket.socket.connect


def _guarded(self: socket.socket, address: object) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6):
        raise AssertionError(f"Network access attempted: {address}")
    _connect(self, address)  # type: ignore[arg-type]


socket.socket.connect = _guarded  # type: ignore[method-assign, assignment]
socket.socket.connect_ex = _guarded  # type: ignore[method-assign, assignment]
