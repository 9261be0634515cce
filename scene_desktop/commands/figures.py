"""What the command line tells of a training: its photos, the view that was chosen, how sure an accuracy is."""

from scene_desktop.core.models.metrics import interval
from scene_desktop.core.models.standing import FEW_PHOTOS
from scene_desktop.core.photos.framing import Framing, View
from scene_desktop.core.runs.events import DataSetRead, ViewChosen
from scene_desktop.core.runs.views import PLAIN, cost, gain

_FRAMINGS = {
    Framing.SQUASH: "squashed",
    Framing.CUT: "cut to the middle",
    Framing.PAD: "whole with grey beside it",
}


def accuracy(share: float, photos: int, decimals: int = 4) -> str:
    """With the interval in which the true share lies: 0.8500 (0.739 to 0.919)."""
    if photos < 1:
        return f"{share:.{decimals}f}"
    low, high = interval(share, photos)
    return f"{share:.{decimals}f} ({low:.3f} to {high:.3f})"


def judged(photos: int, folds: int) -> str:
    """Which photos an accuracy is of, and a hint where they are few."""
    text = f"{photos} photos that it did not learn from"
    if folds:
        text = f"{photos} photos, each judged by models that had not seen it"
    return text + ("; few: the true share may lie anywhere in between" if photos < FEW_PHOTOS else "")


def photos_read(read: DataSetRead) -> str:
    """How many classes and photos, and what they are for."""
    if read.folds:
        return (
            f"{len(read.classes)} classes; {read.training} photos, each judged by models that learn from the "
            f"others ({read.folds} parts)."
        )
    return (
        f"{len(read.classes)} classes; {read.training} photos to learn from, {read.validation} to measure on."
    )


def view_chosen(chosen: ViewChosen) -> str:
    """Which view was chosen, by what, what it brings and what it costs."""
    name = _view(View(chosen.side, chosen.framing))
    if not chosen.photos:
        return f"{name}: there are too few photos to try anything."
    if len(chosen.tried) < 2:
        return f"{name}: with so many photos, larger squares would take too long."
    parts = [f"{name}: chosen from {len(chosen.tried)} ways to look at {chosen.photos} of your photos"]
    found = gain(chosen)
    if found is not None:
        parts.append(f"crossentropy {found.chosen:.3f} instead of {found.plain:.3f} with {_view(PLAIN)}")
    if chosen.side != PLAIN.side:
        parts.append(f"about {cost(chosen.side):.1g} x the time for each photo of {PLAIN.side} px")
    return "; ".join(parts) + "."


def _view(view: View) -> str:
    return f"{view.side} px, {_FRAMINGS[view.framing]}"
