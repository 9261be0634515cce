"""Real pages, lanes and core; what takes long waits at gates that a test opens, and no engine is started."""

import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from scene_desktop.core.classify.pipeline import ClassifySummary, PhotosClassified, PhotosFound, SearchEnded
from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.errors import Stopped
from scene_desktop.core.models.library import Library, NewModel
from scene_desktop.core.settings import Settings
from scene_desktop.core.threads import ShouldStop
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.models.page import ModelsPage
from scene_desktop.work.jobs import Lane
from scene_desktop.work.settings_file import SettingsFile
from tests.ui.conftest import (
    CLASSES,
    classify_page,  # noqa: F401 - a fixture here too
    stored_model,
    train_page,  # noqa: F401 - a fixture here too
)

_LOOK_S = 0.002


@dataclass
class Gate:
    """A place in background work where it waits until a test lets it go on.

    Attributes:
        heeds_stop: Whether the work notices that it shall stop; if not, it ends as if nobody had asked.
        asked: How often it was reached.
    """

    heeds_stop: bool = True
    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)
    asked: int = 0

    def open(self) -> None:
        self.opened.set()

    def pass_through(self, should_stop: ShouldStop = lambda: False) -> None:
        """Waits until it is open.

        Raises:
            Stopped: `should_stop` said so first.
        """
        self.asked += 1
        self.reached.set()
        while not self.opened.wait(_LOOK_S):
            if should_stop():
                self.stopped.set()
                if self.heeds_stop:
                    raise Stopped

    def before(self, work: Callable[..., Any], like: Callable[..., Any] | None = None) -> Callable[..., Any]:
        """`work` behind this gate; whether it shall stop is asked where `work`, or what it is `like`, can."""

        def gated(*given: Any, **named: Any) -> Any:
            bound = inspect.signature(like or work).bind(*given, **named).arguments
            self.pass_through(named.get("should_stop", bound.get("should_stop", lambda: False)))
            return work(*given, **named)

        return gated


class Unhandled(list[Exception]):
    """Failures that nobody took; a test that expects some takes them out."""

    def take(self) -> list[type[Exception]]:
        """Their kinds; it is empty afterwards."""
        kinds = [type(error) for error in self]
        self.clear()
        return kinds


@pytest.fixture
def unhandled() -> Unhandled:
    return Unhandled()


@pytest.fixture
def lane(qtbot: QtBot, unhandled: Unhandled) -> Iterator[Callable[[str], Lane]]:
    """Makes lanes, which end with the test; no failure may be left that nobody took."""
    made: list[Lane] = []

    def make(name: str = "test") -> Lane:
        made.append(Lane(name, unhandled.append))
        return made[-1]

    yield make
    for one in made:
        one.stop_all()
        one.leave()
    assert [one.wait(4000) for one in made] == [True] * len(made)
    delivered(*made)  # what was told last may be a failure
    assert unhandled == []


@pytest.fixture
def gate(lane: Callable[[str], Lane]) -> Iterator[Callable[..., Gate]]:
    """Makes gates, all of which are open at the end."""
    made: list[Gate] = []

    def make(heeds_stop: bool = True) -> Gate:
        made.append(Gate(heeds_stop))
        return made[-1]

    yield make
    for one in made:
        one.open()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(SettingsFile(tmp_path / "settings.ini"))


