"""Colours, spacing and style of both themes.

Widgets ask `colours_of(self.palette())` while they paint, so nobody keeps a colour across a change of theme.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from scene_desktop.core.settings import ThemeChoice
from scene_desktop.ui.style.colours import DARK, LIGHT, Colours
from scene_desktop.ui.style.style_sheet import style_sheet


def unit() -> int:
    """A quarter of a line of text in pixels; all distances are multiples of it."""
    return max(4, round(QFontMetrics(QApplication.font()).height() / 4))


def scaled_font(factor: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The font of the system, larger or smaller."""
    font = QApplication.font()
    font.setPointSizeF(font.pointSizeF() * factor)
    font.setWeight(weight)
    return font


def palette_for(colours: Colours) -> QPalette:
    """A palette in which every role is set, so that no colour of the desktop shines through."""
    palette = QPalette()
    role = QPalette.ColorRole
    for name, value in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.window),
        (role.Text, colours.text),
        (role.Button, colours.surface),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.danger),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
        (role.ToolTipBase, colours.surface),
        (role.ToolTipText, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Light, colours.surface),
        (role.Midlight, colours.line),
        (role.Mid, colours.line),
        (role.Dark, colours.muted),
        (role.Shadow, colours.side),
    ):
        palette.setColor(name, QColor(value))
    faded = QColor(colours.muted)
    faded.setAlphaF(0.6)
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, faded)
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colours.track))
    return palette


def current() -> "Theme":
    """The one theme of the application; made, following the system, when it is first asked for."""
    application = cast("QApplication", QApplication.instance())
    found = application.findChild(Theme, Theme.NAME)
    if found is None:
        found = Theme(application)
        found.choose(ThemeChoice.SYSTEM)
    return found


class Theme(QObject):
    """Applies light or dark to the whole application and follows the system if asked to."""

    NAME = "theme"

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self.setObjectName(self.NAME)
        self._application = application
        self._choice = ThemeChoice.SYSTEM
        self._shown: Colours | None = None
        self._held = False
        application.setStyle("Fusion")
        _prefer_better_font(application)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    @property
    def choice(self) -> ThemeChoice:
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        """Switches now; `SYSTEM` follows the desktop from here on."""
        self._choice = choice
        scheme = {
            ThemeChoice.SYSTEM: Qt.ColorScheme.Unknown,
            ThemeChoice.LIGHT: Qt.ColorScheme.Light,
            ThemeChoice.DARK: Qt.ColorScheme.Dark,
        }[choice]
        QGuiApplication.styleHints().setColorScheme(scheme)
        self._follow()

    def _follow(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        else:
            dark = self._choice is ThemeChoice.DARK
        colours = DARK if dark else LIGHT
        if colours is self._shown:
            return
        self._shown = colours
        self._application.setPalette(palette_for(colours))
        if not self._held:
            self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        if self._shown is not None:
            self._application.setStyleSheet(style_sheet(self._shown, unit()))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Applies the style sheet at the end of the block, once, to all widgets that are made in it.

        Qt would dress a widget anew with each layout and each parent that it comes into.
        """
        self._held = True
        self._application.setStyleSheet("")
        try:
            yield
        finally:
            self._held = False
            self._dress()


def _prefer_better_font(application: QApplication) -> None:
    """Without a desktop's own font Qt falls back to DejaVu Sans; a calmer one is taken if there is one."""
    font = application.font()
    if font.family() in ("DejaVu Sans", "Sans Serif", "Sans", "Bitstream Vera Sans"):
        font.setFamilies(["Inter", "Cantarell", "Noto Sans", "Ubuntu", font.family()])
        application.setFont(font)
