"""A field for the path of a folder: typed, chosen or dropped."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets import incoming
from scene_desktop.ui.widgets.labels import button


class FolderField(QWidget):
    """Emits `changed` with every change of the text.

    Args:
        name: Object name of the line; that of the button ends in `_browse`.
        purpose: What the folder is for, as accessible name and placeholder.
        question: Title of the dialog in which it is chosen.
        none: What it means that there is no folder, where that is allowed; then the line can be emptied, says
            this while it is, and the button is a small one.
    """

    changed = Signal()

    def __init__(self, name: str, path: str, purpose: str, question: str, none: str = "") -> None:
        super().__init__()
        self._question = question
        self.setAcceptDrops(True)
        self.line = QLineEdit(path)
        self.line.setObjectName(name)
        self.line.setAccessibleName(purpose)
        self.line.setPlaceholderText(none or purpose)
        self.line.setClearButtonEnabled(bool(none))
        browse = button("" if none else self.tr("Browse…"), "folder", name=f"{name}_browse")
        browse.setAutoDefault(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        if none:
            browse.setToolTip(self.tr("Choose the folder"))
            browse.setAccessibleName(self.tr("Choose the folder"))
        else:
            row.setSpacing(theme.unit() * 2)
        row.addWidget(self.line, 1)
        row.addWidget(browse)
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(self.changed)
        browse.clicked.connect(self._browse)

    @property
    def text(self) -> str:
        return self.line.text().strip()

    def take(self, path: str) -> None:
        """A folder, or a file whose folder is meant."""
        place = Path(path)
        self.line.setText(str(place if place.is_dir() else place.parent))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if incoming.paths_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = incoming.paths_in(event.mimeData())
        if paths:
            self.take(paths[0])
            event.acceptProposedAction()

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self._question, self.text)
        if chosen:
            self.line.setText(chosen)
