"""The annual figures: from the year's quarters, and from the annual submissions of the units that sent one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.measures import exact_sum
from pipeline.merge import Facts, PeriodFacts, complete_figures
from pipeline.plan.model import Period, Plan
from pipeline.text import is_blank
from schemas.columns import conform, records
from schemas.records import Progress
from schemas.words import Accumulation, IndicatorKind, PeriodKind, YesNo

Key = tuple[str, str]
_ADDRESS = ("file", "sheet", "cell")


@dataclass(frozen=True)
class _Told:
    """What one quarter told of one unit (or the units merged into it) and indicator; ``whole``: each of them."""

    period: Period
    numerators: list[float]
    denominators: list[float]
    whole: bool
    address: tuple[str, str, str]


def annual_facts(own: Facts, quarters: Sequence[PeriodFacts], plan: Plan, period: Period) -> Facts:
    """A unit's annual submission stands where it reports; the rest comes from the quarters.

    Cumulative indicators and milestones take the last value told; those counted by period add up over the
    quarters. ``partial`` marks a figure that rests on fewer quarters than the plan asks for: it is added up as
    far as it goes, never with a zero, and its ``note`` says which quarter is missing.
    """
    return Facts(_progress(own, quarters, plan), _figures(own, quarters, plan, period), own.difficulties)


def _figures(own: Facts, quarters: Sequence[PeriodFacts], plan: Plan, period: Period) -> pd.DataFrame:
    told = _by_key(quarters, plan)
    asked = _asked(plan, period)
    running = dict(zip(plan.indicators["indicator_code"], plan.indicators["accumulation"], strict=True))
    if own.figures.empty:
        return own.figures.assign(partial=False)
    rows = []
    for row in records(own.figures):
        key = row["unit_code"], row["indicator_code"]
        if row["reported"] != YesNo.YES:
            kind = plan.indicator_kinds[row["indicator_code"]]
            last = running[row["indicator_code"]] == Accumulation.CUMULATIVE or kind == IndicatorKind.MILESTONE
            row |= (_last if last else _sum)(told.get(key, []), asked.get(key, []))
        rows.append(row)
    columns = ["unit_code", "unit_group", "indicator_code", "scope", "target", "comparison", "numerator", "denominator"]
    columns += ["note", "decision", *_ADDRESS]
    frame = pd.DataFrame(rows)
    partial = frame["partial"] if "partial" in frame else pd.Series(False, index=frame.index)
    made = complete_figures(frame[columns], plan)
    return made.assign(partial=partial.fillna(False).astype("bool").to_numpy())


def _last(told: Sequence[_Told], asked: Sequence[Period]) -> dict[str, Any]:
    """The value of the last quarter that has one."""
    whole = [one for one in told if one.whole] or list(told)
    if not whole:
        return {}
    one = whole[-1]
    late = bool(asked) and one.period.period_code != asked[-1].period_code
    note = f"Số của {_lower(one.period)}" + (f"; thiếu {_lower(asked[-1])}." if late else ".")
    return _added([one]) | {"note": note, "partial": late or not one.whole}


def _sum(told: Sequence[_Told], asked: Sequence[Period]) -> dict[str, Any]:
    """The quarters added up."""
    if not told:
        return {}
    whole = {one.period.period_code for one in told if one.whole}
    missing = [period for period in asked if period.period_code not in whole]
    note = f"Cộng {', '.join(_lower(one.period) for one in told)}"
    note += f"; thiếu {', '.join(_lower(period) for period in missing)}." if missing else "."
    return _added(told) | {"note": note, "partial": bool(missing)}


def _added(told: Sequence[_Told]) -> dict[str, Any]:
    below = [value for one in told for value in one.denominators]
    values: dict[str, Any] = {
        "numerator": float(exact_sum([value for one in told for value in one.numerators])),
        "denominator": float(exact_sum(below)) if below else None,
    }
    return values | {name: "; ".join(one.address[at] for one in told) for at, name in enumerate(_ADDRESS)}


def _by_key(quarters: Sequence[PeriodFacts], plan: Plan) -> dict[Key, list[_Told]]:
    """What the quarters told, oldest first, by (the unit that answers now, indicator)."""
    found: dict[Key, list[_Told]] = {}
    for quarter in quarters:
        here: dict[Key, list[dict[str, Any]]] = {}
        for row in records(quarter.facts.figures):
            here.setdefault((plan.heirs.get(row["unit_code"], row["unit_code"]), row["indicator_code"]), []).append(row)
        for key, rows in here.items():
            reported = [row for row in rows if row["reported"] == YesNo.YES]
            if reported:
                told = _Told(
                    quarter.period,
                    [row["numerator"] for row in reported],
                    [row["denominator"] for row in reported if not is_blank(row["denominator"])],
                    len(reported) == len(rows),
                    _address(quarter.period, reported),
                )
                found.setdefault(key, []).append(told)
    return found


def _asked(plan: Plan, period: Period) -> dict[Key, list[Period]]:
    """The quarters in which the plan then in force asked for the figure, oldest first."""
    found: dict[Key, list[Period]] = {}
    for quarter in plan.earlier(period):
        if quarter.kind == PeriodKind.QUARTER:
            then = (plan.whole or plan).in_force(quarter.data_to)
            pairs = zip(then.expected_figures["unit_code"], then.expected_figures["indicator_code"], strict=True)
            for unit, code in dict.fromkeys((plan.heirs.get(unit, unit), code) for unit, code in pairs):
                found.setdefault((unit, code), []).append(quarter)
    return found


def _address(period: Period, rows: Sequence[dict[str, Any]]) -> tuple[str, str, str]:
    files = [f"{period.period_code}/{row['file']}" for row in rows if not is_blank(row["file"])]
    return "; ".join(files), _joined(rows, "sheet"), _joined(rows, "cell")


def _joined(rows: Sequence[dict[str, Any]], name: str) -> str:
    return "; ".join(str(row[name]) for row in rows if not is_blank(row[name]))


def _lower(period: Period) -> str:
    return period.brief[:1].lower() + period.brief[1:]


def _progress(own: Facts, quarters: Sequence[PeriodFacts], plan: Plan) -> pd.DataFrame:
    """The unit's annual word, else its last quarter's."""
    last: dict[Key, dict[str, Any]] = {}
    for quarter in quarters:
        for row in records(quarter.facts.progress):
            if row["reported"] == YesNo.YES:
                file = {} if is_blank(row["file"]) else {"file": f"{quarter.period.period_code}/{row['file']}"}
                last[plan.heirs.get(row["unit_code"], row["unit_code"]), row["task_code"]] = row | file
    said = ("reported", "state", "completed_on", "result", "product", "decision", *_ADDRESS)
    rows = []
    for row in records(own.progress):
        earlier = last.get((row["unit_code"], row["task_code"]))
        if row["reported"] != YesNo.YES and earlier is not None:
            row |= {name: earlier[name] for name in said}
        rows.append(row)
    return conform(Progress, rows)
