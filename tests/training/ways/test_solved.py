"""Recipe Quick: a view is chosen, a head is solved, and every photo is judged by models that did not see it."""

import shutil
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from scene_desktop.core import locations
from scene_desktop.core.classify.classifier import Classifier, CompiledModel
from scene_desktop.core.datasets.samples import write_samples
from scene_desktop.core.errors import InputError, Stopped
from scene_desktop.core.models.library import Library, load_model
from scene_desktop.core.photos import images
from scene_desktop.core.photos.framing import Framing
from scene_desktop.core.recipes.recipe import ClassWeights
from scene_desktop.core.runs.events import (
    DataSetRead,
    EpochEnded,
    Phase,
    PhaseChanged,
    ResumeRequested,
    TrainingEvent,
    ViewChosen,
)
from scene_desktop.core.runs.stored import stored_runs
from tests.recipes import QUICK
from tests.training.conftest import changed, request
from training.photos import material
from training.run.control import Control
from training.train import train
from training.ways import solved, views

SMALL = changed(QUICK, choose_view=False, image_size=96, versions=2)


@pytest.fixture(scope="module")
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("solved-home")


@pytest.fixture(autouse=True)
def home(one_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Features are computed once for all tests here."""
    monkeypatch.setenv("SCENE_DESKTOP_HOME", str(one_home))


def _told(events: list[TrainingEvent], kind: type) -> list:
    return [event for event in events if isinstance(event, kind)]


def test_all_photos_are_learned_from_and_each_is_judged_by_others(samples: Path) -> None:
    events: list[TrainingEvent] = []
    saved = train(request(samples, SMALL), events.append)
    card = saved.card
    assert (card.training_photos, card.validation_photos, card.folds) == (72, 72, 10)
    (read,) = _told(events, DataSetRead)
    assert (read.training, read.validation, read.folds) == (72, 72, 10)
    stored = load_model(Path(saved.folder))
    assert stored.evaluation().photos == 72
    assert len(stored.photo_results()) == 72
    epochs = _told(events, EpochEnded)
    assert [epoch.epoch for epoch in epochs] == list(range(1, len(epochs) + 1))
    assert epochs[-1].crossentropy < epochs[0].crossentropy
    assert all(epoch.best for epoch in epochs)
    assert card.epochs_run == card.best_epoch == len(epochs)
    # The model knows all of them, so the judgements out of fold cannot be its own.
    assert card.validation_crossentropy > epochs[-1].crossentropy
    assert "of 10 parts" in " ".join(card.notes)


def test_the_compiled_model_sees_photos_as_the_training_did(samples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "wide"
    for path in samples.glob("*/*.jpg"):
        photo = Image.open(path)
        target = folder / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        grey = Image.new("RGB", (photo.width * 3, photo.height), "grey")
        grey.paste(photo, (photo.width, 0))  # what matters is in the middle
        grey.save(target, quality=90)
    saved = train(request(folder, changed(SMALL, framing=Framing.CUT)), lambda _: None)
    assert (saved.card.image_size, saved.card.framing) == (96, Framing.CUT)
    model = CompiledModel.of(load_model(Path(saved.folder)))
    paths = sorted(folder.glob("*/*.jpg"))
    seen = np.stack([images.load_view(path, model.view) for path in paths])
    found = Classifier(model).scores(seen).argmax(axis=1)
    truth = [model.classes.index(path.parent.name) for path in paths]
    assert (found == truth).mean() > 0.95


def test_the_same_photos_give_the_same_model_also_without_the_cache(samples: Path, tmp_path: Path) -> None:
    first = train(request(samples, SMALL), lambda _: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCENE_DESKTOP_HOME", str(tmp_path / "other"))
        second = train(request(samples, SMALL), lambda _: None)
    assert first.card.weights_sha256 == second.card.weights_sha256
    assert first.card.compiled_sha256 == second.card.compiled_sha256
    assert first.card.validation_crossentropy == second.card.validation_crossentropy


def test_with_many_photos_some_are_kept_apart(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(material, "FOLDS_BELOW", 50)
    monkeypatch.setattr(solved, "FOLDS_BELOW", 50)
    monkeypatch.setattr(solved, "_MOST_TO_CHOOSE", 40)
    events: list[TrainingEvent] = []
    saved = train(request(samples, SMALL), events.append)
    assert (saved.card.training_photos, saved.card.validation_photos, saved.card.folds) == (60, 12, 0)
    last = _told(events, EpochEnded)[-1]
    assert saved.card.validation_accuracy == pytest.approx(last.validation_accuracy, abs=1e-6)


def test_a_validation_folder_is_what_the_figures_are_of(samples: Path, tmp_path: Path) -> None:
    other = tmp_path / "others"
    write_samples(other, per_class=3, seed=9)
    saved = train(request(samples, changed(SMALL, validation_folder=str(other))), lambda _: None)
    assert (saved.card.training_photos, saved.card.validation_photos, saved.card.folds) == (72, 18, 0)


def test_a_view_is_chosen_told_kept_and_written_on_the_card(
    samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "SIDES", (64, 96))
    events: list[TrainingEvent] = []
    saved = train(request(samples, changed(SMALL, choose_view=True)), events.append)
    (chosen,) = _told(events, ViewChosen)
    assert {tried.side for tried in chosen.tried} >= {64, 96}
    assert chosen.photos == 72
    nats = {(tried.side, tried.framing): tried.crossentropy for tried in chosen.tried}
    assert nats[chosen.side, chosen.framing] <= min(nats.values()) + 0.02
    assert (saved.card.image_size, saved.card.framing) == (chosen.side, chosen.framing)
    recipe = saved.card.recipe
    assert recipe is not None
    assert (recipe.image_size, recipe.framing, recipe.choose_view) == (chosen.side, chosen.framing, True)
    phases = [event.phase for event in _told(events, PhaseChanged)]
    assert phases.index(Phase.CHOOSING) < phases.index(Phase.FEATURES)


def test_oblong_photos_are_tried_cut_and_padded(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "wide"
    for path in samples.glob("*/*.jpg"):
        target = folder / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.open(path).resize((180, 120)).save(target)
    monkeypatch.setattr(views, "SIDES", (64,))
    events: list[TrainingEvent] = []
    train(request(folder, changed(SMALL, choose_view=True)), events.append)
    (chosen,) = _told(events, ViewChosen)
    assert {tried.framing for tried in chosen.tried} == set(Framing)


def test_too_few_photos_to_try_anything_get_the_usual_view(tmp_path: Path) -> None:
    write_samples(tmp_path / "few", per_class=2, seed=3)
    for folder in sorted(path for path in (tmp_path / "few").iterdir() if path.is_dir())[2:]:
        shutil.rmtree(folder)
    events: list[TrainingEvent] = []
    saved = train(request(tmp_path / "few", QUICK), events.append)
    (chosen,) = _told(events, ViewChosen)
    assert (chosen.tried, chosen.photos) == ((), 0)
    assert (saved.card.image_size, saved.card.validation_photos) == (224, 4)


def test_a_training_that_is_asked_to_finish_keeps_what_it_has(samples: Path) -> None:
    control, seen = Control(), []

    def report(event: TrainingEvent) -> None:
        seen.append(event)
        if isinstance(event, EpochEnded) and event.epoch == 3:
            control.finish()

    saved = train(request(samples, SMALL), report, control)
    assert saved.card.epochs_run == 3


@pytest.mark.parametrize("phase", [Phase.CHOOSING, Phase.FEATURES, Phase.TRAINING, Phase.COMPILING])
def test_a_training_that_was_left_in_any_phase_is_resumed_and_equals_an_unbroken_one(
    samples: Path, phase: Phase
) -> None:
    recipe = changed(SMALL, choose_view=True)
    whole = train(request(samples, recipe, "Whole"), lambda _: None)
    control = Control()

    def report(event: TrainingEvent) -> None:
        if event == PhaseChanged(phase=phase):
            control.keep()

    with pytest.raises(Stopped):
        train(request(samples, recipe, "Left"), report, control)
    (run,) = (run for run in stored_runs() if run.can_resume)
    events: list[TrainingEvent] = []
    resumed = train(ResumeRequested(run=run.name), events.append)
    assert resumed.card.weights_sha256 == whole.card.weights_sha256
    assert resumed.card.validation_crossentropy == whole.card.validation_crossentropy
    assert resumed.card.folds == 10


def test_balanced_classes_change_the_model(samples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unequal"
    shutil.copytree(samples, folder)
    for path in sorted((folder / "sea").iterdir())[3:]:
        path.unlink()
    usual, balanced = (
        train(request(folder, changed(SMALL, class_weights=weights)), lambda _: None).card
        for weights in (ClassWeights.OFF, ClassWeights.BALANCED)
    )
    assert usual.weights_sha256 != balanced.weights_sha256


def test_a_model_that_learned_from_all_photos_cannot_be_measured_on_them(samples: Path) -> None:
    first = train(request(samples, SMALL), lambda _: None)
    asked = request(samples, changed(SMALL, choose_view=True), "Gone on")
    with pytest.raises(InputError, match="has learned from all photos"):
        train(msgspec.structs.replace(asked, start_from=first.folder), lambda _: None)
    assert [model for model in Library().models() if model.card.name == "Gone on"] == []


@pytest.mark.parametrize("seed", range(4))
def test_few_photos_and_a_validation_folder_train_whatever_their_content(tmp_path: Path, seed: int) -> None:
    write_samples(tmp_path / "few", per_class=2, seed=seed)
    write_samples(tmp_path / "others", per_class=2, seed=90)
    recipe = changed(SMALL, validation_folder=str(tmp_path / "others"), epochs=3)
    saved = train(request(tmp_path / "few", recipe), lambda _: None)
    assert (saved.card.training_photos, saved.card.validation_photos) == (12, 12)


def test_photos_that_none_can_read_are_named_and_not_an_error_of_the_app(samples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(samples, folder)
    for path in folder.glob("*/*.jpg"):
        path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(InputError, match="cannot be read that none is left"):
        train(request(folder, QUICK), lambda _: None)


def test_a_class_with_one_readable_photo_is_not_judged_by_models_that_never_saw_it(
    samples: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "one left"
    shutil.copytree(samples, folder)
    for path in sorted((folder / "sea").iterdir())[1:]:
        path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(InputError, match="“sea” cannot be read that none is left to measure on"):
        train(request(folder, SMALL), lambda _: None)


def test_photos_that_teach_nothing_give_a_model_that_guesses(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "black" / name).mkdir(parents=True)
        for number in range(9):
            photo = Image.new("RGB", (40, 40))
            photo.save(tmp_path / "black" / name / f"{number}.png", pnginfo=_comment(f"{name} {number}"))
    saved = train(request(tmp_path / "black", QUICK), lambda _: None)
    assert saved.card.validation_crossentropy == pytest.approx(np.log(2), abs=0.05)


def _comment(text: str) -> PngInfo:
    """Makes files of the same pixels differ."""
    info = PngInfo()
    info.add_text("Comment", text)
    return info


def test_a_model_whose_run_is_gone_is_still_not_measured_on_what_it_learned_from(samples: Path) -> None:
    first = train(request(samples, SMALL), lambda _: None)
    shutil.rmtree(locations.runs_folder() / first.card.run)
    with pytest.raises(InputError, match="Start afresh"):
        train(msgspec.structs.replace(request(samples, SMALL), start_from=first.folder), lambda _: None)


@pytest.mark.parametrize("spoil", ["view", "folds", "label"])
def test_files_of_a_run_that_make_no_sense_are_made_anew(samples: Path, spoil: str) -> None:
    recipe = changed(SMALL, choose_view=True)
    whole = train(request(samples, recipe, "Whole"), lambda _: None)
    control = Control()

    def report(event: TrainingEvent) -> None:
        if event == PhaseChanged(phase=Phase.TRAINING):
            control.keep()

    with pytest.raises(Stopped):
        train(request(samples, recipe, "Left"), report, control)
    (run,) = (run for run in stored_runs() if run.can_resume)
    file = run.folder / ("view.json" if spoil == "view" else "dataset.json")
    content = msgspec.json.decode(file.read_bytes())
    if spoil == "view":
        content["side"] = 10**9
    elif spoil == "folds":
        content["folds"] = [0] * 72
    else:
        content["training"][0][1] = 9
    file.write_bytes(msgspec.json.encode(content))
    resumed = train(ResumeRequested(run=run.name), lambda _: None)
    assert resumed.card.weights_sha256 == whole.card.weights_sha256
