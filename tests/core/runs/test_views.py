"""What a chosen view brings and costs."""

import pytest

from scene_desktop.core.photos.framing import Framing
from scene_desktop.core.runs.events import TriedView, ViewChosen
from scene_desktop.core.runs.views import Gain, cost, gain

PLAIN = TriedView(160, Framing.SQUASH, 0.218)


def chosen(*tried: TriedView) -> ViewChosen:
    """The last one that was tried."""
    return ViewChosen(side=tried[-1].side, framing=tried[-1].framing, photos=300, tried=tried)


def test_a_view_is_compared_with_the_plain_one() -> None:
    assert gain(chosen(PLAIN, TriedView(224, Framing.CUT, 0.181))) == Gain(0.218, 0.181)


@pytest.mark.parametrize(
    "tried",
    [
        (PLAIN,),
        (PLAIN, TriedView(128, Framing.SQUASH, 0.22)),
        (PLAIN, TriedView(224, Framing.SQUASH, 0.2179)),
        (TriedView(128, Framing.SQUASH, 0.3), TriedView(224, Framing.SQUASH, 0.2)),
        (),
    ],
)
def test_without_a_difference_worth_telling_nothing_is_told(tried: tuple[TriedView, ...]) -> None:
    view = chosen(*tried) if tried else ViewChosen(side=224, framing=Framing.SQUASH, photos=0, tried=())
    assert gain(view) is None


def test_the_cost_grows_with_the_pixels() -> None:
    assert (cost(160), cost(320), cost(80)) == (1.0, 4.0, 0.25)
