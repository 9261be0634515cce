"""Made-up trainings: their course, the models that came of them, and the folders they left."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from scene_desktop.core import locations
from scene_desktop.core.models.card import ModelCard, PhotoResult
from scene_desktop.core.models.library import Library, NewModel, save_model
from scene_desktop.core.models.metrics import evaluate
from scene_desktop.core.photos.framing import Framing, View
from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import Optimizer, TrainingRecipe
from scene_desktop.core.runs import stored
from scene_desktop.core.runs.events import (
    BatchEnded,
    CheckpointSaved,
    DeviceChosen,
    EpochEnded,
    ModelSaved,
    Phase,
    TrainingEvent,
    TrainRequested,
    TriedView,
    ViewChosen,
    encode_line,
)
from scene_desktop.core.runs.stored import Ending, RunData, RunPhoto, RunResult, RunStart

SOLVED = PRESETS["quick"].recipe
RECIPE = with_changes(
    SOLVED,
    choose_view=False,
    optimizer=Optimizer.ADAM,
    versions=0,
    epochs=60,
    batch_size=16,
    learning_rate=5e-5,
)
"""Trained step by step, so that there are epochs to look at."""

VIEW = ViewChosen(
    side=224,
    framing=Framing.CUT,
    photos=300,
    tried=(
        *(TriedView(side, Framing.SQUASH, nats) for side, nats in ((160, 0.418), (224, 0.383), (288, 0.39))),
        *(TriedView(224, framing, nats) for framing, nats in ((Framing.CUT, 0.342), (Framing.PAD, 0.401))),
        *(TriedView(side, Framing.CUT, nats) for side, nats in ((160, 0.377), (288, 0.351))),
    ),
)
FOLDS, ITERATIONS = 5, 34
DEVICE = DeviceChosen(kind="CPU", name="Made-up processor", cores=2)
FINGERPRINT = "0123456789abcdef"
_BATCHES = 6


@dataclass(frozen=True)
class Photos:
    """The photos of a data set; every fifth of a class is held back."""

    root: Path
    classes: tuple[str, ...]
    training: tuple[RunPhoto, ...]
    validation: tuple[RunPhoto, ...]

    @classmethod
    def of(cls, root: Path) -> "Photos":
        classes = tuple(sorted(path.name for path in root.iterdir() if path.is_dir()))
        training: list[RunPhoto] = []
        validation: list[RunPhoto] = []
        for label, name in enumerate(classes):
            for number, path in enumerate(sorted((root / name).iterdir())):
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                (training if number % 5 else validation).append(RunPhoto(str(path), label, digest))
        return cls(root, classes, tuple(training), tuple(validation))

    @property
    def all(self) -> tuple[RunPhoto, ...]:
        return tuple(sorted(self.training + self.validation, key=lambda photo: photo.label))

    @property
    def data(self) -> RunData:
        return RunData(
            root=str(self.root),
            name=self.root.name,
            classes=self.classes,
            fingerprint=FINGERPRINT,
            training=self.training,
            validation=self.validation,
        )


def course(epochs: int, planned: int, seed: int, top: float = 0.94) -> Iterator[TrainingEvent]:
    """A training that comes close to the accuracy `top`, epoch by epoch."""
    chance = np.random.default_rng(seed)
    best = np.inf
    for epoch in range(1, epochs + 1):
        come = 1 - np.exp(-epoch / 5)
        accuracy = float(np.clip(0.2 + (top - 0.2) * come + chance.normal(0, 0.012), 0, 1))
        crossentropy = float(1.75 * (1 - come) + 0.16 + abs(chance.normal(0, 0.03)))
        for batch in range(1, _BATCHES):
            yield BatchEnded(
                position=epoch - 1 + batch / _BATCHES,
                accuracy=float(np.clip(accuracy + chance.normal(0, 0.03), 0, 1)),
                crossentropy=float(abs(crossentropy + chance.normal(0, 0.08))),
            )
        validation = crossentropy * 0.8 + 0.04 + float(abs(chance.normal(0, 0.02)))
        yield EpochEnded(
            epoch=epoch,
            epochs=planned,
            accuracy=accuracy,
            crossentropy=crossentropy,
            validation_accuracy=float(np.clip(accuracy + 0.02 + chance.normal(0, 0.006), 0, 1)),
            validation_crossentropy=validation,
            seconds=0.4 + 0.01 * (epoch % 3),
            best=validation < best,
        )
        best = min(best, validation)
        if epoch % 5 == 0:
            yield CheckpointSaved(position=float(epoch))


def solving(iterations: int, planned: int) -> Iterator[EpochEnded]:
    """A head that is solved, iteration by iteration."""
    for number in range(1, iterations + 1):
        left = float(np.exp(-number / 6))
        yield EpochEnded(
            epoch=number,
            epochs=planned,
            accuracy=0.995 - 0.6 * left,
            crossentropy=0.05 + 1.7 * left,
            validation_accuracy=0.86 - 0.5 * left,
            validation_crossentropy=0.34 + 1.4 * left,
            seconds=0.2,
            best=True,
        )


def add_model(
    photos: Photos,
    name: str,
    created: str,
    run: str,
    seed: int,
    sure: float,
    recipe: TrainingRecipe = RECIPE,
) -> ModelSaved:
    """Puts a model into the library that is right about as often as `sure` (about 2 to 5) is large."""
    chance = np.random.default_rng(seed)
    judged = photos.all if recipe.is_solved else photos.validation
    view = View(VIEW.side, VIEW.framing) if recipe.chooses_view else recipe.view
    labels = np.array([photo.label for photo in judged], dtype=np.int64)
    raw = chance.normal(0, 1, (len(labels), len(photos.classes)))
    raw[np.arange(len(labels)), labels] += sure
    scores = (np.exp(raw) / np.exp(raw).sum(axis=1, keepdims=True)).astype(np.float32)
    found = evaluate(scores, labels, photos.classes)
    card = ModelCard(
        name=name,
        classes=photos.classes,
        network=recipe.network,
        image_size=view.side,
        framing=view.framing,
        created=created,
        recipe=recipe,
        dataset_name=photos.root.name,
        dataset_fingerprint=FINGERPRINT,
        run=run,
        training_photos=len(photos.all if recipe.is_solved else photos.training),
        validation_photos=len(judged),
        folds=FOLDS if recipe.is_solved else 0,
        epochs_run=ITERATIONS if recipe.is_solved else 24,
        best_epoch=ITERATIONS if recipe.is_solved else 22,
        validation_accuracy=found.accuracy,
        validation_crossentropy=found.crossentropy,
        seconds=34.0,
        software="Scene Desktop",
        notes=("Made up for pictures of the window.",),
    )
    results = tuple(
        PhotoResult(
            path=str(Path(photo.path).relative_to(photos.root)),
            digest=photo.digest,
            label=photo.label,
            predicted=int(row.argmax()),
            confidence=round(float(row.max()), 4),
        )
        for photo, row in zip(judged, scores, strict=True)
    )
    twin = Library().default()
    folder = locations.models_folder() / name.lower().replace(" ", "-")
    model = NewModel(card, twin.weights(), twin.compiled(), found, "", results)
    seconds = {str(Phase.FEATURES): 12.0, str(Phase.TRAINING): 10.0, str(Phase.COMPILING): 6.0}
    return ModelSaved(card=save_model(folder, model), folder=str(folder), seconds=seconds)


def write_run(
    photos: Photos, name: str, began: str, recipe: TrainingRecipe, events: list[TrainingEvent]
) -> Path:
    """The folder of a training that has not ended yet; `began` in ISO 8601, UTC."""
    folder = locations.runs_folder() / f"{began[:10].replace('-', '')}-{began[11:19].replace(':', '')}-aaaaaa"
    folder.mkdir(parents=True)
    request = TrainRequested(dataset=str(photos.root), recipe=recipe, name=name)
    (folder / stored.REQUEST).write_bytes(msgspec.json.encode(RunStart(began=began, request=request)))
    (folder / stored.DATA).write_bytes(msgspec.json.encode(photos.data))
    (folder / stored.EVENTS).write_bytes(b"".join(map(encode_line, events)))
    (folder / "checkpoint-1.bin").write_bytes(b"")
    return folder


def end_run(
    folder: Path, ending: Ending, ended: str, message: str = "", saved: ModelSaved | None = None
) -> None:
    """Notes how a training ended."""
    result = RunResult(ending=ending, ended=ended, fingerprint=FINGERPRINT, message=message, saved=saved)
    (folder / stored.RESULT).write_bytes(msgspec.json.encode(result))


def write_earlier_runs(data: Path) -> None:
    """Two completed trainings, one that failed and one that was cut off, all before those of the walk."""
    photos = Photos.of(data)
    larger = with_changes(RECIPE, learning_rate=2e-4, epochs=30)
    for name, began, recipe, seed, sure in (
        ("Scenes, first try", "2026-11-20T09:00:00+00:00", larger, 11, 2.2),
        ("Scenes, second try", "2026-11-21T14:30:00+00:00", RECIPE, 12, 3.0),
    ):
        events = [DEVICE, *course(24, recipe.epochs, seed, 0.7 + sure / 15)]
        folder = write_run(photos, name, began, recipe, events)
        saved = add_model(photos, name, began, folder.name, seed, sure)
        end_run(folder, Ending.COMPLETED, began, saved=saved)
    events = [DEVICE, *course(2, 60, 13)]
    failed = write_run(photos, "Too large steps", "2026-11-22T08:15:00+00:00", RECIPE, events)
    end_run(failed, Ending.FAILED, "2026-11-22T08:16:00+00:00", "Loss became NaN in epoch 3.")
    write_run(photos, "Cut off", "2026-11-23T18:45:00+00:00", RECIPE, [DEVICE, *course(9, 60, 14)])
