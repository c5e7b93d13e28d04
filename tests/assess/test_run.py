"""All judgements of one period together: between them the cases show every word of DESIGN part 7."""

from datetime import date, datetime
from functools import cache
from typing import Any

import pandas as pd
import pytest

from pipeline.assess.run import Assessment, assess
from pipeline.assess.status import has_alert
from pipeline.issues import empty_issues
from pipeline.merge import Facts
from pipeline.plan.model import Plan
from schemas.columns import conform, records
from schemas.records import (
    Difficulty,
    Explanation,
    Figure,
    Ledger,
    Progress,
    Result,
    TaskStatus,
    UnitTimeliness,
)
from schemas.words import (
    Alert,
    Evidence,
    IndicatorKind,
    State,
    Status,
    TargetResult,
    Timeliness,
    Verdict,
    YesNo,
)
from tests.support import small_plan

AS_OF = date(2023, 3, 27)
PAST, NEAR, FAR = pd.Timestamp("2023-03-10"), pd.Timestamp("2023-04-20"), pd.Timestamp("2023-12-31")
UNITS = ["VP", "STC", "Q1", "Q2", "Q3", "Q4"]

# task: (deadline, what its lead VP says, completed on) → status
TASKS: dict[str, tuple[pd.Timestamp | None, State | None, str | None, Status]] = {
    "T1": (PAST, None, None, Status.NOT_REPORTED),
    "T2": (None, State.UNDERWAY, None, Status.ONGOING),
    "T3": (PAST, State.DONE, "2023-03-10", Status.DONE_ON_TIME),
    "T4": (PAST, State.DONE, "2023-03-11", Status.DONE_LATE),
    "T5": (NEAR, State.NONE_ARISING, None, Status.UNDERWAY_IN_TIME),
    "T6": (PAST, State.NOT_STARTED, None, Status.UNDERWAY_OVERDUE),
    "T7": (FAR, State.DONE, "2023-03-01", Status.UNDERWAY_IN_TIME),
}
# indicator: (task, target, figures of the districts Q1 … Q4) → target result
FIGURES: dict[str, tuple[str, float | None, dict[str, tuple[float, float]], TargetResult]] = {
    "T2.1": ("T2", None, {"Q1": (1, 2)}, TargetResult.NO_TARGET),
    "T2.2": ("T2", 0.9, dict.fromkeys(UNITS[2:], (8, 10)), TargetResult.NOT_MET),
    "T3.1": ("T3", 0.5, dict.fromkeys(UNITS[2:], (5, 10)), TargetResult.MET),
    "T5.1": ("T5", 0.5, dict.fromkeys(UNITS[2:], (0, 0)), TargetResult.NONE_ARISING),
    "T7.1": ("T7", 0.9, {"Q1": (0, 10), "Q2": (9, 10), "Q3": (9, 10)}, TargetResult.NOT_MET),
    "T7.2": ("T7", 0.9, {}, TargetResult.DATA_MISSING),
    "T6.1": ("T6", 0.9, dict.fromkeys(UNITS[2:], (8, 10)), TargetResult.NOT_MET),
}
# unit: its one entry in the inbox → timeliness
INBOX: dict[str, tuple[dict[str, Any] | None, str]] = {
    "VP": ({"verdict": Verdict.USED, "received_on": datetime(2023, 3, 20)}, Timeliness.ON_TIME),
    "STC": ({"verdict": Verdict.USED, "received_on": datetime(2023, 3, 21)}, Timeliness.LATE.format(days=1)),
    "Q1": (None, Timeliness.MISSING),
    "Q2": ({"verdict": Verdict.REJECTED, "code": "TT01", "unit_code": None}, Timeliness.UNREADABLE),
    "Q3": ({"verdict": Verdict.REJECTED, "code": "TT05"}, Timeliness.WRONG_PERIOD),
    "Q4": ({"verdict": Verdict.USED, "evidence": Evidence.NONE}, Timeliness.UNKNOWN_DATE),
}


