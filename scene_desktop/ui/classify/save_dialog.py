"""Saving results: which photos, as what, and then where."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from scene_desktop.core.exports import FORMATS, Format
from scene_desktop.ui import words
from scene_desktop.ui.results.which_photos import Counts, WhichPhotos
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets import questions
from scene_desktop.ui.widgets.labels import button, label


class SaveDialog(QDialog):
    """Return goes on to the place.

    Signals:
        save_wanted: Path and which photos, “all”, “shown” or “selected”; the dialog has closed.
    """

    save_wanted = Signal(str, str)

    def __init__(self, counts: Counts, chosen: str, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("save_dialog")
        self.setWindowTitle(self.tr("Save results"))
        self._folder = folder
        self._which = WhichPhotos(counts, "save_which")
        self._formats = QButtonGroup(self)
        unit = theme.unit()
        formats = QVBoxLayout()
        formats.setSpacing(unit * 2)
        for number, known in enumerate(FORMATS):
            formats.addLayout(self._made_choice(number, known))
        keys = [known.key for known in FORMATS]
        current = self._formats.button(keys.index(chosen) if chosen in keys else 0)
        current.setChecked(True)
        form = QFormLayout()
        form.setHorizontalSpacing(unit * 5)
        form.setVerticalSpacing(unit * 4)
        form.addRow(label(self.tr("Photos")), self._which)
        form.addRow(label(self.tr("As")), formats)
        cancel = button(self.tr("Cancel"), name="save_cancel")
        cancel.setAutoDefault(False)
        go_on = button(self.tr("Choose the &place…"), "save", "primary", name="save_go_on")
        go_on.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(unit * 2)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 5, unit * 6, unit * 5)
        column.setSpacing(unit * 4)
        column.addWidget(label(self.tr("Save results"), "title"))
        column.addLayout(form)
        column.addStretch(1)
        column.addLayout(buttons)
        self.setMinimumWidth(unit * 120)
        cancel.clicked.connect(self.reject)
        go_on.clicked.connect(self._choose_place)
        current.setFocus()

    @property
    def format(self) -> Format:
        """The kind of file that is chosen."""
        return FORMATS[self._formats.checkedId()]

    def _made_choice(self, number: int, known: Format) -> QHBoxLayout:
        radio = QRadioButton(known.name)
        radio.setObjectName(f"save_as_{known.key}")
        radio.setAccessibleDescription(known.use)
        radio.setMinimumWidth(theme.unit() * 24)
        self._formats.addButton(radio, number)
        line = QHBoxLayout()
        line.addWidget(radio)
        line.addWidget(label(known.use, "muted"), 1)
        return line

    def _choose_place(self) -> None:
        path = ask_for_place(self, self.format, self._folder)
        if path:
            self.accept()
            self.save_wanted.emit(path, self._which.which)


def ask_for_place(parent: QWidget, kind: Format, folder: str) -> str:
    """Asks where a file of this kind shall be saved; empty if nowhere."""
    name = "report" if kind.key == "html" else "classes"
    dialog = QFileDialog(parent, parent.tr("Save the results"), folder, f"{kind.name} (*{kind.suffix})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(kind.suffix[1:])  # before the dialog asks whether a file may be replaced
    dialog.selectFile(str(Path(folder) / f"{name}{kind.suffix}") if folder else f"{name}{kind.suffix}")
    if not dialog.exec() or not dialog.selectedFiles():
        return ""
    path = dialog.selectedFiles()[0]
    if path.lower().endswith(kind.suffix):
        return path
    path += kind.suffix
    if not Path(path).exists() or questions.is_sure(  # the file dialog asked about the name without its ending
        parent,
        parent.tr("Replace the file?"),
        parent.tr("“{name}” exists already.").format(name=words.name_of(path)),
        parent.tr("Replace"),
        parent.tr("Keep it"),
    ):
        return path
    return ""
