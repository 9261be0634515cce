"""`scene-desktop train`: flags derived from the recipe's declaration, progress on standard error."""

import inspect
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from scene_desktop.commands.following import follow
from scene_desktop.commands.terminal import (
    check_target,
)
from scene_desktop.core import locations
from scene_desktop.core.errors import InputError
from scene_desktop.core.models.library import Library
from scene_desktop.core.recipes.own_presets import OwnPresets
from scene_desktop.core.recipes.parameters import PARAMETERS, Parameter, with_changes
from scene_desktop.core.recipes.presets import PRESETS, Preset
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.events import (
    TrainRequested,
)
from scene_desktop.core.text import safe_name


def train(
    dataset: Path,
    recipe: str = "quick",
    name: str | None = None,
    continue_from: str | None = None,
    validation: str | None = None,
    json: str | None = None,
    **parameters: Any,
) -> int:
    """Train a model on a folder with one folder of photos per class. Ctrl+C keeps the run, see `resume`."""
    check_target(json)
    if not os.path.isdir(dataset):
        found = "is a file" if os.path.lexists(dataset) else "does not exist"
        raise InputError(f"“{dataset}” {found}. Expected a folder with one folder of photos per class.")
    preset = find_preset(recipe)
    if preset.continues and continue_from is None:
        raise InputError(
            f"The recipe “{recipe}” goes on with a trained model. Name it with --continue-from; "
            f"“scene-desktop models” lists them."
        )
    start = None if continue_from is None else str(Library().find(continue_from).folder)
    request = TrainRequested(
        dataset=str(dataset.absolute()),
        recipe=_recipe(preset, validation, parameters),
        name=safe_name(name or dataset.absolute().name or "Model"),
        start_from=start,
    )
    _check_writable_home()
    return follow(request, json)


def find_preset(key: str) -> Preset:
    """A recipe by its key, or one of the person's own by its name.

    Raises:
        InputError: There is none.
    """
    own = OwnPresets().all()
    for preset in (*PRESETS.values(), *own):
        if key in (preset.key, preset.title):
            return preset
    known = ", ".join((*PRESETS, *(f"“{preset.title}”" for preset in own)))
    raise InputError(f"There is no recipe “{key}”. Expected one of: {known}.")


def train_with_flags() -> Callable[..., int]:
    """`train` with the signature that the recipe's declaration gives it."""

    def command(**values: Any) -> int:
        return train(**values)

    named = inspect.Parameter.KEYWORD_ONLY
    flags: list[tuple[str, Any, Any]] = [
        ("dataset", Annotated[Path, typer.Argument(help="Folder with one folder of photos per class.")], ...),
        (
            "recipe",
            Annotated[str, typer.Option(help="One of: " + ", ".join(PRESETS) + "; or a preset of yours.")],
            "quick",
        ),
        (
            "name",
            Annotated[str | None, typer.Option(help="Name of the model; the folder's without this.")],
            None,
        ),
        (
            "continue_from",
            Annotated[
                str | None, typer.Option(help="Name of a model to go on with, instead of starting afresh.")
            ],
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
    command.__signature__ = inspect.Signature(signature, return_annotation=int)  # type: ignore[attr-defined]  # typer reads it
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


def _recipe(preset: Preset, validation: str | None, parameters: dict[str, Any]) -> TrainingRecipe:
    changes = {name: value for name, value in parameters.items() if value is not None}
    if validation is not None:
        changes |= _validation(validation)
    return with_changes(preset.recipe, **changes)


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
