"""The form of all parameters, derived from their declaration in `core.recipes`."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from scene_desktop.core.errors import InputError
from scene_desktop.core.recipes.parameters import PARAMETERS, Parameter, with_changes
from scene_desktop.core.recipes.recipe import ClassWeights, Group, Optimizer, TrainingRecipe, idle_reason
from scene_desktop.ui import words
from scene_desktop.ui.recipe import parameter_words
from scene_desktop.ui.recipe.fields import Field, changed_signal, field_for
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.widgets.fold import Fold
from scene_desktop.ui.widgets.labels import button, label

TWO_COLUMNS_UNITS = 170
SUMMARY = 4
"""Values that the line of a folded section shows."""


class ParameterRow(QWidget):
    """Label, way back if it was changed, editor; below, a sentence of help or why it has no effect."""

    reset_requested = Signal(str)

    def __init__(self, parameter: Parameter) -> None:
        super().__init__()
        self.setObjectName(f"row_{parameter.name}")
        self.parameter = parameter
        self.field = field_for(parameter)
        unit = theme.unit()
        self._name = label(parameter.label)
        self._name.setBuddy(self.field)
        self._name.setMinimumHeight(unit * 6)  # rows side by side stay in line, also that of a check box
        self._sentence = label(parameter.help, "caption", wrap=True)
        self._back = QToolButton()
        self._back.setObjectName(f"reset_{parameter.name}")
        self._back.setAccessibleName(self.tr("Reset {name}").format(name=parameter.label))
        self._back.setProperty("look", "plain")
        self._back.setStyleSheet("QToolButton { padding: 0; min-height: 0; }")
        self._back.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        icons.set_icon(self._back, "again", "accent", unit * 3)
        self._back.setIconSize(QSize(unit * 3, unit * 3))
        self._back.hide()
        line = QHBoxLayout()
        line.setSpacing(unit)
        line.addWidget(self._name)
        line.addWidget(self._back)
        line.addSpacing(unit * 2)
        if parameter.kind is str:
            line.addWidget(self.field, 1)
        else:
            line.addStretch(1)
            line.addWidget(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, unit * 2)
        column.setSpacing(unit)
        column.addLayout(line)
        column.addWidget(self._sentence)
        column.addStretch(1)
        self._back.clicked.connect(self._ask_back)

    @property
    def help(self) -> str:
        """The sentence that is shown."""
        return self._sentence.text()

    def show_idle(self, reason: str | None) -> None:
        """Without effect for a reason, or with effect again."""
        self.field.setEnabled(reason is None)
        text = self.parameter.help if reason is None else reason
        if self._sentence.text() != text:
            self._sentence.setText(text)
            self.field.setAccessibleDescription(text)

    def mark_changed(self, changed: bool, base: Any) -> None:
        """Shows whether the value differs from that of the recipe, `base`."""
        weight = QFont.Weight.DemiBold if changed else QFont.Weight.Normal
        self._name.setFont(theme.scaled_font(1.0, weight))
        self._back.setVisible(changed)
        if changed:
            text = self.tr("Back to {value}").format(value=parameter_words.value(self.parameter, base))
            self._back.setToolTip(words.tooltip(text))
            self._back.setAccessibleName(f"{self.parameter.label}: {text}")

    def _ask_back(self) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.reset_requested.emit(self.parameter.name)


class ParameterSection(Fold):
    """The parameters of one group; folded, it tells their values in a line."""

    def __init__(self, group: Group, rows: list[ParameterRow]) -> None:
        self.group, self.rows = group, rows
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(theme.unit() * 5, theme.unit() * 2, 0, theme.unit() * 2)
        column.setSpacing(0)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.unit() * 10)
        self._grid.setVerticalSpacing(theme.unit())
        column.addLayout(self._grid)
        self._column = column
        self._columns = 0
        super().__init__(parameter_words.group_title(group), content, f"section_{group.value}")
        self._arrange()

    def add_below(self, widget: QWidget) -> None:
        """Puts something more below the rows."""
        self._column.addWidget(widget)

    def summarise(self, text: str, changed: int) -> None:
        """What the heading tells behind its title."""
        if changed:
            text = self.tr("{number} changed · {text}").format(number=changed, text=text)
        self.tell(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = 2 if self.width() >= theme.unit() * TWO_COLUMNS_UNITS else 1
        if columns == self._columns:
            return
        self._columns = columns
        for row in self.rows:
            self._grid.removeWidget(row)
        place = 0
        for row in self.rows:
            whole = row.parameter.kind is str
            if whole and place % columns:
                place += 1
            self._grid.addWidget(row, place // columns, place % columns, 1, columns if whole else 1)
            place += columns if whole else 1
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if columns == 2 else 0)


class ParameterForm(QWidget):
    """All parameters in sections; only the first section is open at the start."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("parameter_form")
        self._base: TrainingRecipe | None = None
        self._locked: dict[str, tuple[Any, str]] = {}
        self.rows = {parameter.name: ParameterRow(parameter) for parameter in PARAMETERS}
        self.fields: dict[str, Field] = {name: row.field for name, row in self.rows.items()}
        self.sections = {
            group: ParameterSection(group, [row for row in self.rows.values() if row.parameter.group is group])
            for group in Group
        }
        unit = theme.unit()
        self._reset = button(self.tr("Reset"), "again", "plain", name="reset_parameters")
        self._reset.setToolTip(self.tr("Back to the values of the recipe"))
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(unit)
        self.buttons.addWidget(self._reset)
        self.buttons.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, unit, 0, 0)
        self._column.setSpacing(unit * 2)
        for section in self.sections.values():
            self._column.addWidget(section)
        self._column.addLayout(self.buttons)

        for row in self.rows.values():
            changed_signal(row.field).connect(self._changed)
            row.reset_requested.connect(self._back_to_base)
        self._reset.clicked.connect(self._back)
        self.sections[Group.TRAINING].set_open(True)

    def add_below(self, widget: QWidget) -> None:
        """Puts something more below the buttons."""
        self._column.addWidget(widget)

    def set_recipe(self, recipe: TrainingRecipe) -> None:
        """Shows the values of a recipe; `Reset` comes back to them."""
        self._base = recipe
        self._write(lambda name: getattr(recipe, name))

    def lock(self, name: str, value: Any, reason: str) -> None:
        """Holds a parameter at a value that something else decides, and says what."""
        self._locked[name] = (value, reason)
        self._write(self._value)

    def unlock(self, name: str) -> None:
        """Gives a parameter back, with the value of the recipe."""
        if self._locked.pop(name, None) is not None and self._base is not None:
            base = getattr(self._base, name)
            self._write(lambda other: base if other == name else self._value(other))

    @property
    def recipe(self) -> TrainingRecipe:
        """The recipe with the values of the form.

        Raises:
            InputError: A value does not fit.
        """
        if self._base is None:
            raise RuntimeError("set_recipe must come first")
        return with_changes(self._base, **{name: self._value(name) for name in self.fields})

    @property
    def changed_names(self) -> tuple[str, ...]:
        """The parameters that differ from the recipe."""
        base = self._base
        return tuple(name for name in self.fields if base and self._value(name) != getattr(base, name))

    def _value(self, name: str) -> Any:
        return self.fields[name].value_()

    def _write(self, value_of: Callable[[str], Any]) -> None:
        for name, field in self.fields.items():
            held = self._locked[name][0] if name in self._locked else value_of(name)
            with QSignalBlocker(field):
                field.set_value(held)
        self._changed()

    def _back(self) -> None:
        if self._base is not None:
            self.set_recipe(self._base)

    def _back_to_base(self, name: str) -> None:
        if self._base is not None:
            self.fields[name].set_value(getattr(self._base, name))

    def _changed(self) -> None:
        if self._base is None:
            return
        try:
            recipe = self.recipe
        except InputError:
            self.changed.emit()
            return
        changed = set(self.changed_names)
        for name, row in self.rows.items():
            locked = name in self._locked
            row.show_idle(self._locked[name][1] if locked else idle_reason(recipe, name))
            row.mark_changed(name in changed and not locked, getattr(self._base, name))
        for section in self.sections.values():
            section.summarise(_summary(recipe, section.rows), len(changed & {_name(r) for r in section.rows}))
        self._reset.setEnabled(bool(changed - set(self._locked)))
        self.changed.emit()


def _name(row: ParameterRow) -> str:
    return row.parameter.name


def _summary(recipe: TrainingRecipe, rows: list[ParameterRow]) -> str:
    """The values that have an effect, for the line of a folded section."""
    told = []
    for parameter in (row.parameter for row in rows):
        held = getattr(recipe, parameter.name)
        if idle_reason(recipe, parameter.name) is not None or held in (None, False) or held == 0:
            continue
        if held is True:
            told.append(parameter.label.lower())
        elif parameter.kind in (int, float, str):
            told.append(f"{parameter.label.lower()} {parameter_words.value(parameter, held)}")
        elif held is not ClassWeights.OFF:
            shown = parameter_words.choice(held)
            told.append(shown if parameter.kind is Optimizer else shown[0].lower() + shown[1:])
    return ", ".join(told[:SUMMARY]) + (" …" if len(told) > SUMMARY else "")
