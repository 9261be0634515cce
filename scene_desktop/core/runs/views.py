"""What a chosen view brings and what it costs, without words."""

from typing import NamedTuple

from scene_desktop.core.photos.framing import Framing, View
from scene_desktop.core.runs.events import ViewChosen

PLAIN = View(160, Framing.SQUASH)
"""What others are compared with."""

_TELLING = 0.005
"""Differences in crossentropy below this are chance, or of no use to anybody."""


class Gain(NamedTuple):
    """Crossentropies out of fold, in nats."""

    plain: float
    chosen: float


def gain(chosen: ViewChosen) -> Gain | None:
    """How much better than the plain view the chosen one is; None if it is not, or that was not tried."""
    tried = {View(view.side, view.framing): view.crossentropy for view in chosen.tried}
    plain, best = tried.get(PLAIN), tried.get(View(chosen.side, chosen.framing))
    if plain is None or best is None or plain - best < _TELLING:
        return None
    return Gain(plain, best)


def cost(side: int) -> float:
    """The time that a photo takes, as a multiple of that with the plain view; it grows with the pixels."""
    return (side / PLAIN.side) ** 2
