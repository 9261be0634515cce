"""A second start hands its files over to the window that is open, whatever state the first is in."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.core import session
from scene_desktop.core.drops import records
from scene_desktop.work.one_window import Entry, HandOver, OneWindow
from tests.processes import APP, kill, log_of, start, wait_until, window, windows_opened, with_boxes_told

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and sockets are others there")


def second_start(*arguments: str | bytes, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*APP, *arguments], cwd=cwd, capture_output=True, timeout=60)


def address() -> str:
    running = session.running()
    assert running is not None
    return running.address


@pytest.fixture
def first(qtbot: QtBot) -> Iterator[OneWindow]:
    """A first start that has got as far as its lock."""
    made = OneWindow()
    assert made.enter(HandOver(())) is Entry.FIRST
    assert made.trouble is None
    yield made
    made.leave()


def test_a_second_start_hands_its_files_over_and_leaves(home: Path, samples: Path, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"no \xff text.jpg")
    odd.write_bytes((samples / "sea" / "sea-001.jpg").read_bytes())
    with window(home):
        ended = second_start("sea-002.jpg", "../forest", cwd=samples / "sea")
        assert (ended.returncode, ended.stderr) == (0, b"")
        assert second_start(os.fsencode(odd)).returncode == 0
        wait_until(lambda: log_of(home).count("Classified") == 2, "two drops")
        assert windows_opened(home) == 1
    (record,) = records()
    assert set(record.paths) == {str(samples / "sea" / "sea-002.jpg"), str(samples / "forest"), str(odd)}
    assert record.done == 1 + 12 + 1


def test_windows_of_other_data_folders_run_side_by_side(home: Path, tmp_path: Path) -> None:
    other = tmp_path / ("写真 und ein langer Name " * 6).strip()
    with window(home), window(other, env=os.environ | {"SCENE_DESKTOP_HOME": str(other)}):
        assert len(os.fsencode(address())) < 104


def test_many_starts_at_the_same_moment_open_one_window(home: Path, samples: Path) -> None:
    def all_but_one_ended(started: list[subprocess.Popen[str]]) -> bool:
        return sum(one.poll() is not None for one in started) == 2

    def were_classified(drops: int) -> bool:
        return log_of(home).count("Classified 1 of 1") == drops

    for number in range(1, 4):
        started = [start(str(samples / "sea" / f"sea-00{one}.jpg")) for one in range(1, 4)]
        wait_until(partial(all_but_one_ended, started), "the end of all but one")
        (left,) = [one for one in started if one.poll() is None]
        assert [one.returncode for one in started if one is not left] == [0, 0]
        wait_until(partial(were_classified, 3 * number), "three drops")
        assert windows_opened(home) == number
        left.terminate()
        assert left.wait(20) == 0
        for one in started:
            one.communicate()


def test_a_start_waits_for_a_first_one_that_does_not_listen_yet(qtbot: QtBot, first: OneWindow) -> None:
    second = start("/photos/a.jpg")
    assert second.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(1.5)
    with qtbot.waitSignal(first.handed_over, timeout=20_000) as told:
        first.listen()
    assert told.args is not None
    assert told.args[0].files == ["/photos/a.jpg"]
    assert second.wait(10) == 0
    second.communicate()


def test_a_first_window_that_hangs_is_told_and_left_alone(home: Path) -> None:
    with window(home) as first:
        first.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        second = start("a.jpg", command=with_boxes_told())
        out, _ = second.communicate(timeout=60)
        assert time.monotonic() - began < 15
        assert second.returncode == 1
        assert f"BOX Scene Desktop is running already (process {first.pid})" in out
        first.send_signal(signal.SIGCONT)
    assert windows_opened(home) == 1


def test_a_killed_window_does_not_block_the_next_start(home: Path) -> None:
    with window(home) as first:
        left = Path(address())
        kill(first)
    assert left.exists()
    with window(home):
        assert windows_opened(home) == 2
        assert not left.exists()
        assert second_start().returncode == 0
    assert not (home / "running.json").exists()


@pytest.mark.parametrize(
    "garbage",
    [
        b"hello\n",
        b"\n",
        b"\xff\x00\n",
        b'{"paths":[]}\n'[:-2] + b"\n",
        b'{"paths":[],"format":2}\n',
        b'{"paths":[],"more":1}\n',
        b'{"paths":"L3g="}\n',
        b'{"paths":[1]}\n',
        b"[" * 10_000 + b"\n",
        b"x" * (17 * 2**20),
    ],
)
def test_garbage_is_ignored_and_the_door_stays_open(
    qtbot: QtBot, first: OneWindow, garbage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    first.listen()
    told: list[HandOver] = []
    first.handed_over.connect(told.append)
    sender = "import socket, sys\ns = socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])\n"
    sender += "try:\n s.sendall(sys.stdin.buffer.read())\n print(s.recv(9))\nexcept OSError: print('closed')"
    with subprocess.Popen(
        [sys.executable, "-c", sender, address()], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as stranger:
        assert stranger.stdin is not None
        stranger.stdin.write(garbage)
        stranger.stdin.close()
        qtbot.waitUntil(lambda: stranger.poll() is not None, timeout=20_000)
        assert stranger.stdout is not None
        assert stranger.stdout.read().strip() in (b"b''", b"closed")
    assert "ignored" in caplog.text
    assert told == []
    second = start("/a.jpg")
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert second.wait(10) == 0
    second.communicate()


def test_a_socket_in_a_folder_that_others_can_open_is_not_trusted(
    first: OneWindow, tmp_path: Path, home: Path
) -> None:
    """Whoever might listen there learns nothing."""
    folder = tmp_path / "theirs"
    folder.mkdir(mode=0o755)
    with socket.socket(socket.AF_UNIX) as theirs:
        theirs.bind(str(folder / "door"))
        theirs.listen()
        theirs.setblocking(False)
        running = session.running()
        assert running is not None
        forged = msgspec.structs.replace(running, address=str(folder / "door"))
        (home / "running.json").write_bytes(msgspec.json.encode(forged))
        second = start("/secret.jpg")
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(2.5)
        with pytest.raises(BlockingIOError):
            theirs.accept()
        kill(second)
        second.communicate()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give folders away")
def test_a_socket_in_a_folder_of_another_user_is_not_trusted(first: OneWindow) -> None:
    os.chown(Path(address()).parent, 12345, 12345)
    second = start("/secret.jpg")
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(2.5)
    kill(second)
    second.communicate()
    os.chown(Path(address()).parent, 0, 0)


def test_the_socket_lies_in_the_folder_of_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/tmp")
    one = OneWindow()
    assert one.enter(HandOver(())) is Entry.FIRST
    one.listen()
    folder = Path(address()).parent
    assert folder.parent == Path("/tmp")
    assert folder.stat().st_mode & 0o777 == 0o700
    one.leave()
    assert not folder.exists()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("long" * 40)))
    assert one.enter(HandOver(())) is Entry.FIRST
    one.listen()
    assert Path(address()).is_socket()
    one.leave()


def test_paths_of_any_bytes_survive_the_message() -> None:
    paths = [os.fsdecode(b"/a \xff\xfe\n.jpg"), "/b 写真.jpg", '/c\t".jpg']
    sent = msgspec.json.encode(HandOver.of(paths, "token"))
    assert b"\n" not in sent
    assert msgspec.json.decode(sent, type=HandOver).files == paths
