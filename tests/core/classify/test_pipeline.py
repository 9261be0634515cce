import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scene_desktop.core.classify.classifier import Classifier, CompiledModel
from scene_desktop.core.classify.pipeline import (
    ClassifyEvent,
    FolderSkipped,
    PhotosClassified,
    PhotosFound,
    SearchEnded,
    classify,
)
from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.datasets.samples import CLASSES
from scene_desktop.core.errors import ModelFileError
from scene_desktop.core.models.library import BUILT_IN, Library
from scene_desktop.core.photos import images
from tests.photo_zoo import write_zoo


@pytest.fixture(scope="module")
def model() -> CompiledModel:
    return CompiledModel.of(Library(Path("/nowhere")).find(BUILT_IN))


def verdicts(events: list[ClassifyEvent]) -> list[Prediction]:
    found = [p for event in events if isinstance(event, PhotosClassified) for p in event.predictions]
    return sorted(found, key=lambda prediction: prediction.index)


def test_every_file_of_the_zoo_gets_exactly_one_verdict(tmp_path: Path, model: CompiledModel) -> None:
    good, bad = write_zoo(tmp_path / "zoo")
    events: list[ClassifyEvent] = []
    summary = classify([tmp_path / "zoo"], model, events.append)
    rows = verdicts(events)
    assert summary.found == summary.done == len(rows) == len(good) + len(bad)
    assert [row.index for row in rows] == list(range(len(rows)))
    assert {row.path for row in rows if row.scores is not None} == set(good)
    assert {row.path for row in rows if row.error} == set(bad)


def test_found_paths_come_in_order_before_the_end(samples: Path, model: CompiledModel) -> None:
    events: list[ClassifyEvent] = []
    classify([samples], model, events.append)
    found = [event for event in events if isinstance(event, PhotosFound)]
    assert [event.first for event in found] == list(np.cumsum([0] + [len(event.paths) for event in found])[:-1])
    total = sum(len(event.paths) for event in found)
    assert SearchEnded(total) in events
    assert total == 12 * len(CLASSES)


def test_scores_are_those_of_the_classifier_alone(samples: Path, model: CompiledModel) -> None:
    events: list[ClassifyEvent] = []
    classify([samples / "sea"], model, events.append)
    alone = Classifier(model)
    for row in verdicts(events):
        photo = images.load_photo(row.path, (model.image_size, model.image_size))
        assert row.scores is not None
        assert np.abs(alone.scores(photo[None])[0] - row.scores).max() < 1e-5
        assert row.scores.sum() == pytest.approx(1.0, abs=1e-5)


def test_stopping_takes_effect_within_half_a_second(
    tmp_path: Path, samples: Path, model: CompiledModel
) -> None:
    photos = [str(path) for path in sorted(samples.rglob("*.jpg"))]
    links = tmp_path / "many"
    links.mkdir()
    for number in range(3000):
        (links / f"{number}.jpg").hardlink_to(photos[number % len(photos)])
    asked: list[float] = []

    def should_stop() -> bool:
        if done and not asked:
            asked.append(time.monotonic())
        return bool(asked)

    done: list[int] = []

    def report(event: ClassifyEvent) -> None:
        if isinstance(event, PhotosClassified):
            done.append(event.done)

    summary = classify([links], model, report, should_stop)
    assert time.monotonic() - asked[0] < 0.5
    assert summary.stopped
    assert 0 < summary.done < 3000


def test_an_empty_drop_ends_with_nothing(tmp_path: Path, model: CompiledModel) -> None:
    (tmp_path / "empty").mkdir()
    summary = classify([tmp_path / "empty"], model, lambda event: None)
    assert (summary.found, summary.done, summary.stopped) == (0, 0, False)


def test_an_unreadable_folder_is_an_event(
    tmp_path: Path, model: CompiledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()

    def refuse(path: str) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(images.os, "scandir", refuse)
    events: list[ClassifyEvent] = []
    classify([folder], model, events.append)
    assert FolderSkipped(str(folder), "Permission denied") in events


def test_a_damaged_compiled_model_fails_before_any_photo(samples: Path, model: CompiledModel) -> None:
    damaged = replace(model, content=b"TFL3" + bytes(100))
    with pytest.raises(ModelFileError):
        classify([samples], damaged, lambda event: None)


def test_a_card_that_does_not_fit_its_model_is_refused(model: CompiledModel) -> None:
    with pytest.raises(ModelFileError, match="card says"):
        Classifier(replace(model, classes=("a", "b", "c")))


def test_no_thread_is_left_behind(samples: Path, model: CompiledModel) -> None:
    classify([samples / "sea"], model, lambda event: None)
    deadline = time.monotonic() + 2
    while any(t.name.startswith("classify-") for t in threading.enumerate()):
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


def test_photos_are_not_touched(samples: Path, model: CompiledModel) -> None:
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in samples.rglob("*.jpg")}
    classify([samples], model, lambda event: None)
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in samples.rglob("*.jpg")} == before
