"""Installs the package on a clean Debian, uses it as an ordinary person would, and removes it again.

`make package-test` runs it as root. The clean system is a folder that debootstrap fills; the app runs inside it
under another user, without network, from a read-only /opt, among settings that mean it no good. The screen,
the window manager and the hand that drags a folder are outside.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[2])]

from machine import Machine  # noqa: E402 - found on the path of above
from steps import STEPS, Trial  # noqa: E402 - found on the path of above

from development.screen import virtual_screen  # noqa: E402 - found on the path of above


def main() -> int:
    """Returns 0 if every step went as it must."""
    parser = argparse.ArgumentParser(prog="make package-test", description=__doc__)
    parser.add_argument("package", type=Path, help="the .deb to try")
    parser.add_argument("older", type=Path, help="the same package with a lower version, to upgrade from")
    parser.add_argument("--shots", type=Path, help="folder for pictures of the screen")
    chosen = parser.parse_args()
    with (
        virtual_screen(1366, 768),
        tempfile.TemporaryDirectory(prefix="scene-desktop-root-") as folder,
        Machine(Path(folder)) as machine,
    ):
        trial = Trial(machine, chosen.package, chosen.older, chosen.shots)
        for step in STEPS:
            began = time.monotonic()
            told = step(trial)
            print(f"ok  {step.__doc__.splitlines()[0]} ({time.monotonic() - began:.1f} s)", flush=True)
            for line in told or ():
                print(f"      {line}", flush=True)
    print("The package installs, works, upgrades and leaves as it must.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
