"""Plans, sorts and their undoing, without accidents; see `test_sorting_accidents` for those."""

import os
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.errors import InputError, Stopped
from scene_desktop.core.sorting import (
    How,
    Plan,
    SortProgress,
    SortSettings,
    SortState,
    apply_plan,
    make_plan,
    places,
    records,
    resume,
    undo,
)
from tests.sort_kills import looks

CLASSES = ("sea", "forest")
SEA, FOREST, UNSURE = (0.9, 0.1), (0.2, 0.8), (0.5, 0.5)


def photo(path: Path, content: bytes = b"") -> Path:
    """A file with a time of its own; photos are not decoded here."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content or str(path).encode())
    os.utime(path, ns=(1_600_000_000_000_000_000, 1_500_000_000_123_456_789))
    return path


def verdicts(*rows: tuple[Path, Sequence[float] | None]) -> list[Prediction]:
    return [
        Prediction(index, str(path), None, "It is damaged")
        if scores is None
        else Prediction(index, str(path), np.array(scores, np.float32))
        for index, (path, scores) in enumerate(rows)
    ]


def settings(tmp_path: Path, how: How = How.COPY, **more: bool) -> SortSettings:
    return SortSettings(tmp_path / "sorted", how, 0.6, **more)


def plan_for(tmp_path: Path, *rows: tuple[Path, Sequence[float] | None], how: How = How.COPY) -> Plan:
    return make_plan(verdicts(*rows), CLASSES, settings(tmp_path, how))


def test_a_plan_tells_where_each_photo_goes_and_changes_nothing(tmp_path: Path) -> None:
    sea, doubt, bad = (photo(tmp_path / "card" / name) for name in ("a.jpg", "b.jpg", "c.jpg"))
    before = looks(tmp_path)
    told: list[SortProgress] = []
    plan = make_plan(
        verdicts((sea, SEA), (doubt, UNSURE), (bad, None)), CLASSES, settings(tmp_path), told.append
    )
    target = tmp_path / "sorted"
    assert [p.target for p in plan.photos] == [
        str(target / "sea" / "a.jpg"),
        str(target / "_unsure" / "b.jpg"),
        str(target / "_unreadable" / "c.jpg"),
    ]
    assert plan.by_folder == {"_unreadable": 1, "_unsure": 1, "sea": 1}
    assert (plan.ready, plan.renamed, plan.blocked, plan.problems) == (True, 0, 0, ())
    assert plan.bytes_needed == sum(path.stat().st_size for path in (sea, doubt, bad))
    assert plan.bytes_free > 0
    assert told[-1] == SortProgress(3, 3)
    assert looks(tmp_path) == before


def test_unsure_and_unreadable_photos_can_be_left_out(tmp_path: Path) -> None:
    sea, doubt, bad = (photo(tmp_path / "card" / name) for name in ("a.jpg", "b.jpg", "c.jpg"))
    rows = verdicts((sea, SEA), (doubt, UNSURE), (bad, None))
    plan = make_plan(rows, CLASSES, settings(tmp_path, unsure=False, unreadable=False))
    assert [p.source for p in plan.photos] == [str(sea)]


def test_what_a_person_said_decides(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg")
    said = Prediction(0, str(path), np.array(UNSURE, np.float32), corrected=1)
    plan = make_plan([said], CLASSES, settings(tmp_path))
    assert plan.by_folder == {"forest": 1}


@pytest.mark.parametrize("how", How)
def test_sorting_keeps_content_times_and_permissions_and_undo_restores_all(how: How, tmp_path: Path) -> None:
    first, second = photo(tmp_path / "card" / "a.jpg"), photo(tmp_path / "card" / "b.jpg")
    first.chmod(0o640)
    second.chmod(0o444)
    before = looks(tmp_path / "card")
    plan = plan_for(tmp_path, (first, SEA), (second, FOREST), how=how)
    told: list[SortProgress] = []
    result = apply_plan(plan, told.append)
    assert (result.done, result.failed, result.stopped) == (2, (), False)
    assert (result.record.state, result.record.total, result.record.how) == (SortState.DONE, 2, how)
    assert told[-1] == SortProgress(2, 2)
    goals = [tmp_path / "sorted" / "sea" / "a.jpg", tmp_path / "sorted" / "forest" / "b.jpg"]
    sorted_looks = looks(tmp_path / "sorted")
    assert [sorted_looks[str(goal)] for goal in goals] == [before[str(first)], before[str(second)]]
    assert [goal.stat().st_mode & 0o777 for goal in goals] == [0o640, 0o444]
    assert looks(tmp_path / "card") == ({} if how is How.MOVE else before)
    assert (how is How.LINK) == (first.exists() and first.samefile(goals[0]))
    assert places(result.record.id) == {str(first): str(goals[0]), str(second): str(goals[1])}

    back = undo(result.record.id, told.append)
    assert (back.restored, back.left, back.stopped) == (2, (), False)
    assert (back.record.state, back.record.done) == (SortState.UNDONE, 0)
    assert told[-1] == SortProgress(2, 2)
    assert looks(tmp_path / "card") == before
    assert not (tmp_path / "sorted").exists()
    again = undo(result.record.id)
    assert (again.restored, again.left) == (2, ())
    assert looks(tmp_path / "card") == before


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes")
@pytest.mark.parametrize("how", [How.COPY, How.MOVE])
def test_extended_attributes_travel_along(how: How, tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg")
    try:
        os.setxattr(path, "user.rating", b"5")
    except OSError:
        pytest.skip("the disk has no extended attributes")
    apply_plan(plan_for(tmp_path, (path, SEA), how=how))
    assert os.getxattr(tmp_path / "sorted" / "sea" / "a.jpg", "user.rating") == b"5"


def test_collisions_get_new_names_that_the_plan_shows(tmp_path: Path) -> None:
    first = photo(tmp_path / "card 1" / "IMG_1.jpg")
    second = photo(tmp_path / "card 2" / "IMG_1.jpg")
    third = photo(tmp_path / "card 3" / "img_1.JPG")
    taken = photo(tmp_path / "sorted" / "forest" / "tree.jpg", b"of somebody else")
    tree = photo(tmp_path / "card 1" / "tree.jpg")
    plan = plan_for(tmp_path, (first, SEA), (second, SEA), (third, SEA), (tree, FOREST))
    names = [Path(p.target).name for p in plan.photos]
    assert names == ["IMG_1.jpg", "IMG_1 2.jpg", "img_1 3.JPG", "tree 2.jpg"]
    assert plan.photos[0].note == ""
    assert "another photo of this sort" in plan.photos[1].note
    assert "in the folder already" in plan.photos[3].note
    assert plan.renamed == 3
    result = apply_plan(plan)
    assert result.done == 4
    assert taken.read_bytes() == b"of somebody else"
    assert (tmp_path / "sorted" / "sea" / "IMG_1 2.jpg").read_bytes() == second.read_bytes()
    undo(result.record.id)
    assert [path.name for path in (tmp_path / "sorted").rglob("*")] == ["forest", "tree.jpg"]


def test_many_photos_of_one_name_are_planned_fast(tmp_path: Path) -> None:
    paths = [photo(tmp_path / str(n) / "IMG_1.jpg") for n in range(2_000)]
    plan = plan_for(tmp_path, *((path, SEA) for path in paths))
    assert Path(plan.photos[-1].target).name == "IMG_1 2000.jpg"
    assert len({p.target for p in plan.photos}) == 2_000


def test_a_photo_at_its_place_is_left_alone(tmp_path: Path) -> None:
    path = photo(tmp_path / "sorted" / "sea" / "a.jpg")
    other = photo(tmp_path / "b.jpg")
    plan = plan_for(tmp_path, (path, SEA), (other, SEA), how=How.MOVE)
    assert plan.photos[0].target == str(path)
    assert "at its place" in plan.photos[0].note
    assert plan.bytes_needed == 0
    result = apply_plan(plan)
    assert (result.done, result.record.total) == (1, 1)
    undo(result.record.id)
    assert path.exists()
    assert other.exists()


def test_the_same_photo_twice_is_sorted_once(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg")
    plan = plan_for(tmp_path, (path, SEA), (path, FOREST))
    assert [bool(p.problem) for p in plan.photos] == [False, True]
    assert apply_plan(plan).done == 1


def test_links_and_what_is_no_file_are_refused_row_by_row(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg")
    link = tmp_path / "link.jpg"
    link.symlink_to(path)
    folder = tmp_path / "folder.jpg"
    folder.mkdir()
    waiting = Prediction(9, str(path))
    rows = verdicts((link, SEA), (folder, None), (tmp_path / "gone.jpg", None))
    plan = make_plan([*rows, waiting], CLASSES, settings(tmp_path))
    words = ("is a link", "no ordinary file", "not there any more", "not been classified")
    for planned, word in zip(plan.photos, words, strict=True):
        assert word in planned.problem
    assert not plan.ready
    with pytest.raises(InputError, match="None of the photos"):
        apply_plan(plan)
    assert records() == []


def test_a_linked_class_folder_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "sorted").mkdir()
    (tmp_path / "sorted" / "sea").symlink_to(elsewhere)
    plan = plan_for(tmp_path, (photo(tmp_path / "a.jpg"), SEA), (photo(tmp_path / "b.jpg"), FOREST))
    assert "is a link to another place" in plan.problems[0]
    assert plan.photos[0].problem
    assert not plan.ready
    with pytest.raises(InputError, match="is a link"):
        apply_plan(plan)
    assert list(elsewhere.iterdir()) == []


def test_a_target_behind_a_link_is_planned_at_its_real_place(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "shortcut").symlink_to(tmp_path / "disk")
    wanted = SortSettings(tmp_path / "shortcut" / "sorted", How.COPY, 0.6)
    plan = make_plan(verdicts((photo(tmp_path / "a.jpg"), SEA)), CLASSES, wanted)
    assert plan.photos[0].target == str(tmp_path / "disk" / "sorted" / "sea" / "a.jpg")


def test_a_target_that_is_a_file_is_a_problem(tmp_path: Path) -> None:
    photo(tmp_path / "sorted")
    plan = plan_for(tmp_path, (photo(tmp_path / "a.jpg"), SEA))
    assert "is a file" in plan.problems[0]
    (tmp_path / "sorted").unlink()
    photo(tmp_path / "sorted" / "sea")
    plan = plan_for(tmp_path, (photo(tmp_path / "a.jpg"), SEA))
    assert "is a file where a folder is needed" in plan.problems[0]


def test_nothing_to_sort_is_a_problem(tmp_path: Path) -> None:
    assert "no photo to sort" in make_plan([], CLASSES, settings(tmp_path)).problems[0]


def test_planning_can_be_stopped(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        make_plan(
            verdicts((photo(tmp_path / "a.jpg"), SEA)),
            CLASSES,
            settings(tmp_path),
            should_stop=lambda: True,
        )


def test_a_stopped_sort_is_resumed_to_its_end_or_undone(tmp_path: Path) -> None:
    rows = [(photo(tmp_path / "card" / f"{n}.jpg"), SEA) for n in range(20)]
    before = looks(tmp_path / "card")
    asked = iter([False] * 5)
    result = apply_plan(plan_for(tmp_path, *rows, how=How.MOVE), should_stop=lambda: next(asked, True))
    assert result.stopped
    assert result.done == result.record.done == 5
    assert result.record.state is SortState.UNFINISHED
    assert [record.id for record in records()] == [result.record.id]
    resumed = resume(result.record.id)
    assert (resumed.done, resumed.stopped, resumed.record.state) == (20, False, SortState.DONE)
    assert resume(result.record.id).done == 20

    asked = iter([False] * 5)
    back = undo(result.record.id, should_stop=lambda: next(asked, True))
    assert (back.stopped, back.restored, back.record.state) == (True, 5, SortState.UNDOING)
    with pytest.raises(InputError, match="undone"):
        resume(result.record.id)
    assert undo(result.record.id).restored == 20
    assert looks(tmp_path / "card") == before


def test_a_stop_in_the_middle_of_a_large_file_leaves_nothing_of_it(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg", bytes(5 << 20))
    asked = iter([False] * 3)
    result = apply_plan(plan_for(tmp_path, (path, SEA)), should_stop=lambda: next(asked, True))
    assert (result.stopped, result.done) == (True, 0)
    assert list((tmp_path / "sorted" / "sea").iterdir()) == []
    assert resume(result.record.id).done == 1


def test_side_cars_carry_the_class_and_go_with_the_undo(tmp_path: Path) -> None:
    classes = ("A & B <c>", "forest")
    first, second = photo(tmp_path / "card" / "a.jpg"), photo(tmp_path / "card" / "b.jpg")
    doubt, third = photo(tmp_path / "card" / "c.jpg"), photo(tmp_path / "card" / "d.jpg")
    foreign = photo(tmp_path / "sorted" / "forest" / "d.jpg.xmp", b"of somebody else")
    rows = verdicts((first, SEA), (second, FOREST), (doubt, UNSURE), (third, FOREST))
    plan = make_plan(rows, classes, settings(tmp_path, sidecars=True))
    assert "Without side-car" in plan.photos[3].note
    result = apply_plan(plan)
    assert result.failed == ()
    written = {path.name: path for path in (tmp_path / "sorted").rglob("*.xmp")}
    assert sorted(written) == ["a.jpg.xmp", "b.jpg.xmp", "d.jpg.xmp"]
    rdf = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
    packet = ElementTree.fromstring(written["a.jpg.xmp"].read_bytes())
    subject = packet.find(f"{rdf}RDF/{rdf}Description/{{http://purl.org/dc/elements/1.1/}}subject")
    assert subject is not None
    assert [word.text for word in subject.iter(f"{rdf}li")] == ["A & B <c>"]
    written["b.jpg.xmp"].write_bytes(b"edited in a photo library")
    back = undo(result.record.id)
    assert [Path(left.target).name for left in back.left] == ["b.jpg.xmp"]
    assert back.restored == 4
    assert foreign.read_bytes() == b"of somebody else"
    assert sorted(path.name for path in (tmp_path / "sorted" / "forest").iterdir()) == [
        "b.jpg.xmp",
        "d.jpg.xmp",
    ]
    assert not (tmp_path / "sorted" / "_unsure").exists()


def test_a_photo_at_its_place_can_get_a_side_car(tmp_path: Path) -> None:
    path = photo(tmp_path / "sorted" / "sea" / "a.jpg")
    plan = make_plan(verdicts((path, SEA)), CLASSES, settings(tmp_path, sidecars=True))
    result = apply_plan(plan)
    sidecar = path.with_name("a.jpg.xmp")
    assert b"<rdf:li>sea</rdf:li>" in sidecar.read_bytes()
    undo(result.record.id)
    assert not sidecar.exists()
    assert path.exists()


def test_records_are_listed_newest_first_and_a_damaged_one_is_passed_over(tmp_path: Path, home: Path) -> None:
    first = apply_plan(plan_for(tmp_path, (photo(tmp_path / "a.jpg"), SEA)))
    second = apply_plan(plan_for(tmp_path, (photo(tmp_path / "b.jpg"), SEA)))
    (home / "sorts" / "20200101-000000-00000000.sqlite").write_bytes(b"no journal")
    assert [record.id for record in records()] == [second.record.id, first.record.id]
    with pytest.raises(InputError, match="There is no sort"):
        undo("20200101-000000-00000001")
    with pytest.raises(InputError, match="There is no sort"):
        undo("../../passwords")


def test_undo_leaves_what_was_changed_since_and_what_would_be_the_last_copy(tmp_path: Path) -> None:
    paths = [photo(tmp_path / "card" / f"{n}.jpg") for n in range(3)]
    result = apply_plan(plan_for(tmp_path, *((path, SEA) for path in paths)))
    goals = [tmp_path / "sorted" / "sea" / path.name for path in paths]
    goals[0].write_bytes(b"edited")
    paths[1].unlink()
    stranger = photo(tmp_path / "sorted" / "sea" / "new.jpg")
    back = undo(result.record.id)
    reasons = {Path(left.target).name: left.reason for left in back.left}
    assert set(reasons) == {"0.jpg", "1.jpg"}
    assert "changed since" in reasons["0.jpg"]
    assert "original is not at its place" in reasons["1.jpg"]
    assert sorted(path.name for path in stranger.parent.iterdir()) == ["0.jpg", "1.jpg", "new.jpg"]
    paths[1].write_bytes(b"another photo")
    assert [Path(left.target).name for left in undo(result.record.id).left] == ["0.jpg"]


def test_undo_of_a_move_never_overwrites_and_can_be_tried_again(tmp_path: Path) -> None:
    paths = [photo(tmp_path / "card" / f"{n}.jpg") for n in range(3)]
    before = looks(tmp_path / "card")
    result = apply_plan(plan_for(tmp_path, *((path, SEA) for path in paths), how=How.MOVE))
    paths[0].write_bytes(b"a new photo of the same name")
    (tmp_path / "sorted" / "sea" / "1.jpg").rename(tmp_path / "rescued.jpg")
    back = undo(result.record.id)
    assert back.restored == 1
    assert {Path(left.source).name for left in back.left} == {"0.jpg", "1.jpg"}
    assert paths[0].read_bytes() == b"a new photo of the same name"
    assert (tmp_path / "sorted" / "sea" / "0.jpg").exists()
    paths[0].unlink()
    (tmp_path / "rescued.jpg").rename(paths[1])
    assert undo(result.record.id).left == ()
    assert looks(tmp_path / "card") == before
    assert not (tmp_path / "sorted").exists()


def test_undo_makes_the_old_folder_again(tmp_path: Path) -> None:
    path = photo(tmp_path / "card" / "DCIM" / "a.jpg")
    result = apply_plan(plan_for(tmp_path, (path, SEA), how=How.MOVE))
    path.parent.rmdir()
    assert undo(result.record.id).left == ()
    assert path.exists()
