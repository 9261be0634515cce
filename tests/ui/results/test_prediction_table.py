"""Streaming, counting, filtering and sorting of verdicts."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from scene_desktop.core.classify.predictions import Prediction, tally
from scene_desktop.ui.results.prediction_table import PredictionTable
from scene_desktop.ui.results.prediction_texts import State
from scene_desktop.ui.results.verdicts import Column, Filter, Shown
from tests.ui.conftest import CLASSES, prediction

VERDICTS = [
    prediction(0, 0.9, 0.06, 0.04, path="/p/c.jpg"),
    prediction(1, 0.3, 0.5, 0.2, path="/p/a.jpg"),
    prediction(2, path="/p/d.jpg"),
    prediction(3, 0.1, 0.8, 0.1, path="/p/B.jpg"),
]


@pytest.fixture
def table(qtbot: QtBot) -> PredictionTable:
    made = PredictionTable()
    made.begin_drop(CLASSES)
    return made


@pytest.fixture
def full(table: PredictionTable) -> PredictionTable:
    table.add_photos([verdict.path for verdict in VERDICTS])
    table.add_verdicts(VERDICTS)
    return table


def names(table: PredictionTable) -> list[str]:
    return [table.index(row, Column.PHOTO).data() for row in range(table.rowCount())]


def test_photos_wait_until_their_verdict_comes(table: PredictionTable) -> None:
    table.add_photos(["/p/a.jpg", "/p/b.jpg"])
    assert table.index(1, Column.CLASS).data() == "Waiting …"
    table.add_verdicts([prediction(1, 0.1, 0.1, 0.8)])
    assert table.index(0, Column.CLASS).data() == "Waiting …"
    assert table.index(1, Column.CLASS).data() == "street"
    assert table.index(1, Column.CONFIDENCE).data() == "80.0 %"


def test_the_model_keeps_qts_rules_while_it_streams_filters_and_sorts(
    table: PredictionTable, qtmodeltester: ModelTester
) -> None:
    qtmodeltester.check(table)
    table.add_photos([verdict.path for verdict in VERDICTS])
    table.add_verdicts(VERDICTS)
    table.sort(Column.CONFIDENCE, Qt.SortOrder.DescendingOrder)
    table.set_filter(Filter(Shown.UNSURE))
    table.set_threshold(0.85)
    table.set_filter(Filter(Shown.ALL))
    qtmodeltester.check(table)


def test_a_photo_that_cannot_be_read_says_why(full: PredictionTable) -> None:
    assert full.index(2, Column.CLASS).data() == "Could not read"
    assert full.index(2, Column.RUNNERS_UP).data() == "The file is cut short"


@pytest.mark.parametrize("threshold", [0.0, 0.5, 0.6, 0.9, 0.99])
def test_counts_agree_with_the_core(full: PredictionTable, threshold: float) -> None:
    full.set_threshold(threshold)
    assert full.tally() == tally(VERDICTS, len(CLASSES), threshold)


def test_a_score_that_equals_the_threshold_counts_as_the_core_counts_it(table: PredictionTable) -> None:
    exact = [prediction(n, float(s), 1 - float(s), 0.0) for n, s in enumerate(np.arange(0.5, 1, 0.01))]
    table.add_photos([verdict.path for verdict in exact])
    table.add_verdicts(exact)
    for step in range(100):
        table.set_threshold(step / 100)
        assert table.tally() == tally(exact, len(CLASSES), step / 100)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (Shown.ALL, ["c.jpg", "a.jpg", "d.jpg", "B.jpg"]),
        (Shown.UNSURE, ["a.jpg"]),
        (Shown.UNREADABLE, ["d.jpg"]),
        (0, ["c.jpg"]),
        (1, ["B.jpg"]),
        (2, []),
    ],
)
def test_a_filter_shows_exactly_its_photos(full: PredictionTable, shown: int, expected: list[str]) -> None:
    full.set_filter(Filter(shown))
    assert names(full) == expected


def test_new_verdicts_join_the_filter_that_is_set(full: PredictionTable) -> None:
    full.set_filter(Filter(Shown.UNSURE))
    full.begin_drop(CLASSES)
    full.add_photos(["/p/e.jpg", "/p/f.jpg"])
    full.add_verdicts([prediction(0, 0.4, 0.3, 0.3), prediction(1, 1.0, 0.0, 0.0)])
    assert names(full) == ["a.jpg", "e.jpg"]


@pytest.mark.parametrize(
    ("column", "order", "expected"),
    [
        (Column.PHOTO, Qt.SortOrder.AscendingOrder, ["a.jpg", "B.jpg", "c.jpg", "d.jpg"]),
        (Column.PHOTO, Qt.SortOrder.DescendingOrder, ["d.jpg", "c.jpg", "B.jpg", "a.jpg"]),
        (Column.CLASS, Qt.SortOrder.AscendingOrder, ["c.jpg", "B.jpg", "a.jpg", "d.jpg"]),
        (Column.CONFIDENCE, Qt.SortOrder.AscendingOrder, ["a.jpg", "B.jpg", "c.jpg", "d.jpg"]),
        (Column.CONFIDENCE, Qt.SortOrder.DescendingOrder, ["c.jpg", "B.jpg", "a.jpg", "d.jpg"]),
        (Column.RUNNERS_UP, Qt.SortOrder.DescendingOrder, ["a.jpg", "B.jpg", "c.jpg", "d.jpg"]),
    ],
)
def test_every_column_sorts_and_unreadable_photos_come_last(
    full: PredictionTable, column: Column, order: Qt.SortOrder, expected: list[str]
) -> None:
    full.sort(column, order)
    assert names(full) == expected


def test_without_a_sort_column_the_order_of_finding_comes_back(full: PredictionTable) -> None:
    full.sort(Column.PHOTO)
    full.sort(-1)
    assert names(full) == ["c.jpg", "a.jpg", "d.jpg", "B.jpg"]


def test_a_selected_photo_stays_selected_when_the_order_changes(full: PredictionTable) -> None:
    selection = QItemSelectionModel(full)
    selection.setCurrentIndex(full.index(0, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    full.sort(Column.PHOTO)
    assert selection.currentIndex().data() == "c.jpg"
    assert selection.currentIndex().row() == 2


def test_while_sorted_new_photos_come_to_their_place(qtbot: QtBot, full: PredictionTable) -> None:
    full.sort(Column.CONFIDENCE, Qt.SortOrder.DescendingOrder)
    full.begin_drop(CLASSES)
    full.add_photos(["/p/x.jpg"])
    full.add_verdicts([prediction(0, 0.85, 0.1, 0.05)])
    qtbot.waitUntil(lambda: names(full)[1] == "x.jpg", timeout=3000)


def test_a_second_drop_counts_its_photos_from_its_own_start(full: PredictionTable) -> None:
    full.begin_drop(CLASSES)
    full.add_photos(["/p/e.jpg"])
    full.add_verdicts([prediction(0, 0.0, 0.0, 1.0)])
    assert full.index(4, Column.CLASS).data() == "street"
    assert full.index(0, Column.CLASS).data() == "forest"


def test_stopping_removes_only_photos_without_a_verdict(table: PredictionTable) -> None:
    table.add_photos([f"/p/{n}.jpg" for n in range(5)])
    table.add_verdicts([prediction(3, 0.9, 0.1, 0.0), prediction(1)])
    assert table.drop_waiting() == 3
    assert names(table) == ["1.jpg", "3.jpg"]
    assert table.index(0, Column.CLASS).data() == "Could not read"
    table.begin_drop(CLASSES)
    table.add_photos(["/p/9.jpg"])
    assert table.index(2, Column.CLASS).data() == "Waiting …"


def test_other_classes_start_a_new_table(full: PredictionTable) -> None:
    full.begin_drop(("cat", "dog"))
    assert full.rowCount() == 0


def test_copied_rows_are_a_table_that_spreadsheets_do_not_run(table: PredictionTable) -> None:
    table.add_photos(["/p/a.jpg", "=1+1\t.jpg"])
    table.add_verdicts([prediction(0, 0.9, 0.1, 0.0), prediction(1)])
    lines = table.copied([0, 1]).splitlines()
    assert lines[0].split("\t") == ["Path", "Class", "Confidence", "Unsure", "Error"]
    assert lines[1].split("\t") == ["/p/a.jpg", "forest", "0.900000", "no", ""]
    assert lines[2].split("\t") == ["'=1+1\N{REPLACEMENT CHARACTER}.jpg", "", "", "", "The file is cut short"]


def test_a_hundred_thousand_photos_cost_one_insert_a_chunk_and_stay_quick(table: PredictionTable) -> None:
    total, chunk = 100_000, 500
    inserted: list[tuple[int, int]] = []
    changed: list[int] = []
    table.rowsInserted.connect(lambda parent, first, last: inserted.append((first, last)))
    table.dataChanged.connect(lambda first, last, roles: changed.append(first.row()))
    scores = np.random.default_rng(1).dirichlet((1, 1, 1), total).astype(np.float32)
    slowest = 0.0
    for first in range(0, total, chunk):
        paths = tuple(f"/p/{n}.jpg" for n in range(first, first + chunk))
        verdicts = [Prediction(n, f"/p/{n}.jpg", scores=scores[n]) for n in range(first, first + chunk)]
        started = time.perf_counter()
        table.add_photos(paths)
        table.add_verdicts(verdicts)
        slowest = max(slowest, time.perf_counter() - started)
    assert table.rowCount() == total
    assert len(inserted) == total // chunk
    assert len(changed) == total // chunk
    started = time.perf_counter()
    for column in (Column.CLASS, Column.CONFIDENCE, Column.RUNNERS_UP):
        table.sort(column, Qt.SortOrder.DescendingOrder)
    table.set_filter(Filter(1))
    table.set_threshold(0.9)
    table.tally()
    assert time.perf_counter() - started < 2.0
    assert slowest < 0.25


def test_a_corrected_photo_counts_for_the_class_that_was_said(full: PredictionTable) -> None:
    told: list[tuple[list[int], int | None]] = []
    full.corrected.connect(lambda rows, label: told.append((rows, label)))
    unsure = full.review_rows().tolist()
    before = full.tally()
    full.correct([*unsure, *range(len(full.verdicts))], 1)
    assert before.unsure > 0
    assert full.tally().unsure == 0
    assert full.tally().by_class == (0, before.decided + before.unsure, 0)
    assert full.tally().failed == before.failed
    assert full.tally() == tally(full.verdicts.predictions(), 3, full.threshold)
    assert full.review_rows().tolist() == []
    full.correct(range(len(full.verdicts)), None)
    assert full.tally() == before
    assert full.review_rows().tolist() == unsure
    assert [label for _, label in told] == [1, None]
    failed = [row for row in range(len(full.verdicts)) if full.state_of(row) is State.UNREADABLE]
    assert failed
    assert not set(failed) & set(told[0][0])


def test_photos_for_review_come_least_sure_first(table: PredictionTable) -> None:
    table.set_threshold(0.8)
    table.add_photos([f"{n}.jpg" for n in range(4)])
    table.add_verdicts(
        [
            prediction(0, 0.7, 0.3, 0.0),
            prediction(1, 0.45, 0.55, 0.0),
            prediction(2, 0.1, 0.9, 0.0),
            prediction(3, 0.6, 0.4, 0.0),
        ]
    )
    assert table.review_rows().tolist() == [1, 3, 0]


def test_a_corrected_photo_leaves_the_unsure_ones_and_the_selection_moves_on(full: PredictionTable) -> None:
    full.set_threshold(0.99)
    full.set_filter(Filter(Shown.UNSURE))
    selection = QItemSelectionModel(full)
    selection.setCurrentIndex(full.index(0, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    second = full.source_row(1)
    count = full.rowCount()
    full.correct([full.source_row(0)], 0)
    assert full.rowCount() == count - 1
    assert full.source_row(selection.currentIndex().row()) == second
    full.set_filter(Filter(Shown.CORRECTED))
    assert full.rowCount() == 1
    assert full.state_of(full.source_row(0)) is State.CORRECTED


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(text="B"), ["B.jpg"]),
        (Filter(text=".JPG"), ["c.jpg", "a.jpg", "d.jpg", "B.jpg"]),
        (Filter(text="no such"), []),
        (Filter(Shown.UNREADABLE, text="d"), ["d.jpg"]),
        (Filter(Shown.UNREADABLE, low=0.1), []),
    ],
)
def test_text_and_confidence_narrow_further(full: PredictionTable, wanted: Filter, expected: list[str]) -> None:
    full.set_filter(wanted)
    assert names(full) == expected


def test_a_range_of_confidence_shows_what_lies_in_it(full: PredictionTable) -> None:
    full.set_filter(Filter(low=0.5, high=0.8))
    sure = [full.verdicts.confidence[full.source_row(row)] for row in range(full.rowCount())]
    everything = [p.confidence for p in full.verdicts.predictions() if p.confidence is not None]
    assert len(sure) == sum(0.5 <= value <= 0.8 for value in everything) > 0
    assert all(0.5 <= value <= 0.8 for value in sure)


def test_moved_photos_are_found_under_their_new_name(full: PredictionTable) -> None:
    full.sort(Column.PHOTO)
    old = full.verdicts.paths[0]
    full.moved({old: "/elsewhere/zz.jpg", "/never/seen.jpg": "/x.jpg"})
    full.sort(Column.PHOTO)
    assert names(full)[-1] == "zz.jpg"
    assert old not in full.verdicts.paths


def test_names_are_in_order_however_they_came(table: PredictionTable) -> None:
    rng = np.random.default_rng(1)
    given = [f"/photos/{number:05d}.jpg" for number in rng.permutation(12_000)]
    table.sort(Column.PHOTO)
    for start in range(0, len(given), 500):
        table.add_photos(given[start : start + 500])
    table.sort(Column.PHOTO)
    assert [table.verdicts.paths[table.source_row(row)] for row in range(12_000)] == sorted(given)
