"""`scene-desktop sort`: plan, apply, resume, undo and list, as a person types them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from scene_desktop.commands.program import run
from scene_desktop.core import sorting
from tests.sort_kills import looks

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def photos(tmp_path: Path, samples: Path) -> Path:
    """A few drawn photos and one that cannot be read."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("sea", "forest"):
        for path in sorted((samples / name).iterdir())[:3]:
            shutil.copy2(path, folder / path.name)
    (folder / "zz bad.jpg").write_bytes(b"no photo")
    return folder


def sort(*arguments: object) -> int:
    return run(["sort", *map(str, arguments)])


def document(captured: Captured) -> Any:
    return json.loads(captured.readouterr().out)


def test_a_plan_is_shown_and_changes_nothing(photos: Path, tmp_path: Path, capsys: Captured) -> None:
    before = looks(photos)
    assert sort(photos, "--into", tmp_path / "sorted", "--plan") == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert len(lines) == 7
    assert all("  →  " in line for line in lines)
    assert lines[-1].endswith("→  _unreadable/zz bad.jpg")
    assert "7 photos" in err
    assert "Nothing was changed" in err
    assert looks(photos) == before
    assert not (tmp_path / "sorted").exists()


def test_plan_as_json_tells_the_same_as_apply_does(photos: Path, tmp_path: Path, capsys: Captured) -> None:
    target = tmp_path / "sorted"
    assert sort(photos, "--into", target, "--plan", "--json", "-") == 0
    plan = document(capsys)
    assert (plan["ready"], plan["problems"], plan["how"]) == (True, [], "copy")
    assert sum(plan["folders"].values()) == len(plan["photos"]) == 7
    assert sort(photos, "--into", target, "--apply") == 0
    for photo in plan["photos"]:
        assert Path(photo["target"]).read_bytes() == Path(photo["source"]).read_bytes()


@pytest.mark.parametrize("how", ["copy", "move", "link"])
def test_apply_list_and_undo(how: str, photos: Path, tmp_path: Path, capsys: Captured) -> None:
    before = looks(photos)
    target = tmp_path / "sorted"
    given = ("--into", target, "--how", how, "--sidecars", "--threshold", "0", "--apply", "--json", "-")
    assert sort(photos, *given) == 0
    made = document(capsys)
    assert (made["done"], made["total"], made["state"], made["failed"]) == (7, 7, "done", [])
    assert len(list(target.rglob("*.xmp"))) == 6
    assert len(list(photos.iterdir())) == (0 if how == "move" else 7)
    assert sort("--list") == 0
    assert made["id"] in capsys.readouterr().out
    assert sort("--undo", made["id"]) == 0
    assert "7 of 7 photos are as before" in capsys.readouterr().err
    assert looks(photos) == before
    assert not target.exists()
    assert sort("--list", "--json", "-") == 0
    assert [record["state"] for record in document(capsys)] == ["undone"]


def test_undo_without_an_id_takes_the_newest_and_says_what_it_left(
    photos: Path, tmp_path: Path, capsys: Captured
) -> None:
    target = tmp_path / "sorted"
    sort(photos, "--into", target, "--apply")
    edited = target / "_unreadable" / "zz bad.jpg"
    edited.write_bytes(b"edited since")
    capsys.readouterr()
    assert sort("--undo") == 1
    err = capsys.readouterr().err
    assert f"Left {edited}: It has been changed" in err
    assert "6 of 7 photos are as before" in err
    assert edited.read_bytes() == b"edited since"


def test_unsure_and_unreadable_photos_stay_when_asked(photos: Path, tmp_path: Path, capsys: Captured) -> None:
    given = ("--no-unsure", "--no-unreadable", "--threshold", "1", "--plan", "--json", "-")
    assert sort(photos, "--into", tmp_path / "sorted", *given) == 1
    assert document(capsys)["photos"] == []


def test_an_interrupted_sort_is_resumed(
    photos: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_plan = sorting.apply_plan
    asked = iter([False] * 2)
    monkeypatch.setattr(
        sorting, "apply_plan", lambda plan, report, stop: apply_plan(plan, report, lambda: next(asked, True))
    )
    assert sort(photos, "--into", tmp_path / "sorted", "--how", "move", "--apply", "--json", "-") == 130
    out, err = capsys.readouterr()
    made = json.loads(out)
    assert (made["done"], made["state"]) == (2, "unfinished")
    assert f"--resume {made['id']}" in err
    assert sort("--resume") == 0
    assert "7 of 7 photos" in capsys.readouterr().err
    assert list(photos.iterdir()) == []
    assert sort("--resume") == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Expected one of --plan"),
        (("{photos}", "--plan", "--apply"), "Expected one of --plan"),
        (("{photos}", "--plan"), "Expected photos and a target"),
        (("--plan", "--into", "{tmp}/sorted"), "Expected photos and a target"),
        (("{tmp}/gone", "--plan", "--into", "{tmp}/sorted"), "does not exist"),
        (("{photos}", "--into", "{tmp}/sorted", "--how", "burn", "--plan"), "--how"),
        (("{photos}", "--into", "{photos}/zz bad.jpg", "--apply"), "is a file"),
        (("{photos}", "--into", "{tmp}/sorted", "--plan", "--json", "{tmp}/no/such.json"), "does not exist"),
        (("--undo",), "There is no sort for that"),
        (("--undo", "20200101-000000-00000000"), "There is no sort “20200101"),
        (("--resume", "a", "b"), "Expected one id"),
    ],
)
def test_wrong_input_is_exit_2_with_a_sentence(
    arguments: tuple[str, ...], words: str, photos: Path, tmp_path: Path, capsys: Captured
) -> None:
    before = looks(tmp_path)
    assert sort(*(argument.format(photos=photos, tmp=tmp_path) for argument in arguments)) == 2
    shown = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert words in shown
    assert "Traceback" not in shown
    assert {path: look for path, look in looks(tmp_path).items() if "/home" not in path} == before
