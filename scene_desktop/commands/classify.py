"""`scene-desktop classify` and `evaluate`: photos through a model of the library."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TextIO

import msgspec
import numpy as np
import typer

from scene_desktop.commands import figures
from scene_desktop.commands.terminal import (
    Exit,
    check_target,
    interruptible,
    progress_bar,
    say,
    write_json_result,
    write_result,
)
from scene_desktop.core import exports
from scene_desktop.core.classify import predictions as out
from scene_desktop.core.classify.classifier import CompiledModel
from scene_desktop.core.classify.pipeline import (
    ClassifyEvent,
    ClassifySummary,
    FolderSkipped,
    PhotosClassified,
    PhotosFound,
)
from scene_desktop.core.classify.pipeline import classify as classify_photos
from scene_desktop.core.classify.predictions import DEFAULT_THRESHOLD, Prediction
from scene_desktop.core.datasets.dataset import DataSet, UnreadablePhoto, read_dataset
from scene_desktop.core.errors import InputError
from scene_desktop.core.exports.csv_table import write_csv
from scene_desktop.core.exports.documents import write_json
from scene_desktop.core.models import metrics
from scene_desktop.core.models.card import Evaluation
from scene_desktop.core.models.library import Library, StoredModel
from scene_desktop.core.text import one_line

ModelOption = Annotated[str | None, typer.Option(help="Model to use; the built-in one without this.")]
JsonOption = Annotated[
    str | None, typer.Option("--json", help="Write JSON to this file; - is standard output.")
]


def classify(
    paths: Annotated[list[str], typer.Argument(help="Photos and folders of photos.")],
    model: ModelOption = None,
    csv: Annotated[str | None, typer.Option(help="Write CSV to this file; - is standard output.")] = None,
    json: JsonOption = None,
    save: Annotated[
        list[Path] | None,
        typer.Option(help="Write a file; its ending says what: .csv, .xlsx, .html, .json, .jsonl. Repeatable."),
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Photos whose best score is lower are called unsure.")
    ] = DEFAULT_THRESHOLD,
) -> int:
    """Classify photos and folders of photos."""
    check_paths(paths)
    check_target(csv)
    check_target(json)
    targets = save or []
    for target in targets:
        exports.format_of(target)
        check_target(str(target))
    chosen = find_model(model)
    verdicts, summary = run(paths, chosen)
    classes = chosen.card.classes
    if csv is None and json is None and not targets:
        write_result("-", lambda stream: write_lines(stream, verdicts, classes, threshold))
    write_result(csv, lambda stream: write_csv(stream, verdicts, classes, threshold))
    write_result(json, lambda stream: write_json(stream, verdicts, classes, threshold, chosen.card.name))
    for target in targets:
        exports.save(target, exports.Results(verdicts, classes, threshold, chosen.card.name))
    _summarize(verdicts, classes, threshold, summary)
    if summary.stopped:
        return Exit.INTERRUPTED
    return Exit.DONE if any(verdict.error is None for verdict in verdicts) else Exit.FAILED


def evaluate(
    dataset: Annotated[Path, typer.Argument(help="Folder with one folder of photos per class.")],
    model: ModelOption = None,
    json: JsonOption = None,
) -> int:
    """Measure a model on labelled photos."""
    check_target(json)
    chosen = find_model(model)
    read = read_dataset(dataset, to_train=False)
    truth = _true_labels(read, chosen)
    verdicts, summary = run([photo.path for photo in read.photos], chosen)
    if summary.stopped:
        return Exit.INTERRUPTED
    readable = [verdict for verdict in verdicts if verdict.scores is not None]
    unreadable = [*read.unreadable, *(UnreadablePhoto(v.path, v.error) for v in verdicts if v.error)]
    if not readable:
        raise InputError(f"None of the {len(verdicts)} photos can be read. Check that they open elsewhere.")
    scores = np.stack([verdict.scores for verdict in readable if verdict.scores is not None])
    labels = np.array([truth[verdict.path] for verdict in readable], dtype=np.int64)
    evaluation = metrics.evaluate(scores, labels, chosen.card.classes)
    _show_evaluation(evaluation, len(unreadable))
    known = _learned_from(chosen, read)
    if known:
        say(
            f"The model has learned from {known} of these photos, so the figures are better than they will be "
            f"on others. Its own figures are of photos that it had not seen."
        )
    write_json_result(json, _evaluation_document(chosen, evaluation, unreadable))
    return Exit.DONE


def check_paths(paths: Sequence[str]) -> None:
    """Makes sure that photos and folders that were named are there.

    Raises:
        InputError: One is not.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise InputError(f"“{path}” does not exist. Expected photos or folders of photos. Check the path.")


def find_model(name: str | None) -> StoredModel:
    """The named model, or the default one.

    Raises:
        InputError: There is no such model.
    """
    library = Library()
    return library.find(name) if name else library.default()


