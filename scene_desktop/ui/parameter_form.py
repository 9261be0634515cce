"""The form of all parameters, derived from their declaration in `core.recipe`."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Protocol

from PySide6.QtCore import QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from scene_desktop.core.recipe import PARAMETERS, Parameter, TrainingRecipe, with_changes
from scene_desktop.ui import theme, words
from scene_desktop.ui.labels import button, label

EARLY_STOPPING = "early_stopping"
ONLY_WITH_EARLY_STOPPING = ("min_delta", "patience")
SHARE, FOLDER = "validation_share", "validation_folder"


class Field(Protocol):
    """What the form needs of an editor."""

    def value_(self) -> Any: ...
    def set_value(self, value: Any) -> None: ...


class _Calm:
    """A wheel turned over a form scrolls the form, unless the field has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():  # type: ignore[attr-defined]
            super().wheelEvent(event)  # type: ignore[misc]
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

    def validate(self, text: str, position: int) -> object:
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


class OneOf(_Calm, QComboBox):
    """One member of an enumeration."""

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self._kind: type[StrEnum] = parameter.kind
        for member in self._kind:
            self.addItem(str(member.value).replace("-", " ").capitalize(), member.value)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def value_(self) -> StrEnum:
        return self._kind(self.currentData())

    def set_value(self, value: StrEnum) -> None:
        self.setCurrentIndex(self.findData(value.value))


class FolderField(QWidget):
    """A folder, or nothing."""

    changed = Signal()

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self._edit = QLineEdit()
        self._edit.setPlaceholderText(self.tr("None: hold back a share"))
        self._edit.setAccessibleName(parameter.label)
        self._edit.setClearButtonEnabled(True)
        choose = button("", "folder", name=f"choose_{parameter.name}")
        choose.setToolTip(self.tr("Choose the folder"))
        choose.setAccessibleName(self.tr("Choose the folder"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._edit, 1)
        row.addWidget(choose)
        choose.clicked.connect(self._choose)
        self._edit.textChanged.connect(self.changed)

    def value_(self) -> str | None:
        return self._edit.text().strip() or None

    def set_value(self, value: str | None) -> None:
        self._edit.setText(value or "")

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, self.tr("Choose the validation folder"), self._edit.text()
        )
        if folder:
            self._edit.setText(folder)


_FIELDS: dict[type, Callable[[Parameter], QWidget]] = {
    int: WholeNumber,
    float: Decimal,
    bool: lambda parameter: OnOff(),
    str: FolderField,
}


def field_for(parameter: Parameter) -> QWidget:
    """The editor for one parameter, chosen by its type."""
    made = OneOf(parameter) if issubclass(parameter.kind, StrEnum) else _FIELDS[parameter.kind](parameter)
    made.setObjectName(f"parameter_{parameter.name}")
    if isinstance(made, QSpinBox | QDoubleSpinBox):
        made.lineEdit().setTextMargins(theme.unit(), 0, 0, 0)  # Qt ignores the style sheet's padding here
    made.setAccessibleName(parameter.label)
    made.setAccessibleDescription(parameter.help)
    made.setToolTip(words.tooltip(_limits(parameter)) if parameter.minimum is not None else "")
    return made


def _limits(parameter: Parameter) -> str:
    return f"{parameter.help} {parameter.minimum:g} – {parameter.maximum:g}"


class ParameterForm(QWidget):
    """One row a parameter: label, editor with unit and limits, a sentence of help."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("parameter_form")
        self._base: TrainingRecipe | None = None
        self.fields: dict[str, QWidget] = {}
        unit = theme.unit()
        self._reset = button(self.tr("Reset"), "again", "plain", name="reset_parameters")
        self._reset.setToolTip(self.tr("Back to the values of the recipe"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(unit * 4)
        grid.setVerticalSpacing(unit)
        grid.setColumnStretch(1, 1)
        for row, parameter in enumerate(PARAMETERS):
            field = field_for(parameter)
            self.fields[parameter.name] = field
            name = label(parameter.label)
            name.setBuddy(field)
            field.setMinimumWidth(unit * (44 if issubclass(parameter.kind, StrEnum) else 36))
            if parameter.kind is not str:
                field.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            grid.addWidget(name, row * 2, 0)
            grid.addWidget(field, row * 2, 1)
            sentence = label(parameter.help, "caption", wrap=True)
            sentence.setContentsMargins(0, 0, 0, unit * 2)
            grid.addWidget(sentence, row * 2 + 1, 0, 1, 2)
            self._listen(field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, unit * 2, 0, 0)
        column.addLayout(grid)
        column.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignLeft)
        self._reset.clicked.connect(self._back)

    def set_recipe(self, recipe: TrainingRecipe) -> None:
        """Shows the values of a recipe; `Reset` comes back to them."""
        self._base = recipe
        for name, field in self.fields.items():
            with QSignalBlocker(field):
                field.set_value(getattr(recipe, name))  # type: ignore[attr-defined]
        self._changed()

    @property
    def recipe(self) -> TrainingRecipe:
        """The recipe with the values of the form.

        Raises:
            InputError: A value does not fit.
        """
        if self._base is None:
            raise RuntimeError("set_recipe must come first")
        values = {name: field.value_() for name, field in self.fields.items()}  # type: ignore[attr-defined]
        return with_changes(self._base, **values)

    def _listen(self, field: QWidget) -> None:
        match field:
            case QSpinBox() | QDoubleSpinBox():
                field.valueChanged.connect(self._changed)
            case QCheckBox():
                field.toggled.connect(self._changed)
            case QComboBox():
                field.currentIndexChanged.connect(self._changed)
            case FolderField():
                field.changed.connect(self._changed)

    def _back(self) -> None:
        if self._base is not None:
            self.set_recipe(self._base)

    def _changed(self) -> None:
        stopping = self.fields[EARLY_STOPPING].value_()  # type: ignore[attr-defined]
        for name in ONLY_WITH_EARLY_STOPPING:
            self.fields[name].setEnabled(stopping)
        self.fields[SHARE].setEnabled(self.fields[FOLDER].value_() is None)  # type: ignore[attr-defined]
        self.changed.emit()
