"""Data, recipe, run: what is asked for and what is shown."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from pyqtgraph import PlotDataItem
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.core.datasets.dataset import DataSet, LabelledPhoto
from scene_desktop.core.datasets.health import quick_report
from scene_desktop.core.models.metrics import evaluate
from scene_desktop.core.photos.framing import Framing
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.runs.events import (
    BatchEnded,
    DataSetRead,
    EpochEnded,
    ModelSaved,
    Phase,
    PhaseChanged,
    Progressed,
    TriedView,
    ViewChosen,
)
from scene_desktop.core.runs.history import History
from scene_desktop.core.settings import ThemeChoice
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import DARK, LIGHT
from scene_desktop.ui.train.page import TrainPage
from tests.recipes import STEPWISE
from tests.ui.conftest import CLASSES, stored_model

QUICK = PRESETS["quick"].recipe


def data_set(counts: tuple[int, ...], root: Path = Path("/data/pets")) -> DataSet:
    classes = tuple(f"class <b>{n}</b>" for n in range(len(counts)))
    photos = [
        LabelledPhoto(str(root / classes[label] / f"{n}.jpg"), label, f"{label}-{n}".encode())
        for label, count in enumerate(counts)
        for n in range(count)
    ]
    return DataSet(root, classes, tuple(photos), (), True)


def epoch(number: int, accuracy: float, best: bool, crossentropy: float = 0.4) -> EpochEnded:
    return EpochEnded(
        epoch=number,
        epochs=30,
        accuracy=accuracy + 0.02,
        crossentropy=crossentropy,
        validation_accuracy=accuracy,
        validation_crossentropy=crossentropy + 0.1,
        seconds=2.0,
        best=best,
    )


def points(curve: PlotDataItem) -> int:
    x, _ = curve.getData()
    return 0 if x is None else len(x)


@pytest.fixture
def running(train_page: TrainPage) -> TrainPage:
    dataset = data_set((40, 50))
    train_page.show_dataset(dataset, quick_report(dataset))
    train_page.begin_training("Pets", STEPWISE)
    train_page.live_run.add_event(PhaseChanged(phase=Phase.TRAINING))
    train_page.show()
    return train_page


def test_reading_shows_progress_and_can_be_stopped(qtbot: QtBot, train_page: TrainPage) -> None:
    train_page.begin_reading("/data/pets")
    train_page.intake.progressed(50, 1200)
    assert train_page.intake.progress.text == "50 of 1,200 photos"
    with qtbot.waitSignal(train_page.intake.stop_requested):
        train_page.stop()
    assert not train_page.is_busy


def test_a_refused_folder_is_told_in_place(train_page: TrainPage) -> None:
    train_page.begin_reading("/data/x")
    train_page.refuse_dataset("“/data/x” contains no folders. Choose another.")
    assert train_page.note.text == "“/data/x” contains no folders. Choose another."
    assert not train_page.is_busy


def test_start_asks_with_folder_recipe_and_name(qtbot: QtBot, train_page: TrainPage) -> None:
    dataset = data_set((40, 50))
    train_page.show_dataset(dataset, quick_report(dataset))
    train_page.setup.recipe.form.fields["epochs"].setValue(7)
    with qtbot.waitSignal(train_page.setup.start_requested) as asked:
        train_page.setup.start_button.click()
    folder, recipe, name, _ = asked.args
    assert (folder, name) == ("/data/pets", "pets")
    assert recipe.epochs == 7
    assert recipe.network == PRESETS["quick"].recipe.network


def test_without_data_nothing_can_start(train_page: TrainPage) -> None:
    assert not train_page.setup.start_button.isEnabled()


def test_charts_follow_the_events_and_mark_the_best_epoch(qtbot: QtBot, running: TrainPage) -> None:
    for number, accuracy, best in ((1, 0.7, True), (2, 0.9, True), (3, 0.8, False)):
        running.live_run.add_event(BatchEnded(position=number - 0.5, accuracy=0.6, crossentropy=0.5))
        running.live_run.add_event(epoch(number, accuracy, best))
    charts = running.live_run.course.need_charts()
    qtbot.waitUntil(lambda: points(charts.accuracy.validation) == 3)
    assert list(charts.accuracy.validation.getData()[1]) == [0.7, 0.9, 0.8]
    assert points(charts.crossentropy.training) == 3
    assert points(charts.accuracy.trace) == 3
    assert charts.accuracy.best_line.value() == 2
    assert charts.accuracy.best_mark.getData()[1][0] == 0.9
    assert "best epoch: 2" in charts.legend.entries
    assert "the best so far is epoch 2 with 90.0 %" in charts.text
    assert charts.accuracy.accessibleDescription() == charts.text


def test_ten_thousand_batches_redraw_the_charts_a_few_times_only(
    qtbot: QtBot, running: TrainPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    charts = running.live_run.course.need_charts()
    drawn: list[History] = []
    draw = charts.accuracy.draw

    def draw_and_count(course: History) -> None:
        drawn.append(course)
        draw(course)

    monkeypatch.setattr(charts.accuracy, "draw", draw_and_count)
    for number in range(10_000):
        running.live_run.add_event(BatchEnded(position=number / 1000, accuracy=0.5, crossentropy=1.0))
    qtbot.waitUntil(lambda: bool(drawn))
    assert len(drawn) <= 3
    assert 1000 <= points(charts.accuracy.trace) <= 3000


def test_a_diverging_training_draws_gaps_and_says_so(qtbot: QtBot, running: TrainPage) -> None:
    running.live_run.add_event(epoch(1, 0.7, True))
    running.live_run.add_event(epoch(2, 0.2, False, crossentropy=float("nan")))
    charts = running.live_run.course.need_charts()
    charts.log_scale.setChecked(True)
    qtbot.waitUntil(lambda: "gets worse" in charts.text)


def test_the_curves_differ_by_more_than_colour(running: TrainPage) -> None:
    running.live_run.add_event(epoch(1, 0.7, True))
    chart = running.live_run.course.need_charts().accuracy
    chart.draw(running.live_run.history)
    assert chart.training.opts["pen"].style() != chart.validation.opts["pen"].style()
    assert chart.training.opts["symbol"] != chart.validation.opts["symbol"]


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_charts_are_saved(running: TrainPage, tmp_path: Path, ending: str) -> None:
    running.live_run.add_event(epoch(1, 0.7, True))
    target = tmp_path / f"chart.{ending}"
    running.live_run.course.need_charts().save(str(target))
    content = target.read_bytes()
    assert content.startswith(b"\x89PNG") if ending == "png" else b"<svg" in content
    assert len(content) > 2000


def test_charts_that_cannot_be_saved_raise_an_error_with_a_reason(running: TrainPage, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        running.live_run.course.need_charts().save(str(tmp_path / "none" / "chart.png"))


def test_the_epoch_table_marks_only_the_best(running: TrainPage) -> None:
    running.live_run.add_event(epoch(1, 0.7, True))
    running.live_run.add_event(epoch(2, 0.9, True))
    running.live_run.add_event(epoch(3, 0.8, False))
    model = running.live_run.course.table.epochs
    assert [model.index(row, 0).data() for row in range(3)] == ["1", "★  2", "3"]
    assert model.index(1, 3).data() == "90.0 %"


def test_features_show_photos_rate_and_time_left(qtbot: QtBot, running: TrainPage) -> None:
    running.live_run.add_event(PhaseChanged(phase=Phase.FEATURES))
    running.live_run.add_event(Progressed(phase=Phase.FEATURES, done=2000, total=14000, per_second=100.0))
    qtbot.waitUntil(lambda: "2,000 of 14,000 photos" in running.live_run.progress.text)
    assert "100 photos/s" in running.live_run.progress.text
    assert "about 2 min left" in running.live_run.progress.text


def test_finish_now_says_what_it_keeps_and_asks_once(qtbot: QtBot, running: TrainPage) -> None:
    panel = running.live_run
    assert not running.live_run.can_finish
    running.live_run.add_event(epoch(1, 0.924, True))
    qtbot.waitUntil(panel.head.finish_button.isEnabled)
    assert panel.findChild(QLabel, "finish_keeps").text() == "Finish now keeps epoch 1, 92.4 %"
    with qtbot.waitSignal(running.live_run.finish_requested):
        panel.head.finish_button.click()
    assert not panel.head.finish_button.isEnabled()


@pytest.mark.parametrize("sure", [True, False])
def test_discard_asks_first(
    qtbot: QtBot, running: TrainPage, monkeypatch: pytest.MonkeyPatch, sure: bool
) -> None:
    asked: list[bool] = []
    running.live_run.discard_requested.connect(lambda: asked.append(True))

    def answer(box: QMessageBox) -> int:
        role = QMessageBox.ButtonRole.DestructiveRole if sure else QMessageBox.ButtonRole.RejectRole
        next(b for b in box.buttons() if box.buttonRole(b) == role).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    running.live_run.head.discard_button.click()
    assert asked == ([True] if sure else [])


def test_a_discarded_training_goes_back_to_the_recipe(running: TrainPage) -> None:
    running.training_discarded()
    assert not running.is_busy
    assert running.setup.start_button.isVisible()
    assert "discarded" in running.note.text


def test_a_failure_is_told_with_details_to_copy(running: TrainPage) -> None:
    running.training_failed("Out of memory. Choose a smaller batch.", "Traceback ...")
    note = running.live_run.trouble.note
    assert note.text == "Out of memory. Choose a smaller batch."
    assert note.findChild(QPushButton, f"{note.objectName()}_details_button").isVisible()
    assert not running.live_run.is_running


def test_a_finished_training_offers_its_model(qtbot: QtBot, running: TrainPage) -> None:
    card = stored_model("Pets").card
    running.training_finished(ModelSaved(card=card, folder="/models/pets", seconds={"training": 65.0}))
    result = running.live_run.result
    assert result.isVisible()
    assert result.findChild(QLabel, "result_accuracy").text() == "93 %"
    assert result.findChild(QLabel, "result_time").text() == "1 min 5 s"
    with qtbot.waitSignal(running.live_run.result.use_requested) as asked:
        result.findChild(QPushButton, "use_model").click()
    assert asked.args == ["Pets"]
    result.findChild(QPushButton, "train_again").click()
    assert running.setup.start_button.isVisible()
    assert not running.live_run.is_running


def test_open_charts_change_with_the_theme(running: TrainPage) -> None:
    chart = running.live_run.course.need_charts().accuracy
    for choice, colours in ((ThemeChoice.DARK, DARK), (ThemeChoice.LIGHT, LIGHT)):
        theme.current().choose(choice)
        assert chart.backgroundBrush().color().name().lower() == colours.window.lower()
        assert chart.validation.opts["pen"].color().name().lower() == colours.validation.lower()


CHOSEN = ViewChosen(
    side=224,
    framing=Framing.CUT,
    photos=300,
    tried=(TriedView(160, Framing.SQUASH, 0.3), TriedView(224, Framing.CUT, 0.2)),
)


@pytest.fixture
def solving(train_page: TrainPage) -> TrainPage:
    train_page.begin_training("Pets", QUICK)
    train_page.live_run.add_event(DataSetRead(classes=("a", "b"), training=60, validation=60, folds=10))
    train_page.show()
    return train_page


def test_choosing_counts_looks_and_not_photos(qtbot: QtBot, solving: TrainPage) -> None:
    run = solving.live_run
    run.add_event(PhaseChanged(phase=Phase.CHOOSING))
    run.add_event(Progressed(phase=Phase.CHOOSING, done=600, total=2100))
    qtbot.waitUntil(lambda: "600 of 2,100 looks at some of the photos" in run.progress.text)
    assert run.progress.text.startswith("Choosing size and framing")


def test_the_chosen_view_is_told_while_it_trains_and_afterwards(qtbot: QtBot, solving: TrainPage) -> None:
    line = solving.findChild(QLabel, "run_view")
    assert not line.isVisible()
    solving.live_run.add_event(CHOSEN)
    qtbot.waitUntil(line.isVisible)
    assert line.text().startswith("224 px, cut to the middle: chosen from 2 ways")
    solving.training_finished(ModelSaved(card=stored_model("Pets").card, folder="/models/pets", seconds={}))
    assert line.isVisible()
    solving.begin_training("Others", STEPWISE)
    assert not line.isVisible()


def test_solving_has_iterations_but_no_best_epoch_and_no_known_end(qtbot: QtBot, solving: TrainPage) -> None:
    run = solving.live_run
    run.add_event(PhaseChanged(phase=Phase.TRAINING))
    for number, accuracy in enumerate((0.6, 0.8, 0.85), 1):
        run.add_event(epoch(number, accuracy, True))
    qtbot.waitUntil(lambda: "3 iterations" in run.progress.text)
    assert run.progress.text.startswith("Solving the last layer")
    assert "of 100" not in run.progress.text
    assert run.findChild(QLabel, "finish_keeps").text() == "Finish now keeps what is solved so far, 85.0 %"
    table = run.course.table.epochs
    assert [table.index(row, 0).data() for row in range(3)] == ["1", "2", "3"]
    assert table.headerData(0, Qt.Orientation.Horizontal) == "Iteration"
    charts = run.course.need_charts()
    assert not charts.accuracy.best_line.isVisible()
    assert not any("best" in entry for entry in charts.legend.entries)
    assert charts.accuracy.getPlotItem().getAxis("bottom").labelText == "Iteration"
    assert run.course.sentence.text().startswith("Solving: after 3 iterations")


def test_a_recipe_that_is_solved_is_told_without_epochs(train_page: TrainPage) -> None:
    train_page.steps.tell_recipe("Quick", QUICK, True)
    assert train_page.steps.recipe.summary == "Quick"
    train_page.steps.tell_recipe("Mine", STEPWISE, True)
    assert train_page.steps.recipe.summary == "Mine, up to 30 epochs"


def test_a_result_tells_what_a_person_makes_of_it(solving: TrainPage, tmp_path: Path) -> None:
    labels = np.repeat([0, 1, 2], 20)
    guesses = labels.copy()
    guesses[:8] = 1  # eight photos of the first class
    evaluation = evaluate(np.eye(3, dtype=np.float32)[guesses], labels, CLASSES)
    (tmp_path / "evaluation.json").write_bytes(msgspec.json.encode(evaluation))
    card = msgspec.structs.replace(
        stored_model("Pets").card,
        training_photos=60,
        validation_photos=60,
        folds=10,
        validation_accuracy=evaluation.accuracy,
    )
    solving.training_finished(ModelSaved(card=card, folder=str(tmp_path), seconds={}))
    verdict, measured = (solving.findChild(QLabel, f"result_{name}") for name in ("verdict", "measured"))
    assert "“forest”: 12 of its 20" in verdict.text()
    assert measured.text().startswith("87 % right (76 to 93 %), each of 60 photos judged by models")
    assert solving.findChild(QLabel, "result_epochs_caption").text() == "Iterations"
    assert solving.findChild(QLabel, "result_epochs").text() == "9"


def test_a_result_without_figures_says_nothing_about_them(solving: TrainPage) -> None:
    card = msgspec.structs.replace(stored_model("Pets").card, validation_accuracy=None)
    solving.training_finished(ModelSaved(card=card, folder="/models/pets", seconds={}))
    assert not solving.findChild(QLabel, "result_verdict").isVisible()
    assert not solving.findChild(QLabel, "result_measured").isVisible()
