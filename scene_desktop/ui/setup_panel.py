"""Steps 1 and 2 side by side, with the name of the model and the button that starts."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from scene_desktop.ui import theme
from scene_desktop.ui.dataset_panel import DatasetPanel
from scene_desktop.ui.labels import button, clear_area, label
from scene_desktop.ui.recipe_panel import RecipePanel
from scene_desktop.ui.thumbnails import Thumbnails

NARROW_UNITS = 190
NAME_LENGTH = 80


class SetupPanel(QWidget):
    """Data at the left, recipe at the right; below each other where the window is narrow."""

    start_requested = Signal()

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("setup_panel")
        unit = theme.unit()
        self.dataset = DatasetPanel(thumbnails)
        self.recipe = RecipePanel()
        self.name_edit = QLineEdit()
        self.name_edit.setObjectName("model_name")
        self.name_edit.setMaxLength(NAME_LENGTH)
        self.name_edit.setMaximumWidth(unit * 80)
        self.name_edit.setPlaceholderText(self.tr("Name of the new model"))
        self.name_edit.setAccessibleName(self.tr("Name of the new model"))
        self.start_button = button(self.tr("Start training"), "play", "primary", name="start_training")
        self.start_button.setToolTip(self.tr("Train a model on these photos"))

        content = clear_area(QWidget())
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, content)
        self._halves.setContentsMargins(0, unit, unit * 3, unit * 2)
        self._halves.setSpacing(unit * 10)
        self._halves.addWidget(self.dataset, 6)
        self._halves.addWidget(self.recipe, 5)
        self._area = QScrollArea()
        self._area.setObjectName("setup_area")
        self._area.setWidget(content)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        name_label = label(self.tr("Name"), "muted")
        name_label.setBuddy(self.name_edit)
        bottom = QHBoxLayout()
        bottom.setSpacing(unit * 2)
        bottom.addStretch(1)
        bottom.addWidget(name_label)
        bottom.addWidget(self.name_edit, 2)
        bottom.addWidget(self.start_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 2)
        column.addWidget(self._area, 1)
        column.addLayout(bottom)

        self.start_button.clicked.connect(self.start_requested)
        self.name_edit.returnPressed.connect(self.start_requested)

    def show_data(self) -> None:
        """Scrolls to step 1."""
        self._area.verticalScrollBar().setValue(0)

    def show_recipe(self) -> None:
        """Scrolls to step 2 and moves the keyboard there."""
        card = self.recipe.chosen_card
        self._area.ensureWidgetVisible(card)
        card.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.unit() * NARROW_UNITS
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._halves.setDirection(direction)
