"""What went wrong in a training, and the ways on from there."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from scene_desktop.core.recipes.parameters import PARAMETERS
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button
from scene_desktop.ui.widgets.note import Note


class RunTrouble(QWidget):
    """A message with foldable details, and a button for each thing that is possible."""

    resume_requested = Signal()
    keep_best_requested = Signal()
    retry_requested = Signal(dict)
    back_requested = Signal()
    discard_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("run_trouble")
        self._suggested: dict[str, float] = {}
        unit = theme.unit()
        self.note = Note("run_problem", closable=False)
        self.retry_button = button(self.tr("Train again"), "again", "primary", name="retry")
        self.resume_button = button(self.tr("Resume"), "play", name="resume")
        self.resume_button.setToolTip(self.tr("Go on from the last checkpoint"))
        self.keep_button = button(self.tr("Keep the best so far"), "finish", name="keep_best")
        self.keep_button.setToolTip(self.tr("Make a model of the best epoch"))
        self.back_button = button(self.tr("Back to the recipe"), "sliders", name="back_to_recipe")
        self.discard_button = button(self.tr("Discard…"), "clear", "danger", name="discard_failed")
        row = QHBoxLayout()
        row.setSpacing(unit * 2)
        for made in (self.retry_button, self.resume_button, self.keep_button, self.back_button):
            row.addWidget(made)
        row.addStretch(1)
        row.addWidget(self.discard_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 2)
        column.addWidget(self.note)
        column.addLayout(row)
        self.retry_button.clicked.connect(self._retry)
        self.resume_button.clicked.connect(self.resume_requested)
        self.keep_button.clicked.connect(self.keep_best_requested)
        self.back_button.clicked.connect(self.back_requested)
        self.discard_button.clicked.connect(self.discard_requested)
        self.hide()

    def tell(
        self, message: str, details: str, suggested: dict[str, float], *, can_resume: bool, can_keep: bool
    ) -> None:
        """Shows a failure and what can be done about it."""
        self._suggested = dict(suggested)
        self.note.tell(message, "error", details)
        self.retry_button.setText(self.tr("Train again with {changes}").format(changes=changes(suggested)))
        self.retry_button.setVisible(bool(suggested))
        self.resume_button.setVisible(can_resume)
        self.keep_button.setVisible(can_keep)
        self.discard_button.setVisible(can_resume or can_keep)
        self.show()

    def _retry(self) -> None:
        self.retry_requested.emit(dict(self._suggested))


def changes(suggested: dict[str, float]) -> str:
    """Parameters and their values as people read them: “learning rate 0.001”."""
    parts = []
    for parameter in PARAMETERS:
        if parameter.name in suggested:
            value = suggested[parameter.name]
            parts.append(f"{parameter.label.lower()} {value:g}{f' {parameter.unit}' if parameter.unit else ''}")
    return ", ".join(parts)
