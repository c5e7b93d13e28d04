"""Rows matched and gathered by numbers in place of pairs of codes: a million of them without a million tuples."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from pipeline.measures import exact_sum
from pipeline.plan.model import Plan

_EXACT = 2.0**53  # below it a float holds every whole number
Array = np.ndarray[Any, Any]


class Keys:
    """A number for each (unit, item) of a plan; ``column`` holds the items of the frames to match."""

    def __init__(self, plan: Plan, column: str, items: Iterable[str]) -> None:
        self._column = column
        self._units = pd.Index(list(plan.heirs), dtype="str")
        self._heirs = self._units.get_indexer(pd.Index(list(plan.heirs.values()), dtype="str"))
        self._items = pd.Index(list(items), dtype="str")

    def of(self, frame: pd.DataFrame, *, heirs: bool = False) -> Array:
        """One number per row, negative where the plan lacks the unit or the item; with ``heirs``, of the unit that
        answers now."""
        units = self._units.get_indexer(pd.Index(frame["unit_code"]))
        if heirs:
            units = np.where(units < 0, -1, self._heirs[units])
        items = self._items.get_indexer(pd.Index(frame[self._column]))
        return np.where((units < 0) | (items < 0), -1, units.astype("int64") * len(self._items) + items)


def matched(keys: Array, values: Array, wanted: Array) -> Array:
    """The rows of ``values``, told under these ``keys``, in the order of ``wanted``; NaN for a key without one."""
    known = keys >= 0
    rows = np.append(values[known], np.full((1, values.shape[1]), np.nan), axis=0)
    # A key that is not found is at −1: the row of NaN at the end.
    made: Array = rows[pd.Index(keys[known]).get_indexer(pd.Index(wanted))]
    return made


class Groups:
    """The rows of a frame by what stands in some of its columns, told once for all that is asked of them.

    ``names``: of each group those values, in the order of first appearance; ``of_row``: of each row its group.
    """

    def __init__(self, frame: pd.DataFrame, columns: Sequence[str]) -> None:
        number = np.zeros(len(frame), dtype="int64")
        told: list[list[str]] = []
        for column in columns:
            codes, values = pd.factorize(frame[column])
            number = number * len(values) + codes
            told.append(list(values))
        self.of_row, numbers = pd.factorize(number)
        self.names: list[tuple[str, ...]] = []
        for each in numbers.tolist():
            name: list[str] = []
            for words in reversed(told):
                each, place = divmod(each, len(words))
                name.append(words[place])
            self.names.append(tuple(reversed(name)))

    def count(self, which: Array | None = None) -> list[int]:
        """How many rows each group has, or has of those marked in ``which``."""
        rows = self.of_row if which is None else self.of_row[which]
        counts: list[int] = np.bincount(rows, minlength=len(self.names)).tolist()
        return counts

    def sums(self, values: Array, which: Array) -> list[Fraction | None]:
        """Of each group the exact sum of the marked rows' values; None where none is marked.

        Whole numbers below 2^53, nearly all there are, add up exactly as they stand.
        """
        of_row, told = self.of_row[which], values[which]
        totals = np.bincount(of_row, weights=told, minlength=len(self.names))
        sizes = np.bincount(of_row, weights=np.abs(told), minlength=len(self.names))
        is_broken = np.bincount(of_row, weights=told != np.floor(told), minlength=len(self.names)) > 0
        made: list[Fraction | None] = [
            Fraction(int(total)) if count else None
            for total, count in zip(totals.tolist(), self.count(which), strict=True)
        ]
        for group in np.flatnonzero(is_broken | (sizes >= _EXACT)).tolist():
            made[group] = exact_sum(told[of_row == group].tolist())
        return made

    def rows(self) -> dict[tuple[str, ...], Array]:
        """Of each group the positions of its rows, in their order."""
        order = np.argsort(self.of_row, kind="stable")
        if not self.names:
            return {}
        return dict(zip(self.names, np.split(order, np.cumsum(self.count())[:-1]), strict=True))
