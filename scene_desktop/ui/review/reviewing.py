"""Correcting and reviewing on the classify page: joins its widgets, commands and what can be undone."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.photo.detail import PhotoDetail
from scene_desktop.ui.results.name_order import Rows
from scene_desktop.ui.results.prediction_table import PredictionTable
from scene_desktop.ui.results.view import ResultsView
from scene_desktop.ui.review.adding_line import AddingLine
from scene_desktop.ui.review.class_finder import ClassFinder
from scene_desktop.ui.review.corrections import Corrections
from scene_desktop.ui.review.photo_actions import PhotoActions
from scene_desktop.ui.review.view import ReviewView
from scene_desktop.ui.widgets import questions
from scene_desktop.ui.widgets.labels import button


class Reviewing(QObject):
    """Everything with which a person says what photos show.

    Signals:
        state_changed: A review began or was left.
        add_wanted: Corrected photos are to be added; answered by `choose_dataset`.
        dataset_chosen: The folder, and `(path, class name)` of each photo.
    """

    state_changed = Signal()
    add_wanted = Signal()
    dataset_chosen = Signal(str, object)

    def __init__(
        self, page: QWidget, table: PredictionTable, results: ResultsView, detail: PhotoDetail
    ) -> None:
        super().__init__(page)
        self._page, self._table, self._results, self._detail = page, table, results, detail
        self._unsure = 0
        self._classes: tuple[str, ...] = ()
        self.corrections = Corrections(table)
        self.view = ReviewView(table, self.corrections)
        self.actions = PhotoActions(results)
        self.adding = AddingLine()
        self.button = button(self.tr("Review unsure"), "unsure", name="review_button")
        self.button.setToolTip(self.tr("Look at the unsure photos one by one, least sure first (Ctrl+R)"))
        self._connect()
        page.installEventFilter(self)
        self._renew()

    def _connect(self) -> None:
        actions = self.actions
        actions.assigned.connect(self.assign)
        for action, slot in (
            (actions.review, self.begin),
            (actions.undo, self.corrections.undo),
            (actions.redo, self.corrections.redo),
            (actions.find_class, self.find_class),
            (actions.uncorrect, self.uncorrect),
            (actions.why, self._detail.toggle_why),
            (actions.add, self.add_wanted),
        ):
            action.triggered.connect(slot)
        self.button.clicked.connect(self.begin)
        self._detail.uncorrect_requested.connect(self._uncorrect_current)
        self.view.left.connect(self._left)
        self.view.end.add_requested.connect(self.add_wanted)
        self.corrections.changed.connect(self._renew)
        self._table.modelReset.connect(self._look_at_classes)
        self._detail.photo_changed.connect(self._renew)
        self._results.table.selectionModel().selectionChanged.connect(self._renew)
        for view in (self._results.table, self._results.grid):
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(self._show_menu)

    # Saying what photos are

    def assign(self, label: int) -> None:
        """The selected photos, or the one that is reviewed, are of this class."""
        if self.view.is_active:
            self.view.give(label)
        else:
            self.corrections.assign(self._selected(), label)

    def uncorrect(self) -> None:
        """The guess of the model holds again for the selected photos."""
        self.corrections.assign(self._selected(), None)

    def find_class(self) -> None:
        """Opens the list in which a class is found by typing."""
        if self.view.is_active:
            self.view.find_class()
        elif len(self._selected()):
            finder = ClassFinder(self._page, self._table.verdicts.classes)
            finder.chosen.connect(self.assign)
            finder.open()

    def _uncorrect_current(self) -> None:
        row = self._results.current_row
        if row is not None:
            self.corrections.assign([self._table.source_row(row)], None)

    def _selected(self) -> Rows:
        return self._table.source_rows(self._results.selected_rows())

    def _show_menu(self, place: QPoint) -> None:
        self.actions.context.popup(self._results.current_view.viewport().mapToGlobal(place))

    # The review

    @property
    def is_active(self) -> bool:
        return self.view.is_active

    def set_unsure(self, count: int) -> None:
        """How many photos are unsure and not decided by a person."""
        self._unsure = count
        self.button.setText(
            self.tr("Review {number} unsure").format(number=words.number(count))
            if count
            else self.tr("Review unsure")
        )
        self._renew()

    def begin(self) -> None:
        """Shows the unsure photos one by one, least sure first."""
        rows = self._table.review_rows()
        if len(rows) and not self.view.is_active:
            self._detail.show_nothing()
            self.view.begin(rows)
            self.state_changed.emit()
            self.view.setFocus()
            self._renew()

    def leave(self) -> None:
        self.view.leave()

    def _left(self) -> None:
        self.state_changed.emit()
        self._results.current_changed.emit()
        self._results.current_view.setFocus()
        self._renew()

    # Corrections to a data set

    def choose_dataset(self, proposed: str) -> None:
        """Asks for the data set that the corrected photos are copied into."""
        items = self.corrections.items()
        if not items:
            return
        title = self.tr("Add {photos} to the data set in …").format(photos=words.photos(len(items)))
        folder = QFileDialog.getExistingDirectory(self._page, title, proposed)
        if folder:
            self.dataset_chosen.emit(folder, items)

    def sure_to_make(self, folder: str, missing: tuple[str, ...]) -> bool:
        """Whether folders for classes that a data set does not have are to be made."""
        names = ", ".join(f"“{words.shown(name)}”" for name in missing[:5])
        text = self.tr("“{folder}” has no folder for {names}. It is made if you go on.")
        return questions.is_sure(
            self._page,
            self.tr("Make new classes?"),
            text.format(folder=words.shown(folder), names=names + (" …" if len(missing) > 5 else "")),
            self.tr("Make them"),
            self.tr("Choose another time"),
        )

    # What can be done now

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The commands rest while another page is shown; the focus of the page belongs to its photos."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._renew()
        elif event.type() == QEvent.Type.FocusIn:
            photos = self.view if self.view.is_active else self._results.current_view
            if photos.isVisible():
                photos.setFocus()
        return super().eventFilter(watched, event)

    def _look_at_classes(self) -> None:
        classes = self._table.verdicts.classes
        if classes != self._classes:
            self._classes = classes
            self.actions.set_classes(classes)
        self._renew()

    def _renew(self) -> None:
        actions, stack, here = self.actions, self.corrections.stack, self._page.isVisible()
        chosen = here and (self.view.is_active or self._results.table.selectionModel().hasSelection())
        actions.review.setEnabled(here and self._unsure > 0 and not self.view.is_active)
        self.button.setEnabled(self._unsure > 0)
        for action in (*actions.classes, actions.find_class, actions.uncorrect):
            action.setEnabled(chosen)
        actions.why.setEnabled(here and not self.view.is_active and self._detail.can_tell_why)
        actions.add.setEnabled(here and self.corrections.count > 0)
        self._name_step(actions.undo, self.tr("&Undo"), here and stack.canUndo(), stack.undoText())
        self._name_step(actions.redo, self.tr("&Redo"), here and stack.canRedo(), stack.redoText())

    def _name_step(self, action: QAction, verb: str, can: bool, step: str) -> None:
        action.setEnabled(can)
        action.setText(f"{verb}: {step.replace('&', '&&')}" if step else verb)
