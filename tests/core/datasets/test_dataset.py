import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scene_desktop.core.datasets.dataset import (
    DataSet,
    LabelledPhoto,
    read_dataset,
)
from scene_desktop.core.datasets.splitting import split, split_with_folder
from scene_desktop.core.errors import InputError, Stopped
from tests.photo_zoo import encoded, picture


def write_photo(path: Path, shade: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image = picture(16, 16)
    image.putpixel((0, 0), (shade % 256, shade // 256 % 256, 77))
    path.write_bytes(encoded(image, "PNG"))
    return path


def write_classes(root: Path, **counts: int) -> Path:
    for number, (name, count) in enumerate(counts.items()):
        (root / name).mkdir(parents=True)
        for index in range(count):
            write_photo(root / name / f"{index:03}.png", number * 1000 + index)
    return root


def test_classes_are_sorted_folders_and_photos_are_labelled(tmp_path: Path) -> None:
    dataset = read_dataset(write_classes(tmp_path, dogs=3, cats=2))
    assert dataset.classes == ("cats", "dogs")
    assert dataset.counts() == (2, 3)
    assert {Path(photo.path).parent.name for photo in dataset.photos if photo.label == 1} == {"dogs"}


def test_unreadable_photos_are_listed_and_do_not_count(tmp_path: Path) -> None:
    write_classes(tmp_path, cats=3, dogs=3)
    (tmp_path / "cats" / "bad.jpg").write_bytes(b"no photo")
    dataset = read_dataset(tmp_path, decode=True)
    assert dataset.counts() == (3, 3)
    assert [Path(photo.path).name for photo in dataset.unreadable] == ["bad.jpg"]


def test_train_beside_test_is_understood(tmp_path: Path) -> None:
    write_classes(tmp_path / "train", cats=2, dogs=2)
    write_classes(tmp_path / "test", cats=2, dogs=2)
    assert read_dataset(tmp_path).root == tmp_path / "train"


def test_a_class_called_train_stays_a_class(tmp_path: Path) -> None:
    assert read_dataset(write_classes(tmp_path, train=2, bus=2)).classes == ("bus", "train")


def test_reading_stops_when_asked(tmp_path: Path) -> None:
    write_classes(tmp_path, cats=5, dogs=5)
    with pytest.raises(Stopped):
        read_dataset(tmp_path, should_stop=lambda: True)


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    read_dataset(write_classes(tmp_path, cats=4, dogs=4), report=lambda d, t: told.append((d, t)))
    assert told[-1] == (8, 8)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda root: None, ["does not exist", "Expected"]),
        (lambda root: root.write_text("x"), ["is a file", "Choose the folder"]),
        (lambda root: root.mkdir(), ["no folders", "Put the photos"]),
        (lambda root: write_photo(root / "loose.png", 1), ["1 photos but no folders"]),
        (lambda root: write_classes(root, cats=3), ["one class folder only", "cats"]),
        (lambda root: write_classes(root, cats=0, dogs=0), ["contain no photos"]),
        (lambda root: write_classes(root, cats=3, dogs=0), ["No readable photos in “dogs”"]),
        (lambda root: write_classes(root, cats=3, dogs=1), ["One readable photo only in “dogs”"]),
    ],
)
def test_wrong_input_says_what_was_expected_and_found(
    tmp_path: Path, make: Callable[[Path], object], words: list[str]
) -> None:
    root = tmp_path / "data"
    make(root)
    with pytest.raises(InputError) as caught:
        read_dataset(root)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_nothing_but_unreadable_files_names_the_first(tmp_path: Path) -> None:
    for name in ("cats", "dogs"):
        (tmp_path / name).mkdir()
        for number in range(3):
            (tmp_path / name / f"{number}.jpg").write_bytes(b"no photo")
    with pytest.raises(InputError, match="None of the 6 photos"):
        read_dataset(tmp_path, decode=True)


