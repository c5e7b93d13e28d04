"""Who must explain: units behind what is expected that reported no difficulty for the task (Cần giải trình)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.assess.status import has_alert
from pipeline.measures import exact, measure_text
from pipeline.plan.model import Plan
from schemas.columns import conform, records
from schemas.records import Explanation
from schemas.words import Alert, Comparison, IndicatorKind, YesNo

_Row = tuple[str, str, str | None, str]  # task, unit, indicator, basis
_NEARLY = 1e-9  # of the expected value: only rates below it, or as near as this, are looked at one by one
_WHOLE = 2**53


def explanations(
    statuses: pd.DataFrame, results: pd.DataFrame, figures: pd.DataFrame, difficulties: pd.DataFrame, plan: Plan
) -> pd.DataFrame:
    """One row per unit × task (and indicator) to explain, in the plan's order.

    The leads of an overdue task that have not finished it; the unit accountable for an indicator that is behind; and,
    of its scope, each unit whose own rate is below what is expected of the whole.
    """
    explained = set(zip(difficulties["unit_code"], difficulties["task_code"], strict=True))
    rows: list[_Row] = []
    overdue = statuses[has_alert(statuses["alerts"], Alert.OVERDUE)]
    for task, basis, units in zip(overdue["task_code"], overdue["basis"], overdue["unfinished"], strict=True):
        rows += [(task, unit, None, basis) for unit in units]
    accountable = dict(zip(plan.indicators["indicator_code"], plan.indicators["accountable"], strict=True))
    behind = results[results["behind"]]
    told = figures["reported"].eq(YesNo.YES) & figures["rate"].notna()
    told &= figures["indicator_code"].isin(behind["indicator_code"])
    below = _Below(figures[told])
    for result in records(behind):
        task, code = result["task_code"], result["indicator_code"]
        unit = accountable[code]
        rows.append((task, unit, code, f"Chịu trách nhiệm chỉ tiêu: {result['basis']}"))
        rows += [(task, member, code, text) for member, text in below.members(result) if member != unit]
    order = {code: place for place, code in enumerate(plan.tasks["task_code"])}
    kept = [row for row in rows if (row[1], row[0]) not in explained]
    kept.sort(key=lambda row: order[row[0]])
    columns = ["task_code", "unit_code", "indicator_code", "basis"]
    frame = conform(Explanation, pd.DataFrame(kept, columns=columns, dtype="object"))
    frame["unit_name"] = frame["unit_code"].map(plan.unit_names).astype("str")
    return frame


class _Below:
    """The units whose own rate is below what is expected, looked up by indicator and scope."""

    def __init__(self, told: pd.DataFrame) -> None:
        """``told``: the figures with a rate."""
        self._rows = told.groupby(["indicator_code", "scope"], sort=False).indices
        self._units = told["unit_code"].to_numpy()
        self._comparisons = told["comparison"].to_numpy()
        self._parts = told[["numerator", "denominator"]].to_numpy(dtype="float64")

    def members(self, result: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The unit and the reason in words."""
        kind, expected = IndicatorKind(result["kind"]), result["expected"]
        rows = np.asarray(self._rows.get((result["indicator_code"], result["scope"]), []), dtype="int64")
        if kind not in (IndicatorKind.RATIO, IndicatorKind.MILESTONE) or pd.isna(expected) or not len(rows):
            return []
        at_most = self._comparisons[rows[0]] == Comparison.AT_MOST
        parts = self._parts[rows]
        rates = parts[:, 0] / parts[:, 1]
        nearly = abs(expected) * _NEARLY
        near = rates >= expected - nearly if at_most else rates <= expected + nearly
        rows, parts, rates = rows[near], parts[near], rates[near]
        # The expected value was rounded once to a float; the unit's own is rounded the same way before comparing, as
        # is the quotient of whole numbers that a float holds exactly.
        for at in np.flatnonzero(~((parts == np.floor(parts)) & (abs(parts) < _WHOLE)).all(axis=1)).tolist():
            rates[at] = float(exact(parts[at, 0]) / exact(parts[at, 1]))
        behind = rates > expected if at_most else rates < expected
        goal = measure_text(expected, kind)
        return [
            (unit, f"Đơn vị đạt {measure_text(rate, kind)}, mốc kỳ này {goal}.")
            for unit, rate in zip(self._units[rows[behind]], rates[behind].tolist(), strict=True)
        ]
