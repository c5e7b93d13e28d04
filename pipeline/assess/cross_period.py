"""Rules between a period and those before it: warnings that ask, one named function each.

A rule takes what this period says and what was said before, and gives flags on the cells to look at. The threshold
of a jump is the plan's; all else follows from what the words mean.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pipeline.measures import measure_text
from pipeline.merge import PeriodFacts
from pipeline.plan.model import Period, Plan
from pipeline.text import is_blank, number_text, percent_text
from schemas.columns import records
from schemas.words import Accumulation, DifficultyState, IndicatorKind, PeriodKind, State, Update, YesNo


@dataclass(frozen=True)
class Flag:
    """A warning on one cell: the table's row of that unit and item (of a difficulty the row as received)."""

    unit_code: str
    table: str
    item: str | int
    field: str
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Situation:
    """This period (with the difficulties' lives and the days on which the reports came in) and those before."""

    current: PeriodFacts
    past: Sequence[PeriodFacts]
    lives: pd.DataFrame
    reported_on: Mapping[str, date]

    @property
    def previous(self) -> PeriodFacts | None:
        """The last quarter before."""
        return next((said for said in reversed(self.past) if said.period.kind == PeriodKind.QUARTER), None)


Rule = Callable[[Situation], list[Flag]]
_PARTS = ("numerator", "denominator")


def cumulative_never_falls(now: Situation) -> list[Flag]:
    """LK01: what is counted since the start of the year is never less than what an earlier period told."""
    plan = now.current.plan
    kinds = plan.indicator_kinds
    running = _running(plan)
    before = _last_told(now)
    flags = []
    for row in records(_told(now.current.facts.figures)):
        earlier = before.get((row["unit_code"], row["indicator_code"]))
        if row["indicator_code"] not in running or earlier is None:
            continue
        kind = kinds[row["indicator_code"]]
        for part in _PARTS if kind.has_denominator else _PARTS[:1]:
            if row[part] < earlier[part]:
                words = [_count(value, kind) for value in (earlier[part], row[part])]
                params = _periods(now, earlier["period"]) | {"before": words[0], "now": words[1]}
                flags.append(Flag(row["unit_code"], "indicators", row["indicator_code"], part, "LK01", params))
    return flags


def done_stays_done(now: Situation) -> list[Flag]:
    """LK02: a task that a unit reported done in the period before is reported done now."""
    if now.previous is None:
        return []
    before = now.previous.facts.progress
    done = before[before["state"] == State.DONE]
    heirs = now.current.plan.heirs
    finished = {(heirs.get(unit, unit), task) for unit, task in zip(done["unit_code"], done["task_code"], strict=True)}
    rows = now.current.facts.progress
    rows = rows[rows["state"].notna() & (rows["state"] != State.DONE)]
    return [
        Flag(
            row["unit_code"],
            "tasks",
            row["task_code"],
            "state",
            "LK02",
            _periods(now, now.previous.period) | {"now": row["state"]},
        )
        for row in records(rows)
        if (row["unit_code"], row["task_code"]) in finished
    ]


def completed_within_the_year(now: Situation) -> list[Flag]:
    """LK03: a task of the plan is completed in the plan's year."""
    year = now.current.plan.settings.year
    return [
        Flag(row["unit_code"], "tasks", row["task_code"], "completed_on", "LK03", {"year": year, "typed": _day(row)})
        for row in _completed(now)
        if row["completed_on"].year != year
    ]


def completed_before_the_report(now: Situation) -> list[Flag]:
    """LK04: what is done was done by the day on which the report came in (or, undated, the consolidation)."""
    flags = []
    for row in _completed(now):
        day = now.reported_on.get(row["unit_code"], now.current.period.consolidate_on)
        if row["completed_on"].date() > day and row["completed_on"].year == now.current.plan.settings.year:
            params = {"typed": _day(row), "day": f"{day:%d/%m/%Y}"}
            flags.append(Flag(row["unit_code"], "tasks", row["task_code"], "completed_on", "LK04", params))
    return flags


def rate_does_not_jump(now: Situation) -> list[Flag]:
    """LK05: a unit's rate moves by no more than the plan's threshold (setting ``rate_jump``, in points)."""
    limit = now.current.plan.settings.rate_jump
    previous, kinds, flags = now.previous, now.current.plan.indicator_kinds, []
    if previous is None:
        return []
    year = now.current.period.kind == PeriodKind.YEAR
    running = _running(now.current.plan)
    before = {
        (row["unit_code"], row["indicator_code"]): row["rate"]
        for row in records(previous.facts.figures)
        if not is_blank(row["rate"]) and (row["indicator_code"] in running or not year)
    }
    for row in records(now.current.facts.figures):
        rate = before.get((row["unit_code"], row["indicator_code"]))
        if not kinds[row["indicator_code"]].has_denominator or rate is None or is_blank(row["rate"]):
            continue
        change = round(row["rate"] - rate, 12)
        if abs(change) > limit:
            params = _periods(now, previous.period) | {
                "before": percent_text(rate),
                "now": percent_text(row["rate"]),
                "change": ("+" if change > 0 else "") + percent_text(change).replace("%", "điểm %"),
                "limit": percent_text(limit).replace("%", "điểm %"),
            }
            flags.append(Flag(row["unit_code"], "indicators", row["indicator_code"], "numerator", "LK05", params))
    return flags


