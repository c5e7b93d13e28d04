"""What needs a decision now: the order, at most five, and where the detail stands."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from pipeline.assess.attention import attention
from pipeline.assess.run import Assessment
from schemas.columns import conform
from schemas.records import Explanation, Result, TaskStatus, UnitTimeliness
from schemas.words import Alert, Status, TargetResult, Timeliness

OVERDUE, CLAIM, AT_RISK, DUE_SOON = Alert.OVERDUE, Alert.CLAIM_UNMET, Alert.AT_RISK, Alert.DUE_SOON
SILENT, IN_TIME = Status.NOT_REPORTED, Status.UNDERWAY_IN_TIME
MISSING, UNREADABLE, WRONG = Timeliness.MISSING, Timeliness.UNREADABLE, Timeliness.WRONG_PERIOD
COUNTS = {"units_reported": 1, "units_expected": 1}

Row = dict[str, Any]


def task(code: str, *alerts: Alert, status: Status = IN_TIME) -> Row:
    about = {"task_code": code, "lead": "Sở TC", "status": status, "basis": f"Căn cứ {code}."}
    return about | COUNTS | {"difficulties": 0, "alerts": "; ".join(alerts) or None}


def behind(code: str, value: float, expected: float | None, target: float = 1.0, alert: Alert = AT_RISK) -> Row:
    values = {"value": value, "expected": expected, "target": target, "behind": True, "alerts": str(alert)}
    return indicator(code, TargetResult.NOT_MET) | values


def indicator(code: str, result: TargetResult) -> Row:
    about = {"indicator_code": code, "indicator": f"Chỉ tiêu {code}", "scope_name": "Các quận", "accountable": "Sở TC"}
    return about | COUNTS | {"target_result": result, "basis": f"Căn cứ {code}.", "behind": False}


def unit(code: str, timeliness: str) -> Row:
    counts = dict.fromkeys(("versions", "errors", "warnings"), 0)
    return {"unit_code": code, "unit_name": f"Đơn vị {code}", "timeliness": timeliness} | counts


def assessment(tasks: Sequence[Row] = (), results: Sequence[Row] = (), units: Sequence[Row] = ()) -> Assessment:
    flags = pd.Series([bool(row["behind"]) for row in results], dtype="bool")
    return Assessment(
        statuses=conform(TaskStatus, tasks),
        results=conform(Result, results).assign(behind=flags),
        timeliness=conform(UnitTimeliness, units),
        explanations=conform(Explanation, []),
    )


EVERYTHING = assessment(
    [
        task("G", Alert.NOT_STARTED),
        task("F", DUE_SOON),
        task("S", status=SILENT),
        task("K", CLAIM),
        task("D"),
        task("O", OVERDUE, Alert.EXPLAIN),
    ],
    [
        indicator("M", TargetResult.DATA_MISSING),
        behind("R1", 0.4, 0.5),
        indicator("OK", TargetResult.MET),
        behind("R2", 0.1, 0.5),
    ],
    [unit("U1", "Đúng hạn"), unit("U2", MISSING)],
)
IN_ORDER = [
    ("statuses", 5),
    ("statuses", 3),
    ("statuses", 2),
    ("results", 3),
    ("results", 1),
    ("timeliness", 1),
    ("statuses", 1),
    ("statuses", 0),
    ("results", 0),
]


def places(found: Assessment, most: int = 99) -> list[tuple[str, int]]:
    return [(item.table, item.row) for item in attention(found, most)]


def test_the_most_pressing_comes_first() -> None:
    assert places(EVERYTHING) == IN_ORDER


def test_at_most_five_unless_asked_for_fewer() -> None:
    assert [(item.table, item.row) for item in attention(EVERYTHING)] == IN_ORDER[:5]
    assert places(EVERYTHING, 2) == IN_ORDER[:2]


def test_the_row_that_an_item_leads_to_is_the_one_it_speaks_of() -> None:
    for item in attention(EVERYTHING, 99):
        row = getattr(EVERYTHING, item.table).iloc[item.row]
        if item.table == "timeliness":
            assert row["unit_name"] in item.reason
        else:
            code = row["task_code"] if item.table == "statuses" else row["indicator_code"]
            assert code in item.subject
            assert row["basis"] in item.reason


def test_nothing_to_decide() -> None:
    calm = assessment([task("A")], [indicator("A.1", TargetResult.MET)], [unit("U1", "Đúng hạn")])
    assert attention(calm) == []
    assert attention(assessment()) == []


def test_a_task_stands_once_under_its_most_pressing_reason() -> None:
    found = attention(assessment([task("A", OVERDUE, CLAIM, DUE_SOON, Alert.NOT_STARTED, status=SILENT)]))
    assert [(item.table, item.row) for item in found] == [("statuses", 0)]
    assert "quá hạn" in found[0].subject


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (task("A", OVERDUE), "quá hạn"),
        (task("A", CLAIM), "chưa đạt chỉ tiêu"),
        (task("A", status=SILENT), "chưa báo cáo"),
        (task("A", DUE_SOON), "sắp đến hạn"),
        (task("A", Alert.NOT_STARTED), "chưa triển khai"),
    ],
)
def test_the_subject_of_a_task_names_task_lead_and_reason(row: Row, word: str) -> None:
    [item] = attention(assessment([row]))
    assert [text for text in ("A", "Sở TC", word) if text not in item.subject] == []


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (behind("A.1", 0.1, 0.5), "nguy cơ chậm"),
        (indicator("A.1", TargetResult.DATA_MISSING), "thiếu số liệu"),
    ],
)
def test_an_indicator_names_itself_its_scope_and_who_is_accountable(row: Row, word: str) -> None:
    [item] = attention(assessment(results=[row]))
    text = f"{item.subject} {item.reason}"
    assert [part for part in ("A.1", "Chỉ tiêu A.1", "Các quận", "Sở TC", word) if part not in text] == []


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        # as a share of what is expected: unlike indicators stand in one order
        ([behind("a", 0.4, 0.5), behind("b", 10, 100, target=120)], ["b", "a"]),
        # a tie keeps the plan's order
        ([behind("a", 0.25, 0.5), behind("b", 50, 100)], ["a", "b"]),
        # nothing expected: the target
        ([behind("a", 0.9, None), behind("b", 0.4, 0.5)], ["b", "a"]),
        # at most: what exceeds the limit is behind by the excess
        ([behind("a", 0.4, 0.5), behind("b", 0.2, 0.1)], ["b", "a"]),
        ([behind("a", 0.4, 0.5), behind("b", 0.11, 0.1)], ["a", "b"]),
        # below a goal of zero, or above a limit of zero
        ([behind("a", 0.4, 0.5), behind("b", 3, 0.0, target=0.0)], ["b", "a"]),
    ],
)
def test_the_largest_shortfall_comes_first(rows: list[Row], order: list[str]) -> None:
    codes = [rows[item.row]["indicator_code"] for item in attention(assessment(results=rows))]
    assert codes == order


def test_units_without_a_usable_submission_are_one_item() -> None:
    words = ["Đúng hạn", MISSING, "Trễ 2 ngày", UNREADABLE, WRONG, Timeliness.UNKNOWN_DATE]
    [item] = attention(assessment(units=[unit(f"U{n}", word) for n, word in enumerate(words)]))
    assert (item.table, item.row) == ("timeliness", 1)
    assert "3 đơn vị" in item.subject
    assert item.reason == "Đơn vị U1 (chưa nộp); Đơn vị U3 (không đọc được); Đơn vị U4 (sai kỳ)."


def test_positions_do_not_depend_on_the_frames_own_index() -> None:
    moved = Assessment(
        *(
            frame.set_axis(range(50, 50 + len(frame)), axis=0)
            for frame in (EVERYTHING.statuses, EVERYTHING.results, EVERYTHING.timeliness, EVERYTHING.explanations)
        )
    )
    assert places(moved) == IN_ORDER
