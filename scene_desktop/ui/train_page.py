"""The train page: data, recipe, run - three steps that all stay within reach."""

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from scene_desktop.core.dataset import DataSet, HealthReport
from scene_desktop.core.errors import InputError
from scene_desktop.core.events import ModelSaved, TrainingDiscarded, TrainingEvent, TrainingFailed
from scene_desktop.core.recipe import TrainingRecipe
from scene_desktop.ui import theme, words
from scene_desktop.ui.drop_target import DropTarget
from scene_desktop.ui.labels import button, label
from scene_desktop.ui.note import Note
from scene_desktop.ui.progress_line import ProgressLine
from scene_desktop.ui.run_panel import RunPanel
from scene_desktop.ui.setup_panel import SetupPanel
from scene_desktop.ui.step_bar import StepBar
from scene_desktop.ui.thumbnails import Thumbnails

_EMPTY, _READING, _SETUP, _RUN = range(4)


class TrainPage(QWidget):
    """States: empty, reading, set up, running, finished, failed."""

    dataset_requested = Signal(str)
    reading_stop_requested = Signal()
    start_requested = Signal(object, object, object)
    finish_requested = Signal()
    discard_requested = Signal()
    use_requested = Signal(str)
    progress_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("train_page")
        self._dataset: DataSet | None = None
        self._folder = ""
        self._reading = False
        self._has_run = False
        self._build()
        self._assemble()
        self._connect()
        self._show(_EMPTY)

    def _build(self) -> None:
        self.thumbnails = Thumbnails(self, threads=1)
        self._title = label(self.tr("Train"), "title", name="train_title")
        self.steps = StepBar()
        self.note = Note("train_note")
        self._choose = button(self.tr("Choose folder…"), "folder", "primary", name="choose_dataset")
        self._empty = DropTarget(
            "folder",
            self.tr("Drop a folder of photos here"),
            self.tr(
                "It holds one folder for each class, for example “cats” and “dogs”. "
                "Twenty photos in each are a start; a hundred are good."
            ),
            [self._choose],
            name="train_empty",
        )
        self.reading = ProgressLine("reading_progress")
        self._reading_title = label("", "title", wrap=True, name="reading_title")
        self.setup = SetupPanel(self.thumbnails)
        self.dataset_panel, self.recipe_panel = self.setup.dataset, self.setup.recipe
        self.name_edit, self.start_button = self.setup.name_edit, self.setup.start_button
        self.run_panel = RunPanel()

    def _assemble(self) -> None:
        unit = theme.unit()
        reading = QWidget()
        reading_column = QVBoxLayout(reading)
        reading_column.setContentsMargins(unit * 30, 0, unit * 30, 0)
        reading_column.setSpacing(unit * 3)
        reading_column.addStretch(2)
        reading_column.addWidget(self._reading_title)
        reading_column.addWidget(self.reading)
        reading_column.addStretch(3)

        self._stack = QStackedWidget()
        for page in (self._empty, reading, self.setup, self.run_panel):
            self._stack.addWidget(page)
        header = QHBoxLayout()
        header.setSpacing(unit * 8)
        header.addWidget(self._title)
        header.addWidget(self.steps, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 4, unit * 4, unit * 4)
        column.setSpacing(unit * 3)
        column.addLayout(header)
        column.addWidget(self.note)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._choose.clicked.connect(self.choose_folder)
        self.dataset_panel.another_requested.connect(self.choose_folder)
        self.reading.stop_requested.connect(self.stop)
        self.steps.chosen.connect(self._go_to)
        self.recipe_panel.changed.connect(self._summarise)
        self.setup.start_requested.connect(self.start)
        self.run_panel.finish_requested.connect(self.finish_requested)
        self.run_panel.discard_requested.connect(self.discard)
        self.run_panel.use_requested.connect(self.use_requested)
        self.run_panel.again_requested.connect(self._show_setup)
        self.run_panel.progress_changed.connect(self.progress_changed)

    # What comes from a person

    @property
    def is_training(self) -> bool:
        return self.run_panel.is_running

    @property
    def is_busy(self) -> bool:
        return self._reading or self.is_training

    @property
    def can_finish(self) -> bool:
        return self.run_panel.can_finish

    def choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, self.tr("Choose the folder that holds the class folders")
        )
        if folder:
            self.take_folder(folder)

    def take_folder(self, folder: str) -> None:
        """Asks for a folder to be read as a data set."""
        if not self.is_training:
            self.dataset_requested.emit(folder)

    def stop(self) -> None:
        """Stops the reading; a training is ended by `finish` or `discard`."""
        if self._reading:
            self._end_reading()
            self.reading_stop_requested.emit()

    def start(self) -> None:
        """Asks to train on the data set with the recipe."""
        if self._dataset is None or self.is_busy:
            return
        try:
            recipe = self.recipe_panel.recipe
        except InputError as error:
            self.note.tell(str(error), "error")
            return
        name = self.name_edit.text().strip() or self._suggested_name()
        self.note.clear()
        self.start_requested.emit(self._folder, recipe, name)

    def finish(self) -> None:
        """Asks to end the training and keep the best epoch so far."""
        self.run_panel.finish()

    def discard(self) -> None:
        """Asks to throw the training away, after a question."""
        if self.is_training and self._confirmed():
            self.discard_requested.emit()

    def _confirmed(self) -> bool:
        text = self.tr("What was learned so far is lost. “Finish now” would keep the best epoch instead.")
        box = QMessageBox(QMessageBox.Icon.Question, self.tr("Discard this training?"), text, parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        discard = box.addButton(self.tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("Go on training"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        return box.clickedButton() is discard

    # Facts about the data set

    def begin_reading(self, folder: str) -> None:
        self._folder = folder
        self._reading = True
        self.note.clear()
        self._reading_title.setText(
            self.tr("Reading “{name}”").format(name=words.name_of(folder.rstrip("/\\")))
        )
        self.reading.show_busy(self.tr("Looking for photos …"), None)
        self._show(_READING)
        self.progress_changed.emit(-1.0)

    def reading_progressed(self, done: int, total: int) -> None:
        if not self._reading:
            return
        text = self.tr("{done} of {photos}").format(done=words.number(done), photos=words.photos(total))
        share = done / total if total else None
        self.reading.show_busy(text, share)
        self.progress_changed.emit(-1.0 if share is None else share)

    def show_dataset(self, dataset: DataSet, report: HealthReport) -> None:
        self._dataset = dataset
        self._folder = self._folder or str(dataset.root)
        self.dataset_panel.show_dataset(dataset, report)
        self.name_edit.setText(self._suggested_name())
        self._end_reading()
        self.setup.show_data()

    def refuse_dataset(self, message: str) -> None:
        """The folder is no data set; what was there before stays."""
        self._end_reading()
        self.note.tell(message, "error")

    def _end_reading(self) -> None:
        self._reading = False
        self.reading.rest("")
        if self._dataset is not None:
            self._folder = str(self._dataset.root)
        self.progress_changed.emit(None)
        self._show(_SETUP if self._dataset is not None else _EMPTY)

    # Facts about the training

    def begin_training(self, name: str, recipe: TrainingRecipe) -> None:
        self._has_run = True
        self.note.clear()
        self.run_panel.begin(name, recipe)
        self._show(_RUN)

    def add_event(self, event: TrainingEvent) -> None:
        """Takes in what the training tells; its last event ends it, however it came out."""
        match event:
            case ModelSaved():
                self.training_finished(event)
            case TrainingFailed():
                self.training_failed(event.message, event.details)
            case TrainingDiscarded():
                self.training_discarded()
            case _:
                self.run_panel.add_event(event)
                self._summarise_run()

    def training_finished(self, saved: ModelSaved) -> None:
        self.run_panel.end(saved)
        self._summarise()

    def training_failed(self, message: str, details: str = "") -> None:
        self.run_panel.fail(message, details)
        self._summarise()

    def training_discarded(self) -> None:
        self.run_panel.discarded()
        self.note.tell(self.tr("The training was discarded. Nothing was kept."))
        self._show_setup()

    # What is shown

    def _suggested_name(self) -> str:
        if self._dataset is None:
            return ""
        root = Path(self._dataset.root)
        plain = root.parent if root.name.casefold() in ("train", "training") and root.parent.name else root
        return words.shown(plain.name)[:80].strip() or self.tr("My model")

    def _show_setup(self) -> None:
        self._show(_SETUP if self._dataset is not None else _EMPTY)

    def _go_to(self, step: int) -> None:
        self._show(_RUN if step == 3 else _SETUP)
        if step == 1:
            self.setup.show_data()
        elif step == 2:
            self.setup.show_recipe()
        self.steps.show_step(step)

    def _show(self, state: int) -> None:
        self._stack.setCurrentIndex(state)
        self.steps.setVisible(state != _EMPTY)
        self.steps.show_step(3 if state == _RUN else 1)
        self._summarise()

    def _summarise(self) -> None:
        """Writes into the steps what is chosen in each of them."""
        ready = self._dataset is not None
        steps = self.steps
        if self._dataset is not None:
            name = words.shown(Path(self._dataset.root).name)
            steps.data.tell(f"{name}, {words.photos(len(self._dataset.photos))}", True)
        try:
            recipe = self.recipe_panel.recipe
        except InputError as error:
            steps.recipe.tell(str(error), False)
        else:
            text = (
                self.tr("{title}, up to {epochs} epochs")
                if recipe.early_stopping
                else self.tr("{title}, {epochs} epochs")
            )
            steps.recipe.tell(text.format(title=self.recipe_panel.preset.title, epochs=recipe.epochs), ready)
        steps.data.setEnabled(ready and not self._reading)
        steps.recipe.setEnabled(ready and not self._reading)
        steps.run.setEnabled(self._has_run and not self._reading)
        self.start_button.setEnabled(ready and not self.is_busy)
        self._summarise_run()

    def _summarise_run(self) -> None:
        best = self.run_panel.history.best
        running = self.is_training
        share = "" if best is None else words.percent(best.validation_accuracy)
        text = self.tr("running") if running else ""
        with QSignalBlocker(self.steps):
            self.steps.run.tell(", ".join(filter(None, (text, share))), best is not None and not running)
