"""What a person does with the package, step by step; a step that goes wrong raises."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from machine import HOME, PERSON, Machine

APP = "/usr/bin/scene-desktop"
DATA = ".local/share/scene-desktop"
LOG = ".local/state/scene-desktop/log/scene-desktop.log"
SAMPLES = f"{HOME}/my scenes"
NONSENSE = {
    "PYTHONPATH": "/nonsense",
    "PYTHONHOME": "/nonsense",
    "QT_PLUGIN_PATH": "/nonsense",
    "QT_QPA_PLATFORM_PLUGIN_PATH": "/nonsense",
    "QT_QPA_PLATFORMTHEME": "nonsense",
    "KERAS_BACKEND": "nonsense",
    "KERAS_HOME": "/nonsense",
    "LANG": "C",
}
INTERACTIVE, CLASSIFIED, NOT_IN_ORDER = (
    "The window is interactive",
    "Classified {} of {}",
    "was not closed in order",
)
_DRAG_FROM, _DRAG_TO = (80, 80), (760, 460)
_WAIT_S = 60.0


@dataclass
class Trial:
    """Shared by the steps.

    Attributes:
        clean: The paths of the system before the package came.
        kept: SHA-256 of every file of the person before the upgrade.
    """

    machine: Machine
    package: Path
    older: Path
    shots: Path | None = None
    clean: set[str] = field(default_factory=set)
    kept: dict[str, str] = field(default_factory=dict)

    def install(self, package: Path) -> None:
        place = self.machine.root / "var/tmp" / package.name
        shutil.copy(package, place)
        self.machine.run(
            "apt-get", "install", "-y", "-q", "--no-install-recommends", f"/var/tmp/{package.name}"
        )
        place.unlink()

    def app(self, *arguments: str) -> str:
        """Runs the command line among nonsense and returns both outputs.

        Raises:
            RuntimeError: It fails.
        """
        ended = self.machine.as_person(APP, *arguments, env=NONSENSE)
        said = ended.stdout + ended.stderr
        if ended.returncode:
            raise RuntimeError(f"scene-desktop {' '.join(arguments)}: {ended.returncode}\n{said}")
        return said

    def log(self) -> str:
        path = self.machine.home(LOG)
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @contextmanager
    def window(self, *arguments: str) -> Iterator["Window"]:
        """The open window; closed in order at the end."""
        opened = Window(self, arguments)
        try:
            yield opened
        finally:
            opened.close()

    def files_of_person(self) -> dict[str, str]:
        files = (path for path in self.machine.home().rglob("*") if path.is_file())
        return {
            str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
            if "/.cache/" not in str(path)
        }


class Window:
    """A running window of the installed app.

    Attributes:
        began: When it was started, by `time.monotonic`.
    """

    def __init__(self, trial: Trial, arguments: tuple[str, ...]) -> None:
        self._trial, self._seen = trial, len(trial.log())
        self.began = time.monotonic()
        display = {"DISPLAY": os.environ["DISPLAY"]}
        machine = trial.machine
        self.process = subprocess.Popen(
            machine.command_of_person([APP, *arguments]),
            env=machine.environment(NONSENSE | display),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.wait_for(INTERACTIVE)

    def wait_for(self, sign: str) -> float:
        """Waits until the log of this window has `sign`, and returns the seconds since the start.

        Raises:
            RuntimeError: It does not come, or the app ends.
        """
        while sign not in (told := self._trial.log()[self._seen :]):
            if self.process.poll() is not None or time.monotonic() - self.began > _WAIT_S:
                self.process.kill()
                said = self.process.communicate()[0].decode("utf-8", "replace")
                raise RuntimeError(f"The window did not come to “{sign}”.\n{told}\n{said}")
            time.sleep(0.01)
        return time.monotonic() - self.began

    @property
    def told(self) -> str:
        return self._trial.log()[self._seen :]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(20)
        if code not in (0, -signal.SIGKILL):
            raise RuntimeError(f"The window ended with {code}")


def needs(trial: Trial) -> None:
    """What the package needs is there in Debian"""
    for package in (trial.package, trial.older):
        fields = ("dpkg-deb", "--field", str(package), "Depends")
        wanted = subprocess.run(fields, check=True, capture_output=True, text=True).stdout.strip()
        trial.machine.run("apt-get", "satisfy", "-y", "-q", "--no-install-recommends", wanted)
    trial.clean = trial.machine.paths()


def older(trial: Trial) -> None:
    """The older package installs; the person trains with it and changes a setting"""
    trial.install(trial.older)
    keras = trial.machine.home(".keras")
    keras.mkdir()
    (keras / "keras.json").write_text('{"backend": "nonsense", "floatx": "float16", "image_data_format": "?"}')
    trial.app("samples", SAMPLES)
    trial.app("train", SAMPLES, "--epochs", "3", "--name", "Mine")
    settings = trial.machine.home(".config/scene-desktop/settings.ini")
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("[General]\ntheme=dark\n", encoding="utf-8")
    subprocess.run(["chown", "-R", f"{PERSON}:{PERSON}", str(trial.machine.home())], check=True)
    trial.kept = trial.files_of_person()


def upgrade(trial: Trial) -> list[str]:
    """The upgrade keeps models, runs and settings"""
    trial.install(trial.package)
    if trial.files_of_person() != trial.kept:
        raise RuntimeError("The upgrade changed files of the person")
    models, runs = trial.app("models"), trial.app("runs")
    if "Mine" not in models or "Mine" not in runs:
        raise RuntimeError(f"Lost by the upgrade:\n{models}\n{runs}")
    trial.app("classify", SAMPLES, "--model", "Mine")
    return [trial.app("--version").strip()]


def papers(trial: Trial) -> list[str]:
    """Entry, icon, type, man page, licences and the list of all parts lie where they belong"""
    listed = trial.machine.run("dpkg", "-L", "scene-desktop")
    for wanted in (
        *("/usr/bin/scene-desktop", "/usr/share/applications/scene-desktop.desktop"),
        *("/usr/share/icons/hicolor/256x256/apps/scene-desktop.png", "/usr/share/man/man1/scene-desktop.1.gz"),
        *("/usr/share/mime/packages/scene-desktop.xml", "/usr/share/doc/scene-desktop/copyright"),
        *(
            "/opt/scene-desktop/_internal/sbom.cdx.json",
            "/opt/scene-desktop/_internal/licences/Python/LICENSE.txt",
        ),
    ):
        if wanted not in listed.splitlines():
            raise RuntimeError(f"{wanted} is missing")
    size = trial.machine.run("du", "-sm", "/opt/scene-desktop").split()[0]
    return [f"installed {size} MB, package {trial.package.stat().st_size / 1e6:.0f} MB"]


def self_test(trial: Trial) -> list[str]:
    """The self-test classifies and trains, without network, among nonsense, from a read-only /opt"""
    trial.machine.mount_read_only("opt")
    said = trial.app("self-test")
    return [line for line in said.splitlines() if not line.startswith("  ")]


def photos_as_arguments(trial: Trial) -> list[str]:
    """A double click opens the window, and a photo on the icon is classified"""
    photo = "/opt/scene-desktop/_internal/resources/self-test.jpg"
    opened, classified = [], []
    for _ in range(3):
        with trial.window(photo) as window:
            opened.append(window.wait_for(INTERACTIVE))
            classified.append(window.wait_for(CLASSIFIED.format(1, 1)))
    return [f"window after {sorted(opened)[1]:.2f} s, first classification after {sorted(classified)[1]:.2f} s"]


def dropped_folder(trial: Trial) -> None:
    """A folder is dragged onto the window by mouse and classified"""
    count = sum(path.suffix == ".jpg" for path in trial.machine.home("my scenes").rglob("*"))
    with trial.window() as window, _hand(SAMPLES):
        window.wait_for(CLASSIFIED.format(count, count))
        _picture(trial, "dropped")


def second_start(trial: Trial) -> list[str]:
    """A second start hands its files over and leaves; a model file is compiled here and added"""
    shared, models = f"{HOME}/für alle.scenemodel", trial.machine.home(DATA, "models")
    trial.app("share", "Mine", shared)
    for folder in models.iterdir():  # as on the machine of somebody who never had it
        shutil.rmtree(folder)
    count = sum(path.suffix == ".jpg" for path in trial.machine.home("my scenes").rglob("*"))
    with trial.window() as window:
        began = time.monotonic()
        _hand_over(trial, SAMPLES)
        seconds = time.monotonic() - began
        window.wait_for(CLASSIFIED.format(count, count))
        _hand_over(trial, shared)
        _until(lambda: any(models.glob("[!.]*/card.json")), "The shared model was not added")
        _picture(trial, "handed over")
    trial.app("classify", SAMPLES, "--model", "Mine")
    return [f"handed over after {seconds:.2f} s"]


def crash(trial: Trial) -> None:
    """After a kill the next start says so, and the one after it does not"""
    with trial.window() as window:
        inside = subprocess.run(["pgrep", "-P", str(window.process.pid)], capture_output=True, text=True)
        os.kill(int(inside.stdout.split()[0]) if inside.stdout.strip() else window.process.pid, signal.SIGKILL)
        window.process.wait(20)
    with trial.window() as window:
        if NOT_IN_ORDER not in window.told:
            raise RuntimeError(f"Nothing is told of the kill:\n{window.told}")
        time.sleep(1.0)
        _picture(trial, "after a kill")
    with trial.window() as window:
        if NOT_IN_ORDER in window.told:
            raise RuntimeError("The kill is told twice")


def removal(trial: Trial) -> None:
    """Removed, it leaves the person's data and nothing else"""
    mine = trial.files_of_person()
    trial.machine.unmount(trial.machine.root / "opt")
    trial.machine.run("apt-get", "purge", "-y", "-q", "scene-desktop")
    # base-files makes /opt without dpkg's knowledge, so that it goes with the last package inside.
    left, gone = trial.machine.paths() - trial.clean, trial.clean - trial.machine.paths() - {"opt"}
    if left or gone:
        raise RuntimeError(f"Left behind: {sorted(left)[:20]}; taken away: {sorted(gone)[:20]}")
    if trial.files_of_person() != mine or not any(DATA in path for path in mine):
        raise RuntimeError("The data of the person did not stay")


