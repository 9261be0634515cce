from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.core.settings import Settings
from scene_desktop.flows.outside import OutsideFlow
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.models.page import ModelsPage
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.ui.window.window import CLASSIFY, MODELS, MainWindow
from scene_desktop.work.jobs import Lane
from scene_desktop.work.one_window import HandOver
from tests.flows.conftest import Gate, Unhandled, fail, idle


@pytest.fixture
def window(
    qtbot: QtBot,
    classify_page: ClassifyPage,
    train_page: TrainPage,
    models_page: ModelsPage,
    settings: Settings,
) -> Iterator[MainWindow]:
    made = MainWindow(classify_page, train_page, models_page, settings)
    qtbot.addWidget(made)
    made.show_page(MODELS)
    yield made
    made.allow_close()


@pytest.fixture
def outside(lane: Callable[[str], Lane]) -> Lane:
    return lane("outside")


@pytest.fixture
def flow(window: MainWindow, outside: Lane) -> OutsideFlow:
    return OutsideFlow(window, outside)


@pytest.fixture
def found(flow: OutsideFlow) -> list[Any]:
    told: list[Any] = []
    flow.files_found.connect(told.append)
    return told


def test_files_of_another_start_are_opened_and_the_window_comes_forward(
    qtbot: QtBot,
    flow: OutsideFlow,
    window: MainWindow,
    outside: Lane,
    found: list[Any],
    photos: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tokens: list[str] = []
    monkeypatch.setattr(MainWindow, "come_forward", lambda window, token: tokens.append(token))
    flow.take(HandOver.of((photos[0], "/gone.jpg"), "token"))
    idle(qtbot, outside)
    assert [list(paths) for paths in found] == [[photos[0], "/gone.jpg"]]
    assert tokens == ["token"]


def test_another_start_without_files_only_brings_the_window_forward(
    flow: OutsideFlow, outside: Lane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MainWindow, "come_forward", lambda window, token: None)
    flow.take(HandOver.of(()))
    assert not outside.is_busy


@pytest.mark.parametrize(
    ("paths", "text"),
    [
        (["/gone/a.jpg"], "“a.jpg” is not there (any more)."),
        (["/gone/a.jpg", "/gone/\0"], "None of the 2 files and folders is there (any more)."),
    ],
)
def test_what_is_not_there_is_told_on_the_classify_page(
    qtbot: QtBot,
    flow: OutsideFlow,
    window: MainWindow,
    outside: Lane,
    found: list[Any],
    paths: list[str],
    text: str,
) -> None:
    flow.open(paths)
    idle(qtbot, outside)
    assert found == []
    assert window.page == CLASSIFY
    assert window.classify_page.note.text.startswith(text)
    assert len(window.classify_page.note.details.splitlines()) == len(paths)


def test_a_slow_disk_keeps_nothing_back_that_came_later(
    qtbot: QtBot,
    flow: OutsideFlow,
    outside: Lane,
    found: list[Any],
    photos: list[str],
    gate: Callable[..., Gate],
) -> None:
    slow = gate()
    outside.submit(lambda report, should_stop: slow.pass_through())
    flow.open(photos[:1])
    flow.open(photos[1:2])
    slow.open()
    idle(qtbot, outside)
    assert found == [photos[:1], photos[1:2]]


def test_a_bug_is_told_and_the_next_files_are_opened(
    qtbot: QtBot,
    flow: OutsideFlow,
    outside: Lane,
    found: list[Any],
    photos: list[str],
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("scene_desktop.flows.outside.os.path.lexists", fail(ZeroDivisionError()))
        flow.open(photos)
        idle(qtbot, outside)
    assert unhandled.take() == [ZeroDivisionError]
    flow.open([str(Path(photos[0]).parent)])
    idle(qtbot, outside)
    assert len(found) == 1
