"""What is not as it was in the last quarter: statuses, indicators, submissions, difficulties; each with its reason."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.assess.lives import UNREAD
from pipeline.assess.results import is_met
from pipeline.assess.run import Assessment
from pipeline.assess.status import DONE
from pipeline.assess.trends import inherited
from pipeline.measures import exact, measure_text
from pipeline.plan.model import Period, Plan
from pipeline.text import is_blank
from schemas.columns import conform, records
from schemas.records import Change
from schemas.words import Alert, ChangeKind, DifficultyState, Direction, IndicatorKind, Status, Timeliness, Update

_ADVANCE = {
    Status.NOT_REPORTED: 0,
    Status.UNDERWAY_OVERDUE: 1,
    Status.ONGOING: 2,
    Status.UNDERWAY_IN_TIME: 2,
    Status.DONE_LATE: 3,
    Status.DONE_ON_TIME: 4,
}


@dataclass(frozen=True)
class Standing:
    """One period's judgements and difficulties."""

    period: Period
    assessment: Assessment
    difficulties: pd.DataFrame


def changes(now: Standing, before: Standing | None, plan: Plan) -> pd.DataFrame:
    """One row per change since the last quarter, the columns of :class:`schemas.records.Change`: tasks, indicators,
    submissions, difficulties, in the plan's order. Without a quarter before, nothing has changed."""
    if before is None:
        return conform(Change, [])
    rows = [
        *_tasks(now.assessment, before.assessment.statuses),
        *_indicators(now.assessment.results, inherited(before.assessment.results, plan.heirs)),
        *_submissions(now.assessment.timeliness, before.assessment.timeliness),
        *_difficulties(now.difficulties, plan),
    ]
    return conform(Change, rows)


def _tasks(now: Assessment, before: pd.DataFrame) -> list[dict[str, Any]]:
    """Another status, or other alerts; the fewer alerts of the same status, the better."""
    earlier = {row["task_code"]: row for row in records(before)}
    behind = (
        now.results[now.results["behind"]]
        .groupby("task_code")["indicator_code"]
        .agg(lambda codes: ", ".join(dict.fromkeys(codes)))
    )
    rows = []
    for row in records(now.statuses):
        old = earlier.get(row["task_code"])
        if old is None or _standing(row) == _standing(old):
            continue
        step = _ADVANCE[Status(row["status"])] - _ADVANCE[Status(old["status"])]
        if row["status"] == Status.UNDERWAY_OVERDUE and Alert.OVERDUE not in _alerts(old):
            step = -1  # reported at last, but too late by now
        step = step or len(_alerts(old)) - len(_alerts(row)) or int(row["status"] in DONE)
        rows.append(
            {
                "topic": ChangeKind.TASK,
                "reference": row["task_code"],
                "subject": f"{row['task_title']} ({row['lead']})",
                "direction": Direction.BETTER if step > 0 else Direction.WORSE,
                "before": _standing(old),
                "after": _standing(row),
                "basis": row["basis"]
                + (f" Chỉ tiêu chậm: {behind[row['task_code']]}." if row["task_code"] in behind else ""),
            }
        )
    return rows


def _alerts(row: dict[str, Any]) -> list[str]:
    return [] if is_blank(row["alerts"]) else str(row["alerts"]).split("; ")


def _standing(row: dict[str, Any]) -> str:
    return "; ".join([str(row["status"]), *_alerts(row)])


