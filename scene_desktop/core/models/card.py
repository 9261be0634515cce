"""The card of a model: what it is, how it was made, and how well it does."""

from typing import Annotated

import msgspec
from msgspec import Meta

from scene_desktop.core.photos.framing import Framing, View
from scene_desktop.core.recipes.recipe import Network, TrainingRecipe

FORMAT = 2
"""Of a card; 2 tells how photos are framed."""

Share = Annotated[float, Meta(ge=0.0, le=1.0)]


class ClassFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How one class does on the evaluated photos; the shares are 0 where they are undefined."""

    name: str
    photos: int
    precision: Share
    recall: Share
    f1: Share


class ThresholdPrice(msgspec.Struct, frozen=True, kw_only=True):
    """What it costs to call photos below `threshold` unsure.

    Attributes:
        decided: Share of the photos whose confidence reaches the threshold.
        right: Share of the decided photos that are right; 1.0 if none is decided.
    """

    threshold: Share
    decided: Share
    right: Share


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """Results on labelled photos that took no part in the fit.

    Attributes:
        crossentropy: Mean categorical crossentropy in nats.
        confusion: `confusion[true][predicted]` counts photos, classes in the model's order.
        prices: Rising thresholds from 0.00 to 0.99.
    """

    classes: tuple[str, ...]
    photos: int
    accuracy: Share
    crossentropy: float
    confusion: tuple[tuple[int, ...], ...]
    per_class: tuple[ClassFigures, ...]
    prices: tuple[ThresholdPrice, ...] = ()


class PhotoResult(msgspec.Struct, frozen=True, array_like=True):
    """What a model says about one photo of its validation.

    Attributes:
        path: Relative to the data set, with slashes.
        digest: Of the file's content, in hex: the identity of the photo.
        label, predicted: Indices of the true and of the predicted class.
        confidence: Score of the predicted class.
    """

    path: str
    digest: str
    label: int
    predicted: int
    confidence: float


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about a model; `card.json` in its folder.

    Attributes:
        classes: Names in the order of the scores.
        created: ISO 8601, UTC.
        dataset_fingerprint: See `scene_desktop.core.runs.stored.RunData`. run: Name of the run it came from.
        temperature: Already folded into the last layer; scores come out calibrated (Guo et al., 2017).
        weights_sha256: Of `weights.safetensors`. compiled_sha256: Of `model.tflite`.
        folds: How many models judged the photos, each the part that it did not learn from, so that the model
            itself could learn from all of them; 0 where it was measured on photos kept apart.
        notes: Sentences about origin and limits, for people.
    """

    format: int = FORMAT
    name: Annotated[str, Meta(min_length=1, max_length=120)]
    classes: tuple[str, ...]
    network: Network
    image_size: Annotated[int, Meta(ge=16, le=1024)]
    framing: Framing = Framing.SQUASH
    created: str
    recipe: TrainingRecipe | None = None
    dataset_name: str = ""
    dataset_fingerprint: str = ""
    run: str = ""
    training_photos: int = 0
    validation_photos: int = 0
    folds: int = 0
    epochs_run: int = 0
    best_epoch: int = 0
    validation_accuracy: float | None = None
    validation_crossentropy: float | None = None
    temperature: float = 1.0
    seconds: float = 0.0
    weights_sha256: str = ""
    compiled_sha256: str = ""
    software: str = ""
    notes: tuple[str, ...] = ()

    @property
    def view(self) -> View:
        """What the model sees of a photo."""
        return View(self.image_size, self.framing)
