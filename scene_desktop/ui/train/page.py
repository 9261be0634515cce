"""The train page: data, recipe, run - three steps that all stay within reach - and the list of all runs."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from scene_desktop.core.datasets.dataset import DataSet
from scene_desktop.core.datasets.findings import DoctorReport
from scene_desktop.core.errors import InputError
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.events import ModelSaved
from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import StoredRun
from scene_desktop.ui import words
from scene_desktop.ui.live_run.offer import RunOffer
from scene_desktop.ui.live_run.panel import RunPanel
from scene_desktop.ui.runs.view import RunsView
from scene_desktop.ui.style import theme
from scene_desktop.ui.train.actions import TrainActions
from scene_desktop.ui.train.intake import TrainIntake
from scene_desktop.ui.train.setup_panel import SetupPanel
from scene_desktop.ui.train.step_bar import StepBar
from scene_desktop.ui.widgets import questions
from scene_desktop.ui.widgets.labels import button, label
from scene_desktop.ui.widgets.note import Note
from scene_desktop.ui.widgets.thumbnails import Thumbnails

_EMPTY, _READING, _SETUP, _RUN, _RUNS = range(5)


class TrainPage(QWidget):
    """States: empty, reading, set up, running, finished, failed; and the list of all runs.

    What belongs to one part alone is asked for by `intake`, `setup`, `live_run`, `runs`, `offer` themselves.

    Signals:
        remove_run_requested: Name of the folder of a run; a person has said yes.
        progress_changed: As in `SideBar`, of the reading or of the training.
    """

    remove_run_requested = Signal(str)
    runs_requested = Signal()
    progress_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("train_page")
        self._has_run = self._next_waits = False
        self._state = self._state_before_runs = _EMPTY
        self._build()
        self._assemble()
        self._connect()
        self._show(_EMPTY)

    def _build(self) -> None:
        self.thumbnails = Thumbnails(self, threads=1)
        self.intake = TrainIntake(self)
        self.setup = SetupPanel(self.thumbnails)
        self.live_run = RunPanel()
        self.runs = RunsView(self.thumbnails)
        self.offer = RunOffer()
        self.actions_ = TrainActions(self.live_run, self)
        self._title = label(self.tr("Train"), "title", name="train_title")
        self.steps = StepBar()
        self.runs_button = button(self.tr("Runs"), "table", "plain", name="show_runs")
        self.runs_button.setToolTip(self.tr("Show all trainings, and compare them"))
        self.runs_button.setCheckable(True)
        self.note = Note("train_note")

    def _assemble(self) -> None:
        unit = theme.unit()
        self._stack = QStackedWidget()
        for panel in (self.intake.empty, self.intake.reading, self.setup, self.live_run, self.runs):
            self._stack.addWidget(panel)
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
        self.intake.progress_changed.connect(self.progress_changed)
        self.intake.progress.stop_requested.connect(self.stop)
        self.steps.chosen.connect(self._go_to)
        self.runs_button.clicked.connect(self._toggle_runs)
        self.setup.dataset.another_requested.connect(self.intake.choose_folder)
        self.setup.recipe.changed.connect(self._summarise)
        self.setup.start_requested.connect(self._tell_whether_it_waits)
        self.setup.start_refused.connect(self._tell_error)
        self.live_run.progress_changed.connect(self.progress_changed)
        self.live_run.progress_changed.connect(self._summarise_run)
        self.live_run.trouble.back_requested.connect(self._show_setup)
        self.live_run.result.again_requested.connect(self._show_setup)
        for panel in (self.live_run, self.runs, self.offer):
            panel.remove_run_requested.connect(self._remove_run)
        self.offer.more_requested.connect(self.show_all_runs)
        self.runs.back_requested.connect(self._leave_runs)

    # What comes from a person

    @property
    def is_busy(self) -> bool:
        return self.intake.is_reading or self.live_run.is_running

    def stop(self) -> None:
        """Stops the reading or leaves the list of runs; a training is ended by `finish` or `discard`."""
        if self.intake.is_reading:
            self.intake.stop()
            self._show_setup()
        elif self._state == _RUNS:
            self._leave_runs()

    def _tell_whether_it_waits(self, folder: str, recipe: TrainingRecipe, name: str) -> None:
        """The training that was asked for begins now, or after those that run and wait."""
        self.note.clear()
        self._next_waits = False
        if self.live_run.is_running:
            self.note.tell(self.tr("“{name}” waits for its turn.").format(name=words.shown(name)))

    def _tell_error(self, message: str) -> None:
        self.note.tell(message, "error")

    def _remove_run(self, run: str) -> None:
        if not questions.sure_to_remove(self):
            return
        self.remove_run_requested.emit(run)
        if run == self.live_run.run and not self.live_run.is_running:
            self._has_run = False
            if self._state == _RUN:
                self._show_setup()

    # Facts about the data set

    def begin_reading(self, folder: str) -> None:
        self.note.clear()
        self.intake.begin(folder)
        self._show(_READING)

    def show_dataset(self, dataset: DataSet, report: DoctorReport) -> None:
        self.intake.end()
        self.setup.show_dataset(dataset, report)
        self._show_setup()
        self.setup.show_data()

    def refuse_dataset(self, message: str) -> None:
        """The folder is no data set; what was there before stays."""
        self.intake.end()
        self._show_setup()
        self._tell_error(message)

    # Facts about the training

    def begin_training(self, name: str, recipe: TrainingRecipe) -> None:
        self.live_run.begin(name, recipe)
        self._show_begun(name)

    def begin_resumed(self, run: StoredRun, history: History | None = None) -> None:
        """Goes on with an earlier run, whose course is drawn first; see `RunPanel.begin_resumed`."""
        self.live_run.begin_resumed(run, history)
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

    def training_finished(self, saved: ModelSaved) -> None:
        self._next_waits = bool(self.live_run.queue.names)
        self.live_run.end(saved)
        if self._next_waits:
            self.note.tell(self.tr("“{name}” is ready.").format(name=words.shown(saved.card.name)))
        self._summarise()

    def training_failed(
        self, message: str, details: str = "", suggested: Mapping[str, float] = {}, can_resume: bool = False
    ) -> None:
        self._next_waits = bool(self.live_run.queue.names)
        self.live_run.fail(message, details, suggested, can_resume)
        if self._next_waits or self._state != _RUN:
            self.note.tell(message, "error", details)
        self._summarise()

    def training_kept(self) -> None:
        """The training waits on disk until it is resumed."""
        self.live_run.kept()
        self._summarise()

    def training_discarded(self) -> None:
        self.live_run.discarded()
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
        lost = (before == _READING and not self.intake.is_reading) or (before == _RUN and not self._has_run)
        if lost:
            self._show_setup()
        else:
            self._show(before)

    # What is shown

    def _show_setup(self) -> None:
        self._show(_SETUP if self.setup.data_set is not None else _EMPTY)

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
        data, steps, training = self.setup.data_set, self.steps, self.live_run.is_running
        ready = data is not None
        if data is not None:
            steps.tell_data(data)
        try:
            recipe = self.setup.recipe.recipe
        except InputError as error:
            steps.recipe.tell(str(error), False)
        else:
            steps.tell_recipe(self.setup.recipe.preset.title, recipe, ready)
        steps.data.setEnabled((ready or self._has_run) and not self.intake.is_reading)
        steps.recipe.setEnabled(ready and not self.intake.is_reading)
        steps.run.setEnabled(self._has_run and not self.intake.is_reading)
        self.setup.show_start(possible=ready and not self.intake.is_reading, waits=training)
        self.offer.setVisible(self.offer.has_offer and not training and self._state in (_EMPTY, _SETUP))
        self._summarise_run()

    def _summarise_run(self) -> None:
        run = self.live_run
        self.steps.tell_run(run.history.best, running=run.is_running, paused=run.is_paused)
