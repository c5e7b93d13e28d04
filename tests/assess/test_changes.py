"""What stands in ``Thay đổi``, and the indicators' series."""

from typing import Any

import pandas as pd
import pytest

from pipeline.assess.changes import Standing, changes
from pipeline.assess.run import Assessment
from pipeline.assess.trends import with_trend
from schemas.columns import conform, records
from schemas.records import Difficulty, Explanation, Result, TaskStatus, UnitTimeliness
from schemas.words import ChangeKind, Direction, Status
from tests.year_support import year_plan

PLAN = year_plan()
Q1, Q2 = PLAN.period("2023-Q1"), PLAN.period("2023-Q2")


def results(*rows: dict[str, Any]) -> pd.DataFrame:
    full = [
        {"indicator_code": "A.1", "task_code": "A", "indicator": "Tỷ lệ", "scope": "SO", "scope_name": "Các sở"}
        | {
            "kind": "Tỷ lệ",
            "comparison": None,
            "behind": False,
            "basis": "Σ.",
            "units_reported": 1,
            "units_expected": 1,
        }
        | row
        for row in rows
    ]
    frame = pd.DataFrame(full, columns=None if full else ["scope", "kind", "comparison", "behind"])
    extra = {name: frame[name] for name in ("scope", "kind", "comparison", "behind")}
    base = frame if full else frame.assign(units_reported=0, units_expected=0)
    return conform(Result, base).assign(**extra | {"behind": frame["behind"].astype("bool")})


def standing(period: Any, **told: Any) -> Standing:
    statuses = [
        {"task_code": "A", "task_title": "Số hóa", "lead": "Sở TC", "basis": "Vì thế.", "alerts": told.get("alerts")}
        | {
            "status": told.get("status", Status.ONGOING).value,
            "units_reported": 0,
            "units_expected": 0,
            "difficulties": 0,
        }
    ]
    units = [
        {
            "unit_code": "VP",
            "unit_name": "Văn phòng",
            "timeliness": told.get("timeliness", "Đúng hạn"),
            "basis": "Ngày.",
        }
        | {"versions": 1, "errors": 0, "warnings": 0}
    ]
    difficulties = [
        {"number": at, "unit_code": "Q1", "task_code": "A", "description": f"Vướng {at}", "difficulty_id": f"K{at}"}
        | {"first_period": "Quý I", "periods_open": 2}
        | row
        for at, row in enumerate(told.get("difficulties", ()))
    ]
    judged = Assessment(
        conform(TaskStatus, statuses),
        results(*told.get("results", ())),
        conform(UnitTimeliness, units),
        conform(Explanation, []),
    )
    frame = conform(Difficulty, difficulties) if difficulties else conform(Difficulty, [])
    return Standing(period, judged, frame)


def compared(before: dict[str, Any], now: dict[str, Any]) -> list[tuple[Any, ...]]:
    found = changes(standing(Q2, **now), standing(Q1, **before), PLAN)
    return [(row["topic"], row["direction"], row["before"], row["after"]) for row in records(found)]


def test_nothing_before_is_no_change() -> None:
    assert changes(standing(Q2), None, PLAN).empty
    assert compared({}, {}) == []


@pytest.mark.parametrize(
    ("before", "now", "direction", "words"),
    [
        (
            {"status": Status.UNDERWAY_IN_TIME},
            {"status": Status.DONE_ON_TIME},
            Direction.BETTER,
            ("Đang thực hiện (trong hạn)", "Hoàn thành đúng hạn"),
        ),
        (
            {"status": Status.UNDERWAY_IN_TIME},
            {"status": Status.UNDERWAY_OVERDUE},
            Direction.WORSE,
            ("Đang thực hiện (trong hạn)", "Đang thực hiện (quá hạn)"),
        ),
        (
            {"status": Status.NOT_REPORTED},
            {"status": Status.UNDERWAY_OVERDUE, "alerts": "Quá hạn"},
            Direction.WORSE,
            ("Chưa báo cáo", "Đang thực hiện (quá hạn); Quá hạn"),
        ),
        (
            {"status": Status.NOT_REPORTED, "alerts": "Quá hạn"},
            {"status": Status.UNDERWAY_OVERDUE, "alerts": "Quá hạn"},
            Direction.BETTER,
            ("Chưa báo cáo; Quá hạn", "Đang thực hiện (quá hạn); Quá hạn"),
        ),
        (
            {"status": Status.DONE_ON_TIME},
            {"status": Status.DONE_LATE},
            Direction.WORSE,
            ("Hoàn thành đúng hạn", "Hoàn thành quá hạn"),
        ),
        ({"status": Status.NOT_REPORTED}, {}, Direction.BETTER, ("Chưa báo cáo", "Thường xuyên")),
        ({}, {"alerts": "Nguy cơ chậm"}, Direction.WORSE, ("Thường xuyên", "Thường xuyên; Nguy cơ chậm")),
        ({"alerts": "Nguy cơ chậm"}, {}, Direction.BETTER, ("Thường xuyên; Nguy cơ chậm", "Thường xuyên")),
    ],
)
def test_statuses_that_moved(
    before: dict[str, Any], now: dict[str, Any], direction: Direction, words: tuple[str, str]
) -> None:
    assert compared(before, now) == [(ChangeKind.TASK, direction, *words)]


def indicator(value: float | None, expected: float | None = None, target: float | None = 0.8) -> dict[str, Any]:
    return {"results": [{"value": value, "target": target, "expected": expected}]}


