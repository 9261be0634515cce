"""What can be adjusted in a recipe, derived from the declaration of `TrainingRecipe`, and checked changes."""

from dataclasses import dataclass
from typing import Any

import msgspec

from scene_desktop.core.errors import InputError
from scene_desktop.core.photos.framing import View
from scene_desktop.core.recipes.recipe import Group, Network, Optimizer, TrainedPart, TrainingRecipe


@dataclass(frozen=True)
class Parameter:
    """One adjustable field of a recipe, as a form or a command line needs it.

    Attributes:
        kind: Type of the value: int, float, bool, str, or a subclass of StrEnum.
        minimum: Smallest allowed value, None where there is no limit.
    """

    name: str
    kind: type
    group: Group
    label: str
    help: str
    unit: str
    minimum: float | None
    maximum: float | None

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")


def _parameters() -> tuple[Parameter, ...]:
    found = []
    declared = msgspec.inspect.type_info(TrainingRecipe)
    if not isinstance(declared, msgspec.inspect.StructType):
        raise TypeError("TrainingRecipe must be a struct of msgspec")
    for field in declared.fields:
        if not isinstance(field.type, msgspec.inspect.Metadata):
            continue
        schema, inner, extra = field.type.extra_json_schema or {}, field.type.type, field.type.extra or {}
        found.append(
            Parameter(
                name=field.name,
                kind=_kind(inner),
                group=extra["group"],
                label=schema["title"],
                help=schema["description"],
                unit=extra["unit"],
                minimum=getattr(inner, "ge", None),
                maximum=getattr(inner, "le", None),
            )
        )
    return tuple(sorted(found, key=lambda parameter: list(Group).index(parameter.group)))


def _kind(declared: msgspec.inspect.Type) -> type:
    match declared:
        case msgspec.inspect.BoolType():
            return bool
        case msgspec.inspect.IntType():
            return int
        case msgspec.inspect.FloatType():
            return float
        case msgspec.inspect.EnumType():
            return declared.cls
        case _:
            return str


PARAMETERS: tuple[Parameter, ...] = _parameters()
"""All parameters, by group, then in the order of their declaration."""


def with_changes(recipe: TrainingRecipe, **changes: Any) -> TrainingRecipe:
    """Returns `recipe` with some parameters changed, checked against the declaration.

    Raises:
        InputError: A value is outside its limits or of the wrong type; the message names the parameter.
    """
    changed = msgspec.structs.replace(recipe, **changes)
    for parameter in PARAMETERS:
        value = getattr(changed, parameter.name)
        problem = _problem(parameter, value)
        if problem:
            raise InputError(f"{parameter.label} is {value}, but {problem}. Choose another value.")
    if changed.optimizer is Optimizer.LBFGS and not changed.is_solved:
        raise InputError(
            "The optimizer L-BFGS solves a single layer on a pretrained network and nothing more. "
            "Choose another optimizer, or train the head of that network alone."
        )
    if changed.network is Network.LITE0 and changed.trained_part is TrainedPart.LAST_BLOCKS:
        raise InputError(
            "The last blocks are trained by the recipe Best. Choose that recipe, or train the head alone."
        )
    return changed


def differences(one: TrainingRecipe, other: TrainingRecipe) -> tuple[tuple[Parameter, Any, Any], ...]:
    """The parameters in which two recipes differ, with both values."""
    pairs = ((p, getattr(one, p.name), getattr(other, p.name)) for p in PARAMETERS)
    return tuple(pair for pair in pairs if pair[1] != pair[2])


def _problem(parameter: Parameter, value: Any) -> str | None:
    try:
        msgspec.convert({parameter.name: value}, _alone(parameter.name), strict=True)
    except msgspec.ValidationError:
        if parameter.minimum is not None and parameter.maximum is not None:
            return f"it must lie between {parameter.minimum:g} and {parameter.maximum:g}"
        return f"it must be of type {parameter.kind.__name__}"
    return None


def _alone(name: str) -> type[msgspec.Struct]:
    return msgspec.defstruct("_Alone", [(name, _HINTS[name])])


_HINTS: dict[str, Any] = {f.name: f.type for f in msgspec.structs.fields(TrainingRecipe)}


def with_view(recipe: TrainingRecipe, view: View) -> TrainingRecipe:
    """The recipe as it was carried out, with the view that was chosen."""
    return msgspec.structs.replace(recipe, image_size=view.side, framing=view.framing)
