"""`scene-desktop self-test`: proves that this installation classifies and trains."""

import os
import tempfile
from pathlib import Path

from scene_desktop.commands import figures
from scene_desktop.commands.classify import find_model, run
from scene_desktop.commands.terminal import Exit, say
from scene_desktop.core import locations
from scene_desktop.core.datasets.samples import write_samples
from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.runs.events import EpochEnded, ModelSaved, PhaseChanged, TrainingEvent, TrainRequested
from scene_desktop.work.engine_client import run_engine

PICTURE = "self-test.jpg"


def self_test() -> int:
    """Classify the bundled picture and train a tiny data set in the engine."""
    picture = locations.resources_folder() / PICTURE
    model = find_model(None)
    verdicts, _ = run([str(picture)], model)
    verdict = verdicts[0]
    if verdict.best is None or verdict.confidence is None:
        say(f"The bundled picture cannot be read: {verdict.error}.")
        return Exit.FAILED
    name = model.card.classes[verdict.best]
    say(f"Classified the bundled picture with “{model.card.name}”: {name} ({verdict.confidence:.2f}).")
    with tempfile.TemporaryDirectory(prefix="scene-desktop-self-test-") as folder:
        _train(Path(folder))
    say("Everything works.")
    return Exit.DONE


def _train(folder: Path) -> None:
    """Trains in a home of its own, so that nothing is left in the person's library."""
    count = write_samples(folder / "samples", per_class=8)
    say(f"Training on {count} drawn pictures ...")
    before = os.environ.get(locations.HOME_VARIABLE)
    os.environ[locations.HOME_VARIABLE] = str(folder / "home")
    try:
        saved = run_engine(
            TrainRequested(
                dataset=str(folder / "samples"),
                recipe=with_changes(PRESETS["quick"].recipe, epochs=3, batch_size=16),
                name="Self-test",
            ),
            _tell,
        )
    finally:
        if before is None:
            del os.environ[locations.HOME_VARIABLE]
        else:
            os.environ[locations.HOME_VARIABLE] = before
    assert isinstance(saved, ModelSaved)
    card = saved.card
    say(
        f"Trained on {card.training_photos} pictures in {card.seconds:.0f} s; accuracy "
        f"{card.validation_accuracy:.2f} on {figures.judged(card.validation_photos, card.folds)}."
    )


def _tell(event: TrainingEvent) -> None:
    match event:
        case PhaseChanged():
            say(f"  {event.phase}")
        case EpochEnded():
            say(f"  epoch {event.epoch}: validation accuracy {event.validation_accuracy:.2f}")
