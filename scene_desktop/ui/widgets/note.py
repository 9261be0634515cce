"""A message in place: what happened, the next step, and the technical part folded away."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QToolButton, QVBoxLayout

from scene_desktop.ui import words
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.widgets.labels import button, label


class Note(QFrame):
    """One tinted line across the page; hidden until it has something to say.

    Args:
        closable: Whether a person can take the message away.
    """

    closed = Signal()

    def __init__(self, name: str, *, closable: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self._kind = "info"
        unit = theme.unit()
        self._icon = QLabel()
        self._text = label(wrap=True, name=f"{name}_text")
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._details_button = button(self.tr("Details"), look="plain", name=f"{name}_details_button")
        self._details_button.setCheckable(True)
        self._copy = button(self.tr("Copy details"), "copy", "plain", name=f"{name}_copy_button")
        self._offer = button("", name=f"{name}_offer")
        self._offer.setAccessibleName(self.tr("Next step"))
        self._offer.hide()
        self._taken: Callable[[], object] = self.clear
        self._close = QToolButton()
        self._close.setProperty("look", "plain")
        self._close.setToolTip(self.tr("Close this message"))
        self._close.setAccessibleName(self.tr("Close this message"))
        icons.set_icon(self._close, "close", "muted", unit * 4)
        self._close.setIconSize(QSize(unit * 4, unit * 4))
        if not closable:
            self._close.hide()
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setAccessibleName(self.tr("Technical details"))
        self._details.setFixedHeight(unit * 40)
        self._details.hide()

        line = QHBoxLayout()
        line.setSpacing(unit * 2)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._text, 1)
        for widget in (self._offer, self._copy, self._details_button, self._close):
            line.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 3, unit * 2, unit * 2, unit * 2)
        column.addLayout(line)
        column.addWidget(self._details)

        self._details_button.toggled.connect(self._show_details)
        self._copy.clicked.connect(self._copy_details)
        self._close.clicked.connect(self.clear)
        self._offer.clicked.connect(lambda: self._taken())
        theme.current().changed.connect(self._draw_icon)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    @property
    def details(self) -> str:
        """The technical part of the message, whether it is unfolded or not."""
        return self._details.toPlainText()

    def tell(self, text: str, kind: str = "info", details: str = "") -> None:
        """Shows a message of the kind info, warning or error."""
        self._kind = kind
        self._text.setText("\n".join(words.shown(line) for line in text.splitlines()))
        self._details.setPlainText(details)
        self._details_button.setVisible(bool(details))
        self._details_button.setChecked(False)
        self._copy.hide()
        self._offer.hide()
        self.setProperty("look", "note" if kind == "info" else f"note-{kind}")
        self.setAccessibleName(text)
        self.style().unpolish(self)
        self.style().polish(self)
        self._draw_icon()
        self.show()

    def offer(self, text: str, taken: Callable[[], object]) -> None:
        """Puts a button beside the message that is shown."""
        self._offer.setText(text)
        self._offer.setAccessibleName(text)
        self._taken = taken
        self._offer.show()

    def clear(self) -> None:
        """Takes the message away."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _show_details(self, wanted: bool) -> None:
        self._details.setVisible(wanted)
        self._copy.setVisible(wanted)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.text}\n\n{self.details}")

    def _draw_icon(self) -> None:
        colours = colours_of(self.palette())
        name, colour = {
            "info": ("info", colours.accent),
            "warning": ("warning", colours.warning),
            "error": ("error", colours.danger),
        }[self._kind]
        self._icon.setPixmap(icons.tinted(name, colour, theme.unit() * 5, self.devicePixelRatioF()))