def only_the_raised_is_resolved(now: Situation) -> list[Flag]:
    """LK06: a difficulty that is resolved was raised in an earlier period."""
    rows = now.lives[(now.lives["update"] == Update.NEW) & (now.lives["state"] == DifficultyState.RESOLVED)]
    rows = rows[rows["first_period"] == now.current.period.period_code]
    return [Flag(row["unit_code"], "difficulties", int(row["at"]), "state", "LK06", {}) for row in records(rows)]


def ids_are_those_given(now: Situation) -> list[Flag]:
    """LK07: an id in a submission is that of a difficulty that the unit has raised before."""
    given = {
        (str(row["difficulty_id"]), row["unit_code"]) for row in records(now.lives[now.lives["update"] != Update.NEW])
    }
    return [
        Flag(row["unit_code"], "difficulties", int(row["at"]), "difficulty_id", "LK07", {})
        for row in records(now.current.facts.difficulties)
        if not is_blank(row["difficulty_id"]) and (row["difficulty_id"], row["unit_code"]) not in given and now.past
    ]


def year_is_the_sum_of_its_quarters(now: Situation) -> list[Flag]:
    """LK08: what a unit reports for the year of an indicator counted by period is what its quarters add up to.

    PeriodFacts only where the unit has told every quarter, as a quarter that is missing says nothing.
    """
    if now.current.period.kind != PeriodKind.YEAR:
        return []
    plan, flags = now.current.plan, []
    kinds = plan.indicator_kinds
    counted = set(plan.indicators["indicator_code"]) - _running(plan)
    quarters = [said for said in now.past if said.period.kind == PeriodKind.QUARTER]
    told: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for said in quarters:
        for row in records(_told(said.facts.figures)):
            told.setdefault((row["unit_code"], row["indicator_code"]), []).append(row)
    for row in records(_told(now.current.facts.figures)):
        parts = told.get((row["unit_code"], row["indicator_code"]), [])
        kind = kinds[row["indicator_code"]]
        if row["indicator_code"] not in counted or kind == IndicatorKind.MILESTONE or len(parts) < len(quarters):
            continue
        for name in _PARTS if kind.has_denominator else _PARTS[:1]:
            total = sum(part[name] for part in parts)
            if quarters and round(total - row[name], 6):
                params = {"before": number_text(total), "now": number_text(row[name])}
                flags.append(Flag(row["unit_code"], "indicators", row["indicator_code"], name, "LK08", params))
    return flags


RULES: tuple[Rule, ...] = (
    cumulative_never_falls,
    done_stays_done,
    completed_within_the_year,
    completed_before_the_report,
    rate_does_not_jump,
    only_the_raised_is_resolved,
    ids_are_those_given,
    year_is_the_sum_of_its_quarters,
)


def _running(plan: Plan) -> set[str]:
    """The indicators counted since the start of the year."""
    rows = plan.indicators
    return set(rows.loc[rows["accumulation"] == Accumulation.CUMULATIVE, "indicator_code"])


def _told(figures: pd.DataFrame) -> pd.DataFrame:
    return figures[figures["reported"] == YesNo.YES]


def _completed(now: Situation) -> list[dict[str, Any]]:
    rows = now.current.facts.progress
    return records(rows[rows["completed_on"].notna()])


def _last_told(now: Situation) -> dict[tuple[str, str], dict[str, Any]]:
    """By unit and indicator what the last period that has a figure told; of units merged since, their sum, where
    each of them told."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for said in now.past:
        figures = said.facts.figures
        rows = figures.assign(
            unit_code=figures["unit_code"].map(now.current.plan.heirs), told=figures["reported"] == YesNo.YES
        )
        by_unit = rows.groupby(["unit_code", "indicator_code"], sort=False)
        sums = by_unit.agg(told=("told", "all"), **{part: (part, "sum") for part in _PARTS}).reset_index()
        for row in records(sums[sums["told"]]):
            found[row["unit_code"], row["indicator_code"]] = row | {"period": said.period}
    return found


def _count(value: float, kind: IndicatorKind) -> str:
    return measure_text(value, kind) if kind == IndicatorKind.MILESTONE else number_text(value)


def _periods(now: Situation, before: Period) -> dict[str, str]:
    return {"before_period": before.brief, "period": now.current.period.brief}


def _day(row: Mapping[str, Any]) -> str:
    return f"{row['completed_on']:%d/%m/%Y}"
