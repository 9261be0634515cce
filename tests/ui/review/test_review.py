"""Correcting, reviewing and undoing, with the keyboard alone."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from scene_desktop.core.classify.pipeline import ClassifySummary, PhotosClassified, PhotosFound, SearchEnded
from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.datasets.corrections import Added, NotAdded
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.results.verdicts import Shown
from scene_desktop.ui.review.class_buttons import ClassButton
from scene_desktop.ui.review.class_finder import ClassFinder
from scene_desktop.ui.window.window import MainWindow
from tests.ui.conftest import CLASSES, prediction

VERDICTS = (
    prediction(0, 0.9, 0.06, 0.04),
    prediction(1, 0.3, 0.5, 0.2),
    prediction(2),
    prediction(3, 0.4, 0.35, 0.25),
    prediction(4, 0.1, 0.36, 0.54),
)
"""Unsure are 3 (forest, least sure), 1 (sea) and 4 (street)."""


def fill(
    page: ClassifyPage, verdicts: tuple[Prediction, ...] = VERDICTS, classes: tuple[str, ...] = CLASSES
) -> None:
    page.begin_drop(classes)
    page.add_event(PhotosFound(0, tuple(verdict.path for verdict in verdicts)))
    page.add_event(SearchEnded(len(verdicts)))
    page.add_event(PhotosClassified(verdicts, len(verdicts)))
    page.end_drop(ClassifySummary(len(verdicts), len(verdicts), False, 1.0))


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> ClassifyPage:
    """A full page in a window; threshold 0.6."""
    shown = window.classify_page
    fill(shown)
    window.activateWindow()
    shown.panels.photos.focus_photos()
    qtbot.waitUntil(lambda: shown.results.table.hasFocus())
    return shown


def press(qtbot: QtBot, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """As from the keyboard: to whatever has the focus."""
    target = QApplication.focusWidget() or QApplication.activeWindow()
    assert target is not None, QApplication.topLevelWidgets()
    qtbot.keyClick(target, key, keys)


def corrected(page: ClassifyPage) -> list[int]:
    return page.table_model.verdicts.corrected.tolist()


CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


# Correcting in the table


def test_a_number_key_says_the_class_of_the_selected_rows(qtbot: QtBot, page: ClassifyPage) -> None:
    page.results.select_row(0)
    press(qtbot, Qt.Key.Key_Down, SHIFT)
    press(qtbot, Qt.Key.Key_3)
    assert corrected(page) == [2, 2, -1, -1, -1]


def test_number_keys_work_in_the_grid(qtbot: QtBot, page: ClassifyPage) -> None:
    press(qtbot, Qt.Key.Key_2, CONTROL)
    page.results.select_row(3)
    press(qtbot, Qt.Key.Key_1)
    assert corrected(page) == [-1, -1, -1, 0, -1]


def test_photos_that_could_not_be_read_get_no_class(qtbot: QtBot, page: ClassifyPage) -> None:
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_2)
    assert corrected(page) == [1, 1, -1, 1, 1]


def test_a_key_without_a_class_does_nothing(qtbot: QtBot, page: ClassifyPage) -> None:
    page.results.select_row(0)
    press(qtbot, Qt.Key.Key_4)
    assert corrected(page) == [-1] * 5


def test_digits_can_be_typed_where_text_is_expected(qtbot: QtBot, page: ClassifyPage) -> None:
    page.results.select_row(0)
    press(qtbot, Qt.Key.Key_F, CONTROL)
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLineEdit)
    press(qtbot, Qt.Key.Key_1)
    assert focused.text() == "1"
    assert corrected(page) == [-1] * 5


def test_corrections_are_undone_and_redone_with_texts_that_tell(qtbot: QtBot, page: ClassifyPage) -> None:
    actions = page.reviewing.actions
    assert not actions.undo.isEnabled()
    page.results.select_row(0)
    press(qtbot, Qt.Key.Key_3)
    press(qtbot, Qt.Key.Key_A, CONTROL)
    press(qtbot, Qt.Key.Key_2)
    assert actions.undo.text() == "&Undo: 4 photos are sea"
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert corrected(page) == [2, -1, -1, -1, -1]
    assert actions.undo.text() == "&Undo: 1 photo is street"
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert corrected(page) == [-1] * 5
    press(qtbot, Qt.Key.Key_Z, CONTROL | SHIFT)
    press(qtbot, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert corrected(page) == [1, 1, -1, 1, 1]


def test_a_correction_is_taken_back_by_a_key_and_by_the_button_beside_it(
    qtbot: QtBot, page: ClassifyPage
) -> None:
    page.results.select_row(1)
    press(qtbot, Qt.Key.Key_3)
    assert page.detail.findChild(QLabel, "detail_correction").text() == "You said: street"
    press(qtbot, Qt.Key.Key_Backspace, CONTROL)
    assert corrected(page) == [-1] * 5
    press(qtbot, Qt.Key.Key_1)
    page.detail.uncorrect_requested.emit()
    assert corrected(page) == [-1] * 5


def test_the_right_photos_are_undone_after_waiting_rows_have_gone(qtbot: QtBot, page: ClassifyPage) -> None:
    page.begin_drop(CLASSES)
    page.add_event(PhotosFound(0, ("/p/waits.jpg", "/p/done.jpg")))
    page.add_event(PhotosClassified((prediction(1, 0.2, 0.5, 0.3, path="/p/done.jpg"),), 1))
    page.results.select_row(6)
    press(qtbot, Qt.Key.Key_1)
    assert corrected(page)[6] == 0
    page.end_drop(ClassifySummary(2, 1, True, 1.0))
    assert corrected(page) == [-1, -1, -1, -1, -1, 0]
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert corrected(page) == [-1] * 6


def test_clearing_the_results_forgets_what_could_be_undone(qtbot: QtBot, page: ClassifyPage) -> None:
    page.results.select_row(1)
    press(qtbot, Qt.Key.Key_3)
    page.clear()
    assert not page.reviewing.actions.undo.isEnabled()
    assert not page.reviewing.actions.add.isEnabled()


def test_a_class_is_found_by_typing(qtbot: QtBot, page: ClassifyPage) -> None:
    page.results.select_row(0)
    press(qtbot, Qt.Key.Key_C)
    finder = page.findChild(ClassFinder)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    qtbot.keyClicks(QApplication.focusWidget(), "s")
    press(qtbot, Qt.Key.Key_Down)
    with qtbot.waitSignal(finder.chosen):
        press(qtbot, Qt.Key.Key_Return)
    assert corrected(page)[0] == CLASSES.index("street")


def test_the_menus_name_the_classes(page: ClassifyPage) -> None:
    texts = [action.text() for action in page.reviewing.actions.this_is.actions() if action.text()]
    assert texts == [*CLASSES, "&Other class…"]
    assert page.reviewing.actions.this_is.menuAction() in page.reviewing.actions.context.actions()


def test_commands_rest_on_other_pages(page: ClassifyPage, window: MainWindow) -> None:
    page.results.select_row(0)
    actions = page.reviewing.actions
    assert actions.review.isEnabled()
    assert actions.classes[0].isEnabled()
    window.show_train_page()
    assert not actions.review.isEnabled()
    assert not actions.classes[0].isEnabled()
    window.show_classify_page()
    assert actions.review.isEnabled()


# The review


def text_of(page: ClassifyPage, name: str) -> str:
    return page.findChild(QLabel, name).text()


def button_at(page: ClassifyPage, key: int) -> ClassButton:
    return page.reviewing.view.findChild(ClassButton, f"class_button_{key}")


def test_the_button_counts_the_unsure(page: ClassifyPage) -> None:
    assert page.reviewing.button.text() == "Review 3 unsure"
    page.threshold_slider.set_threshold(0.2)
    assert not page.reviewing.button.isEnabled()
    assert not page.reviewing.actions.review.isEnabled()


def test_a_review_walks_from_the_least_sure_on(qtbot: QtBot, page: ClassifyPage) -> None:
    press(qtbot, Qt.Key.Key_R, CONTROL)
    view = page.reviewing.view
    assert view.isVisible()
    assert not page.results.isVisible()
    assert text_of(page, "review_counter") == "1 of 3, least sure first"
    assert text_of(page, "review_name") == "000003.jpg"
    assert "the guess" in button_at(page, 1).accessibleName()
    press(qtbot, Qt.Key.Key_2)
    assert text_of(page, "review_name") == "000001.jpg"
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Space)
    assert corrected(page) == [-1, 1, -1, 1, -1]
    assert (view.end.title, view.end.text) == ("2 of 3 reviewed", "1 as guessed, 1 changed, 1 skipped")


def test_the_end_says_what_was_done_and_offers_the_next_step(qtbot: QtBot, page: ClassifyPage) -> None:
    press(qtbot, Qt.Key.Key_R, CONTROL)
    for key in (Qt.Key.Key_Enter, Qt.Key.Key_3, Qt.Key.Key_Return):
        press(qtbot, key)
    end = page.reviewing.view.end
    assert (end.title, end.text) == ("All 3 reviewed", "2 as guessed, 1 changed")
    assert end.isVisible()
    with qtbot.waitSignal(end.sort_requested):
        press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Escape)
    assert page.results.isVisible()
    assert page.reviewing.button.text() == "Review unsure"


def test_skipped_photos_are_asked_about_again(qtbot: QtBot, page: ClassifyPage) -> None:
    press(qtbot, Qt.Key.Key_R, CONTROL)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_3, Qt.Key.Key_Return):
        press(qtbot, key)
    press(qtbot, Qt.Key.Key_Return)  # the button about the skipped one has the focus
    assert text_of(page, "review_counter") == "1 of 1, least sure first"
    assert text_of(page, "review_name") == "000003.jpg"
    press(qtbot, Qt.Key.Key_1)
    assert corrected(page) == [-1, 2, -1, 0, 2]


def test_backspace_takes_the_last_answer_back_and_shows_its_photo(qtbot: QtBot, page: ClassifyPage) -> None:
    press(qtbot, Qt.Key.Key_R, CONTROL)
    press(qtbot, Qt.Key.Key_2)
    press(qtbot, Qt.Key.Key_Space)
    press(qtbot, Qt.Key.Key_Backspace)
    assert text_of(page, "review_name") == "000003.jpg"
    assert corrected(page) == [-1] * 5
    press(qtbot, Qt.Key.Key_Backspace)
    assert text_of(page, "review_counter") == "1 of 3, least sure first"


def test_backspace_in_the_review_leaves_earlier_corrections_alone(qtbot: QtBot, page: ClassifyPage) -> None:
    page.results.select_row(0)
    press(qtbot, Qt.Key.Key_3)
    press(qtbot, Qt.Key.Key_R, CONTROL)
    press(qtbot, Qt.Key.Key_Backspace)
    assert corrected(page) == [2, -1, -1, -1, -1]


def test_undo_from_the_menu_shows_in_the_review(qtbot: QtBot, page: ClassifyPage) -> None:
    press(qtbot, Qt.Key.Key_R, CONTROL)
    press(qtbot, Qt.Key.Key_2)
    press(qtbot, Qt.Key.Key_Left)
    assert "given by you" in button_at(page, 2).accessibleName()
    press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert "given by you" not in button_at(page, 2).accessibleName()
    assert corrected(page) == [-1] * 5
    press(qtbot, Qt.Key.Key_Backspace)
    assert text_of(page, "review_counter") == "1 of 3, least sure first"


def test_escape_leaves_the_review_and_not_the_drop(qtbot: QtBot, page: ClassifyPage) -> None:
    page.begin_drop(CLASSES)
    press(qtbot, Qt.Key.Key_R, CONTROL)
    stopped: list[None] = []
    page.stop_requested.connect(lambda: stopped.append(None))
    press(qtbot, Qt.Key.Key_Escape)
    assert page.results.isVisible()
    assert not stopped
    press(qtbot, Qt.Key.Key_Escape)
    assert len(stopped) == 1


def test_a_review_goes_on_while_photos_come_and_waiting_ones_go(qtbot: QtBot, page: ClassifyPage) -> None:
    page.begin_drop(CLASSES)
    page.add_event(PhotosFound(0, tuple(f"/p/{number}.jpg" for number in range(4))))
    page.add_event(PhotosClassified((prediction(3, 0.31, 0.35, 0.34, path="/p/3.jpg"),), 1))
    press(qtbot, Qt.Key.Key_R, CONTROL)
    assert text_of(page, "review_name") == "3.jpg"
    page.end_drop(ClassifySummary(4, 1, True, 1.0))
    assert page.reviewing.view.isVisible()
    press(qtbot, Qt.Key.Key_1)
    assert corrected(page) == [-1, -1, -1, -1, -1, 0]
    page.clear()
    assert not page.reviewing.is_active


def test_many_classes_show_the_best_ten_and_a_way_to_the_others(qtbot: QtBot, page: ClassifyPage) -> None:
    names = tuple(f"class {number:02}" for number in range(14))
    scores = [0.02] * 14
    scores[12], scores[5] = 0.4, 0.36
    fill(page, (prediction(0, *scores),), names)
    press(qtbot, Qt.Key.Key_R, CONTROL)
    buttons = page.reviewing.view.buttons
    assert buttons.labels[:2] == [12, 5]
    assert len(buttons.labels) == 10
    press(qtbot, Qt.Key.Key_2)
    assert corrected(page) == [5]
    press(qtbot, Qt.Key.Key_Backspace)
    press(qtbot, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    qtbot.keyClicks(QApplication.focusWidget(), "13")
    press(qtbot, Qt.Key.Key_Return)
    assert corrected(page) == [13]


def test_the_photo_is_shown_large_with_its_orientation_and_the_next_is_ready(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    for name in ("a", "b", "c"):
        Image.new("RGB", (900, 600), (200, 90, 30)).save(tmp_path / f"{name}.jpg", exif=exif)
    paths = [str(tmp_path / f"{name}.jpg") for name in ("a", "b", "c")]
    verdicts = tuple(
        prediction(n, 0.4 + n / 100, 0.3, 0.3 - n / 100, path=path) for n, path in enumerate(paths)
    )
    page.clear()
    fill(page, verdicts)
    page.panels.photos.focus_photos()
    press(qtbot, Qt.Key.Key_R, CONTROL)
    photo = page.reviewing.view.photo
    qtbot.waitUntil(lambda: photo.pixmap is not None)
    assert photo.pixmap.height() > photo.pixmap.width() >= 400
    loaded = page.reviewing.view.pictures
    side = max(photo.pixmap.width(), photo.pixmap.height())
    assert side <= 900
    seen: list[str] = []
    loaded.loaded.connect(lambda made: seen.append(made.wish.path))
    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: paths[2] in seen)
    press(qtbot, Qt.Key.Key_Space)
    assert photo.pixmap is not None


@pytest.mark.parametrize("size", [(1366, 768), (1000, 600)])
def test_everything_fits_on_small_screens(
    qtbot: QtBot, page: ClassifyPage, window: MainWindow, size: tuple[int, int]
) -> None:
    names = tuple(f"a class with quite a name {number}" for number in range(10))
    fill(page, (prediction(0, *[0.1] * 10),), names)
    window.resize(*size)
    press(qtbot, Qt.Key.Key_R, CONTROL)
    view = page.reviewing.view
    qtbot.waitUntil(lambda: view.photo.height() > 0)
    assert (window.width(), window.height()) == size
    assert view.photo.height() >= size[1] * 0.3
    for key in range(10):
        made = button_at(page, key)
        qtbot.waitUntil(lambda made=made: made.height() > 0)
        assert made.isVisible()
        assert made.height() >= made.minimumSizeHint().height()
        assert view.rect().contains(made.mapTo(view, made.rect().bottomRight()))


# Corrections to a data set


def test_the_outcome_of_adding_is_told_with_the_way_to_the_training(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    line = page.reviewing.adding
    line.show_added(Added(tmp_path / "scenes", ("a", "b"), 3, (NotAdded("/p/gone.jpg", "Gone"),)))
    assert line.note.text == "2 photos added to “scenes”, 3 were there already, 1 could not be copied."
    assert line.train.isVisible()
    with qtbot.waitSignal(line.train_requested) as asked:
        line.train.click()
    assert asked.args == [str(tmp_path / "scenes")]
    assert not line.isVisible()


def test_corrected_photos_are_offered_with_their_classes(
    qtbot: QtBot, page: ClassifyPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "scene_desktop.ui.review.reviewing.QFileDialog.getExistingDirectory", lambda parent, title, place: place
    )
    page.results.select_row(1)
    press(qtbot, Qt.Key.Key_3)
    with qtbot.waitSignal(page.reviewing.add_wanted):
        press(qtbot, Qt.Key.Key_D, CONTROL)
    with qtbot.waitSignal(page.reviewing.dataset_chosen) as chosen:
        page.reviewing.choose_dataset("/data/scenes")
    assert chosen.args == ["/data/scenes", [("/photos/000001.jpg", "street")]]


def test_the_corrected_filter_shows_what_was_said(qtbot: QtBot, page: ClassifyPage) -> None:
    page.results.select_row(1)
    press(qtbot, Qt.Key.Key_3)
    page.class_filter.choose(Shown.CORRECTED)
    assert page.table_model.rowCount() == 1
