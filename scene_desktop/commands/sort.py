"""`scene-desktop sort`: classified photos into one folder a class, and back."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, TextIO, TypeVar

import msgspec
import typer

from scene_desktop.commands.classify import JsonOption, ModelOption, check_paths, find_model, run
from scene_desktop.commands.terminal import (
    Exit,
    check_target,
    interruptible,
    progress_bar,
    say,
    write_json_result,
    write_result,
)
from scene_desktop.core import sorting
from scene_desktop.core.classify.predictions import DEFAULT_THRESHOLD
from scene_desktop.core.errors import InputError
from scene_desktop.core.sorting import (
    FailedPhoto,
    How,
    Plan,
    SortProgress,
    SortRecord,
    SortResult,
    SortSettings,
    SortState,
)
from scene_desktop.core.text import one_line
from scene_desktop.core.threads import Report, ShouldStop

_Result = TypeVar("_Result")
_ACTIONS = ("--plan", "--apply", "--resume", "--undo", "--list")


def sort(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Photos and folders of photos; after --resume or --undo, the sort's id."),
    ] = None,
    into: Annotated[
        Path | None, typer.Option("--into", help="Folder that gets one folder a class; made if needed.")
    ] = None,
    how: Annotated[How, typer.Option(help="What happens to each photo.")] = How.COPY,
    threshold: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Photos whose best score is lower are called unsure.")
    ] = DEFAULT_THRESHOLD,
    model: ModelOption = None,
    unsure: Annotated[
        bool, typer.Option("--unsure/--no-unsure", help="Sort unsure photos into “_unsure”, or leave them.")
    ] = True,
    unreadable: Annotated[
        bool,
        typer.Option("--unreadable/--no-unreadable", help="Sort those into “_unreadable”, or leave them."),
    ] = True,
    sidecars: Annotated[
        bool, typer.Option("--sidecars", help="Write the class as a keyword into an XMP file beside each.")
    ] = False,
    plan: Annotated[bool, typer.Option("--plan", help="Show what would be done; change nothing.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Sort the photos.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted sort.")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Put everything back; of the newest sort without an id.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="List the sorts that can be undone.")] = False,
    json: JsonOption = None,
) -> int:
    """Sort photos into one folder a class: --plan first, then --apply; --undo puts everything back."""
    given = [name for name, on in zip(_ACTIONS, (plan, apply, resume, undo, listed), strict=True) if on]
    if len(given) != 1:
        raise InputError(f"Expected one of {', '.join(_ACTIONS)}. Begin with --plan, which changes nothing.")
    check_target(json)
    named = paths or []
    if listed:
        return _list(json)
    if undo:
        return _undo(_id_of(named, SortState.UNFINISHED, SortState.DONE, SortState.UNDOING), json)
    if resume:
        return _resume(_id_of(named, SortState.UNFINISHED), json)
    if into is None or not named:
        raise InputError("Expected photos and a target, like “sort photos/ --into sorted/ --plan”.")
    check_paths(named)
    settings = SortSettings(into, how, threshold, unsure, unreadable, sidecars)
    made = _planned(named, model, settings)
    if made is None:
        return Exit.INTERRUPTED
    return _show_plan(made, json) if plan else _apply(made, json)


def _planned(paths: Sequence[str], model: str | None, settings: SortSettings) -> Plan | None:
    """Classifies and plans; None after Ctrl+C."""
    chosen = find_model(model)
    verdicts, summary = run(paths, chosen)
    if summary.stopped:
        say("Stopped; no photo was touched.")
        return None
    return sorting.make_plan(verdicts, chosen.card.classes, settings)


def _show_plan(plan: Plan, json: str | None) -> int:
    if json is None:
        write_result("-", lambda stream: _write_plan(stream, plan))
    else:
        write_json_result(json, _plan_document(plan))
    _summarize_plan(plan)
    return Exit.DONE if plan.ready else Exit.FAILED


def _apply(plan: Plan, json: str | None) -> int:
    for photo in plan.photos:
        if photo.problem:
            say(f"Left {photo.source}: {photo.problem}")
    result = _with_progress("Sorting", lambda report, stop: sorting.apply_plan(plan, report, stop))
    return _tell_sorted(result, json, blocked=plan.blocked)


def _resume(record_id: str, json: str | None) -> int:
    result = _with_progress("Sorting", lambda report, stop: sorting.resume(record_id, report, stop))
    return _tell_sorted(result, json, blocked=0)


def _undo(record_id: str, json: str | None) -> int:
    result = _with_progress("Undoing", lambda report, stop: sorting.undo(record_id, report, stop))
    for photo in result.left:
        say(f"Left {photo.target}: {photo.reason}.")
    say(f"Sort {record_id}: {result.restored} of {result.record.total} photos are as before.")
    write_json_result(json, _record_document(result.record) | {"left": _rows(result.left)})
    if result.stopped:
        say(f"Stopped. “scene-desktop sort --undo {record_id}” goes on.")
        return Exit.INTERRUPTED
    return Exit.FAILED if result.left else Exit.DONE


def _list(json: str | None) -> int:
    found = sorting.records()
    if json is not None:
        write_json_result(json, [_record_document(record) for record in found])
    else:
        write_result("-", lambda stream: stream.writelines(_line(record) for record in found))
    return Exit.DONE


def _tell_sorted(result: SortResult, json: str | None, *, blocked: int) -> int:
    record = result.record
    for photo in result.renamed:
        say(f"{photo.source} is now {photo.target}: {photo.reason}.")
    for photo in result.failed:
        say(f"Failed {photo.source}: {photo.reason}.")
    say(f"Sort {record.id}: {result.done} of {record.total} photos are in {record.target}.")
    document = {"failed": _rows(result.failed), "renamed": _rows(result.renamed)}
    write_json_result(json, _record_document(record) | document)
    if result.stopped:
        say(f"Stopped. “scene-desktop sort --resume {record.id}” goes on, --undo puts everything back.")
        return Exit.FAILED if result.failed else Exit.INTERRUPTED
    say(f"“scene-desktop sort --undo {record.id}” puts everything back.")
    return Exit.FAILED if result.failed or blocked else Exit.DONE


def _with_progress(title: str, work: Callable[[Report[SortProgress], ShouldStop], _Result]) -> _Result:
    with progress_bar() as progress, interruptible() as should_stop:
        task = progress.add_task(title, total=None, rate="")

        def report(event: SortProgress) -> None:
            progress.update(task, completed=event.done, total=event.total)

        return work(report, should_stop)


def _id_of(named: Sequence[str], *states: SortState) -> str:
    """The id that was given, or that of the newest sort in one of these states."""
    if len(named) > 1:
        raise InputError("Expected one id of a sort. “scene-desktop sort --list” shows them.")
    if named:
        return named[0]
    for record in sorting.records():
        if record.state in states:
            return record.id
    raise InputError("There is no sort for that. “scene-desktop sort --list” shows those there are.")


def _write_plan(stream: TextIO, plan: Plan) -> None:
    for photo in plan.photos:
        remark = one_line(photo.problem or photo.note)
        goal = "-" if photo.problem else one_line(str(Path(photo.folder) / Path(photo.target).name))
        stream.write(f"{one_line(photo.source)}  →  {goal}{f'  ({remark})' if remark else ''}\n")


def _summarize_plan(plan: Plan) -> None:
    parts = [f"{folder} {count}" for folder, count in plan.by_folder.items()]
    parts += [f"renamed {plan.renamed}"] if plan.renamed else []
    parts += [f"cannot be sorted {plan.blocked}"] if plan.blocked else []
    needed, free = (size / 10**6 for size in (plan.bytes_needed, plan.bytes_free))
    say(f"{len(plan.photos)} photos: {', '.join(parts)}. Needs {needed:.1f} MB of {free:.1f} MB free.")
    for problem in plan.problems:
        say(problem)
    if plan.ready:
        say("Nothing was changed. The same with --apply instead of --plan sorts them.")


def _plan_document(plan: Plan) -> dict[str, object]:
    return {
        "target": str(plan.settings.target),
        "how": str(plan.settings.how),
        "ready": plan.ready,
        "problems": list(plan.problems),
        "folders": plan.by_folder,
        "bytes_needed": plan.bytes_needed,
        "bytes_free": plan.bytes_free,
        "photos": [
            {
                "source": photo.source,
                "folder": photo.folder,
                "target": photo.target,
                "size": photo.size,
                "note": photo.note,
                "problem": photo.problem,
            }
            for photo in plan.photos
        ],
    }


def _record_document(record: SortRecord) -> dict[str, object]:
    return {
        "id": record.id,
        "when": record.when.isoformat(),
        "how": str(record.how),
        "target": str(record.target),
        "total": record.total,
        "done": record.done,
        "state": str(record.state),
        "running": record.running,
    }


def _line(record: SortRecord) -> str:
    state = "running" if record.running else str(record.state)
    counts = f"{record.done} of {record.total}"
    return f"{record.id}  {state:10}  {record.how:4}  {counts:>16}  {one_line(str(record.target))}\n"


def _rows(photos: Sequence[FailedPhoto]) -> object:
    return msgspec.to_builtins(list(photos))
