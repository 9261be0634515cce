"""The doctor's closer look: what it does, the button, and how far it is."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from scene_desktop.core.runs.events import Phase
from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button, label
from scene_desktop.ui.widgets.progress_line import ProgressLine


class Examination(QWidget):
    """States: offered, running, failed, done.

    Signals:
        requested, stopped: What a person asked for.
    """

    requested = Signal()
    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("examination")
        unit = theme.unit()
        self.button = button(self.tr("Examine closely"), "unsure", name="examine_closely")
        self._sentence = label("", "caption", wrap=True, name="examination_sentence")
        self.progress = ProgressLine("examination_progress")
        line = QHBoxLayout()
        line.setSpacing(unit * 3)
        line.addWidget(self.button)
        line.addWidget(self._sentence, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        column.addLayout(line)
        column.addWidget(self.progress)
        self.button.clicked.connect(self.requested)
        self.progress.stop_requested.connect(self._stop)
        self.offer()

    @property
    def is_running(self) -> bool:
        return self.progress.is_busy

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    def offer(self) -> None:
        """Nothing was examined yet."""
        self._tell(
            self.tr(
                "Looks for near duplicates and for photos that may lie in the wrong class. The features it "
                "needs are computed once; Quick uses them again."
            )
        )

    def begin(self) -> None:
        """It has been started."""
        self._tell(self.tr("You can go on choosing a recipe meanwhile."))
        self.button.setEnabled(False)
        self.progress.show()
        self.progress.show_busy(self.tr("Starting …"), None)

    def show_progress(self, phase: Phase, done: int, total: int, per_second: float | None) -> None:
        """`done` of `total` units, in words; late reports are dropped."""
        if not self.is_running:
            return
        what = {
            Phase.READING: self.tr("Reading the photos"),
            Phase.FEATURES: self.tr("Computing features"),
        }.get(phase, self.tr("Comparing the photos"))
        parts = [what]
        if total and phase in (Phase.READING, Phase.FEATURES):
            parts.append(
                self.tr("{done} of {photos}").format(done=words.number(done), photos=words.photos(total))
            )
            if per_second:
                parts.append(words.rate(per_second))
        if per_second and total:
            parts.append(words.time_left((total - done) / per_second))
        self.progress.show_busy(" · ".join(parts), done / total if total else None)

    def fail(self, message: str) -> None:
        """It could not be completed, for a reason in words."""
        self._tell(words.shown(message), "error")

    def finish(self) -> None:
        """It is complete."""
        self._tell(self.tr("The photos were examined closely. Examine again after changing them."))

    def _stop(self) -> None:
        self.offer()
        self.stopped.emit()

    def _tell(self, text: str, look: str = "caption") -> None:
        self.progress.rest("")
        self.progress.hide()
        self.button.setEnabled(True)
        self._sentence.setText(text)
        self._sentence.setProperty("look", look)
        self._sentence.style().unpolish(self._sentence)
        self._sentence.style().polish(self._sentence)
