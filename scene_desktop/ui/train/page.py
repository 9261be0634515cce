"""The train page: data, recipe, run - three steps that all stay within reach - and the list of all runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout

from scene_desktop.core.datasets.dataset import DataSet
from scene_desktop.core.datasets.findings import DoctorReport
from scene_desktop.core.errors import InputError
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.events import (
    ModelSaved,
    TrainingDiscarded,
    TrainingEvent,
    TrainingFailed,
    TrainingKept,
)
from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import StoredRun
from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.train.reading_panel import ReadingPanel
from scene_desktop.ui.train.step_bar import StepBar
from scene_desktop.ui.train.train_run_side import TrainRunSide
from scene_desktop.ui.widgets import questions
from scene_desktop.ui.widgets.drop_target import DropTarget
from scene_desktop.ui.widgets.labels import button, label
from scene_desktop.ui.widgets.note import Note

_EMPTY, _READING, _SETUP, _RUN, _RUNS = range(5)


class TrainPage(TrainRunSide):
    """States: empty, reading, set up, running, finished, failed; and the list of all runs.

    Signals:
        start_requested: Folder, recipe, name, and the folder of the model to go on with or None.
    """

    dataset_requested = Signal(str)
    reading_stop_requested = Signal()
    start_requested = Signal(str, object, str, object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("train_page")
        self._dataset: DataSet | None = None
        self._folder = ""
        self._reading = self._has_run = self._next_waits = False
        self._state = self._state_before_runs = _EMPTY
        self._build()
        self._assemble()
        self._connect()
        self._show(_EMPTY)

    def _build(self) -> None:
        self._title = label(self.tr("Train"), "title", name="train_title")
        self.steps = StepBar()
        self.runs_button = button(self.tr("Runs"), "table", "plain", name="show_runs")
        self.runs_button.setToolTip(self.tr("Show all trainings, and compare them"))
        self.runs_button.setCheckable(True)
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
        self._reading_panel = ReadingPanel()
        self.reading = self._reading_panel.progress
        self.dataset_panel, self.recipe_panel = self.setup.dataset, self.setup.recipe
        self.name_edit, self.start_button = self.setup.name_edit, self.setup.start_button

    def _assemble(self) -> None:
        unit = theme.unit()
        self._stack = QStackedWidget()
        for page in (self._empty, self._reading_panel, self.setup, self.run_panel, self.runs):
            self._stack.addWidget(page)
        header = QHBoxLayout()
        header.setSpacing(unit * 4)
        header.addWidget(self._title)
        header.addWidget(self.steps, 1)
        header.addStretch()
        header.addWidget(self.runs_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 6, unit * 4, unit * 4, unit * 4)
        column.setSpacing(unit * 3)
        column.addLayout(header)
        column.addWidget(self.note)
        column.addWidget(self.offer)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._connect_setup()
        self._connect_runs()
        self._choose.clicked.connect(self.choose_folder)
        self.dataset_panel.another_requested.connect(self.choose_folder)
        self.reading.stop_requested.connect(self.stop)
        self.steps.chosen.connect(self._go_to)
        self.runs_button.clicked.connect(self._toggle_runs)
        self.recipe_panel.changed.connect(self._summarise)
        self.setup.start_requested.connect(self.start)
        self.run_panel.again_requested.connect(self._show_setup)
        for source in (self.run_panel, self.runs):
            source.remove_run_requested.connect(self._remove_run)
        self.offer.remove_requested.connect(self._remove_run)
        self.offer.more_requested.connect(self.show_all_runs)
        self.runs.back_requested.connect(self._leave_runs)

    # What comes from a person

    @property
    def is_busy(self) -> bool:
        return self._reading or self.is_training

    def choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, self.tr("Choose the folder that holds the class folders")
        )
        if folder:
            self.take_folder(folder)

    def take_folder(self, folder: str) -> None:
        """Asks for a folder to be read as a data set."""
        self.dataset_requested.emit(folder)

    def stop(self) -> None:
        """Stops the reading or leaves the list of runs; a training is ended by `finish` or `discard`."""
        if self._reading:
            self._end_reading()
            self.reading_stop_requested.emit()
        elif self._state == _RUNS:
            self._leave_runs()

    def start(self) -> None:
        """Asks to train on the data set with the recipe, now or after those that run and wait."""
        if self._dataset is None or self._reading:
            return
        try:
            recipe, start_from = self.recipe_panel.recipe, self.recipe_panel.start_from
        except InputError as error:
            self.note.tell(str(error), "error")
            return
        name = self.name_edit.text().strip() or self._suggested_name()
        self.note.clear()
        self._next_waits = False
        if self.is_training:
            self.note.tell(self.tr("“{name}” waits for its turn.").format(name=words.shown(name)))
        self.start_requested.emit(self._folder, recipe, name, start_from)

    def _remove_run(self, run: str) -> None:
        if not questions.sure_to_remove(self):
            return
        self.remove_run_requested.emit(run)
        if run == self.run_panel.run and not self.is_training:
            self._has_run = False
            if self._state == _RUN:
                self._show_setup()

    # Facts about the data set

    def begin_reading(self, folder: str) -> None:
        self._folder = folder
        self._reading = True
        self.note.clear()
        self._reading_panel.begin(words.name_of(folder.rstrip("/\\")))
        self._show(_READING)
        self.progress_changed.emit(-1.0)

    def reading_progressed(self, done: int, total: int) -> None:
        if self._reading:
            share = self._reading_panel.tell(done, total)
            self.progress_changed.emit(-1.0 if share is None else share)

    def show_dataset(self, dataset: DataSet, report: DoctorReport) -> None:
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
        self._show_setup()

    # Facts about the training

    def begin_training(self, name: str, recipe: TrainingRecipe) -> None:
        self.run_panel.begin(name, recipe)
        self._show_begun(name)

    def begin_resumed(self, run: StoredRun, history: History | None = None) -> None:
        """Goes on with an earlier run, whose course is drawn first; see `RunPanel.begin_resumed`."""
        self.run_panel.begin_resumed(run, history)
        self._show_begun(run.request.name)

    def _show_begun(self, name: str) -> None:
        """Who prepares the next training is not torn away when a waiting one begins."""
        self._has_run = True
        if self._next_waits and self._state in (_SETUP, _RUNS):
            self.note.tell(self.tr("The training “{name}” has begun.").format(name=words.shown(name)))
            self._summarise()
        else:
            if not self._next_waits:
                self.note.clear()
            self._show(_RUN)
        self._next_waits = False

    def add_event(self, event: TrainingEvent) -> None:
        """Takes in what the training tells; its last event ends it, however it came out."""
        match event:
            case ModelSaved():
                self.training_finished(event)
            case TrainingFailed():
                can_resume = bool(self.run_panel.run) and not event.wrong_input
                self.training_failed(event.message, event.details, event.suggested, can_resume)
            case TrainingDiscarded():
                self.training_discarded()
            case TrainingKept():
                self.training_kept()
            case _:
                self.run_panel.add_event(event)
                self._summarise_run()

    def training_finished(self, saved: ModelSaved) -> None:
        self._next_waits = bool(self.run_panel.queue.names)
        self.run_panel.end(saved)
        if self._next_waits:
            self.note.tell(self.tr("“{name}” is ready.").format(name=words.shown(saved.card.name)))
        self._summarise()

    def training_failed(
        self, message: str, details: str = "", suggested: Mapping[str, float] = {}, can_resume: bool = False
    ) -> None:
        self._next_waits = bool(self.run_panel.queue.names)
        self.run_panel.fail(message, details, suggested, can_resume)
        if self._next_waits or self._state != _RUN:
            self.note.tell(message, "error", details)
        self._summarise()

    def training_kept(self) -> None:
        """The training waits on disk until it is resumed."""
        self.run_panel.kept()
        self._summarise()

    def training_discarded(self) -> None:
        self.run_panel.discarded()
        self._has_run = False
        self.note.tell(self.tr("The training was discarded. Nothing was kept."))
        self._show_setup()

    # Facts about all runs

    def offer_runs(self, runs: Sequence[StoredRun], newest: History | None = None) -> None:
        """Offers to go on with interrupted runs, newest first; see `RunOffer.show_runs`."""
        self.offer.show_runs(runs, newest)
        self._summarise()

    def show_all_runs(self) -> None:
        """Shows the list of runs and asks for its content."""
        if self._state != _RUNS:
            self._state_before_runs = self._state
            self._show(_RUNS)
        self.runs_requested.emit()

    def _toggle_runs(self) -> None:
        if self._state == _RUNS:
            self._leave_runs()
        else:
            self.show_all_runs()

    def _leave_runs(self) -> None:
        before = self._state_before_runs
        lost = (before == _READING and not self._reading) or (before == _RUN and not self._has_run)
        if lost:
            self._show_setup()
        else:
            self._show(before)

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
        if step == 3:
            self._show(_RUN)
            return
        self._show_setup()
        if step == 1:
            self.setup.show_data()
        else:
            self.setup.show_recipe()
        self.steps.show_step(step)

    def _show(self, state: int) -> None:
        self._state = state
        self._stack.setCurrentIndex(state)
        self.runs_button.setChecked(state == _RUNS)
        self.steps.setVisible(state != _EMPTY or self._has_run)
        self.steps.show_step({_EMPTY: 1, _READING: 1, _SETUP: 1, _RUN: 3, _RUNS: 0}[state])
        self._summarise()

    def _summarise(self) -> None:
        """Writes into the steps what is chosen in each of them."""
        ready, steps = self._dataset is not None, self.steps
        if self._dataset is not None:
            name = words.shown(Path(self._dataset.root).name)
            steps.data.tell(f"{name}, {words.photos(len(self._dataset.photos))}", True)
        try:
            recipe = self.recipe_panel.recipe
        except InputError as error:
            steps.recipe.tell(str(error), False)
        else:
            text = self.tr("{title}, {epochs} epochs")
            if recipe.early_stopping:
                text = self.tr("{title}, up to {epochs} epochs")
            steps.recipe.tell(text.format(title=self.recipe_panel.preset.title, epochs=recipe.epochs), ready)
        steps.data.setEnabled((ready or self._has_run) and not self._reading)
        steps.recipe.setEnabled(ready and not self._reading)
        steps.run.setEnabled(self._has_run and not self._reading)
        self.start_button.setEnabled(ready and not self._reading)
        training = self.is_training
        self.start_button.setText(self.tr("Add to the queue") if training else self.tr("Start training"))
        offered = self.offer.has_offer and not training and self._state in (_EMPTY, _SETUP)
        self.offer.setVisible(offered)
        self._summarise_run()

    def _summarise_run(self) -> None:
        best, running = self.run_panel.history.best, self.is_training
        share = "" if best is None else words.percent(best.validation_accuracy)
        text = "" if not running else self.tr("paused") if self.is_paused else self.tr("running")
        with QSignalBlocker(self.steps):
            self.steps.run.tell(", ".join(filter(None, (text, share))), best is not None and not running)
