"""Minimisation of a smooth convex function by L-BFGS (Liu and Nocedal, 1989, doi:10.1007/BF01589116)."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Function = Callable[[Vector], tuple[float, Vector]]
"""The value at a point, and the gradient there."""

_MEMORY = 10
_ENOUGH, _LONGEST = 1e-4, 8.0
"""This share of the decrease that the gradient promises is enough; the first step is at most so long."""
_SHORTEST = 1e-10
_FLAT = 1e-7
"""A smaller relative decrease ends the search."""


class _Step(NamedTuple):
    point: Vector
    gradient: Vector
    inverse: float


def minimise(function: Function, start: Vector) -> Iterator[Vector]:
    """Yields better and better points, one an iteration, until no better one is found."""
    point = start
    value, gradient = function(point)
    steps: deque[_Step] = deque(maxlen=_MEMORY)
    while True:
        direction = _direction(gradient, steps)
        found = _search(function, point, value, gradient, direction, first=not steps)
        if found is None:
            return
        reached, lower, slope = found
        yield reached
        step, change = reached - point, slope - gradient
        curvature = float(step @ change)
        if curvature > 0:
            steps.append(_Step(step, change, 1 / curvature))
        is_flat = value - lower <= _FLAT * max(1.0, abs(value))
        point, value, gradient = reached, lower, slope
        if is_flat:
            return


def _direction(gradient: Vector, steps: deque[_Step]) -> Vector:
    """The quasi-Newton direction by the two-loop recursion."""
    result = -gradient
    shares = []
    for step in reversed(steps):
        share = step.inverse * float(step.point @ result)
        result = result - share * step.gradient
        shares.append(share)
    if steps:
        last = steps[-1]
        result = result / (last.inverse * float(last.gradient @ last.gradient))
    for step, share in zip(steps, reversed(shares), strict=True):
        result = result + (share - step.inverse * float(step.gradient @ result)) * step.point
    return result


def _search(
    function: Function, point: Vector, value: float, gradient: Vector, direction: Vector, *, first: bool
) -> tuple[Vector, float, Vector] | None:
    """A point along the direction that is enough lower, with its value and gradient; None if there is none."""
    slope = float(gradient @ direction)
    if slope >= 0:
        return None
    length = min(1.0, 1.0 / float(np.abs(gradient).sum())) if first else 1.0
    while length > _SHORTEST:
        reached = point + length * direction
        lower, there = function(reached)
        if lower <= value + _ENOUGH * length * slope:
            break
        length /= 2
    else:
        return None
    while first and length < _LONGEST and float(there @ direction) < 0.9 * slope:  # much too short
        further = point + 2 * length * direction
        value_further, gradient_further = function(further)
        if value_further >= lower:
            break
        length, reached, lower, there = 2 * length, further, value_further, gradient_further
    return reached, lower, there
