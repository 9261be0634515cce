"""The middle of the classify page: the filters, and the photos or the sentence that they leave."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from scene_desktop.ui.results.filter_bar import FilterBar
from scene_desktop.ui.results.prediction_table import PredictionTable
from scene_desktop.ui.results.verdicts import Filter, Shown
from scene_desktop.ui.results.view import ResultsView
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button, label
from scene_desktop.ui.widgets.thumbnails import Thumbnails

_COUNT_EVERY_MS = 100


class ResultsPanel(QWidget):
    """Joins the class chosen on the left with the name and the range chosen here.

    `everything_wanted` asks for all photos, whatever their class.
    """

    everything_wanted = Signal()

    def __init__(self, model: PredictionTable, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("results_panel")
        self._model = model
        self._shown: int = Shown.ALL
        self.bar = FilterBar()
        self.results = ResultsView(model, thumbnails)
        self._nothing = _Nothing()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.results)
        self._stack.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.unit() * 2)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)

        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_COUNT_EVERY_MS)
        self._timer.timeout.connect(self._count)
        self.bar.changed.connect(self._apply)
        self.bar.cleared.connect(self.show_everything)
        self.bar.left.connect(self.focus_photos)
        self._nothing.all_wanted.connect(self.show_everything)
        model.rowsInserted.connect(self._count_soon)
        model.rowsRemoved.connect(self._count)
        model.modelReset.connect(self._count)

    def set_shown(self, shown: int) -> None:
        """Shows only a class, or one of `Shown`, within the other filters."""
        self._shown = shown
        self._apply()

    def show_everything(self) -> None:
        """Clears all filters."""
        self.bar.reset()
        self._apply()
        self.everything_wanted.emit()
        self.focus_photos()

    def reset(self) -> None:
        """No filters, as for new results."""
        self.bar.reset()
        self.set_shown(Shown.ALL)

    def focus_photos(self) -> None:
        self.results.current_view.setFocus()

    def _apply(self) -> None:
        self._model.set_filter(Filter(self._shown, self.bar.low, self.bar.high, self.bar.text))
        self._count()

    def _count_soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _count(self) -> None:
        shown, total = self._model.rowCount(), len(self._model.verdicts)
        self.bar.show_count(shown, total, filtered=not self._model.filter.is_open)
        self._stack.setCurrentWidget(self.results if shown or not total else self._nothing)


class _Nothing(QWidget):
    """What stands there when no photo fits."""

    all_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("nothing_fits")
        again = button(self.tr("Show all photos"), name="nothing_show_all")
        again.clicked.connect(self.all_wanted)
        column = QVBoxLayout(self)
        column.setSpacing(theme.unit() * 3)
        column.addStretch(1)
        column.addWidget(label(self.tr("No photo fits"), "heading"), 0, Qt.AlignmentFlag.AlignHCenter)
        hint = label(self.tr("Choose another class, name or confidence."), "muted")
        column.addWidget(hint, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(again, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
