"""The top of the classify page: its name, the model in use, and what can be done with the results."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from scene_desktop.ui.classify.actions import ClassifyActions
from scene_desktop.ui.classify.model_button import ModelButton
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button, label, tool

ROOMY_UNITS = 250


class ClassifyHeader(QWidget):
    """Shows the tools only while there are results."""

    def __init__(self, actions: ClassifyActions) -> None:
        super().__init__()
        self.setObjectName("classify_header")
        unit = theme.unit()
        self._actions = actions
        self.model_button = ModelButton("model_button")
        self._tools = QWidget()
        self._add_tools = [tool(actions.choose_photos), tool(actions.choose_folder)]
        self._save = button(self.tr("Save"), "save", name="save_button")
        self._save.setToolTip(actions.save.toolTip())
        self._save.clicked.connect(actions.save.trigger)

        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(unit)
        for made in self._add_tools:
            tools.addWidget(made)
        for group in ((actions.table, actions.grid), (actions.clear,)):
            tools.addSpacing(unit * 2)
            for action in group:
                tools.addWidget(tool(action))
        self._sort = button(self.tr("Sort"), "sort", name="sort_button")
        self._sort.setToolTip(actions.sort.toolTip())
        self._sort.clicked.connect(actions.sort.trigger)
        tools.addWidget(self._sort)
        tools.addWidget(self._save)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(unit * 3)
        row.addWidget(label(self.tr("Classify"), "title", name="classify_title"))
        row.addWidget(self.model_button)
        row.addStretch(1)
        row.addWidget(self._tools)

    def show_tools(self, *, full: bool, complete: bool) -> None:
        """Tools for `full` tables; those that need all rows only once they are `complete`."""
        actions = self._actions
        self._tools.setVisible(full)
        for action in (actions.table, actions.grid, actions.select_all, actions.copy_rows, actions.find):
            action.setEnabled(full)
        for target in (actions.save, actions.report, actions.clear, actions.sort, self._save, self._sort):
            target.setEnabled(complete)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.width() > theme.unit() * ROOMY_UNITS
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if roomy else Qt.ToolButtonStyle.ToolButtonIconOnly
        for made in self._add_tools:
            made.setToolButtonStyle(style)
