"""The name of a model and what can be done with it, side by side where there is room for both."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QWidget

from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import ElidedLabel

_NAME_UNITS = 50


class ModelHead(QWidget):
    """In a narrow window the buttons go below the name, which would have no room beside them."""

    def __init__(self, name: ElidedLabel, buttons: Sequence[QPushButton]) -> None:
        super().__init__()
        self.setObjectName("model_head")
        unit = theme.unit()
        self._row = QHBoxLayout()
        self._row.setSpacing(unit * 2)
        for made in buttons:
            self._row.addWidget(made)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.setSpacing(unit * 2)
        self._both.addWidget(name, 1)
        self._both.addLayout(self._row)
        self._both.setAlignment(self._row, Qt.AlignmentFlag.AlignLeft)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Looks again how much room there is; call it when buttons come or go."""
        wide = self.width() >= self._row.sizeHint().width() + theme.unit() * _NAME_UNITS
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if direction != self._both.direction():
            self._both.setDirection(direction)
