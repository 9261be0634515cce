import os
from pathlib import Path

import pytest

from scene_desktop.core.datasets import corrections
from scene_desktop.core.datasets.corrections import add_to_dataset, folder_name, missing_classes
from scene_desktop.core.errors import InputError, Stopped


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Four files with photo names and contents of their own, dated in the past."""
    folder = tmp_path / "drop"
    folder.mkdir()
    for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg"):
        (folder / name).write_bytes(b"photo " + name.encode())
        os.utime(folder / name, ns=(1_600_000_000_123_456_789, 1_600_000_001_123_456_789))
    return folder


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    root = tmp_path / "scenes"
    for name in ("Sea", "forest"):
        (root / name).mkdir(parents=True)
        (root / name / "a.jpg").write_bytes(b"another photo of " + name.encode())
    return root


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_photos_are_copied_into_the_folders_of_their_classes(photos: Path, dataset: Path) -> None:
    before = contents(photos)
    added = add_to_dataset([(str(photos / "b.jpg"), "sea"), (str(photos / "c.jpg"), "street")], dataset)
    assert added.root == dataset
    assert added.copied == (str(dataset / "Sea" / "b.jpg"), str(dataset / "street" / "c.jpg"))
    assert (added.already_there, added.failed) == (0, ())
    assert (dataset / "Sea" / "b.jpg").read_bytes() == b"photo b.jpg"
    assert contents(photos) == before


def test_copies_keep_the_times(photos: Path, dataset: Path) -> None:
    add_to_dataset([(str(photos / "b.jpg"), "forest")], dataset)
    copy = (dataset / "forest" / "b.jpg").stat()
    assert copy.st_mtime_ns == (photos / "b.jpg").stat().st_mtime_ns


def test_a_taken_name_gets_a_number_and_nothing_is_overwritten(photos: Path, dataset: Path) -> None:
    before = contents(dataset)
    other = photos / "below"
    other.mkdir()
    (other / "a.jpg").write_bytes(b"a third one")
    items = [(str(photos / "a.jpg"), "sea"), (str(other / "a.jpg"), "sea")]
    added = add_to_dataset(items, dataset)
    assert [Path(path).name for path in added.copied] == ["a 2.jpg", "a 3.jpg"]
    after = contents(dataset)
    assert {name: after[name] for name in before} == before
    assert after["Sea/a 3.jpg"] == b"a third one"


def test_a_name_that_appears_meanwhile_is_not_overwritten(
    photos: Path, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = dataset / "forest" / "b.jpg"

    def late(wanted: str, taken: object) -> str:
        if not target.exists():
            target.write_bytes(b"somebody was faster")
            return wanted
        return f"{wanted} 2"

    monkeypatch.setattr(corrections, "free_name", late)
    added = add_to_dataset([(str(photos / "b.jpg"), "forest")], dataset)
    assert target.read_bytes() == b"somebody was faster"
    assert Path(added.copied[0]).name == "b 2.jpg"


def test_where_links_cannot_be_made_nothing_is_overwritten_either(
    photos: Path, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(source: str, target: str) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    added = add_to_dataset([(str(photos / "a.jpg"), "sea"), (str(photos / "b.jpg"), "sea")], dataset)
    assert [Path(path).name for path in added.copied] == ["a 2.jpg", "b.jpg"]
    assert contents(dataset / "Sea") == {
        "a.jpg": b"another photo of Sea",
        "a 2.jpg": b"photo a.jpg",
        "b.jpg": b"photo b.jpg",
    }


def test_a_photo_with_the_same_content_is_passed_over(photos: Path, dataset: Path) -> None:
    below = dataset / "Sea" / "2024"
    below.mkdir()
    (below / "other name.jpg").write_bytes(b"photo b.jpg")
    first = add_to_dataset([(str(photos / "b.jpg"), "sea"), (str(photos / "c.jpg"), "sea")], dataset)
    again = add_to_dataset([(str(photos / "b.jpg"), "sea"), (str(photos / "c.jpg"), "sea")], dataset)
    assert (len(first.copied), first.already_there) == (1, 1)
    assert (len(again.copied), again.already_there) == (0, 2)
    assert not (dataset / "Sea" / "b.jpg").exists()


def test_the_same_photo_twice_in_one_go_is_copied_once(photos: Path, dataset: Path) -> None:
    added = add_to_dataset([(str(photos / "b.jpg"), "sea")] * 2, dataset)
    assert (len(added.copied), added.already_there) == (1, 1)


def test_each_failure_is_a_row_with_a_reason_and_the_others_are_copied(photos: Path, dataset: Path) -> None:
    link = photos / "link.jpg"
    link.symlink_to(photos / "b.jpg")
    items = [(str(photos / "gone.jpg"), "sea"), (str(link), "sea"), (str(photos / "d.jpg"), "sea")]
    added = add_to_dataset(items, dataset)
    assert [(Path(failed.path).name, failed.reason.split(";")[0]) for failed in added.failed] == [
        ("gone.jpg", "The file does not exist (any more)"),
        ("link.jpg", "Is a link"),
    ]
    assert [Path(path).name for path in added.copied] == ["d.jpg"]


def test_links_out_of_the_data_set_are_not_followed(photos: Path, dataset: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (dataset / "street").symlink_to(outside)
    added = add_to_dataset([(str(photos / "b.jpg"), "street")], dataset)
    assert "link" in added.failed[0].reason
    assert not list(outside.iterdir())


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nobody is kept out here")
def test_a_class_folder_that_cannot_be_written_is_a_row(photos: Path, dataset: Path) -> None:
    (dataset / "Sea").chmod(0o500)
    try:
        added = add_to_dataset([(str(photos / "b.jpg"), "sea"), (str(photos / "c.jpg"), "forest")], dataset)
    finally:
        (dataset / "Sea").chmod(0o700)
    assert "Permission denied" in added.failed[0].reason
    assert len(added.copied) == 1


def test_a_full_disk_leaves_no_half_file(photos: Path, dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = contents(dataset)
    added = add_to_dataset([(str(photos / "b.jpg"), "sea")], dataset)
    assert "No space left" in added.failed[0].reason
    assert contents(dataset) == before


def test_stopping_keeps_what_is_done_and_the_next_time_goes_on(photos: Path, dataset: Path) -> None:
    items = [(str(photos / f"{name}.jpg"), "forest") for name in "bcd"]
    told: list[tuple[int, int]] = []
    with pytest.raises(Stopped):
        add_to_dataset(items, dataset, lambda done, total: told.append((done, total)), lambda: len(told) == 2)
    assert told == [(0, 3), (1, 3)]
    added = add_to_dataset(items, dataset)
    assert (len(added.copied), added.already_there) == (1, 2)


def test_a_tree_with_train_and_test_gets_the_photos_in_train(photos: Path, tmp_path: Path) -> None:
    for part in ("train", "test"):
        (tmp_path / "tree" / part / "sea").mkdir(parents=True)
    added = add_to_dataset([(str(photos / "b.jpg"), "sea")], tmp_path / "tree")
    assert added.copied == (str(tmp_path / "tree" / "train" / "sea" / "b.jpg"),)
    assert added.root == tmp_path / "tree" / "train"


def test_missing_classes_are_known_before(dataset: Path) -> None:
    assert missing_classes(dataset, ["SEA", "street", "forest", "street"]) == ("street",)


def test_a_folder_that_is_not_there_is_refused(photos: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        add_to_dataset([(str(photos / "b.jpg"), "sea")], tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("sea", "sea"),
        ("../../etc", "_.._etc"),
        ("..", "_"),
        ("", "_"),
        ("a/b\\c:d", "a_b_c_d"),
        ("CON", "CON_"),
        ("name. ", "name"),
        ("line\nbreak\u202e", "line_break_"),
        (".hidden", "hidden"),
        ("éte\u0301", "été"),
    ],
)
def test_hostile_class_names_stay_inside_the_data_set(name: str, folder: str) -> None:
    assert folder_name(name) == folder


def test_long_names_are_cut_to_whole_characters() -> None:
    assert len(folder_name("é" * 400).encode()) <= 120
