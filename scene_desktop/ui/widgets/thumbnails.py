"""Small pictures of photos, made in the background by the decoder of the product.

The newest wish comes first and old wishes are forgotten, because what is painted now is what is visible now.
"""

import os
import threading
from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from scene_desktop.core.errors import PhotoError
from scene_desktop.core.photos import images
from scene_desktop.core.photos.thumbnail_cache import ThumbnailCache
from scene_desktop.core.threads import lower_priority

MAX_WISHES = 96
IDLE_S = 2.0


@dataclass(frozen=True)
class Wish:
    """One picture.

    Attributes:
        size: Side in pixels of the screen of the square into which it must fit.
        square: Cut the middle out so that it fills the square.
    """

    path: str
    size: int
    square: bool


@dataclass(frozen=True)
class Made:
    """A picture, or the reason why there is none, and the size of its file in bytes."""

    wish: Wish
    image: QImage | None
    reason: str
    file_bytes: int | None


class Thumbnails(QObject):
    """Makes and keeps pictures.

    Args:
        threads: One or two are enough: decoding a small photo takes a millisecond.
        limit_bytes: Memory for kept pictures; the ones not used for longest go first.
        cache: Keeps copies of large photos on disk; None for none.
    """

    loaded = Signal(object)
    _arrived = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        threads: int = 1,
        limit_bytes: int = 64 * 2**20,
        cache: ThumbnailCache | None = None,
    ) -> None:
        super().__init__(parent)
        self._limit_bytes = limit_bytes
        self._cache = cache
        self._kept: OrderedDict[Wish, tuple[QPixmap | None, int]] = OrderedDict()
        self._kept_bytes = 0
        self._file_bytes: dict[str, int] = {}
        self._wishes: OrderedDict[Wish, None] = OrderedDict()
        self._busy: set[Wish] = set()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = threads
        self._running = 0
        self._arrived.connect(self._keep, Qt.ConnectionType.QueuedConnection)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    def pixmap(self, path: str, size: int, ratio: float = 1.0, *, square: bool = True) -> QPixmap | None:
        """The picture if it is there; otherwise it is wished for, and `loaded` tells when it has come.

        A photo that cannot be read gives an empty pixmap.
        """
        wish = Wish(path, round(size * ratio), square)
        found = self._kept.get(wish)
        if found is None:
            self._wish(wish)
            return None
        self._kept.move_to_end(wish)
        pixmap = found[0]
        if pixmap is None:
            return QPixmap()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap

    def file_bytes(self, path: str) -> int | None:
        """Size of a file whose picture was made lately."""
        return self._file_bytes.get(path)

    def close(self) -> None:
        """Ends the threads soon; wishes are not taken any more."""
        with self._changed:
            self._closed = True
            self._wishes.clear()
            self._changed.notify_all()

    def _wish(self, wish: Wish) -> None:
        with self._changed:
            if self._closed or wish in self._busy:
                return
            self._wishes[wish] = None
            self._wishes.move_to_end(wish)
            while len(self._wishes) > MAX_WISHES:
                self._wishes.popitem(last=False)
            if self._running < self._threads and len(self._wishes) > 0:
                self._running += 1
                threading.Thread(target=self._work, name="thumbnails", daemon=True).start()
            self._changed.notify()

    def _work(self) -> None:
        lower_priority()
        while True:
            with self._changed:
                if not self._wishes and not self._closed:
                    self._changed.wait(IDLE_S)
                if not self._wishes:
                    self._running -= 1
                    return
                wish, _ = self._wishes.popitem(last=True)
                self._busy.add(wish)
            made = make(wish, self._cache)
            try:
                self._arrived.emit(made)
            except RuntimeError:  # the window has gone in the meantime
                return

    def _keep(self, made: Made) -> None:
        with self._changed:
            self._busy.discard(made.wish)
        pixmap = None if made.image is None else QPixmap.fromImage(made.image)
        cost = 64 if made.image is None else made.image.sizeInBytes()
        self._kept[made.wish] = (pixmap, cost)
        self._kept_bytes += cost
        while self._kept_bytes > self._limit_bytes and len(self._kept) > 1:
            gone, (_, freed) = self._kept.popitem(last=False)
            self._kept_bytes -= freed
            self._file_bytes.pop(gone.path, None)
        if made.file_bytes is not None:
            self._file_bytes[made.wish.path] = made.file_bytes
        self.loaded.emit(made)


def make(wish: Wish, cache: ThumbnailCache | None = None) -> Made:
    """Decodes and scales one photo; runs in a worker thread."""
    try:
        file_bytes = os.stat(wish.path).st_size
    except (OSError, ValueError):
        file_bytes = None
    try:
        side = wish.size * 2 if wish.square else wish.size
        if cache is not None:
            pixels = cache.picture(wish.path, side)
        else:
            pixels = images.decode_photo(images.read_bytes(wish.path), (side, side), fit=True)
    except PhotoError as error:
        return Made(wish, None, str(error), file_bytes)
    height, width = pixels.shape[:2]
    image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    image = _cut(image, wish.size) if wish.square else image.copy()
    return Made(wish, image, "", file_bytes)


def _cut(image: QImage, size: int) -> QImage:
    side = min(image.width(), image.height())
    middle = QRect((image.width() - side) // 2, (image.height() - side) // 2, side, side)
    return image.copy(middle).scaled(
        QSize(size, size), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
