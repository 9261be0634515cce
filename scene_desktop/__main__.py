"""The start of everything: no verb opens the window, `engine` is the training process, else a verb.

Each way imports only what it needs, because the window must be there within a second.
"""

import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs Scene Desktop and returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["engine"]:
        from training.engine import main as run_engine

        return run_engine()
    if not given or _are_dropped(given):
        from scene_desktop.app import run_window

        return run_window(given)
    from scene_desktop.commands.program import run

    return run(given)


def _are_dropped(arguments: Sequence[str]) -> bool:
    """Whether the arguments are files and folders, as when photos are dropped on the icon."""
    from scene_desktop.commands import VERBS

    if arguments[0] in VERBS:
        return False
    return all(not argument.startswith("-") and os.path.exists(argument) for argument in arguments)


if __name__ == "__main__":
    sys.exit(main())
