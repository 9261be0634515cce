"""What the command line says of photos, of the view that was chosen, and of an accuracy."""

from scene_desktop.commands import figures
from scene_desktop.commands.following import PHASE_WORDS
from scene_desktop.core.photos.framing import Framing
from scene_desktop.core.runs.events import DataSetRead, Phase, TriedView, ViewChosen


def test_every_phase_has_words() -> None:
    assert set(PHASE_WORDS) == set(Phase)


def test_an_accuracy_comes_with_its_interval() -> None:
    assert figures.accuracy(0.85, 60) == "0.8500 (0.739 to 0.919)"
    assert figures.accuracy(0.938, 2808, 3) == "0.938 (0.928 to 0.946)"
    assert figures.accuracy(0.938, 0, 3) == "0.938"  # nobody knows of how many


def test_photos_tell_how_they_were_judged() -> None:
    assert figures.judged(2808, 0) == "2808 photos that it did not learn from"
    assert figures.judged(60, 10) == (
        "60 photos, each judged by models that had not seen it; few: the true share may lie anywhere in between"
    )
    read = DataSetRead(classes=("a", "b"), training=60, validation=60, folds=10)
    assert figures.photos_read(read) == (
        "2 classes; 60 photos, each judged by models that learn from the others (10 parts)."
    )
    apart = DataSetRead(classes=("a", "b"), training=80, validation=20)
    assert figures.photos_read(apart) == "2 classes; 80 photos to learn from, 20 to measure on."


def test_a_chosen_view_is_told_in_a_line() -> None:
    tried = (TriedView(160, Framing.SQUASH, 0.218), TriedView(224, Framing.PAD, 0.181))
    assert figures.view_chosen(ViewChosen(side=224, framing=Framing.PAD, photos=300, tried=tried)) == (
        "224 px, whole with grey beside it: chosen from 2 ways to look at 300 of your photos; crossentropy "
        "0.181 instead of 0.218 with 160 px, squashed; about 2 x the time for each photo of 160 px."
    )
    nothing = ViewChosen(side=224, framing=Framing.SQUASH, photos=0, tried=())
    assert "too few photos" in figures.view_chosen(nothing)
