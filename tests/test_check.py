"""Each rule of the template fires at its row and field, and only there."""

from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from pipeline.check import check_frame, is_error, void
from pipeline.parse.frame import Finding, parse_frame
from schemas.columns import conform
from schemas.messages import MESSAGES
from schemas.template import ENTRIES
from schemas.words import IndicatorKind, State

AT = 7  # the label of the row in question; its neighbours are good
DAY = pd.Timestamp(2021, 6, 15)
GOOD: dict[str, dict[str, Any]] = {
    "info": {"key": "report_date"},
    "tasks": {"task_code": "A", "state": State.DONE, "completed_on": DAY, "result": "Đã ban hành"},
    "indicators": {"indicator_code": "A.1", "kind": IndicatorKind.RATIO, "numerator": 26.0, "denominator": 75.0},
    "answer": {"has_difficulty": "Không"},
    "difficulties": {"task_code": "A", "description": "Thiếu kinh phí"},
}


def frame(table: str, **changes: Any) -> pd.DataFrame:
    """A good row, the row in question, a good row."""
    rows = [GOOD[table], GOOD[table] | changes, GOOD[table]]
    return conform(ENTRIES[table], pd.DataFrame(rows).astype("object").set_axis([3, AT, 11]))


def check(table: str, known: tuple[Finding, ...] = (), **changes: Any) -> list[Finding]:
    return check_frame(frame(table, **changes), ENTRIES[table], known)


def found(findings: list[Finding]) -> set[tuple[int, str, str]]:
    return {(finding.at, finding.field, finding.code) for finding in findings}


@pytest.mark.parametrize("table", list(GOOD))
def test_good_rows_have_no_findings(table: str) -> None:
    assert check(table) == []


