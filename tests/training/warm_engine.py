"""Engines that need not import TensorFlow first: forked from one process that has done it, and nothing else.

They are processes with pipes as every engine, and may be killed; only their start is another one, which takes
three seconds of a core less. What is about the start of an engine begins one from its command line instead.
"""

import importlib.util
import multiprocessing
import os
import sys
from collections.abc import Mapping
from multiprocessing.reduction import DupFd

FAULTS = os.path.join(os.path.dirname(os.path.dirname(__file__)), "faults", "sitecustomize.py")


class WarmProcess:
    """As far as tests need it, like `subprocess.Popen` with pipes.

    Args:
        env: All variables of the engine; those for faults take effect, too.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        commands, write = os.pipe()
        read, events = os.pipe()
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.training.warm_imports"])
        self._process = context.Process(target=_engine, args=(_Passed(commands), _Passed(events), dict(env)))
        self._process.start()
        os.close(commands)
        os.close(events)
        self.stdin, self.stdout = os.fdopen(write, "wb"), os.fdopen(read, "rb")

    def kill(self) -> None:
        self._process.kill()

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self._process.exitcode
        assert code is not None, f"the engine is still there after {timeout} s"
        return code


class _Passed:
    """A descriptor that goes along to the engine."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __reduce__(self) -> tuple[object, ...]:
        return _detached, (DupFd(self._number),)


def _detached(passed: object) -> int:
    return passed.detach()  # type: ignore[attr-defined]  # the class depends on the system


def _engine(commands: int, events: int, env: dict[str, str]) -> None:
    """In the engine's process."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number, given in enumerate((commands, events, nowhere)):
        os.dup2(given, number)
        os.close(given)
    os.environ.clear()
    os.environ.update(env)
    if "SCENE_FAULT" in env:
        spec = importlib.util.spec_from_file_location("faults", FAULTS)
        assert spec is not None
        assert spec.loader is not None
        sys.modules["faults"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["faults"])
    from training import engine

    sys.exit(engine.main())
