import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.core import files, locations
from scene_desktop.core.datasets.dataset import DataSet, read_dataset
from scene_desktop.core.errors import SceneError
from scene_desktop.core.models.library import Library
from scene_desktop.core.photos import images
from scene_desktop.core.recipes import augmentation
from scene_desktop.core.recipes.own_presets import OwnPresets
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.flows.recipes import PREVIEWS, RecipesFlow
from scene_desktop.ui.recipe.panel import RecipePanel
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.work.jobs import Lane
from tests.flows.conftest import Gate, Unhandled, delivered, fail, idle, write_data

COMPACT = PRESETS["compact"].recipe


@pytest.fixture
def side(lane: Callable[[str], Lane]) -> Lane:
    return lane("side")


@pytest.fixture
def flow(train_page: TrainPage, side: Lane, library: Library) -> RecipesFlow:
    made = RecipesFlow(train_page, side, library)
    made.refresh()
    return made


@pytest.fixture
def panel(train_page: TrainPage) -> RecipePanel:
    """With a recipe that sees pixels, and data to see."""
    made = train_page.findChild(RecipePanel)
    made.set_classes(("cats", "dogs"))
    made.choose("compact")
    return made


@pytest.fixture
def dataset(data: Path) -> DataSet:
    return read_dataset(str(data), decode=True)


def shown(panel: RecipePanel) -> list[bytes]:
    """The pictures of the preview."""
    pictures = [pixmap.toImage() for pixmap in panel.preview.pictures.pixmaps]
    return [bytes(picture.constBits()) for picture in pictures]


def titles(panel: RecipePanel) -> list[str]:
    return [family.preset.title for family in panel.families if family.preset.key not in PRESETS]


def test_presets_of_ones_own_are_saved_offered_and_deleted(
    flow: RecipesFlow, panel: RecipePanel, train_page: TrainPage, side: Lane, library: Library
) -> None:
    panel.preset_saved.emit("Mine", COMPACT)
    assert titles(panel) == ["Mine"]
    again = TrainPage()
    RecipesFlow(again, side, library).refresh()
    assert titles(again.findChild(RecipePanel)) == ["Mine"]
    again.thumbnails.close()
    panel.preset_deleted.emit(OwnPresets().all()[0].key)
    assert titles(panel) == []


def test_presets_that_are_damaged_on_disk_do_not_hurt(flow: RecipesFlow, panel: RecipePanel) -> None:
    locations.data_folder().mkdir(parents=True, exist_ok=True)
    (locations.data_folder() / "presets.json").write_bytes(b"{")
    flow.refresh()
    assert titles(panel) == []
    panel.preset_saved.emit("Mine", COMPACT)
    assert titles(panel) == ["Mine"]


def test_a_preset_that_cannot_be_saved_is_a_sentence(
    flow: RecipesFlow, panel: RecipePanel, train_page: TrainPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.preset_saved.emit("  ", COMPACT)
    assert train_page.note.text == "A preset needs a name. Type one."
    monkeypatch.setattr(files, "write_atomically", fail(OSError(28, os.strerror(28))))
    panel.preset_saved.emit("Mine", COMPACT)
    assert train_page.note.text == "The presets were not saved: No space left on device"
    assert titles(panel) == []


def test_each_recipe_says_how_long_it_takes_once_there_is_a_data_set(
    flow: RecipesFlow, train_page: TrainPage, dataset: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, str]] = []
    monkeypatch.setattr(RecipePanel, "set_estimates", lambda panel, estimates: told.append(dict(estimates)))
    flow.take_runs([])
    assert told == []
    flow.take_dataset(dataset)
    flow.take_runs([])
    assert len(told) == 2
    assert set(PRESETS) <= set(told[0])
    assert all(told[0].values())


def test_a_preview_shows_eight_pictures(
    qtbot: QtBot, flow: RecipesFlow, panel: RecipePanel, side: Lane, dataset: DataSet
) -> None:
    panel.preview_requested.emit(COMPACT, 1)
    assert not side.is_busy
    flow.take_dataset(dataset)
    panel.preview_requested.emit(COMPACT, 1)
    idle(qtbot, side)
    assert len(shown(panel)) == PREVIEWS


def test_a_photo_that_is_gone_leaves_the_preview_empty(
    qtbot: QtBot, flow: RecipesFlow, panel: RecipePanel, side: Lane, dataset: DataSet
) -> None:
    flow.take_dataset(dataset)
    for photo in dataset.photos:
        Path(photo.path).unlink()
    panel.preview_requested.emit(COMPACT, 1)
    idle(qtbot, side)
    assert shown(panel) == []


@pytest.mark.parametrize("error", [SceneError("No memory is left."), ZeroDivisionError()])
def test_a_preview_that_fails_is_told_and_the_next_one_comes(
    qtbot: QtBot,
    flow: RecipesFlow,
    panel: RecipePanel,
    side: Lane,
    dataset: DataSet,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    flow.take_dataset(dataset)
    with monkeypatch.context() as patched:
        patched.setattr(augmentation, "preview", fail(error))
        panel.preview_requested.emit(COMPACT, 1)
        idle(qtbot, side)
    assert unhandled.take() == [type(error)]
    panel.preview_requested.emit(COMPACT, 1)
    idle(qtbot, side)
    assert len(shown(panel)) == PREVIEWS


def test_a_preview_that_was_replaced_is_never_shown(
    qtbot: QtBot,
    flow: RecipesFlow,
    panel: RecipePanel,
    side: Lane,
    dataset: DataSet,
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = gate(), gate()
    gates, real = iter((first, second)), images.load_photo

    def load(*given: Any) -> Any:
        next(gates).pass_through()
        return real(*given)

    monkeypatch.setattr(images, "load_photo", load)
    flow.take_dataset(dataset)
    panel.preview_requested.emit(COMPACT, 1)
    qtbot.waitUntil(first.reached.is_set)
    panel.preview_requested.emit(COMPACT, 2)
    first.open()
    qtbot.waitUntil(second.reached.is_set)
    delivered(side)
    assert shown(panel) == []
    second.open()
    idle(qtbot, side)
    assert len(shown(panel)) == PREVIEWS


def test_a_photo_of_the_folder_before_is_never_shown(
    qtbot: QtBot,
    flow: RecipesFlow,
    panel: RecipePanel,
    side: Lane,
    dataset: DataSet,
    gate: Callable[..., Gate],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = gate()
    monkeypatch.setattr(images, "load_photo", slow.before(images.load_photo))
    flow.take_dataset(dataset)
    panel.preview_requested.emit(COMPACT, 1)
    qtbot.waitUntil(slow.reached.is_set)
    panel.set_classes(("eagles", "owls"))
    flow.take_dataset(read_dataset(str(write_data(tmp_path / "birds", first=7)), decode=True))
    slow.open()
    idle(qtbot, side)
    assert shown(panel) == []


def test_what_was_left_out_meanwhile_does_not_cost_the_preview(
    qtbot: QtBot,
    flow: RecipesFlow,
    panel: RecipePanel,
    side: Lane,
    dataset: DataSet,
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = gate()
    monkeypatch.setattr(images, "load_photo", slow.before(images.load_photo))
    flow.take_dataset(dataset)
    panel.preview_requested.emit(COMPACT, 1)
    qtbot.waitUntil(slow.reached.is_set)
    flow.take_dataset(dataset.with_choice())
    slow.open()
    idle(qtbot, side)
    assert len(shown(panel)) == PREVIEWS
