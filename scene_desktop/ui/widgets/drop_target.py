"""The empty state: a large place that says what to do."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.style.painting import paint_dashes
from scene_desktop.ui.widgets.labels import label


class DropTarget(QWidget):
    """A dashed place with an icon, a sentence and buttons. Drops are caught by the whole window."""

    def __init__(self, icon: str, title: str, text: str, buttons: list[QWidget], *, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._icon_name = icon
        unit = theme.unit()
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = label(title, "title", wrap=True, name=f"{name}_title")
        self._text = label(text, "muted", wrap=True, name=f"{name}_text")
        for part in (self._title, self._text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

        row = QHBoxLayout()
        row.setSpacing(unit * 2)
        row.addStretch(1)
        for made in buttons:
            row.addWidget(made)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 6, unit * 6, unit * 6)
        column.setSpacing(unit * 2)
        column.addStretch(3)
        column.addWidget(self._icon)
        column.addSpacing(unit * 2)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addSpacing(unit * 3)
        column.addLayout(row)
        column.addStretch(4)
        self._column = column

        theme.current().changed.connect(self._draw_icon)
        self._draw_icon()

    def add_below(self, widget: QWidget) -> None:
        """Puts something under the buttons."""
        self._column.insertSpacing(self._column.count() - 1, theme.unit() * 4)
        self._column.insertWidget(self._column.count() - 1, widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_dashes(painter, QRectF(self.rect()), colours_of(self.palette()).muted, 0.45)

    def _draw_icon(self) -> None:
        colour = colours_of(self.palette()).accent
        self._icon.setPixmap(icons.tinted(self._icon_name, colour, theme.unit() * 14, self.devicePixelRatioF()))
