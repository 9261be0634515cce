"""`scene-desktop watch`: new photos in a folder are classified, and sorted if asked, as they arrive."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer

from scene_desktop.commands.classify import ModelOption, find_model, write_lines
from scene_desktop.commands.terminal import Exit, check_target, interruptible, say
from scene_desktop.core import sorting
from scene_desktop.core.classify.classifier import CompiledModel
from scene_desktop.core.classify.pipeline import ClassifyEvent, PhotosClassified, classify
from scene_desktop.core.classify.predictions import DEFAULT_THRESHOLD, Prediction
from scene_desktop.core.classify.watching import (
    EventsMissing,
    FolderBack,
    FolderGone,
    FolderWatch,
    PhotosArrived,
    WatchEvent,
)
from scene_desktop.core.errors import InputError, SceneError
from scene_desktop.core.exports.csv_table import header_of, write_csv
from scene_desktop.core.exports.documents import write_jsonl
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.sorting import How, SortSettings
from scene_desktop.core.threads import ShouldStop

Write = Callable[[Sequence[Prediction]], None]


def watch(
    folder: Annotated[Path, typer.Argument(help="Folder to watch, with those below it.")],
    model: ModelOption = None,
    existing: Annotated[
        bool, typer.Option("--existing", help="Begin with the photos that are there already.")
    ] = False,
    sort_into: Annotated[
        Path | None, typer.Option("--sort-into", help="Sort new photos into one folder a class below this.")
    ] = None,
    how: Annotated[How, typer.Option(help="What sorting does to each photo.")] = How.COPY,
    csv: Annotated[Path | None, typer.Option(help="Append a row for each photo to this CSV file.")] = None,
    jsonl: Annotated[Path | None, typer.Option(help="Append a line for each photo to this file.")] = None,
    threshold: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Photos whose best score is lower are called unsure.")
    ] = DEFAULT_THRESHOLD,
) -> int:
    """Classify photos as they arrive in a folder, until Ctrl+C."""
    if not folder.is_dir():
        raise InputError(f"“{folder}” is no folder. Expected a folder that new photos come to. Check the path.")
    for target in (csv, jsonl):
        check_target(None if target is None else str(target))
    chosen = find_model(model)
    settings = None if sort_into is None else SortSettings(sort_into.absolute(), how, threshold)
    with ExitStack() as stack, interruptible() as should_stop:
        writes: list[Write] = [_lines_to(sys.stdout, chosen, threshold)]
        if csv is not None:
            writes.append(stack.enter_context(_csv_to(csv, chosen, threshold)))
        if jsonl is not None:
            writes.append(stack.enter_context(_jsonl_to(jsonl, chosen, threshold)))
        watching = Watching(chosen, settings, writes, should_stop)
        say(f"Watching {folder}. Ctrl+C ends it.")
        ignored = [] if settings is None else [settings.target]
        FolderWatch(folder, ignored, existing=existing).run(watching.take, should_stop)
    say(watching.summary)
    return Exit.DONE


class Watching:
    """What is done with each event; counts for the summary."""

    def __init__(
        self,
        model: StoredModel,
        settings: SortSettings | None,
        writes: Sequence[Write],
        should_stop: ShouldStop,
    ) -> None:
        self._model, self._compiled = model, CompiledModel.of(model)
        self._settings, self._writes, self._should_stop = settings, writes, should_stop
        self._classified = self._unreadable = self._sorted = 0

    @property
    def summary(self) -> str:
        text = f"{self._classified} photos classified"
        text += f", {self._unreadable} could not be read" if self._unreadable else ""
        return text + (f", {self._sorted} sorted." if self._settings else ".")

    def take(self, event: WatchEvent) -> None:
        match event:
            case PhotosArrived():
                self._classify(event.paths)
            case FolderGone():
                say("The folder is gone. Watching goes on when it is back.")
            case FolderBack():
                say("The folder is back.")
            case EventsMissing():
                say(f"The system does not tell of changes ({event.reason}); looking every few seconds instead.")

    def _classify(self, paths: Sequence[str]) -> None:
        verdicts: list[Prediction] = []

        def report(event: ClassifyEvent) -> None:
            if isinstance(event, PhotosClassified):
                verdicts.extend(event.predictions)

        classify(paths, self._compiled, report, self._should_stop)
        verdicts.sort(key=lambda verdict: verdict.index)
        for write in self._writes:
            try:
                write(verdicts)
            except OSError as error:
                say(f"The results of {len(verdicts)} photos could not be written: {error.strerror or error}.")
        self._unreadable += sum(verdict.scores is None for verdict in verdicts)
        self._classified += sum(verdict.scores is not None for verdict in verdicts)
        if self._settings is not None and verdicts:
            self._sort(verdicts, self._settings)

    def _sort(self, verdicts: Sequence[Prediction], settings: SortSettings) -> None:
        try:
            plan = sorting.make_plan(verdicts, self._model.card.classes, settings)
            result = sorting.apply_plan(plan, should_stop=self._should_stop)
        except SceneError as error:
            say(f"Not sorted: {error}")
            return
        self._sorted += result.done
        for failed in result.failed:
            say(f"Not sorted: {failed.source}: {failed.reason}")


def _lines_to(stream: TextIO, model: StoredModel, threshold: float) -> Write:
    def write(verdicts: Sequence[Prediction]) -> None:
        write_lines(stream, verdicts, model.card.classes, threshold)
        stream.flush()

    return write


@contextmanager
def _csv_to(path: Path, model: StoredModel, threshold: float) -> Iterator[Write]:
    _check_columns(path, header_of(model.card.classes))
    with _appended(path) as stream:

        def write(verdicts: Sequence[Prediction]) -> None:
            write_csv(stream, verdicts, model.card.classes, threshold, header=stream.tell() == 0)
            stream.flush()

        yield write


def _check_columns(path: Path, header: str) -> None:
    """A table of another model or version is not continued: its scores would stand in the wrong columns."""
    try:
        with path.open(encoding="utf-8", errors="backslashreplace", newline="") as stream:
            found = stream.readline().rstrip("\r\n")
    except OSError:
        return  # opening it for writing tells what is wrong, if anything is
    if found and found != header:
        raise InputError(
            f"“{path}” has other columns than the results of this model. Expected a table of the same "
            "classes, or a new file. Choose another place."
        )


@contextmanager
def _jsonl_to(path: Path, model: StoredModel, threshold: float) -> Iterator[Write]:
    with _appended(path) as stream:

        def write(verdicts: Sequence[Prediction]) -> None:
            write_jsonl(stream, verdicts, model.card.classes, threshold)
            stream.flush()

        yield write


@contextmanager
def _appended(path: Path) -> Iterator[TextIO]:
    try:
        stream = path.open("a", encoding="utf-8", errors="backslashreplace", newline="")
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"“{path}” cannot be written ({reason}). Choose another place.") from error
    with stream:
        yield stream
