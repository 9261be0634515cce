"""The light over a photo that shows which places matter."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from scene_desktop.ui.photo.preview import heat_image


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
