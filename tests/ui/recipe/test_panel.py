"""Step 2 of the set-up: cards, variants, own presets, and the model to go on with."""

import dataclasses

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from scene_desktop.core.errors import InputError
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.photos.framing import Framing, View
from scene_desktop.core.recipes.own_presets import OwnPresets
from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import Network
from scene_desktop.ui.recipe.panel import RecipePanel
from tests.ui.conftest import stored_model

QUICK = PRESETS["quick"].recipe
PETS = ("cat", "dog")


def model(
    name: str,
    network: Network = Network.HACKATHON_CNN,
    classes: tuple[str, ...] = PETS,
    size: int = 150,
    created: str = "2025-01-02T10:00:00Z",
    framing: Framing = Framing.SQUASH,
) -> StoredModel:
    made = stored_model(name, classes)
    card = msgspec.structs.replace(
        made.card, network=network, image_size=size, framing=framing, created=created
    )
    return dataclasses.replace(made, card=card)


@pytest.fixture
def panel(qtbot: QtBot) -> RecipePanel:
    made = RecipePanel()
    qtbot.addWidget(made)
    made.resize(500, 900)
    made.show()
    return made


@pytest.fixture
def kept(panel: RecipePanel) -> OwnPresets:
    """Own presets on disk, connected as the app does it."""
    own = OwnPresets()

    def save(name: str, recipe: object) -> None:
        own.save(name, recipe)
        panel.set_own_presets(own.all())

    def delete(key: str) -> None:
        own.delete(key)
        panel.set_own_presets(own.all())

    panel.preset_saved.connect(save)
    panel.preset_deleted.connect(delete)
    return own


def save_as(panel: RecipePanel, name: str) -> None:
    panel.fold.set_open(True)
    panel.findChild(QPushButton, "save_preset").click()
    panel.save_line.edit.setText(name)
    QTest.keyClick(panel.save_line.edit, Qt.Key.Key_Return)


def test_variants_of_one_family_share_a_card(panel: RecipePanel) -> None:
    titles = [card.text() for card in panel.cards]
    assert titles == ["Quick", "Best", "Compact CNN", "Hackathon CNN"]
    hackathon = panel.families[3]
    assert list(hackathon.variants) == ["hackathon", "hackathon-2", "hackathon-3"]
    assert not hackathon.variants["hackathon-3"].isVisible()
    hackathon.card.click()
    assert [made.text() for made in hackathon.variants.values()] == [
        "5 epochs",
        "10 epochs more",
        "Stopping early",
    ]
    hackathon.variants["hackathon-3"].click()
    assert panel.preset is PRESETS["hackathon-3"]
    assert panel.recipe == PRESETS["hackathon-3"].recipe
    assert hackathon.card.accessibleDescription() == PRESETS["hackathon-3"].promise
    panel.cards[0].click()
    assert panel.recipe == QUICK
    assert not hackathon.variants["hackathon-3"].isVisible()


@pytest.mark.parametrize("key", [key for key, preset in PRESETS.items() if not preset.continues])
def test_choosing_a_preset_fills_the_form_and_reset_comes_back_to_it(panel: RecipePanel, key: str) -> None:
    panel.choose(key)
    assert panel.recipe == PRESETS[key].recipe
    assert panel.form.changed_names == ()
    panel.form.fields["batch_size"].setValue(9)
    assert panel.form.changed_names == ("batch_size",)
    panel.form.findChild(QPushButton, "reset_parameters").click()
    assert panel.recipe == PRESETS[key].recipe


def test_cards_tell_how_long_each_takes_here(panel: RecipePanel) -> None:
    panel.set_estimates({"quick": "about 2 minutes here", "hackathon-3": "about 9 minutes here"})
    assert panel.cards[0].estimate == "about 2 minutes here"
    assert panel.cards[0].accessibleName() == "Quick, about 2 minutes here"
    assert panel.cards[3].estimate == ""
    panel.choose("hackathon-3")
    assert panel.cards[3].estimate == "about 9 minutes here"


def test_keys_choose_a_card_and_a_variant(qtbot: QtBot, panel: RecipePanel) -> None:
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.choose("compact")
    panel.cards[2].setFocus()
    QTest.keyClick(panel.cards[2], Qt.Key.Key_Down)
    assert panel.preset is PRESETS["hackathon"]
    first = panel.families[3].variants["hackathon"]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert panel.families[3].variants["hackathon-2"].hasFocus()
    QTest.keyClick(panel.families[3].variants["hackathon-2"], Qt.Key.Key_Space)
    assert panel.preset is PRESETS["hackathon-2"]


def test_a_saved_preset_becomes_a_card_and_is_chosen(panel: RecipePanel, kept: OwnPresets) -> None:
    panel.form.fields["epochs"].setValue(12)
    save_as(panel, "  Short   one ")
    assert [preset.title for preset in kept.all()] == ["Short one"]
    assert panel.preset.title == "Short one"
    assert panel.recipe == with_changes(QUICK, epochs=12)
    assert panel.form.changed_names == ()
    assert not panel.save_line.isVisible()
    assert panel.cards[4].isChecked()


