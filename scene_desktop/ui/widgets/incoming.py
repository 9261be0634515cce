"""What was dropped or pasted: paths of this computer, or a picture."""

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage


def paths_in(data: QMimeData | None) -> list[str]:
    """Local paths in the order in which they were handed over; empty if there are none."""
    if data is None or not data.hasUrls():
        return []
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile() and url.toLocalFile()]


def image_in(data: QMimeData | None) -> QImage | None:
    """A picture without a file, as browsers and screenshot tools hand it over."""
    if data is None or not data.hasImage():
        return None
    image = QImage(data.imageData())
    return None if image.isNull() else image
