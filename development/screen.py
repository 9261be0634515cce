"""A virtual screen with a window manager, for pictures and measurements of the real window."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator


@contextlib.contextmanager
def virtual_screen(width: int, height: int) -> Iterator[str]:
    """Starts Xvfb and a window manager, sets DISPLAY for child processes, and yields its name.

    Raises:
        RuntimeError: Xvfb is not installed or does not start.
    """
    if shutil.which("Xvfb") is None:
        raise RuntimeError("Xvfb is missing. On Debian: apt-get install xvfb openbox")
    read_end, write_end = os.pipe()
    screen = f"{width}x{height}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", screen, "-nolisten", "tcp"],
        pass_fds=(write_end,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    manager = None
    before = {name: os.environ.get(name) for name in ("DISPLAY", "QT_QPA_PLATFORM", "WAYLAND_DISPLAY")}
    try:
        with os.fdopen(read_end) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        os.environ["DISPLAY"] = f":{number}"
        os.environ.pop("QT_QPA_PLATFORM", None)
        os.environ.pop("WAYLAND_DISPLAY", None)
        if shutil.which("openbox"):
            manager = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        yield f":{number}"
    finally:
        for process in (manager, server):
            if process is not None:
                process.kill()
                process.wait()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
