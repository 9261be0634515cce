"""JSON from a stranger: strict, without twins among the keys, and measured before it is built.

A text of one megabyte can describe objects of thirty, so what it holds is counted first.
"""

import json
import math
import re
from typing import Any, NamedTuple, NoReturn

_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrtu])*+"')


class Limits(NamedTuple):
    """How much a text may hold: objects and lists, commas, texts."""

    containers: int
    commas: int
    strings: int


def decode(text: str, limits: Limits) -> Any:
    """Reads JSON; numbers are finite.

    Raises:
        ValueError: It is no strict JSON, an object has a key twice, or it holds more than it may.
    """
    _measure(text, limits)
    try:
        return json.loads(
            text, object_pairs_hook=_without_twins, parse_float=_finite, parse_constant=_refuse_constant
        )
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def _measure(text: str, limits: Limits) -> None:
    containers, commas, strings = limits
    place = 0
    while True:
        quote = text.find('"', place)
        end = len(text) if quote < 0 else quote
        containers -= text.count("{", place, end) + text.count("[", place, end)
        commas -= text.count(",", place, end)
        strings -= quote >= 0
        if min(containers, commas, strings) < 0:
            raise ValueError("it holds more than a model has")
        if quote < 0:
            return
        string = _STRING.match(text, quote)
        if string is None:
            raise ValueError("a text in it has no end")
        place = string.end()


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
