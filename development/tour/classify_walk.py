"""The walk through the classify page."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QTableView, QWidget

from development.tour.hand import Hand, Step
from development.tour.stillness import Portions, StillClock

BATCH, SEEN_BUSY = 8, 128
"""Photos that are handed to the model together, and so many are classified in the picture of a busy page."""

_LOOKS_A_JUMP = 15


class ClassifyWalk:
    """Drops photos and does with them what people do.

    Args:
        desk: The running window.
        data: The data set whose photos are dropped.
        room: A folder for whatever the walk writes; beside it there is one with the name “photos”.
    """

    def __init__(self, desk, hand: Hand, clock: StillClock, portions: Portions, data: Path, room: Path) -> None:
        self._page, self._hand, self._clock, self._portions = desk.classify_page, hand, clock, portions
        self._desk, self._data, self._room = desk, data, room

    def steps(self) -> Iterator[Step]:
        hand = self._hand
        yield from hand.shoot("classify-empty")
        yield from self._drop()
        yield from self._look()
        yield from self._review()
        yield from self._sort()
        yield from self._dialogs()
        yield from self._watch()
        yield from self._put_away()

    def _done(self) -> int:
        return len(self._page.predictions)

    def _table(self) -> QTableView:
        table = self._hand.find(QTableView, "prediction_table")
        assert isinstance(table, QTableView)
        return table

    def _drop(self) -> Iterator[Step]:
        hand = self._hand
        bad = self._room.with_name("photos") / "not a photo.jpg"
        bad.write_text("a text")
        dropped = [self._data, bad]
        hand.drag(dropped)
        yield from hand.shoot("classify-drag")
        photos = [str(path) for path in sorted(self._data.rglob("*.jpg"))]
        # Speed is told from two moments; both are held, so that it is always the same.
        self._portions.hold(photos[BATCH:])
        hand.drop(dropped)
        yield lambda: self._done() == BATCH
        self._clock.move(1.5)
        self._portions.hold(photos[SEEN_BUSY:])
        yield lambda: self._done() == SEEN_BUSY
        yield from hand.shoot("classify-busy", busy=True)
        self._clock.move(2.5)
        self._portions.hold([])
        yield lambda: not self._page.is_busy
        bad.unlink()
        self._table().selectRow(3)
        yield from hand.shoot("classify-full")

    def _look(self) -> Iterator[Step]:
        hand = self._hand
        hand.press("detail_why")
        yield from hand.shoot("classify-why")
        hand.press("detail_why")
        for name, text in (("filtered", "forest-00"), ("nothing", "no such name")):
            field = hand.find(QLineEdit, "filter_text")
            assert isinstance(field, QLineEdit)
            field.setText(text)
            yield from hand.shoot(f"classify-{name}")
        hand.press("nothing_show_all")
        yield lambda: hand.sees(QTableView, "prediction_table")
        self._table().sortByColumn(2, Qt.SortOrder.AscendingOrder)
        self._table().selectRow(0)
        yield from hand.shoot("classify-unsure-first")
        self._table().sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        hand.command("show_grid")
        yield lambda: hand.sees(QWidget, "prediction_grid")
        yield from hand.shoot("classify-grid")
        hand.command("show_table")
        yield lambda: hand.sees(QTableView, "prediction_table")
        self._table().selectRow(len(self._page.predictions) - 1)
        yield from hand.shoot("classify-unreadable")

    def _review(self) -> Iterator[Step]:
        hand = self._hand
        hand.press("review_button")
        yield lambda: hand.sees(QWidget, "review")
        yield from hand.shoot("review")
        view = hand.find(QWidget, "review")
        for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_Return, Qt.Key.Key_Space):
            hand.key(view, key)
        yield from hand.shoot("review-later")
        hand.key(view, Qt.Key.Key_C)
        yield hand.opened
        yield from hand.shoot("class-finder")
        yield from hand.close()
        while not hand.sees(QWidget, "review_end"):
            hand.key(view, Qt.Key.Key_Space)
        yield from hand.shoot("review-end")
        hand.press("review_end_leave")
        yield lambda: hand.sees(QTableView, "prediction_table")
        table = self._table()
        corrected = next(row for row, one in enumerate(self._page.predictions) if one.corrected is not None)
        table.selectRow(corrected)
        table.scrollTo(table.model().index(corrected, 0), QTableView.ScrollHint.PositionAtCenter)
        yield from hand.shoot("classify-corrected")

    def _sort(self) -> Iterator[Step]:
        hand = self._hand
        table = self._table()
        rows = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        table.selectionModel().select(table.model().index(5, 0), rows)
        hand.command("sort")
        yield lambda: hand.sees(QPushButton, "sort_start")
        yield from hand.shoot("sort-dialog")
        hand.press("sort_start")
        yield lambda: hand.sees(QPushButton, "sort_undo")
        yield from hand.shoot("sort-done")
        hand.press("sort_undo")
        yield lambda: not hand.sees(QPushButton, "sort_undo")
        yield from hand.shoot("sort-undone")
        hand.press("sort_close")
        yield hand.closed
        hand.command("sorts")
        yield hand.opened
        yield from hand.shoot("sort-records")
        yield from hand.close()

    def _dialogs(self) -> Iterator[Step]:
        hand = self._hand
        for command, name in (
            ("save", "save-dialog"),
            ("guide", "guide"),
            ("about_scene_desktop", "about"),
            ("watch", "watch-dialog"),
        ):
            hand.command(command)
            yield hand.opened
            yield from hand.shoot(name)
            yield from hand.close()
        for action in hand.window.menuBar().actions():
            menu = action.menu()
            assert isinstance(menu, QWidget)
            hand.shoot_widget(f"menu-{action.text().replace('&', '').lower()}", menu)

    def _watch(self) -> Iterator[Step]:
        hand = self._hand
        camera = self._room / "Camera"
        camera.mkdir()
        hand.command("watch")
        yield lambda: hand.sees(QDialog, "watch_dialog")
        folder = hand.find(QLineEdit, "watch_folder")
        assert isinstance(folder, QLineEdit)
        folder.setText(str(camera))
        hand.press("watch_start")
        yield lambda: hand.sees(QLabel, "watch_text")
        yield from hand.shoot("classify-watching")
        for photo in sorted((self._data / "sea").iterdir())[:3]:
            shutil.copy(photo, camera / photo.name)
        bar = hand.find(QLabel, "watch_text")
        yield self._moving(lambda: "3 photos" in (bar.toolTip() + bar.text() + bar.accessibleName()))
        yield lambda: not self._page.is_busy
        yield from hand.shoot("classify-watched")
        hand.press("watch_stop")
        yield lambda: not hand.sees(QLabel, "watch_text")

    def _moving(self, until: Step) -> Step:
        """Time goes by in jumps while something is waited for, so rarely that no work is cut by a jump."""
        looks = 0

        def step() -> bool:
            nonlocal looks
            if until():
                return True
            looks += 1
            if looks % _LOOKS_A_JUMP == 0:
                self._clock.move(5.0)
            return False

        return step

    def _put_away(self) -> Iterator[Step]:
        hand = self._hand
        hand.command("clear")
        yield lambda: hand.sees(QPushButton, "classify_note_offer")
        yield from hand.shoot("classify-cleared")
        hand.command("earlier")
        yield hand.opened
        yield from hand.shoot("earlier-dialog")
        yield from hand.close()
        empty = self._room / "Empty"
        empty.mkdir()
        hand.drop([empty])
        yield lambda: not self._page.is_busy and hand.sees(QLabel, "classify_note_text")
        yield from hand.shoot("classify-no-photos")
        self._page.fail_drop("The model “Scenes” is damaged. Use another model, or train this one again.")
        yield from hand.shoot("classify-failed")
