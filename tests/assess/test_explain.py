"""Who must explain: behind, and no difficulty reported for the task."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pipeline.assess.explain import explanations
from pipeline.assess.results import target_results
from pipeline.plan.model import Plan
from schemas.columns import conform
from schemas.records import Difficulty, Explanation, Figure, Result, TaskStatus
from schemas.words import Alert, Comparison, IndicatorKind, YesNo
from tests.support import small_plan

RATIO, COUNT, MILESTONE = IndicatorKind.RATIO, IndicatorKind.COUNT, IndicatorKind.MILESTONE
POINTS = IndicatorKind.RATIO_POINTS
Row = dict[str, Any]
Found = tuple[str, str, str | None]


def status(task: str, *alerts: Alert) -> Row:
    counts = {"units_reported": 1, "units_expected": 1, "difficulties": 0}
    return {"task_code": task, "alerts": "; ".join(alerts) or None, "basis": f"Căn cứ {task}."} | counts


def result(code: str, scope: str, behind: bool = True, kind: IndicatorKind = RATIO, **more: Any) -> Row:
    about = {"indicator_code": code, "task_code": code[0], "basis": f"Căn cứ {code}.", "expected": 0.5}
    counts = {"units_reported": 1, "units_expected": 1}
    return about | counts | {"scope": scope, "kind": kind.value, "behind": behind} | more


def figure(unit: str, code: str, scope: str, numerator: float | None, denominator: float | None, **more: Any) -> Row:
    reported = YesNo.NO if numerator is None else YesNo.YES
    rate = numerator / denominator if numerator is not None and denominator else None
    about = {"unit_code": unit, "unit_name": unit, "indicator_code": code, "task_code": code[0], "scope": scope}
    values = {"numerator": numerator, "denominator": denominator, "rate": rate, "reported": reported}
    return about | values | {"comparison": None} | more


def explained_by(
    plan: Plan,
    statuses: Sequence[Row] = (),
    results: Sequence[Row] = (),
    figures: Sequence[Row] = (),
    difficulties: Sequence[tuple[str, str | None]] = (),
) -> pd.DataFrame:
    """The explanations asked of small-plan units; ``difficulties``: (unit, task)."""
    result_frame, figure_frame = (
        pd.DataFrame(rows, columns=None if rows else ["scope", "kind", "behind", "comparison"])
        for rows in (results, figures)
    )
    reported = [{"number": n, "unit_code": unit, "task_code": task} for n, (unit, task) in enumerate(difficulties, 1)]
    frame = explanations(
        conform(TaskStatus, statuses).assign(unfinished=[plan.leads(row["task_code"]) for row in statuses]),
        conform(Result, result_frame).assign(
            scope=result_frame["scope"], kind=result_frame["kind"], behind=result_frame["behind"].astype("bool")
        ),
        conform(Figure, figure_frame).assign(scope=figure_frame["scope"], comparison=figure_frame["comparison"]),
        conform(Difficulty, reported),
        plan,
    )
    Explanation.validate(frame)
    assert all(str(basis).strip() for basis in frame["basis"])
    return frame


def rows_of(frame: pd.DataFrame) -> list[Found]:
    """(task, unit, indicator)"""
    return [
        (task, unit, None if pd.isna(code) else code)
        for task, unit, code in frame[["task_code", "unit_code", "indicator_code"]].itertuples(index=False)
    ]


@pytest.mark.parametrize(
    ("alerts", "difficulties", "found"),
    [
        ([], [], []),
        ([Alert.AT_RISK, Alert.DUE_SOON, Alert.NOT_STARTED], [], []),
        ([Alert.OVERDUE], [], [("C", "VP", None), ("C", "STC", None)]),
        ([Alert.CLAIM_UNMET, Alert.OVERDUE, Alert.EXPLAIN], [], [("C", "VP", None), ("C", "STC", None)]),
        ([Alert.OVERDUE], [("VP", "C")], [("C", "STC", None)]),
        ([Alert.OVERDUE], [("VP", "C"), ("STC", "C")], []),
        ([Alert.OVERDUE], [("VP", "A"), ("Q1", "C"), ("STC", None)], [("C", "VP", None), ("C", "STC", None)]),
    ],
)
def test_the_leads_of_an_overdue_task(
    other_plan: Plan, alerts: list[Alert], difficulties: list[tuple[str, str | None]], found: list[Found]
) -> None:
    frame = explained_by(other_plan, [status("A"), status("C", *alerts)], difficulties=difficulties)
    assert rows_of(frame) == found
    assert set(frame["basis"]) <= {"Căn cứ C."}


STC, Q1, Q2 = ("A", "STC", "A.1"), ("A", "Q1", "A.1"), ("A", "Q2", "A.1")


@pytest.mark.parametrize(
    ("results", "figures", "difficulties", "found"),
    [
        # the accountable unit, and of the scope who is below what is expected of the whole
        ([result("A.1", "QUAN")], [("Q1", 4, 10), ("Q2", 5, 10)], [], [STC, Q1]),
        ([result("A.1", "QUAN")], [("Q1", 4, 10), ("Q2", 49, 100)], [], [STC, Q1, Q2]),
        ([result("A.1", "QUAN", behind=False)], [("Q1", 0, 10), ("Q2", 0, 10)], [], []),
        # who reported a difficulty for the task has explained
        ([result("A.1", "QUAN")], [("Q1", 4, 10), ("Q2", 3, 10)], [("Q1", "A")], [STC, Q2]),
        ([result("A.1", "QUAN")], [("Q1", 4, 10), ("Q2", 3, 10)], [("STC", "A"), ("Q2", "A")], [Q1]),
        ([result("A.1", "QUAN")], [("Q1", 4, 10), ("Q2", 9, 10)], [("Q1", "B")], [STC, Q1]),
        # silence and nothing arising are not a rate
        ([result("A.1", "QUAN")], [("Q1", None, None), ("Q2", 0, 0)], [], [STC]),
        # at most
        (
            [result("A.1", "QUAN")],
            [("Q1", 6, 10, Comparison.AT_MOST), ("Q2", 5, 10, Comparison.AT_MOST)],
            [],
            [STC, Q1],
        ),
        # milestones: who says Không
        ([result("A.1", "QUAN", kind=MILESTONE, expected=1.0)], [("Q1", 0, 1), ("Q2", 1, 1)], [], [STC, Q1]),
        # what is expected of the whole says nothing of one unit's count or increase
        ([result("A.1", "QUAN", kind=COUNT, expected=40.0)], [("Q1", 1, None), ("Q2", 2, None)], [], [STC]),
        ([result("A.1", "QUAN", kind=POINTS, expected=0.1)], [("Q1", 1, 10), ("Q2", 2, 10)], [], [STC]),
        ([result("A.1", "QUAN", expected=None)], [("Q1", 1, 10), ("Q2", 2, 10)], [], [STC]),
    ],
)
def test_who_is_behind_an_indicator(
    other_plan: Plan,
    results: list[Row],
    figures: list[tuple[Any, ...]],
    difficulties: list[tuple[str, str | None]],
    found: list[Found],
) -> None:
    rows = [
        figure(unit, "A.1", "QUAN", top, below, comparison=more[0] if more else None)
        for unit, top, below, *more in figures
    ]
    assert rows_of(explained_by(other_plan, results=results, figures=rows, difficulties=difficulties)) == found


def test_only_units_of_the_scope_are_compared_with_its_target(other_plan: Plan) -> None:
    figures = [
        figure("Q1", "A.1", "QUAN", 0, 10),
        figure("Q2", "A.1", "Q2", 0, 10),
        figure("VP", "A.1", "SO", 0, 10),
        figure("Q2", "A.2", "QUAN", 0, 10),
    ]
    assert rows_of(explained_by(other_plan, results=[result("A.1", "QUAN")], figures=figures)) == [STC, Q1]


def test_the_accountable_unit_is_asked_once_for_an_indicator(other_plan: Plan) -> None:
    figures = [figure("VP", "A.1", "SO", 1, 10), figure("STC", "A.1", "SO", 1, 10)]
    frame = explained_by(other_plan, results=[result("A.1", "SO")], figures=figures)
    assert rows_of(frame) == [STC, ("A", "VP", "A.1")]


def test_tasks_stand_in_the_plan_s_order(other_plan: Plan) -> None:
    statuses = [status("A", Alert.OVERDUE), status("C", Alert.OVERDUE)]
    results = [result("A.1", "QUAN"), result("B.1", "VP"), result("C.1", "VP")]
    found = rows_of(explained_by(other_plan, statuses, results))
    assert [task for task, _, _ in found] == ["A", "A", "B", "C", "C", "C"]


def test_the_basis_says_why_and_names_are_the_plan_s(other_plan: Plan) -> None:
    frame = explained_by(
        other_plan,
        [status("C", Alert.OVERDUE)],
        [result("A.1", "QUAN")],
        [figure("Q1", "A.1", "QUAN", 345, 1000)],
    )
    basis = {(unit, code): text for (_, unit, code), text in zip(rows_of(frame), frame["basis"], strict=True)}
    assert "Căn cứ C." in basis["VP", None]
    assert "Căn cứ A.1." in basis["STC", "A.1"]
    assert "34,5 %" in basis["Q1", "A.1"]
    assert "50 %" in basis["Q1", "A.1"]
    assert set(frame["unit_name"]) == {"Văn phòng", "Sở Tài chính", "Quận Một"}


def test_nothing_behind_nobody_to_explain(other_plan: Plan) -> None:
    assert len(explained_by(other_plan)) == 0


def test_a_unit_exactly_at_the_expected_value_is_not_behind() -> None:
    """72 of 95 days have passed, and the nearest float lies just above 72/95: 72 documents of 95 are not below it."""
    base = small_plan()
    tasks = base.tasks.to_dict("records")
    tasks[0]["deadline"] = pd.Timestamp("2023-04-06")
    targets = [{"indicator_code": "A.1", "assignee": "QUAN", "target": 1.0}]
    plan = small_plan(tasks=tasks, targets=targets)
    period, as_of = plan.period("2023-Q1"), date(2023, 3, 27)
    rows = [figure("Q1", "A.1", "QUAN", 72, 95), figure("Q2", "A.1", "QUAN", 10, 95)]
    frame = pd.DataFrame(rows)
    figures = conform(Figure, frame).assign(scope=frame["scope"], comparison=frame["comparison"])
    results = target_results(figures, plan, period, as_of, conform(Difficulty, []))
    assert results["behind"].tolist() == [True]
    statuses = conform(TaskStatus, []).assign(unfinished=[])
    found = explanations(statuses, results, figures, conform(Difficulty, []), plan)
    assert rows_of(found) == [STC, Q2]
