"""The app as a process: what it imports, how it ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

DRIVE = """
import os, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from scene_desktop.app import Desk

application = QApplication([])
desk = Desk()
desk.open()
desk.bugs.install()
state, data = sys.argv[1], sys.argv[2]
if state in ("dropping", "dropped", "both"):
    desk.classify_flow.classify([data])
if state in ("training", "both"):
    from scene_desktop.core.recipes.presets import PRESETS
    desk.window.show_train_page()
    desk.training_flow.start(data, PRESETS["quick"].recipe, "x")
if state == "slow disk":
    from scene_desktop.core.photos import images
    walk = images.find_photos
    images.find_photos = lambda *given: (time.sleep(0.2) or path for path in walk(*given))
    desk.classify_flow.classify([data])
if state == "importing":
    from tests.share_zoo import good
    os.makedirs(os.environ["SCENE_DESKTOP_HOME"], exist_ok=True)
    shared = os.path.join(os.environ["SCENE_DESKTOP_HOME"], "theirs.scenemodel")
    open(shared, "wb").write(good().packed())
    desk.open_paths([shared])
if state in ("reading", "slow disk"):
    desk.window.show_train_page()
    desk.dataset_flow.read(data)

asked = 0.0

def quit_now():
    global asked
    asked = time.monotonic()
    desk.window.allow_close()

def check():
    if state == "dropped" and desk.classify_page.is_busy:
        return
    if state == "importing":
        assert desk.import_lane.is_busy
    poll.stop()
    QTimer.singleShot(300, quit_now)

poll = QTimer()
poll.timeout.connect(check)
poll.start(100)
code = application.exec()
ended = desk.close()
print("modules", sorted({"tensorflow", "keras"} & set(sys.modules)))
print("rows", len(desk.classify_page.predictions))
print("models", [model.card.name for model in desk.library.models()])
print("seconds", time.monotonic() - asked, flush=True)
sys.exit(code) if ended else os._exit(code)
"""


def engines_of(samples: Path) -> list[str]:
    """Engines on this machine that were started by a test of this session."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            command = (environment.parent / "cmdline").read_bytes()
            mine = str(samples.parents[1]).encode() in environment.read_bytes()
        except OSError:
            continue
        if mine and b"scene_desktop\0engine" in command:
            found.append(environment.parent.name)
    return found


@pytest.mark.parametrize(
    "state", ["idle", "dropping", "dropped", "reading", "training", "both", "slow disk", "importing"]
)
def test_quit_in_every_state_is_quick_clean_and_without_tensorflow(state: str, samples: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", DRIVE, state, str(samples)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert ended.returncode == 0, ended.stderr
    told = dict(line.split(" ", 1) for line in ended.stdout.splitlines())
    assert told["modules"] == "[]"
    assert float(told["seconds"]) < 5
    deadline = time.monotonic() + 20
    while engines_of(samples):
        assert time.monotonic() < deadline, "an engine outlives the window"
        threading.Event().wait(0.05)
    if state == "dropped":
        assert int(told["rows"]) == 72
    assert told["models"] == "['Natural scenes']"
    assert "Traceback" not in ended.stderr


def test_self_test_classifies_and_trains() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "scene_desktop", "self-test"], capture_output=True, text=True, timeout=170
    )
    assert ended.returncode == 0, ended.stderr
    assert "Classified the bundled picture" in ended.stderr
    assert "Trained on 48 pictures" in ended.stderr
    assert "Everything works." in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals are sent differently there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_in_order(number: signal.Signals, home: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "scene_desktop"],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
        text=True,
    )
    log = home / "logs" / "scene-desktop.log"
    deadline = time.monotonic() + 30
    while not (log.exists() and "interactive" in log.read_text()):
        assert time.monotonic() < deadline
        assert process.poll() is None
        threading.Event().wait(0.02)
    process.send_signal(number)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 0
    assert err == ""
    assert (home / "settings.ini").exists()
