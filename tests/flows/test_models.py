from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.core.models.library import CARD, Library
from scene_desktop.flows.models import ModelsFlow
from scene_desktop.ui.models.page import ModelsPage
from tests.flows.conftest import fail


@pytest.fixture
def flow(models_page: ModelsPage, library: Library) -> ModelsFlow:
    made = ModelsFlow(models_page, library)
    made.library_changed.connect(lambda: made.refresh(None))
    made.refresh(library.find("Scenes"))
    return made


@pytest.fixture
def refused(flow: ModelsFlow) -> list[str]:
    told: list[str] = []
    flow.refused.connect(told.append)
    return told


def names(page: ModelsPage) -> list[str]:
    return [entry.card.name for entry in page.rows.entries]


def test_a_model_is_used(qtbot: QtBot, flow: ModelsFlow, models_page: ModelsPage, library: Library) -> None:
    models_page.select_model("Pets")
    with qtbot.waitSignal(flow.use_requested) as wanted:
        models_page.use_button.click()
    assert wanted.args == [library.find("Pets")]


def test_a_model_is_renamed(
    flow: ModelsFlow, models_page: ModelsPage, library: Library, refused: list[str]
) -> None:
    models_page.rename_requested.emit(library.find("Pets"), "Animals")
    assert names(models_page) == ["Scenes", "Animals"]
    assert refused == []


def test_a_name_that_is_taken_is_refused(
    flow: ModelsFlow, models_page: ModelsPage, library: Library, refused: list[str]
) -> None:
    models_page.rename_requested.emit(library.find("Pets"), "scenes")
    assert names(models_page) == ["Scenes", "Pets"]
    assert refused == ["There is a model “scenes” already. Choose another name."]


def test_a_card_that_cannot_be_written_is_told(
    flow: ModelsFlow,
    models_page: ModelsPage,
    library: Library,
    refused: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scene_desktop.core.files.write_atomically", fail(OSError(28, "The disk is full")))
    models_page.rename_requested.emit(library.find("Pets"), "Animals")
    assert refused == ["“Pets” could not be renamed: The disk is full"]
    assert names(models_page) == ["Scenes", "Pets"]


def test_a_deleted_model_leaves_the_list(
    flow: ModelsFlow,
    models_page: ModelsPage,
    library: Library,
    refused: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "scene_desktop.core.models.library.send2trash", lambda path: Path(path).rename(tmp_path / "trash")
    )
    models_page.delete_requested.emit(library.find("Pets"))
    assert names(models_page) == ["Scenes"]
    assert (tmp_path / "trash" / CARD).exists()
    assert refused == []


def test_a_model_that_cannot_be_deleted_stays(
    flow: ModelsFlow,
    models_page: ModelsPage,
    library: Library,
    refused: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scene_desktop.core.models.library.send2trash", fail(OSError("there is no trash")))
    models_page.delete_requested.emit(library.find("Pets"))
    assert names(models_page) == ["Scenes", "Pets"]
    assert refused == ["“Pets” could not be moved to the trash: there is no trash"]


def test_a_model_of_the_app_cannot_be_deleted(
    models_page: ModelsPage, library: Library, tmp_path: Path
) -> None:
    shipped = Library(tmp_path / "none", library.folder)
    flow = ModelsFlow(models_page, shipped)
    told: list[str] = []
    flow.refused.connect(told.append)
    models_page.delete_requested.emit(shipped.find("Pets"))
    assert told == ["“Pets” belongs to the app and cannot be deleted."]
