"""Each task against its deadline, from the lead's row and the task's target results (DESIGN: assess)."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pipeline.assess.lives import spoken_of
from pipeline.plan.model import Plan
from pipeline.text import is_blank
from schemas.columns import conform, records
from schemas.records import TaskStatus
from schemas.words import Alert, DifficultyState, Role, State, Status, TargetResult, YesNo

DUE_SOON_DAYS = 30
# How far a task is of which a lead says so; None: it says nothing.
ADVANCE = {None: 0, State.NOT_STARTED: 1, State.NONE_ARISING: 2, State.UNDERWAY: 2, State.DONE: 3}
DONE = (Status.DONE_ON_TIME, Status.DONE_LATE)
_UNMET = (TargetResult.NOT_MET, TargetResult.DATA_MISSING)


@dataclass(frozen=True)
class Said:
    """What the least advanced lead says; ``completed_on`` is the last of the leads' when all are done. ``told_on``: the
    day that an earlier period was consolidated, where its word still stands."""

    unit: str
    state: State | None
    completed_on: date | None
    told_on: date | None = None


def task_statuses(
    progress: pd.DataFrame, results: pd.DataFrame, difficulties: pd.DataFrame, plan: Plan, as_of: date
) -> pd.DataFrame:
    """One row per task in the plan's order: :class:`schemas.records.TaskStatus`, ``lead_code`` and
    ``unfinished``, the leads that would have to explain a delay."""
    spoken = spoken_of(difficulties)
    explained = set(zip(spoken["unit_code"], spoken["task_code"], strict=True))
    counts = difficulties.loc[difficulties["state"] != DifficultyState.RESOLVED, "task_code"].value_counts()
    expected = progress["task_code"].value_counts()
    reported = progress.loc[progress["reported"] == YesNo.YES, "task_code"].value_counts()
    by_task = _by_task(progress[progress["role"] == Role.LEAD])
    judged = _by_task(results[["task_code", "indicator_code", "target_result", "alerts"]])
    rows = []
    for task in records(plan.tasks[["task_code", "task_title", "deadline"]]):
        code = task["task_code"]
        leads, own = by_task[code], judged.get(code, [])
        said = least_advanced(leads, plan.short_names)
        deadline = None if pd.isna(task["deadline"]) else task["deadline"].date()
        unmet = [row["indicator_code"] for row in own if row["target_result"] in _UNMET]
        status, claim_unmet = judge(said, deadline, bool(unmet), as_of)
        raised = {word for row in own if isinstance(row["alerts"], str) for word in row["alerts"].split("; ")}
        alerts = _alerts(status, said, deadline, claim_unmet, raised, as_of)
        unfinished = _unfinished(leads)
        silent = any((unit, code) not in explained for unit in unfinished)
        if Alert.OVERDUE in alerts and silent and Alert.EXPLAIN not in alerts:
            alerts.append(Alert.EXPLAIN)
        rows.append(
            {
                "task_code": code,
                "task_title": task["task_title"],
                "lead": ", ".join(plan.short_names[row["unit_code"]] for row in leads),
                "lead_code": leads[0]["unit_code"],
                "deadline": task["deadline"],
                "status": status.value,
                "alerts": "; ".join(alerts) or None,
                "lead_result": "\n".join(row["result"] for row in leads if not is_blank(row["result"])) or None,
                "units_reported": int(reported.get(code, 0)),
                "units_expected": int(expected[code]),
                "difficulties": int(counts.get(code, 0)),
                "unfinished": unfinished,
                "basis": _basis(said, status, deadline, unmet if claim_unmet else [], as_of),
            }
        )
    frame = pd.DataFrame(rows)
    return conform(TaskStatus, frame).assign(lead_code=frame["lead_code"], unfinished=frame["unfinished"])


def _unfinished(leads: Sequence[Mapping[Any, Any]]) -> list[str]:
    """Those that have not finished; all, where each says that it has and a target is not met."""
    every = [row["unit_code"] for row in leads]
    return [row["unit_code"] for row in leads if row["state"] != State.DONE] or every


def _by_task(rows: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records(rows):
        found.setdefault(row["task_code"], []).append(row)
    return found


def least_advanced(leads: Sequence[Mapping[Any, Any]], names: Mapping[str, str]) -> Said:
    """A task with several leads is as far as its least advanced one."""
    states = [None if pd.isna(row["state"]) else State(row["state"]) for row in leads]
    days = [None if pd.isna(row["completed_on"]) else row["completed_on"].date() for row in leads]
    told = [None if pd.isna(row.get("told_on")) else row["told_on"].date() for row in leads]

    def standing(place: int) -> tuple[int, int, int]:
        """Of leads that are all done, the one without a date, else the last to finish, speaks for the task."""
        if states[place] != State.DONE:
            return ADVANCE[states[place]], 0, 0
        finished, heard = days[place] or date.max, told[place] or date.max
        return ADVANCE[State.DONE], -finished.toordinal(), -heard.toordinal()

    last = min(range(len(leads)), key=standing)
    day = days[last] if states[last] == State.DONE else None
    return Said(names[leads[last]["unit_code"]], states[last], day, told[last])


def judge(said: Said, deadline: date | None, unmet: bool, as_of: date) -> tuple[Status, bool]:
    """The status table; the second value says that a completion was claimed with a target unmet.

    Done without a stated date is done on time only if it was told before the deadline had passed.
    """
    if said.state is None:
        return Status.NOT_REPORTED, False
    if deadline is None:
        return Status.ONGOING, False
    claimed = said.state == State.DONE
    if claimed and not unmet:
        day = said.completed_on or min(said.told_on or as_of, as_of)
        return (Status.DONE_ON_TIME if day <= deadline else Status.DONE_LATE), False
    return (Status.UNDERWAY_IN_TIME if as_of <= deadline else Status.UNDERWAY_OVERDUE), claimed


def on_time_rate(statuses: pd.Series, overdue: pd.Series) -> float | None:
    """Done ÷ (done + overdue and not done), as the Government Office counts; None where both are none."""
    done = statuses.isin(DONE)
    late = int((overdue & ~done).sum())
    total = int(done.sum()) + late
    return int(done.sum()) / total if total else None


def has_alert(alerts: pd.Series, alert: Alert) -> "pd.Series[bool]":
    """Whether a column of alerts joined by ``; `` holds that one."""
    return alerts.fillna("").map(lambda text: alert.value in text.split("; ")).astype("bool")


def _alerts(
    status: Status, said: Said, deadline: date | None, claim_unmet: bool, raised: Container[str], as_of: date
) -> list[str]:
    """``raised``: the alerts of the task's target results."""
    alerts: list[Alert] = []
    unfinished = status not in DONE
    if deadline is not None and unfinished and as_of > deadline:
        alerts.append(Alert.OVERDUE)
    if claim_unmet:
        alerts.append(Alert.CLAIM_UNMET)
    if Alert.AT_RISK in raised:
        alerts.append(Alert.AT_RISK)
    if deadline is not None and unfinished and 0 <= (deadline - as_of).days <= DUE_SOON_DAYS:
        alerts.append(Alert.DUE_SOON)
    if said.state == State.NOT_STARTED:
        alerts.append(Alert.NOT_STARTED)
    alerts += [alert for alert in (Alert.INCOMPLETE, Alert.EXPLAIN) if alert in raised]
    return [alert.value for alert in alerts]