@cache
def plan() -> Plan:
    def unit(code: str) -> dict[str, str]:
        group = "QUAN" if code.startswith("Q") else "SO"
        return {"unit_code": code, "unit_name": f"Đơn vị {code}", "short_name": code, "unit_group": group}

    labels = {"measure_unit": "%", "numerator_label": "Tử số", "denominator_label": "Mẫu số", "accountable": "STC"}
    return small_plan(
        units=[unit(code) for code in UNITS],
        tasks=[
            {"task_code": code, "task_title": f"Nhiệm vụ {code}", "content": "Làm.", "deadline": deadline}
            for code, (deadline, _, _, _) in TASKS.items()
        ],
        assignments=[
            {"task_code": code, "assignee": assignee, "role": role}
            for code in TASKS
            for assignee, role in (("VP", "Chủ trì"), ("QUAN", "Thực hiện"))
        ],
        indicators=[
            {"indicator_code": code, "task_code": task, "indicator": f"Chỉ tiêu {code}", "kind": IndicatorKind.RATIO}
            | labels
            | {"accumulation": "Lũy kế"}
            for code, (task, _, _, _) in FIGURES.items()
        ],
        targets=[
            {"indicator_code": code, "assignee": "QUAN", "target": target}
            for code, (_, target, _, _) in FIGURES.items()
        ],
    )


@cache
def inputs() -> tuple[Facts, pd.DataFrame, pd.DataFrame]:
    """Facts, ledger and issues."""
    progress = [
        row | {"unit_name": row["unit_code"]} | _said(row["unit_code"], row["task_code"])
        for row in records(plan().expected_tasks)
    ]
    figures = pd.DataFrame(
        row | {"unit_name": row["unit_code"]} | _told(row["unit_code"], row["indicator_code"])
        for row in records(plan().expected_figures)
    )
    facts = Facts(
        conform(Progress, progress),
        conform(Figure, figures).assign(scope=figures["scope"], comparison=figures["comparison"]),
        conform(Difficulty, [{"number": 1, "unit_code": "Q1", "task_code": "T7", "description": "Thiếu máy."}]),
    )
    entries = [
        {"file": f"{code}.xlsx", "unit_code": code, "code": "", "evidence": Evidence.MODIFIED, "reason": "Lý do."}
        | entry
        for code, (entry, _) in INBOX.items()
        if entry is not None
    ]
    ledger = conform(Ledger, entries).assign(code=pd.Series([entry["code"] for entry in entries], dtype="str"))
    return facts, ledger, empty_issues()


def _said(unit: str, task: str) -> dict[str, Any]:
    _, state, completed_on, _ = TASKS[task] if unit == "VP" else (None, None, None, None)
    return {"state": state, "completed_on": completed_on, "reported": YesNo.YES if state else YesNo.NO}


def _told(unit: str, code: str) -> dict[str, Any]:
    task, _, figures, _ = FIGURES[code]
    top, below = figures.get(unit, (None, None))
    rate = top / below if top is not None and below else None
    about = {"task_code": task, "kind": IndicatorKind.RATIO, "reported": YesNo.NO if top is None else YesNo.YES}
    return about | {"numerator": top, "denominator": below, "rate": rate}


@cache
def assessment() -> Assessment:
    facts, ledger, issues = inputs()
    return assess(facts, ledger, issues, plan(), plan().period("2023-Q1"), AS_OF)


def test_each_task_has_its_status() -> None:
    found = dict(assessment().statuses[["task_code", "status"]].itertuples(index=False, name=None))
    assert found == {code: status for code, (_, _, _, status) in TASKS.items()}


def test_each_indicator_has_its_target_result() -> None:
    found = assessment().results[["indicator_code", "target_result"]].itertuples(index=False, name=None)
    assert list(found) == [(code, result) for code, (_, _, _, result) in FIGURES.items()]


