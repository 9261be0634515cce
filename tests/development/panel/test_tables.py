"""The tables, letter by letter, and their place."""

from pathlib import Path

import pytest

from development.panel import machine, readme, tables
from development.panel.figures import Figures
from development.panel.results import Result, Training
from development.panel.tables import Column, SetRow, few_row

COLUMNS = (
    Column("quick", "Quick", False),
    Column("compact", "Compact CNN", False),
    Column("regression", "regression", True),
    Column("centroid", "centroid", True),
)


def _peer(accuracy: float, crossentropy: float) -> Result:
    return Result(title="", test=Figures(accuracy, crossentropy, 0.0))


def _model(accuracy: float, crossentropy: float, own: float, seconds: float | None = None) -> Result:
    training = Training(accuracy=own, photos=100, seconds=seconds)
    return Result(title="", test=Figures(accuracy, crossentropy, 0.05), training=training)


ROWS = (
    SetRow(
        "coins",
        1200,
        8,
        (150, 140),
        {
            "quick": [_model(0.8, 0.5, 0.9, 12.4), _model(0.9, 0.7, 0.9)],
            "regression": [_peer(0.75, 0.6)],
            "centroid": [_peer(0.85, 0.9)],
        },
    ),
    SetRow(
        "signs",
        90,
        10,
        (100, 100),
        {"quick": [_model(0.95, 0.2, 0.94, 7.6)], "regression": [_peer(0.85, 0.4)]},
    ),
)


def test_accuracies_are_means_over_seeds_and_the_best_peer_is_bold() -> None:
    assert tables.accuracies(ROWS, COLUMNS) == (
        "| set | photos | classes | pixels | Quick | regression | centroid |\n"
        "|---|---|---|---|---|---|---|\n"
        "| coins | 1,200 | 8 | 150 × 140 | 0.850 / 0.600 | 0.750 / **0.600** | **0.850** / 0.900 |\n"
        "| signs | 90 | 10 | 100 × 100 | 0.950 / 0.200 | **0.850** / **0.400** | – |\n"
        "| mean |  |  |  | 0.900 / 0.400 | **0.800** / **0.500** | – |\n"
    )


def test_times_tell_whether_the_own_accuracy_can_be_believed() -> None:
    assert tables.times(ROWS, COLUMNS) == (
        "| set | Quick: seconds | Quick: own accuracy (photos) | Quick: interval holds "
        "| Quick: calibration error |\n"
        "|---|---|---|---|---|\n"
        "| coins | 12 | 0.900 (100) | 1 of 2 | 0.050 |\n"
        "| signs | 8 | 0.940 (100) | 1 of 1 | 0.050 |\n"
    )


def test_few_photos_are_compared_on_the_same_draws_only() -> None:
    draws = [
        {"quick": [_model(0.5, 1.5, 0.5)], "regression": [_peer(0.4, 1.6)], "centroid": [_peer(0.45, 1.8)]},
        {"quick": [_model(0.7, 1.1, 0.9)], "regression": [_peer(0.5, 1.4)]},
    ]
    assert tables.few_photos([few_row(5, draws)], COLUMNS) == (
        "| photos a class | draws | Quick | regression | centroid | Quick: interval holds |\n"
        "|---|---|---|---|---|---|\n"
        "| 5 | 2 | 0.600 / 1.300 | **0.450** / **1.500** | – | 1 of 2 |\n"
    )


def test_each_table_takes_its_own_place(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text("before\n\n<!-- panel -->\n\n<!-- few photos -->\n\n<!-- end of panel -->\n\nafter\n")
    readme.write("few\n", few=True, readme=path)
    readme.write("older\n", few=False, readme=path)
    readme.write("whole\n", few=False, readme=path)
    assert path.read_text() == (
        "before\n\n<!-- panel -->\n\nwhole\n\n<!-- few photos -->\n\nfew\n\n<!-- end of panel -->\n\nafter\n"
    )


def test_the_readme_has_places_for_the_tables() -> None:
    text = readme.README.read_text(encoding="utf-8")
    places = [text.count(mark) for mark in (readme.BEGIN, readme.FEW, readme.END)]
    assert places == [1, 1, 1]
    assert text.index(readme.BEGIN) < text.index(readme.FEW) < text.index(readme.END)


@pytest.mark.parametrize(("flags", "has"), [("fpu avx512f avx2", "with"), ("fpu avx2", "without")])
def test_the_machine_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, has: str
) -> None:
    facts = tmp_path / "cpuinfo"
    facts.write_text(f"processor\t: 0\nmodel name\t: Fast One\nflags\t\t: {flags}\n\nprocessor\t: 1\n")
    monkeypatch.setattr(machine, "worker_count", lambda: 4)
    assert machine.in_words(facts) == f"Measured on 4 cores of “Fast One” {has} AVX-512."
    monkeypatch.setattr(machine, "worker_count", lambda: 1)
    assert machine.in_words(tmp_path / "missing").startswith("Measured on one core of “")
