"""Sorts that meet full disks, read-only folders, vanished photos, and crashes at every single step."""

import errno
import itertools
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scene_desktop.core.errors import InputError, SceneError
from scene_desktop.core.sorting import (
    How,
    Plan,
    SortResult,
    SortSettings,
    SortState,
    apply_plan,
    carrying,
    checks,
    journal,
    journals,
    make_plan,
    placing,
    records,
    resume,
    undo,
)
from tests.core.sorting.test_sorting import CLASSES, FOREST, SEA, photo, plan_for, settings, verdicts
from tests.sort_kills import CLASSES as THREE_CLASSES
from tests.sort_kills import WAYS, Stage, looks, meet, predictions

pytestmark = pytest.mark.skipif(os.name == "nt", reason="The accidents are made with means of Unix")

STRIDE = int(os.environ.get("SCENE_SORT_STRIDE", "5"))
"""Every how many steps a crash is tried; 1 tries each."""


@pytest.fixture
def card(tmp_path: Path) -> list[Path]:
    return [photo(tmp_path / "card" / f"{n}.jpg", bytes(1000 + n)) for n in range(6)]


def plan_all(tmp_path: Path, card: list[Path], how: How = How.COPY) -> Plan:
    return plan_for(tmp_path, *((path, SEA) for path in card), how=how)


def failing(code: int, at: int, *, ever_after: bool = False) -> Callable[..., Any]:
    """`os.write` whose Nth call fails."""
    calls = itertools.count(1)
    usual = os.write

    def write(handle: int, content: bytes) -> int:
        call = next(calls)
        if call == at or (ever_after and call > at):
            raise OSError(code, os.strerror(code))
        return usual(handle, content)

    return write


