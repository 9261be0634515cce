import csv
import os
from pathlib import Path

import msgspec
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from scene_desktop.app import Desk
from scene_desktop.core.datasets.samples import CLASSES
from scene_desktop.core.models.library import BUILT_IN, NewModel, StoredModel
from scene_desktop.flows.saving import SavingFlow
from tests.drops import drop
from tests.photo_zoo import write_zoo


def drop_and_wait(qtbot: QtBot, desk: Desk, *paths: Path) -> None:
    assert drop(desk.window, paths)
    qtbot.waitUntil(lambda: not desk.classify_lane.is_busy, timeout=60_000)


def test_a_dropped_folder_is_classified_with_the_built_in_model(
    qtbot: QtBot, desk: Desk, samples: Path
) -> None:
    drop_and_wait(qtbot, desk, samples)
    predictions = desk.classify_page.predictions
    assert desk.classify_page.classes == CLASSES
    assert len(predictions) == 12 * len(CLASSES)
    assert all(prediction.scores is not None for prediction in predictions)


def test_good_and_bad_files_each_get_a_row_and_photos_stay_untouched(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    good, bad = write_zoo(tmp_path / "zoo")
    files = [path for path in (tmp_path / "zoo").iterdir() if path.is_file()]
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}
    drop_and_wait(qtbot, desk, tmp_path / "zoo")
    rows = desk.classify_page.predictions
    assert {row.path for row in rows if row.error} == set(bad)
    assert {row.path for row in rows if row.scores is not None} == set(good)
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files} == before


def test_a_second_drop_is_appended(qtbot: QtBot, desk: Desk, samples: Path) -> None:
    drop_and_wait(qtbot, desk, samples / "sea")
    drop_and_wait(qtbot, desk, samples / "forest")
    names = [Path(row.path).parent.name for row in desk.classify_page.predictions]
    assert names == ["sea"] * 12 + ["forest"] * 12


def test_two_drops_at_once_are_queued_and_both_done(qtbot: QtBot, desk: Desk, samples: Path) -> None:
    assert drop(desk.window, [samples / "sea"])
    assert drop(desk.window, [samples / "forest", samples / "street"])
    qtbot.waitUntil(lambda: len(desk.classify_page.predictions) == 36, timeout=60_000)


def test_the_table_is_saved_as_csv_in_the_order_of_its_rows(
    qtbot: QtBot, desk: Desk, samples: Path, tmp_path: Path
) -> None:
    drop_and_wait(qtbot, desk, samples / "sea")
    target = tmp_path / "out.csv"
    desk.classify_page.findChild(SavingFlow).save(str(target))
    qtbot.waitUntil(target.exists)
    with target.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["path"] for row in rows] == [row.path for row in desk.classify_page.predictions]


@pytest.mark.skipif(os.name == "nt", reason="folder permissions work differently there")
def test_saving_where_nothing_can_be_written_says_so(
    qtbot: QtBot, desk: Desk, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_and_wait(qtbot, desk, samples / "sea")
    (tmp_path / "occupied").write_text("a file")
    shown: list[str] = []
    monkeypatch.setattr(desk.classify_page, "show_message", lambda text, kind: shown.append(text))
    desk.classify_page.findChild(SavingFlow).save(str(tmp_path / "occupied" / "out.csv"))
    qtbot.waitUntil(lambda: bool(shown))
    assert "cannot be written" in shown[0]


def test_stop_keeps_what_is_done(qtbot: QtBot, desk: Desk, samples: Path, tmp_path: Path) -> None:
    photos = sorted(samples.rglob("*.jpg"))
    many = tmp_path / "many"
    many.mkdir()
    for number in range(2000):
        (many / f"{number:04}.jpg").hardlink_to(photos[number % len(photos)])
    assert drop(desk.window, [many])

    def done() -> int:
        return sum(row.scores is not None for row in desk.classify_page.predictions)

    qtbot.waitUntil(lambda: done() > 0, timeout=30_000)
    desk.classify_page.stop_requested.emit()
    qtbot.waitUntil(lambda: not desk.classify_page.is_busy, timeout=1_000)
    assert 0 < done() < 2000


def another_model(desk: Desk) -> StoredModel:
    built_in = desk.library.find(BUILT_IN)
    card = msgspec.structs.replace(built_in.card, name="Other")
    return desk.library.add(NewModel(card, built_in.weights(), built_in.compiled()))


def test_stopping_with_a_drop_for_another_model_waiting_keeps_the_rows(
    qtbot: QtBot, desk: Desk, samples: Path, tmp_path: Path
) -> None:
    other = another_model(desk)
    many = tmp_path / "many"
    many.mkdir()
    for number in range(2000):
        (many / f"{number:04}.jpg").hardlink_to(samples / "sea" / "sea-001.jpg")
    assert drop(desk.window, [many])
    qtbot.waitUntil(lambda: len(desk.classify_page.predictions) > 0, timeout=30_000)
    desk.classify_flow.use(other)
    assert drop(desk.window, [samples / "forest"])
    desk.classify_page.stop_requested.emit()
    qtbot.waitUntil(lambda: not desk.classify_lane.is_busy)
    assert len(desk.classify_page.predictions) > 0


def test_renaming_the_model_in_use_keeps_it_in_use(desk: Desk) -> None:
    other = another_model(desk)
    desk.classify_flow.use(other)
    desk.models_page.rename_requested.emit(other, "Better name")
    assert desk.classify_flow.model is not None
    assert desk.classify_flow.model.card.name == "Better name"


def test_a_pasted_picture_is_classified(qtbot: QtBot, desk: Desk) -> None:
    picture = QImage(120, 90, QImage.Format.Format_RGB32)
    picture.fill(0x2060C0)
    desk.classify_page.intake.image_taken.emit(picture)
    qtbot.waitUntil(lambda: len(desk.classify_page.predictions) == 1, timeout=20_000)
    assert desk.classify_page.predictions[0].scores is not None
