"""Groups and choices of the parameters as people call them."""

from enum import StrEnum
from typing import Any

from PySide6.QtCore import QCoreApplication

from scene_desktop.core.photos.framing import Framing
from scene_desktop.core.recipes.parameters import Parameter
from scene_desktop.core.recipes.recipe import ClassWeights, Group, Monitor, Optimizer, Schedule, TrainedPart


def _tr(text: str) -> str:
    return QCoreApplication.translate("parameter_words", text)


def group_title(group: Group) -> str:
    """The heading of a section."""
    return {
        Group.TRAINING: _tr("Training"),
        Group.LEARNING: _tr("Learning"),
        Group.AUGMENTATION: _tr("Augmentation"),
        Group.STOPPING: _tr("Best epoch and stopping"),
        Group.DATA: _tr("Validation and seed"),
    }[group]


def choice(member: StrEnum) -> str:
    """A member of an enumeration; one that has no words yet is shown by its value."""
    named: dict[StrEnum, str] = {
        TrainedPart.HEAD: _tr("Head only"),
        TrainedPart.LAST_BLOCKS: _tr("Head and last blocks"),
        TrainedPart.WHOLE: _tr("Whole network"),
        Optimizer.ADAM: _tr("Adam"),
        Optimizer.ADAMW: _tr("AdamW"),
        Optimizer.SGD: _tr("SGD with momentum"),
        Optimizer.LBFGS: _tr("L-BFGS (solves a layer)"),
        Framing.SQUASH: _tr("Squashed"),
        Framing.CUT: _tr("Cut to the middle"),
        Framing.PAD: _tr("Whole, grey beside it"),
        Schedule.CONSTANT: _tr("Constant"),
        Schedule.COSINE: _tr("Cosine"),
        ClassWeights.OFF: _tr("Off"),
        ClassWeights.BALANCED: _tr("Balanced"),
        Monitor.VALIDATION_ACCURACY: _tr("Validation accuracy"),
        Monitor.VALIDATION_CROSSENTROPY: _tr("Validation crossentropy"),
    }
    return named.get(member) or str(member.value).replace("-", " ").capitalize()


def value(parameter: Parameter, held: Any) -> str:
    """A value with its unit, as short as possible."""
    if isinstance(held, StrEnum):
        return choice(held)
    if held is None:
        return _tr("none")
    if isinstance(held, bool):
        return _tr("on") if held else _tr("off")
    if not isinstance(held, int | float):
        return str(held)
    shown = f"{held:.10g}"
    if not parameter.unit:
        return shown
    return f"{shown}{parameter.unit}" if parameter.unit == "°" else f"{shown} {parameter.unit}"
