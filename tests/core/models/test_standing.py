"""What a person makes of an accuracy: certain steps only, and which class needs photos most."""

import numpy as np
import pytest

from scene_desktop.core.models.card import Evaluation, ModelCard
from scene_desktop.core.models.metrics import evaluate
from scene_desktop.core.models.standing import Level, standing
from scene_desktop.core.recipes.recipe import Network


def measured(counts: dict[str, tuple[int, int]]) -> tuple[ModelCard, Evaluation]:
    """Card and evaluation of a model, from how many photos of each class were right, and how many there are."""
    labels, guesses = [], []
    for label, (right, photos) in enumerate(counts.values()):
        labels += [label] * photos
        guesses += [label] * right + [(label + 1) % len(counts)] * (photos - right)
    scores = np.eye(len(counts), dtype=np.float32)[guesses]
    found = evaluate(scores, np.array(labels, np.int64), tuple(counts))
    card = ModelCard(
        name="A",
        classes=tuple(counts),
        network=Network.LITE0,
        image_size=224,
        created="2025-01-02T10:00:00Z",
        validation_photos=len(labels),
        validation_accuracy=found.accuracy,
    )
    return card, found


@pytest.mark.parametrize(
    ("counts", "level"),
    [
        ({"a": (3, 6), "b": (3, 6)}, Level.GUESSING),
        ({"a": (1, 1), "b": (2, 2)}, Level.GUESSING),  # all right, and still three photos only
        ({"a": (90, 90), "b": (0, 10)}, Level.GUESSING),  # as good as always saying the largest class
        ({"a": (60, 100), "b": (70, 100)}, Level.UNRELIABLE),
        ({"a": (9, 10), "b": (9, 10)}, Level.UNCERTAIN),
        ({"a": (92, 100), "b": (90, 100)}, Level.GOOD),
        ({"a": (99, 100), "b": (100, 100)}, Level.VERY_GOOD),
    ],
)
def test_a_step_is_reached_when_it_is_certain(counts: dict[str, tuple[int, int]], level: Level) -> None:
    found = standing(*measured(counts))
    assert found is not None
    assert found.level is level


def test_the_class_that_is_found_least_needs_photos_most() -> None:
    found = standing(*measured({"sea": (19, 20), "forest": (12, 20), "street": (18, 20)}))
    assert found is not None
    assert found.weakest is not None
    assert (found.weakest.name, found.weakest.photos) == ("forest", 20)
    alike = standing(*measured({"sea": (19, 20), "forest": (19, 20)}))
    assert alike is not None
    assert alike.weakest is None


def test_without_an_evaluation_guessing_is_one_of_the_classes() -> None:
    card, _ = measured({"a": (60, 100), "b": (70, 100)})
    found = standing(card, None)
    assert found is not None
    assert (found.level, found.weakest) == (Level.UNRELIABLE, None)


def test_a_model_that_was_never_measured_has_no_standing() -> None:
    card = ModelCard(name="A", classes=("a",), network=Network.LITE0, image_size=224, created="")
    assert standing(card, None) is None
