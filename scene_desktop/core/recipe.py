"""How to train: recipes as data.

`TrainingRecipe` declares every parameter once - type, limits, unit, label, help. The window's form, the
command line's flags and all checks are derived from that declaration by `PARAMETERS` and `with_changes`.
To add a recipe, add a `Preset` to `PRESETS` (and, for a new network, its builder in `training`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from scene_desktop.core.errors import InputError


class Network(StrEnum):
    """The networks that can be trained."""

    LITE0_HEAD = "efficientnet-lite0-head"
    HACKATHON_CNN = "hackathon-cnn"


class Monitor(StrEnum):
    """The figure that decides which epoch is best and when early stopping ends."""

    VALIDATION_ACCURACY = "validation-accuracy"
    VALIDATION_CROSSENTROPY = "validation-crossentropy"


def _meta(label: str, text: str, unit: str = "", ge: float | None = None, le: float | None = None) -> Meta:
    return Meta(title=label, description=text, extra={"unit": unit}, ge=ge, le=le)


class TrainingRecipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that decides a training apart from the photos.

    Attributes:
        preset: Key of the preset it started from.
        image_size: Side in pixels of the square that the network sees.
        validation_folder: Folder of classes used for validation instead of a share; None for the share.
    """

    preset: str
    network: Network
    image_size: int
    epochs: Annotated[
        int, _meta("Epochs", "How often all training photos are shown to the network.", ge=1, le=1000)
    ]
    batch_size: Annotated[
        int,
        _meta(
            "Batch size", "How many photos the network sees before it corrects itself.", "photos", ge=1, le=1024
        ),
    ]
    learning_rate: Annotated[
        float,
        _meta(
            "Learning rate",
            "How strongly each batch corrects the network. Too high and it diverges; too low and it crawls.",
            ge=1e-7,
            le=1.0,
        ),
    ]
    early_stopping: Annotated[
        bool, _meta("Stop early", "End before the last epoch when the watched figure no longer improves.")
    ]
    monitor: Annotated[
        Monitor, _meta("Watch", "The figure that decides which epoch is kept and when to stop early.")
    ] = Monitor.VALIDATION_ACCURACY
    min_delta: Annotated[
        float,
        _meta("Smallest improvement", "Changes smaller than this do not count as better.", ge=0.0, le=1.0),
    ] = 0.0
    patience: Annotated[
        int,
        _meta("Patience", "How many epochs without improvement are allowed.", "epochs", ge=0, le=100),
    ] = 5
    validation_share: Annotated[
        float,
        _meta(
            "Validation share",
            "The share of each class that is held back to measure the model on photos it never saw.",
            ge=0.05,
            le=0.5,
        ),
    ] = 0.2
    validation_folder: Annotated[
        str | None,
        _meta("Validation folder", "A folder of the same classes to measure on, instead of a share."),
    ] = None
    seed: Annotated[
        int,
        _meta("Seed", "The same seed gives the same split and the same start.", ge=0, le=2**31 - 1),
    ] = 1


@dataclass(frozen=True)
class Parameter:
    """One adjustable field of a recipe, as a form or a command line needs it.

    Attributes:
        kind: Type of the value: int, float, bool, str, or a subclass of StrEnum.
        minimum: Smallest allowed value, None where there is no limit.
    """

    name: str
    kind: type
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
    for field in msgspec.inspect.type_info(TrainingRecipe).fields:  # type: ignore[attr-defined]
        if not isinstance(field.type, msgspec.inspect.Metadata):
            continue
        schema, inner = field.type.extra_json_schema or {}, field.type.type
        kind: type
        match inner:
            case msgspec.inspect.BoolType():
                kind = bool
            case msgspec.inspect.IntType():
                kind = int
            case msgspec.inspect.FloatType():
                kind = float
            case msgspec.inspect.EnumType():
                kind = inner.cls
            case _:
                kind = str
        found.append(
            Parameter(
                name=field.name,
                kind=kind,
                label=schema["title"],
                help=schema["description"],
                unit=(field.type.extra or {})["unit"],
                minimum=getattr(inner, "ge", None),
                maximum=getattr(inner, "le", None),
            )
        )
    return tuple(found)


PARAMETERS: tuple[Parameter, ...] = _parameters()


@dataclass(frozen=True)
class Preset:
    """A recipe ready to use.

    Attributes:
        promise: One sentence that tells whom it is for.
    """

    key: str
    title: str
    promise: str
    recipe: TrainingRecipe


PRESETS: dict[str, Preset] = {
    preset.key: preset
    for preset in (
        Preset(
            key="quick",
            title="Quick",
            promise="Builds on a network that has already seen a million photos. The best first choice.",
            recipe=TrainingRecipe(
                preset="quick",
                network=Network.LITE0_HEAD,
                image_size=160,
                epochs=30,
                batch_size=256,
                learning_rate=2e-3,
                early_stopping=True,
                monitor=Monitor.VALIDATION_CROSSENTROPY,
                min_delta=0.0,
                patience=8,
            ),
        ),
        Preset(
            key="hackathon",
            title="Hackathon CNN",
            promise="A small network from scratch, exactly as at the hackathon. Slow, but you see it learn.",
            recipe=TrainingRecipe(
                preset="hackathon",
                network=Network.HACKATHON_CNN,
                image_size=150,
                epochs=5,
                batch_size=64,
                learning_rate=1e-3,
                early_stopping=False,
                monitor=Monitor.VALIDATION_ACCURACY,
                min_delta=0.05,
                patience=2,
            ),
        ),
    )
}


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
    return changed


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
