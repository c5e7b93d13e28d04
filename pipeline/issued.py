"""What the templates print of the plan, unit by unit: the locked words beside which a unit writes its own."""

from typing import Any

import pandas as pd

from pipeline.measures import measure_text
from pipeline.plan.model import Plan
from schemas.columns import records
from schemas.words import MONITORED, NO_DEADLINE, Comparison, IndicatorKind

NO_DENOMINATOR = "Không cần mẫu số"


def task_rows(plan: Plan) -> pd.DataFrame:
    """One row per unit × task: unit_code and the locked fields of the template's table."""
    return plan.expected_tasks.merge(_tasks(plan), on="task_code", how="left")


def indicator_rows(plan: Plan) -> pd.DataFrame:
    """One row per unit × indicator: unit_code, kind and the locked fields of the template's table.

    A target is put in words once for each row of the plan's targets, not for each unit that it reaches.
    """
    rows = plan.expected_figures.merge(_indicators(plan), on="indicator_code", how="left")
    told = {
        (row["indicator_code"], row["assignee"]): target_text(
            row["target"], row["comparison"], plan.indicator_kinds[row["indicator_code"]]
        )
        for row in records(plan.targets)
    }
    scopes = zip(rows["indicator_code"].tolist(), rows["scope"].tolist(), strict=True)
    rows["target"] = [told[scope] for scope in scopes]
    return rows


def task_words(plan: Plan) -> dict[str, dict[str, Any]]:
    """By task code, the locked fields that are the same for every unit."""
    return {row["task_code"]: row for row in records(_tasks(plan)[["task_code", "task_title", "deadline"]])}


def indicator_words(plan: Plan) -> dict[str, dict[str, Any]]:
    """By indicator code, the locked fields that are the same for every unit."""
    names = ["indicator_code", "indicator", "numerator_label", "denominator_label"]
    return {row["indicator_code"]: row for row in records(_indicators(plan)[names])}


def _tasks(plan: Plan) -> pd.DataFrame:
    """The plan's tasks with their deadlines in words."""
    return plan.tasks.assign(deadline=plan.tasks["deadline"].dt.strftime("%d/%m/%Y").fillna(NO_DEADLINE))


def _indicators(plan: Plan) -> pd.DataFrame:
    """The plan's indicators; those without a denominator say so."""
    rows = plan.indicators
    no_denominator = rows["kind"].isin([kind for kind in IndicatorKind if not kind.has_denominator])
    return rows.assign(denominator_label=rows["denominator_label"].mask(no_denominator, NO_DENOMINATOR))


def target_text(target: float, comparison: Any, kind: IndicatorKind) -> str:
    """``≥ 80 %``, ``Có``; “Theo dõi” for an indicator that is only monitored."""
    if pd.isna(target):
        return MONITORED
    if kind == IndicatorKind.MILESTONE:
        return measure_text(target, kind)
    sign = comparison if isinstance(comparison, str) else Comparison.AT_LEAST.value
    if kind.is_increase:
        return f"tăng {measure_text(target, kind)}"
    if target == 1 and kind == IndicatorKind.RATIO:
        return measure_text(target, kind)
    return f"{sign} {measure_text(target, kind)}"
