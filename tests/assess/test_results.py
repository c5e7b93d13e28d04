"""Indicators against their targets: Σ/Σ, exact comparison, what is missing, and whose target it is."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.assess.results import Sums, is_met, target_results, value_of
from pipeline.measures import exact
from pipeline.plan.model import Plan
from schemas.columns import conform, records
from schemas.plan import Indicator, Target, Task
from schemas.records import Difficulty, Figure, Result
from schemas.words import BASELINE_MISSING, Accumulation, Alert, Comparison, IndicatorKind, TargetResult, YesNo
from tests.support import small_plan

ANY_PLAN = small_plan()
AS_OF = date(2023, 3, 27)
DEADLINE = pd.Timestamp("2023-06-30")
RATIO, COUNT, MILESTONE = IndicatorKind.RATIO, IndicatorKind.COUNT, IndicatorKind.MILESTONE
POINTS, GROWTH = IndicatorKind.RATIO_POINTS, IndicatorKind.RATIO_GROWTH
AT_LEAST, AT_MOST = Comparison.AT_LEAST, Comparison.AT_MOST
MET, NOT_MET, NO_TARGET = TargetResult.MET, TargetResult.NOT_MET, TargetResult.NO_TARGET
NONE_ARISING, MISSING = TargetResult.NONE_ARISING, TargetResult.DATA_MISSING

Pair = tuple[float, float | None] | None
Given = Mapping[tuple[str, str], Pair]


def plan_with(
    kind: IndicatorKind,
    *targets: Mapping[str, Any],
    deadline: pd.Timestamp | None = None,
    baseline: float | None = None,
) -> Plan:
    """One indicator, A.1, for which Sở TC is accountable; by default the districts report it."""
    about = {"indicator_code": "A.1", "task_code": "A", "indicator": "Tỷ lệ hồ sơ số hóa", "kind": kind}
    labels = {"measure_unit": "%", "numerator_label": "Tử số", "denominator_label": "Mẫu số"}
    more = {"baseline": baseline, "baseline_year": 2022, "accumulation": Accumulation.CUMULATIVE, "accountable": "STC"}
    task = {"task_code": "A", "task_title": "Số hóa hồ sơ", "content": "Số hóa.", "deadline": deadline}
    return replace(
        ANY_PLAN,
        tasks=conform(Task, [task]),
        indicators=conform(Indicator, [about | labels | more]),
        targets=conform(Target, [{"indicator_code": "A.1", "assignee": "QUAN"} | dict(target) for target in targets]),
    )


def figures_of(plan: Plan, told: Given) -> pd.DataFrame:
    """Every unit × indicator that the plan expects; those of ``told`` reported, the others silent."""
    kinds, rows = plan.indicator_kinds, []
    for row in records(plan.expected_figures):
        pair = told.get((row["unit_code"], row["indicator_code"]))
        numerator, denominator = pair or (None, None)
        about = {"unit_name": plan.unit_names[row["unit_code"]], "kind": kinds[row["indicator_code"]]}
        reported = YesNo.YES if pair else YesNo.NO
        rows.append(row | about | {"task_code": "A", "reported": reported} | _pair(numerator, denominator))
    frame = pd.DataFrame(rows)
    return conform(Figure, frame).assign(scope=frame["scope"], comparison=frame["comparison"])


def _pair(numerator: float | None, denominator: float | None) -> dict[str, float | None]:
    return {"numerator": numerator, "denominator": denominator}


def results_of(
    plan: Plan, told: Given, as_of: date = AS_OF, period: str = "2023-Q1", explained: Sequence[tuple[str, str]] = ()
) -> list[dict[str, Any]]:
    rows = [{"number": n, "unit_code": unit, "task_code": task} for n, (unit, task) in enumerate(explained, 1)]
    difficulties = conform(Difficulty, rows)
    frame = target_results(figures_of(plan, told), plan, plan.period(period), as_of, difficulties)
    assert all(str(basis).strip() for basis in frame["basis"])
    return records(frame)


def result_of(plan: Plan, q1: Pair, q2: Pair, **more: Any) -> dict[str, Any]:
    """The one row of A.1 where the two districts gave these figures."""
    [row] = results_of(plan, {("Q1", "A.1"): q1, ("Q2", "A.1"): q2}, **more)
    return row


def alerts_of(row: Mapping[str, Any]) -> list[str]:
    return row["alerts"].split("; ") if isinstance(row["alerts"], str) else []


NAN = pytest.approx(float("nan"), nan_ok=True)


@pytest.mark.parametrize(
    ("kind", "baseline", "target", "comparison", "q1", "q2", "value", "gap", "result"),
    [
        # Σ/Σ: the mean of 100 % and 10 % would be 55 %
        (RATIO, None, 0.5, None, (10, 10), (9, 90), 0.19, -0.31, NOT_MET),
        (RATIO, None, 0.19, AT_LEAST, (10, 10), (9, 90), 0.19, 0.0, MET),
        # before rounding
        (RATIO, None, 0.35, None, (10, 30), (16, 45), 26 / 75, 26 / 75 - 0.35, NOT_MET),
        (RATIO, None, 0.35, None, (11, 30), (16, 45), 0.36, 0.01, MET),
        (RATIO, None, 0.8, None, (39_996, 50_000), (40_000, 50_000), 0.79996, -0.00004, NOT_MET),
        (RATIO, None, 0.8, None, (799_999_999, 10**9), (8 * 10**8, 10**9), 0.8, 0.0, NOT_MET),
        (RATIO, None, 0.3, None, (1, 10), (5, 10), 0.3, 0.0, MET),
        (RATIO, None, 0.57, None, (57, 100), (57, 100), 0.57, 0.0, MET),
        (RATIO, None, 0.3, AT_MOST, (3, 10), (3, 10), 0.3, 0.0, MET),
        (RATIO, None, 1.0, None, (3, 3), (7, 7), 1.0, 0.0, MET),
        (COUNT, None, 0.3, AT_MOST, (0.1, None), (0.2, None), 0.3, 0.0, MET),
        (COUNT, None, 0.8, None, (0.1, None), (0.7, None), 0.8, 0.0, MET),
        (RATIO, None, 0.1, None, (0.3, 3.3), (0.3, 2.7), 0.1, 0.0, MET),
        # a unit without anything to count takes nothing away
        (RATIO, None, 0.5, None, (0, 0), (5, 10), 0.5, 0.0, MET),
        (RATIO, None, 0.5, None, (0, 0), (0, 0), None, None, NONE_ARISING),
        (POINTS, 0.3, 0.2, None, (0, 0), (0, 0), None, None, NONE_ARISING),
        # nothing reported; part reported
        (RATIO, None, 0.5, None, None, None, None, None, MISSING),
        (COUNT, None, 5, None, None, None, None, None, MISSING),
        (RATIO, None, 0.5, None, (6, 10), None, 0.6, 0.1, MET),
        (RATIO, None, 0.0, None, None, None, None, None, MISSING),
        (RATIO, None, 0.0, AT_MOST, None, None, None, None, MISSING),
        # no target: monitored only
        (RATIO, None, None, None, (6, 10), (0, 10), 0.3, None, NO_TARGET),
        (RATIO, None, None, None, None, None, None, None, NO_TARGET),
        # points and growth over the baseline
        (POINTS, 0.3, 0.2, None, (30, 50), (20, 50), 0.2, 0.0, MET),
        (POINTS, 0.3, 0.2, None, (30, 50), (19, 50), 0.19, -0.01, NOT_MET),
        (POINTS, 0.6, 0.2, None, (30, 50), (20, 50), -0.1, -0.3, NOT_MET),
        (POINTS, 0.0, 0.5, None, (30, 50), (20, 50), 0.5, 0.0, MET),
        (GROWTH, 0.4, 0.2, None, (24, 50), (24, 50), 0.2, 0.0, MET),
        (GROWTH, 0.4, 0.2, None, (24, 50), (23, 50), 0.175, -0.025, NOT_MET),
        (GROWTH, 0.4, -0.1, AT_MOST, (18, 50), (18, 50), -0.1, 0.0, MET),
        # the baseline is missing, or nothing can be divided by it
        (POINTS, None, 0.2, None, (30, 50), (20, 50), None, None, MISSING),
        (GROWTH, None, 0.2, None, (30, 50), (20, 50), None, None, MISSING),
        (GROWTH, 0.0, 0.2, None, (30, 50), (20, 50), None, None, MISSING),
        (POINTS, None, None, None, (30, 50), (20, 50), None, None, NO_TARGET),
        # counts
        (COUNT, None, 120, None, (70, None), (50, None), 120, 0, MET),
        (COUNT, None, 120, None, (70, None), (49, None), 119, -1, NOT_MET),
        (COUNT, None, 120, AT_MOST, (70, None), (51, None), 121, 1, NOT_MET),
        (COUNT, None, 1, None, (0, None), (0, None), 0, -1, NOT_MET),
        (COUNT, None, 0, AT_MOST, (0, None), (0, None), 0, 0, MET),
        # milestones: the share of units that say Có
        (MILESTONE, None, 1, None, (1, 1), (1, 1), 1, 0, MET),
        (MILESTONE, None, 1, None, (1, 1), (0, 1), 0.5, -0.5, NOT_MET),
        (MILESTONE, None, 1, None, (0, 1), (0, 1), 0, -1, NOT_MET),
        (MILESTONE, None, 1, None, None, None, None, None, MISSING),
    ],
)
def test_value_gap_and_result(
    kind: IndicatorKind,
    baseline: float | None,
    target: float | None,
    comparison: Comparison | None,
    q1: Pair,
    q2: Pair,
    value: float | None,
    gap: float | None,
    result: TargetResult,
) -> None:
    plan = plan_with(kind, {"target": target, "comparison": comparison}, baseline=baseline)
    row = result_of(plan, q1, q2)
    assert row["target_result"] == result
    assert row["value"] == (NAN if value is None else pytest.approx(value, abs=1e-9))
    assert row["gap"] == (NAN if gap is None else pytest.approx(gap, abs=1e-9))


@pytest.mark.parametrize("certified", [0, 25, 26, 27, 28, 75])
def test_of_75_communes_27_reach_35_percent_and_26_do_not(certified: int) -> None:
    first = min(certified, 30)
    row = result_of(plan_with(RATIO, {"target": 0.35}), (first, 30), (certified - first, 45))
    assert (row["numerator"], row["denominator"]) == (certified, 75)
    assert row["target_result"] == (MET if certified >= 27 else NOT_MET)


def test_the_sums_stand_in_the_row() -> None:
    plan = plan_with(RATIO, {"target": 0.5})
    row = result_of(plan, (10, 10), None)
    assert (row["numerator"], row["denominator"], row["units_reported"], row["units_expected"]) == (10, 10, 1, 2)
    assert alerts_of(row) == [Alert.INCOMPLETE]
    assert "1/2 đơn vị" in row["basis"]
    silent = result_of(plan, None, None)
    assert (silent["units_reported"], silent["numerator"], silent["denominator"]) == (0, NAN, NAN)
    assert alerts_of(silent) == [Alert.INCOMPLETE]
    assert "0/2 đơn vị" in silent["basis"]


def test_a_count_has_no_denominator() -> None:
    row = result_of(plan_with(COUNT, {"target": 5}), (3, None), (4, None))
    assert (row["numerator"], row["denominator"]) == (7, NAN)


def test_nothing_reported_is_no_zero_for_a_count_at_most() -> None:
    row = result_of(plan_with(COUNT, {"target": 5, "comparison": AT_MOST}), None, None)
    assert (row["target_result"], row["value"], row["behind"]) == (MISSING, NAN, False)


@pytest.mark.parametrize("kind", [POINTS, GROWTH])
def test_a_missing_baseline_is_named_and_is_not_zero(kind: IndicatorKind) -> None:
    row = result_of(plan_with(kind, {"target": 0.2}), (30, 50), (20, 50))
    assert (row["value"], row["behind"]) == (NAN, False)
    assert BASELINE_MISSING in row["basis"]
    assert "Σ 50/100" in row["basis"]


@pytest.mark.parametrize(
    ("kind", "baseline", "target", "q1", "q2", "texts"),
    [
        (RATIO, None, {"target": 0.8}, (700, 1000), (500, 500), ["Σ 1.200/1.500", "80 %", "≥", "2/2 đơn vị", "đạt"]),
        (RATIO, None, {"target": 0.35}, (10, 30), (16, 45), ["Σ 26/75", "34,67 %", "35 %", "chưa đạt"]),
        (RATIO, None, {"target": 0.1, "comparison": AT_MOST}, (1, 30), (1, 30), ["≤ 10 %", "3,33 %"]),
        (RATIO, None, {}, (1, 2), (1, 2), ["Σ 2/4 = 50 %", "không có chỉ tiêu"]),
        (RATIO, None, {"target": 0.1}, (0, 0), (0, 0), ["Σ 0/0", "không phát sinh"]),
        (RATIO, None, {"target": 0.1}, None, None, ["Chưa có số liệu", "0/2 đơn vị"]),
        (RATIO, None, {"target": 0.8, "expected_q1": 0.4}, (1, 4), (1, 4), ["25 %", "80 %", "mốc kỳ này 40 %"]),
        (POINTS, 0.3, {"target": 0.2}, (30, 50), (20, 50), ["Σ 50/100", "số liệu gốc 30 %", "20 điểm %"]),
        (GROWTH, 0.4, {"target": 0.2}, (24, 50), (23, 50), ["Σ 47/100", "số liệu gốc 40 %", "17,5 %", "20 %"]),
        (COUNT, None, {"target": 1200}, (700, None), (500.5, None), ["Tổng 1.200,5", "1.200", "đạt"]),
        (MILESTONE, None, {"target": 1}, (1, 1), (0, 1), ["Σ 1/2", "50 % đơn vị", "≥ Có"]),
    ],
)
def test_the_basis_holds_the_numbers(
    kind: IndicatorKind, baseline: float | None, target: Mapping[str, Any], q1: Pair, q2: Pair, texts: list[str]
) -> None:
    basis = result_of(plan_with(kind, target, baseline=baseline), q1, q2)["basis"]
    assert [text for text in texts if text not in basis] == []
    assert basis.endswith(".")


def test_the_basis_does_not_round_a_shortfall_away() -> None:
    """“= 80 %; mục tiêu ≥ 80 %: chưa đạt” would be read as a mistake of the program."""
    basis = result_of(plan_with(RATIO, {"target": 0.8}), (39_996, 50_000), (40_000, 50_000))["basis"]
    assert "= 80 %" not in basis


@pytest.mark.parametrize(
    ("target", "deadline", "as_of", "q1", "q2", "alerts", "expected"),
    [
        # 72 of 180 days have passed by the end of the data: 40 % of the way
        (0.5, DEADLINE, AS_OF, (19, 100), (20, 100), [Alert.AT_RISK, Alert.EXPLAIN], 0.2),
        (0.5, DEADLINE, AS_OF, (20, 100), (20, 100), [], 0.2),
        (0.5, DEADLINE, DEADLINE.date(), (19, 100), (20, 100), [Alert.AT_RISK, Alert.EXPLAIN], 0.2),
        (0.5, DEADLINE, date(2023, 7, 1), (40, 100), (40, 100), [Alert.OVERDUE, Alert.EXPLAIN], 0.2),
        (0.5, DEADLINE, date(2023, 7, 1), (50, 100), (50, 100), [], 0.2),
        (0.5, None, date(2023, 7, 1), (49, 100), (50, 100), [Alert.AT_RISK, Alert.EXPLAIN], 0.5),
        (0.5, DEADLINE, AS_OF, (0, 0), (0, 0), [], 0.2),
        (0.5, DEADLINE, AS_OF, (0, 100), None, [Alert.AT_RISK, Alert.INCOMPLETE, Alert.EXPLAIN], 0.2),
        (None, DEADLINE, date(2023, 7, 1), (0, 100), (0, 100), [], None),
        (None, DEADLINE, date(2023, 7, 1), None, (0, 100), [Alert.INCOMPLETE], None),
    ],
)
def test_alerts_of_a_ratio(
    target: float | None,
    deadline: pd.Timestamp | None,
    as_of: date,
    q1: Pair,
    q2: Pair,
    alerts: list[Alert],
    expected: float | None,
) -> None:
    row = result_of(plan_with(RATIO, {"target": target}, deadline=deadline), q1, q2, as_of=as_of)
    assert alerts_of(row) == [str(alert) for alert in alerts]
    assert row["expected"] == (NAN if expected is None else pytest.approx(expected))
    assert row["behind"] == (Alert.EXPLAIN in alerts)


@pytest.mark.parametrize(
    ("explained", "must_explain"),
    [([], True), ([("STC", "A")], False), ([("Q1", "A"), ("Q2", "A")], True), ([("STC", "B")], True)],
)
def test_a_difficulty_of_the_accountable_unit_for_the_task_explains(
    explained: list[tuple[str, str]], must_explain: bool
) -> None:
    row = result_of(plan_with(RATIO, {"target": 0.5}), (0, 10), (1, 10), explained=explained)
    assert row["behind"]
    assert (Alert.EXPLAIN in alerts_of(row)) == must_explain


@pytest.mark.parametrize(("count", "behind"), [(9, False), (10, False), (11, True)])
def test_at_most_is_behind_when_above(count: float, behind: bool) -> None:
    row = result_of(plan_with(COUNT, {"target": 10, "comparison": AT_MOST}), (count, None), (0, None))
    assert row["behind"] == behind
    assert row["target_result"] == (NOT_MET if behind else MET)


def test_a_milestone_before_its_deadline_is_not_behind() -> None:
    row = result_of(plan_with(MILESTONE, {"target": 1}, deadline=DEADLINE), (0, 1), (0, 1))
    assert (row["target_result"], row["behind"], row["expected"]) == (NOT_MET, False, NAN)


def test_each_scope_has_its_own_row_and_a_unit_s_own_target_leaves_the_group_s_sum() -> None:
    plan = plan_with(RATIO, {"target": 0.8}, {"assignee": "SO", "target": 1.0}, {"assignee": "Q2", "target": 0.5})
    told = {("VP", "A.1"): (10, 10), ("STC", "A.1"): (9, 10), ("Q1", "A.1"): (8, 10), ("Q2", "A.1"): (1, 1000)}
    rows = {row["scope"]: row for row in results_of(plan, told)}
    seen = {
        code: (row["scope_name"], row["numerator"], row["denominator"], row["target"], row["target_result"])
        for code, row in rows.items()
    }
    assert seen == {
        "QUAN": ("Các quận", 8, 10, 0.8, MET),
        "SO": ("Các sở", 19, 20, 1.0, NOT_MET),
        "Q2": ("Quận 2", 1, 1000, 0.5, NOT_MET),
    }
    assert [row["units_expected"] for row in rows.values()] == [1, 2, 1]


def test_a_group_whose_units_all_have_their_own_target_has_no_row() -> None:
    plan = plan_with(RATIO, {"target": 0.8}, {"assignee": "Q1", "target": 0.5}, {"assignee": "Q2", "target": 0.6})
    assert [row["scope"] for row in results_of(plan, {})] == ["Q1", "Q2"]


def test_rows_follow_the_plan_and_name_who_is_accountable(other_plan: Plan) -> None:
    rows = results_of(other_plan, {})
    assert [(row["indicator_code"], row["scope"]) for row in rows] == [
        ("A.1", "SO"),
        ("A.1", "QUAN"),
        ("A.1", "Q2"),
        ("A.2", "QUAN"),
        ("A.3", "STC"),
        ("B.1", "VP"),
        ("C.1", "VP"),
    ]
    assert [row["accountable"] for row in rows] == ["Sở TC"] * 5 + ["VP"] * 2
    assert [row["task_code"] for row in rows] == ["A"] * 5 + ["B", "C"]


def test_a_plan_without_indicators_has_no_results() -> None:
    plan = small_plan(indicators=[], targets=[])
    empty = conform(Figure, []).assign(scope=pd.Series(dtype="str"), comparison=pd.Series(dtype="str"))
    frame = target_results(empty, plan, plan.period("2023-Q1"), AS_OF, conform(Difficulty, []))
    assert len(Result.validate(frame)) == 0
    assert {"scope", "kind", "behind"} <= set(frame.columns)


_pairs = st.none() | st.tuples(
    st.one_of(st.integers(0, 10**6), st.floats(0, 1e6).map(lambda value: round(value, 2))),
    st.integers(0, 10**6),
)
_KEYS = [
    ("VP", "A.1"), ("STC", "A.1"), ("Q1", "A.1"), ("Q2", "A.1"),
    ("Q1", "A.2"), ("Q2", "A.2"), ("STC", "A.3"), ("VP", "B.1"),
]  # fmt: skip


@settings(max_examples=25, derandomize=True, deadline=None)
@given(st.lists(_pairs, min_size=len(_KEYS), max_size=len(_KEYS)), st.randoms(use_true_random=False))
def test_the_order_of_figures_changes_no_result(pairs: list[Pair], random: Any) -> None:
    plan = ANY_PLAN
    figures = figures_of(plan, dict(zip(_KEYS, pairs, strict=True)))
    order = list(range(len(figures)))
    random.shuffle(order)
    arguments = (plan, plan.period("2023-Q1"), AS_OF, conform(Difficulty, []))
    pd.testing.assert_frame_equal(
        target_results(figures, *arguments), target_results(figures.iloc[order].reset_index(drop=True), *arguments)
    )


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 10**4), st.integers(1, 10**4), st.integers(0, 1000))
def test_the_comparison_is_that_of_whole_numbers(numerator: int, denominator: int, permille: int) -> None:
    """numerator / denominator ≥ permille / 1000, cross-multiplied so that nothing can be rounded."""
    value = value_of(Sums(2, 2, Fraction(numerator), Fraction(denominator)), RATIO, math.nan)
    assert value is not None
    goal = exact(permille / 1000)
    assert is_met(value, goal, None) == (1000 * numerator >= permille * denominator)
    assert is_met(value, goal, AT_MOST) == (1000 * numerator <= permille * denominator)
