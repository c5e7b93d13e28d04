"""Each indicator against its target: Σ numerator / Σ denominator over the units of a scope, compared exactly."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from pipeline.assess.expected import expected_value
from pipeline.measures import exact, exact_sum, measure_text
from pipeline.plan.model import Period, Plan
from pipeline.text import number_text
from schemas.columns import conform, records
from schemas.records import Result
from schemas.words import BASELINE_MISSING, Alert, Comparison, IndicatorKind, TargetResult, YesNo


@dataclass(frozen=True)
class Sums:
    """``reported`` of ``expected`` units gave a figure; the sums are over those. None: nothing was reported.

    ``partial``: figures of a year that rest on fewer quarters than were asked for; ``decided``: figures in which
    the officer set a value.
    """

    reported: int
    expected: int
    numerator: Fraction | None
    denominator: Fraction | None
    partial: int = 0
    decided: int = 0

    @property
    def coverage(self) -> str:
        parts = [f"{self.reported}/{self.expected} đơn vị"]
        if self.partial:
            parts.append(f"{self.partial} đơn vị thiếu số của một số quý")
        if self.decided:
            parts.append(f"{self.decided} số liệu theo quyết định của cán bộ")
        return ", ".join(parts)


def add_up(figures: pd.DataFrame) -> dict[tuple[str, str], Sums]:
    """By (indicator_code, scope). ``figures``: one row per unit × indicator, as merged."""
    told = (figures["reported"] == YesNo.YES).to_numpy()
    partial = told & figures["partial"].to_numpy() if "partial" in figures else np.zeros(len(figures), bool)
    decided = told & figures["decision"].notna().to_numpy() if "decision" in figures else np.zeros(len(figures), bool)
    numerators, denominators = (figures[name].to_numpy() for name in ("numerator", "denominator"))
    made = {}
    groups: Mapping[Any, Any] = figures.groupby(["indicator_code", "scope"], sort=False).indices
    for (code, scope), rows in groups.items():
        by = rows[told[rows]]
        below = denominators[by]
        below = below[~np.isnan(below)]
        made[str(code), str(scope)] = Sums(
            len(by),
            len(rows),
            exact_sum(numerators[by]) if len(by) else None,
            exact_sum(below) if len(below) else None,
            int(partial[rows].sum()),
            int(decided[rows].sum()),
        )
    return made


def value_of(sums: Sums, kind: IndicatorKind, baseline: float) -> Fraction | None:
    """The indicator's value; None where nothing was reported, nothing arose or the baseline is missing."""
    if sums.numerator is None:
        return None
    if kind == IndicatorKind.COUNT:
        return sums.numerator
    if not sums.denominator:
        return None
    ratio = sums.numerator / sums.denominator
    if not kind.is_increase:
        return ratio
    if math.isnan(baseline):
        return None
    base = exact(baseline)
    if kind == IndicatorKind.RATIO_POINTS:
        return ratio - base
    return (ratio - base) / base if base else None


def is_met(value: Fraction, goal: Fraction, comparison: Any) -> bool:
    """Before any rounding: 26 of 75 is below 35 %, 27 of 75 is not."""
    return value <= goal if comparison == Comparison.AT_MOST else value >= goal


def target_results(
    figures: pd.DataFrame, plan: Plan, period: Period, as_of: date, difficulties: pd.DataFrame
) -> pd.DataFrame:
    """One row per indicator × scope, in the plan's order: the columns of :class:`schemas.records.Result`,
    ``scope``, ``kind``, ``comparison`` and ``behind`` (below what is expected, or unmet after the deadline).

    ``difficulties`` decides *Cần giải trình*: behind, and the accountable unit reported none for the task.
    """
    sums = add_up(figures)
    indicators = {row["indicator_code"]: row for row in records(plan.indicators)}
    deadlines = _deadlines(plan)
    explained = set(difficulties[["unit_code", "task_code"]].itertuples(index=False, name=None))
    order = {code: place for place, code in enumerate(indicators)}
    targets = sorted(records(plan.targets), key=lambda row: order[row["indicator_code"]])
    rows = []
    for target in targets:
        indicator = indicators[target["indicator_code"]]
        own = sums.get((target["indicator_code"], target["assignee"]))
        if own is not None:
            deadline = deadlines[indicator["task_code"]]
            expected = expected_value(target, indicator, deadline, plan, period)
            rows.append(_judge(target, indicator, own, expected, deadline, as_of, plan, explained))
    extra = pd.DataFrame(rows, columns=None if rows else ["scope", "kind", "comparison", "behind"])
    return conform(Result, extra).assign(
        scope=extra["scope"], kind=extra["kind"], comparison=extra["comparison"], behind=extra["behind"].astype("bool")
    )


