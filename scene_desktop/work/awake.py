"""Keeps the machine from going to sleep while something long is under way."""

import contextlib
import logging
from collections.abc import Iterator

log = logging.getLogger(__name__)


@contextlib.contextmanager
def keep_awake(wanted: bool = True) -> Iterator[None]:
    """The system does not suspend by itself inside the block; where it cannot be asked, nothing happens.

    The screen may go dark, and a person can still suspend the machine: the work goes on afterwards.
    """
    if not wanted:
        yield
        return
    from wakepy import keep

    with keep.running(on_fail=lambda failed: log.info("The system cannot be kept awake: %s", failed)):
        yield