def test_each_unit_has_its_timeliness() -> None:
    found = dict(assessment().timeliness[["unit_code", "timeliness"]].itertuples(index=False, name=None))
    assert found == {code: timeliness for code, (_, timeliness) in INBOX.items()}


def test_every_word_of_the_vocabulary_occurs() -> None:
    found = assessment()
    assert set(found.statuses["status"]) == set(Status)
    assert set(found.results["target_result"]) == set(TargetResult)
    assert {word.format(days=1) for word in Timeliness} == set(found.timeliness["timeliness"])
    both = pd.concat([found.statuses["alerts"], found.results["alerts"]])
    assert [alert for alert in Alert if not has_alert(both, alert).any()] == []


@pytest.mark.parametrize(
    ("task", "alerts"),
    [
        ("T1", [Alert.OVERDUE, Alert.EXPLAIN]),
        ("T2", [Alert.AT_RISK, Alert.INCOMPLETE, Alert.EXPLAIN]),
        ("T3", []),
        ("T4", []),
        ("T5", [Alert.DUE_SOON]),
        ("T6", [Alert.OVERDUE, Alert.NOT_STARTED, Alert.EXPLAIN]),
        ("T7", [Alert.CLAIM_UNMET, Alert.INCOMPLETE]),
    ],
)
def test_a_task_s_alerts_gather_those_of_its_results(task: str, alerts: list[Alert]) -> None:
    statuses = assessment().statuses
    [found] = statuses.loc[statuses["task_code"] == task, "alerts"]
    assert (found.split("; ") if isinstance(found, str) else []) == [str(alert) for alert in alerts]


def test_explanations_follow_the_alerts() -> None:
    """T1 and T6 are overdue; T2.2 is below its target, T6.1 unmet after its deadline, in every district."""
    rows = assessment().explanations[["task_code", "unit_code", "indicator_code"]].fillna("")
    assert sorted(rows.itertuples(index=False, name=None)) == [
        ("T1", "VP", ""),
        *(("T2", unit, "T2.2") for unit in [*UNITS[2:], "STC"]),
        *(("T6", unit, "T6.1") for unit in [*UNITS[2:], "STC"]),
        ("T6", "VP", ""),
    ]


def test_every_judgement_carries_its_basis_and_fits_its_model() -> None:
    found = assessment()
    frames = [
        (TaskStatus, found.statuses),
        (Result, found.results),
        (UnitTimeliness, found.timeliness),
        (Explanation, found.explanations),
    ]
    for model, frame in frames:
        assert len(model.validate(frame)) > 0
        assert frame["basis"].str.strip().str.len().gt(0).all()


def test_the_same_facts_give_the_same_judgements_and_stay_as_they_are() -> None:
    facts, ledger, issues = inputs()
    given = (facts.progress, facts.figures, facts.difficulties, ledger, issues)
    before = [frame.copy(deep=True) for frame in given]
    again = assess(facts, ledger, issues, plan(), plan().period("2023-Q1"), AS_OF)
    for name in ("statuses", "results", "timeliness", "explanations"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(assessment(), name))
    for frame, copy in zip(given, before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


def test_as_of_moves_the_judgement_not_the_figures() -> None:
    facts, ledger, issues = inputs()
    late = assess(facts, ledger, issues, plan(), plan().period("2023-Q1"), date(2024, 1, 1))
    statuses = dict(late.statuses[["task_code", "status"]].itertuples(index=False, name=None))
    assert (statuses["T5"], statuses["T7"]) == (Status.UNDERWAY_OVERDUE, Status.UNDERWAY_OVERDUE)
    assert (statuses["T3"], statuses["T2"]) == (Status.DONE_ON_TIME, Status.ONGOING)
    pd.testing.assert_series_equal(late.results["value"], assessment().results["value"])
    pd.testing.assert_frame_equal(late.timeliness, assessment().timeliness)
