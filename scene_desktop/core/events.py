"""Facts about a training, frozen: what the engine tells and what the window shows.

They are also the wire format between the two processes: one JSON object a line.
"""

from enum import StrEnum

import msgspec

from scene_desktop.core.card import ModelCard
from scene_desktop.core.recipe import TrainingRecipe


class Phase(StrEnum):
    """The steps of a training, in order."""

    STARTING = "starting"
    READING = "reading"
    FEATURES = "features"
    TRAINING = "training"
    CALIBRATING = "calibrating"
    EVALUATING = "evaluating"
    COMPILING = "compiling"
    SAVING = "saving"


class PhaseChanged(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A new phase has begun."""

    phase: Phase


class Progressed(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """`done` of `total` units of the phase are complete; in `FEATURES` a unit is one photo.

    Attributes:
        per_second: Units a second over the last seconds; None while unknown.
    """

    phase: Phase
    done: int
    total: int
    per_second: float | None = None


class PhotoSkipped(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A photo of the data set takes no part because it cannot be read."""

    path: str
    reason: str


class DataSetRead(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """What the data set holds after reading it; counts are photos."""

    classes: tuple[str, ...]
    training: int
    validation: int


class BatchEnded(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """One training step; at most twenty a second are told.

    Attributes:
        position: Position on the epoch axis: 2.5 is the middle of epoch 3.
        accuracy: Running training accuracy of this epoch, 0 to 1.
        crossentropy: Running training categorical crossentropy of this epoch, in nats.
    """

    position: float
    accuracy: float
    crossentropy: float


class EpochEnded(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """One pass over the training photos, with the validation after it.

    Attributes:
        epoch: 1 for the first.
        best: Whether this is the best epoch so far by the recipe's monitored figure.
    """

    epoch: int
    epochs: int
    accuracy: float
    crossentropy: float
    validation_accuracy: float
    validation_crossentropy: float
    seconds: float
    best: bool


class ModelSaved(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The training is complete and its model is in the library; the last event of a success.

    Attributes:
        seconds: Seconds by phase name.
    """

    card: ModelCard
    folder: str
    seconds: dict[str, float]


class TrainingDiscarded(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The engine threw the training away because it was asked to; a last event."""


class TrainingFailed(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The training cannot go on; a last event.

    Attributes:
        message: A sentence for a person, with the next step.
        details: Technical text; empty when the message says it all.
        wrong_input: Whether what was handed over is at fault (the data set, a parameter).
    """

    message: str
    details: str = ""
    wrong_input: bool = False


TrainingEvent = (
    PhaseChanged
    | Progressed
    | PhotoSkipped
    | DataSetRead
    | BatchEnded
    | EpochEnded
    | ModelSaved
    | TrainingDiscarded
    | TrainingFailed
)


class TrainRequested(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Asks the engine for one training.

    Attributes:
        dataset: Folder with one folder per class.
        name: Wanted name of the model; the library may add a number.
    """

    dataset: str
    recipe: TrainingRecipe
    name: str


class FinishRequested(msgspec.Struct, frozen=True, tag=True):
    """Asks to end the fit now and keep the best epoch so far."""


class DiscardRequested(msgspec.Struct, frozen=True, tag=True):
    """Asks to drop the training and leave nothing behind."""


EngineCommand = TrainRequested | FinishRequested | DiscardRequested

_event_decoder = msgspec.json.Decoder(TrainingEvent)
_command_decoder = msgspec.json.Decoder(EngineCommand)


def encode_line(message: TrainingEvent | EngineCommand) -> bytes:
    """One JSON object and a line feed."""
    return msgspec.json.encode(message) + b"\n"


def decode_event(line: bytes) -> TrainingEvent:
    """Reads one line of the engine.

    Raises:
        msgspec.DecodeError: The line is no event.
    """
    event: TrainingEvent = _event_decoder.decode(line)
    return event


def decode_command(line: bytes) -> EngineCommand:
    """Reads one line for the engine.

    Raises:
        msgspec.DecodeError: The line is no command.
    """
    command: EngineCommand = _command_decoder.decode(line)
    return command
