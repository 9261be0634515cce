"""How a running training is told to end: finish now, or discard."""

import threading
from pathlib import Path

from scene_desktop.core.errors import Stopped


class Control:
    """Two wishes that any thread may set and that the work looks at often.

    Attributes:
        saving: Held while the model is being written, the one step that is completed whatever is wished.
        leftovers: Folders to remove if the process has to leave without waiting for the work.
    """

    def __init__(self) -> None:
        self._finish = threading.Event()
        self._discard = threading.Event()
        self.saving = threading.Lock()
        self.leftovers: list[Path] = []

    def finish(self) -> None:
        """Asks to end the fit and to keep the best epoch so far."""
        self._finish.set()

    def discard(self) -> None:
        """Asks to drop everything."""
        self._discard.set()

    def finishing(self) -> bool:
        return self._finish.is_set()

    def discarded(self) -> bool:
        return self._discard.is_set()

    def check(self) -> None:
        """A place where the work can be left.

        Raises:
            Stopped: It is to be discarded.
        """
        if self._discard.is_set():
            raise Stopped
