"""A small list to find a class by typing a part of its name."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.style import theme

_LABEL = Qt.ItemDataRole.UserRole
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class ClassFinder(QDialog):
    """Emits `chosen` with a class index; Enter takes the marked class, Esc leaves."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget, classes: tuple[str, ...]) -> None:
        super().__init__(parent)
        self.setObjectName("class_finder")
        self.setWindowTitle(self.tr("This is …"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        unit = theme.unit()
        self._text = QLineEdit()
        self._text.setObjectName("class_finder_text")
        self._text.setPlaceholderText(self.tr("Type a part of the name"))
        self._text.setAccessibleName(self.tr("A part of the name of the class"))
        self._list = QListWidget()
        self._list.setObjectName("class_finder_list")
        self._list.setProperty("look", "files")
        self._list.setAccessibleName(self.tr("Classes"))
        self._list.setUniformItemSizes(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        for label, name in enumerate(classes):
            item = QListWidgetItem(words.shown(name), self._list)
            item.setData(_LABEL, label)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 3, unit * 3, unit * 3, unit * 3)
        column.setSpacing(unit * 2)
        column.addWidget(self._text)
        column.addWidget(self._list, 1)
        self.resize(unit * 70, unit * 80)

        self._text.installEventFilter(self)
        self._text.textChanged.connect(self._find)
        self._text.returnPressed.connect(self._choose)
        self._list.itemActivated.connect(self._choose)
        self._list.itemClicked.connect(self._choose)
        self._find("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that move in a list reach the list while the text has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
            self._list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _find(self, text: str) -> None:
        wanted, first = text.casefold().strip(), None
        for row in range(self._list.count()):
            item = self._list.item(row)
            item.setHidden(wanted not in item.text().casefold())
            starts = item.text().casefold().startswith(wanted)
            if not item.isHidden() and (first is None or (starts and not first[1])):
                first = item, starts
        self._list.setCurrentRow(self._list.row(first[0]) if first else -1)

    def _choose(self) -> None:
        item = self._list.currentItem()
        if item is not None and not item.isHidden():
            self.chosen.emit(item.data(_LABEL))
            self.accept()
