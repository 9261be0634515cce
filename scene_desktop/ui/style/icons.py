"""The icons: one family of line drawings, tinted with the colours of the theme."""

from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from scene_desktop.core import locations
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import Colours, colours_of


@cache
def _drawing(name: str) -> str:
    return (locations.resources_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def tinted(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """An icon in one colour, `size` logical pixels wide, sharp on a screen of this device pixel ratio."""
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))
    pixels = round(size * ratio)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


@cache
def painted(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    """The same, kept: for delegates, which ask again with every row."""
    return tinted(name, colour, size, ratio)


def application_icon() -> QIcon:
    """The icon of windows and of the task bar."""
    made = QIcon()
    for size in (16, 32, 64, 128, 256):
        made.addPixmap(tinted("app", "", size))
    return made


def icon(name: str, role: str = "text", size: int = 20) -> QIcon:
    """An icon in the colour `role` of `Colours`, right for the theme of this moment."""
    colours = colours_of(QApplication.palette())
    screen = QGuiApplication.primaryScreen()
    made = QIcon()
    for ratio in sorted({1.0, 2.0, screen.devicePixelRatio() if screen else 1.0}):
        made.addPixmap(painted(name, getattr(colours, role), size, ratio), QIcon.Mode.Normal)
        made.addPixmap(painted(name, _faded(colours), size, ratio), QIcon.Mode.Disabled)
    return made


def _faded(colours: Colours) -> str:
    muted, ground = QColor(colours.muted), QColor(colours.window)
    return QColor(
        (muted.red() + ground.red()) // 2,
        (muted.green() + ground.green()) // 2,
        (muted.blue() + ground.blue()) // 2,
    ).name()


def set_icon(target: QAbstractButton | QAction, name: str, role: str = "text", size: int = 20) -> None:
    """Gives a button or an action an icon that follows the theme; call again for another one."""
    keeper = target.findChild(_IconKeeper, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if keeper is None:
        keeper = _IconKeeper(target)
    keeper.show_icon(name, role, size)


class _IconKeeper(QObject):
    """Draws the icon of its parent again when the theme changes."""

    def __init__(self, target: QAbstractButton | QAction) -> None:
        super().__init__(target)
        self._asked = ("", "text", 20)
        theme.current().changed.connect(self._draw)

    def show_icon(self, name: str, role: str, size: int) -> None:
        if (name, role, size) != self._asked:
            self._asked = (name, role, size)
            self._draw()

    def _draw(self) -> None:
        target = self.parent()
        if isinstance(target, QAbstractButton | QAction):
            target.setIcon(icon(*self._asked))
