"""Next year's plan made from the newest one, for the officer to correct in Excel."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from pipeline.plan.calendar import shift_years, working_day
from pipeline.plan.force import DATED
from pipeline.plan.model import Plan
from schemas.columns import records
from schemas.plan import TABLES
from schemas.words import IndicatorKind, PeriodKind

_WEEKEND = 2  # days by which it moves a due date
_YEAR = re.compile(r"(?<!tháng \d )(?<!tháng \d\d )năm (\d{4})")  # not that of a date


def roll_plan(plan: Plan, year: int) -> Plan:
    """The plan of ``year``: dates moved by whole years, due dates on working days where the plan says so.

    Ad hoc periods, the plan's number and the baselines of increases do not carry over: they must be entered anew.
    Quarters fall due as many days after the end of their data as the earliest of the old plan does, as up to two days
    more are what a weekend made of it.
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
        baseline_year=plan.indicators["baseline_year"] + np.where(increases, years, 0),
    )
    periods = _periods(plan, years, old, new)
    return replace(plan, settings=settings, periods=periods, tasks=tasks, indicators=indicators)


def _at_year_end(plan: Plan) -> Plan:
    """What no longer holds at the end of the year is not carried over; what does, holds from the start."""
    narrow = plan.in_force(_turn(plan))
    always = pd.Series(pd.NaT, dtype="datetime64[us]")
    frames: dict[str, Any] = {
        name: frame.assign(valid_from=always.reindex(frame.index), valid_to=always.reindex(frame.index))
        for name, frame in ((name, getattr(narrow, name)) for name in DATED)
    }
    frames["units"]["successor"] = pd.Series(None, index=frames["units"].index, dtype="str")
    return replace(narrow, whole=None, **frames)


def _turn(plan: Plan) -> date:
    """The last day of the year: what ends with it may end only as the plan does. Where the plan itself says what comes
    after, the day after."""
    last = date(plan.settings.year, 12, 31)
    begins = any((getattr(plan, name)["valid_from"] > pd.Timestamp(last)).any() for name in DATED)
    follows = plan.units["successor"].notna() & (plan.units["valid_to"] == pd.Timestamp(last))
    return last + timedelta(days=1) if begins or follows.any() else last


def texts_of_earlier_years(plan: Plan) -> list[str]:
    """Where texts of the plan still name a year before its own, for the officer to correct; the dates of documents
    that they cite are none of these."""
    found = []
    for table in (table for table in TABLES if table.name in ("tasks", "indicators")):
        titles = {column.name: column.title for column in table.columns if column.kind == "text"}
        for row in records(getattr(plan, table.name)):
            for name, title in titles.items():
                years = {year for year in _YEAR.findall(str(row[name])) if int(year) < plan.settings.year}
                told = ", ".join(f"năm {year}" for year in sorted(years))
                found += [f"sheet “{table.sheet}”, {row[table.key[0]]}, cột “{title}”: {told}"] if told else []
    return found


def _retitle(title: str, old: str, new: str) -> str:
    """The year of the title moves; the date of a document that the title cites does not."""
    return _YEAR.sub(lambda found: f"năm {new}" if found[1] == old else found[0], title)


def _periods(plan: Plan, years: int, old: str, new: str) -> pd.DataFrame:
    rows = plan.periods[plan.periods["kind"] != PeriodKind.AD_HOC].reset_index(drop=True)
    made = rows.assign(
        period_code=rows["period_code"].str.replace(old, new),
        period_name=rows["period_name"].str.replace(old, new),
        data_from=_shift(rows["data_from"], years),
        data_to=_shift(rows["data_to"], years),
    )
    quarters = rows["kind"] == PeriodKind.QUARTER
    for name in ("due_on", "consolidate_on"):
        waits = (rows[name] - rows["data_to"]).dt.days
        least = waits[quarters].min()
        rolled = quarters & plan.settings.roll_weekends & (waits - least <= _WEEKEND)
        due = [
            shift_years(end.date(), years) + timedelta(days=int(wait))
            for end, wait in zip(rows["data_to"], waits.mask(rolled, least), strict=True)
        ]
        days = [working_day(day) if plan.settings.roll_weekends else day for day in due]
        made[name] = pd.to_datetime(pd.Series(days, index=rows.index)).astype("datetime64[us]")
    return made


def _shift(dates: pd.Series, years: int) -> pd.Series:
    moved = [None if pd.isna(value) else shift_years(value.date(), years) for value in dates]
    return pd.to_datetime(pd.Series(moved, index=dates.index, dtype="object")).astype("datetime64[us]")
