"""The tables in Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from development.panel.results import Result, Training

NOTHING = "–"

Results = Mapping[str, Sequence[Result]]
"""By key of the recipe or the peer: of several seeds, of a few photos also of several draws and sets."""


class Column(NamedTuple):
    """A recipe or a peer."""

    key: str
    title: str
    is_peer: bool


@dataclass(frozen=True)
class SetRow:
    """A photo set and what was measured on it; `pixels` is the median `(width, height)`."""

    name: str
    training: int
    classes: int
    pixels: tuple[int, int]
    results: Results


@dataclass(frozen=True)
class FewRow:
    """What was measured on all draws of so many photos a class."""

    per_class: int
    results: Results


def few_row(per_class: int, draws: Sequence[Results]) -> FewRow:
    """Joins what was measured on each draw."""
    joined: dict[str, list[Result]] = {}
    for results in draws:
        for key, found in results.items():
            joined.setdefault(key, []).extend(found)
    return FewRow(per_class, joined)


class _Pair(NamedTuple):
    accuracy: float
    crossentropy: float


def accuracies(rows: Sequence[SetRow], columns: Sequence[Column]) -> str:
    """Accuracy and crossentropy on the test; the best figures of a peer are bold."""
    shown = [column for column in columns if any(row.results.get(column.key) for row in rows)]
    lines = _head(["set", "photos", "classes", "pixels", *(column.title for column in shown)])
    pairs = [{column.key: _mean(row.results.get(column.key, ())) for column in shown} for row in rows]
    for row, of_row in zip(rows, pairs, strict=True):
        width, height = row.pixels
        about = [row.name, f"{row.training:,}", str(row.classes), f"{width} × {height}"]
        lines.append(_line([*about, *_cells(of_row, shown)]))
    means = {column.key: _mean_pair([of_row[column.key] for of_row in pairs]) for column in shown}
    lines.append(_line(["mean", "", "", "", *_cells(means, shown)]))
    return "\n".join(lines) + "\n"


def times(rows: Sequence[SetRow], columns: Sequence[Column]) -> str:
    """Seconds of each recipe, what its models tell of themselves, and whether that can be believed."""
    shown = [c for c in columns if not c.is_peer and any(row.results.get(c.key) for row in rows)]
    heads = [
        f"{column.title}: {what}"
        for column in shown
        for what in ("seconds", "own accuracy (photos)", "interval holds", "calibration error")
    ]
    lines = _head(["set", *heads])
    for row in rows:
        cells = [cell for column in shown for cell in _time_cells(row.results.get(column.key, ()))]
        lines.append(_line([row.name, *cells]))
    return "\n".join(lines) + "\n"


def few_photos(rows: Sequence[FewRow], columns: Sequence[Column]) -> str:
    """As `accuracies`, over all draws and sets, and how often the interval of a recipe holds the test."""
    shown = [column for column in columns if any(row.results.get(column.key) for row in rows)]
    recipes = [column for column in shown if not column.is_peer]
    heads = [column.title for column in shown] + [f"{column.title}: interval holds" for column in recipes]
    lines = _head(["photos a class", "draws", *heads])
    for row in rows:
        most = max((len(results) for results in row.results.values()), default=0)
        whole = {key: results for key, results in row.results.items() if len(results) == most}
        pairs = {column.key: _mean(whole.get(column.key, ())) for column in shown}
        held = [_held(_trainings(whole.get(column.key, ()))) for column in recipes]
        lines.append(_line([str(row.per_class), str(most), *_cells(pairs, shown), *held]))
    return "\n".join(lines) + "\n"


def _cells(pairs: Mapping[str, _Pair | None], shown: Sequence[Column]) -> list[str]:
    """Each pair as text, the best figures of the peers in bold."""
    texts = {key: (f"{pair.accuracy:.3f}", f"{pair.crossentropy:.3f}") for key, pair in pairs.items() if pair}
    peers = [texts[column.key] for column in shown if column.is_peer and column.key in texts]
    best = (
        max((text[0] for text in peers), default=""),
        min((text[1] for text in peers), key=float, default=""),
    )
    cells = []
    for column in shown:
        text = texts.get(column.key)
        marks = [
            f"**{figure}**" if column.is_peer and figure == wanted else figure
            for figure, wanted in zip(text or (), best, strict=False)
        ]
        cells.append(" / ".join(marks) or NOTHING)
    return cells


def _mean(results: Sequence[Result]) -> _Pair | None:
    return _mean_pair([_Pair(result.test.accuracy, result.test.crossentropy) for result in results])


def _mean_pair(pairs: Sequence[_Pair | None]) -> _Pair | None:
    """None where a pair is missing: means over different photos are not to be compared."""
    there = [pair for pair in pairs if pair is not None]
    if not there or len(there) < len(pairs):
        return None
    accuracy, crossentropy = np.mean(there, axis=0)
    return _Pair(float(accuracy), float(crossentropy))


def _time_cells(results: Sequence[Result]) -> list[str]:
    trainings = _trainings(results)
    if not trainings:
        return [NOTHING] * 4
    seconds = [training.seconds for training, _ in trainings if training.seconds is not None]
    own = np.mean([training.accuracy for training, _ in trainings])
    photos = round(np.mean([training.photos for training, _ in trainings]))
    error = np.mean([result.test.calibration_error for result in results])
    return [
        f"{np.mean(seconds):.0f}" if seconds else NOTHING,
        f"{own:.3f} ({photos:,})",
        _held(trainings),
        f"{error:.3f}",
    ]


def _trainings(results: Sequence[Result]) -> list[tuple[Training, float]]:
    """What is known of the models of a recipe, each with its accuracy on the test."""
    return [(result.training, result.test.accuracy) for result in results if result.training is not None]


def _held(trainings: Sequence[tuple[Training, float]]) -> str:
    held = sum(training.covers(accuracy) for training, accuracy in trainings)
    return f"{held} of {len(trainings)}" if trainings else NOTHING


def _head(cells: Sequence[str]) -> list[str]:
    return [_line(cells), "|" + "---|" * len(cells)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
