"""The models page: the library at the left, one model at the right."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLineEdit,
    QListView,
    QMessageBox,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from scene_desktop.core.models.library import DamagedModel, StoredModel
from scene_desktop.ui import words
from scene_desktop.ui.models.model_detail import ModelDetail, ModelHead
from scene_desktop.ui.models.model_list import Entry, ModelDelegate, ModelRows, name_of
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import ElidedLabel, button, clear_area, label
from scene_desktop.ui.widgets.note import Note
from scene_desktop.ui.widgets.progress_line import ProgressLine


class ModelsPage(QWidget):
    """Requests carry the entry they are about.

    Signals:
        import_requested: Share files shall be chosen and imported.
        stop_requested: The import shall end.
        progress_changed: As in `SideBar`: negative while a model is imported, None afterwards.
    """

    use_requested = Signal(object)
    rename_requested = Signal(object, str)
    delete_requested = Signal(object)
    share_requested = Signal(object)
    import_requested = Signal()
    stop_requested = Signal()
    progress_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("models_page")
        self._current: StoredModel | None = None
        self._is_sharing = False
        self._build()
        self._assemble()
        self._connect()
        self._show_entry(None)

    def _build(self) -> None:
        self.note = Note("models_note")
        self.progress = ProgressLine("import_progress", self.tr("Stop; the model is not added (Esc)"))
        self.progress.hide()
        self.import_button = button(self.tr("Import…"), "import", name="import_model")
        self.import_button.setToolTip(self.tr("Add a model that somebody has shared with you (Ctrl+I)"))
        self.rows = ModelRows()
        self.list_view = QListView()
        self.list_view.setObjectName("model_list")
        self.list_view.setAccessibleName(self.tr("Models"))
        self.list_view.setProperty("ground", "window")
        self.list_view.setModel(self.rows)
        self.list_view.setItemDelegate(ModelDelegate(self.list_view))
        self.list_view.setUniformItemSizes(True)
        self.list_view.setMouseTracking(True)
        self.list_view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._name = ElidedLabel("title", Qt.TextElideMode.ElideRight, name="model_name")
        self.use_button = button(
            self.tr("Use it to classify"), "classify", "primary", name="use_selected_model"
        )
        self.rename_button = button(self.tr("Rename…"), "rename", name="rename_model")
        self.share_button = button(self.tr("Share…"), "share", name="share_model")
        self.share_button.setToolTip(
            self.tr("Save this model as one file for others; no photo is in it (Ctrl+E)")
        )
        self.delete_button = button(self.tr("Delete…"), "clear", "danger", name="delete_model")
        self.delete_button.setToolTip(self.tr("Move this model to the trash"))
        self.detail = ModelDetail()
        self._reason = label("", wrap=True, name="damaged_reason")
        self._reason.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._nothing = label(self.tr("Your models will be here. Train one."), "muted", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _assemble(self) -> None:
        unit = theme.unit()
        self._head = ModelHead(
            self._name, (self.delete_button, self.rename_button, self.share_button, self.use_button)
        )
        content = clear_area(QWidget())
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, unit * 3, unit * 2)
        inner.addWidget(self.detail)
        area = QScrollArea()
        area.setObjectName("model_area")
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedWidget()
        for widget in (self._nothing, area, self._reason):
            self._stack.addWidget(widget)
        right = QWidget()
        right_column = QVBoxLayout(right)
        right_column.setContentsMargins(unit * 2, 0, 0, 0)
        right_column.setSpacing(unit * 4)
        right_column.addWidget(self._head)
        right_column.addWidget(self._stack, 1)
        left = QWidget()
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(0, 0, 0, 0)
        left_column.setSpacing(unit * 3)
        heading = QHBoxLayout()
        heading.addWidget(label(self.tr("Models"), "title", name="models_title"), 1)
        heading.addWidget(self.import_button)
        left_column.addLayout(heading)
        left_column.addWidget(self.list_view, 1)
        left.setMinimumWidth(unit * 50)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(unit * 4)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([unit * 70, unit * 180])
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 4, unit * 4, unit * 4)
        column.setSpacing(unit * 3)
        column.addWidget(self.note)
        column.addWidget(self.progress)
        column.addWidget(splitter, 1)

    def _connect(self) -> None:
        self.list_view.selectionModel().currentChanged.connect(self._choose)
        self.list_view.doubleClicked.connect(self._use)
        self.use_button.clicked.connect(self._use)
        self.rename_button.clicked.connect(self._ask_name)
        self.delete_button.clicked.connect(self._ask_delete)
        self.share_button.clicked.connect(self.share)
        self.import_button.clicked.connect(self.import_requested)
        self.progress.stop_requested.connect(self.stop)

    # Facts

    def set_entries(self, entries: Sequence[Entry], current: StoredModel | None) -> None:
        """All entries of the library, and the model in use; the selected one stays selected."""
        before = self.selected
        self._current = current
        self.rows.replace(entries, current)
        wanted = before.folder if before is not None else current.folder if current is not None else None
        row = next((row for row, entry in enumerate(entries) if entry.folder == wanted), 0)
        if entries:
            self.select(row)
        else:
            self._show_entry(None)

    def show_message(self, text: str, kind: str = "info") -> None:
        """A sentence in place, of the kind info, warning or error."""
        self.note.tell(text, kind)

    def show_importing(self, text: str) -> None:
        """A model is made ready; the sentence says how far it is."""
        self.progress.show_busy(text, None)
        self.progress.show()
        self.progress_changed.emit(-1.0)

    def end_importing(self) -> None:
        """No model is made ready any more."""
        self.progress.rest("")
        self.progress.hide()
        self.progress_changed.emit(None)

    def begin_sharing(self, text: str) -> None:
        """A share file is being written."""
        self._is_sharing = True
        self.show_message(text)

    def end_sharing(self) -> None:
        self._is_sharing = False

    @property
    def is_importing(self) -> bool:
        return self.progress.is_busy

    @property
    def is_busy(self) -> bool:
        """Whether a model is coming or leaving."""
        return self.is_importing or self._is_sharing

    @property
    def selected(self) -> Entry | None:
        index = self.list_view.selectionModel().currentIndex()
        return self.rows.entries[index.row()] if index.isValid() else None

    def select(self, row: int) -> None:
        self.list_view.selectionModel().setCurrentIndex(
            self.rows.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    # What comes from a person

    def select_model(self, name: str) -> None:
        """Shows the model of this name, if it is there."""
        for row, entry in enumerate(self.rows.entries):
            if isinstance(entry, StoredModel) and entry.card.name == name:
                self.select(row)

    def select_folder(self, folder: Path) -> None:
        """Shows the model that lies in this folder, if it is there."""
        for row, entry in enumerate(self.rows.entries):
            if entry.folder == folder:
                self.select(row)

    def share(self) -> None:
        """Asks for the selected model to be shared."""
        entry = self.selected
        if isinstance(entry, StoredModel) and not self._is_sharing:
            self.share_requested.emit(entry)

    def stop(self) -> None:
        """Asks for the import to end."""
        if self.is_importing:
            self.progress.show_stopping(self.tr("Stopping …"))
            self.stop_requested.emit()

    def _choose(self, current: QModelIndex) -> None:
        self._show_entry(self.rows.entries[current.row()] if current.isValid() else None)

    def _use(self) -> None:
        entry = self.selected
        if isinstance(entry, StoredModel) and self.use_button.isEnabled():
            self.use_requested.emit(entry)

    def _ask_name(self) -> None:
        entry = self.selected
        if not isinstance(entry, StoredModel):
            return
        name, chosen = QInputDialog.getText(
            self, self.tr("Rename"), self.tr("New name"), QLineEdit.EchoMode.Normal, entry.card.name
        )
        if chosen and name.strip() and name.strip() != entry.card.name:
            self.rename_requested.emit(entry, name.strip())

    def _ask_delete(self) -> None:
        entry = self.selected
        if entry is None:
            return
        text = self.tr("“{name}” moves to the trash, where you can get it back.").format(name=name_of(entry))
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Delete this model?"), text, parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        delete = box.addButton(self.tr("Move to trash"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.exec()
        if box.clickedButton() is delete:
            self.delete_requested.emit(entry)

    # What is shown

    def _show_entry(self, entry: Entry | None) -> None:
        for made in (self.use_button, self.share_button, self.rename_button, self.delete_button):
            made.setVisible(entry is not None)
        if entry is None:
            self._name.setText("")
            self._stack.setCurrentWidget(self._nothing)
            return
        self._name.setText(name_of(entry))
        if isinstance(entry, DamagedModel):
            self._reason.setText("\n\n".join((words.shown(entry.reason), words.shown(str(entry.folder)))))
            self._stack.setCurrentWidget(self._reason)
            for made in (self.use_button, self.share_button, self.rename_button):
                made.hide()
            return
        in_use = self._current is not None and entry.folder == self._current.folder
        self.use_button.setEnabled(not in_use)
        self.use_button.setText(self.tr("In use") if in_use else self.tr("Use it to classify"))
        self.rename_button.setVisible(not entry.built_in)
        self.delete_button.setVisible(not entry.built_in)
        self._head.arrange()
        self.detail.show_model(entry)
        self._stack.setCurrentIndex(1)