@pytest.mark.parametrize(
    ("before", "now", "direction"),
    [
        (indicator(0.79), indicator(0.8), Direction.BETTER),
        (indicator(0.8), indicator(0.79), Direction.WORSE),
        (indicator(0.2, 0.1), indicator(0.3, 0.4), Direction.WORSE),
        (indicator(0.05, 0.1), indicator(0.5, 0.4), Direction.BETTER),
        (indicator(0.3, 0.2), indicator(0.5, 0.4), None),
        (indicator(0.79, 0.8), indicator(0.78, 0.8), None),
        (indicator(None), indicator(0.9), None),
        # the target has been raised: that is no fall below it, nor is a lower one a rise
        (indicator(0.82), indicator(0.85, target=0.9), None),
        (indicator(0.7), indicator(0.6, target=0.5), None),
        (indicator(0.95), indicator(0.85, target=0.9), Direction.WORSE),
        (indicator(0.1, target=None), indicator(0.9, target=None), None),
    ],
)
def test_indicators_that_crossed_their_target_or_the_expected_line(
    before: dict[str, Any], now: dict[str, Any], direction: Direction | None
) -> None:
    expected = [] if direction is None else [(ChangeKind.INDICATOR, direction)]
    assert [row[:2] for row in compared(before, now)] == expected


def test_the_basis_names_the_line_once() -> None:
    found = changes(standing(Q2, **indicator(0.9, 0.8)), standing(Q1, **indicator(0.7, 0.8)), PLAN)
    assert found["basis"].tolist() == ["Đạt mục tiêu 80 %. Σ."]


def test_the_basis_tells_of_a_target_that_was_another() -> None:
    found = changes(standing(Q2, **indicator(0.85, target=0.9)), standing(Q1, **indicator(0.95)), PLAN)
    assert found["basis"].tolist() == ["Tụt xuống dưới mục tiêu 90 % (mục tiêu kỳ trước 80 %). Σ."]


@pytest.mark.parametrize(
    ("before", "now", "direction"),
    [
        ("Đúng hạn", "Trễ 3 ngày", Direction.WORSE),
        ("Đúng hạn", "Chưa nộp", Direction.WORSE),
        ("Trễ 3 ngày", "Đúng hạn", Direction.BETTER),
        ("Trễ 3 ngày", "Trễ 1 ngày", None),
    ],
)
def test_units_that_went_from_on_time_to_late(before: str, now: str, direction: Direction | None) -> None:
    expected = [] if direction is None else [(ChangeKind.SUBMISSION, direction, before, now)]
    assert compared({"timeliness": before}, {"timeliness": now}) == expected


def test_difficulties_opened_closed_and_still_open_in_this_order() -> None:
    rows = [
        {"state": "Đang giải quyết", "update": "Không cập nhật"},
        {"state": "Đã giải quyết", "update": "Có cập nhật"},
        {"state": "Chưa giải quyết", "update": "Mới nêu"},
    ]
    assert [row[1:] for row in compared({}, {"difficulties": rows})] == [
        (Direction.OPENED, pytest.approx(float("nan"), nan_ok=True), "Chưa giải quyết (mới nêu)"),
        (Direction.CLOSED, "Nêu từ Quý I, 2 kỳ", "Đã giải quyết (có cập nhật)"),
        (Direction.STILL_OPEN, "Nêu từ Quý I, 2 kỳ", "Đang giải quyết (không cập nhật)"),
    ]


def test_the_series_of_an_indicator_and_its_change() -> None:
    past = [
        (Q1, results({"value": 0.2})),
        (Q2, results({"value": 0.5})),
        (PLAN.period("2023-DX1"), results({"value": 0.9})),
    ]
    [row] = records(with_trend(results({"value": 0.4}), past, PLAN.period("2023-Q3"), {}))
    assert [row[f"value_q{n}"] for n in (1, 2, 3)] == [0.2, 0.5, 0.4]
    assert pd.isna(row["value_q4"])
    assert row["change"] == pytest.approx(-0.1)


def test_a_unit_that_has_gone_leaves_its_series_to_its_successor() -> None:
    """Not where it would be one of two, which were never judged as one."""
    gone = results(
        {"value": 0.2, "scope": "CŨ"},
        {"value": 0.3, "scope": "CŨ", "indicator_code": "A.2"},
        {"value": 0.4, "scope": "MỚI", "indicator_code": "A.2"},
        {"value": 0.5, "scope": "CŨ", "indicator_code": "A.3"},
        {"value": 0.6, "scope": "KHÁC", "indicator_code": "A.3"},
    )
    now = results(*({"value": 0.9, "scope": "MỚI", "indicator_code": f"A.{n}"} for n in (1, 2, 3)))
    rows = records(with_trend(now, [(Q1, gone)], Q2, {"CŨ": "MỚI", "KHÁC": "MỚI", "MỚI": "MỚI"}))
    assert [row["value_q1"] for row in rows[:2]] == [0.2, 0.4]
    assert pd.isna(rows[2]["value_q1"])
    assert rows[0]["change"] == pytest.approx(0.7)


@pytest.mark.parametrize("code", ["A.1", "A.3"])
def test_a_year_is_not_set_against_one_quarter(code: str) -> None:
    """A.1 is counted by period, A.3 since the start of the year."""
    past = [(PLAN.period("2023-Q4"), results({"value": 0.2, "indicator_code": code}))]
    now = results({"value": 0.4, "indicator_code": code})
    [row] = records(with_trend(now, past, PLAN.period("2023-NAM"), {}))
    assert row["value_q4"] == 0.2
    assert pd.isna(row["change"])
