"""The classify page: photos in, their classes out, streaming."""

import functools
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
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
from scene_desktop.ui.classify.panels import ClassifyPanels
from scene_desktop.ui.classify.watch_bar import WatchBar
from scene_desktop.ui.results.prediction_table import PredictionTable
from scene_desktop.ui.results.which_photos import Counts
from scene_desktop.ui.sorting.sort_offer import SortOffer
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.drop_target import DropTarget
from scene_desktop.ui.widgets.labels import button
from scene_desktop.ui.widgets.note import Note
from scene_desktop.ui.widgets.progress_line import ProgressLine
from scene_desktop.ui.widgets.thumbnails import Thumbnails


class ClassifyPage(QWidget):
    """States: empty, busy, full, failed.

    What belongs to one part is asked for by `intake`, `actions_`, `model_button`, `detail` and `reviewing`
    themselves; drops reach it through its `intake`.

    Signals:
        stop_requested: The drop that runs, and those that wait, shall end.
        saving_stop_requested: The saving of results shall end; while a drop runs, *Stop* belongs to the drop.
        progress_changed: As in `SideBar`, of the drop.
    """

    stop_requested = Signal()
    saving_stop_requested = Signal()
    progress_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("classify_page")
        self.actions_ = ClassifyActions(self)
        self.intake = ClassifyIntake(self)
        self._running = False
        self._waiting_drops = 0
        self._before_saving: str | None = None
        self._drop = DropProgress()
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
        self.panels = ClassifyPanels(self, self.table_model, self.thumbnails)
        self.class_filter, self.threshold_slider = self.panels.class_filter, self.panels.threshold_slider
        self.results, self.detail = self.panels.photos.results, self.panels.detail
        self.reviewing = self.panels.reviewing

    def _assemble(self) -> None:
        unit = theme.unit()
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
        self.intake.nothing_there.connect(self.show_message)
        actions.copy_rows.triggered.connect(self.copy_rows)
        actions.select_all.triggered.connect(self.results.select_all)
        actions.grid.toggled.connect(self.results.show_grid)
        self.progress.stop_requested.connect(self.stop)
        actions.find.triggered.connect(self.panels.photos.bar.find_name)
        self.reviewing.state_changed.connect(self._show_state)
        self.reviewing.view.end.sort_requested.connect(actions.sort.trigger)
        self.reviewing.view.end.save_requested.connect(actions.save.trigger)

    # What comes from a person

    def stop(self) -> None:
        """Leaves the review, otherwise asks to stop what the line of progress shows."""
        if self.reviewing.is_active:
            self.reviewing.leave()
        elif self._running or self.is_saving:
            self.progress.show_stopping(self.tr("Stopping …"))
            (self.stop_requested if self._running else self.saving_stop_requested).emit()

    def copy_rows(self) -> None:
        """Puts the selected rows on the clipboard as a table."""
        rows = self.results.selected_rows()
        if rows:
            QGuiApplication.clipboard().setText(self.table_model.copied(rows))

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
        return self.table_model.verdicts.classes

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
        if tuple(classes) != self.classes:
            self.panels.set_classes(tuple(classes))
        self.table_model.begin_drop(tuple(classes))
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
                self.panels.show_detail()
        self._show_progress()
        self.panels.count_soon()

    def end_drop(self, summary: ClassifySummary) -> None:
        """The drop is complete, or was stopped; what is done stays."""
        self._running = False
        self.table_model.drop_waiting()
        self.panels.count_photos()
        self._rest(self._drop.ending(summary))
        text, details = self._drop.doubts(summary)
        if text:
            self.note.tell(text, "warning", details)
        self._show_state()

    def fail_drop(self, message: str) -> None:
        """The drop cannot go on; what is done stays."""
        self._running = False
        self.table_model.drop_waiting()
        self.panels.count_photos()
        self._rest("")
        self.note.tell(message, "error")
        self._show_state()

    def clear(self) -> None:
        """Forgets all results."""
        self.table_model.clear(self.classes)
        self.panels.set_classes(self.classes)
        self.panels.count_photos()
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
            self.panels.photos.focus_photos()
        self._header.show_tools(full=full, complete=rows > 0 and not self._running)
        if not self._running:
            self.progress_changed.emit(None)

    def _rest(self, text: str) -> None:
        """No drop runs any more; what is said of it stays, also behind a saving that goes on."""
        self.progress.rest(text)
        if self.is_saving:
            self._before_saving = text

    def _show_progress(self) -> None:
        share = self._drop.share
        self.progress.show_busy(self._drop.text(self._waiting_drops), share)
        self.progress_changed.emit(-1.0 if share is None else share)
