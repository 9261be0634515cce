"""Which folder is watched, and what becomes of new photos."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from scene_desktop.core.classify.watching import covers
from scene_desktop.core.settings import WatchWish
from scene_desktop.core.sorting import How
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.folder_field import FolderField
from scene_desktop.ui.widgets.labels import button, label


class WatchDialog(QDialog):
    """Emits `wanted` with a `WatchWish`; the dialog has closed."""

    wanted = Signal(object)

    def __init__(self, last: WatchWish, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("watch_dialog")
        self.setWindowTitle(self.tr("Watch a folder"))
        unit = theme.unit()
        self._folder = FolderField(
            "watch_folder", last.folder, self.tr("Folder that new photos come to"), self.tr("Choose a folder")
        )
        self._sort = QCheckBox(self.tr("&Sort new photos into"))
        self._sort.setObjectName("watch_sort")
        self._sort.setChecked(bool(last.sort_into))
        self._target = FolderField(
            "watch_target",
            last.sort_into,
            self.tr("Folder that gets one folder for each class"),
            self.tr("Choose the folder that gets the sorted photos"),
        )
        self._how = QComboBox()
        self._how.setObjectName("watch_how")
        self._how.setAccessibleName(self.tr("What sorting does"))
        for how, text in (
            (How.COPY, self.tr("Copy")),
            (How.MOVE, self.tr("Move")),
            (How.LINK, self.tr("Hard link")),
        ):
            self._how.addItem(text, how)
        self._how.setCurrentIndex(list(How).index(last.how))
        self._at_start = QCheckBox(self.tr("Go on &watching whenever Scene Desktop starts"))
        self._at_start.setObjectName("watch_at_start")
        self._at_start.setChecked(last.at_start)
        self._sentence = label("", "error", wrap=True, name="watch_sentence")
        form = QFormLayout()
        form.setHorizontalSpacing(unit * 4)
        form.setVerticalSpacing(unit * 3)
        form.addRow(label(self.tr("Folder")), self._folder)
        form.addRow(self._sort, self._target)
        form.addRow(label(""), self._how)
        form.addRow(label(""), self._at_start)
        cancel = button(self.tr("Cancel"), name="watch_cancel")
        cancel.setAutoDefault(False)
        self._start = button(self.tr("W&atch"), "watch", "primary", name="watch_start")
        self._start.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(unit * 2)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._start)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 5, unit * 6, unit * 5)
        column.setSpacing(unit * 3)
        column.addWidget(label(self.tr("Watch a folder"), "title"))
        sentence = self.tr("Photos that arrive there, or below, are classified as soon as they are complete.")
        column.addWidget(label(sentence, "muted", wrap=True))
        column.addLayout(form)
        column.addWidget(self._sentence)
        column.addStretch(1)
        column.addLayout(buttons)
        self.setMinimumWidth(unit * 150)

        for field in (self._folder, self._target):
            field.changed.connect(self._judge)
        self._sort.toggled.connect(self._judge)
        cancel.clicked.connect(self.reject)
        self._start.clicked.connect(self._take)
        self._judge()

    def _judge(self) -> None:
        sorts = self._sort.isChecked()
        self._target.setEnabled(sorts)
        self._how.setEnabled(sorts)
        ready = bool(self._folder.text) and (bool(self._target.text) or not sorts)
        problem = ""
        if self._folder.text and not Path(self._folder.text).expanduser().is_dir():
            problem = self.tr("There is no such folder to watch.")
        elif ready and sorts and covers(Path(_whole(self._target.text)), Path(_whole(self._folder.text))):
            problem = self.tr(
                "Sorted photos cannot go to the watched folder itself or to one above it. "
                "Choose a folder below it or elsewhere."
            )
        self._sentence.setText(problem)
        self._sentence.setVisible(bool(problem))
        self._start.setEnabled(ready and not problem)

    def _take(self) -> None:
        sort_into = _whole(self._target.text) if self._sort.isChecked() else ""
        how = How(self._how.currentData())
        self.accept()
        self.wanted.emit(WatchWish(_whole(self._folder.text), sort_into, how, self._at_start.isChecked()))


def _whole(path: str) -> str:
    return str(Path(path).expanduser().absolute())
