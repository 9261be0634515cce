"""The file names of growing rows, kept in order as they come, so that searching and sorting are quick."""

import os
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]

_AT_ONCE = 4000
"""New names are put in order when so many have come, so that the first sort by name is quick too."""


class NameOrder:
    """Names without their folder and in folded case, by row."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._names: list[str] = []
        self._order: list[int] = []
        self.append(paths)

    def append(self, paths: Iterable[str]) -> None:
        """Adds the names of new rows."""
        self._names.extend(os.path.basename(path).casefold() for path in paths)
        if len(self._names) - len(self._order) >= _AT_ONCE:
            self._put_in_order()

    def copy(self) -> "NameOrder":
        made = NameOrder()
        made._names, made._order = self._names.copy(), self._order.copy()
        return made

    def containing(self, part: str, rows: Rows) -> Rows:
        """Those of `rows` whose name contains `part` in any case, in the same order."""
        folded, names = part.casefold(), self._names
        fits = np.fromiter((folded in names[row] for row in rows.tolist()), dtype=np.bool_, count=len(rows))
        found: Rows = rows[fits]
        return found

    def ranks(self) -> Rows:
        """int64 `(rows,)`, the place of each row in the order of the names; equal names keep their order."""
        if len(self._order) < len(self._names):
            self._put_in_order()
        ranks = np.empty(len(self._names), dtype=np.int64)
        ranks[np.array(self._order, dtype=np.int64)] = np.arange(len(self._names))
        return ranks

    def _put_in_order(self) -> None:
        """Quick, because Python's sort uses the order that is there."""
        self._order.extend(range(len(self._order), len(self._names)))
        self._order.sort(key=self._names.__getitem__)
