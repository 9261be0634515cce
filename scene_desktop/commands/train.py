"""`scene-desktop train`: flags derived from the recipe's declaration, progress on standard error."""

import inspect
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from scene_desktop.commands.terminal import (
    Exit,
    check_target,
    interruptible,
    progress_bar,
    say,
    write_json_result,
)
from scene_desktop.core import locations
from scene_desktop.core.errors import InputError, Stopped
from scene_desktop.core.events import (
    DataSetRead,
    EpochEnded,
    ModelSaved,
    Phase,
    PhaseChanged,
    PhotoSkipped,
    Progressed,
    TrainingEvent,
    TrainRequested,
)
from scene_desktop.core.history import History
from scene_desktop.core.library import safe_name
from scene_desktop.core.presets import PRESETS
from scene_desktop.core.recipe import PARAMETERS, Parameter, TrainingRecipe, with_changes
from scene_desktop.work.engine_client import run_training

PHASE_WORDS = {
    Phase.STARTING: "Starting",
    Phase.READING: "Reading the data set",
    Phase.FEATURES: "Looking at each photo",
    Phase.TRAINING: "Training",
    Phase.CALIBRATING: "Calibrating the confidence",
    Phase.EVALUATING: "Measuring",
    Phase.COMPILING: "Compiling",
    Phase.SAVING: "Saving",
}


def train(
    dataset: Path,
    recipe: str = "quick",
    name: str | None = None,
    validation: str | None = None,
    json: str | None = None,
    **parameters: Any,
) -> int:
    """Train a model on a folder with one folder of photos per class."""
    check_target(json)
    if not os.path.isdir(dataset):
        found = "is a file" if os.path.lexists(dataset) else "does not exist"
        raise InputError(f"“{dataset}” {found}. Expected a folder with one folder of photos per class.")
    request = TrainRequested(
        dataset=str(dataset.absolute()),
        recipe=_recipe(recipe, validation, parameters),
        name=safe_name(name or dataset.absolute().name or "Model"),
    )
    _check_writable_home()
    try:
        saved, history = _run(request)
    except Stopped:
        say("Discarded; nothing was kept.")
        return Exit.INTERRUPTED
    card = saved.card
    say(
        f"“{card.name}” is in the library: validation accuracy {card.validation_accuracy:.4f}, "
        f"crossentropy {card.validation_crossentropy:.4f}, best of {card.epochs_run} epochs: "
        f"{card.best_epoch}, {card.seconds:.0f} s."
    )
    write_json_result(json, _document(saved, history))
    return Exit.DONE


def train_with_flags() -> Callable[..., int]:
    """`train` with the signature that the recipe's declaration gives it."""

    def command(**values: Any) -> int:
        return train(**values)

    named = inspect.Parameter.KEYWORD_ONLY
    flags: list[tuple[str, Any, Any]] = [
        ("dataset", Annotated[Path, typer.Argument(help="Folder with one folder of photos per class.")], ...),
        ("recipe", Annotated[str, typer.Option(help="One of: " + ", ".join(PRESETS) + ".")], "quick"),
        (
            "name",
            Annotated[str | None, typer.Option(help="Name of the model; the folder's without this.")],
            None,
        ),
        (
            "validation",
            Annotated[
                str | None,
                typer.Option(help="Share of each class to measure on (0.05 to 0.5), or a folder of classes."),
            ],
            None,
        ),
        *((p.name, _annotation(p), None) for p in PARAMETERS if not p.name.startswith("validation_")),
        (
            "json",
            Annotated[
                str | None, typer.Option(help="Write the result as JSON to this file; - is standard output.")
            ],
            None,
        ),
    ]
    command.__doc__ = train.__doc__
    signature = [
        inspect.Parameter(
            flag, named, annotation=hint, default=inspect.Parameter.empty if default is ... else default
        )
        for flag, hint, default in flags
    ]
    command.__signature__ = inspect.Signature(signature, return_annotation=int)  # type: ignore[attr-defined]
    command.__annotations__ = {flag: hint for flag, hint, _ in flags} | {"return": int}
    return command


