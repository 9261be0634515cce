"""Which arguments open the window, and which are a command line."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.app import Desk
from scene_desktop.arguments import paths_to_open
from tests.e2e.conftest import opened
from tests.processes import APP, start

pytestmark = pytest.mark.skipif(os.name == "nt", reason="paths look different there")


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    with opened(qtbot) as made:
        yield made


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([], []),
        (["there"], ["there"]),
        (["gone.jpg"], ["gone.jpg"]),
        (["gone/folder"], ["gone/folder"]),
        (["./clasify"], ["clasify"]),
        (["gone.jpg", "a folder", "b"], ["gone.jpg", "a folder", "b"]),
        (["theirs.scenemodel"], ["theirs.scenemodel"]),
        (["--"], []),
        (["--", "-x.jpg", "clasify", "--csv"], ["-x.jpg", "clasify", "--csv"]),
        (["a.jpg", "--", "-b.jpg"], ["a.jpg", "-b.jpg"]),
        (["file:///p/a%20b%23%3f.jpg"], ["/p/a b#?.jpg"]),
        (["file:///p/%FF.jpg"], [os.fsdecode(b"/p/\xff.jpg")]),
        (["file://localhost/p/a.jpg", "file:/p/b.jpg"], ["/p/a.jpg", "/p/b.jpg"]),
        (["file://[broken/p"], ["file://[broken/p"]),
        ([os.fsdecode(b"\xff.jpg")], [os.fsdecode(b"\xff.jpg")]),
    ],
)
def test_what_looks_like_a_path_is_opened(
    given: list[str], wanted: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    assert paths_to_open(given) == [os.path.abspath(path) for path in wanted]


@pytest.mark.parametrize(
    "given",
    [
        ["clasify"],
        ["clasify", "a.jpg"],
        [""],
        ["classify", "a.jpg"],
        ["self-test"],
        ["--version"],
        ["a.jpg", "--csv", "out.csv"],
        ["-h", "--", "a.jpg"],
    ],
)
def test_verbs_words_and_options_are_a_command_line(given: list[str]) -> None:
    assert paths_to_open(given) is None


def test_a_file_of_the_name_of_a_verb_needs_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "classify").mkdir()
    assert paths_to_open(["classify"]) is None
    assert paths_to_open(["./classify"]) == [str(tmp_path / "classify")]


def test_a_working_folder_that_is_gone_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert paths_to_open(["/p/a.jpg", "b.jpg"]) == ["/p/a.jpg", "b.jpg"]


def test_a_verb_with_a_slip_is_an_error_of_the_command_line() -> None:
    ended = subprocess.run([*APP, "clasify"], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 2
    assert "clasify" in ended.stderr


def test_what_is_not_there_is_told_in_the_page(qtbot: QtBot, desk: Desk) -> None:
    page = desk.classify_page
    desk.window.show_train_page()
    desk.outside_flow.open(["/gone/<b>a.jpg"])
    qtbot.waitUntil(lambda: "“<b>a.jpg” is not there" in page.note.text)
    assert page.isVisible()
    desk.outside_flow.open(["/gone/a.jpg", "/gone/b"])
    qtbot.waitUntil(lambda: "None of the 2 files and folders is there" in page.note.text)
    assert page.predictions == []


def test_what_is_not_there_among_others_is_a_row_with_the_reason(
    qtbot: QtBot, desk: Desk, samples: Path
) -> None:
    desk.outside_flow.open([str(samples / "sea" / "sea-001.jpg"), "/gone/a.jpg"])
    qtbot.waitUntil(lambda: len(desk.classify_page.predictions) == 2, timeout=30_000)
    errors = {row.path: row.error for row in desk.classify_page.predictions}
    assert "does not exist" in str(errors["/gone/a.jpg"])
    assert errors[str(samples / "sea" / "sea-001.jpg")] is None


OPENED_BY_THE_SYSTEM = """
import sys
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QFileOpenEvent
from scene_desktop.ui.window.application import Application
application = Application([])
application.files_opened.connect(lambda paths: (print(paths), application.quit()))
for path in sys.argv[1:]:
    application.sendEvent(application, QFileOpenEvent(QUrl.fromLocalFile(path)))
application.exec()
"""


def test_files_that_the_system_opens_arrive_together() -> None:
    """As macOS does: an event for each file."""
    process = start("/p/a.jpg", "/p/写 b.jpg", command=[sys.executable, "-c", OPENED_BY_THE_SYSTEM])
    out, err = process.communicate(timeout=30)
    assert out.strip() == "['/p/a.jpg', '/p/写 b.jpg']", err
