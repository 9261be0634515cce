"""Trains one model from the command line: `python -m training FOLDER --recipe quick`."""

import argparse
import sys
from pathlib import Path

from scene_desktop.core.errors import SceneError, Stopped
from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.runs.events import (
    BatchEnded,
    DataSetRead,
    EpochEnded,
    ModelSaved,
    PhaseChanged,
    PhotoSkipped,
    Progressed,
    TrainingEvent,
    TrainRequested,
    ViewChosen,
)
from training.train import train


def main() -> int:
    """Returns the exit code: 0 for a saved model, 1 for a failed training, 130 when interrupted."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with one folder of photos for each class")
    parser.add_argument("--recipe", choices=PRESETS, default="quick")
    parser.add_argument("--name", help="name of the model (default: that of the folder)")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seed", type=int)
    chosen = parser.parse_args()
    changes = {key: value for key in ("epochs", "seed") if (value := getattr(chosen, key)) is not None}
    try:
        recipe = with_changes(PRESETS[chosen.recipe].recipe, **changes)
        name = chosen.name or chosen.folder.absolute().name
        train(TrainRequested(dataset=str(chosen.folder), recipe=recipe, name=name), show)
    except SceneError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (Stopped, KeyboardInterrupt):
        return 130
    return 0


def show(event: TrainingEvent) -> None:
    """Prints an event in words."""
    text = _in_words(event)
    if text:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _in_words(event: TrainingEvent) -> str:
    match event:
        case PhaseChanged():
            return f"{event.phase} ..."
        case Progressed():
            rate = f", {event.per_second:.0f} a second" if event.per_second else ""
            return f"  {event.done:,} of {event.total:,}{rate}"
        case PhotoSkipped():
            return f"  skipped {event.path}: {event.reason}"
        case DataSetRead():
            return f"  {len(event.classes)} classes, {event.training:,} + {event.validation:,} photos"
        case EpochEnded():
            return (
                f"  epoch {event.epoch}: {event.accuracy:.4f} / {event.crossentropy:.4f}, validation "
                f"{event.validation_accuracy:.4f} / {event.validation_crossentropy:.4f}"
                f"{', best' if event.best else ''} ({event.seconds:.1f} s)"
            )
        case ModelSaved():
            steps = ", ".join(f"{name} {value:.1f}" for name, value in event.seconds.items())
            card = event.card
            return (
                f"“{card.name}”: accuracy {card.validation_accuracy:.4f}, crossentropy "
                f"{card.validation_crossentropy:.4f}, {card.seconds:.0f} s ({steps})\n{event.folder}"
            )
        case ViewChosen():
            return f"  {event.side} px, {event.framing}; {len(event.tried)} tried on {event.photos:,} photos"
        case BatchEnded():
            return ""
        case _:
            return str(event)


if __name__ == "__main__":
    sys.exit(main())
