"""A walk through unsure photos: where it is, what was said, how it ended."""

from dataclasses import dataclass

from scene_desktop.ui.results.name_order import Rows
from scene_desktop.ui.results.prediction_table import PredictionTable
from scene_desktop.ui.review.corrections import Corrections


@dataclass(frozen=True)
class Reviewed:
    """How the photos of a walk stand: their number is the sum of the other three."""

    total: int
    as_guessed: int
    changed: int
    skipped: int


class ReviewSession:
    """Photos in a fixed order; `position` counts from 0 and equals `total` at the end.

    Args:
        rows: Source rows of `table`.
    """

    def __init__(self, table: PredictionTable, corrections: Corrections, rows: Rows) -> None:
        self._table, self._corrections = table, corrections
        self._rows = corrections.tracked(rows)
        self._steps: list[tuple[int, int]] = []
        self.position = 0
        self.total = len(rows)

    @property
    def is_over(self) -> bool:
        return self.position >= self.total

    @property
    def row(self) -> int | None:
        """Source row of the photo that is asked about; None at the end."""
        return self.row_at(self.position)

    def row_at(self, position: int) -> int | None:
        """Source row of any photo of the walk; None beyond its end."""
        return self._rows.at(position) if 0 <= position < self.total else None

    def give(self, label: int) -> None:
        """Says the class of the current photo and goes on."""
        row = self.row
        if row is None:
            return
        if self._corrections.assign([row], label):
            self._steps.append((self._corrections.stack.index(), self.position))
        self.position += 1

    def skip(self) -> None:
        self.position = min(self.total, self.position + 1)

    def back(self) -> None:
        self.position = max(0, self.position - 1)

    def undo(self) -> None:
        """Takes the last answer of this walk back and returns to its photo; without one it only goes back."""
        stack = self._corrections.stack
        while self._steps and self._steps[-1][0] > stack.index():  # taken back in another way
            self._steps.pop()
        if self._steps and self._steps[-1][0] == stack.index():
            _, self.position = self._steps.pop()
            self._corrections.undo()
        else:
            self.back()

    def reviewed(self) -> Reviewed:
        verdicts = self._table.verdicts
        rows = self._rows.now()
        said, guessed = verdicts.corrected[rows], verdicts.best[rows]
        as_guessed = int(((said >= 0) & (said == guessed)).sum())
        changed = int((said >= 0).sum()) - as_guessed
        return Reviewed(self.total, as_guessed, changed, self.total - as_guessed - changed)

    def skipped_rows(self) -> Rows:
        """Source rows of the photos that got no answer."""
        rows = self._rows.now()
        return rows[self._table.verdicts.corrected[rows] < 0]
