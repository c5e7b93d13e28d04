"""Each distinct value once, and back again."""

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.parse.distinct import distinct
from pipeline.read.sheets import Fault


def restored(column: Any) -> list[Any]:
    codes, values = distinct(column)
    return [None if code < 0 else values[code] for code in codes.tolist()]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ([], []),
        ([None, float("nan")], []),
        (["a", None, "b", "a"], ["a", "b"]),
        ([1, 1.0, True, 1, None], [1, 1.0, True]),
        ([0.0, False, "0"], [0.0, False, "0"]),
        ([Fault("#N/A"), Fault("#N/A"), "#N/A"], [Fault("#N/A"), "#N/A"]),
        ([date(2021, 1, 1), datetime(2021, 1, 1)], [date(2021, 1, 1), datetime(2021, 1, 1)]),
    ],
)
def test_each_value_stands_once(column: list[Any], values: list[Any]) -> None:
    found = [value for value in distinct(pd.Series(column, dtype="object")).values if value is not None]
    assert [(type(value), value) for value in found] == [(type(value), value) for value in values]


@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(
    st.lists(st.one_of(st.none(), st.text(max_size=2), st.booleans(), st.integers(0, 2), st.sampled_from([0.0, 1.0])))
)
def test_the_column_comes_back_with_its_types(column: list[Any]) -> None:
    back = restored(np.fromiter(column, dtype="object", count=len(column)))
    assert [(type(value), value) for value in back] == [(type(value), value) for value in column]
