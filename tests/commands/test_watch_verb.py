"""`scene-desktop watch` as a process: photos arrive, are told, sorted, and Ctrl+C ends it in order."""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scene_desktop.commands.watch import watch
from scene_desktop.core.errors import InputError
from tests.commands.test_verbs import run
from tests.processes import wait_until


@pytest.mark.skipif(os.name == "nt", reason="signals are sent differently there")
def test_photos_that_arrive_are_classified_and_sorted_until_ctrl_c(samples: Path, tmp_path: Path) -> None:
    camera, table, lines = tmp_path / "camera", tmp_path / "out.csv", tmp_path / "out.jsonl"
    camera.mkdir()
    shutil.copy(samples / "sea" / "sea-001.jpg", camera / "old.jpg")
    flags = ["--sort-into", str(camera / "Sorted"), "--csv", str(table), "--jsonl", str(lines)]
    process = subprocess.Popen(
        [sys.executable, "-m", "scene_desktop", "watch", str(camera), *flags],
        env=os.environ | {"SCENE_DESKTOP_LOG": "INFO"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stderr.readline().startswith("Watching")
    while "core.classify.watching: Watching" not in process.stderr.readline():
        assert process.poll() is None
    for name in ("sea", "forest"):
        shutil.copy(samples / name / f"{name}-001.jpg", camera / f"{name}.jpg")
    (camera / "bad.jpg").write_bytes(b"no photo")
    heard: list[str] = []
    reader = threading.Thread(target=lambda: heard.extend(process.stdout))
    reader.start()
    wait_until(lambda: len(list((camera / "Sorted").rglob("*.jpg"))) == 3, "three sorted photos", 30)
    shutil.copy(samples / "sea" / "sea-002.jpg", camera / "zz last.jpg")
    # What was sorted before does not come round again: it would before, or together with, the last one.
    wait_until(lambda: len(list((camera / "Sorted").rglob("*.jpg"))) > 3, "the last sorted photo", 30)
    sorted_names = sorted(path.name for path in (camera / "Sorted").rglob("*.jpg"))
    process.send_signal(signal.SIGINT)
    errors = process.stderr.read()
    assert process.wait(timeout=10) == 0
    reader.join()
    assert sorted_names == ["bad.jpg", "forest.jpg", "sea.jpg", "zz last.jpg"]
    assert len(heard) == 4
    assert "3 photos classified, 1 could not be read, 4 sorted." in errors
    with table.open(encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == 4
    assert {Path(json.loads(line)["path"]).name for line in lines.read_text().splitlines()} == set(sorted_names)


def test_sorting_into_the_watched_folder_itself_is_refused(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["watch", str(tmp_path), "--sort-into", str(tmp_path)]) == 2
    assert "Choose a folder below it or elsewhere" in capsys.readouterr().err


def test_what_is_no_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["watch", str(tmp_path / "none")]) == 2
    assert "is no folder" in capsys.readouterr().err


def test_a_table_with_other_columns_is_not_continued(tmp_path: Path) -> None:
    table = tmp_path / "out.csv"
    table.write_text("path,class\nx,y\n", encoding="utf-8")

    with pytest.raises(InputError, match="other columns"):
        watch(tmp_path, csv=table)

    assert table.read_text(encoding="utf-8") == "path,class\nx,y\n"
