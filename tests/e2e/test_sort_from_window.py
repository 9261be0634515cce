"""Photos are sorted from the window, lie in the folders, and are put back by undo."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from scene_desktop.app import Desk
from scene_desktop.core import sorting
from scene_desktop.core.sorting import How, SortSettings, SortState
from scene_desktop.ui.sorting.records_dialog import SortRecordsDialog
from scene_desktop.ui.sorting.run_dialog import SortRunDialog
from scene_desktop.ui.sorting.sort_dialog import SortDialog
from tests.drops import drop


@pytest.fixture
def photos(samples: Path, tmp_path: Path) -> Path:
    """Photos of two classes in one folder, and one that cannot be read."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("sea", "forest"):
        for path in sorted((samples / name).iterdir())[:4]:
            shutil.copy2(path, folder / path.name)
    (folder / "broken.jpg").write_bytes(b"no photo")
    return folder


def state_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def dialog_of(qtbot: QtBot, desk: Desk, kind: type) -> object:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in desk.window.findChildren(kind)), timeout=10_000)
    return next(one for one in desk.window.findChildren(kind) if one.isVisible())


def classify(qtbot: QtBot, desk: Desk, folder: Path) -> None:
    assert drop(desk.window, [folder])
    qtbot.waitUntil(lambda: not desk.classify_lane.is_busy, timeout=60_000)


def sort(qtbot: QtBot, desk: Desk, target: Path, how: How) -> SortRunDialog:
    desk.classify_page.actions_.sort.trigger()
    dialog = dialog_of(qtbot, desk, SortDialog)
    assert isinstance(dialog, SortDialog)
    dialog.findChild(QLineEdit, "sort_target").setText(str(target))
    dialog.findChild(QRadioButton, f"sort_{how}").setChecked(True)
    wanted = SortSettings(target, how, desk.classify_page.threshold)
    qtbot.waitUntil(lambda: dialog.plan is not None and dialog.plan.settings == wanted, timeout=10_000)
    qtbot.mouseClick(dialog.findChild(QPushButton, "sort_start"), Qt.MouseButton.LeftButton)
    run = dialog_of(qtbot, desk, SortRunDialog)
    assert isinstance(run, SortRunDialog)
    qtbot.waitUntil(lambda: bool(run.text) and not run.is_at_work, timeout=20_000)
    return run


@pytest.mark.parametrize("how", list(How))
def test_sorted_photos_lie_in_their_folders_and_undo_puts_them_back(
    qtbot: QtBot, desk: Desk, photos: Path, tmp_path: Path, how: How
) -> None:
    before = state_of(photos)
    classify(qtbot, desk, photos)
    run = sort(qtbot, desk, tmp_path / "Sorted", how)
    assert "9 photos" in run.text
    there = [path for path in (tmp_path / "Sorted").rglob("*") if path.is_file()]
    assert {path.name for path in there} == set(before)
    assert (tmp_path / "Sorted" / "_unreadable" / "broken.jpg").exists()
    assert len(list(photos.iterdir())) == (0 if how is How.MOVE else 9)
    shown = set(desk.classify_page.table_model.verdicts.paths)
    assert shown == {str(path) for path in (there if how is How.MOVE else photos.iterdir())}
    qtbot.mouseClick(run.findChild(QPushButton, "sort_undo"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: run.text.startswith("As before"), timeout=20_000)
    assert state_of(photos) == before
    assert not (tmp_path / "Sorted").exists()
    assert set(desk.classify_page.table_model.verdicts.paths) == {str(path) for path in photos.iterdir()}


def test_an_old_sort_is_undone_from_the_list(qtbot: QtBot, desk: Desk, photos: Path, tmp_path: Path) -> None:
    before = state_of(photos)
    classify(qtbot, desk, photos)
    sort(qtbot, desk, tmp_path / "Sorted", How.MOVE).accept()
    desk.classify_page.actions_.sorts.trigger()
    listed = dialog_of(qtbot, desk, SortRecordsDialog)
    assert isinstance(listed, SortRecordsDialog)
    qtbot.mouseClick(listed.findChild(QPushButton, "records_undo"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sorting.records()[0].state is SortState.UNDONE, timeout=20_000)
    assert state_of(photos) == before


def test_a_sort_that_was_cut_off_is_offered_at_the_next_start(
    qtbot: QtBot, desk: Desk, photos: Path, tmp_path: Path
) -> None:
    before = state_of(photos)
    classify(qtbot, desk, photos)
    settings = SortSettings(tmp_path / "Sorted", How.MOVE, 0.6)
    plan = sorting.make_plan(desk.classify_page.predictions, desk.classify_page.classes, settings)
    cut = sorting.apply_plan(plan, should_stop=lambda: True)
    assert cut.stopped
    desk.sorting_flow.look_for_interrupted()
    offer = desk.classify_page.sort_offer
    qtbot.waitUntil(lambda: "was interrupted" in offer.text, timeout=10_000)
    qtbot.mouseClick(offer.findChild(QPushButton, "sort_offer_resume"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sorting.records()[0].state is SortState.DONE, timeout=20_000)
    assert sorting.records()[0].done == len(before)
    assert not list(photos.iterdir())
