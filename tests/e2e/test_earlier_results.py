"""Results outlive the window: after a crash, a restart or a clearing they are there again."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.app import Desk
from scene_desktop.core.classify.classifier import CompiledModel
from scene_desktop.core.classify.pipeline import PhotosClassified, classify
from scene_desktop.core.drops import records
from scene_desktop.core.drops.stored import journals_folder
from scene_desktop.core.models.library import BUILT_IN, Library, NewModel
from scene_desktop.ui.classify.earlier_dialog import EarlierDialog
from tests.drops import drop
from tests.e2e.conftest import opened
from tests.processes import wait_until

DRIVE = """
import sys
from PySide6.QtWidgets import QApplication
from scene_desktop.app import Desk
application = QApplication([])
desk = Desk()
desk.open()
desk.classify_flow.classify([sys.argv[1]])
application.exec()
"""


@pytest.fixture
def many(samples: Path, tmp_path: Path) -> Path:
    """A thousand photos."""
    photos = sorted(samples.rglob("*.jpg"))
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1000):
        (folder / f"{number:04}.jpg").hardlink_to(photos[number % len(photos)])
    return folder


def classified(photos: Sequence[Path]) -> dict[str, np.ndarray]:
    """What an unbroken run says."""
    found: dict[str, np.ndarray] = {}

    def report(event: object) -> None:
        if isinstance(event, PhotosClassified):
            found.update({one.path: one.scores for one in event.predictions if one.scores is not None})

    classify(photos, CompiledModel.of(Library().find(BUILT_IN)), report)
    return found


def rows_on_disk() -> int:
    """Photos in the journals, of which a window may hold one."""
    rows = 0
    for path in journals_folder().glob("*.sqlite"):
        with contextlib.closing(sqlite3.connect(path)) as connection, contextlib.suppress(sqlite3.Error):
            rows += connection.execute("SELECT count(*) FROM photos").fetchone()[0]
    return rows


def settle(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: not desk.classify_lane.is_busy, timeout=60_000)
    qtbot.waitUntil(lambda: not desk.memory_lane.is_busy, timeout=10_000)


def press(qtbot: QtBot, desk: Desk, name: str) -> None:
    found = desk.window.findChild(QPushButton, name)
    assert found is not None
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_a_drop_that_is_killed_is_continued_to_the_same_end(qtbot: QtBot, many: Path, samples: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", DRIVE, str(many)], env=os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    )
    try:
        wait_until(lambda: rows_on_disk() > 0, "a journal with rows")
    finally:
        child.kill()
        child.wait()
    (record,) = records()
    assert not record.ended
    assert 0 < record.done < 1000
    with opened(qtbot) as desk:
        offer = desk.classify_page.drop_offer
        qtbot.waitUntil(lambda: "was interrupted" in offer.text, timeout=10_000)
        press(qtbot, desk, "drop_offer_continue")
        settle(qtbot, desk)
        predictions = desk.classify_page.predictions
    photos = sorted(many.iterdir())
    assert [one.path for one in predictions] == [str(path) for path in photos]
    different = len(list(samples.rglob("*.jpg")))  # the others are the same photos again
    whole = classified(photos[:different])
    for index, one in enumerate(predictions):
        assert one.scores is not None
        assert np.allclose(one.scores, whole[str(photos[index % different])], atol=1e-6)
    (record,) = records()
    assert (record.done, record.ended) == (1000, True)


def test_closing_the_window_in_a_drop_offers_to_go_on(qtbot: QtBot, many: Path) -> None:
    with opened(qtbot) as desk:
        assert drop(desk.window, [many])
        qtbot.waitUntil(lambda: len(desk.classify_page.predictions) > 0, timeout=30_000)
    (record,) = records()
    assert not record.ended
    with opened(qtbot) as desk:
        qtbot.waitUntil(lambda: bool(desk.classify_page.drop_offer.text), timeout=10_000)
        press(qtbot, desk, "drop_offer_show")
        settle(qtbot, desk)
        assert len(desk.classify_page.predictions) == record.done


def test_corrections_are_kept_and_shown_again(qtbot: QtBot, samples: Path) -> None:
    with opened(qtbot) as desk:
        for name in ("sea", "forest"):
            assert drop(desk.window, [samples / name])
        settle(qtbot, desk)
        desk.classify_page.table_model.correct([0, 13], 5)
        desk.classify_page.table_model.correct([13], None)
        settle(qtbot, desk)
        before = desk.classify_page.predictions
    with opened(qtbot) as desk:
        desk.classify_page.actions_.earlier.trigger()
        qtbot.waitUntil(lambda: bool(desk.window.findChildren(EarlierDialog)), timeout=10_000)
        dialog = desk.window.findChildren(EarlierDialog)[0]
        qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)
        settle(qtbot, desk)
        after = desk.classify_page.predictions
        assert [(one.path, one.corrected) for one in after] == [(one.path, one.corrected) for one in before]
        assert [one.corrected for one in after if one.corrected is not None] == [5]


def test_clearing_is_undone_by_one_button(qtbot: QtBot, samples: Path) -> None:
    with opened(qtbot) as desk:
        assert drop(desk.window, [samples / "sea"])
        settle(qtbot, desk)
        desk.classify_page.actions_.clear.trigger()
        assert desk.classify_page.predictions == []
        press(qtbot, desk, "classify_note_offer")
        settle(qtbot, desk)
        assert len(desk.classify_page.predictions) == 12


def test_photos_that_changed_are_read_again_and_new_ones_join(qtbot: QtBot, many: Path) -> None:
    with opened(qtbot) as desk:
        assert drop(desk.window, [many])
        qtbot.waitUntil(lambda: len(desk.classify_page.predictions) > 20, timeout=30_000)
    first = records()[0]
    (many / "0000.jpg").unlink()
    (many / "0001.jpg").unlink()
    (many / "0001.jpg").write_bytes(b"no photo any more")
    (many / "a new one.jpg").hardlink_to(many / "0002.jpg")
    with opened(qtbot) as desk:
        desk.earlier_flow.go_on(first.id)
        settle(qtbot, desk)
        found = {Path(one.path).name: one for one in desk.classify_page.predictions}
    assert len(found) == 1000
    assert "0000.jpg" not in found
    assert found["0001.jpg"].error
    assert found["a new one.jpg"].scores is not None


def test_results_of_a_model_that_is_gone_are_shown_but_not_continued(
    qtbot: QtBot, many: Path, samples: Path
) -> None:
    with opened(qtbot) as desk:
        built_in = desk.library.find(BUILT_IN)
        card = msgspec.structs.replace(built_in.card, name="Other", compiled_sha256="0" * 64)
        other = desk.library.add(NewModel(card, built_in.weights(), built_in.compiled() + b"\0"))
        desk.classify_flow.use(other)
        assert drop(desk.window, [many])
        qtbot.waitUntil(lambda: len(desk.classify_page.predictions) > 0, timeout=30_000)
    with opened(qtbot) as desk:
        shutil.rmtree(other.folder)
        desk.classify_flow.refresh_models()
        record = records()[0]
        desk.earlier_flow.go_on(record.id)
        settle(qtbot, desk)
        assert len(desk.classify_page.predictions) == record.done
        assert drop(desk.window, [samples / "sea"])
        settle(qtbot, desk)
        assert len(desk.classify_page.predictions) == 12
    assert len(records()) == 2


def test_where_nothing_can_be_kept_the_drop_goes_on_with_a_warning(qtbot: QtBot, samples: Path) -> None:
    with opened(qtbot) as desk:
        journals_folder().parent.mkdir(parents=True, exist_ok=True)
        journals_folder().write_text("a file is in the way")
        assert drop(desk.window, [samples / "sea"])
        settle(qtbot, desk)
        assert len(desk.classify_page.predictions) == 12
        assert "cannot be kept" in desk.classify_page.note.text
