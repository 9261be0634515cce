"""Which photos changed sides between two models, and how recipes differ."""

from pathlib import Path

import msgspec
import pytest

from scene_desktop.core.models.card import PhotoResult
from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.comparison import changes, compare
from scene_desktop.core.runs.events import TrainRequested
from scene_desktop.core.runs.stored import DATA, RunData, StoredRun
from tests.recipes import STEPWISE

CLASSES = ("forest", "sea")
ROOT = Path("/photos")


def result(name: str, label: int, predicted: int, digest: str = "") -> PhotoResult:
    return msgspec.convert(
        [f"{CLASSES[label]}/{name}", digest or name, label, predicted, 0.9][
            : len(PhotoResult.__struct_fields__)
        ],
        PhotoResult,
    )


def stored_run(folder: Path, name: str, recipe: TrainingRecipe, fingerprint: str = "") -> StoredRun:
    folder = folder / name
    folder.mkdir()
    if fingerprint:
        data = RunData(
            root="/photos", name="p", classes=CLASSES, fingerprint=fingerprint, training=(), validation=()
        )
        (folder / DATA).write_bytes(msgspec.json.encode(data))
    request = TrainRequested(dataset="/photos", recipe=recipe, name=name)
    return StoredRun(folder, request, name, None, False)


def test_photos_that_changed_sides_are_found_in_both_directions() -> None:
    before = [result("a", 0, 1), result("b", 0, 0), result("c", 1, 1), result("d", 1, 0)]
    after = [result("a", 0, 0), result("b", 0, 1), result("c", 1, 1), result("d", 1, 0)]
    found = changes(before, after, CLASSES, CLASSES, ROOT)
    assert found.measured == 4
    assert [(p.name, p.truth, p.before, p.after) for p in found.fixed] == [
        ("forest/a", "forest", "sea", "forest")
    ]
    assert [(p.name, p.before, p.after) for p in found.newly_wrong] == [("forest/b", "forest", "sea")]
    assert found.fixed[0].path == ROOT / "forest" / "a"


def test_photos_are_matched_by_content_and_only_those_that_both_measured_count() -> None:
    before = [result("old name", 0, 1, "x"), result("gone", 0, 1, "y")]
    after = [result("new name", 0, 0, "x"), result("new", 0, 1, "z")]
    found = changes(before, after, CLASSES, CLASSES, ROOT)
    assert found.measured == 1
    assert [photo.name for photo in found.fixed] == ["forest/new name"]
    assert found.newly_wrong == ()


def test_classes_are_compared_by_name_not_by_place() -> None:
    before = [result("a", 0, 0)]
    swapped = ("sea", "forest")
    after = [result("a", 1, 1)]
    found = changes(before, after, CLASSES, swapped, ROOT)
    assert (found.measured, found.fixed, found.newly_wrong) == (1, (), ())


def test_a_comparison_goes_from_the_oldest_to_the_newest_and_names_what_differs(tmp_path: Path) -> None:
    old = stored_run(tmp_path, "1-old", STEPWISE, "aa")
    new = stored_run(tmp_path, "2-new", with_changes(STEPWISE, learning_rate=0.01), "aa")
    found = compare([new, old])
    assert [compared.run.name for compared in found.runs] == ["1-old", "2-new"]
    assert [(d.parameter.name, d.values) for d in found.differences] == [("learning_rate", (0.002, 0.01))]
    assert found.same_photos
    assert found.changes is None


def test_other_photos_are_noticed(tmp_path: Path) -> None:
    quick = PRESETS["quick"].recipe
    found = compare([stored_run(tmp_path, "1", quick, "aa"), stored_run(tmp_path, "2", quick, "bb")])
    assert not found.same_photos
    assert found.differences == ()


def test_one_training_is_nothing_to_compare(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two trainings or more"):
        compare([stored_run(tmp_path, "1", PRESETS["quick"].recipe)])
