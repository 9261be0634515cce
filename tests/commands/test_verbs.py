"""The fixed contracts of the command line: columns, keys, exit codes, words for wrong input."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scene_desktop.commands.program import run
from scene_desktop.core.datasets.samples import CLASSES
from tests.photo_zoo import write_zoo


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_classify_writes_one_csv_row_a_photo_to_standard_output(
    samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["classify", str(samples / "sea"), "--csv", "-"]) == 0
    out, err = capsys.readouterr()
    header = out.splitlines()[0]
    assert header == "path,class,confidence,unsure,error,corrected,guess," + ",".join(CLASSES)
    rows = table(out)
    assert [row["path"] for row in rows] == sorted(str(path) for path in (samples / "sea").iterdir())
    for row in rows:
        scores = {name: float(row[name]) for name in CLASSES}
        assert row["class"] == max(scores, key=lambda name: scores[name])
        assert sum(scores.values()) == pytest.approx(1, abs=1e-4)
        assert row["unsure"] == ("yes" if float(row["confidence"]) < 0.6 else "no")
    assert "12 photos" in err


def test_threshold_decides_what_is_unsure(samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["classify", str(samples / "sea"), "--csv", "-", "--threshold", "1"])
    assert {row["unsure"] for row in table(capsys.readouterr().out)} == {"yes"}
    run(["classify", str(samples / "sea"), "--csv", "-", "--threshold", "0"])
    assert {row["unsure"] for row in table(capsys.readouterr().out)} == {"no"}


def test_unreadable_photos_are_rows_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = write_zoo(tmp_path / "zoo")
    assert run(["classify", str(tmp_path / "zoo"), "--csv", str(tmp_path / "out.csv")]) == 0
    rows = table((tmp_path / "out.csv").read_text(encoding="utf-8"))
    failed = [row for row in rows if row["error"]]
    assert len(rows) == len(good) + len(bad)
    assert len(failed) == len(bad)
    assert all(row["class"] == "" and row["confidence"] == "" and row["sea"] == "" for row in failed)


def test_json_and_csv_agree(samples: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    assert run(["classify", str(samples / "sea"), "--json", str(out), "--csv", str(tmp_path / "out.csv")]) == 0
    document = json.loads(out.read_text())
    rows = table((tmp_path / "out.csv").read_text())
    assert [photo["path"] for photo in document["photos"]] == [row["path"] for row in rows]
    assert document["photos"][0]["scores"]["sea"] == pytest.approx(float(rows[0]["sea"]), abs=1e-6)


def test_nothing_classified_is_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"no photo")
    assert run(["classify", str(tmp_path / "bad.jpg")]) == 1
    (tmp_path / "empty").mkdir()
    assert run(["classify", str(tmp_path / "empty")]) == 1
    assert "No photos found" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["classify", "{tmp}/gone"], "does not exist"),
        (["classify", "{samples}", "--model", "Nonsense"], "There is no model “Nonsense”"),
        (["classify", "{samples}", "--csv", "{tmp}/no/such/out.csv"], "does not exist"),
        (["classify", "{samples}", "--csv", "{tmp}"], "is a folder"),
        (["classify", "{samples}", "--threshold", "7"], "threshold"),
        (["classify"], "Missing argument"),
        (["fly"], "No such command"),
        (["evaluate", "{tmp}/gone"], "does not exist"),
        (["evaluate", "{other}"], "no class of"),
        (["doctor", "{tmp}/gone"], "does not exist"),
        (["doctor", "{file}"], "is a file"),
        (["train", "{tmp}/gone"], "does not exist"),
        (["train", "{file}"], "is a file"),
        (["train", "{samples}", "--recipe", "magic"], "There is no recipe “magic”"),
        (["train", "{samples}", "--epochs", "0"], "epochs"),
        (["train", "{samples}", "--validation", "0.9"], "Validation share"),
        (["train", "{samples}", "--validation", "nowhere"], "neither a share nor a folder"),
        (["train", "{samples}", "--monitor", "mood"], "monitor"),
        (["samples", "{samples}"], "not an empty folder"),
    ],
)
def test_wrong_input_is_exit_2_with_a_sentence_and_no_traceback(
    arguments: list[str], words: str, tmp_path: Path, samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file.jpg"
    file.write_bytes(b"x")
    other = tmp_path / "other"
    for name in ("cars", "sea"):
        (other / name).mkdir(parents=True)
        shutil.copy(next((samples / "sea").iterdir()), other / name)
    before = sorted(tmp_path.rglob("*"))
    filled = [a.format(tmp=tmp_path, samples=samples, file=file, other=other) for a in arguments]
    assert run(filled) == 2
    captured = capsys.readouterr()
    shown = " ".join(captured.err.replace("│", " ").split())
    assert words in shown
    assert "Traceback" not in captured.err + captured.out
    assert [path for path in sorted(tmp_path.rglob("*")) if "home" not in path.parts] == before


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions work differently there")
def test_a_home_that_cannot_be_written_is_exit_2(
    tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "occupied").write_text("a file where the home should be")
    monkeypatch.setenv("SCENE_DESKTOP_HOME", str(tmp_path / "occupied"))
    assert run(["train", str(samples)]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_evaluate_tells_all_figures(tmp_path: Path, samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    shutil.copytree(samples / "sea", data / "sea")
    shutil.copytree(samples / "forest", data / "Forest")
    (data / "sea" / "bad.jpg").write_bytes(b"no photo")
    assert run(["evaluate", str(data), "--json", "-"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["evaluated"] == 24
    assert len(result["unreadable"]) == 1
    assert sum(map(sum, result["confusion"])) == 24
    sea, forest = CLASSES.index("sea"), CLASSES.index("forest")
    right = result["confusion"][sea][sea] + result["confusion"][forest][forest]
    assert result["accuracy"] == pytest.approx(right / 24)
    assert result["crossentropy"] > 0
    assert set(result["per_class"]["sea"]) == {"precision", "recall", "f1", "photos"}


def test_doctor_reports_as_json_and_changes_nothing(
    tmp_path: Path, samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(samples, data)
    photo = next((data / "sea").iterdir())
    shutil.copy(photo, data / "sea" / "copy.jpg")
    (data / "sea" / "bad.jpg").write_bytes(b"no photo")
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*")}
    for extra in ([], ["--quick"]):
        assert run(["doctor", str(data), "--json", "-", *extra]) == 0
        report = json.loads(capsys.readouterr().out)
        assert report["complete"] is (not extra)
        assert report["counts"]["sea"] == 13
        found = {finding["kind"]: finding["groups"] for finding in report["findings"]}
        assert [photo["path"] for photo in found["duplicates-within-class"][0]] == [
            "sea/copy.jpg",
            f"sea/{photo.name}",
        ]
        assert found["unreadable"][0][0]["path"] == "sea/bad.jpg"
    assert run(["doctor", str(data), "--quick", "--exclude", "sea/copy.jpg"]) == 0
    assert run(["doctor", str(data), "--quick", "--json", "-"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["counts"]["sea"], report["excluded"]) == (12, ["sea/copy.jpg"])
    assert run(["doctor", str(data), "--quick", "--include", "sea/copy.jpg", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["sea"] == 13
    assert run(["doctor", str(data), "--quick", "--exclude-kind", "duplicates-within-class"]) == 0
    assert run(["doctor", str(data), "--quick", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["sea"] == 12
    assert run(["doctor", str(data), "--exclude", "../outside.jpg"]) == 2
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*")} == before


def test_models_lists_the_built_in_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models"]) == 0
    assert "Natural scenes  (built in)" in capsys.readouterr().out


def test_the_window_without_a_display_fails_in_one_sentence_that_names_the_verbs() -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    ended = subprocess.run(
        [sys.executable, "-m", "scene_desktop"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert "classify, train, evaluate" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_verb_wins_over_a_folder_of_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from scene_desktop.__main__ import main

    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["models"]) == 0
    assert "Natural scenes" in capsys.readouterr().out


def test_classify_saves_by_the_ending_and_as_often_as_asked(samples: Path, tmp_path: Path) -> None:
    targets = [tmp_path / f"out{suffix}" for suffix in (".csv", ".xlsx", ".html", ".json", ".jsonl")]
    asked = [part for target in targets for part in ("--save", str(target))]
    assert run(["classify", str(samples / "sea"), *asked]) == 0
    assert all(target.stat().st_size > 100 for target in targets)
    assert "data:image/jpeg" in (tmp_path / "out.html").read_text()


def test_an_ending_that_is_no_format_is_told_before_the_work(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["classify", str(samples / "sea"), "--save", str(tmp_path / "out.doc")]) == 2
    assert "endings" in capsys.readouterr().err
