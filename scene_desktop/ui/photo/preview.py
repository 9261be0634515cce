"""A photo as wide as its panel, with a map of light over it on request."""

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import fitted, paint_picture

ENLARGED = 3.0


class Preview(QWidget):
    """A photo as large as the panel allows."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("preview")
        self._pixmap: QPixmap | None = None
        self._heat: QImage | None = None
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

    def set_heat(self, heat: QImage | None) -> None:
        """Lays a map over the photo, stretched over all of it; None takes it away."""
        self._heat = heat
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
            painter.drawImage(place, self._heat)
