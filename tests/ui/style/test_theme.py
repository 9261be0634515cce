"""Contrast as WCAG 2.2 counts it, and the change of theme while the window is open."""

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.core.settings import THEME, Settings, ThemeChoice
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import DARK, LIGHT, Colours, colours_of
from scene_desktop.ui.style.icons import icon, set_icon
from scene_desktop.ui.window.window import MainWindow

TEXT_PAIRS = [
    *((ink, ground) for ink in ("text", "muted") for ground in ("window", "surface", "side", "selection")),
    *((ink, "surface") for ink in ("accent", "danger", "warning", "good")),
    *((ink, "window") for ink in ("accent", "danger", "warning", "good")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("text", "danger_soft"),
    ("text", "warning_soft"),
    ("text", "track"),
    ("warning", "selection"),
    ("danger", "selection"),
]
GRAPHIC_PAIRS = [
    ("training", "window"),
    ("validation", "window"),
    ("training", "surface"),
    ("validation", "surface"),
    ("accent", "track"),
    ("warning", "track"),
    ("danger", "danger_soft"),
    ("warning", "warning_soft"),
]


def luminance(colour: str) -> float:
    parts = QColor(colour).getRgbF()[:3]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_stands_out_by_aa(colours: Colours, ink: str, ground: str) -> None:
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), GRAPHIC_PAIRS)
def test_curves_bars_and_signs_stand_out_by_aa(colours: Colours, shape: str, ground: str) -> None:
    assert contrast(getattr(colours, shape), getattr(colours, ground)) >= 3.0


@pytest.mark.parametrize(("choice", "expected"), [(ThemeChoice.LIGHT, LIGHT), (ThemeChoice.DARK, DARK)])
def test_a_chosen_theme_shows_at_once(qtbot: QtBot, choice: ThemeChoice, expected: Colours) -> None:
    theme.current().choose(choice)
    assert colours_of(QApplication.palette()) is expected


def test_icons_follow_the_theme(qtbot: QtBot) -> None:
    theme.current().choose(ThemeChoice.LIGHT)
    button = QPushButton()
    qtbot.addWidget(button)
    set_icon(button, "folder")
    light = button.icon().pixmap(20).toImage()
    theme.current().choose(ThemeChoice.DARK)
    assert button.icon().pixmap(20).toImage() != light
    assert button.icon().pixmap(20).toImage() == icon("folder").pixmap(20).toImage()


def test_the_theme_menu_switches_and_is_remembered(window: MainWindow, settings: Settings) -> None:
    from PySide6.QtGui import QAction

    for choice, colours in (("dark", DARK), ("light", LIGHT)):
        window.findChild(QAction, f"theme_{choice}").trigger()
        assert colours_of(window.palette()) is colours
        assert settings.get(THEME) == choice


def test_widgets_that_are_made_while_the_style_is_held_are_dressed_once_at_its_end(qtbot: QtBot) -> None:
    made, application = theme.current(), QApplication.instance()
    assert isinstance(application, QApplication)
    made.choose(ThemeChoice.LIGHT)
    with made.held():
        held = QPushButton("x")
        qtbot.addWidget(held)
        made.choose(ThemeChoice.DARK)
        assert application.styleSheet() == ""
    assert DARK.accent in application.styleSheet()
    other = QPushButton("x")
    qtbot.addWidget(other)
    assert held.sizeHint() == other.sizeHint()
    made.choose(ThemeChoice.LIGHT)
    assert LIGHT.accent in application.styleSheet()
