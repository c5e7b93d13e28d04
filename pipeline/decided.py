"""What the officer's values make of a unit's figures: together with what the unit itself reported they must hold."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.decisions import Decisions, findings_on
from pipeline.merge import Facts
from pipeline.parse.frame import Finding
from pipeline.plan.model import Plan
from pipeline.text import is_blank, number_text
from schemas.columns import records
from schemas.decisions import FIELDS
from schemas.words import DecisionKind, State, YesNo


def check_outcome(decisions: Decisions, facts: Facts, plan: Plan) -> pd.DataFrame:
    """QD09 on each value that leaves its row incomplete or contradicting itself."""
    rows = decisions.rows[decisions.rows["kind"] == DecisionKind.VALUE]
    if rows.empty:
        return findings_on(decisions, [])
    figures = _by_item(facts.figures, "indicator_code", set(rows["unit_code"]))
    progress = _by_item(facts.progress, "task_code", set(rows["unit_code"]))
    found = []
    for label, row in zip(rows.index, records(rows), strict=True):
        item = row["unit_code"], row["item_code"]
        is_figure = FIELDS[row["field"]][0] == "indicators"
        why = _of_figure(figures.get(item), plan) if is_figure else _of_task(progress.get(item))
        if why:
            found.append(Finding(int(str(label)), "value", "QD09", {"why": why}))
    return findings_on(decisions, found)


def _by_item(frame: pd.DataFrame, key: str, units: set[str]) -> dict[tuple[str, str], dict[str, Any]]:
    rows = records(frame[frame["unit_code"].isin(units)])
    return {(row["unit_code"], row[key]): row for row in rows}


def _of_figure(row: Mapping[str, Any] | None, plan: Plan) -> str:
    if row is None or not plan.indicator_kinds[row["indicator_code"]].has_denominator:
        return ""
    if row["reported"] == YesNo.NO:
        return "số liệu còn thiếu tử số hoặc mẫu số nên chưa được tính"
    if row["numerator"] > row["denominator"]:
        return f"tử số ({number_text(row['numerator'])}) lớn hơn mẫu số ({number_text(row['denominator'])})"
    return ""


def _of_task(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    is_done, is_dated = row["state"] == State.DONE, not is_blank(row["completed_on"])
    if is_dated and not is_done:
        return "nhiệm vụ có ngày hoàn thành nhưng tình hình không phải “Hoàn thành”"
    return "nhiệm vụ “Hoàn thành” nhưng chưa có ngày hoàn thành" if is_done and not is_dated else ""
