"""The form of all parameters, and the preview of the augmentation."""

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton, QSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from scene_desktop.core.recipes.parameters import PARAMETERS, Parameter
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import Group, Optimizer, idle_reason
from scene_desktop.ui.recipe.augmentation_preview import AugmentationPreview
from scene_desktop.ui.recipe.panel import RecipePanel
from scene_desktop.ui.recipe.parameter_form import ParameterForm
from tests.recipes import STEPWISE

HACKATHON = PRESETS["hackathon"].recipe


@pytest.fixture
def form(qtbot: QtBot) -> ParameterForm:
    made = ParameterForm()
    qtbot.addWidget(made)
    made.set_recipe(STEPWISE)
    made.show()
    return made


@pytest.fixture
def panel(qtbot: QtBot) -> RecipePanel:
    made = RecipePanel()
    qtbot.addWidget(made)
    made.resize(500, 900)
    made.fold.set_open(True)
    made.show()
    return made


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_every_parameter_has_a_field_with_its_limits_unit_and_help(
    form: ParameterForm, parameter: Parameter
) -> None:
    form.set_recipe(HACKATHON)
    field, row = form.fields[parameter.name], form.rows[parameter.name]
    assert field.accessibleName() == parameter.label
    assert row in form.sections[parameter.group].rows
    reason = idle_reason(HACKATHON, parameter.name)
    assert row.help == (reason or parameter.help)
    assert field.isEnabled() is (reason is None)
    assert any(label.text() == row.help for label in row.findChildren(QLabel))
    if isinstance(field, QSpinBox | QDoubleSpinBox):
        assert field.minimum() == parameter.minimum
        assert field.maximum() == parameter.maximum
        assert field.suffix() == (f" {parameter.unit}" if parameter.unit else "")


@pytest.mark.parametrize("key", PRESETS)
def test_the_form_gives_back_the_recipe_it_was_given(form: ParameterForm, key: str) -> None:
    form.set_recipe(PRESETS[key].recipe)
    assert form.recipe == PRESETS[key].recipe


def test_small_learning_rates_survive_the_form(form: ParameterForm) -> None:
    field = form.fields["learning_rate"]
    field.lineEdit().setText("2.5e-6")
    field.interpretText()
    assert form.recipe.learning_rate == 2.5e-6


def test_patience_needs_early_stopping_and_a_folder_replaces_the_share(form: ParameterForm) -> None:
    for wanted in (True, False):
        form.fields["early_stopping"].setChecked(wanted)
        assert form.fields["patience"].isEnabled() is wanted
        assert form.fields["min_delta"].isEnabled() is wanted
    form.fields["validation_folder"].set_value("/data/test")
    assert not form.fields["validation_share"].isEnabled()
    assert form.recipe.validation_folder == "/data/test"


def test_a_field_without_effect_says_why_until_it_has_one(form: ParameterForm) -> None:
    row = form.rows["momentum"]
    assert not row.field.isEnabled()
    assert row.help == "Only with the optimizer SGD."
    assert row.field.accessibleDescription() == row.help
    form.fields["optimizer"].set_value(Optimizer.SGD)
    assert row.field.isEnabled()
    assert row.help == row.parameter.help


def test_choices_are_written_for_people(form: ParameterForm) -> None:
    box = form.fields["optimizer"]
    assert [box.itemText(n) for n in range(box.count())] == [
        *("Adam", "AdamW", "SGD with momentum", "L-BFGS (solves a layer)")
    ]


def test_a_changed_value_is_marked_and_goes_back_alone(form: ParameterForm) -> None:
    assert form.changed_names == ()
    form.fields["epochs"].setValue(7)
    form.fields["batch_size"].setValue(9)
    assert form.changed_names == ("epochs", "batch_size")
    back = form.findChild(QToolButton, "reset_epochs")
    assert not back.isHidden()
    assert form.findChild(QToolButton, "reset_image_size").isHidden()
    assert back.accessibleName() == "Epochs: Back to 30"
    back.click()
    assert form.recipe.epochs == STEPWISE.epochs
    assert form.changed_names == ("batch_size",)
    assert back.isHidden()


def test_reset_brings_everything_back(form: ParameterForm) -> None:
    reset = form.findChild(QPushButton, "reset_parameters")
    assert not reset.isEnabled()
    form.fields["epochs"].setValue(7)
    form.fields["flip"].setChecked(False)
    reset.click()
    assert form.recipe == STEPWISE
    assert not reset.isEnabled()


def test_a_folded_section_tells_its_values_and_changes(form: ParameterForm) -> None:
    learning = form.sections[Group.LEARNING]
    assert learning.summary == "Adam, learning rate 0.002, constant, averaging 0.99"
    form.fields["learning_rate"].setValue(0.001)
    assert learning.summary == "1 changed · Adam, learning rate 0.001, constant, averaging 0.99"


def test_wide_sections_have_two_columns_narrow_ones_one(qtbot: QtBot, form: ParameterForm) -> None:
    def side_by_side() -> bool:
        return form.rows["epochs"].x() > form.rows["trained_part"].x()

    form.resize(1000, 900)
    qtbot.waitUntil(side_by_side)
    form.resize(400, 900)
    qtbot.waitUntil(lambda: not side_by_side())


