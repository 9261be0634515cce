"""What all verbs share: progress and messages on standard error, exit codes, files or standard output."""

import io
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from types import FrameType
from typing import TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from scene_desktop.core.errors import InputError
from scene_desktop.core.files import write_atomically
from scene_desktop.core.text import encodable, one_line
from scene_desktop.core.threads import ShouldStop

STANDARD_OUTPUT = "-"


class Exit(IntEnum):
    """Exit codes of all verbs."""

    DONE = 0
    FAILED = 1
    WRONG_INPUT = 2
    INTERRUPTED = 130


def console() -> Console:
    """Where messages for people go: standard error, so that standard output stays clean for data."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """Prints a sentence on standard error; markup in names is shown as it is."""
    console().print(escape(one_line(text)))


def complain(text: str) -> None:
    console().print(f"[bold red]{escape(one_line(text))}[/]")


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error; plain silence where it is no terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    err = console()
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield progress


@contextmanager
def interruptible() -> Iterator[ShouldStop]:
    """Turns the first Ctrl+C into a polite stop; the second one ends the program as usual."""
    asked = threading.Event()

    def on_interrupt(number: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        say("Stopping ... (press Ctrl+C again to leave at once)")

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def check_target(target: str | None) -> None:
    """Makes sure, before long work, that a result file can be written.

    Raises:
        InputError: The folder does not exist or is not writable, or the target is a folder.
    """
    if target in (None, STANDARD_OUTPUT):
        return
    path = Path(target or "")
    if os.path.isdir(path):
        raise InputError(f"“{path}” is a folder. Expected a file name to write to, or “-”.")
    if os.path.exists(path) and not os.path.isfile(path):
        return  # a device or a pipe
    if not os.path.isdir(path.absolute().parent):
        raise InputError(f"The folder of “{path}” does not exist. Make it first, or choose another place.")
    probe = path.absolute().parent / f".{path.name}.probe"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"“{path}” cannot be written ({reason}). Choose another place.") from error


def write_result(target: str | None, write: Callable[[TextIO], None]) -> None:
    """Writes a result to standard output (`-`) or, whole or not at all, to a file; None writes nothing.

    Raises:
        InputError: The file cannot be written.
    """
    if target is None:
        return
    if target == STANDARD_OUTPUT:
        write(sys.stdout)
        sys.stdout.flush()
        return
    text = io.StringIO()
    write(text)
    try:
        write_atomically(Path(target), text.getvalue().encode("utf-8", "backslashreplace"))
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"“{target}” cannot be written ({reason}). Choose another place.") from error
    say(f"Wrote {target}")


def write_json_result(target: str | None, document: object) -> None:
    """Writes a JSON document as `write_result` does.

    Raises:
        InputError: The file cannot be written.
    """

    def write(stream: TextIO) -> None:
        stream.write(encodable(json.dumps(document, ensure_ascii=False, indent=1)) + "\n")

    write_result(target, write)
