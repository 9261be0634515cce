"""A line that opens: a heading with a chevron, and what it hides."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from scene_desktop.ui import theme
from scene_desktop.ui.icons import set_icon


class Fold(QWidget):
    """Shows `content` only while it is open."""

    toggled = Signal(bool)

    def __init__(self, text: str, content: QWidget, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        unit = theme.unit()
        self._header = QToolButton()
        self._header.setObjectName(f"{name}_header")
        self._header.setText(text.replace("&", "&&"))
        self._header.setAccessibleName(text)
        self._header.setCheckable(True)
        self._header.setProperty("look", "fold")
        self._header.setStyleSheet(
            "QToolButton { border: none; background: transparent; text-align: left; padding: 0; }"
        )
        self._header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._header.setIconSize(QSize(unit * 4, unit * 4))
        self._header.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._header.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._content = content
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        column.addWidget(self._header)
        column.addWidget(content)
        self._header.toggled.connect(self._show)
        self._show(False)

    @property
    def is_open(self) -> bool:
        return self._header.isChecked()

    def set_open(self, wanted: bool) -> None:
        self._header.setChecked(wanted)

    def _show(self, wanted: bool) -> None:
        self._content.setVisible(wanted)
        set_icon(self._header, "chevron-down" if wanted else "chevron-right", "muted", theme.unit() * 4)
        self.toggled.emit(wanted)
