"""What an indicator should have reached by the end of a period."""

import math
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from pipeline.measures import exact
from pipeline.plan.model import Period, Plan
from schemas.words import Accumulation, Comparison, IndicatorKind, PeriodKind


def expected_value(
    target: Mapping[str, Any], indicator: Mapping[str, Any], deadline: date | None, plan: Plan, period: Period
) -> Fraction | None:
    """The plan's own value for the quarter; else linear from the baseline at the plan's start to the target.

    ``target`` and ``indicator``: a row of the plan's frames. A task without a deadline, and a year, expect the target
    itself. None where there is no target, for a milestone before its deadline, and for a count of one period
    only, of which nothing can be said before the periods are added up.
    """
    if math.isnan(target["target"]):
        return None
    goal, kind = exact(target["target"]), IndicatorKind(indicator["kind"])
    own = target[f"expected_q{quarter(period)}"]
    if period.kind == PeriodKind.QUARTER and not math.isnan(own):
        return exact(own)
    if deadline is None or period.kind == PeriodKind.YEAR:
        return goal
    if kind == IndicatorKind.COUNT and indicator["accumulation"] == Accumulation.PERIOD:
        return None
    share = _elapsed(plan.settings.starts_on, deadline, period.data_to)
    if share >= 1:
        return goal
    if kind == IndicatorKind.MILESTONE:
        return None
    start = _start(indicator, kind, target["comparison"], goal)
    return start + (goal - start) * share


def quarter(period: Period) -> int:
    """1 to 4, by the month in which the period's data end; a year ends with its fourth quarter."""
    return 4 if period.kind == PeriodKind.YEAR else (period.data_to.month + 2) // 3


def _start(indicator: Mapping[str, Any], kind: IndicatorKind, comparison: Any, goal: Fraction) -> Fraction:
    """Where the line begins: an increase at nothing, a value at its baseline."""
    if kind.is_increase:
        return Fraction(0)
    if not math.isnan(indicator["baseline"]):
        return exact(indicator["baseline"])
    return goal if comparison == Comparison.AT_MOST else Fraction(0)


def _elapsed(start: date, end: date, day: date) -> Fraction:
    if end <= start or day >= end:
        return Fraction(1)
    return Fraction(max(0, (day - start).days), (end - start).days)
