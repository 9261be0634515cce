"""The selected photo: its figures, what was said about it, and why it got its class."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.core.classify.occlusion import Occlusion
from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.ui.photo.detail import PhotoDetail
from scene_desktop.ui.photo.score_bars import ScoreBars
from scene_desktop.ui.widgets.thumbnails import Thumbnails
from tests.ui.conftest import CLASSES, prediction

DROPS = np.zeros((12, 12), dtype=np.float32)
DROPS[2, 3] = 0.4
FOUND = Occlusion(DROPS, score=0.7, most=0.4)


@pytest.fixture
def detail(qtbot: QtBot) -> Iterator[PhotoDetail]:
    thumbnails = Thumbnails()
    made = PhotoDetail(thumbnails)
    qtbot.addWidget(made)
    made.resize(320, 700)
    made.show()
    yield made
    thumbnails.close()


def show(detail: PhotoDetail, path: str = "/p/a.jpg", corrected: int | None = None) -> None:
    read = prediction(0, 0.2, 0.7, 0.1, path=path)
    detail.show_photo(path, Prediction(0, path, read.scores, corrected=corrected), CLASSES, 0.6)


def text(detail: PhotoDetail, name: str) -> str:
    return detail.findChild(QLabel, name).text()


def test_why_asks_for_the_guess_and_shows_the_answer(qtbot: QtBot, detail: PhotoDetail) -> None:
    show(detail, corrected=2)
    with qtbot.waitSignal(detail.why_requested) as asked:
        qtbot.mouseClick(detail.why_button, Qt.MouseButton.LeftButton)
    assert asked.args == ["/p/a.jpg", 1]
    detail.why_progressed("/p/a.jpg", 0.4)
    assert detail.legend == "Covering the photo part by part … 40 %"
    detail.show_why("/p/a.jpg", 1, FOUND)
    assert detail.legend == (
        "Covering the bright places lowers the score of “sea” most, from 70.0 % to 30.0 %."
    )
    assert detail.preview.heat is not None
    with qtbot.waitSignal(detail.why_dropped):
        qtbot.mouseClick(detail.why_button, Qt.MouseButton.LeftButton)
    assert detail.preview.heat is None
    assert detail.why_button.text() == "Why this class?"


def test_any_class_can_be_asked_about_with_the_keyboard(qtbot: QtBot, detail: PhotoDetail) -> None:
    show(detail)
    bars = detail.findChild(ScoreBars)
    bars.setFocus()
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    with qtbot.waitSignal(detail.why_requested) as asked:
        qtbot.keyClick(bars, Qt.Key.Key_Return)
    assert asked.args == ["/p/a.jpg", 0]  # forest, the second best


def test_an_answer_that_comes_too_late_is_not_shown(detail: PhotoDetail) -> None:
    show(detail)
    detail.toggle_why()
    show(detail, "/p/b.jpg")
    assert not detail.why_button.isChecked()
    detail.show_why("/p/a.jpg", 1, FOUND)
    detail.why_failed("/p/a.jpg", "Gone")
    assert detail.preview.heat is None
    assert detail.legend == ""


def test_where_no_place_matters_it_says_so(detail: PhotoDetail) -> None:
    show(detail)
    detail.toggle_why()
    detail.show_why("/p/a.jpg", 1, Occlusion(np.zeros((12, 12), dtype=np.float32), 0.7, 0.0004))
    assert detail.preview.heat is None
    assert "No single place matters for “sea”" in detail.legend


def test_a_photo_without_scores_cannot_be_asked_about(detail: PhotoDetail) -> None:
    detail.show_photo("/p/a.jpg", prediction(0), CLASSES, 0.6)
    assert not detail.can_tell_why
    assert not detail.why_button.isVisible()


def test_a_correction_is_told_with_the_way_back(qtbot: QtBot, detail: PhotoDetail) -> None:
    show(detail)
    assert not detail.findChild(QPushButton, "detail_uncorrect").isVisible()
    show(detail, corrected=2)
    assert text(detail, "detail_correction") == "You said: street"
    with qtbot.waitSignal(detail.uncorrect_requested):
        qtbot.mouseClick(detail.findChild(QPushButton, "detail_uncorrect"), Qt.MouseButton.LeftButton)


def test_the_size_in_pixels_follows_the_orientation(qtbot: QtBot, detail: PhotoDetail, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    path = str(tmp_path / "upright.jpg")
    Image.new("RGB", (300, 200), "navy").save(path, exif=exif)
    with qtbot.waitSignal(detail.size_wanted) as wanted:
        show(detail, path)
    assert wanted.args == [path]
    detail.set_pixel_size(path, (300, 200))
    assert text(detail, "detail_size").startswith("200 × 300 pixels, ")
    detail.set_pixel_size("/another", (5, 5))
    assert text(detail, "detail_size").startswith("200 × 300 pixels, ")
