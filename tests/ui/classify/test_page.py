"""The classify page as a person meets it: empty, busy, full, failed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.core.classify.pipeline import (
    ClassifySummary,
    FolderSkipped,
    PhotosClassified,
    PhotosFound,
    SearchEnded,
)
from scene_desktop.core.models.card import ThresholdPrice
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.results.verdicts import Column, Shown
from tests.ui.conftest import CLASSES, prediction, stored_model

VERDICTS = (
    prediction(0, 0.9, 0.06, 0.04),
    prediction(1, 0.3, 0.5, 0.2),
    prediction(2),
    prediction(3, 0.7, 0.2, 0.1),
)


def stream(page: ClassifyPage, verdicts: tuple = VERDICTS) -> None:
    page.begin_drop(CLASSES)
    page.add_event(PhotosFound(0, tuple(verdict.path for verdict in verdicts)))
    page.add_event(SearchEnded(len(verdicts)))
    page.add_event(PhotosClassified(verdicts, len(verdicts)))


def finish(page: ClassifyPage, found: int = 4, done: int = 4, stopped: bool = False) -> None:
    page.end_drop(ClassifySummary(found, done, stopped, 2.0))


def counts(page: ClassifyPage) -> dict[str, int]:
    return {entry.name: entry.count for entry in page.class_filter.entries}


def test_empty_says_what_to_do(classify_page: ClassifyPage) -> None:
    classify_page.show()
    title = classify_page.findChild(QLabel, "classify_empty_title")
    assert title.isVisible()
    assert "Drop photos or folders here" in title.text()
    assert not classify_page.actions_.save.isEnabled()


def test_rows_stream_in_with_progress_and_a_way_to_stop(qtbot: QtBot, classify_page: ClassifyPage) -> None:
    classify_page.begin_drop(CLASSES)
    classify_page.add_event(PhotosFound(0, tuple(f"/p/{n}.jpg" for n in range(1500))))
    assert "1,500 photos found" in classify_page.progress.text
    classify_page.add_event(PhotosClassified((prediction(0, 0.9, 0.1, 0.0),), 1))
    assert "found so far" in classify_page.progress.text
    classify_page.add_event(SearchEnded(1500))
    classify_page.set_queue_length(2)
    assert "1 of 1,500 photos" in classify_page.progress.text
    assert "2 more drops wait" in classify_page.progress.text
    assert classify_page.table_model.rowCount() == 1500
    assert classify_page.is_busy
    with qtbot.waitSignal(classify_page.stop_requested):
        qtbot.mouseClick(
            classify_page.findChild(QPushButton, "classify_progress_stop"), Qt.MouseButton.LeftButton
        )


def test_stop_belongs_to_what_is_shown(qtbot: QtBot, classify_page: ClassifyPage) -> None:
    stream(classify_page)
    finish(classify_page)
    classify_page.show_saving(0.5)
    stop = classify_page.findChild(QPushButton, "classify_progress_stop")
    with (
        qtbot.assertNotEmitted(classify_page.stop_requested),
        qtbot.waitSignal(classify_page.saving_stop_requested),
    ):
        stop.click()
    classify_page.begin_drop(CLASSES)
    with (
        qtbot.assertNotEmitted(classify_page.saving_stop_requested),
        qtbot.waitSignal(classify_page.stop_requested),
    ):
        stop.click()
    finish(classify_page, stopped=True)
    classify_page.show_saving(0.6)
    assert classify_page.progress.text == "Saving …"
    with qtbot.waitSignal(classify_page.saving_stop_requested):
        classify_page.stop()
    classify_page.end_saving()
    assert classify_page.progress.text == "Stopped after 4 of 4 photos"


def test_the_classes_are_counted_and_add_up(classify_page: ClassifyPage) -> None:
    stream(classify_page)
    finish(classify_page)
    assert counts(classify_page) == {
        "All photos": 4, "forest": 2, "sea": 0, "street": 0, "Unsure": 1, "Corrected": 0, "Could not read": 1,
    }  # fmt: skip


def test_choosing_a_class_shows_only_its_photos(classify_page: ClassifyPage) -> None:
    stream(classify_page)
    finish(classify_page)
    classify_page.class_filter.choose(0)
    assert classify_page.table_model.rowCount() == 2
    classify_page.class_filter.choose(Shown.UNREADABLE)
    assert classify_page.table_model.rowCount() == 1
    classify_page.class_filter.choose(Shown.ALL)
    assert classify_page.table_model.rowCount() == 4


def price(page: ClassifyPage) -> str:
    return page.threshold_slider.findChild(QLabel, "threshold_price").text()


def test_the_threshold_decides_what_is_unsure_and_says_its_price(classify_page: ClassifyPage) -> None:
    classify_page.set_prices(
        tuple(ThresholdPrice(threshold=n / 100, decided=1 - n / 200, right=0.9 + n / 1000) for n in range(100))
    )
    stream(classify_page)
    finish(classify_page)
    classify_page.threshold_slider.set_threshold(0.8)
    assert classify_page.threshold == 0.8
    assert counts(classify_page)["Unsure"] == 2
    assert price(classify_page) == "At 0.80: 60.0 % decided, 98.0 % of them right"
    assert classify_page.table_model.index(3, Column.CLASS).data() == "Unsure: forest?"


def test_a_model_without_prices_says_that_it_does_not_know(classify_page: ClassifyPage) -> None:
    classify_page.set_prices(())
    assert "does not know" in price(classify_page)


def test_stopping_keeps_what_is_done(classify_page: ClassifyPage) -> None:
    classify_page.begin_drop(CLASSES)
    classify_page.add_event(PhotosFound(0, tuple(f"/p/{n}.jpg" for n in range(9))))
    classify_page.add_event(PhotosClassified((prediction(4, 0.9, 0.1, 0.0), prediction(2)), 2))
    finish(classify_page, found=9, done=2, stopped=True)
    assert classify_page.progress.text == "Stopped after 2 of 9 photos"
    assert len(classify_page.predictions) == 2
    assert counts(classify_page)["All photos"] == 2


def test_all_verdicts_come_out_in_row_order_whatever_is_filtered(classify_page: ClassifyPage) -> None:
    stream(classify_page, VERDICTS)
    finish(classify_page)
    classify_page.class_filter.choose(1)
    stream(classify_page, (prediction(0, 0.0, 1.0, 0.0, path="/second/0.jpg"),))
    assert [p.path for p in classify_page.predictions] == [*(v.path for v in VERDICTS), "/second/0.jpg"]
    assert [p.index for p in classify_page.predictions] == list(range(5))
    assert classify_page.predictions[2].error == "The file is cut short"
    assert classify_page.classes == CLASSES


def test_a_failure_is_told_in_place_and_keeps_what_is_done(classify_page: ClassifyPage) -> None:
    stream(classify_page)
    classify_page.fail_drop("The model “X” is damaged. Use another model.")
    assert classify_page.note.text == "The model “X” is damaged. Use another model."
    assert not classify_page.is_busy
    assert len(classify_page.predictions) == 4


def test_a_folder_without_photos_says_what_was_expected(classify_page: ClassifyPage) -> None:
    classify_page.begin_drop(CLASSES)
    classify_page.add_event(SearchEnded(0))
    finish(classify_page, 0, 0)
    assert "No photos were found" in classify_page.note.text


def test_folders_that_cannot_be_opened_are_told(classify_page: ClassifyPage) -> None:
    classify_page.begin_drop(CLASSES)
    classify_page.add_event(FolderSkipped("/secret", "Permission denied"))
    classify_page.add_event(SearchEnded(0))
    finish(classify_page, 0, 0)
    assert "“secret” could not be opened: Permission denied" in classify_page.note.text


def test_the_selected_photo_shows_all_its_scores_and_where_it_is(
    qtbot: QtBot, classify_page: ClassifyPage, photo_folder: Path
) -> None:
    path = str(photo_folder / "1.png")
    classify_page.show()
    stream(classify_page, (prediction(0, 0.3, 0.5, 0.2, path=path),))
    classify_page.results.select_row(0)
    detail = classify_page.detail
    assert detail.findChild(QLabel, "detail_name").text() == "1.png"
    assert detail.findChild(QLabel, "detail_verdict").text() == "Unsure, perhaps sea"
    qtbot.waitUntil(lambda: detail.findChild(QLabel, "detail_size").text().endswith("bytes"))
    with qtbot.waitSignal(classify_page.detail.show_in_folder_requested) as asked:
        detail.findChild(QPushButton, "show_in_folder").click()
    assert asked.args == [path]


def test_a_photo_that_failed_says_why_in_the_detail(classify_page: ClassifyPage) -> None:
    classify_page.show()
    stream(classify_page)
    classify_page.results.select_row(2)
    reason = classify_page.detail.findChild(QLabel, "detail_reason")
    assert reason.isVisible()
    assert reason.text() == "The file is cut short"


def test_table_and_grid_share_rows_and_selection(classify_page: ClassifyPage) -> None:
    classify_page.show()
    stream(classify_page)
    classify_page.results.select_row(3)
    classify_page.actions_.grid.trigger()
    assert classify_page.results.currentWidget() is classify_page.results.grid
    assert classify_page.results.grid.currentIndex().row() == 3
    classify_page.actions_.table.trigger()
    assert classify_page.results.selected_rows() == [3]


def test_selected_rows_are_copied_as_a_table(classify_page: ClassifyPage) -> None:
    stream(classify_page)
    classify_page.actions_.select_all.trigger()
    classify_page.actions_.copy_rows.trigger()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 5


def test_pasted_files_are_classified(qtbot: QtBot, classify_page: ClassifyPage, photo_folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo_folder))])
    QGuiApplication.clipboard().setMimeData(data)
    with qtbot.waitSignal(classify_page.intake.paths_taken) as asked:
        classify_page.actions_.paste.trigger()
    assert asked.args == [[str(photo_folder)]]


def test_a_pasted_picture_is_handed_over(qtbot: QtBot, classify_page: ClassifyPage) -> None:
    image = QImage(8, 6, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    with qtbot.waitSignal(classify_page.intake.image_taken) as pasted:
        classify_page.actions_.paste.trigger()
    assert pasted.args[0].size() == image.size()


def test_pasting_nothing_says_so(classify_page: ClassifyPage) -> None:
    QGuiApplication.clipboard().setText("just words")
    classify_page.actions_.paste.trigger()
    assert "nothing to classify" in classify_page.note.text


def test_the_menu_asks_for_another_model_and_shows_it_once_confirmed(
    qtbot: QtBot, classify_page: ClassifyPage
) -> None:
    first, second = stored_model("Scenes"), stored_model("R&D <b>birds</b>", ("robin", "wren"))
    classify_page.set_models([first, second], first)
    assert "Scenes · 3 classes" in classify_page.model_button.text()
    with qtbot.waitSignal(classify_page.model_button.chosen) as asked:
        classify_page.model_button.menu().actions()[1].trigger()
    assert asked.args == [second]
    assert "Scenes" in classify_page.model_button.text()
    classify_page.set_models([first, second], second)
    assert "R&&D <b>birds</b> · 2 classes" in classify_page.model_button.text()


def test_clearing_goes_back_to_empty(classify_page: ClassifyPage) -> None:
    stream(classify_page)
    finish(classify_page)
    classify_page.clear()
    assert classify_page.predictions == []
    assert counts(classify_page)["All photos"] == 0
    assert not classify_page.actions_.save.isEnabled()


@pytest.mark.parametrize("name", ["<img src=x>.jpg", "line\nbreak.jpg", "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe"])
def test_hostile_names_are_shown_as_plain_text(classify_page: ClassifyPage, name: str) -> None:
    classify_page.show()
    stream(classify_page, (prediction(0, 0.9, 0.1, 0.0, path=f"/p/{name}"),))
    classify_page.results.select_row(0)
    label = classify_page.detail.findChild(QLabel, "detail_name")
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text().isprintable()
    tip = classify_page.table_model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "<img" not in tip


def test_every_label_is_plain_text(classify_page: ClassifyPage) -> None:
    texts = [label for label in classify_page.findChildren(QLabel) if label.text()]
    assert texts
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in texts)


@pytest.mark.parametrize("grid", [False, True], ids=["table", "grid"])
def test_selecting_a_hundred_thousand_photos_asks_only_for_visible_rows(
    classify_page: ClassifyPage, monkeypatch: pytest.MonkeyPatch, grid: bool
) -> None:
    total = 100_000
    classify_page.show()
    classify_page.begin_drop(CLASSES)
    classify_page.add_event(PhotosFound(0, tuple(f"/p/{n}.jpg" for n in range(total))))
    (classify_page.actions_.grid if grid else classify_page.actions_.table).trigger()
    model, asked = classify_page.table_model, []
    count = model.rowCount
    monkeypatch.setattr(model, "rowCount", lambda *parent: asked.append(1) or count(*parent))
    classify_page.actions_.select_all.trigger()
    classify_page.results.grab()
    assert len(classify_page.results.selected_rows()) == total
    assert len(asked) < total / 2
