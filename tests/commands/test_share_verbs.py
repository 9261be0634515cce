"""`scene-desktop share` and `import`: exit codes, words, and what they never do."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scene_desktop.commands.program import run
from scene_desktop.core import sharing
from scene_desktop.core.models.library import BUILT_IN, Library
from tests.share_zoo import good


def own_names() -> list[str]:
    return [model.card.name for model in Library().models() if not model.built_in]


def test_a_shared_model_is_one_file_and_its_import_says_that_it_is_there_already(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["share", "natural scenes", str(tmp_path / "mine.scenemodel")]) == 0
    assert (tmp_path / "mine.scenemodel").read_bytes() == sharing.share_content(Library().find(BUILT_IN))
    assert run(["import", str(tmp_path / "mine.scenemodel")]) == 0
    captured = capsys.readouterr()
    assert "The library has this model already, as “Natural scenes”. Nothing was added." in captured.err
    assert captured.out == ""
    assert own_names() == []


def test_the_ending_is_added_if_it_is_missing(tmp_path: Path) -> None:
    assert run(["share", BUILT_IN, str(tmp_path / "mine")]) == 0
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["mine.scenemodel"]


def test_a_file_that_is_there_is_only_replaced_if_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.scenemodel"
    file.write_bytes(b"precious")
    assert run(["share", BUILT_IN, str(file)]) == 2
    assert "exists already. Choose another name, or add --replace." in capsys.readouterr().err
    assert file.read_bytes() == b"precious"
    assert run(["share", BUILT_IN, str(file), "--replace"]) == 0
    sharing.check(file)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["share", "No such model", "{tmp}/x.scenemodel"], "There is no model “No such model”"),
        (["share", BUILT_IN, "{tmp}/no/such/x.scenemodel"], "does not exist"),
        (["import", "{tmp}/gone.scenemodel"], "cannot be read"),
        (["import", "{tmp}"], "it is a folder"),
        (["import", "{tmp}/model.h5"], "it is a Keras file, and that can carry program code"),
        (["import", "{tmp}/bad.scenemodel"], "it is no share file"),
    ],
)
def test_wrong_input_is_exit_2_with_a_sentence(
    tmp_path: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("model.h5", "bad.scenemodel"):
        (tmp_path / name).write_bytes(b"nonsense, longer than eight bytes")
    assert run([argument.format(tmp=tmp_path) for argument in arguments]) == 2
    assert words in capsys.readouterr().err
    assert own_names() == []


def test_an_import_adds_the_model_under_a_free_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = good()
    parts.card["name"] = BUILT_IN
    (tmp_path / "x.scenemodel").write_bytes(parts.packed())
    assert run(["import", str(tmp_path / "x.scenemodel")]) == 0
    assert "“Natural scenes 2” is in the library: forest, sea, street." in capsys.readouterr().err
    assert own_names() == ["Natural scenes 2"]


@pytest.mark.skipif(os.name == "nt", reason="signals are sent differently there")
def test_an_interrupted_import_is_exit_130_and_adds_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.scenemodel").write_bytes(good().packed())
    process = subprocess.Popen(
        [sys.executable, "-c", _INTERRUPTS_ITSELF, str(tmp_path / "x.scenemodel")],
        stderr=subprocess.PIPE,
        text=True,
    )
    _, words = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. The model was not added." in words
    assert own_names() == []


_INTERRUPTS_ITSELF = f"""
import os, sys
from scene_desktop.commands import sharing
from scene_desktop.commands.program import run

run_engine = sharing.run_engine

def interrupted(request, report, should_stop):
    return run_engine(request, lambda event: os.kill(os.getpid(), {int(signal.SIGINT)}), should_stop)

sharing.run_engine = interrupted
sys.exit(run(["import", sys.argv[1]]))
"""
