"""How to train: recipes as data.

`TrainingRecipe` declares every parameter once - type, limits, unit, label, help - and `idle_reason` to which
recipes it applies. The window's form, the command line's flags and all checks are derived from that declaration
in `parameters`. The recipes themselves are in `presets`.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from scene_desktop.core.photos.framing import Framing, View


class Network(StrEnum):
    """The networks that can be trained; `LITE0_HEAD` is that of the first version, with fewer features."""

    LITE0 = "efficientnet-lite0"
    LITE0_HEAD = "efficientnet-lite0-head"
    COMPACT_CNN = "compact-cnn"
    HACKATHON_CNN = "hackathon-cnn"

    @property
    def is_pretrained(self) -> bool:
        return self in (Network.LITE0, Network.LITE0_HEAD)


class TrainedPart(StrEnum):
    """How much of a pretrained network is trained; a network from scratch is always trained as a whole."""

    HEAD = "head"
    LAST_BLOCKS = "last-blocks"
    WHOLE = "whole-network"


class Optimizer(StrEnum):
    """How a step is made from gradients."""

    ADAM = "adam"
    ADAMW = "adamw"
    SGD = "sgd"
    LBFGS = "lbfgs"


class Schedule(StrEnum):
    """How the learning rate goes on after the warm-up."""

    CONSTANT = "constant"
    COSINE = "cosine"


class ClassWeights(StrEnum):
    """Whether photos of rare classes count more in the loss."""

    OFF = "off"
    BALANCED = "balanced"


class Monitor(StrEnum):
    """The figure that decides which epoch is best and when early stopping ends."""

    VALIDATION_ACCURACY = "validation-accuracy"
    VALIDATION_CROSSENTROPY = "validation-crossentropy"


class Group(StrEnum):
    """Parameters that belong together; forms and help list them in this order."""

    TRAINING = "training"
    LEARNING = "learning"
    AUGMENTATION = "augmentation"
    STOPPING = "stopping"
    DATA = "data"


def _meta(
    group: Group, label: str, text: str, unit: str = "", ge: float | None = None, le: float | None = None
) -> Meta:
    return Meta(title=label, description=text, extra={"unit": unit, "group": group}, ge=ge, le=le)


_T, _L, _A, _S, _D = Group


class TrainingRecipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that decides a training apart from the photos.

    Attributes:
        preset: Key of the preset it started from.
        validation_folder: Folder of classes used for validation instead of a share; None for the share.
    """

    preset: str
    network: Network
    trained_part: Annotated[
        TrainedPart,
        _meta(
            _T,
            "Trained part",
            "How much of the pretrained network is trained: more is better and slower. The whole network "
            "wants hours, or a GPU.",
        ),
    ] = TrainedPart.HEAD
    epochs: Annotated[
        int,
        _meta(_T, "Epochs", "How often all training photos are shown to the network, at most.", ge=1, le=1000),
    ]
    batch_size: Annotated[
        int,
        _meta(
            _T,
            "Batch size",
            "How many photos the network sees before it corrects itself.",
            "photos",
            ge=1,
            le=1024,
        ),
    ]
    image_size: Annotated[
        int,
        _meta(
            _T,
            "Image size",
            "Side of the square that every photo is scaled to. Larger shows finer detail and is slower.",
            "px",
            ge=32,
            le=512,
        ),
    ]
    framing: Annotated[
        Framing,
        _meta(
            _T,
            "Framing",
            "How a photo becomes a square: squashed, cut to its middle, or whole with grey beside it.",
        ),
    ] = Framing.SQUASH
    choose_view: Annotated[
        bool,
        _meta(
            _T,
            "Choose size and framing",
            "Try several sizes and framings on some of your photos and take what suits them best.",
        ),
    ] = False
    optimizer: Annotated[
        Optimizer,
        _meta(
            _L,
            "Optimizer",
            "How the network is corrected. Adam suits most; AdamW also decays weights. L-BFGS solves a single "
            "layer exactly, with as much restraint as cross-validation finds best.",
        ),
    ] = Optimizer.ADAM
    learning_rate: Annotated[
        float,
        _meta(
            _L,
            "Learning rate",
            "How strongly each batch corrects the network. Too high and it diverges; too low and it crawls.",
            ge=1e-7,
            le=1.0,
        ),
    ]
    schedule: Annotated[
        Schedule,
        _meta(_L, "Schedule", "Keep the learning rate, or let it fall along half a cosine to the last epoch."),
    ] = Schedule.CONSTANT
    warm_up: Annotated[
        int,
        _meta(
            _L, "Warm-up", "During the first epochs the learning rate rises from zero.", "epochs", ge=0, le=50
        ),
    ] = 0
    momentum: Annotated[
        float,
        _meta(_L, "Momentum", "How much of the last step goes into the next one.", ge=0.0, le=0.999),
    ] = 0.9
    weight_decay: Annotated[
        float,
        _meta(_L, "Weight decay", "How fast unused weights shrink, which calms the network.", ge=0.0, le=1.0),
    ] = 0.0
    label_smoothing: Annotated[
        float,
        _meta(
            _L,
            "Label smoothing",
            "How much doubt is mixed into the labels, so that wrong ones do less harm.",
            ge=0.0,
            le=0.5,
        ),
    ] = 0.0
    averaging: Annotated[
        float,
        _meta(
            _L,
            "Averaging",
            "Measure and keep a running average of the weights, which is calmer than the last ones; 0 is off, "
            "0.998 remembers about 500 steps.",
            ge=0.0,
            le=0.9999,
        ),
    ] = 0.0
    class_weights: Annotated[
        ClassWeights,
        _meta(_L, "Class weights", "Balanced lets each class count the same, however few photos it has."),
    ] = ClassWeights.OFF
    flip: Annotated[bool, _meta(_A, "Flip", "Mirror every other photo, left to right.")] = False
    rotation: Annotated[
        float, _meta(_A, "Rotation", "Turn photos by up to this angle.", "°", ge=0.0, le=180.0)
    ] = 0.0
    zoom: Annotated[
        float, _meta(_A, "Zoom", "Stretch or shrink photos by up to this share.", ge=0.0, le=0.9)
    ] = 0.0
    shear: Annotated[float, _meta(_A, "Shear", "Slant photos by up to this angle.", "°", ge=0.0, le=60.0)] = 0.0
    brightness: Annotated[
        float, _meta(_A, "Brightness", "Make photos darker or brighter by up to this share.", ge=0.0, le=0.9)
    ] = 0.0
    contrast: Annotated[
        float, _meta(_A, "Contrast", "Lower or raise the contrast by up to this share.", ge=0.0, le=0.9)
    ] = 0.0
    blending: Annotated[
        float,
        _meta(
            _A,
            "Blending",
            "Blend pairs of photos and their labels (mixup); 0.2 is usual. Training accuracy then looks low.",
            ge=0.0,
            le=1.0,
        ),
    ] = 0.0
    versions: Annotated[
        int,
        _meta(
            _A,
            "Changed versions",
            "How many versions of each photo, cut a little closer and in other light, a head learns from "
            "besides; fewer where there are many photos.",
            ge=0,
            le=16,
        ),
    ] = 0
    early_stopping: Annotated[
        bool, _meta(_S, "Stop early", "End before the last epoch when the watched figure no longer improves.")
    ] = False
    monitor: Annotated[
        Monitor, _meta(_S, "Watch", "The figure that decides which epoch is best and when to stop early.")
    ] = Monitor.VALIDATION_ACCURACY
    min_delta: Annotated[
        float,
        _meta(_S, "Smallest improvement", "Changes smaller than this do not count as better.", ge=0.0, le=1.0),
    ] = 0.0
    patience: Annotated[
        int,
        _meta(_S, "Patience", "How many epochs without improvement are allowed.", "epochs", ge=0, le=100),
    ] = 5
    restore_best: Annotated[
        bool, _meta(_S, "Keep the best epoch", "Save the model of the best epoch instead of the last one.")
    ] = True
    validation_share: Annotated[
        float,
        _meta(
            _D,
            "Validation share",
            "The share of each class that is held back to measure the model on photos it never saw. L-BFGS "
            "holds none back below 3,000 photos.",
            ge=0.05,
            le=0.5,
        ),
    ] = 0.2
    validation_folder: Annotated[
        str | None,
        _meta(_D, "Validation folder", "A folder of the same classes to measure on, instead of a share."),
    ] = None
    seed: Annotated[
        int,
        _meta(_D, "Seed", "The same seed gives the same split and the same start.", ge=0, le=2**31 - 1),
    ] = 1

    @property
    def sees_pixels(self) -> bool:
        """Whether photos go through the whole network in every epoch, so that they can be augmented freely."""
        return not self.network.is_pretrained or self.trained_part is TrainedPart.WHOLE

    @property
    def is_solved(self) -> bool:
        """Whether the head is solved exactly, from features that are computed once."""
        return (
            self.network is Network.LITE0
            and self.trained_part is TrainedPart.HEAD
            and self.optimizer is Optimizer.LBFGS
        )

    @property
    def view(self) -> View:
        """What the network sees of a photo, where it is not chosen from the photos."""
        return View(self.image_size, self.framing)

    @property
    def chooses_view(self) -> bool:
        """Whether size and framing follow from the photos."""
        return self.choose_view and idle_reason(self, "choose_view") is None


