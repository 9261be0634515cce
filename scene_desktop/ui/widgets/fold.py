"""A line that opens: a heading with a chevron, and what it hides."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from scene_desktop.ui.style import theme
from scene_desktop.ui.style.icons import set_icon
from scene_desktop.ui.widgets.labels import ElidedLabel


class Fold(QWidget):
    """Shows `content` only while it is open."""

    toggled = Signal(bool)

    def __init__(self, text: str, content: QWidget, name: str, *, strong: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        unit = theme.unit()
        self._header = QToolButton()
        self._header.setObjectName(f"{name}_header")
        self._header.setCheckable(True)
        if strong:
            self._header.setFont(theme.scaled_font(1.0, QFont.Weight.DemiBold))
        self._header.setProperty("look", "fold")
        self._header.setStyleSheet(
            "QToolButton { border: none; background: transparent; text-align: left; padding: 0; }"
            "QToolButton:focus { text-decoration: underline; }"
        )
        self._header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._header.setIconSize(QSize(unit * 4, unit * 4))
        self._header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._header.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._summary = ElidedLabel("caption", Qt.TextElideMode.ElideRight, name=f"{name}_summary")
        self._summary.hide()
        self._content = content
        line = QHBoxLayout()
        line.setSpacing(unit * 2)
        line.addWidget(self._header)
        line.addWidget(self._summary, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        column.addLayout(line)
        column.addWidget(content)
        self._header.toggled.connect(self._show)
        self.set_text(text)
        self._show(False)

    @property
    def text(self) -> str:
        return self._header.accessibleName()

    @property
    def summary(self) -> str:
        """What the heading tells while it is folded."""
        return self._summary.text()

    @property
    def is_open(self) -> bool:
        return self._header.isChecked()

    def set_text(self, text: str) -> None:
        self._header.setText(text.replace("&", "&&"))
        self._header.setAccessibleName(text)

    def tell(self, summary: str) -> None:
        """Tells in a few words behind the heading what is hidden."""
        self._summary.setText(summary)
        self._header.setAccessibleDescription(summary)
        self._summary.setVisible(bool(summary) and not self.is_open)

    def set_open(self, wanted: bool) -> None:
        self._header.setChecked(wanted)

    def _show(self, wanted: bool) -> None:
        self._content.setVisible(wanted)
        self._summary.setVisible(bool(self._summary.text()) and not wanted)
        set_icon(self._header, "chevron-down" if wanted else "chevron-right", "muted", theme.unit() * 4)
        self.toggled.emit(wanted)
