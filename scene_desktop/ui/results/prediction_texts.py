"""What a row of the results says: its state, the texts of its cells, and many rows as a table to paste."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from PySide6.QtCore import QCoreApplication

from scene_desktop.core.text import harmless_cell
from scene_desktop.ui import words
from scene_desktop.ui.results.name_order import Rows
from scene_desktop.ui.results.verdicts import UNREADABLE, WAITING, Column, Verdicts

RUNNERS_UP = 2

_LOOKS = 4096


def _tr(text: str) -> str:
    return QCoreApplication.translate("results", text)


class State(IntEnum):
    """How far the verdict on a photo is."""

    WAITING = 0
    DECIDED = 1
    UNSURE = 2
    UNREADABLE = 3
    CORRECTED = 4


@dataclass(frozen=True, slots=True)
class RowLook:
    """All that is painted of a row.

    Attributes:
        texts: Of the cells, by `Column`.
        confidence: 0 to 1.
    """

    path: str
    state: State
    texts: tuple[str, ...]
    confidence: float


def look(verdicts: Verdicts, row: int, threshold: float) -> RowLook:
    """What is painted of a row of `verdicts`."""
    texts = tuple(cell(verdicts, row, column, threshold) for column in Column)
    confidence = float(verdicts.confidence[row])
    return RowLook(verdicts.paths[row], state_of(verdicts, row, threshold), texts, confidence)


class RowLooks:
    """Looks by row, kept because painting asks for each cell, and with every step of scrolling again."""

    def __init__(self) -> None:
        self._known: dict[int, RowLook] = {}

    def of(self, verdicts: Verdicts, row: int, threshold: float) -> RowLook:
        """The look of a row; `clear` must be called when anything of it has changed."""
        found = self._known.get(row)
        if found is None:
            if len(self._known) >= _LOOKS:
                self._known.clear()
            found = self._known[row] = look(verdicts, row, threshold)
        return found

    def clear(self) -> None:
        self._known.clear()


def state_of(verdicts: Verdicts, row: int, threshold: float) -> State:
    """The state of a row of `verdicts`."""
    best = verdicts.best[row]
    if best == WAITING:
        return State.WAITING
    if best == UNREADABLE:
        return State.UNREADABLE
    if verdicts.corrected[row] >= 0:
        return State.CORRECTED
    return State.UNSURE if verdicts.confidence[row] < threshold else State.DECIDED


def heading(column: int) -> str:
    """The name of a column."""
    return (_tr("Photo"), _tr("Class"), _tr("Confidence"), _tr("Runners-up"))[column]


def spoken(verdicts: Verdicts, row: int, threshold: float) -> str:
    """A whole row for a screen reader."""
    return ", ".join(filter(None, (cell(verdicts, row, column, threshold) for column in Column)))


def cell(verdicts: Verdicts, row: int, column: int, threshold: float) -> str:
    """The text of one cell of the table."""
    if column == Column.PHOTO:
        return words.name_of(verdicts.paths[row])
    state = state_of(verdicts, row, threshold)
    if state is State.WAITING:
        return _tr("Waiting …") if column == Column.CLASS else ""
    if state is State.UNREADABLE:
        if column == Column.CLASS:
            return _tr("Could not read")
        return words.shown(verdicts.errors[row]) if column == Column.RUNNERS_UP else ""
    if column == Column.CLASS:
        name = words.shown(verdicts.classes[verdicts.label(row)])
        return _tr("Unsure: {name}?").format(name=name) if state is State.UNSURE else name
    if column == Column.CONFIDENCE:
        return words.percent(float(verdicts.confidence[row]))
    return _runners_up(verdicts, row)


def copied(verdicts: Verdicts, rows: Rows, threshold: float) -> str:
    """Rows as a table for the clipboard: tab-separated, safe for spreadsheets."""
    first = _tr("Path\tClass\tConfidence\tUnsure\tError")
    return "\n".join([first, *_lines(verdicts, rows, threshold)]) + "\n"


def _lines(verdicts: Verdicts, rows: Rows, threshold: float) -> Iterator[str]:
    names = [harmless_cell(words.shown(name)) for name in verdicts.classes]
    columns = (rows, verdicts.labels[rows], verdicts.confidence[rows], verdicts.corrected[rows])
    for row, label, confidence, corrected in zip(*(column.tolist() for column in columns), strict=True):
        path = harmless_cell(words.shown(verdicts.paths[row]))
        if label >= 0:
            unsure = "yes" if confidence < threshold and corrected < 0 else "no"
            yield f"{path}\t{names[label]}\t{confidence:.6f}\t{unsure}\t"
        else:
            yield f"{path}\t\t\t\t{harmless_cell(words.shown(verdicts.errors.get(row, '')))}"


def _runners_up(verdicts: Verdicts, row: int) -> str:
    """The best classes beside the one that holds."""
    scores = verdicts.scores[row]
    ranked = [int(place) for place in np.argsort(-scores, kind="stable")]
    ranked.remove(verdicts.label(row))
    return "   ".join(
        f"{words.shown(verdicts.classes[place])} {words.percent(float(scores[place]))}"
        for place in ranked[:RUNNERS_UP]
    )