def _annotation(parameter: Parameter) -> Any:
    unit = f" [{parameter.unit}]" if parameter.unit else ""
    defaults = ", ".join(
        f"{key}: {_plain(getattr(preset.recipe, parameter.name))}" for key, preset in PRESETS.items()
    )
    text = f"{parameter.help}{unit} ({defaults})"
    if parameter.kind is bool:
        flag = f"{parameter.flag}/--no-{parameter.flag.removeprefix('--')}"
        return Annotated[bool | None, typer.Option(flag, help=text)]
    option = typer.Option(parameter.flag, help=text, min=parameter.minimum, max=parameter.maximum)
    if parameter.kind not in (int, float):
        option = typer.Option(parameter.flag, help=text)
    return Annotated[parameter.kind | None, option]


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _recipe(key: str, validation: str | None, parameters: dict[str, Any]) -> TrainingRecipe:
    if key not in PRESETS:
        raise InputError(f"There is no recipe “{key}”. Expected one of: {', '.join(PRESETS)}.")
    changes = {name: value for name, value in parameters.items() if value is not None}
    if validation is not None:
        changes |= _validation(validation)
    return with_changes(PRESETS[key].recipe, **changes)


def _validation(text: str) -> dict[str, Any]:
    if os.path.isdir(text):
        return {"validation_folder": str(Path(text).absolute())}
    try:
        return {"validation_share": float(text)}
    except ValueError:
        raise InputError(
            f"“{text}” is neither a share nor a folder. Expected a number such as 0.2, or a folder of classes."
        ) from None


def _check_writable_home() -> None:
    folder = locations.models_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
        reason = "no permission"
    except OSError as error:
        writable, reason = False, error.strerror or str(error)
    if not writable:
        raise InputError(
            f"The model library “{folder}” cannot be written ({reason}). "
            f"Set {locations.HOME_VARIABLE} to a folder of yours."
        )


def _run(request: TrainRequested) -> tuple[ModelSaved, History]:
    history = History()
    with progress_bar() as progress, interruptible() as should_stop:
        task = progress.add_task("Starting", total=None, rate="")

        def report(event: TrainingEvent) -> None:
            history.add(event)
            match event:
                case PhaseChanged():
                    progress.reset(task, total=None, description=PHASE_WORDS[event.phase], rate="")
                case Progressed():
                    rate = f"{event.per_second:.0f}/s" if event.per_second else ""
                    progress.update(task, completed=event.done, total=event.total, rate=rate)
                case DataSetRead():
                    say(
                        f"{len(event.classes)} classes; {event.training} photos to learn from, "
                        f"{event.validation} to measure on."
                    )
                case PhotoSkipped():
                    say(f"Skipped {event.path}: {event.reason}")
                case EpochEnded():
                    progress.update(task, completed=event.epoch, total=event.epochs)
                    say(_epoch_line(event))

        saved = run_training(request, report, should_stop, threading.Event())
    return saved, history


def _epoch_line(event: EpochEnded) -> str:
    mark = "  best" if event.best else ""
    return (
        f"Epoch {event.epoch:2}/{event.epochs}  accuracy {event.accuracy:.4f}  "
        f"crossentropy {event.crossentropy:.4f}  validation {event.validation_accuracy:.4f}  "
        f"{event.validation_crossentropy:.4f}  {event.seconds:.1f} s{mark}"
    )


def _document(saved: ModelSaved, history: History) -> dict[str, object]:
    card = saved.card
    return {
        "model": card.name,
        "classes": list(card.classes),
        "recipe": msgspec.to_builtins(card.recipe),
        "epochs_run": card.epochs_run,
        "best_epoch": card.best_epoch,
        "validation_accuracy": card.validation_accuracy,
        "validation_crossentropy": card.validation_crossentropy,
        "training_photos": card.training_photos,
        "validation_photos": card.validation_photos,
        "seconds": saved.seconds,
        "history": [
            {key: value for key, value in msgspec.to_builtins(epoch).items() if key != "type"}
            for epoch in history.epochs
        ],
    }
