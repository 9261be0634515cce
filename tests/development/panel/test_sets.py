"""Photo sets are read, known by their content, and drawn from."""

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from development.panel import sets
from development.panel.sets import PhotoSet, draws, folders_in, make_draw, make_intel_sets, read_set
from scene_desktop.core.datasets.dataset import read_dataset
from scene_desktop.core.errors import InputError
from tests.development.panel.conftest import COLOURS, write_squares


def test_sets_are_found_by_their_two_parts(squares: Path) -> None:
    write_squares(squares.parent / "no-test" / "train", {"red": 2, "blue": 2}, 3)
    assert folders_in(squares.parent) == [squares]


def test_a_folder_without_sets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Expected NAME/train/CLASS"):
        folders_in(tmp_path)


def test_labels_of_the_test_are_those_of_the_classes_that_are_learned(squares: Path) -> None:
    shutil.rmtree(squares / "test" / "blue")
    photo_set = read_set(squares)
    assert photo_set.classes == ("blue", "green", "red")
    assert {Path(photo.path).parent.name: photo.label for photo in photo_set.test} == {"green": 1, "red": 2}


def test_a_class_that_is_only_tested_is_refused(squares: Path) -> None:
    shutil.rmtree(squares / "train" / "blue")
    with pytest.raises(InputError, match="shows blue"):
        read_set(squares)


def test_a_set_is_known_by_its_content(squares: Path) -> None:
    before = read_set(squares).fingerprint()
    moved = squares.parent / "elsewhere"
    shutil.copytree(squares, moved)
    (moved / "train" / "red" / "00.png").rename(moved / "train" / "red" / "other.png")
    assert read_set(moved).fingerprint() == before
    (moved / "train" / "red" / "other.png").rename(moved / "test" / "red" / "other.png")
    assert read_set(moved).fingerprint() != before


def test_pixels_are_the_medians(squares: Path) -> None:
    assert read_set(squares).pixels() == (24, 24)


def _contents(folder: Path) -> dict[str, set[bytes]]:
    return {part.name: {path.read_bytes() for path in part.iterdir()} for part in folder.iterdir()}


@pytest.fixture
def small_intel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sets, "INTEL_PER_CLASS", (2, 5))
    monkeypatch.setattr(sets, "INTEL_TEST", 3)
    folder = tmp_path / "source"
    write_squares(folder, dict.fromkeys(COLOURS, 12), 1)
    return folder


def test_intel_draws_are_always_the_same_and_share_their_test(small_intel: Path, tmp_path: Path) -> None:
    small, large = make_intel_sets(small_intel, tmp_path / "made")
    assert (small.name, large.name) == ("intel-2", "intel-5")
    assert _contents(small / "test") == _contents(large / "test")
    first = _contents(small / "train")
    for name in COLOURS:
        learned, tested = _contents(large / "train")[name], _contents(large / "test")[name]
        assert (len(first[name]), len(learned), len(tested)) == (2, 5, 3)
        assert first[name] < learned
        assert not learned & tested
    make_intel_sets(small_intel, tmp_path / "made")
    assert _contents(small / "train") == first


def test_draws_are_copied_where_they_cannot_be_linked(
    small_intel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, target: str) -> None:
        raise OSError("another disk")

    linked = _contents(make_intel_sets(small_intel, tmp_path / "linked")[0] / "train")
    monkeypatch.setattr(os, "link", refuse)
    assert _contents(make_intel_sets(small_intel, tmp_path / "copied")[0] / "train") == linked


def test_draws_take_so_many_of_each_class_and_the_whole_test(squares: Path, tmp_path: Path) -> None:
    for path in sorted((squares / "train" / "red").iterdir())[6:]:
        path.unlink()
    whole = read_set(squares)
    made = list(draws(whole, tmp_path / "few"))
    assert [draw.name for draw in made[::7]] == ["squares-5-1", "squares-10-3", "squares-20-5"]
    assert [draw.per_class for draw in made[::7]] == [5, 10, 20]
    assert Counter(photo.label for photo in made[0].training) == {0: 5, 1: 5, 2: 5}
    assert Counter(photo.label for photo in made[5].training) == {0: 8, 1: 8, 2: 6}
    assert all(draw.test == whole.test for draw in made)
    assert len({draw.fingerprint() for draw in made[:5]}) == 5


def test_draws_do_not_depend_on_where_the_photos_lie(squares: Path, tmp_path: Path) -> None:
    shutil.copytree(squares, tmp_path / "elsewhere")

    def fingerprints(folder: Path) -> list[str]:
        return [draw.fingerprint() for draw in draws(read_set(folder), tmp_path / "few")]

    assert fingerprints(tmp_path / "elsewhere") == fingerprints(squares)


def test_the_folder_of_a_draw_holds_its_photos_and_no_older_ones(squares: Path, tmp_path: Path) -> None:
    drawn: PhotoSet = next(draws(read_set(squares), tmp_path / "few"))
    write_squares(drawn.train, {"red": 9}, 7)
    make_draw(drawn)
    found = read_dataset(drawn.train)
    assert found.classes == drawn.classes
    assert sorted(photo.digest for photo in found.photos) == sorted(photo.digest for photo in drawn.training)
