"""The start of everything: no verb opens the window, `engine` is the training process, else a verb.

Each way imports only what it needs, because the window must be there within a second.
"""

import sys
from collections.abc import Sequence

from scene_desktop import surroundings


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs Scene Desktop and returns its exit code."""
    surroundings.prepare()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["engine"]:
        from training.engine import main as run_engine

        return run_engine()
    from scene_desktop.arguments import paths_to_open

    paths = paths_to_open(given)
    if paths is not None:
        return _open_window(paths)
    from scene_desktop.commands.program import run

    return run(given)


def _open_window(paths: list[str]) -> int:
    try:
        from scene_desktop.start import run_window

        return run_window(paths)
    except Exception as error:  # noqa: BLE001 - the last border: without a console nobody would learn of it
        from scene_desktop.last_resort import end_with

        end_with(error)


if __name__ == "__main__":
    sys.exit(main())
