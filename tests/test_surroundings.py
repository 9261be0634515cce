"""The process is the same however it was started: closed streams, foreign settings, odd homes."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from scene_desktop import surroundings
from tests.processes import APP, ENDS_AFTER_ONE_PHOTO, log_of, start, wait_until, window, with_boxes_told

pytestmark = pytest.mark.skipif(os.name == "nt", reason="descriptors and homes are others there")

NONSENSE = {
    "KERAS_BACKEND": "torch",
    "KERAS_HOME": "/dev/null/keras",
    "KERAS_MAX_EPOCHS": "1",
    "KERAS_MAX_STEPS_PER_EPOCH": "1",
    "TF_USE_LEGACY_KERAS": "1",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTRAOP_THREADS": "many",
    "TF_XLA_FLAGS": "--no_such_flag=1",
    "XLA_FLAGS": "--xla_no_such_flag=1",
    "QT_PLUGIN_PATH": "/nowhere",
    "QML2_IMPORT_PATH": "/nowhere",
    "QT_STYLE_OVERRIDE": "nonsense",
    "QT_QPA_PLATFORMTHEME": "nonsense",
    "QT_IM_MODULE": "nonsense",
    "LD_LIBRARY_PATH": "/nowhere",
    "PYTHONIOENCODING": "ascii",
    "LANG": "C",
    "LC_ALL": "C",
}

CLOSED = "import os, sys\nfor number in {numbers}: os.close(number)\nos.execv(sys.executable, sys.argv[1:])"


def with_closed(numbers: tuple[int, ...], *arguments: str) -> list[str]:
    """The app started with these descriptors closed."""
    return [sys.executable, "-c", CLOSED.format(numbers=numbers), *APP, *arguments]


def self_test(command: list[str], environment: Mapping[str, str]) -> None:
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=170)
    assert ended.returncode == 0, ended.stderr


# Standard streams


@pytest.mark.parametrize("numbers", [(0, 1, 2), (0,), (1, 2), (2,)])
def test_classifying_works_without_standard_streams(
    numbers: tuple[int, ...], samples: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.csv"
    command = with_closed(numbers, "classify", str(samples / "sea"), "--csv", str(target))
    ended = subprocess.run(command, capture_output=True, timeout=60)
    assert ended.returncode == 0
    assert len(target.read_text("utf-8").splitlines()) == 13


def test_classifying_and_training_work_without_standard_streams(home: Path) -> None:
    self_test(with_closed((0, 1, 2), "self-test"), os.environ)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_window_without_standard_streams_keeps_files_out_of_their_place(home: Path, samples: Path) -> None:
    with window(home, str(samples / "sea"), command=with_closed((0, 1, 2))) as process:
        wait_until(lambda: "Classified 12 of 12" in log_of(home), "a drop")
        for number in range(3):
            assert os.readlink(f"/proc/{process.pid}/fd/{number}") == "/dev/null"
    assert "ERROR" not in log_of(home)


def test_streams_that_are_none_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a program without a console on Windows."""
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    surroundings.fill_standard_streams()
    assert sys.stdin is not None
    for stream in (sys.stdout, sys.stderr):
        assert stream.write("写真 \udcff\n")
        stream.flush()


# Settings of other programs


def test_classifying_and_training_do_not_care_for_nonsense_in_the_environment(
    home: Path, tmp_path: Path
) -> None:
    person = tmp_path / "person"
    (person / ".keras").mkdir(parents=True)
    (person / ".keras" / "keras.json").write_text('{"backend": "torch", "floatx": "float16", "epsilon": "x"}')
    self_test([*APP, "self-test"], os.environ | NONSENSE | {"HOME": str(person)})
    assert sorted(path.name for path in person.iterdir()) == [".keras"]


def test_a_window_opens_and_classifies_with_nonsense_in_the_environment(home: Path, samples: Path) -> None:
    with window(home, str(samples / "sea"), env=os.environ | NONSENSE):
        wait_until(lambda: "Classified 12 of 12" in log_of(home), "a drop")


def test_settings_that_change_numbers_are_forgotten_and_harmless_ones_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from training.run import environment

    for name, value in (NONSENSE | {"TF_FORCE_GPU_ALLOW_GROWTH": "true"}).items():
        monkeypatch.setenv(name, value)
    for name in ("TF_CPP_MIN_LOG_LEVEL", "GRPC_VERBOSITY"):
        monkeypatch.setenv(name, "1")
    environment.prepare()
    left = {name for name in os.environ if name.startswith(("KERAS_", "TF_", "XLA_"))}
    assert left == {"KERAS_HOME", "KERAS_BACKEND", "TF_CPP_MIN_LOG_LEVEL", "TF_FORCE_GPU_ALLOW_GROWTH"}
    assert os.environ["KERAS_BACKEND"] == "tensorflow"
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "1"


def test_the_installed_app_forgets_other_qts_and_gives_back_the_library_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    platforms = tmp_path / "PySide6" / "Qt" / "plugins" / "platforms"
    platforms.mkdir(parents=True)
    (platforms / "libqxcb.so").touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    for name in ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QML2_IMPORT_PATH", "_PYI_ARCHIVE_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle:/theirs")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/theirs")
    monkeypatch.setenv("QT_QPA_PLATFORM", "wayland;xcb")
    surroundings.prepare()
    assert "QT_PLUGIN_PATH" not in os.environ
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in os.environ
    assert "QML2_IMPORT_PATH" not in os.environ
    assert "_PYI_ARCHIVE_FILE" not in os.environ
    assert os.environ["LD_LIBRARY_PATH"] == "/theirs"
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
    assert os.environ["QT_QPA_PLATFORM"] == "wayland;xcb"
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle")
    monkeypatch.setenv("QT_QPA_PLATFORM", "wayland")
    surroundings.prepare()
    assert "LD_LIBRARY_PATH" not in os.environ
    assert "QT_QPA_PLATFORM" not in os.environ


def test_from_the_sources_the_settings_of_a_developer_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_PLUGIN_PATH", "/mine")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/mine")
    surroundings.prepare()
    assert (os.environ["QT_PLUGIN_PATH"], os.environ["LD_LIBRARY_PATH"]) == ("/mine", "/mine")


# Homes


@pytest.mark.parametrize("person", ["none", "unwritable", "Zoë Müller 写真"])
def test_a_window_opens_and_classifies_in_any_home(person: str, samples: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    del environment["SCENE_DESKTOP_HOME"], environment["HOME"]
    environment["LANG"] = "C"
    if person == "none":
        environment |= {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("DATA", "STATE", "CACHE", "CONFIG")}
    elif person == "unwritable":
        (tmp_path / "file").touch()
        environment["HOME"] = str(tmp_path / "file" / "home")
    else:
        environment["HOME"] = str(tmp_path / person)
    process = start(
        str(samples / "sea" / "sea-001.jpg"), command=with_boxes_told(ENDS_AFTER_ONE_PHOTO), env=environment
    )
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "CLASSIFIED True" in out
    assert ("cannot be written" in out) is (person == "unwritable")
    if person != "unwritable":
        assert list(tmp_path.rglob("scene-desktop.log"))
