"""Whole trainings in this process: what is special about their data or their end."""

import shutil
from pathlib import Path

import msgspec
import pytest

from scene_desktop.core import locations
from scene_desktop.core.datasets.dataset import read_dataset
from scene_desktop.core.datasets.samples import write_samples
from scene_desktop.core.errors import InputError, Stopped
from scene_desktop.core.models.library import Library
from scene_desktop.core.photos.framing import Framing, View
from scene_desktop.core.runs.events import (
    BatchEnded,
    DataSetRead,
    ModelSaved,
    Phase,
    PhaseChanged,
    PhotoSkipped,
    TrainingEvent,
)
from scene_desktop.core.runs.stored import Ending, stored_runs
from tests.recipes import STEPWISE
from tests.training.conftest import HACKATHON, changed, request
from training.photos.features import extract, pretrained
from training.run.control import Control
from training.train import train

SHORT = changed(STEPWISE, epochs=2)


@pytest.fixture(scope="module")
def features(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache of a home where the features of all photos are computed already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCENE_DESKTOP_HOME", str(tmp_path_factory.mktemp("features")))
        extract(
            read_dataset(samples).photos, pretrained(View(160, Framing.SQUASH)), lambda _: None, lambda: False
        )
        return locations.cache_folder()


@pytest.fixture
def known(features: Path, home: Path) -> None:
    """This home has the features already."""
    shutil.copytree(features, locations.cache_folder())


def test_the_same_seed_gives_the_same_model(samples: Path) -> None:
    first, second = (train(request(samples, SHORT), lambda _: None) for _ in range(2))
    assert first.card.weights_sha256 == second.card.weights_sha256
    assert first.card.compiled_sha256 == second.card.compiled_sha256
    assert first.card.validation_crossentropy == second.card.validation_crossentropy
    assert (first.card.name, second.card.name) == ("Tried out", "Tried out 2")


@pytest.mark.usefixtures("known")
def test_a_validation_folder_takes_the_place_of_the_share(samples: Path, tmp_path: Path) -> None:
    other = tmp_path / "others"
    write_samples(other, per_class=3, seed=9)
    events: list[TrainingEvent] = []
    saved = train(request(samples, changed(SHORT, validation_folder=str(other))), events.append)
    (read,) = (event for event in events if isinstance(event, DataSetRead))
    assert (read.training, read.validation) == (72, 18)
    assert (saved.card.training_photos, saved.card.validation_photos) == (72, 18)
    assert Library().find("Tried out").evaluation().photos == 18


@pytest.mark.usefixtures("known")
def test_unreadable_photos_are_skipped_and_counted_out(samples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "scenes"
    shutil.copytree(samples, folder)
    victims = sorted(folder.glob("*/*01.jpg"))
    victims[0].write_bytes(b"")
    for victim in victims[1:]:
        victim.write_bytes(victim.read_bytes()[:700])
    events: list[TrainingEvent] = []
    saved = train(request(folder, SHORT), events.append)
    skipped = [event.path for event in events if isinstance(event, PhotoSkipped)]
    assert sorted(skipped) == [str(victim) for victim in victims]
    assert saved.card.training_photos + saved.card.validation_photos == 72 - len(victims)


def test_a_class_that_cannot_be_read_at_all_is_wrong_input(samples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "scenes"
    shutil.copytree(samples, folder)
    for victim in (folder / "sea").iterdir():
        victim.write_bytes(victim.read_bytes()[:700])
    with pytest.raises(InputError, match="“sea”"):
        train(request(folder, SHORT), lambda _: None)
    assert list(locations.runs_folder().iterdir()) == []


def test_parameters_outside_their_limits_are_refused(samples: Path) -> None:
    with pytest.raises(InputError, match="Epochs"):
        train(request(samples, changed(STEPWISE, epochs=0)), lambda _: None)


@pytest.mark.parametrize("phase", [Phase.READING, Phase.FEATURES, Phase.CALIBRATING, Phase.COMPILING])
def test_discard_works_in_every_phase(samples: Path, phase: Phase) -> None:
    control, seen = Control(), []

    def report(event: TrainingEvent) -> None:
        seen.append(event)
        if event == PhaseChanged(phase=phase):
            control.discard()

    with pytest.raises(Stopped):
        train(request(samples, SHORT), report, control)
    phases = [event.phase for event in seen if isinstance(event, PhaseChanged)]
    assert phases[-1] is phase
    assert Library(built_in_folder=Path("none")).models() == []
    assert list(locations.runs_folder().iterdir()) == []


def test_the_hackathon_recipe_trains_from_the_photos(samples: Path) -> None:
    events: list[TrainingEvent] = []
    saved = train(request(samples, changed(HACKATHON, epochs=2)), events.append)
    assert isinstance(events[-1], ModelSaved)
    assert any(isinstance(event, BatchEnded) for event in events)
    assert saved.card.image_size == 150
    assert saved.card.epochs_run == 2
    assert [path.name for path in sorted(locations.runs_folder().glob("*/*"))] == [
        "dataset.json",
        "events.jsonl",
        "lock",
        "request.json",
        "result.json",
    ]


@pytest.mark.usefixtures("known")
def test_a_model_that_goes_on_is_never_measured_on_what_it_learned_from(samples: Path) -> None:
    halves = changed(SHORT, validation_share=0.5)
    first = train(request(samples, halves), lambda _: None)
    asked = request(samples, changed(halves, seed=2), "Gone on")
    second = train(msgspec.structs.replace(asked, start_from=first.folder), lambda _: None)
    data = {run.name: run.data() for run in stored_runs()}
    learned = {photo.digest for photo in data[first.card.run].training}
    measured = {photo.digest for photo in data[second.card.run].validation}
    assert measured
    assert not measured & learned
    assert second.card.training_photos + second.card.validation_photos == 72
    assert "goes on from the model “Tried out”" in " ".join(second.card.notes)


@pytest.mark.usefixtures("known")
def test_a_model_with_other_classes_cannot_be_gone_on_with(samples: Path, tmp_path: Path) -> None:
    first = train(request(samples, SHORT), lambda _: None)
    folder = tmp_path / "other"
    shutil.copytree(samples, folder)
    (folder / "sea").rename(folder / "ocean")
    asked = msgspec.structs.replace(request(folder, SHORT), start_from=first.folder)
    with pytest.raises(InputError, match="its classes are"):
        train(asked, lambda _: None)
    assert [run.ending for run in stored_runs()] == [Ending.COMPLETED]