def test_a_locked_parameter_keeps_its_value_through_a_reset(form: ParameterForm) -> None:
    form.lock("image_size", 96, "That of the model.")
    assert (form.recipe.image_size, form.rows["image_size"].help) == (96, "That of the model.")
    form.fields["epochs"].setValue(3)
    form.findChild(QPushButton, "reset_parameters").click()
    assert (form.recipe.image_size, form.recipe.epochs) == (96, STEPWISE.epochs)
    form.unlock("image_size")
    assert form.recipe == STEPWISE
    assert form.fields["image_size"].isEnabled()


def open_augmentation(panel: RecipePanel) -> list[tuple[object, int]]:
    asked: list[tuple[object, int]] = []
    panel.preview_requested.connect(lambda recipe, seed: asked.append((recipe, seed)))
    panel.form.sections[Group.AUGMENTATION].set_open(True)
    return asked


def settle(qtbot: QtBot, panel: RecipePanel) -> None:
    """Until the preview waits for nothing any more: what it has not asked now, it never asks."""
    timer = panel.preview.findChild(QTimer)
    qtbot.waitUntil(lambda: not timer.isActive())


def test_the_preview_asks_once_for_a_burst_of_changes(qtbot: QtBot, panel: RecipePanel) -> None:
    panel.choose("hackathon")
    panel.set_classes(("cat", "dog"))
    asked = open_augmentation(panel)
    qtbot.waitUntil(lambda: len(asked) == 1)
    for angle in range(1, 30):
        panel.form.fields["rotation"].setValue(angle)
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert asked[1][0].rotation == 29
    panel.form.fields["epochs"].setValue(99)
    settle(qtbot, panel)
    assert len(asked) == 2


def test_others_asks_with_another_seed(qtbot: QtBot, panel: RecipePanel) -> None:
    panel.choose("hackathon")
    panel.set_classes(("cat", "dog"))
    asked = open_augmentation(panel)
    qtbot.waitUntil(lambda: len(asked) == 1)
    panel.findChild(QPushButton, "other_augmented_photos").click()
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert asked[0][1] != asked[1][1]
    assert asked[0][0] == asked[1][0]


def test_eight_pictures_are_shown_in_their_colours(qtbot: QtBot, panel: RecipePanel) -> None:
    panel.choose("hackathon")
    panel.set_classes(("cat", "dog"))
    open_augmentation(panel)
    reds = [np.full((30, 40, 3), (20 * n, 0, 255), dtype=np.uint8) for n in range(8)]
    panel.show_preview(reds)
    pictures = panel.preview.pictures
    colours = [pixmap.toImage().pixelColor(5, 5).getRgb()[:3] for pixmap in pictures.pixmaps]
    assert colours == [(20 * n, 0, 255) for n in range(8)]
    painted = pictures.grab().toImage()
    assert painted.pixelColor(painted.width() // 8, painted.height() // 4).blue() == 255


def test_a_recipe_that_sees_each_photo_once_has_no_preview_and_says_so(
    qtbot: QtBot, panel: RecipePanel
) -> None:
    panel.set_classes(("cat", "dog"))
    asked = open_augmentation(panel)
    settle(qtbot, panel)
    assert asked == []
    assert not panel.preview.pictures.isVisible()
    assert "Nothing to show" in panel.preview.sentence
    panel.choose("compact")
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert panel.preview.pictures.isVisible()


def test_without_a_data_set_there_is_no_preview(qtbot: QtBot, panel: RecipePanel) -> None:
    panel.choose("hackathon")
    asked = open_augmentation(panel)
    assert not panel.findChild(AugmentationPreview).isVisible()
    panel.set_classes(("cat", "dog"))
    panel.set_classes(())
    settle(qtbot, panel)
    assert asked == []


def test_a_wheel_over_a_field_does_not_change_it(form: ParameterForm) -> None:
    for name in ("epochs", "learning_rate", "optimizer"):
        assert form.fields[name].focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_framings_are_written_for_people_and_idle_while_they_are_chosen(form: ParameterForm) -> None:
    form.set_recipe(PRESETS["quick"].recipe)
    box = form.fields["framing"]
    assert [box.itemText(n) for n in range(box.count())] == [
        *("Squashed", "Cut to the middle", "Whole, grey beside it")
    ]
    for name in ("framing", "image_size"):
        assert form.rows[name].help == "Chosen from your photos."
        assert not form.fields[name].isEnabled()
    form.fields["choose_view"].setChecked(False)
    for name in ("framing", "image_size"):
        assert form.fields[name].isEnabled()


def test_where_a_head_is_solved_the_parameters_of_steps_are_idle(form: ParameterForm) -> None:
    form.set_recipe(PRESETS["quick"].recipe)
    for name in ("learning_rate", "batch_size", "weight_decay", "monitor"):
        assert "step by step" in form.rows[name].help
    assert form.fields["versions"].isEnabled()
    form.fields["optimizer"].set_value(Optimizer.ADAM)
    assert not form.fields["versions"].isEnabled()
