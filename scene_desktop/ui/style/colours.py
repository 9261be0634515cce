"""The named colours of the light and the dark theme; every pair of text and ground meets WCAG AA."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True)
class Colours:
    """The named colours of one theme; `training` and `validation` are the two curves, the same everywhere."""

    dark: bool
    window: str
    surface: str
    side: str
    text: str
    muted: str
    line: str
    track: str
    accent: str
    on_accent: str
    accent_hover: str
    selection: str
    training: str
    validation: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    good: str


LIGHT = Colours(
    dark=False,
    window="#F7F7F8",
    surface="#FFFFFF",
    side="#EDEDF0",
    text="#1A1B1F",
    muted="#5A5E68",
    line="#E1E2E7",
    track="#E4E5EA",
    accent="#3355D1",
    on_accent="#FFFFFF",
    accent_hover="#2845B0",
    selection="#E3E8FA",
    training="#B4530A",
    validation="#3355D1",
    danger="#B3261E",
    danger_soft="#FBE9E7",
    warning="#805400",
    warning_soft="#FBF1DC",
    good="#1B7340",
)
DARK = Colours(
    dark=True,
    window="#1B1C1F",
    surface="#232529",
    side="#141517",
    text="#ECEDEF",
    muted="#A6ABB5",
    line="#34373D",
    track="#383B42",
    accent="#8EA6FF",
    on_accent="#0D1230",
    accent_hover="#A9BBFF",
    selection="#2D3556",
    training="#F2A65A",
    validation="#8EA6FF",
    danger="#FF8F86",
    danger_soft="#3D2422",
    warning="#E8BB66",
    warning_soft="#3A3120",
    good="#74D69E",
)


def colours_of(palette: QPalette) -> Colours:
    """The colours that belong to a palette made by `theme`."""
    text = palette.color(
        QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText
    )  # style sheets leave it alone
    return DARK if text.lightness() > 128 else LIGHT


def channels(colour: QColor) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 1."""
    return colour.redF(), colour.greenF(), colour.blueF()