def _deadlines(plan: Plan) -> dict[str, date | None]:
    pairs = zip(plan.tasks["task_code"], plan.tasks["deadline"], strict=True)
    return {code: None if pd.isna(day) else day.date() for code, day in pairs}


def _judge(
    target: Mapping[Any, Any],
    indicator: Mapping[Any, Any],
    sums: Sums,
    expected: Fraction | None,
    deadline: date | None,
    as_of: date,
    plan: Plan,
    explained: set[tuple[str, str]],
) -> dict[str, Any]:
    kind, accountable = IndicatorKind(indicator["kind"]), indicator["accountable"]
    value = value_of(sums, kind, indicator["baseline"])
    goal = None if math.isnan(target["target"]) else exact(target["target"])
    result = _result(sums, value, goal, target["comparison"])
    overdue = result == TargetResult.NOT_MET and deadline is not None and as_of > deadline
    at_risk = value is not None and expected is not None and not is_met(value, expected, target["comparison"])
    behind = goal is not None and (overdue or at_risk)
    alerts = [Alert.OVERDUE] if overdue else [Alert.AT_RISK] if behind else []
    if sums.reported < sums.expected or sums.partial:
        alerts.append(Alert.INCOMPLETE)
    if behind and (accountable, indicator["task_code"]) not in explained:
        alerts.append(Alert.EXPLAIN)
    return {
        "task_code": indicator["task_code"],
        "indicator_code": indicator["indicator_code"],
        "indicator": indicator["indicator"],
        "scope": target["assignee"],
        "comparison": target["comparison"],
        "scope_name": plan.scope_name(target["assignee"]),
        "kind": kind.value,
        "measure_unit": indicator["measure_unit"],
        "numerator": _float(sums.numerator),
        "denominator": _float(sums.denominator) if kind != IndicatorKind.COUNT else None,
        "value": _float(value),
        "target": _float(goal),
        "gap": _float(value - goal) if value is not None and goal is not None else None,
        "expected": _float(expected),
        "units_reported": sums.reported,
        "units_expected": sums.expected,
        "target_result": result.value,
        "alerts": "; ".join(alerts) or None,
        "accountable": plan.short_names[accountable],
        "behind": behind,
        "basis": _basis(sums, kind, value, goal, target["comparison"], expected, result, indicator),
    }


def _result(sums: Sums, value: Fraction | None, goal: Fraction | None, comparison: Any) -> TargetResult:
    if goal is None:
        return TargetResult.NO_TARGET
    if sums.reported and sums.denominator == 0:
        return TargetResult.NONE_ARISING
    if value is None:
        return TargetResult.DATA_MISSING
    return TargetResult.MET if is_met(value, goal, comparison) else TargetResult.NOT_MET


def _basis(
    sums: Sums,
    kind: IndicatorKind,
    value: Fraction | None,
    goal: Fraction | None,
    comparison: Any,
    expected: Fraction | None,
    result: TargetResult,
    indicator: Mapping[Any, Any],
) -> str:
    """One sentence: the figures, the target, the expected value and how many units they rest on."""
    if sums.numerator is None:
        return f"Chưa có số liệu (0/{sums.expected} đơn vị)."
    top = number_text(float(sums.numerator))
    parts = [f"Tổng {top}" if kind == IndicatorKind.COUNT else f"Σ {top}/{number_text(float(sums.denominator or 0))}"]
    if kind.is_increase:
        base = indicator["baseline"]
        parts.append(BASELINE_MISSING if math.isnan(base) else f"số liệu gốc {measure_text(base, IndicatorKind.RATIO)}")
    if value is not None and kind != IndicatorKind.COUNT:
        text = distinct_text(value, goal, kind)
        if kind.is_increase:
            parts.append(f"tăng {text}")
        else:
            parts[-1] += f" = {text}"
    if goal is not None:
        sign = comparison if isinstance(comparison, str) else Comparison.AT_LEAST.value
        parts.append(f"mục tiêu {sign} {measure_text(float(goal), kind)}")
    if expected is not None and expected != goal:
        parts.append(f"mốc kỳ này {measure_text(float(expected), kind)}")
    parts.append(sums.coverage)
    return f"{'; '.join(parts)}: {result.value.lower()}."


def distinct_text(value: Fraction, goal: Fraction | None, kind: IndicatorKind) -> str:
    """With as many digits as it takes not to look like a target that it misses."""
    for digits in range(2, 9):
        text = measure_text(float(value), kind, digits)
        if goal is None or value == goal or text != measure_text(float(goal), kind, digits):
            break
    return text


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
