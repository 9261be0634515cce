"""One training, from a folder of photos to a model in the library.

TensorFlow is imported after the photos have been read, so a wrong folder is told at once.
"""

import contextlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.errors import InputError, ModelFileError, PhotoError, Stopped
from scene_desktop.core.models import library, metrics
from scene_desktop.core.models.card import Evaluation, ModelCard, PhotoResult
from scene_desktop.core.models.library import Library, NewModel, StoredModel
from scene_desktop.core.photos import images
from scene_desktop.core.photos.framing import View
from scene_desktop.core.recipes.parameters import with_changes, with_view
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.runs.events import (
    ModelSaved,
    Phase,
    ResumeRequested,
    RunStarted,
    TrainingEvent,
    TrainingKept,
    TrainRequested,
)
from scene_desktop.core.runs.stored import Ending
from scene_desktop.core.threads import Report
from training.photos import run_data
from training.photos.arrays import require_room
from training.photos.material import Material
from training.run import environment
from training.run.checkpoints import Checkpoints
from training.run.control import Control
from training.run.failures import failure
from training.run.folder import Run
from training.run.session import Session
from training.ways.trained import Trained

PARITY_PHOTOS = 200
"""How many validation photos the compiled model is compared with Keras on."""

_LEAST_ROOM = 300 * 2**20
"""Bytes that must be free before a training is begun."""

_LIMIT = "It always answers with one of its classes, also for a photo that shows none of them."


def train(
    request: TrainRequested | ResumeRequested,
    report: Report[TrainingEvent],
    control: Control | None = None,
) -> ModelSaved:
    """Trains a model and adds it to the library; or goes on with a training that was interrupted.

    Args:
        report: Told every event from this thread, the last one being `ModelSaved` or `TrainingKept`.
        control: Asked often whether to pause, to finish, to keep the run for later, or to discard it.

    Raises:
        InputError: The data set or the recipe cannot be used.
        TrainingError: The training or the check of its result failed; the run stays and can be resumed.
        Stopped: It was discarded, and nothing is left of it, or it was kept for later.
    """
    environment.prepare()
    control = control or Control()
    with _run_of(request, control, report) as session:
        return _complete(session)


@contextlib.contextmanager
def _run_of(
    request: TrainRequested | ResumeRequested, control: Control, report: Report[TrainingEvent]
) -> Iterator[Session]:
    """The session of a request; however it is left, the run's folder is in order afterwards."""
    if isinstance(request, ResumeRequested):
        run = Run.resume(request.run)
        if request.finish:
            control.finish()
    else:
        with_changes(request.recipe)
        _start(request)
        run = Run.begin(request)
    control.leftovers.append(run.folder)
    try:
        session = Session(report, control, run, _start_of(run))
        session.report(RunStarted(run=run.name))
        yield session
    except Stopped:
        if control.keeping():
            run.close()
            report(TrainingKept())
        else:
            run.remove()
        raise
    except InputError as error:
        if not run.is_resumed:
            run.remove()
        else:
            _note_failure(run, error)
        raise
    except Exception as error:
        _note_failure(run, error)
        raise
    finally:
        run.close()


def _start(request: TrainRequested) -> StoredModel | None:
    return None if request.start_from is None else library.load_model(Path(request.start_from))


def _start_of(run: Run) -> StoredModel | None:
    """The model that a run goes on with; not needed any more where a checkpoint holds all of it."""
    try:
        return _start(run.request)
    except ModelFileError:
        if run.is_resumed and run.request.recipe.sees_pixels and Checkpoints(run.folder).exist():
            return None
        raise


def _note_failure(run: Run, error: Exception) -> None:
    with contextlib.suppress(OSError):  # without it the run counts as interrupted, which is as good
        run.end(Ending.FAILED, failure(error).message)


def _complete(session: Session) -> ModelSaved:
    saved = _already_saved(session)
    if saved is None:
        session.enter(Phase.STARTING)
        require_room(session.run.folder, _LEAST_ROOM)
        material = run_data.material_of(session)
        from training.ways.choose import fit_network

        trained = fit_network(session, material)
        model = complete(session, trained)
        session.enter(Phase.SAVING)
        saved = _save(session, model)
    session.persist("the result", lambda: session.run.end(Ending.COMPLETED, saved=saved))
    session.checkpoints.remove()
    session.control.leftovers.clear()
    session.report(saved)
    return saved


def _already_saved(session: Session) -> ModelSaved | None:
    """The result of a run that was interrupted after its model had been saved."""
    stored = _model_of(session.run.name) if session.run.is_resumed else None
    if stored is None:
        return None
    return ModelSaved(card=stored.card, folder=str(stored.folder), seconds=session.seconds())


