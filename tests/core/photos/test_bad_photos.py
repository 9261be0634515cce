"""The proofs of `tests.photo_proofs` with small counts; `make photo-proofs` runs the full ones."""

from pathlib import Path

from tests.photo_proofs import Outcome, bad_among_good, classified, mutated_photos, problems


def test_bad_files_among_good_ones_each_get_a_verdict_and_a_reason(tmp_path: Path) -> None:
    drop = bad_among_good(tmp_path / "mixed", good=300, bad=90)
    assert len(drop.bad) == 90
    outcome = classified(drop)
    assert problems(drop, outcome) == []
    assert len(outcome.refused) == 90
    assert len(set(outcome.refused.values())) >= 10


def test_mutated_photos_crash_nothing_and_each_get_a_verdict(tmp_path: Path) -> None:
    drop = mutated_photos(tmp_path / "mutated", count=300)
    outcome = classified(drop)
    assert problems(drop, outcome) == []
    assert len(outcome.classified) > 20
    assert len(outcome.refused) > 20


def test_a_crash_a_lost_verdict_and_growing_memory_are_seen(tmp_path: Path) -> None:
    drop = bad_among_good(tmp_path / "mixed", good=2, bad=6)
    good = list(drop.good)
    fine = Outcome(
        0, good, dict.fromkeys(drop.bad, "A reason"), 0, len(good) + 6, len(good) + 6, 1.0, 9.0, 1.0, ""
    )
    assert problems(drop, fine) == []
    for change in (
        {"code": -11},
        {"classified": good[1:]},
        {"told_twice": 1},
        {"done": fine.done - 1},
        {"growth_mb": 500.0},
        {"refused": dict.fromkeys(drop.bad, "")},
    ):
        assert problems(drop, Outcome(**(vars(fine) | change)))
