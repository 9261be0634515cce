"""Steps 1 and 2 side by side, with the name of the model and the button that starts."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from scene_desktop.core.datasets.findings import DoctorReport
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.recipes.presets import Preset
from scene_desktop.core.runs.events import Phase
from scene_desktop.ui.dataset.panel import DatasetPanel
from scene_desktop.ui.recipe.panel import RecipePanel
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button, clear_area, label
from scene_desktop.ui.widgets.thumbnails import Thumbnails

NARROW_UNITS = 190
NAME_LENGTH = 80


class SetupPanel(QWidget):
    """Data at the left, recipe at the right; below each other where the window is narrow.

    Its signals and slots are those of `DatasetPanel` and `RecipePanel`, which say what they carry.
    """

    start_requested = Signal()
    examine_requested = Signal()
    examine_stopped = Signal()
    exclusion_changed = Signal(object, bool)
    preset_saved = Signal(str, object)
    preset_deleted = Signal(str)
    preview_requested = Signal(object, int)

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
        self._forward()

    def _forward(self) -> None:
        dataset, recipe = self.dataset, self.recipe
        dataset.examine_requested.connect(self.examine_requested)
        dataset.examine_stopped.connect(self.examine_stopped)
        dataset.exclusion_changed.connect(self.exclusion_changed)
        dataset.classes_changed.connect(recipe.set_classes)
        recipe.preset_saved.connect(self.preset_saved)
        recipe.preset_deleted.connect(self.preset_deleted)
        recipe.preview_requested.connect(self.preview_requested)

    @property
    def start_from(self) -> str | None:
        """Folder of the model to go on with; None to start afresh."""
        return self.recipe.start_from

    def show_findings(self, report: DoctorReport) -> None:
        self.dataset.show_findings(report)

    def examination_began(self) -> None:
        self.dataset.examination_began()

    def examination_progressed(self, phase: Phase, done: int, total: int, per_second: float | None) -> None:
        self.dataset.examination_progressed(phase, done, total, per_second)

    def examination_failed(self, message: str) -> None:
        self.dataset.examination_failed(message)

    def set_own_presets(self, presets: Sequence[Preset]) -> None:
        self.recipe.set_own_presets(presets)

    def set_models(self, models: Sequence[StoredModel]) -> None:
        self.recipe.set_models(models)

    def set_estimates(self, estimates: Mapping[str, str]) -> None:
        self.recipe.set_estimates(estimates)

    def show_preview(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        self.recipe.show_preview(pictures)

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
