"""`scene-desktop share` and `import`: models that travel as one file."""

import os
from pathlib import Path
from typing import Annotated

import typer

from scene_desktop.commands.terminal import Exit, check_target, console, interruptible, say
from scene_desktop.core import sharing
from scene_desktop.core.errors import InputError, ModelFileError, Stopped
from scene_desktop.core.models.library import Library
from scene_desktop.core.runs.events import ImportRequested, ModelImported, Phase, PhaseChanged, TrainingEvent
from scene_desktop.work.engine_client import run_engine

_PHASE_WORDS = {
    Phase.READING: "Checking the file",
    Phase.STARTING: "Building its network",
    Phase.COMPILING: "Compiling and comparing",
    Phase.SAVING: "Adding it to the library",
}


def share(
    model: Annotated[str, typer.Argument(help="Name of a model, as “scene-desktop models” lists it.")],
    file: Annotated[Path, typer.Argument(help=f"The file to write; its name should end in {sharing.SUFFIX}.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace the file if it is there.")] = False,
) -> int:
    """Save a model as one file for others; no photo, path or name of a photo is in it."""
    found = Library().find(model)
    path = file if sharing.is_share_file(str(file)) else file.with_name(file.name + sharing.SUFFIX)
    check_target(str(path))
    if os.path.lexists(path) and not replace:
        raise InputError(f"“{path}” exists already. Choose another name, or add --replace.")
    sharing.share(found, path)
    say(f"“{found.card.name}” is in {path}. It is added with: scene-desktop import {path.name}")
    return Exit.DONE


def import_(
    file: Annotated[Path, typer.Argument(help="A share file, as “scene-desktop share” writes it.")],
) -> int:
    """Add a model that somebody has shared to the library."""
    try:
        sharing.check(file)
    except ModelFileError as error:
        raise InputError(str(error)) from error
    with console().status("Checking the file") as status, interruptible() as interrupted:

        def report(event: TrainingEvent) -> None:
            if isinstance(event, PhaseChanged):
                status.update(_PHASE_WORDS.get(event.phase, ""))

        try:
            ended = run_engine(ImportRequested(path=str(file.absolute())), report, interrupted)
        except Stopped:
            say("Stopped. The model was not added.")
            return Exit.INTERRUPTED
    assert isinstance(ended, ModelImported)
    if ended.is_new:
        say(f"“{ended.card.name}” is in the library: {', '.join(ended.card.classes)}.")
    else:
        say(f"The library has this model already, as “{ended.card.name}”. Nothing was added.")
    return Exit.DONE
