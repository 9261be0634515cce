"""The classify page: photos in, their classes out, streaming."""

import functools
from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from scene_desktop.core import locations
from scene_desktop.core.classify.pipeline import ClassifyEvent, ClassifySummary, PhotosClassified, PhotosFound
from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.models.card import ThresholdPrice
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.photos.thumbnail_cache import ThumbnailCache
from scene_desktop.ui.classify.actions import ClassifyActions
from scene_desktop.ui.classify.drop_offer import DropOffer
from scene_desktop.ui.classify.drop_progress import DropProgress
from scene_desktop.ui.classify.header import ClassifyHeader
from scene_desktop.ui.classify.intake import ClassifyIntake
from scene_desktop.ui.classify.watch_bar import WatchBar
from scene_desktop.ui.photo.detail import PhotoDetail
from scene_desktop.ui.results.class_filter import ClassFilter
from scene_desktop.ui.results.classify_panels import ClassifyPanels
from scene_desktop.ui.results.panel import ResultsPanel
from scene_desktop.ui.results.prediction_table import PredictionTable
from scene_desktop.ui.results.threshold import ThresholdSlider
from scene_desktop.ui.results.verdicts import WAITING, Shown
from scene_desktop.ui.results.which_photos import Counts
from scene_desktop.ui.review.reviewing import Reviewing
from scene_desktop.ui.sorting.sort_offer import SortOffer
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.drop_target import DropTarget
from scene_desktop.ui.widgets.labels import button
from scene_desktop.ui.widgets.note import Note
from scene_desktop.ui.widgets.progress_line import ProgressLine
from scene_desktop.ui.widgets.thumbnails import Thumbnails

COUNT_EVERY_MS = 150


