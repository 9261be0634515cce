from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from scene_desktop.core import locations
from scene_desktop.core.classify.occlusion import CELLS, Occlusion
from scene_desktop.core.datasets.corrections import add_to_dataset
from scene_desktop.core.errors import InputError, PhotoError
from scene_desktop.core.models.library import Library, StoredModel
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.runs.events import TrainRequested
from scene_desktop.core.runs.stored import DATA, REQUEST, RunData, RunStart
from scene_desktop.core.settings import REVIEW_DATASET, Settings
from scene_desktop.core.threads import ShouldStop
from scene_desktop.flows.review import ReviewFlow
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.widgets import questions
from tests.flows.conftest import Gate, Unhandled, delivered, fail, fill, idle, press

OCCLUSION = "scene_desktop.flows.review.occlusion_map"


@pytest.fixture
def lanes(lane: Callable[..., Any]) -> SimpleNamespace:
    return SimpleNamespace(asking=lane("asking"), adding=lane("adding"))


@pytest.fixture
def shown(library: Library) -> list[StoredModel | None]:
    """The model whose verdicts are shown."""
    return [library.find("Scenes")]


@pytest.fixture
def flow(
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    shown: list[StoredModel | None],
    settings: Settings,
    photos: list[str],
) -> ReviewFlow:
    made = ReviewFlow(classify_page, lanes.asking, lanes.adding, lambda: shown[0], settings)
    fill(classify_page, photos)
    return made


@pytest.fixture
def places(gate: Callable[..., Gate], monkeypatch: pytest.MonkeyPatch) -> dict[str, Gate]:
    """Gates that answers wait at, by the name of the photo."""
    made: dict[str, Gate] = {}

    def occlusion_map(
        model: object, path: str, label: int, report: Callable[[int, int], None], should_stop: ShouldStop
    ) -> Occlusion:
        report(1, 2)
        made[Path(path).stem].pass_through(should_stop)
        drops = np.full((CELLS, CELLS), 0.1, dtype=np.float32)
        return Occlusion(drops, 0.9, 0.5)

    for number in range(3):
        made[str(number)] = gate()
    monkeypatch.setattr(OCCLUSION, occlusion_map)
    return made


def look_at(page: ClassifyPage, row: int) -> None:
    """Selects a photo."""
    page.results.table.selectRow(row)


def run_on(data: Path) -> str:
    """A run whose photos lie in a folder; its name."""
    folder = locations.runs_folder() / "20250102-run"
    folder.mkdir(parents=True)
    request = TrainRequested(dataset=str(data), recipe=PRESETS["quick"].recipe, name="Scenes")
    (folder / REQUEST).write_bytes(msgspec.json.encode(RunStart(began="2025-01-02T10:00:00Z", request=request)))
    photos = RunData(
        root=str(data), name="a", classes=("cats", "dogs"), fingerprint="0" * 16, training=(), validation=()
    )
    (folder / DATA).write_bytes(msgspec.json.encode(photos))
    return folder.name


# Why


def test_the_places_that_speak_for_a_class_are_shown(
    qtbot: QtBot, flow: ReviewFlow, classify_page: ClassifyPage, lanes: SimpleNamespace, places: dict[str, Gate]
) -> None:
    detail = classify_page.detail
    look_at(classify_page, 0)
    detail.why_button.click()
    qtbot.waitUntil(lambda: "50 %" in detail.legend or "50%" in detail.legend)
    places["0"].open()
    idle(qtbot, lanes.asking)
    assert detail.legend.startswith("Covering the bright places lowers the score of “forest” most")


