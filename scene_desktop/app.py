"""The composition root: makes every object of the window and every connection between them."""

import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from scene_desktop.core import locations
from scene_desktop.core.errors import SceneError

_HELPERS = ("search", "classify-", "thumbnails")
"""How the names of threads begin that run code in other languages than Python's own."""

_CLOSE_S = 4.5

_TURN_S = 0.0005
"""A thread that classifies gives the window its turn after this time instead of Python's 5 ms."""


def _leave_it_to_the_loop(number: int, _frame: FrameType | None) -> None:
    """The byte that Python writes for each signal wakes the loop; nothing else is to be done here."""


def _helpers_end(until: float) -> bool:
    """Waits for threads that decode and classify; at the end of Python they would take the process down."""
    for thread in threading.enumerate():
        if thread.name.startswith(_HELPERS):
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                return False
    return True


class Desk:
    """All objects of the running window; tests make one without an event loop of its own.

    Args:
        log_file: Named in the error dialog; None where there is none.
    """

    def __init__(self, log_file: Path | None = None) -> None:
        from scene_desktop.core.models.library import Library
        from scene_desktop.core.settings import Settings
        from scene_desktop.flows.bugs import BugReporter
        from scene_desktop.flows.classify import ClassifyFlow
        from scene_desktop.flows.dataset import DatasetFlow
        from scene_desktop.flows.drop_memory import DropMemory
        from scene_desktop.flows.earlier import EarlierFlow
        from scene_desktop.flows.models import ModelsFlow
        from scene_desktop.flows.outside import OutsideFlow
        from scene_desktop.flows.recipes import RecipesFlow
        from scene_desktop.flows.review import ReviewFlow
        from scene_desktop.flows.runs import RunsFlow
        from scene_desktop.flows.saving import SavingFlow
        from scene_desktop.flows.sharing import SharingFlow
        from scene_desktop.flows.sorting import SortingFlow
        from scene_desktop.flows.training import TrainingFlow
        from scene_desktop.flows.watching import WatchFlow
        from scene_desktop.ui.classify.page import ClassifyPage
        from scene_desktop.ui.models.page import ModelsPage
        from scene_desktop.ui.style import theme
        from scene_desktop.ui.train.page import TrainPage
        from scene_desktop.ui.window.window import MainWindow
        from scene_desktop.work.jobs import Lane
        from scene_desktop.work.settings_file import SettingsFile

        self.settings = Settings(SettingsFile(locations.settings_file()))
        self.library = Library()
        with theme.current().held():
            self.classify_page, self.train_page, self.models_page = ClassifyPage(), TrainPage(), ModelsPage()
            self.window = MainWindow(self.classify_page, self.train_page, self.models_page, self.settings)
        self.bugs = BugReporter(self.window, log_file)

        def lane(name: str) -> Lane:
            return Lane(name, self._tell_failure, self.window)

        self.classify_lane, self.train_lane, self.memory_lane = lane("classify"), lane("train"), lane("memory")
        self.reading_lane, self.saving_lane = lane("reading"), lane("saving")
        self.doctor_lane, self.side_lane = lane("doctor"), lane("side")
        self.memory = DropMemory(self.classify_page.table_model, self.memory_lane)
        self.classify_flow = ClassifyFlow(
            self.classify_page,
            self.classify_lane,
            self.saving_lane,
            self.library,
            self.settings,
            self.memory,
        )
        self.earlier_flow = EarlierFlow(
            self.classify_page,
            self.classify_flow,
            self.memory,
            (self.classify_lane, self.memory_lane),
            self.library,
        )
        self.classify_flow.results_wanted.connect(self.earlier_flow.show_results)
        self.watch_lane, self.watch_sort_lane = lane("watch"), lane("watch sort")
        self.watch_flow = WatchFlow(
            self.classify_page,
            self.classify_flow,
            self.watch_lane,
            self.watch_sort_lane,
            self.settings,
        )
        self.asking_lane, self.adding_lane = lane("asking"), lane("adding")
        self.review_flow = ReviewFlow(
            self.classify_page,
            self.asking_lane,
            self.adding_lane,
            lambda: self.classify_flow.shown_model,
            self.settings,
        )
        SavingFlow(  # lives with its page, and needs nobody else
            self.classify_page, self.saving_lane, lambda: self.classify_flow.shown_model, self.settings
        )
        self.sorting_lane = lane("sorting")
        self.sorting_flow = SortingFlow(self.classify_page, self.sorting_lane, self.settings)
        self.dataset_flow = DatasetFlow(self.train_page, self.reading_lane, self.doctor_lane)
        self.training_flow = TrainingFlow(self.train_page, self.train_lane)
        self.recipes_flow = RecipesFlow(self.train_page, self.side_lane, self.library)
        self.runs_flow = RunsFlow(self.train_page, self.side_lane)
        self.models_flow = ModelsFlow(self.models_page, self.library)
        self.import_lane = lane("import")
        self.sharing_flow = SharingFlow(
            self.models_page, self.import_lane, self.saving_lane, self.library, self.settings
        )
        self.outside_lane = lane("outside")
        self.outside_flow = OutsideFlow(self.window, self.outside_lane)
        self._connect()
        self.classify_flow.refresh_models()
        self.runs_flow.refresh()

    def _connect(self) -> None:
        classify, models, window = self.classify_flow, self.models_flow, self.window
        data, training, recipes, runs = (
            self.dataset_flow,
            self.training_flow,
            self.recipes_flow,
            self.runs_flow,
        )
        classify.model_changed.connect(models.refresh)
        classify.model_changed.connect(recipes.refresh)
        models.library_changed.connect(classify.refresh_models)
        models.use_requested.connect(self._use_model)
        models.refused.connect(self._show_refusal)
        self.sharing_flow.library_changed.connect(classify.refresh_models)
        self.sharing_flow.page_wanted.connect(window.show_models_page)
        window.models_brought.connect(self.sharing_flow.import_files)
        data.dataset_read.connect(recipes.take_dataset)
        training.model_saved.connect(classify.refresh_models)
        training.runs_changed.connect(runs.refresh_soon)
        training.training_began.connect(runs.show_earlier)
        runs.runs_read.connect(recipes.take_runs)
        self.train_page.live_run.result.use_requested.connect(self._use_model_named)
        self.train_page.live_run.result.mistakes_requested.connect(self._show_model_named)
        self.train_page.runs.model_requested.connect(self._show_model_named)
        self.review_flow.train_requested.connect(self._train_on)
        self.outside_flow.files_found.connect(self.open_paths)
        window.quit_requested.connect(self._quit_if_wanted)

    def open(self) -> None:
        """Shows the window."""
        sys.setswitchinterval(_TURN_S)
        self.window.show()
        self.sorting_flow.look_for_interrupted()
        self.earlier_flow.look_for_interrupted()
        self.watch_flow.begin_again()

    def open_paths(self, paths: Sequence[str]) -> None:
        """Takes photos, folders and models from outside: arguments, or what was dropped on the icon."""
        from scene_desktop.core import sharing

        models, others = sharing.split(paths)
        if others:
            self.window.show_classify_page()
        self.classify_flow.classify(others)
        self.sharing_flow.import_files(models)

    def close_on_signals(self) -> None:
        """Lets Ctrl+C and the end of the session close the window in order; Qt's loop alone ignores them."""
        from PySide6.QtCore import QSocketNotifier

        self._wakeup = socket.socketpair()
        for end in self._wakeup:
            end.setblocking(False)
        signal.set_wakeup_fd(self._wakeup[1].fileno())
        notifier = QSocketNotifier(self._wakeup[0].fileno(), QSocketNotifier.Type.Read, self.window)
        notifier.activated.connect(self.window.allow_close)
        numbers = [signal.SIGINT, signal.SIGTERM]
        if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # set by nohup
            numbers.append(signal.SIGHUP)
        for number in numbers:
            signal.signal(number, _leave_it_to_the_loop)

    def close(self) -> bool:
        """Stops all work but saving and ends all threads; a training is kept, to be resumed another time.

        Returns:
            False if something did not listen within five seconds, so that a thread is still alive.
        """
        self.training_flow.keep()
        stopped = (
            *(self.classify_lane, self.reading_lane, self.doctor_lane, self.side_lane),
            *(self.asking_lane, self.adding_lane, self.sorting_lane, self.watch_lane, self.watch_sort_lane),
            *(self.import_lane, self.outside_lane),
        )
        for lane in stopped:
            lane.stop_all()
        lanes = (*stopped, self.train_lane, self.saving_lane, self.memory_lane)
        for lane in lanes:
            lane.leave()
        until = time.monotonic() + _CLOSE_S
        ended = [lane.wait(max(0, round(1000 * (until - time.monotonic())))) for lane in lanes]
        self.memory.let_go()
        return all(ended) and _helpers_end(until)

    def _tell_failure(self, error: Exception) -> None:
        """What a flow does not tell itself: a sentence on the page that is shown, a bug in a dialog."""
        if isinstance(error, SceneError):
            self.window.show_message(str(error), "error")
        else:
            self.bugs.show_bug(error)

    def _show_refusal(self, message: str) -> None:
        self.models_page.show_message(message, "error")

    def _quit_if_wanted(self) -> None:
        from scene_desktop.ui.window.quitting import Quit

        answer = self.window.confirm_quit()
        if answer is Quit.STAY:
            return
        if answer is Quit.DISCARD:
            self.training_flow.discard()
        self.window.allow_close()

    def _use_model(self, model: object) -> None:
        from scene_desktop.core.models.library import StoredModel

        assert isinstance(model, StoredModel)
        self.classify_flow.use(model)
        self.window.show_classify_page()

    def _train_on(self, folder: str) -> None:
        self.window.show_train_page()
        self.train_page.intake.take_folder(folder)

    def _use_model_named(self, name: str) -> None:
        self._use_model(self.library.find(name))

    def _show_model_named(self, name: str) -> None:
        self.models_page.select_model(name)
        self.window.show_models_page()