class ClassifyPage(QWidget):
    """States: empty, busy, full, failed. Drops reach it through its `intake`."""

    classify_requested = Signal(object)
    image_pasted = Signal(QImage)
    stop_requested = Signal()
    model_requested = Signal(object)
    clear_requested = Signal()
    show_in_folder_requested = Signal(object)
    progress_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("classify_page")
        self.actions_ = ClassifyActions(self)
        self.intake = ClassifyIntake(self)
        self._classes: tuple[str, ...] = ()
        self._running = False
        self._waiting_drops = 0
        self._before_saving: str | None = None
        self._drop = DropProgress()
        self._count_timer = QTimer(self)
        self._count_timer.setSingleShot(True)
        self._count_timer.setInterval(COUNT_EVERY_MS)
        self._build()
        self._assemble()
        self._connect()
        self._show_state()

    def _build(self) -> None:
        cache = ThumbnailCache(locations.cache_folder() / "thumbnails")
        self.thumbnails = Thumbnails(self, threads=2, cache=cache)
        self.table_model = PredictionTable(self)
        self._header = ClassifyHeader(self.actions_)
        self.model_button = self._header.model_button
        self._photos = button(self.tr("Choose photos…"), "photos", "primary", name="empty_choose_photos")
        self._folder = button(self.tr("Choose folder…"), "folder", name="empty_choose_folder")
        self._empty = DropTarget(
            "drop",
            self.tr("Drop photos or folders here"),
            self.tr("Thousands at once are fine. Photos stay on this computer and are never changed."),
            [self._photos, self._folder],
            name="classify_empty",
        )
        self.note = Note("classify_note")
        self.drop_offer, self.sort_offer, self.watch_bar = DropOffer(), SortOffer(), WatchBar()
        self.progress = ProgressLine("classify_progress")
        self.class_filter = ClassFilter()
        self.threshold_slider = ThresholdSlider()
        self.panel = ResultsPanel(self.table_model, self.thumbnails)
        self.results = self.panel.results
        self.detail = PhotoDetail(self.thumbnails)
        self.reviewing = Reviewing(self, self.table_model, self.results, self.detail)

    def _assemble(self) -> None:
        unit = theme.unit()
        left = [self.class_filter, self.reviewing.button, self.threshold_slider]
        self.panels = ClassifyPanels(left, self.panel, self.detail)
        full = QWidget()
        full_column = QVBoxLayout(full)
        full_column.setContentsMargins(0, 0, 0, 0)
        full_column.setSpacing(unit * 2)
        full_column.addWidget(self.progress)
        full_column.addWidget(self.panels, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(full)
        self._stack.addWidget(self.reviewing.view)

        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 4, unit * 4, unit * 4)
        column.setSpacing(unit * 3)
        column.addWidget(self._header)
        for line in (self.drop_offer, self.sort_offer, self.watch_bar, self.note, self.reviewing.adding):
            column.addWidget(line)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        actions = self.actions_
        self._photos.clicked.connect(actions.choose_photos.trigger)
        self._folder.clicked.connect(actions.choose_folder.trigger)
        actions.choose_photos.triggered.connect(self.intake.choose_photos)
        actions.choose_folder.triggered.connect(self.intake.choose_folder)
        actions.paste.triggered.connect(self.intake.paste)
        self.intake.paths_taken.connect(self.classify_requested)
        self.intake.image_taken.connect(self.image_pasted)
        self.intake.nothing_there.connect(self.show_message)
        actions.copy_rows.triggered.connect(self.copy_rows)
        actions.select_all.triggered.connect(self.results.select_all)
        actions.clear.triggered.connect(self.clear_requested)
        actions.grid.toggled.connect(self.results.show_grid)
        self.model_button.chosen.connect(self.model_requested)
        self.progress.stop_requested.connect(self.stop)
        actions.find.triggered.connect(self.panel.bar.find_name)
        self.class_filter.chosen.connect(self.panel.set_shown)
        self.panel.everything_wanted.connect(self._show_all_classes)
        self.table_model.corrected.connect(self._corrected)
        self.threshold_slider.changed.connect(self._threshold_changed)
        self.results.current_changed.connect(self._show_detail)
        self.detail.show_in_folder_requested.connect(self.show_in_folder_requested)
        self._count_timer.timeout.connect(self._count)
        self.reviewing.state_changed.connect(self._show_state)
        self.reviewing.view.end.sort_requested.connect(actions.sort.trigger)
        self.reviewing.view.end.save_requested.connect(actions.save.trigger)

    # What comes from a person

    def stop(self) -> None:
        """Leaves the review, otherwise asks to stop the drop that runs."""
        if self.reviewing.is_active:
            self.reviewing.leave()
        elif self._running or self._before_saving is not None:
            self.progress.show_stopping(self.tr("Stopping …"))
            self.stop_requested.emit()

    def copy_rows(self) -> None:
        """Puts the selected rows on the clipboard as a table."""
        rows = self.results.selected_rows()
        if rows:
            QGuiApplication.clipboard().setText(self.table_model.copied(rows))

    def _threshold_changed(self, threshold: float) -> None:
        self.table_model.set_threshold(threshold)
        self._count()
        self._show_detail()

    def _show_all_classes(self) -> None:
        self.class_filter.choose(Shown.ALL)

    def _corrected(self) -> None:
        self._count()
        self._show_detail()

    # Facts

    @property
    def predictions(self) -> list[Prediction]:
        """All verdicts in the order of their rows."""
        return self.snapshot()()

    def snapshot(self, rows: Sequence[int] | None = None) -> Callable[[], list[Prediction]]:
        """The verdicts of this moment; calling the result, in any thread, gives them as `predictions`.

        Args:
            rows: Rows of the verdicts; None for all.
        """
        return functools.partial(self.table_model.verdicts.copy().predictions, rows)

    @property
    def counts(self) -> Counts:
        """How many photos there are, are shown, are selected."""
        model = self.table_model
        return Counts(len(model.verdicts), model.rowCount(), len(self.results.selected_rows()))

    def rows_of(self, which: str) -> list[int] | None:
        """Rows of the verdicts that are “shown” or “selected”; None for “all”."""
        if which == "all":
            return None
        rows = self.results.selected_rows() if which == "selected" else range(self.table_model.rowCount())
        return [self.table_model.source_row(row) for row in rows]

    @property
    def classes(self) -> tuple[str, ...]:
        return self._classes

    @property
    def threshold(self) -> float:
        return self.threshold_slider.threshold

    @property
    def is_busy(self) -> bool:
        return self._running

    @property
    def is_saving(self) -> bool:
        return self._before_saving is not None

    def set_models(self, models: Sequence[StoredModel], current: StoredModel) -> None:
        self.model_button.set_models(models, current)

    def set_prices(self, prices: tuple[ThresholdPrice, ...]) -> None:
        self.threshold_slider.set_prices(prices)

    def set_queue_length(self, drops: int) -> None:
        """How many drops wait behind the one that runs."""
        self._waiting_drops = drops
        if self._running:
            self._show_progress()

    def begin_drop(self, classes: tuple[str, ...]) -> None:
        """A drop starts; its photos are added below those that are there."""
        if tuple(classes) != self._classes:
            self._classes = tuple(classes)
            self.panel.reset()
            self.class_filter.set_classes(self._classes)
        self.table_model.begin_drop(self._classes)
        self._running, self._drop = True, DropProgress()
        self.note.clear()
        self._show_state()
        self._show_progress()

    def add_event(self, event: ClassifyEvent) -> None:
        """Takes in what the classifying tells."""
        self._drop.add(event)
        match event:
            case PhotosFound():
                self.table_model.add_photos(event.paths)
            case PhotosClassified():
                self.table_model.add_verdicts(event.predictions)
                self._show_detail()
        self._show_progress()
        if not self._count_timer.isActive():
            self._count_timer.start()

    def end_drop(self, summary: ClassifySummary) -> None:
        """The drop is complete, or was stopped; what is done stays."""
        self._running = False
        self.table_model.drop_waiting()
        self._count()
        self.progress.rest(self._drop.ending(summary))
        text, details = self._drop.doubts(summary)
        if text:
            self.note.tell(text, "warning", details)
        self._show_state()

    def fail_drop(self, message: str) -> None:
        """The drop cannot go on; what is done stays."""
        self._running = False
        self.table_model.drop_waiting()
        self._count()
        self.progress.rest("")
        self.note.tell(message, "error")
        self._show_state()

    def clear(self) -> None:
        """Forgets all results."""
        self.table_model.clear(self._classes)
        self.panel.reset()
        self.class_filter.set_classes(self._classes)
        self._count()
        self.progress.rest("")
        self.note.clear()
        self._show_state()

    def show_saving(self, share: float | None) -> None:
        """Results are being saved; a drop that runs is more important."""
        if self._before_saving is None:
            self._before_saving = self.progress.text
        if not self._running:
            self.progress.show_busy(self.tr("Saving …"), share)

    def end_saving(self) -> None:
        """The results are saved, or not."""
        if self._before_saving is not None and not self._running:
            self.progress.rest(self._before_saving)
        self._before_saving = None

    def show_message(self, text: str, kind: str = "info") -> None:
        """A sentence in place, of the kind info, warning or error."""
        self.note.tell(text, kind)

    # What is shown

    def _show_state(self) -> None:
        rows = len(self.table_model.verdicts)
        full = self._running or rows > 0
        was_empty = self._stack.currentIndex() == 0
        self._stack.setCurrentIndex(2 if self.reviewing.is_active else 1 if full else 0)
        if was_empty and full and self.isVisible():
            self.panel.focus_photos()
        self._header.show_tools(full=full, complete=rows > 0 and not self._running)
        if not self._running:
            self.progress_changed.emit(None)

    def _show_progress(self) -> None:
        share = self._drop.share
        self.progress.show_busy(self._drop.text(self._waiting_drops), share)
        self.progress_changed.emit(-1.0 if share is None else share)

    def _count(self) -> None:
        verdicts = self.table_model.verdicts
        waiting, corrected = int((verdicts.best == WAITING).sum()), int((verdicts.corrected >= 0).sum())
        tally = self.table_model.tally()
        self.class_filter.set_tally(tally, waiting, corrected)
        self.reviewing.set_unsure(tally.unsure)

    def _show_detail(self) -> None:
        row = self.results.current_row
        if row is None or row >= self.table_model.rowCount():
            self.detail.show_nothing()
            return
        source = self.table_model.source_row(row)
        verdicts = self.table_model.verdicts
        self.detail.show_photo(
            verdicts.paths[source], verdicts.prediction(source), self._classes, self.threshold
        )