@pytest.fixture
def settings_after(settings: Settings, tmp_path: Path) -> Callable[[], Settings]:
    """The settings as the next start of the app reads them from disk."""

    def read() -> Settings:
        settings.sync()
        return Settings(SettingsFile(tmp_path / "settings.ini"))

    return read


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Two models, “Scenes” (the newer one, with `CLASSES`) and “Pets”; their files hold no network."""
    made = Library(tmp_path / "models", tmp_path / "nothing built in")
    for name, classes, created in (
        ("Pets", ("cats", "dogs"), "2024-01-01T10:00:00Z"),
        ("Scenes", CLASSES, "2025-01-01T10:00:00Z"),
    ):
        card = stored_model(name, classes).card
        card = type(card)(**{key: getattr(card, key) for key in card.__struct_fields__} | {"created": created})
        made.add(NewModel(card, name.encode(), b"compiled " + name.encode()))
    return made


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    """Three small pictures."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (60, 40), (80 * number, 120, 90)).save(folder / f"{number}.png")
    return [str(path) for path in sorted(folder.iterdir())]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data set of two classes with three pictures each."""
    return write_data(tmp_path / "animals")


def write_data(root: Path, first: int = 0) -> Path:
    """Draws a data set; `first` makes its pictures others than those of the next one."""
    for place, name in enumerate(("cats", "dogs")):
        (root / name).mkdir(parents=True)
        for number in range(3):
            colour = (first + 40 * number, 100 * place, 90)
            Image.new("RGB", (32, 32), colour).save(root / name / f"{number}.png")
    return root


@pytest.fixture
def models_page(qtbot: QtBot) -> ModelsPage:
    page = ModelsPage()
    qtbot.addWidget(page)
    return page


@pytest.fixture
def opened_urls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the desktop was asked to open."""
    asked: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url.toLocalFile()))
    return asked


def verdicts(paths: Sequence[str], classes: int = len(CLASSES), best: int = 0) -> tuple[Prediction, ...]:
    """Sure verdicts for the class with the index `best`."""
    scores = np.full(classes, 0.01, dtype=np.float32)
    scores[best] = 1 - 0.01 * (classes - 1)
    return tuple(Prediction(index, path, scores=scores) for index, path in enumerate(paths))


def fill(page: ClassifyPage, paths: Sequence[str], classes: Sequence[str] = CLASSES, best: int = 0) -> None:
    """Results on the page, as if a drop had come to its end."""
    page.begin_drop(tuple(classes))
    page.add_event(PhotosFound(0, tuple(paths)))
    page.add_event(PhotosClassified(verdicts(paths, len(classes), best), len(paths)))
    page.end_drop(ClassifySummary(len(paths), len(paths), False, 0.1))


def classified(
    paths: Sequence[str],
    model: Any,
    report: Callable[[Any], None],
    should_stop: ShouldStop = lambda: False,
    **named: Any,
) -> ClassifySummary:
    """In place of `core.classify.pipeline.classify`: each path is a photo of the first class."""
    report(PhotosFound(0, tuple(paths)))
    report(SearchEnded(len(paths)))
    report(PhotosClassified(verdicts(paths, len(model.classes)), len(paths)))
    return ClassifySummary(len(paths), len(paths), False, 0.1)


def stopping_at(gate: Gate) -> Callable[..., ClassifySummary]:
    """In place of `classify`: waits at a gate between the photos and their verdicts."""

    def job(
        paths: Sequence[str],
        model: Any,
        report: Callable[[Any], None],
        should_stop: ShouldStop = lambda: False,
        **named: Any,
    ) -> ClassifySummary:
        report(PhotosFound(0, tuple(paths)))
        try:
            gate.pass_through(should_stop)
        except Stopped:
            return ClassifySummary(len(paths), 0, True, 0.1)
        report(PhotosClassified(verdicts(paths, len(model.classes)), len(paths)))
        return ClassifySummary(len(paths), len(paths), False, 0.1)

    return job


def fail(error: Exception) -> Callable[..., Any]:
    """Work that fails."""

    def work(*given: Any, **named: Any) -> Any:
        raise error

    return work


def press(qtbot: QtBot, place: QWidget, name: str) -> None:
    """Presses a button that can be seen."""
    made = place.findChild(QPushButton, name)
    assert made is not None, name
    assert not made.isHidden(), name
    assert made.isEnabled(), name
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)


def idle(qtbot: QtBot, *lanes: Lane) -> None:
    """Until nothing is done or waits on these lanes."""
    qtbot.waitUntil(lambda: not any(lane.is_busy for lane in lanes))


def delivered(*lanes: Lane) -> None:
    """Lets arrive what the lanes have told so far."""
    for lane in lanes:
        QCoreApplication.sendPostedEvents(lane)
