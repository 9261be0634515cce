"""`scene-desktop doctor`: what is wrong with a data set, and which of its photos take no part."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from scene_desktop.commands.classify import JsonOption
from scene_desktop.commands.terminal import (
    Exit,
    check_target,
    interruptible,
    progress_bar,
    say,
    write_json_result,
)
from scene_desktop.core.datasets import exclusions
from scene_desktop.core.datasets.dataset import FEW_PHOTOS, dataset_root, read_dataset
from scene_desktop.core.datasets.findings import DoctorReport, Finding, FindingKind
from scene_desktop.core.datasets.health import quick_report
from scene_desktop.core.errors import Stopped
from scene_desktop.core.runs.events import (
    DataSetExamined,
    ExamineRequested,
    Phase,
    PhaseChanged,
    Progressed,
    TrainingEvent,
)
from scene_desktop.work.engine_client import run_engine

_SHOWN = 20
_WORDS = {
    FindingKind.UNREADABLE: "Cannot be read",
    FindingKind.DUPLICATES_ACROSS: "The same photo in different classes",
    FindingKind.DUPLICATES_WITHIN: "The same photo more than once in one class",
    FindingKind.NEAR_DUPLICATES_ACROSS: "Nearly the same photo in different classes",
    FindingKind.NEAR_DUPLICATES_WITHIN: "Nearly the same photo in one class",
    FindingKind.ACROSS_SPLIT: "Nearly the same, and a random split would part them; now kept together",
    FindingKind.LABEL_SUSPECTS: "Perhaps in the wrong class, the surest first",
    FindingKind.TINY: "Very small",
    FindingKind.ODD_SHAPED: "Very long or very wide",
}
_PHASES = {Phase.READING: "Reading", Phase.FEATURES: "Looking at each photo", Phase.EXAMINING: "Comparing"}

Paths = list[str] | None


def doctor(
    dataset: Annotated[Path, typer.Argument(help="Folder with one folder of photos per class.")],
    quick: Annotated[
        bool, typer.Option("--quick", help="Only what reading shows: no near duplicates, no labels.")
    ] = False,
    exclude: Annotated[
        Paths, typer.Option(help="Leave this photo out of all trainings; path below the data set. Repeatable.")
    ] = None,
    include: Annotated[Paths, typer.Option(help="Let an excluded photo take part again. Repeatable.")] = None,
    exclude_kind: Annotated[
        list[FindingKind] | None,
        typer.Option(help="Leave out all photos of a finding; of copies all but the first. Repeatable."),
    ] = None,
    json: JsonOption = None,
) -> int:
    """Examine a data set: unreadable photos, copies, doubtful labels. Touches no photo."""
    check_target(json)
    root = dataset_root(dataset)
    if exclude:
        exclusions.exclude(root, exclude)
    if include:
        exclusions.include(root, include)
    try:
        report = _examined(dataset, quick)
        chosen = [path for kind in exclude_kind or () for path in _superfluous(report, kind)]
        if chosen:
            exclusions.exclude(root, chosen)
            report = _examined(dataset, quick)
    except Stopped:
        return Exit.INTERRUPTED
    _show(report)
    write_json_result(json, msgspec.to_builtins(report))
    return Exit.DONE


def _examined(folder: Path, quick: bool) -> DoctorReport:
    with progress_bar() as progress, interruptible() as should_stop:
        task = progress.add_task("Examining", total=None, rate="")
        if quick:
            return quick_report(
                read_dataset(
                    folder,
                    decode=True,
                    report=lambda done, total: progress.update(task, completed=done, total=total),
                    should_stop=should_stop,
                )
            )

        def report(event: TrainingEvent) -> None:
            match event:
                case PhaseChanged():
                    progress.reset(task, total=None, description=_PHASES[event.phase], rate="")
                case Progressed():
                    rate = f"{event.per_second:.0f}/s" if event.per_second else ""
                    progress.update(task, completed=event.done, total=event.total, rate=rate)

        ended = run_engine(ExamineRequested(dataset=str(folder.absolute())), report, should_stop)
    assert isinstance(ended, DataSetExamined)
    return ended.report


def _superfluous(report: DoctorReport, kind: FindingKind) -> list[str]:
    """The photos of a finding; of each group of copies the first one stays."""
    groups = [group for finding in report.findings if finding.kind is kind for group in finding.groups]
    return [photo.path for group in groups for photo in (group[1:] if len(group) > 1 else group)]


def _show(report: DoctorReport) -> None:
    width = max(map(len, report.counts))
    for name, count in report.counts.items():
        say(f"{name:{width}}  {count}")
    say(f"{'total':{width}}  {sum(report.counts.values())}")
    if report.excluded:
        say(f"Excluded by you: {len(report.excluded)}")
    for finding in report.findings:
        _show_finding(finding)
    if not report.findings:
        say("Nothing to complain about.")


def _show_finding(finding: Finding) -> None:
    match finding.kind:
        case FindingKind.FEW_PHOTOS:
            say(f"Fewer than {FEW_PHOTOS} photos: {', '.join(finding.classes)}")
        case FindingKind.IMBALANCE:
            say(f"The largest class has {finding.value:.1f} times as many photos as the smallest.")
        case _:
            say(f"{_WORDS[finding.kind]}: {len(finding.groups)}")
            for group in finding.groups[:_SHOWN]:
                say("  " + "  =  ".join(_described(photo.path, photo.text, photo.suggested) for photo in group))
            if len(finding.groups) > _SHOWN:
                say(f"  ... and {len(finding.groups) - _SHOWN} more; --json lists them all")


def _described(path: str, text: str, suggested: str) -> str:
    looks = f"looks like {suggested}" if suggested else ""
    more = ", ".join(filter(None, (text, looks)))
    return f"{path} ({more})" if more else path
