"""Classes, photos and the photo in detail, side by side and in step with each other."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from scene_desktop.ui.photo.detail import PhotoDetail
from scene_desktop.ui.results.class_filter import ClassFilter
from scene_desktop.ui.results.panel import ResultsPanel
from scene_desktop.ui.results.prediction_table import PredictionTable
from scene_desktop.ui.results.threshold import ThresholdSlider
from scene_desktop.ui.results.verdicts import WAITING, Shown
from scene_desktop.ui.review.reviewing import Reviewing
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.thumbnails import Thumbnails

COUNT_EVERY_MS = 150


class ClassifyPanels(QSplitter):
    """Shares the width out by itself until a person moves a border.

    Args:
        page: Where photos are corrected; see `Reviewing`.
    """

    def __init__(self, page: QWidget, table: PredictionTable, thumbnails: Thumbnails) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("classify_splitter")
        self._table = table
        self._moved = False
        self.class_filter = ClassFilter()
        self.threshold_slider = ThresholdSlider()
        self.photos = ResultsPanel(table, thumbnails)
        self.detail = PhotoDetail(thumbnails)
        self.reviewing = Reviewing(page, table, self.photos.results, self.detail)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COUNT_EVERY_MS)
        self._assemble()
        self._connect()

    def _assemble(self) -> None:
        unit = theme.unit()
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 3)
        column.addWidget(self.class_filter, 1)
        column.addWidget(self.reviewing.button)
        column.addWidget(self.threshold_slider)
        side.setMinimumWidth(unit * 36)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(unit * 3)
        for index, widget in enumerate((side, self.photos, self.detail)):
            self.addWidget(widget)
            self.setStretchFactor(index, 1 if index == 1 else 0)

    def _connect(self) -> None:
        self.splitterMoved.connect(self._note_move)
        self.class_filter.chosen.connect(self.photos.set_shown)
        self.photos.everything_wanted.connect(self._choose_all_classes)
        self.photos.results.current_changed.connect(self.show_detail)
        self.threshold_slider.changed.connect(self._threshold_changed)
        self._table.corrected.connect(self._corrected)
        self._timer.timeout.connect(self.count_photos)

    # Its widths

    @property
    def are_moved(self) -> bool:
        return self._moved

    def restore(self, state: bytes) -> None:
        """Gives the three panels the widths they had."""
        self._moved = self.restoreState(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._moved:
            unit, width = theme.unit(), self.width()
            left, right = max(unit * 38, min(unit * 56, width // 6)), max(unit * 40, min(unit * 90, width // 5))
            self.setSizes([left, width - left - right, right])

    def _note_move(self) -> None:
        self._moved = True

    # In step with the table

    def set_classes(self, classes: tuple[str, ...]) -> None:
        """Results with these classes are shown from now on, all of them."""
        self.photos.reset()
        self.class_filter.set_classes(classes)

    def count_photos(self) -> None:
        """Counts the photos of each class, those that are unsure, and those that wait."""
        verdicts = self._table.verdicts
        waiting, corrected = int((verdicts.best == WAITING).sum()), int((verdicts.corrected >= 0).sum())
        tally = self._table.tally()
        self.class_filter.set_tally(tally, waiting, corrected)
        self.reviewing.set_unsure(tally.unsure)

    def count_soon(self) -> None:
        """The same in a moment, for much that comes at once."""
        if not self._timer.isActive():
            self._timer.start()

    def show_detail(self) -> None:
        """Shows the current photo, or that there is none."""
        row = self.photos.results.current_row
        if row is None or row >= self._table.rowCount():
            self.detail.show_nothing()
            return
        source, verdicts = self._table.source_row(row), self._table.verdicts
        threshold = self.threshold_slider.threshold
        self.detail.show_photo(verdicts.paths[source], verdicts.prediction(source), verdicts.classes, threshold)

    def _threshold_changed(self, threshold: float) -> None:
        self._table.set_threshold(threshold)
        self.count_photos()
        self.show_detail()

    def _corrected(self) -> None:
        self.count_photos()
        self.show_detail()

    def _choose_all_classes(self) -> None:
        self.class_filter.choose(Shown.ALL)
