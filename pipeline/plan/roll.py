"""Next year's plan made from the newest one, for the officer to correct in Excel."""

import calendar
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from pipeline.plan.calendar import shift_years, working_day
from pipeline.plan.model import DATED, Plan
from schemas.words import IndicatorKind, PeriodKind


def roll_plan(plan: Plan, year: int) -> Plan:
    """The plan of ``year``: dates moved by whole years, due dates on working days where the plan says so.

    Ad hoc periods, the plan's number and last year's baselines do not carry over: they must be entered anew.
    Quarters fall due on the earliest day of the month that any quarter of the old plan does, as later days are
    what a weekend made of it.
    """
    plan = _at_year_end(plan)
    years = year - plan.settings.year
    old, new = str(plan.settings.year), str(year)
    settings = replace(
        plan.settings,
        year=year,
        plan_code=plan.settings.plan_code.replace(old, new),
        plan_number="",
        title=_retitle(plan.settings.title, old, new),
        starts_on=shift_years(plan.settings.starts_on, years),
    )
    tasks = plan.tasks.assign(deadline=_shift(plan.tasks["deadline"], years))
    increases = plan.indicators["kind"].isin([kind for kind in IndicatorKind if kind.is_increase])
    indicators = plan.indicators.assign(
        baseline=plan.indicators["baseline"].mask(increases),
        baseline_year=plan.indicators["baseline_year"] + years,
    )
    periods = _periods(plan, years, old, new)
    return replace(plan, settings=settings, periods=periods, tasks=tasks, indicators=indicators)


def _at_year_end(plan: Plan) -> Plan:
    """What no longer holds at the end of the year is not carried over; what does, holds from the start."""
    narrow = plan.in_force(date(plan.settings.year, 12, 31))
    always = pd.Series(pd.NaT, dtype="datetime64[us]")
    frames: dict[str, Any] = {
        name: frame.assign(valid_from=always.reindex(frame.index), valid_to=always.reindex(frame.index))
        for name, frame in ((name, getattr(narrow, name)) for name in DATED)
    }
    frames["units"]["successor"] = pd.Series(None, index=frames["units"].index, dtype="str")
    return replace(narrow, whole=None, **frames)


def _retitle(title: str, old: str, new: str) -> str:
    """The year of the title moves; the date of a document that the title cites does not."""
    cited = re.compile(rf"(tháng \d{{1,2}} )?năm {old}")
    return cited.sub(lambda found: found[0] if found[1] else f"năm {new}", title)


def _periods(plan: Plan, years: int, old: str, new: str) -> pd.DataFrame:
    rows = plan.periods[plan.periods["kind"] != PeriodKind.AD_HOC].reset_index(drop=True)
    made = rows.assign(
        period_code=rows["period_code"].str.replace(old, new),
        period_name=rows["period_name"].str.replace(old, new),
        data_from=_shift(rows["data_from"], years),
        data_to=_shift(rows["data_to"], years),
    )
    for name in ("due_on", "consolidate_on"):
        quarters = rows["kind"] == PeriodKind.QUARTER
        day = int(rows.loc[quarters, name].dt.day.min()) if quarters.any() else 0
        dates = [
            _due(shift_years(value.date(), years), day if quarter else 0, plan.settings.roll_weekends)
            for value, quarter in zip(rows[name], quarters, strict=True)
        ]
        made[name] = pd.to_datetime(pd.Series(dates, index=rows.index)).astype("datetime64[us]")
    return made


def _due(day: date, day_of_month: int, roll_weekends: bool) -> date:
    last = calendar.monthrange(day.year, day.month)[1]
    nominal = day.replace(day=min(day_of_month, last)) if day_of_month else day
    return working_day(nominal) if roll_weekends else nominal


def _shift(dates: pd.Series, years: int) -> pd.Series:
    moved = [None if pd.isna(value) else shift_years(value.date(), years) for value in dates]
    return pd.to_datetime(pd.Series(moved, index=dates.index, dtype="object")).astype("datetime64[us]")
