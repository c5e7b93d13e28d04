"""What needs a decision now: the most pressing findings, each with its reason and where to read on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.assess.run import Assessment
from pipeline.assess.status import has_alert
from schemas.columns import records
from schemas.words import Alert, Status, TargetResult, Timeliness


@dataclass(frozen=True)
class Attention:
    """``table`` and ``row`` (position in its frame) say where the detail stands."""

    subject: str
    reason: str
    table: str
    row: int


def attention(assessment: Assessment, most: int = 5) -> list[Attention]:
    """In the order: overdue tasks, claims without their target, leads that are silent, indicators behind
    (the largest shortfall first), units that did not submit, deadlines near, data missing."""
    statuses, results = assessment.statuses, assessment.results
    found = [
        *_tasks(statuses, has_alert(statuses["alerts"], Alert.OVERDUE), "quá hạn"),
        *_tasks(statuses, has_alert(statuses["alerts"], Alert.CLAIM_UNMET), "báo hoàn thành, chưa đạt chỉ tiêu"),
        *_tasks(statuses, statuses["status"] == Status.NOT_REPORTED, "chủ trì chưa báo cáo"),
        *_behind(results),
        *_units(assessment.timeliness),
        *_tasks(statuses, has_alert(statuses["alerts"], Alert.DUE_SOON), "sắp đến hạn"),
        *_tasks(statuses, has_alert(statuses["alerts"], Alert.NOT_STARTED), "chưa triển khai"),
        *_missing(results),
    ]
    unique = {(item.table, item.row): item for item in reversed(found)}
    return [item for item in found if unique.pop((item.table, item.row), None) is not None][:most]


def _tasks(statuses: pd.DataFrame, which: pd.Series, why: str) -> list[Attention]:
    positions = [place for place, chosen in enumerate(which) if chosen]
    rows = records(statuses)
    return [
        Attention(f"Nhiệm vụ {rows[at]['task_code']} ({rows[at]['lead']}): {why}", rows[at]["basis"], "statuses", at)
        for at in positions
    ]


def _behind(results: pd.DataFrame) -> list[Attention]:
    """The shortfall as a share of what is expected puts unlike indicators in one order."""
    rows = results.reset_index(drop=True)
    behind = rows[rows["behind"]]
    goal = behind["expected"].fillna(behind["target"])
    order = ((goal - behind["value"]) / goal).abs().sort_values(ascending=False, kind="stable").index
    every = records(rows)
    places = [int(str(label)) for label in order]
    return [_result(every[at], str(every[at]["alerts"]).split("; ", maxsplit=1)[0].lower(), at) for at in places]


def _result(result: Mapping[str, Any], why: str, at: int) -> Attention:
    subject = f"{result['indicator_code']} – {result['scope_name']}: {why}"
    reason = f"{result['indicator']} ({result['accountable']} chịu trách nhiệm). {result['basis']}"
    return Attention(subject, reason, "results", at)


def _units(timeliness: pd.DataFrame) -> list[Attention]:
    """One item for all units without a usable submission."""
    rows = timeliness.reset_index(drop=True)
    bad = rows[rows["timeliness"].isin([Timeliness.MISSING, Timeliness.UNREADABLE, Timeliness.WRONG_PERIOD])]
    if bad.empty:
        return []
    names = "; ".join(f"{row['unit_name']} ({row['timeliness'].lower()})" for row in records(bad))
    return [Attention(f"{len(bad)} đơn vị chưa có báo cáo dùng được", names + ".", "timeliness", int(bad.index[0]))]


def _missing(results: pd.DataFrame) -> list[Attention]:
    every = enumerate(records(results))
    return [_result(row, "thiếu số liệu", at) for at, row in every if row["target_result"] == TargetResult.DATA_MISSING]
