"""The walk through the train page and the page of models."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QTimer
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QPushButton, QToolButton, QWidget

from development.tour import engine
from development.tour.hand import Hand, Step
from development.tour.made_up import RECIPE, write_earlier_runs
from development.tour.stillness import StillClock

SOLVED = "Scenes, solved"
"""Name of the training that changes nothing in the recipe Quick."""


class TrainWalk:
    """Reads a data set, trains with the made-up engine, looks at runs and models.

    Args:
        desk: The running window.
        gates: The folder in which files open the gates of the made-up engine.
    """

    def __init__(self, desk, hand: Hand, clock: StillClock, data: Path, gates: Path) -> None:
        self._page, self._hand, self._clock = desk.train_page, hand, clock
        self._desk, self._data, self._gates = desk, data, gates

    def steps(self) -> Iterator[Step]:
        yield from self._read()
        yield from self._choose()
        yield from self._solve()
        yield from self._train()
        yield from self._runs()
        yield from self._fail()
        yield from self._models()

    def _open(self, gate: str) -> None:
        (self._gates / gate).touch()

    def _read(self) -> Iterator[Step]:
        hand = self._hand
        hand.window.show_train_page()
        yield from hand.shoot("train-empty")
        hand.drop([self._data / "sea"])
        yield lambda: not self._page.is_busy
        yield from hand.shoot("train-refused")
        hand.drop([self._data])
        yield lambda: hand.sees(QPushButton, "start_training")
        yield from hand.shoot("train-data")
        hand.press("examine_closely")
        yield lambda: hand.sees(QPushButton, "examination_progress_stop")
        yield from hand.shoot("train-examining", busy=True)
        self._open("examined")
        yield lambda: hand.sees(QPushButton, "examine_closely")
        yield from hand.shoot("train-findings")
        for kind in ("near_duplicates_within", "label_suspects"):
            hand.press(f"finding_{kind}_fold_header")
        yield from hand.shoot("train-findings-open")
        for kind in ("near_duplicates_within", "label_suspects"):
            hand.press(f"finding_{kind}_fold_header")

    def _choose(self) -> Iterator[Step]:
        """Looks at all recipes and all parameters, and takes the recipe of the made-up training."""
        hand = self._hand
        for key in ("compact", "hackathon"):
            hand.press(f"preset_{key}")
            yield from hand.shoot(f"train-recipe-{key}")
        hand.press("parameters_header")
        yield lambda: hand.sees(QToolButton, "section_training_header")
        for header in hand.find(QWidget, "parameter_form").findChildren(QToolButton):
            if header.objectName().startswith("section_") and not header.isChecked():
                header.click()
        for number, share in enumerate((0.0, 0.35, 0.7, 1.0), 1):
            hand.scroll("setup_area", share)
            yield from hand.shoot(f"train-parameters-{number}")
        self._page.setup.recipe.show_recipe(RECIPE)
        hand.press("parameters_header")
        hand.scroll("setup_area", 0.0)
        yield from hand.shoot("train-recipe-changed")

    def _solve(self) -> Iterator[Step]:
        """Trains as a first-time user does, changing nothing, and comes back for a training with epochs."""
        hand = self._hand
        self._page.setup.recipe.choose("quick")
        yield from hand.shoot("train-recipe-quick")
        self._name(SOLVED)
        hand.press("start_training")
        yield lambda: hand.sees(QWidget, "run_head")
        yield from hand.shoot("train-choosing", busy=True)
        self._open("chosen")
        yield lambda: self._epochs() == 14
        yield from hand.shoot("train-solving", busy=True)
        self._open("solved")
        yield lambda: hand.sees(QWidget, "result_card")
        yield from hand.shoot("train-solved")
        hand.press("train_again")
        yield lambda: hand.sees(QPushButton, "start_training")
        self._page.setup.recipe.show_recipe(RECIPE)
        self._name(self._data.name)

    def _name(self, text: str) -> None:
        name = self._hand.find(QLineEdit, "model_name")
        assert isinstance(name, QLineEdit)
        name.setText(text)

    def _train(self) -> Iterator[Step]:
        hand = self._hand
        hand.press("start_training")
        yield lambda: hand.sees(QWidget, "run_head")
        yield from hand.shoot("train-features", busy=True)
        self._open("features")
        yield lambda: self._epochs() == 6
        self._clock.move(3.0)
        self._open("first")
        yield lambda: self._epochs() == 18
        yield from hand.shoot("train-running", busy=True)
        hand.press("pause_training")
        yield lambda: hand.find(QPushButton, "pause_training").text() == "Continue"
        yield from hand.shoot("train-paused", busy=True)
        hand.press("pause_training")
        yield lambda: hand.find(QPushButton, "pause_training").text() == "Pause"
        hand.press("step_1")
        yield lambda: hand.sees(QLineEdit, "model_name")
        yield from hand.shoot("train-next", busy=True)
        hand.press("start_training")
        yield from hand.shoot("train-queued-note", busy=True)
        hand.press("step_3")
        yield lambda: hand.sees(QWidget, "run_queue")
        yield from hand.shoot("train-queue", busy=True)
        hand.press("unqueue_0")
        yield lambda: not hand.sees(QWidget, "run_queue")
        QTimer.singleShot(0, hand.window, hand.window.close)  # it asks in a loop of its own
        yield hand.opened
        yield from hand.shoot("quit-training", busy=True)
        yield from hand.close()
        hand.press("finish_now")
        yield lambda: hand.sees(QWidget, "result_card")
        yield from hand.shoot("train-done")

    def _epochs(self) -> int:
        table = self._hand.find(QAbstractItemView, "epoch_table")
        assert isinstance(table, QAbstractItemView)
        return int(table.model().rowCount())

    def _runs(self) -> Iterator[Step]:
        hand = self._hand
        write_earlier_runs(self._data)
        hand.press("show_runs")
        yield lambda: hand.sees(QWidget, "runs_table")
        yield from hand.shoot("train-runs")
        for name, rows in (("run", [0]), ("run-solved", [1]), ("run-cut-off", [2]), ("runs-chosen", [0, 4, 5])):
            self._select(rows)
            yield from hand.shoot(f"train-{name}")
        hand.press("compare_runs")
        yield lambda: hand.sees(QWidget, "run_comparison")
        yield from hand.shoot("train-comparison")
        hand.scroll("run_comparison_area", 1.0)
        yield from hand.shoot("train-comparison-below")
        hand.press("runs_back")
        yield lambda: not hand.sees(QWidget, "runs_table")
        hand.press("step_1")
        yield lambda: hand.sees(QWidget, "run_offer")
        yield from hand.shoot("train-offer")

    def _select(self, rows: list[int]) -> None:
        table = self._hand.find(QAbstractItemView, "runs_table")
        assert isinstance(table, QAbstractItemView)
        model = table.selectionModel()
        model.clear()
        for row in rows:
            flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
            model.select(table.model().index(row, 0), flags)

    def _fail(self) -> Iterator[Step]:
        """Trains once more, with the earlier courses behind the new one, until the made-up engine fails."""
        hand = self._hand
        self._name(engine.BROKEN)
        hand.press("start_training")
        yield lambda: hand.sees(QWidget, "run_head") and self._epochs() == 6
        self._clock.move(3.0)
        self._open("second")
        yield lambda: self._epochs() == 10
        yield from hand.shoot("train-overlays", busy=True)
        self._open("failed")
        yield lambda: hand.sees(QWidget, "run_trouble")
        yield from hand.shoot("train-failed")

    def _models(self) -> Iterator[Step]:
        hand = self._hand
        hand.window.show_models_page()
        yield from hand.shoot("models")
        models = hand.find(QAbstractItemView, "model_list")
        assert isinstance(models, QAbstractItemView)
        models.setCurrentIndex(models.model().index(1, 0))
        yield from hand.shoot("models-trained")
        hand.scroll("model_area", 1.0)
        yield from hand.shoot("models-detail")
        models.setCurrentIndex(models.model().index(self._row_of(models, SOLVED), 0))
        hand.scroll("model_area", 0.0)
        yield from hand.shoot("models-solved")
        models.setCurrentIndex(models.model().index(1, 0))
        hand.press("use_selected_model")
        yield from hand.shoot("classify-other-model")

    @staticmethod
    def _row_of(models: QAbstractItemView, name: str) -> int:
        texts = [models.model().index(row, 0).data() for row in range(models.model().rowCount())]
        return next(row for row, text in enumerate(texts) if text.startswith(name))
