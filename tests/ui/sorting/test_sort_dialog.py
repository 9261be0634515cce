"""The dialogs of sorting: what they say, what they let a person do."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QRadioButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from scene_desktop.core.sorting import (
    FailedPhoto,
    How,
    Plan,
    PlannedPhoto,
    SortProgress,
    SortRecord,
    SortResult,
    SortSettings,
    SortState,
    UndoResult,
)
from scene_desktop.ui.results.which_photos import Counts
from scene_desktop.ui.sorting.choices import SortChoices
from scene_desktop.ui.sorting.plan_table import Part, PlanRows, PlanTable, as_rows
from scene_desktop.ui.sorting.records_dialog import SortRecordsDialog
from scene_desktop.ui.sorting.run_dialog import SortRunDialog
from scene_desktop.ui.sorting.sort_dialog import SortDialog
from scene_desktop.ui.sorting.sort_offer import SortOffer

PHOTOS = (
    PlannedPhoto("/p/a.jpg", "sea", "/t/sea/a.jpg", 10),
    PlannedPhoto("/p/b.jpg", "sea", "/t/sea/b 2.jpg", 10, note="“b.jpg” is taken"),
    PlannedPhoto("/p/c.jpg", "_unsure", "/t/_unsure/c.jpg", 10),
    PlannedPhoto("/p/d.jpg", "forest", "", 10, problem="The photo is gone"),
)


def made_plan(*problems: str, photos: tuple[PlannedPhoto, ...] = PHOTOS) -> Plan:
    return Plan(SortSettings(Path("/t"), How.COPY, 0.6), photos, problems, 40_000_000, 50_000_000_000)


def record(state: SortState = SortState.DONE, done: int = 3) -> SortRecord:
    return SortRecord("1", datetime(2025, 1, 2, tzinfo=UTC), How.MOVE, Path("/t/Sorted"), 4, done, state)


def part(widget: QWidget, name: str) -> QPushButton:
    found = widget.findChild(QPushButton, name)
    assert found is not None
    return found


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> SortDialog:
    choices = SortChoices(Counts(4, 2, 0), str(tmp_path / "Sorted"), How.COPY, 0.6)
    made = SortDialog(choices)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def run(qtbot: QtBot) -> SortRunDialog:
    made = SortRunDialog()
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_plan_says_what_will_be_done(dialog: SortDialog) -> None:
    dialog.show_plan(made_plan())
    for words in (
        "2 photos into 1 folder",
        "1 to “_unsure”",
        "1 get another name",
        "1 cannot",
        "40.0 MB of 50.0 GB",
    ):
        assert words in dialog.summary
    assert part(dialog, "sort_start").isEnabled()
    assert part(dialog, "sort_part_problems").text() == "Cannot be sorted 1"


def test_rows_are_narrowed_to_new_names_and_problems(qtbot: QtBot, dialog: SortDialog) -> None:
    dialog.show_plan(made_plan())
    table = dialog.findChild(PlanTable)
    assert table is not None
    for name, expected in (("renamed", ["b.jpg"]), ("problems", ["d.jpg"]), ("all", list("abcd"))):
        qtbot.mouseClick(part(dialog, f"sort_part_{name}"), Qt.MouseButton.LeftButton)
        shown = [table.rows.index(row, 0).data() for row in range(table.rows.rowCount())]
        assert [one.removesuffix(".jpg") for one in shown] == [one.removesuffix(".jpg") for one in expected]


def test_a_problem_of_the_whole_stands_in_the_way(qtbot: QtBot, dialog: SortDialog) -> None:
    dialog.show_plan(made_plan("There is not enough room."))
    assert dialog.problem == "There is not enough room."
    assert not part(dialog, "sort_start").isEnabled()
    with qtbot.assertNotEmitted(dialog.sort_wanted):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)


def test_other_choices_need_another_plan(qtbot: QtBot, dialog: SortDialog) -> None:
    dialog.show_plan(made_plan())
    with qtbot.waitSignal(dialog.plan_wanted):
        dialog.findChild(QRadioButton, "sort_move").setChecked(True)
    assert dialog.plan is None
    assert not part(dialog, "sort_start").isEnabled()
    assert dialog.choices.settings is not None
    assert dialog.choices.settings.how is How.MOVE


def test_without_a_folder_there_is_no_plan(qtbot: QtBot, dialog: SortDialog) -> None:
    with qtbot.waitSignal(dialog.choices.changed):
        dialog.findChild(QLineEdit, "sort_target").clear()
    assert "Choose the folder" in dialog.problem


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    rows = PlanRows()
    qtmodeltester.check(rows)
    rows.replace(PHOTOS)
    rows.show_part(Part.RENAMED)
    assert rows.rowCount() == 1
    rows.replace(())
    assert rows.rowCount() == 0


def test_a_hundred_thousand_rows_are_shown(qtbot: QtBot) -> None:
    table = PlanTable("plan", "Plan")
    qtbot.addWidget(table)
    table.rows.replace([PHOTOS[number % 4] for number in range(100_000)], Part.PROBLEMS)
    table.show()
    assert table.rows.rowCount() == 25_000


def test_failed_rows_are_copied_with_their_reasons(qtbot: QtBot) -> None:
    table = PlanTable("failed", "Failed")
    qtbot.addWidget(table)
    table.rows.replace(as_rows([FailedPhoto("/p/=x.jpg", "/t/x.jpg", "The disk is full")]))
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "/p/=x.jpg\t/t/x.jpg\tThe disk is full\n"


def test_escape_stops_the_work_and_closes_afterwards(qtbot: QtBot, run: SortRunDialog) -> None:
    run.begin(undoing=False)
    run.show_progress(SortProgress(1, 4))
    with qtbot.waitSignal(run.stop_wanted):
        qtbot.keyClick(run, Qt.Key.Key_Escape)
    assert run.isVisible()
    run.show_result(SortResult(record(SortState.UNFINISHED, 2), 2, (), stopped=True))
    assert "stopped before the end" in run.text
    assert part(run, "sort_resume").isVisible()
    qtbot.keyClick(run, Qt.Key.Key_Escape)
    assert not run.isVisible()


def test_the_end_offers_undo_and_lists_what_failed(qtbot: QtBot, run: SortRunDialog) -> None:
    run.begin(undoing=False)
    run.show_result(SortResult(record(), 3, (FailedPhoto("/p/d.jpg", "", "The photo is gone"),), stopped=False))
    assert run.text.startswith("3 photos moved into “Sorted”.")
    assert run.findChild(PlanTable).isVisible()
    assert not part(run, "sort_resume").isVisible()
    with qtbot.waitSignal(run.undo_wanted) as asked:
        qtbot.mouseClick(part(run, "sort_undo"), Qt.MouseButton.LeftButton)
    assert asked.args == ["1"]
    run.begin(undoing=True)
    run.show_undone(UndoResult(record(SortState.UNDONE, 0), 3, (), stopped=False))
    assert run.text == "As before the sort: 3 photos."
    assert not part(run, "sort_undo").isVisible()
    assert not run.findChild(PlanTable).isVisible()


def test_records_are_listed_and_undone_by_key(qtbot: QtBot) -> None:
    dialog = SortRecordsDialog([record(), record(SortState.UNDONE, 0)])
    qtbot.addWidget(dialog)
    dialog.show()
    with qtbot.waitSignal(dialog.undo_wanted):
        qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_what_has_been_undone_is_not_undone_again(qtbot: QtBot) -> None:
    dialog = SortRecordsDialog([record(SortState.UNDONE, 0)])
    qtbot.addWidget(dialog)
    dialog.show()
    assert not part(dialog, "records_undo").isEnabled()


def test_the_offer_names_what_was_cut_off(qtbot: QtBot) -> None:
    offer = SortOffer()
    qtbot.addWidget(offer)
    assert not offer.isVisible()
    offer.offer(record(SortState.UNFINISHED, 2))
    assert "2 of 4 photos" in offer.text
    with qtbot.waitSignal(offer.resume_requested) as asked:
        qtbot.mouseClick(part(offer, "sort_offer_resume"), Qt.MouseButton.LeftButton)
    assert asked.args == ["1"]