def _dataset(labels: list[int], contents: list[int], classes: int) -> DataSet:
    photos = tuple(
        LabelledPhoto(f"/{index}", label, content.to_bytes(16, "big"))
        for index, (label, content) in enumerate(zip(labels, contents, strict=True))
    )
    return DataSet(Path("/"), tuple(f"c{n}" for n in range(classes)), photos, (), False)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**6)), min_size=40, max_size=200),
    st.sampled_from([0.05, 0.2, 0.5]),
    st.integers(0, 99),
)
def test_a_split_never_separates_duplicates_and_loses_nothing(
    items: list[tuple[int, int]], share: float, seed: int
) -> None:
    labels = [label for label, _ in items] + [0, 0, 1, 1, 2, 2, 3, 3]
    contents = [content for _, content in items] + list(range(10**7, 10**7 + 8))
    dataset = _dataset(labels, contents, 4)
    parts = split(dataset, share, seed)
    assert Counter(parts.training) + Counter(parts.validation) == Counter(dataset.photos)
    assert not {p.digest for p in parts.training} & {p.digest for p in parts.validation}
    assert {p.label for p in parts.training} == {p.label for p in parts.validation} == {0, 1, 2, 3}


def test_a_split_is_stratified_and_depends_on_the_seed_alone() -> None:
    labels = [0] * 500 + [1] * 100
    dataset = _dataset(labels, list(range(600)), 2)
    reordered = DataSet(dataset.root, dataset.classes, dataset.photos[::-1], (), False)
    parts = split(dataset, 0.2, 7)
    assert Counter(p.label for p in parts.validation) == {0: 100, 1: 20}
    assert set(split(reordered, 0.2, 7).validation) == set(parts.validation)
    assert set(split(dataset, 0.2, 8).validation) != set(parts.validation)


def test_a_class_of_copies_cannot_be_split() -> None:
    with pytest.raises(InputError, match="copies of each other"):
        split(_dataset([0, 0, 1, 1], [1, 1, 2, 3], 2), 0.2, 1)


def test_a_validation_folder_takes_its_contents_out_of_the_training(tmp_path: Path) -> None:
    data = read_dataset(write_classes(tmp_path / "data", cats=6, dogs=6))
    for name in ("cats", "dogs"):
        (tmp_path / "val" / name).mkdir(parents=True)
        for number in ("000", "001"):
            shutil.copy(tmp_path / "data" / name / f"{number}.png", tmp_path / "val" / name)
    parts = split_with_folder(data, read_dataset(tmp_path / "val"))
    assert (len(parts.training), len(parts.validation)) == (8, 4)


def test_a_validation_folder_with_other_classes_is_refused(tmp_path: Path) -> None:
    data = read_dataset(write_classes(tmp_path / "data", cats=3, dogs=3))
    other = read_dataset(write_classes(tmp_path / "val", cats=3, cows=3))
    with pytest.raises(InputError, match="other classes"):
        split_with_folder(data, other)


def test_a_validation_folder_with_the_same_photos_says_so(tmp_path: Path) -> None:
    data = read_dataset(write_classes(tmp_path / "data", cats=3, dogs=3))
    with pytest.raises(InputError, match="holds the same photos"):
        split_with_folder(data, data)


@pytest.mark.parametrize(("groups", "copies"), [(2, 2), (3, 3), (4, 5)])
def test_large_groups_of_copies_still_leave_something_to_measure_on(groups: int, copies: int) -> None:
    contents = [number for number in range(2 * groups) for _ in range(copies)]
    labels = [0] * (groups * copies) + [1] * (groups * copies)
    parts = split(_dataset(labels, contents, 2), 0.2, 1)
    for side in (parts.training, parts.validation):
        assert {photo.label for photo in side} == {0, 1}


def test_listing_a_deep_folder_stops_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_classes(tmp_path, cats=2, dogs=2)
    asked: list[int] = []

    def endless(paths: object, note: object) -> object:
        for number in range(10**9):
            asked.append(number)
            yield str(tmp_path / f"{number}.jpg")

    monkeypatch.setattr("scene_desktop.core.photos.images.find_photos", endless)
    with pytest.raises(Stopped):
        read_dataset(tmp_path, should_stop=lambda: len(asked) > 100)


def test_a_class_folder_whose_name_is_no_text_can_be_told(tmp_path: Path) -> None:
    (tmp_path / "cats").mkdir()
    write_photo(tmp_path / "cats" / "1.png", 1)
    write_photo(tmp_path / "cats" / "2.png", 2)
    odd = tmp_path / "d\udcffgs"
    write_photo(odd / "3.png", 3)
    write_photo(odd / "4.png", 4)
    dataset = read_dataset(tmp_path)
    assert dataset.counts() == (2, 2)
    assert dataset.classes[1].isprintable()
    dataset.classes[1].encode("utf-8")
