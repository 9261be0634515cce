"""The training engine: a child process, commands in on standard input, events out on standard output.

One JSON object a line in both directions (see `scene_desktop.core.runs.events`). One engine does one thing (a
training, the examination of a data set, the import of a model) and leaves; the memory of TensorFlow goes with
it. It also leaves when its standard input closes, because then the window that started it is gone; a training
is kept for later.
"""

import contextlib
import logging
import os
import shutil
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO

import msgspec

from scene_desktop.core.errors import Stopped
from scene_desktop.core.runs.events import (
    ContinueRequested,
    DataSetExamined,
    DiscardRequested,
    EngineRequest,
    ExamineRequested,
    FinishRequested,
    ImportRequested,
    KeepRequested,
    PauseRequested,
    TrainingDiscarded,
    TrainingEvent,
    TrainingFailed,
    TrainingKept,
    TrainRequested,
    decode_command,
    encode_line,
)
from training.run import environment
from training.run.control import Control
from training.run.failures import failure, import_failure

_NICENESS = 5
_LEAVE_S = 3.0
_SAVE_S = 15.0
_LINE_LIMIT = 1 << 20

_log = logging.getLogger(__name__)


def main() -> int:
    """Runs the engine; returns the exit code: 0 for saved, kept or discarded, 1 for failed."""
    events = _take_standard_output()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    environment.prepare()
    _lower_priority()
    commands = os.fdopen(os.dup(0), "rb")
    return Engine(commands, events).run()


def _take_standard_output() -> BinaryIO:
    """Keeps the real standard output for events; whatever libraries print goes to standard error."""
    events = os.fdopen(os.dup(1), "wb")
    sys.stdout.flush()
    os.dup2(2, 1)
    return events


def _lower_priority() -> None:
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(_NICENESS)


class Engine:
    """One training between two pipes.

    Args:
        commands: Read by a thread of its own, which also sees it close.
        events: Written and flushed a line at a time.
    """

    def __init__(self, commands: BinaryIO, events: BinaryIO) -> None:
        self._commands, self._events = commands, events
        self._control = Control(self.tell, can_wait=True)
        self._writing = threading.Lock()
        self._over = threading.Event()

    def run(self) -> int:
        """Waits for a request, does it, and tells how it ended."""
        request = self._first_command()
        if request is None:
            return 0
        if isinstance(request, TrainingFailed):
            self.tell(request)
            return 1
        threading.Thread(target=self._listen, name="commands", daemon=True).start()
        last = self._do(request)
        self._over.set()
        if last is not None:
            self.tell(last)
        return 1 if isinstance(last, TrainingFailed) else 0

    def tell(self, event: TrainingEvent) -> None:
        """Writes one event; if nobody listens any more the training is kept for later."""
        try:
            with self._writing:
                self._write(event)
        except OSError:
            self._control.keep()

    def _write(self, event: TrainingEvent) -> None:
        self._events.write(encode_line(event))
        self._events.flush()

    def _first_command(self) -> EngineRequest | TrainingFailed | None:
        """The request; None if there is none because the window has gone or has changed its mind."""
        line = self._commands.readline(_LINE_LIMIT)
        if not line:
            return None
        try:
            command = decode_command(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return TrainingFailed(
                message="The training engine got a request that it cannot understand. Start it again.",
                details=f"{error}\nThe line: {line[:200]!r}",
            )
        return command if isinstance(command, EngineRequest) else None

    def _do(self, request: EngineRequest) -> TrainingEvent | None:
        """The last event; None if it has been told already."""
        recipe = request.recipe if isinstance(request, TrainRequested) else None
        try:
            if isinstance(request, ExamineRequested):
                from training.doctor.examine import examine

                return DataSetExamined(report=examine(request.dataset, self.tell, self._control))
            if isinstance(request, ImportRequested):
                from training.importing import import_model

                return import_model(request.path, self.tell, self._control)
            from training.train import train

            train(request, self.tell, self._control)
        except Stopped:
            return None if self._control.keeping() else TrainingDiscarded()
        except Exception as error:  # noqa: BLE001 - the border: every end is told as an event
            return import_failure(error) if isinstance(request, ImportRequested) else failure(error, recipe)
        return None

    def _listen(self) -> None:
        """Thread: takes wishes until the pipe closes, which counts as a wish to keep the training."""
        while line := self._commands.readline(_LINE_LIMIT):
            try:
                command = decode_command(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                _log.warning("A command is ignored: %s", error)
                continue
            match command:
                case FinishRequested():
                    self._control.finish()
                case PauseRequested():
                    self._control.pause()
                case ContinueRequested():
                    self._control.go_on()
                case KeepRequested():
                    self._end(self._control.keep, TrainingKept())
                case DiscardRequested():
                    self._end(self._control.discard, TrainingDiscarded())
                case _:
                    _log.warning("A second request is ignored; one engine does one training")
        self._end(self._control.keep, None)

    def _end(self, wish: Callable[[], None], last: TrainingEvent | None) -> None:
        """Asks the work to end, and leaves without it if it does not, as while TensorFlow is imported."""
        wish()
        threading.Thread(target=self._leave, args=(last,), name="leave", daemon=True).start()

    def _leave(self, last: TrainingEvent | None) -> None:
        if self._over.wait(_LEAVE_S):
            return
        # What is being written is completed first: it is a matter of a moment.
        self._control.saving.acquire(timeout=_SAVE_S)
        if self._over.is_set():
            return
        if not self._control.keeping():
            for folder in self._control.leftovers:
                shutil.rmtree(folder, ignore_errors=True)
        if last is None:
            os._exit(0)
        with self._writing:  # never given back: nothing may follow the last event
            with contextlib.suppress(OSError):
                self._write(last)
            os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
