"""How a data set comes to the train page: a folder is chosen or dropped, then it is read."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.drop_target import DropTarget
from scene_desktop.ui.widgets.labels import button, label
from scene_desktop.ui.widgets.progress_line import ProgressLine


class TrainIntake(QObject):
    """Asks for a folder in the ways there are, and says how far its reading is.

    Signals:
        dataset_requested: The folder that shall be read as a data set.
        stop_requested: Its reading shall end.
        progress_changed: As in `SideBar`.

    Attributes:
        empty: What is shown while there is no data set.
        reading: What is shown while one is read.
    """

    dataset_requested = Signal(str)
    stop_requested = Signal()
    progress_changed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._is_reading = False
        choose = button(self.tr("Choose folder…"), "folder", "primary", name="choose_dataset")
        choose.clicked.connect(self.choose_folder)
        self.empty = DropTarget(
            "folder",
            self.tr("Drop a folder of photos here"),
            self.tr(
                "It holds one folder for each class, for example “cats” and “dogs”. "
                "Twenty photos in each are a start; a hundred are good."
            ),
            [choose],
            name="train_empty",
        )
        self._title = label("", "title", wrap=True, name="reading_title")
        self.progress = ProgressLine("reading_progress")
        self.reading = QWidget()
        unit = theme.unit()
        column = QVBoxLayout(self.reading)
        column.setContentsMargins(unit * 30, 0, unit * 30, 0)
        column.setSpacing(unit * 3)
        column.addStretch(2)
        column.addWidget(self._title)
        column.addWidget(self.progress)
        column.addStretch(3)

    @property
    def is_reading(self) -> bool:
        return self._is_reading

    def choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self._parent, self.tr("Choose the folder that holds the class folders")
        )
        if folder:
            self.take_folder(folder)

    def take_folder(self, folder: str) -> None:
        """Asks for a folder to be read as a data set."""
        self.dataset_requested.emit(folder)

    def stop(self) -> None:
        """Ends the reading and asks for its work to end."""
        self.end()
        self.stop_requested.emit()

    def begin(self, folder: str) -> None:
        """A folder is read from now on."""
        self._is_reading = True
        name = words.name_of(folder.rstrip("/\\"))
        self._title.setText(self.tr("Reading “{name}”").format(name=name))
        self.progress.show_busy(self.tr("Looking for photos …"), None)
        self.progress_changed.emit(-1.0)

    def progressed(self, done: int, total: int) -> None:
        """So many photos are read; `total` is 0 while it is unknown."""
        if not self._is_reading:
            return
        share = done / total if total else None
        text = self.tr("{done} of {photos}").format(done=words.number(done), photos=words.photos(total))
        self.progress.show_busy(text, share)
        self.progress_changed.emit(-1.0 if share is None else share)

    def end(self) -> None:
        """Nothing is read any more, however that came."""
        self._is_reading = False
        self.progress.rest("")
        self.progress_changed.emit(None)
