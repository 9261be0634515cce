"""`python -m development.panel`, with everything that takes long left out."""

import os
import sys
from functools import partial
from pathlib import Path

import pytest

from development.panel import __main__ as command
from development.panel import peers, readme, recipes, sets
from development.panel.figures import Figures
from development.panel.results import Result, Training
from scene_desktop.core import locations
from tests.development.panel.conftest import COLOURS, write_squares


@pytest.fixture
def surroundings(squares: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The panel of one set and no photos of the Intel scenes; returns the file of the tables."""
    (tmp_path / "panel").mkdir()
    squares.rename(tmp_path / "panel" / "squares")
    monkeypatch.setattr(command, "PANEL", tmp_path / "panel")
    monkeypatch.setattr(command, "FOLDER", tmp_path / "build")
    place = tmp_path / "README.md"
    place.write_text("<!-- panel -->\n\n<!-- few photos -->\n\n<!-- end of panel -->\n")
    monkeypatch.setattr(readme, "write", partial(readme.write, readme=place))
    trained = Result(
        title="", test=Figures(0.75, 0.5, 0.1), training=Training(accuracy=0.8, photos=10, seconds=12.0)
    )
    monkeypatch.setattr(recipes, "measure", lambda *_, **__: trained)
    monkeypatch.setattr(peers, "measure", lambda *_: Result(title="", test=Figures(0.5, 1.0, 0.1)))
    return place


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["panel", "--data", "nowhere", *arguments])
    return command.main()


def test_the_tables_are_printed_and_written(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch) == 0
    shown, written = capsys.readouterr().out, surroundings.read_text()
    row = "| squares | 24 | 3 | 24 × 24 | 0.750 / 0.500 | 0.750 / 0.500 | **0.500** / **1.000** |"
    for text in (row, "Measured on "):
        assert text in shown
        assert text in written


def test_a_few_photos_have_a_table_of_their_own(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "FEW_DRAWS", 2)
    assert _run(monkeypatch, "--few") == 0
    written = surroundings.read_text()
    assert "| photos a class | draws | Quick | regression, 160 px squashed |" in written
    assert "\n| 20 | 2 | 0.750 / 0.500 | **0.500** / **1.000** |" in written
    assert "| set |" not in written


def test_sets_of_other_folders_take_part_if_they_are_named(
    surroundings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part, seed in (("train", 5), ("test", 6)):
        write_squares(tmp_path / "mine" / "tiles" / part, dict.fromkeys(COLOURS, 4), seed)
    assert _run(monkeypatch, "--sets", str(tmp_path / "mine"), "--only", "tiles", "--recipes", "quick") == 0
    written = surroundings.read_text()
    assert "| tiles | 12 |" in written
    assert "squares" not in written
    assert "Best" not in written


def test_an_unknown_set_is_told_with_those_at_hand(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, "--only", "circles") == 2
    assert capsys.readouterr().err == "There is no photo set circles. Those at hand: squares.\n"


def test_a_folder_without_sets_and_a_seed_below_zero_are_wrong_input(
    surroundings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, "--sets", str(tmp_path / "nowhere")) == 2
    assert "holds no photo set" in capsys.readouterr().err
    assert _run(monkeypatch, "--seeds", "-1") == 2
    assert "Seed" in capsys.readouterr().err


def test_nothing_is_done_in_the_home_of_a_person(
    surroundings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _run(monkeypatch) == 0
    assert os.environ[locations.HOME_VARIABLE] == str(tmp_path / "build" / "home")


def test_an_interruption_is_told_and_leaves_the_tables(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = surroundings.read_text()
    monkeypatch.setattr(peers, "measure", interrupt)
    assert _run(monkeypatch) == 130
    assert "goes on with what is left" in capsys.readouterr().err
    assert surroundings.read_text() == before
