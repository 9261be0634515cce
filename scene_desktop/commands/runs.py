"""`scene-desktop runs`, `resume` and `discard`: the trainings that were begun, and what to do with them."""

from typing import Annotated

import msgspec
import typer

from scene_desktop.commands import figures
from scene_desktop.commands.classify import JsonOption
from scene_desktop.commands.following import follow
from scene_desktop.commands.terminal import Exit, check_target, say, write_json_result, write_result
from scene_desktop.core.runs.events import ResumeRequested
from scene_desktop.core.runs.stored import StoredRun, find_run, remove_run, stored_runs

RunArgument = Annotated[str, typer.Argument(help="Name of the run, as “scene-desktop runs” lists it.")]


def runs(json: JsonOption = None) -> int:
    """List the trainings that were begun: recipe, result, duration, data set."""
    check_target(json)
    found = stored_runs()
    if json is not None:
        write_json_result(json, [_document(run) for run in found])
    else:
        write_result("-", lambda stream: stream.writelines(_line(run) + "\n" for run in found))
    return Exit.DONE


def resume(
    run: RunArgument,
    finish: Annotated[
        bool, typer.Option("--finish", help="Keep its best epoch so far instead of training on.")
    ] = False,
    json: JsonOption = None,
) -> int:
    """Go on with a training that was interrupted."""
    check_target(json)
    stored = find_run(run)
    return follow(ResumeRequested(run=stored.name, finish=finish), json, stored.history())


def discard(run: RunArgument) -> int:
    """Throw an interrupted training, or the record of a completed one, away; models stay."""
    stored = find_run(run)
    remove_run(stored)
    say(f"“{stored.request.name}” ({stored.name}) is in the trash.")
    return Exit.DONE


def _line(run: StoredRun) -> str:
    saved = run.result.saved if run.result else None
    accuracy = ""
    card = saved.card if saved is not None else None
    if card is not None and card.validation_accuracy is not None:
        shown = figures.accuracy(card.validation_accuracy, card.validation_photos)
        accuracy = f"  accuracy {shown}, {card.seconds:.0f} s"
    data = f"  data {run.result.fingerprint}" if run.result and run.result.fingerprint else ""
    return f"{run.name}  {run.ending:11}  {run.request.name}  ({run.request.recipe.preset}){accuracy}{data}"


def _document(run: StoredRun) -> dict[str, object]:
    return {
        "run": run.name,
        "ending": str(run.ending),
        "began": run.began,
        "request": msgspec.to_builtins(run.request),
        "result": msgspec.to_builtins(run.result),
    }
