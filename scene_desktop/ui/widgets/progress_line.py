"""One line that says how far work is, with a thin bar and a way to stop it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import ElidedLabel, button

_FINE = 1000


class ProgressLine(QWidget):
    """Keeps its height when the work is over, so that nothing jumps.

    Args:
        stop_tip: What *Stop* does, where it is not to keep what is done.
    """

    stop_requested = Signal()

    def __init__(self, name: str, stop_tip: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        unit = theme.unit()
        self._text = ElidedLabel("muted", Qt.TextElideMode.ElideRight, name=f"{name}_text")
        self._stop = button(self.tr("Stop"), "stop", "plain", name=f"{name}_stop")
        self._stop.setToolTip(stop_tip or self.tr("Stop now and keep what is done (Esc)"))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        policy = self._stop.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._stop.setSizePolicy(policy)

        line = QHBoxLayout()
        line.addWidget(self._text, 1)
        line.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        column.addLayout(line)
        column.addWidget(self._bar)

        self._stop.clicked.connect(self.stop_requested)
        self.rest("")

    @property
    def text(self) -> str:
        return self._text.text()

    @property
    def is_busy(self) -> bool:
        return not self._bar.isHidden()

    def show_busy(self, text: str, share: float | None) -> None:
        """Work goes on; `share` is 0 to 1, or None while the whole is unknown."""
        self._say(text)
        self._bar.setRange(0, 0 if share is None else _FINE)
        if share is not None:
            self._bar.setValue(round(share * _FINE))
        self._bar.show()
        self._stop.show()
        self._stop.setEnabled(True)

    def show_stopping(self, text: str) -> None:
        """Stopping was asked for and takes a moment."""
        self._say(text)
        self._stop.setEnabled(False)

    def hide_stop(self) -> None:
        """For work that is ended in another way."""
        self._stop.hide()

    def rest(self, text: str) -> None:
        """No work goes on; the text says how it ended."""
        self._say(text)
        self._bar.hide()
        self._stop.hide()

    def _say(self, text: str) -> None:
        self._text.setText(text)
        self._bar.setAccessibleDescription(text)