def _indicators(now: pd.DataFrame, before: pd.DataFrame) -> list[dict[str, Any]]:
    """Indicators that crossed their target, or the value expected by the end of the period. A target that is no longer
    what it was has not been crossed by that."""
    earlier = {(row["indicator_code"], row["scope"]): row for row in records(before)}
    rows = []
    for row in records(now):
        old = earlier.get((row["indicator_code"], row["scope"]))
        if old is None or is_blank(row["value"]) or is_blank(old["value"]):
            continue
        then = old | {"target": row["target"]}
        crossed = [
            (f"{name} {_value(row, row[line])}", ahead)
            for name, line in (("mục tiêu", "target"), ("mốc kỳ này", "expected"))
            if (ahead := _above(row, line)) is not None and _above(then, line) not in (None, ahead)
            if line == "target" or row["expected"] != row["target"]
        ]
        if crossed:
            lines = [f"{'đạt' if ahead else 'tụt xuống dưới'} {text}" for text, ahead in crossed]
            rows.append(
                {
                    "topic": ChangeKind.INDICATOR,
                    "reference": row["indicator_code"],
                    "subject": f"{row['indicator']} – {row['scope_name']}",
                    "direction": Direction.BETTER if crossed[0][1] else Direction.WORSE,
                    "before": _told(old),
                    "after": _told(row),
                    "basis": f"{lines[0][0].upper()}{'; '.join(lines)[1:]}{_target_before(row, old)}. {row['basis']}",
                }
            )
    return rows


def _target_before(row: dict[str, Any], old: dict[str, Any]) -> str:
    is_same = is_blank(old["target"]) or old["target"] == row["target"]
    return "" if is_same else f" (mục tiêu kỳ trước {_value(old, old['target'])})"


def _above(row: dict[str, Any], line: str) -> bool | None:
    """Whether the value keeps the line; None where there is none."""
    if is_blank(row["target"]) or is_blank(row[line]):
        return None
    return is_met(exact(row["value"]), exact(row[line]), row["comparison"])


def _value(row: dict[str, Any], value: float) -> str:
    return measure_text(value, IndicatorKind(row["kind"]))


def _told(row: dict[str, Any]) -> str:
    expected = "" if is_blank(row["expected"]) else f" (mốc {_value(row, row['expected'])})"
    return f"{_value(row, row['value'])}{expected}"


def _submissions(now: pd.DataFrame, before: pd.DataFrame) -> list[dict[str, Any]]:
    """Units that went from on time to late or missing, and back."""
    earlier = dict(zip(before["unit_code"], before["timeliness"], strict=True))
    rows = []
    for row in records(now):
        old, new = earlier.get(row["unit_code"]), row["timeliness"]
        if old is None or (old == Timeliness.ON_TIME) == (new == Timeliness.ON_TIME):
            continue
        rows.append(
            {
                "topic": ChangeKind.SUBMISSION,
                "reference": row["unit_code"],
                "subject": row["unit_name"],
                "direction": Direction.BETTER if new == Timeliness.ON_TIME else Direction.WORSE,
                "before": old,
                "after": new,
                "basis": row["basis"],
            }
        )
    return rows


def _difficulties(rows: pd.DataFrame, plan: Plan) -> list[dict[str, Any]]:
    """Opened, closed, still open: in that order, each in the order of the list of difficulties."""
    found: dict[Direction, list[dict[str, Any]]] = {
        Direction.OPENED: [],
        Direction.CLOSED: [],
        Direction.STILL_OPEN: [],
    }
    names = (plan.whole or plan).short_names
    for row in records(rows):
        is_new = row["update"] == Update.NEW
        closed = row["state"] == DifficultyState.RESOLVED
        direction = Direction.CLOSED if closed else Direction.OPENED if is_new else Direction.STILL_OPEN
        since = "" if is_new else f"Nêu từ {row['first_period']}"
        count = "" if is_blank(row["periods_open"]) or is_new else f", {int(row['periods_open'])} kỳ"
        found[direction].append(
            {
                "topic": ChangeKind.DIFFICULTY,
                "reference": row["difficulty_id"],
                "subject": f"{names.get(row['unit_code'], row['unit_code'])}: {_said(row['description'])}",
                "direction": direction,
                "before": None if is_new else since + count,
                "after": f"{row['state']} ({str(row['update']).lower()})",
                "basis": _addressed(row),
            }
        )
    return [row for part in found.values() for row in part]


def _said(text: Any) -> str:
    return UNREAD if is_blank(text) else str(text)


def _addressed(row: dict[str, Any]) -> str:
    task = "Không rõ nhiệm vụ" if is_blank(row["task_code"]) else f"Nhiệm vụ {row['task_code']}"
    return task if is_blank(row["addressed_to"]) else f"{task}; cơ quan giải quyết: {row['addressed_to']}"
