"""Owns one training engine: starts it, feeds it, watches it, ends it. No Qt.

The engine is this very program started again with the verb `engine`. It tells its events on standard
output, one JSON object a line, and leaves when its standard input closes.
"""

import contextlib
import math
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence

import msgspec

from scene_desktop.core.errors import InputError, Stopped, TrainingError
from scene_desktop.core.runs.events import (
    DataSetExamined,
    DiscardRequested,
    EngineCommand,
    EngineRequest,
    ImportRequested,
    KeepRequested,
    ModelImported,
    ModelSaved,
    ResumeRequested,
    TrainingDiscarded,
    TrainingEvent,
    TrainingFailed,
    TrainingKept,
    TrainRequested,
    decode_event,
    encode_line,
)
from scene_desktop.core.threads import Report, ShouldStop
from scene_desktop.work.awake import keep_awake

_POLL_S = 0.05
_LEAVE_S = 20.0  # longer than the engine gives itself to complete a model that is being written
_LINE_LIMIT = 1 << 20
_LAST_WORDS = 60

EngineResult = ModelSaved | TrainingKept | DataSetExamined | ModelImported
"""How the work of an engine ends well."""


def engine_command() -> list[str]:
    """The command line that starts the engine, from the sources and in the installed app alike."""
    if getattr(sys, "frozen", False):
        program = sys.executable
        if sys.platform == "win32":  # the window's executable has no standard streams there, its neighbour has
            program = os.path.join(os.path.dirname(program), "scene-desktop.exe")
        return [program, "engine"]
    return [sys.executable, "-P", "-m", "scene_desktop", "engine"]


def run_engine(
    request: EngineRequest,
    report: Report[TrainingEvent],
    should_stop: ShouldStop = lambda: False,
    wishes: "queue.SimpleQueue[EngineCommand] | None" = None,
    command: Sequence[str] | None = None,
    keep_within_s: float = 30.0,
) -> EngineResult:
    """Has an engine of its own do what is requested, and returns how that ended.

    The machine is kept awake while it trains.

    Args:
        report: Told every event, from the calling thread.
        should_stop: True discards the work; this returns within half a second, the engine follows.
        wishes: Commands for the engine while it works (pause, continue, finish, keep).
        command: Another engine, for tests.
        keep_within_s: An engine that was asked to keep the training is left alone with that after this time.

    Raises:
        InputError: The data set, a parameter, the run or the share file cannot be used.
        TrainingError: The engine failed, died or talked nonsense.
        Stopped: It was discarded.
    """
    with keep_awake(isinstance(request, TrainRequested | ResumeRequested)):
        engine = _Engine(command or engine_command(), _aftermath(request))
        try:
            engine.send(request)
            return _follow(engine, report, should_stop, wishes or queue.SimpleQueue(), keep_within_s)
        except Stopped:
            engine.send(DiscardRequested())
            raise
        finally:
            engine.leave()


def _follow(
    engine: "_Engine",
    report: Report[TrainingEvent],
    should_stop: ShouldStop,
    wishes: "queue.SimpleQueue[EngineCommand]",
    keep_within_s: float,
) -> EngineResult:
    leave_at = math.inf
    while time.monotonic() < leave_at:
        if should_stop():
            raise Stopped
        while not wishes.empty():
            wish = wishes.get()
            engine.send(wish)
            if isinstance(wish, KeepRequested):
                leave_at = time.monotonic() + keep_within_s
        line = engine.next_line(_POLL_S)
        if line is None:
            continue
        event = engine.understand(line)
        report(event)
        match event:
            case ModelSaved() | TrainingKept() | DataSetExamined() | ModelImported():
                return event
            case TrainingDiscarded():
                raise Stopped
            case TrainingFailed(wrong_input=True):
                raise InputError(event.message)
            case TrainingFailed():
                raise TrainingError(event.message, event.details, event.suggested)
    return TrainingKept()


