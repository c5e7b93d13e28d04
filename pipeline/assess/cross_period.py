"""Rules between a period and those before it: warnings that ask, one named function each.

A rule takes what this period says and what was said before, and gives flags on the cells to look at. The threshold
of a jump is the plan's; all else follows from what the words mean.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipeline.assess.cross_difficulties import (
    ids_are_those_given,
    only_the_raised_is_resolved,
    text_is_like_the_one_before,
    words_are_those_of_the_id,
)
from pipeline.assess.keys import Array, matched
from pipeline.assess.situation import Flag, Rule, Situation
from pipeline.measures import measure_text
from pipeline.merge import PeriodFacts
from pipeline.plan.model import Period, Plan
from pipeline.text import number_text, percent_text
from schemas.words import Accumulation, IndicatorKind, PeriodKind, State, YesNo

_PARTS = ("numerator", "denominator")
_WITH_DENOMINATOR = [kind.value for kind in IndicatorKind if kind.has_denominator]
_NEARLY = 1e-7  # far above what floats lose, below what any rule asks for


def cumulative_never_falls(now: Situation) -> list[Flag]:
    """LK01: what is counted since the start of the year is never less than what an earlier period told."""
    if not now.past:
        return []
    kinds = now.current.plan.indicator_kinds
    told = _told(now.current.facts.figures)
    told = told[told["indicator_code"].isin(_running(now.current.plan))]
    before, told_in = _last_told(now, now.figure_keys.of(told))
    typed = told[list(_PARTS)].to_numpy(copy=True)
    milestone = (told["kind"] == IndicatorKind.MILESTONE).to_numpy()
    for parts in (before, typed):  # of units merged since, the share that has it
        parts[milestone, 0] /= parts[milestone, 1]
    fell = typed < before
    fell[~told["kind"].isin(_WITH_DENOMINATOR).to_numpy(), 1] = False
    units, codes = _owners(told)
    flags = []
    for at, place in np.argwhere(fell):
        part, code = _PARTS[place], codes[at]
        words = [_count(float(value), kinds[code]) for value in (before[at, place], typed[at, place])]
        params = _periods(now, now.past[told_in[at]].period) | {"before": words[0], "now": words[1]}
        flags.append(Flag(units[at], "indicators", code, part, "LK01", params))
    return flags


def done_stays_done(now: Situation) -> list[Flag]:
    """LK02: a task that a unit reported done in the period before is reported done now; of units merged since, one
    that each of them reported done."""
    if now.previous is None:
        return []
    before = now.previous.facts.progress
    keys, is_done = now.task_keys.of(before, heirs=True), (before["state"] == State.DONE).to_numpy()
    done = np.setdiff1d(keys[is_done], keys[~is_done])
    rows = now.current.facts.progress
    rows = rows[rows["state"].notna() & (rows["state"] != State.DONE)]
    rows = rows[np.isin(now.task_keys.of(rows), done)]
    periods = _periods(now, now.previous.period)
    return [
        Flag(unit, "tasks", task, "state", "LK02", periods | {"now": state})
        for unit, task, state in zip(rows["unit_code"], rows["task_code"], rows["state"], strict=True)
    ]


def completed_within_the_year(now: Situation) -> list[Flag]:
    """LK03: a task of the plan is completed in the plan's year."""
    year = now.current.plan.settings.year
    rows = _completed(now)
    return [
        Flag(unit, "tasks", task, "completed_on", "LK03", {"year": year, "typed": _day(typed)})
        for unit, task, typed in _days(rows[rows["completed_on"].dt.year != year])
    ]


def completed_before_the_report(now: Situation) -> list[Flag]:
    """LK04: what is done was done by the day on which the report came in (or, undated, the consolidation)."""
    rows = _completed(now)
    rows = rows[rows["completed_on"].dt.year == now.current.plan.settings.year]
    consolidated = now.current.period.consolidate_on
    # No report comes in before the first one: only later days are looked at one by one.
    rows = rows[rows["completed_on"] > pd.Timestamp(min([consolidated, *now.reported_on.values()]))]
    flags = []
    for unit, task, typed in _days(rows):
        day = now.reported_on.get(unit, consolidated)
        if typed.date() > day:
            params = {"typed": _day(typed), "day": f"{day:%d/%m/%Y}"}
            flags.append(Flag(unit, "tasks", task, "completed_on", "LK04", params))
    return flags