def parts(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.part")]


def test_a_full_disk_ends_in_order_and_resume_goes_on(
    tmp_path: Path, card: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = looks(tmp_path / "card")
    monkeypatch.setattr(os, "write", failing(errno.ENOSPC, 4, ever_after=True))
    result = apply_plan(plan_all(tmp_path, card))
    assert (result.done, result.stopped, result.record.state) == (3, True, SortState.UNFINISHED)
    assert [(Path(f.source).name, f.reason) for f in result.failed] == [
        ("3.jpg", "The disk is full. Make room, then continue the sort")
    ]
    assert parts(tmp_path) == []
    monkeypatch.undo()
    monkeypatch.setenv("SCENE_DESKTOP_HOME", str(tmp_path / "home"))
    assert resume(result.record.id).done == 6
    assert undo(result.record.id).left == ()
    assert looks(tmp_path / "card") == before


def test_a_disk_that_fails_once_costs_one_row(
    tmp_path: Path, card: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", failing(errno.EIO, 3))
    result = apply_plan(plan_all(tmp_path, card))
    assert (result.done, result.stopped, result.record.state) == (5, False, SortState.DONE)
    assert [(Path(f.source).name, f.reason) for f in result.failed] == [("2.jpg", "The disk reports an error")]
    assert parts(tmp_path) == []
    assert all(path.exists() for path in card)


def test_a_disk_that_loses_copies_keeps_the_originals_of_a_move(
    tmp_path: Path, card: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = looks(tmp_path / "card")
    monkeypatch.setattr(carrying, "link", placing.link)
    monkeypatch.setattr(placing, "link", placing.link)
    meet("far")

    def lost(folders: object) -> None:
        raise OSError(errno.EIO, "lost")

    monkeypatch.setattr("scene_desktop.core.sorting.applying.settle", lost)
    result = apply_plan(plan_all(tmp_path, card, How.MOVE))
    assert (result.done, len(result.failed)) == (0, 6)
    assert looks(tmp_path / "card") == before
    assert parts(tmp_path) == []


def test_a_full_disk_is_foreseen(tmp_path: Path, card: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "free_bytes", lambda target: checks.RESERVE_BYTES + 10)
    plan = plan_all(tmp_path, card)
    assert "Make room or choose another disk" in plan.problems[0]
    assert plan_all(tmp_path, card, How.MOVE).problems == ()
    with pytest.raises(InputError, match="Make room"):
        apply_plan(plan)
    assert not (tmp_path / "sorted").exists()


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_target_that_cannot_be_written_is_foreseen(
    code: int, tmp_path: Path, card: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = os.open

    def refuse(path: Any, flags: int, *arguments: Any, **named: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(code, os.strerror(code))
        return usual(path, flags, *arguments, **named)

    monkeypatch.setattr(os, "open", refuse)
    plan = plan_all(tmp_path, card)
    assert "cannot be written to" in plan.problems[0]
    assert not plan.ready


@pytest.mark.parametrize(("code", "words"), [(errno.EROFS, "read-only"), (errno.EACCES, "no permission")])
@pytest.mark.parametrize("how", How)
def test_a_target_that_becomes_read_only_is_a_row_each(
    how: How, code: int, words: str, tmp_path: Path, card: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = looks(tmp_path / "card")
    plan = plan_all(tmp_path, card, how)

    usual = os.mkdir

    def refuse(path: Any, *arguments: Any, **named: Any) -> None:
        if os.fspath(path) in ("sea", str(tmp_path / "sorted")):
            raise OSError(code, os.strerror(code))
        usual(path, *arguments, **named)

    monkeypatch.setattr(os, "mkdir", refuse)
    result = apply_plan(plan)
    assert (result.done, len(result.failed)) == (0, 6)
    assert all(words in failure.reason for failure in result.failed)
    assert looks(tmp_path / "card") == before


def test_photos_that_vanish_or_change_after_the_plan_are_rows(tmp_path: Path, card: list[Path]) -> None:
    plan = plan_all(tmp_path, card, How.MOVE)
    card[1].unlink()
    card[2].write_bytes(b"edited meanwhile")
    card[3].unlink()
    card[3].symlink_to(card[4])
    result = apply_plan(plan)
    reasons = {Path(failure.source).name: failure.reason for failure in result.failed}
    assert set(reasons) == {"1.jpg", "2.jpg", "3.jpg"}
    assert "not there any more" in reasons["1.jpg"]
    assert "changed since the plan" in reasons["2.jpg"]
    assert card[2].read_bytes() == b"edited meanwhile"
    assert (result.done, result.record.state) == (3, SortState.DONE)
    assert undo(result.record.id).restored == 3


@pytest.mark.parametrize("way", WAYS)
def test_a_name_taken_after_the_plan_gets_the_next_one(
    way: str, tmp_path: Path, card: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    how, disk = WAYS[way]
    monkeypatch.setattr(carrying, "link", placing.link)
    monkeypatch.setattr(placing, "link", placing.link)
    meet(disk)
    before = looks(tmp_path / "card")
    wanted = SortSettings(tmp_path / "sorted", how, 0.6, sidecars=True)
    plan = make_plan(verdicts(*((path, SEA) for path in card)), CLASSES, wanted)
    taken = photo(tmp_path / "sorted" / "sea" / "0.jpg", b"of somebody else")
    sidecar = photo(tmp_path / "sorted" / "sea" / "1.jpg.xmp", b"of somebody else")
    result = apply_plan(plan)
    assert [(Path(row.target).name, Path(row.source).name) for row in result.renamed] == [("0 2.jpg", "0.jpg")]
    assert "taken after the plan" in result.renamed[0].reason
    assert [(Path(row.target).name, row.reason) for row in result.failed] == [
        ("1.jpg.xmp", "Another side-car is there and stays as it is")
    ]
    assert (taken.parent / "0 2.jpg.xmp").exists()
    assert (result.done, taken.read_bytes(), sidecar.read_bytes()) == (
        6,
        b"of somebody else",
        b"of somebody else",
    )
    assert undo(result.record.id).left == ()
    assert sorted(path.name for path in taken.parent.iterdir()) == ["0.jpg", "1.jpg.xmp"]
    assert looks(tmp_path / "card") == before


def test_a_class_folder_that_becomes_a_link_after_the_plan_takes_nothing(
    tmp_path: Path, card: list[Path]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    plan = plan_for(tmp_path, (card[0], SEA), (card[1], FOREST), how=How.MOVE)
    (tmp_path / "sorted").mkdir()
    (tmp_path / "sorted" / "sea").symlink_to(elsewhere)
    result = apply_plan(plan)
    assert (result.done, [Path(failure.source).name for failure in result.failed]) == (1, ["0.jpg"])
    assert list(elsewhere.iterdir()) == []
    assert card[0].exists()


def test_a_target_that_becomes_a_link_is_not_followed_by_undo(tmp_path: Path, card: list[Path]) -> None:
    result = apply_plan(plan_all(tmp_path, card))
    (tmp_path / "sorted").rename(tmp_path / "elsewhere")
    (tmp_path / "sorted").symlink_to(tmp_path / "elsewhere")
    assert len(undo(result.record.id).left) == 6
    assert len(list((tmp_path / "elsewhere" / "sea").iterdir())) == 6


def test_a_photo_whose_folder_is_read_only_is_not_moved_by_half(
    tmp_path: Path, card: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_all(tmp_path, card, How.MOVE)
    usual = os.unlink

    def refuse(path: Any, **named: Any) -> None:
        if os.fspath(path).startswith(str(tmp_path / "card")):
            raise OSError(errno.EACCES, "no")
        usual(path, **named)

    monkeypatch.setattr(os, "unlink", refuse)
    result = apply_plan(plan)
    assert (result.done, len(result.failed)) == (0, 6)
    assert list((tmp_path / "sorted" / "sea").iterdir()) == []


def test_a_journal_that_cannot_be_written_touches_no_photo(
    tmp_path: Path, card: list[Path], home: Path
) -> None:
    home.mkdir()
    (home / "sorts").write_text("a file where the folder should be")
    before = looks(tmp_path / "card")
    with pytest.raises(SceneError, match="No photo was touched"):
        apply_plan(plan_all(tmp_path, card, How.MOVE))
    assert looks(tmp_path / "card") == before
    assert not (tmp_path / "sorted").exists()


def test_a_journal_that_fails_in_the_middle_loses_nothing(
    tmp_path: Path, card: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = looks(tmp_path / "card")
    plan = plan_all(tmp_path, card, How.MOVE)
    calls = itertools.count()

    @contextmanager
    def full(self: journal.Journal) -> Iterator[None]:
        with journal.explained(self.path):
            yield
            if next(calls) >= 6:
                self._connection.rollback()
                raise sqlite3.OperationalError("database or disk is full")
            self._connection.commit()

    monkeypatch.setattr(journal.Journal, "_transaction", full)
    with pytest.raises(SceneError, match="No photo is lost"):
        apply_plan(plan)
    monkeypatch.undo()
    monkeypatch.setenv("SCENE_DESKTOP_HOME", str(tmp_path / "home"))
    record = records()[0]
    assert (record.state, record.running) == (SortState.UNFINISHED, False)
    assert undo(record.id).left == ()
    assert looks(tmp_path / "card") == before


def test_one_sort_is_worked_on_by_one_process_only(tmp_path: Path, card: list[Path]) -> None:
    result = apply_plan(plan_all(tmp_path, card))
    with journals.open_journal(result.record.id):
        assert records()[0].running
        with pytest.raises(InputError, match="in another window or terminal"):
            undo(result.record.id)
    assert not records()[0].running


class Crash(BaseException):
    """The process dies here."""


class Mortal:
    """Lets everything that changes the disk count, and die at the Nth change: no clean-up works after it."""

    CALLS = ("link", "unlink", "mkdir", "rmdir", "rename", "replace", "write", "utime")

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
        self.at, self.seen = at, 0
        for name in self.CALLS:
            usual = getattr(os, name)
            monkeypatch.setattr(os, name, self._counted(usual))
        usual_open = os.open

        def opened(path: Any, flags: int, *arguments: Any, **named: Any) -> int:
            if flags & os.O_CREAT and ".lock" not in os.fspath(path):
                self.step()
            return usual_open(path, flags, *arguments, **named)

        monkeypatch.setattr(os, "open", opened)
        mortal = self

        @contextmanager
        def transaction(self: journal.Journal) -> Iterator[None]:
            with self._connection:
                yield
                mortal.step()
            mortal.step()

        monkeypatch.setattr(journal.Journal, "_transaction", transaction)

    def _counted(self, usual: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if not str(arguments[0] if arguments else "").endswith(".lock"):
                self.step()
            return usual(*arguments, **named)

        return call

    def step(self) -> None:
        self.seen += 1
        if self.seen >= self.at:
            raise Crash


def crashes(monkeypatch: pytest.MonkeyPatch, at: int, disk: str, work: Callable[[], object]) -> bool:
    """Whether the work has met its crash at that step, or has come to its end before."""
    with monkeypatch.context() as patches:
        patches.setattr(carrying, "link", placing.link)
        patches.setattr(placing, "link", placing.link)
        meet(disk)
        Mortal(patches, at)
        try:
            work()
        except Crash:
            return True
        return False


def undisturbed(monkeypatch: pytest.MonkeyPatch, disk: str, work: Callable[[], Any]) -> Any:
    with monkeypatch.context() as patches:
        patches.setattr(carrying, "link", placing.link)
        patches.setattr(placing, "link", placing.link)
        meet(disk)
        return work()


def small_stage(tmp_path: Path, way: str) -> tuple[Stage, Callable[[], SortResult]]:
    stage = Stage(tmp_path / "stage", 4, way)
    how, _ = WAYS[way]
    wanted = SortSettings(stage.target, how, 0.6, sidecars=True)
    return stage, lambda: apply_plan(make_plan(predictions(stage.sources), THREE_CLASSES, wanted))


@pytest.fixture
def at_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Journals where `Stage` looks for them, and no waiting for the disk: nothing here loses power."""
    monkeypatch.setenv("SCENE_DESKTOP_HOME", str(tmp_path / "stage" / "home"))
    monkeypatch.setattr("scene_desktop.core.sorting.applying.settle", lambda folders: list(folders))
    monkeypatch.setattr("scene_desktop.core.sorting.undoing.settle", lambda folders: list(folders))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("then", ["undo", "resume"])
def test_a_sort_that_dies_at_any_step_is_undone_or_resumed(
    then: str, way: str, tmp_path: Path, at_stage: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, sort = small_stage(tmp_path, way)
    disk = WAYS[way][1]
    for at in itertools.count(1, STRIDE):
        crashed = crashes(monkeypatch, at, disk, sort)
        stage.check_nothing_is_lost()
        found = records()
        if found and found[0].state is not SortState.UNDONE:
            stage.check_journal(found[0].id)
            if then == "resume":
                result = undisturbed(monkeypatch, disk, lambda: resume(records()[0].id))
                assert (result.done, result.failed, result.renamed) == (4, (), ())
                stage.check_all_is_sorted()
                stage.check_journal(found[0].id)
            assert undisturbed(monkeypatch, disk, lambda: undo(records()[0].id)).left == ()
        stage.check_all_is_as_before()
        if not crashed:
            assert at > 20
            return


@pytest.mark.parametrize("way", WAYS)
def test_an_undo_that_dies_at_any_step_goes_on(
    way: str, tmp_path: Path, at_stage: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, sort = small_stage(tmp_path, way)
    disk = WAYS[way][1]
    for at in itertools.count(1, STRIDE):
        result = undisturbed(monkeypatch, disk, sort)
        assert (result.done, result.failed) == (4, ())
        record_id = result.record.id
        crashed = crashes(monkeypatch, at, disk, partial(undo, record_id))
        stage.check_nothing_is_lost()
        stage.check_journal(result.record.id)
        back = undisturbed(monkeypatch, disk, partial(undo, record_id))
        assert (back.left, back.restored) == ((), 4)
        stage.check_all_is_as_before()
        if not crashed:
            assert at > 10
            return


def test_a_dead_process_does_not_keep_a_sort_locked(tmp_path: Path, card: list[Path], home: Path) -> None:
    result = apply_plan(plan_all(tmp_path, card))
    (home / "sorts" / f"{result.record.id}.lock").touch()
    assert undo(result.record.id).restored == 6


def test_settings_of_all_ways_are_kept_by_the_record(tmp_path: Path, card: list[Path]) -> None:
    wanted = settings(tmp_path, How.LINK)
    plan = make_plan(verdicts((card[0], SEA)), CLASSES, wanted)
    record = apply_plan(plan).record
    assert (record.how, record.target, record.total) == (How.LINK, tmp_path / "sorted", 1)
    assert records() == [record]
