from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.core.datasets import exclusions
from scene_desktop.core.datasets.dataset import read_dataset
from scene_desktop.core.datasets.findings import DoctorReport
from scene_desktop.core.errors import InputError, TrainingError
from scene_desktop.core.runs.events import DataSetExamined, ExamineRequested, Phase, PhaseChanged, Progressed
from scene_desktop.core.threads import ShouldStop
from scene_desktop.flows.dataset import DatasetFlow
from scene_desktop.ui.dataset.examination import Examination
from scene_desktop.ui.dataset.panel import DatasetPanel
from scene_desktop.ui.train.page import TrainPage
from tests.flows.conftest import Gate, Unhandled, delivered, fail, idle, press, write_data

ENGINE = "scene_desktop.flows.dataset.run_engine"


@pytest.fixture
def lanes(lane: Callable[..., Any]) -> SimpleNamespace:
    return SimpleNamespace(reading=lane("reading"), doctor=lane("doctor"))


@pytest.fixture
def flow(train_page: TrainPage, lanes: SimpleNamespace) -> DatasetFlow:
    return DatasetFlow(train_page, lanes.reading, lanes.doctor)


@pytest.fixture
def panel(train_page: TrainPage) -> DatasetPanel:
    return train_page.findChild(DatasetPanel)


@pytest.fixture
def examination(train_page: TrainPage) -> Examination:
    return train_page.findChild(Examination)


@pytest.fixture
def read(qtbot: QtBot, flow: DatasetFlow, lanes: SimpleNamespace, data: Path) -> Path:
    """A data set is shown."""
    flow.read(str(data))
    idle(qtbot, lanes.reading)
    return data


@pytest.fixture
def doctor(gate: Callable[..., Gate], monkeypatch: pytest.MonkeyPatch) -> Gate:
    """The engine waits here, then it has found nothing."""
    made = gate()

    def run_engine(
        request: ExamineRequested, report: Callable[[Any], None], should_stop: ShouldStop
    ) -> DataSetExamined:
        report(PhaseChanged(phase=Phase.FEATURES))
        report(Progressed(phase=Phase.FEATURES, done=2, total=6, per_second=4.0))
        made.pass_through(should_stop)
        return DataSetExamined(
            report=DoctorReport(
                dataset=request.dataset, counts={"cats": 3, "dogs": 3}, findings=(), complete=True
            )
        )

    monkeypatch.setattr(ENGINE, run_engine)
    return made


def other_data(tmp_path: Path) -> Path:
    return write_data(tmp_path / "birds", first=7)


def test_a_folder_becomes_a_data_set(
    qtbot: QtBot, flow: DatasetFlow, train_page: TrainPage, lanes: SimpleNamespace, data: Path
) -> None:
    with qtbot.waitSignal(flow.dataset_read) as told:
        flow.read(str(data))
        assert train_page.is_busy
    assert told.args[0].classes == ("cats", "dogs")
    assert not train_page.is_busy
    assert train_page.findChild(DatasetPanel).class_list is not None


def test_progress_reaches_the_page(
    qtbot: QtBot,
    flow: DatasetFlow,
    train_page: TrainPage,
    lanes: SimpleNamespace,
    gate: Callable[..., Gate],
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow = gate()

    def reading(folder: str, *, report: Callable[[int, int], None], **named: Any) -> object:
        report(3, 6)
        slow.pass_through()
        return read_dataset(folder, report=report, **named)

    monkeypatch.setattr("scene_desktop.flows.dataset.read_dataset", reading)
    shares: list[object] = []
    train_page.progress_changed.connect(shares.append)
    flow.read(str(data))
    qtbot.waitUntil(lambda: 0.5 in shares)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InputError("There is no class folder."), "There is no class folder."),
        (ZeroDivisionError(), "Something unexpected went wrong while reading this folder."),
    ],
)
def test_a_folder_that_cannot_be_read_leaves_what_was_shown_before(
    qtbot: QtBot,
    flow: DatasetFlow,
    read: Path,
    train_page: TrainPage,
    lanes: SimpleNamespace,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    text: str,
) -> None:
    monkeypatch.setattr("scene_desktop.flows.dataset.read_dataset", fail(error))
    with qtbot.assertNotEmitted(flow.dataset_read):
        flow.read("/elsewhere")
        idle(qtbot, lanes.reading)
    assert train_page.note.text == text
    assert not train_page.is_busy
    assert unhandled.take() == ([] if isinstance(error, InputError) else [ZeroDivisionError])
    with qtbot.waitSignal(train_page.findChild(DatasetPanel).exclusion_changed):
        train_page.findChild(DatasetPanel).findings_panel.excluded.emit(("cats/0.png",), True)


