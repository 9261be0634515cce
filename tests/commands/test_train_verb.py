"""A real training from the command line, in a real engine, on drawn pictures."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scene_desktop.commands.program import run
from scene_desktop.core.datasets.samples import CLASSES
from scene_desktop.core.runs.stored import stored_runs


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> tuple[dict[str, object], Path]:
    home = tmp_path_factory.mktemp("trained")
    out = home / "result.json"
    arguments = ["train", str(samples), "--name", "Drawn", "--epochs", "6", "--optimizer", "adam"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCENE_DESKTOP_HOME", str(home))
        assert run([*arguments, "--batch-size", "16", "--seed", "5", "--json", str(out)]) == 0
    return json.loads(out.read_text()), home


def test_the_result_holds_what_the_contract_says(trained: tuple[dict[str, object], Path]) -> None:
    result, home = trained
    assert result["model"] == "Drawn"
    assert result["classes"] == list(CLASSES)
    assert result["epochs_run"] == 6
    assert 1 <= int(str(result["best_epoch"])) <= 6
    assert 0.5 < float(str(result["validation_accuracy"])) <= 1
    evaluation = json.loads((home / "models" / "drawn" / "evaluation.json").read_text())
    assert result["validation_crossentropy"] == evaluation["crossentropy"] >= 0
    assert result["validation_accuracy"] == evaluation["accuracy"]
    seconds, history = result["seconds"], result["history"]
    assert isinstance(seconds, dict)
    assert {"features", "training", "compiling"} <= set(seconds)
    assert isinstance(history, list)
    assert [epoch["epoch"] for epoch in history] == [1, 2, 3, 4, 5, 6]


def test_the_model_is_in_the_library_and_classifies(
    trained: tuple[dict[str, object], Path],
    samples: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SCENE_DESKTOP_HOME", str(trained[1]))
    assert run(["models"]) == 0
    assert "Drawn" in capsys.readouterr().out
    assert run(["evaluate", str(samples), "--model", "drawn", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] > 0.6


@pytest.mark.parametrize("damage", ["one class", "empty class", "one photo", "copies unreadable", "unreadable"])
def test_a_data_set_that_cannot_be_trained_is_exit_2_and_leaves_nothing(
    damage: str, tmp_path: Path, home: Path, samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    for name in CLASSES[:1] if damage == "one class" else CLASSES[:2]:
        (data / name).mkdir(parents=True)
        for photo in sorted((samples / name).iterdir())[:4]:
            content = {"copies unreadable": b"x", "unreadable": photo.name.encode()}
            (data / name / photo.name).write_bytes(content.get(damage) or photo.read_bytes())
    photos = sorted((data / "buildings").iterdir())
    if damage == "empty class":
        for photo in photos:
            photo.unlink()
    elif damage == "one photo":
        for photo in photos[1:]:
            photo.unlink()
    assert run(["train", str(data)]) == 2
    words = {
        "one class": "one class folder only",
        "empty class": "No readable photos in “buildings”",
        "one photo": "One readable photo only in “buildings”",
        "copies unreadable": "None of the 8 photos",
        "unreadable": "cannot be read",
    }
    err = " ".join(capsys.readouterr().err.split())
    assert words[damage] in err
    assert "Traceback" not in err
    left = [path for path in home.rglob("*") if path.is_file() and "cache" not in path.parts]
    assert left == []


@pytest.mark.skipif(os.name == "nt", reason="Ctrl+C is sent differently there")
def test_ctrl_c_keeps_the_training_and_says_how_to_resume_it(home: Path, samples: Path) -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "scene_desktop",
            "train",
            str(samples),
            "--epochs",
            "1000",
            "--optimizer",
            "adam",
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    killer = threading.Timer(120, process.kill)
    killer.start()
    for line in process.stderr:
        if line.startswith("Epoch  1") or "Epoch 1/" in line or "Epoch  2" in line:
            process.send_signal(signal.SIGINT)
            break
    rest = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 130
    killer.cancel()
    (stored,) = stored_runs()
    assert f"scene-desktop resume {stored.name}" in rest
    assert list((home / "models").iterdir()) == []
    assert run(["resume", stored.name, "--finish"]) == 0
    assert [path.name for path in (home / "models").iterdir()] == [samples.name]
    assert run(["resume", stored.name]) == 2
    assert run(["runs"]) == 0
