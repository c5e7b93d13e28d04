"""Each distinct value of a column once: a column of a thousand units says few things."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

Codes = np.ndarray[Any, np.dtype[Any]]


class Distinct(NamedTuple):
    """``codes``: of each row the place of its value in ``values``, −1 where it is blank."""

    codes: Codes
    values: list[Any]


def distinct(column: Any) -> Distinct:
    """``column``: cell values as they are. 1, 1.0 and True are equal and hash alike, yet they are three values."""
    objects = np.asarray(column, dtype="object")
    if len({bool, int, float} & set(map(type, objects.tolist()))) < 2:
        codes, values = pd.factorize(objects)
        return Distinct(codes, list(values))
    keys = ((type(value), value) for value in objects.tolist())
    codes, typed = pd.factorize(np.fromiter(keys, dtype="object", count=len(objects)))
    return Distinct(np.where(pd.isna(objects), -1, codes), [value for _, value in typed])
