"""Widgets on an invisible screen, and made-up facts to show in them."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.models.card import ModelCard
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.photos.framing import Framing
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import Network
from scene_desktop.core.settings import Settings
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.models.page import ModelsPage
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.ui.window.window import MainWindow
from scene_desktop.work.settings_file import SettingsFile

CLASSES = ("forest", "sea", "street")


def prediction(index: int, *scores: float, path: str = "", error: str | None = None) -> Prediction:
    """A verdict; without scores one that failed."""
    path = path or f"/photos/{index:06}.jpg"
    if not scores:
        return Prediction(index, path, error=error or "The file is cut short")
    return Prediction(index, path, scores=np.array(scores, dtype=np.float32))


def stored_model(
    name: str = "Scenes", classes: tuple[str, ...] = CLASSES, built_in: bool = False, folder: Path | None = None
) -> StoredModel:
    card = ModelCard(
        name=name,
        classes=classes,
        network=Network.LITE0_HEAD,
        image_size=160,
        created="2025-01-02T10:00:00Z",
        recipe=PRESETS["quick"].recipe,
        training_photos=80,
        validation_photos=20,
        epochs_run=9,
        best_epoch=7,
        validation_accuracy=0.93,
        validation_crossentropy=0.2,
        seconds=65.0,
    )
    return StoredModel(folder or Path("/models") / name, card, built_in)


def solved_card() -> ModelCard:
    """Of a model that learned from 60 photos, each judged by others."""
    return msgspec.structs.replace(
        stored_model().card,
        training_photos=60,
        validation_photos=60,
        folds=10,
        validation_accuracy=0.85,
        image_size=224,
        framing=Framing.CUT,
    )


@pytest.fixture(autouse=True)
def clipboard() -> Iterator[None]:
    """Emptied after each test: data that Python made would outlive Python there, and crash its end."""
    yield
    if QGuiApplication.instance() is not None:
        QGuiApplication.clipboard().clear()


@pytest.fixture
def photo_folder(tmp_path: Path) -> Path:
    """Three small pictures."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (60, 40), (80 * number, 120, 90)).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def classify_page(qtbot: QtBot) -> Iterator[ClassifyPage]:
    page = ClassifyPage()
    qtbot.addWidget(page)
    page.resize(1200, 700)
    yield page
    page.thumbnails.close()


@pytest.fixture
def train_page(qtbot: QtBot) -> Iterator[TrainPage]:
    page = TrainPage()
    qtbot.addWidget(page)
    page.resize(1200, 700)
    yield page
    page.thumbnails.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Those of `window`."""
    return Settings(SettingsFile(tmp_path / "settings.ini"))


@pytest.fixture
def window(
    qtbot: QtBot, settings: Settings, classify_page: ClassifyPage, train_page: TrainPage
) -> Iterator[MainWindow]:
    made = MainWindow(classify_page, train_page, ModelsPage(), settings)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.allow_close()
