from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.core.classify.pipeline import ClassifySummary, PhotosClassified, PhotosFound, SearchEnded
from scene_desktop.core.drops import DropJournal, find, records
from scene_desktop.core.errors import SceneError
from scene_desktop.core.models.library import Library
from scene_desktop.flows.drop_memory import DropMemory, NotKept
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.work.jobs import Lane
from tests.flows.conftest import Gate, fail, fill, idle, verdicts


@pytest.fixture
def memory_lane(lane: Callable[[str], Lane]) -> Lane:
    return lane("memory")


@pytest.fixture
def memory(classify_page: ClassifyPage, memory_lane: Lane) -> DropMemory:
    return DropMemory(classify_page.table_model, memory_lane)


def record(
    memory: DropMemory, library: Library, paths: list[str], name: str = "Scenes", *, by_person: bool = True
) -> list[object]:
    """A drop from its begin to its end; returns what was reported."""
    told: list[object] = []
    with memory.recording(library.find(name), paths, told.append) as recording:
        recording.pass_on(PhotosFound(0, tuple(paths)))
        recording.pass_on(SearchEnded(len(paths)))
        recording.pass_on(PhotosClassified(verdicts(paths), len(paths)))
        recording.end(ClassifySummary(len(paths), len(paths), True, 0.1), by_person=by_person)
    return told


def kept(record_id: str) -> dict[str, int | None]:
    """Corrections by path, as they lie on disk."""
    journal = DropJournal.open(record_id)
    try:
        return {one.path: one.corrected for chunk in journal.predictions() for one in chunk}
    finally:
        journal.close()


def test_corrections_and_moves_are_kept(
    qtbot: QtBot, memory: DropMemory, memory_lane: Lane, classify_page: ClassifyPage, library: Library
) -> None:
    record(memory, library, ["/a.jpg", "/b.jpg"])
    fill(classify_page, ["/a.jpg", "/b.jpg"])
    classify_page.table_model.correct([1], 2)
    classify_page.table_model.moved({"/a.jpg": "/c.jpg"})
    idle(qtbot, memory_lane)
    shown = memory.shown_id
    memory.let_go()
    assert memory.shown_id == ""
    assert kept(shown) == {"/c.jpg": None, "/b.jpg": 2}


def test_a_correction_on_its_way_goes_to_the_results_it_was_made_on(
    qtbot: QtBot,
    memory: DropMemory,
    memory_lane: Lane,
    classify_page: ClassifyPage,
    library: Library,
    gate: Callable[..., Gate],
) -> None:
    slow = gate()
    memory_lane.submit(lambda report, should_stop: slow.pass_through())
    record(memory, library, ["/a.jpg"])
    first = memory.shown_id
    fill(classify_page, ["/a.jpg"])
    classify_page.table_model.correct([0], 2)
    memory.let_go()
    classify_page.clear()
    record(memory, library, ["/a.jpg"], "Pets")
    second = memory.shown_id
    slow.open()
    idle(qtbot, memory_lane)
    memory.let_go()
    assert kept(second) == {"/a.jpg": None}
    assert kept(first) == {"/a.jpg": 2}


def test_a_correction_of_results_that_are_nowhere_kept_costs_nothing(
    qtbot: QtBot, memory: DropMemory, memory_lane: Lane, classify_page: ClassifyPage
) -> None:
    fill(classify_page, ["/a.jpg"])
    classify_page.table_model.correct([0], 2)
    idle(qtbot, memory_lane)
    assert records() == []


def test_a_correction_that_cannot_be_kept_is_logged(
    qtbot: QtBot,
    memory: DropMemory,
    memory_lane: Lane,
    classify_page: ClassifyPage,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    record(memory, library, ["/a.jpg"])
    fill(classify_page, ["/a.jpg"])
    monkeypatch.setattr(DropJournal, "correct", fail(SceneError("The disk is full.")))
    classify_page.table_model.correct([0], 2)
    idle(qtbot, memory_lane)
    assert "The disk is full." in caplog.text


def test_drops_of_one_model_share_a_journal_and_another_model_gets_its_own(
    memory: DropMemory, library: Library
) -> None:
    record(memory, library, ["/a.jpg"])
    first = memory.shown_id
    record(memory, library, ["/b.jpg"])
    assert memory.shown_id == first
    record(memory, library, ["/c.jpg"], "Pets")
    assert memory.shown_id != first
    assert find(first).done == 2
    memory.let_go()


@pytest.mark.parametrize("by_person", [True, False])
def test_a_drop_that_only_the_end_of_the_window_stopped_can_go_on(
    memory: DropMemory, library: Library, by_person: bool
) -> None:
    record(memory, library, ["/a.jpg"], by_person=by_person)
    shown = memory.shown_id
    memory.let_go()
    assert find(shown).ended is by_person


@pytest.mark.parametrize("method", ["create", "write", "end"])
def test_a_journal_that_cannot_be_written_costs_one_warning_and_no_verdict(
    memory: DropMemory, library: Library, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(DropJournal, method, fail(SceneError("The disk is full.")))
        told = record(memory, library, ["/a.jpg"])
    assert [one for one in told if isinstance(one, NotKept)] == [NotKept("The disk is full.")]
    assert sum(isinstance(one, PhotosClassified) for one in told) == 1
    memory.let_go()


def test_after_a_failure_no_second_journal_is_begun_until_the_results_are_put_away(
    memory: DropMemory, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(DropJournal, "create", fail(SceneError("The disk is full.")))
        record(memory, library, ["/a.jpg"])
    assert not any(isinstance(one, NotKept) for one in record(memory, library, ["/b.jpg"]))
    assert memory.shown_id == ""
    memory.let_go()
    record(memory, library, ["/c.jpg"])
    assert memory.shown_id
    memory.let_go()


def test_a_drop_that_goes_on_knows_its_verdicts_or_goes_on_without(
    memory: DropMemory, library: Library, photos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    record(memory, library, photos, by_person=False)
    shown = memory.shown_id
    memory.let_go()
    memory.open(shown)
    told: list[object] = []
    with memory.continuing(1, told.append) as recording:
        assert recording.known is not None
        assert len(recording.known) == 3
    with monkeypatch.context() as patched:
        patched.setattr(DropJournal, "known", fail(SceneError("The disk is gone.")))
        with memory.continuing(1, told.append) as recording:
            assert recording.known is None
    assert told == [NotKept("The disk is gone.")]
    memory.let_go()


def test_a_journal_that_cannot_be_opened_lets_go_of_the_one_before(
    memory: DropMemory, library: Library
) -> None:
    record(memory, library, ["/a.jpg"])
    with pytest.raises(SceneError):
        memory.open("nothing")
    assert memory.shown_id == ""