def run(paths: Sequence[str], model: StoredModel) -> tuple[list[Prediction], ClassifySummary]:
    """Classifies with a progress bar and returns the verdicts in the order in which photos were found."""
    verdicts: list[Prediction] = []
    compiled = CompiledModel.of(model)
    with progress_bar() as progress, interruptible() as should_stop:
        task = progress.add_task("Classifying", total=None, rate="")
        found = 0

        def report(event: ClassifyEvent) -> None:
            nonlocal found
            match event:
                case PhotosFound():
                    found += len(event.paths)
                    progress.update(task, total=found)
                case PhotosClassified():
                    verdicts.extend(event.predictions)
                    speed = progress.tasks[0].speed
                    rate = f"{speed:.0f} photos/s" if speed else ""
                    progress.update(task, completed=event.done, rate=rate)
                case FolderSkipped():
                    say(f"Skipped {event.path}: {event.reason}")

        summary = classify_photos(paths, compiled, report, should_stop)
    verdicts.sort(key=lambda verdict: verdict.index)
    return verdicts, summary


def write_lines(
    stream: TextIO, verdicts: Sequence[Prediction], classes: Sequence[str], threshold: float
) -> None:
    """Writes a line for each photo: class, with a question mark if it is unsure, confidence, path."""
    width = max(map(len, classes), default=0) + 2
    for verdict in verdicts:
        path = one_line(verdict.path)
        if verdict.best is None or verdict.confidence is None:
            stream.write(f"{'-':{width}}        {path}  ({one_line(verdict.error or '')})\n")
            continue
        name = classes[verdict.best] + ("?" if verdict.is_unsure(threshold) else "")
        stream.write(f"{name:{width}}{verdict.confidence:.3f}   {path}\n")


def _summarize(
    verdicts: Sequence[Prediction], classes: Sequence[str], threshold: float, summary: ClassifySummary
) -> None:
    if not verdicts:
        say("No photos found. Expected JPEG, PNG, WEBP, HEIC or similar files.")
        return
    counts = out.tally(verdicts, len(classes), threshold)
    parts = [f"{name} {count}" for name, count in zip(classes, counts.by_class, strict=True) if count]
    parts += [f"unsure {counts.unsure}"] if counts.unsure else []
    parts += [f"could not read {counts.failed}"] if counts.failed else []
    speed = counts.total / max(summary.seconds, 1e-9)
    left_over = f" Stopped; {summary.found - summary.done} not classified." if summary.stopped else ""
    say(f"{counts.total} photos in {summary.seconds:.1f} s ({speed:.0f}/s): {', '.join(parts)}.{left_over}")


def _true_labels(dataset: DataSet, model: StoredModel) -> dict[str, int]:
    known = {name.casefold(): label for label, name in enumerate(model.card.classes)}
    unknown = [name for name in dataset.classes if name.casefold() not in known]
    if unknown:
        raise InputError(
            f"“{dataset.root}” has folders that are no class of “{model.card.name}”: "
            f"{', '.join(unknown[:8])}. Expected folders named {', '.join(model.card.classes)}. "
            f"Rename the folders or choose another model."
        )
    return {photo.path: known[dataset.classes[photo.label].casefold()] for photo in dataset.photos}


def _learned_from(model: StoredModel, dataset: DataSet) -> int:
    """How many photos of a data set a model has learned from, of those that it was measured on too."""
    if not model.card.folds:
        return 0
    learned = {result.digest for result in model.photo_results()}
    return sum(photo.digest.hex() in learned for photo in dataset.photos)


def _show_evaluation(evaluation: Evaluation, unreadable: int) -> None:
    say(
        f"{evaluation.photos} photos: accuracy {figures.accuracy(evaluation.accuracy, evaluation.photos)}, "
        f"categorical crossentropy {evaluation.crossentropy:.4f}; {unreadable} unreadable"
    )
    width = max(map(len, evaluation.classes))
    say(f"{'':{width}}  precision  recall      F1  photos")
    for row in evaluation.per_class:
        say(f"{row.name:{width}}  {row.precision:9.3f}  {row.recall:6.3f}  {row.f1:6.3f}  {row.photos:6}")


def _evaluation_document(
    model: StoredModel, evaluation: Evaluation, unreadable: Sequence[UnreadablePhoto]
) -> dict[str, object]:
    return {
        "model": model.card.name,
        "classes": list(evaluation.classes),
        "accuracy": evaluation.accuracy,
        "interval": metrics.interval(evaluation.accuracy, evaluation.photos),
        "crossentropy": evaluation.crossentropy,
        "confusion": [list(row) for row in evaluation.confusion],
        "per_class": {
            row.name: {"precision": row.precision, "recall": row.recall, "f1": row.f1, "photos": row.photos}
            for row in evaluation.per_class
        },
        "evaluated": evaluation.photos,
        "unreadable": msgspec.to_builtins([{"path": p.path, "reason": p.reason} for p in unreadable]),
    }
