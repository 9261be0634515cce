"""What a recipe is worth on a photo set: trained as a person does, and tested by the app's own path."""

import shutil
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from development.panel.figures import figures
from development.panel.processes import ask
from development.panel.results import Result, Training
from development.panel.sets import PhotoSet, labels_of, make_draw
from development.panel.train_one import Trained
from scene_desktop.core import locations
from scene_desktop.core.classify.classifier import CompiledModel
from scene_desktop.core.classify.pipeline import ClassifyEvent, PhotosClassified, classify
from scene_desktop.core.errors import SceneError
from scene_desktop.core.models.library import StoredModel, load_model
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.events import TrainRequested

_LEFT = ("models", "runs", "datasets", "logs")
"""What trainings leave in the home of the app, besides the cache."""


def measure(photo_set: PhotoSet, recipe: TrainingRecipe, home: Path, *, timed: bool) -> Result:
    """Trains and tests one model.

    Args:
        home: The home of the app, where everything that earlier trainings have left is removed.
        timed: Remove the cached features too, so that the seconds are those of a first training.

    Raises:
        SceneError: The training failed, or a photo of the test cannot be read.
    """
    _clear(home, timed)
    if photo_set.per_class:
        make_draw(photo_set)
    request = TrainRequested(dataset=str(photo_set.train), recipe=recipe, name=photo_set.name)
    started_s = time.time()
    trained = ask("development.panel.train_one", request, Trained, {locations.HOME_VARIABLE: str(home)})
    model = load_model(Path(trained.folder))
    scores = test_scores(model, photo_set)
    card = model.card
    if card.validation_accuracy is None:
        raise SceneError(
            f"The model of “{photo_set.name}” does not tell its accuracy. Expected one on its card."
        )
    return Result(
        title=f"{recipe.preset} on {photo_set.name}, seed {recipe.seed}",
        test=figures(scores, labels_of(photo_set.test)),
        training=Training(
            accuracy=card.validation_accuracy,
            photos=card.validation_photos,
            seconds=round(trained.at_s - started_s, 2) if timed else None,
        ),
    )


def _clear(home: Path, features_too: bool) -> None:
    for name in (*_LEFT, *(("cache",) if features_too else ())):
        shutil.rmtree(home / name, ignore_errors=True)


def test_scores(model: StoredModel, photo_set: PhotoSet) -> NDArray[np.float32]:
    """What a model says about the test photos, as the app would; float32 `(photos, classes)`, in their order.

    Raises:
        SceneError: One of them cannot be read, or the model cannot be loaded.
    """
    paths = [photo.path for photo in photo_set.test]
    scores = np.zeros((len(paths), len(photo_set.classes)), np.float32)
    order = [photo_set.classes.index(name) for name in model.card.classes]

    def take(event: ClassifyEvent) -> None:
        for prediction in event.predictions if isinstance(event, PhotosClassified) else ():
            if prediction.scores is None:
                raise SceneError(f"“{prediction.path}” cannot be read any more: {prediction.error}")
            scores[prediction.index, order] = prediction.scores

    classify(paths, CompiledModel.of(model), take)
    return scores
