"""The filters of the classify page, driven by keys and as a person sees them."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from scene_desktop.core.classify.pipeline import ClassifySummary, PhotosClassified, PhotosFound, SearchEnded
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.results.verdicts import Shown
from tests.ui.conftest import CLASSES, prediction


def fill(page: ClassifyPage) -> None:
    """Twelve photos: four of each class, surer and surer."""
    page.begin_drop(CLASSES)
    page.add_event(PhotosFound(0, tuple(f"/photos/IMG_{n:02}.jpg" for n in range(12))))
    scores = [np.roll((0.4 + 0.05 * n, 0.35 - 0.05 * n / 2, 0.25 - 0.05 * n / 2), n % 3) for n in range(12)]
    verdicts = tuple(prediction(n, *row, path=f"/photos/IMG_{n:02}.jpg") for n, row in enumerate(scores))
    page.add_event(SearchEnded(12))
    page.add_event(PhotosClassified(verdicts, 12))
    page.end_drop(ClassifySummary(12, 12, stopped=False, seconds=1.0))
    page.show()


def child(page: ClassifyPage, kind: type[QWidget], name: str) -> QWidget:
    found = page.findChild(kind, name)
    assert found is not None
    return found


def test_a_name_is_found_by_keys_and_escape_brings_all_back(qtbot: QtBot, classify_page: ClassifyPage) -> None:
    fill(classify_page)
    field, count = child(classify_page, QLineEdit, "filter_text"), child(classify_page, QLabel, "filter_count")
    classify_page.actions_.find.trigger()
    qtbot.keyClicks(field, "img_1")
    assert classify_page.table_model.rowCount() == 2
    assert count.text() == "2 of 12 photos"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert classify_page.table_model.rowCount() == 12
    assert count.text() == "12 photos"


def test_the_range_of_confidence_keeps_its_ends_in_order(classify_page: ClassifyPage) -> None:
    fill(classify_page)
    low, high = child(classify_page, QSpinBox, "filter_low"), child(classify_page, QSpinBox, "filter_high")
    high.setValue(60)
    sure = classify_page.table_model.verdicts.confidence
    assert classify_page.table_model.rowCount() == (sure <= 0.6).sum() > 0
    low.setValue(80)
    assert high.value() == 80
    high.setValue(100)
    assert classify_page.table_model.rowCount() == (sure >= 0.8).sum() > 0


def test_filters_that_leave_nothing_say_so_and_are_cleared_by_one_button(
    qtbot: QtBot, classify_page: ClassifyPage
) -> None:
    fill(classify_page)
    classify_page.class_filter.choose(1)
    child(classify_page, QLineEdit, "filter_text").setText("no such photo")
    nothing = child(classify_page, QWidget, "nothing_fits")
    assert nothing.isVisible()
    qtbot.mouseClick(child(classify_page, QPushButton, "nothing_show_all"), Qt.MouseButton.LeftButton)
    assert not nothing.isVisible()
    assert classify_page.table_model.rowCount() == 12
    assert classify_page.table_model.shown == Shown.ALL
    assert not child(classify_page, QPushButton, "filter_clear").isVisible()


def test_class_name_and_confidence_hold_together(classify_page: ClassifyPage) -> None:
    fill(classify_page)
    classify_page.class_filter.choose(0)
    assert classify_page.table_model.rowCount() == 2
    child(classify_page, QLineEdit, "filter_text").setText("9")
    assert [index.data() for index in (classify_page.table_model.index(0, 0),)] == ["IMG_09.jpg"]
    assert classify_page.table_model.rowCount() == 1


def test_corrected_photos_have_their_own_line(classify_page: ClassifyPage) -> None:
    fill(classify_page)
    classify_page.table_model.correct([0, 1], 2)
    entries = {entry.shown: entry.count for entry in classify_page.class_filter.entries}
    assert entries[Shown.CORRECTED] == 2
    classify_page.class_filter.choose(Shown.CORRECTED)
    assert classify_page.table_model.rowCount() == 2


def test_new_results_start_without_filters(classify_page: ClassifyPage) -> None:
    fill(classify_page)
    child(classify_page, QLineEdit, "filter_text").setText("07")
    classify_page.clear()
    fill(classify_page)
    assert classify_page.table_model.rowCount() == 12
    assert child(classify_page, QLineEdit, "filter_text").text() == ""
