from pathlib import Path

import pytest

from scene_desktop.core.errors import InputError, ModelFileError
from scene_desktop.core.models.card import FORMAT, ModelCard
from scene_desktop.core.models.library import (
    CARD,
    COMPILED,
    DamagedModel,
    Library,
    NewModel,
    load_model,
)
from scene_desktop.core.recipes.recipe import Network
from scene_desktop.core.text import safe_name


def new_model(name: str, created: str = "2026-01-01T00:00:00Z") -> NewModel:
    card = ModelCard(name=name, classes=("a", "b"), network=Network.LITE0_HEAD, image_size=160, created=created)
    return NewModel(card, weights=b"weights", compiled=b"compiled", history_csv="epoch\n")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "models", tmp_path / "built-in")


def test_a_model_comes_back_as_it_was_added(library: Library) -> None:
    added = library.add(new_model("Pets"))
    found = library.find("pets")
    assert found.card == added.card
    assert found.compiled() == b"compiled"
    assert found.weights() == b"weights"


def test_a_taken_name_gets_a_number(library: Library) -> None:
    assert [library.add(new_model("Pets")).card.name for _ in range(3)] == ["Pets", "Pets 2", "Pets 3"]


def test_newest_models_come_first(library: Library) -> None:
    library.add(new_model("Old", "2025-01-01T00:00:00Z"))
    library.add(new_model("New", "2026-01-01T00:00:00Z"))
    assert [model.card.name for model in library.models()] == ["New", "Old"]


def test_a_changed_file_is_noticed_before_it_is_used(library: Library) -> None:
    model = library.add(new_model("Pets"))
    (model.folder / COMPILED).write_bytes(b"compilex")
    with pytest.raises(ModelFileError, match="damaged"):
        model.compiled()


def test_a_broken_card_is_listed_with_its_reason_and_hides_no_other(library: Library) -> None:
    broken = library.add(new_model("Broken"))
    library.add(new_model("Fine"))
    (broken.folder / CARD).write_text("{")
    entries = library.entries()
    assert [model.card.name for model in library.models()] == ["Fine"]
    assert isinstance(entries[-1], DamagedModel)
    assert "damaged" in entries[-1].reason


def test_a_card_of_a_newer_version_says_so(library: Library) -> None:
    model = library.add(new_model("Future"))
    text = (model.folder / CARD).read_text().replace(f'"format": {FORMAT}', '"format": 99')
    (model.folder / CARD).write_text(text)
    with pytest.raises(ModelFileError, match="newer version"):
        load_model(model.folder)


def test_an_unknown_model_names_the_known_ones(library: Library) -> None:
    library.add(new_model("Pets"))
    with pytest.raises(InputError, match=r"“Cars”.*“Pets”"):
        library.find("Cars")


def test_a_failed_save_leaves_nothing(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="space"):
        library.add(new_model("Pets"))
    assert list(library.folder.iterdir()) == []


def test_renaming_keeps_the_model_and_refuses_taken_names(library: Library) -> None:
    model, _ = library.add(new_model("Pets")), library.add(new_model("Cars"))
    renamed = library.rename(model, "  Home   pets\u202e ")
    assert library.find("Home pets").compiled() == renamed.compiled()
    with pytest.raises(InputError, match="already"):
        library.rename(renamed, "CARS")


@pytest.mark.parametrize("name", ["../../etc", "a/b", "con\x00trol", "Täst 写真", "..", "x" * 300, "C:\\x"])
def test_hostile_names_stay_inside_the_library(library: Library, name: str) -> None:
    model = library.add(new_model("x"))
    model = library.add(NewModel(new_model(safe_name(name)).card, b"w", b"c"))
    assert model.folder.parent == library.folder
    assert library.find(model.card.name).compiled() == b"c"


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(InputError):
        safe_name("\u202e \t")
