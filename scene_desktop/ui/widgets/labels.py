"""Labels, buttons, commands and lines in the few looks the app uses. All text is plain text."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QFont, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from scene_desktop.ui.style import theme
from scene_desktop.ui.style.icons import set_icon

_FONTS = {
    "title": (1.55, QFont.Weight.DemiBold),
    "figure": (1.9, QFont.Weight.DemiBold),
    "heading": (1.12, QFont.Weight.DemiBold),
    "strong": (1.0, QFont.Weight.DemiBold),
    "caption": (0.92, QFont.Weight.Normal),
}


def label(text: str = "", look: str = "body", *, wrap: bool = False, name: str = "") -> QLabel:
    """A label in one of the looks title, figure, heading, strong, body, muted, caption, error."""
    made = QLabel(text)
    dress(made, look, name)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def dress(made: QLabel, look: str, name: str = "") -> None:
    """Gives a label its look."""
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("look", look)
    made.setObjectName(name)
    if look in _FONTS:
        made.setFont(theme.scaled_font(*_FONTS[look]))


def button(text: str, icon: str = "", look: str = "", *, name: str = "", tooltip: str = "") -> QPushButton:
    """A push button in one of the looks "", primary, plain, danger."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setProperty("look", look)
    made.setToolTip(tooltip)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    if icon:
        set_icon(made, icon, {"primary": "on_accent", "danger": "danger"}.get(look, "text"), theme.unit() * 4)
        made.setIconSize(QSize(theme.unit() * 4, theme.unit() * 4))
    return made


def tool(action: QAction, *, text: bool = False, name: str = "") -> QToolButton:
    """A flat button for an action, with or without its text."""
    made = QToolButton()
    made.setObjectName(name or action.objectName() + "_button")
    made.setDefaultAction(action)
    made.setProperty("look", "plain")
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setAccessibleName(action.text().replace("&", "").rstrip("…"))
    made.setIconSize(QSize(theme.unit() * 4, theme.unit() * 4))
    made.setToolButtonStyle(
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon if text else Qt.ToolButtonStyle.ToolButtonIconOnly
    )
    return made


def command(parent: QObject, name: str, text: str, shortcut: str, tooltip: str) -> QAction:
    """An action for a menu; `shortcut` may be empty."""
    made = QAction(text, parent)
    made.setObjectName(name)
    if shortcut:
        made.setShortcut(QKeySequence(shortcut))
    made.setToolTip(tooltip)
    made.setStatusTip(tooltip)
    return made


def rule() -> QFrame:
    """A hair line between two parts."""
    made = QFrame()
    made.setProperty("look", "rule")
    made.setFixedHeight(1)
    return made


class ElidedLabel(QLabel):
    """One line that gives way: too long a text is shortened in the middle, or at its end."""

    def __init__(
        self, look: str = "body", mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle, *, name: str = ""
    ) -> None:
        super().__init__()
        dress(self, look, name)
        self._mode = mode
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, QFontMetrics(self.font()).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = painter.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.drawText(self.rect(), int(self.alignment() | Qt.TextFlag.TextSingleLine), text)


def clear_area(widget: QWidget) -> QWidget:
    """Marks the content of a scroll area as see-through."""
    widget.setProperty("ground", "clear")
    return widget


def figure_row(
    prefix: str, captions: Mapping[str, str]
) -> tuple[QHBoxLayout, dict[str, QLabel], dict[str, QLabel]]:
    """Large figures side by side, each with its caption below.

    Args:
        prefix: Of the object names.
        captions: Caption by key.

    Returns:
        The layout, the label of each figure by key, and that of each caption.
    """
    row = QHBoxLayout()
    figures: dict[str, QLabel] = {}
    below: dict[str, QLabel] = {}
    row.setSpacing(theme.unit() * 10)
    for key, caption in captions.items():
        figures[key] = label("", "figure", name=f"{prefix}_{key}")
        part = QVBoxLayout()
        part.setSpacing(0)
        part.addWidget(figures[key])
        below[key] = label(caption, "caption", name=f"{prefix}_{key}_caption")
        part.addWidget(below[key])
        row.addLayout(part)
    row.addStretch(1)
    return row, figures, below
