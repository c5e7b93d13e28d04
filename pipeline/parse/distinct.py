"""Each distinct value of a column once: a column of a thousand units says few things."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

Codes = np.ndarray[Any, np.dtype[Any]]


class Distinct(NamedTuple):
    """``codes``: of each row the place of its value in ``values``, −1 where it is blank."""

    codes: Codes
    values: list[Any]

    def rows(self, places: list[int]) -> Codes:
        """The rows whose value stands at one of the places, in order."""
        return np.flatnonzero(np.isin(self.codes, places))


def distinct(column: Any) -> Distinct:
    """``column``: cell values as they are. 1, 1.0 and True are equal and hash alike, yet they are three values."""
    objects = np.asarray(column, dtype="object")
    codes, values = pd.factorize(objects)
    kinds = set(map(type, objects.tolist())) & {bool, int, float}
    if len(kinds) < 2:
        return Distinct(codes, list(values))
    keys = np.empty(len(objects), dtype="object")
    keys[:] = [(type(value), value) for value in objects.tolist()]
    pairs, typed = pd.factorize(keys)
    return Distinct(np.where(codes < 0, -1, pairs), [value for _, value in typed])
