"""Recipes that a person has named: kept, replaced, deleted, and damage that is survived."""

import logging
from pathlib import Path

import msgspec
import pytest

from scene_desktop.core import locations
from scene_desktop.core.errors import InputError
from scene_desktop.core.recipes.own_presets import OwnPresets
from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.presets import PRESETS

QUICK = PRESETS["quick"].recipe


def file() -> Path:
    return locations.data_folder() / "presets.json"


def test_a_saved_preset_is_there_after_a_restart() -> None:
    recipe = with_changes(QUICK, epochs=12, learning_rate=2.5e-6)
    saved = OwnPresets().save("Short one", recipe)
    assert OwnPresets().all() == [saved]
    assert saved.recipe == recipe
    assert saved.title == "Short one"
    assert saved.key.startswith("own-")


def test_without_a_file_there_are_none() -> None:
    assert OwnPresets().all() == []
    assert not file().exists()


def test_a_preset_says_how_it_differs_from_its_recipe() -> None:
    own = OwnPresets()
    changed = own.save(
        "A", with_changes(QUICK, epochs=12, flip=False, optimizer=PRESETS["best"].recipe.optimizer)
    )
    assert changed.promise == "As Quick, with epochs 12, optimizer adamw, flip off."
    assert own.save("B", QUICK).promise == "The same as Quick."


def test_the_same_name_replaces_whatever_its_case() -> None:
    own = OwnPresets()
    first = own.save("Mine", QUICK)
    second = own.save("MINE", with_changes(QUICK, epochs=3))
    assert first.key == second.key
    assert [(preset.title, preset.recipe.epochs) for preset in own.all()] == [("MINE", 3)]


def test_names_differ_in_their_keys_and_are_listed_in_order() -> None:
    own = OwnPresets()
    keys = {own.save(name, QUICK).key for name in ("b", "A", "c d", "c-d", "ü")}
    assert len(keys) == 5
    assert not keys & set(PRESETS)
    assert [preset.title for preset in own.all()] == ["A", "b", "c d", "c-d", "ü"]


def test_only_the_deleted_one_goes() -> None:
    own = OwnPresets()
    kept, gone = own.save("Kept", QUICK), own.save("Gone", QUICK)
    own.delete(gone.key)
    own.delete("own-nothing")
    assert own.all() == [kept]


def test_names_are_cleaned_and_cannot_be_empty() -> None:
    own = OwnPresets()
    assert own.save("  a\u202eb\n c  ", QUICK).title == "a b c"
    assert len(own.save("x" * 500, QUICK).title) == 80
    with pytest.raises(InputError, match="preset needs a name"):
        own.save(" \t\u200b", QUICK)


def test_a_recipe_outside_its_limits_is_not_stored() -> None:
    wrong = msgspec.structs.replace(QUICK, epochs=0)
    with pytest.raises(InputError, match="Epochs is 0"):
        OwnPresets().save("Wrong", wrong)
    assert not file().exists()


def test_a_preset_of_a_continuing_recipe_continues_too() -> None:
    assert OwnPresets().save("On", PRESETS["hackathon-2"].recipe).continues
    assert not OwnPresets().save("Fresh", QUICK).continues


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"format": 99, "presets": []}',
        b'{"presets": [{"name": "x", "recipe": {"preset": "quick"}}]}',
        b'{"presets": [{"name": 3}]}',
    ],
)
def test_a_damaged_file_is_put_aside(content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    file().parent.mkdir(parents=True)
    file().write_bytes(content)
    own = OwnPresets()
    with caplog.at_level(logging.WARNING):
        assert own.all() == []
    assert "put aside" in caplog.text
    assert file().with_name("presets.json.damaged").read_bytes() == content
    saved = own.save("New", QUICK)
    assert own.all() == [saved]


def test_a_value_outside_its_limits_on_disk_is_damage() -> None:
    OwnPresets().save("A", QUICK)
    file().write_bytes(file().read_bytes().replace(b'"epochs": 100', b'"epochs": -100'))
    assert OwnPresets().all() == []
    assert file().with_name("presets.json.damaged").exists()


def test_a_failed_write_leaves_the_old_presets(monkeypatch: pytest.MonkeyPatch) -> None:
    own = OwnPresets()
    kept = own.save("Kept", QUICK)

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scene_desktop.core.recipes.own_presets.files.write_atomically", full)
    with pytest.raises(OSError, match="No space"):
        own.save("New", QUICK)
    assert own.all() == [kept]
