"""Who must explain: units behind what is expected that reported no difficulty for the task (Cần giải trình)."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.assess.keys import Groups
from pipeline.assess.status import has_alert
from pipeline.measures import exact, measure_text
from pipeline.plan.model import Plan
from schemas.columns import conform, records
from schemas.records import Explanation
from schemas.words import Alert, Comparison, IndicatorKind, YesNo

_OF_MEMBERS = ("indicator_code", "scope", "unit_code", "numerator", "denominator", "comparison")


def explanations(
    statuses: pd.DataFrame, results: pd.DataFrame, figures: pd.DataFrame, difficulties: pd.DataFrame, plan: Plan
) -> pd.DataFrame:
    """One row per unit × task (and indicator) to explain, in the plan's order.

    The lead of an overdue task; the unit accountable for an indicator that is behind; and, of its scope, each
    unit whose own rate is below what is expected of the whole.
    """
    explained = set(difficulties[["unit_code", "task_code"]].itertuples(index=False, name=None))
    rows: list[dict[str, Any]] = []
    overdue = statuses[has_alert(statuses["alerts"], Alert.OVERDUE)]
    for task in records(overdue):
        for unit in plan.leads(task["task_code"]):
            rows.append({"task_code": task["task_code"], "unit_code": unit, "basis": task["basis"]})
    accountable = dict(zip(plan.indicators["indicator_code"], plan.indicators["accountable"], strict=True))
    told = figures.loc[(figures["reported"] == YesNo.YES) & figures["rate"].notna(), list(_OF_MEMBERS)]
    by_scope = Groups(told, ("indicator_code", "scope")).rows()
    for result in records(results[results["behind"]]):
        about = {"task_code": result["task_code"], "indicator_code": result["indicator_code"]}
        unit = accountable[result["indicator_code"]]
        rows.append(about | {"unit_code": unit, "basis": f"Chịu trách nhiệm chỉ tiêu: {result['basis']}"})
        members = by_scope.get((result["indicator_code"], result["scope"]))
        if members is not None:
            rows += [about | row for row in _members(result, told.iloc[members]) if row["unit_code"] != unit]
    order = {code: place for place, code in enumerate(plan.tasks["task_code"])}
    kept = [row for row in rows if (row["unit_code"], row["task_code"]) not in explained]
    kept.sort(key=lambda row: order[row["task_code"]])
    frame = conform(Explanation, kept)
    frame["unit_name"] = frame["unit_code"].map(plan.unit_names).astype("str")
    return frame


def _members(result: dict[Any, Any], told: pd.DataFrame) -> list[dict[str, Any]]:
    """The units among those that ``told`` a rate whose own is below what is expected."""
    kind = IndicatorKind(result["kind"])
    if kind not in (IndicatorKind.RATIO, IndicatorKind.MILESTONE) or pd.isna(result["expected"]):
        return []
    # The expected value was rounded once to a float; the unit's own is rounded the same way before comparing.
    above, below = (told[name].to_numpy(dtype="float64") for name in ("numerator", "denominator"))
    values = above / below
    for place in np.flatnonzero((above != np.floor(above)) | (below != np.floor(below))).tolist():
        values[place] = float(exact(above[place]) / exact(below[place]))  # a quotient of whole numbers is exact
    at_most = (told["comparison"] == Comparison.AT_MOST).to_numpy()
    behind = np.where(at_most, values > result["expected"], values < result["expected"])
    expected = measure_text(result["expected"], kind)
    return [
        {"unit_code": unit, "basis": f"Đơn vị đạt {measure_text(value, kind)}, mốc kỳ này {expected}."}
        for unit, value in zip(told["unit_code"].to_numpy()[behind].tolist(), values[behind].tolist(), strict=True)
    ]