class _Engine:
    """The child process with a thread for each of its two output pipes.

    Args:
        aftermath: What is left, and the next step, should it die.
    """

    def __init__(self, command: Sequence[str], aftermath: str = "") -> None:
        self._aftermath = aftermath
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(),
                start_new_session=os.name != "nt",  # Ctrl+C in a terminal is ours to handle
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise TrainingError(
                f"The training engine could not be started ({error.strerror or error}). "
                f"Check that the app is installed completely."
            ) from error
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._last_words: deque[str] = deque(maxlen=_LAST_WORDS)
        self._readers = [
            threading.Thread(target=self._read_events, name="engine-events", daemon=True),
            threading.Thread(target=self._read_words, name="engine-words", daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def send(self, command: EngineCommand) -> None:
        """Writes a command; an engine that has died is noticed by `next_line`."""
        assert self._process.stdin is not None
        try:
            line = encode_line(command)
        except UnicodeEncodeError as error:
            raise InputError(
                "This path contains bytes that are no text. Rename the file or folder, then try again."
            ) from error
        with contextlib.suppress(OSError, ValueError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def next_line(self, timeout_s: float) -> bytes | None:
        """The next line, or None if there is none within the time.

        Raises:
            TrainingError: The engine has ended without a last event.
        """
        try:
            line = self._lines.get(timeout=timeout_s)
        except queue.Empty:
            return None
        if line:
            return line
        raise TrainingError(self._obituary(), self._words())

    def understand(self, line: bytes) -> TrainingEvent:
        try:
            return decode_event(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self._process.kill()
            shown = line[:200].decode("utf-8", "backslashreplace").rstrip()
            raise TrainingError(
                f"The training engine sent something that cannot be understood, so it was stopped. "
                f"{self._aftermath}",
                f"{error}\nThe line: {shown}\n{self._words()}",
            ) from error

    def leave(self) -> None:
        """Closes the pipe, which asks the engine to go, and makes sure of it without keeping anyone waiting."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        if self._process.poll() is None:
            threading.Thread(target=self._bury, name="engine-end", daemon=True).start()
        else:
            self._close()

    def _bury(self) -> None:
        try:
            self._process.wait(_LEAVE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close()

    def _close(self) -> None:
        for reader in self._readers:
            reader.join(1.0)
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError, ValueError):
                    pipe.close()

    def _read_events(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            while line := self._process.stdout.readline(_LINE_LIMIT):
                if not line.endswith(b"\n") and len(line) < _LINE_LIMIT:
                    break  # cut off by the end of the engine
                self._lines.put(line)
        self._lines.put(b"")

    def _read_words(self) -> None:
        assert self._process.stderr is not None
        with contextlib.suppress(OSError, ValueError):
            while line := self._process.stderr.readline(_LINE_LIMIT):
                self._last_words.append(line.decode("utf-8", "backslashreplace").rstrip())

    def _words(self) -> str:
        self._readers[1].join(0.5)
        return "\n".join(self._last_words)

    def _obituary(self) -> str:
        try:
            code = self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if code < 0:
            name = signal.Signals(-code).name if -code in list(signal.Signals) else f"signal {-code}"
            cause = f"was ended from outside ({name})"
            if -code == getattr(signal, "SIGKILL", 9):
                cause += ", often because the memory of the machine ran out"
        else:
            cause = f"ended unexpectedly (exit code {code})"
        return f"The training engine {cause}. {self._aftermath}"


def _aftermath(request: EngineRequest) -> str:
    """What is left when the engine dies, and the next step."""
    match request:
        case ImportRequested():
            return (
                "The model was not added, and all others are unchanged. Close other programs, then try again."
            )
        case _:
            return (
                "What was learned up to the last checkpoint is kept, and all models are unchanged. "
                "Close other programs, then resume the training."
            )


def _environment() -> dict[str, str]:
    """Ours, without what would change how Python or Keras behave in the child."""
    unwanted = {"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP"} if getattr(sys, "frozen", False) else set()
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return kept | {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
