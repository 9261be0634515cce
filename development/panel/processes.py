"""One request and one answer in a process of its own: its memory and TensorFlow's state go with it."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from development.resources.places import REPOSITORY
from scene_desktop.core.errors import SceneError

_R = TypeVar("_R", bound=msgspec.Struct)
_A = TypeVar("_A", bound=msgspec.Struct)


def ask(module: str, request: msgspec.Struct, kind: type[_A], variables: Mapping[str, str] | None = None) -> _A:
    """Runs a module that calls `serve`, and returns its answer.

    Args:
        variables: Of the environment, besides those of this process.

    Raises:
        SceneError: The work failed; with its last words.
    """
    ended = subprocess.run(
        [sys.executable, "-m", module],
        input=msgspec.json.encode(request),
        cwd=REPOSITORY,
        env={**os.environ, **(variables or {})},
        capture_output=True,
        check=False,
    )
    if ended.returncode:
        last = ended.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["It said nothing."]
        raise SceneError(f"{module} failed with exit code {ended.returncode}. {last[0]}")
    return msgspec.json.decode(ended.stdout.splitlines()[-1], type=kind)  # libraries may have greeted before


def serve(kind: type[_R], work: Callable[[_R], msgspec.Struct]) -> int:
    """Does the work that is asked for on standard input; returns the exit code."""
    try:
        answer = work(msgspec.json.decode(sys.stdin.buffer.read(), type=kind))
    except SceneError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    sys.stdout.flush()
    sys.stdout.buffer.write(b"\n" + msgspec.json.encode(answer) + b"\n")
    sys.stdout.buffer.flush()
    return 0
