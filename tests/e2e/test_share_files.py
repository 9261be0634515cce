"""Models come into the window and leave it: by dialog, by drop, as an argument."""

import os
import pickle
import signal
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.app import Desk
from scene_desktop.core.models.library import BUILT_IN, StoredModel
from scene_desktop.core.sharing import share_content
from scene_desktop.ui.window.window import CLASSIFY, MODELS, TRAIN
from tests.canaries import write_canaries
from tests.drops import drop
from tests.e2e.test_train_by_drop import _children
from tests.share_zoo import good


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small share file of somebody else."""
    path = tmp_path / "theirs.scenemodel"
    path.write_bytes(good().packed())
    return path


def own_names(desk: Desk) -> list[str]:
    return [model.card.name for model in desk.library.models() if not model.built_in]


def wait(qtbot: QtBot, desk: Desk) -> str:
    """Until nothing is imported any more; returns what the page says."""
    qtbot.waitUntil(lambda: not desk.import_lane.is_busy, timeout=90_000)
    assert not desk.models_page.is_busy
    return desk.models_page.note.text


def bring(how: str, desk: Desk, paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = [str(path) for path in paths]
    if how == "dialog":
        desk.window.show_page(MODELS)
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *given: (chosen, ""))
        desk.models_page.import_button.click()
    elif how == "argument":
        desk.open_paths(chosen)
    else:
        assert drop(desk.window, chosen)


def selected_name(desk: Desk) -> str:
    selected = desk.models_page.selected
    assert isinstance(selected, StoredModel)
    return selected.card.name


def test_a_dropped_share_file_is_added_used_and_classifies(
    qtbot: QtBot, desk: Desk, file: Path, samples: Path
) -> None:
    assert desk.window.page == CLASSIFY
    assert drop(desk.window, [file])
    assert desk.window.page == MODELS
    assert desk.models_page.progress.isVisible()
    assert wait(qtbot, desk) == "“Drawn” is one of your models now."
    assert own_names(desk) == ["Drawn"]
    assert selected_name(desk) == "Drawn"
    assert not desk.models_page.progress.isVisible()
    offer = desk.models_page.note.findChild(QPushButton, "models_note_offer")
    assert offer.text() == "Use it to classify"
    offer.click()
    assert desk.window.page == CLASSIFY
    assert drop(desk.window, [samples / "sea"])
    qtbot.waitUntil(lambda: len(desk.classify_page.predictions) == 12, timeout=30_000)
    assert desk.classify_page.classes == ("forest", "sea", "street")
    assert all(
        row.scores is not None and np.isfinite(row.scores).all() for row in desk.classify_page.predictions
    )


def test_a_model_that_is_there_already_is_selected_and_not_added(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "again.scenemodel"
    path.write_bytes(share_content(desk.library.find(BUILT_IN)))
    desk.open_paths([str(path)])
    assert wait(qtbot, desk) == f"You have this model already, as “{BUILT_IN}”. Nothing was added."
    assert own_names(desk) == []
    assert selected_name(desk) == BUILT_IN


def test_several_files_are_taken_one_after_the_other_and_each_gets_a_sentence(
    qtbot: QtBot, desk: Desk, file: Path, tmp_path: Path, samples: Path
) -> None:
    bad, twin = tmp_path / "model.h5", tmp_path / "twin.scenemodel"
    bad.write_bytes(b"x")
    twin.write_bytes(file.read_bytes())
    desk.open_paths([str(file), str(bad), str(samples / "sea"), str(twin)])
    sentences = wait(qtbot, desk).splitlines()
    assert len(sentences) == 3
    assert sentences[0].startswith("“Drawn” is one of your models")
    assert sentences[1].startswith("“model.h5” cannot be imported: it is a Keras file")
    assert sentences[2].startswith("You have this model already")
    qtbot.waitUntil(lambda: len(desk.classify_page.predictions) == 12, timeout=30_000)


@pytest.mark.parametrize("page", [CLASSIFY, TRAIN, MODELS])
@pytest.mark.parametrize("how", ["dialog", "drop", "argument"])
def test_canaries_are_refused_by_every_way_in_and_nothing_of_them_runs(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, page: int
) -> None:
    marker = tmp_path / "marker"
    canaries = write_canaries(tmp_path / "canaries", marker)
    monkeypatch.setattr(
        "scene_desktop.flows.sharing.run_engine", lambda *given: pytest.fail("it was let through")
    )
    before = {path: path.read_bytes() for path in canaries if path.is_file()}
    desk.window.show_page(page)
    bring(how, desk, canaries, monkeypatch)
    assert wait(qtbot, desk) == f"None of these {len(canaries)} models was added; the details say why."
    sentences = desk.models_page.note.details.splitlines()
    assert desk.window.page == MODELS
    assert len(sentences) == len(canaries)
    for path, sentence in zip(canaries, sentences, strict=True):
        assert sentence.startswith(f"“{path.name}” cannot be imported: it ")
    assert not marker.exists()
    assert own_names(desk) == []
    assert not desk.classify_page.predictions
    assert {path: path.read_bytes() for path in before} == before


def test_the_canaries_would_sing(tmp_path: Path) -> None:
    """Opened in the wrong way, one of them writes its marker: the proof above can fail."""
    marker = tmp_path / "marker"
    canaries = write_canaries(tmp_path / "canaries", marker)
    assert len(canaries) >= 20
    pickle.loads((tmp_path / "canaries" / "pickle.pkl").read_bytes())
    assert marker.exists()


def test_stop_ends_the_import_and_adds_nothing(qtbot: QtBot, desk: Desk, file: Path) -> None:
    desk.open_paths([str(file)] * 3)
    qtbot.waitUntil(lambda: "Making" in desk.models_page.progress.text, timeout=60_000)
    desk.window.stop_work()
    qtbot.waitUntil(lambda: not desk.import_lane.is_busy, timeout=2_000)
    assert desk.models_page.note.text.splitlines() == ["Stopped; “theirs.scenemodel” was not added."] * 3
    assert own_names(desk) == []


def test_an_engine_that_is_killed_is_a_sentence_and_the_library_is_as_it_was(
    qtbot: QtBot, desk: Desk, file: Path
) -> None:
    desk.open_paths([str(file)])
    qtbot.waitUntil(lambda: "Making" in desk.models_page.progress.text, timeout=60_000)
    for child in _children(os.getpid()):
        os.kill(child, signal.SIGKILL)
    text = wait(qtbot, desk)
    assert "SIGKILL" in text
    assert "The model was not added, and all others are unchanged." in text
    assert own_names(desk) == []


def test_a_shared_model_is_one_file_that_can_be_imported(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "exec", lambda dialog: True)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda dialog: [str(tmp_path / "mine")])
    desk.window.show_page(TRAIN)
    desk.window.share_model()
    assert desk.window.page == MODELS
    qtbot.waitUntil(lambda: not desk.models_page.is_busy, timeout=20_000)
    assert (tmp_path / "mine.scenemodel").read_bytes() == share_content(desk.library.find(BUILT_IN))
    assert "no photo is in it" in desk.models_page.note.text
    assert desk.models_page.note.findChild(QPushButton, "models_note_offer").text() == "Show in folder"


def test_a_share_file_that_cannot_be_written_is_a_sentence(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file")
    desk.sharing_flow.share(desk.library.find(BUILT_IN), str(tmp_path / "occupied" / "x.scenemodel"))
    qtbot.waitUntil(lambda: not desk.models_page.is_busy, timeout=20_000)
    assert "cannot be written" in desk.models_page.note.text


def test_a_bug_while_importing_is_told_once_and_the_next_file_is_taken(
    qtbot: QtBot, desk: Desk, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[object] = []
    monkeypatch.setattr(desk.bugs, "show_bug", shown.append)
    monkeypatch.setattr("scene_desktop.core.sharing.check", lambda path: 1 / 0)
    desk.open_paths([str(file), str(file)])
    assert wait(qtbot, desk).count("Something unexpected went wrong.") == 2
    assert [type(bug) for bug in shown] == [ZeroDivisionError] * 2
    assert desk.models_page.findChild(QLabel, "models_note_text").isVisible()
