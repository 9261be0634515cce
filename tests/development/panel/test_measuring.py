"""What was measured is not measured again, however a run ended."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from development.panel import measuring, peers, recipes
from development.panel.figures import Figures
from development.panel.measuring import Measuring
from development.panel.results import Key, Result, Store, Training, code_fingerprint
from development.panel.sets import PhotoSet, draws, read_set
from scene_desktop.core.errors import SceneError
from scene_desktop.core.recipes.recipe import TrainingRecipe

PEERS = [peer.key for peer in peers.PEERS]


@dataclass
class Made:
    """Stands for the work: notes what is asked for, and fails where it is told to."""

    asked: list[str] = field(default_factory=list)
    timed: list[str] = field(default_factory=list)
    failing: dict[str, type[BaseException]] = field(default_factory=dict)

    def recipe(self, photo_set: PhotoSet, recipe: TrainingRecipe, home: Path, *, timed: bool) -> Result:
        if timed:
            self.timed.append(f"{recipe.preset} {recipe.seed}")
        made = self._make(recipe.preset)
        return Result(title=made.title, test=made.test, training=Training(accuracy=0.8, photos=10, seconds=1.5))

    def peer(self, photo_set: PhotoSet, peer: peers.Peer, seed: int, folder: Path) -> Result:
        return self._make(peer.key)

    def _make(self, key: str) -> Result:
        self.asked.append(key)
        if key in self.failing:
            raise self.failing[key]("It did not work.")
        return Result(title=key, test=Figures(0.75, 0.5, 0.1))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    stand_in = Made()
    monkeypatch.setattr(recipes, "measure", stand_in.recipe)
    monkeypatch.setattr(peers, "measure", stand_in.peer)
    return stand_in


def _measuring(folder: Path, *, keep: bool = False, seeds: tuple[int, ...] = (1,)) -> Measuring:
    return Measuring(["quick", "best"], seeds, folder, keep=keep)


def test_nothing_is_measured_twice(
    made: Made, squares: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo_set = read_set(squares)
    assert _measuring(tmp_path).measure([photo_set])
    assert made.asked == ["quick", "best", *PEERS]
    assert "squares, Quick, seed 1 ... 0.750 / 0.500, 2 s\n" in capsys.readouterr().out
    again = _measuring(tmp_path)
    assert again.measure([photo_set])
    assert len(made.asked) == 2 + len(PEERS)
    assert list(again.known(photo_set)) == ["quick", "best", *PEERS]


def test_other_sources_are_measured_again_and_peers_are_not(
    made: Made, squares: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo_set = read_set(squares)
    _measuring(tmp_path).measure([photo_set])
    monkeypatch.setattr(measuring, "code_fingerprint", lambda: "changed")
    assert [measurement.key.by for measurement in _measuring(tmp_path, keep=True).missing(photo_set)] == []
    assert [measurement.key.by for measurement in _measuring(tmp_path).missing(photo_set)] == ["quick", "best"]


def test_other_photos_and_other_seeds_are_measured(made: Made, squares: Path, tmp_path: Path) -> None:
    _measuring(tmp_path).measure([read_set(squares)])
    next((squares / "test" / "red").iterdir()).unlink()
    assert len(_measuring(tmp_path).missing(read_set(squares))) == 2 + len(PEERS)
    assert len(_measuring(tmp_path, seeds=(2,)).missing(read_set(squares))) == 2 + len(PEERS)


def test_a_failure_is_told_and_the_others_go_on(
    made: Made, squares: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made.failing["quick"] = SceneError
    photo_set = read_set(squares)
    assert not _measuring(tmp_path).measure([photo_set])
    assert "squares, Quick, seed 1 ... It did not work.\n" in capsys.readouterr().out
    assert [measurement.key.by for measurement in _measuring(tmp_path).missing(photo_set)] == ["quick"]


def test_what_was_done_before_an_interruption_stays(made: Made, squares: Path, tmp_path: Path) -> None:
    made.failing["best"] = KeyboardInterrupt
    photo_set = read_set(squares)
    with pytest.raises(KeyboardInterrupt):
        _measuring(tmp_path).measure([photo_set])
    assert [measurement.key.by for measurement in _measuring(tmp_path).missing(photo_set)] == ["best", *PEERS]


def test_only_whole_sets_are_timed_and_with_the_first_seed(made: Made, squares: Path, tmp_path: Path) -> None:
    whole = read_set(squares)
    drawn = next(draws(whole, tmp_path / "few"))
    _measuring(tmp_path, seeds=(3, 1)).measure([whole, drawn])
    assert made.timed == ["quick 3", "best 3"]
    assert made.asked.count("quick") == 4


KEY = Key("photos", "quick", 1, "recipe", "code")
RESULT = Result(
    title="quick", test=Figures(0.75, 0.5, 0.1), training=Training(accuracy=0.8, photos=10, seconds=None)
)


def test_a_result_comes_back_as_it_was(tmp_path: Path) -> None:
    Store(tmp_path).save(KEY, RESULT)
    assert [path.name for path in tmp_path.iterdir()] == ["photos_quick_seed1_recipe_code.json"]
    assert Store(tmp_path).find(KEY) == RESULT


def test_a_damaged_result_is_none(tmp_path: Path) -> None:
    Store(tmp_path).save(KEY, RESULT)
    path = next(tmp_path.iterdir())
    path.write_bytes(path.read_bytes()[:-20])
    assert Store(tmp_path).find(KEY) is None


def test_older_sources_count_only_if_asked_for_and_only_for_the_same_recipe(tmp_path: Path) -> None:
    Store(tmp_path).save(KEY, RESULT)
    changed = Key("photos", "quick", 1, "recipe", "changed")
    assert Store(tmp_path).find(changed) is None
    assert Store(tmp_path, keep=True).find(changed) == RESULT
    assert Store(tmp_path, keep=True).find(Key("photos", "quick", 1, "other", "changed")) is None


def test_the_interval_of_a_model_holds_what_is_near_its_own_accuracy() -> None:
    training = Training(accuracy=0.8, photos=10, seconds=None)  # 0.4902 to 0.9433
    assert training.covers(0.5)
    assert not training.covers(0.48)
    assert not training.covers(0.95)


def test_sources_are_known_by_content_and_place(tmp_path: Path) -> None:
    for part in ("training", "scene_desktop/core"):
        (tmp_path / part).mkdir(parents=True)
        (tmp_path / part / "some.py").write_text("a = 1\n")
    before = code_fingerprint(tmp_path)
    (tmp_path / "training" / "README.md").write_text("words")
    assert code_fingerprint(tmp_path) == before
    (tmp_path / "training" / "some.py").rename(tmp_path / "training" / "other.py")
    moved = code_fingerprint(tmp_path)
    (tmp_path / "scene_desktop" / "core" / "some.py").write_text("a = 2\n")
    assert len({before, moved, code_fingerprint(tmp_path)}) == 3
