"""Step 1 of the set-up: the classes, the doctor's findings, and photos that are left out."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from scene_desktop.core.datasets.dataset import DataSet, LabelledPhoto, UnreadablePhoto
from scene_desktop.core.datasets.findings import DoctorReport, Finding, FindingKind, FoundPhoto
from scene_desktop.core.datasets.health import quick_report
from scene_desktop.core.runs.events import Phase
from scene_desktop.ui.dataset.finding_view import FindingView
from scene_desktop.ui.dataset.found_photos import VISIBLE_ROWS, FoundPhotoDelegate
from scene_desktop.ui.dataset.photo_look import PhotoLook
from scene_desktop.ui.train.setup_panel import SetupPanel
from scene_desktop.ui.widgets.thumbnails import Thumbnails


def data_set(counts: tuple[int, ...], root: Path = Path("/data/pets")) -> DataSet:
    classes = tuple(f"class <b>{n}</b>" for n in range(len(counts)))
    photos = [
        LabelledPhoto(str(root / classes[label] / f"{n}.jpg"), label, f"{label}-{n}".encode())
        for label, count in enumerate(counts)
        for n in range(count)
    ]
    return DataSet(root, classes, tuple(photos), (), True)


def photo(path: str, **more: object) -> FoundPhoto:
    return FoundPhoto(path=path, class_name=path.partition("/")[0], **more)


COPIES = Finding(
    kind=FindingKind.DUPLICATES_WITHIN,
    groups=(
        (photo("cat/1.jpg"), photo("cat/2.jpg"), photo("cat/3.jpg")),
        (photo("dog/1.jpg"), photo("dog/2.jpg")),
    ),
)
SUSPECTS = Finding(
    kind=FindingKind.LABEL_SUSPECTS,
    groups=tuple((photo(f"cat/{n}.jpg", suggested="dog", score=0.9),) for n in (3, 4, 5)),
)


def report(*findings: Finding, excluded: tuple[str, ...] = (), complete: bool = False) -> DoctorReport:
    return DoctorReport(
        dataset="/data/pets",
        counts={"cat": 100, "dog": 50},
        findings=findings,
        excluded=excluded,
        complete=complete,
    )


@pytest.fixture
def setup(qtbot: QtBot) -> Iterator[SetupPanel]:
    thumbnails = Thumbnails()
    panel = SetupPanel(thumbnails)
    qtbot.addWidget(panel)
    panel.resize(1200, 700)
    panel.show()
    yield panel
    thumbnails.close()


@pytest.fixture
def pets(setup: SetupPanel) -> SetupPanel:
    """A data set of cats and dogs, read but not examined."""
    pictures = tuple(
        LabelledPhoto(f"/data/pets/{name}/{n}.jpg", label, f"{name}{n}".encode())
        for label, (name, count) in enumerate((("cat", 100), ("dog", 50)))
        for n in range(count)
    )
    dataset = DataSet(Path("/data/pets"), ("cat", "dog"), pictures, (), True)
    setup.dataset.show_dataset(dataset, quick_report(dataset))
    return setup


@pytest.fixture
def told(pets: SetupPanel) -> list[tuple[tuple[str, ...], bool]]:
    """What was asked to be left out or taken back."""
    asked: list[tuple[tuple[str, ...], bool]] = []
    pets.dataset.exclusion_changed.connect(lambda paths, out: asked.append((paths, out)))
    return asked


def view(setup: SetupPanel, kind: FindingKind) -> FindingView:
    return next(view for view in setup.dataset.findings_panel.views if view.kind is kind)


def press(finding: FindingView, name: str) -> None:
    finding.findChild(QPushButton, f"{finding.objectName()}_{name}").click()


def left_out(setup: SetupPanel) -> str:
    told = setup.findChild(QLabel, "left_out")
    return "" if told.isHidden() else told.text()


def counts(setup: SetupPanel) -> dict[str, int]:
    return {row.key: row.count for row in setup.dataset.class_list.rows}


def test_a_data_set_shows_its_classes_with_counts_bars_and_samples(setup: SetupPanel) -> None:
    dataset = data_set((40, 20))
    setup.dataset.show_dataset(dataset, quick_report(dataset))
    rows = setup.dataset.class_list.rows
    assert [(row.name, row.count, row.share) for row in rows] == [
        ("class <b>0</b>", 40, 1.0),
        ("class <b>1</b>", 20, 0.5),
    ]
    assert all(len(set(row.samples)) == 3 for row in rows)


def test_a_healthy_data_set_has_nothing_to_worry_about(pets: SetupPanel) -> None:
    assert pets.dataset.findings_panel.views == []
    healthy = pets.findChild(QLabel, "finding_none")
    assert healthy.isVisible()
    pets.dataset.show_findings(report(SUSPECTS))
    assert not healthy.isVisible()


def test_what_reading_shows_comes_with_numbers_and_photos(setup: SetupPanel) -> None:
    healthy = data_set((130, 12))
    first, second = healthy.classes
    twin = LabelledPhoto(f"/data/pets/{second}/twin.jpg", 1, healthy.photos[0].digest)
    copy = LabelledPhoto(f"/data/pets/{first}/copy.jpg", 0, healthy.photos[1].digest)
    broken = UnreadablePhoto(f"/data/pets/{first}/broken.jpg", "The file is cut short")
    dataset = DataSet(healthy.root, healthy.classes, (*healthy.photos, twin, copy), (broken,), True)
    setup.dataset.show_dataset(dataset, quick_report(dataset))
    assert [found.kind for found in setup.dataset.findings_panel.views] == [
        FindingKind.UNREADABLE,
        FindingKind.DUPLICATES_ACROSS,
        FindingKind.DUPLICATES_WITHIN,
        FindingKind.FEW_PHOTOS,
        FindingKind.IMBALANCE,
    ]
    unreadable = view(setup, FindingKind.UNREADABLE)
    assert unreadable.text == "Cannot be read: 1 photo"
    assert unreadable.paths == [f"{first}/broken.jpg"]
    assert "The file is cut short" in unreadable.list.photos.rows[0].text
    assert f"{second}/twin.jpg" in view(setup, FindingKind.DUPLICATES_ACROSS).paths
    assert f"{first}/copy.jpg" in view(setup, FindingKind.DUPLICATES_WITHIN).paths
    assert "10 times" in view(setup, FindingKind.IMBALANCE).text


def test_a_photo_that_cannot_be_read_has_nothing_to_tick(pets: SetupPanel, told: list[object]) -> None:
    pets.dataset.show_findings(report(Finding(kind=FindingKind.UNREADABLE, groups=((photo("cat/1.jpg"),),))))
    photos = view(pets, FindingKind.UNREADABLE).list.photos
    assert photos.index(0).data(Qt.ItemDataRole.CheckStateRole) is None
    assert not photos.setData(photos.index(0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert told == []


def test_a_suspect_says_where_it_lies_and_what_it_looks_like(pets: SetupPanel) -> None:
    pets.dataset.show_findings(report(SUSPECTS))
    index = view(pets, FindingKind.LABEL_SUSPECTS).list.photos.index(0)
    assert index.data() == "3.jpg, lies in cat, looks like dog"


def test_a_tick_leaves_a_photo_out_everywhere_and_it_stays_visible(
    pets: SetupPanel, told: list[object]
) -> None:
    pets.dataset.show_findings(report(COPIES, SUSPECTS))
    suspects, copies = view(pets, FindingKind.LABEL_SUSPECTS), view(pets, FindingKind.DUPLICATES_WITHIN)
    suspects.fold.set_open(True)
    row = suspects.list.visualRect(suspects.list.photos.index(0))
    QTest.mouseClick(
        suspects.list.viewport(),
        Qt.MouseButton.LeftButton,
        pos=FoundPhotoDelegate.box(row).center(),
    )
    assert told == [(("cat/3.jpg",), True)]
    assert suspects.list.photos.is_out(0)
    assert copies.list.photos.is_out(2)
    assert suspects.fold.summary == "1 left out"
    assert suspects.paths == ["cat/3.jpg", "cat/4.jpg", "cat/5.jpg"]
    assert counts(pets) == {"cat": 99, "dog": 50}
    assert left_out(pets) == "1 photo left out"


def test_a_click_beside_the_tick_leaves_nothing_out(pets: SetupPanel, told: list[object]) -> None:
    pets.dataset.show_findings(report(SUSPECTS))
    suspects = view(pets, FindingKind.LABEL_SUSPECTS)
    suspects.fold.set_open(True)
    row = suspects.list.visualRect(suspects.list.photos.index(0))
    beside = QPoint(row.right() - 20, row.center().y())
    QTest.mouseClick(suspects.list.viewport(), Qt.MouseButton.LeftButton, pos=beside)
    assert told == []


def test_space_leaves_the_selected_photos_out_and_takes_them_back(pets: SetupPanel, told: list[object]) -> None:
    pets.dataset.show_findings(report(SUSPECTS))
    photos = view(pets, FindingKind.LABEL_SUSPECTS).list
    photos.selectAll()
    QTest.keyClick(photos, Qt.Key.Key_Space)
    QTest.keyClick(photos, Qt.Key.Key_Space)
    paths = ("cat/3.jpg", "cat/4.jpg", "cat/5.jpg")
    assert told == [(paths, True), (paths, False)]
    assert counts(pets) == {"cat": 100, "dog": 50}


def test_of_copies_all_but_the_first_are_left_out_at_once(pets: SetupPanel, told: list[object]) -> None:
    pets.dataset.show_findings(report(COPIES))
    copies = view(pets, FindingKind.DUPLICATES_WITHIN)
    press(copies, "copies")
    assert told == [(("cat/2.jpg", "cat/3.jpg", "dog/2.jpg"), True)]
    assert [copies.list.photos.is_out(row) for row in range(5)] == [False, True, True, False, True]
    press(copies, "copies")
    assert told[-1] == (("cat/2.jpg", "cat/3.jpg", "dog/2.jpg"), False)


def test_undo_all_takes_every_photo_back(pets: SetupPanel, told: list[object]) -> None:
    pets.dataset.show_findings(report(COPIES, SUSPECTS, excluded=("cat/4.jpg", "dog/49.jpg")))
    assert left_out(pets) == "2 photos left out"
    press(view(pets, FindingKind.LABEL_SUSPECTS), "all")
    assert pets.dataset.excluded == {"cat/3.jpg", "cat/4.jpg", "cat/5.jpg", "dog/49.jpg"}
    pets.findChild(QPushButton, "undo_left_out").click()
    assert told[-1] == (("cat/3.jpg", "cat/4.jpg", "cat/5.jpg", "dog/49.jpg"), False)
    assert left_out(pets) == ""
    assert counts(pets) == {"cat": 101, "dog": 51}


def test_a_new_report_keeps_what_is_open(pets: SetupPanel) -> None:
    pets.dataset.show_findings(report(COPIES, SUSPECTS))
    view(pets, FindingKind.LABEL_SUSPECTS).fold.set_open(True)
    pets.dataset.show_findings(report(SUSPECTS, excluded=("cat/3.jpg",)))
    (kept,) = pets.dataset.findings_panel.views
    assert kept.fold.is_open
    assert kept.list.photos.is_out(0)


def test_another_data_set_forgets_what_was_left_out(pets: SetupPanel) -> None:
    pets.dataset.show_findings(report(SUSPECTS, excluded=("cat/3.jpg",)))
    dataset = data_set((40, 30))
    pets.dataset.show_dataset(dataset, quick_report(dataset))
    assert pets.dataset.excluded == frozenset()
    assert pets.dataset.findings_panel.views == []


def test_hundreds_of_photos_stay_one_list_of_five_rows(pets: SetupPanel) -> None:
    many = Finding(
        kind=FindingKind.TINY, groups=tuple((photo(f"cat/{n}.jpg", text="20 × 20 px"),) for n in range(2000))
    )
    pets.dataset.show_findings(report(many))
    found = view(pets, FindingKind.TINY)
    found.fold.set_open(True)
    assert found.text == "Very small: 2,000 photos"
    assert found.list.height() == VISIBLE_ROWS * FoundPhotoDelegate.height() + 2
    assert len(found.findChildren(QPushButton)) < 10


def test_enter_opens_a_larger_look_with_keys_and_a_tick(
    qtbot: QtBot, pets: SetupPanel, told: list[object]
) -> None:
    pets.dataset.show_findings(report(SUSPECTS))
    found = view(pets, FindingKind.LABEL_SUSPECTS)
    found.fold.set_open(True)
    found.list.setCurrentIndex(found.list.photos.index(1))
    QTest.keyClick(found.list, Qt.Key.Key_Return)
    look = found.findChild(PhotoLook)
    assert look.windowTitle() == "4.jpg"
    assert look.text == "lies in cat, looks like dog"
    QTest.keyClick(look, Qt.Key.Key_Right)
    assert look.windowTitle() == "5.jpg"
    QTest.keyClick(look, Qt.Key.Key_Right)
    assert look.windowTitle() == "5.jpg"
    look.leave_out.click()
    assert told == [(("cat/5.jpg",), True)]
    assert found.list.photos.is_out(2)
    with qtbot.waitSignal(look.destroyed):
        QTest.keyClick(look, Qt.Key.Key_Escape)


@pytest.mark.parametrize("end", ["stopped", "failed", "done"])
def test_an_examination_is_asked_for_followed_and_ends(qtbot: QtBot, pets: SetupPanel, end: str) -> None:
    examination = pets.dataset.examination
    assert "near duplicates" in examination.sentence
    with qtbot.waitSignal(pets.dataset.examine_requested):
        examination.button.click()
    pets.dataset.examination_began()
    assert examination.is_running
    assert not examination.button.isEnabled()
    pets.dataset.examination_progressed(Phase.FEATURES, 2000, 14000, 100.0)
    assert "2,000 of 14,000 photos · 100 photos/s · about 2 min left" in examination.progress.text
    ends: dict[str, Callable[[], object]] = {
        "stopped": lambda: examination.findChild(QPushButton, "examination_progress_stop").click(),
        "failed": lambda: pets.dataset.examination_failed("The disk is full. Free some space."),
        "done": lambda: pets.dataset.show_findings(report(SUSPECTS, complete=True)),
    }
    stopped: list[bool] = []
    pets.dataset.examine_stopped.connect(lambda: stopped.append(True))
    ends[end]()
    assert stopped == ([True] if end == "stopped" else [])
    assert not examination.is_running
    assert examination.button.isEnabled()
    pets.dataset.examination_progressed(Phase.FEATURES, 3000, 14000, 100.0)  # late
    assert not examination.is_running
    words = {"stopped": "near duplicates", "failed": "disk is full", "done": "examined closely"}
    assert words[end] in examination.sentence


def test_a_quick_report_does_not_end_an_examination(pets: SetupPanel) -> None:
    pets.dataset.examination_began()
    pets.dataset.show_findings(report(COPIES, excluded=("cat/2.jpg",)))
    assert pets.dataset.examination.is_running