@pytest.mark.parametrize("another", [True, False])
def test_a_reading_that_was_given_up_is_never_told(
    qtbot: QtBot,
    flow: DatasetFlow,
    train_page: TrainPage,
    lanes: SimpleNamespace,
    gate: Callable[..., Gate],
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    another: bool,
) -> None:
    slow = gate(heeds_stop=False)
    told: list[object] = []
    flow.dataset_read.connect(lambda dataset: told.append(dataset.root))
    with monkeypatch.context() as patched:
        patched.setattr(
            "scene_desktop.flows.dataset.read_dataset",
            slow.before(lambda folder, **named: read_dataset(folder, decode=True)),
        )
        flow.read(str(data))
        qtbot.waitUntil(slow.reached.is_set)
    if another:
        flow.read(str(other_data(tmp_path)))
    else:
        train_page.stop()
    qtbot.waitUntil(slow.stopped.is_set)
    slow.open()
    idle(qtbot, lanes.reading)
    assert told == ([tmp_path / "birds"] if another else [])
    assert not train_page.is_busy
    assert train_page.note.isHidden()


def test_stop_ends_the_reading_only(
    qtbot: QtBot,
    flow: DatasetFlow,
    train_page: TrainPage,
    lanes: SimpleNamespace,
    gate: Callable[..., Gate],
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow, other = gate(), gate()
    lanes.doctor.submit(lambda report, should_stop: other.pass_through(should_stop))
    monkeypatch.setattr("scene_desktop.flows.dataset.read_dataset", slow.before(read_dataset))
    flow.read(str(data))
    qtbot.waitUntil(lambda: slow.reached.is_set() and other.reached.is_set())
    train_page.stop()
    idle(qtbot, lanes.reading)
    assert lanes.doctor.is_busy
    assert not other.stopped.is_set()


# The doctor


def test_an_examination_shows_how_far_it_is_and_what_was_found(
    qtbot: QtBot, flow: DatasetFlow, read: Path, examination: Examination, doctor: Gate, lanes: SimpleNamespace
) -> None:
    press(qtbot, examination, "examine_closely")
    qtbot.waitUntil(lambda: "2 of 6 photos" in examination.progress.text)
    doctor.open()
    idle(qtbot, lanes.doctor)
    assert not examination.is_running
    assert examination.sentence.startswith("The photos were examined closely.")


def test_stop_ends_the_examination_and_offers_it_again(
    qtbot: QtBot,
    flow: DatasetFlow,
    read: Path,
    examination: Examination,
    doctor: Gate,
    lanes: SimpleNamespace,
    gate: Callable[..., Gate],
) -> None:
    other = gate()
    lanes.reading.submit(lambda report, should_stop: other.pass_through(should_stop))
    offered = examination.sentence
    press(qtbot, examination, "examine_closely")
    qtbot.waitUntil(doctor.reached.is_set)
    press(qtbot, examination, "examination_progress_stop")
    idle(qtbot, lanes.doctor)
    assert not examination.is_running
    assert examination.sentence == offered
    assert not other.stopped.is_set()


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (TrainingError("The engine was ended from outside."), "The engine was ended from outside."),
        (ZeroDivisionError(), "Something unexpected went wrong."),
    ],
)
def test_an_examination_that_fails_is_a_sentence_beside_its_button(
    qtbot: QtBot,
    flow: DatasetFlow,
    read: Path,
    examination: Examination,
    lanes: SimpleNamespace,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    text: str,
) -> None:
    monkeypatch.setattr(ENGINE, fail(error))
    flow.examine()
    idle(qtbot, lanes.doctor)
    assert examination.sentence == text
    assert examination.button.isEnabled()
    assert unhandled.take() == ([] if isinstance(error, TrainingError) else [ZeroDivisionError])


