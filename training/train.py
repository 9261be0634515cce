"""One training, from a folder of photos to a model in the library.

TensorFlow is imported after the photos have been read, so a wrong folder is told at once.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core import images, metrics
from scene_desktop.core.card import Evaluation, ModelCard
from scene_desktop.core.errors import InputError, PhotoError, Stopped
from scene_desktop.core.events import ModelSaved, Phase, TrainRequested
from scene_desktop.core.library import Library, NewModel
from scene_desktop.core.presets import PRESETS
from scene_desktop.core.recipe import Network, with_changes
from training import environment
from training.control import Control
from training.features import Report
from training.hackathon import fit_hackathon
from training.material import Material, read_material
from training.quick import fit_quick
from training.runs import Run
from training.session import Session
from training.trained import Trained

PARITY_PHOTOS = 200
"""How many validation photos the compiled model is compared with Keras on."""

_LIMIT = "It always answers with one of its classes, also for a photo that shows none of them."
FitNetwork = Callable[[Session, Material], Trained]
_FITS: dict[Network, FitNetwork] = {Network.LITE0_HEAD: fit_quick, Network.HACKATHON_CNN: fit_hackathon}


def train(
    request: TrainRequested,
    report: Report,
    control: Control | None = None,
    fit_network: FitNetwork | None = None,
) -> ModelSaved:
    """Trains a model and adds it to the library.

    Args:
        report: Told every event from this thread, the last one being `ModelSaved`.
        control: Asked often whether to finish or to discard.
        fit_network: Another way to fit than the usual one of the recipe's network.

    Raises:
        InputError: The data set or the recipe cannot be used.
        TrainingError: The training or the check of its result failed.
        Stopped: It was discarded; nothing is left of it.
    """
    environment.prepare()
    recipe = with_changes(request.recipe)
    control = control or Control()
    session = Session(request, report, control, Run(request))
    control.leftovers.append(session.run.folder)
    try:
        session.enter(Phase.STARTING)
        fit_network = fit_network or _FITS[recipe.network]
        trained = fit_network(session, read_material(session))
        model = complete(session, trained)
        session.enter(Phase.SAVING)
        with control.saving:
            control.check()
            stored = Library().add(model)
            control.leftovers.clear()
        saved = ModelSaved(card=stored.card, folder=str(stored.folder), seconds=session.seconds())
        session.report(saved)
        return saved
    except (Stopped, InputError):
        session.run.remove()
        raise
    finally:
        session.run.close()


def complete(session: Session, trained: Trained) -> NewModel:
    """Calibrates, evaluates and compiles.

    Raises:
        TrainingError: The compiled model does not give the scores of the trained one.
        Stopped: The training is to be discarded.
    """
    from training import calibrate, compiling, weights

    model, labels = trained.model, trained.material.labels()[trained.material.training :]
    session.enter(Phase.CALIBRATING)
    temperature = calibrate.temperature(calibrate.logits(model, trained.before_scores), labels)
    calibrate.fold(model, temperature)
    weights.round_to_float16(model)  # before anything is measured, so that the figures are of what is saved

    session.enter(Phase.EVALUATING)
    scores = calibrate.softmax(calibrate.logits(model, trained.before_scores))
    evaluation = metrics.evaluate(scores, labels, trained.material.classes)

    session.enter(Phase.COMPILING)
    compiled = compiling.compile_model(model)
    session.control.check()
    sample = _sample(trained.material, session.recipe.image_size)
    compiling.require_agreement(model, compiled, sample)
    card = _card(session, trained, evaluation, temperature)
    return NewModel(card, weights.to_bytes(model), compiled, evaluation, trained.fit.history_csv())


def _sample(material: Material, image_size: int) -> NDArray[np.uint8]:
    """Up to 200 validation photos, spread over all of them; uint8 `(N, size, size, 3)`."""
    photos = material.validation_photos
    step = max(1, len(photos) // PARITY_PHOTOS)
    decoded = []
    for photo in photos[::step][:PARITY_PHOTOS]:
        try:
            decoded.append(images.load_photo(photo.path, (image_size, image_size)))
        except PhotoError:
            continue  # was readable a moment ago; the others are enough
    return np.stack(decoded) if decoded else np.zeros((1, image_size, image_size, 3), np.uint8)


def _card(session: Session, trained: Trained, evaluation: Evaluation, temperature: float) -> ModelCard:
    material, recipe = trained.material, session.recipe
    return ModelCard(
        name=session.request.name,
        classes=material.classes,
        network=recipe.network,
        image_size=recipe.image_size,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        recipe=recipe,
        dataset_name=material.name,
        training_photos=material.training,
        validation_photos=evaluation.photos,
        epochs_run=len(trained.fit.epochs),
        best_epoch=trained.fit.best_epoch,
        validation_accuracy=evaluation.accuracy,
        validation_crossentropy=evaluation.crossentropy,
        temperature=temperature,
        seconds=session.total_seconds(),
        software=environment.software(),
        notes=_notes(session, trained),
    )


def _notes(session: Session, trained: Trained) -> tuple[str, ...]:
    material, recipe = trained.material, session.recipe
    preset = PRESETS.get(recipe.preset)
    title = preset.title if preset else recipe.preset
    origin = f"Trained with the recipe “{title}” on {material.training:,} photos of “{material.name}”."
    measured = f"Measured on {len(material.validation_photos):,} other photos of the same data set."
    if recipe.validation_folder is not None:
        measured = f"Measured on {len(material.validation_photos):,} photos of a validation folder."
    backbone = "Built on EfficientNet-Lite0, pretrained on ImageNet (Apache-2.0)."
    return (origin, measured, *((backbone,) if recipe.network is Network.LITE0_HEAD else ()), _LIMIT)
