"""A clean Debian in a folder, with one ordinary person in it."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

PERSON = 1000
HOME = "/home/Zoë Müller 写真"
_CHROOT = shutil.which("chroot") or "chroot"
_MOUNTS = (("/proc", "proc"), ("/dev", "dev"), ("/tmp/.X11-unix", "tmp/.X11-unix"))
_OURS = ("proc", "dev", "sys", "run", "tmp", "home", "var/lib/dpkg", "var/lib/apt", "var/cache", "var/log")
_CACHES = ("mimeinfo.cache", "icon-theme.cache", "ld.so.cache", ".uuid")


class Machine:
    """Made by debootstrap on entry, gone on exit.

    Attributes:
        root: The folder that is its `/`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._mounted: list[Path] = []

    def __enter__(self) -> Self:
        release = _release()
        subprocess.run(
            ["debootstrap", "--variant=minbase", release, str(self.root)], check=True, stdout=subprocess.DEVNULL
        )
        self.root.chmod(0o755)  # it is the `/` of the person
        for name in ("resolv.conf", "hosts"):
            shutil.copy(f"/etc/{name}", self.root / "etc" / name)
        for settings in Path("/etc/apt/apt.conf.d").glob("99*"):
            shutil.copy(settings, self.root / "etc/apt/apt.conf.d")
        self._add_person()
        for source, place in _MOUNTS:
            target = self.root / place
            Path(source).mkdir(exist_ok=True)
            target.mkdir(exist_ok=True)
            subprocess.run(["mount", "--bind", source, str(target)], check=True)
            self._mounted.append(target)
        self.run("apt-get", "update", "-q")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for target in reversed(self._mounted):
            subprocess.run(["umount", "--lazy", str(target)], check=True)

    def run(self, *command: str) -> str:
        """Runs a command as root and returns what it prints.

        Raises:
            RuntimeError: It fails.
        """
        variables = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "DEBIAN_FRONTEND": "noninteractive",
            "LC_ALL": "C.UTF-8",
        }
        ended = subprocess.run(
            ["chroot", str(self.root), *command], env=variables, capture_output=True, text=True
        )
        if ended.returncode:
            raise RuntimeError(
                f"{' '.join(command)}: {ended.returncode}\n{ended.stdout[-2000:]}{ended.stderr[-4000:]}"
            )
        return ended.stdout

    def command_of_person(self, command: Sequence[str]) -> list[str]:
        """The command line that runs `command` as the ordinary person, cut off from every network."""
        return ["unshare", "--net", _CHROOT, f"--userspec={PERSON}:{PERSON}", str(self.root), *command]

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """What a desktop session would set."""
        usual = {"PATH": "/usr/bin:/bin", "HOME": HOME, "USER": "zoe", "LANG": "C.UTF-8", "TMPDIR": "/var/tmp"}
        return usual | dict(more or {})

    def as_person(
        self, *command: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command as the person; what it prints is kept."""
        return subprocess.run(
            self.command_of_person(command),
            env=self.environment(env),
            capture_output=True,
            text=True,
            timeout=600,
        )

    def home(self, *parts: str) -> Path:
        """A path in the person's home, seen from outside."""
        return self.root / HOME[1:] / Path(*parts)

    def mount_read_only(self, place: str) -> Path:
        target = self.root / place
        subprocess.run(["mount", "--bind", str(target), str(target)], check=True)
        self._mounted.append(target)
        subprocess.run(["mount", "-o", "remount,bind,ro", str(target)], check=True)
        return target

    def unmount(self, target: Path) -> None:
        subprocess.run(["umount", str(target)], check=True)
        self._mounted.remove(target)

    def paths(self) -> set[str]:
        """All files and folders of the system; not those of people, package lists and running programs."""
        found = set()
        for folder, folders, files in os.walk(self.root):
            inside = os.path.relpath(folder, self.root)
            folders[:] = [name for name in folders if os.path.normpath(f"{inside}/{name}") not in _OURS]
            found.update(
                os.path.normpath(f"{inside}/{name}") for name in (*folders, *files) if name not in _CACHES
            )
        return found

    def _add_person(self) -> None:
        with (self.root / "etc/passwd").open("a", encoding="utf-8") as file:
            file.write(f"zoe:x:{PERSON}:{PERSON}:Zoë Müller:{HOME}:/bin/sh\n")
        with (self.root / "etc/group").open("a", encoding="utf-8") as file:
            file.write(f"zoe:x:{PERSON}:\n")
        self.home().mkdir()
        os.chown(self.home(), PERSON, PERSON)


def _release() -> str:
    for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.split("=", 1)[1].strip('"')
    raise RuntimeError("This is no Debian")
