"""A photo as wide as its panel, with a map of light over it on request."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from scene_desktop.core.photos.framing import Framing, seen
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import fitted, paint_picture

ENLARGED = 3.0
_DIM = 175
"""Opacity of the black over places that do not matter, of 255."""
_WARM = (255, 176, 32)
_GLOW = 90
"""Opacity of the warm light over the place that matters most, of 255."""


class Preview(QWidget):
    """A photo as large as the panel allows."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("preview")
        self._pixmap: QPixmap | None = None
        self._heat: QImage | None = None
        self._framing = Framing.SQUASH
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def pixmap(self) -> QPixmap | None:
        return self._pixmap

    @property
    def heat(self) -> QImage | None:
        """The map that lies over the photo."""
        return self._heat

    def set_pixmap(self, pixmap: QPixmap | None) -> None:
        self._pixmap = pixmap
        self._fit()
        self.update()

    def set_heat(self, heat: QImage | None, framing: Framing = Framing.SQUASH) -> None:
        """Lays a map over the part of the photo that a model sees; None takes it away."""
        self._heat, self._framing = heat, framing
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _room(self) -> QSize:
        return QSize(self.width(), self.width())

    def _fit(self) -> None:
        height = round(self.width() * 0.66)
        if self._pixmap is not None and not self._pixmap.isNull():
            height = self._shown_size().height()
        if height != self.height():
            self.setFixedHeight(max(1, height))

    def _shown_size(self) -> QSize:
        size = self._pixmap.deviceIndependentSize().toSize() if self._pixmap is not None else QSize()
        return fitted(size, self._room(), ENLARGED)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), colours_of(self.palette())
        place, radius = self.rect(), theme.unit() * 1.5
        shows = self._pixmap is not None and not self._pixmap.isNull()
        if shows:
            size = self._shown_size()
            place = QRect((self.width() - size.width()) // 2, 0, size.width(), size.height())
        paint_picture(painter, place, self._pixmap, colours, radius)
        if shows and self._heat is not None:
            outline = QPainterPath()
            outline.addRoundedRect(QRectF(place), radius, radius)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setClipPath(outline)
            box = seen(self._framing, place.width(), place.height())
            covered = QRectF(QPointF(box.left, box.top), QPointF(box.right, box.bottom))
            covered.translate(place.topLeft())
            unseen = QPainterPath()
            unseen.addRect(covered)
            painter.fillPath(outline - unseen, QColor(0, 0, 0, _DIM))
            painter.drawImage(covered, self._heat)


def heat_image(drops: NDArray[np.float32]) -> QImage:
    """One pixel a place, to be stretched smoothly over the photo.

    Brightness carries the message, not the colour, so it can be read without telling colours apart.

    Args:
        drops: float32 `(rows, columns)`; zero and less is dim, the largest is brightest.
    """
    share = np.clip(drops, 0.0, None) / max(float(drops.max(initial=0.0)), 1e-9)
    alpha = np.where(share < 0.5, _DIM * (1 - 2 * share), _GLOW * (2 * share - 1))
    pixels = np.zeros((*drops.shape, 4), dtype=np.uint8)  # premultiplied: blue, green, red, alpha
    warm = share >= 0.5
    for place, channel in enumerate(reversed(_WARM)):
        pixels[..., place] = np.where(warm, alpha * channel / 255, 0)
    pixels[..., 3] = alpha
    rows, columns = drops.shape
    image = QImage(pixels.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()
