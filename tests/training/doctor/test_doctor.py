"""The doctor against data sets that were made ill on purpose."""

import random
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from scene_desktop.core.datasets import exclusions
from scene_desktop.core.datasets.dataset import digest, read_dataset
from scene_desktop.core.datasets.findings import DoctorReport, Finding, FindingKind
from scene_desktop.core.errors import Stopped
from scene_desktop.core.runs.events import Progressed, TrainingEvent
from tests.training.conftest import REPOSITORY
from training.doctor.examine import examine
from training.doctor.label_suspects import FOLDS, label_suspects
from training.doctor.near_duplicates import Pair, grouped
from training.run.control import Control

INTEL = REPOSITORY.parent / "shared" / "intel-scenes" / "train"


def _picture(seed: int, hue: int) -> Image.Image:
    """A crowd of shapes; no two seeds are alike."""
    chance = random.Random(seed)
    image = Image.new("RGB", (160, 120), (hue, 120, 255 - hue))
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        x, y, size = chance.randrange(160), chance.randrange(120), chance.randrange(4, 40)
        colour = tuple(chance.randrange(256) for _ in range(3))
        shape = pen.ellipse if hue > 128 else pen.rectangle
        shape((x, y, x + size, y + size), fill=colour)
    return image


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("ill") / "shapes"
    for number, (name, hue) in enumerate((("round", 220), ("square", 20))):
        (root / name).mkdir(parents=True)
        for index in range(30):
            _picture(1000 * number + index, hue).save(root / name / f"{index:02}.png")
    first = Image.open(root / "round" / "00.png")
    first.resize((90, 68)).save(root / "round" / "half.jpg", quality=60)
    ImageOps.mirror(Image.open(root / "round" / "01.png")).save(root / "round" / "mirrored.png")
    ImageEnhance.Contrast(Image.open(root / "square" / "02.png")).enhance(0.7).save(root / "round" / "lost.jpg")
    _picture(7, 20).save(root / "round" / "wrong.png")
    _picture(8, 20).resize((40, 30)).save(root / "square" / "tiny.png")
    _picture(9, 20).resize((320, 70)).save(root / "square" / "long.png")
    (root / "square" / "damaged.jpg").write_bytes(b"\xff\xd8\xff damaged")
    return root


@pytest.fixture(scope="module")
def module_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doctor-home")


@pytest.fixture(autouse=True)
def one_home(module_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Features are computed once for all tests here."""
    monkeypatch.setenv("SCENE_DESKTOP_HOME", str(module_home))


def _finding(report: DoctorReport, kind: FindingKind) -> list[set[str]]:
    found = [finding for finding in report.findings if finding.kind is kind]
    return [{photo.path for photo in group} for finding in found for group in finding.groups]


@pytest.fixture(scope="module")
def examined(folder: Path, module_home: Path) -> tuple[DoctorReport, list[TrainingEvent]]:
    """A whole examination, which leaves the photos as they are."""
    events: list[TrainingEvent] = []
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCENE_DESKTOP_HOME", str(module_home))
        report = examine(folder, events.append, Control())
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before
    return report, events


def test_every_illness_is_found_with_its_photos(examined: tuple[DoctorReport, list[TrainingEvent]]) -> None:
    report, events = examined
    assert report.complete
    within = _finding(report, FindingKind.NEAR_DUPLICATES_WITHIN)
    assert {"round/00.png", "round/half.jpg"} in within
    assert {"round/01.png", "round/mirrored.png"} in within
    assert len(within) == 2
    assert _finding(report, FindingKind.NEAR_DUPLICATES_ACROSS) == [{"round/lost.jpg", "square/02.png"}]
    assert {"round/wrong.png"} in _finding(report, FindingKind.LABEL_SUSPECTS)
    assert _finding(report, FindingKind.TINY) == [{"square/tiny.png"}]
    assert _finding(report, FindingKind.ODD_SHAPED) == [{"square/long.png"}]
    assert _finding(report, FindingKind.UNREADABLE) == [{"square/damaged.jpg"}]
    assert [event.done for event in events if isinstance(event, Progressed)][-1] == 2 * 67


def test_near_duplicates_are_kept_for_later_splits(folder: Path, examined: object) -> None:
    groups = exclusions.load(folder).together()
    contents = {digest((folder / "round" / name).read_bytes()) for name in ("00.png", "half.jpg")}
    assert contents in groups


def test_an_excluded_photo_stays_listed(folder: Path) -> None:
    exclusions.exclude(folder, ["square/tiny.png"])
    report = examine(folder, lambda event: None, Control())
    tiny = next(finding for finding in report.findings if finding.kind is FindingKind.TINY)
    assert tiny.groups[0][0].excluded
    assert report.counts == {"round": 34, "square": 31}
    exclusions.clear(folder)


def test_the_examination_can_be_stopped(folder: Path) -> None:
    control = Control()

    def report(event: TrainingEvent) -> None:
        if isinstance(event, Progressed):
            control.discard()

    with pytest.raises(Stopped):
        examine(folder, report, control)


def test_flipped_labels_are_doubted_first() -> None:
    chance = np.random.default_rng(5)
    truth = chance.integers(0, 4, 800)
    centres = chance.normal(size=(4, 32)) * 1.5
    features = (centres[truth] + chance.normal(size=(800, 32))).astype(np.float16)
    labels = truth.copy()
    flipped = chance.choice(800, 40, replace=False)
    labels[flipped] = (labels[flipped] + chance.integers(1, 4, 40)) % 4
    folds = np.arange(800) % FOLDS
    suspects = label_suspects(features, labels, folds, np.ones(800, bool))
    first = {suspect.photo for suspect in suspects[:40]}
    assert len(first & set(flipped.tolist())) >= 36
    right = [suspect.suggested == truth[suspect.photo] for suspect in suspects if suspect.photo in flipped]
    assert np.mean(right) > 0.9


def test_pairs_become_groups() -> None:
    pairs = [Pair(1, 5, 1.0), Pair(5, 9, 1.0), Pair(2, 3, 1.0)]
    assert grouped(pairs) == [[1, 5, 9], [2, 3]]


@pytest.mark.skipif(not INTEL.is_dir(), reason="The shared photos are not here")
def test_the_intel_scenes_hold_fifteen_exact_pairs() -> None:
    from scene_desktop.core.datasets.health import quick_report

    findings: dict[FindingKind, Finding] = {
        finding.kind: finding for finding in quick_report(read_dataset(INTEL)).findings
    }
    across = findings[FindingKind.DUPLICATES_ACROSS].groups
    within = findings[FindingKind.DUPLICATES_WITHIN].groups
    assert (len(across), len(within)) == (10, 5)
