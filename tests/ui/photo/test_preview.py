"""The light over a photo that shows which places matter."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from scene_desktop.core.photos.framing import Framing
from scene_desktop.ui.photo.preview import Preview, heat_image


def test_heat_is_bright_where_it_matters() -> None:
    drops = np.zeros((12, 12), dtype=np.float32)
    drops[3, 4], drops[8, 8] = 0.5, -0.2
    image = heat_image(drops)
    photo = QImage(12, 12, QImage.Format.Format_RGB32)
    photo.fill(Qt.GlobalColor.gray)
    painter = QPainter(photo)
    painter.drawImage(0, 0, image)
    painter.end()
    brightest = photo.pixelColor(4, 3).lightness()
    assert brightest > 1.5 * photo.pixelColor(8, 8).lightness()
    assert photo.pixelColor(0, 0).lightness() == photo.pixelColor(8, 8).lightness()


@pytest.fixture
def preview(qtbot: QtBot) -> Preview:
    """Of a grey photo twice as wide as it is high."""
    made = Preview()
    qtbot.addWidget(made)
    made.resize(400, 300)
    photo = QPixmap(400, 200)
    photo.fill(Qt.GlobalColor.gray)
    made.set_pixmap(photo)
    return made


def light(shown: QImage, across: float, down: float) -> int:
    return shown.pixelColor(round(across * (shown.width() - 1)), round(down * (shown.height() - 1))).lightness()


def white_map() -> QImage:
    heat = QImage(12, 12, QImage.Format.Format_ARGB32)
    heat.fill(Qt.GlobalColor.white)
    return heat


@pytest.mark.parametrize(
    ("framing", "bright", "dim"),
    [
        (Framing.SQUASH, (0.02, 0.5, 0.98), ()),
        (Framing.CUT, (0.3, 0.5, 0.7), (0.02, 0.2, 0.8, 0.98)),
        (Framing.PAD, (0.02, 0.5, 0.98), ()),
    ],
)
def test_heat_lies_on_what_the_model_sees_and_the_rest_is_dim(
    preview: Preview, framing: Framing, bright: tuple[float, ...], dim: tuple[float, ...]
) -> None:
    before = light(preview.grab().toImage(), 0.02, 0.5)
    preview.set_heat(white_map(), framing)
    shown = preview.grab().toImage()
    assert all(light(shown, across, 0.5) > 250 for across in bright)
    assert all(light(shown, across, 0.5) < before - 30 for across in dim)


@pytest.mark.parametrize(("framing", "reaches"), [(Framing.PAD, False), (Framing.SQUASH, True)])
def test_what_the_model_sees_as_padding_lies_beside_the_photo(
    preview: Preview, framing: Framing, reaches: bool
) -> None:
    heat = white_map()
    for column in range(12):
        for row in (0, 1, 10, 11):  # of twelve, three at the top and three at the bottom are padding
            heat.setPixelColor(column, row, Qt.GlobalColor.black)
    preview.set_heat(heat, framing)
    shown = preview.grab().toImage()
    assert light(shown, 0.5, 0.5) > 250
    assert (light(shown, 0.5, 0.05) < 50) is reaches
