"""Editors for the values of a recipe: one kind of field for each type of parameter."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, SignalInstance
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from scene_desktop.core.recipes.parameters import Parameter
from scene_desktop.ui import words
from scene_desktop.ui.recipe import parameter_words
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.folder_field import FolderField

if TYPE_CHECKING:
    _Mixed = QWidget
else:
    _Mixed = object  # Qt's classes must not be among the bases twice


class _Calm(_Mixed):
    """A wheel turned over a form scrolls the form, unless the field has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class WholeNumber(_Calm, QSpinBox):
    """An int within its limits."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        low, high = parameter.minimum, parameter.maximum
        self.setRange(-(2**31) if low is None else int(low), 2**31 - 1 if high is None else int(high))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if parameter.unit:
            self.setSuffix(f" {parameter.unit}")

    def value_(self) -> int:
        return self.value()

    def set_value(self, value: int) -> None:
        self.setValue(value)


class Decimal(_Calm, QDoubleSpinBox):
    """A float within its limits, written as short as possible, stepped by its last digit."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.setLocale(QLocale.c())
        self.setDecimals(8)
        self.setRange(
            -1e9 if parameter.minimum is None else parameter.minimum,
            1e9 if parameter.maximum is None else parameter.maximum,
        )
        self.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if parameter.unit:
            self.setSuffix(f" {parameter.unit}")

    def textFromValue(self, value: float) -> str:
        return f"{value:.10g}"

    def valueFromText(self, text: str) -> float:
        try:
            return float(text.removesuffix(self.suffix()).strip().replace(",", "."))
        except ValueError:
            return self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        plain = text.removesuffix(self.suffix()).strip().replace(",", ".")
        try:
            value = float(plain)
        except ValueError:
            typing = all(char in "0123456789.eE+-" for char in plain)
            return (QValidator.State.Intermediate if typing else QValidator.State.Invalid, text, position)
        inside = self.minimum() <= value <= self.maximum()
        return (QValidator.State.Acceptable if inside else QValidator.State.Intermediate, text, position)

    def value_(self) -> float:
        return self.value()

    def set_value(self, value: float) -> None:
        self.setValue(value)


class OnOff(QCheckBox):
    """A bool."""

    def value_(self) -> bool:
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        self.setChecked(value)


class CalmCombo(_Calm, QComboBox):
    """A choice that leaves the wheel to the page unless it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


class OneOf(CalmCombo):
    """One member of an enumeration."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self._kind: type[StrEnum] = parameter.kind
        for member in self._kind:
            self.addItem(parameter_words.choice(member), member.value)

    def value_(self) -> StrEnum:
        return self._kind(self.currentData())

    def set_value(self, value: StrEnum) -> None:
        self.setCurrentIndex(self.findData(value.value))


class Folder(FolderField):
    """A folder, or nothing."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__(
            parameter.name,
            "",
            parameter.label,
            self.tr("Choose the validation folder"),
            none=self.tr("None: hold back a share"),
        )

    def value_(self) -> str | None:
        return self.text or None

    def set_value(self, value: str | None) -> None:
        self.line.setText(value or "")


Field = WholeNumber | Decimal | OnOff | OneOf | Folder

_FIELDS: dict[type, Callable[[Parameter], Field]] = {
    int: WholeNumber,
    float: Decimal,
    bool: lambda parameter: OnOff(),
    str: Folder,
}


def field_for(parameter: Parameter) -> Field:
    """The editor for one parameter, chosen by its type."""
    kind = parameter.kind
    made: Field = OneOf(parameter) if issubclass(kind, StrEnum) else _FIELDS[kind](parameter)
    made.setObjectName(f"parameter_{parameter.name}")
    if isinstance(made, QSpinBox | QDoubleSpinBox):
        made.lineEdit().setTextMargins(theme.unit(), 0, 0, 0)  # Qt ignores the style sheet's padding here
    made.setAccessibleName(parameter.label)
    made.setAccessibleDescription(parameter.help)
    made.setMinimumWidth(theme.unit() * (44 if issubclass(kind, StrEnum) else 37))
    if kind is not str:
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    made.setToolTip(words.tooltip(_limits(parameter)) if parameter.minimum is not None else "")
    return made


def _limits(parameter: Parameter) -> str:
    return f"{parameter.help} {parameter.minimum:g} – {parameter.maximum:g}"


def changed_signal(field: Field) -> SignalInstance:
    """The signal that tells of a new value."""
    match field:
        case QSpinBox() | QDoubleSpinBox():
            return field.valueChanged
        case QCheckBox():
            return field.toggled
        case QComboBox():
            return field.currentIndexChanged
        case Folder():
            return field.changed
    raise TypeError(f"{type(field).__name__} is no field of a parameter")
