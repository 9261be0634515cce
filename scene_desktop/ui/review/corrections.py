"""What a person says about classes, as steps that can be undone and redone."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from scene_desktop.ui import words
from scene_desktop.ui.results.name_order import Rows
from scene_desktop.ui.results.prediction_table import PredictionTable
from scene_desktop.ui.results.verdicts import WAITING


class Corrections(QObject):
    """Gives photos of a table their true class, one undoable step at a time."""

    changed = Signal()

    def __init__(self, table: PredictionTable) -> None:
        super().__init__(table)
        self._table = table
        self.stack = QUndoStack(self)
        self._rows = _Rows(table)
        table.corrected.connect(self._tell)
        table.modelReset.connect(self._forget_if_empty)

    def assign(self, rows: Sequence[int] | Rows, label: int | None) -> bool:
        """Says the class of photos, or takes back what was said (None).

        Args:
            rows: Source rows; those without a verdict, and those that are so already, are left out.

        Returns:
            Whether anything changed.
        """
        verdicts, wanted = self._table.verdicts, -1 if label is None else label
        at = np.asarray(rows, dtype=np.int64)
        changing = at[(verdicts.best[at] >= 0) & (verdicts.corrected[at] != wanted)]
        if not len(changing):
            return False
        text = self._text(len(changing), label)
        self.stack.push(_Correction(self._table, self.tracked(changing), label, text))
        self.changed.emit()  # once more: only now can the step be undone
        return True

    def undo(self) -> None:
        """Takes the last step back."""
        self.stack.undo()
        self.changed.emit()

    def redo(self) -> None:
        """Makes the step again that was taken back last."""
        self.stack.redo()
        self.changed.emit()

    def tracked(self, rows: Sequence[int] | Rows) -> "PhotoRows":
        """Rows of photos with a verdict, to be found again later."""
        return PhotoRows(rows, self._rows)

    @property
    def count(self) -> int:
        """Photos whose class a person has said."""
        return int((self._table.verdicts.corrected >= 0).sum())

    def items(self) -> list[tuple[str, str]]:
        """Path and class name of each of them, in the order of the rows."""
        verdicts = self._table.verdicts
        rows = (verdicts.corrected >= 0).nonzero()[0].tolist()
        return [(verdicts.paths[row], verdicts.classes[int(verdicts.corrected[row])]) for row in rows]

    def _text(self, count: int, label: int | None) -> str:
        if label is None:
            if count == 1:
                return self.tr("1 correction taken back")
            return self.tr("{number} corrections taken back").format(number=words.number(count))
        name = words.shown(self._table.verdicts.classes[label])
        if count == 1:
            return self.tr("1 photo is {name}").format(name=name)
        return self.tr("{number} photos are {name}").format(number=words.number(count), name=name)

    def _tell(self) -> None:
        self.changed.emit()

    def _forget_if_empty(self) -> None:
        if len(self._table.verdicts) == 0:
            self.stack.clear()
            self.changed.emit()


class _Correction(QUndoCommand):
    def __init__(self, table: PredictionTable, rows: "PhotoRows", label: int | None, text: str) -> None:
        super().__init__(text)
        self._table, self._rows, self._label = table, rows, label
        self._before = table.verdicts.corrected[rows.now()].copy()

    def redo(self) -> None:
        self._table.correct(self._rows.now(), self._label)

    def undo(self) -> None:
        rows = self._rows.now()
        for before in np.unique(self._before).tolist():
            self._table.correct(rows[self._before == before], None if before < 0 else before)


class PhotoRows:
    """Source rows of photos with a verdict, right also after other rows have gone."""

    def __init__(self, rows: Sequence[int] | Rows, tracked: "_Rows") -> None:
        self._rows, self._tracked, self._age = np.array(rows, dtype=np.int64), tracked, tracked.age

    def __len__(self) -> int:
        return len(self._rows)

    def now(self) -> Rows:
        """The rows of this moment."""
        return self._tracked.now(self._rows, self._age)

    def at(self, place: int) -> int:
        """The row of this moment of one of them."""
        return int(self._tracked.now(self._rows[place : place + 1], self._age)[0])


class _Rows(QObject):
    """Finds rows again after others have gone: a stopped drop takes its waiting photos out of the table."""

    def __init__(self, table: PredictionTable) -> None:
        super().__init__(table)
        self._table = table
        self._keeping: Rows = np.empty(0, dtype=np.int64)
        self._count = 0
        self._moves: list[Rows] = []
        table.modelAboutToBeReset.connect(self._look)
        table.modelReset.connect(self._compare)

    @property
    def age(self) -> int:
        """How often rows have gone; belongs to any row that is to be found again."""
        return len(self._moves)

    def now(self, rows: Rows, age: int) -> Rows:
        """Today's rows of those that were `rows` at an age; photos with a verdict never go."""
        for kept in self._moves[age:]:
            rows = np.searchsorted(kept, rows).astype(np.int64)
        return rows

    def _look(self) -> None:
        verdicts = self._table.verdicts
        self._count, self._keeping = len(verdicts), np.flatnonzero(verdicts.best != WAITING)

    def _compare(self) -> None:
        left = len(self._table.verdicts)
        if 0 < left < self._count and left == len(self._keeping):
            self._moves.append(self._keeping)
