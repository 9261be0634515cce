"""Steps 1 and 2 side by side, with the name of the model and the button that starts."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from scene_desktop.core.datasets.dataset import DataSet
from scene_desktop.core.datasets.findings import DoctorReport
from scene_desktop.core.errors import InputError
from scene_desktop.ui import words
from scene_desktop.ui.dataset.panel import DatasetPanel
from scene_desktop.ui.recipe.panel import RecipePanel
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button, clear_area, label
from scene_desktop.ui.widgets.thumbnails import Thumbnails

NARROW_UNITS = 190
NAME_LENGTH = 80


class SetupPanel(QWidget):
    """Data at the left, recipe at the right; below each other where the window is narrow.

    `dataset` and `recipe` ask themselves for what belongs to them alone.

    Signals:
        start_requested: Folder, recipe, name, and the folder of the model to go on with or None.
        start_refused: Why no training can be started like this.
    """

    start_requested = Signal(str, object, str, object)
    start_refused = Signal(str)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("setup_panel")
        self._data_set: DataSet | None = None
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

        self.dataset.classes_changed.connect(self.recipe.set_classes)
        self.start_button.clicked.connect(self.start)
        self.name_edit.returnPressed.connect(self.start_button.click)

    @property
    def data_set(self) -> DataSet | None:
        """What can be trained on; None until a data set is shown."""
        return self._data_set

    def start(self) -> None:
        """Asks to train on the data set with the recipe."""
        if self._data_set is None:
            return
        try:
            recipe, start_from = self.recipe.recipe, self.recipe.start_from
        except InputError as error:
            self.start_refused.emit(str(error))
            return
        name = self.name_edit.text().strip() or self._suggested_name(self._data_set.root)
        self.start_requested.emit(str(self._data_set.root), recipe, name, start_from)

    def show_dataset(self, dataset: DataSet, report: DoctorReport) -> None:
        """Another data set, or the same one read again."""
        self._data_set = dataset
        self.dataset.show_dataset(dataset, report)
        self.name_edit.setText(self._suggested_name(dataset.root))

    def show_start(self, *, possible: bool, waits: bool) -> None:
        """Whether a training can be started, and whether it would have to wait for its turn."""
        self.start_button.setEnabled(possible)
        self.start_button.setText(self.tr("Add to the queue") if waits else self.tr("Start training"))

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

    def _suggested_name(self, root: Path) -> str:
        plain = root.parent if root.name.casefold() in ("train", "training") and root.parent.name else root
        return words.shown(plain.name)[:NAME_LENGTH].strip() or self.tr("My model")