def _basis(said: Said, status: Status, deadline: date | None, unmet: list[str], as_of: date) -> str:
    """One sentence: who said what, the deadline, the day of judgement."""
    if said.state is None:
        parts = [f"{said.unit} (chủ trì) chưa báo cáo"]
    else:
        parts = [f"{said.unit} (chủ trì) báo cáo “{said.state.value}”"]
        if said.completed_on:
            parts[0] += f" ngày {said.completed_on:%d/%m/%Y}"
        elif said.state == State.DONE:
            told = f", đã báo như vậy từ lần tổng hợp ngày {said.told_on:%d/%m/%Y}" if said.told_on else ""
            parts[0] += f" nhưng không ghi ngày hoàn thành{told}"
    if unmet:
        parts.append(f"chỉ tiêu {', '.join(unmet)} chưa đạt hoặc thiếu số liệu")
    if deadline is None:
        parts.append("nhiệm vụ không có thời hạn")
    else:
        days = (deadline - as_of).days
        standing = f"còn {days} ngày" if days >= 0 else f"quá {-days} ngày"
        judged = "" if status in DONE else f", ngày xét {as_of:%d/%m/%Y} ({standing})"
        parts.append(f"thời hạn {deadline:%d/%m/%Y}{judged}")
    return f"{'; '.join(parts)}: {status.value.lower()}."