@pytest.mark.parametrize("how", ["another photo", "not wanted any more"])
def test_an_answer_that_is_not_wanted_any_more_is_never_shown(
    qtbot: QtBot,
    flow: ReviewFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    places: dict[str, Gate],
    how: str,
) -> None:
    detail = classify_page.detail
    places["0"].heeds_stop = False
    look_at(classify_page, 0)
    detail.why_button.click()
    qtbot.waitUntil(places["0"].reached.is_set)
    if how == "another photo":
        look_at(classify_page, 1)
        detail.why_button.click()
        asked = detail.legend
    else:
        detail.why_button.click()
        asked = ""
    qtbot.waitUntil(places["0"].stopped.is_set)
    places["0"].open()
    if how == "another photo":
        qtbot.waitUntil(places["1"].reached.is_set)
        delivered(lanes.asking)
        assert asked.startswith("Covering the photo part by part")
        assert detail.legend.startswith("Covering the photo part by part")
    else:
        idle(qtbot, lanes.asking)
        assert detail.legend == ""


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (PhotoError("It is cut short."), "The photo cannot be read any more: It is cut short."),
        (InputError("The model is damaged."), "The model is damaged."),
        (ZeroDivisionError(), "Something unexpected went wrong."),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    qtbot: QtBot,
    flow: ReviewFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    text: str,
) -> None:
    monkeypatch.setattr(OCCLUSION, fail(error))
    look_at(classify_page, 0)
    classify_page.detail.why_button.click()
    idle(qtbot, lanes.asking)
    assert classify_page.detail.legend == text
    assert not classify_page.detail.why_button.isChecked()
    assert unhandled.take() == ([ZeroDivisionError] if isinstance(error, ZeroDivisionError) else [])


def test_results_of_a_model_that_is_gone_cannot_be_asked_about(
    qtbot: QtBot,
    flow: ReviewFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    shown: list[StoredModel | None],
) -> None:
    shown[0] = None
    look_at(classify_page, 0)
    idle(qtbot, lanes.asking)
    classify_page.detail.why_button.click()
    assert not lanes.asking.is_busy
    assert not classify_page.detail.why_button.isChecked()
    assert classify_page.detail.legend.startswith("The model of these results is not there any more.")


def test_the_size_of_the_photo_that_is_shown_is_told_and_an_unreadable_one_has_none(
    qtbot: QtBot, flow: ReviewFlow, classify_page: ClassifyPage, lanes: SimpleNamespace, photos: list[str]
) -> None:
    look_at(classify_page, 0)
    classify_page.detail.size_wanted.emit(photos[0])
    idle(qtbot, lanes.asking)
    assert classify_page.findChild(QLabel, "detail_size").text().startswith("60 × 40 pixels")
    Path(photos[1]).write_bytes(b"no photo")
    look_at(classify_page, 1)
    classify_page.detail.size_wanted.emit(photos[1])
    idle(qtbot, lanes.asking)
    assert "pixels" not in classify_page.findChild(QLabel, "detail_size").text()


# Corrections to a data set


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, data: Path) -> list[str]:
    """Folders that were proposed; a person takes `data`, and wants its new classes."""
    proposed: list[str] = []

    def choose(parent: object, title: str, folder: str) -> str:
        proposed.append(folder)
        return str(data)

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)
    monkeypatch.setattr(questions, "is_sure", lambda *given: True)
    return proposed


def add(page: ClassifyPage, rows: Sequence[int] = (0, 1)) -> None:
    """Corrects photos, and asks to add them to a data set."""
    page.table_model.correct(list(rows), 1)
    page.reviewing.add_wanted.emit()


def test_corrected_photos_are_added_and_the_data_set_is_remembered(
    qtbot: QtBot,
    flow: ReviewFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    asked: list[str],
    data: Path,
    settings_after: Callable[[], Settings],
) -> None:
    add(classify_page)
    idle(qtbot, lanes.adding)
    adding = classify_page.reviewing.adding
    assert adding.note.text == "2 photos added to “animals”."
    assert len(list((data / "sea").iterdir())) == 2
    assert settings_after().get(REVIEW_DATASET) == str(data)
    with qtbot.waitSignal(flow.train_requested) as wanted:
        press(qtbot, adding, "train_again")
    assert wanted.args == [str(data)]
    add(classify_page)
    idle(qtbot, lanes.adding)
    assert asked == ["", str(data)]


