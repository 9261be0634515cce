"""What is shown while a data set is read."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import label
from scene_desktop.ui.widgets.progress_line import ProgressLine


class ReadingPanel(QWidget):
    """The name of the folder and how far the reading is."""

    def __init__(self) -> None:
        super().__init__()
        unit = theme.unit()
        self._title = label("", "title", wrap=True, name="reading_title")
        self.progress = ProgressLine("reading_progress")
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 30, 0, unit * 30, 0)
        column.setSpacing(unit * 3)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self.progress)
        column.addStretch(3)

    def begin(self, name: str) -> None:
        self._title.setText(self.tr("Reading “{name}”").format(name=name))
        self.progress.show_busy(self.tr("Looking for photos …"), None)

    def tell(self, done: int, total: int) -> float | None:
        """Shows how far it is and returns the share, 0 to 1; None while the whole is unknown."""
        share = done / total if total else None
        text = self.tr("{done} of {photos}").format(done=words.number(done), photos=words.photos(total))
        self.progress.show_busy(text, share)
        return share
