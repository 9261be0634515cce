"""What a model sees, how often it is right and how sure that is, in words."""

import msgspec
import pytest

from scene_desktop.core.models.card import ClassFigures
from scene_desktop.core.models.standing import Level, Standing
from scene_desktop.core.photos.framing import Framing
from scene_desktop.core.runs.events import Phase, TriedView, ViewChosen
from scene_desktop.core.runs.history import Solved
from scene_desktop.ui.charts import model_words
from scene_desktop.ui.charts.course_words import phase_name, sentence
from tests.ui.conftest import solved_card

CARD = solved_card()


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_a_name(phase: Phase) -> None:
    assert phase_name(phase) != phase.value


@pytest.mark.parametrize("how", Framing)
def test_every_framing_has_words(how: Framing) -> None:
    assert model_words.framing(how) != how.value


def test_a_chosen_view_tells_what_it_beat_and_what_it_costs() -> None:
    tried = (
        TriedView(160, Framing.SQUASH, 0.218),
        TriedView(224, Framing.SQUASH, 0.2),
        TriedView(224, Framing.CUT, 0.181),
    )
    text = model_words.chosen(ViewChosen(side=224, framing=Framing.CUT, photos=300, tried=tried))
    assert text == (
        "224 px, cut to the middle: chosen from 3 ways to look at 300 of your photos. "
        "It lowers the crossentropy from 0.218 (160 px, squashed) to 0.181. "
        "A photo takes about 2 × the time of one of 160 px."
    )


def test_the_plain_view_is_compared_with_nothing() -> None:
    tried = (TriedView(160, Framing.SQUASH, 0.1), TriedView(224, Framing.SQUASH, 0.2))
    text = model_words.chosen(ViewChosen(side=160, framing=Framing.SQUASH, photos=1, tried=tried))
    assert text == "160 px, squashed: chosen from 2 ways to look at 1 of your photos."


@pytest.mark.parametrize(
    ("photos", "tried", "reason"),
    [(0, (), "too few photos"), (300, (TriedView(160, Framing.SQUASH, 0.1),), "so many photos")],
)
def test_where_nothing_was_compared_the_reason_is_told(
    photos: int, tried: tuple[TriedView, ...], reason: str
) -> None:
    text = model_words.chosen(ViewChosen(side=160, framing=Framing.SQUASH, photos=photos, tried=tried))
    assert text.startswith("160 px, squashed: ")
    assert reason in text
    assert "best" not in text


def test_an_accuracy_tells_how_sure_it_is_and_by_which_photos() -> None:
    assert model_words.measured(CARD) == (
        "85 % right (74 to 92 %), each of 60 photos judged by models that had not seen it. "
        "Few photos: the true share may lie anywhere in between."
    )
    many = msgspec.structs.replace(CARD, folds=0, validation_photos=2808)
    assert model_words.measured(many) == (
        "85 % right (84 to 86 %), measured on 2,808 photos that it did not learn from."
    )
    assert model_words.measured(msgspec.structs.replace(CARD, validation_accuracy=None)) == ""


def test_tenths_of_a_percent_need_many_photos() -> None:
    assert (model_words.share(0.9377, 2808), model_words.bounds(0.9377, 2808)) == ("93.8 %", "92.8 to 94.6 %")
    assert (model_words.share(0.9377, 60), model_words.bounds(1.0, 10)) == ("94 %", "72 to 100 %")


def test_photos_tell_how_they_were_used() -> None:
    assert model_words.photos_used(60, 60, 10) == (
        "60 photos, each judged by models that learned from the others (10 parts)"
    )
    assert model_words.photos_used(80, 20, 0) == "80 photos to learn from, 20 to measure on"


def test_a_verdict_names_the_class_that_needs_photos() -> None:
    weakest = ClassFigures(name="forest", photos=20, precision=0.9, recall=0.6, f1=0.7)
    assert model_words.verdict(Standing(Level.UNRELIABLE, weakest)) == (
        "Better than guessing, not yet reliable. "
        "More photos would help most in “forest”: 12 of its 20 were recognised."
    )
    assert model_words.verdict(Standing(Level.VERY_GOOD, weakest)) == "Very good."


@pytest.mark.parametrize("level", Level)
def test_every_level_has_a_verdict(level: Level) -> None:
    assert model_words.verdict(Standing(level, None)).endswith(".")


APART, KEPT_APART = "judged by models that had not seen them", "of the photos it never learned from are right"


@pytest.mark.parametrize(
    ("course", "text"),
    [
        (Solved(0, 0.0, 10, True), "The first figures come once all photos have been looked at."),
        (Solved(12, 0.8, 10, True), f"Solving: after 12 iterations 80.0 % of the photos are right, {APART}."),
        (Solved(12, 0.8, 0, True), f"Solving: after 12 iterations 80.0 % {KEPT_APART}."),
        (Solved(34, 0.85, 10, False), f"Solved after 34 iterations: 85.0 % of the photos are right, {APART}."),
        (Solved(1, 0.85, 0, False), f"Solved after 1 iteration: 85.0 % {KEPT_APART}."),
    ],
)
def test_solving_is_told_without_epochs(course: Solved, text: str) -> None:
    assert sentence(course) == text
