import time
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from scene_desktop.core.classify import occlusion
from scene_desktop.core.classify.classifier import CompiledModel
from scene_desktop.core.classify.occlusion import CELLS, occlusion_map
from scene_desktop.core.errors import PhotoError, Stopped
from scene_desktop.core.models.library import Library

MODEL = CompiledModel("Bright", b"", ("bright", "dark"), 96)


class BrightCorner:
    """Says "bright" by the share of white in the upper left sixth of the photo."""

    def __init__(self, model: CompiledModel, threads: int) -> None:
        pass

    def scores(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        bright = images[:, :16, :16].mean(axis=(1, 2, 3)) / 255
        return np.stack((bright, 1 - bright), axis=1).astype(np.float32)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    image = Image.new("RGB", (192, 96), "black")
    image.paste("white", (0, 0, 32, 16))
    path = tmp_path / "corner.png"
    image.save(path)
    return path


def test_the_map_shows_the_place_that_decides(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occlusion, "Classifier", BrightCorner)
    found = occlusion_map(MODEL, photo, 0)
    assert found.drops.shape == (CELLS, CELLS)
    assert found.drops.dtype == np.float32
    assert found.score == pytest.approx(1.0, abs=0.01)
    assert found.most > 0.9
    assert found.drops[:2, :2].min() > 3 * found.drops[4:, 4:].max()
    assert np.abs(found.drops[4:, 4:]).max() == pytest.approx(0.0, abs=1e-6)


def test_covering_raises_the_score_of_the_opposite_class(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occlusion, "Classifier", BrightCorner)
    found = occlusion_map(MODEL, photo, 1)
    assert found.drops[:2, :2].max() < -0.3
    assert found.most == pytest.approx(0.0, abs=1e-6)


def test_the_built_in_model_answers_in_time_with_its_own_score(samples: Path) -> None:
    model = CompiledModel.of(Library().models()[0])
    path = next((samples / "glacier").glob("*.jpg"))
    told: list[tuple[int, int]] = []
    started = time.perf_counter()
    found = occlusion_map(model, path, 2, lambda done, total: told.append((done, total)))
    assert time.perf_counter() - started < 3.0
    assert 0.0 <= found.most <= found.score <= 1.0
    assert np.isfinite(found.drops).all()
    assert told[-1][0] == told[-1][1] == (CELLS + 2) ** 2


def test_stop_is_heard(samples: Path) -> None:
    model = CompiledModel.of(Library().models()[0])
    path = next((samples / "sea").glob("*.jpg"))
    told: list[int] = []
    with pytest.raises(Stopped):
        occlusion_map(model, path, 0, lambda done, total: told.append(done), lambda: len(told) == 2)
    assert len(told) == 2


def test_a_photo_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhotoError):
        occlusion_map(MODEL, tmp_path / "gone.jpg", 0)