STEPS: tuple[Callable[[Trial], list[str] | None], ...] = (
    *(needs, older, upgrade, papers, self_test),
    *(photos_as_arguments, dropped_folder, second_start, crash, removal),
)


def _hand_over(trial: Trial, path: str) -> None:
    ended = trial.machine.as_person(APP, path, env=NONSENSE | {"DISPLAY": os.environ["DISPLAY"]})
    if ended.returncode:
        raise RuntimeError(f"The second start ended with {ended.returncode}: {ended.stderr}")


@contextmanager
def _hand(path: str) -> Iterator[None]:
    """Drags a path from another program onto the middle of the screen and lets go."""
    source = subprocess.Popen([sys.executable, str(Path(__file__).with_name("drag_source.py")), path])
    try:
        named = ("xdotool", "search", "--name", "drag_source", "getwindowname")
        _until(lambda: b"drag_source" in _output(*named), "The window to drag from did not open")
        _output("xdotool", "mousemove", *map(str, _DRAG_FROM), "mousedown", "1")
        for step in range(1, 21):
            x, y = (round(a + (b - a) * step / 20) for a, b in zip(_DRAG_FROM, _DRAG_TO, strict=True))
            _output("xdotool", "mousemove", str(x), str(y), "sleep", "0.05")
        _output("xdotool", "sleep", "0.5", "mouseup", "1")
        yield
    finally:
        source.terminate()
        source.wait()


def _until(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + _WAIT_S
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError(otherwise)
        time.sleep(0.1)


def _output(*command: str) -> bytes:
    return subprocess.run(command, capture_output=True, check=False).stdout


def _picture(trial: Trial, name: str) -> None:
    if trial.shots is not None:
        trial.shots.mkdir(parents=True, exist_ok=True)
        program = Path(__file__).with_name("picture.py")
        subprocess.run([sys.executable, str(program), str(trial.shots / f"{name}.png")], check=True)
