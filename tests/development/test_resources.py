"""What ships in `resources/models`, and the program that makes it."""

from pathlib import Path

import numpy as np

from development.resources import build_resources
from scene_desktop.core import locations
from scene_desktop.core.classify.classifier import Classifier, CompiledModel, Network
from scene_desktop.core.models import library
from scene_desktop.core.photos import images
from scene_desktop.core.recipes.networks import LITE0_WIDE_FEATURES
from training.networks import architectures, backbones, compiling, weights

MODELS = locations.resources_folder() / "models"


def test_the_models_stay_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in MODELS.rglob("*") if path.is_file()) < 30e6


def test_the_shipped_extractor_is_compiled_from_the_shipped_weights(samples: Path) -> None:
    model = backbones.feature_extractor(160)
    backbones.load(model)
    compiled = (MODELS / "backbones" / "efficientnet-lite0.tflite").read_bytes()
    photos = np.stack([images.load_photo(path, (160, 160)) for path in sorted(samples.glob("*/*5.jpg"))])
    assert compiling.largest_difference(model, compiled, photos) <= 1e-3
    assert Network(compiled).output_width == LITE0_WIDE_FEATURES


def test_the_built_in_model_can_be_rebuilt_from_its_weights(samples: Path) -> None:
    stored = library.load_model(MODELS / "natural-scenes", built_in=True)
    card = stored.card
    assert card.name == library.BUILT_IN
    model = architectures.build(card.network, card.image_size, len(card.classes))
    weights.load(model, stored.weights())
    photos = np.stack([images.load_photo(path, (160, 160)) for path in sorted(samples.glob("*/*5.jpg"))])
    assert compiling.largest_difference(model, stored.compiled(), photos) <= 1e-3


def test_the_built_in_model_knows_its_figures_and_its_limits() -> None:
    stored = library.load_model(MODELS / "natural-scenes", built_in=True)
    assert stored.card.classes == ("buildings", "forest", "glacier", "mountain", "sea", "street")
    assert stored.card.validation_accuracy >= 0.925
    assert stored.evaluation().accuracy == stored.card.validation_accuracy
    assert any("Measured on" in note for note in stored.card.notes)


def test_the_built_in_model_gives_its_figure_again(scenes: Path) -> None:
    from scene_desktop.core.datasets.dataset import read_dataset
    from scene_desktop.core.datasets.splitting import split

    stored = library.load_model(MODELS / "natural-scenes", built_in=True)
    dataset = read_dataset(scenes)
    recipe = stored.card.recipe
    held_back = split(dataset, recipe.validation_share, recipe.seed).validation
    classifier = Classifier(CompiledModel.of(stored))
    part = held_back[::9]
    scores = [classifier.scores(images.load_photo(photo.path, (160, 160))[None])[0] for photo in part]
    accuracy = np.mean([row.argmax() == photo.label for row, photo in zip(scores, part, strict=True)])
    # 312 photos: three standard errors are 4.5 points.
    assert abs(accuracy - stored.card.validation_accuracy) < 0.045


def test_missing_photos_are_told_in_one_sentence(tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr("sys.argv", ["build_resources", "--data", str(tmp_path / "nowhere")])
    assert build_resources.main() == 2
    assert "Name their folder with --data" in capsys.readouterr().err