def test_what_was_found_in_another_folder_is_never_shown(
    qtbot: QtBot,
    flow: DatasetFlow,
    read: Path,
    examination: Examination,
    lanes: SimpleNamespace,
    doctor: Gate,
    tmp_path: Path,
) -> None:
    doctor.heeds_stop = False
    flow.examine()
    qtbot.waitUntil(doctor.reached.is_set)
    flow.read(str(other_data(tmp_path)))
    idle(qtbot, lanes.reading)
    shown: list[Path] = []
    flow.dataset_read.connect(lambda dataset: shown.append(dataset.root))
    doctor.open()
    idle(qtbot, lanes.doctor)
    assert shown == []
    assert not examination.is_running
    assert not examination.sentence.startswith("The photos were examined closely.")


def test_an_examination_ends_with_the_next_folder_even_if_that_is_refused(
    qtbot: QtBot,
    flow: DatasetFlow,
    read: Path,
    examination: Examination,
    lanes: SimpleNamespace,
    doctor: Gate,
    tmp_path: Path,
) -> None:
    flow.examine()
    qtbot.waitUntil(doctor.reached.is_set)
    flow.read(str(tmp_path / "nothing"))
    idle(qtbot, lanes.reading, lanes.doctor)
    assert doctor.stopped.is_set()
    assert not examination.is_running
    assert examination.button.isEnabled()


def test_without_a_data_set_there_is_nothing_to_examine_or_leave_out(
    flow: DatasetFlow, panel: DatasetPanel, lanes: SimpleNamespace
) -> None:
    flow.examine()
    panel.exclusion_changed.emit(("cats/0.png",), True)
    assert not lanes.doctor.is_busy
    assert not lanes.reading.is_busy


# What is left out


def leave_out(panel: DatasetPanel, path: str, out: bool = True) -> None:
    """As a tick beside a photo does it."""
    panel.findings_panel.views[0].excluded.emit((path,), out)


def test_a_photo_that_is_left_out_is_kept_so_and_taken_back(
    qtbot: QtBot, flow: DatasetFlow, read: Path, panel: DatasetPanel, lanes: SimpleNamespace
) -> None:
    counts: list[int] = []
    flow.dataset_read.connect(lambda dataset: counts.append(len(dataset.photos)))
    leave_out(panel, "cats/0.png")
    idle(qtbot, lanes.reading)
    assert set(exclusions.load(read).excluded) == {"cats/0.png"}
    leave_out(panel, "cats/0.png", out=False)
    idle(qtbot, lanes.reading)
    assert exclusions.load(read).excluded == {}
    assert counts == [5, 6]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InputError("The choice cannot be kept."), "The choice cannot be kept."),
        (ZeroDivisionError("a / b"), "Something unexpected went wrong. The choice was not kept."),
    ],
)
def test_a_choice_that_cannot_be_kept_is_told_and_taken_back(
    qtbot: QtBot,
    flow: DatasetFlow,
    read: Path,
    panel: DatasetPanel,
    train_page: TrainPage,
    lanes: SimpleNamespace,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    text: str,
) -> None:
    monkeypatch.setattr(exclusions, "exclude", fail(error))
    leave_out(panel, "cats/0.png")
    assert panel.excluded == {"cats/0.png"}
    idle(qtbot, lanes.reading)
    assert train_page.note.text == text
    assert panel.excluded == frozenset()
    assert unhandled.take() == ([] if isinstance(error, InputError) else [ZeroDivisionError])


def test_a_choice_for_another_folder_does_not_bring_that_back(
    qtbot: QtBot,
    flow: DatasetFlow,
    read: Path,
    panel: DatasetPanel,
    lanes: SimpleNamespace,
    tmp_path: Path,
    gate: Callable[..., Gate],
) -> None:
    slow = gate()
    lanes.reading.submit(lambda report, should_stop: slow.pass_through())
    flow.read(str(other_data(tmp_path)))
    leave_out(panel, "cats/0.png")
    roots: list[Path] = []
    flow.dataset_read.connect(lambda dataset: roots.append(dataset.root))
    slow.open()
    idle(qtbot, lanes.reading)
    delivered(lanes.reading)
    assert roots == [tmp_path / "birds"]
    assert set(exclusions.load(read).excluded) == {"cats/0.png"}