def test_saving_under_a_taken_name_is_told_and_replaces(panel: RecipePanel, kept: OwnPresets) -> None:
    save_as(panel, "Mine")
    panel.form.fields["epochs"].setValue(3)
    panel.findChild(QPushButton, "save_preset").click()
    assert panel.save_line.edit.text() == "Mine"
    assert "is replaced" in panel.save_line.sentence
    QTest.keyClick(panel.save_line.edit, Qt.Key.Key_Return)
    assert [preset.recipe.epochs for preset in kept.all()] == [3]
    assert panel.recipe.epochs == 3


def test_a_preset_without_a_name_is_not_saved_and_escape_closes(panel: RecipePanel, kept: OwnPresets) -> None:
    save_as(panel, "   ")
    assert kept.all() == []
    assert panel.save_line.isVisible()
    QTest.keyClick(panel.save_line.edit, Qt.Key.Key_Escape)
    assert not panel.save_line.isVisible()


@pytest.mark.parametrize("sure", [True, False])
def test_deleting_an_own_preset_asks_first(
    panel: RecipePanel, kept: OwnPresets, monkeypatch: pytest.MonkeyPatch, sure: bool
) -> None:
    save_as(panel, "Mine")

    def answer(box: QMessageBox) -> int:
        role = QMessageBox.ButtonRole.DestructiveRole if sure else QMessageBox.ButtonRole.RejectRole
        next(b for b in box.buttons() if box.buttonRole(b) == role).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    panel.findChild(QToolButton, f"delete_{panel.preset.key}").click()
    assert len(kept.all()) == (0 if sure else 1)
    assert panel.preset.title == ("Quick" if sure else "Mine")
    assert panel.recipe == QUICK


def test_other_own_presets_do_not_disturb_what_is_typed(panel: RecipePanel) -> None:
    panel.form.fields["epochs"].setValue(77)
    panel.set_own_presets([OwnPresets().save("Other", QUICK)])
    assert panel.preset.key == "quick"
    assert panel.recipe.epochs == 77


def test_only_models_that_fit_are_offered(panel: RecipePanel) -> None:
    fitting = model("Fits")
    panel.set_models(
        [
            model("Other network", Network.COMPACT_CNN),
            model("Other classes", classes=("cat", "fox")),
            fitting,
        ]
    )
    panel.set_classes(PETS)
    assert not panel.continue_from.isVisible()
    panel.choose("hackathon")
    assert panel.continue_from.isVisible()
    assert panel.continue_from.offered == (fitting,)
    assert panel.start_from is None
    panel.set_classes(("cat", "fox"))
    assert [offered.card.name for offered in panel.continue_from.offered] == ["Other classes"]


def test_going_on_with_a_model_takes_its_image_size(panel: RecipePanel) -> None:
    chosen = model("Small", size=96)
    panel.set_models([chosen])
    panel.choose("hackathon")
    assert panel.continue_from.choose(str(chosen.folder))
    assert panel.start_from == str(chosen.folder)
    assert panel.recipe.image_size == 96
    row = panel.form.rows["image_size"]
    assert not row.field.isEnabled()
    assert "“Small”" in row.help
    panel.choose("quick")
    assert panel.start_from is None
    assert panel.recipe == QUICK
    assert row.help == "Chosen from your photos."
    panel.choose("compact")
    assert row.field.isEnabled()


def test_a_continuing_recipe_needs_a_model_and_takes_the_newest(panel: RecipePanel) -> None:
    panel.set_classes(PETS)
    panel.choose("hackathon-2")
    with pytest.raises(InputError, match="Train “Hackathon CNN” on these classes first"):
        _ = panel.recipe
    assert panel.start_from is None
    newest = model("New", created="2025-03-01T10:00:00Z")
    panel.set_models([model("Old", created="2025-01-01T10:00:00Z"), newest])
    assert panel.start_from == str(newest.folder)
    assert panel.recipe == PRESETS["hackathon-2"].recipe
    panel.set_models([])
    with pytest.raises(InputError):
        _ = panel.recipe


def test_a_chosen_model_stays_chosen_when_another_one_comes(panel: RecipePanel) -> None:
    panel.choose("hackathon")
    first = model("First")
    panel.set_models([first])
    panel.continue_from.choose(str(first.folder))
    panel.set_models([model("Newer", created="2025-09-01T10:00:00Z"), first])
    assert panel.start_from == str(first.folder)


def test_a_recipe_from_elsewhere_is_shown_as_it_was(panel: RecipePanel) -> None:
    chosen = model("First")
    panel.set_models([chosen])
    recipe = with_changes(PRESETS["hackathon-3"].recipe, epochs=4, rotation=12.5)
    panel.show_recipe(recipe, str(chosen.folder))
    assert panel.preset is PRESETS["hackathon-3"]
    assert panel.recipe == recipe
    assert panel.start_from == str(chosen.folder)


def test_going_on_with_a_model_takes_what_it_sees_of_a_photo(panel: RecipePanel) -> None:
    chosen = model("Wide", Network.LITE0, size=288, framing=Framing.PAD)
    panel.set_models([chosen])
    panel.choose("quick")
    assert panel.recipe.chooses_view
    assert panel.continue_from.choose(str(chosen.folder))
    assert panel.recipe.view == View(288, Framing.PAD)
    assert not panel.recipe.chooses_view
    for name in ("image_size", "framing", "choose_view"):
        assert "“Wide”" in panel.form.rows[name].help
        assert not panel.form.rows[name].field.isEnabled()
    panel.choose("best")
    panel.choose("quick")
    assert panel.recipe == QUICK