def rate_does_not_jump(now: Situation) -> list[Flag]:
    """LK05: a unit's rate moves by no more than the plan's threshold (setting ``rate_jump``, in points)."""
    previous, plan = now.previous, now.current.plan
    if previous is None:
        return []
    limit = plan.settings.rate_jump
    told = now.current.facts.figures
    told = told[told["rate"].notna() & told["kind"].isin(_WITH_DENOMINATOR)]
    if now.current.period.kind == PeriodKind.YEAR:
        told = told[told["indicator_code"].isin(_running(plan))]
    figures = previous.facts.figures
    figures = figures[figures["rate"].notna()]
    before = matched(now.figure_keys.of(figures), figures[["rate"]].to_numpy(), now.figure_keys.of(told))[:, 0]
    rates = told["rate"].to_numpy()
    # Nearly the limit is enough here; the change is rounded, and judged, below.
    jumped = np.flatnonzero(np.abs(rates - before) > limit - _NEARLY)
    units, codes = _owners(told)
    flags = []
    for at in jumped:
        rate, earlier = float(rates[at]), float(before[at])
        change = round(rate - earlier, 12)
        if abs(change) > limit:
            params = _periods(now, previous.period) | {
                "before": percent_text(earlier),
                "now": percent_text(rate),
                "change": ("+" if change > 0 else "") + percent_text(change).replace("%", "điểm %"),
                "limit": percent_text(limit).replace("%", "điểm %"),
            }
            unit, code = units[at], codes[at]
            flags.append(Flag(unit, "indicators", code, "numerator", "LK05", params))
    return flags


def year_is_the_sum_of_its_quarters(now: Situation) -> list[Flag]:
    """LK08: what a unit reports for the year of an indicator counted by period is what its quarters add up to.

    PeriodFacts only where the unit has told every quarter, as a quarter that is missing says nothing.
    """
    quarters = [said for said in now.past if said.period.kind == PeriodKind.QUARTER]
    of_plan = [one for one in now.current.plan.earlier(now.current.period) if one.kind == PeriodKind.QUARTER]
    if now.current.period.kind != PeriodKind.YEAR or not quarters or len(quarters) < len(of_plan):
        return []
    told = _told(now.current.facts.figures)
    told = told[~told["indicator_code"].isin(_running(now.current.plan)) & (told["kind"] != IndicatorKind.MILESTONE)]
    keys = now.figure_keys.of(told)
    total = np.zeros((len(told), len(_PARTS)))
    for said in quarters:
        total += matched(*_told_whole(now, said), keys)
    typed = told[list(_PARTS)].to_numpy()
    differs = np.abs(total - typed) > _NEARLY
    differs[~told["kind"].isin(_WITH_DENOMINATOR).to_numpy(), 1] = False
    units, codes = _owners(told)
    flags = []
    for at, place in np.argwhere(differs):
        value, added = float(typed[at, place]), float(total[at, place])
        if round(added - value, 6):
            unit, code = units[at], codes[at]
            params = {"before": number_text(added), "now": number_text(value)}
            flags.append(Flag(unit, "indicators", code, _PARTS[place], "LK08", params))
    return flags


RULES: tuple[Rule, ...] = (
    cumulative_never_falls,
    done_stays_done,
    completed_within_the_year,
    completed_before_the_report,
    rate_does_not_jump,
    only_the_raised_is_resolved,
    ids_are_those_given,
    words_are_those_of_the_id,
    text_is_like_the_one_before,
    year_is_the_sum_of_its_quarters,
)


def _running(plan: Plan) -> set[str]:
    """The indicators counted since the start of the year."""
    rows = plan.indicators
    return set(rows.loc[rows["accumulation"] == Accumulation.CUMULATIVE, "indicator_code"])


def _told(figures: pd.DataFrame) -> pd.DataFrame:
    return figures[figures["reported"] == YesNo.YES]


def _owners(figures: pd.DataFrame) -> tuple[Array, Array]:
    return figures["unit_code"].to_numpy(), figures["indicator_code"].to_numpy()


def _completed(now: Situation) -> pd.DataFrame:
    rows = now.current.facts.progress
    return rows[rows["completed_on"].notna()]


def _days(rows: pd.DataFrame) -> Iterable[tuple[str, str, pd.Timestamp]]:
    return zip(rows["unit_code"], rows["task_code"], rows["completed_on"], strict=True)


def _last_told(now: Situation, keys: Array) -> tuple[Array, Array]:
    """By row of ``keys`` the parts that the last period that has the figure told, and that period's place in
    ``past``; of units merged since, their sum, where each of them told."""
    found, told_in = np.full((len(keys), len(_PARTS)), np.nan), np.full(len(keys), -1)
    for place, said in enumerate(now.past):
        told = matched(*_told_whole(now, said), keys)
        here = ~np.isnan(told[:, 0])
        found[here], told_in[here] = told[here], place
    return found, told_in


def _told_whole(now: Situation, said: PeriodFacts) -> tuple[Array, Array]:
    """Keys and parts of what a period told; of units merged since, their sum, where each of them told."""
    figures = said.facts.figures
    parts = figures[list(_PARTS)].reset_index(drop=True)
    by_unit = parts.assign(told=(figures["reported"] == YesNo.YES).array).groupby(
        now.figure_keys.of(figures, heirs=True), sort=False
    )
    whole = by_unit["told"].all()
    sums = by_unit[list(_PARTS)].sum()[whole]
    return sums.index.to_numpy(), sums.to_numpy()


def _count(value: float, kind: IndicatorKind) -> str:
    return measure_text(value, kind) if kind == IndicatorKind.MILESTONE else number_text(value)


def _periods(now: Situation, before: Period) -> dict[str, str]:
    return {"before_period": before.brief, "period": now.current.period.brief}


def _day(day: pd.Timestamp) -> str:
    return f"{day:%d/%m/%Y}"
