"""The icon of the app as pictures of many sizes, painted from `resources/icons/app.svg`.

`python packaging/icon.py FOLDER` writes those of a Linux desktop below FOLDER (the theme "hicolor").
"""

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWING = Path(__file__).resolve().parents[1] / "resources" / "icons" / "app.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def painted(size: int) -> QImage:
    """The icon, `size` pixels wide, transparent around it."""
    _application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    return image


def written(folder: Path) -> Path:
    """Writes the icon as one large PNG, which PyInstaller turns into the kind that the system wants."""
    path = folder / "app.png"
    folder.mkdir(parents=True, exist_ok=True)
    painted(1024).save(str(path))
    return path


def main() -> None:
    folder = Path(sys.argv[1])
    for size in SIZES:
        path = folder / f"{size}x{size}" / "apps" / "scene-desktop.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        painted(size).save(str(path))


if __name__ == "__main__":
    main()
