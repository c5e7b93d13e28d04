"""The status table of DESIGN part 7, the alerts of a task and the sentence that gives the reason."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.assess.status import DONE, Said, has_alert, judge, least_advanced, on_time_rate, task_statuses
from pipeline.plan.model import Plan
from schemas.columns import conform, records
from schemas.records import Difficulty, Progress, Result, TaskStatus
from schemas.words import Alert, Role, State, Status, TargetResult, YesNo
from tests.support import small_plan

DEADLINE = date(2023, 6, 30)
DAY = timedelta(days=1)
BEFORE, AFTER = DEADLINE - 60 * DAY, DEADLINE + 12 * DAY
MET, UNMET, MISSING = TargetResult.MET, TargetResult.NOT_MET, TargetResult.DATA_MISSING

Says = Mapping[str, tuple[State | None, date | None]]


@cache
def plan_with(deadline: date | None = DEADLINE, leads: tuple[str, ...] = ("STC",)) -> Plan:
    """One task, A, which the districts implement."""
    return small_plan(
        tasks=[{"task_code": "A", "task_title": "Số hóa hồ sơ", "content": "Số hóa.", "deadline": deadline}],
        assignments=[
            *({"task_code": "A", "assignee": unit, "role": Role.LEAD} for unit in leads),
            {"task_code": "A", "assignee": "QUAN", "role": Role.IMPLEMENT},
        ],
        indicators=[],
        targets=[],
    )


def progress_of(plan: Plan, says: Says) -> pd.DataFrame:
    rows = []
    for row in records(plan.expected_tasks):
        state, completed_on = says.get(row["unit_code"], (None, None))
        reported = YesNo.YES if state else YesNo.NO
        about = {"unit_name": plan.unit_names[row["unit_code"]], "reported": reported}
        result = f"{row['unit_code']} đã làm." if state else None
        rows.append(row | about | {"state": state, "completed_on": completed_on, "result": result})
    return conform(Progress, rows)


def results_of(*rows: tuple[TargetResult, str | None]) -> pd.DataFrame:
    """Target results of task A, numbered A.1, A.2 …, with their alerts."""
    found = [
        {"task_code": "A", "indicator_code": f"A.{number}", "target_result": result, "alerts": alerts}
        for number, (result, alerts) in enumerate(rows, 1)
    ]
    return conform(Result, [row | {"units_reported": 1, "units_expected": 1} for row in found])


def difficulties_of(*units: str) -> pd.DataFrame:
    return conform(Difficulty, [{"number": n, "task_code": "A", "unit_code": unit} for n, unit in enumerate(units, 1)])


def status_of(
    as_of: date,
    says: Says,
    targets: Sequence[TargetResult] = (),
    plan: Plan | None = None,
    explained: Sequence[str] = (),
    alerts: str | None = None,
) -> dict[str, Any]:
    """The one row of task A; ``alerts`` are those of its first target result."""
    plan = plan or plan_with()
    results = results_of(*((target, None if at else alerts) for at, target in enumerate(targets)))
    frame = task_statuses(progress_of(plan, says), results, difficulties_of(*explained), plan, as_of)
    assert len(frame) == 1
    row = records(frame)[0]
    assert str(row["basis"]).strip()
    return row


def alerts_of(row: Mapping[str, Any]) -> list[str]:
    return row["alerts"].split("; ") if isinstance(row["alerts"], str) else []


ONGOING, SILENT = Status.ONGOING, Status.NOT_REPORTED
ON_TIME, LATE = Status.DONE_ON_TIME, Status.DONE_LATE
IN_TIME, OVERDUE = Status.UNDERWAY_IN_TIME, Status.UNDERWAY_OVERDUE
ON = DEADLINE


@pytest.mark.parametrize(
    ("deadline", "state", "completed_on", "targets", "as_of", "status", "is_overdue", "is_claim"),
    [
        # any deadline, the lead says nothing
        (None, None, None, [], AFTER, SILENT, False, False),
        (ON, None, None, [], BEFORE, SILENT, False, False),
        (ON, None, None, [], ON, SILENT, False, False),
        (ON, None, None, [], ON + DAY, SILENT, True, False),
        (ON, None, None, [MET], AFTER, SILENT, True, False),
        # no deadline, whatever the lead says
        (None, State.NOT_STARTED, None, [], AFTER, ONGOING, False, False),
        (None, State.UNDERWAY, None, [UNMET], AFTER, ONGOING, False, False),
        (None, State.DONE, BEFORE, [MET], AFTER, ONGOING, False, False),
        (None, State.DONE, BEFORE, [UNMET], AFTER, ONGOING, False, False),
        (None, State.NONE_ARISING, None, [], AFTER, ONGOING, False, False),
        # done on or before the deadline, targets met or none
        (ON, State.DONE, BEFORE, [], BEFORE, ON_TIME, False, False),
        (ON, State.DONE, BEFORE, [MET, MET], AFTER, ON_TIME, False, False),
        (ON, State.DONE, ON, [MET], AFTER, ON_TIME, False, False),
        (ON, State.DONE, ON, [TargetResult.NO_TARGET, TargetResult.NONE_ARISING], AFTER, ON_TIME, False, False),
        # done after it
        (ON, State.DONE, ON + DAY, [], AFTER, LATE, False, False),
        (ON, State.DONE, ON + DAY, [MET], ON + DAY, LATE, False, False),
        # done without a date: on time only while the deadline has not passed
        (ON, State.DONE, None, [MET], BEFORE, ON_TIME, False, False),
        (ON, State.DONE, None, [MET], ON, ON_TIME, False, False),
        (ON, State.DONE, None, [MET], ON + DAY, LATE, False, False),
        # claimed done with a target unmet or data missing
        (ON, State.DONE, BEFORE, [UNMET], BEFORE, IN_TIME, False, True),
        (ON, State.DONE, BEFORE, [MISSING], ON, IN_TIME, False, True),
        (ON, State.DONE, BEFORE, [MET, UNMET], ON + DAY, OVERDUE, True, True),
        (ON, State.DONE, AFTER, [MISSING], AFTER, OVERDUE, True, True),
        (ON, State.DONE, None, [UNMET, MISSING], AFTER, OVERDUE, True, True),
        # any other state
        (ON, State.UNDERWAY, None, [], BEFORE, IN_TIME, False, False),
        (ON, State.UNDERWAY, None, [UNMET], ON, IN_TIME, False, False),
        (ON, State.UNDERWAY, None, [MET], ON + DAY, OVERDUE, True, False),
        (ON, State.NOT_STARTED, None, [], BEFORE, IN_TIME, False, False),
        (ON, State.NOT_STARTED, None, [], AFTER, OVERDUE, True, False),
        # “Không phát sinh” is work in progress
        (ON, State.NONE_ARISING, None, [MET], ON, IN_TIME, False, False),
        (ON, State.NONE_ARISING, None, [MET], ON + DAY, OVERDUE, True, False),
    ],
)
def test_the_status_table(
    deadline: date | None,
    state: State | None,
    completed_on: date | None,
    targets: list[TargetResult],
    as_of: date,
    status: Status,
    is_overdue: bool,
    is_claim: bool,
) -> None:
    row = status_of(as_of, {"STC": (state, completed_on)}, targets, plan_with(deadline))
    alerts = alerts_of(row)
    assert row["status"] == status
    assert (Alert.OVERDUE in alerts, Alert.CLAIM_UNMET in alerts) == (is_overdue, is_claim)


@pytest.mark.parametrize(
    ("vp", "stc", "status", "who"),
    [
        ((State.DONE, ON), (State.DONE, ON - DAY), ON_TIME, "VP"),
        ((State.DONE, ON + DAY), (State.DONE, ON - DAY), LATE, "VP"),
        ((State.DONE, ON), (State.UNDERWAY, None), OVERDUE, "Sở TC"),
        ((State.NONE_ARISING, None), (State.DONE, ON), OVERDUE, "VP"),
        ((State.UNDERWAY, None), (State.NOT_STARTED, None), OVERDUE, "Sở TC"),
        ((State.DONE, ON), (None, None), SILENT, "Sở TC"),
        ((None, None), (State.NOT_STARTED, None), SILENT, "VP"),
    ],
)
def test_a_task_is_as_far_as_its_least_advanced_lead(
    vp: tuple[State | None, date | None], stc: tuple[State | None, date | None], status: Status, who: str
) -> None:
    row = status_of(AFTER, {"VP": vp, "STC": stc}, [MET], plan_with(leads=("VP", "STC")))
    assert (row["status"], row["lead"], row["lead_code"]) == (status, "VP, Sở TC", "VP")
    assert row["basis"].startswith(f"{who} (chủ trì)")


def test_the_last_completion_date_of_several_leads_counts() -> None:
    says = {"VP": (State.DONE, ON - DAY), "STC": (State.DONE, ON + DAY)}
    row = status_of(AFTER, says, [MET], plan_with(leads=("VP", "STC")))
    assert row["status"] == LATE
    assert "01/07/2023" in row["basis"]


@pytest.mark.parametrize(
    ("vp", "stc", "wrong"),
    [
        (ON - DAY, ON + DAY, "VP (chủ trì) báo cáo “Hoàn thành” ngày 01/07/2023"),
        (ON - DAY, None, "VP (chủ trì) báo cáo “Hoàn thành” nhưng không ghi ngày hoàn thành"),
    ],
)
def test_the_basis_puts_no_lead_s_words_in_another_s_mouth(vp: date, stc: date | None, wrong: str) -> None:
    says = {"VP": (State.DONE, vp), "STC": (State.DONE, stc)}
    row = status_of(AFTER, says, [MET], plan_with(leads=("VP", "STC")))
    assert "Sở TC" in row["basis"]
    assert wrong not in row["basis"]


def test_a_lead_by_group_is_every_unit_of_the_group() -> None:
    plan = plan_with(leads=("SO",))
    row = status_of(BEFORE, {"VP": (State.DONE, BEFORE)}, plan=plan)
    assert (row["lead"], row["status"]) == ("VP, Sở TC", SILENT)


_said = st.tuples(st.none() | st.sampled_from(list(State)), st.none() | st.dates(date(2023, 1, 1), date(2023, 12, 31)))


@settings(derandomize=True, deadline=None)
@given(st.lists(_said, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_leads_changes_neither_state_nor_date(
    says: list[tuple[State | None, date | None]], random: Any
) -> None:
    rows = [
        {"unit_code": str(n), "state": state, "completed_on": pd.Timestamp(day) if day else pd.NaT}
        for n, (state, day) in enumerate(says)
    ]
    names = {row["unit_code"]: row["unit_code"] for row in rows}
    first = least_advanced(rows, names)
    random.shuffle(rows)
    second = least_advanced(rows, names)
    rank = {None: 0, State.NOT_STARTED: 1, State.NONE_ARISING: 2, State.UNDERWAY: 2, State.DONE: 3}
    assert rank[first.state] == rank[second.state] == min(rank[state] for state, _ in says)
    assert first.completed_on == second.completed_on


@settings(derandomize=True, deadline=None)
@given(
    st.none() | st.sampled_from(list(State)),
    st.none() | st.dates(date(2023, 6, 1), date(2023, 7, 31)),
    st.booleans(),
    st.dates(date(2023, 6, 1), date(2023, 7, 31)),
)
def test_a_claim_is_never_done(state: State | None, completed_on: date | None, unmet: bool, as_of: date) -> None:
    done = state == State.DONE
    status, claim = judge(Said("VP", state, completed_on if done else None), DEADLINE, unmet, as_of)
    assert (status in DONE) == (done and not unmet)
    assert claim == (done and unmet)


@pytest.mark.parametrize(
    ("as_of", "state", "targets", "result_alerts", "explained", "alerts"),
    [
        (BEFORE, State.UNDERWAY, [], None, [], []),
        (ON - 31 * DAY, State.UNDERWAY, [], None, [], []),
        (ON - 30 * DAY, State.UNDERWAY, [], None, [], [Alert.DUE_SOON]),
        (ON, State.UNDERWAY, [], None, [], [Alert.DUE_SOON]),
        (ON, None, [], None, [], [Alert.DUE_SOON]),
        (ON, State.DONE, [MET], None, [], []),
        (ON, State.DONE, [UNMET], None, [], [Alert.CLAIM_UNMET, Alert.DUE_SOON]),
        (ON + DAY, State.UNDERWAY, [], None, ["STC"], [Alert.OVERDUE]),
        (ON + DAY, State.UNDERWAY, [], None, [], [Alert.OVERDUE, Alert.EXPLAIN]),
        (ON + DAY, State.UNDERWAY, [], None, ["Q1"], [Alert.OVERDUE, Alert.EXPLAIN]),
        (ON + DAY, None, [], None, [], [Alert.OVERDUE, Alert.EXPLAIN]),
        (ON + DAY, State.DONE, [MET], None, [], []),
        (ON + DAY, State.DONE, [UNMET], None, ["STC"], [Alert.OVERDUE, Alert.CLAIM_UNMET]),
        (BEFORE, State.NOT_STARTED, [], None, [], [Alert.NOT_STARTED]),
        (BEFORE, State.UNDERWAY, [UNMET], Alert.AT_RISK, [], [Alert.AT_RISK]),
        (BEFORE, State.UNDERWAY, [UNMET, MET], f"{Alert.AT_RISK}; {Alert.EXPLAIN}", [], [Alert.AT_RISK, Alert.EXPLAIN]),
        (BEFORE, State.UNDERWAY, [MET], Alert.INCOMPLETE, [], [Alert.INCOMPLETE]),
        (
            ON + DAY,
            State.NOT_STARTED,
            [UNMET],
            f"{Alert.AT_RISK}; {Alert.INCOMPLETE}; {Alert.EXPLAIN}",
            [],
            [Alert.OVERDUE, Alert.AT_RISK, Alert.NOT_STARTED, Alert.INCOMPLETE, Alert.EXPLAIN],
        ),
    ],
)
def test_alerts(
    as_of: date,
    state: State | None,
    targets: list[TargetResult],
    result_alerts: str | None,
    explained: list[str],
    alerts: list[Alert],
) -> None:
    says = {"STC": (state, BEFORE if state == State.DONE else None)}
    row = status_of(as_of, says, targets, explained=explained, alerts=result_alerts)
    assert alerts_of(row) == [str(alert) for alert in alerts]


def test_a_task_without_deadline_is_never_near_or_over_it() -> None:
    row = status_of(AFTER, {"STC": (State.NOT_STARTED, None)}, plan=plan_with(None))
    assert alerts_of(row) == [Alert.NOT_STARTED]


def test_every_lead_of_an_overdue_task_must_explain() -> None:
    plan, says = plan_with(leads=("VP", "STC")), {"VP": (State.UNDERWAY, None), "STC": (State.UNDERWAY, None)}
    assert Alert.EXPLAIN in alerts_of(status_of(AFTER, says, plan=plan, explained=["VP"]))
    assert Alert.EXPLAIN not in alerts_of(status_of(AFTER, says, plan=plan, explained=["VP", "STC"]))


def test_results_of_other_tasks_do_not_count(other_plan: Plan) -> None:
    says = dict.fromkeys(("VP", "STC"), (State.DONE, BEFORE))
    results = results_of((UNMET, f"{Alert.AT_RISK}; {Alert.EXPLAIN}"))
    frame = task_statuses(progress_of(other_plan, says), results, difficulties_of("Q1", "Q2"), other_plan, AFTER)
    rows = {row["task_code"]: row for row in records(frame)}
    assert list(rows) == ["A", "B", "C"]
    assert [row["status"] for row in rows.values()] == [OVERDUE, ONGOING, ON_TIME]
    assert [alerts_of(rows[code]) for code in "BC"] == [[], []]
    assert [row["difficulties"] for row in rows.values()] == [2, 0, 0]


def test_the_row_counts_units_and_quotes_the_leads() -> None:
    plan = plan_with(leads=("VP", "STC"))
    says = {"VP": (State.UNDERWAY, None), "STC": (State.UNDERWAY, None), "Q1": (State.NONE_ARISING, None)}
    row = status_of(BEFORE, says, plan=plan)
    assert (row["units_reported"], row["units_expected"]) == (3, 4)
    assert row["lead_result"] == "VP đã làm.\nSTC đã làm."


def test_the_frame_fits_its_model() -> None:
    plan = plan_with()
    frame = task_statuses(progress_of(plan, {}), results_of(), difficulties_of(), plan, AFTER)
    assert len(TaskStatus.validate(frame)) == 1
    assert frame["lead_result"].isna().all()


@pytest.mark.parametrize(
    ("deadline", "state", "completed_on", "targets", "as_of", "texts"),
    [
        (ON, None, None, [], AFTER, ["Sở TC (chủ trì) chưa báo cáo", "30/06/2023", "12/07/2023", "quá 12 ngày"]),
        (ON, State.UNDERWAY, None, [], ON - DAY, ["“Đang thực hiện”", "30/06/2023", "29/06/2023", "còn 1 ngày"]),
        (ON, State.UNDERWAY, None, [], ON, ["còn 0 ngày", "đang thực hiện (trong hạn)"]),
        (ON, State.DONE, ON + DAY, [MET], AFTER, ["“Hoàn thành” ngày 01/07/2023", "hoàn thành quá hạn"]),
        (ON, State.DONE, None, [], BEFORE, ["“Hoàn thành” nhưng không ghi ngày hoàn thành", "hoàn thành đúng hạn"]),
        (ON, State.DONE, BEFORE, [MET, UNMET, MISSING], AFTER, ["A.2, A.3 chưa đạt hoặc thiếu số liệu"]),
        (None, State.UNDERWAY, None, [], AFTER, ["không có thời hạn", "thường xuyên"]),
    ],
)
def test_the_basis_holds_words_and_dates(
    deadline: date | None,
    state: State | None,
    completed_on: date | None,
    targets: list[TargetResult],
    as_of: date,
    texts: list[str],
) -> None:
    basis = status_of(as_of, {"STC": (state, completed_on)}, targets, plan_with(deadline))["basis"]
    assert [text for text in texts if text not in basis] == []
    assert basis.endswith(".")


def test_unmet_targets_stand_in_the_basis_of_a_claim_only() -> None:
    assert "A.1" not in status_of(BEFORE, {"STC": (State.UNDERWAY, None)}, [UNMET])["basis"]


@pytest.mark.parametrize(
    ("statuses", "overdue", "rate"),
    [
        ([], [], None),
        ([ONGOING, IN_TIME, SILENT], [False, False, False], None),
        ([ON_TIME], [False], 1.0),
        ([OVERDUE], [True], 0.0),
        ([ON_TIME, LATE, OVERDUE, IN_TIME], [False, False, True, False], 2 / 3),
        ([ON_TIME, SILENT], [False, True], 0.5),
        ([LATE, OVERDUE], [True, True], 0.5),  # done counts once, whatever its alert
        ([ON_TIME, SILENT], [False, False], 1.0),
    ],
)
def test_on_time_rate_is_done_over_done_and_overdue(
    statuses: list[Status], overdue: list[bool], rate: float | None
) -> None:
    words = pd.Series([status.value for status in statuses], dtype="str")
    assert on_time_rate(words, pd.Series(overdue, dtype="bool")) == rate


@pytest.mark.parametrize(
    ("text", "alert", "found"),
    [
        (None, Alert.OVERDUE, False),
        ("Quá hạn", Alert.OVERDUE, True),
        ("Nguy cơ chậm; Quá hạn", Alert.OVERDUE, True),
        ("Đang thực hiện (quá hạn)", Alert.OVERDUE, False),
        ("Báo hoàn thành nhưng chưa đạt chỉ tiêu", Alert.CLAIM_UNMET, True),
    ],
)
def test_has_alert_compares_whole_alerts(text: str | None, alert: Alert, found: bool) -> None:
    assert has_alert(pd.Series([text], dtype="str"), alert).tolist() == [found]
