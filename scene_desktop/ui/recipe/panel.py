"""Step 2: a recipe to start from, what to continue from, and all parameters."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QMessageBox, QVBoxLayout, QWidget

from scene_desktop.core.errors import InputError
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.recipes.presets import PRESETS, Preset
from scene_desktop.core.recipes.recipe import Group, TrainingRecipe
from scene_desktop.ui import words
from scene_desktop.ui.recipe.augmentation_preview import AugmentationPreview
from scene_desktop.ui.recipe.continue_from import ContinueFrom
from scene_desktop.ui.recipe.parameter_form import ParameterForm
from scene_desktop.ui.recipe.preset_card import PresetCard, PresetFamily
from scene_desktop.ui.recipe.save_preset import SavePreset
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.fold import Fold
from scene_desktop.ui.widgets.labels import button, label

_OF_MODEL = ("image_size", "framing", "choose_view")
"""Parameters that a model to go on with decides."""


class RecipePanel(QWidget):
    """Cards of the recipes, the model to go on with, and below, folded away, the parameters.

    Signals:
        changed: The recipe or the model to go on with.
        preset_saved: Name and `TrainingRecipe`; `set_own_presets` answers with all of them.
        preset_deleted: Key of an own preset.
        preview_requested: `TrainingRecipe` and a seed; `show_preview` answers.
    """

    changed = Signal()
    preset_saved = Signal(str, object)
    preset_deleted = Signal(str)
    preview_requested = Signal(object, int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("recipe_panel")
        self._estimates: dict[str, str] = {}
        self._awaited = ""
        self._families = [PresetFamily(variants) for variants in _families(PRESETS.values())]
        self._own: list[PresetFamily] = []
        self._group = QButtonGroup(self)
        self.continue_from = ContinueFrom()
        self.form = ParameterForm()
        self.preview = AugmentationPreview()
        self.form.sections[Group.AUGMENTATION].add_below(self.preview)
        self.fold = Fold(self.tr("Parameters"), self.form, "parameters", strong=True)
        self.save_line = SavePreset()
        self._save = button(self.tr("Save as preset…"), "save", "plain", name="save_preset")
        self._save.setToolTip(self.tr("Keep these values under a name"))
        self.form.buttons.insertWidget(1, self._save)
        self.form.add_below(self.save_line)
        self._assemble()

        for family in self._families:
            self._take_in(family)
        self._save.clicked.connect(self._ask_name)
        self.save_line.named.connect(self._keep)
        self.form.changed.connect(self._changed)
        self.continue_from.changed.connect(self._follow_model)
        self.preview.preview_requested.connect(self.preview_requested)
        self._families[0].card.setChecked(True)

    def _assemble(self) -> None:
        unit = theme.unit()
        self._cards = QVBoxLayout()
        self._cards.setSpacing(unit * 2)
        for family in self._families:
            self._cards.addWidget(family)
        self._own_title = label(self.tr("Your presets"), "strong", name="own_presets_title")
        self._own_title.hide()
        self._own_cards = QVBoxLayout()
        self._own_cards.setSpacing(unit * 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 2)
        column.addWidget(label(self.tr("How to train"), "heading"))
        column.addSpacing(unit)
        column.addLayout(self._cards)
        column.addWidget(self._own_title)
        column.addLayout(self._own_cards)
        column.addWidget(self.continue_from)
        column.addSpacing(unit * 2)
        column.addWidget(self.fold)
        column.addStretch(1)

    # What is chosen

    @property
    def families(self) -> list[PresetFamily]:
        """Those that come with the app, then the own presets."""
        return [*self._families, *self._own]

    @property
    def cards(self) -> list[PresetCard]:
        return [family.card for family in self.families]

    @property
    def chosen(self) -> PresetFamily:
        return next((f for f in self.families if f.card.isChecked()), self._families[0])

    @property
    def chosen_card(self) -> PresetCard:
        return self.chosen.card

    @property
    def preset(self) -> Preset:
        return self.chosen.preset

    @property
    def recipe(self) -> TrainingRecipe:
        """The chosen recipe with the changed parameters.

        Raises:
            InputError: A value does not fit, or the recipe needs a model to go on with and there is none.
        """
        if self.continue_from.problem:
            raise InputError(self.continue_from.problem)
        return self.form.recipe

    @property
    def start_from(self) -> str | None:
        """Folder of the model to go on with; None to start afresh."""
        model = self.continue_from.model
        return None if model is None else str(model.folder)

    def choose(self, key: str) -> None:
        """Chooses a preset by its key; one that is not there changes nothing."""
        for family in self.families:
            if key in family.variants:
                family.choose(key)

    def show_recipe(self, recipe: TrainingRecipe, start_from: str | None = None) -> None:
        """Shows a recipe from elsewhere, such as that of an earlier run."""
        self.choose(recipe.preset)
        for name, field in self.form.fields.items():
            field.set_value(getattr(recipe, name))
        if start_from is not None:
            self.continue_from.choose(start_from)

    # Facts

    def set_classes(self, classes: tuple[str, ...]) -> None:
        """The classes of another data set; empty if there is none."""
        self.continue_from.set_classes(classes)
        self.preview.set_has_data(bool(classes))

    def set_models(self, models: Sequence[StoredModel]) -> None:
        """The models of the library."""
        self.continue_from.set_models(models)

    def set_estimates(self, estimates: Mapping[str, str]) -> None:
        """How long each preset takes on this machine, in words, by key."""
        self._estimates = dict(estimates)
        for family in self.families:
            family.show_estimates(self._estimates)

    def set_own_presets(self, presets: Sequence[Preset]) -> None:
        """All presets of this person; one that was just saved becomes the chosen one."""
        before = self.preset.key
        for family in self._own:
            self._group.removeButton(family.card)
            self._own_cards.removeWidget(family)
            family.hide()
            family.deleteLater()
        self._own = [PresetFamily([preset], own=True) for preset in presets]
        for family in self._own:
            self._own_cards.addWidget(family)
            self._take_in(family)
            family.delete_requested.connect(self._delete)
            family.show_estimates(self._estimates)
        self._own_title.setVisible(bool(self._own))
        wanted = next((p.key for p in presets if p.title.casefold() == self._awaited), before)
        self._awaited = ""
        if wanted not in {self.preset.key} or not any(card.isChecked() for card in self.cards):
            known = {key for family in self.families for key in family.variants}
            self.choose(wanted if wanted in known else self._families[0].preset.key)

    def show_preview(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        """pictures: eight of uint8 `(H, W, 3)`, RGB."""
        self.preview.show_preview(pictures)

    # Inside

    def _take_in(self, family: PresetFamily) -> None:
        self._group.addButton(family.card)
        family.chosen.connect(self._choose)

    def _choose(self, preset: Preset) -> None:
        self.form.set_recipe(preset.recipe)
        self.continue_from.set_preset(preset)

    def _follow_model(self) -> None:
        model = self.continue_from.model
        if model is None:
            for name in _OF_MODEL:
                self.form.unlock(name)
        else:
            reason = self.tr("That of “{name}”, which the training goes on with.")
            card, reason = model.card, reason.format(name=words.shown(model.card.name))
            for name, value in zip(_OF_MODEL, (card.image_size, card.framing, False), strict=True):
                self.form.lock(name, value, reason)
        self.changed.emit()

    def _changed(self) -> None:
        try:
            recipe = self.form.recipe
        except InputError:
            pass
        else:
            self.preview.set_recipe(recipe)
        number = len(self.form.changed_names)
        self.fold.tell(self.tr("{number} changed").format(number=number) if number else "")
        self.changed.emit()

    def _ask_name(self) -> None:
        own = self.chosen if self.chosen in self._own else None
        taken = [family.preset.title for family in self._own]
        self.save_line.open_line(own.preset.title if own else "", taken)

    def _keep(self, name: str) -> None:
        try:
            recipe = self.form.recipe
        except InputError:
            return
        self._awaited = name.casefold()
        self.preset_saved.emit(name, recipe)

    def _delete(self, preset: Preset) -> None:
        title = self.tr("Delete the preset “{name}”?").format(name=words.shown(preset.title))
        text = self.tr("Models that were trained with it stay as they are.")
        box = QMessageBox(QMessageBox.Icon.Question, title, text, parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        delete = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        if box.clickedButton() is delete:
            self.preset_deleted.emit(preset.key)


def _families(presets: Iterable[Preset]) -> list[list[Preset]]:
    grouped: dict[str, list[Preset]] = defaultdict(list)
    for preset in presets:
        grouped[preset.family or preset.key].append(preset)
    return list(grouped.values())