_OF_STEPS = frozenset(
    (
        *("batch_size", "learning_rate", "schedule", "warm_up", "label_smoothing", "averaging", "blending"),
        *("weight_decay", "early_stopping", "monitor", "restore_best"),
    )
)
"""Parameters that mean nothing where a head is solved."""


def idle_reason(recipe: TrainingRecipe, name: str) -> str | None:
    """Why a parameter has no effect with the other values of `recipe`; None if it has one."""
    if recipe.is_solved and name in _OF_STEPS:
        return "Only where a network is trained step by step; L-BFGS looks at all photos at once."
    match name:
        case "trained_part" if not recipe.network.is_pretrained:
            return "A network from scratch is always trained as a whole."
        case "choose_view" if recipe.sees_pixels or recipe.trained_part is not TrainedPart.HEAD:
            return "Only where a head is trained on a pretrained network."
        case "image_size" | "framing" if recipe.chooses_view:
            return "Chosen from your photos."
        case "rotation" | "zoom" | "shear" | "brightness" | "contrast" if not recipe.sees_pixels:
            return "Only where the whole network is trained; here each photo is looked at once."
        case "versions" if not recipe.is_solved:
            return "Only where a head is solved by L-BFGS."
        case "momentum" if recipe.optimizer is not Optimizer.SGD:
            return "Only with the optimizer SGD."
        case "weight_decay" if recipe.optimizer is Optimizer.ADAM:
            return "Only with the optimizers AdamW and SGD."
        case "min_delta" | "patience" if not recipe.early_stopping:
            return "Only with early stopping."
        case "validation_share" if recipe.validation_folder is not None:
            return "The validation folder takes its place."
    return None
