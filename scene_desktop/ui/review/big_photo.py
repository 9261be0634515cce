"""A photo as large as there is room, decoded in the background for the size of the view."""

from PySide6.QtCore import QRect, QSize, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import fitted, paint_picture
from scene_desktop.ui.widgets.thumbnails import Made, Thumbnails

STEP = 256
MOST = 2560
"""Side in pixels of the largest picture that is decoded for a screen."""

ENLARGED = 4.0
SETTLED_MS = 120


class BigPhoto(QWidget):
    """Shows one photo and has the next one decoded meanwhile; both respect the EXIF orientation.

    Args:
        pictures: Kept for this view alone: large pictures would drive out the small ones.
    """

    def __init__(self, pictures: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("review_photo")
        self._pictures = pictures
        self._path: str | None = None
        self._following: str | None = None
        self._pixmap: QPixmap | None = None
        self._resized = QTimer(self)
        self._resized.setSingleShot(True)
        self._resized.setInterval(SETTLED_MS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(theme.unit() * 30)

        self._resized.timeout.connect(self._fetch)
        pictures.loaded.connect(self._picture_came)

    @property
    def pixmap(self) -> QPixmap | None:
        """What is shown; empty for a photo that cannot be read, None while it is being decoded."""
        return self._pixmap

    def show_photo(self, path: str | None, following: str | None) -> None:
        """Shows a photo, or nothing; `following` will probably be asked for next."""
        if path != self._path:
            self._pixmap = None
        self._path, self._following = path, following
        self._fetch()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resized.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), colours_of(self.palette())
        size = QSize(round(self.height() * 1.4), self.height())
        if self._pixmap is not None and not self._pixmap.isNull():
            size = fitted(self._pixmap.deviceIndependentSize().toSize(), self.size(), ENLARGED)
        place = QRect(
            (self.width() - size.width()) // 2,
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )
        if self._path is not None:
            paint_picture(painter, place, self._pixmap, colours, theme.unit() * 1.5)

    def _fetch(self) -> None:
        if self._path is None:
            return
        ratio = self.devicePixelRatioF()
        needed = max(self.width(), self.height()) * ratio
        side = min(MOST, -(-max(1, round(needed)) // STEP) * STEP) / ratio
        if self._following is not None:  # first, because the newest wish is fulfilled first
            self._pictures.pixmap(self._following, round(side), ratio, square=False)
        found = self._pictures.pixmap(self._path, round(side), ratio, square=False)
        if found is not None:
            self._pixmap = found

    def _picture_came(self, made: Made) -> None:
        if made.wish.path == self._path and self.isVisible():
            self._fetch()
            self.update()