@pytest.mark.parametrize(("run", "last"), [("there", True), ("gone", True), ("gone", False)])
def test_the_folder_the_model_was_trained_from_is_proposed_first(
    qtbot: QtBot,
    flow: ReviewFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    shown: list[StoredModel | None],
    settings: Settings,
    asked: list[str],
    data: Path,
    tmp_path: Path,
    run: str,
    last: bool,
) -> None:
    name = run_on(data) if run == "there" else "gone"
    model = shown[0]
    assert model is not None
    shown[0] = StoredModel(model.folder, msgspec.structs.replace(model.card, run=name), built_in=False)
    settings.set(REVIEW_DATASET, str(tmp_path) if last else str(tmp_path / "gone"))
    add(classify_page)
    idle(qtbot, lanes.adding)
    assert asked == [str(data) if run == "there" else str(tmp_path) if last else ""]


def test_stop_ends_the_adding_only(
    qtbot: QtBot,
    flow: ReviewFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    asked: list[str],
    gate: Callable[..., Gate],
    places: dict[str, Gate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = gate()

    def adds(items: Any, root: Any, tell: Callable[[int, int], None], should_stop: ShouldStop) -> object:
        slow.pass_through(should_stop)
        return add_to_dataset(items, root, tell, should_stop)

    monkeypatch.setattr("scene_desktop.flows.review.add_to_dataset", adds)
    adding = classify_page.reviewing.adding
    adding.stop_requested.emit()
    look_at(classify_page, 2)
    classify_page.detail.why_button.click()
    add(classify_page)
    qtbot.waitUntil(lambda: slow.reached.is_set() and places["2"].reached.is_set())
    assert adding.progress.text == "Adding to the data set: 0 of 2 photos"
    press(qtbot, adding, "adding_progress_stop")
    classify_page.reviewing.add_wanted.emit()
    idle(qtbot, lanes.adding)
    assert adding.note.text.startswith("Stopped. What was added until then stays")
    assert not places["2"].stopped.is_set()
    assert len(asked) == 1


@pytest.mark.parametrize("step", ["missing_classes", "add_to_dataset", "find_run"])
@pytest.mark.parametrize(
    ("error", "text"),
    [
        (PermissionError(), "Something unexpected went wrong while adding."),
        (InputError("It cannot be read."), "It cannot be read."),
    ],
)
def test_a_failure_is_told_in_the_line_of_the_adding(
    qtbot: QtBot,
    flow: ReviewFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    shown: list[StoredModel | None],
    asked: list[str],
    unhandled: Unhandled,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: Exception,
    text: str,
) -> None:
    model = shown[0]
    assert model is not None
    shown[0] = StoredModel(model.folder, msgspec.structs.replace(model.card, run="a run"), built_in=False)
    monkeypatch.setattr(f"scene_desktop.flows.review.{step}", fail(error))
    add(classify_page)
    idle(qtbot, lanes.adding)
    if step == "find_run" and isinstance(error, InputError):
        assert asked == [""]
        return
    assert classify_page.reviewing.adding.note.text == text
    assert not classify_page.reviewing.adding.progress.is_busy
    assert unhandled.take() == ([PermissionError] if isinstance(error, PermissionError) else [])
    assert settings.get(REVIEW_DATASET) == ""


def test_new_classes_are_made_only_if_a_person_says_so(
    qtbot: QtBot,
    flow: ReviewFlow,
    classify_page: ClassifyPage,
    lanes: SimpleNamespace,
    asked: list[str],
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(questions, "is_sure", lambda *given: False)
    add(classify_page)
    idle(qtbot, lanes.adding)
    assert not (data / "sea").exists()
    (data / "sea").mkdir()
    add(classify_page)
    idle(qtbot, lanes.adding)
    assert len(list((data / "sea").iterdir())) == 2
