"""`scene-desktop models` and `samples`: looking at the library, making a first data set."""

from pathlib import Path
from typing import Annotated

import typer

from scene_desktop.commands import figures
from scene_desktop.commands.terminal import (
    Exit,
    say,
    write_result,
)
from scene_desktop.core.datasets.samples import NOTE, write_samples
from scene_desktop.core.models.library import DamagedModel, Library


def models() -> int:
    """List the models of the library."""
    entries = Library().entries()
    lines = []
    for entry in entries:
        if isinstance(entry, DamagedModel):
            lines.append(f"{entry.folder.name}: damaged. {entry.reason}")
            continue
        card = entry.card
        accuracy = ""
        if card.validation_accuracy is not None:
            accuracy = f"  accuracy {figures.accuracy(card.validation_accuracy, card.validation_photos, 3)}"
        origin = "built in" if entry.built_in else card.created[:10]
        lines.append(f"{card.name}  ({origin}){accuracy}  {', '.join(card.classes)}")
    write_result("-", lambda stream: stream.writelines(line + "\n" for line in lines))
    return Exit.DONE


def samples(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    per_class: Annotated[int, typer.Option(min=2, max=10_000, help="Pictures of each class.")] = 40,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same pictures.")] = 1,
) -> int:
    """Draw a small synthetic data set for a first try."""
    count = write_samples(folder, per_class, seed)
    say(f"Drew {count} pictures into {folder}. {' '.join(NOTE.split())}")
    return Exit.DONE
