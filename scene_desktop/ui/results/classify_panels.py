"""Classes, photos and the photo in detail, side by side."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from scene_desktop.ui.style import theme


class ClassifyPanels(QSplitter):
    """Shares the width out by itself until a person moves a border."""

    def __init__(self, left: list[QWidget], middle: QWidget, right: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("classify_splitter")
        self._moved = False
        unit = theme.unit()
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 3)
        for place, widget in enumerate(left):
            column.addWidget(widget, 0 if place else 1)
        side.setMinimumWidth(unit * 36)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(unit * 3)
        for index, widget in enumerate((side, middle, right)):
            self.addWidget(widget)
            self.setStretchFactor(index, 1 if index == 1 else 0)
        self.splitterMoved.connect(self._note_move)

    @property
    def are_moved(self) -> bool:
        return self._moved

    def restore(self, state: bytes) -> None:
        """Gives the three panels the widths they had."""
        self._moved = self.restoreState(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._moved:
            unit, width = theme.unit(), self.width()
            left, right = max(unit * 38, min(unit * 56, width // 6)), max(unit * 40, min(unit * 90, width // 5))
            self.setSizes([left, width - left - right, right])

    def _note_move(self) -> None:
        self._moved = True