def _model_of(run: str) -> StoredModel | None:
    return next((stored for stored in Library().models() if stored.card.run == run), None)


def _save(session: Session, model: NewModel) -> ModelSaved:
    def add() -> StoredModel:
        # The disk may have failed after the model was complete already.
        stored = _model_of(session.run.name) or Library().add(model)
        session.control.leftovers.append(stored.folder)  # until it is told: a discard takes it back
        return stored

    stored = session.persist("the model", add)
    if session.control.leaving() and not session.control.keeping():
        shutil.rmtree(stored.folder, ignore_errors=True)
        raise Stopped
    return ModelSaved(card=stored.card, folder=str(stored.folder), seconds=session.seconds())


def complete(session: Session, trained: Trained) -> NewModel:
    """Calibrates, evaluates and compiles.

    Raises:
        TrainingError: The compiled model does not give the scores of the trained one.
        Stopped: The training is to be left.
    """
    from training.networks import calibrate, compiling, weights

    model, material = trained.model, trained.material
    labels = np.array([photo.label for photo in material.measured_photos], np.int64)
    session.enter(Phase.CALIBRATING)
    temperature = calibrate.temperature(_logits(trained), labels)
    calibrate.fold(model, temperature)
    weights.round_to_float16(model)  # before anything is measured, so that the figures are of what is saved

    session.enter(Phase.EVALUATING)
    if trained.logits is None:
        scores = calibrate.softmax(_logits(trained))
    else:
        scores = calibrate.cross_fitted(trained.logits, labels, material.folds, temperature)
    evaluation = metrics.evaluate(scores, labels, material.classes)

    session.enter(Phase.COMPILING)
    compiled = compiling.compile_model(model)
    session.control.check()
    sample = _sample(material, trained.view)
    compiling.require_agreement(model, compiled, sample)
    return NewModel(
        card=_card(session, trained, evaluation, temperature),
        weights=weights.to_bytes(model),
        compiled=compiled,
        evaluation=evaluation,
        history_csv=trained.fit.history_csv(),
        photo_results=_photo_results(material, scores),
    )


def _logits(trained: Trained) -> NDArray[np.float64]:
    """Of the photos that the figures are of, as they are at the moment."""
    from training.networks import calibrate

    if trained.logits is not None:
        return trained.logits
    assert trained.before_scores is not None
    return calibrate.logits(trained.model, trained.before_scores)


def _photo_results(material: Material, scores: NDArray[np.float32]) -> tuple[PhotoResult, ...]:
    return tuple(
        PhotoResult(
            run_data.relative_path(photo.path, material.classes, photo.label),
            photo.digest.hex(),
            photo.label,
            int(row.argmax()),
            round(float(row.max()), 4),
        )
        for photo, row in zip(material.measured_photos, scores, strict=True)
    )


def _sample(material: Material, view: View) -> NDArray[np.uint8]:
    """Up to 200 measured photos, spread over all of them; uint8 `(N, side, side, 3)`."""
    photos = material.measured_photos
    step = max(1, len(photos) // PARITY_PHOTOS)
    decoded = []
    for photo in photos[::step][:PARITY_PHOTOS]:
        try:
            decoded.append(images.load_view(photo.path, view))
        except PhotoError:
            continue  # was readable a moment ago; the others are enough
    return np.stack(decoded) if decoded else np.zeros((1, *view.size, 3), np.uint8)


def _card(session: Session, trained: Trained, evaluation: Evaluation, temperature: float) -> ModelCard:
    material, recipe = trained.material, session.recipe
    return ModelCard(
        name=session.request.name,
        classes=material.classes,
        network=recipe.network,
        image_size=trained.view.side,
        framing=trained.view.framing,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        recipe=with_view(recipe, trained.view),
        dataset_name=material.name,
        dataset_fingerprint=run_data.fingerprint(material.classes, material.photos),
        run=session.run.name,
        training_photos=material.training,
        validation_photos=evaluation.photos,
        folds=material.fold_count,
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
    notes = [f"Trained with the recipe “{title}” on {material.training:,} photos of “{material.name}”."]
    if session.start is not None:
        notes.append(f"It goes on from the model “{session.start.card.name}”.")
    count = len(material.measured_photos)
    if material.folds is not None:
        notes.append(
            f"Measured on the same {count:,} photos, each by a model that learned from the others of "
            f"{material.fold_count} parts only."
        )
    elif recipe.validation_folder is None:
        notes.append(f"Measured on {count:,} other photos of the same data set.")
    else:
        notes.append(f"Measured on {count:,} photos of a validation folder.")
    if recipe.network.is_pretrained:
        notes.append("Built on EfficientNet-Lite0, pretrained on ImageNet (Apache-2.0).")
    return (*notes, _LIMIT)
