"""`scene-desktop doctor`, `models` and `samples`: looking at data sets and the library, making a first one."""

from pathlib import Path
from typing import Annotated

import typer

from scene_desktop.commands.classify import JsonOption
from scene_desktop.commands.terminal import (
    Exit,
    check_target,
    interruptible,
    progress_bar,
    say,
    write_json_result,
    write_result,
)
from scene_desktop.core import dataset as data
from scene_desktop.core.errors import Stopped
from scene_desktop.core.library import DamagedModel, Library
from scene_desktop.core.samples import NOTE, write_samples


def doctor(
    dataset: Annotated[Path, typer.Argument(help="Folder with one folder of photos per class.")],
    json: JsonOption = None,
) -> int:
    """Examine a data set: counts, unreadable photos, exact duplicates. Changes nothing."""
    check_target(json)
    try:
        report = _examine(dataset)
    except Stopped:
        return Exit.INTERRUPTED
    _show(report)
    write_json_result(json, _document(dataset, report))
    return Exit.DONE


def models() -> int:
    """List the models of the library."""
    entries = Library().entries()
    lines = []
    for entry in entries:
        if isinstance(entry, DamagedModel):
            lines.append(f"{entry.folder.name}: damaged. {entry.reason}")
            continue
        card = entry.card
        accuracy = "" if card.validation_accuracy is None else f"  accuracy {card.validation_accuracy:.3f}"
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


def _examine(folder: Path) -> data.HealthReport:
    with progress_bar() as progress, interruptible() as should_stop:
        task = progress.add_task("Examining", total=None, rate="")
        read = data.read_dataset(
            folder,
            decode=True,
            report=lambda done, total: progress.update(task, completed=done, total=total),
            should_stop=should_stop,
        )
    return data.examine(read)


def _show(report: data.HealthReport) -> None:
    width = max(map(len, report.classes))
    for name, count in zip(report.classes, report.counts, strict=True):
        say(f"{name:{width}}  {count}")
    say(f"{'total':{width}}  {report.photos}")
    for photo in report.unreadable:
        say(f"Unreadable: {photo.path} ({photo.reason})")
    for group in report.duplicates:
        kind = "in different classes" if group.across_classes else "in one class"
        say(f"Same photo {len(group.paths)} times {kind}: {', '.join(group.paths)}")
    if report.small_classes:
        say(f"Fewer than {data.FEW_PHOTOS} photos: {', '.join(report.small_classes)}")
    if report.imbalance > data.MAX_IMBALANCE:
        say(f"The largest class has {report.imbalance:.1f} times as many photos as the smallest.")
    healthy = not (report.unreadable or report.duplicates or report.small_classes)
    if healthy and report.imbalance <= data.MAX_IMBALANCE:
        say("Nothing to complain about.")


def _document(folder: Path, report: data.HealthReport) -> dict[str, object]:
    return {
        "dataset": str(folder),
        "photos": report.photos,
        "classes": dict(zip(report.classes, report.counts, strict=True)),
        "unreadable": [{"path": photo.path, "reason": photo.reason} for photo in report.unreadable],
        "duplicates": [
            {"paths": list(group.paths), "across_classes": group.across_classes} for group in report.duplicates
        ],
        "small_classes": list(report.small_classes),
        "imbalance": report.imbalance,
    }
