"""Each way to fit, from a folder of photos to a model of the library; and going on with a model."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from scene_desktop.core.errors import InputError
from scene_desktop.core.models import tensors
from scene_desktop.core.models.library import load_model
from scene_desktop.core.models.tensors import Tensors
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import TrainedPart, TrainingRecipe
from scene_desktop.core.runs.events import EpochEnded, ModelSaved, TrainingEvent, TrainRequested
from tests.recipes import STEPWISE
from training.networks import backbones, weights
from training.train import train

QUICK, BEST, COMPACT = (PRESETS[key].recipe for key in ("quick", "best", "compact"))


def _small(recipe: TrainingRecipe, **changes: object) -> TrainingRecipe:
    values = {"epochs": 2, "batch_size": 8, "image_size": 64, "warm_up": 0} | changes
    return msgspec.structs.replace(recipe, **values)


def _train(
    samples: Path, recipe: TrainingRecipe, start_from: str | None = None
) -> tuple[ModelSaved, list[TrainingEvent]]:
    events: list[TrainingEvent] = []
    request = TrainRequested(dataset=str(samples), recipe=recipe, name="Tried out", start_from=start_from)
    return train(request, events.append), events


@pytest.fixture(scope="module")
def one_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recipes-home")


@pytest.fixture(autouse=True)
def home(one_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Features are computed once for all tests here, and what one has trained others go on with."""
    monkeypatch.setenv("SCENE_DESKTOP_HOME", str(one_home))


@pytest.fixture(scope="module")
def tuned(samples: Path, one_home: Path) -> ModelSaved:
    """A network whose last blocks were trained."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCENE_DESKTOP_HOME", str(one_home))
        return _train(samples, _small(BEST, learning_rate=1e-3))[0]


@pytest.fixture(scope="module")
def compact(samples: Path, one_home: Path) -> ModelSaved:
    """A compact network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCENE_DESKTOP_HOME", str(one_home))
        return _train(samples, _small(COMPACT))[0]


def _tensors(saved: ModelSaved) -> Tensors:
    return tensors.read(load_model(Path(saved.folder)).weights())


def _changed(saved: ModelSaved) -> set[str]:
    """The layers of the pretrained backbone that are no longer as they were."""
    pretrained, trained = weights.read_file(backbones.weights_file()), _tensors(saved)
    return {
        name.split("_")[0]
        for name, values in pretrained.items()
        if not np.array_equal(values.astype(np.float32), trained[name].astype(np.float32))
    }


def test_the_last_blocks_are_trained_and_the_trunk_is_not(tuned: ModelSaved) -> None:
    assert _changed(tuned) == {"block12", "block13", "block14", "block15", "top"}


def test_the_whole_pretrained_network_can_be_trained(samples: Path) -> None:
    saved, _ = _train(samples, _small(BEST, trained_part=TrainedPart.WHOLE, learning_rate=1e-3, epochs=1))
    assert {"stem", "block00", "block15", "top"} <= _changed(saved)


def test_a_head_leaves_the_backbone_at_any_image_size(samples: Path) -> None:
    saved, _ = _train(samples, _small(QUICK, choose_view=False))
    assert saved.card.image_size == 64
    assert not _changed(saved)


def test_the_compact_network_trains_and_goes_on(samples: Path, compact: ModelSaved) -> None:
    recipe = _small(COMPACT, learning_rate=1e-7, epochs=1)
    again, events = _train(samples, recipe, start_from=compact.folder)
    kernels = [_tensors(saved)["stem_conv/kernel"].astype(np.float32) for saved in (compact, again)]
    assert np.abs(kernels[0] - kernels[1]).max() < 1e-3
    assert [event.epoch for event in events if isinstance(event, EpochEnded)] == [1]


def test_a_training_of_the_head_goes_on_with_the_backbone_of_a_finetuned_model(
    samples: Path, tuned: ModelSaved
) -> None:
    again, _ = _train(samples, _small(STEPWISE), start_from=tuned.folder)
    assert _changed(again) == _changed(tuned)
    for name, values in _tensors(tuned).items():
        if name.startswith(("block", "top")):
            assert np.array_equal(values, _tensors(again)[name])


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (_small(QUICK), "its network is compact-cnn"),
        (_small(COMPACT, image_size=80), "it looks at 64 px, and the recipe wants 80 px"),
    ],
)
def test_a_model_that_does_not_fit_the_recipe_is_refused_in_words(
    samples: Path, compact: ModelSaved, recipe: TrainingRecipe, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        _train(samples, recipe, start_from=compact.folder)


def test_pixels_can_be_blended(samples: Path) -> None:
    saved, _ = _train(samples, _small(COMPACT, epochs=1, blending=0.4))
    assert saved.card.epochs_run == 1