def test_an_empty_table_has_no_findings() -> None:
    assert check_frame(conform(ENTRIES["tasks"], []), ENTRIES["tasks"], []) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # NV02: done has its date
        ({"completed_on": None}, {("completed_on", "NV02")}),
        ({"completed_on": None, "state": State.NONE_ARISING}, set()),
        ({"completed_on": None, "state": State.UNDERWAY}, set()),
        # NV03: a date means done
        ({"state": State.UNDERWAY}, {("completed_on", "NV03")}),
        ({"state": State.NOT_STARTED}, {("completed_on", "NV03")}),
        ({"state": State.NONE_ARISING}, {("completed_on", "NV03")}),
        ({"state": None}, {("state", "BB01")}),
        # NV04: work states its result
        ({"result": None}, {("result", "NV04")}),
        ({"result": None, "state": State.UNDERWAY, "completed_on": None}, {("result", "NV04")}),
        ({"result": None, "state": State.NOT_STARTED, "completed_on": None}, set()),
        ({"result": None, "state": State.NONE_ARISING, "completed_on": None}, set()),
        # two rules at one row
        ({"result": None, "completed_on": None}, {("result", "NV04"), ("completed_on", "NV02")}),
        ({"result": None, "state": State.UNDERWAY}, {("result", "NV04"), ("completed_on", "NV03")}),
        # columns
        ({"task_code": None}, {("task_code", "BB01")}),
        ({"state": "Xong"}, {("state", "LC01")}),
        ({"result": "x" * 5001}, {("result", "CH01")}),
        ({"result": "x" * 5000}, set()),
        ({"product": "x" * 5001}, {("product", "CH01")}),
    ],
)
def test_task_rules(changes: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    assert found(check("tasks", **changes)) == {(AT, *pair) for pair in expected}


COUNT, MILESTONE = IndicatorKind.COUNT, IndicatorKind.MILESTONE


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # CT01: a ratio has its denominator
        ({"denominator": None}, {("denominator", "CT01")}),
        ({"denominator": None, "kind": IndicatorKind.RATIO_POINTS}, {("denominator", "CT01")}),
        ({"denominator": None, "kind": IndicatorKind.RATIO_GROWTH}, {("denominator", "CT01")}),
        ({"denominator": None, "numerator": 0.0}, {("denominator", "CT01")}),
        ({"denominator": None, "kind": COUNT}, set()),
        ({"denominator": None, "kind": MILESTONE, "numerator": 1.0}, set()),
        ({"denominator": None, "numerator": None}, {("numerator", "BB01")}),
        # CT02: the numerator is part of the denominator
        ({"numerator": 76.0}, {("numerator", "CT02")}),
        ({"numerator": 75.0}, set()),
        ({"numerator": 0.0, "denominator": 0.0}, set()),
        ({"numerator": 1.0, "denominator": 0.0}, {("numerator", "CT02")}),
        # CT03: only ratios have a denominator
        ({"kind": COUNT}, {("denominator", "CT03")}),
        ({"kind": MILESTONE, "numerator": 1.0}, {("denominator", "CT03")}),
        ({"kind": COUNT, "numerator": 100.0}, {("denominator", "CT03")}),
        # CT04: a rate where a number belongs
        ({"numerator": 0.85, "denominator": 100.0}, {("numerator", "CT04")}),
        ({"numerator": 1.0, "denominator": 100.0}, set()),
        ({"numerator": 0.0, "denominator": 100.0}, set()),
        ({"numerator": 0.85, "denominator": 1.0}, {("numerator", "CT04")}),
        ({"numerator": 0.3, "denominator": 0.5}, set()),
        ({"numerator": 0.85, "denominator": None, "kind": COUNT}, set()),
        # columns
        ({"numerator": None}, {("numerator", "BB01")}),
        ({"numerator": -1.0}, {("numerator", "SO04")}),
        ({"denominator": -1.0}, {("denominator", "SO04")}),
        ({"denominator": 2e15}, {("denominator", "SO05")}),
        ({"denominator": 1e15}, set()),
        ({"numerator": 2e15, "denominator": None, "kind": COUNT}, {("numerator", "SO05")}),
        ({"numerator": -2.0, "denominator": -1.0}, {("numerator", "SO04"), ("denominator", "SO04")}),
        ({"note": "x" * 5001}, {("note", "CH01")}),
        ({"indicator_code": None}, {("indicator_code", "BB01")}),
    ],
)
def test_indicator_rules(changes: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    assert found(check("indicators", **changes)) == {(AT, *pair) for pair in expected}


@pytest.mark.parametrize(
    ("table", "changes", "expected"),
    [
        ("answer", {"has_difficulty": None}, {("has_difficulty", "BB01")}),
        ("answer", {"has_difficulty": "Có lẽ"}, {("has_difficulty", "LC01")}),
        ("difficulties", {"task_code": None}, {("task_code", "BB01")}),
        ("difficulties", {"description": None}, {("description", "BB01")}),
        ("difficulties", {"description": "x" * 5001}, {("description", "CH01")}),
        ("difficulties", {"cause": "x" * 5001}, {("cause", "CH01")}),
        ("difficulties", {"proposal": "x" * 5001}, {("proposal", "CH01")}),
        ("difficulties", {"addressed_to": "x" * 5001}, {("addressed_to", "CH01")}),
        ("difficulties", {"state": "Treo"}, {("state", "LC01")}),
        ("difficulties", {"state": None}, set()),
        ("info", {"key": None}, {("key", "BB01")}),
    ],
)
def test_other_column_rules(table: str, changes: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    assert found(check(table, **changes)) == {(AT, *pair) for pair in expected}


@pytest.mark.parametrize(
    ("table", "changes", "params"),
    [
        ("indicators", {"numerator": -1.0}, {"limit": "0"}),
        ("indicators", {"denominator": 2e15}, {"limit": "1.000.000.000.000.000"}),
        ("indicators", {"numerator": 80.5}, {"numerator": "80,5", "denominator": "75"}),
        ("indicators", {"numerator": 0.85}, {"numerator": "0,85", "denominator": "75"}),
        ("tasks", {"result": "x" * 5001}, {"limit": "5.000", "length": "5.001"}),
        (
            "tasks",
            {"state": "Hoàn thànhh"},
            {
                "choices": "Chưa triển khai · Đang thực hiện · Hoàn thành · Không phát sinh",
                "suggestion": " (ý bạn là “Hoàn thành”?)",
            },
        ),
        ("tasks", {"completed_on": None}, {}),
    ],
)
def test_a_finding_carries_what_its_message_names(table: str, changes: dict[str, Any], params: dict[str, Any]) -> None:
    assert [finding.params for finding in check(table, **changes)] == [params]


def test_the_same_fault_in_many_rows_is_found_in_each() -> None:
    rows = [GOOD["tasks"] | {"completed_on": None}] * 3
    typed = conform(ENTRIES["tasks"], pd.DataFrame(rows).set_axis([5, 2, 9]))
    assert found(check_frame(typed, ENTRIES["tasks"], [])) == {(at, "completed_on", "NV02") for at in (2, 5, 9)}


@pytest.mark.parametrize(
    ("table", "typed", "expected"),
    [
        # An unreadable cell is missing in the typed frame, and is not also called blank.
        ("indicators", {"numerator": "nhiều"}, {("numerator", "SO01")}),
        ("indicators", {"numerator": "85%"}, {("numerator", "SO02")}),
        ("indicators", {"denominator": "nhiều"}, {("denominator", "SO01")}),
        ("indicators", {"denominator": "nhiều", "numerator": -1}, {("denominator", "SO01"), ("numerator", "SO04")}),
        ("tasks", {"completed_on": "hôm qua"}, {("completed_on", "NG01")}),
        ("tasks", {"state": "Xong"}, {("state", "LC01")}),
        # A warning does not shield the cell from the rules.
        ("indicators", {"numerator": "1.234"}, {("numerator", "SO03"), ("numerator", "CT02")}),
        ("tasks", {"state": "hoan thanh", "completed_on": None}, {("state", "LC02"), ("completed_on", "NV02")}),
    ],
)
def test_a_cell_already_refused_is_not_blamed_twice(
    table: str, typed: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    good = {name: str(value) if isinstance(value, str) else value for name, value in GOOD[table].items()}
    raw = pd.DataFrame([good | typed], index=[AT]).astype("object")
    parsed, findings = parse_frame(raw, ENTRIES[table])
    assert found(findings + check_frame(parsed, ENTRIES[table], findings)) == {(AT, *pair) for pair in expected}


def test_a_fault_in_one_row_shields_no_other() -> None:
    known = Finding(3, "numerator", "SO01", {})
    assert found(check("indicators", (known,), numerator=76.0)) == {(AT, "numerator", "CT02")}


@pytest.mark.parametrize(("code", "error"), [("SO01", True), ("CT02", True), ("SO03", False), ("NV04", False)])
def test_is_error(code: str, error: bool) -> None:
    assert is_error(Finding(0, "x", code, {})) is error


@pytest.mark.parametrize(
    ("table", "field", "code", "blank"),
    [
        ("tasks", "completed_on", "NV02", set()),
        ("tasks", "completed_on", "NV03", {"completed_on"}),
        ("tasks", "result", "NV04", set()),
        ("tasks", "state", "LC01", {"state"}),
        ("tasks", "state", "LC02", set()),
        ("tasks", "result", "CH01", {"result"}),
        ("tasks", "completed_on", "NG01", {"completed_on"}),
        ("tasks", "completed_on", "NG02", set()),
        ("indicators", "denominator", "CT01", {"numerator", "denominator"}),
        ("indicators", "numerator", "CT02", {"numerator", "denominator"}),
        ("indicators", "denominator", "CT03", {"denominator"}),
        ("indicators", "numerator", "CT04", {"numerator", "denominator"}),
        ("indicators", "numerator", "SO03", set()),
        ("indicators", "numerator", "SO04", {"numerator"}),
        ("indicators", "denominator", "SO05", {"denominator"}),
        ("indicators", "lost_column", "SO01", set()),
    ],
)
def test_void_blanks_only_what_is_refused(table: str, field: str, code: str, blank: set[str]) -> None:
    typed = frame(table)
    before = typed.copy()
    result = void(typed, [Finding(AT, field, code, {})])
    emptied = {(at, name) for at in typed.index for name in typed if pd.isna(result.at[at, name])} - {
        (at, name) for at in typed.index for name in typed if pd.isna(typed.at[at, name])
    }
    assert emptied == {(AT, name) for name in blank}
    kept = typed.notna() & result.notna()
    assert typed.where(kept).equals(result.where(kept))
    assert list(result.dtypes) == list(typed.dtypes)
    pd.testing.assert_frame_equal(typed, before)


def test_rules_between_cells_name_cells_of_their_table() -> None:
    """A frame check's name is the code of its message, whose fields its table has."""
    for model in ENTRIES.values():
        schema = model.to_schema()
        for rule in schema.checks:
            message = MESSAGES[str(rule.name)]
            assert message.fields
            assert set(message.fields) | set(message.voids) <= set(schema.columns)


def test_dates_are_compared_as_dates() -> None:
    typed = frame("tasks", completed_on=datetime(2021, 6, 15))
    assert check_frame(typed, ENTRIES["tasks"], []) == []
