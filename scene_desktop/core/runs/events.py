"""Facts about a training, frozen: what the engine tells and what the window shows.

They are also the wire format between the two processes: one JSON object a line.
"""

from enum import StrEnum

import msgspec

from scene_desktop.core.datasets.findings import DoctorReport
from scene_desktop.core.models.card import ModelCard
from scene_desktop.core.photos.framing import Framing
from scene_desktop.core.recipes.recipe import TrainingRecipe


class Phase(StrEnum):
    """The steps of a training, in order."""

    STARTING = "starting"
    READING = "reading"
    CHOOSING = "choosing"
    FEATURES = "features"
    HEAD = "head"
    TRAINING = "training"
    CALIBRATING = "calibrating"
    EVALUATING = "evaluating"
    EXAMINING = "examining"
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
    """What the data set holds after reading it; counts are photos.

    Attributes:
        folds: In how many parts the photos are judged, each by a model that learned from the others; the
            photos of `validation` are those of `training` then. 0 where they are kept apart.
    """

    classes: tuple[str, ...]
    training: int
    validation: int
    folds: int = 0


class TriedView(msgspec.Struct, frozen=True, array_like=True):
    """One size and framing that was tried.

    Attributes:
        crossentropy: Out of fold, in nats.
    """

    side: int
    framing: Framing
    crossentropy: float


class ViewChosen(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """What the network will see of each photo, chosen by cross-validation.

    Attributes:
        side: Of the square in pixels.
        photos: How many were tried it with.
        tried: Everything that was tried, the chosen one included.
    """

    side: int
    framing: Framing
    photos: int
    tried: tuple[TriedView, ...]


class RunStarted(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The training has a folder on disk from which it can be resumed.

    Attributes:
        run: Name of the folder, see `scene_desktop.core.runs.stored`.
    """

    run: str


class DeviceChosen(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """What the training computes on.

    Attributes:
        kind: "CPU" or "GPU".
        name: As the system calls it, for people; may be empty.
        cores: Cores of the CPU that take part.
    """

    kind: str
    name: str
    cores: int


class TrainingPaused(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The training waits; nothing is lost.

    Attributes:
        problem: Why, in a sentence with the next step, if nobody asked for it (the disk is full ...).
    """

    problem: str = ""


class TrainingContinued(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The training goes on after a pause."""


class CheckpointSaved(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """From here a training can go on after a crash; `position` is on the epoch axis as in `BatchEnded`."""

    position: float


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


class TrainingKept(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The engine has left a training that can be resumed, because it was asked to; a last event."""


class TrainingFailed(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The training cannot go on; a last event.

    Attributes:
        message: A sentence for a person, with the next step.
        details: Technical text; empty when the message says it all.
        wrong_input: Whether what was handed over is at fault (the data set, a parameter).
        suggested: Parameters that may help, by name, such as a smaller learning rate.
    """

    message: str
    details: str = ""
    wrong_input: bool = False
    suggested: dict[str, float] = {}


class DataSetExamined(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """What the doctor found; the last event of an examination."""

    report: DoctorReport


class ModelImported(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The model of a share file is in the library; the last event of an import.

    Attributes:
        card: As it is in the library, under the name that it got there.
        is_new: False if the library had the same weights and classes already.
    """

    card: ModelCard
    folder: str
    is_new: bool


TrainingEvent = (
    PhaseChanged
    | Progressed
    | PhotoSkipped
    | DataSetRead
    | ViewChosen
    | RunStarted
    | DeviceChosen
    | TrainingPaused
    | TrainingContinued
    | CheckpointSaved
    | BatchEnded
    | EpochEnded
    | ModelSaved
    | TrainingDiscarded
    | TrainingKept
    | TrainingFailed
    | DataSetExamined
    | ModelImported
)


class TrainRequested(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Asks the engine for one training.

    Attributes:
        dataset: Folder with one folder per class.
        name: Wanted name of the model; the library may add a number.
        start_from: Folder of a model to go on with; None to start afresh.
    """

    dataset: str
    recipe: TrainingRecipe
    name: str
    start_from: str | None = None


class ResumeRequested(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Asks the engine to go on with an interrupted training.

    Attributes:
        run: Name of its folder.
        finish: Keep its best epoch so far instead of training on.
    """

    run: str
    finish: bool = False


class ExamineRequested(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Asks the engine to look at a data set as a doctor would."""

    dataset: str


class ImportRequested(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Asks the engine to make a model of the library out of a share file."""

    path: str


class FinishRequested(msgspec.Struct, frozen=True, tag=True):
    """Asks to end the fit now and keep the best epoch so far."""


class PauseRequested(msgspec.Struct, frozen=True, tag=True):
    """Asks to save a checkpoint and wait."""


class ContinueRequested(msgspec.Struct, frozen=True, tag=True):
    """Asks to go on after a pause."""


class KeepRequested(msgspec.Struct, frozen=True, tag=True):
    """Asks to save a checkpoint and leave; the training can be resumed later. A closed pipe asks the same."""


class DiscardRequested(msgspec.Struct, frozen=True, tag=True):
    """Asks to drop the training and leave nothing behind."""


EngineRequest = TrainRequested | ResumeRequested | ExamineRequested | ImportRequested
"""What an engine is started for."""

EngineCommand = (
    EngineRequest | FinishRequested | PauseRequested | ContinueRequested | KeepRequested | DiscardRequested
)

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
