"""The line above the results: part of a file name, a range of confidence, and how many photos that leaves."""

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.icons import icon
from scene_desktop.ui.widgets.labels import button, label

_ROOMY_UNITS = 150


class FilterBar(QWidget):
    """Emits `changed` when the name or the range is another one, `cleared` when all shall be shown."""

    changed = Signal()
    cleared = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("filter_bar")
        self._search = _SearchField()
        self._caption = label(self.tr("Confidence"), "muted")
        self._low = _Percent("filter_low", self.tr("Least confidence shown, in percent"), 0)
        self._high = _Percent("filter_high", self.tr("Greatest confidence shown, in percent"), 100)
        self._count = label("", "muted", name="filter_count")
        self._clear = button(self.tr("Show all"), "", "plain", name="filter_clear")
        self._clear.setToolTip(self.tr("Clear the class, the name and the range of confidence"))

        unit = theme.unit()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(unit * 2)
        row.addWidget(self._search, 1)
        row.addWidget(self._caption)
        row.addWidget(self._low)
        row.addWidget(label("–", "muted"))
        row.addWidget(self._high)
        row.addStretch(1)
        row.addWidget(self._count)
        row.addWidget(self._clear)
        self._clear.hide()

        self._search.textChanged.connect(self.changed)
        self._search.left.connect(self.left)
        self._low.valueChanged.connect(self._keep_order)
        self._high.valueChanged.connect(self._keep_order)
        self._clear.clicked.connect(self.cleared)

    @property
    def text(self) -> str:
        return self._search.text().strip()

    @property
    def low(self) -> float:
        """0 to 1."""
        return self._low.value() / 100

    @property
    def high(self) -> float:
        """0 to 1."""
        return self._high.value() / 100

    def find_name(self) -> None:
        """Puts the cursor into the name."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def reset(self) -> None:
        """Any name, any confidence; says nothing."""
        with QSignalBlocker(self._search), QSignalBlocker(self._low), QSignalBlocker(self._high):
            self._search.clear()
            self._low.setValue(0)
            self._high.setValue(100)

    def show_count(self, shown: int, total: int, *, filtered: bool) -> None:
        """How many photos the filters leave."""
        count = words.photos(total)
        if filtered:
            count = self.tr("{shown} of {all}").format(shown=words.number(shown), all=count)
        self._count.setText(count)
        self._clear.setVisible(filtered)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._caption.setVisible(self.width() > theme.unit() * _ROOMY_UNITS)

    def _keep_order(self) -> None:
        """The other end of the range follows, so that it is never empty by mistake."""
        if self._low.value() > self._high.value():
            moved, other = (self._low, self._high) if self.sender() is self._low else (self._high, self._low)
            with QSignalBlocker(other):
                other.setValue(moved.value())
        self.changed.emit()


class _SearchField(QLineEdit):
    """Escape empties it; when it is empty, Escape and Return and the arrow down go back to the photos."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("filter_text")
        self.setAccessibleName(self.tr("Part of the file name"))
        self.setPlaceholderText(self.tr("File name contains …"))
        self.setToolTip(self.tr("Show only photos whose file name contains this (Ctrl+F)"))
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(theme.unit() * 30)
        self.setMaximumWidth(theme.unit() * 70)
        self._sign = self.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)

    def event(self, event: QEvent) -> bool:
        overriding = event.type() == QEvent.Type.ShortcutOverride
        if overriding and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()  # here Escape empties the field; it does not stop the drop
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_sign"):
            self._sign.setIcon(icon("search", "muted"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        leaving = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif leaving or event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class _Percent(QSpinBox):
    def __init__(self, name: str, accessible: str, value: int) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setToolTip(accessible)
        self.setRange(0, 100)
        self.setSingleStep(5)
        self.setSuffix(" %")
        self.setValue(value)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
