"""Whether a window can be opened at all; asked before Qt, which would abort without a sentence."""

import os
import socket
import sys

VERBS_HINT = (
    "The command line works without one: classify, train, evaluate, doctor, models, samples, self-test "
    "(see scene-desktop --help)."
)


def display_problem() -> str | None:
    """A sentence that says why no window can be opened here, or None."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return None
    if os.environ.get("WAYLAND_DISPLAY"):
        return None
    display = os.environ.get("DISPLAY", "")
    if not display:
        return f"There is no display to open a window on. {VERBS_HINT}"
    if display.startswith(":") and not _answers(display[1:].split(".")[0]):
        return f"The display {display} does not answer. {VERBS_HINT}"
    return None


def _answers(number: str) -> bool:
    path = f"/tmp/.X11-unix/X{number}"
    for address in (path, f"\0{path}"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(2)
            try:
                client.connect(address)
            except OSError:
                continue
            return True
    return False


def qt_problem(error: ImportError) -> str:
    """A sentence for a Qt that cannot be loaded, most often for want of a system library."""
    return (
        f"The window needs a library of the system that is missing ({error}). On Debian, type: "
        "sudo apt-get install -y libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 "
        f"libxcb-cursor0. {VERBS_HINT}"
    )
