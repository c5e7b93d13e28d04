"""Rows of two periods matched by numbers in place of pairs of codes: a million of them without a million tuples."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from pipeline.plan.model import Plan

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
