"""The offer to go on with a training that was interrupted."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import StoredRun
from scene_desktop.ui.charts.course_words import interruption
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.widgets.labels import button, label


class RunOffer(QFrame):
    """One calm line with what can be done; hidden while there is nothing to offer."""

    resume_requested = Signal(str)
    keep_best_requested = Signal(str)
    remove_run_requested = Signal(str)
    more_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("run_offer")
        self.setProperty("look", "note")
        self._run = ""
        unit = theme.unit()
        self._icon = QLabel()
        self._text = label(wrap=True, name="run_offer_text")
        self._more = button(self.tr("More"), look="plain", name="more_interrupted")
        self._more.setToolTip(self.tr("Show all trainings"))
        self._resume = button(self.tr("Resume"), "play", "primary", name="offer_resume")
        self._keep = button(self.tr("Keep the best so far"), "finish", name="offer_keep_best")
        self._remove = button(self.tr("Discard…"), "clear", "danger", name="offer_discard")
        row = QHBoxLayout(self)
        row.setContentsMargins(unit * 3, unit * 2, unit * 2, unit * 2)
        row.setSpacing(unit * 2)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        for made in (self._more, self._resume, self._keep, self._remove):
            row.addWidget(made)
        self._more.clicked.connect(self.more_requested)
        self._resume.clicked.connect(self._ask_to_resume)
        self._keep.clicked.connect(self._ask_to_keep)
        self._remove.clicked.connect(self._ask_to_remove)
        theme.current().changed.connect(self._draw_icon)
        self._draw_icon()
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    @property
    def has_offer(self) -> bool:
        return bool(self._run)

    def show_runs(self, runs: Sequence[StoredRun], newest: History | None = None) -> None:
        """Offers the newest of the runs that can be resumed.

        Args:
            newest: Course of the first of `runs` that can be resumed, if it has been read already.
        """
        offered = [run for run in runs if run.can_resume]
        self._run = offered[0].name if offered else ""
        if offered:
            history = offered[0].history() if newest is None else newest
            self._text.setText(interruption(offered[0], history))
            self.setAccessibleName(self.text)
            self._keep.setVisible(history.marked is not None)
            more = len(offered) - 1
            self._more.setText(self.tr("and {number} more").format(number=more))
            self._more.setVisible(more > 0)

    def _ask_to_resume(self) -> None:
        self.resume_requested.emit(self._run)

    def _ask_to_keep(self) -> None:
        self.keep_best_requested.emit(self._run)

    def _ask_to_remove(self) -> None:
        self.remove_run_requested.emit(self._run)

    def _draw_icon(self) -> None:
        colour = colours_of(self.palette()).accent
        self._icon.setPixmap(icons.tinted("clock", colour, theme.unit() * 5, self.devicePixelRatioF()))
