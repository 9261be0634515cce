"""What reading alone shows about a data set, and what a person leaves out of it."""

import logging
import shutil
from pathlib import Path

import pytest

from scene_desktop.core.datasets import exclusions
from scene_desktop.core.datasets.dataset import read_dataset
from scene_desktop.core.datasets.findings import DoctorReport, Finding, FindingKind, with_exclusions
from scene_desktop.core.datasets.health import quick_report
from scene_desktop.core.datasets.splitting import Split, split
from scene_desktop.core.errors import InputError
from tests.core.datasets.test_dataset import write_classes


def _finding(report: DoctorReport, kind: FindingKind) -> Finding:
    (found,) = (finding for finding in report.findings if finding.kind is kind)
    return found


def _paths(finding: Finding) -> list[set[str]]:
    return [{photo.path for photo in group} for group in finding.groups]


def test_duplicates_are_found_within_and_across_classes(tmp_path: Path) -> None:
    write_classes(tmp_path, cats=4, dogs=4)
    shutil.copy(tmp_path / "cats" / "000.png", tmp_path / "cats" / "copy.png")
    shutil.copy(tmp_path / "cats" / "001.png", tmp_path / "dogs" / "lost.png")
    report = quick_report(read_dataset(tmp_path))
    within, across = FindingKind.DUPLICATES_WITHIN, FindingKind.DUPLICATES_ACROSS
    assert _paths(_finding(report, within)) == [{"cats/000.png", "cats/copy.png"}]
    assert _paths(_finding(report, across)) == [{"cats/001.png", "dogs/lost.png"}]


def test_imbalance_and_small_classes_are_told(tmp_path: Path) -> None:
    report = quick_report(read_dataset(write_classes(tmp_path, cats=22, dogs=2)))
    assert _finding(report, FindingKind.IMBALANCE).value == 11
    assert _finding(report, FindingKind.FEW_PHOTOS).classes == ("dogs",)


def test_excluded_photos_take_no_part_and_can_come_back(tmp_path: Path) -> None:
    root = write_classes(tmp_path / "pets", cats=4, dogs=4)
    before = {path: path.read_bytes() for path in root.rglob("*.png")}
    exclusions.exclude(root, ["cats/001.png", "dogs/002.png"])
    dataset = read_dataset(root)
    assert dataset.counts() == (3, 3)
    assert dataset.excluded_paths() == ("cats/001.png", "dogs/002.png")
    assert quick_report(dataset).excluded == ("cats/001.png", "dogs/002.png")
    exclusions.include(root, ["cats/001.png"])
    assert dataset.with_choice().counts() == read_dataset(root).counts() == (4, 3)
    exclusions.clear(root)
    assert read_dataset(root).counts() == (4, 4)
    assert {path: path.read_bytes() for path in root.rglob("*.png")} == before


def test_a_changed_file_takes_part_again(tmp_path: Path) -> None:
    root = write_classes(tmp_path / "pets", cats=4, dogs=4)
    exclusions.exclude(root, ["cats/001.png"])
    shutil.copy(root / "dogs" / "003.png", root / "cats" / "001.png")
    assert read_dataset(root).counts() == (4, 4)


def test_a_class_that_is_too_small_by_exclusion_says_so(tmp_path: Path) -> None:
    root = write_classes(tmp_path / "pets", cats=3, dogs=4)
    exclusions.exclude(root, ["cats/000.png", "cats/001.png"])
    with pytest.raises(InputError, match=r"cats.*2 excluded by you"):
        read_dataset(root)


@pytest.mark.parametrize("path", ["cats/none.png", "/etc/hostname", "../outside.png"])
def test_only_photos_of_the_data_set_can_be_excluded(tmp_path: Path, path: str) -> None:
    root = write_classes(tmp_path / "pets", cats=3, dogs=4)
    with pytest.raises(InputError):
        exclusions.exclude(root, [path])
    assert read_dataset(root).counts() == (3, 4)


def test_a_damaged_file_of_choices_excludes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    root = write_classes(tmp_path / "pets", cats=3, dogs=4)
    exclusions.exclude(root, ["cats/000.png"])
    exclusions.kept_file(root).write_bytes(b"{")
    with caplog.at_level(logging.WARNING, "scene_desktop.core.datasets.exclusions"):
        assert read_dataset(root).counts() == (3, 4)
    assert "cannot be read" in caplog.text


def test_a_choice_that_cannot_be_kept_says_so(tmp_path: Path) -> None:
    root = write_classes(tmp_path / "pets", cats=3, dogs=4)
    folder = exclusions.kept_file(root).parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("no folder")
    with pytest.raises(InputError, match="cannot be kept"):
        exclusions.exclude(root, ["cats/000.png"])


def test_a_report_follows_what_is_left_out(tmp_path: Path) -> None:
    root = write_classes(tmp_path / "pets", cats=4, dogs=4)
    shutil.copy(root / "cats" / "000.png", root / "cats" / "copy.png")
    report = quick_report(read_dataset(root))
    changed = with_exclusions(report, {"cats": 4, "dogs": 4}, ("cats/copy.png",))
    (group,) = _finding(changed, FindingKind.DUPLICATES_WITHIN).groups
    assert {photo.path: photo.excluded for photo in group} == {"cats/000.png": False, "cats/copy.png": True}


def test_near_duplicates_stay_on_one_side_of_every_split(tmp_path: Path) -> None:
    dataset = read_dataset(write_classes(tmp_path / "pets", cats=20, dogs=20))
    group = frozenset(photo.digest for photo in dataset.photos[3:8])
    plain = [split(dataset, 0.3, seed) for seed in range(12)]
    together = [split(dataset, 0.3, seed, [group]) for seed in range(12)]

    def parted(parts: Split) -> bool:
        inside = {photo.digest for photo in parts.validation} & group
        return bool(inside) and inside != group

    assert any(map(parted, plain))
    assert not any(map(parted, together))
    assert all(split(dataset, 0.3, seed, []) == parts for seed, parts in enumerate(plain))
