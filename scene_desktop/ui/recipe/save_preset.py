"""A name for the recipe as it stands, asked for in place."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button, label

NAME_LENGTH = 80


class SavePreset(QWidget):
    """Hidden until it is opened.

    Signals:
        named: The name that was typed; the line closes.
    """

    named = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("save_preset_line")
        self._taken: set[str] = set()
        unit = theme.unit()
        self.edit = QLineEdit()
        self.edit.setObjectName("preset_name")
        self.edit.setMaxLength(NAME_LENGTH)
        self.edit.setPlaceholderText(self.tr("Name of the preset"))
        self.edit.setAccessibleName(self.tr("Name of the preset"))
        self._save = button(self.tr("Save"), name="preset_name_save")
        self._cancel = button(self.tr("Cancel"), look="plain", name="preset_name_cancel")
        self._sentence = label("", "caption", wrap=True, name="preset_name_sentence")
        line = QHBoxLayout()
        line.setSpacing(unit)
        line.addWidget(self.edit, 1)
        line.addWidget(self._save)
        line.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        column.addLayout(line)
        column.addWidget(self._sentence)
        self.edit.textChanged.connect(self._judge)
        self.edit.returnPressed.connect(self._take)
        self._save.clicked.connect(self._take)
        self._cancel.clicked.connect(self.close_line)
        self.hide()

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    def open_line(self, suggested: str, taken: Iterable[str]) -> None:
        """Asks for a name; `taken` are the names that would be replaced."""
        self._taken = {name.casefold() for name in taken}
        self.edit.setText(suggested)
        self._judge()
        self.show()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()

    def close_line(self) -> None:
        """Closes it without a name."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_line()
        else:
            super().keyPressEvent(event)

    def _name(self) -> str:
        return " ".join(self.edit.text().split())

    def _judge(self) -> None:
        name = self._name()
        self._save.setEnabled(bool(name))
        replaces = name.casefold() in self._taken
        self._sentence.setText(
            self.tr("Your preset “{name}” is replaced.").format(name=words.shown(name)) if replaces else ""
        )
        self._sentence.setVisible(replaces)

    def _take(self) -> None:
        if self._name():
            self.hide()
            self.named.emit(self._name())
            self.closed.emit()
