"""A raw frame becomes typed; each finding stands at its own row and field."""

from datetime import datetime
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pandera.typing import Series

from pipeline.parse.frame import Finding, parse_frame
from pipeline.read.sheets import Fault
from pipeline.text import clean
from schemas.columns import Model, column, names
from schemas.plan import Target
from schemas.template import IndicatorRow, TaskRow

STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=40)


class Offered(pa.DataFrameModel):
    """A list that is only offered, and a yes-or-no column."""

    word: Series[str] = column("Từ", choices=("Một", "Hai"))
    amount: Series[float] = column("Số")


def parse(model: Model, field: str, typed: list[Any], **more: Any) -> tuple[list[Any], list[tuple[int, str, str]]]:
    """The column's values and its findings; the frame's rows are labelled from 10."""
    raw = pd.DataFrame({field: pd.Series(typed, dtype="object")}).set_axis(range(10, 10 + len(typed)))
    frame, findings = parse_frame(raw, model, **more)
    return frame[field].tolist(), [(finding.at, finding.field, finding.code) for finding in findings]


@pytest.mark.parametrize(
    ("model", "field", "typed", "values", "found"),
    [
        (IndicatorRow, "numerator", "12 345", 12345.0, []),
        (IndicatorRow, "numerator", "1.234", 1234.0, [(10, "numerator", "SO03")]),
        (IndicatorRow, "numerator", "85%", None, [(10, "numerator", "SO02")]),
        (IndicatorRow, "denominator", "nhiều", None, [(10, "denominator", "SO01")]),
        (IndicatorRow, "denominator", Fault("#REF!"), None, [(10, "denominator", "SO06")]),
        (IndicatorRow, "numerator", 0, 0.0, []),
        (Target, "target", "85%", 0.85, []),
        (TaskRow, "completed_on", "15/6/2021", pd.Timestamp(2021, 6, 15), []),
        (TaskRow, "completed_on", datetime(2021, 6, 15, 9), pd.Timestamp(2021, 6, 15), []),
        (TaskRow, "completed_on", "hôm qua", None, [(10, "completed_on", "NG01")]),
        (TaskRow, "state", "hoan thanh", "Hoàn thành", [(10, "state", "LC02")]),
        (TaskRow, "state", "Xong rồi", "Xong rồi", []),  # left to the schema's check
        (TaskRow, "result", 12.0, "12", []),
        (TaskRow, "result", Fault("#N/A"), None, [(10, "result", "SO06")]),
        (Offered, "word", "Ba", "Ba", []),
        (Offered, "word", "mot", "mot", []),
    ],
)
def test_each_field_is_parsed_by_its_kind(
    model: Model, field: str, typed: Any, values: Any, found: list[tuple[int, str, str]]
) -> None:
    read, findings = parse(model, field, [typed])
    assert findings == found
    assert pd.isna(read[0]) if values is None else read[0] == values


def test_the_frame_is_the_models_with_the_given_index() -> None:
    raw = pd.DataFrame({"task_code": ["A", "B"], "stray": [1, 2]}, index=[7, 3])
    frame, findings = parse_frame(raw, TaskRow)
    assert list(frame.columns) == names(TaskRow)
    assert list(frame.index) == [7, 3]
    assert frame["task_code"].tolist() == ["A", "B"]
    assert frame["completed_on"].dtype == "datetime64[us]"
    assert frame["completed_on"].isna().all()
    assert findings == []


def test_an_empty_frame_keeps_its_columns() -> None:
    frame, findings = parse_frame(pd.DataFrame({"task_code": pd.Series(dtype="object")}), TaskRow)
    assert (len(frame), list(frame.columns), findings) == (0, names(TaskRow), [])


def test_blank_cells_are_missing_and_no_finding() -> None:
    values, findings = parse(IndicatorRow, "numerator", [None, float("nan"), 0])
    assert pd.isna(values[0]) and pd.isna(values[1]) and values[2] == 0
    assert findings == []


def test_a_value_typed_twice_is_found_twice() -> None:
    _, findings = parse(IndicatorRow, "numerator", ["x", 5, "x"])
    assert findings == [(10, "numerator", "SO01"), (12, "numerator", "SO01")]


def test_equal_values_of_different_types_are_told_apart() -> None:
    values, findings = parse(IndicatorRow, "numerator", [1, True, "1"])
    assert values[0] == values[2] == 1
    assert findings == [(11, "numerator", "SO01")]


def test_a_finding_carries_what_its_message_names() -> None:
    _, findings = parse_frame(pd.DataFrame({"numerator": ["1.234"]}), IndicatorRow)
    assert findings == [Finding(0, "numerator", "SO03", {"read": "1.234"})]


def test_milestone_rows_take_yes_or_no_and_the_rest_numbers() -> None:
    milestones = pd.Series([True, False, True, False, True], index=range(10, 15))
    typed = ["Có", "Có", "không", 12, 12]
    values, findings = parse(IndicatorRow, "numerator", typed, milestones=milestones)
    assert [None if pd.isna(value) else value for value in values] == [1.0, None, 0.0, 12.0, None]
    assert sorted(findings) == [(11, "numerator", "SO01"), (14, "numerator", "CT05")]


def test_no_milestone_among_the_rows() -> None:
    values, findings = parse(IndicatorRow, "numerator", [3], milestones=pd.Series([False], index=[10]))
    assert (values, findings) == ([3.0], [])


@STEADY
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text(),
            st.from_regex(r"\d{1,2}/\d{1,2}/\d{4}", fullmatch=True),
            st.integers(-(10**12), 10**12),
            st.floats(allow_nan=False, allow_infinity=False),
            st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31)),
            st.just(Fault("#N/A")),
        ),
        max_size=6,
    )
)
@example(["1/1/0001", "31/12/9999"])
def test_no_cell_stops_the_frame(typed: list[Any]) -> None:
    cells = [clean(value) for value in typed]
    for model in (TaskRow, IndicatorRow):
        raw = pd.DataFrame({name: pd.Series(cells, dtype="object") for name in names(model)})
        frame, findings = parse_frame(raw, model)
        assert list(frame.index) == list(raw.index)
        assert all(finding.at in raw.index and finding.field in raw for finding in findings)
