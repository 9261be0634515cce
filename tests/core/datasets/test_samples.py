from pathlib import Path

import numpy as np
import pytest

from scene_desktop.core.datasets.dataset import read_dataset
from scene_desktop.core.datasets.findings import FindingKind
from scene_desktop.core.datasets.health import quick_report
from scene_desktop.core.datasets.samples import CLASSES, draw, write_samples
from scene_desktop.core.errors import InputError


def test_samples_are_a_healthy_data_set_that_says_what_it_is(tmp_path: Path) -> None:
    assert write_samples(tmp_path / "new", per_class=3) == 18
    report = quick_report(read_dataset(tmp_path / "new", decode=True))
    assert report.counts == dict.fromkeys(CLASSES, 3)
    assert [finding.kind for finding in report.findings] == [FindingKind.FEW_PHOTOS]
    assert "synthetic" in (tmp_path / "new" / "README.txt").read_text()


def test_the_seed_decides_the_picture() -> None:
    first, again, other = (np.asarray(draw("sea", seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(InputError, match="not an empty folder"):
        write_samples(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["mine.txt"]
